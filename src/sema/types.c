/* Types: constructors, names for messages, resolution of written types, and the two relations.
 *
 * sema_fits (and sema_accept, which also reports) decides whether a value can be used where a type
 * is expected; sema_join finds the common type of two values. Both treat the error type as
 * compatible with everything. Types are immutable: scalars are constants, others are in the arena,
 * and sema_optional copies a type when it changes it. */
#include <string.h>

#include "sema/check.h"

const struct sema_type *sema_scalar(enum image_kind kind)
{
    static const struct sema_type scalars[IMAGE_KINDS] = {
#define X(name, word, number, text) {.kind = IMAGE_##name},
#include "kinds.def"
#undef X
    };
    return &scalars[kind];
}

const struct sema_type *sema_error(void)
{
    static const struct sema_type error = {.error = true};
    return &error;
}

const struct sema_type *sema_secret(void)
{
    static const struct sema_type secret = {.secret = true, .kind = IMAGE_TEXT};
    return &secret;
}

const struct sema_type *sema_anything(void)
{
    static const struct sema_type anything = {.form = SEMA_ANYTHING, .kind = IMAGE_KINDS};
    return &anything;
}

static const struct sema_type *collection(struct sema_checker *checker, enum sema_form form,
                                          const struct sema_type *element)
{
    struct sema_type *type = BASE_NEW(checker->context->arena, struct sema_type);
    *type = (struct sema_type){.form = form, .kind = IMAGE_KINDS, .element = element};
    return type;
}

const struct sema_type *sema_list_of(struct sema_checker *checker, const struct sema_type *element)
{
    return element->error ? element : collection(checker, SEMA_LIST_OF, element);
}

const struct sema_type *sema_map_of(struct sema_checker *checker, const struct sema_type *element)
{
    return element->error ? element : collection(checker, SEMA_MAP_OF, element);
}

const struct sema_type *sema_enum(struct sema_checker *checker,
                                  const struct sema_enumeration *enumeration)
{
    struct sema_type *type = BASE_NEW(checker->context->arena, struct sema_type);
    type->kind = IMAGE_ENUM;
    type->enumeration = enumeration;
    return type;
}

const struct sema_type *sema_optional(struct sema_checker *checker, const struct sema_type *type,
                                      bool optional)
{
    if (type->error || type->optional == optional)
        return type;
    struct sema_type *copy = BASE_NEW(checker->context->arena, struct sema_type);
    *copy = *type;
    copy->optional = optional;
    return copy;
}

const char *sema_type_word(const struct sema_type *type)
{
    static const char *const forms[] = {
        [SEMA_LIST_OF] = "a list", [SEMA_MAP_OF] = "a map", [SEMA_ANYTHING] = "data"};
    if (type->form == SEMA_RECORD)
        return type->schema->name;
    if (type->form != SEMA_SCALAR)
        return forms[type->form];
    return type->secret ? "a secret" : image_kind_word(type->kind);
}

bool sema_is_number(const struct sema_type *type)
{
    return type->error || (type->form == SEMA_SCALAR && image_is_number(type->kind));
}

bool sema_has_member(const struct sema_enumeration *enumeration, const char *member)
{
    for (size_t i = 0; i < enumeration->count; i++)
        if (base_text_is(enumeration->members[i], member))
            return true;
    return false;
}

const char *sema_words(struct sema_checker *checker, const char *const *words, size_t count)
{
    struct base_sink sink = base_arena_sink(checker->context->arena);
    for (size_t i = 0; i < count; i++)
        BASE_PUT(&sink, i == 0 ? "`" : i + 1 < count ? ", `" : " and `", words[i], "`");
    return sink.data;
}

void sema_check_count(struct sema_checker *checker, size_t count, struct base_place place,
                      const char *what)
{
    if (count > LIMIT_ROWS)
        diag_report(checker->queue, DIAG_TOO_LARGE, place, "too many %s (limit %d)", what,
                    LIMIT_ROWS);
}

static const struct sema_enumeration *
declared_enum(struct sema_checker *checker, const struct syntax_type *written, const char *name)
{
    struct sema_enumeration *enumeration =
        BASE_NEW(checker->context->arena, struct sema_enumeration);
    const char **members =
        base_alloc(checker->context->arena, written->members.count * sizeof *members);
    sema_check_count(checker, written->members.count, written->place, "members");
    for (size_t i = 0; i < written->members.count && i < LIMIT_ROWS; i++) {
        const struct syntax_word *word = &written->members.items[i];
        for (size_t j = 0; j < i; j++)
            if (members[j] == word->text) {
                struct diagnostic *twice =
                    diag_report(checker->queue, DIAG_DUPLICATE_NAME, word->place,
                                "`%s` is listed twice", word->text);
                diag_label(twice, written->members.items[j].place, "first listed here");
            }
        members[i] = word->text;
    }
    enumeration->name = name;
    enumeration->members = members;
    enumeration->count = written->members.count < LIMIT_ROWS ? written->members.count : LIMIT_ROWS;
    return enumeration;
}

