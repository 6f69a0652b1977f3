/* Expressions, evaluated with what is known now. */
#include "base/checked.h"
#include "eval/build.h"

/* A rule set may call functions that call functions; this bounds the work whatever they do. */
enum { STEPS_MAX = 2000000 };

const char *aze_text_of(struct aze_builder *builder, struct aza_place place)
{
    return azp_text_of(builder->program->context, place);
}

azi_slot aze_zero(struct aze_builder *builder, enum azb_kind kind)
{
    return azi_constant(builder->code, kind, 0);
}

azi_slot aze_not(struct aze_builder *builder, azi_slot slot)
{
    return azi_emit(builder->code, AZB_OP_NOT, AZB_BOOL, slot, 0, 0, 0);
}

azi_slot aze_arithmetic(struct aze_builder *builder, const struct azp_expr *expr,
                        enum azb_opcode op, enum azb_kind kind, azi_slot a, azi_slot b)
{
    azi_slot slot = azi_emit(builder->code, op, kind, a, b, 0, 0);
    if (!builder->code->facts[slot].trapped)
        return slot;
    struct azd_diagnostic *trap =
        azd_report(builder->queue, AZD_ALWAYS_TRAPS, expr->place, "this has no answer: %s",
                   azv_trap_sentence(builder->code->facts[slot].trap));
    if (builder->frame != NULL)
        azd_label(trap, builder->frame->place, "in this call");
    return azi_broken(builder->code, kind);
}

bool aze_may_hold(const struct aze_builder *builder, azi_slot condition, bool *decided)
{
    bool known = azi_is_constant(builder->code, condition);
    bool may = !*decided && (!known || azi_value(builder->code, condition) != 0);
    *decided = *decided || (known && may);
    return may;
}

azi_slot aze_coerce(struct aze_builder *builder, azi_slot slot, enum azb_kind kind)
{
    struct azi_code *code = builder->code;
    enum azb_kind got = azi_kind(code, slot);
    if (got != AZB_INT || kind != AZB_RATIO)
        return slot;
    if (code->instructions[slot].op == AZB_OP_VOID)
        return azi_void(code, AZB_RATIO);
    azi_slot one = azi_constant(code, AZB_RATIO, 1000000);
    if (!code->facts[slot].may_be_void)
        return azi_emit(code, AZB_OP_MUL, AZB_RATIO, one, slot, 0, 0);
    azi_slot known = azi_emit(code, AZB_OP_KNOWN, AZB_BOOL, slot, 0, 0, 0);
    azi_slot there = azi_emit(code, AZB_OP_ELSE, AZB_INT, slot, aze_zero(builder, AZB_INT), 0, 0);
    azi_slot ratio = azi_emit(code, AZB_OP_MUL, AZB_RATIO, one, there, 0, 0);
    return azi_emit(code, AZB_OP_SELECT, AZB_RATIO, known, ratio, azi_void(code, AZB_RATIO), 0);
}

azi_slot aze_expr_as(struct aze_builder *builder, const struct azp_expr *expr, enum azb_kind kind)
{
    return aze_coerce(builder, aze_expr(builder, expr), kind);
}

bool aze_constant(struct aze_builder *builder, const struct azp_expr *expr, enum azb_kind kind,
                  int64_t *value)
{
    azi_slot slot = aze_expr_as(builder, expr, kind);
    *value = azi_value(builder->code, slot);
    if (azi_is_constant(builder->code, slot))
        return true;
    *value = 0;
    if (!builder->code->facts[slot].broken)
        azd_report(builder->queue, AZD_NOT_CONSTANT, expr->place,
                   "`%s` is known only at start, and here a constant is needed",
                   aze_text_of(builder, expr->place));
    return false;
}

/* Names */

static azi_slot if_narrowed(struct aze_builder *builder, const struct azp_expr *expr, azi_slot slot)
{
    if (!expr->narrowed)
        return slot;
    enum azb_kind kind = azi_kind(builder->code, slot);
    return azi_emit(builder->code, AZB_OP_ELSE, kind, slot, aze_zero(builder, kind), 0, 0);
}

