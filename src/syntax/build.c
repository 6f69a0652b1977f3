/* Makes the nodes that the grammar's actions ask for. */
#include "syntax/parser.h"

#include <string.h>

static const char *doc_before(const struct azp_parser *parser, struct aza_place place)
{
    for (size_t i = parser->docs.count; i-- > 0 && parser->docs.items[i].token >= place.start;)
        if (parser->docs.items[i].token == place.start)
            return parser->docs.items[i].text;
    return NULL;
}

struct azp_expr *azp_expr_new(struct azp_parser *parser, enum azp_class class,
                              struct aza_place place)
{
    struct azp_expr *expr = AZA_NEW(parser->context->arena, struct azp_expr);
    expr->class = class;
    expr->place = place;
    return expr;
}

struct azp_item *azp_item_new(struct azp_parser *parser, enum azp_item_class class,
                              struct aza_place place)
{
    struct azp_item *item = AZA_NEW(parser->context->arena, struct azp_item);
    item->class = class;
    item->place = place;
    return item;
}

/* Later stages walk the tree recursively, and `a + b + c ...` leans it to the left without filling
 * the parser's own stack: such chains are cut off here. */
static struct azp_expr *chained(struct azp_parser *parser, struct azp_expr *expr,
                                const struct azp_expr *left)
{
    expr->depth = left->depth + 1;
    if (expr->depth != AZA_CHAIN_MAX)
        return expr;
    azd_report(parser->context->queue, AZD_TOO_DEEP, expr->place,
               "this expression has more than %d operators in a row", AZA_CHAIN_MAX);
    parser->file->broken = true;
    return azp_expr_new(parser, AZP_ERROR, expr->place);
}

struct azp_expr *azp_binary(struct azp_parser *parser, struct aza_place place, enum azp_operator op,
                            struct azp_expr *left, struct azp_expr *right)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_BINARY, place);
    expr->binary.op = op;
    expr->binary.left = left;
    expr->binary.right = right;
    return chained(parser, expr, left);
}

struct azp_expr *azp_unary(struct azp_parser *parser, struct aza_place place, enum azp_operator op,
                           struct azp_expr *of)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_UNARY, place);
    expr->binary.op = op;
    expr->binary.right = of;
    return expr;
}

/* `is known` and `is unknown` are tests of a value's presence; every other word is a member. */
struct azp_expr *azp_is(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                        bool negated, struct azp_word member)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_IS, place);
    bool unknown = aza_text_is(member.text, "unknown");
    expr->is.class = unknown || aza_text_is(member.text, "known") ? AZP_IS_KNOWN : AZP_IS_MEMBER;
    expr->is.negated = negated != unknown;
    expr->is.of = of;
    expr->is.member = member;
    return expr;
}

struct azp_expr *azp_is_given(struct azp_parser *parser, struct aza_place place,
                              struct azp_expr *of, bool negated)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_IS, place);
    expr->is.class = AZP_IS_GIVEN;
    expr->is.negated = negated;
    expr->is.of = of;
    return expr;
}

struct azp_expr *azp_in(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                        bool negated, struct azp_expr *list)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_IN, place);
    expr->in.negated = negated;
    expr->in.of = of;
    expr->in.list = list;
    return expr;
}

struct azp_expr *azp_limit(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                           struct azp_expr *low, struct azp_expr *high)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_LIMIT, place);
    expr->limit.of = of;
    expr->limit.low = low;
    expr->limit.high = high;
    return chained(parser, expr, of);
}

struct azp_expr *azp_rounded(struct azp_parser *parser, struct aza_place place, int mode,
                             struct azp_expr *of, struct azp_expr *grain)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_ROUND, place);
    expr->round.mode = mode;
    expr->round.of = of;
    expr->round.grain = grain;
    return chained(parser, expr, of);
}

struct azp_expr *azp_field(struct azp_parser *parser, struct aza_place place, struct azp_expr *of,
                           struct azp_word field)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_FIELD, place);
    expr->field.of = of;
    expr->field.field = field;
    return chained(parser, expr, of);
}

struct azp_expr *azp_each(struct azp_parser *parser, struct azp_word variable,
                          struct azp_word second, struct azp_expr *list, struct azp_expr *condition)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_COMPREHENSION, variable.place);
    expr->comprehension.variable = variable;
    expr->comprehension.second = second;
    expr->comprehension.list = list;
    expr->comprehension.condition = condition;
    return expr;
}

struct azp_expr *azp_comprehension(struct azp_parser *parser, struct aza_place place,
                                   struct azp_expr *each, struct azp_expr *key,
                                   struct azp_expr *element)
{
    (void)parser;
    each->place = place;
    each->comprehension.key = key;
    each->comprehension.element = element;
    return each;
}

