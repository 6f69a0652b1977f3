/* The instructions once more, by definition: which kinds they take and what they compute.
 *
 * Nothing here is shared with src/vm. Numbers are 128 bits wide and are checked for 64 at the end,
 * texts are compared as texts, a rounding is found by looking at the two multiples around a value,
 * and a slot is evaluated by evaluating its operands first, recursively, on demand. It is
 * slow and plain, so that it can be seen to be right; tests compare the real thing with it. */
#ifndef AZA_TESTS_PLAIN_H
#define AZA_TESTS_PLAIN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vm/quote.h"
#include "vm/vm.h"

typedef __int128 plain_wide;

struct plain_slot {
    bool known; /* evaluated already */
    enum vm_state state;
    enum vm_trap trap;
    uint32_t origin;
    plain_wide number;
    const char *text;
};

struct plain {
    const struct vm_machine *machine; /* image, inputs and overrides; its slots are not looked at */
    struct plain_slot slots[2048];
    char text[4 * 1024 * 1024];
    size_t text_used;
};

/* --- kinds --- */

static inline bool plain_is_number(unsigned kind)
{
    return kind == IMAGE_INT || kind == IMAGE_RATIO || kind == IMAGE_BYTES || kind == IMAGE_TIME;
}

static inline bool plain_is_text(unsigned kind)
{
    return kind == IMAGE_TEXT || kind == IMAGE_ENUM || kind == IMAGE_LIST;
}

/* Whether an instruction may have a result and operands of these kinds; operands that it does not
 * have are not looked at. INPUT and SETTING must also agree with their tables. */
static inline bool plain_kinds(unsigned op, unsigned result, unsigned a, unsigned b, unsigned c)
{
    const bool same = a == b && result == a && plain_is_number(a);
    switch (op) {
    case IMAGE_OP_CONST:
    case IMAGE_OP_VOID:
    case IMAGE_OP_INPUT:
        return true;
    case IMAGE_OP_GIVEN:
    case IMAGE_OP_KNOWN:
        return result == IMAGE_BOOL;
    case IMAGE_OP_SETTING:
        return result == a || (result == IMAGE_TEXT && a == IMAGE_LIST);
    case IMAGE_OP_ADD:
    case IMAGE_OP_SUB:
    case IMAGE_OP_MOD:
    case IMAGE_OP_MIN:
    case IMAGE_OP_MAX:
        return same;
    case IMAGE_OP_ROUND_DOWN:
    case IMAGE_OP_ROUND_UP:
    case IMAGE_OP_ROUND_NEAR:
        return same || (result == IMAGE_INT && a == IMAGE_RATIO && b == IMAGE_INT);
    case IMAGE_OP_MUL:
        return plain_is_number(a) && b == IMAGE_INT && result == a;
    case IMAGE_OP_DIV:
        return plain_is_number(a) && a != IMAGE_INT && b == IMAGE_INT && result == a;
    case IMAGE_OP_SCALE:
    case IMAGE_OP_UNSCALE:
        return plain_is_number(a) && a != IMAGE_INT && b == IMAGE_RATIO && result == a;
    case IMAGE_OP_QUOTIENT:
        return plain_is_number(a) && a == b && result == IMAGE_RATIO;
    case IMAGE_OP_MULDIV:
        return plain_is_number(a) && plain_is_number(b) && a == c && b == result;
    case IMAGE_OP_EQ:
        return a == b && result == IMAGE_BOOL;
    case IMAGE_OP_LT:
    case IMAGE_OP_LE:
        return plain_is_number(a) && a == b && result == IMAGE_BOOL;
    case IMAGE_OP_NOT:
        return a == IMAGE_BOOL && result == IMAGE_BOOL;
    case IMAGE_OP_AND:
    case IMAGE_OP_OR:
        return a == IMAGE_BOOL && b == IMAGE_BOOL && result == IMAGE_BOOL;
    case IMAGE_OP_SELECT:
        return a == IMAGE_BOOL && b == c && result == b;
    case IMAGE_OP_ELSE:
        return a == b && result == a;
    case IMAGE_OP_HAS:
        return a == IMAGE_LIST && (b == IMAGE_TEXT || b == IMAGE_ENUM) && result == IMAGE_BOOL;
    case IMAGE_OP_KEEP:
    case IMAGE_OP_DROP:
    case IMAGE_OP_JOIN:
        return a == IMAGE_LIST && b == IMAGE_LIST && result == IMAGE_LIST;
    case IMAGE_OP_TEXT:
        return result == IMAGE_TEXT;
    case IMAGE_OP_CONCAT:
        return a == IMAGE_TEXT && b == IMAGE_TEXT && result == IMAGE_TEXT;
    case IMAGE_OP_QUOTE:
        return a == IMAGE_TEXT && result == IMAGE_TEXT;
    default:
        abort();
    }
}

