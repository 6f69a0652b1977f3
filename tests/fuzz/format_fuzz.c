/* A file that parses is laid out anew: it still parses, to the same tree, and laying it out once
 * more changes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void demand(bool holds, const char *what, const char *text)
{
    if (holds)
        return;
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static void check(struct parsed *first)
{
    static struct parsed second;
    struct base_sink once = parse_format(first);
    const char *text = once.data == NULL ? "" : once.data;
    parse(&second, text, once.length);
    demand(!second.file->broken && second.queue.errors == 0, "does not parse any more", text);
    demand(strcmp(parse_dump(first), parse_dump(&second)) == 0, "means something else", text);
    struct base_sink twice = parse_format(&second);
    demand(once.length == twice.length &&
               (once.length == 0 || memcmp(once.data, twice.data, once.length) == 0),
           "changes the second time", twice.data == NULL ? "" : twice.data);
    parse_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct parsed parsed;
    if (size > LIMIT_SOURCE_BYTES)
        return 0;
    parse(&parsed, (const char *)data, size);
    if (!parsed.file->broken && parsed.queue.errors == 0)
        check(&parsed);
    parse_free(&parsed);
    return 0;
}
