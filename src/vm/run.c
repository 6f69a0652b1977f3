/* The interpreter: a small function for every opcode, and what they share.
 *
 * A function is called when all the operands that its opcode cannot do without are values; it
 * fills `out`, or returns the trap. The compiler executes single instructions of
 * half-built images here to fold constants, so nothing in this file looks at more of an image than
 * its code, strings, inputs, settings and words. */
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

static enum vm_trap answer(const struct step *s, int64_t value)
{
    s->out->value = value;
    return VM_TRAP_NONE;
}

/* --- numbers --- */

static enum vm_trap fits(bool fitted)
{
    return fitted ? VM_TRAP_NONE : VM_TRAP_OVERFLOW;
}

/* floor(a * b / c) */
static enum vm_trap muldiv(const struct step *s, int64_t a, int64_t b, int64_t c)
{
    return c == 0 ? VM_TRAP_DIVISOR : fits(base_muldiv(a, b, c, &s->out->value));
}

static enum vm_trap run_ADD(const struct step *s)
{
    return fits(base_add(s->a, s->b, &s->out->value));
}

static enum vm_trap run_SUB(const struct step *s)
{
    return fits(base_sub(s->a, s->b, &s->out->value));
}

static enum vm_trap run_MUL(const struct step *s)
{
    return fits(base_mul(s->a, s->b, &s->out->value));
}

static enum vm_trap run_SCALE(const struct step *s)
{
    return muldiv(s, s->a, s->b, MICRO);
}

static enum vm_trap run_DIV(const struct step *s)
{
    return muldiv(s, s->a, 1, s->b);
}

static enum vm_trap run_QUOTIENT(const struct step *s)
{
    return muldiv(s, s->a, MICRO, s->b);
}

static enum vm_trap run_UNSCALE(const struct step *s)
{
    return muldiv(s, s->a, MICRO, s->b);
}

static enum vm_trap run_MULDIV(const struct step *s)
{
    return muldiv(s, s->a, s->b, s->c);
}

/* Nearer to 0 than b and of its sign, so it always fits. */
static enum vm_trap run_MOD(const struct step *s)
{
    if (s->b == 0)
        return VM_TRAP_DIVISOR;
    return fits(base_narrow(s->a - base_wide_floor(s->a, s->b) * s->b, &s->out->value));
}

/* Rounds a ratio to a whole number that is a multiple of b. The step is b million millionths, which
 * may need more than 64 bits; dividing by the million first and by b then gives the same floor. */
static enum vm_trap round_ratio(const struct step *s, enum base_rounding mode)
{
    base_wide shifted = s->a;
    if (mode == BASE_ROUND_UP)
        shifted += (base_wide)s->b * MICRO - 1;
    else if (mode == BASE_ROUND_NEAR)
        shifted += (base_wide)s->b * (MICRO / 2);
    const base_wide whole = base_wide_floor(shifted, MICRO);
    return fits(base_narrow(base_wide_floor(whole, s->b) * s->b, &s->out->value));
}

static enum vm_trap round_to(const struct step *s, enum base_rounding mode)
{
    const struct image_instruction *i = s->instruction;
    if (s->b <= 0)
        return VM_TRAP_GRAIN;
    if (i->kind != s->machine->image->code[i->a].kind)
        return round_ratio(s, mode);
    return fits(base_round(mode, s->a, s->b, &s->out->value));
}

static enum vm_trap run_ROUND_DOWN(const struct step *s)
{
    return round_to(s, BASE_ROUND_DOWN);
}

static enum vm_trap run_ROUND_UP(const struct step *s)
{
    return round_to(s, BASE_ROUND_UP);
}

static enum vm_trap run_ROUND_NEAR(const struct step *s)
{
    return round_to(s, BASE_ROUND_NEAR);
}

static enum vm_trap run_MIN(const struct step *s)
{
    return answer(s, s->a < s->b ? s->a : s->b);
}

static enum vm_trap run_MAX(const struct step *s)
{
    return answer(s, s->a > s->b ? s->a : s->b);
}

static enum vm_trap run_LT(const struct step *s)
{
    return answer(s, s->a < s->b);
}

static enum vm_trap run_LE(const struct step *s)
{
    return answer(s, s->a <= s->b);
}

static enum vm_trap run_NOT(const struct step *s)
{
    return answer(s, !s->a);
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
 * to it is discarded unless keep_text is called. */
static struct base_sink new_text(const struct vm_machine *machine)
{
    const size_t left = machine->text_capacity - machine->text_used;
    struct base_sink sink = {.data = machine->text + machine->text_used,
                             .capacity = left < LIMIT_TEXT_VALUE ? left : LIMIT_TEXT_VALUE};
    if (sink.capacity > 0)
        sink.data[0] = '\0';
    return sink;
}

static bool keep_text(struct vm_machine *machine, const struct base_sink *sink, int64_t *value)
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
    struct base_sink sink = new_text(machine);
    base_put_span(&sink, span);
    return keep_text(machine, &sink, value);
}

static enum vm_trap finish_text(const struct step *s, const struct base_sink *sink)
{
    return keep_text(s->machine, sink, &s->out->value) ? VM_TRAP_NONE : VM_TRAP_TEXT;
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
    return answer(s,
                  image_is_text(kind_of_a(s)) ? same_text(s->machine, s->a, s->b) : s->a == s->b);
}

