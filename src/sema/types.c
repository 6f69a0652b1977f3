/* Types: making, naming, joining and accepting them. */
#include <string.h>

#include "sema/check.h"

struct azs_type *azs_scalar(enum azb_kind kind)
{
    static struct azs_type scalars[AZB_KINDS] = {
#define X(name, word, number) {.kind = AZB_##name},
#include "kinds.def"
#undef X
    };
    return &scalars[kind];
}

struct azs_type *azs_error(void)
{
    static struct azs_type error = {.error = true};
    return &error;
}

struct azs_type *azs_enum(struct azs_checker *checker, const struct azs_enumeration *enumeration)
{
    struct azs_type *type = AZA_NEW(checker->context->arena, struct azs_type);
    type->kind = AZB_ENUM;
    type->enumeration = enumeration;
    return type;
}

struct azs_type *azs_optional(struct azs_checker *checker, struct azs_type *type, bool optional)
{
    if (type->error || type->optional == optional)
        return type;
    struct azs_type *copy = AZA_NEW(checker->context->arena, struct azs_type);
    *copy = *type;
    copy->optional = optional;
    return copy;
}

const char *azs_type_word(const struct azs_type *type)
{
    return type->secret ? "a secret" : azb_kind_word(type->kind);
}

bool azs_is_number(const struct azs_type *type)
{
    static const bool numbers[AZB_KINDS] = {
#define X(name, word, number) number,
#include "kinds.def"
#undef X
    };
    return type->error || numbers[type->kind];
}

bool azs_has_member(const struct azs_enumeration *enumeration, const char *member)
{
    for (size_t i = 0; i < enumeration->count; i++)
        if (aza_text_is(enumeration->members[i], member))
            return true;
    return false;
}

const char *azs_words(struct azs_checker *checker, const char *const *words, size_t count)
{
    struct aza_sink sink = aza_arena_sink(checker->context->arena);
    for (size_t i = 0; i < count; i++)
        AZA_PUT(&sink, i == 0 ? "`" : i + 1 < count ? ", `" : " and `", words[i], "`");
    return sink.data;
}

void azs_check_count(struct azs_checker *checker, size_t count, struct aza_place place,
                     const char *what)
{
    if (count > AZA_ROWS_MAX)
        azd_report(checker->queue, AZD_TOO_LARGE, place, "more than %d %s", AZA_ROWS_MAX, what);
}

static const struct azs_enumeration *declared_enum(struct azs_checker *checker,
                                                   const struct azp_type *written, const char *name)
{
    struct azs_enumeration *enumeration = AZA_NEW(checker->context->arena, struct azs_enumeration);
    const char **members =
        aza_alloc(checker->context->arena, written->members.count * sizeof *members);
    azs_check_count(checker, written->members.count, written->place, "members");
    for (size_t i = 0; i < written->members.count && i < AZA_ROWS_MAX; i++) {
        const struct azp_word *word = &written->members.items[i];
        for (size_t j = 0; j < i; j++)
            if (members[j] == word->text) {
                struct azd_diagnostic *twice =
                    azd_report(checker->queue, AZD_DUPLICATE_NAME, word->place,
                               "`%s` is listed twice", word->text);
                azd_label(twice, written->members.items[j].place, "first listed here");
            }
        members[i] = word->text;
    }
    enumeration->name = name;
    enumeration->members = members;
    enumeration->count =
        written->members.count < AZA_ROWS_MAX ? written->members.count : AZA_ROWS_MAX;
    return enumeration;
}

/* A type by its name: a kind, or an input of enum type. */
static struct azs_type *named_type(struct azs_checker *checker, const struct azp_type *written)
{
    static const char *const words[] = {"bool", "int", "ratio", "bytes", "time", "text"};
    static const enum azb_kind kinds[] = {AZB_BOOL,  AZB_INT,  AZB_RATIO,
                                          AZB_BYTES, AZB_TIME, AZB_TEXT};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (aza_text_is(words[i], written->name))
            return azs_scalar(kinds[i]);
    struct azs_symbol *symbol = azs_find(checker->program, written->name);
    if (symbol != NULL && symbol->enumeration != NULL)
        return azs_enum(checker, symbol->enumeration);
    struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_UNKNOWN_TYPE, written->place,
                                                "`%s` is not a type", written->name);
    AZA_LIST(const char *) names = {0};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        *AZA_PUSH(checker->context->arena, &names) = words[i];
    for (size_t i = 0; i < checker->program->inputs.count; i++)
        if (checker->program->inputs.items[i]->enumeration != NULL)
            *AZA_PUSH(checker->context->arena, &names) = checker->program->inputs.items[i]->name;
    azs_suggest_near(checker, unknown, written->name, names.items, names.count);
    azd_note(checker->queue, unknown,
             "types are bool, int, ratio, bytes, time, text, enum { ... }, list of text, and the "
             "name of an option that is an enum");
    return azs_error();
}

