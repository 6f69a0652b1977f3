/* A tree made from the input is written in every format. What JSON's writer says, jansson reads as
 * the same; in the formats of lines no value begins a line of its own; nothing crashes. */
#include <jansson.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "formats/formats.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { DEPTH_MAX = 6, NODES_MAX = 200 };

struct input {
    const uint8_t *at, *end;
    struct base_arena *arena;
    size_t nodes;
};

static void demand(bool holds, const char *what, const char *text)
{
    if (holds)
        return;
    fprintf(stderr, "%s:\n%s\n", what, text);
    abort();
}

static uint8_t next_byte(struct input *input)
{
    return input->at < input->end ? *input->at++ : 0;
}

static struct base_span next_bytes(struct input *input)
{
    size_t length = next_byte(input) % 24;
    if (length > (size_t)(input->end - input->at))
        length = (size_t)(input->end - input->at);
    const struct base_span span = {base_copy_text(input->arena, (const char *)input->at, length),
                                   length};
    input->at += length;
    return span;
}

static struct formats_part *make_parts(struct input *input, size_t count)
{
    static const char *const names[] = {"A", "b_2", "", "1", "a b"};
    struct formats_part *parts = base_alloc(input->arena, (count + 1) * sizeof *parts);
    for (size_t i = 0; i < count; i++) {
        const uint8_t choice = next_byte(input);
        parts[i].class = choice % 8 == 0   ? FORMATS_SLOT
                         : choice % 8 == 1 ? FORMATS_VARIABLE
                                           : FORMATS_LITERAL;
        parts[i].variable = names[choice / 8 % 5];
        parts[i].text = next_bytes(input);
    }
    return parts;
}

static const struct formats_node *make_node(struct input *input, unsigned depth)
{
    struct formats_node *node = BASE_NEW(input->arena, struct formats_node);
    const uint8_t choice = next_byte(input);
    const bool leaf = depth == DEPTH_MAX || ++input->nodes > NODES_MAX;
    node->class = (enum formats_class)(choice % (leaf ? FORMATS_LIST : FORMATS_MAP + 1));
    node->truth = choice >= 128;
    node->tag = choice % 32 == 31 ? next_bytes(input).start : NULL;
    if (node->class == FORMATS_NOTHING || node->class == FORMATS_BOOL)
        return node;
    node->count = choice / 8 % 5;
    if (node->class == FORMATS_TEXT || node->class == FORMATS_NUMBER) {
        node->parts = make_parts(input, node->count);
        return node;
    }
    struct formats_entry *entries = base_alloc(input->arena, (node->count + 1) * sizeof *entries);
    for (size_t i = 0; i < node->count; i++) {
        entries[i].key = node->class == FORMATS_MAP ? next_bytes(input).start : NULL;
        entries[i].comment = next_byte(input) % 4 == 0 ? next_bytes(input).start : NULL;
        entries[i].value = make_node(input, depth + 1);
    }
    node->entries = entries;
    return node;
}

/* Lines of a conf, ini or env file: none, one for each entry, comment and section. */
static size_t lines_of(const char *text)
{
    size_t lines = 0;
    for (bool begins = true; *text != '\0'; text++) {
        lines += begins && *text != '#' && *text != ';' && *text != '\n';
        begins = *text == '\n' || *text == '\r';
    }
    return lines;
}

static size_t entries_of(const struct formats_node *node)
{
    size_t entries = node->count;
    for (size_t i = 0; i < node->count; i++)
        if (node->entries[i].value->class == FORMATS_MAP)
            entries += entries_of(node->entries[i].value);
    return entries;
}

static void check(const struct formats_request *request, const struct formats_node *node,
                  struct formats_output *output)
{
    struct formats_refusal refusal;
    const bool good = formats_write(request, node, output, &refusal);
    const char *text = output->text.data == NULL ? "" : output->text.data;
    demand(good || (refusal.why != NULL && refusal.path != NULL), "refused without a reason", text);
    if (!good)
        return;
    size_t before = 0;
    for (size_t i = 0; i < output->holes.count; i++) {
        demand(output->holes.items[i].offset >= before, "holes out of order", text);
        before = output->holes.items[i].offset;
        demand(before <= output->text.length, "a hole outside", text);
        demand(output->holes.items[i].quote < VM_QUOTE_END, "no quote", text);
    }
    demand(strlen(text) == output->text.length, "a NUL", text);
    if (request->format == FORMATS_CONF || request->format == FORMATS_INI ||
        request->format == FORMATS_ENV)
        demand(lines_of(text) == entries_of(node), "a line too many or too few", text);
    if (request->format == FORMATS_JSON && output->holes.count == 0) {
        json_t *read = json_loads(text, JSON_DECODE_ANY, NULL);
        demand(read != NULL, "not JSON", text);
        json_decref(read);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct base_arena arena = {0};
    struct input input = {.at = data, .end = data + size, .arena = &arena};
    struct formats_output output = {.arena = &arena};
    const struct formats_node *node = make_node(&input, 0);
    for (unsigned choice = 0; choice < 2 * FORMATS_COUNT; choice++) {
        const struct formats_request request = {.format = (enum formats_id)(choice / 2),
                                                .deploy = choice % 2 == 1};
        check(&request, node, &output);
    }
    base_arena_free(&arena);
    return 0;
}
