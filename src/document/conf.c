/* postgresql.conf: lines of name = value. */
#include "document/parts.h"

static bool is_setting_name(const char *name)
{
    return azw_is_name(name, "_.$") && !(*name >= '0' && *name <= '9') && *name != '.' &&
           *name != '$';
}

/* The file's own numbers: a unit follows a whole number only. */
static bool is_bare(const struct azw_node *node, const struct azw_text *text)
{
    struct aza_span unit;
    if (node->class != AZW_NUMBER || !text->known || !azw_is_number(text->pieces->text, &unit))
        return false;
    const struct aza_span number = {text->pieces->text.start, text->pieces->text.length};
    bool point = false;
    for (size_t i = 0; i < number.length; i++)
        point |= number.start[i] == '.';
    return !point || unit.length == 0;
}

static bool put_value(struct azw_writer *writer, const struct azw_node *node,
                      const struct azw_step *step)
{
    struct aza_sink *sink = &writer->output->text;
    struct azw_text text;
    if (node->class == AZW_BOOL) {
        aza_put(sink, node->truth ? "true" : "false");
        return true;
    }
    if (node->class != AZW_TEXT && node->class != AZW_NUMBER)
        return azw_refuse(writer, step,
                          "a setting in a conf file has one value; join a list with "
                          "`joined`, and leave out what has no value");
    if (!azw_read_text(writer, node, step, &text))
        return false;
    const bool bare = is_bare(node, &text);
    aza_put(sink, bare ? "" : "'");
    azw_put_text(writer, &text, bare ? AZV_QUOTES : AZV_QUOTE_CONF | AZV_QUOTE_INNER);
    aza_put(sink, bare ? "" : "'");
    return true;
}

bool azw_write_conf(struct azw_writer *writer, const struct azw_node *node)
{
    struct aza_sink *sink = &writer->output->text;
    if (!azw_check_map(writer, node, NULL, "a conf file is a map of settings; give it a map"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct azw_entry *entry = &node->entries[i];
        const struct azw_step step = azw_step_to(NULL, node, i);
        if (!is_setting_name(entry->key))
            return azw_refuse(writer, &step,
                              "a setting's name in a conf file has only letters, "
                              "digits, _ and the dot of an extension");
        if (entry->value->tag != NULL)
            return azw_refuse(writer, &step, "only yaml has tags; take `tagged` away");
        azw_put_comment(writer, 0, "# ", entry->comment);
        AZA_PUT(sink, entry->key, " = ");
        if (!put_value(writer, entry->value, &step))
            return false;
        aza_put_char(sink, '\n');
    }
    return true;
}
