/* Calls of functions: those that the rules define, and the built-in ones.
 *
 * A function of the rules has no code of its own. Each call evaluates its body again with the
 * values of the arguments, so a call with known arguments is computed at compile time. Depth and
 * steps are limited, so recursion ends. */
#include "base/assert.h"
#include "eval/build.h"

/* Evaluates the arguments, each converted to its parameter's type, and makes `frame` the current
 * one. The caller evaluates the body, then restores frame->outer. False, and reported, if calls are
 * nested too deeply. */
static bool enter_call(struct eval_builder *builder, const struct syntax_expr *expr,
                       struct eval_frame *frame)
{
    const struct syntax_item *item = expr->call.symbol->item;
    *frame = (struct eval_frame){.outer = builder->frame, .place = expr->place};
    frame->depth = builder->frame == NULL ? 1 : builder->frame->depth + 1;
    if (frame->depth > LIMIT_CALL_DEPTH) {
        diag_report(builder->queue, DIAG_TOO_DEEP, expr->place,
                    "function calls are nested more than %d levels deep", LIMIT_CALL_DEPTH);
        return false;
    }
    const struct eval_value **values =
        base_alloc(builder->arena, item->bindings.count * sizeof *values + 1);
    for (size_t i = 0; i < item->bindings.count; i++)
        values[i] = eval_value_as(builder, expr->call.arguments.items[i],
                                  item->bindings.items[i].type->meaning);
    frame->values = values;
    builder->frame = frame;
    return true;
}

ir_slot eval_call(struct eval_builder *builder, const struct syntax_expr *expr)
{
    if (expr->call.symbol == NULL)
        return eval_slot(builder, eval_builtin(builder, expr), expr->type->kind);
    struct eval_frame frame;
    if (!enter_call(builder, expr, &frame))
        return ir_broken(builder->code, expr->type->kind);
    ir_slot slot = eval_expr_as(builder, expr->call.symbol->item->value, expr->type->kind);
    BASE_ASSERT(builder->frame == &frame);
    builder->frame = frame.outer;
    return slot;
}

const struct eval_value *eval_call_value(struct eval_builder *builder,
                                         const struct syntax_expr *expr)
{
    if (expr->call.symbol == NULL)
        return eval_builtin(builder, expr);
    struct eval_frame frame;
    if (!enter_call(builder, expr, &frame))
        return eval_new_value(builder, EVAL_NOTHING, expr->place);
    const struct eval_value *value =
        eval_value_as(builder, expr->call.symbol->item->value, expr->type);
    BASE_ASSERT(builder->frame == &frame);
    builder->frame = frame.outer;
    return value;
}
