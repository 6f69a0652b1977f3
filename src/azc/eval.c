/* azc eval: the settings for one machine, for the machines of a CSV file, or compared with a live
 * server. --minimum is in minimum.c.
 *
 * One machine is decided as in the container: facts are measured, options come from the
 * environment, and NAME=VALUE replaces both. With --csv nothing is measured, so that a file gives
 * the same output everywhere; the output has the columns of the input, followed by all settings. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalog/compare.h"
#include "azc/azc.h"

/* --- comparison with a live server --- */

/* The settings of the decided machine, with the values that the server is expected to report. */

static void add_expectations(struct base_arena *arena, const struct session *session,
                             struct catalog_expectation **list, size_t *count)
{
    const struct explain_view view = session_view(session);
    struct settings_item item;
    *list = base_alloc(arena, (LIMIT_FLAGS + 1) * sizeof **list);
    *count = 0;
    for (uint32_t cursor = 0;
         *count < LIMIT_FLAGS && settings_next(&view.settings, &cursor, &item);) {
        if (item.setting == IMAGE_NONE)
            continue;
        const struct image_setting *setting = &session->image.settings[item.setting];
        struct base_sink text = base_arena_sink(arena);
        settings_put_value(&text, &view.settings, &item);
        int64_t value = setting->slot != IMAGE_NONE ? session->slots[setting->slot].value
                                                    : session->overrides[item.setting].value;
        (*list)[(*count)++] = (struct catalog_expectation){
            .name = image_string(&session->image, setting->name),
            .kind = (enum image_kind)setting->kind,
            .value = value,
            .text = text.data,
        };
    }
}

/* A longer value shifts its own line only, instead of widening the column for all. */
enum { COLUMN_MAX = 40 };

static int wider(int width, const char *text)
{
    int length = (int)strlen(text);
    return length > width && length <= COLUMN_MAX ? length : width;
}

static size_t print_comparison(const struct catalog_expectation *expected,
                               const struct catalog_comparison *rows, size_t count)
{
    static const char missing[] = "(no such setting)";
    int name = 0, rules = 0, server = 0;
    size_t different = 0;
    for (size_t i = 0; i < count; i++) {
        name = wider(name, expected[i].name);
        rules = wider(rules, expected[i].text);
        server = wider(server, rows[i].shown == NULL ? missing : rows[i].shown);
    }
    printf("%-*s  %-*s  %-*s  %s\n", name, "setting", rules, "rules", server, "server", "set by");
    for (size_t i = 0; i < count; i++) {
        different += !rows[i].equal;
        printf("%-*s  %-*s  %-*s  %s%s%s\n", name, expected[i].name, rules, expected[i].text,
               server, rows[i].shown == NULL ? missing : rows[i].shown,
               rows[i].source == NULL ? "" : rows[i].source,
               rows[i].pending_restart ? ", restart pending" : "",
               rows[i].equal ? "" : "   DIFFERS");
    }
    return different;
}

static int compare_with_server(struct base_arena *arena, const struct session *session,
                               const char *dsn)
{
    struct catalog_expectation *expected;
    size_t count;
    const char *why = NULL;
    add_expectations(arena, session, &expected, &count);
    struct catalog_comparison *rows = base_alloc(arena, count * sizeof *rows + 1);
    if (!catalog_compare(arena, dsn, expected, count, rows, &why)) {
        fprintf(stderr, "azc: %s\n", why);
        return STATUS_WRONG;
    }
    size_t different = print_comparison(expected, rows, count);
    printf("\n%zu settings compared, %zu differ\n", count, different);
    return different == 0 ? STATUS_FINE : STATUS_WRONG;
}

/* --- machines of a CSV file --- */

enum { COLUMNS_MAX = 64 };

/* Splits one line in place; cells may be in double quotes, with "" for a quote. */
static size_t split_line(char *line, char **cells)
{
    size_t count = 0;
    for (char *at = line; count < COLUMNS_MAX;) {
        char *out = at, *cell = at;
        bool quoted = *at == '"';
        at += quoted;
        while (*at != '\0' && (quoted || *at != ',')) {
            if (quoted && *at == '"') {
                if (at[1] != '"') {
                    at++;
                    break;
                }
                at++;
            }
            *out++ = *at++;
        }
        bool more = *at == ',';
        *out = '\0';
        cells[count++] = cell;
        if (!more)
            return count;
        at++;
    }
    return count;
}

void azc_put_csv_cell(struct base_sink *sink, const char *text)
{
    bool plain = strpbrk(text, ",\"\n") == NULL;
    if (!plain)
        base_put_char(sink, '"');
    for (; *text != '\0'; text++) {
        if (*text == '"')
            base_put_char(sink, '"');
        base_put_char(sink, *text);
    }
    if (!plain)
        base_put_char(sink, '"');
}

static void put_settings_cells(struct base_arena *arena, struct base_sink *sink,
                               const struct session *session)
{
    const struct image *image = &session->image;
    for (uint32_t i = 0; i < image->output_count; i++) {
        const struct image_setting *setting = &image->settings[image->outputs[i].setting];
        const struct vm_slot *slot = &session->slots[image->outputs[i].slot];
        struct base_sink value = base_arena_sink(arena);
        if (slot->state == VM_VALUE)
            vm_put_setting(&value, &session->machine, setting, slot->value);
        base_put_char(sink, ',');
        azc_put_csv_cell(sink, value.data);
    }
    base_put_char(sink, '\n');
}

