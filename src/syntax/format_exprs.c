/* Where the lines of an expression may break.
 *
 * A chain of operators goes on below its own beginning, with the operator first. Operators that
 * bind looser have the lower level, so that lines break at them before they break within their
 * operands. */
#include "syntax/format.h"

#include "azr.tab.h"

/* The first token of an expression within the parentheses around it. */
static uint32_t bare(const struct azp_layout *layout, const struct azp_expr *expr)
{
    uint32_t token = azp_first(layout, expr->place);
    while (layout->marks[token].kind == '(')
        token++;
    return token;
}

static bool is_bare(const struct azp_layout *layout, const struct azp_expr *expr,
                    enum azp_class class)
{
    return expr->class == class && layout->marks[azp_first(layout, expr->place)].kind != '(';
}

static void constant(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    (void)layout, (void)expr, (void)level;
}

static void text(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    layout->within_text++;
    for (size_t i = 0; i < expr->text.pieces.count; i++)
        azp_mark_expr(layout, expr->text.pieces.items[i], level + 1);
    layout->within_text--;
}

static void field(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    azp_mark_expr(layout, expr->field.of, level + 1);
}

static void elements(struct azp_layout *layout, uint32_t open, const struct azp_exprs *exprs,
                     uint32_t level)
{
    AZA_LIST(uint32_t) tokens = {0};
    for (size_t i = 0; i < exprs->count; i++) {
        azp_mark_expr(layout, exprs->items[i], level + 1);
        *AZA_PUSH(layout->context->arena, &tokens) = azp_first(layout, exprs->items[i]->place);
    }
    azp_commas(layout, open, tokens.items, tokens.count, level);
}

static void call(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    elements(layout, bare(layout, expr) + 1, &expr->call.arguments, level);
}

static void list(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t open = bare(layout, expr);
    azp_drop_comma(layout, layout->marks[open].partner);
    elements(layout, open, &expr->list.elements, level);
}

/* The key of a map that is made from a list, and the braces that stand close around such a map;
 * answers the key's first token. */
static uint32_t map_key(struct azp_layout *layout, uint32_t start, const struct azp_expr *key,
                        uint32_t level)
{
    layout->marks[start].spaces = 0;
    layout->marks[layout->marks[start - 1].partner].spaces = 0;
    azp_mark_expr(layout, key, level + 2);
    return azp_first(layout, key->place);
}

static void comprehension(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t start = bare(layout, expr) + 1;
    azp_mark_expr(layout, expr->comprehension.list, level + 1);
    uint32_t element = azp_first(layout, expr->comprehension.element->place);
    if (expr->comprehension.condition != NULL) {
        uint32_t condition = azp_first(layout, expr->comprehension.condition->place);
        azp_operator(layout, azp_last(layout, expr->comprehension.list->place) + 1, condition,
                     start, level);
        azp_mark_expr(layout, expr->comprehension.condition, level + 1);
    }
    if (expr->comprehension.key != NULL) {
        element = map_key(layout, start, expr->comprehension.key, level);
        azp_intro(layout, expr->comprehension.element,
                  azp_last(layout, expr->comprehension.element->place), AZP_COLUMN, element,
                  level + 1);
    } else {
        azp_mark_expr(layout, expr->comprehension.element, level + 1);
    }
    azp_soft(layout, element, AZP_COLUMN, start, AZP_INDENT, level);
}

static void unary(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    if (expr->binary.op == AZP_NEG)
        layout->marks[azp_first(layout, expr->binary.right->place)].spaces = 0;
    azp_mark_expr(layout, expr->binary.right, level + 1);
}

/* The operator's token behind its left operand; it goes below where that one starts. */
static void after(struct azp_layout *layout, const struct azp_expr *left,
                  const struct azp_expr *right, uint32_t level)
{
    uint32_t token = azp_last(layout, left->place) + 1;
    azp_operator(layout, token, right == NULL ? token : azp_first(layout, right->place),
                 azp_first(layout, left->place), level);
    azp_mark_expr(layout, left, level + 1);
    if (right != NULL)
        azp_mark_expr(layout, right, level + 1);
}

static void binary(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    after(layout, expr->binary.left, expr->binary.right, level);
}

static void is(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    after(layout, expr->is.of, NULL, level);
}

static void in(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    after(layout, expr->in.of, expr->in.list, level);
}

static void limit(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    const struct azp_expr *first = expr->limit.low != NULL ? expr->limit.low : expr->limit.high;
    after(layout, expr->limit.of, first, level);
    if (first != expr->limit.high && expr->limit.high != NULL)
        azp_mark_expr(layout, expr->limit.high, level + 1);
}

static void rounded(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    after(layout, expr->round.of, expr->round.grain, level);
}

/* `else if` goes on below the first `if`; when the whole does not fit, it breaks at every `else`.
 */