/* A text without interpolation is a constant. */
static const char *constant_of(struct azp_parser *parser, const struct azp_expr *text)
{
    const struct azp_exprs *pieces = &text->text.pieces;
    if (text->text.literal != NULL)
        return text->text.literal;
    if (pieces->count == 0)
        return aza_intern(parser->context->names, "", 0);
    const struct azp_expr *only = pieces->items[0];
    return pieces->count == 1 && only->class == AZP_TEXT ? only->text.literal : NULL;
}

struct azp_pair azp_pair(struct azp_parser *parser, struct azp_expr *key, struct azp_expr *value)
{
    return (struct azp_pair){.name = {constant_of(parser, key), key->place},
                             .key = key,
                             .value = value,
                             .doc = doc_before(parser, key->place)};
}

struct azp_expr *azp_literal(struct azp_parser *parser, struct azp_word word)
{
    struct azp_expr *expr = azp_expr_new(parser, AZP_TEXT, word.place);
    expr->text.literal = word.text;
    return expr;
}

struct azp_arm *azp_arm(struct azp_parser *parser, struct aza_place place,
                        struct azp_words patterns, struct azp_expr *value)
{
    struct azp_arm *arm = AZA_NEW(parser->context->arena, struct azp_arm);
    arm->place = place;
    arm->patterns = patterns;
    arm->value = value;
    return arm;
}

struct azp_row *azp_row(struct azp_parser *parser, enum azp_row_class class, struct aza_place place,
                        struct azp_expr *threshold, struct azp_exprs cells)
{
    struct azp_row *row = AZA_NEW(parser->context->arena, struct azp_row);
    row->class = class;
    row->place = place;
    row->threshold = threshold;
    row->cells = cells;
    return row;
}

struct azp_type *azp_type(struct azp_parser *parser, struct aza_place place, const char *name)
{
    struct azp_type *type = AZA_NEW(parser->context->arena, struct azp_type);
    type->place = place;
    type->name = name;
    return type;
}

struct azp_source azp_source(struct azp_parser *parser, struct azp_word class, struct azp_word name)
{
    struct azp_source source = {.class = AZB_FROM_PROBE, .name = name};
    if (class.text == NULL)
        return source;
    if (aza_text_is(class.text, "env") || aza_text_is(class.text, "file")) {
        source.class = aza_text_is(class.text, "env") ? AZB_FROM_ENV : AZB_FROM_FILE;
        return source;
    }
    static const char *const classes[] = {"env", "file"};
    struct azd_diagnostic *bad = azd_report(parser->context->queue, AZD_UNKNOWN_SOURCE, class.place,
                                            "`%s` is not a kind of source", class.text);
    azd_suggest(parser->context->queue, bad, class.text, classes, 2);
    parser->file->broken = true;
    return source;
}

struct azp_outcome azp_outcome(int policy, struct aza_place place, struct azp_expr *value,
                               struct azp_expr *message)
{
    return (struct azp_outcome){
        .said = true, .policy = policy, .place = place, .value = value, .message = message};
}

struct azp_item *azp_input(enum azp_item_class class, struct azp_item *lines, struct azp_word name,
                           struct azp_type *type, struct azp_exprs domain, struct azp_expr *value)
{
    lines->class = class;
    lines->name = name;
    lines->type = type;
    lines->value = value;
    if (domain.count == 2) {
        lines->low = domain.items[0];
        lines->high = domain.items[1];
    }
    return lines;
}

struct azp_item *azp_invariant(struct azp_parser *parser, enum azp_shape shape,
                               struct azp_word name, struct azp_expr *guard, struct azp_expr *value)
{
    struct azp_item *item = azp_item_new(parser, AZP_INVARIANT, name.place);
    item->shape = (int)shape;
    item->name = name;
    item->condition = guard;
    item->value = value;
    return item;
}

struct azp_item *azp_expect(struct azp_parser *parser, struct aza_place place,
                            enum azp_expectation expectation, struct azp_expr *value)
{
    struct azp_item *item = azp_item_new(parser, AZP_EXPECT, place);
    item->shape = (int)expectation;
    item->value = value;
    return item;
}

struct azp_word azp_word(struct azp_parser *parser, struct aza_place place)
{
    const char *text = parser->context->queue->sources->files[place.file].text + place.start;
    return (struct azp_word){aza_intern(parser->context->names, text, place.length), place};
}

