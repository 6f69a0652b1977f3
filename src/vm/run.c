/* The interpreter: a small function run_OPCODE for every opcode of opcodes.def.
 *
 * vm_step reads the operands. If one that the opcode needs is void or a trap, the slot gets a copy
 * of it, so both propagate, and a trap keeps the number of the instruction that caused it.
 * Otherwise the function of the opcode is called; it sets `out`, or returns a trap. Operands that
 * an opcode can do without (opcode.h, image_needs) are handled by the choices themselves, which
 * copy whole slots.
 *
 * Texts that are computed are appended to the machine's text and never freed; their values are
 * offsets behind those of the image's strings. The total of the work on lists is limited, because a
 * short image could otherwise concatenate long lists in quadratic time.
 *
 * The compiler folds constants by executing single instructions of unfinished images here, so this
 * file reads only the code, strings, inputs, settings and words of an image. Kinds were checked by
 * the verifier and are looked up only where one opcode works on several. */
#include "base/assert.h"
#include <string.h>
#include "base/checked.h"
#include "vm/quote.h"
#include "vm/vm.h"

enum { MICRO = 1000000 }; /* a ratio counts millionths */

struct step {
    struct vm_machine *machine;
    const struct image_instruction *instruction;
    int64_t a, b, c;
    struct vm_slot *out; /* initially a value; the operation can make it void or a trap */
};

static enum vm_trap give_value(const struct step *s, int64_t value)
{
    s->out->value = value;
    return VM_TRAP_NONE;
}

/* --- numbers --- */

static enum vm_trap check_overflow(bool fitted)
{
    return fitted ? VM_TRAP_NONE : VM_TRAP_OVERFLOW;
}

/* floor(a * b / c) */
static enum vm_trap divide_product(const struct step *s, int64_t a, int64_t b, int64_t c)
{
    return c == 0 ? VM_TRAP_DIVISOR : check_overflow(base_muldiv(a, b, c, &s->out->value));
}

static enum vm_trap run_ADD(const struct step *s)
{
    return check_overflow(base_add(s->a, s->b, &s->out->value));
}

static enum vm_trap run_SUB(const struct step *s)
{
    return check_overflow(base_sub(s->a, s->b, &s->out->value));
}

static enum vm_trap run_MUL(const struct step *s)
{
    return check_overflow(base_mul(s->a, s->b, &s->out->value));
}

static enum vm_trap run_SCALE(const struct step *s)
{
    return divide_product(s, s->a, s->b, MICRO);
}

static enum vm_trap run_DIV(const struct step *s)
{
    return divide_product(s, s->a, 1, s->b);
}

static enum vm_trap run_QUOTIENT(const struct step *s)
{
    return divide_product(s, s->a, MICRO, s->b);
}

static enum vm_trap run_UNSCALE(const struct step *s)
{
    return divide_product(s, s->a, MICRO, s->b);
}

static enum vm_trap run_MULDIV(const struct step *s)
{
    return divide_product(s, s->a, s->b, s->c);
}

/* a - floor(a / b) * b: nearer to 0 than b and of the sign of b, so it always fits 64 bits. */
static enum vm_trap run_MOD(const struct step *s)
{
    if (s->b == 0)
        return VM_TRAP_DIVISOR;
    return check_overflow(base_narrow(s->a - base_wide_floor(s->a, s->b) * s->b, &s->out->value));
}

/* Rounds a ratio to an int that is a multiple of b. The step is b * 10^6 millionths, which can need
 * more than 64 bits; floor(floor(x / 10^6) / b) is the same as floor(x / (b * 10^6)). */
static enum vm_trap round_ratio(const struct step *s, enum base_rounding mode)
{
    base_wide shifted = s->a;
    if (mode == BASE_ROUND_UP)
        shifted += (base_wide)s->b * MICRO - 1;
    else if (mode == BASE_ROUND_NEAR)
        shifted += (base_wide)s->b * (MICRO / 2);
    const base_wide whole = base_wide_floor(shifted, MICRO);
    return check_overflow(base_narrow(base_wide_floor(whole, s->b) * s->b, &s->out->value));
}

