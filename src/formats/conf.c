/* postgresql.conf: lines of name = value. */
#include "formats/parts.h"

static bool is_setting_name(const char *name)
{
    return formats_is_name(name, "_.$") && !base_is_digit(*name) && *name != '.' && *name != '$';
}

/* The file's own numbers: a unit follows a whole number only. */
static bool is_bare(const struct formats_node *node, const struct formats_text *text)
{
    struct base_span unit;
    if (node->class != FORMATS_NUMBER || !text->known ||
        !formats_is_number(text->pieces->text, &unit))
        return false;
    const struct base_span number = {text->pieces->text.start, text->pieces->text.length};
    bool point = false;
    for (size_t i = 0; i < number.length; i++)
        point |= number.start[i] == '.';
    return !point || unit.length == 0;
}

static bool put_value(struct formats_writer *writer, const struct formats_node *node,
                      const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    struct formats_text text;
    if (node->class == FORMATS_BOOL) {
        base_put(sink, node->truth ? "true" : "false");
        return true;
    }
    if (node->class != FORMATS_TEXT && node->class != FORMATS_NUMBER)
        return formats_refuse(
            writer, step,
            "a setting in a conf file must be a single value; join a list with `joined`, and "
            "omit what has no value");
    if (!formats_read_text(writer, node, step, &text))
        return false;
    const bool bare = is_bare(node, &text);
    base_put(sink, bare ? "" : "'");
    formats_put_text(writer, &text, bare ? VM_QUOTES : VM_QUOTE_CONF | VM_QUOTE_INNER);
    base_put(sink, bare ? "" : "'");
    return true;
}

bool formats_write_conf(struct formats_writer *writer, const struct formats_node *node)
{
    struct base_sink *sink = &writer->output->text;
    if (!formats_check_map(writer, node, NULL, "a conf file must be a map of settings"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_entry *entry = &node->entries[i];
        const struct formats_step step = formats_step_to(NULL, node, i);
        if (!is_setting_name(entry->key))
            return formats_refuse(
                writer, &step,
                "the name of a setting in a conf file may contain only letters, digits, _ and the "
                "dot after an extension");
        if (entry->value->tag != NULL)
            return formats_refuse(writer, &step, "only yaml supports tags; remove `tagged`");
        formats_put_comment(writer, 0, "# ", entry->comment);
        BASE_PUT(sink, entry->key, " = ");
        if (!put_value(writer, entry->value, &step))
            return false;
        base_put_char(sink, '\n');
    }
    return true;
}
