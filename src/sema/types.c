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

struct azs_type *azs_secret(void)
{
    static struct azs_type secret = {.secret = true, .kind = AZB_TEXT};
    return &secret;
}

struct azs_type *azs_anything(void)
{
    static struct azs_type anything = {.form = AZS_ANYTHING, .kind = AZB_KINDS};
    return &anything;
}

static struct azs_type *collection(struct azs_checker *checker, enum azs_form form,
                                   struct azs_type *element)
{
    struct azs_type *type = AZA_NEW(checker->context->arena, struct azs_type);
    *type = (struct azs_type){.form = form, .kind = AZB_KINDS, .element = element};
    return type;
}

struct azs_type *azs_list_of(struct azs_checker *checker, struct azs_type *element)
{
    return element->error ? element : collection(checker, AZS_LIST_OF, element);
}

struct azs_type *azs_map_of(struct azs_checker *checker, struct azs_type *element)
{
    return element->error ? element : collection(checker, AZS_MAP_OF, element);
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
    static const char *const forms[] = {
        [AZS_LIST_OF] = "a list", [AZS_MAP_OF] = "a map", [AZS_ANYTHING] = "data"};
    if (type->form == AZS_RECORD)
        return type->schema->name;
    if (type->form != AZS_SCALAR)
        return forms[type->form];
    return type->secret ? "a secret" : azb_kind_word(type->kind);
}

bool azs_is_number(const struct azs_type *type)
{
    static const bool numbers[AZB_KINDS] = {
#define X(name, word, number) number,
#include "kinds.def"
#undef X
    };
    return type->error || (type->form == AZS_SCALAR && numbers[type->kind]);
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

/* The words that name a type, but for schemas, kinds of blocks, and options that are enums. */
static const struct {
    const char *word;
    enum azb_kind kind; /* AZB_KINDS: none of its own */
} type_words[] = {
    {"bool", AZB_BOOL}, {"int", AZB_INT},   {"ratio", AZB_RATIO},  {"bytes", AZB_BYTES},
    {"time", AZB_TIME}, {"text", AZB_TEXT}, {"secret", AZB_KINDS}, {"data", AZB_KINDS},
};
enum { TYPE_WORDS = sizeof type_words / sizeof *type_words };

static struct azs_type *unknown_type(struct azs_checker *checker, const struct azp_type *written)
{
    struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_UNKNOWN_TYPE, written->place,
                                                "`%s` is not a type", written->name);
    AZA_LIST(const char *) names = {0};
    for (size_t i = 0; i < TYPE_WORDS; i++)
        *AZA_PUSH(checker->context->arena, &names) = type_words[i].word;
    for (size_t i = 0; i < checker->program->inputs.count; i++)
        if (checker->program->inputs.items[i]->enumeration != NULL)
            *AZA_PUSH(checker->context->arena, &names) = checker->program->inputs.items[i]->name;
    for (size_t i = 0; i < checker->program->schemas.count; i++) {
        *AZA_PUSH(checker->context->arena, &names) = checker->program->schemas.items[i]->name;
        if (checker->program->schemas.items[i]->kind != NULL)
            *AZA_PUSH(checker->context->arena, &names) = checker->program->schemas.items[i]->kind;
    }
    azs_suggest_near(checker, unknown, written->name, names.items, names.count);
    azd_note(checker->queue, unknown,
             "types are bool, int, ratio, bytes, time, text, secret, data, enum { ... }, list of "
             "and map of a type, a schema, and the name of an option that is an enum");
    return azs_error();
}

