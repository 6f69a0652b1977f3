/* Patterns: the C library's extended ones, for texts as whole. */
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "eval/build.h"

enum { LENGTH_MAX = 256, COPIES_MAX = 1024 };

/* The largest number between braces; the library makes as many copies of what stands before it. */
static unsigned long repeats(const char *braces)
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

/* The library has no limits of its own: not for copies within copies, nor for the time that it
 * takes to find what refers back. */
static const char *refused(const char *pattern)
{
    unsigned long copies = 1;
    if (strlen(pattern) > LENGTH_MAX)
        return "longer than 256 bytes";
    for (const char *p = pattern; *p != '\0'; p++) {
        if (p[0] == '\\' && p[1] >= '1' && p[1] <= '9')
            return "back-references are not supported";
        if (p[0] == '\\' && p[1] != '\0')
            p++;
        else if (p[0] == '{' && repeats(p) > COPIES_MAX / copies)
            return "too many repetitions";
        else if (p[0] == '{')
            copies *= repeats(p);
    }
    return NULL;
}

bool eval_matches(struct base_arena *arena, const char *text, const char *pattern, const char **why)
{
    *why = refused(pattern);
    if (*why != NULL)
        return false;
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