static enum vm_trap run_TEXT(const struct step *s)
{
    if (image_is_text(kind_of_a(s)))
        return answer(s, s->a);
    struct base_sink sink = new_text(s->machine);
    vm_put_value(&sink, s->machine, kind_of_a(s), s->a);
    return finish_text(s, &sink);
}

static enum vm_trap run_CONCAT(const struct step *s)
{
    struct base_sink sink = new_text(s->machine);
    base_put(&sink, vm_text(s->machine, s->a));
    base_put(&sink, vm_text(s->machine, s->b));
    return finish_text(s, &sink);
}

static enum vm_trap run_QUOTE(const struct step *s)
{
    const enum vm_quote quote = (enum vm_quote)s->instruction->immediate;
    const struct base_span text = base_span_of(vm_text(s->machine, s->a));
    if (!vm_can_quote(quote, text))
        return VM_TRAP_QUOTE;
    struct base_sink sink = new_text(s->machine);
    vm_put_quoted(&sink, quote, text);
    return finish_text(s, &sink);
}

/* --- lists --- */

static enum vm_trap run_HAS(const struct step *s)
{
    const struct base_span item = base_span_of(vm_text(s->machine, s->b));
    return answer(s, base_list_has(vm_text(s->machine, s->a), item));
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

/* Every name of both lists is looked for in lists no longer than the two together. */
static bool within_work(struct vm_machine *machine, const char *a, const char *b)
{
    size_t work = (count_names(a) + count_names(b)) * (strlen(a) + strlen(b));
    machine->list_work += work;
    return machine->list_work <= LIMIT_LIST_WORK;
}

/* Adds those of a list's names that `other` holds or lacks, each once. */
static void add_names(struct base_sink *sink, const char *list, enum filter filter,
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
    struct base_sink sink = new_text(s->machine);
    if (sink.capacity == 0 || !within_work(s->machine, a, b))
        return VM_TRAP_TEXT;
    add_names(&sink, a, filter, b);
    if (filter == ALL)
        add_names(&sink, b, ALL, NULL);
    return finish_text(s, &sink);
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
    return answer(s, s->instruction->immediate);
}

static enum vm_trap run_VOID(const struct step *s)
{
    s->out->state = VM_VOID;
    return VM_TRAP_NONE;
}

static enum vm_trap run_INPUT(const struct step *s)
{
    const struct vm_input *input = &s->machine->inputs[s->instruction->immediate];
    return input->state == VM_VALUE ? answer(s, input->value) : run_VOID(s);
}

static enum vm_trap run_GIVEN(const struct step *s)
{
    return answer(s, s->machine->inputs[s->instruction->immediate].given);
}

static bool is_member(const struct vm_machine *machine, const struct image_setting *setting,
                      int64_t value)
{
    const uint32_t *members = machine->image->words + setting->members;
    for (uint32_t i = 0; i < setting->member_count; i++)
        if (same_text(machine, members[i], value))
            return true;
    return false;
}

/* What the server would say to a value. One unit below zero is a word, "off" or "automatic", and
 * need not be a multiple of what sizes are multiples of. */
static enum vm_trap judge_setting(const struct vm_machine *machine,
                                  const struct image_setting *setting, int64_t value)
{
    if (setting->kind == IMAGE_ENUM)
        return is_member(machine, setting, value) ? VM_TRAP_NONE : VM_TRAP_MEMBER;
    if (!image_is_number(setting->kind))
        return VM_TRAP_NONE;
    if (value < setting->low || value > setting->high)
        return VM_TRAP_RANGE;
    if (value % setting->grain != 0 && value != -setting->unit)
        return VM_TRAP_STEP;
    return VM_TRAP_NONE;
}

/* --- choices: they take a slot as it is, value or not --- */

static const struct vm_slot *slot_a(const struct step *s)
{
    return &s->machine->slots[s->instruction->a];
}

static enum vm_trap take(const struct step *s, uint16_t slot)
{
    *s->out = s->machine->slots[slot];
    return VM_TRAP_NONE;
}

static enum vm_trap run_SETTING(const struct step *s)
{
    const int64_t n = s->instruction->immediate;
    const struct vm_override *overrides = s->machine->overrides;
    if (overrides && overrides[n].present)
        return answer(s, overrides[n].value);
    take(s, s->instruction->a);
    if (s->out->state != VM_VALUE)
        return VM_TRAP_NONE;
    return judge_setting(s->machine, &s->machine->image->settings[n], s->a);
}

static enum vm_trap run_AND(const struct step *s)
{
    return take(s, s->a ? s->instruction->b : s->instruction->a);
}

static enum vm_trap run_OR(const struct step *s)
{
    return take(s, s->a ? s->instruction->a : s->instruction->b);
}

static enum vm_trap run_SELECT(const struct step *s)
{
    return take(s, s->a ? s->instruction->b : s->instruction->c);
}

static enum vm_trap run_ELSE(const struct step *s)
{
    return take(s, slot_a(s)->state == VM_VOID ? s->instruction->b : s->instruction->a);
}

static enum vm_trap run_KNOWN(const struct step *s)
{
    if (slot_a(s)->state == VM_TRAP)
        return take(s, s->instruction->a);
    return answer(s, slot_a(s)->state == VM_VALUE);
}

/* --- one instruction, and all --- */

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