/* Values of a map may be absent, which their type does not tell: whoever uses one needs it. */
static azi_slot present(struct aze_builder *builder, const struct azp_expr *expr, azi_slot slot)
{
    slot = if_narrowed(builder, expr, slot);
    const struct azi_facts *facts = &builder->code->facts[slot];
    if (!facts->may_be_void || facts->secret || facts->broken || expr->type->optional)
        return slot;
    struct azd_diagnostic *absent =
        azd_report(builder->queue, AZD_MAY_BE_UNKNOWN, expr->place, "`%s` may have no value",
                   aze_text_of(builder, expr->place));
    azd_help(builder->queue, absent, "say in the map what holds then: `KEY: ... else ...`");
    return azi_broken(builder->code, azi_kind(builder->code, slot));
}

static azi_slot eval_name(struct aze_builder *builder, const struct azp_expr *expr)
{
    struct azs_symbol *symbol = expr->name.symbol;
    if (symbol == NULL)
        return expr->type->optional ? azi_void(builder->code, expr->type->kind)
                                    : azi_text(builder->code, AZB_ENUM, expr->name.name);
    azi_slot slot = 0;
    uint32_t name = AZB_NONE;
    switch (symbol->class) {
    case AZS_PARAMETER:
    case AZS_VARIABLE:
    case AZS_FIELD:
        return present(builder, expr,
                       aze_slot(builder, aze_value_of_name(builder, expr), expr->type->kind));
    case AZS_INPUT:
        slot = aze_input(builder, symbol);
        name = aze_name_of(builder, symbol, NULL);
        break;
    case AZS_SETTING:
        slot = aze_setting(builder, builder->config, symbol->setting, expr->place);
        name = aze_name_of(builder, symbol->setting, builder->config);
        break;
    default:
        slot = aze_let(builder, symbol, expr->place);
        name = aze_name_of(builder, symbol, symbol->global ? NULL : builder->config);
        break;
    }
    aze_note(builder, AZB_NOTE_USES, 0, symbol->name, slot, name, expr->place);
    return if_narrowed(builder, expr, slot);
}

static bool is_of_structure(const struct azp_expr *expr)
{
    const struct azs_type *of = expr->field.of->type;
    return of != NULL && !of->error && of->form != AZS_SCALAR;
}

static azi_slot eval_field(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (is_of_structure(expr))
        return present(builder, expr,
                       aze_slot(builder, aze_value_of_field(builder, expr), expr->type->kind));
    struct azs_symbol *symbol = expr->field.symbol;
    azi_slot slot;
    uint32_t name = AZB_NONE;
    if (symbol->class == AZS_SETTING) {
        struct azs_config *config = expr->field.column == UINT32_MAX
                                        ? builder->config
                                        : builder->program->configs.items[expr->field.column];
        if (builder->config == NULL && aze_leads_to_live(builder, config))
            config = builder->program->live;
        slot = aze_setting(builder, config, symbol->setting, expr->place);
        name = aze_name_of(builder, symbol->setting, config);
    } else {
        slot = aze_column(builder, expr);
    }
    aze_note(builder, AZB_NOTE_USES, 0, aze_text_of(builder, expr->place), slot, name, expr->place);
    return if_narrowed(builder, expr, slot);
}

/* Operators */

static azi_slot eval_product(struct aze_builder *builder, const struct azp_expr *expr)
{
    struct azi_code *code = builder->code;
    azi_slot a = aze_expr(builder, expr->binary.left), b = aze_expr(builder, expr->binary.right);
    enum azb_kind left = azi_kind(code, a), right = azi_kind(code, b);
    if (expr->binary.op == AZP_MUL) {
        if (right == AZB_INT)
            return aze_arithmetic(builder, expr, AZB_OP_MUL, left, a, b);
        if (left == AZB_INT)
            return aze_arithmetic(builder, expr, AZB_OP_MUL, right, b, a);
        return right == AZB_RATIO ? aze_arithmetic(builder, expr, AZB_OP_SCALE, left, a, b)
                                  : aze_arithmetic(builder, expr, AZB_OP_SCALE, right, b, a);
    }
    if (left == right)
        return aze_arithmetic(builder, expr, AZB_OP_QUOTIENT, AZB_RATIO, a, b);
    if (right == AZB_INT)
        return aze_arithmetic(builder, expr, AZB_OP_DIV, left, a, b);
    if (left == AZB_INT)
        return aze_arithmetic(builder, expr, AZB_OP_QUOTIENT, AZB_RATIO,
                              aze_coerce(builder, a, AZB_RATIO), b);
    return aze_arithmetic(builder, expr, AZB_OP_UNSCALE, left, a, b);
}

