/* Evaluates expressions whose result is one slot.
 *
 * Each class of expression emits its instructions, and src/ir folds what is known. `if` and `match`
 * do not evaluate a branch that is certainly not taken, since it may trap or refer to something
 * that does not exist. Kinds have been checked; what remains is to insert conversions: an int
 * becomes a ratio where the other side or the expected type is one (eval_coerce). What `explain`
 * prints is noted on the way: uses of names, branches, rows and limits.
 *
 * Each expression counts as a step, and both the number of steps and the nesting are limited, so
 * that evaluation ends and the C stack is bounded whatever the rules contain. */
#include "base/assert.h"
#include "base/checked.h"
#include "eval/build.h"

/* Functions may call functions twice, to any depth: this bounds the work. */
enum { STEPS_MAX = 2000000 };

const char *eval_text_of(struct eval_builder *builder, struct base_place place)
{
    return syntax_text_of(builder->program->context, place);
}

ir_slot eval_zero(struct eval_builder *builder, enum image_kind kind)
{
    return ir_constant(builder->code, kind, 0);
}

ir_slot eval_not(struct eval_builder *builder, ir_slot slot)
{
    return ir_emit(builder->code, IMAGE_OP_NOT, IMAGE_BOOL, slot, 0, 0, 0);
}

ir_slot eval_arithmetic(struct eval_builder *builder, const struct syntax_expr *expr,
                        enum image_opcode op, enum image_kind kind, ir_slot a, ir_slot b)
{
    ir_slot slot = ir_emit(builder->code, op, kind, a, b, 0, 0);
    if (!builder->code->facts[slot].trapped)
        return slot;
    struct diagnostic *trap =
        diag_report(builder->queue, DIAG_ALWAYS_TRAPS, expr->place, "this cannot be computed: %s",
                    vm_trap_sentence(builder->code->facts[slot].trap));
    if (builder->frame != NULL)
        diag_label(trap, builder->frame->place, "in this call");
    return ir_broken(builder->code, kind);
}

bool eval_may_hold(const struct eval_builder *builder, ir_slot condition, bool *decided)
{
    bool known = ir_is_constant(builder->code, condition);
    bool may = !*decided && (!known || ir_value(builder->code, condition) != 0);
    *decided = *decided || (known && may);
    return may;
}

ir_slot eval_select_first(struct eval_builder *builder, enum image_kind kind,
                          const ir_slot *conditions, const ir_slot *values, size_t count,
                          ir_slot otherwise)
{
    ir_slot slot = otherwise;
    while (count-- > 0)
        slot = ir_emit(builder->code, IMAGE_OP_SELECT, kind, conditions[count], values[count], slot,
                       0);
    return slot;
}

ir_slot eval_coerce(struct eval_builder *builder, ir_slot slot, enum image_kind kind)
{
    struct ir_code *code = builder->code;
    enum image_kind got = ir_kind(code, slot);
    if (got != IMAGE_INT || kind != IMAGE_RATIO)
        return slot;
    if (code->instructions[slot].op == IMAGE_OP_VOID)
        return ir_void(code, IMAGE_RATIO);
    /* Arithmetic does not accept a void operand: convert the value or 0, then select. */
    ir_slot one = ir_constant(code, IMAGE_RATIO, 1000000);
    if (!code->facts[slot].may_be_void)
        return ir_emit(code, IMAGE_OP_MUL, IMAGE_RATIO, one, slot, 0, 0);
    ir_slot known = ir_emit(code, IMAGE_OP_KNOWN, IMAGE_BOOL, slot, 0, 0, 0);
    ir_slot there =
        ir_emit(code, IMAGE_OP_ELSE, IMAGE_INT, slot, eval_zero(builder, IMAGE_INT), 0, 0);
    ir_slot ratio = ir_emit(code, IMAGE_OP_MUL, IMAGE_RATIO, one, there, 0, 0);
    return ir_emit(code, IMAGE_OP_SELECT, IMAGE_RATIO, known, ratio, ir_void(code, IMAGE_RATIO), 0);
}

ir_slot eval_expr_as(struct eval_builder *builder, const struct syntax_expr *expr,
                     enum image_kind kind)
{
    return eval_coerce(builder, eval_expr(builder, expr), kind);
}

