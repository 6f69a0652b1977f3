/* Diagnostics as JSON, for editors and other programs. diag.h describes the members; each message
 * has all of them, in the same order, and all messages of the queue are printed. */
#include "diag/diag.h"

static void put_text_member(struct base_sink *sink, const char *key, const char *text)
{
    BASE_PUT(sink, ", \"", key, "\": ");
    if (text)
        base_put_json(sink, text);
    else
        base_put(sink, "null");
}

static void put_number_member(struct base_sink *sink, const char *key, uint32_t number)
{
    BASE_PUT(sink, ", \"", key, "\": ");
    base_put_int(sink, number);
}

/* The file and the four numbers of a place, without a comma before them. */
static void put_place_members(struct base_sink *sink, struct base_sources *sources,
                              struct base_place place)
{
    uint32_t line, column, end_line, end_column;
    if (!sources || place.file >= sources->count) {
        base_put(sink, "\"file\": null, \"line\": null, \"column\": null, "
                       "\"end_line\": null, \"end_column\": null");
        return;
    }
    base_locate(sources, place.file, place.start, &line, &column);
    base_locate(sources, place.file, place.start + place.length, &end_line, &end_column);
    base_put(sink, "\"file\": ");
    base_put_json(sink, sources->files[place.file].path);
    put_number_member(sink, "line", line);
    put_number_member(sink, "column", column);
    put_number_member(sink, "end_line", end_line);
    put_number_member(sink, "end_column", end_column);
}

static void put_labels(struct base_sink *sink, struct base_sources *sources,
                       const struct diagnostic *diagnostic)
{
    base_put(sink, ", \"labels\": [");
    for (size_t i = 0; i < 2 && diagnostic->labels[i].text; i++) {
        base_put(sink, i > 0 ? ", {" : "{");
        put_place_members(sink, sources, diagnostic->labels[i].place);
        put_text_member(sink, "message", diagnostic->labels[i].text);
        base_put_char(sink, '}');
    }
    base_put_char(sink, ']');
}

void diag_print_json(struct diag_queue *queue, FILE *stream)
{
    struct base_sink sink = base_arena_sink(queue->arena);
    diag_sort(queue);
    base_put_char(&sink, '[');
    for (size_t i = 0; i < queue->list.count; i++) {
        const struct diagnostic *diagnostic = queue->list.items[i];
        base_put(&sink, i > 0 ? ",\n {\"code\": \"" : "\n {\"code\": \"");
        diag_put_code(&sink, diagnostic->code);
        BASE_PUT(&sink, "\", \"severity\": \"", diag_severity_word(diagnostic->severity), "\", ");
        put_place_members(&sink, queue->sources, diagnostic->place);
        put_text_member(&sink, "message", diagnostic->sentence);
        put_labels(&sink, queue->sources, diagnostic);
        put_text_member(&sink, "detail", diagnostic->detail);
        put_text_member(&sink, "note", diagnostic->note);
        put_text_member(&sink, "help", diagnostic->help);
        base_put_char(&sink, '}');
    }
    base_put(&sink, queue->list.count > 0 ? "\n]\n" : "]\n");
    fwrite(sink.data, 1, sink.length, stream);
}
