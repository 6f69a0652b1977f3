/* Quoting for the log line: a value with blanks is put in single quotes, so that a reader can tell
 * where it ends; control characters become '?'. */
#include "settings/quote.h"

void settings_quote_log(struct base_sink *sink, struct base_span value)
{
    /* An empty value needs the quotes too, to be visible. */
    bool plain = value.length > 0;
    for (size_t i = 0; i < value.length; i++) {
        const char c = value.start[i];
        plain &= !base_is_control(c) && c != ' ' && c != '\'';
    }
    base_put(sink, plain ? "" : "'");
    for (size_t i = 0; i < value.length; i++) {
        const char c = value.start[i];
        if (c == '\'')
            base_put_char(sink, '\'');
        base_put_char(sink, base_is_control(c) ? '?' : c);
    }
    base_put(sink, plain ? "" : "'");
}
