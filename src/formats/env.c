/* An environment file, which docker compose and shells both read.
 *
 * The two have different rules for quotes, so a value is written in the first of three forms that
 * means the same to both:
 *
 *     plain     letters, digits and a few signs
 *     'single'  no single quote inside, and no unescaped backslash before the closing quote, which
 *               compose would read as an escaped quote
 *     "double"  no backquote inside; the backslash, the double quote and the dollar are escaped
 *
 * A text for which there is none is refused. So is one that is known only at container start, since
 * its form would have to be chosen then. */
#include "formats/parts.h"

#include <string.h>

static bool is_variable_name(const char *name)
{
    return formats_is_name(name, "_") && !base_is_digit(*name);
}

static bool contains(struct base_span text, char c)
{
    return text.length > 0 && memchr(text.start, c, text.length) != NULL;
}

/* Needs no quotes, so that a reader without any, such as `docker run --env-file`, accepts it too.
 */
static bool is_plain_word(const char *text)
{
    return *text == '\0' || formats_is_name(text, "_-.,:=/+@%");
}

/* An odd number of backslashes at the end: the last one escapes what follows. */
static bool ends_in_open_backslash(struct base_span text)
{
    size_t count = 0;
    while (count < text.length && text.start[text.length - 1 - count] == '\\')
        count++;
    return count % 2 == 1;
}

static void put_double_quoted(struct base_sink *sink, struct base_span text)
{
    base_put_char(sink, '"');
    for (size_t i = 0; i < text.length; i++) {
        if (strchr("\"\\$", text.start[i]) != NULL)
            base_put_char(sink, '\\');
        base_put_char(sink, text.start[i]);
    }
    base_put_char(sink, '"');
}

static bool put_env_text(struct formats_writer *writer, const struct formats_step *step,
                         struct base_span text)
{
    struct base_sink *sink = &writer->output->text;
    if (!vm_can_quote(VM_QUOTES | VM_QUOTE_LINE, text))
        return formats_refuse(
            writer, step, "a value in an environment file cannot contain a line break; remove it");
    if (text.length == 0 ||
        is_plain_word(base_copy_text(writer->output->arena, text.start, text.length))) {
        base_put_span(sink, text);
    } else if (!contains(text, '\'') && !ends_in_open_backslash(text)) {
        base_put_char(sink, '\'');
        base_put_span(sink, text);
        base_put_char(sink, '\'');
    } else if (!contains(text, '`')) {
        put_double_quoted(sink, text);
    } else {
        return formats_refuse(
            writer, step,
            "docker compose and shells have no common quoting for a text that contains ` and "
            "also contains ' or ends in \\; remove one of them");
    }
    return true;
}

static bool put_env_value(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step)
{
    struct formats_text text;
    if (!formats_check_scalar(
            writer, node, step,
            "a variable in an environment file must be a single text; join a list with "
            "`joined`, and omit what has no value"))
        return false;
    if (node->class == FORMATS_BOOL) {
        base_put(&writer->output->text, node->truth ? "true" : "false");
        return true;
    }
    if (!formats_read_text(writer, node, step, &text))
        return false;
    if (text.known)
        return put_env_text(writer, step, text.pieces->text);
    /* A number needs no quotes, whatever its value at start. */
    if (node->class == FORMATS_TEXT || !formats_is_hole(&text))
        return formats_refuse(
            writer, step,
            "an environment file cannot contain a text known only at container start, as its "
            "readers have no common quoting for it; write the file as text, with as_shell");
    formats_put_text(writer, &text, VM_QUOTES | VM_QUOTE_LINE);
    return true;
}

bool formats_write_env(struct formats_writer *writer, const struct formats_node *node)
{
    struct base_sink *sink = &writer->output->text;
    if (!formats_check_map(writer, node, NULL, "an environment file must be a map of variables"))
        return false;
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_step step = formats_step_to(NULL, node, i);
        if (!is_variable_name(step.key))
            return formats_refuse(
                writer, &step,
                "the name of a variable may contain only letters, digits and _, and cannot begin "
                "with a digit");
        if (i > 0 && node->entries[i].comment != NULL)
            base_put_char(sink, '\n');
        formats_put_comment(writer, 0, "# ", node->entries[i].comment);
        BASE_PUT(sink, node->entries[i].disabled ? "# " : "", step.key, "=");
        if (!put_env_value(writer, node->entries[i].value, &step))
            return false;
        base_put_char(sink, '\n');
    }
    return true;
}
