/* Profiles, tiers and curves: lookups in tables become chains of SELECT instructions.
 *
 * For each row there is a condition and a value. The chain is built from the last row, whose value
 * applies if no condition holds (the checker has made sure that the rows cover every case), to the
 * first. Rows that no machine reaches are not evaluated. Each row is noted with its condition, so
 * that `explain` can show which one matched; the rows of one table share a group. */
#include "base/checked.h"
#include "eval/build.h"

static ir_slot profile_column(struct eval_builder *builder, const struct sema_symbol *input,
                              const struct syntax_item *profile, uint32_t column)
{
    enum image_kind kind = profile->bindings.items[column].type->meaning->kind;
    size_t count = profile->rows.count;
    ir_slot *conditions = base_alloc(builder->arena, count * sizeof *conditions);
    ir_slot *values = base_alloc(builder->arena, count * sizeof *values);
    ir_slot of = eval_input(builder, input);
    /* An optional input that is missing: eval_column makes the result void, but the comparison
     * needs a value. */
    if (input->type->optional)
        of = ir_emit(builder->code, IMAGE_OP_ELSE, IMAGE_ENUM, of,
                     ir_text(builder->code, IMAGE_ENUM, profile->rows.items[0]->member.text), 0, 0);
    uint16_t group = eval_group(builder);
    bool decided = false;
    for (size_t r = 0; r < count; r++) {
        const struct syntax_row *row = profile->rows.items[r];
        ir_slot member = ir_text(builder->code, IMAGE_ENUM, row->member.text);
        conditions[r] = ir_emit(builder->code, IMAGE_OP_EQ, IMAGE_BOOL, of, member, 0, 0);
        values[r] = eval_may_hold(builder, conditions[r], &decided)
                        ? eval_expr_as(builder, row->cells.items[column], kind)
                        : eval_zero(builder, kind);
        eval_note(builder, IMAGE_NOTE_ROW, group,
                  base_format(builder->arena, "%s %s", input->name, row->member.text),
                  conditions[r], IMAGE_NONE, row->place);
    }
    return eval_select_first(builder, kind, conditions, values, count - 1, values[count - 1]);
}

/* Rows must be ascending: `to X` ends with X, `below X` just before it. */
static void check_ascending(struct eval_builder *builder, const struct syntax_row *row,
                            base_wide end, const struct syntax_row *before, base_wide end_before)
{
    if (before == NULL || end > end_before)
        return;
    struct diagnostic *order =
        diag_report(builder->queue, DIAG_TIERS_ORDER, row->place,
                    "unreachable row: the previous row already covers this range");
    diag_label(order, before->place, "previous row");
    diag_help(builder->queue, order, "sort the rows in ascending order, or remove this one");
}

void eval_check_tiers(struct eval_builder *builder, const struct syntax_item *tiers)
{
    const struct syntax_row *before = NULL;
    base_wide end_before = 0;
    for (size_t r = 0; r < tiers->rows.count; r++) {
        const struct syntax_row *row = tiers->rows.items[r];
        int64_t threshold;
        if (row->threshold == NULL ||
            !eval_constant(builder, row->threshold, tiers->condition->type->kind, &threshold))
            continue;
        base_wide end = (base_wide)threshold - (row->class == SYNTAX_ROW_BELOW);
        check_ascending(builder, row, end, before, end_before);
        before = row;
        end_before = end;
    }
}

static ir_slot tiers_column(struct eval_builder *builder, const struct syntax_item *tiers,
                            uint32_t column)
{
    struct ir_code *code = builder->code;
    enum image_kind kind = tiers->bindings.items[column].type->meaning->kind;
    size_t count = tiers->rows.count;
    ir_slot *conditions = base_alloc(builder->arena, count * sizeof *conditions);
    ir_slot *values = base_alloc(builder->arena, count * sizeof *values);
    ir_slot of = eval_expr(builder, tiers->condition);
    uint16_t group = eval_group(builder);
    bool decided = false;
    for (size_t r = 0; r < count; r++) {
        const struct syntax_row *row = tiers->rows.items[r];
        conditions[r] = ir_constant(code, IMAGE_BOOL, 1);
        if (row->threshold != NULL)
            conditions[r] = ir_emit(
                code, row->class == SYNTAX_ROW_BELOW ? IMAGE_OP_LT : IMAGE_OP_LE, IMAGE_BOOL, of,
                eval_expr_as(builder, row->threshold, ir_kind(code, of)), 0, 0);
        values[r] = eval_may_hold(builder, conditions[r], &decided)
                        ? eval_expr_as(builder, row->cells.items[column], kind)
                        : eval_zero(builder, kind);
        eval_note(builder, IMAGE_NOTE_ROW, group,
                  base_format(builder->arena, "%s %s", tiers->name.text,
                              eval_text_of(builder, row->place)),
                  conditions[r], IMAGE_NONE, row->place);
    }
    return eval_select_first(builder, kind, conditions, values, count - 1, values[count - 1]);
}

