/* The verifier: one pass that decides whether an image may run.
 *
 * Every question stands in exactly one `require`, which names the field that is wrong. A chain of
 * them joined by && is in order of trust: what a condition reads was checked to its left, or in a
 * stage that azv_verify runs before. */
#include <string.h>

#include "probe/probe.h"
#include "vm/quote.h"
#include "vm/vm.h"

struct verifier {
    const struct azb_image *image;
    struct azb_refusal *refusal;
    uint8_t voidable[AZA_SLOTS_MAX / 8]; /* one bit per slot: it may be void */
    struct azv_trace secrets;            /* slots made from secrets */
};

static bool require(const struct verifier *v, bool holds, const char *reason, const void *field)
{
    if (!holds) {
        const size_t offset = (size_t)((const char *)field - (const char *)v->image->header);
        *v->refusal = (struct azb_refusal){reason, offset};
    }
    return holds;
}

/* --- strings and values --- */

/* A control character that no text of ours holds: all but NUL, tab and newline. */
static bool is_odd(char c)
{
    const unsigned char byte = (unsigned char)c;
    return byte < ' ' ? byte != '\0' && byte != '\t' && byte != '\n' : byte == 127;
}

/* After this, every offset into the pool is that of a terminated string fit for a terminal. */
static bool verify_strings(const struct verifier *v)
{
    const char *strings = v->image->strings, *end = strings + v->image->string_bytes;
    const struct azb_header *header = v->image->header;
    if (!require(v, end > strings, "string", &header->sections[AZB_STRINGS].count) ||
        !require(v, strings[0] == '\0', "string", strings) ||
        !require(v, end[-1] == '\0', "string", end - 1))
        return false;
    const char *odd = strings;
    while (odd < end && !is_odd(*odd))
        odd++;
    return require(v, odd == end, "string", odd);
}

static bool is_string(const struct verifier *v, const uint32_t *field)
{
    return require(v, *field < v->image->string_bytes, "string", field);
}

/* A string that is not empty. */
static bool is_word(const struct verifier *v, const uint32_t *field)
{
    return is_string(v, field) && require(v, v->image->strings[*field] != '\0', "empty", field);
}

static bool is_zero(const struct verifier *v, const uint8_t *reserved, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!require(v, reserved[i] == 0, "reserved", &reserved[i]))
            return false;
    return true;
}

/* Whether `count` elements from number `first` on lie inside a table of `total`. */
static bool is_run(const struct verifier *v, const char *reason, const uint32_t *first,
                   uint32_t count, uint32_t total)
{
    return require(v, *first <= total && count <= total - *first, reason, first);
}

static bool is_constant(const struct verifier *v, unsigned kind, const int64_t *value)
{
    if (azb_is_number(kind))
        return true;
    if (kind == AZB_BOOL)
        return require(v, *value == 0 || *value == 1, "constant", value);
    const char *strings = v->image->strings;
    return require(v, *value >= 0 && *value < v->image->string_bytes, "constant", value) &&
           require(v, strnlen(strings + *value, AZA_TEXT_VALUE_MAX) < AZA_TEXT_VALUE_MAX,
                   "constant", value);
}

/* An enum has members, and nothing else has. */
static bool are_members(const struct verifier *v, unsigned kind, const uint32_t *first,
                        const uint32_t *count)
{
    return require(v, (kind == AZB_ENUM) == (*count > 0), "member", count) &&
           is_run(v, "member", first, *count, v->image->word_count);
}

static bool verify_word(struct verifier *v, uint32_t n)
{
    return is_string(v, &v->image->words[n]);
}

/* --- inputs and their sources --- */

static bool verify_source(struct verifier *v, uint32_t n)
{
    const struct azb_source *source = &v->image->sources[n];
    return require(v, source->class <= AZB_FROM_PROBE, "class", &source->class) &&
           is_zero(v, source->reserved, sizeof source->reserved) && is_word(v, &source->name) &&
           require(v, source->unit >= 0, "unit", &source->unit) && is_word(v, &source->label) &&
           is_string(v, &source->warning);
}

/* A probe answers in its own kind, and the input takes the answer as it is. */
static bool are_sources(const struct verifier *v, const struct azb_input *input)
{
    if (!is_run(v, "source", &input->sources, input->source_count, v->image->source_count))
        return false;
    for (uint32_t i = 0; i < input->source_count; i++) {
        const struct azb_source *source = &v->image->sources[input->sources + i];
        if (source->class != AZB_FROM_PROBE)
            continue;
        const enum azf_probe probe = azf_find(aza_span_of(azb_string(v->image, source->name)));
        if (!require(v, probe < AZF_PROBES && azf_kind(probe) == (enum azb_kind)input->kind,
                     "probe", &source->name))
            return false;
    }
    return true;
}