static struct azs_type *named_type(struct azs_checker *checker, const struct azp_type *written)
{
    for (size_t i = 0; i < TYPE_WORDS; i++)
        if (aza_text_is(type_words[i].word, written->name))
            return type_words[i].kind != AZB_KINDS        ? azs_scalar(type_words[i].kind)
                   : aza_text_is(written->name, "secret") ? azs_secret()
                                                          : azs_anything();
    struct azs_symbol *symbol = azs_find(checker->program, written->name);
    if (symbol != NULL && symbol->enumeration != NULL)
        return azs_enum(checker, symbol->enumeration);
    if (symbol != NULL && (symbol->class == AZS_SCHEMA || symbol->class == AZS_KIND))
        return symbol->schema->type;
    return unknown_type(checker, written);
}

/* Names in a list of text are joined by commas, each once: that is how a list travels that is known
 * only at start. Lists that stand in structures are lists of values. */
static struct azs_type *meaning(struct azs_checker *checker, struct azp_type *written,
                                const char *name, bool scalar)
{
    struct azs_type *type;
    if (written->list || written->map) {
        type = meaning(checker, written->element, name, false);
        if (!type->error)
            type = written->map ? azs_map_of(checker, type)
                   : scalar && type->form == AZS_SCALAR && type->kind == AZB_TEXT && !type->secret
                       ? azs_scalar(AZB_LIST)
                       : azs_list_of(checker, type);
    } else {
        type = written->name == NULL ? azs_enum(checker, declared_enum(checker, written, name))
                                     : named_type(checker, written);
    }
    return azs_optional(checker, type, written->optional);
}

struct azs_type *azs_type_of(struct azs_checker *checker, struct azp_type *written,
                             const char *name)
{
    if (written->meaning == NULL)
        written->meaning = meaning(checker, written, name, true);
    return written->meaning;
}

struct azs_type *azs_scalar_type_of(struct azs_checker *checker, struct azp_type *written,
                                    const char *name)
{
    const bool first = written->meaning == NULL;
    struct azs_type *type = azs_type_of(checker, written, name);
    if (type->error || (type->form == AZS_SCALAR && !type->secret))
        return type;
    if (first) {
        struct azd_diagnostic *form =
            azd_report(checker->queue, AZD_UNKNOWN_TYPE, written->place,
                       "only numbers, words, texts and lists of text are known at start");
        if (written->list)
            azd_help(checker->queue, form, "write `list of text`");
    }
    return written->meaning = azs_error();
}

struct azs_type *azs_value_type_of(struct azs_checker *checker, struct azp_type *written,
                                   const char *name)
{
    if (written->meaning == NULL)
        written->meaning = meaning(checker, written, name, false);
    return written->meaning;
}

/* A list of text that is a scalar, and one that is a list of values, are the same to whoever writes
 * one where the other is needed: eval makes the one of the other. */
static bool is_text_list(const struct azs_type *type)
{
    return type->form == AZS_SCALAR
               ? type->kind == AZB_LIST
               : type->form == AZS_LIST_OF && type->element->form == AZS_SCALAR &&
                     type->element->kind == AZB_TEXT && !type->element->secret;
}

static struct azs_type *join_forms(struct azs_checker *checker, struct azs_type *a,
                                   struct azs_type *b)
{
    if (is_text_list(a) && is_text_list(b))
        return a->form == AZS_LIST_OF ? a : b;
    if (a->form != b->form)
        return a->form == AZS_ANYTHING ? a : b->form == AZS_ANYTHING ? b : NULL;
    if (a->form == AZS_RECORD) {
        const struct azs_schema *both = a->schema;
        while (both != NULL && !azs_is_a(b->schema, both))
            both = both->parent;
        return both == NULL ? NULL : both->type;
    }
    if (a->form == AZS_ANYTHING)
        return a;
    struct azs_type *element = azs_join(checker, a->element, b->element);
    return element == NULL          ? NULL
           : a->form == AZS_LIST_OF ? azs_list_of(checker, element)
                                    : azs_map_of(checker, element);
}