static enum vm_trap round_to_grain(const struct step *s, enum base_rounding mode)
{
    const struct image_instruction *i = s->instruction;
    if (s->b <= 0)
        return VM_TRAP_GRAIN;
    if (i->kind != s->machine->image->code[i->a].kind)
        return round_ratio(s, mode);
    return check_overflow(base_round(mode, s->a, s->b, &s->out->value));
}

static enum vm_trap run_ROUND_DOWN(const struct step *s)
{
    return round_to_grain(s, BASE_ROUND_DOWN);
}

static enum vm_trap run_ROUND_UP(const struct step *s)
{
    return round_to_grain(s, BASE_ROUND_UP);
}

static enum vm_trap run_ROUND_NEAR(const struct step *s)
{
    return round_to_grain(s, BASE_ROUND_NEAR);
}

static enum vm_trap run_MIN(const struct step *s)
{
    return give_value(s, s->a < s->b ? s->a : s->b);
}

static enum vm_trap run_MAX(const struct step *s)
{
    return give_value(s, s->a > s->b ? s->a : s->b);
}

static enum vm_trap run_LT(const struct step *s)
{
    return give_value(s, s->a < s->b);
}

static enum vm_trap run_LE(const struct step *s)
{
    return give_value(s, s->a <= s->b);
}

static enum vm_trap run_NOT(const struct step *s)
{
    return give_value(s, !s->a);
}

/* --- texts --- */

const char *vm_text(const struct vm_machine *machine, int64_t value)
{
    const struct image *image = machine->image;
    BASE_ASSERT(value >= 0);
    return value < image->string_bytes ? image_string(image, (uint32_t)value)
                                       : machine->text + (value - image->string_bytes);
}

/* A sink over the rest of the machine's text, limited to the length of one value. The text written
 * to it is discarded unless keep_begun_text is called. */
static struct base_sink begin_text(const struct vm_machine *machine)
{
    const size_t left = machine->text_capacity - machine->text_used;
    struct base_sink sink = {.data = machine->text + machine->text_used,
                             .capacity = left < LIMIT_TEXT_VALUE ? left : LIMIT_TEXT_VALUE};
    if (sink.capacity > 0)
        sink.data[0] = '\0';
    return sink;
}

static bool keep_begun_text(struct vm_machine *machine, const struct base_sink *sink,
                            int64_t *value)
{
    if (sink->overflow || sink->capacity == 0)
        return false;
    *value = (int64_t)(machine->image->string_bytes + machine->text_used);
    machine->text_used += sink->length + 1;
    BASE_ASSERT(machine->text_used <= machine->text_capacity);
    return true;
}

bool vm_make_text(struct vm_machine *machine, struct base_span span, int64_t *value)
{
    struct base_sink sink = begin_text(machine);
    base_put_span(&sink, span);
    return keep_begun_text(machine, &sink, value);
}

static enum vm_trap finish_result_text(const struct step *s, const struct base_sink *sink)
{
    return keep_begun_text(s->machine, sink, &s->out->value) ? VM_TRAP_NONE : VM_TRAP_TEXT;
}

static unsigned kind_of_a(const struct step *s)
{
    return s->machine->image->code[s->instruction->a].kind;
}

static bool same_text(const struct vm_machine *machine, int64_t a, int64_t b)
{
    return a == b || base_text_is(vm_text(machine, a), vm_text(machine, b));
}

static enum vm_trap run_EQ(const struct step *s)
{
    return give_value(s, image_is_text(kind_of_a(s)) ? same_text(s->machine, s->a, s->b)
                                                     : s->a == s->b);
}

static enum vm_trap run_TEXT(const struct step *s)
{
    if (image_is_text(kind_of_a(s)))
        return give_value(s, s->a);
    struct base_sink sink = begin_text(s->machine);
    vm_put_value(&sink, s->machine, kind_of_a(s), s->a);
    return finish_result_text(s, &sink);
}

static enum vm_trap run_CONCAT(const struct step *s)
{
    struct base_sink sink = begin_text(s->machine);
    base_put(&sink, vm_text(s->machine, s->a));
    base_put(&sink, vm_text(s->machine, s->b));
    return finish_result_text(s, &sink);
}