/* Only what lies outside a range can be brought back into it. */
static bool is_outcome(const struct verifier *v, const struct azb_input *input,
                       const struct azb_outcome *outcome)
{
    const bool clampable =
        (outcome == &input->below || outcome == &input->above) && azb_is_number(input->kind);
    const uint8_t *policy = &outcome->policy;
    return require(v, *policy <= AZB_USE, "policy", policy) &&
           require(v, *policy != AZB_CLAMP || clampable, "policy", policy) &&
           require(v, *policy != AZB_USE || input->has_default, "policy", policy) &&
           is_zero(v, outcome->reserved, sizeof outcome->reserved) &&
           is_string(v, &outcome->message);
}

static bool is_fallback(const struct verifier *v, const struct azb_input *input)
{
    const int64_t *fallback = &input->fallback;
    if (!input->has_default)
        return require(v, *fallback == 0, "constant", fallback);
    if (azb_is_number(input->kind))
        return require(v, *fallback >= input->low && *fallback <= input->high, "range", fallback);
    if (input->kind != AZB_ENUM)
        return is_constant(v, input->kind, fallback);
    /* Strings are interned, so a member's name has one offset. */
    bool found = false;
    for (uint32_t i = 0; i < input->member_count; i++)
        found |= v->image->words[input->members + i] == *fallback;
    return require(v, found, "member", fallback);
}

/* A secret has no slot, so it may go without an entry in NAMES. */
static bool is_entry_of(const struct verifier *v, const struct azb_input *input)
{
    return require(v,
                   input->name_entry < v->image->name_count ||
                       (input->class == AZB_SECRET && input->name_entry == AZB_NONE),
                   "name", &input->name_entry);
}

/* A secret is a text without a default, and no machine can measure one. */
static bool is_sound_secret(const struct verifier *v, const struct azb_input *input)
{
    if (input->class != AZB_SECRET)
        return true;
    for (uint32_t i = 0; i < input->source_count; i++) {
        const uint8_t *class = &v->image->sources[input->sources + i].class;
        if (!require(v, *class != AZB_FROM_PROBE, "secret", class))
            return false;
    }
    return require(v, input->kind == AZB_TEXT, "secret", &input->kind) &&
           require(v, !input->has_default, "secret", &input->has_default);
}

static bool verify_input(struct verifier *v, uint32_t n)
{
    const struct azb_input *input = &v->image->inputs[n];
    return is_word(v, &input->name) &&
           require(v, input->class <= AZB_SECRET, "class", &input->class) &&
           require(v, input->kind < AZB_KINDS, "kind", &input->kind) &&
           require(v, input->optional <= 1, "flag", &input->optional) &&
           require(v, input->has_default <= 1, "flag", &input->has_default) &&
           are_sources(v, input) &&
           are_members(v, input->kind, &input->members, &input->member_count) &&
           require(v, input->low <= input->high, "range", &input->low) && is_fallback(v, input) &&
           is_outcome(v, input, &input->below) && is_outcome(v, input, &input->above) &&
           is_outcome(v, input, &input->missing) && is_outcome(v, input, &input->invalid) &&
           is_string(v, &input->doc) && is_entry_of(v, input) && is_sound_secret(v, input);
}

/* --- settings --- */

/* Whether a slot carries a setting: its instruction asks for the operator's word on this one. */
static bool carries(const struct verifier *v, uint32_t slot, uint32_t setting)
{
    const struct azb_instruction *code = v->image->code;
    return slot < v->image->code_count && code[slot].op == AZB_OP_SETTING &&
           code[slot].immediate == setting;
}

static bool is_in_order(const struct verifier *v, uint32_t n)
{
    const struct azb_setting *settings = v->image->settings;
    if (n == 0)
        return true;
    const struct aza_span previous = aza_span_of(azb_string(v->image, settings[n - 1].name));
    const struct aza_span name = aza_span_of(azb_string(v->image, settings[n].name));
    return require(v, azb_compare_names(previous, name) < 0, "order", &settings[n].name);
}

