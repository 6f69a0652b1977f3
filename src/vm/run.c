/* The interpreter: a small function for every opcode, and what they share.
 *
 * A function is called when all the operands that its opcode cannot do without are values; it
 * fills `out`, or says why there is no answer. The compiler executes single instructions of
 * half-built images here to fold constants, so nothing in this file looks at more of an image than
 * its code, strings, inputs, settings and words. */
#include <string.h>
#include "base/checked.h"
#include "vm/quote.h"
#include "vm/vm.h"

enum { MICRO = 1000000 }; /* a ratio counts millionths */

struct step {
    struct azv_machine *machine;
    const struct azb_instruction *instruction;
    int64_t a, b, c;
    struct azv_slot *out; /* a value, until an operation says otherwise */
};

static enum azv_trap answer(const struct step *s, int64_t value)
{
    s->out->value = value;
    return AZV_TRAP_NONE;
}

/* --- numbers --- */

static enum azv_trap fits(bool fitted)
{
    return fitted ? AZV_TRAP_NONE : AZV_TRAP_OVERFLOW;
}

/* floor(a * b / c) */
static enum azv_trap muldiv(const struct step *s, int64_t a, int64_t b, int64_t c)
{
    return c == 0 ? AZV_TRAP_DIVISOR : fits(aza_muldiv(a, b, c, &s->out->value));
}

static enum azv_trap run_ADD(const struct step *s)
{
    return fits(aza_add(s->a, s->b, &s->out->value));
}

static enum azv_trap run_SUB(const struct step *s)
{
    return fits(aza_sub(s->a, s->b, &s->out->value));
}

static enum azv_trap run_MUL(const struct step *s)
{
    return fits(aza_mul(s->a, s->b, &s->out->value));
}

static enum azv_trap run_SCALE(const struct step *s)
{
    return muldiv(s, s->a, s->b, MICRO);
}

static enum azv_trap run_DIV(const struct step *s)
{
    return muldiv(s, s->a, 1, s->b);
}

static enum azv_trap run_QUOTIENT(const struct step *s)
{
    return muldiv(s, s->a, MICRO, s->b);
}

static enum azv_trap run_UNSCALE(const struct step *s)
{
    return muldiv(s, s->a, MICRO, s->b);
}

static enum azv_trap run_MULDIV(const struct step *s)
{
    return muldiv(s, s->a, s->b, s->c);
}

/* Nearer to 0 than b and of its sign, so it always fits. */
static enum azv_trap run_MOD(const struct step *s)
{
    if (s->b == 0)
        return AZV_TRAP_DIVISOR;
    return fits(aza_narrow(s->a - aza_wide_floor(s->a, s->b) * s->b, &s->out->value));
}

/* Rounds a ratio to a whole number that is a multiple of b. The step is b million millionths, which
 * may need more than 64 bits; dividing by the million first and by b then gives the same floor. */
static enum azv_trap round_ratio(const struct step *s, enum aza_rounding mode)
{
    aza_wide shifted = s->a;
    if (mode == AZA_ROUND_UP)
        shifted += (aza_wide)s->b * MICRO - 1;
    else if (mode == AZA_ROUND_NEAR)
        shifted += (aza_wide)s->b * (MICRO / 2);
    const aza_wide whole = aza_wide_floor(shifted, MICRO);
    return fits(aza_narrow(aza_wide_floor(whole, s->b) * s->b, &s->out->value));
}

static enum azv_trap round_to(const struct step *s, enum aza_rounding mode)
{
    const struct azb_instruction *i = s->instruction;
    if (s->b <= 0)
        return AZV_TRAP_GRAIN;
    if (i->kind != s->machine->image->code[i->a].kind)
        return round_ratio(s, mode);
    return fits(aza_round(mode, s->a, s->b, &s->out->value));
}

static enum azv_trap run_ROUND_DOWN(const struct step *s)
{
    return round_to(s, AZA_ROUND_DOWN);
}

static enum azv_trap run_ROUND_UP(const struct step *s)
{
    return round_to(s, AZA_ROUND_UP);
}

static enum azv_trap run_ROUND_NEAR(const struct step *s)
{
    return round_to(s, AZA_ROUND_NEAR);
}

static enum azv_trap run_MIN(const struct step *s)
{
    return answer(s, s->a < s->b ? s->a : s->b);
}

static enum azv_trap run_MAX(const struct step *s)
{
    return answer(s, s->a > s->b ? s->a : s->b);
}

static enum azv_trap run_LT(const struct step *s)
{
    return answer(s, s->a < s->b);
}

static enum azv_trap run_LE(const struct step *s)
{
    return answer(s, s->a <= s->b);
}

static enum azv_trap run_NOT(const struct step *s)
{
    return answer(s, !s->a);
}

/* --- texts --- */

const char *azv_text(const struct azv_machine *machine, int64_t value)
{
    const struct azb_image *image = machine->image;
    return value < image->string_bytes ? azb_string(image, (uint32_t)value)
                                       : machine->text + (value - image->string_bytes);
}

/* A sink over what is left of the machine's text, or over the length of one value if that is less.
 * What is put there stays only if keep_text says so. */
