/* The parts of a text as one run of bytes and holes. For docker compose a literal dollar is
 * doubled, and a variable becomes ${NAME:-default}. */
#include "document/parts.h"

#include <string.h>

struct reading {
    struct azw_writer *writer;
    const struct azw_step *step;
    struct azw_text *text;
    struct aza_sink literal; /* not yet a piece */
    AZA_LIST(struct azw_piece) pieces;
};

static void end_literal(struct reading *reading)
{
    const struct aza_span text = {reading->literal.data, reading->literal.length};
    *AZA_PUSH(reading->writer->output->arena, &reading->pieces) = (struct azw_piece){.text = text};
    reading->literal = aza_arena_sink(reading->writer->output->arena);
}

static bool is_text(struct aza_span text)
{
    while (text.length > 0) {
        uint32_t code;
        const size_t length = aza_next_character(text, &code);
        if (length == 0 || code == 0)
            return false;
        text.start += length;
        text.length -= length;
    }
    return true;
}

static void put_dollars_twice(struct aza_sink *sink, struct aza_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] == '$')
            aza_put_char(sink, '$');
        aza_put_char(sink, text.start[i]);
    }
}

/* Compose finds a default's end by counting braces, in some versions without the character that
 * follows an opening one; what both ways count alike is safe. It has no escapes for the others. */
static bool braces_close(struct aza_span text, bool passing)
{
    size_t open = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] == '}' && open-- == 0)
            return false;
        if (text.start[i] == '{') {
            open++;
            i += passing;
        }
    }
    return open == 0;
}

static bool check_variable(struct reading *reading, const struct azw_part *part)
{
    if (!azw_is_name(part->variable, "_") || (*part->variable >= '0' && *part->variable <= '9'))
        return azw_refuse(reading->writer, reading->step,
                          "docker compose takes only letters, digits and _ in a variable's name; "
                          "give the option another one with `from env`");
    if (part->text.length > 0 && memchr(part->text.start, '\n', part->text.length) != NULL)
        return azw_refuse(reading->writer, reading->step,
                          "a default within ${NAME:-default} may hold no line break for docker "
                          "compose; take it out of the option's default");
    if (!braces_close(part->text, false) || !braces_close(part->text, true))
        return azw_refuse(reading->writer, reading->step,
                          "docker compose cannot tell where the default within ${NAME:-default} "
                          "ends: its braces do not pair, or `}` or `{` follows `{` at once; take "
                          "them out of the option's default");
    return true;
}

static bool read_variable(struct reading *reading, const struct azw_part *part)
{
    if (!check_variable(reading, part))
        return false;
    AZA_PUT(&reading->literal, "${", part->variable, ":-");
    if (part->otherwise == NULL)
        put_dollars_twice(&reading->literal, part->text);
    else if (!read_variable(reading, part->otherwise))
        return false;
    aza_put_char(&reading->literal, '}');
    reading->text->variable = true;
    return true;
}

static bool read_part(struct reading *reading, const struct azw_part *part)
{
    const bool deploy = reading->writer->request->deploy;
    if (part->class != AZW_SLOT && !is_text(part->text))
        return azw_refuse(reading->writer, reading->step,
                          "it holds a NUL or bytes that are not UTF-8, which is not a text");
    if (part->class == AZW_VARIABLE && !deploy)
        return azw_refuse(reading->writer, reading->step,
                          "it holds an option, which is not known when this file is written; write "
                          "`emit deploy` or `emit start`");
    if (part->class == AZW_SLOT && deploy)
        return azw_refuse(reading->writer, reading->step,
                          "it holds what is known only when the container starts, and docker "
                          "compose reads this file before; write `emit start`");
    if (part->class == AZW_VARIABLE)
        return read_variable(reading, part);
    if (part->class == AZW_LITERAL && deploy)
        put_dollars_twice(&reading->literal, part->text);
    else if (part->class == AZW_LITERAL)
        aza_put_span(&reading->literal, part->text);
    if (part->class != AZW_SLOT)
        return true;
    if (reading->literal.length > 0)
        end_literal(reading);
    *AZA_PUSH(reading->writer->output->arena, &reading->pieces) =
        (struct azw_piece){.hole = true, .slot = part->slot};
    reading->text->known = false;
    return true;
}

bool azw_read_text(struct azw_writer *writer, const struct azw_node *node,
                   const struct azw_step *step, struct azw_text *text)
{
    struct reading reading = {.writer = writer, .step = step, .text = text};
    reading.literal = aza_arena_sink(writer->output->arena);
    *text = (struct azw_text){.known = true};
    for (size_t i = 0; i < node->count; i++)
        if (!read_part(&reading, &node->parts[i]))
            return false;
    if (reading.literal.length > 0 || reading.pieces.count == 0)
        end_literal(&reading);
    text->pieces = reading.pieces.items;
    text->count = reading.pieces.count;
    return true;
}

void azw_put_text(struct azw_writer *writer, const struct azw_text *text, enum azv_quote quote)
{
    struct azw_output *output = writer->output;
    for (size_t i = 0; i < text->count; i++) {
        const struct azw_piece *piece = &text->pieces[i];
        if (piece->hole)
            *AZA_PUSH(output->arena, &output->holes) =
                (struct azw_hole){output->text.length, piece->slot, quote};
        else
            azv_put_quoted(&output->text, quote, piece->text);
    }
}

bool azw_is_hole(const struct azw_text *text)
{
    return text->count == 1 && !text->known;
}
