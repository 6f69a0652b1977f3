/* The node makers that the grammar's actions call.
 *
 * They only fill in nodes. Mistakes are reported here if the grammar accepts more than the
 * language: words that are not reserved (`deploy`, `mode`, `env`), and chains of operators that are
 * too long. The node is then replaced by one without meaning, so that sema does not report it
 * again. */
#include "syntax/parser.h"

#include <string.h>

/* The doc comment before the token at a place, or null. The search starts at the latest, which is
 * usually the one. */
static const char *doc_before(const struct syntax_parser *parser, struct base_place place)
{
    for (size_t i = parser->docs.count; i-- > 0 && parser->docs.items[i].token >= place.start;)
        if (parser->docs.items[i].token == place.start)
            return parser->docs.items[i].text;
    return NULL;
}

struct syntax_expr *syntax_expr_new(struct syntax_parser *parser, enum syntax_class class,
                                    struct base_place place)
{
    struct syntax_expr *expr = BASE_NEW(parser->context->arena, struct syntax_expr);
    expr->class = class;
    expr->place = place;
    return expr;
}

struct syntax_item *syntax_item_new(struct syntax_parser *parser, enum syntax_item_class class,
                                    struct base_place place)
{
    struct syntax_item *item = BASE_NEW(parser->context->arena, struct syntax_item);
    item->class = class;
    item->place = place;
    return item;
}

/* Later stages walk the tree recursively. `a + b + c ...` makes it deep on the left without filling
 * the parser's own stack, so the length of such chains is limited here. Only the first excess is
 * reported. */
static struct syntax_expr *limit_chain(struct syntax_parser *parser, struct syntax_expr *expr,
                                       const struct syntax_expr *left)
{
    expr->depth = left->depth + 1;
    if (expr->depth != LIMIT_CHAIN + 1)
        return expr;
    diag_report(parser->context->queue, DIAG_TOO_DEEP, expr->place,
                "this expression has more than %d operators in a row", LIMIT_CHAIN);
    parser->file->broken = true;
    return syntax_expr_new(parser, SYNTAX_ERROR, expr->place);
}

struct syntax_expr *syntax_binary(struct syntax_parser *parser, struct base_place place,
                                  enum syntax_operator op, struct syntax_expr *left,
                                  struct syntax_expr *right)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_BINARY, place);
    expr->binary.op = op;
    expr->binary.left = left;
    expr->binary.right = right;
    return limit_chain(parser, expr, left);
}

struct syntax_expr *syntax_unary(struct syntax_parser *parser, struct base_place place,
                                 enum syntax_operator op, struct syntax_expr *of)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_UNARY, place);
    expr->binary.op = op;
    expr->binary.right = of;
    return expr;
}

/* `is known` and `is unknown` test the presence of a value; any other word is a member of an enum.
 */
struct syntax_expr *syntax_is(struct syntax_parser *parser, struct base_place place,
                              struct syntax_expr *of, bool negated, struct syntax_word member)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_IS, place);
    bool unknown = base_text_is(member.text, "unknown");
    expr->is.class =
        unknown || base_text_is(member.text, "known") ? SYNTAX_IS_KNOWN : SYNTAX_IS_MEMBER;
    expr->is.negated = negated != unknown;
    expr->is.of = of;
    expr->is.member = member;
    return expr;
}

struct syntax_expr *syntax_is_given(struct syntax_parser *parser, struct base_place place,
                                    struct syntax_expr *of, bool negated)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_IS, place);
    expr->is.class = SYNTAX_IS_GIVEN;
    expr->is.negated = negated;
    expr->is.of = of;
    return expr;
}

struct syntax_expr *syntax_in(struct syntax_parser *parser, struct base_place place,
                              struct syntax_expr *of, bool negated, struct syntax_expr *list)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_IN, place);
    expr->in.negated = negated;
    expr->in.of = of;
    expr->in.list = list;
    return expr;
}

struct syntax_expr *syntax_limit(struct syntax_parser *parser, struct base_place place,
                                 struct syntax_expr *of, struct syntax_expr *low,
                                 struct syntax_expr *high)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_LIMIT, place);
    expr->limit.of = of;
    expr->limit.low = low;
    expr->limit.high = high;
    return limit_chain(parser, expr, of);
}

struct syntax_expr *syntax_rounded(struct syntax_parser *parser, struct base_place place, int mode,
                                   struct syntax_expr *of, struct syntax_expr *grain)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_ROUND, place);
    expr->round.mode = mode;
    expr->round.of = of;
    expr->round.grain = grain;
    return limit_chain(parser, expr, of);
}

struct syntax_expr *syntax_field(struct syntax_parser *parser, struct base_place place,
                                 struct syntax_expr *of, struct syntax_word field)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_FIELD, place);
    expr->field.of = of;
    expr->field.field = field;
    return limit_chain(parser, expr, of);
}

struct syntax_expr *syntax_each(struct syntax_parser *parser, struct syntax_word variable,
                                struct syntax_word second, struct syntax_expr *list,
                                struct syntax_expr *condition)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_COMPREHENSION, variable.place);
    expr->comprehension.variable = variable;
    expr->comprehension.second = second;
    expr->comprehension.list = list;
    expr->comprehension.condition = condition;
    return expr;
}

