/* Where the lines of an expression may break.
 *
 * A chain of operators continues below its own beginning, with the operator first. The level grows
 * with the depth in the tree, so a line breaks at the loosest operator before it breaks in an
 * operand. Every class of expression has a function in a table. Places of expressions include the
 * parentheses around them, which is why some functions first find the token inside. */
#include "syntax/format.h"

#include "azr.tab.h"

/* The first token of an expression inside of the parentheses around it. */
static uint32_t first_inside_parentheses(const struct syntax_layout *layout,
                                         const struct syntax_expr *expr)
{
    uint32_t token = syntax_first(layout, expr->place);
    while (layout->marks[token].kind == '(')
        token++;
    return token;
}

static bool is_without_parentheses(const struct syntax_layout *layout,
                                   const struct syntax_expr *expr, enum syntax_class class)
{
    return expr->class == class && layout->marks[syntax_first(layout, expr->place)].kind != '(';
}

static void mark_constant(struct syntax_layout *layout, const struct syntax_expr *expr,
                          uint32_t level)
{
    (void)layout, (void)expr, (void)level;
}

static void mark_text(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    layout->within_text++;
    for (size_t i = 0; i < expr->text.pieces.count; i++)
        syntax_mark_expr(layout, expr->text.pieces.items[i], level + 1);
    layout->within_text--;
}

static void mark_field(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    syntax_mark_expr(layout, expr->field.of, level + 1);
}

static void mark_elements(struct syntax_layout *layout, uint32_t open,
                          const struct syntax_exprs *exprs, uint32_t level)
{
    BASE_LIST(uint32_t) tokens = {0};
    for (size_t i = 0; i < exprs->count; i++) {
        syntax_mark_expr(layout, exprs->items[i], level + 1);
        *BASE_PUSH(layout->context->arena, &tokens) = syntax_first(layout, exprs->items[i]->place);
    }
    syntax_commas(layout, open, tokens.items, tokens.count, level);
}

static void mark_call(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    mark_elements(layout, first_inside_parentheses(layout, expr) + 1, &expr->call.arguments, level);
}

static void mark_list(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    uint32_t open = first_inside_parentheses(layout, expr);
    syntax_drop_comma(layout, layout->marks[open].partner);
    mark_elements(layout, open, &expr->list.elements, level);
}

/* The key of a map that is made from a list. The braces of such a map have no blanks inside.
 * Returns the key's first token. */
static uint32_t mark_computed_key(struct syntax_layout *layout, uint32_t start,
                                  const struct syntax_expr *key, uint32_t level)
{
    layout->marks[start].spaces = 0;
    layout->marks[layout->marks[start - 1].partner].spaces = 0;
    syntax_mark_expr(layout, key, level + 2);
    return syntax_first(layout, key->place);
}

static void mark_comprehension(struct syntax_layout *layout, const struct syntax_expr *expr,
                               uint32_t level)
{
    uint32_t start = first_inside_parentheses(layout, expr) + 1;
    syntax_mark_expr(layout, expr->comprehension.list, level + 1);
    uint32_t element = syntax_first(layout, expr->comprehension.element->place);
    if (expr->comprehension.condition != NULL) {
        uint32_t condition = syntax_first(layout, expr->comprehension.condition->place);
        syntax_operator(layout, syntax_last(layout, expr->comprehension.list->place) + 1, condition,
                        start, level);
        syntax_mark_expr(layout, expr->comprehension.condition, level + 1);
    }
    if (expr->comprehension.key != NULL) {
        element = mark_computed_key(layout, start, expr->comprehension.key, level);
        syntax_intro(layout, expr->comprehension.element,
                     syntax_last(layout, expr->comprehension.element->place), SYNTAX_COLUMN,
                     element, level + 1);
    } else {
        syntax_mark_expr(layout, expr->comprehension.element, level + 1);
    }
    syntax_soft(layout, element, SYNTAX_COLUMN, start, SYNTAX_INDENT, level);
}

static void mark_unary(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    if (expr->binary.op == SYNTAX_NEG)
        layout->marks[syntax_first(layout, expr->binary.right->place)].spaces = 0;
    syntax_mark_expr(layout, expr->binary.right, level + 1);
}

