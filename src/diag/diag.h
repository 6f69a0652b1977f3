/* Diagnostics: the compiler's messages to people.
 *
 * A stage that finds a mistake queues a diagnostic and goes on; nothing is printed until the end.
 * Each has a stable code from grammar/diagnostics.def, one sentence, a primary span drawn with ^,
 * up to two secondary spans drawn with ~ and a label, one note (why) and one help line (how to mend
 * it). One mistake gives one message: a node whose analysis failed has the error type, and nothing
 * is reported about what depends on it.
 *
 *   rules/memory.azr:12:9: error[AZ0031]: `shared_bufers` is not a setting of postgres
 *      12 |     set shared_bufers = 128MB
 *         |         ^^^^^^^^^^^^^
 *      help: did you mean `shared_buffers`?
 */
#ifndef AZA_DIAG_H
#define AZA_DIAG_H

#include <stdio.h>
#include "base/memory.h"

enum azd_code {
#define X(code, name, severity, summary) AZD_##name = code,
#include "diagnostics.def"
#undef X
};

enum azd_severity { AZD_ERROR, AZD_WARNING };

/* What grammar/diagnostics.def says of a code. */
struct azd_meaning {
    enum azd_code code;
    enum azd_severity severity;
    const char *name, *summary;
};
/* All of them in the order of their table; one of them, or null; and the one that people write as
 * AZ0031, az31 or 31, or null. */
const struct azd_meaning *azd_meanings(size_t *count);
const struct azd_meaning *azd_meaning(enum azd_code code);
const struct azd_meaning *azd_meaning_of(const char *written);
/* "AZ0031", and "error" or "warning". */
void azd_put_code(struct aza_sink *sink, enum azd_code code);
const char *azd_severity_word(enum azd_severity severity);

struct azd_label {
    struct aza_place place;
    const char *text;
};

struct azd_diagnostic {
    enum azd_code code;
    enum azd_severity severity;
    struct aza_place place;
    const char *sentence;
    struct azd_label labels[2]; /* unused ones have a null text */
    const char *detail; /* lines of their own below the excerpt, or null */
    const char *note, *help;
};

struct azd_queue {
    struct aza_arena *arena;
    struct aza_sources *sources;
    AZA_LIST(struct azd_diagnostic *) list;
    size_t errors, warnings; /* of each, at most AZA_DIAGNOSTICS_KEPT are in the list */
};

/* Queues a message; the answer may be given labels, note and help. The severity comes from the
 * table. A second message with the same code and place is dropped (the answer is then a scratch
 * record). */
struct azd_diagnostic *azd_report(struct azd_queue *queue, enum azd_code code,
                                  struct aza_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void azd_label(struct azd_diagnostic *diagnostic, struct aza_place place, const char *text);
void azd_note(struct azd_queue *queue, struct azd_diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void azd_help(struct azd_queue *queue, struct azd_diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The nearest of `names` to `word`: at most a third of its letters wrong (swapped neighbours count
 * once), ties to the first; null when none is near. */
const char *azd_nearest(const char *word, const char *const *names, size_t count);
/* Queues help "did you mean `X`?" if there is a near name, else "it is one of a, b, c" if the names
 * are at most a dozen, else nothing. */
void azd_suggest(struct azd_queue *queue, struct azd_diagnostic *diagnostic, const char *word,
                 const char *const *names, size_t count);

/* Sorts the queue by file and position; both printers begin with it. */
void azd_sort(struct azd_queue *queue);
/* Sorted, at most AZA_DIAGNOSTICS_MAX errors and as many warnings, then lines that count the rest.
 * A place in a file that is not among the sources is not shown. Colour only when asked;
 * azd_wants_colour knows when (a terminal that is not dumb, and no NO_COLOR). */
void azd_print(struct azd_queue *queue, FILE *stream, bool colour);
bool azd_wants_colour(FILE *stream);
/* One JSON array of objects: code, severity, file, line, column, end_line, end_column, message,
 * labels (of file, line, ... and message), detail, note,
 * help. What a message lacks is null; the end is the
 * column after the last character. */
void azd_print_json(struct azd_queue *queue, FILE *stream);

#endif