/* Which operands an instruction has, and which of them may be void: 's' for a slot that must hold a
 * value, 'o' for one that may be void. */
static inline const char *plain_operands(unsigned op)
{
    switch (op) {
    case IMAGE_OP_CONST:
    case IMAGE_OP_VOID:
    case IMAGE_OP_INPUT:
    case IMAGE_OP_GIVEN:
        return "";
    case IMAGE_OP_SETTING:
    case IMAGE_OP_KNOWN:
        return "o";
    case IMAGE_OP_NOT:
    case IMAGE_OP_TEXT:
    case IMAGE_OP_QUOTE:
        return "s";
    case IMAGE_OP_MULDIV:
        return "sss";
    case IMAGE_OP_SELECT:
        return "soo";
    case IMAGE_OP_ELSE:
        return "oo";
    default:
        return "ss";
    }
}

/* --- values --- */

static inline struct plain_slot plain_number(plain_wide number)
{
    return (struct plain_slot){.known = true, .state = VM_VALUE, .number = number};
}

static inline struct plain_slot plain_trap(enum vm_trap trap)
{
    return (struct plain_slot){.known = true, .state = VM_TRAP, .trap = trap};
}

static inline struct plain_slot plain_void(void)
{
    return (struct plain_slot){.known = true, .state = VM_VOID};
}

static inline struct plain_slot plain_text(struct plain *p, const char *text)
{
    const size_t size = strlen(text) + 1;
    if (size > LIMIT_TEXT_VALUE)
        return plain_trap(VM_TRAP_TEXT);
    if (p->text_used + size > sizeof p->text)
        abort();
    char *copy = memcpy(p->text + p->text_used, text, size);
    p->text_used += size;
    return (struct plain_slot){.known = true, .state = VM_VALUE, .text = copy};
}

/* A value of a table of the image, an input or an override. */
static inline struct plain_slot plain_given(const struct plain *p, unsigned kind, int64_t value)
{
    struct plain_slot slot = plain_number(value);
    const struct image *image = p->machine->image;
    if (plain_is_text(kind))
        slot.text = value < image->string_bytes ? image->strings + value
                                                : p->machine->text + (value - image->string_bytes);
    return slot;
}

/* A result must fit 64 bits. */
static inline struct plain_slot plain_narrow(plain_wide number)
{
    return number < INT64_MIN || number > INT64_MAX ? plain_trap(VM_TRAP_OVERFLOW)
                                                    : plain_number(number);
}

/* --- numbers --- */

/* The greatest whole number whose product with b is not beyond a. */
static inline plain_wide plain_floor(plain_wide a, plain_wide b)
{
    if (b < 0) {
        a = -a;
        b = -b;
    }
    plain_wide rest = a % b;
    if (rest < 0)
        rest += b;
    return (a - rest) / b;
}

static inline struct plain_slot plain_divide(plain_wide a, plain_wide b)
{
    return b == 0 ? plain_trap(VM_TRAP_DIVISOR) : plain_narrow(plain_floor(a, b));
}