bool eval_constant(struct eval_builder *builder, const struct syntax_expr *expr,
                   enum image_kind kind, int64_t *value)
{
    ir_slot slot = eval_expr_as(builder, expr, kind);
    *value = ir_value(builder->code, slot);
    if (ir_is_constant(builder->code, slot))
        return true;
    *value = 0;
    if (!builder->code->facts[slot].broken)
        diag_report(builder->queue, DIAG_NOT_CONSTANT, expr->place,
                    "`%s` is known only at container start, but a constant is required here",
                    eval_text_of(builder, expr->place));
    return false;
}

/* --- names --- */

/* Where the checker knows that an optional value is present (`x is known` holds), the code must not
 * contain a void operand either: the fallback 0 is never used. */
static ir_slot strip_void_if_narrowed(struct eval_builder *builder, const struct syntax_expr *expr,
                                      ir_slot slot)
{
    if (!expr->narrowed)
        return slot;
    enum image_kind kind = ir_kind(builder->code, slot);
    return ir_emit(builder->code, IMAGE_OP_ELSE, kind, slot, eval_zero(builder, kind), 0, 0);
}

/* A value of a map may be void although its type is not optional; it is then reported where it is
 * used. */
static ir_slot require_present(struct eval_builder *builder, const struct syntax_expr *expr,
                               ir_slot slot)
{
    slot = strip_void_if_narrowed(builder, expr, slot);
    const struct ir_facts *facts = &builder->code->facts[slot];
    if (!facts->may_be_void || facts->secret || facts->broken || expr->type->optional)
        return slot;
    struct diagnostic *absent =
        diag_report(builder->queue, DIAG_MAY_BE_UNKNOWN, expr->place, "`%s` may have no value",
                    eval_text_of(builder, expr->place));
    diag_help(builder->queue, absent, "provide a fallback in the map: `KEY: ... else ...`");
    return ir_broken(builder->code, ir_kind(builder->code, slot));
}

static ir_slot eval_name(struct eval_builder *builder, const struct syntax_expr *expr)
{
    struct sema_symbol *symbol = expr->name.symbol;
    if (symbol == NULL)
        return expr->type->optional ? ir_void(builder->code, expr->type->kind)
                                    : ir_text(builder->code, IMAGE_ENUM, expr->name.name);
    ir_slot slot = 0;
    uint32_t name = IMAGE_NONE;
    switch (symbol->class) {
    case SEMA_PARAMETER:
    case SEMA_VARIABLE:
    case SEMA_FIELD:
        return require_present(
            builder, expr, eval_slot(builder, eval_value_of_name(builder, expr), expr->type->kind));
    case SEMA_INPUT:
        slot = eval_input(builder, symbol);
        name = eval_name_of(builder, symbol, NULL);
        break;
    case SEMA_SETTING:
        slot = eval_setting(builder, builder->config, symbol->setting, expr->place);
        name = eval_name_of(builder, symbol->setting, builder->config);
        break;
    default:
        slot = eval_let(builder, symbol, expr->place);
        name = eval_name_of(builder, symbol, symbol->global ? NULL : builder->config);
        break;
    }
    eval_note(builder, IMAGE_NOTE_USES, 0, symbol->name, slot, name, expr->place);
    return strip_void_if_narrowed(builder, expr, slot);
}

static bool is_of_structure(const struct syntax_expr *expr)
{
    const struct sema_type *of = expr->field.of->type;
    return of != NULL && !of->error && of->form != SEMA_SCALAR;
}

static ir_slot eval_field(struct eval_builder *builder, const struct syntax_expr *expr)
{
    if (is_of_structure(expr))
        return require_present(
            builder, expr,
            eval_slot(builder, eval_value_of_field(builder, expr), expr->type->kind));
    struct sema_symbol *symbol = expr->field.symbol;
    ir_slot slot;
    uint32_t name = IMAGE_NONE;
    if (symbol->class == SEMA_SETTING) {
        struct sema_config *config = expr->field.column == UINT32_MAX
                                         ? builder->config
                                         : builder->program->configs.items[expr->field.column];
        if (builder->config == NULL && eval_leads_to_live(builder, config))
            config = builder->program->live;
        slot = eval_setting(builder, config, symbol->setting, expr->place);
        name = eval_name_of(builder, symbol->setting, config);
    } else {
        slot = eval_column(builder, expr);
    }
    eval_note(builder, IMAGE_NOTE_USES, 0, eval_text_of(builder, expr->place), slot, name,
              expr->place);
    return strip_void_if_narrowed(builder, expr, slot);
}

