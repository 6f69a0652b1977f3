/* Internal invariants: conditions that the code itself guarantees, whatever input it reads. An
 * assertion that fails is a defect of this program; nothing that a file, a machine or a user can
 * cause may fail one.
 *
 * Every build has them except the container's runner, which defines BASE_NO_ASSERT: there the
 * condition is compiled, so that it stays valid, but never evaluated. It must have no effects. */
#ifndef AZA_BASE_ASSERT_H
#define AZA_BASE_ASSERT_H

#ifdef BASE_NO_ASSERT
#define BASE_ASSERT(condition) ((void)sizeof((condition) ? 1 : 0))
#else
/* Prints "FILE:LINE: assertion failed: TEXT" to standard error and aborts. */
_Noreturn void base_assert_failed(const char *file, int line, const char *text);
#define BASE_ASSERT(condition)                                                                     \
    ((condition) ? (void)0 : base_assert_failed(__FILE__, __LINE__, #condition))
#endif

#endif
