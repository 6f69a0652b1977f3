/* YAML in block style, in the subset that YAML 1.1 and 1.2 read alike.
 *
 * A text is written in the first of three forms that fits: as a literal block (`|`) if it has line
 * breaks and nothing that a block cannot contain; without quotes if no reader of either version
 * could read it as a number, a truth value, null or syntax; else in double quotes, with the escapes
 * of JSON, which YAML has as well. A text with ${...} is never a block, because it is not known
 * here what compose puts into it. */
#include "formats/parts.h"

#include <string.h>

enum {
    KEY_BYTES_MAX = 1000, /* the colon must be within 1024 characters (YAML 1.2, 7.4.2) */
};

/* What precedes a value on its line, which decides where its first line goes. */
enum place { AFTER_NOTHING, AFTER_KEY, AFTER_DASH };

static bool put_yaml_node(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step, enum place place, size_t indent);

/* --- scalars --- */

/* `word` is in lower case. */
static bool is_word_in_any_case(struct base_span text, const char *word)
{
    size_t i = 0;
    while (i < text.length && word[i] != '\0' && (text.start[i] | 0x20) == word[i])
        i++;
    return i == text.length && word[i] == '\0';
}

/* What YAML 1.1 reads as a truth value or null, in any case. */
static bool is_reserved(struct base_span text)
{
    static const char *const words[] = {"y",   "n",    "yes",   "no",  "on",
                                        "off", "true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word_in_any_case(text, words[i]))
            return true;
    return false;
}

/* Beyond ASCII all that can be printed, except U+00A0, which looks like a blank. */
static bool is_word_character(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
           (code >= '0' && code <= '9') || (code > 0xa0 && base_is_printable(code)) ||
           (code != 0 && code < 0x80 && strchr("_-./@+=,()", (char)code) != NULL);
}

/* Digits and signs may begin a number, a list item or an alias. */
static bool begins_a_word(uint32_t code)
{
    return is_word_character(code) && !(code >= '0' && code <= '9') &&
           !(code < 0x80 && strchr("-.@+=,()", (char)code) != NULL);
}

/* A value may also contain single blanks and colons between two word characters; a key may not, for
 * readers that look for the first colon. */
static bool is_plain_scalar(struct base_span text, bool key)
{
    bool apart = true; /* no word character yet, or a separator before this one */
    const struct base_span all = text;
    while (text.length > 0) {
        uint32_t code;
        const size_t length = base_next_character(text, &code);
        const bool separates = !key && (code == ' ' || code == ':');
        if (length == 0 || (separates ? apart : !is_word_character(code)))
            return false;
        if (text.start == all.start && !begins_a_word(code))
            return false;
        apart = separates;
        text.start += length;
        text.length -= length;
    }
    return !apart && !is_reserved(all);
}

/* Whether a literal block can contain the text: at least one line break; only characters that can
 * be printed, and tabs that do not begin a line; and not only blanks, whose lines readers drop. */
static bool is_block(struct base_span text)
{
    bool begins = true, something = false, lines = false;
    while (text.length > 0) {
        uint32_t code;
        const size_t length = base_next_character(text, &code);
        if (length == 0 || (code != '\n' && !base_is_printable(code) && (code != '\t' || begins)))
            return false;
        begins = code == '\n';
        lines |= begins;
        something |= !begins && code != ' ' && code != '\t';
        text.start += length;
        text.length -= length;
    }
    return lines && something;
}

/* The header is `|`, then 2 if the first line begins with a blank or is empty, since readers could
 * not infer the indentation from it, then what to do with line breaks at the end: `-` for none, `+`
 * to keep several, nothing for one. */
static void put_block(struct base_sink *sink, struct base_span text, size_t indent)
{
    const bool ends = text.start[text.length - 1] == '\n';
    const bool more = ends && text.start[text.length - 2] == '\n';
    const bool hidden = *text.start == ' ' || *text.start == '\n';
    BASE_PUT(sink, "|", hidden ? "2" : "", more ? "+" : ends ? "" : "-", "\n");
    while (text.length > 0) {
        const char *end = memchr(text.start, '\n', text.length);
        const size_t length = end == NULL ? text.length : (size_t)(end - text.start);
        base_put_padding(sink, 0, length > 0 ? indent : 0);
        base_put_bytes(sink, text.start, length);
        base_put_char(sink, '\n');
        text.start += length + (end != NULL);
        text.length -= length + (end != NULL);
    }
}

static bool is_bare_number(const struct formats_node *node, const struct formats_text *text)
{
    struct base_span unit;
    if (node->class != FORMATS_NUMBER)
        return false;
    return formats_is_hole(text) || (text->known && formats_is_number(text->pieces->text, &unit));
}

static bool put_yaml_text(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step, size_t indent)
{
    struct base_sink *sink = &writer->output->text;
    struct formats_text text;
    if (!formats_read_text(writer, node, step, &text))
        return false;
    const struct base_span first = text.pieces->text;
    if (text.known && !text.variable && is_block(first)) {
        put_block(sink, first, indent);
        return true;
    }
    if (is_bare_number(node, &text) || (text.known && is_plain_scalar(first, false))) {
        formats_put_text(writer, &text, VM_QUOTES | VM_QUOTE_LINE);
    } else {
        base_put_char(sink, '"');
        formats_put_text(writer, &text, VM_QUOTE_JSON | VM_QUOTE_INNER);
        base_put_char(sink, '"');
    }
    base_put_char(sink, '\n');
    return true;
}

/* --- maps and lists --- */

static bool put_yaml_key(struct formats_writer *writer, const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    const struct base_span key = base_span_of(step->key);
    const size_t began = sink->length;
    if (is_plain_scalar(key, true))
        base_put_span(sink, key);
    else
        vm_put_quoted(sink, VM_QUOTE_JSON, key);
    if (sink->length - began > KEY_BYTES_MAX)
        return formats_refuse(
            writer, step,
            "a key of a yaml file, with its escapes, cannot be longer than 1000 bytes; shorten it");
    base_put_char(sink, ':');
    return true;
}

/* A map or list within a list begins on the line of the dash; the comment of its first entry is
 * then written above the dash. */
static const struct formats_node *node_on_the_line(const struct formats_node *node)
{
    const bool nested = node->class == FORMATS_MAP || node->class == FORMATS_LIST;
    return nested && node->tag == NULL && node->count > 0 ? node : NULL;
}

static void put_yaml_comments(struct formats_writer *writer, const struct formats_entry *entry,
                              size_t indent)
{
    formats_put_comment(writer, indent, "# ", entry->comment);
    if (entry->key != NULL)
        return;
    const struct formats_node *within = node_on_the_line(entry->value);
    if (within != NULL)
        put_yaml_comments(writer, &within->entries[0], indent);
}

/* The entries, each at `indent`; the first where the line already is when it follows a dash. */
static bool put_yaml_entries(struct formats_writer *writer, const struct formats_node *node,
                             const struct formats_step *up, bool on_the_line, size_t indent)
{
    struct base_sink *sink = &writer->output->text;
    const bool map = node->class == FORMATS_MAP;
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_step step = formats_step_to(up, node, i);
        if (i > 0 || !on_the_line) {
            put_yaml_comments(writer, &node->entries[i], indent);
            base_put_padding(sink, 0, indent);
        }
        if (map && !put_yaml_key(writer, &step))
            return false;
        if (!map)
            base_put_char(sink, '-');
        if (!put_yaml_node(writer, node->entries[i].value, &step, map ? AFTER_KEY : AFTER_DASH,
                           indent + 2))
            return false;
    }
    return true;
}

