/* Quoting for the log line. Quoting for all other languages is in vm/quote.h. */
#ifndef AZA_SETTINGS_QUOTE_H
#define AZA_SETTINGS_QUOTE_H

#include "base/base.h"

/* Unchanged, or in single quotes if it contains blanks; always on one line. */
void settings_quote_log(struct base_sink *sink, struct base_span value);

#endif
