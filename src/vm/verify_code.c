/* The verification of one instruction: its operands, their kinds, which of them may be void, and
 * whether its result is computed from a secret.
 *
 * Instructions are verified in order, so all operands have been verified. Two sets of slots are
 * carried along: those that can be void, which an operand that needs a value must not be in, and
 * those made from secrets, which only a few opcodes may read. A void secret is the exception to the
 * first rule: a text made from a missing secret is missing too, and documents omit it. */
#include <string.h>

#include "vm/quote.h"
#include "vm/verify.h"

/* The kinds that the result and the operands a, b, c can have: a letter for each, in this order. A
 * lower case letter is one kind: b bool, i int, r ratio, t text, e enum, l list. A capital is any
 * kind of a class, the same kind wherever the row repeats the letter: A any, N and M numbers, Q
 * numbers except int. If a signature has two rows, one of them must match. */
#define KINDS_ANY      "A"
#define KINDS_INPUT    "A"
#define KINDS_TEST     "bA"
#define KINDS_SETTING  "AA", "tl"
#define KINDS_SAME     "NNN"
#define KINDS_TIMES    "NNi"
#define KINDS_SCALE    "QQr"
#define KINDS_QUOTIENT "rNN"
#define KINDS_MULDIV   "NMNM"
#define KINDS_ROUND    "NNN", "iri"
#define KINDS_COMPARE  "bAA"
#define KINDS_ORDER    "bNN"
#define KINDS_LOGIC    "bbb"
#define KINDS_SELECT   "AbAA"
#define KINDS_ELSE     "AAA"
#define KINDS_HAS      "blt", "ble"
#define KINDS_LIST     "lll"
#define KINDS_TEXT     "tA"
#define KINDS_CONCAT   "ttt"
#define KINDS_QUOTE    "tt"

static const char *const signatures[IMAGE_OPCODES][2] = {
#define X(name, mnemonic, signature, a, b, c, immediate) {KINDS_##signature},
#include "opcodes.def"
#undef X
};

static bool is_kind_of_letter(char letter, unsigned kind)
{
    static const uint8_t kinds[] = {['b'] = IMAGE_BOOL, ['i'] = IMAGE_INT,  ['r'] = IMAGE_RATIO,
                                    ['t'] = IMAGE_TEXT, ['e'] = IMAGE_ENUM, ['l'] = IMAGE_LIST};
    switch (letter) {
    case 'A':
        return true;
    case 'N':
    case 'M':
        return image_is_number(kind);
    case 'Q':
        return image_is_number(kind) && kind != IMAGE_INT;
    default:
        return kinds[(unsigned char)letter] == kind;
    }
}

/* `kinds` are those of the result, a, b and c; IMAGE_KINDS where the instruction has no operand. */
static bool matches_signature(const char *row, const uint8_t kinds[4])
{
    for (unsigned i = 0; row[i] != '\0'; i++) {
        if (kinds[i] == IMAGE_KINDS)
            continue;
        if (!is_kind_of_letter(row[i], kinds[i]))
            return false;
        for (unsigned j = 0; j < i; j++)
            if (row[j] == row[i] && kinds[j] != kinds[i])
                return false;
    }
    return true;
}

static bool are_kinds(const struct vm_verifier *v, const struct image_instruction *i)
{
    const uint16_t slots[3] = {i->a, i->b, i->c};
    uint8_t kinds[4] = {i->kind, IMAGE_KINDS, IMAGE_KINDS, IMAGE_KINDS};
    for (int n = 0; n < 3; n++)
        if (image_reads(i->op, n))
            kinds[n + 1] = v->image->code[slots[n]].kind;
    const char *const *rows = signatures[i->op];
    return vm_require(v,
                      matches_signature(rows[0], kinds) ||
                          (rows[1] && matches_signature(rows[1], kinds)),
                      "kind", &i->kind) &&
           /* An int by an int is a QUOTIENT; DIV would lose its fraction silently. */
           vm_require(v, i->op != IMAGE_OP_DIV || i->kind != IMAGE_INT, "kind", &i->kind);
}

bool vm_may_be_void(const struct vm_verifier *v, uint32_t slot)
{
    return v->voidable[slot / 8] >> slot % 8 & 1;
}

/* The permitted operations on a secret: make a text of it, choose between texts, or ask whether it
 * is set. A comparison would leak it bit by bit. A text made from a missing secret is missing too.
 */
static bool makes_text(unsigned op)
{
    return op == IMAGE_OP_TEXT || op == IMAGE_OP_CONCAT || op == IMAGE_OP_QUOTE;
}