/* Marks the operator after its left operand: on a new line it is aligned with the start of that
 * operand. */
static void mark_operator_after(struct syntax_layout *layout, const struct syntax_expr *left,
                                const struct syntax_expr *right, uint32_t level)
{
    uint32_t token = syntax_last(layout, left->place) + 1;
    syntax_operator(layout, token, right == NULL ? token : syntax_first(layout, right->place),
                    syntax_first(layout, left->place), level);
    syntax_mark_expr(layout, left, level + 1);
    if (right != NULL)
        syntax_mark_expr(layout, right, level + 1);
}

static void mark_binary(struct syntax_layout *layout, const struct syntax_expr *expr,
                        uint32_t level)
{
    mark_operator_after(layout, expr->binary.left, expr->binary.right, level);
}

static void mark_is(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    mark_operator_after(layout, expr->is.of, NULL, level);
}

static void mark_in(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    mark_operator_after(layout, expr->in.of, expr->in.list, level);
}

static void mark_limit(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    const struct syntax_expr *first = expr->limit.low != NULL ? expr->limit.low : expr->limit.high;
    mark_operator_after(layout, expr->limit.of, first, level);
    if (first != expr->limit.high && expr->limit.high != NULL)
        syntax_mark_expr(layout, expr->limit.high, level + 1);
}

static void mark_rounded(struct syntax_layout *layout, const struct syntax_expr *expr,
                         uint32_t level)
{
    mark_operator_after(layout, expr->round.of, expr->round.grain, level);
}

/* `else if` continues below the first `if`. If the whole does not fit on a line, every `else`
 * breaks. */
static void mark_choice(struct syntax_layout *layout, const struct syntax_expr *expr,
                        uint32_t level)
{
    uint32_t start = first_inside_parentheses(layout, expr), last;
    for (;;) {
        const struct syntax_expr *yes = expr->choice.yes, *no = expr->choice.no;
        syntax_operator(layout, syntax_last(layout, expr->choice.condition->place) + 1,
                        syntax_first(layout, yes->place), start, level);
        syntax_grouped(layout, syntax_last(layout, yes->place) + 1, SYNTAX_COLUMN, start, 0, level);
        syntax_mark_expr(layout, expr->choice.condition, level + 1);
        syntax_mark_expr(layout, yes, level + 1);
        last = syntax_last(layout, no->place);
        if (!is_without_parentheses(layout, no, SYNTAX_IF)) {
            syntax_mark_expr(layout, no, level + 1);
            break;
        }
        expr = no;
    }
    syntax_group(layout, start, last, false, level);
}

static void mark_fallback(struct syntax_layout *layout, const struct syntax_expr *expr,
                          uint32_t level)
{
    uint32_t start = syntax_first(layout, expr->fallback.of->place);
    for (;;) {
        const struct syntax_expr *of = expr->fallback.of, *otherwise = expr->fallback.otherwise;
        uint32_t next = syntax_first(layout, otherwise->place);
        syntax_operator(layout, syntax_last(layout, of->place) + 1, next, start, level);
        syntax_mark_expr(layout, of, level + 1);
        if (otherwise->class != SYNTAX_ELSE ||
            next != syntax_first(layout, otherwise->fallback.of->place)) {
            syntax_mark_expr(layout, otherwise, level + 1);
            return;
        }
        expr = otherwise;
    }
}

static void mark_closing_brace(struct syntax_layout *layout, uint32_t open, uint32_t level)
{
    uint32_t close = layout->marks[open].partner;
    syntax_grouped(layout, close, SYNTAX_LINE, open, 0, level + 1);
    layout->marks[close].closes = true;
    syntax_drop_comma(layout, close);
}

/* The braces of a match or curve. Returns the opening one. */
static uint32_t mark_braces(struct syntax_layout *layout, const struct syntax_expr *of,
                            uint32_t level)
{
    syntax_mark_expr(layout, of, level + 1);
    uint32_t open = syntax_last(layout, of->place) + 1;
    mark_closing_brace(layout, open, level);
    return open;
}

