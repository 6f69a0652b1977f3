/* Quoting: no value may end its own quotes.
 *
 * One encoder for each language that a text may end up inside (grammar/quotes.def). The compiler
 * uses them for what it knows, the interpreter for what is known only at start, so both quote
 * alike. All texts are UTF-8 without NUL; whether a text may hold line breaks or other control
 * characters is decided before it gets here, and what an encoder cannot say it leaves out never:
 * it encodes every byte it is given. */
#ifndef AZA_VM_QUOTE_H
#define AZA_VM_QUOTE_H

#include "base/base.h"

enum azv_quote {
#define X(name, function) AZV_QUOTE_##name,
#include "quotes.def"
#undef X
    AZV_QUOTES
};

/* Puts the encoded word; AZV_QUOTES puts the text as it is. */
void azv_put_quoted(struct aza_sink *sink, enum azv_quote quote, struct aza_span text);
/* The style of that function's name ("as_uri"), else AZV_QUOTES. */
enum azv_quote azv_find_quote(const char *function);
const char *azv_quote_function(unsigned quote);

#endif
