/* JSON, indented by two blanks a level. Entries keep the order of the tree, so that the same rules
 * give the same bytes. JSON has no comments, so those of the tree are left out. */
#include "formats/parts.h"

static bool put_json_node(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step);

static void put_line(struct formats_writer *writer, size_t level)
{
    base_put_char(&writer->output->text, '\n');
    base_put_padding(&writer->output->text, 0, 2 * level);
}

static bool put_json_entries(struct formats_writer *writer, const struct formats_node *node,
                             const struct formats_step *up)
{
    struct base_sink *sink = &writer->output->text;
    const size_t level = up == NULL ? 0 : up->depth;
    if (level >= LIMIT_DOCUMENT_DEPTH)
        return formats_refuse(writer, up, "maps and lists are nested more than 64 levels deep");
    const bool map = node->class == FORMATS_MAP;
    base_put_char(sink, map ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_step step = formats_step_to(up, node, i);
        base_put(sink, i == 0 ? "" : ",");
        put_line(writer, level + 1);
        if (map) {
            base_put_json(sink, step.key);
            base_put(sink, ": ");
        }
        if (!put_json_node(writer, node->entries[i].value, &step))
            return false;
    }
    if (node->count > 0)
        put_line(writer, level);
    base_put_char(sink, map ? '}' : ']');
    return true;
}

/* A number that JSON has: 5, but not 64MB. A hole that is the whole text becomes a number at start.
 */
static bool is_bare_number(const struct formats_node *node, const struct formats_text *text)
{
    struct base_span unit;
    if (node->class != FORMATS_NUMBER)
        return false;
    return formats_is_hole(text) ||
           (text->known && formats_is_number(text->pieces->text, &unit) && unit.length == 0);
}

static bool put_json_text(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    struct formats_text text;
    if (!formats_read_text(writer, node, step, &text))
        return false;
    if (is_bare_number(node, &text)) {
        formats_put_text(writer, &text, VM_QUOTES | VM_QUOTE_LINE);
        return true;
    }
    base_put_char(sink, '"');
    formats_put_text(writer, &text, VM_QUOTE_JSON | VM_QUOTE_INNER);
    base_put_char(sink, '"');
    return true;
}

static bool put_json_node(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    if (!formats_check_untagged(writer, node, step))
        return false;
    if (node->class == FORMATS_LIST || node->class == FORMATS_MAP)
        return put_json_entries(writer, node, step);
    if (node->class == FORMATS_TEXT || node->class == FORMATS_NUMBER)
        return put_json_text(writer, node, step);
    const char *truth = node->truth ? "true" : "false";
    base_put(sink, node->class == FORMATS_NOTHING ? "null" : truth);
    return true;
}

bool formats_write_json(struct formats_writer *writer, const struct formats_node *node)
{
    if (!put_json_node(writer, node, NULL))
        return false;
    base_put_char(&writer->output->text, '\n');
    return true;
}