/* a lies on or above `lower`, a multiple of the step, and below `upper`, the next one. */
static inline plain_wide plain_round(unsigned op, plain_wide a, plain_wide step)
{
    const plain_wide lower = plain_floor(a, step) * step, upper = lower + step;
    if (op == IMAGE_OP_ROUND_DOWN || a == lower)
        return lower;
    if (op == IMAGE_OP_ROUND_UP)
        return upper;
    return a - lower < upper - a ? lower : upper;
}

static inline struct plain_slot plain_rounded(unsigned op, unsigned from, unsigned to, plain_wide a,
                                              plain_wide b)
{
    if (b <= 0)
        return plain_trap(VM_TRAP_GRAIN);
    if (from == to)
        return plain_narrow(plain_round(op, a, b));
    return plain_narrow(plain_round(op, a, b * 1000000) / 1000000);
}

static inline struct plain_slot plain_arithmetic(unsigned op, plain_wide a, plain_wide b,
                                                 plain_wide c)
{
    switch (op) {
    case IMAGE_OP_ADD:
        return plain_narrow(a + b);
    case IMAGE_OP_SUB:
        return plain_narrow(a - b);
    case IMAGE_OP_MUL:
        return plain_narrow(a * b);
    case IMAGE_OP_SCALE:
        return plain_divide(a * b, 1000000);
    case IMAGE_OP_DIV:
        return plain_divide(a, b);
    case IMAGE_OP_QUOTIENT:
    case IMAGE_OP_UNSCALE:
        return plain_divide(a * 1000000, b);
    case IMAGE_OP_MULDIV:
        return plain_divide(a * b, c);
    case IMAGE_OP_MOD:
        return b == 0 ? plain_trap(VM_TRAP_DIVISOR) : plain_narrow(a - b * plain_floor(a, b));
    case IMAGE_OP_MIN:
        return plain_number(a < b ? a : b);
    case IMAGE_OP_MAX:
        return plain_number(a < b ? b : a);
    case IMAGE_OP_LT:
        return plain_number(a < b);
    case IMAGE_OP_LE:
        return plain_number(a < b || a == b);
    case IMAGE_OP_NOT:
        return plain_number(a == 0);
    default:
        abort();
    }
}

/* --- texts and lists --- */

static inline const char *plain_unit(unsigned kind, int64_t value, int64_t *size)
{
    static const struct {
        unsigned kind;
        int64_t size;
        const char *word;
    } units[] = {{IMAGE_BYTES, 1048576, "MB"},
                 {IMAGE_BYTES, 1024, "kB"},
                 {IMAGE_BYTES, 1, "B"},
                 {IMAGE_TIME, INT64_C(86400000000), "d"},
                 {IMAGE_TIME, INT64_C(3600000000), "h"},
                 {IMAGE_TIME, 60000000, "min"},
                 {IMAGE_TIME, 1000000, "s"},
                 {IMAGE_TIME, 1000, "ms"},
                 {IMAGE_TIME, 1, "us"}};
    for (size_t i = 0;; i++)
        if (units[i].kind == kind && value % units[i].size == 0) {
            *size = units[i].size;
            return units[i].word;
        }
}

static inline void plain_print(char *out, size_t room, unsigned kind, int64_t value)
{
    int64_t size = 1;
    if (kind == IMAGE_BOOL) {
        snprintf(out, room, "%s", value ? "true" : "false");
    } else if (kind == IMAGE_RATIO) {
        const uint64_t whole = value < 0 ? -(uint64_t)value : (uint64_t)value;
        snprintf(out, room, "%s%llu.%06llu", value < 0 ? "-" : "",
                 (unsigned long long)(whole / 1000000), (unsigned long long)(whole % 1000000));
        for (size_t end = strlen(out); out[end - 1] == '0' && out[end - 2] != '.'; end--)
            out[end - 1] = '\0';
    } else if (kind == IMAGE_TIME && value == 0) {
        snprintf(out, room, "0s");
    } else {
        const char *unit = kind == IMAGE_INT ? "" : plain_unit(kind, value, &size);
        snprintf(out, room, "%lld%s", (long long)(value / size), unit);
    }
}

struct plain_names {
    char names[2048][64];
    size_t count;
};