/* Both sides as the kind that they join in. */
static enum azb_kind sides(struct aze_builder *builder, const struct azp_expr *expr, azi_slot *a,
                           azi_slot *b)
{
    *a = aze_expr(builder, expr->binary.left);
    *b = aze_expr(builder, expr->binary.right);
    enum azb_kind left = azi_kind(builder->code, *a), right = azi_kind(builder->code, *b);
    enum azb_kind kind = left == AZB_RATIO || right == AZB_RATIO ? AZB_RATIO : left;
    *a = aze_coerce(builder, *a, kind);
    *b = aze_coerce(builder, *b, kind);
    return kind;
}

/* Lists of values: as many, and each equal to the one in its place. */
static azi_slot lists_equal(struct aze_builder *builder, const struct azp_expr *expr)
{
    const struct aze_value *left = aze_value(builder, expr->binary.left);
    const struct aze_value *right = aze_value(builder, expr->binary.right);
    const enum azb_kind kinds[] = {expr->binary.left->type->element->kind,
                                   expr->binary.right->type->element->kind};
    const enum azb_kind kind = kinds[1] == AZB_RATIO ? AZB_RATIO : kinds[0];
    azi_slot equal = azi_constant(builder->code, AZB_BOOL, left->count == right->count);
    for (size_t i = 0; left->count == right->count && i < left->count; i++) {
        azi_slot here = azi_emit(builder->code, AZB_OP_EQ, AZB_BOOL,
                                 aze_slot(builder, left->entries[i].value, kind),
                                 aze_slot(builder, right->entries[i].value, kind), 0, 0);
        equal = azi_emit(builder->code, AZB_OP_AND, AZB_BOOL, equal, here, 0, 0);
    }
    return equal;
}

static bool compares_lists(const struct azp_expr *expr)
{
    return expr->binary.left->type->form == AZS_LIST_OF &&
           expr->binary.right->type->form == AZS_LIST_OF;
}

static azi_slot eval_comparison(struct aze_builder *builder, const struct azp_expr *expr)
{
    /* a > b is b < a; a >= b is b <= a; a != b is not a == b. */
    static const struct {
        enum azb_opcode op;
        bool swapped, negated;
    } forms[] = {
        [AZP_EQ] = {AZB_OP_EQ, false, false}, [AZP_NE] = {AZB_OP_EQ, false, true},
        [AZP_LT] = {AZB_OP_LT, false, false}, [AZP_LE] = {AZB_OP_LE, false, false},
        [AZP_GT] = {AZB_OP_LT, true, false},  [AZP_GE] = {AZB_OP_LE, true, false},
    };
    if (compares_lists(expr)) {
        azi_slot equal = lists_equal(builder, expr);
        return expr->binary.op == AZP_NE ? aze_not(builder, equal) : equal;
    }
    azi_slot a, b;
    sides(builder, expr, &a, &b);
    bool swapped = forms[expr->binary.op].swapped;
    azi_slot slot = azi_emit(builder->code, forms[expr->binary.op].op, AZB_BOOL, swapped ? b : a,
                             swapped ? a : b, 0, 0);
    return forms[expr->binary.op].negated ? aze_not(builder, slot) : slot;
}

static azi_slot eval_binary(struct aze_builder *builder, const struct azp_expr *expr)
{
    azi_slot a, b;
    enum azb_kind kind;
    switch (expr->binary.op) {
    case AZP_OR:
    case AZP_AND:
        a = aze_expr(builder, expr->binary.left);
        b = aze_expr(builder, expr->binary.right);
        return azi_emit(builder->code, expr->binary.op == AZP_AND ? AZB_OP_AND : AZB_OP_OR,
                        AZB_BOOL, a, b, 0, 0);
    case AZP_MUL:
    case AZP_DIV:
        return eval_product(builder, expr);
    case AZP_ADD:
        kind = sides(builder, expr, &a, &b);
        return aze_arithmetic(builder, expr, kind == AZB_LIST ? AZB_OP_JOIN : AZB_OP_ADD, kind, a,
                              b);
    case AZP_SUB:
        kind = sides(builder, expr, &a, &b);
        return aze_arithmetic(builder, expr, AZB_OP_SUB, kind, a, b);
    case AZP_MOD:
        kind = sides(builder, expr, &a, &b);
        return aze_arithmetic(builder, expr, AZB_OP_MOD, kind, a, b);
    default:
        return eval_comparison(builder, expr);
    }
}