struct syntax_expr *syntax_comprehension(struct syntax_parser *parser, struct base_place place,
                                         struct syntax_expr *each, struct syntax_expr *key,
                                         struct syntax_expr *element)
{
    (void)parser;
    each->place = place;
    each->comprehension.key = key;
    each->comprehension.element = element;
    return each;
}

/* The value of a text without interpolation, else null. */
static const char *literal_of(struct syntax_parser *parser, const struct syntax_expr *text)
{
    const struct syntax_exprs *pieces = &text->text.pieces;
    if (text->text.literal != NULL)
        return text->text.literal;
    if (pieces->count == 0)
        return base_intern(parser->context->names, "", 0);
    const struct syntax_expr *only = pieces->items[0];
    return pieces->count == 1 && only->class == SYNTAX_TEXT ? only->text.literal : NULL;
}

struct syntax_pair syntax_pair(struct syntax_parser *parser, struct syntax_expr *key,
                               struct syntax_expr *value)
{
    return (struct syntax_pair){.name = {literal_of(parser, key), key->place},
                                .key = key,
                                .value = value,
                                .doc = doc_before(parser, key->place)};
}

struct syntax_expr *syntax_literal(struct syntax_parser *parser, struct syntax_word word)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_TEXT, word.place);
    expr->text.literal = word.text;
    return expr;
}

struct syntax_expr *syntax_included(struct syntax_parser *parser, struct base_place place,
                                    struct syntax_word path, struct syntax_pairs values)
{
    struct syntax_expr *expr = syntax_expr_new(parser, SYNTAX_FILE, place);
    expr->file.path = path;
    expr->file.values = values;
    return expr;
}

struct syntax_arm *syntax_arm(struct syntax_parser *parser, struct base_place place,
                              struct syntax_words patterns, struct syntax_expr *value)
{
    struct syntax_arm *arm = BASE_NEW(parser->context->arena, struct syntax_arm);
    arm->place = place;
    arm->patterns = patterns;
    arm->value = value;
    return arm;
}

struct syntax_row *syntax_row(struct syntax_parser *parser, enum syntax_row_class class,
                              struct base_place place, struct syntax_expr *threshold,
                              struct syntax_exprs cells)
{
    struct syntax_row *row = BASE_NEW(parser->context->arena, struct syntax_row);
    row->class = class;
    row->place = place;
    row->threshold = threshold;
    row->cells = cells;
    return row;
}

struct syntax_type *syntax_type(struct syntax_parser *parser, struct base_place place,
                                const char *name)
{
    struct syntax_type *type = BASE_NEW(parser->context->arena, struct syntax_type);
    type->place = place;
    type->name = name;
    return type;
}

struct syntax_source syntax_source(struct syntax_parser *parser, struct syntax_word class,
                                   struct syntax_word name)
{
    struct syntax_source source = {.class = IMAGE_FROM_PROBE, .name = name};
    if (class.text == NULL)
        return source;
    if (base_text_is(class.text, "env") || base_text_is(class.text, "file")) {
        source.class = base_text_is(class.text, "env") ? IMAGE_FROM_ENV : IMAGE_FROM_FILE;
        return source;
    }
    static const char *const classes[] = {"env", "file"};
    struct diagnostic *bad = diag_report(parser->context->queue, DIAG_UNKNOWN_SOURCE, class.place,
                                         "unknown kind of source `%s`", class.text);
    diag_suggest(parser->context->queue, bad, class.text, classes, 2);
    parser->file->broken = true;
    source.class = IMAGE_FROM_ENV; /* so that its name is not reported as an unknown probe */
    return source;
}

struct syntax_outcome syntax_outcome(int policy, struct base_place place, struct syntax_expr *value,
                                     struct syntax_expr *message)
{
    return (struct syntax_outcome){
        .said = true, .policy = policy, .place = place, .value = value, .message = message};
}

struct syntax_item *syntax_input(enum syntax_item_class class, struct syntax_item *lines,
                                 struct syntax_word name, struct syntax_type *type,
                                 struct syntax_exprs domain, struct syntax_expr *value)
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

struct syntax_item *syntax_invariant(struct syntax_parser *parser, enum syntax_shape shape,
                                     struct syntax_word name, struct syntax_expr *guard,
                                     struct syntax_expr *value)
{
    struct syntax_item *item = syntax_item_new(parser, SYNTAX_INVARIANT, name.place);
    item->shape = (int)shape;
    item->name = name;
    item->condition = guard;
    item->value = value;
    return item;
}

struct syntax_item *syntax_expect(struct syntax_parser *parser, struct base_place place,
                                  enum syntax_expectation expectation, struct syntax_expr *value)
{
    struct syntax_item *item = syntax_item_new(parser, SYNTAX_EXPECT, place);
    item->shape = (int)expectation;
    item->value = value;
    return item;
}