static struct aza_sink new_text(const struct azv_machine *machine)
{
    const size_t left = machine->text_capacity - machine->text_used;
    struct aza_sink sink = {.data = machine->text + machine->text_used,
                            .capacity = left < AZA_TEXT_VALUE_MAX ? left : AZA_TEXT_VALUE_MAX};
    if (sink.capacity > 0)
        sink.data[0] = '\0';
    return sink;
}

static bool keep_text(struct azv_machine *machine, const struct aza_sink *sink, int64_t *value)
{
    if (sink->overflow || sink->capacity == 0)
        return false;
    *value = (int64_t)(machine->image->string_bytes + machine->text_used);
    machine->text_used += sink->length + 1;
    return true;
}

bool azv_make_text(struct azv_machine *machine, struct aza_span span, int64_t *value)
{
    struct aza_sink sink = new_text(machine);
    aza_put_span(&sink, span);
    return keep_text(machine, &sink, value);
}

static enum azv_trap finish_text(const struct step *s, const struct aza_sink *sink)
{
    return keep_text(s->machine, sink, &s->out->value) ? AZV_TRAP_NONE : AZV_TRAP_TEXT;
}

/* Whether values of a kind are offsets of strings. */
static bool is_textual(unsigned kind)
{
    return kind == AZB_TEXT || kind == AZB_ENUM || kind == AZB_LIST;
}

static unsigned kind_of_a(const struct step *s)
{
    return s->machine->image->code[s->instruction->a].kind;
}

static bool same_text(const struct azv_machine *machine, int64_t a, int64_t b)
{
    return a == b || aza_text_is(azv_text(machine, a), azv_text(machine, b));
}

static enum azv_trap run_EQ(const struct step *s)
{
    return answer(s, is_textual(kind_of_a(s)) ? same_text(s->machine, s->a, s->b) : s->a == s->b);
}

static enum azv_trap run_TEXT(const struct step *s)
{
    if (is_textual(kind_of_a(s)))
        return answer(s, s->a);
    struct aza_sink sink = new_text(s->machine);
    azv_put_value(&sink, s->machine, kind_of_a(s), s->a);
    return finish_text(s, &sink);
}

static enum azv_trap run_CONCAT(const struct step *s)
{
    struct aza_sink sink = new_text(s->machine);
    aza_put(&sink, azv_text(s->machine, s->a));
    aza_put(&sink, azv_text(s->machine, s->b));
    return finish_text(s, &sink);
}

static enum azv_trap run_QUOTE(const struct step *s)
{
    const enum azv_quote quote = (enum azv_quote)s->instruction->immediate;
    const struct aza_span text = aza_span_of(azv_text(s->machine, s->a));
    if (!azv_can_quote(quote, text))
        return AZV_TRAP_QUOTE;
    struct aza_sink sink = new_text(s->machine);
    azv_put_quoted(&sink, quote, text);
    return finish_text(s, &sink);
}

/* --- lists --- */

static enum azv_trap run_HAS(const struct step *s)
{
    const struct aza_span item = aza_span_of(azv_text(s->machine, s->b));
    return answer(s, aza_list_has(azv_text(s->machine, s->a), item));
}

enum filter { ALL, HELD, LACKED };

static size_t count_names(const char *list)
{
    struct aza_span rest = aza_span_of(list), name;
    size_t count = 0;
    while (aza_list_next(&rest, &name))
        count++;
    return count;
}

/* Every name of both lists is looked for in lists no longer than the two together. */
static bool within_work(struct azv_machine *machine, const char *a, const char *b)
{
    size_t work = (count_names(a) + count_names(b)) * (strlen(a) + strlen(b));
    machine->list_work += work;
    return machine->list_work <= AZA_LIST_WORK_MAX;
}

/* Adds those of a list's names that `other` holds or lacks, each once. */
static void add_names(struct aza_sink *sink, const char *list, enum filter filter,
                      const char *other)
{
    struct aza_span rest = aza_span_of(list), name;
    while (aza_list_next(&rest, &name)) {
        if (filter != ALL && aza_list_has(other, name) != (filter == HELD))
            continue;
        if (aza_list_has(sink->data, name))
            continue;
        if (sink->length > 0)
            aza_put_char(sink, ',');
        aza_put_span(sink, name);
    }
}

static enum azv_trap select_names(const struct step *s, enum filter filter)
{
    const char *a = azv_text(s->machine, s->a), *b = azv_text(s->machine, s->b);
    struct aza_sink sink = new_text(s->machine);
    if (sink.capacity == 0 || !within_work(s->machine, a, b))
        return AZV_TRAP_TEXT;
    add_names(&sink, a, filter, b);
    if (filter == ALL)
        add_names(&sink, b, ALL, NULL);
    return finish_text(s, &sink);
}

static enum azv_trap run_KEEP(const struct step *s)
{
    return select_names(s, HELD);
}

static enum azv_trap run_DROP(const struct step *s)
{
    return select_names(s, LACKED);
}

static enum azv_trap run_JOIN(const struct step *s)
{
    return select_names(s, ALL);
}

