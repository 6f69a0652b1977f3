/* Reports a broken internal invariant (base/assert.h). The container's runner does not link this
 * file. */
#include "base/assert.h"

#include <stdio.h>
#include <stdlib.h>

#ifndef BASE_NO_ASSERT
_Noreturn void base_assert_failed(const char *file, int line, const char *text)
{
    fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, text);
    abort();
}
#endif
