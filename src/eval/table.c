/* Looking values up: profiles, tiers and curves become chains of selections. */
#include "base/checked.h"
#include "eval/build.h"

/* Folds rows into one value, the last row holding where no other does. */
static azi_slot choose(struct aze_builder *builder, enum azb_kind kind, const azi_slot *conditions,
                       const azi_slot *values, size_t count)
{
    azi_slot slot = values[count - 1];
    for (size_t i = count - 1; i-- > 0;)
        slot = azi_emit(builder->code, AZB_OP_SELECT, kind, conditions[i], values[i], slot, 0);
    return slot;
}

static azi_slot profile_column(struct aze_builder *builder, const struct azs_symbol *input,
                               const struct azp_item *profile, uint32_t column)
{
    enum azb_kind kind = profile->bindings.items[column].type->meaning->kind;
    size_t count = profile->rows.count;
    azi_slot *conditions = aza_alloc(builder->arena, count * sizeof *conditions);
    azi_slot *values = aza_alloc(builder->arena, count * sizeof *values);
    azi_slot of = aze_input(builder, input);
    /* Where nobody said it the rows do not matter, but a comparison needs a value. */
    if (input->type->optional)
        of = azi_emit(builder->code, AZB_OP_ELSE, AZB_ENUM, of,
                      azi_text(builder->code, AZB_ENUM, profile->rows.items[0]->member.text), 0, 0);
    uint16_t group = aze_group(builder);
    bool decided = false;
    for (size_t r = 0; r < count; r++) {
        const struct azp_row *row = profile->rows.items[r];
        azi_slot member = azi_text(builder->code, AZB_ENUM, row->member.text);
        conditions[r] = azi_emit(builder->code, AZB_OP_EQ, AZB_BOOL, of, member, 0, 0);
        values[r] = aze_may_hold(builder, conditions[r], &decided)
                        ? aze_expr_as(builder, row->cells.items[column], kind)
                        : aze_zero(builder, kind);
        aze_note(builder, AZB_NOTE_ROW, group,
                 aza_format(builder->arena, "%s %s", input->name, row->member.text), conditions[r],
                 AZB_NONE, row->place);
    }
    return choose(builder, kind, conditions, values, count);
}

/* Rows must rise: `to X` ends with X, `below X` just before it. */
static void check_rise(struct aze_builder *builder, const struct azp_row *row, aza_wide end,
                       const struct azp_row *before, aza_wide end_before)
{
    if (before == NULL || end > end_before)
        return;
    struct azd_diagnostic *order =
        azd_report(builder->queue, AZD_TIERS_ORDER, row->place,
                   "no machine gets to this row: the row before it reaches as far");
    azd_label(order, before->place, "the row before");
}

void aze_check_tiers(struct aze_builder *builder, const struct azp_item *tiers)
{
    const struct azp_row *before = NULL;
    aza_wide end_before = 0;
    for (size_t r = 0; r < tiers->rows.count; r++) {
        const struct azp_row *row = tiers->rows.items[r];
        int64_t threshold;
        if (row->threshold == NULL ||
            !aze_constant(builder, row->threshold, tiers->condition->type->kind, &threshold))
            continue;
        aza_wide end = (aza_wide)threshold - (row->class == AZP_ROW_BELOW);
        check_rise(builder, row, end, before, end_before);
        before = row;
        end_before = end;
    }
}

static azi_slot tiers_column(struct aze_builder *builder, const struct azp_item *tiers,
                             uint32_t column)
{
    struct azi_code *code = builder->code;
    enum azb_kind kind = tiers->bindings.items[column].type->meaning->kind;
    size_t count = tiers->rows.count;
    azi_slot *conditions = aza_alloc(builder->arena, count * sizeof *conditions);
    azi_slot *values = aza_alloc(builder->arena, count * sizeof *values);
    azi_slot of = aze_expr(builder, tiers->condition);
    uint16_t group = aze_group(builder);
    bool decided = false;
    for (size_t r = 0; r < count; r++) {
        const struct azp_row *row = tiers->rows.items[r];
        conditions[r] = azi_constant(code, AZB_BOOL, 1);
        if (row->threshold != NULL)
            conditions[r] =
                azi_emit(code, row->class == AZP_ROW_BELOW ? AZB_OP_LT : AZB_OP_LE, AZB_BOOL, of,
                         aze_expr_as(builder, row->threshold, azi_kind(code, of)), 0, 0);
        values[r] = aze_may_hold(builder, conditions[r], &decided)
                        ? aze_expr_as(builder, row->cells.items[column], kind)
                        : aze_zero(builder, kind);
        aze_note(
            builder, AZB_NOTE_ROW, group,
            aza_format(builder->arena, "%s %s", tiers->name.text, aze_text_of(builder, row->place)),
            conditions[r], AZB_NONE, row->place);
    }
    return choose(builder, kind, conditions, values, count);
}