/* --- where values come from --- */

static enum azv_trap run_CONST(const struct step *s)
{
    return answer(s, s->instruction->immediate);
}

static enum azv_trap run_VOID(const struct step *s)
{
    s->out->state = AZV_VOID;
    return AZV_TRAP_NONE;
}

static enum azv_trap run_INPUT(const struct step *s)
{
    const struct azv_input *input = &s->machine->inputs[s->instruction->immediate];
    return input->state == AZV_VALUE ? answer(s, input->value) : run_VOID(s);
}

static enum azv_trap run_GIVEN(const struct step *s)
{
    return answer(s, s->machine->inputs[s->instruction->immediate].given);
}

static bool is_member(const struct azv_machine *machine, const struct azb_setting *setting,
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
static enum azv_trap judge_setting(const struct azv_machine *machine,
                                   const struct azb_setting *setting, int64_t value)
{
    if (setting->kind == AZB_ENUM)
        return is_member(machine, setting, value) ? AZV_TRAP_NONE : AZV_TRAP_MEMBER;
    if (!azb_is_number(setting->kind))
        return AZV_TRAP_NONE;
    if (value < setting->low || value > setting->high)
        return AZV_TRAP_RANGE;
    if (value % setting->grain != 0 && value != -setting->unit)
        return AZV_TRAP_STEP;
    return AZV_TRAP_NONE;
}

/* --- choices: they take a slot as it is, value or not --- */

static const struct azv_slot *slot_a(const struct step *s)
{
    return &s->machine->slots[s->instruction->a];
}

static enum azv_trap take(const struct step *s, uint16_t slot)
{
    *s->out = s->machine->slots[slot];
    return AZV_TRAP_NONE;
}

static enum azv_trap run_SETTING(const struct step *s)
{
    const int64_t n = s->instruction->immediate;
    const struct azv_override *overrides = s->machine->overrides;
    if (overrides && overrides[n].present)
        return answer(s, overrides[n].value);
    take(s, s->instruction->a);
    if (s->out->state != AZV_VALUE)
        return AZV_TRAP_NONE;
    return judge_setting(s->machine, &s->machine->image->settings[n], s->a);
}

static enum azv_trap run_AND(const struct step *s)
{
    return take(s, s->a ? s->instruction->b : s->instruction->a);
}

static enum azv_trap run_OR(const struct step *s)
{
    return take(s, s->a ? s->instruction->a : s->instruction->b);
}

static enum azv_trap run_SELECT(const struct step *s)
{
    return take(s, s->a ? s->instruction->b : s->instruction->c);
}

static enum azv_trap run_ELSE(const struct step *s)
{
    return take(s, slot_a(s)->state == AZV_VOID ? s->instruction->b : s->instruction->a);
}

static enum azv_trap run_KNOWN(const struct step *s)
{
    if (slot_a(s)->state == AZV_TRAP)
        return take(s, s->instruction->a);
    return answer(s, slot_a(s)->state == AZV_VALUE);
}

/* --- one instruction, and all --- */

enum operand { NONE, SLOT, OPT };

static const struct operation {
    enum azv_trap (*run)(const struct step *s);
    enum operand operands[3];
} operations[AZB_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate) {run_##name, {a, b, c}},
#include "opcodes.def"
#undef X
};

/* An operand that must be a value; `and` and `or` need b only if a leaves the question open. */
static bool is_needed(unsigned op, unsigned operand)
{
    const bool lazy = operand == 1 && (op == AZB_OP_AND || op == AZB_OP_OR);
    return operations[op].operands[operand] == SLOT && !lazy;
}

void azv_step(struct azv_machine *machine, uint32_t n)
{
    const struct azb_instruction *i = &machine->image->code[n];
    const struct operation *operation = &operations[i->op];
    const uint16_t operands[3] = {i->a, i->b, i->c};
    int64_t values[3] = {0};
    for (unsigned k = 0; k < 3; k++) {
        if (operation->operands[k] == NONE)
            continue;
        const struct azv_slot *slot = &machine->slots[operands[k]];
        if (slot->state != AZV_VALUE && is_needed(i->op, k)) {
            machine->slots[n] = *slot;
            return;
        }
        values[k] = slot->value;
    }
    struct azv_slot out = {0};
    const struct step step = {machine, i, values[0], values[1], values[2], &out};
    const enum azv_trap trap = operation->run(&step);
    if (trap != AZV_TRAP_NONE)
        out = (struct azv_slot){.state = AZV_TRAP, .trap = (uint8_t)trap, .origin = (uint16_t)n};
    machine->slots[n] = out;
}

void azv_run(struct azv_machine *machine)
{
    machine->list_work = 0;
    for (uint32_t n = 0; n < machine->image->code_count; n++)
        azv_step(machine, n);
}

const char *azv_trap_sentence(unsigned trap)
{
    static const char *const sentences[AZV_TRAPS] = {
#define X(name, word, sentence) sentence,
#include "traps.def"
#undef X
    };
    return trap < AZV_TRAPS ? sentences[trap] : "";
}
