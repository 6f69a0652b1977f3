/* Any bytes as a rules file: the parser ends, and what it understood can be printed. */
#include <stdlib.h>

#include "../unit/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > LIMIT_SOURCE_BYTES)
        return 0;
    static struct parsed parsed;
    parse(&parsed, (const char *)data, size);
    if (parse_dump(&parsed)[0] != '(' || (parsed.file->broken && parsed.queue.errors == 0))
        abort();
    parse_free(&parsed);
    return 0;
}