struct syntax_word syntax_word(struct syntax_parser *parser, struct base_place place)
{
    const char *text = parser->context->queue->sources->files[place.file].text + place.start;
    return (struct syntax_word){base_intern(parser->context->names, text, place.length), place};
}

static struct diagnostic *report_emit(struct syntax_parser *parser, struct base_place place,
                                      const char *what, const char *word)
{
    parser->file->broken = true;
    return diag_report(parser->context->queue, DIAG_SYNTAX, place, what, word);
}

/* Three octal digits, optionally after a 0. */
static bool is_octal_mode(struct syntax_word number)
{
    size_t length = strlen(number.text), digits = strspn(number.text, "01234567");
    return digits == length && (length == 3 || (length == 4 && number.text[0] == '0'));
}

struct syntax_word syntax_mode(struct syntax_parser *parser, struct syntax_word word,
                               struct base_place number)
{
    struct syntax_word mode = syntax_word(parser, number);
    if (!base_text_is(word.text, "mode"))
        diag_help(parser->context->queue,
                  report_emit(parser, word.place, "unexpected `%s`", word.text),
                  "write `mode` before the file mode");
    else if (!is_octal_mode(mode))
        diag_help(parser->context->queue,
                  report_emit(parser, mode.place, "invalid file mode `%s`", mode.text),
                  "write it in octal, such as 0600");
    return mode;
}

static enum syntax_moment find_moment(struct syntax_parser *parser, struct syntax_word word)
{
    static const char *const words[] = {"deploy", "start"};
    if (word.text == NULL)
        return SYNTAX_NOW;
    if (base_text_is(word.text, "deploy"))
        return SYNTAX_DEPLOY;
    if (base_text_is(word.text, "start"))
        return SYNTAX_START;
    struct diagnostic *wrong =
        report_emit(parser, word.place, "unknown kind of emit `%s`", word.text);
    diag_suggest(parser->context->queue, wrong, word.text, words, 2);
    diag_note(parser->context->queue, wrong,
              "`emit` writes the file at compile time, `emit deploy` leaves options to be set at "
              "deployment, `emit start` writes it at container start");
    return SYNTAX_NOW;
}

/* `emit start` requires a file mode and a command; the other moments allow neither. */
static void check_emit_words(struct syntax_parser *parser, const struct syntax_item *emit)
{
    struct syntax_word extra = emit->mode.text != NULL ? emit->mode : emit->other;
    if (emit->shape != SYNTAX_START && extra.text != NULL)
        diag_help(
            parser->context->queue,
            report_emit(parser, extra.place, "`%s` is allowed only with `emit start`", extra.text),
            "write `emit start`, or remove `mode` and `for`");
    if (emit->shape == SYNTAX_START && (emit->mode.text == NULL || emit->other.text == NULL))
        diag_help(parser->context->queue,
                  report_emit(parser, emit->when.place, "`emit %s` requires a mode and a command",
                              emit->when.text),
                  "write `emit start \"%s\" mode 0600 for COMMAND as ...`", emit->name.text);
}

/* After a mistake in its words, the node is a plain `emit`. */
struct syntax_item *syntax_emit(struct syntax_parser *parser, struct syntax_word moment,
                                struct syntax_word path, struct syntax_word mode,
                                struct syntax_word command)
{
    size_t errors = parser->context->queue->errors;
    struct syntax_item *item = syntax_item_new(parser, SYNTAX_EMIT, path.place);
    item->shape = (int)find_moment(parser, moment);
    item->when = moment;
    item->name = path;
    item->mode = mode;
    item->other = command;
    check_emit_words(parser, item);
    if (parser->context->queue->errors > errors) {
        item->shape = SYNTAX_NOW;
        item->when = item->mode = item->other = (struct syntax_word){0};
    }
    return item;
}

/* `from config` has the form of a name; it is kept as a word too, to recognise duplicates. */
void syntax_set_document(struct syntax_item *emit, struct syntax_expr *value)
{
    emit->value = value;
    if (emit->shape != SYNTAX_START && value->class == SYNTAX_NAME)
        emit->other = (struct syntax_word){value->name.name, value->place};
}

struct syntax_word syntax_dotted(struct syntax_parser *parser, struct base_place place,
                                 struct syntax_word first, struct syntax_word last)
{
    char *text = base_format(parser->context->arena, "%s.%s", first.text, last.text);
    return (struct syntax_word){base_intern(parser->context->names, text, strlen(text)), place};
}

void syntax_items_add(struct syntax_parser *parser, struct syntax_items *items,
                      struct syntax_item *item)
{
    *BASE_PUSH(parser->context->arena, items) = item;
}

void syntax_set_doc(struct syntax_parser *parser, struct syntax_item *item)
{
    item->doc = doc_before(parser, item->place);
}

void syntax_set_outcome(struct syntax_parser *parser, struct syntax_outcome *outcome,
                        struct syntax_outcome line, const char *word)
{
    if (outcome->said) {
        struct diagnostic *twice = diag_report(parser->context->queue, DIAG_DUPLICATE_LINE,
                                               line.place, "duplicate `%s:` line", word);
        diag_label(twice, outcome->place, "first given here");
    }
    *outcome = line;
}