static azi_slot eval_unary(struct aze_builder *builder, const struct azp_expr *expr)
{
    azi_slot slot = aze_expr(builder, expr->binary.right);
    if (expr->binary.op == AZP_NOT)
        return aze_not(builder, slot);
    enum azb_kind kind = azi_kind(builder->code, slot);
    return aze_arithmetic(builder, expr, AZB_OP_SUB, kind, aze_zero(builder, kind), slot);
}

/* Membership and presence */

static azi_slot eval_is(struct aze_builder *builder, const struct azp_expr *expr)
{
    azi_slot slot;
    if (expr->is.class == AZP_IS_GIVEN) {
        slot = azi_emit(builder->code, AZB_OP_GIVEN, AZB_BOOL, 0, 0, 0,
                        expr->is.of->name.symbol->index);
    } else if (expr->is.class == AZP_IS_KNOWN) {
        slot = azi_emit(builder->code, AZB_OP_KNOWN, AZB_BOOL, aze_expr(builder, expr->is.of), 0, 0,
                        0);
    } else {
        azi_slot member = azi_text(builder->code, AZB_ENUM, expr->is.member.text);
        slot = azi_emit(builder->code, AZB_OP_EQ, AZB_BOOL, aze_expr(builder, expr->is.of), member,
                        0, 0);
    }
    return expr->is.negated ? aze_not(builder, slot) : slot;
}

/* Whether a value is one of a list's, or a key of a map's. */
static azi_slot eval_in_values(struct aze_builder *builder, azi_slot of,
                               const struct aze_value *list)
{
    struct azi_code *code = builder->code;
    azi_slot slot = azi_constant(code, AZB_BOOL, 0);
    for (size_t i = 0; i < list->count; i++) {
        const struct aze_entry *entry = &list->entries[i];
        azi_slot element = entry->key != NULL ? azi_text(code, AZB_TEXT, entry->key)
                                              : aze_slot(builder, entry->value, azi_kind(code, of));
        azi_slot equal = azi_emit(code, AZB_OP_EQ, AZB_BOOL, of, element, 0, 0);
        slot = azi_emit(code, AZB_OP_OR, AZB_BOOL, slot, equal, 0, 0);
    }
    return slot;
}

static azi_slot eval_in(struct aze_builder *builder, const struct azp_expr *expr)
{
    struct azi_code *code = builder->code;
    azi_slot of = aze_expr(builder, expr->in.of), slot;
    if (expr->in.list->class == AZP_LIST) {
        slot = azi_constant(code, AZB_BOOL, 0);
        for (size_t i = 0; i < expr->in.list->list.elements.count; i++) {
            azi_slot element = aze_expr(builder, expr->in.list->list.elements.items[i]);
            enum azb_kind kind =
                azi_kind(code, of) == AZB_RATIO ? AZB_RATIO : azi_kind(code, element);
            azi_slot equal = azi_emit(code, AZB_OP_EQ, AZB_BOOL, aze_coerce(builder, of, kind),
                                      aze_coerce(builder, element, kind), 0, 0);
            slot = azi_emit(code, AZB_OP_OR, AZB_BOOL, slot, equal, 0, 0);
        }
    } else if (expr->in.list->type->form != AZS_SCALAR) {
        slot = eval_in_values(builder, of, aze_value(builder, expr->in.list));
    } else {
        azi_slot list = aze_expr(builder, expr->in.list);
        slot = azi_emit(code, AZB_OP_HAS, AZB_BOOL, list, of, 0, 0);
    }
    return expr->in.negated ? aze_not(builder, slot) : slot;
}

/* Limits and rounding */

