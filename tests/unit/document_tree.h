/* Trees for the tests of documents: made by hand in a line each or at random, and what a reader
 * must find in them, as jansson's values. Everything comes from one seed. */
#ifndef AZA_TESTS_DOCUMENT_TREE_H
#define AZA_TESTS_DOCUMENT_TREE_H

#include <jansson.h>

#include "../check.h"
#include "formats/formats.h"

static struct base_arena arena;

/* --- by hand --- */

static struct formats_node *node_of(enum formats_class class, size_t count)
{
    struct formats_node *node = BASE_NEW(&arena, struct formats_node);
    node->class = class;
    node->count = count;
    if (class == FORMATS_LIST || class == FORMATS_MAP)
        node->entries = base_alloc(&arena, (count + 1) * sizeof *node->entries);
    else if (class == FORMATS_TEXT || class == FORMATS_NUMBER)
        node->parts = base_alloc(&arena, (count + 1) * sizeof *node->parts);
    return node;
}

static struct formats_entry *entry_at(const struct formats_node *node, size_t index)
{
    return (struct formats_entry *)(uintptr_t)&node->entries[index];
}

static struct formats_part *part_at(const struct formats_node *node, size_t index)
{
    return (struct formats_part *)(uintptr_t)&node->parts[index];
}

static struct formats_node *spelled(enum formats_class class, const char *text)
{
    struct formats_node *node = node_of(class, 1);
    *part_at(node, 0) = (struct formats_part){.class = FORMATS_LITERAL, .text = base_span_of(text)};
    return node;
}

static struct formats_node *text_of(const char *text)
{
    return spelled(FORMATS_TEXT, text);
}

static struct formats_node *number_of(const char *text)
{
    return spelled(FORMATS_NUMBER, text);
}

static struct formats_node *bool_of(bool truth)
{
    struct formats_node *node = node_of(FORMATS_BOOL, 0);
    node->truth = truth;
    return node;
}

static struct formats_node *tagged(const char *tag, struct formats_node *node)
{
    node->tag = tag;
    return node;
}

/* One more entry at the end of a map (with a key) or list. */
static struct formats_node *with(struct formats_node *node, const char *key, const char *comment,
                                 const struct formats_node *value)
{
    struct formats_node *longer = node_of(node->class, node->count + 1);
    longer->tag = node->tag;
    for (size_t i = 0; i < node->count; i++)
        *entry_at(longer, i) = node->entries[i];
    *entry_at(longer, node->count) =
        (struct formats_entry){.key = key, .comment = comment, .value = value};
    return longer;
}

/* A literal, then a variable or a slot, then a literal. */
static struct formats_node *around(enum formats_class class, const char *before,
                                   struct formats_part part, const char *after)
{
    struct formats_node *node = node_of(class, 3);
    *part_at(node, 0) =
        (struct formats_part){.class = FORMATS_LITERAL, .text = base_span_of(before)};
    *part_at(node, 1) = part;
    *part_at(node, 2) =
        (struct formats_part){.class = FORMATS_LITERAL, .text = base_span_of(after)};
    return node;
}

static struct formats_part variable(const char *name, const char *otherwise)
{
    return (struct formats_part){
        .class = FORMATS_VARIABLE, .variable = name, .text = base_span_of(otherwise)};
}

static struct formats_part slot(uint32_t number)
{
    return (struct formats_part){.class = FORMATS_SLOT, .slot = number};
}

/* --- at random --- */

static uint64_t random_state = 0x9e3779b97f4a7c15;

static uint64_t at_random(uint64_t below)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    random_state ^= random_state << 17;
    return random_state % below;
}