static enum vm_trap run_QUOTE(const struct step *s)
{
    const enum vm_quote quote = (enum vm_quote)s->instruction->immediate;
    const struct base_span text = base_span_of(vm_text(s->machine, s->a));
    if (!vm_can_quote(quote, text))
        return VM_TRAP_QUOTE;
    struct base_sink sink = begin_text(s->machine);
    vm_put_quoted(&sink, quote, text);
    return finish_result_text(s, &sink);
}

/* --- lists --- */

static enum vm_trap run_HAS(const struct step *s)
{
    const struct base_span item = base_span_of(vm_text(s->machine, s->b));
    return give_value(s, base_list_has(vm_text(s->machine, s->a), item));
}

enum filter { ALL, HELD, LACKED };

static size_t count_names(const char *list)
{
    struct base_span rest = base_span_of(list), name;
    size_t count = 0;
    while (base_list_next(&rest, &name))
        count++;
    return count;
}

/* Adds an upper bound of the work: each name of both lists is searched in lists that together are
 * no longer than the two. False if the run's total exceeds its limit. */
static bool within_work(struct vm_machine *machine, const char *a, const char *b)
{
    size_t work = (count_names(a) + count_names(b)) * (strlen(a) + strlen(b));
    machine->list_work += work;
    return machine->list_work <= LIMIT_LIST_WORK;
}

/* Appends the names of a list that `other` contains (HELD) or does not contain (LACKED), each once.
 */
static void add_selected_names(struct base_sink *sink, const char *list, enum filter filter,
                               const char *other)
{
    struct base_span rest = base_span_of(list), name;
    while (base_list_next(&rest, &name)) {
        if (filter != ALL && base_list_has(other, name) != (filter == HELD))
            continue;
        if (base_list_has(sink->data, name))
            continue;
        if (sink->length > 0)
            base_put_char(sink, ',');
        base_put_span(sink, name);
    }
}

static enum vm_trap select_names(const struct step *s, enum filter filter)
{
    const char *a = vm_text(s->machine, s->a), *b = vm_text(s->machine, s->b);
    struct base_sink sink = begin_text(s->machine);
    if (sink.capacity == 0 || !within_work(s->machine, a, b))
        return VM_TRAP_TEXT;
    add_selected_names(&sink, a, filter, b);
    if (filter == ALL)
        add_selected_names(&sink, b, ALL, NULL);
    return finish_result_text(s, &sink);
}

static enum vm_trap run_KEEP(const struct step *s)
{
    return select_names(s, HELD);
}

static enum vm_trap run_DROP(const struct step *s)
{
    return select_names(s, LACKED);
}

static enum vm_trap run_JOIN(const struct step *s)
{
    return select_names(s, ALL);
}

/* --- where values come from --- */

static enum vm_trap run_CONST(const struct step *s)
{
    return give_value(s, s->instruction->immediate);
}

static enum vm_trap run_VOID(const struct step *s)
{
    s->out->state = VM_VOID;
    return VM_TRAP_NONE;
}

static enum vm_trap run_INPUT(const struct step *s)
{
    const struct vm_input *input = &s->machine->inputs[s->instruction->immediate];
    return input->state == VM_VALUE ? give_value(s, input->value) : run_VOID(s);
}

static enum vm_trap run_GIVEN(const struct step *s)
{
    return give_value(s, s->machine->inputs[s->instruction->immediate].given);
}

static bool setting_has_member(const struct vm_machine *machine,
                               const struct image_setting *setting, int64_t value)
{
    const uint32_t *members = machine->image->words + setting->members;
    for (uint32_t i = 0; i < setting->member_count; i++)
        if (same_text(machine, members[i], value))
            return true;
    return false;
}

/* Whether the server accepts a value: a trap if it does not. Minus one unit is the special value
 * "off" or "automatic", which need not be a multiple of the grain. */
static enum vm_trap judge_setting(const struct vm_machine *machine,
                                  const struct image_setting *setting, int64_t value)
{
    if (setting->kind == IMAGE_ENUM)
        return setting_has_member(machine, setting, value) ? VM_TRAP_NONE : VM_TRAP_MEMBER;
    if (!image_is_number(setting->kind))
        return VM_TRAP_NONE;
    if (value < setting->low || value > setting->high)
        return VM_TRAP_RANGE;
    if (value % setting->grain != 0 && value != -setting->unit)
        return VM_TRAP_STEP;
    return VM_TRAP_NONE;
}

