/* Places of a shell script, for what is put into it. */
#ifndef AZA_SEMA_SHELL_H
#define AZA_SEMA_SHELL_H

#include "base/base.h"

enum { SEMA_SHELL_DEPTH = 32 };

/* Where a placeholder is. Only the first takes a word that needs quotes. */
enum sema_shell_place {
    SEMA_SHELL_WORD,    /* a word of its own, or all that follows an equals sign */
    SEMA_SHELL_PART,    /* a part of a longer word */
    SEMA_SHELL_QUOTES,  /* within quotes */
    SEMA_SHELL_NESTED,  /* within ${...}, $(...), parentheses or a subscript */
    SEMA_SHELL_COMMENT, /* in a comment */
    SEMA_SHELL_HERE,    /* in a here-document */
    SEMA_SHELL_UNSURE,  /* behind something that shells read in different ways */
};

/* A script that is read once, from its beginning: all zero but the text. */
struct sema_shell {
    struct base_span text;
    size_t at;
    unsigned char stack[SEMA_SHELL_DEPTH]; /* of contexts, innermost last */
    int depth;
    size_t brackets;
    struct base_span ends_here; /* the word that ends the here-document; empty without one */
    bool tabs;                  /* which tabs may precede */
};

/* Where the `length` bytes at `start` are, which lie behind all that was asked about before. */
enum sema_shell_place sema_shell_place_at(struct sema_shell *shell, size_t start, size_t length);

#endif
