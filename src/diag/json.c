/* Diagnostics as JSON, for editors and other programs. */
#include "diag/diag.h"

static void put_text(struct aza_sink *sink, const char *key, const char *text)
{
    AZA_PUT(sink, ", \"", key, "\": ");
    if (text)
        aza_put_json(sink, text);
    else
        aza_put(sink, "null");
}

static void put_number(struct aza_sink *sink, const char *key, uint32_t number)
{
    AZA_PUT(sink, ", \"", key, "\": ");
    aza_put_int(sink, number);
}

/* The file and the four numbers of a place, without a comma before them. */
static void put_place(struct aza_sink *sink, struct aza_sources *sources, struct aza_place place)
{
    uint32_t line, column, end_line, end_column;
    if (!sources || place.file >= sources->count) {
        aza_put(sink, "\"file\": null, \"line\": null, \"column\": null, "
                      "\"end_line\": null, \"end_column\": null");
        return;
    }
    aza_locate(sources, place.file, place.start, &line, &column);
    aza_locate(sources, place.file, place.start + place.length, &end_line, &end_column);
    aza_put(sink, "\"file\": ");
    aza_put_json(sink, sources->files[place.file].path);
    put_number(sink, "line", line);
    put_number(sink, "column", column);
    put_number(sink, "end_line", end_line);
    put_number(sink, "end_column", end_column);
}

static void put_labels(struct aza_sink *sink, struct aza_sources *sources,
                       const struct azd_diagnostic *diagnostic)
{
    aza_put(sink, ", \"labels\": [");
    for (size_t i = 0; i < 2 && diagnostic->labels[i].text; i++) {
        aza_put(sink, i > 0 ? ", {" : "{");
        put_place(sink, sources, diagnostic->labels[i].place);
        put_text(sink, "message", diagnostic->labels[i].text);
        aza_put_char(sink, '}');
    }
    aza_put_char(sink, ']');
}

void azd_print_json(struct azd_queue *queue, FILE *stream)
{
    struct aza_sink sink = aza_arena_sink(queue->arena);
    azd_sort(queue);
    aza_put_char(&sink, '[');
    for (size_t i = 0; i < queue->list.count; i++) {
        const struct azd_diagnostic *diagnostic = queue->list.items[i];
        aza_put(&sink, i > 0 ? ",\n {\"code\": \"" : "\n {\"code\": \"");
        azd_put_code(&sink, diagnostic->code);
        AZA_PUT(&sink, "\", \"severity\": \"", azd_severity_word(diagnostic->severity), "\", ");
        put_place(&sink, queue->sources, diagnostic->place);
        put_text(&sink, "message", diagnostic->sentence);
        put_labels(&sink, queue->sources, diagnostic);
        put_text(&sink, "detail", diagnostic->detail);
        put_text(&sink, "note", diagnostic->note);
        put_text(&sink, "help", diagnostic->help);
        aza_put_char(&sink, '}');
    }
    aza_put(&sink, queue->list.count > 0 ? "\n]\n" : "]\n");
    fwrite(sink.data, 1, sink.length, stream);
}
