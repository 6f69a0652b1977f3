/* The verifier's look at one instruction: its operands, the kinds they must be of, what may be
 * without a value and what is made from a secret. */
#include <string.h>

#include "vm/quote.h"
#include "vm/verify.h"

enum operand { NONE, SLOT, OPT };
enum immediate {
    IMMEDIATE_NONE,
    IMMEDIATE_VALUE,
    IMMEDIATE_INPUT,
    IMMEDIATE_SETTING,
    IMMEDIATE_QUOTE
};

/* How the kinds of the result and of operands a, b, c hang together: a letter each, of those that
 * the instruction has. A small letter is one kind; a capital is any kind of its class, the same one
 * wherever the row repeats it. Where a signature has two rows, either will do. */
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

static const struct operation {
    enum operand operands[3];
    enum immediate immediate;
    const char *rows[2];
} operations[AZB_OPCODES] = {
#define X(name, mnemonic, signature, a, b, c, immediate)                                           \
    {{a, b, c}, IMMEDIATE_##immediate, {KINDS_##signature}},
#include "opcodes.def"
#undef X
};

static bool stands_for(char letter, unsigned kind)
{
    static const uint8_t kinds[] = {['b'] = AZB_BOOL, ['i'] = AZB_INT,  ['r'] = AZB_RATIO,
                                    ['t'] = AZB_TEXT, ['e'] = AZB_ENUM, ['l'] = AZB_LIST};
    switch (letter) {
    case 'A':
        return true;
    case 'N':
    case 'M':
        return azb_is_number(kind);
    case 'Q':
        return azb_is_number(kind) && kind != AZB_INT;
    default:
        return kinds[(unsigned char)letter] == kind;
    }
}

/* `kinds` are those of the result, a, b and c; AZB_KINDS where the instruction has no operand. */
static bool fits(const char *row, const uint8_t kinds[4])
{
    for (unsigned i = 0; row[i] != '\0'; i++) {
        if (kinds[i] == AZB_KINDS)
            continue;
        if (!stands_for(row[i], kinds[i]))
            return false;
        for (unsigned j = 0; j < i; j++)
            if (row[j] == row[i] && kinds[j] != kinds[i])
                return false;
    }
    return true;
}

static bool are_kinds(const struct azv_verifier *v, const struct azb_instruction *i)
{
    const struct operation *operation = &operations[i->op];
    const uint16_t slots[3] = {i->a, i->b, i->c};
    uint8_t kinds[4] = {i->kind, AZB_KINDS, AZB_KINDS, AZB_KINDS};
    for (unsigned n = 0; n < 3; n++)
        if (operation->operands[n] != NONE)
            kinds[n + 1] = v->image->code[slots[n]].kind;
    const char *const *rows = operation->rows;
    return azv_require(v, fits(rows[0], kinds) || (rows[1] && fits(rows[1], kinds)), "kind",
                       &i->kind) &&
           /* An int by an int is a QUOTIENT; here its fraction would be lost without a word. */
           azv_require(v, i->op != AZB_OP_DIV || i->kind != AZB_INT, "kind", &i->kind);
}

bool azv_may_be_void(const struct azv_verifier *v, uint32_t slot)
{
    return v->voidable[slot / 8] >> slot % 8 & 1;
}

/* What may be done with a secret: make a text of it, choose one, or ask whether it is there. A text
 * that is made from a secret that is missing is missing too. */
static bool makes_text(unsigned op)
{
    return op == AZB_OP_TEXT || op == AZB_OP_CONCAT || op == AZB_OP_QUOTE;
}

static bool takes_secrets(unsigned op)
{
    return makes_text(op) || op == AZB_OP_SELECT || op == AZB_OP_ELSE || op == AZB_OP_KNOWN;
}

static bool is_operand(const struct azv_verifier *v, uint32_t n, unsigned which,
                       const uint16_t *slot)
{
    const enum operand how = operations[v->image->code[n].op].operands[which];
    const unsigned op = v->image->code[n].op;
    if (how == NONE)
        return azv_require(v, *slot == 0, "operand", slot);
    return azv_require(v, *slot < n, "operand", slot) &&
           azv_require(v, !azv_traced(&v->secrets, *slot) || takes_secrets(op), "secret", slot) &&
           azv_require(v,
                       how == OPT || !azv_may_be_void(v, *slot) || azv_traced(&v->secrets, *slot),
                       "void", slot);
}

static bool is_input(const struct azv_verifier *v, const struct azb_instruction *i)
{
    if (!azv_require(v, i->immediate >= 0 && i->immediate < v->image->input_count, "input",
                     &i->immediate))
        return false;
    const struct azb_input *input = &v->image->inputs[i->immediate];
    /* GIVEN tells that there is a value, which has no kind. */
    return i->op == AZB_OP_GIVEN || azv_require(v, input->kind == i->kind, "kind", &i->kind);
}

static bool is_setting(const struct azv_verifier *v, const struct azb_instruction *i)
{
    const int64_t *index = &i->immediate;
    return azv_require(v, *index >= 0 && *index < v->image->setting_count, "setting", index) &&
           azv_require(v, v->image->settings[*index].kind == i->kind, "kind", &i->kind);
}

/* A language of quotes.def, or the text as it is, with or without flags. */
static bool is_quote(int64_t quote)
{
    return quote >= 0 && (quote & ~(int64_t)(AZV_QUOTE_INNER | AZV_QUOTE_LINE)) <= AZV_QUOTES;
}

static bool is_immediate(const struct azv_verifier *v, const struct azb_instruction *i)
{
    switch (operations[i->op].immediate) {
    case IMMEDIATE_VALUE:
        return azv_is_constant(v, i->kind, &i->immediate);
    case IMMEDIATE_INPUT:
        return is_input(v, i);
    case IMMEDIATE_SETTING:
        return is_setting(v, i);
    case IMMEDIATE_QUOTE:
        return azv_require(v, is_quote(i->immediate), "quote", &i->immediate);
    default:
        return azv_require(v, i->immediate == 0, "immediate", &i->immediate);
    }
}

/* Whether an instruction that was checked may write no value. */
static bool writes_void(const struct azv_verifier *v, const struct azb_instruction *i)
{
    switch (i->op) {
    case AZB_OP_VOID:
        return true;
    case AZB_OP_INPUT:
        return v->image->inputs[i->immediate].optional ||
               v->image->inputs[i->immediate].class == AZB_SECRET;
    case AZB_OP_SETTING:
        return azv_may_be_void(v, i->a);
    case AZB_OP_SELECT:
        return azv_may_be_void(v, i->b) || azv_may_be_void(v, i->c);
    case AZB_OP_ELSE:
        return azv_may_be_void(v, i->b);
    case AZB_OP_CONCAT:
        return azv_may_be_void(v, i->a) || azv_may_be_void(v, i->b);
    case AZB_OP_TEXT:
    case AZB_OP_QUOTE:
        return azv_may_be_void(v, i->a);
    default:
        return false;
    }
}

bool azv_verify_instruction(struct azv_verifier *v, uint32_t n)
{
    const struct azb_instruction *i = &v->image->code[n];
    if (!azv_require(v, i->op < AZB_OPCODES, "opcode", &i->op) ||
        !azv_require(v, i->kind < AZB_KINDS, "kind", &i->kind) || !is_operand(v, n, 0, &i->a) ||
        !is_operand(v, n, 1, &i->b) || !is_operand(v, n, 2, &i->c) || !are_kinds(v, i) ||
        !is_immediate(v, i))
        return false;
    if (writes_void(v, i))
        v->voidable[n / 8] |= (uint8_t)(1u << n % 8);
    azv_mark_secret(v->image, n, &v->secrets);
    return true;
}
