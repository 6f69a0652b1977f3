/* The lexical context of a byte in a shell script, which decides how a placeholder there is
 * encoded.
 *
 * A word that needs quotes can replace a placeholder only where the placeholder is a word of its
 * own. Elsewhere the quotes would be read as something else: as characters of a comment or
 * here-document, or as the end of the quotes around. */
#ifndef AZA_SEMA_SHELL_H
#define AZA_SEMA_SHELL_H

#include "base/base.h"

enum { SEMA_SHELL_DEPTH = 32 };

/* Where a placeholder is. A word that needs quotes is allowed only at the first. */
enum sema_shell_place {
    SEMA_SHELL_WORD,    /* a word of its own, or everything after an equals sign */
    SEMA_SHELL_PART,    /* a part of a longer word */
    SEMA_SHELL_QUOTES,  /* within quotes */
    SEMA_SHELL_NESTED,  /* within ${...}, $(...), parentheses or a subscript */
    SEMA_SHELL_COMMENT, /* in a comment */
    SEMA_SHELL_HERE,    /* in a here-document */
    SEMA_SHELL_UNSURE, /* after something that shells read differently, so the context is unknown */
};

/* A reader of a script, which reads it once from its beginning. All zero except for the text. */
struct sema_shell {
    struct base_span text;
    size_t at;
    unsigned char stack[SEMA_SHELL_DEPTH]; /* of contexts, innermost last */
    int depth;
    size_t brackets;
    struct base_span ends_here; /* the word that ends the here-document; empty without one */
    bool tabs;                  /* of `<<-`: tabs may precede that word */
};

/* The context of the `length` bytes at `start`. Calls must be in ascending order of `start`. */
enum sema_shell_place sema_shell_place_at(struct sema_shell *shell, size_t start, size_t length);

#endif