static void choice(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t start = bare(layout, expr), last;
    for (;;) {
        const struct azp_expr *yes = expr->choice.yes, *no = expr->choice.no;
        azp_operator(layout, azp_last(layout, expr->choice.condition->place) + 1,
                     azp_first(layout, yes->place), start, level);
        azp_grouped(layout, azp_last(layout, yes->place) + 1, AZP_COLUMN, start, 0, level);
        azp_mark_expr(layout, expr->choice.condition, level + 1);
        azp_mark_expr(layout, yes, level + 1);
        last = azp_last(layout, no->place);
        if (!is_bare(layout, no, AZP_IF)) {
            azp_mark_expr(layout, no, level + 1);
            break;
        }
        expr = no;
    }
    azp_group(layout, start, last, false, level);
}

static void fallback(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t start = azp_first(layout, expr->fallback.of->place);
    for (;;) {
        const struct azp_expr *of = expr->fallback.of, *otherwise = expr->fallback.otherwise;
        uint32_t next = azp_first(layout, otherwise->place);
        azp_operator(layout, azp_last(layout, of->place) + 1, next, start, level);
        azp_mark_expr(layout, of, level + 1);
        if (otherwise->class != AZP_ELSE ||
            next != azp_first(layout, otherwise->fallback.of->place)) {
            azp_mark_expr(layout, otherwise, level + 1);
            return;
        }
        expr = otherwise;
    }
}

static void close_braces(struct azp_layout *layout, uint32_t open, uint32_t level)
{
    uint32_t close = layout->marks[open].partner;
    azp_grouped(layout, close, AZP_LINE, open, 0, level + 1);
    layout->marks[close].closes = true;
    azp_drop_comma(layout, close);
}

/* The braces of a match or curve; answers the one that opens them. */
static uint32_t braces(struct azp_layout *layout, const struct azp_expr *of, uint32_t level)
{
    azp_mark_expr(layout, of, level + 1);
    uint32_t open = azp_last(layout, of->place) + 1;
    close_braces(layout, open, level);
    return open;
}

static void map(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t open = bare(layout, expr);
    uint32_t close = layout->marks[open].partner;
    if (expr->map.pairs.count == 0 && layout->marks[close].comments == 0) {
        layout->marks[close].spaces = 0;
        return;
    }
    close_braces(layout, open, level);
    for (size_t i = 0; i < expr->map.pairs.count; i++) {
        const struct azp_pair *pair = &expr->map.pairs.items[i];
        uint32_t start = azp_first(layout, pair->key->place);
        azp_grouped(layout, start, AZP_LINE, open, AZP_INDENT, level + 1);
        azp_mark_expr(layout, pair->key, level + 2);
        azp_intro(layout, pair->value, azp_last(layout, pair->value->place), AZP_COLUMN, start,
                  level + 1);
    }
    azp_group(layout, open, close, false, level);
}

static void match(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t open = braces(layout, expr->match.of, level);
    for (size_t i = 0; i < expr->match.arms.count; i++) {
        const struct azp_arm *arm = expr->match.arms.items[i];
        uint32_t start = azp_first(layout, arm->place);
        azp_grouped(layout, start, AZP_LINE, open, AZP_INDENT, level + 1);
        azp_intro(layout, arm->value, azp_last(layout, arm->value->place), AZP_COLUMN, start,
                  level + 1);
    }
    azp_group(layout, open, layout->marks[open].partner, false, level);
}

static void curve(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    uint32_t open = braces(layout, expr->curve.of, level);
    struct azp_table table = {0};
    for (size_t i = 0; i < expr->curve.points.count; i++) {
        const struct azp_point *point = &expr->curve.points.items[i];
        struct azp_table_row row = {.first = azp_first(layout, point->x->place),
                                    .last = azp_last(layout, point->y->place)};
        *AZA_PUSH(layout->context->arena, &row.cells) = azp_first(layout, point->y->place);
        *AZA_PUSH(layout->context->arena, &table.rows) = row;
        azp_grouped(layout, row.first, AZP_LINE, open, AZP_INDENT, level + 1);
        azp_mark_expr(layout, point->x, level + 2);
        azp_mark_expr(layout, point->y, level + 2);
    }
    azp_add_table(layout, open, table);
    azp_group(layout, open, layout->marks[open].partner, false, level);
}

void azp_mark_expr(struct azp_layout *layout, const struct azp_expr *expr, uint32_t level)
{
    static void (*const classes[])(struct azp_layout *, const struct azp_expr *, uint32_t) = {
        [AZP_ERROR] = constant, [AZP_QUANTITY] = constant,
        [AZP_TRUTH] = constant, [AZP_TEXT] = text,
        [AZP_NAME] = constant,  [AZP_FIELD] = field,
        [AZP_CALL] = call,      [AZP_LIST] = list,
        [AZP_UNARY] = unary,    [AZP_COMPREHENSION] = comprehension,
        [AZP_IS] = is,          [AZP_BINARY] = binary,
        [AZP_IN] = in,          [AZP_LIMIT] = limit,
        [AZP_ROUND] = rounded,  [AZP_IF] = choice,
        [AZP_MATCH] = match,    [AZP_CURVE] = curve,
        [AZP_ELSE] = fallback,  [AZP_MAP] = map,
    };
    classes[expr->class](layout, expr, level);
}
