/* The queue of diagnostics and the table of their codes. */
#include "diag/diag.h"

#include <stdlib.h>

static const struct azd_meaning meanings[] = {
#define X(code, name, severity, summary) {AZD_##name, AZD_##severity, #name, summary},
#include "diagnostics.def"
#undef X
};

const struct azd_meaning *azd_meanings(size_t *count)
{
    *count = sizeof meanings / sizeof *meanings;
    return meanings;
}

const struct azd_meaning *azd_meaning(enum azd_code code)
{
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (meanings[i].code == code)
            return &meanings[i];
    return NULL;
}

const struct azd_meaning *azd_meaning_of(const char *written)
{
    struct aza_span digits = aza_span_of(written);
    int64_t number;
    if (digits.length > 2 && (written[0] | 32) == 'a' && (written[1] | 32) == 'z')
        digits = aza_span_of(written + 2);
    if (!aza_scan_digits(digits, &number) || number > UINT16_MAX)
        return NULL;
    return azd_meaning((enum azd_code)number);
}

void azd_put_code(struct aza_sink *sink, enum azd_code code)
{
    char text[24];
    struct aza_sink digits = AZA_SINK(text);
    aza_put_int(&digits, (int64_t)code);
    aza_put(sink, "AZ");
    for (size_t width = digits.length; width < 4; width++)
        aza_put_char(sink, '0');
    aza_put(sink, text);
}

const char *azd_severity_word(enum azd_severity severity)
{
    return severity == AZD_ERROR ? "error" : "warning";
}

static bool is_queued(const struct azd_queue *queue, enum azd_code code, struct aza_place place)
{
    for (size_t i = 0; i < queue->list.count; i++) {
        const struct azd_diagnostic *other = queue->list.items[i];
        if (other->code == code && other->place.file == place.file &&
            other->place.start == place.start && other->place.length == place.length)
            return true;
    }
    return false;
}

struct azd_diagnostic *azd_report(struct azd_queue *queue, enum azd_code code,
                                  struct aza_place place, const char *format, ...)
{
    const struct azd_meaning *meaning = azd_meaning(code);
    struct azd_diagnostic *diagnostic = AZA_NEW(queue->arena, struct azd_diagnostic);
    diagnostic->code = code;
    diagnostic->severity = meaning ? meaning->severity : AZD_ERROR;
    diagnostic->place = place;

    va_list arguments;
    va_start(arguments, format);
    diagnostic->sentence = aza_format_list(queue->arena, format, arguments);
    va_end(arguments);

    if (is_queued(queue, code, place))
        return diagnostic;
    size_t *count = diagnostic->severity == AZD_ERROR ? &queue->errors : &queue->warnings;
    if ((*count)++ < AZA_DIAGNOSTICS_KEPT)
        *AZA_PUSH(queue->arena, &queue->list) = diagnostic;
    return diagnostic;
}

void azd_label(struct azd_diagnostic *diagnostic, struct aza_place place, const char *text)
{
    struct azd_label *label = diagnostic->labels;
    if (label->text)
        label++;
    if (!label->text)
        *label = (struct azd_label){place, text};
}

void azd_note(struct azd_queue *queue, struct azd_diagnostic *diagnostic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diagnostic->note = aza_format_list(queue->arena, format, arguments);
    va_end(arguments);
}

void azd_help(struct azd_queue *queue, struct azd_diagnostic *diagnostic, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    diagnostic->help = aza_format_list(queue->arena, format, arguments);
    va_end(arguments);
}

static int compare(uint32_t a, uint32_t b)
{
    return (a > b) - (a < b);
}

/* No two in the queue are equal, as those of one code and place are one. */
static int by_place(const void *left, const void *right)
{
    const struct azd_diagnostic *a = *(struct azd_diagnostic *const *)left;
    const struct azd_diagnostic *b = *(struct azd_diagnostic *const *)right;
    int order = compare(a->place.file, b->place.file);
    order = order ? order : compare(a->place.start, b->place.start);
    order = order ? order : compare(a->place.length, b->place.length);
    return order ? order : compare(a->code, b->code);
}

void azd_sort(struct azd_queue *queue)
{
    if (queue->list.count > 1)
        qsort(queue->list.items, queue->list.count, sizeof *queue->list.items, by_place);
}
