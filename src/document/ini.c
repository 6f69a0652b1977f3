/* The ini files of PgBouncer and pgBackRest. A value goes to the end of its line and has no quotes of
 * its own, so it can hold no line break, and blanks around it would be lost. # is the only comment
 * that both of them know. */
#include "document/parts.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool has_line_break(struct aza_span text)
{
    return !azv_can_quote(AZV_QUOTES | AZV_QUOTE_LINE, text);
}

static bool check_value(struct azw_writer *writer, const struct azw_step *step,
                        const struct azw_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        const struct azw_piece *piece = &text->pieces[i];
        if (piece->hole || piece->text.length == 0)
            continue;
        if (has_line_break(piece->text))
            return azw_refuse(writer, step,
                              "a value in an ini file is one line; take the line "
                              "break out of it");
        if ((i == 0 && is_blank(*piece->text.start)) ||
            (i + 1 == text->count && is_blank(piece->text.start[piece->text.length - 1])))
            return azw_refuse(writer, step,
                              "an ini file's reader drops blanks at the ends of a "
                              "value; take them out of it");
    }
    return true;
}

static bool put_value(struct azw_writer *writer, const struct azw_node *node,
                      const struct azw_step *step)
{
    struct azw_text text;
    if (node->tag != NULL)
        return azw_refuse(writer, step, "only yaml has tags; take `tagged` away");
    if (node->class == AZW_BOOL) {
        aza_put(&writer->output->text, node->truth ? "1" : "0");
        return true;
    }
    if (node->class != AZW_TEXT && node->class != AZW_NUMBER)
        return azw_refuse(writer, step,
                          "a value in an ini file is one text; join a list with "
                          "`joined`, and leave out what has no value");
    if (!azw_read_text(writer, node, step, &text) || !check_value(writer, step, &text))
        return false;
    azw_put_text(writer, &text, AZV_QUOTES | AZV_QUOTE_LINE);
    return true;
}

/* A key is a word, or in quotes as an SQL identifier: a database's name. */
static bool put_key(struct azw_writer *writer, const struct azw_step *step)
{
    struct aza_sink *sink = &writer->output->text;
    const struct aza_span key = aza_span_of(step->key);
    if (azw_is_name(step->key, "_.-*")) {
        aza_put_span(sink, key);
        return true;
    }
    if (key.length == 0 || has_line_break(key))
        return azw_refuse(writer, step,
                          "a key of an ini file is neither empty nor has it line "
                          "breaks; give it another name");
    azv_put_quoted(sink, AZV_QUOTE_IDENTIFIER, key);
    return true;
}

static bool put_section(struct azw_writer *writer, const struct azw_node *node,
                        const struct azw_step *up)
{
    struct aza_sink *sink = &writer->output->text;
    if (!azw_check_map(writer, node, up,
                       "a section of an ini file is a map of values; give it a "
                       "map"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct azw_step step = azw_step_to(up, node, i);
        azw_put_comment(writer, 0, "# ", node->entries[i].comment);
        if (!put_key(writer, &step))
            return false;
        aza_put(sink, " = ");
        if (!put_value(writer, node->entries[i].value, &step))
            return false;
        aza_put_char(sink, '\n');
    }
    return true;
}

bool azw_write_ini(struct azw_writer *writer, const struct azw_node *node)
{
    struct aza_sink *sink = &writer->output->text;
    if (!azw_check_map(writer, node, NULL,
                       "an ini file is a map of sections; give it a map of "
                       "maps"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct azw_step step = azw_step_to(NULL, node, i);
        if (!azw_is_name(step.key, "_.-:"))
            return azw_refuse(writer, &step,
                              "a section's name in an ini file has only letters, "
                              "digits, _ . : and -");
        aza_put(sink, sink->length > 0 ? "\n" : "");
        azw_put_comment(writer, 0, "# ", node->entries[i].comment);
        AZA_PUT(sink, "[", step.key, "]\n");
        if (!put_section(writer, node->entries[i].value, &step))
            return false;
    }
    return true;
}
