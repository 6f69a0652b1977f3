/* A word of a log line. The other languages that a value may end up inside: vm/quote.h. */
#ifndef AZA_SETTINGS_QUOTE_H
#define AZA_SETTINGS_QUOTE_H

#include "base/base.h"

/* As it is, or in single quotes where it holds blanks; always on one line. */
void settings_quote_log(struct base_sink *sink, struct base_span value);

#endif
