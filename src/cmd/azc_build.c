/* From a rules file to a session that can decide: what every verb does first. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/azc.h"
#include "prove/prove.h"

extern char **environ;

/* stdlib stands in the source tree beside build/, and in share/ once installed. */
static const char *find_stdlib(struct aza_arena *arena, const char *said)
{
    const char *variable = getenv("AZA_STDLIB");
    if (said != NULL || (variable != NULL && *variable != '\0'))
        return said != NULL ? said : variable;
    static const char *const places[] = {"/../share/aza-pg/stdlib", "/../../stdlib", "/../stdlib"};
    char self[AZA_PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    for (size_t i = 0; length > 0 && i < sizeof places / sizeof *places; i++) {
        self[length] = '\0';
        const char *slash = strrchr(self, '/');
        const char *place = aza_format(arena, "%.*s%s", (int)(slash - self), self, places[i]);
        if (access(aza_format(arena, "%s/prelude.azr", place), R_OK) == 0)
            return place;
    }
    return "stdlib";
}

void azc_begin(struct azc_build *build)
{
    *build = (struct azc_build){.fixed = build->fixed, .fixed_count = build->fixed_count};
    build->names.arena = &build->arena;
    build->sources.arena = &build->arena;
    build->queue.arena = &build->arena;
    build->queue.sources = &build->sources;
    build->context = (struct azp_context){&build->arena, &build->names, &build->queue};
}

void azc_free(struct azc_build *build)
{
    aza_arena_free(&build->arena);
}

void azc_print_diagnostics(struct azc_build *build, const struct azc_options *options)
{
    if (options->json_diagnostics)
        azd_print_json(&build->queue, stdout);
    else
        azd_print(&build->queue, stderr, azd_wants_colour(stderr));
}

int azc_check_rules(struct azc_build *build, const struct azc_options *options)
{
    azc_begin(build);
    const char *why = NULL;
    build->program = azs_check(&build->context, options->rules,
                               find_stdlib(&build->arena, options->stdlib), &why);
    if (build->program != NULL)
        return build->queue.errors == 0 ? AZC_FINE : AZC_WRONG;
    fprintf(stderr, "azc: %s\n", why);
    return AZC_USAGE;
}

int azc_build_rules(struct azc_build *build, const struct azc_options *options, bool tests)
{
    int status = azc_check_rules(build, options);
    if (status == AZC_USAGE)
        return status;
    build->result.fixed = build->fixed;
    build->result.fixed_count = build->fixed_count;
    if (status == AZC_FINE && !aze_evaluate(build->program, &build->result))
        status = AZC_WRONG;
    if (!options->silent)
        azc_print_diagnostics(build, options);
    if (build->result.why != NULL) {
        fprintf(stderr, "azc: %s\n", build->result.why);
        return AZC_USAGE;
    }
    if (status != AZC_FINE)
        return status;
    const char *why = NULL;
    size_t roots = tests ? build->result.roots.count : 0;
    if (azb_write(&build->arena, &build->result.code, &build->result.tables,
                  build->result.roots.items, roots, &build->image, &why))
        return AZC_FINE;
    fprintf(stderr, "azc: %s: %s\n", options->rules, why);
    return AZC_WRONG;
}

void azc_print_lines(const char *kind, const struct aza_sink *said)
{
    for (const char *line = said->length == 0 ? "" : said->data; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fprintf(stderr, "azc: %s: %.*s\n", kind, (int)length, line);
        line += line[length] == '\0' ? length : length + 1;
    }
}

struct azn_session *azc_session(const struct azc_build *build)
{
    static struct azn_session session;
    if (azn_load(&session, build->program->main_path, build->image.data, build->image.length))
        return &session;
    azc_print_lines("refused", &session.refusals);
    return NULL;
}

bool azc_read_budget(const struct azc_options *options, uint32_t *budget)
{
    int64_t said = AZQ_BUDGET;
    if (options->budget != NULL && (!aza_scan_digits(aza_span_of(options->budget), &said) ||
                                    said < 1 || said > AZQ_BUDGET_MAX))
        return false;
    *budget = (uint32_t)said;
    return true;
}

bool azc_words(struct aza_arena *arena, const struct azc_options *options, int first,
               struct azv_word **words, size_t *count)
{
    *count = 0;
    *words = aza_alloc(arena, (size_t)options->word_count * sizeof **words + 1);
    for (int i = first; i < options->word_count; i++)
        if (!azn_split(options->words[i], &(*words)[(*count)++])) {
            fprintf(stderr, "azc: `%s` is not NAME=VALUE, such as memory=2GB\n", options->words[i]);
            return false;
        }
    return true;
}

int azc_decide(struct azn_session *session, const struct azc_options *options,
               const struct azv_word *words, size_t count)
{
    const struct azn_request request = {.environment = (const char *const *)environ,
                                        .root = options->root,
                                        .words = words,
                                        .word_count = count,
                                        .ask_machine = true};
    bool fine = azn_decide(session, &request);
    azc_print_lines("warning", &session->warnings);
    if (!fine)
        azc_print_lines("refused", &session->refusals);
    return fine ? AZC_FINE : AZC_WRONG;
}

int azc_put(const struct aza_sink *sink)
{
    if (sink->data == NULL || aza_write_all(STDOUT_FILENO, sink->data, sink->length))
        return AZC_FINE;
    perror("azc: standard output");
    return AZC_WRONG;
}

int azc_put_to(const struct azc_options *options, const struct aza_sink *sink)
{
    const char *why = NULL;
    if (options->output == NULL)
        return azc_put(sink);
    if (!aza_write_file(options->output, sink->data, sink->length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", options->output, why);
        return AZC_WRONG;
    }
    printf("wrote %s (%zu bytes)\n", options->output, sink->length);
    return AZC_FINE;
}
