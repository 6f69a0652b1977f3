/* Quoting: no value can end its own quotes.
 *
 * There is one encoder for each language into which a text can be inserted (grammar/quotes.def).
 * The compiler uses them for constants and the interpreter for values known only at start, so both
 * quote in the same way. All texts are UTF-8 without NUL. An encoder encodes every byte that it is
 * given. Some texts cannot be represented in some languages, such as a line break in pg_hba.conf;
 * callers check with vm_can_quote first, unless the text is known to be representable.
 *
 * A word can consist of pieces that become known at different times: the compiler writes the quotes
 * and the beginning, azr the rest at start. For that, VM_QUOTE_INNER selects the inside of the
 * quotes alone. The inside of a word is the concatenation of the insides of its pieces. For SQL it
 * belongs between E' and ', for SHELL between ' and '; in HBA and PGPASS a word made of insides can
 * still begin with a character that is special there. */
#ifndef AZA_VM_QUOTE_H
#define AZA_VM_QUOTE_H

#include "base/base.h"

enum vm_quote {
#define X(name, function) VM_QUOTE_##name,
#include "quotes.def"
#undef X
    VM_QUOTES, /* the unchanged text */
    /* Flags, to be added to any of the above. */
    VM_QUOTE_INNER = 1 << 6, /* without the outer quotes */
    VM_QUOTE_LINE = 1 << 7,  /* the text must not contain a line break; see vm_can_quote */
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