/* --- operators --- */

/* MUL by an int keeps the kind; SCALE multiplies by a ratio. A quotient of two equal kinds is a
 * ratio; DIV divides by an int, UNSCALE by a ratio. */
static ir_slot eval_product(struct eval_builder *builder, const struct syntax_expr *expr)
{
    struct ir_code *code = builder->code;
    ir_slot a = eval_expr(builder, expr->binary.left), b = eval_expr(builder, expr->binary.right);
    enum image_kind left = ir_kind(code, a), right = ir_kind(code, b);
    if (expr->binary.op == SYNTAX_MUL) {
        if (right == IMAGE_INT)
            return eval_arithmetic(builder, expr, IMAGE_OP_MUL, left, a, b);
        if (left == IMAGE_INT)
            return eval_arithmetic(builder, expr, IMAGE_OP_MUL, right, b, a);
        return right == IMAGE_RATIO ? eval_arithmetic(builder, expr, IMAGE_OP_SCALE, left, a, b)
                                    : eval_arithmetic(builder, expr, IMAGE_OP_SCALE, right, b, a);
    }
    if (left == right)
        return eval_arithmetic(builder, expr, IMAGE_OP_QUOTIENT, IMAGE_RATIO, a, b);
    if (right == IMAGE_INT)
        return eval_arithmetic(builder, expr, IMAGE_OP_DIV, left, a, b);
    if (left == IMAGE_INT)
        return eval_arithmetic(builder, expr, IMAGE_OP_QUOTIENT, IMAGE_RATIO,
                               eval_coerce(builder, a, IMAGE_RATIO), b);
    return eval_arithmetic(builder, expr, IMAGE_OP_UNSCALE, left, a, b);
}

/* Evaluates both sides and converts them to their common kind, which it returns. */
static enum image_kind evaluate_sides(struct eval_builder *builder, const struct syntax_expr *expr,
                                      ir_slot *a, ir_slot *b)
{
    *a = eval_expr(builder, expr->binary.left);
    *b = eval_expr(builder, expr->binary.right);
    enum image_kind left = ir_kind(builder->code, *a), right = ir_kind(builder->code, *b);
    enum image_kind kind = left == IMAGE_RATIO || right == IMAGE_RATIO ? IMAGE_RATIO : left;
    *a = eval_coerce(builder, *a, kind);
    *b = eval_coerce(builder, *b, kind);
    return kind;
}

/* Two lists of values are equal if they have the same length and equal elements. */
static ir_slot lists_equal(struct eval_builder *builder, const struct syntax_expr *expr)
{
    const struct eval_value *left = eval_value(builder, expr->binary.left);
    const struct eval_value *right = eval_value(builder, expr->binary.right);
    const enum image_kind kinds[] = {expr->binary.left->type->element->kind,
                                     expr->binary.right->type->element->kind};
    const enum image_kind kind = kinds[1] == IMAGE_RATIO ? IMAGE_RATIO : kinds[0];
    ir_slot equal = ir_constant(builder->code, IMAGE_BOOL, left->count == right->count);
    for (size_t i = 0; left->count == right->count && i < left->count; i++) {
        ir_slot here = ir_emit(builder->code, IMAGE_OP_EQ, IMAGE_BOOL,
                               eval_slot(builder, left->entries[i].value, kind),
                               eval_slot(builder, right->entries[i].value, kind), 0, 0);
        equal = ir_emit(builder->code, IMAGE_OP_AND, IMAGE_BOOL, equal, here, 0, 0);
    }
    return equal;
}

static bool compares_lists(const struct syntax_expr *expr)
{
    return expr->binary.left->type->form == SEMA_LIST_OF &&
           expr->binary.right->type->form == SEMA_LIST_OF;
}

