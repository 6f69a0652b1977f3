/* A value inside the quotes of the language that it is written in. */
#ifndef AZA_QUOTE_H
#define AZA_QUOTE_H

#include "base/base.h"

/* 'value' for postgresql.conf and for SQL: quotes doubled; in the file also backslashes, which are
 * escapes there. */
void azo_quote_conf(struct aza_sink *sink, const char *value);
void azo_quote_sql(struct aza_sink *sink, const char *value);
/* A word of a shell: as it is where that is safe, else in single quotes. */
void azo_quote_shell(struct aza_sink *sink, const char *value);
/* A word of a log line: as it is, or in single quotes where it holds blanks; always on one line. */
void azo_quote_log(struct aza_sink *sink, struct aza_span value);

#endif
