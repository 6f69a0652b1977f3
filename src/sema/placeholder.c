/* The placeholders of an included file: `@NAME@`, a name of capitals, digits and underscores.
 *
 * Each placeholder must have a value, and each value a placeholder; both directions are checked,
 * since a misspelt name shows up in both. The two are then reported as one mistake. In a shell
 * script each placeholder also records its lexical context (shell.c), which decides how eval may
 * encode the value.
 *
 * A name may occur several times in the file. An unknown name is reported once, at its first place.
 */
#include <string.h>

#include "sema/check.h"
#include "sema/shell.h"

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* The length of the placeholder at the beginning of a text, with both `@`; 0 if there is none. */
static size_t placeholder_length(struct base_span text)
{
    size_t length = 1;
    if (text.length < 3 || text.start[0] != '@' || !is_capital(text.start[1]))
        return 0;
    while (length < text.length && (is_capital(text.start[length]) || text.start[length] == '_' ||
                                    (text.start[length] >= '0' && text.start[length] <= '9')))
        length++;
    return length < text.length && text.start[length] == '@' ? length + 1 : 0;
}

/* The index of the value with that name; the number of values if there is none. */
static size_t find_value(const struct syntax_pairs *values, struct base_span name)
{
    size_t i = 0;
    while (i < values->count && !base_span_is(name, values->items[i].name.text))
        i++;
    return i;
}

static bool is_shell_script(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot != NULL && (base_text_is(dot, ".sh") || base_text_is(dot, ".bash"));
}

/* Whether a value is given a second time; reports it. */
static bool is_given_before(struct sema_checker *checker, const struct syntax_pairs *values,
                            size_t i)
{
    struct syntax_word name = values->items[i].name;
    const size_t first = find_value(values, base_span_of(name.text));
    if (first == i)
        return false;
    struct diagnostic *twice = diag_report(checker->queue, DIAG_DUPLICATE_NAME, name.place,
                                           "`%s` is given twice", name.text);
    diag_label(twice, values->items[first].name.place, "first given here");
    return true;
}

bool sema_check_filling(struct sema_checker *checker, const struct syntax_expr *expr, size_t i)
{
    struct syntax_expr *value = expr->file.values.items[i].value;
    bool secret = false, fine = sema_piece(checker, value, &secret);
    if (secret)
        diag_report(checker->queue, DIAG_SECRET_USED, value->place,
                    "a secret cannot fill a placeholder: the file is written when the rules are "
                    "compiled");
    if (value->class == SYNTAX_CALL && base_text_is(value->call.function.text, "as_shell") &&
        is_shell_script(expr->file.path.text)) {
        struct diagnostic *twice =
            diag_report(checker->queue, DIAG_PLACEHOLDER, value->place,
                        "the values of a shell script are encoded for the shell already");
        diag_help(checker->queue, twice, "remove `as_shell`");
        fine = false;
    }
    return !is_given_before(checker, &expr->file.values, i) && fine && !secret;
}

struct check {
    struct sema_checker *checker;
    const struct syntax_expr *expr;
    struct sema_included *included;
    bool *used;                          /* for each value */
    BASE_LIST(const char *) unknown;     /* names that have no value, each once */
    BASE_LIST(struct base_place) places; /* the first of each */
    bool excused[LIMIT_PLACEHOLDERS];    /* for each unknown name: a misspelt value was reported */
    BASE_LIST(const char *) names;       /* of all placeholders */
};

static bool has_name(const char *const *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (base_text_is(names[i], name))
            return true;
    return false;
}

static void add_placeholder(struct check *check, struct base_place place, struct base_span name,
                            enum sema_shell_place shell_place)
{
    struct base_arena *arena = check->checker->context->arena;
    const struct syntax_pairs *values = &check->expr->file.values;
    const size_t value = find_value(values, name);
    const char *text = base_intern(check->checker->context->names, name.start, name.length);
    if (!has_name(check->names.items, check->names.count, text))
        *BASE_PUSH(arena, &check->names) = text;
    if (value < values->count) {
        check->used[value] = true;
        *BASE_PUSH(arena, &check->included->placeholders) =
            (struct sema_placeholder){place, value, shell_place};
    } else if (!has_name(check->unknown.items, check->unknown.count, text)) {
        *BASE_PUSH(arena, &check->unknown) = text;
        *BASE_PUSH(arena, &check->places) = place;
    }
}