/* The names of types, except for schemas, kinds of blocks, and options that are enums. */
static const struct {
    const char *word;
    enum image_kind kind; /* IMAGE_KINDS: not a scalar kind of its own */
} type_words[] = {
    {"bool", IMAGE_BOOL}, {"int", IMAGE_INT},   {"ratio", IMAGE_RATIO},  {"bytes", IMAGE_BYTES},
    {"time", IMAGE_TIME}, {"text", IMAGE_TEXT}, {"secret", IMAGE_KINDS}, {"data", IMAGE_KINDS},
};
enum { TYPE_WORDS = sizeof type_words / sizeof *type_words };

static const struct sema_type *report_unknown_type(struct sema_checker *checker,
                                                   const struct syntax_type *written)
{
    struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_TYPE, written->place,
                                             "unknown type `%s`", written->name);
    BASE_LIST(const char *) names = {0};
    for (size_t i = 0; i < TYPE_WORDS; i++)
        *BASE_PUSH(checker->context->arena, &names) = type_words[i].word;
    for (size_t i = 0; i < checker->program->inputs.count; i++)
        if (checker->program->inputs.items[i]->enumeration != NULL)
            *BASE_PUSH(checker->context->arena, &names) = checker->program->inputs.items[i]->name;
    for (size_t i = 0; i < checker->program->schemas.count; i++) {
        *BASE_PUSH(checker->context->arena, &names) = checker->program->schemas.items[i]->name;
        if (checker->program->schemas.items[i]->kind != NULL)
            *BASE_PUSH(checker->context->arena, &names) = checker->program->schemas.items[i]->kind;
    }
    sema_suggest_near(checker, unknown, written->name, names.items, names.count);
    diag_note(
        checker->queue, unknown,
        "types are bool, int, ratio, bytes, time, text, secret, data, enum { ... }, list of TYPE, "
        "map of TYPE, the name of a schema, and the name of an enum option");
    return sema_error();
}

static const struct sema_type *named_type(struct sema_checker *checker,
                                          const struct syntax_type *written)
{
    for (size_t i = 0; i < TYPE_WORDS; i++)
        if (base_text_is(type_words[i].word, written->name))
            return type_words[i].kind != IMAGE_KINDS       ? sema_scalar(type_words[i].kind)
                   : base_text_is(written->name, "secret") ? sema_secret()
                                                           : sema_anything();
    struct sema_symbol *symbol = sema_find(checker->program, written->name);
    if (symbol != NULL && symbol->enumeration != NULL)
        return sema_enum(checker, symbol->enumeration);
    if (symbol != NULL && (symbol->class == SEMA_SCHEMA || symbol->class == SEMA_KIND))
        return symbol->schema->type;
    return report_unknown_type(checker, written);
}

/* A `list of text` that may be known only at start is a scalar: distinct names, joined by commas.
 * Elsewhere
 * (`scalar` is false), and within another list or map, it is a list of values. */
static const struct sema_type *resolve_type(struct sema_checker *checker,
                                            struct syntax_type *written, const char *name,
                                            bool scalar)
{
    const struct sema_type *type;
    if (written->list || written->map) {
        type = resolve_type(checker, written->element, name, false);
        if (!type->error)
            type =
                written->map ? sema_map_of(checker, type)
                : scalar && type->form == SEMA_SCALAR && type->kind == IMAGE_TEXT && !type->secret
                    ? sema_scalar(IMAGE_LIST)
                    : sema_list_of(checker, type);
    } else {
        type = written->name == NULL ? sema_enum(checker, declared_enum(checker, written, name))
                                     : named_type(checker, written);
    }
    return sema_optional(checker, type, written->optional);
}

const struct sema_type *sema_type_of(struct sema_checker *checker, struct syntax_type *written,
                                     const char *name)
{
    if (written->meaning == NULL)
        written->meaning = resolve_type(checker, written, name, true);
    return written->meaning;
}

const struct sema_type *sema_scalar_type_of(struct sema_checker *checker,
                                            struct syntax_type *written, const char *name)
{
    const bool first = written->meaning == NULL;
    const struct sema_type *type = sema_type_of(checker, written, name);
    if (type->error || (type->form == SEMA_SCALAR && !type->secret))
        return type;
    if (first) {
        struct diagnostic *form =
            diag_report(checker->queue, DIAG_UNKNOWN_TYPE, written->place,
                        "only bool, numbers, enums, text and list of text are allowed here");
        if (written->list)
            diag_help(checker->queue, form, "write `list of text`");
    }
    return written->meaning = sema_error();
}