/* What some reader takes for something else. */
static const char *const hostile[] = {
    "",
    " ",
    "yes",
    "No",
    "on",
    "OFF",
    "y",
    "N",
    "true",
    "False",
    "null",
    "NULL",
    "~",
    "nan",
    ".nan",
    ".inf",
    "-.inf",
    "0",
    "1",
    "-1",
    "+1",
    "01",
    "0o17",
    "0x1F",
    "0b1",
    "1_000",
    "1.5",
    ".5",
    "1e3",
    "1:30",
    "12:30:45",
    "2020-01-01",
    "2020-01-01T00:00:00Z",
    "=",
    "<<",
    "-",
    "- a",
    "?",
    "? a",
    ":",
    "a: b",
    "a:b",
    "a:",
    ": a",
    "#",
    "# a",
    "a #b",
    "a#b",
    "&a",
    "*a",
    "!a",
    "!!str a",
    "|",
    ">",
    "|-\n a",
    "'",
    "''",
    "\"",
    "\"a\"",
    "'a'",
    "%",
    "%YAML 1.2",
    "@a",
    "`a`",
    "{",
    "}",
    "{}",
    "[",
    "]",
    "[]",
    "{a: 1}",
    "[a, b]",
    ",",
    "a, b",
    "a,b",
    "---",
    "--- a",
    "...",
    "$",
    "$$",
    "$x",
    "${x}",
    "${x:-y}",
    "$(x)",
    "\\",
    "\\n",
    "a\\",
    "a\\\\",
    "\\'",
    "'\\",
    "`'",
    " a",
    "a ",
    "a  b",
    "\ta",
    "a\t",
    "a\tb",
    "a\n",
    "a\nb",
    "a\nb\n",
    "a\n\n",
    "\na",
    "\n",
    "\n\n",
    " a\nb",
    "a\n b\n",
    "a\n\tb",
    "\ta\nb",
    "a \nb \n",
    "a\n \nb",
    " \na",
    "a\n\n\nb\n\n\n",
    "# a\n# b\n",
    "---\na\n",
    "a\n---\n...\n",
    "a\r\nb",
    "a\rb",
    "\x01\x1b\x7f",
    "\xc2\x85",
    "a\xc2\x85"
    "b",
    "\xc2\xa0",
    "\xe2\x80\xa8",
    "a\xe2\x80\xa9\n",
    "\xef\xbb\xbf",
    "\xef\xbb\xbf"
    "a",
    "\xef\xbf\xbe",
    "\xc3\xa4",
    "e\xcc\x81",
    "\xf0\x9f\x98\x80",
    "\xf0\x9f\x98\x80\nb\n",
    "aza-pg:18",
    "127.0.0.1:5432:5432",
    "/run/a b",
    "10s",
    "64MB",
    "a=b",
    "postgres",
    "key",
    "%include x",
    "; x",
    "[section]",
    "a\"b\"c",
    "'; drop",
    "$'x'",
    "-c",
    "!override",
    "a\x0b"
    "b",
    "\x0c",
};

static const char *random_word(void)
{
    static const char *const letters[] = {"a",        "B",
                                          "0",        "9",
                                          ":",        "#",
                                          "-",        "?",
                                          "'",        "\"",
                                          "\\",       "$",
                                          "{",        "}",
                                          "[",        "]",
                                          ",",        "&",
                                          "*",        "!",
                                          "|",        ">",
                                          "%",        "@",
                                          "`",        "~",
                                          "=",        ".",
                                          "/",        "_",
                                          "(",        ")",
                                          ";",        " ",
                                          " ",        "\n",
                                          "\t",       "\r",
                                          "\xc3\xa4", "\xf0\x9f\x98\x80",
                                          "\xc2\x85", "\xe2\x80\xa8",
                                          "\x7f",     "+"};
    if (at_random(2) == 0)
        return hostile[at_random(sizeof hostile / sizeof *hostile)];
    struct base_sink sink = base_arena_sink(&arena);
    base_put_span(&sink, base_span_of(""));
    for (uint64_t left = 1 + at_random(10); left > 0; left--)
        base_put(&sink, letters[at_random(sizeof letters / sizeof *letters)]);
    return sink.data;
}

enum mode { KNOWN, DEPLOYED, STARTED };

enum { SLOTS = 200, VARIABLES = 4 };
static const char *slot_values[SLOTS];
static const char *const variables[VARIABLES] = {"AZA_A", "aza_b", "_AZA_C", "AZA_D1"};
/* Null: the defaults. */
static const char *const *variable_values;

/* Defaults that docker compose can read. */
static const char *random_default(void)
{
    for (;;) {
        const char *word = random_word();
        if (strpbrk(word, "\n{}") == NULL)
            return at_random(8) == 0 ? "a{b $ c}d" : word;
    }
}

static struct formats_part random_part(enum mode mode)
{
    if (mode == STARTED && at_random(2) == 0)
        return slot((uint32_t)at_random(SLOTS));
    if (mode == DEPLOYED && at_random(2) == 0)
        return variable(variables[at_random(VARIABLES)], random_default());
    return (struct formats_part){.class = FORMATS_LITERAL, .text = base_span_of(random_word())};
}

static struct formats_node *random_text(enum mode mode)
{
    struct formats_node *node = node_of(FORMATS_TEXT, 1 + at_random(mode == KNOWN ? 2 : 4));
    for (size_t i = 0; i < node->count; i++)
        *part_at(node, i) = random_part(mode);
    return node;
}

