/* The ini files of PgBouncer and pgBackRest: a map of sections, each a map of values.
 *
 * A value extends to the end of its line and has no quotes, so it cannot contain a line break, and
 * both readers trim blanks around it. Comments begin with #, the only mark that both accept. Values
 * that are known at container start get holes with VM_QUOTE_LINE, and the runner refuses a line
 * break in them. */
#include "formats/parts.h"

#include <string.h>

static bool has_line_break(struct base_span text)
{
    return !vm_can_quote(VM_QUOTES | VM_QUOTE_LINE, text);
}

/* The known pieces only. Blanks matter at the two ends of the value, not between pieces. */
static bool check_ini_value(struct formats_writer *writer, const struct formats_step *step,
                            const struct formats_text *text)
{
    for (size_t i = 0; i < text->count; i++) {
        const struct formats_piece *piece = &text->pieces[i];
        if (piece->hole || piece->text.length == 0)
            continue;
        if (has_line_break(piece->text))
            return formats_refuse(writer, step,
                                  "a value in an ini file cannot contain a line break; remove it");
        if ((i == 0 && base_is_blank(*piece->text.start)) ||
            (i + 1 == text->count && base_is_blank(piece->text.start[piece->text.length - 1])))
            return formats_refuse(
                writer, step,
                "readers of ini files drop blanks at the ends of a value; remove them");
    }
    return true;
}

static bool put_ini_value(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step)
{
    struct formats_text text;
    if (!formats_check_scalar(
            writer, node, step,
            "a value in an ini file must be a single text; join a list with `joined`, and omit "
            "what has no value"))
        return false;
    if (node->class == FORMATS_BOOL) {
        base_put(&writer->output->text, node->truth ? "1" : "0");
        return true;
    }
    if (!formats_read_text(writer, node, step, &text) || !check_ini_value(writer, step, &text))
        return false;
    formats_put_text(writer, &text, VM_QUOTES | VM_QUOTE_LINE);
    return true;
}

/* A key is a word, or quoted like an SQL identifier: in PgBouncer's [databases] keys are names of
 * databases. */
static bool put_ini_key(struct formats_writer *writer, const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    const struct base_span key = base_span_of(step->key);
    if (formats_is_name(step->key, "_.-*")) {
        base_put_span(sink, key);
        return true;
    }
    if (key.length == 0 || has_line_break(key))
        return formats_refuse(
            writer, step,
            "a key of an ini file cannot be empty or contain a line break; rename it");
    vm_put_quoted(sink, VM_QUOTE_IDENTIFIER, key);
    return true;
}

static bool put_ini_section(struct formats_writer *writer, const struct formats_node *node,
                            const struct formats_step *up)
{
    struct base_sink *sink = &writer->output->text;
    if (!formats_check_map(writer, node, up, "a section of an ini file must be a map of values"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_step step = formats_step_to(up, node, i);
        formats_put_comment(writer, 0, "# ", node->entries[i].comment);
        if (!put_ini_key(writer, &step))
            return false;
        base_put(sink, " = ");
        if (!put_ini_value(writer, node->entries[i].value, &step))
            return false;
        base_put_char(sink, '\n');
    }
    return true;
}

bool formats_write_ini(struct formats_writer *writer, const struct formats_node *node)
{
    struct base_sink *sink = &writer->output->text;
    if (!formats_check_map(writer, node, NULL,
                           "an ini file must be a map of sections, each a map of values"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_step step = formats_step_to(NULL, node, i);
        if (!formats_is_name(step.key, "_.-:"))
            return formats_refuse(writer, &step,
                                  "the name of a section in an ini file may contain only letters, "
                                  "digits, _ . : and -");
        base_put(sink, sink->length > 0 ? "\n" : "");
        formats_put_comment(writer, 0, "# ", node->entries[i].comment);
        BASE_PUT(sink, "[", step.key, "]\n");
        if (!put_ini_section(writer, node->entries[i].value, &step))
            return false;
    }
    return true;
}