const struct sema_type *sema_value_type_of(struct sema_checker *checker,
                                           struct syntax_type *written, const char *name)
{
    if (written->meaning == NULL)
        written->meaning = resolve_type(checker, written, name, false);
    return written->meaning;
}

/* A scalar list of text and a list of text values are interchangeable in the language; eval
 * converts. */
static bool is_text_list(const struct sema_type *type)
{
    return type->form == SEMA_SCALAR
               ? type->kind == IMAGE_LIST
               : type->form == SEMA_LIST_OF && type->element->form == SEMA_SCALAR &&
                     type->element->kind == IMAGE_TEXT && !type->element->secret;
}

/* Two records have the nearest common ancestor of their schemas. */
static const struct sema_type *join_forms(struct sema_checker *checker, const struct sema_type *a,
                                          const struct sema_type *b)
{
    if (is_text_list(a) && is_text_list(b))
        return a->form == SEMA_LIST_OF ? a : b;
    if (a->form != b->form)
        return a->form == SEMA_ANYTHING ? a : b->form == SEMA_ANYTHING ? b : NULL;
    if (a->form == SEMA_RECORD) {
        const struct sema_schema *both = a->schema;
        while (both != NULL && !sema_is_a(b->schema, both))
            both = both->parent;
        return both == NULL ? NULL : both->type;
    }
    if (a->form == SEMA_ANYTHING)
        return a;
    const struct sema_type *element = sema_join(checker, a->element, b->element);
    return element == NULL           ? NULL
           : a->form == SEMA_LIST_OF ? sema_list_of(checker, element)
                                     : sema_map_of(checker, element);
}

const struct sema_type *sema_join(struct sema_checker *checker, const struct sema_type *a,
                                  const struct sema_type *b)
{
    if (a->error || b->error)
        return sema_error();
    bool optional = a->optional || b->optional;
    if (a->form != SEMA_SCALAR || b->form != SEMA_SCALAR) {
        const struct sema_type *joined = join_forms(checker, a, b);
        return joined == NULL ? NULL : sema_optional(checker, joined, optional);
    }
    if (a->kind == b->kind)
        return a->kind == IMAGE_ENUM && a->enumeration != b->enumeration
                   ? NULL
                   : sema_optional(checker, a->secret ? a : b, optional);
    if ((a->kind == IMAGE_INT && b->kind == IMAGE_RATIO) ||
        (a->kind == IMAGE_RATIO && b->kind == IMAGE_INT))
        return sema_optional(checker, sema_scalar(IMAGE_RATIO), optional);
    return NULL;
}

static bool has_all_members(const struct sema_enumeration *got,
                            const struct sema_enumeration *wanted)
{
    for (size_t i = 0; got != wanted && i < got->count; i++)
        if (!sema_has_member(wanted, got->members[i]))
            return false;
    return true;
}

bool sema_fits(const struct sema_type *got, const struct sema_type *wanted)
{
    if (got->error || wanted->error || wanted->form == SEMA_ANYTHING)
        return true;
    if (got->form != SEMA_SCALAR || wanted->form != SEMA_SCALAR) {
        if (is_text_list(got) && is_text_list(wanted))
            return true;
        return got->form == wanted->form &&
               (got->form == SEMA_RECORD
                    ? sema_is_a(got->schema, wanted->schema)
                    : got->form == SEMA_ANYTHING || sema_fits(got->element, wanted->element));
    }
    if (got->secret && !wanted->secret)
        return false;
    return got->kind == wanted->kind
               ? got->kind != IMAGE_ENUM || has_all_members(got->enumeration, wanted->enumeration)
               : got->kind == IMAGE_INT && wanted->kind == IMAGE_RATIO;
}

/* An enum can be used for another one that has all its members: the option wal_level for the
 * setting wal_level. */
static bool accept_members(struct sema_checker *checker, const struct syntax_expr *expr,
                           const struct sema_enumeration *got,
                           const struct sema_enumeration *wanted)
{
    for (size_t i = 0; got != wanted && i < got->count; i++)
        if (!sema_has_member(wanted, got->members[i])) {
            struct diagnostic *missing =
                diag_report(checker->queue, DIAG_UNKNOWN_MEMBER, expr->place,
                            "`%s` can be `%s`, which is not a value of `%s`", got->name,
                            got->members[i], wanted->name);
            diag_help(checker->queue, missing, "convert it with `match`");
            return false;
        }
    return true;
}