/* Appends the line of one machine: its cells and all settings. False after printing its refusals.
 */
static bool machine_line(struct base_arena *arena, struct session *session, char *const *names,
                         char *const *cells, size_t count, const char *place,
                         struct base_sink *sink)
{
    struct vm_word words[COLUMNS_MAX];
    for (size_t i = 0; i < count; i++) {
        words[i] = (struct vm_word){base_span_of(names[i]), base_span_of(cells[i])};
        base_put(sink, i == 0 ? "" : ",");
        azc_put_csv_cell(sink, cells[i]);
    }
    const struct session_request request = {.root = "", .words = words, .word_count = count};
    bool fine = session_decide(session, &request);
    azc_print_lines(base_format(arena, "%s: warning", place), &session->warnings);
    if (fine)
        put_settings_cells(arena, sink, session);
    else
        azc_print_lines(base_format(arena, "%s: refused", place), &session->refusals);
    return fine;
}

static int eval_csv(struct base_arena *arena, struct session *session, const char *path)
{
    char *text, *names[COLUMNS_MAX], *cells[COLUMNS_MAX], *rest = NULL;
    size_t length, line_number = 1;
    const char *why;
    if (!base_read_file(arena, path, 64 * LIMIT_SOURCE_BYTES, &text, &length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", path, why);
        return STATUS_USAGE;
    }
    char *line = strtok_r(text, "\r\n", &rest);
    size_t columns = line == NULL ? 0 : split_line(line, names);
    struct base_sink sink = base_arena_sink(arena);
    for (size_t i = 0; i < columns; i++)
        BASE_PUT(&sink, i == 0 ? "" : ",", names[i]);
    for (uint32_t i = 0; i < session->image.output_count; i++) {
        const struct image_output *output = &session->image.outputs[i];
        BASE_PUT(&sink, ",",
                 image_string(&session->image, session->image.settings[output->setting].name));
    }
    base_put(&sink, "\n");
    while ((line = strtok_r(NULL, "\r\n", &rest)) != NULL) {
        line_number++;
        const char *place = base_format(arena, "%s:%zu", path, line_number);
        if (split_line(line, cells) != columns) {
            fprintf(stderr, "azc: %s: the line and the header have different numbers of cells\n",
                    place);
            return STATUS_USAGE;
        }
        if (!machine_line(arena, session, names, cells, columns, place, &sink))
            return STATUS_WRONG;
    }
    return azc_put(&sink);
}

static int eval_one(struct compilation *build, const struct azc_options *options,
                    struct session *session, enum settings_format format)
{
    struct vm_word *words;
    size_t count;
    if (!azc_words(&build->arena, options, 0, &words, &count))
        return STATUS_USAGE;
    int status = azc_decide(session, options, words, count);
    if (status != STATUS_FINE)
        return status;
    if (options->against != NULL)
        return compare_with_server(&build->arena, session, options->against);
    struct base_sink sink = base_arena_sink(&build->arena);
    const struct explain_view view = session_view(session);
    settings_put(&sink, format, &view.settings);
    return azc_put(&sink);
}

static int run_eval(const struct azc_options *options)
{
    struct compilation build = {0};
    if (options->minimum != NULL)
        return azc_minimum(options);
    enum settings_format format =
        settings_find_format(options->format == NULL ? "table" : options->format);
    if (format == SETTINGS_FORMATS)
        return azc_misuse("eval", "unknown format ", options->format);
    struct session *session;
    int status = azc_compile_session(&build, options, &session);
    if (status == STATUS_FINE)
        status = options->csv != NULL ? eval_csv(&build.arena, session, options->csv)
                                      : eval_one(&build, options, session, format);
    compile_free(&build);
    return status;
}

const struct azc_verb azc_eval = {
    .name = "eval",
    .summary = "print the settings for a machine",
    .usage = "eval [NAME=VALUE...] [--format FORMAT] [--against DSN] [--csv FILE]\n"
             "                [--minimum FACT]",
    .text = "Prints the settings for this machine. NAME=VALUE replaces a fact or an option, or\n"
            "sets a setting as the operator would; all others are measured on this machine and\n"
            "read from the environment. With --csv, the inputs come from the file alone. With\n"
            "--minimum memory, proves the least memory with which no machine is refused, given\n"
            "these options.\n"
            "FORMAT is one of"
#define X(name, word, opening, line, closing) " " word
#include "settings/formats.def"
#undef X
            ".\n\n"
            "examples: azc eval memory=2GB cpus=2 workload=oltp\n"
            "          azc eval max_connections=50 --format conf\n"
            "          azc eval --minimum memory sizing=guaranteed preload=timescaledb,pg_cron\n"
            "          azc eval --against 'host=localhost user=postgres'\n",
    .options = "rules format against csv minimum budget root stdlib",
    .run = run_eval,
};