/* The pairs between the braces of a map, or after the `with` of a file. */
static void mark_pairs(struct syntax_layout *layout, uint32_t open, const struct syntax_pairs *list,
                       uint32_t level)
{
    mark_closing_brace(layout, open, level);
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_pair *pair = &list->items[i];
        uint32_t start = syntax_first(layout, pair->key->place);
        syntax_grouped(layout, start, SYNTAX_LINE, open, SYNTAX_INDENT, level + 1);
        syntax_mark_expr(layout, pair->key, level + 2);
        syntax_intro(layout, pair->value, syntax_last(layout, pair->value->place), SYNTAX_COLUMN,
                     start, level + 1);
    }
    syntax_group(layout, open, layout->marks[open].partner, false, level);
}

static void mark_map(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    uint32_t open = first_inside_parentheses(layout, expr);
    uint32_t close = layout->marks[open].partner;
    if (expr->map.pairs.count == 0 && layout->marks[close].comments == 0) {
        layout->marks[close].spaces = 0;
        return;
    }
    mark_pairs(layout, open, &expr->map.pairs, level);
}

static void mark_file(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    if (expr->file.values.count > 0)
        mark_pairs(layout, syntax_last(layout, expr->file.path.place) + 2, &expr->file.values,
                   level);
}

static void mark_match(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    uint32_t open = mark_braces(layout, expr->match.of, level);
    for (size_t i = 0; i < expr->match.arms.count; i++) {
        const struct syntax_arm *arm = expr->match.arms.items[i];
        uint32_t start = syntax_first(layout, arm->place);
        syntax_grouped(layout, start, SYNTAX_LINE, open, SYNTAX_INDENT, level + 1);
        syntax_intro(layout, arm->value, syntax_last(layout, arm->value->place), SYNTAX_COLUMN,
                     start, level + 1);
    }
    syntax_group(layout, open, layout->marks[open].partner, false, level);
}

static void mark_curve(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    uint32_t open = mark_braces(layout, expr->curve.of, level);
    struct syntax_table table = {0};
    for (size_t i = 0; i < expr->curve.points.count; i++) {
        const struct syntax_point *point = &expr->curve.points.items[i];
        struct syntax_table_row row = {.first = syntax_first(layout, point->x->place),
                                       .last = syntax_last(layout, point->y->place)};
        *BASE_PUSH(layout->context->arena, &row.cells) = syntax_first(layout, point->y->place);
        *BASE_PUSH(layout->context->arena, &table.rows) = row;
        syntax_grouped(layout, row.first, SYNTAX_LINE, open, SYNTAX_INDENT, level + 1);
        syntax_mark_expr(layout, point->x, level + 2);
        syntax_mark_expr(layout, point->y, level + 2);
    }
    syntax_add_table(layout, open, table);
    syntax_group(layout, open, layout->marks[open].partner, false, level);
}

void syntax_mark_expr(struct syntax_layout *layout, const struct syntax_expr *expr, uint32_t level)
{
    static void (*const classes[])(struct syntax_layout *, const struct syntax_expr *, uint32_t) = {
        [SYNTAX_ERROR] = mark_constant, [SYNTAX_QUANTITY] = mark_constant,
        [SYNTAX_TRUTH] = mark_constant, [SYNTAX_TEXT] = mark_text,
        [SYNTAX_NAME] = mark_constant,  [SYNTAX_FIELD] = mark_field,
        [SYNTAX_CALL] = mark_call,      [SYNTAX_LIST] = mark_list,
        [SYNTAX_UNARY] = mark_unary,    [SYNTAX_COMPREHENSION] = mark_comprehension,
        [SYNTAX_IS] = mark_is,          [SYNTAX_BINARY] = mark_binary,
        [SYNTAX_IN] = mark_in,          [SYNTAX_LIMIT] = mark_limit,
        [SYNTAX_ROUND] = mark_rounded,  [SYNTAX_IF] = mark_choice,
        [SYNTAX_MATCH] = mark_match,    [SYNTAX_CURVE] = mark_curve,
        [SYNTAX_ELSE] = mark_fallback,  [SYNTAX_MAP] = mark_map,
        [SYNTAX_FILE] = mark_file,
    };
    classes[expr->class](layout, expr, level);
}