struct azs_type *azs_join(struct azs_checker *checker, struct azs_type *a, struct azs_type *b)
{
    if (a->error || b->error)
        return azs_error();
    bool optional = a->optional || b->optional;
    if (a->form != AZS_SCALAR || b->form != AZS_SCALAR) {
        struct azs_type *joined = join_forms(checker, a, b);
        return joined == NULL ? NULL : azs_optional(checker, joined, optional);
    }
    if (a->kind == b->kind)
        return a->kind == AZB_ENUM && a->enumeration != b->enumeration
                   ? NULL
                   : azs_optional(checker, a->secret ? a : b, optional);
    if ((a->kind == AZB_INT && b->kind == AZB_RATIO) ||
        (a->kind == AZB_RATIO && b->kind == AZB_INT))
        return azs_optional(checker, azs_scalar(AZB_RATIO), optional);
    return NULL;
}

static bool has_all_members(const struct azs_enumeration *got, const struct azs_enumeration *wanted)
{
    for (size_t i = 0; got != wanted && i < got->count; i++)
        if (!azs_has_member(wanted, got->members[i]))
            return false;
    return true;
}

bool azs_fits(const struct azs_type *got, const struct azs_type *wanted)
{
    if (got->error || wanted->error || wanted->form == AZS_ANYTHING)
        return true;
    if (got->form != AZS_SCALAR || wanted->form != AZS_SCALAR) {
        if (is_text_list(got) && is_text_list(wanted))
            return true;
        return got->form == wanted->form &&
               (got->form == AZS_RECORD
                    ? azs_is_a(got->schema, wanted->schema)
                    : got->form == AZS_ANYTHING || azs_fits(got->element, wanted->element));
    }
    if (got->secret && !wanted->secret)
        return false;
    return got->kind == wanted->kind
               ? got->kind != AZB_ENUM || has_all_members(got->enumeration, wanted->enumeration)
               : got->kind == AZB_INT && wanted->kind == AZB_RATIO;
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

static bool refuse_secret(struct azs_checker *checker, const struct azp_expr *expr,
                          const char *what)
{
    struct azd_diagnostic *secret =
        azd_report(checker->queue, AZD_SECRET_USED, expr->place,
                   "%s could be read by others, and this is made from a secret", what);
    azd_help(checker->queue, secret,
             "a secret can only end in a file: `emit start \"PATH\" mode 0600 for COMMAND ...`");
    return false;
}

static bool refuse_form(struct azs_checker *checker, const struct azp_expr *expr,
                        const struct azs_type *wanted, const char *what)
{
    const struct azs_type *got = expr->type;
    while (got->form == wanted->form && got->element != NULL && wanted->element != NULL) {
        got = got->element;
        wanted = wanted->element;
    }
    if (got->secret && !wanted->secret && wanted->form == AZS_SCALAR)
        return refuse_secret(checker, expr, what);
    struct azd_diagnostic *wrong =
        azd_report(checker->queue, AZD_WRONG_TYPE, expr->place,
                   got == expr->type ? "%s is %s, and this is %s"
                                     : "%s holds values that are %s, and this one holds %s",
                   what, azs_type_word(wanted), azs_type_word(got));
    if (wanted->form == AZS_LIST_OF && azs_fits(expr->type, wanted->element))
        azd_help(checker->queue, wrong, "write it in brackets: [...]");
    else if (wanted->form == AZS_SCALAR && wanted->kind == AZB_TEXT &&
             expr->type->form == AZS_RECORD && expr->type->schema->kind != NULL)
        azd_help(checker->queue, wrong, "its name is `name_of(...)`");
    return false;
}

bool azs_accept(struct azs_checker *checker, const struct azp_expr *expr,
                const struct azs_type *wanted, const char *what)
{
    const struct azs_type *got = expr->type;
    if (got->error || wanted->error)
        return true;
    if (got->form != AZS_SCALAR || wanted->form != AZS_SCALAR)
        return azs_fits(got, wanted) || refuse_form(checker, expr, wanted, what);
    if (got->secret && !wanted->secret)
        return refuse_secret(checker, expr, what);
    if (got->kind == wanted->kind)
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