static bool takes_secrets(unsigned op)
{
    return makes_text(op) || op == IMAGE_OP_SELECT || op == IMAGE_OP_ELSE || op == IMAGE_OP_KNOWN;
}

static bool is_operand(const struct vm_verifier *v, uint32_t n, unsigned which,
                       const uint16_t *slot)
{
    const unsigned op = v->image->code[n].op;
    const unsigned how = image_operations[op].operands[which];
    if (how == IMAGE_OPERAND_NONE)
        return vm_require(v, *slot == 0, "operand", slot);
    return vm_require(v, *slot < n, "operand", slot) &&
           vm_require(v, !vm_traced(&v->secrets, *slot) || takes_secrets(op), "secret", slot) &&
           vm_require(v,
                      how == IMAGE_OPERAND_OPT || !vm_may_be_void(v, *slot) ||
                          vm_traced(&v->secrets, *slot),
                      "void", slot);
}

static bool is_input_index(const struct vm_verifier *v, const struct image_instruction *i)
{
    if (!vm_require(v, i->immediate >= 0 && i->immediate < v->image->input_count, "input",
                    &i->immediate))
        return false;
    const struct image_input *input = &v->image->inputs[i->immediate];
    /* GIVEN asks whether there is a value, so it does not depend on the kind. */
    return i->op == IMAGE_OP_GIVEN || vm_require(v, input->kind == i->kind, "kind", &i->kind);
}

static bool is_setting_index(const struct vm_verifier *v, const struct image_instruction *i)
{
    const int64_t *index = &i->immediate;
    return vm_require(v, *index >= 0 && *index < v->image->setting_count, "setting", index) &&
           vm_require(v, v->image->settings[*index].kind == i->kind, "kind", &i->kind);
}

/* A language of quotes.def, or VM_QUOTES for the unchanged text, with or without flags. */
static bool is_quote_style(int64_t quote)
{
    return quote >= 0 && (quote & ~(int64_t)(VM_QUOTE_INNER | VM_QUOTE_LINE)) <= VM_QUOTES;
}

static bool is_immediate(const struct vm_verifier *v, const struct image_instruction *i)
{
    switch (image_operations[i->op].immediate) {
    case IMAGE_IMMEDIATE_VALUE:
        return vm_is_constant(v, i->kind, &i->immediate);
    case IMAGE_IMMEDIATE_INPUT:
        return is_input_index(v, i);
    case IMAGE_IMMEDIATE_SETTING:
        return is_setting_index(v, i);
    case IMAGE_IMMEDIATE_QUOTE:
        return vm_require(v, is_quote_style(i->immediate), "quote", &i->immediate);
    default:
        return vm_require(v, i->immediate == 0, "immediate", &i->immediate);
    }
}

/* Whether a verified instruction can write a void slot. */
static bool writes_void(const struct vm_verifier *v, const struct image_instruction *i)
{
    switch (i->op) {
    case IMAGE_OP_VOID:
        return true;
    case IMAGE_OP_INPUT:
        return v->image->inputs[i->immediate].optional ||
               v->image->inputs[i->immediate].class == IMAGE_SECRET;
    case IMAGE_OP_SETTING:
        return vm_may_be_void(v, i->a);
    case IMAGE_OP_SELECT:
        return vm_may_be_void(v, i->b) || vm_may_be_void(v, i->c);
    case IMAGE_OP_ELSE:
        return vm_may_be_void(v, i->b);
    case IMAGE_OP_CONCAT:
        return vm_may_be_void(v, i->a) || vm_may_be_void(v, i->b);
    case IMAGE_OP_TEXT:
    case IMAGE_OP_QUOTE:
        return vm_may_be_void(v, i->a);
    default:
        return false;
    }
}

bool vm_verify_instruction(struct vm_verifier *v, uint32_t n)
{
    const struct image_instruction *i = &v->image->code[n];
    if (!vm_require(v, i->op < IMAGE_OPCODES, "opcode", &i->op) ||
        !vm_require(v, i->kind < IMAGE_KINDS, "kind", &i->kind) || !is_operand(v, n, 0, &i->a) ||
        !is_operand(v, n, 1, &i->b) || !is_operand(v, n, 2, &i->c) || !are_kinds(v, i) ||
        !is_immediate(v, i))
        return false;
    if (writes_void(v, i))
        v->voidable[n / 8] |= (uint8_t)(1u << n % 8);
    vm_mark_secret(v->image, n, &v->secrets);
    return true;
}
