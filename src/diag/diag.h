/* Diagnostics: the compiler's messages.
 *
 * A stage that finds a mistake queues a diagnostic and continues; nothing is printed until the end.
 * A diagnostic has a stable code from grammar/diagnostics.def, one sentence, a primary span drawn
 * with ^, up to two secondary spans drawn with ~ and a label, one note (why) and one help line (how
 * to fix it). One mistake gives one message: a node whose analysis failed has the error type, and
 * nothing is reported about what depends on it.
 *
 *   rules/memory.azr:12:9: error[AZ0031]: `shared_bufers` is not a setting of postgres
 *      12 |     set shared_bufers = 128MB
 *         |         ^^^^^^^^^^^^^
 *      help: did you mean `shared_buffers`?
 */
#ifndef AZA_DIAG_DIAG_H
#define AZA_DIAG_DIAG_H

#include <stdio.h>
#include "base/memory.h"

enum diag_code {
#define X(code, name, severity, summary) DIAG_##name = code,
#include "diagnostics.def"
#undef X
};

enum diag_severity { DIAG_ERROR, DIAG_WARNING };

/* A row of grammar/diagnostics.def. */
struct diag_meaning {
    enum diag_code code;
    enum diag_severity severity;
    const char *name, *summary;
};
/* The row of a code, or of a code written as AZ0031, az31 or 31; null if there is none. */
const struct diag_meaning *diag_meaning(enum diag_code code);
const struct diag_meaning *diag_meaning_of(const char *written);
/* Print "AZ0031"; return "error" or "warning". */
void diag_put_code(struct base_sink *sink, enum diag_code code);
const char *diag_severity_word(enum diag_severity severity);

struct diag_label {
    struct base_place place;
    const char *text;
};

struct diagnostic {
    enum diag_code code;
    enum diag_severity severity;
    struct base_place place;
    const char *sentence;
    struct diag_label labels[2]; /* unused ones have a null text */
    const char *detail;          /* text of one or more lines below the excerpt, or null */
    const char *note, *help;
};

struct diag_queue {
    struct base_arena *arena;
    struct base_sources *sources;
    BASE_LIST(struct diagnostic *) list;
    size_t errors, warnings; /* of each, at most LIMIT_DIAGNOSTICS_KEPT are in the list */
};

/* Queues a message and returns it, so that labels, note and help can be added. The severity comes
 * from the table. A second message with the same code and place is not queued; the record that is
 * returned is then not printed. Texts are copied to the queue's arena. */
struct diagnostic *diag_report(struct diag_queue *queue, enum diag_code code,
                               struct base_place place, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Adds a label, which is not copied; a third one is ignored. */
void diag_label(struct diagnostic *diagnostic, struct base_place place, const char *text);
void diag_note(struct diag_queue *queue, struct diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void diag_help(struct diag_queue *queue, struct diagnostic *diagnostic, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The name that is nearest to `word` by edit distance (base/distance.h): at most a third of its
 * letters may differ, and swapped neighbours count once. The first of several; null if none is
 * near. */
const char *diag_nearest(const char *word, const char *const *names, size_t count);
/* Adds the help "did you mean `X`?" if there is a near name, else "expected one of `a`, `b`, `c`"
 * if there are at most a dozen names, else nothing. */
void diag_suggest(struct diag_queue *queue, struct diagnostic *diagnostic, const char *word,
                  const char *const *names, size_t count);

/* Sorts the queue by file and position. Both printers call it. */
void diag_sort(struct diag_queue *queue);
/* Prints at most LIMIT_DIAGNOSTICS errors and as many warnings, sorted, and then the number of the
 * rest. A place in a file that is not among the sources is not shown. diag_wants_colour is true for
 * a terminal that is not dumb, unless NO_COLOR is set. */
void diag_print(struct diag_queue *queue, FILE *stream, bool colour);
bool diag_wants_colour(FILE *stream);
/* Prints one JSON array of objects with the members code, severity, file, line, column, end_line,
 * end_column, message, labels (objects with file, line, ... and message), detail, note, help.
 * Missing parts are null. Lines and columns count from 1; the end is the column after the last
 * character. */
void diag_print_json(struct diag_queue *queue, FILE *stream);

#endif