static bool verify_setting(struct verifier *v, uint32_t n)
{
    const struct azb_setting *setting = &v->image->settings[n];
    const unsigned flags = AZB_SETTING_INTERNAL | AZB_SETTING_RESTART;
    return is_word(v, &setting->name) && is_in_order(v, n) &&
           require(v, setting->kind < AZB_KINDS, "kind", &setting->kind) &&
           require(v, (setting->flags & ~flags) == 0, "flag", &setting->flags) &&
           require(v, setting->reserved == 0, "reserved", &setting->reserved) &&
           require(v, setting->unit >= 1, "unit", &setting->unit) &&
           require(v, setting->grain >= 1, "grain", &setting->grain) &&
           require(v, setting->low <= setting->high, "range", &setting->low) &&
           are_members(v, setting->kind, &setting->members, &setting->member_count) &&
           require(v, setting->until == 0 || setting->since <= setting->until, "range",
                   &setting->since) &&
           require(v, setting->slot == AZB_NONE || carries(v, setting->slot, n), "slot",
                   &setting->slot) &&
           is_string(v, &setting->library);
}

/* --- code --- */

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

static bool are_kinds(const struct verifier *v, const struct azb_instruction *i)
{
    const struct operation *operation = &operations[i->op];
    const uint16_t slots[3] = {i->a, i->b, i->c};
    uint8_t kinds[4] = {i->kind, AZB_KINDS, AZB_KINDS, AZB_KINDS};
    for (unsigned n = 0; n < 3; n++)
        if (operation->operands[n] != NONE)
            kinds[n + 1] = v->image->code[slots[n]].kind;
    const char *const *rows = operation->rows;
    return require(v, fits(rows[0], kinds) || (rows[1] && fits(rows[1], kinds)), "kind",
                   &i->kind) &&
           /* An int by an int is a QUOTIENT; here its fraction would be lost without a word. */
           require(v, i->op != AZB_OP_DIV || i->kind != AZB_INT, "kind", &i->kind);
}

static bool may_be_void(const struct verifier *v, uint32_t slot)
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

static bool is_operand(const struct verifier *v, uint32_t n, unsigned which, const uint16_t *slot)
{
    const enum operand how = operations[v->image->code[n].op].operands[which];
    const unsigned op = v->image->code[n].op;
    if (how == NONE)
        return require(v, *slot == 0, "operand", slot);
    return require(v, *slot < n, "operand", slot) &&
           require(v, !azv_traced(&v->secrets, *slot) || takes_secrets(op), "secret", slot) &&
           require(v, how == OPT || !may_be_void(v, *slot) || azv_traced(&v->secrets, *slot),
                   "void", slot);
}

static bool is_input(const struct verifier *v, const struct azb_instruction *i)
{
    if (!require(v, i->immediate >= 0 && i->immediate < v->image->input_count, "input",
                 &i->immediate))
        return false;
    const struct azb_input *input = &v->image->inputs[i->immediate];
    /* GIVEN tells that there is a value, which has no kind. */
    return i->op == AZB_OP_GIVEN || require(v, input->kind == i->kind, "kind", &i->kind);
}

static bool is_setting(const struct verifier *v, const struct azb_instruction *i)
{
    const int64_t *index = &i->immediate;
    return require(v, *index >= 0 && *index < v->image->setting_count, "setting", index) &&
           require(v, v->image->settings[*index].kind == i->kind, "kind", &i->kind);
}

/* A language of quotes.def, or the text as it is, with or without flags. */
static bool is_quote(int64_t quote)
{
    return quote >= 0 && (quote & ~(int64_t)(AZV_QUOTE_INNER | AZV_QUOTE_LINE)) <= AZV_QUOTES;
}

static bool is_immediate(const struct verifier *v, const struct azb_instruction *i)
{
    switch (operations[i->op].immediate) {
    case IMMEDIATE_VALUE:
        return is_constant(v, i->kind, &i->immediate);
    case IMMEDIATE_INPUT:
        return is_input(v, i);
    case IMMEDIATE_SETTING:
        return is_setting(v, i);
    case IMMEDIATE_QUOTE:
        return require(v, is_quote(i->immediate), "quote", &i->immediate);
    default:
        return require(v, i->immediate == 0, "immediate", &i->immediate);
    }
}