static bool put_nested(struct formats_writer *writer, const struct formats_node *node,
                       const struct formats_step *step, enum place place, size_t indent)
{
    struct base_sink *sink = &writer->output->text;
    const bool on_the_line = place == AFTER_DASH && node->tag == NULL;
    if (step != NULL && step->depth >= LIMIT_DOCUMENT_DEPTH)
        return formats_refuse(writer, step, "maps and lists are nested more than 64 levels deep");
    if (on_the_line)
        base_put_char(sink, ' ');
    else if (place != AFTER_NOTHING || node->tag != NULL)
        base_put_char(sink, '\n');
    return put_yaml_entries(writer, node, step, on_the_line, indent);
}

static bool is_tag(const char *tag)
{
    return *tag == '!' && formats_is_name(tag + 1, "_-");
}

/* A truth value, nothing, or a list or map without entries. */
static const char *word_for(const struct formats_node *node)
{
    switch (node->class) {
    case FORMATS_LIST:
        return "[]";
    case FORMATS_MAP:
        return "{}";
    case FORMATS_BOOL:
        return node->truth ? "true" : "false";
    default:
        return "null";
    }
}

/* A node after what precedes it on the line; its further lines are indented by `indent` blanks. */
static bool put_yaml_node(struct formats_writer *writer, const struct formats_node *node,
                          const struct formats_step *step, enum place place, size_t indent)
{
    struct base_sink *sink = &writer->output->text;
    if (node->tag != NULL) {
        if (!is_tag(node->tag))
            return formats_refuse(
                writer, step,
                "a tag of a yaml file must be `!` followed by a word, such as \"!override\"");
        BASE_PUT(sink, place == AFTER_NOTHING ? "" : " ", node->tag);
    }
    const bool nested = node->class == FORMATS_LIST || node->class == FORMATS_MAP;
    if (nested && node->count > 0)
        return put_nested(writer, node, step, place, indent);
    base_put(sink, place == AFTER_NOTHING && node->tag == NULL ? "" : " ");
    if (node->class == FORMATS_TEXT || node->class == FORMATS_NUMBER)
        return put_yaml_text(writer, node, step, indent);
    base_put(sink, word_for(node));
    base_put_char(sink, '\n');
    return true;
}

bool formats_write_yaml(struct formats_writer *writer, const struct formats_node *node)
{
    const bool nested = node->class == FORMATS_LIST || node->class == FORMATS_MAP;
    return put_yaml_node(writer, node, NULL, AFTER_NOTHING, nested ? 0 : 2);
}
