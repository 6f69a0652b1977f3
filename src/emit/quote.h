/* A word of a log line. The other languages that a value may end up inside: vm/quote.h. */
#ifndef AZA_QUOTE_H
#define AZA_QUOTE_H

#include "base/base.h"

/* As it is, or in single quotes where it holds blanks; always on one line. */
void azo_quote_log(struct aza_sink *sink, struct aza_span value);

#endif
