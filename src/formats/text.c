/* Reads the parts of a node as pieces: runs of bytes, and holes for slots between them.
 *
 * Adjacent literals become one piece. In a file that docker compose reads, a literal dollar is
 * doubled and a variable becomes ${NAME:-default}; both are bytes like any others from then on, so
 * each format quotes the result once, in formats_put_text. */
#include "formats/parts.h"

#include <string.h>

struct reading {
    struct formats_writer *writer;
    const struct formats_step *step;
    struct formats_text *text;
    struct base_sink literal; /* the bytes since the last hole, not a piece yet */
    BASE_LIST(struct formats_piece) pieces;
};

static void end_literal(struct reading *reading)
{
    const struct base_span text = {reading->literal.data, reading->literal.length};
    *BASE_PUSH(reading->writer->output->arena, &reading->pieces) =
        (struct formats_piece){.text = text};
    reading->literal = base_arena_sink(reading->writer->output->arena);
}

/* Valid UTF-8 without NUL, which every format can contain or quote. */
static bool is_valid_text(struct base_span text)
{
    while (text.length > 0) {
        uint32_t code;
        const size_t length = base_next_character(text, &code);
        if (length == 0 || code == 0)
            return false;
        text.start += length;
        text.length -= length;
    }
    return true;
}

static void put_dollars_twice(struct base_sink *sink, struct base_span text)
{
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] == '$')
            base_put_char(sink, '$');
        base_put_char(sink, text.start[i]);
    }
}

/* Whether the braces in a default are balanced, so that compose finds its end. Compose counts
 * braces; some of its versions skip the character after an opening one (`skips_next`). A default is
 * safe if both ways of counting agree. Compose has no escape for the others. */
static bool braces_close(struct base_span text, bool skips_next)
{
    size_t open = 0;
    for (size_t i = 0; i < text.length; i++) {
        if (text.start[i] == '}' && open-- == 0)
            return false;
        if (text.start[i] == '{') {
            open++;
            i += skips_next;
        }
    }
    return open == 0;
}

static bool check_compose_variable(struct reading *reading, const struct formats_part *part)
{
    if (!formats_is_name(part->variable, "_") || base_is_digit(*part->variable))
        return formats_refuse(reading->writer, reading->step,
                              "docker compose accepts only letters, digits and _ in the name of a "
                              "variable, and no digit "
                              "at its start; give the option another variable with `from env`");
    if (part->text.length > 0 && memchr(part->text.start, '\n', part->text.length) != NULL)
        return formats_refuse(
            reading->writer, reading->step,
            "docker compose does not accept a line break in the default of ${NAME:-default}; "
            "remove it from the option's default");
    if (!braces_close(part->text, false) || !braces_close(part->text, true))
        return formats_refuse(
            reading->writer, reading->step,
            "docker compose cannot find the end of the default of ${NAME:-default}: its braces are "
            "unbalanced, or `{` is directly followed by `}` or `{`; remove them from the option's "
            "default");
    return true;
}

/* ${NAME:-default}, or ${NAME:-${OTHER:-default}} where a second variable is read if the first is
 * empty. */
static bool read_variable(struct reading *reading, const struct formats_part *part)
{
    if (!check_compose_variable(reading, part))
        return false;
    BASE_PUT(&reading->literal, "${", part->variable, ":-");
    if (part->otherwise == NULL)
        put_dollars_twice(&reading->literal, part->text);
    else if (!read_variable(reading, part->otherwise))
        return false;
    base_put_char(&reading->literal, '}');
    reading->text->variable = true;
    return true;
}

static bool read_part(struct reading *reading, const struct formats_part *part)
{
    const bool deploy = reading->writer->request->deploy;
    if (part->class != FORMATS_SLOT && !is_valid_text(part->text))
        return formats_refuse(reading->writer, reading->step,
                              "a text cannot contain a NUL or bytes that are not UTF-8");
    if (part->class == FORMATS_VARIABLE && !deploy)
        return formats_refuse(reading->writer, reading->step,
                              "the value depends on an option, which is not known at compile time; "
                              "write `emit deploy` or "
                              "`emit start`");
    if (part->class == FORMATS_SLOT && deploy)
        return formats_refuse(
            reading->writer, reading->step,
            "the value is known only at container start, but docker compose reads this file "
            "earlier; write `emit start`");
    if (part->class == FORMATS_VARIABLE)
        return read_variable(reading, part);
    if (part->class == FORMATS_LITERAL && deploy)
        put_dollars_twice(&reading->literal, part->text);
    else if (part->class == FORMATS_LITERAL)
        base_put_span(&reading->literal, part->text);
    if (part->class != FORMATS_SLOT)
        return true;
    if (reading->literal.length > 0)
        end_literal(reading);
    *BASE_PUSH(reading->writer->output->arena, &reading->pieces) =
        (struct formats_piece){.hole = true, .slot = part->slot};
    reading->text->known = false;
    return true;
}

bool formats_read_text(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, struct formats_text *text)
{
    struct reading reading = {.writer = writer, .step = step, .text = text};
    reading.literal = base_arena_sink(writer->output->arena);
    *text = (struct formats_text){.known = true};
    for (size_t i = 0; i < node->count; i++)
        if (!read_part(&reading, &node->parts[i]))
            return false;
    /* An empty text is one empty piece, so that there is always a first one. */
    if (reading.literal.length > 0 || reading.pieces.count == 0)
        end_literal(&reading);
    text->pieces = reading.pieces.items;
    text->count = reading.pieces.count;
    return true;
}

void formats_put_text(struct formats_writer *writer, const struct formats_text *text,
                      enum vm_quote quote)
{
    struct formats_output *output = writer->output;
    for (size_t i = 0; i < text->count; i++) {
        const struct formats_piece *piece = &text->pieces[i];
        if (piece->hole)
            *BASE_PUSH(output->arena, &output->holes) =
                (struct formats_hole){output->text.length, piece->slot, quote};
        else
            vm_put_quoted(&output->text, quote, piece->text);
    }
}

bool formats_is_hole(const struct formats_text *text)
{
    return text->count == 1 && !text->known;
}