static ir_slot eval_comparison(struct eval_builder *builder, const struct syntax_expr *expr)
{
    /* a > b is b < a; a >= b is b <= a; a != b is not a == b. */
    static const struct {
        enum image_opcode op;
        bool swapped, negated;
    } forms[] = {
        [SYNTAX_EQ] = {IMAGE_OP_EQ, false, false}, [SYNTAX_NE] = {IMAGE_OP_EQ, false, true},
        [SYNTAX_LT] = {IMAGE_OP_LT, false, false}, [SYNTAX_LE] = {IMAGE_OP_LE, false, false},
        [SYNTAX_GT] = {IMAGE_OP_LT, true, false},  [SYNTAX_GE] = {IMAGE_OP_LE, true, false},
    };
    if (compares_lists(expr)) {
        ir_slot equal = lists_equal(builder, expr);
        return expr->binary.op == SYNTAX_NE ? eval_not(builder, equal) : equal;
    }
    ir_slot a, b;
    evaluate_sides(builder, expr, &a, &b);
    bool swapped = forms[expr->binary.op].swapped;
    ir_slot slot = ir_emit(builder->code, forms[expr->binary.op].op, IMAGE_BOOL, swapped ? b : a,
                           swapped ? a : b, 0, 0);
    return forms[expr->binary.op].negated ? eval_not(builder, slot) : slot;
}

static ir_slot eval_binary(struct eval_builder *builder, const struct syntax_expr *expr)
{
    ir_slot a, b;
    enum image_kind kind;
    switch (expr->binary.op) {
    case SYNTAX_OR:
    case SYNTAX_AND:
        a = eval_expr(builder, expr->binary.left);
        b = eval_expr(builder, expr->binary.right);
        return ir_emit(builder->code, expr->binary.op == SYNTAX_AND ? IMAGE_OP_AND : IMAGE_OP_OR,
                       IMAGE_BOOL, a, b, 0, 0);
    case SYNTAX_MUL:
    case SYNTAX_DIV:
        return eval_product(builder, expr);
    case SYNTAX_ADD:
        kind = evaluate_sides(builder, expr, &a, &b);
        return eval_arithmetic(builder, expr, kind == IMAGE_LIST ? IMAGE_OP_JOIN : IMAGE_OP_ADD,
                               kind, a, b);
    case SYNTAX_SUB:
        kind = evaluate_sides(builder, expr, &a, &b);
        return eval_arithmetic(builder, expr, IMAGE_OP_SUB, kind, a, b);
    case SYNTAX_MOD:
        kind = evaluate_sides(builder, expr, &a, &b);
        return eval_arithmetic(builder, expr, IMAGE_OP_MOD, kind, a, b);
    default:
        return eval_comparison(builder, expr);
    }
}

static ir_slot eval_unary(struct eval_builder *builder, const struct syntax_expr *expr)
{
    ir_slot slot = eval_expr(builder, expr->binary.right);
    if (expr->binary.op == SYNTAX_NOT)
        return eval_not(builder, slot);
    enum image_kind kind = ir_kind(builder->code, slot);
    return eval_arithmetic(builder, expr, IMAGE_OP_SUB, kind, eval_zero(builder, kind), slot);
}

/* --- membership and presence --- */

static ir_slot eval_is(struct eval_builder *builder, const struct syntax_expr *expr)
{
    ir_slot slot;
    if (expr->is.class == SYNTAX_IS_GIVEN) {
        slot = ir_emit(builder->code, IMAGE_OP_GIVEN, IMAGE_BOOL, 0, 0, 0,
                       expr->is.of->name.symbol->index);
    } else if (expr->is.class == SYNTAX_IS_KNOWN) {
        slot = ir_emit(builder->code, IMAGE_OP_KNOWN, IMAGE_BOOL, eval_expr(builder, expr->is.of),
                       0, 0, 0);
    } else {
        ir_slot member = ir_text(builder->code, IMAGE_ENUM, expr->is.member.text);
        slot = ir_emit(builder->code, IMAGE_OP_EQ, IMAGE_BOOL, eval_expr(builder, expr->is.of),
                       member, 0, 0);
    }
    return expr->is.negated ? eval_not(builder, slot) : slot;
}

