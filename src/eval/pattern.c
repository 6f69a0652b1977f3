/* Patterns of `matches`: POSIX extended regular expressions, by the C library.
 *
 * regcomp expands repetitions by copying, and nested ones multiply: (((a{255}){255}){255}) would
 * exhaust the memory. Matching back-references takes exponential time. Both are refused before the
 * pattern is compiled. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "eval/build.h"

enum { LENGTH_MAX = 256, COPIES_MAX = 1024 };

/* The largest number between braces, at least 1: the library copies what precedes them as often. */
static unsigned long largest_repetition(const char *braces)
{
    unsigned long most = 1;
    for (const char *p = braces; *p != '\0' && *p != '}'; p++)
        if (*p >= '1' && *p <= '9') {
            char *end;
            const unsigned long number = strtoul(p, &end, 10);
            most = number > most ? number : most;
            p = end - 1;
        }
    return most;
}

/* Why a pattern is refused, or null. The product of all repetitions is an upper bound of the
 * copies, whether they are nested or not. */
static const char *reason_to_refuse(const char *pattern)
{
    unsigned long copies = 1;
    if (strlen(pattern) > LENGTH_MAX)
        return "longer than 256 bytes";
    for (const char *p = pattern; *p != '\0'; p++) {
        if (p[0] == '\\' && p[1] >= '1' && p[1] <= '9')
            return "back-references are not supported";
        if (p[0] == '\\' && p[1] != '\0')
            p++;
        else if (p[0] == '{' && largest_repetition(p) > COPIES_MAX / copies)
            return "too many repetitions";
        else if (p[0] == '{')
            copies *= largest_repetition(p);
    }
    return NULL;
}

bool eval_matches(struct base_arena *arena, const char *text, const char *pattern, const char **why)
{
    *why = reason_to_refuse(pattern);
    if (*why != NULL)
        return false;
    /* Anchored at both ends: the whole text must match. */
    regex_t compiled;
    const int error =
        regcomp(&compiled, base_format(arena, "^(%s)$", pattern), REG_EXTENDED | REG_NOSUB);
    if (error != 0) {
        const size_t size = regerror(error, &compiled, NULL, 0);
        char *message = base_alloc(arena, size);
        regerror(error, &compiled, message, size);
        *why = message;
        return false;
    }
    const bool match = regexec(&compiled, text, 0, NULL, 0) == 0;
    regfree(&compiled);
    return match;
}