/* Collects all placeholders; false after reporting that there are too many. */
static bool find_all_placeholders(struct check *check)
{
    const uint16_t source = check->included->source;
    const struct base_source *file = &check->checker->queue->sources->files[source];
    struct sema_shell shell = {.text = {file->text, file->length}};
    size_t count = 0;
    for (size_t at = 0, length; at < file->length; at += length) {
        length = placeholder_length((struct base_span){file->text + at, file->length - at});
        if (length > 0 && ++count > LIMIT_PLACEHOLDERS) {
            diag_report(check->checker->queue, DIAG_TOO_LARGE, check->expr->file.path.place,
                        "`%s` has more than %d placeholders", file->path, LIMIT_PLACEHOLDERS);
            return false;
        }
        if (length > 0)
            add_placeholder(check, (struct base_place){source, (uint32_t)at, (uint32_t)length},
                            (struct base_span){file->text + at + 1, length - 2},
                            check->included->shell ? sema_shell_place_at(&shell, at, length)
                                                   : SEMA_SHELL_UNSURE);
        else
            length = 1;
    }
    return true;
}

/* The name in capitals, as placeholders are written. */
static const char *in_capitals(struct base_arena *arena, const char *name)
{
    char *capitals = base_copy_text(arena, name, strlen(name));
    for (char *at = capitals; *at != '\0'; at++)
        *at = (char)(*at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
    return capitals;
}

/* Reports a value without a placeholder. If a placeholder without a value has a near name, the two
 * are the same mistake, and that placeholder is not reported. */
static void report_unused(struct check *check, struct syntax_word name)
{
    struct diag_queue *queue = check->checker->queue;
    const char *path = queue->sources->files[check->included->source].path;
    const char *capitals = in_capitals(check->checker->context->arena, name.text);
    const char *near = diag_nearest(capitals, check->unknown.items, check->unknown.count);
    struct diagnostic *unused = diag_report(queue, DIAG_PLACEHOLDER, name.place,
                                            "`%s` contains no placeholder `@%s@`", path, name.text);
    for (size_t i = 0; near != NULL && i < check->unknown.count; i++)
        check->excused[i] = check->excused[i] || check->unknown.items[i] == near;
    if (near != NULL)
        diag_help(queue, unused, "did you mean `%s`?", near);
    else
        diag_help(queue, unused, "remove the value, or write `@%s@` where the file needs it",
                  capitals);
}

static void report_unknown(struct check *check, const char *name, struct base_place place)
{
    struct diag_queue *queue = check->checker->queue;
    struct diagnostic *unknown =
        diag_report(queue, DIAG_PLACEHOLDER, place, "the placeholder `@%s@` has no value", name);
    diag_label(unknown, check->expr->file.path.place, "included here");
    diag_help(queue, unknown, "give it one: `file \"%s\" with { %s: ... }`",
              check->expr->file.path.text, name);
}

const struct sema_included *sema_find_placeholders(struct sema_checker *checker,
                                                   const struct syntax_expr *expr, uint16_t source)
{
    struct sema_included *included = BASE_NEW(checker->context->arena, struct sema_included);
    const struct syntax_pairs *values = &expr->file.values;
    struct check check = {.checker = checker, .expr = expr, .included = included};
    included->source = source;
    included->shell = is_shell_script(checker->queue->sources->files[source].path);
    check.used = base_alloc(checker->context->arena, values->count + 1);
    if (!find_all_placeholders(&check))
        return included;
    for (size_t i = 0; i < values->count; i++)
        if (!check.used[i] && find_value(values, base_span_of(values->items[i].name.text)) == i)
            report_unused(&check, values->items[i].name);
    for (size_t i = 0; i < check.unknown.count; i++)
        if (!check.excused[i])
            report_unknown(&check, check.unknown.items[i], check.places.items[i]);
    return included;
}