/* Whether a value is one of a list's, or a key of a map's. */
static ir_slot eval_in_values(struct eval_builder *builder, ir_slot of,
                              const struct eval_value *list)
{
    struct ir_code *code = builder->code;
    ir_slot slot = ir_constant(code, IMAGE_BOOL, 0);
    for (size_t i = 0; i < list->count; i++) {
        const struct eval_entry *entry = &list->entries[i];
        ir_slot element = entry->key != NULL ? ir_text(code, IMAGE_TEXT, entry->key)
                                             : eval_slot(builder, entry->value, ir_kind(code, of));
        ir_slot equal = ir_emit(code, IMAGE_OP_EQ, IMAGE_BOOL, of, element, 0, 0);
        slot = ir_emit(code, IMAGE_OP_OR, IMAGE_BOOL, slot, equal, 0, 0);
    }
    return slot;
}

static ir_slot eval_in(struct eval_builder *builder, const struct syntax_expr *expr)
{
    struct ir_code *code = builder->code;
    ir_slot of = eval_expr(builder, expr->in.of), slot;
    if (expr->in.list->class == SYNTAX_LIST) {
        slot = ir_constant(code, IMAGE_BOOL, 0);
        for (size_t i = 0; i < expr->in.list->list.elements.count; i++) {
            ir_slot element = eval_expr(builder, expr->in.list->list.elements.items[i]);
            enum image_kind kind =
                ir_kind(code, of) == IMAGE_RATIO ? IMAGE_RATIO : ir_kind(code, element);
            ir_slot equal = ir_emit(code, IMAGE_OP_EQ, IMAGE_BOOL, eval_coerce(builder, of, kind),
                                    eval_coerce(builder, element, kind), 0, 0);
            slot = ir_emit(code, IMAGE_OP_OR, IMAGE_BOOL, slot, equal, 0, 0);
        }
    } else if (expr->in.list->type->form != SEMA_SCALAR) {
        slot = eval_in_values(builder, of, eval_value(builder, expr->in.list));
    } else {
        ir_slot list = eval_expr(builder, expr->in.list);
        slot = ir_emit(code, IMAGE_OP_HAS, IMAGE_BOOL, list, of, 0, 0);
    }
    return expr->in.negated ? eval_not(builder, slot) : slot;
}

/* --- limits and rounding --- */

static ir_slot eval_limit(struct eval_builder *builder, const struct syntax_expr *expr)
{
    enum image_kind kind = expr->type->kind;
    ir_slot slot = eval_expr_as(builder, expr->limit.of, kind);
    if (expr->limit.low != NULL) {
        ir_slot bound = eval_expr_as(builder, expr->limit.low, kind);
        eval_note(builder, IMAGE_NOTE_AT_LEAST, 0, eval_text_of(builder, expr->limit.low->place),
                  slot, bound, expr->limit.low->place);
        slot = eval_arithmetic(builder, expr, IMAGE_OP_MAX, kind, slot, bound);
    }
    if (expr->limit.high != NULL) {
        ir_slot bound = eval_expr_as(builder, expr->limit.high, kind);
        eval_note(builder, IMAGE_NOTE_AT_MOST, 0, eval_text_of(builder, expr->limit.high->place),
                  slot, bound, expr->limit.high->place);
        slot = eval_arithmetic(builder, expr, IMAGE_OP_MIN, kind, slot, bound);
    }
    return slot;
}

static ir_slot eval_round(struct eval_builder *builder, const struct syntax_expr *expr)
{
    static const enum image_opcode modes[] = {[BASE_ROUND_DOWN] = IMAGE_OP_ROUND_DOWN,
                                              [BASE_ROUND_UP] = IMAGE_OP_ROUND_UP,
                                              [BASE_ROUND_NEAR] = IMAGE_OP_ROUND_NEAR};
    ir_slot of = eval_expr(builder, expr->round.of), grain = eval_expr(builder, expr->round.grain);
    return eval_arithmetic(builder, expr, modes[expr->round.mode], expr->type->kind, of, grain);
}

/* --- choices --- */

