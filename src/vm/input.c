/* Reading the values of facts and options as people write them: one parser per kind. A size or time
 * needs a unit unless the source declares one, since a bare 256 that was meant as megabytes is a
 * classic mistake. Also here: NAME=VALUE and environment variables. */
#include <string.h>
#include "vm/quantity.h"

struct reader {
    struct vm_machine *machine;
    const struct image_input *input;
    int64_t unit;
    struct base_span word;
    struct base_sink *why;
};

/* The end of the message, by kind; the second is for sources whose bare numbers have a unit. */
static const char *const hints[IMAGE_KINDS][2] = {
    [IMAGE_BOOL] = {"is neither true nor false", "is neither true nor false"},
    [IMAGE_INT] = {"is not a whole number such as 8", "is not a whole number such as 8"},
    [IMAGE_RATIO] = {"is not a number such as 1.5 or 25%", "is not a number such as 1.5 or 25%"},
    [IMAGE_BYTES] = {"is not a size such as 2GB", "is not a size such as 2048 or 2GB"},
    [IMAGE_TIME] = {"is not a time such as 10min", "is not a time such as 30 or 10min"},
    [IMAGE_TEXT] = {"is too long", "is too long"},
    [IMAGE_ENUM] = {"is not one of ", "is not one of "},
    [IMAGE_LIST] = {"is too long", "is too long"},
};

/* Returns false, for the caller to return. */
static bool refuse_input(struct reader *reader)
{
    const struct image_input *input = reader->input;
    base_put(reader->why, hints[input->kind][reader->unit != 0]);
    vm_put_members(reader->why, reader->machine->image, input->members, input->member_count);
    return false;
}

static bool parse_truth(struct reader *reader, int64_t *value)
{
    const int truth = vm_truth(reader->word);
    *value = truth;
    return truth >= 0 || refuse_input(reader);
}

/* The base units in one unit of the number; false if the number needs a unit and has none. */
static bool find_base(const struct reader *reader, const struct vm_number *number, int64_t *base)
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

static bool parse_number(struct reader *reader, int64_t *value)
{
    struct vm_number number;
    int64_t base;
    if (vm_scan_number(reader->word, &number) != NULL || number.with_exponent ||
        (reader->input->kind == IMAGE_INT && number.with_point) ||
        !find_base(reader, &number, &base) || !vm_exactly(&number, base, value))
        return refuse_input(reader);
    return true;
}

static bool parse_member(struct reader *reader, int64_t *value)
{
    const struct image_input *input = reader->input;
    const uint32_t member =
        vm_find_member(reader->machine->image, input->members, input->member_count, reader->word);
    *value = member;
    return member != IMAGE_NONE || refuse_input(reader);
}

static bool parse_text(struct reader *reader, int64_t *value)
{
    return vm_make_text(reader->machine, reader->word, value) || refuse_input(reader);
}

static bool parse_list(struct reader *reader, int64_t *value)
{
    return vm_make_list(reader->machine, reader->word, value) || refuse_input(reader);
}

bool vm_parse_input(struct vm_machine *machine, const struct image_input *input, int64_t unit,
                    struct base_span word, int64_t *value, struct base_sink *why)
{
    static bool (*const parsers[IMAGE_KINDS])(struct reader *, int64_t *) = {
        [IMAGE_BOOL] = parse_truth,   [IMAGE_INT] = parse_number,  [IMAGE_RATIO] = parse_number,
        [IMAGE_BYTES] = parse_number, [IMAGE_TIME] = parse_number, [IMAGE_TEXT] = parse_text,
        [IMAGE_ENUM] = parse_member,  [IMAGE_LIST] = parse_list,
    };
    struct reader reader = {machine, input, unit, base_trim(word), why};
    return parsers[input->kind](&reader, value);
}

bool vm_split_word(const char *text, struct vm_word *word)
{
    const char *equals = strchr(text, '=');
    if (equals == NULL || equals == text)
        return false;
    *word = (struct vm_word){{text, (size_t)(equals - text)}, base_span_of(equals + 1)};
    return true;
}
