/* The table of formats, and what their writers have in common.
 *
 * A writer walks the tree and appends to the output. It carries the path to its node as a chain of
 * steps on its stack, which is read only if it refuses the node. After a refusal the output is
 * incomplete, and the caller discards it. */
#include "formats/parts.h"

#include <string.h>

static const struct format {
    const char *word;
    formats_writer_of *write;
    const char *mark; /* of comments, or null */
    bool deployed;    /* docker compose replaces ${...} in it */
} formats[FORMATS_COUNT] = {
#define X(name, word, writer, mark, deployed) {word, formats_write_##writer, mark, deployed},
#include "formats/formats.def"
#undef X
};

enum formats_id formats_find(const char *word)
{
    unsigned format = 0;
    while (format < FORMATS_COUNT && !base_text_is(formats[format].word, word))
        format++;
    return (enum formats_id)format;
}

const char *formats_word(enum formats_id format)
{
    return formats[format].word;
}

bool formats_write(const struct formats_request *request, const struct formats_node *node,
                   struct formats_output *output, struct formats_refusal *refusal)
{
    struct formats_writer writer = {request, output, refusal};
    const struct format *format = &formats[request->format];
    *output =
        (struct formats_output){.arena = output->arena, .text = base_arena_sink(output->arena)};
    *refusal = (struct formats_refusal){NULL, NULL};
    if (request->deploy && !format->deployed)
        return formats_refuse(
            &writer, NULL,
            "docker compose does not replace ${...} in files of this format; remove `deploy`, "
            "or emit it as yaml, json or text");
    if (request->head != NULL && format->mark != NULL)
        formats_put_comment(&writer, 0, format->mark, request->head);
    return format->write(&writer, node);
}

/* --- the path to a node --- */

struct formats_step formats_step_to(const struct formats_step *up,
                                    const struct formats_node *parent, size_t index)
{
    return (struct formats_step){
        .up = up,
        .key = parent->class == FORMATS_MAP ? parent->entries[index].key : NULL,
        .index = index,
        .depth = up == NULL ? 1 : up->depth + 1,
    };
}

/* "services.postgres.ports[0]" */
static void put_path(struct base_sink *sink, const struct formats_step *step)
{
    if (step == NULL)
        return;
    put_path(sink, step->up);
    if (step->key != NULL) {
        BASE_PUT(sink, step->up == NULL ? "" : ".", step->key);
        return;
    }
    base_put_char(sink, '[');
    base_put_int(sink, (int64_t)step->index);
    base_put_char(sink, ']');
}

bool formats_refuse(struct formats_writer *writer, const struct formats_step *step, const char *why)
{
    struct base_sink path = base_arena_sink(writer->output->arena);
    put_path(&path, step);
    writer->refusal->why = why;
    writer->refusal->path = path.data;
    return false;
}

bool formats_check_untagged(struct formats_writer *writer, const struct formats_node *node,
                            const struct formats_step *step)
{
    return node->tag == NULL ||
           formats_refuse(writer, step, "only yaml supports tags; remove `tagged`");
}

bool formats_check_map(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, const char *why)
{
    return formats_check_untagged(writer, node, step) &&
           (node->class == FORMATS_MAP || formats_refuse(writer, step, why));
}

bool formats_check_scalar(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step, const char *why)
{
    const bool scalar =
        node->class == FORMATS_BOOL || node->class == FORMATS_TEXT || node->class == FORMATS_NUMBER;
    return formats_check_untagged(writer, node, step) &&
           (scalar || formats_refuse(writer, step, why));
}

/* --- words --- */

static size_t digits_at(struct base_span text, size_t at)
{
    size_t end = at;
    while (end < text.length && base_is_digit(text.start[end]))
        end++;
    return end - at;
}

bool formats_is_number(struct base_span text, struct base_span *unit)
{
    size_t at = text.length > 0 && *text.start == '-';
    const size_t whole = digits_at(text, at);
    if (whole == 0 || (whole > 1 && text.start[at] == '0'))
        return false;
    at += whole;
    if (at < text.length && text.start[at] == '.') {
        const size_t fraction = digits_at(text, at + 1);
        if (fraction == 0)
            return false;
        at += 1 + fraction;
    }
    *unit = (struct base_span){text.start + at, text.length - at};
    while (at < text.length && base_is_letter(text.start[at]))
        at++;
    return at == text.length;
}

bool formats_is_name(const char *text, const char *more)
{
    const char *at = text;
    while (*at != '\0' && (base_is_letter(*at) || base_is_digit(*at) || strchr(more, *at) != NULL))
        at++;
    return *at == '\0' && at > text;
}

/* --- comments --- */

/* A character that a reader could treat as the end of the line becomes a question mark, so that a
 * comment cannot add lines to the file. */
static void put_comment_line(struct base_sink *sink, struct base_span line)
{
    while (line.length > 0) {
        uint32_t code;
        const size_t length = base_next_character(line, &code);
        if (length > 0 && (base_is_printable(code) || code == '\t'))
            base_put_bytes(sink, line.start, length);
        else
            base_put_char(sink, '?');
        line.start += length > 0 ? length : 1;
        line.length -= length > 0 ? length : 1;
    }
}

void formats_put_comment(struct formats_writer *writer, size_t indent, const char *mark,
                         const char *comment)
{
    struct base_sink *sink = &writer->output->text;
    if (comment == NULL)
        return;
    for (const char *at = comment; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        base_put_padding(sink, 0, indent);
        /* An empty line has no blank after the mark. */
        base_put_bytes(sink, mark, strlen(mark) - (length == 0));
        put_comment_line(sink, (struct base_span){at, length});
        base_put_char(sink, '\n');
        at += length + (at[length] == '\n');
    }
}