static azi_slot eval_limit(struct aze_builder *builder, const struct azp_expr *expr)
{
    enum azb_kind kind = expr->type->kind;
    azi_slot slot = aze_expr_as(builder, expr->limit.of, kind);
    if (expr->limit.low != NULL) {
        azi_slot bound = aze_expr_as(builder, expr->limit.low, kind);
        aze_note(builder, AZB_NOTE_AT_LEAST, 0, aze_text_of(builder, expr->limit.low->place), slot,
                 bound, expr->limit.low->place);
        slot = aze_arithmetic(builder, expr, AZB_OP_MAX, kind, slot, bound);
    }
    if (expr->limit.high != NULL) {
        azi_slot bound = aze_expr_as(builder, expr->limit.high, kind);
        aze_note(builder, AZB_NOTE_AT_MOST, 0, aze_text_of(builder, expr->limit.high->place), slot,
                 bound, expr->limit.high->place);
        slot = aze_arithmetic(builder, expr, AZB_OP_MIN, kind, slot, bound);
    }
    return slot;
}

static azi_slot eval_round(struct aze_builder *builder, const struct azp_expr *expr)
{
    static const enum azb_opcode modes[] = {[AZA_ROUND_DOWN] = AZB_OP_ROUND_DOWN,
                                            [AZA_ROUND_UP] = AZB_OP_ROUND_UP,
                                            [AZA_ROUND_NEAR] = AZB_OP_ROUND_NEAR};
    azi_slot of = aze_expr(builder, expr->round.of), grain = aze_expr(builder, expr->round.grain);
    return aze_arithmetic(builder, expr, modes[expr->round.mode], expr->type->kind, of, grain);
}

/* Choices */

static azi_slot eval_if(struct aze_builder *builder, const struct azp_expr *expr)
{
    struct azi_code *code = builder->code;
    enum azb_kind kind = expr->type->kind;
    azi_slot condition = aze_expr(builder, expr->choice.condition);
    aze_note(builder, AZB_NOTE_BRANCH, 0, aze_text_of(builder, expr->choice.condition->place),
             condition, AZB_NONE, expr->choice.condition->place);
    if (azi_is_constant(code, condition))
        return aze_expr_as(builder, azi_value(code, condition) ? expr->choice.yes : expr->choice.no,
                           kind);
    azi_slot yes = aze_expr_as(builder, expr->choice.yes, kind);
    azi_slot no = aze_expr_as(builder, expr->choice.no, kind);
    return azi_emit(code, AZB_OP_SELECT, kind, condition, yes, no, 0);
}

/* Whether the subject is one of an arm's members. */
static azi_slot arm_condition(struct aze_builder *builder, azi_slot of, const struct azp_arm *arm)
{
    if (arm->patterns.count == 0)
        return azi_constant(builder->code, AZB_BOOL, 1);
    azi_slot any = azi_constant(builder->code, AZB_BOOL, 0);
    for (size_t i = 0; i < arm->patterns.count; i++) {
        azi_slot member = azi_text(builder->code, AZB_ENUM, arm->patterns.items[i].text);
        azi_slot equal = azi_emit(builder->code, AZB_OP_EQ, AZB_BOOL, of, member, 0, 0);
        any = azi_emit(builder->code, AZB_OP_OR, AZB_BOOL, any, equal, 0, 0);
    }
    return any;
}

static azi_slot eval_match(struct aze_builder *builder, const struct azp_expr *expr)
{
    enum azb_kind kind = expr->type->kind;
    size_t count = expr->match.arms.count;
    azi_slot of = aze_expr(builder, expr->match.of);
    azi_slot *conditions = aza_alloc(builder->arena, count * sizeof *conditions);
    azi_slot *values = aza_alloc(builder->arena, count * sizeof *values);
    uint16_t group = aze_group(builder);
    bool decided = false;
    for (size_t i = 0; i < count; i++) {
        const struct azp_arm *arm = expr->match.arms.items[i];
        conditions[i] = arm_condition(builder, of, arm);
        const char *text =
            aza_format(builder->arena, "%s is %s", aze_text_of(builder, expr->match.of->place),
                       aze_text_of(builder, arm->place));
        if (arm->patterns.count == 0)
            text = aza_format(builder->arena, "%s is something else",
                              aze_text_of(builder, expr->match.of->place));
        aze_note(builder, AZB_NOTE_ROW, group, text, conditions[i], AZB_NONE, arm->place);
        values[i] = aze_may_hold(builder, conditions[i], &decided)
                        ? aze_expr_as(builder, arm->value, kind)
                        : aze_zero(builder, kind);
    }
    /* The arms cover every member, so the last one needs no condition. */
    azi_slot slot = values[count - 1];
    for (size_t i = count - 1; i-- > 0;)
        slot = azi_emit(builder->code, AZB_OP_SELECT, kind, conditions[i], values[i], slot, 0);
    return slot;
}