static struct azs_type *meaning(struct azs_checker *checker, const struct azp_type *written,
                                const char *name)
{
    const struct azp_type *of = written->list ? written->element : written;
    struct azs_type *type = of->name == NULL ? azs_enum(checker, declared_enum(checker, of, name))
                                             : named_type(checker, of);
    if (written->list && !type->error) {
        if (type->kind != AZB_TEXT) {
            struct azd_diagnostic *other = azd_report(checker->queue, AZD_UNKNOWN_TYPE,
                                                      written->place, "only lists of text exist");
            azd_help(checker->queue, other, "write `list of text`");
            return azs_error();
        }
        type = azs_scalar(AZB_LIST);
    }
    return azs_optional(checker, type, written->optional);
}

struct azs_type *azs_type_of(struct azs_checker *checker, struct azp_type *written,
                             const char *name)
{
    if (written->meaning == NULL)
        written->meaning = meaning(checker, written, name);
    return written->meaning;
}

struct azs_type *azs_join(struct azs_checker *checker, struct azs_type *a, struct azs_type *b)
{
    if (a->error || b->error)
        return azs_error();
    bool optional = a->optional || b->optional;
    if (a->kind == b->kind && a->secret == b->secret)
        return a->kind == AZB_ENUM && a->enumeration != b->enumeration
                   ? NULL
                   : azs_optional(checker, a, optional);
    if ((a->kind == AZB_INT && b->kind == AZB_RATIO) ||
        (a->kind == AZB_RATIO && b->kind == AZB_INT))
        return azs_optional(checker, azs_scalar(AZB_RATIO), optional);
    return NULL;
}

/* An enum may stand for another if that one has all its members: the option wal_level for the
 * setting wal_level. */
static bool accept_members(struct azs_checker *checker, const struct azp_expr *expr,
                           const struct azs_enumeration *got, const struct azs_enumeration *wanted)
{
    for (size_t i = 0; got != wanted && i < got->count; i++)
        if (!azs_has_member(wanted, got->members[i])) {
            struct azd_diagnostic *missing = azd_report(
                checker->queue, AZD_UNKNOWN_MEMBER, expr->place,
                "`%s` may be `%s`, which `%s` cannot be", got->name, got->members[i], wanted->name);
            azd_help(checker->queue, missing, "choose with `match`");
            return false;
        }
    return true;
}

/* How to mend a value of the wrong type, where one can guess what was meant. */
static void help_accept(struct azs_checker *checker, struct azd_diagnostic *wrong,
                        const struct azp_expr *expr, const struct azs_type *wanted,
                        const char *what)
{
    const struct azs_type *got = expr->type;
    bool named = *what == '`', written = expr->class == AZP_QUANTITY || expr->class == AZP_TEXT;
    if (wanted->kind == AZB_BYTES && got->kind == AZB_INT)
        azd_help(checker->queue, wrong, "give the number a unit, such as MB");
    else if (wanted->kind == AZB_TIME && got->kind == AZB_INT)
        azd_help(checker->queue, wrong, "give the number a unit, such as s");
    else if (wanted->kind == AZB_TEXT)
        azd_help(checker->queue, wrong, "write it into a text: \"\\(...)\"");
    else if (wanted->kind == AZB_LIST && got->kind == AZB_TEXT)
        azd_help(checker->queue, wrong, "write it in brackets: [\"...\"]");
    else if (wanted->kind == AZB_ENUM)
        azd_help(checker->queue, wrong, "it is one of %s",
                 azs_words(checker, wanted->enumeration->members, wanted->enumeration->count));
    else if (wanted->kind == AZB_BOOL && named && written)
        azd_help(checker->queue, wrong, "write `on` or `off`");
    else if (wanted->kind == AZB_INT && expr->class == AZP_QUANTITY)
        azd_help(checker->queue, wrong, "write the number without a unit");
}

bool azs_accept(struct azs_checker *checker, const struct azp_expr *expr,
                const struct azs_type *wanted, const char *what)
{
    const struct azs_type *got = expr->type;
    if (got->error || wanted->error)
        return true;
    if (got->kind == wanted->kind && !got->secret)
        return got->kind != AZB_ENUM ||
               accept_members(checker, expr, got->enumeration, wanted->enumeration);
    if (got->kind == AZB_INT && wanted->kind == AZB_RATIO)
        return true;
    if (got->kind == AZB_RATIO && wanted->kind == AZB_INT) {
        struct azd_diagnostic *ratio =
            azd_report(checker->queue, AZD_NEEDS_ROUNDING, expr->place,
                       "%s is a whole number, and this is a ratio", what);
        azd_help(checker->queue, ratio, "add `rounded down to 1`, or `rounded up to 1`");
        return false;
    }
    struct azd_diagnostic *wrong =
        azd_report(checker->queue, AZD_WRONG_TYPE, expr->place, "%s is %s, and this is %s", what,
                   azb_kind_word(wanted->kind), azs_type_word(got));
    help_accept(checker, wrong, expr, wanted, what);
    return false;
}
