/* The queue of diagnostics and the table of their codes.
 *
 * The queue keeps at most LIMIT_DIAGNOSTICS_KEPT of each severity, but counts all: a file of
 * nonsense must not exhaust memory. Duplicates are found by linear search, which the same limit
 * bounds. */
#include "diag/diag.h"

#include <stdlib.h>

static const struct diag_meaning meanings[] = {
#define X(code, name, severity, summary) {DIAG_##name, DIAG_##severity, #name, summary},
#include "diagnostics.def"
#undef X
};

const struct diag_meaning *diag_meaning(enum diag_code code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return &meanings[i];
    return NULL;
}

const struct diag_meaning *diag_meaning_of(const char *written)
{
    struct base_span digits = base_span_of(written);
    int64_t number;
    if (digits.length > 2 && (written[0] | 32) == 'a' && (written[1] | 32) == 'z')
        digits = base_span_of(written + 2);
    if (!base_scan_digits(digits, &number) || number > UINT16_MAX)
        return NULL;
    return diag_meaning((enum diag_code)number);
}

void diag_put_code(struct base_sink *sink, enum diag_code code)
{
    char text[24];
    struct base_sink digits = BASE_SINK(text);
    base_put_int(&digits, (int64_t)code);
    base_put(sink, "AZ");
    for (size_t width = digits.length; width < 4; width++)
        base_put_char(sink, '0');
    base_put(sink, text);
}

const char *diag_severity_word(enum diag_severity severity)
{
    return severity == DIAG_ERROR ? "error" : "warning";
}

static bool is_queued(const struct diag_queue *queue, enum diag_code code, struct base_place place)
{
    for (size_t i = 0; i < queue->list.count; i++) {
        const struct diagnostic *other = queue->list.items[i];
        if (other->code == code && other->place.file == place.file &&
            other->place.start == place.start && other->place.length == place.length)
            return true;
    }
    return false;
}

struct diagnostic *diag_report(struct diag_queue *queue, enum diag_code code,
                               struct base_place place, const char *format, ...)
{
    const struct diag_meaning *meaning = diag_meaning(code);
    struct diagnostic *diagnostic = BASE_NEW(queue->arena, struct diagnostic);
    diagnostic->code = code;
    diagnostic->severity = meaning ? meaning->severity : DIAG_ERROR;
    diagnostic->place = place;

    va_list arguments;
    va_start(arguments, format);
    diagnostic->sentence = base_format_list(queue->arena, format, arguments);
    va_end(arguments);

    if (is_queued(queue, code, place))
        return diagnostic;
    size_t *count = diagnostic->severity == DIAG_ERROR ? &queue->errors : &queue->warnings;
    if ((*count)++ < LIMIT_DIAGNOSTICS_KEPT)
        *BASE_PUSH(queue->arena, &queue->list) = diagnostic;
    return diagnostic;
}

void diag_label(struct diagnostic *diagnostic, struct base_place place, const char *text)
{
    struct diag_label *label = diagnostic->labels;
    if (label->text)
        label++;
    if (!label->text)
        *label = (struct diag_label){place, text};
}

void diag_note(struct diag_queue *queue, struct diagnostic *diagnostic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diagnostic->note = base_format_list(queue->arena, format, arguments);
    va_end(arguments);
}

void diag_help(struct diag_queue *queue, struct diagnostic *diagnostic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diagnostic->help = base_format_list(queue->arena, format, arguments);
    va_end(arguments);
}

static int compare_offsets(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* By file, position, length, code. No two are equal, since duplicates are not queued, so the order
 * does not depend on the sorting algorithm. */
static int compare_places(const void *left, const void *right)
{
    const struct diagnostic *a = *(struct diagnostic *const *)left;
    const struct diagnostic *b = *(struct diagnostic *const *)right;
    int order = compare_offsets(a->place.file, b->place.file);
    order = order ? order : compare_offsets(a->place.start, b->place.start);
    order = order ? order : compare_offsets(a->place.length, b->place.length);
    return order ? order : compare_offsets(a->code, b->code);
}

void diag_sort(struct diag_queue *queue)
{
    if (queue->list.count > 1)
        qsort(queue->list.items, queue->list.count, sizeof *queue->list.items, compare_places);
}