static struct formats_node *random_scalar(enum mode mode)
{
    static const char *const numbers[] = {"0",      "5",    "-7",  "1.5",  "0.25",
                                          "-12.75", "64MB", "10s", "5432", "123456789012"};
    switch (at_random(12)) {
    case 0:
        return bool_of(at_random(2) == 0);
    case 1:
        return number_of(numbers[at_random(sizeof numbers / sizeof *numbers)]);
    default:
        return random_text(mode);
    }
}

static const char *random_comment(void)
{
    return at_random(4) == 0 ? random_word() : NULL;
}

static bool has_key(const struct formats_node *node, const char *key)
{
    for (size_t i = 0; i < node->count; i++)
        if (strcmp(node->entries[i].key, key) == 0)
            return true;
    return false;
}

/* Tags are left to YAML alone, `nothing` to YAML and JSON. */
static struct formats_node *random_tree(enum mode mode, unsigned depth, bool tags)
{
    struct formats_node *node;
    const uint64_t chance = at_random(10);
    if (depth == 0 || chance < 3) {
        node = at_random(12) == 0 ? node_of(FORMATS_NOTHING, 0) : random_scalar(mode);
    } else {
        node = node_of(chance < 7 ? FORMATS_MAP : FORMATS_LIST, 0);
        for (uint64_t left = at_random(5); left > 0; left--) {
            const char *key = node->class == FORMATS_MAP ? random_word() : NULL;
            if (key == NULL || !has_key(node, key))
                node = with(node, key, random_comment(), random_tree(mode, depth - 1, tags));
        }
    }
    if (tags && at_random(12) == 0)
        node->tag = at_random(2) == 0 ? "!override" : "!reset";
    return node;
}

static void make_slot_values(void)
{
    for (size_t i = 0; i < SLOTS; i++)
        slot_values[i] = random_word();
}

/* --- what a reader must find --- */

static const char *value_of(const struct formats_part *part)
{
    if (part->class == FORMATS_SLOT)
        return slot_values[part->slot];
    for (size_t i = 0; part->class == FORMATS_VARIABLE && variable_values != NULL && i < VARIABLES;
         i++)
        if (strcmp(part->variable, variables[i]) == 0)
            return variable_values[i];
    return base_copy_text(&arena, part->text.start, part->text.length);
}

static const char *joined(const struct formats_node *node)
{
    struct base_sink sink = base_arena_sink(&arena);
    for (size_t i = 0; i < node->count; i++)
        base_put(&sink, value_of(&node->parts[i]));
    return sink.data == NULL ? "" : sink.data;
}

static json_t *expected_number(const char *text)
{
    json_t *number = json_loads(text, JSON_DECODE_ANY, NULL);
    return json_is_number(number) ? number : json_string(text);
}

static json_t *expected(const struct formats_node *node)
{
    json_t *value = node->class == FORMATS_MAP ? json_object() : json_array();
    if (node->class == FORMATS_MAP || node->class == FORMATS_LIST) {
        for (size_t i = 0; i < node->count; i++)
            if (node->class == FORMATS_MAP)
                json_object_set_new(value, node->entries[i].key, expected(node->entries[i].value));
            else
                json_array_append_new(value, expected(node->entries[i].value));
        return value;
    }
    json_decref(value);
    return node->class == FORMATS_NOTHING  ? json_null()
           : node->class == FORMATS_BOOL   ? json_boolean(node->truth)
           : node->class == FORMATS_NUMBER ? expected_number(joined(node))
                                           : json_string(joined(node));
}

/* --- what was written, its holes filled as at start --- */

static struct formats_output output;
static struct formats_refusal refusal;

static const char *filled(void)
{
    struct base_sink sink = base_arena_sink(&arena);
    size_t at = 0;
    for (size_t i = 0; i < output.holes.count; i++) {
        const struct formats_hole *hole = &output.holes.items[i];
        base_put_bytes(&sink, output.text.data + at, hole->offset - at);
        vm_put_quoted(&sink, hole->quote, base_span_of(slot_values[hole->slot]));
        at = hole->offset;
    }
    if (output.text.length > at)
        base_put_bytes(&sink, output.text.data + at, output.text.length - at);
    return sink.data == NULL ? "" : sink.data;
}

/* Null when it was refused. */
static const char *written(enum formats_id format, enum mode mode, const struct formats_node *node)
{
    const struct formats_request request = {.format = format, .deploy = mode == DEPLOYED};
    output.arena = &arena;
    return formats_write(&request, node, &output, &refusal) ? filled() : NULL;
}

#endif
