/* Calls: of functions that the rules define, and of those that the language brings along. */
#include "eval/build.h"

/* Evaluates the arguments, each as its parameter means it; the caller evaluates the body, then puts
 * frame->outer back. */
static bool enter(struct aze_builder *builder, const struct azp_expr *expr, struct aze_frame *frame)
{
    const struct azp_item *item = expr->call.symbol->item;
    *frame = (struct aze_frame){.outer = builder->frame, .place = expr->place};
    frame->depth = builder->frame == NULL ? 1 : builder->frame->depth + 1;
    if (frame->depth > AZA_CALL_DEPTH_MAX) {
        azd_report(builder->queue, AZD_TOO_DEEP, expr->place,
                   "functions call one another more than %d deep", AZA_CALL_DEPTH_MAX);
        return false;
    }
    const struct aze_value **values =
        aza_alloc(builder->arena, item->bindings.count * sizeof *values + 1);
    for (size_t i = 0; i < item->bindings.count; i++)
        values[i] = aze_value_as(builder, expr->call.arguments.items[i],
                                 item->bindings.items[i].type->meaning);
    frame->values = values;
    builder->frame = frame;
    return true;
}

azi_slot aze_call(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->call.symbol == NULL)
        return aze_slot(builder, aze_builtin(builder, expr), expr->type->kind);
    struct aze_frame frame;
    if (!enter(builder, expr, &frame))
        return azi_broken(builder->code, expr->type->kind);
    azi_slot slot = aze_expr_as(builder, expr->call.symbol->item->value, expr->type->kind);
    builder->frame = frame.outer;
    return slot;
}

const struct aze_value *aze_call_value(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->call.symbol == NULL)
        return aze_builtin(builder, expr);
    struct aze_frame frame;
    if (!enter(builder, expr, &frame))
        return aze_new_value(builder, AZE_NOTHING, expr->place);
    const struct aze_value *value =
        aze_value_as(builder, expr->call.symbol->item->value, expr->type);
    builder->frame = frame.outer;
    return value;
}