static ir_slot eval_if(struct eval_builder *builder, const struct syntax_expr *expr)
{
    struct ir_code *code = builder->code;
    enum image_kind kind = expr->type->kind;
    ir_slot condition = eval_expr(builder, expr->choice.condition);
    eval_note(builder, IMAGE_NOTE_BRANCH, 0, eval_text_of(builder, expr->choice.condition->place),
              condition, IMAGE_NONE, expr->choice.condition->place);
    if (ir_is_constant(code, condition))
        return eval_expr_as(builder, ir_value(code, condition) ? expr->choice.yes : expr->choice.no,
                            kind);
    ir_slot yes = eval_expr_as(builder, expr->choice.yes, kind);
    ir_slot no = eval_expr_as(builder, expr->choice.no, kind);
    return ir_emit(code, IMAGE_OP_SELECT, kind, condition, yes, no, 0);
}

/* Whether the subject is one of an arm's members. */
static ir_slot arm_condition(struct eval_builder *builder, ir_slot of, const struct syntax_arm *arm)
{
    if (arm->patterns.count == 0)
        return ir_constant(builder->code, IMAGE_BOOL, 1);
    ir_slot any = ir_constant(builder->code, IMAGE_BOOL, 0);
    for (size_t i = 0; i < arm->patterns.count; i++) {
        ir_slot member = ir_text(builder->code, IMAGE_ENUM, arm->patterns.items[i].text);
        ir_slot equal = ir_emit(builder->code, IMAGE_OP_EQ, IMAGE_BOOL, of, member, 0, 0);
        any = ir_emit(builder->code, IMAGE_OP_OR, IMAGE_BOOL, any, equal, 0, 0);
    }
    return any;
}

static ir_slot eval_match(struct eval_builder *builder, const struct syntax_expr *expr)
{
    enum image_kind kind = expr->type->kind;
    size_t count = expr->match.arms.count;
    ir_slot of = eval_expr(builder, expr->match.of);
    ir_slot *conditions = base_alloc(builder->arena, count * sizeof *conditions);
    ir_slot *values = base_alloc(builder->arena, count * sizeof *values);
    uint16_t group = eval_group(builder);
    bool decided = false;
    for (size_t i = 0; i < count; i++) {
        const struct syntax_arm *arm = expr->match.arms.items[i];
        conditions[i] = arm_condition(builder, of, arm);
        const char *text =
            base_format(builder->arena, "%s is %s", eval_text_of(builder, expr->match.of->place),
                        eval_text_of(builder, arm->place));
        if (arm->patterns.count == 0)
            text = base_format(builder->arena, "%s is something else",
                               eval_text_of(builder, expr->match.of->place));
        eval_note(builder, IMAGE_NOTE_ROW, group, text, conditions[i], IMAGE_NONE, arm->place);
        values[i] = eval_may_hold(builder, conditions[i], &decided)
                        ? eval_expr_as(builder, arm->value, kind)
                        : eval_zero(builder, kind);
    }
    /* The arms cover every member, so the last one needs no condition. */
    return eval_select_first(builder, kind, conditions, values, count - 1, values[count - 1]);
}

static ir_slot eval_else(struct eval_builder *builder, const struct syntax_expr *expr)
{
    enum image_kind kind = expr->type->kind;
    ir_slot of = eval_expr_as(builder, expr->fallback.of, kind);
    ir_slot otherwise = eval_expr_as(builder, expr->fallback.otherwise, kind);
    return ir_emit(builder->code, IMAGE_OP_ELSE, kind, of, otherwise, 0, 0);
}

/* --- texts, lists --- */

const struct eval_value *eval_list(struct eval_builder *builder, const struct syntax_expr *expr)
{
    struct eval_value *list = eval_new_value(builder, EVAL_LIST, expr->place);
    struct eval_entry *entries =
        base_alloc(builder->arena, expr->list.elements.count * sizeof *entries + 1);
    for (size_t i = 0; i < expr->list.elements.count; i++)
        entries[i].value = eval_value(builder, expr->list.elements.items[i]);
    list->entries = entries;
    list->count = expr->list.elements.count;
    return list;
}

static ir_slot eval_text(struct eval_builder *builder, const struct syntax_expr *expr)
{
    if (expr->type->kind == IMAGE_ENUM)
        return ir_text(builder->code, IMAGE_ENUM, expr->text.pieces.items[0]->text.literal);
    return eval_slot(builder, eval_value(builder, expr), IMAGE_TEXT);
}