ir_slot eval_column(struct eval_builder *builder, const struct syntax_expr *expr)
{
    const struct sema_symbol *symbol = expr->field.symbol;
    bool tiers = symbol->class == SEMA_TIERS;
    uint32_t column = expr->field.column;
    const struct syntax_item *table =
        tiers ? symbol->item : sema_find_column(symbol, expr->field.field.text, &column);
    const struct syntax_binding *binding = &table->bindings.items[column];
    struct syntax_word declared = {
        base_format(builder->arena, "%s.%s", symbol->name, binding->name.text),
        binding->name.place};
    struct eval_memo *memo = eval_visit(builder, binding, declared, expr->place);
    if (memo == NULL)
        return ir_broken(builder->code, binding->type->meaning->kind);
    ir_slot slot = tiers ? tiers_column(builder, table, column)
                         : profile_column(builder, symbol, table, column);
    eval_unvisit(builder, memo);
    if (tiers || !symbol->type->optional)
        return slot;
    enum image_kind kind = ir_kind(builder->code, slot);
    ir_slot known =
        ir_emit(builder->code, IMAGE_OP_KNOWN, IMAGE_BOOL, eval_input(builder, symbol), 0, 0, 0);
    return ir_emit(builder->code, IMAGE_OP_SELECT, kind, known, slot, ir_void(builder->code, kind),
                   0);
}

/* The value on the straight line from one point to the next: y0 + (x - x0) * rise / run. */
static ir_slot segment_value(struct eval_builder *builder, ir_slot x, enum image_kind kind,
                             const int64_t from[2], const int64_t to[2])
{
    struct ir_code *code = builder->code;
    enum image_kind x_kind = ir_kind(code, x);
    ir_slot past = ir_emit(code, IMAGE_OP_SUB, x_kind, x, ir_constant(code, x_kind, from[0]), 0, 0);
    ir_slot rise = ir_constant(code, kind, to[1] - from[1]);
    ir_slot run = ir_constant(code, x_kind, to[0] - from[0]);
    ir_slot risen = ir_emit(code, IMAGE_OP_MULDIV, kind, past, rise, run, 0);
    return ir_emit(code, IMAGE_OP_ADD, kind, ir_constant(code, kind, from[1]), risen, 0, 0);
}

static bool is_too_far(const int64_t from[2], const int64_t to[2])
{
    int64_t unused;
    return !base_sub(to[0], from[0], &unused) || !base_sub(to[1], from[1], &unused);
}

/* Evaluates the points; false, and reported, if one is not constant, or they are not ascending, or
 * a difference exceeds 64 bits. */
static bool read_points(struct eval_builder *builder, const struct syntax_expr *expr,
                        int64_t (*points)[2], enum image_kind x_kind, enum image_kind y_kind)
{
    bool fine = true;
    for (size_t i = 0; i < expr->curve.points.count; i++) {
        const struct syntax_point *point = &expr->curve.points.items[i];
        fine = eval_constant(builder, point->x, x_kind, &points[i][0]) && fine;
        fine = eval_constant(builder, point->y, y_kind, &points[i][1]) && fine;
    }
    for (size_t i = 1; fine && i < expr->curve.points.count; i++) {
        const struct base_place place = expr->curve.points.items[i].x->place;
        struct diagnostic *wrong = NULL;
        if (points[i][0] <= points[i - 1][0])
            wrong = diag_report(builder->queue, DIAG_CURVE_ORDER, place,
                                "the points of a curve must be in ascending order");
        else if (is_too_far(points[i - 1], points[i]))
            wrong = diag_report(builder->queue, DIAG_ALWAYS_TRAPS, place,
                                "this point is too far from the previous one");
        if (wrong == NULL)
            continue;
        diag_label(wrong, expr->curve.points.items[i - 1].x->place, "previous point");
        fine = false;
    }
    return fine;
}

ir_slot eval_curve(struct eval_builder *builder, const struct syntax_expr *expr)
{
    struct ir_code *code = builder->code;
    size_t count = expr->curve.points.count;
    ir_slot x = eval_expr(builder, expr->curve.of);
    enum image_kind x_kind = ir_kind(code, x), kind = expr->type->kind;
    for (size_t i = 0; i < count; i++)
        if (expr->curve.points.items[i].x->type->kind == IMAGE_RATIO)
            x_kind = IMAGE_RATIO;
    x = eval_coerce(builder, x, x_kind);
    int64_t(*points)[2] = base_alloc(builder->arena, count * sizeof *points);
    if (!read_points(builder, expr, points, x_kind, kind))
        return ir_broken(builder->code, kind);
    ir_slot *conditions = base_alloc(builder->arena, (count + 1) * sizeof *conditions);
    ir_slot *values = base_alloc(builder->arena, (count + 1) * sizeof *values);
    uint16_t group = eval_group(builder);
    for (size_t i = 0; i <= count; i++) {
        bool first = i == 0, last = i == count;
        const char *left =
            first ? "" : eval_text_of(builder, expr->curve.points.items[i - 1].x->place);
        const char *right = last ? "" : eval_text_of(builder, expr->curve.points.items[i].x->place);
        conditions[i] = last ? ir_constant(code, IMAGE_BOOL, 1)
                             : ir_emit(code, IMAGE_OP_LE, IMAGE_BOOL, x,
                                       ir_constant(code, x_kind, points[i][0]), 0, 0);
        values[i] = first  ? ir_constant(code, kind, points[0][1])
                    : last ? ir_constant(code, kind, points[count - 1][1])
                           : segment_value(builder, x, kind, points[i - 1], points[i]);
        const char *text = first  ? base_format(builder->arena, "to %s", right)
                           : last ? base_format(builder->arena, "beyond %s", left)
                                  : base_format(builder->arena, "%s .. %s", left, right);
        eval_note(builder, IMAGE_NOTE_POINT, group, text, conditions[i], IMAGE_NONE,
                  last ? expr->place : expr->curve.points.items[i].x->place);
    }
    return eval_select_first(builder, kind, conditions, values, count, values[count]);
}
