/* Quoting: no value may end its own quotes.
 *
 * One encoder for each language that a text may end up inside (grammar/quotes.def). The compiler
 * uses them for what it knows, the interpreter for what is known only at start, so both quote
 * alike. All texts are UTF-8 without NUL. An encoder leaves nothing out: it encodes every byte it
 * is given. A few texts have no spelling in a few languages, such as a line break in pg_hba.conf;
 * vm_can_quote knows them, and whoever has a text that is not known to be free of them asks it
 * first and refuses.
 *
 * A word may be made of pieces that become known at different times: the quotes and the beginning
 * are written by the compiler, the rest at start. For that every style can be asked for the inside
 * of its quotes alone, with VM_QUOTE_INNER. The inside of a whole is the insides of its pieces,
 * one after the other. For SQL it stands between E' and ', for SHELL between ' and '; in HBA and
 * PGPASS a word made of insides may still begin with a character that means something there. */
#ifndef AZA_VM_QUOTE_H
#define AZA_VM_QUOTE_H

#include "base/base.h"

enum vm_quote {
#define X(name, function) VM_QUOTE_##name,
#include "quotes.def"
#undef X
    VM_QUOTES, /* the text as it is */
    /* Flags, to be added to any of the above. */
    VM_QUOTE_INNER = 1 << 6, /* without the outer quotes */
    VM_QUOTE_LINE = 1 << 7,  /* the text may hold no line break, as vm_can_quote tells */
    VM_QUOTE_END = 1 << 8,   /* above all combinations */
};

/* Puts the encoded word. */
void vm_put_quoted(struct base_sink *sink, enum vm_quote quote, struct base_span text);
/* Whether the language has a spelling for the text, apart from limits of length. */
bool vm_can_quote(enum vm_quote quote, struct base_span text);
/* The style of that function's name ("as_uri"), else VM_QUOTES. */
enum vm_quote vm_find_quote(const char *function);
/* The function's name of a style with or without flags; null when it has none. */
const char *vm_quote_function(unsigned quote);

#endif
