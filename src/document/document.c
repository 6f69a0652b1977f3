/* The formats by name, and what their writers have in common. */
#include "document/parts.h"

#include <string.h>

static const struct format {
    const char *word;
    azw_format_writer *write;
    const char *mark; /* of comments, or null */
    bool deployed;    /* something replaces ${...} in it */
} formats[AZW_FORMATS] = {
    [AZW_CONF] = {"conf", azw_write_conf, "# ", false},
    [AZW_INI] = {"ini", azw_write_ini, "# ", false},
    [AZW_ENV] = {"env", azw_write_env, "# ", false},
    [AZW_YAML] = {"yaml", azw_write_yaml, "# ", true},
    [AZW_JSON] = {"json", azw_write_json, NULL, true},
    [AZW_PLAIN] = {"text", azw_write_plain, NULL, true},
};

enum azw_format azw_find_format(const char *word)
{
    unsigned format = 0;
    while (format < AZW_FORMATS && !aza_text_is(formats[format].word, word))
        format++;
    return (enum azw_format)format;
}

const char *azw_format_word(enum azw_format format)
{
    return formats[format].word;
}

bool azw_write(const struct azw_request *request, const struct azw_node *node,
               struct azw_output *output, struct azw_refusal *refusal)
{
    struct azw_writer writer = {request, output, refusal};
    const struct format *format = &formats[request->format];
    *output = (struct azw_output){.arena = output->arena, .text = aza_arena_sink(output->arena)};
    *refusal = (struct azw_refusal){NULL, NULL};
    if (request->deploy && !format->deployed)
        return azw_refuse(&writer, NULL,
                          "docker compose replaces no ${...} in a file of this format; emit it "
                          "without `deploy`, or as yaml, json or text");
    if (request->head != NULL && format->mark != NULL)
        azw_put_comment(&writer, 0, format->mark, request->head);
    return format->write(&writer, node);
}

/* --- the way to a node --- */

struct azw_step azw_step_to(const struct azw_step *up, const struct azw_node *parent, size_t index)
{
    return (struct azw_step){
        .up = up,
        .key = parent->class == AZW_MAP ? parent->entries[index].key : NULL,
        .index = index,
        .depth = up == NULL ? 1 : up->depth + 1,
    };
}

static void put_way(struct aza_sink *sink, const struct azw_step *step)
{
    if (step == NULL)
        return;
    put_way(sink, step->up);
    if (step->key != NULL) {
        AZA_PUT(sink, step->up == NULL ? "" : ".", step->key);
        return;
    }
    aza_put_char(sink, '[');
    aza_put_int(sink, (int64_t)step->index);
    aza_put_char(sink, ']');
}

bool azw_refuse(struct azw_writer *writer, const struct azw_step *step, const char *why)
{
    struct aza_sink way = aza_arena_sink(writer->output->arena);
    put_way(&way, step);
    writer->refusal->why = why;
    writer->refusal->way = way.data == NULL ? "" : way.data;
    return false;
}

bool azw_check_map(struct azw_writer *writer, const struct azw_node *node,
                   const struct azw_step *step, const char *why)
{
    if (node->tag != NULL)
        return azw_refuse(writer, step, "only yaml has tags; take `tagged` away");
    return node->class == AZW_MAP || azw_refuse(writer, step, why);
}

/* --- words --- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static size_t digits_at(struct aza_span text, size_t at)
{
    size_t end = at;
    while (end < text.length && is_digit(text.start[end]))
        end++;
    return end - at;
}

bool azw_is_number(struct aza_span text, struct aza_span *unit)
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
    *unit = (struct aza_span){text.start + at, text.length - at};
    while (at < text.length && is_letter(text.start[at]))
        at++;
    return at == text.length;
}

bool azw_is_name(const char *text, const char *more)
{
    const char *at = text;
    while (*at != '\0' && (is_letter(*at) || is_digit(*at) || strchr(more, *at) != NULL))
        at++;
    return *at == '\0' && at > text;
}

/* --- comments --- */

/* A character that a reader could take for the end of the line becomes a question mark. */
static void put_comment_line(struct aza_sink *sink, struct aza_span line)
{
    while (line.length > 0) {
        uint32_t code;
        const size_t length = aza_next_character(line, &code);
        if (length > 0 && (aza_is_printable(code) || code == '\t'))
            aza_put_bytes(sink, line.start, length);
        else
            aza_put_char(sink, '?');
        line.start += length > 0 ? length : 1;
        line.length -= length > 0 ? length : 1;
    }
}

void azw_put_comment(struct azw_writer *writer, size_t indent, const char *mark,
                     const char *comment)
{
    struct aza_sink *sink = &writer->output->text;
    if (comment == NULL)
        return;
    for (const char *at = comment; *at != '\0';) {
        const size_t length = strcspn(at, "\n");
        aza_put_padding(sink, 0, indent);
        aza_put_bytes(sink, mark, strlen(mark) - (length == 0));
        put_comment_line(sink, (struct aza_span){at, length});
        aza_put_char(sink, '\n');
        at += length + (at[length] == '\n');
    }
}