static inline bool plain_holds(const struct plain_names *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->names[i], name) == 0)
            return true;
    return false;
}

static inline void plain_add(struct plain_names *list, const char *name)
{
    if (plain_holds(list, name))
        return;
    if (list->count == 2048 || strlen(name) >= 64)
        abort();
    strcpy(list->names[list->count++], name);
}

/* The names of a list as the image holds it: no blanks around them. */
static inline void plain_split(struct plain_names *list, const char *text)
{
    char copy[LIMIT_TEXT_VALUE], *rest = copy;
    snprintf(copy, sizeof copy, "%s", text);
    list->count = 0;
    for (char *name; (name = strsep(&rest, ",")) != NULL;)
        if (*name != '\0')
            plain_add(list, name);
}

static inline struct plain_slot plain_lists(struct plain *p, unsigned op, const char *left,
                                            const char *right)
{
    static struct plain_names a, b, result;
    static char text[2048 * 65 + 1];
    plain_split(&a, left);
    plain_split(&b, right);
    result.count = 0;
    for (size_t i = 0; i < a.count; i++)
        if (op == IMAGE_OP_JOIN || plain_holds(&b, a.names[i]) == (op == IMAGE_OP_KEEP))
            plain_add(&result, a.names[i]);
    for (size_t i = 0; op == IMAGE_OP_JOIN && i < b.count; i++)
        plain_add(&result, b.names[i]);
    text[0] = '\0';
    for (size_t i = 0; i < result.count; i++) {
        strcat(text, i > 0 ? "," : "");
        strcat(text, result.names[i]);
    }
    return plain_text(p, text);
}

/* What each encoder makes is known to quote_test.c; here it is looked at as a whole. */
static inline struct plain_slot plain_quote(struct plain *p, int64_t quote, const char *text)
{
    static char buffer[8 * LIMIT_TEXT_VALUE];
    struct base_sink sink = BASE_SINK(buffer);
    const struct base_span span = {text, strlen(text)};
    buffer[0] = '\0';
    if (!vm_can_quote((enum vm_quote)quote, span))
        return plain_trap(VM_TRAP_QUOTE);
    vm_put_quoted(&sink, (enum vm_quote)quote, span);
    return plain_text(p, buffer);
}

static inline struct plain_slot plain_texts(struct plain *p, const struct image_instruction *i,
                                            const struct plain_slot *a, const struct plain_slot *b)
{
    static char buffer[2 * LIMIT_TEXT_VALUE];
    const unsigned kind = p->machine->image->code[i->a].kind;
    static struct plain_names names;
    switch (i->op) {
    case IMAGE_OP_EQ:
        return plain_number(plain_is_text(kind) ? strcmp(a->text, b->text) == 0
                                                : a->number == b->number);
    case IMAGE_OP_TEXT:
        if (plain_is_text(kind))
            return plain_text(p, a->text);
        plain_print(buffer, sizeof buffer, kind, (int64_t)a->number);
        return plain_text(p, buffer);
    case IMAGE_OP_CONCAT:
        snprintf(buffer, sizeof buffer, "%s%s", a->text, b->text);
        return plain_text(p, buffer);
    case IMAGE_OP_QUOTE:
        return plain_quote(p, i->immediate, a->text);
    case IMAGE_OP_HAS:
        plain_split(&names, a->text);
        return plain_number(plain_holds(&names, b->text));
    default:
        return plain_lists(p, i->op, a->text, b->text);
    }
}

/* --- evaluation --- */