/* Suggests how to convert a value of the wrong type, in the cases with an obvious intention. */
static void suggest_conversion(struct sema_checker *checker, struct diagnostic *wrong,
                               const struct syntax_expr *expr, const struct sema_type *wanted,
                               const char *what)
{
    const struct sema_type *got = expr->type;
    bool named = *what == '`',
         written = expr->class == SYNTAX_QUANTITY || expr->class == SYNTAX_TEXT;
    if (wanted->kind == IMAGE_BYTES && got->kind == IMAGE_INT)
        diag_help(checker->queue, wrong, "add a unit to the number, such as MB");
    else if (wanted->kind == IMAGE_TIME && got->kind == IMAGE_INT)
        diag_help(checker->queue, wrong, "add a unit to the number, such as s");
    else if (wanted->kind == IMAGE_TEXT)
        diag_help(checker->queue, wrong, "interpolate it into a text: \"\\(...)\"");
    else if (wanted->kind == IMAGE_LIST && got->kind == IMAGE_TEXT)
        diag_help(checker->queue, wrong, "wrap it in brackets: [\"...\"]");
    else if (wanted->kind == IMAGE_ENUM)
        diag_help(checker->queue, wrong, "valid values are %s",
                  sema_words(checker, wanted->enumeration->members, wanted->enumeration->count));
    else if (wanted->kind == IMAGE_BOOL && named && written)
        diag_help(checker->queue, wrong, "write `on` or `off`");
    else if (wanted->kind == IMAGE_INT && expr->class == SYNTAX_QUANTITY)
        diag_help(checker->queue, wrong, "remove the unit");
}

static bool report_secret(struct sema_checker *checker, const struct syntax_expr *expr,
                          const char *what)
{
    struct diagnostic *secret =
        diag_report(checker->queue, DIAG_SECRET_USED, expr->place,
                    "%s cannot contain a secret, as others could read it", what);
    diag_help(checker->queue, secret,
              "write secrets only to files: `emit start \"PATH\" mode 0600 for COMMAND ...`");
    return false;
}

/* Reports the innermost difference: of a list of maps of ints, the int. */
static bool report_form(struct sema_checker *checker, const struct syntax_expr *expr,
                        const struct sema_type *wanted, const char *what)
{
    const struct sema_type *got = expr->type;
    while (got->form == wanted->form && got->element != NULL && wanted->element != NULL) {
        got = got->element;
        wanted = wanted->element;
    }
    if (got->secret && !wanted->secret && wanted->form == SEMA_SCALAR)
        return report_secret(checker, expr, what);
    struct diagnostic *wrong =
        diag_report(checker->queue, DIAG_WRONG_TYPE, expr->place,
                    got == expr->type ? "%s must be %s, but this is %s"
                                      : "each value in %s must be %s, but here it is %s",
                    what, sema_type_word(wanted), sema_type_word(got));
    if (wanted->form == SEMA_LIST_OF && sema_fits(expr->type, wanted->element))
        diag_help(checker->queue, wrong, "wrap it in brackets: [...]");
    else if (wanted->form == SEMA_SCALAR && wanted->kind == IMAGE_TEXT &&
             expr->type->form == SEMA_RECORD && expr->type->schema->kind != NULL)
        diag_help(checker->queue, wrong, "use its name: `name_of(...)`");
    return false;
}

bool sema_accept(struct sema_checker *checker, const struct syntax_expr *expr,
                 const struct sema_type *wanted, const char *what)
{
    const struct sema_type *got = expr->type;
    if (got->error || wanted->error)
        return true;
    if (got->form != SEMA_SCALAR || wanted->form != SEMA_SCALAR)
        return sema_fits(got, wanted) || report_form(checker, expr, wanted, what);
    if (got->secret && !wanted->secret)
        return report_secret(checker, expr, what);
    if (got->kind == wanted->kind)
        return got->kind != IMAGE_ENUM ||
               accept_members(checker, expr, got->enumeration, wanted->enumeration);
    if (got->kind == IMAGE_INT && wanted->kind == IMAGE_RATIO)
        return true;
    if (got->kind == IMAGE_RATIO && wanted->kind == IMAGE_INT) {
        struct diagnostic *ratio =
            diag_report(checker->queue, DIAG_NEEDS_ROUNDING, expr->place,
                        "%s must be a whole number, but this is a ratio", what);
        diag_help(checker->queue, ratio, "add `rounded down to 1` or `rounded up to 1`");
        return false;
    }
    struct diagnostic *wrong =
        diag_report(checker->queue, DIAG_WRONG_TYPE, expr->place, "%s must be %s, but this is %s",
                    what, image_kind_word(wanted->kind), sema_type_word(got));
    suggest_conversion(checker, wrong, expr, wanted, what);
    return false;
}
