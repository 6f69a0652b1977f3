/* postgresql.conf: one line `name = value` for each entry of a map.
 *
 * PostgreSQL accepts any value in single quotes, numbers included. Numbers are written without them
 * where that is equivalent, because people read these files. */
#include "formats/parts.h"

static bool is_setting_name(const char *name)
{
    return formats_is_name(name, "_.$") && !base_is_digit(*name) && *name != '.' && *name != '$';
}

/* A number that PostgreSQL reads without quotes. Its lexer accepts a unit only after a whole
 * number: 64MB is bare, and '1.5GB' needs quotes. */
static bool is_bare_number(const struct formats_node *node, const struct formats_text *text)
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

static bool put_conf_value(struct formats_writer *writer, const struct formats_node *node,
                           const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    struct formats_text text;
    if (!formats_check_scalar(
            writer, node, step,
            "a setting in a conf file must be a single value; join a list with `joined`, and "
            "omit what has no value"))
        return false;
    if (node->class == FORMATS_BOOL) {
        base_put(sink, node->truth ? "true" : "false");
        return true;
    }
    if (!formats_read_text(writer, node, step, &text))
        return false;
    const bool bare = is_bare_number(node, &text);
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
        formats_put_comment(writer, 0, "# ", entry->comment);
        BASE_PUT(sink, entry->key, " = ");
        if (!put_conf_value(writer, entry->value, &step))
            return false;
        base_put_char(sink, '\n');
    }
    return true;
}