static inline struct plain_slot
plain_setting(const struct plain *p, const struct image_instruction *i, struct plain_slot a)
{
    const struct image *image = p->machine->image;
    const struct image_setting *setting = &image->settings[i->immediate];
    const struct vm_override *override =
        p->machine->overrides ? &p->machine->overrides[i->immediate] : NULL;
    if (override && override->present)
        return plain_given(p, i->kind, override->value);
    if (a.state != VM_VALUE)
        return a;
    if (plain_is_number(setting->kind)) {
        if (a.number < setting->low || a.number > setting->high)
            return plain_trap(VM_TRAP_RANGE);
        const bool special = a.number == 0 || a.number == -(plain_wide)setting->unit;
        return special || a.number % setting->grain == 0 ? a : plain_trap(VM_TRAP_STEP);
    }
    for (uint32_t m = 0; setting->kind == IMAGE_ENUM && m < setting->member_count; m++)
        if (strcmp(image->strings + image->words[setting->members + m], a.text) == 0)
            return a;
    return setting->kind == IMAGE_ENUM ? plain_trap(VM_TRAP_MEMBER) : a;
}

static inline const struct plain_slot *plain_slot(struct plain *p, uint32_t n);

static inline struct plain_slot plain_choice(struct plain *p, const struct image_instruction *i)
{
    const struct plain_slot a = *plain_slot(p, i->a);
    switch (i->op) {
    case IMAGE_OP_AND:
        return a.state != VM_VALUE || a.number == 0 ? a : *plain_slot(p, i->b);
    case IMAGE_OP_OR:
        return a.state != VM_VALUE || a.number != 0 ? a : *plain_slot(p, i->b);
    case IMAGE_OP_SELECT:
        return a.state != VM_VALUE ? a : *plain_slot(p, a.number != 0 ? i->b : i->c);
    case IMAGE_OP_ELSE:
        return a.state == VM_VOID ? *plain_slot(p, i->b) : a;
    case IMAGE_OP_KNOWN:
        return a.state == VM_TRAP ? a : plain_number(a.state == VM_VALUE);
    default:
        return plain_setting(p, i, a);
    }
}

static inline struct plain_slot plain_evaluate(struct plain *p, const struct image_instruction *i)
{
    const struct vm_input *inputs = p->machine->inputs;
    switch (i->op) {
    case IMAGE_OP_CONST:
        return plain_given(p, i->kind, i->immediate);
    case IMAGE_OP_VOID:
        return plain_void();
    case IMAGE_OP_INPUT:
        return inputs[i->immediate].state == VM_VOID
                   ? plain_void()
                   : plain_given(p, i->kind, inputs[i->immediate].value);
    case IMAGE_OP_GIVEN:
        return plain_number(inputs[i->immediate].given ? 1 : 0);
    case IMAGE_OP_AND:
    case IMAGE_OP_OR:
    case IMAGE_OP_SELECT:
    case IMAGE_OP_ELSE:
    case IMAGE_OP_KNOWN:
    case IMAGE_OP_SETTING:
        return plain_choice(p, i);
    default:
        break;
    }
    const uint16_t operands[3] = {i->a, i->b, i->c};
    struct plain_slot values[3] = {0};
    for (size_t n = 0; n < strlen(plain_operands(i->op)); n++) {
        values[n] = *plain_slot(p, operands[n]);
        if (values[n].state != VM_VALUE)
            return values[n];
    }
    const unsigned kind = p->machine->image->code[i->a].kind;
    if (i->op == IMAGE_OP_EQ || i->op >= IMAGE_OP_HAS)
        return plain_texts(p, i, &values[0], &values[1]);
    if (i->op >= IMAGE_OP_ROUND_DOWN && i->op <= IMAGE_OP_ROUND_NEAR)
        return plain_rounded(i->op, kind, i->kind, values[0].number, values[1].number);
    return plain_arithmetic(i->op, values[0].number, values[1].number, values[2].number);
}

static inline const struct plain_slot *plain_slot(struct plain *p, uint32_t n)
{
    struct plain_slot *slot = &p->slots[n];
    if (slot->known)
        return slot;
    *slot = plain_evaluate(p, &p->machine->image->code[n]);
    if (slot->state == VM_TRAP && slot->origin == 0)
        slot->origin = n;
    return slot;
}

static inline void plain_begin(struct plain *p, const struct vm_machine *machine)
{
    p->machine = machine;
    p->text_used = 0;
    memset(p->slots, 0, machine->image->code_count * sizeof *p->slots);
}

#endif
