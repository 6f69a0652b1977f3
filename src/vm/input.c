/* Reading the values of facts and options as people write them: one parser per kind.
 *
 * A size or time needs a unit unless the source declares one, because a bare 256 that was meant as
 * megabytes is a common mistake; 0 needs none. Unlike settings (setting.c), these values are never
 * rounded: a number that is not a whole number of base units is rejected. Also here: splitting
 * NAME=VALUE. */
#include <string.h>
#include "vm/quantity.h"

struct reader {
    struct vm_machine *machine;
    const struct image_input *input;
    int64_t unit;
    struct base_span word;
    struct base_sink *why;
};

static bool parse_input_truth(struct reader *reader, int64_t *value);
static bool parse_input_number(struct reader *reader, int64_t *value);
static bool parse_input_text(struct reader *reader, int64_t *value);
static bool parse_input_member(struct reader *reader, int64_t *value);
static bool parse_input_list(struct reader *reader, int64_t *value);

/* For each kind its parser and the end of the message; the second message is for sources whose bare
 * numbers have a unit. A kind without its line here does not build. */
#define SAME(hint) hint, hint
#define READ_BOOL  parse_input_truth, SAME("is neither true nor false")
#define READ_INT   parse_input_number, SAME("is not a whole number such as 8")
#define READ_RATIO parse_input_number, SAME("is not a number such as 1.5 or 25%")
#define READ_BYTES                                                                                 \
    parse_input_number, "is not a size such as 2GB", "is not a size such as 2048 or 2GB"
#define READ_TIME                                                                                  \
    parse_input_number, "is not a time such as 10min", "is not a time such as 30 or 10min"
#define READ_TEXT parse_input_text, SAME("is too long")
#define READ_ENUM parse_input_member, SAME("is not one of ")
#define READ_LIST parse_input_list, SAME("is too long")

static const struct {
    bool (*parse)(struct reader *reader, int64_t *value);
    const char *hint, *hint_with_unit;
} kinds[IMAGE_KINDS] = {
#define X(name, word, number, text) {READ_##name},
#include "kinds.def"
#undef X
};

/* Returns false, for the caller to return. */
static bool refuse_input(struct reader *reader)
{
    const struct image_input *input = reader->input;
    base_put(reader->why,
             reader->unit != 0 ? kinds[input->kind].hint_with_unit : kinds[input->kind].hint);
    vm_put_members(reader->why, reader->machine->image, input->members, input->member_count);
    return false;
}

static bool parse_input_truth(struct reader *reader, int64_t *value)
{
    const int truth = vm_truth(reader->word);
    *value = truth;
    return truth >= 0 || refuse_input(reader);
}

/* The base units in one unit of the number; false if the number needs a unit and has none. */
static bool find_input_unit(const struct reader *reader, const struct vm_number *number,
                            int64_t *base)
{
    const enum image_kind kind = (enum image_kind)reader->input->kind;
    int64_t smaller;
    if (number->unit.length > 0)
        return vm_find_unit(kind, number->unit, base, &smaller);
    const bool bare = reader->unit == 0;
    if (kind == IMAGE_RATIO)
        *base = bare ? 1000000 : reader->unit;
    else
        *base = bare ? 1 : reader->unit;
    return !(bare && (kind == IMAGE_BYTES || kind == IMAGE_TIME) && number->mantissa != 0);
}

static bool parse_input_number(struct reader *reader, int64_t *value)
{
    struct vm_number number;
    int64_t base;
    if (vm_scan_number(reader->word, &number) != NULL || number.with_exponent ||
        (reader->input->kind == IMAGE_INT && number.with_point) ||
        !find_input_unit(reader, &number, &base) || !vm_exactly(&number, base, value))
        return refuse_input(reader);
    return true;
}

static bool parse_input_member(struct reader *reader, int64_t *value)
{
    const struct image_input *input = reader->input;
    const uint32_t member =
        vm_find_member(reader->machine->image, input->members, input->member_count, reader->word);
    *value = member;
    return member != IMAGE_NONE || refuse_input(reader);
}

static bool parse_input_text(struct reader *reader, int64_t *value)
{
    return vm_make_text(reader->machine, reader->word, value) || refuse_input(reader);
}

static bool parse_input_list(struct reader *reader, int64_t *value)
{
    return vm_make_list(reader->machine, reader->word, value) || refuse_input(reader);
}

bool vm_parse_input(struct vm_machine *machine, const struct image_input *input, int64_t unit,
                    struct base_span word, int64_t *value, struct base_sink *why)
{
    struct reader reader = {machine, input, unit, base_trim(word), why};
    return kinds[input->kind].parse(&reader, value);
}

bool vm_split_word(const char *text, struct vm_word *word)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return false;
    *word = (struct vm_word){{text, (size_t)(equals - text)}, base_span_of(equals + 1)};
    return true;
}
