/* The log's own quoting. */
#include "emit/quote.h"

void azo_quote_log(struct aza_sink *sink, struct aza_span value)
{
    bool plain = value.length > 0;
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.start[i];
        plain &= c > ' ' && c != '\'' && c != 0x7f;
    }
    aza_put(sink, plain ? "" : "'");
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.start[i];
        if (c == '\'')
            aza_put_char(sink, '\'');
        aza_put_char(sink, c < ' ' || c == 0x7f ? '?' : value.start[i]);
    }
    aza_put(sink, plain ? "" : "'");
}