static azi_slot eval_else(struct aze_builder *builder, const struct azp_expr *expr)
{
    enum azb_kind kind = expr->type->kind;
    azi_slot of = aze_expr_as(builder, expr->fallback.of, kind);
    azi_slot otherwise = aze_expr_as(builder, expr->fallback.otherwise, kind);
    return azi_emit(builder->code, AZB_OP_ELSE, kind, of, otherwise, 0, 0);
}

/* Texts, lists */

static azi_slot eval_text(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (expr->type->kind == AZB_ENUM)
        return azi_text(builder->code, AZB_ENUM, expr->text.pieces.items[0]->text.literal);
    return aze_slot(builder, aze_value(builder, expr), AZB_TEXT);
}

/* The type checker has let only conditions through that keep or drop names. */
static azi_slot filter(struct aze_builder *builder, const struct azp_expr *condition, azi_slot list)
{
    if (condition == NULL)
        return list;
    if (condition->class == AZP_BINARY)
        return filter(builder, condition->binary.right,
                      filter(builder, condition->binary.left, list));
    azi_slot names = aze_expr(builder, condition->in.list);
    return azi_emit(builder->code, condition->in.negated ? AZB_OP_DROP : AZB_OP_KEEP, AZB_LIST,
                    list, names, 0, 0);
}

static azi_slot eval_class(struct aze_builder *builder, const struct azp_expr *expr)
{
    /* A list of values, where a list of names is wanted. */
    if (expr->type->form != AZS_SCALAR)
        return aze_slot(builder, aze_value(builder, expr), AZB_LIST);
    switch (expr->class) {
    case AZP_QUANTITY:
        return azi_constant(builder->code, expr->quantity.kind, expr->quantity.value);
    case AZP_TRUTH:
        return azi_constant(builder->code, AZB_BOOL, expr->truth);
    case AZP_TEXT:
        return eval_text(builder, expr);
    case AZP_NAME:
        return eval_name(builder, expr);
    case AZP_FIELD:
        return eval_field(builder, expr);
    case AZP_CALL:
        return aze_call(builder, expr);
    case AZP_LIST:
        return aze_slot(builder, aze_list(builder, expr), AZB_LIST);
    case AZP_COMPREHENSION:
        return filter(builder, expr->comprehension.condition,
                      aze_expr(builder, expr->comprehension.list));
    case AZP_UNARY:
        return eval_unary(builder, expr);
    case AZP_BINARY:
        return eval_binary(builder, expr);
    case AZP_IS:
        return eval_is(builder, expr);
    case AZP_IN:
        return eval_in(builder, expr);
    case AZP_LIMIT:
        return eval_limit(builder, expr);
    case AZP_ROUND:
        return eval_round(builder, expr);
    case AZP_IF:
        return eval_if(builder, expr);
    case AZP_MATCH:
        return eval_match(builder, expr);
    case AZP_CURVE:
        return aze_curve(builder, expr);
    case AZP_ELSE:
        return eval_else(builder, expr);
    case AZP_MAP:
    case AZP_ERROR:
        break;
    }
    return aze_zero(builder, AZB_INT);
}

bool aze_work(struct aze_builder *builder, struct aza_place place, size_t amount)
{
    const bool had_room = builder->steps <= STEPS_MAX;
    builder->steps += had_room ? amount : 0;
    if (had_room && builder->steps > STEPS_MAX)
        azd_report(builder->queue, AZD_TOO_LARGE, place,
                   "the rules take more than %d steps to compile", STEPS_MAX);
    return builder->steps <= STEPS_MAX;
}

bool aze_step(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (builder->depth == AZA_NESTING_MAX)
        azd_report(builder->queue, AZD_TOO_DEEP, expr->place,
                   "this is nested too deeply, counting the definitions of the names in use");
    return aze_work(builder, expr->place, 1) && builder->depth != AZA_NESTING_MAX;
}

azi_slot aze_expr(struct aze_builder *builder, const struct azp_expr *expr)
{
    if (!aze_step(builder, expr))
        return azi_broken(builder->code, expr->type->kind);
    builder->depth++;
    azi_slot slot = eval_class(builder, expr);
    builder->depth--;
    return slot;
}