/* --- choices: they copy a slot, whatever its state --- */

static const struct vm_slot *slot_a(const struct step *s)
{
    return &s->machine->slots[s->instruction->a];
}

static enum vm_trap take_slot(const struct step *s, uint16_t slot)
{
    *s->out = s->machine->slots[slot];
    return VM_TRAP_NONE;
}

static enum vm_trap run_SETTING(const struct step *s)
{
    const int64_t n = s->instruction->immediate;
    const struct vm_override *overrides = s->machine->overrides;
    if (overrides && overrides[n].present)
        return give_value(s, overrides[n].value);
    take_slot(s, s->instruction->a);
    if (s->out->state != VM_VALUE)
        return VM_TRAP_NONE;
    return judge_setting(s->machine, &s->machine->image->settings[n], s->a);
}

/* Of `a and b`, a false a decides whatever b is; so does a true a of `a or b`. */
static enum vm_trap run_AND(const struct step *s)
{
    return take_slot(s, s->a ? s->instruction->b : s->instruction->a);
}

static enum vm_trap run_OR(const struct step *s)
{
    return take_slot(s, s->a ? s->instruction->a : s->instruction->b);
}

static enum vm_trap run_SELECT(const struct step *s)
{
    return take_slot(s, s->a ? s->instruction->b : s->instruction->c);
}

static enum vm_trap run_ELSE(const struct step *s)
{
    return take_slot(s, slot_a(s)->state == VM_VOID ? s->instruction->b : s->instruction->a);
}

static enum vm_trap run_KNOWN(const struct step *s)
{
    if (slot_a(s)->state == VM_TRAP)
        return take_slot(s, s->instruction->a);
    return give_value(s, slot_a(s)->state == VM_VALUE);
}

/* --- one instruction, and all of them --- */

static enum vm_trap (*const operations[IMAGE_OPCODES])(const struct step *s) = {
#define X(name, mnemonic, signature, a, b, c, immediate) run_##name,
#include "opcodes.def"
#undef X
};

void vm_step(struct vm_machine *machine, uint32_t n)
{
    const struct image_instruction *i = &machine->image->code[n];
    BASE_ASSERT(n < machine->image->code_count && i->op < IMAGE_OPCODES && i->kind < IMAGE_KINDS);
    const uint16_t operands[3] = {i->a, i->b, i->c};
    int64_t values[3] = {0};
    for (int k = 0; k < 3; k++) {
        if (!image_reads(i->op, k))
            continue;
        BASE_ASSERT(operands[k] < n);
        const struct vm_slot *slot = &machine->slots[operands[k]];
        BASE_ASSERT(slot->state <= VM_TRAP);
        if (slot->state != VM_VALUE && image_needs(i->op, k)) {
            machine->slots[n] = *slot;
            return;
        }
        values[k] = slot->value;
    }
    struct vm_slot out = {0};
    const struct step step = {machine, i, values[0], values[1], values[2], &out};
    const enum vm_trap trap = operations[i->op](&step);
    if (trap != VM_TRAP_NONE)
        out = (struct vm_slot){.state = VM_TRAP, .trap = (uint8_t)trap, .origin = (uint16_t)n};
    BASE_ASSERT(out.state <= VM_TRAP && out.trap < VM_TRAPS && out.origin <= n);
    BASE_ASSERT((out.state == VM_TRAP) == (out.trap != VM_TRAP_NONE));
    machine->slots[n] = out;
}

void vm_run(struct vm_machine *machine)
{
    BASE_ASSERT(machine->slots != NULL && machine->text_used <= machine->text_capacity);
    machine->list_work = 0;
    for (uint32_t n = 0; n < machine->image->code_count; n++)
        vm_step(machine, n);
}

const char *vm_trap_sentence(unsigned trap)
{
    static const char *const sentences[VM_TRAPS] = {
#define X(name, sentence) sentence,
#include "traps.def"
#undef X
    };
    return trap < VM_TRAPS ? sentences[trap] : "";
}
