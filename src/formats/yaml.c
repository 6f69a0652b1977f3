/* YAML 1.2 in block style, which readers of 1.1 take for the same. A text stands without quotes
 * only where no reader could take it for anything else; texts with line breaks stand as literal
 * blocks where they can. */
#include "formats/parts.h"

#include <string.h>

enum {
    KEY_BYTES_MAX = 1000, /* readers look no farther than 1024 for the colon */
};

/* What a value follows, which decides where its first line goes. */
enum place { AFTER_NOTHING, AFTER_KEY, AFTER_DASH };

static bool put_node(struct formats_writer *writer, const struct formats_node *node,
                     const struct formats_step *step, enum place place, size_t indent);

/* --- scalars --- */

static bool is_word(struct base_span text, const char *word)
{
    size_t i = 0;
    while (i < text.length && word[i] != '\0' && (text.start[i] | 0x20) == word[i])
        i++;
    return i == text.length && word[i] == '\0';
}

/* What 1.1 reads as a truth or as nothing, in small letters or capitals. */
static bool is_reserved(struct base_span text)
{
    static const char *const words[] = {"y",   "n",    "yes",   "no",  "on",
                                        "off", "true", "false", "null"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (is_word(text, words[i]))
            return true;
    return false;
}

static bool is_word_character(uint32_t code)
{
    return (code >= 'a' && code <= 'z') || (code >= 'A' && code <= 'Z') ||
           (code >= '0' && code <= '9') || (code > 0xa0 && base_is_printable(code)) ||
           (code != 0 && code < 0x80 && strchr("_-./@+=,()", (char)code) != NULL);
}

static bool begins_a_word(uint32_t code)
{
    return is_word_character(code) && !(code >= '0' && code <= '9') &&
           !(code < 0x80 && strchr("-.@+=,()", (char)code) != NULL);
}

/* A value may also have blanks and colons, each between two characters of words. */
static bool is_plain(struct base_span text, bool key)
{
    bool apart = true;
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

/* Lines that a literal block can hold: what can be printed, tabs not at a line's beginning, and
 * something else than line breaks. */
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

/* The mark says what becomes of the line breaks at the end, and how far the lines are indented
 * where the first of them would hide it. */
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

static bool put_text(struct formats_writer *writer, const struct formats_node *node,
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
    if (is_bare_number(node, &text) || (text.known && is_plain(first, false))) {
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

static bool put_key(struct formats_writer *writer, const struct formats_step *step)
{
    struct base_sink *sink = &writer->output->text;
    const struct base_span key = base_span_of(step->key);
    const size_t began = sink->length;
    if (is_plain(key, true))
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

/* A map or list within a list begins on the dash's line, so that what is said about its first entry
 * stands above the dash. */
static const struct formats_node *node_on_the_line(const struct formats_node *node)
{
    const bool nested = node->class == FORMATS_MAP || node->class == FORMATS_LIST;
    return nested && node->tag == NULL && node->count > 0 ? node : NULL;
}

static void put_comments(struct formats_writer *writer, const struct formats_entry *entry,
                         size_t indent)
{
    formats_put_comment(writer, indent, "# ", entry->comment);
    if (entry->key != NULL)
        return;
    const struct formats_node *within = node_on_the_line(entry->value);
    if (within != NULL)
        put_comments(writer, &within->entries[0], indent);
}

/* The entries, each at `indent`; the first where the line already is when it follows a dash. */
static bool put_entries(struct formats_writer *writer, const struct formats_node *node,
                        const struct formats_step *up, bool on_the_line, size_t indent)
{
    struct base_sink *sink = &writer->output->text;
    const bool map = node->class == FORMATS_MAP;
    for (size_t i = 0; i < node->count; i++) {
        const struct formats_step step = formats_step_to(up, node, i);
        if (i > 0 || !on_the_line) {
            put_comments(writer, &node->entries[i], indent);
            base_put_padding(sink, 0, indent);
        }
        if (map && !put_key(writer, &step))
            return false;
        if (!map)
            base_put_char(sink, '-');
        if (!put_node(writer, node->entries[i].value, &step, map ? AFTER_KEY : AFTER_DASH,
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
    return put_entries(writer, node, step, on_the_line, indent);
}

static bool is_tag(const char *tag)
{
    return *tag == '!' && formats_is_name(tag + 1, "_-");
}

/* A truth value, nothing, or a list or map without entries. */
static const char *word_of(const struct formats_node *node)
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

/* Values that are not on the first line of their own are `indent` blanks in. */
static bool put_node(struct formats_writer *writer, const struct formats_node *node,
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
        return put_text(writer, node, step, indent);
    base_put(sink, word_of(node));
    base_put_char(sink, '\n');
    return true;
}

bool formats_write_yaml(struct formats_writer *writer, const struct formats_node *node)
{
    const bool nested = node->class == FORMATS_LIST || node->class == FORMATS_MAP;
    return put_node(writer, node, NULL, AFTER_NOTHING, nested ? 0 : 2);
}