/* `for name in LIST if name in OTHER and ...`: KEEP or DROP for each condition, the only ones that
 * the checker allows in a filter of names. */
static ir_slot filter_list(struct eval_builder *builder, const struct syntax_expr *condition,
                           ir_slot list)
{
    if (condition == NULL)
        return list;
    if (condition->class == SYNTAX_BINARY)
        return filter_list(builder, condition->binary.right,
                           filter_list(builder, condition->binary.left, list));
    ir_slot names = eval_expr(builder, condition->in.list);
    return ir_emit(builder->code, condition->in.negated ? IMAGE_OP_DROP : IMAGE_OP_KEEP, IMAGE_LIST,
                   list, names, 0, 0);
}

static ir_slot eval_class(struct eval_builder *builder, const struct syntax_expr *expr)
{
    /* A list of values where a list of names is expected. */
    if (expr->type->form != SEMA_SCALAR)
        return eval_slot(builder, eval_value(builder, expr), IMAGE_LIST);
    switch (expr->class) {
    case SYNTAX_QUANTITY:
        return ir_constant(builder->code, expr->quantity.kind, expr->quantity.value);
    case SYNTAX_TRUTH:
        return ir_constant(builder->code, IMAGE_BOOL, expr->truth);
    case SYNTAX_TEXT:
        return eval_text(builder, expr);
    case SYNTAX_FILE:
        return eval_slot(builder, eval_value(builder, expr), IMAGE_TEXT);
    case SYNTAX_NAME:
        return eval_name(builder, expr);
    case SYNTAX_FIELD:
        return eval_field(builder, expr);
    case SYNTAX_CALL:
        return eval_call(builder, expr);
    case SYNTAX_LIST:
        return eval_slot(builder, eval_list(builder, expr), IMAGE_LIST);
    case SYNTAX_COMPREHENSION:
        return filter_list(builder, expr->comprehension.condition,
                           eval_expr(builder, expr->comprehension.list));
    case SYNTAX_UNARY:
        return eval_unary(builder, expr);
    case SYNTAX_BINARY:
        return eval_binary(builder, expr);
    case SYNTAX_IS:
        return eval_is(builder, expr);
    case SYNTAX_IN:
        return eval_in(builder, expr);
    case SYNTAX_LIMIT:
        return eval_limit(builder, expr);
    case SYNTAX_ROUND:
        return eval_round(builder, expr);
    case SYNTAX_IF:
        return eval_if(builder, expr);
    case SYNTAX_MATCH:
        return eval_match(builder, expr);
    case SYNTAX_CURVE:
        return eval_curve(builder, expr);
    case SYNTAX_ELSE:
        return eval_else(builder, expr);
    case SYNTAX_MAP:
    case SYNTAX_ERROR:
        break;
    }
    return eval_zero(builder, IMAGE_INT);
}

bool eval_work(struct eval_builder *builder, struct base_place place, size_t amount)
{
    const bool had_room = builder->steps <= STEPS_MAX;
    builder->steps += had_room ? amount : 0;
    if (had_room && builder->steps > STEPS_MAX)
        diag_report(builder->queue, DIAG_TOO_LARGE, place,
                    "compiling the rules takes more than %d steps", STEPS_MAX);
    return builder->steps <= STEPS_MAX;
}

bool eval_step(struct eval_builder *builder, const struct syntax_expr *expr)
{
    if (builder->depth == LIMIT_NESTING)
        diag_report(
            builder->queue, DIAG_TOO_DEEP, expr->place,
            "this expression is nested too deeply, including the definitions of the names it uses");
    return eval_work(builder, expr->place, 1) && builder->depth != LIMIT_NESTING;
}

ir_slot eval_expr(struct eval_builder *builder, const struct syntax_expr *expr)
{
    if (!eval_step(builder, expr))
        return ir_broken(builder->code, expr->type->kind);
    builder->depth++;
    ir_slot slot = eval_class(builder, expr);
    builder->depth--;
    BASE_ASSERT(builder->depth >= 0 && builder->depth < LIMIT_NESTING);
    BASE_ASSERT(slot < builder->code->count);
    return slot;
}
