/* Facts and options: reading their values as people write them. */
#include "vm/quantity.h"

struct reader {
    struct azv_machine *machine;
    const struct azb_input *input;
    int64_t unit;
    struct aza_span word;
    struct aza_sink *why;
};

/* What to write instead, by kind; where a bare number has a unit, the second. */
static const char *const hints[AZB_KINDS][2] = {
    [AZB_BOOL] = {"is neither true nor false", "is neither true nor false"},
    [AZB_INT] = {"is not a whole number; write 8", "is not a whole number; write 8"},
    [AZB_RATIO] = {"is not a number; write 1.5 or 25%", "is not a number; write 1.5 or 25%"},
    [AZB_BYTES] = {"is not a size; write 2GB", "is not a size; write 2048 or 2GB"},
    [AZB_TIME] = {"is not a time; write 10min", "is not a time; write 30 or 10min"},
    [AZB_TEXT] = {"is too long", "is too long"},
    [AZB_ENUM] = {"is not one of ", "is not one of "},
    [AZB_LIST] = {"is too long", "is too long"},
};

/* Answers false, for the caller to return. */
static bool refuse(struct reader *reader)
{
    const struct azb_input *input = reader->input;
    aza_put(reader->why, hints[input->kind][reader->unit != 0]);
    azv_put_members(reader->why, reader->machine->image, input->members, input->member_count);
    return false;
}

static bool parse_truth(struct reader *reader, int64_t *value)
{
    const int truth = azv_truth(reader->word);
    *value = truth;
    return truth >= 0 || refuse(reader);
}

/* The base units that the number counts; false when that cannot be told. */
static bool find_base(const struct reader *reader, const struct azv_number *number, int64_t *base)
{
    const enum azb_kind kind = (enum azb_kind)reader->input->kind;
    int64_t smaller;
    if (number->unit.length > 0)
        return azv_find_unit(kind, number->unit, base, &smaller);
    const bool bare = reader->unit == 0;
    if (kind == AZB_RATIO)
        *base = bare ? 1000000 : reader->unit;
    else
        *base = bare ? 1 : reader->unit;
    /* A size of 256 that was meant as megabytes is the classic accident. */
    return !(bare && (kind == AZB_BYTES || kind == AZB_TIME) && number->mantissa != 0);
}

static bool parse_number(struct reader *reader, int64_t *value)
{
    struct azv_number number;
    int64_t base;
    if (azv_scan_number(reader->word, &number) != NULL || number.with_exponent ||
        (reader->input->kind == AZB_INT && number.with_point) ||
        !find_base(reader, &number, &base) || !azv_exactly(&number, base, value))
        return refuse(reader);
    return true;
}

static bool parse_member(struct reader *reader, int64_t *value)
{
    const struct azb_input *input = reader->input;
    const uint32_t member =
        azv_find_member(reader->machine->image, input->members, input->member_count, reader->word);
    *value = member;
    return member != AZB_NONE || refuse(reader);
}

static bool parse_text(struct reader *reader, int64_t *value)
{
    return azv_make_text(reader->machine, reader->word, value) || refuse(reader);
}

static bool parse_list(struct reader *reader, int64_t *value)
{
    return azv_make_list(reader->machine, reader->word, value) || refuse(reader);
}

bool azv_parse_input(struct azv_machine *machine, const struct azb_input *input, int64_t unit,
                     struct aza_span word, int64_t *value, struct aza_sink *why)
{
    static bool (*const parsers[AZB_KINDS])(struct reader *, int64_t *) = {
        [AZB_BOOL] = parse_truth,   [AZB_INT] = parse_number,  [AZB_RATIO] = parse_number,
        [AZB_BYTES] = parse_number, [AZB_TIME] = parse_number, [AZB_TEXT] = parse_text,
        [AZB_ENUM] = parse_member,  [AZB_LIST] = parse_list,
    };
    struct reader reader = {machine, input, unit, aza_trim(word), why};
    return parsers[input->kind](&reader, value);
}