/* Whether an instruction that was checked may write no value. */
static bool writes_void(const struct verifier *v, const struct azb_instruction *i)
{
    switch (i->op) {
    case AZB_OP_VOID:
        return true;
    case AZB_OP_INPUT:
        return v->image->inputs[i->immediate].optional ||
               v->image->inputs[i->immediate].class == AZB_SECRET;
    case AZB_OP_SETTING:
        return may_be_void(v, i->a);
    case AZB_OP_SELECT:
        return may_be_void(v, i->b) || may_be_void(v, i->c);
    case AZB_OP_ELSE:
        return may_be_void(v, i->b);
    case AZB_OP_CONCAT:
        return may_be_void(v, i->a) || may_be_void(v, i->b);
    case AZB_OP_TEXT:
    case AZB_OP_QUOTE:
        return may_be_void(v, i->a);
    default:
        return false;
    }
}

static bool verify_instruction(struct verifier *v, uint32_t n)
{
    const struct azb_instruction *i = &v->image->code[n];
    if (!require(v, i->op < AZB_OPCODES, "opcode", &i->op) ||
        !require(v, i->kind < AZB_KINDS, "kind", &i->kind) || !is_operand(v, n, 0, &i->a) ||
        !is_operand(v, n, 1, &i->b) || !is_operand(v, n, 2, &i->c) || !are_kinds(v, i) ||
        !is_immediate(v, i))
        return false;
    if (writes_void(v, i))
        v->voidable[n / 8] |= (uint8_t)(1u << n % 8);
    azv_mark_secret(v->image, n, &v->secrets);
    return true;
}

/* --- what is done with the slots --- */

static bool is_slot(const struct verifier *v, const uint32_t *slot)
{
    return require(v, *slot < v->image->code_count, "slot", slot);
}

static bool is_slot_of(const struct verifier *v, enum azb_kind kind, const uint32_t *slot)
{
    return is_slot(v, slot) && require(v, v->image->code[*slot].kind == kind, "kind", slot);
}

static bool is_certain(const struct verifier *v, const uint32_t *slot)
{
    return require(v, !may_be_void(v, *slot), "void", slot);
}

/* What is shown, or handed on where others can see it, is made from no secret. */
static bool is_open(const struct verifier *v, const uint32_t *slot)
{
    return require(v, !azv_traced(&v->secrets, *slot), "secret", slot);
}

static bool is_entry(const struct verifier *v, const uint32_t *name)
{
    return require(v, *name < v->image->name_count, "name", name);
}

static bool verify_output(struct verifier *v, uint32_t n)
{
    const struct azb_output *output = &v->image->outputs[n];
    return require(v, output->setting < v->image->setting_count, "setting", &output->setting) &&
           require(v, carries(v, output->slot, output->setting), "slot", &output->slot) &&
           is_entry(v, &output->name) &&
           require(v, output->is_static <= 1, "flag", &output->is_static);
}

static bool verify_check(struct verifier *v, uint32_t n)
{
    const struct azb_check *check = &v->image->checks[n];
    return require(v, check->class <= AZB_CHECK_INVARIANT, "class", &check->class) &&
           is_slot_of(v, AZB_BOOL, &check->condition) && is_certain(v, &check->condition) &&
           is_slot_of(v, AZB_TEXT, &check->message) && is_open(v, &check->message) &&
           is_certain(v, &check->message) && is_entry(v, &check->name);
}

static bool verify_export(struct verifier *v, uint32_t n)
{
    const struct azb_export *export = &v->image->exports[n];
    return is_word(v, &export->variable) &&
           require(v, !strchr(azb_string(v->image, export->variable), '='), "export",
                   &export->variable) &&
           is_slot_of(v, AZB_TEXT, &export->slot) && is_open(v, &export->slot);
}

static bool verify_name(struct verifier *v, uint32_t n)
{
    const struct azb_name *name = &v->image->names[n];
    return is_word(v, &name->name) &&
           require(v, name->class <= AZB_NAME_CHECK, "class", &name->class) &&
           is_slot(v, &name->slot) && is_string(v, &name->file) && is_string(v, &name->doc) &&
           is_string(v, &name->formula) &&
           is_run(v, "note", &name->notes, name->note_count, v->image->note_count);
}

static const struct note_class {
    bool condition; /* a is a bool */
    bool grouped;
    bool bound; /* b is a slot and cannot be left out */
} note_classes[] = {
    [AZB_NOTE_USES] = {0},
    [AZB_NOTE_ROW] = {.condition = true, .grouped = true},
    [AZB_NOTE_BRANCH] = {.condition = true},
    [AZB_NOTE_AT_LEAST] = {.bound = true},
    [AZB_NOTE_AT_MOST] = {.bound = true},
    [AZB_NOTE_POINT] = {.condition = true, .grouped = true},
    [AZB_NOTE_SET] = {.condition = true, .grouped = true},
};

