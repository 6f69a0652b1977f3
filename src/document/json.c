/* JSON, two blanks a level, in the order that was given. */
#include "document/parts.h"

static bool put_node(struct azw_writer *writer, const struct azw_node *node,
                     const struct azw_step *step);

static void put_line(struct azw_writer *writer, size_t level)
{
    aza_put_char(&writer->output->text, '\n');
    aza_put_padding(&writer->output->text, 0, 2 * level);
}

static bool put_entries(struct azw_writer *writer, const struct azw_node *node,
                        const struct azw_step *up)
{
    struct aza_sink *sink = &writer->output->text;
    const size_t level = up == NULL ? 0 : up->depth;
    if (level >= AZA_DOCUMENT_DEPTH_MAX)
        return azw_refuse(writer, up,
                          "it lies too deep: at most 64 maps and lists may lie within "
                          "one another");
    const bool map = node->class == AZW_MAP;
    aza_put_char(sink, map ? '{' : '[');
    for (size_t i = 0; i < node->count; i++) {
        const struct azw_step step = azw_step_to(up, node, i);
        aza_put(sink, i == 0 ? "" : ",");
        put_line(writer, level + 1);
        if (map) {
            aza_put_json(sink, step.key);
            aza_put(sink, ": ");
        }
        if (!put_node(writer, node->entries[i].value, &step))
            return false;
    }
    if (node->count > 0)
        put_line(writer, level);
    aza_put_char(sink, map ? '}' : ']');
    return true;
}

/* 64MB is no number here, 5 is; a hole that is all of it will be one. */
static bool is_bare(const struct azw_node *node, const struct azw_text *text)
{
    struct aza_span unit;
    if (node->class != AZW_NUMBER)
        return false;
    return azw_is_hole(text) ||
           (text->known && azw_is_number(text->pieces->text, &unit) && unit.length == 0);
}

static bool put_text(struct azw_writer *writer, const struct azw_node *node,
                     const struct azw_step *step)
{
    struct aza_sink *sink = &writer->output->text;
    struct azw_text text;
    if (!azw_read_text(writer, node, step, &text))
        return false;
    if (is_bare(node, &text)) {
        azw_put_text(writer, &text, AZV_QUOTES | AZV_QUOTE_LINE);
        return true;
    }
    aza_put_char(sink, '"');
    azw_put_text(writer, &text, AZV_QUOTE_JSON | AZV_QUOTE_INNER);
    aza_put_char(sink, '"');
    return true;
}

static bool put_node(struct azw_writer *writer, const struct azw_node *node,
                     const struct azw_step *step)
{
    struct aza_sink *sink = &writer->output->text;
    if (node->tag != NULL)
        return azw_refuse(writer, step, "only yaml has tags; take `tagged` away");
    if (node->class == AZW_LIST || node->class == AZW_MAP)
        return put_entries(writer, node, step);
    if (node->class == AZW_TEXT || node->class == AZW_NUMBER)
        return put_text(writer, node, step);
    aza_put(sink, node->class == AZW_NOTHING ? "null" : node->truth ? "true" : "false");
    return true;
}

bool azw_write_json(struct azw_writer *writer, const struct azw_node *node)
{
    if (!put_node(writer, node, NULL))
        return false;
    aza_put_char(&writer->output->text, '\n');
    return true;
}
