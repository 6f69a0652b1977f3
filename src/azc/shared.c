/* What the verbs of azc share: NAME=VALUE words, the session of a compiled rule set, output. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "azc/azc.h"
#include "prove/prove.h"

void azc_print_lines(const char *kind, const struct base_sink *text)
{
    for (const char *line = text->length == 0 ? "" : text->data; *line != '\0';) {
        size_t length = strcspn(line, "\n");
        fprintf(stderr, "azc: %s: %.*s\n", kind, (int)length, line);
        line += line[length] == '\0' ? length : length + 1;
    }
}

struct session *azc_session(const struct compilation *build)
{
    static struct session session;
    if (session_load(&session, build->program->main_path, build->image.data, build->image.length))
        return &session;
    azc_print_lines("refused", &session.refusals);
    return NULL;
}

bool azc_read_budget(const struct azc_options *options, uint32_t *budget)
{
    int64_t boxes = PROVE_BUDGET;
    if (options->budget != NULL && (!base_scan_digits(base_span_of(options->budget), &boxes) ||
                                    boxes < 1 || boxes > PROVE_BUDGET_MAX))
        return false;
    *budget = (uint32_t)boxes;
    return true;
}

bool azc_words(struct base_arena *arena, const struct azc_options *options, int first,
               struct vm_word **words, size_t *count)
{
    *count = 0;
    *words = base_alloc(arena, (size_t)options->word_count * sizeof **words + 1);
    for (int i = first; i < options->word_count; i++)
        if (!vm_split_word(options->words[i], &(*words)[(*count)++])) {
            fprintf(stderr, "azc: expected NAME=VALUE, such as memory=2GB, not `%s`\n",
                    options->words[i]);
            return false;
        }
    return true;
}

int azc_decide(struct session *session, const struct azc_options *options,
               const struct vm_word *words, size_t count)
{
    const struct session_request request = {.environment = (const char *const *)environ,
                                            .root = options->root,
                                            .words = words,
                                            .word_count = count,
                                            .ask_machine = true};
    bool fine = session_decide(session, &request);
    azc_print_lines("warning", &session->warnings);
    if (!fine)
        azc_print_lines("refused", &session->refusals);
    return fine ? STATUS_FINE : STATUS_WRONG;
}

int azc_put(const struct base_sink *sink)
{
    if (base_write_all(STDOUT_FILENO, sink->data, sink->length))
        return STATUS_FINE;
    perror("azc: standard output");
    return STATUS_WRONG;
}

int azc_put_to(const struct azc_options *options, const struct base_sink *sink)
{
    const char *why = NULL;
    if (options->output == NULL)
        return azc_put(sink);
    if (!base_write_file(options->output, sink->data, sink->length, &why)) {
        fprintf(stderr, "azc: %s: %s\n", options->output, why);
        return STATUS_WRONG;
    }
    printf("wrote %s (%zu bytes)\n", options->output, sink->length);
    return STATUS_FINE;
}