static bool verify_note(struct verifier *v, uint32_t n)
{
    const struct azb_note *note = &v->image->notes[n];
    if (!require(v, note->class <= AZB_NOTE_SET, "class", &note->class))
        return false;
    const struct note_class *class = &note_classes[note->class];
    return require(v, class->grouped || note->group == 0, "group", &note->group) &&
           is_string(v, &note->text) &&
           (class->condition ? is_slot_of(v, AZB_BOOL, &note->a) : is_slot(v, &note->a)) &&
           ((note->b == AZB_NONE && !class->bound) ||
            (note->class == AZB_NOTE_USES ? is_entry(v, &note->b) : is_slot(v, &note->b))) &&
           is_string(v, &note->file);
}

/* --- documents --- */

static bool verify_piece(struct verifier *v, uint32_t n)
{
    const uint32_t *slot = &v->image->pieces[n];
    return is_slot_of(v, AZB_TEXT, slot) &&
           require(v, !may_be_void(v, *slot) || azv_traced(&v->secrets, *slot), "void", slot);
}

/* A place that does not depend on where the command starts, fit for one line of a message, with
 * room for what a temporary name adds. */
static bool is_path(const struct verifier *v, const uint32_t *field)
{
    if (!is_word(v, field))
        return false;
    const char *path = azb_string(v->image, *field);
    const size_t length = strnlen(path, AZA_PATH_MAX);
    return require(v,
                   path[0] == '/' && path[length - 1] != '/' && length < AZA_PATH_MAX / 2 &&
                       strpbrk(path, "\t\n") == NULL,
                   "path", field);
}

static bool is_command(const struct verifier *v, const uint32_t *field)
{
    if (!is_word(v, field))
        return false;
    const char *command = azb_string(v->image, *field);
    return require(v, command[0] != '-' && strpbrk(command, "/\t\n") == NULL, "command", field);
}

static bool is_mode(const struct verifier *v, const struct azb_document *document)
{
    bool secret = false;
    for (uint32_t i = 0; i < document->piece_count; i++)
        secret |= azv_traced(&v->secrets, v->image->pieces[document->pieces + i]);
    const uint32_t allowed = secret ? AZB_MODE_SECRET : AZB_MODE_ALL;
    return require(v, (document->mode & ~allowed) == 0, "mode", &document->mode);
}

/* No command has two documents at one place. */
static bool is_only_one(const struct verifier *v, uint32_t n)
{
    const struct azb_document *documents = v->image->documents;
    for (uint32_t i = 0; i < n; i++)
        if (aza_text_is(azb_string(v->image, documents[i].path),
                        azb_string(v->image, documents[n].path)) &&
            aza_text_is(azb_string(v->image, documents[i].command),
                        azb_string(v->image, documents[n].command)))
            return require(v, false, "path", &documents[n].path);
    return true;
}

static bool verify_document(struct verifier *v, uint32_t n)
{
    const struct azb_document *document = &v->image->documents[n];
    return is_path(v, &document->path) && is_command(v, &document->command) &&
           is_run(v, "piece", &document->pieces, document->piece_count, v->image->piece_count) &&
           is_mode(v, document) && is_only_one(v, n);
}

/* --- all of it --- */

static bool each(struct verifier *v, uint32_t count, bool (*verify)(struct verifier *, uint32_t))
{
    for (uint32_t n = 0; n < count; n++)
        if (!verify(v, n))
            return false;
    return true;
}

bool azv_verify(const struct azb_image *image, struct azb_refusal *refusal)
{
    struct verifier v = {.image = image, .refusal = refusal};
    return verify_strings(&v) && is_string(&v, &image->header->rules) &&
           each(&v, image->word_count, verify_word) &&
           each(&v, image->source_count, verify_source) &&
           each(&v, image->input_count, verify_input) &&
           each(&v, image->setting_count, verify_setting) &&
           each(&v, image->code_count, verify_instruction) &&
           each(&v, image->output_count, verify_output) &&
           each(&v, image->check_count, verify_check) &&
           each(&v, image->export_count, verify_export) &&
           each(&v, image->name_count, verify_name) && each(&v, image->note_count, verify_note) &&
           each(&v, image->piece_count, verify_piece) &&
           each(&v, image->document_count, verify_document);
}
