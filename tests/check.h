/* What tests in C need: CHECK counts and prints where it failed, check_summary
 * prints the closing line and gives the exit status. */
#ifndef AZA_TESTS_CHECK_H
#define AZA_TESTS_CHECK_H

#include <stdio.h>
#include <string.h>

static int check_passed, check_failed;

#define CHECK(condition)                                                                           \
    ((condition)                                                                                   \
         ? (void)check_passed++                                                                    \
         : (void)(check_failed++, fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition)))

#define CHECK_TEXT(got, wanted)                                                                    \
    (strcmp((got), (wanted)) == 0                                                                  \
         ? (void)check_passed++                                                                    \
         : (void)(check_failed++,                                                                  \
                  fprintf(stderr, "%s:%d: got    %s\n%s:%d: wanted %s\n", __FILE__, __LINE__,      \
                          (got), __FILE__, __LINE__, (wanted))))

static int check_summary(const char *name)
{
    printf("%s: %d passed, %d failed\n", name, check_passed, check_failed);
    return check_failed != 0;
}

#endif
