/* Quoting: no value may end its own quotes. */
#include "emit/quote.h"
#include <string.h>

void azo_quote_sql(struct aza_sink *sink, const char *value)
{
    /* A backslash in a plain literal would depend on standard_conforming_strings. */
    aza_put(sink, strchr(value, '\\') != NULL ? "E'" : "'");
    for (; *value != '\0'; value++) {
        if (*value == '\'' || *value == '\\')
            aza_put_char(sink, *value);
        aza_put_char(sink, *value);
    }
    aza_put_char(sink, '\'');
}

void azo_quote_conf(struct aza_sink *sink, const char *value)
{
    aza_put_char(sink, '\'');
    for (; *value != '\0'; value++) {
        if (*value == '\'' || *value == '\\')
            aza_put_char(sink, *value);
        /* The file knows no line breaks within values. */
        if (*value == '\n')
            aza_put(sink, "\\n");
        else
            aza_put_char(sink, *value);
    }
    aza_put_char(sink, '\'');
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("_-.,:=/+@%", c) != NULL);
}

void azo_quote_shell(struct aza_sink *sink, const char *value)
{
    const char *at = value;
    while (is_plain(*at))
        at++;
    if (*at == '\0' && at > value) {
        aza_put(sink, value);
        return;
    }
    aza_put_char(sink, '\'');
    for (; *value != '\0'; value++) {
        if (*value == '\'')
            aza_put(sink, "'\\''");
        else
            aza_put_char(sink, *value);
    }
    aza_put_char(sink, '\'');
}

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