azi_slot aze_column(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct azs_symbol *symbol = expr->field.symbol;
    bool tiers = symbol->class == AZS_TIERS;
    uint32_t column = expr->field.column;
    const struct azp_item *table =
        tiers ? symbol->item : azs_find_column(symbol, expr->field.field.text, &column);
    const struct azp_binding *binding = &table->bindings.items[column];
    struct azp_word declared = {
        aza_format(builder->arena, "%s.%s", symbol->name, binding->name.text), binding->name.place};
    struct aze_memo *memo = aze_visit(builder, binding, declared, expr->place);
    if (memo == NULL)
        return azi_broken(builder->code, binding->type->meaning->kind);
    azi_slot slot = tiers ? tiers_column(builder, table, column)
                          : profile_column(builder, symbol, table, column);
    aze_unvisit(builder, memo);
    if (tiers || !symbol->type->optional)
        return slot;
    enum azb_kind kind = azi_kind(builder->code, slot);
    azi_slot known =
        azi_emit(builder->code, AZB_OP_KNOWN, AZB_BOOL, aze_input(builder, symbol), 0, 0, 0);
    return azi_emit(builder->code, AZB_OP_SELECT, kind, known, slot, azi_void(builder->code, kind),
                    0);
}

/* The value on the straight line from one point to the next: y0 + (x - x0) * rise / run. */
static azi_slot segment(struct aze_builder *builder, azi_slot x, enum azb_kind kind,
                        const int64_t from[2], const int64_t to[2])
{
    struct azi_code *code = builder->code;
    enum azb_kind x_kind = azi_kind(code, x);
    azi_slot past =
        azi_emit(code, AZB_OP_SUB, x_kind, x, azi_constant(code, x_kind, from[0]), 0, 0);
    azi_slot rise = azi_constant(code, kind, to[1] - from[1]);
    azi_slot run = azi_constant(code, x_kind, to[0] - from[0]);
    azi_slot risen = azi_emit(code, AZB_OP_MULDIV, kind, past, rise, run, 0);
    return azi_emit(code, AZB_OP_ADD, kind, azi_constant(code, kind, from[1]), risen, 0, 0);
}

static bool is_too_far(const int64_t from[2], const int64_t to[2])
{
    int64_t unused;
    return !aza_sub(to[0], from[0], &unused) || !aza_sub(to[1], from[1], &unused);
}

/* Fills in the points; false after saying what is wrong with them. */
static bool read_points(struct aze_builder *builder, const struct azp_expr *expr,
                        int64_t (*points)[2], enum azb_kind x_kind, enum azb_kind y_kind)
{
    bool fine = true;
    for (size_t i = 0; i < expr->curve.points.count; i++) {
        const struct azp_point *point = &expr->curve.points.items[i];
        fine = aze_constant(builder, point->x, x_kind, &points[i][0]) && fine;
        fine = aze_constant(builder, point->y, y_kind, &points[i][1]) && fine;
    }
    for (size_t i = 1; fine && i < expr->curve.points.count; i++) {
        const struct aza_place place = expr->curve.points.items[i].x->place;
        struct azd_diagnostic *wrong = NULL;
        if (points[i][0] <= points[i - 1][0])
            wrong = azd_report(builder->queue, AZD_CURVE_ORDER, place,
                               "the points of a curve must rise from left to right");
        else if (is_too_far(points[i - 1], points[i]))
            wrong = azd_report(builder->queue, AZD_ALWAYS_TRAPS, place,
                               "this point is too far from the one before it");
        if (wrong == NULL)
            continue;
        azd_label(wrong, expr->curve.points.items[i - 1].x->place, "the point before");
        fine = false;
    }
    return fine;
}

azi_slot aze_curve(struct aze_builder *builder, const struct azp_expr *expr)
{
    struct azi_code *code = builder->code;
    size_t count = expr->curve.points.count;
    azi_slot x = aze_expr(builder, expr->curve.of);
    enum azb_kind x_kind = azi_kind(code, x), kind = expr->type->kind;
    for (size_t i = 0; i < count; i++)
        if (expr->curve.points.items[i].x->type->kind == AZB_RATIO)
            x_kind = AZB_RATIO;
    x = aze_coerce(builder, x, x_kind);
    int64_t(*points)[2] = aza_alloc(builder->arena, count * sizeof *points);
    if (!read_points(builder, expr, points, x_kind, kind))
        return azi_broken(builder->code, kind);
    azi_slot *conditions = aza_alloc(builder->arena, (count + 1) * sizeof *conditions);
    azi_slot *values = aza_alloc(builder->arena, (count + 1) * sizeof *values);
    uint16_t group = aze_group(builder);
    for (size_t i = 0; i <= count; i++) {
        bool first = i == 0, last = i == count;
        const char *left =
            first ? "" : aze_text_of(builder, expr->curve.points.items[i - 1].x->place);
        const char *right = last ? "" : aze_text_of(builder, expr->curve.points.items[i].x->place);
        conditions[i] = last ? azi_constant(code, AZB_BOOL, 1)
                             : azi_emit(code, AZB_OP_LE, AZB_BOOL, x,
                                        azi_constant(code, x_kind, points[i][0]), 0, 0);
        values[i] = first  ? azi_constant(code, kind, points[0][1])
                    : last ? azi_constant(code, kind, points[count - 1][1])
                           : segment(builder, x, kind, points[i - 1], points[i]);
        const char *text = first  ? aza_format(builder->arena, "to %s", right)
                           : last ? aza_format(builder->arena, "beyond %s", left)
                                  : aza_format(builder->arena, "%s .. %s", left, right);
        aze_note(builder, AZB_NOTE_POINT, group, text, conditions[i], AZB_NONE,
                 last ? expr->place : expr->curve.points.items[i].x->place);
    }
    return choose(builder, kind, conditions, values, count + 1);
}