static struct azd_diagnostic *wrong_emit(struct azp_parser *parser, struct aza_place place,
                                         const char *what, const char *word)
{
    parser->file->broken = true;
    return azd_report(parser->context->queue, AZD_SYNTAX, place, what, word);
}

/* Three octal digits, and a 0 before them at will. */
static bool is_mode(struct azp_word number)
{
    size_t length = strlen(number.text), digits = strspn(number.text, "01234567");
    return digits == length && (length == 3 || (length == 4 && number.text[0] == '0'));
}

struct azp_word azp_mode(struct azp_parser *parser, struct azp_word word, struct aza_place number)
{
    struct azp_word mode = azp_word(parser, number);
    if (!aza_text_is(word.text, "mode"))
        azd_help(parser->context->queue,
                 wrong_emit(parser, word.place, "`%s` does not fit here", word.text),
                 "write `mode` before the file's mode");
    else if (!is_mode(mode))
        azd_help(parser->context->queue,
                 wrong_emit(parser, mode.place, "`%s` is not the mode of a file", mode.text),
                 "write it as chmod reads it, such as 0600");
    return mode;
}

static enum azp_moment moment_of(struct azp_parser *parser, struct azp_word word)
{
    static const char *const words[] = {"deploy", "start"};
    if (word.text == NULL)
        return AZP_NOW;
    if (aza_text_is(word.text, "deploy"))
        return AZP_DEPLOY;
    if (aza_text_is(word.text, "start"))
        return AZP_START;
    struct azd_diagnostic *wrong =
        wrong_emit(parser, word.place, "`%s` is no moment to write a file at", word.text);
    azd_suggest(parser->context->queue, wrong, word.text, words, 2);
    azd_note(parser->context->queue, wrong,
             "`emit` writes it now, `emit deploy` leaves options to whoever deploys it, "
             "`emit start` waits for the start");
    return AZP_NOW;
}

/* A start needs to know who may read the file and which command wants it; nothing else does. */
static void check_start(struct azp_parser *parser, const struct azp_item *emit)
{
    struct azp_word said = emit->mode.text != NULL ? emit->mode : emit->other;
    if (emit->shape != AZP_START && said.text != NULL)
        azd_help(parser->context->queue,
                 wrong_emit(parser, said.place, "`%s` is said of a file written at the start only",
                            said.text),
                 "write `emit start`, or leave out `mode` and `for`");
    if (emit->shape == AZP_START && (emit->mode.text == NULL || emit->other.text == NULL))
        azd_help(parser->context->queue,
                 wrong_emit(parser, emit->when.place, "`emit %s` needs a mode and a command",
                            emit->when.text),
                 "write `emit start \"%s\" mode 0600 for COMMAND as ...`", emit->name.text);
}

/* One whose words do not go together goes on as the plainest. */
struct azp_item *azp_emit(struct azp_parser *parser, struct azp_word moment, struct azp_word path,
                          struct azp_word mode, struct azp_word command)
{
    size_t errors = parser->context->queue->errors;
    struct azp_item *item = azp_item_new(parser, AZP_EMIT, path.place);
    item->shape = (int)moment_of(parser, moment);
    item->when = moment;
    item->name = path;
    item->mode = mode;
    item->other = command;
    check_start(parser, item);
    if (parser->context->queue->errors > errors) {
        item->shape = AZP_NOW;
        item->when = item->mode = item->other = (struct azp_word){0};
    }
    return item;
}

void azp_set_document(struct azp_item *emit, struct azp_expr *value)
{
    emit->value = value;
    if (emit->shape != AZP_START && value->class == AZP_NAME)
        emit->other = (struct azp_word){value->name.name, value->place};
}

struct azp_word azp_dotted(struct azp_parser *parser, struct aza_place place, struct azp_word first,
                           struct azp_word last)
{
    char *text = aza_format(parser->context->arena, "%s.%s", first.text, last.text);
    return (struct azp_word){aza_intern(parser->context->names, text, strlen(text)), place};
}

void azp_items_add(struct azp_parser *parser, struct azp_items *items, struct azp_item *item)
{
    *AZA_PUSH(parser->context->arena, items) = item;
}

void azp_set_doc(struct azp_parser *parser, struct azp_item *item)
{
    item->doc = doc_before(parser, item->place);
}

void azp_set_outcome(struct azp_parser *parser, struct azp_outcome *outcome,
                     struct azp_outcome said, const char *word)
{
    if (outcome->said) {
        struct azd_diagnostic *twice = azd_report(parser->context->queue, AZD_SAID_TWICE,
                                                  said.place, "`%s:` is said twice", word);
        azd_label(twice, outcome->place, "first said here");
    }
    *outcome = said;
}
