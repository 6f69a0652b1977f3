/* How a claim that failed is told: the machine, both sides with their values, and the statements
 * that feed them. */
#include <string.h>

#include "cmd/claims.h"
#include "vm/quantity.h"

enum { FEEDING_MAX = 24, DEPTH_MAX = 3, STEPS_MAX = 400, ALIGNED_MAX = 60 };

struct telling {
    struct azc_build *build;
    struct azq_prover *prover;
    const struct azc_claim *claim;
    const struct azv_machine *run;
    const struct azb_image *image;
    struct aza_sink lines;
};

bool azc_is_wrong(const struct azc_claim *claim)
{
    return claim->subject <= AZC_INVARIANT ? claim->proof.verdict != AZQ_PROVED
                                           : claim->proof.verdict == AZQ_PROVED;
}

/* ---- machines and boxes in words ---- */

static void put_input(struct telling *telling, struct aza_sink *sink, uint32_t input,
                      const struct azv_input *value)
{
    AZA_PUT(sink, azb_string(telling->image, telling->image->inputs[input].name));
    if (value->state != AZV_VALUE) {
        aza_put(sink, " unknown");
        return;
    }
    const unsigned kind = telling->image->inputs[input].kind;
    const bool list = kind == AZB_LIST, text = kind == AZB_TEXT;
    aza_put(sink, list ? " = [" : text ? " = \"" : " = ");
    azv_put_value(sink, telling->run, kind, value->value);
    aza_put(sink, list ? "]" : text ? "\"" : "");
}

/* How far up the claim stays broken, where that is further than here. */
static void put_extent(struct telling *telling, struct aza_sink *sink, uint32_t input,
                       const struct azv_input *value)
{
    const struct azc_claim *claim = telling->claim;
    const unsigned kind = telling->image->inputs[input].kind;
    if (!azb_is_number(kind) || value->state != AZV_VALUE || claim->claim.shape >= AZQ_RISES)
        return;
    const int64_t end = azq_extent(telling->prover, &claim->claim, &claim->proof, input);
    if (end == value->value)
        return;
    aza_put(sink, " (up to ");
    azv_put_value(sink, telling->run, kind, end);
    aza_put(sink, ")");
}

/* What the machine is, as far as it matters and is not what it would be anyway. */
static void put_machine(struct telling *telling, struct aza_sink *sink,
                        const struct azv_input *machine)
{
    bool any = false;
    for (uint32_t i = 0; i < telling->image->input_count; i++) {
        const struct azb_input *input = &telling->image->inputs[i];
        const bool changed =
            telling->claim->claim.shape >= AZQ_RISES && telling->claim->claim.input == i;
        const bool usual =
            machine[i].state == AZV_VALUE
                ? input->class == AZB_OPTION && input->has_default && !machine[i].given
                : true;
        if (!telling->claim->proof.matters[i] || (usual && !changed))
            continue;
        aza_put(sink, any ? ", " : "");
        put_input(telling, sink, i, &machine[i]);
        put_extent(telling, sink, i, &machine[i]);
        any = true;
    }
    if (!any)
        aza_put(sink, "every machine");
}

static void put_range(struct telling *telling, struct aza_sink *sink, uint32_t input,
                      const struct azq_range *range)
{
    const struct azq_proof *proof = &telling->claim->proof;
    const unsigned kind = telling->image->inputs[input].kind;
    AZA_PUT(sink, azb_string(telling->image, telling->image->inputs[input].name));
    if (!range->may_be_known) {
        aza_put(sink, " unknown");
        return;
    }
    if (azb_is_number(kind) || kind == AZB_BOOL) {
        aza_put(sink, " in ");
        azv_put_value(sink, telling->run, kind, range->low);
        aza_put(sink, " .. ");
        azv_put_value(sink, telling->run, kind, range->high);
    } else {
        bool any = false;
        aza_put(sink, kind == AZB_LIST ? " within [" : " in [");
        for (uint32_t i = 0; i < proof->name_count; i++)
            if (range->may & UINT64_C(1) << i) {
                AZA_PUT(sink, any ? ", " : "", proof->names[i]);
                any = true;
            }
        if (range->may >> 63)
            aza_put(sink, any ? ", ..." : "...");
        aza_put(sink, "]");
    }
    if (range->may_be_unknown)
        aza_put(sink, " or unknown");
}

static void put_box(struct telling *telling, struct aza_sink *sink)
{
    bool any = false;
    for (uint32_t i = 0; i < telling->image->input_count; i++) {
        if (!telling->claim->proof.matters[i] || !telling->claim->proof.narrowed[i])
            continue;
        aza_put(sink, any ? "\n       " : "");
        put_range(telling, sink, i, &telling->claim->proof.box[i]);
        any = true;
    }
    if (!any)
        aza_put(sink, "the whole domain");
}

/* ---- the statements that feed a value ---- */

struct feeding {
    struct telling *telling;
    const struct azv_machine *run;
    uint32_t told[FEEDING_MAX];
    uint32_t count;
    size_t width;
};

/* The name that a person would use for a slot: a setting's, else a let's, else an input's. */
static const struct azb_name *name_of(const struct azb_image *image, uint32_t slot)
{
    static const int rank[] = {
        [AZB_NAME_INPUT] = 1, [AZB_NAME_LET] = 2, [AZB_NAME_SETTING] = 3, [AZB_NAME_CHECK] = 0};
    const struct azb_name *best = NULL;
    for (uint32_t n = 0; n < image->name_count; n++)
        if (image->names[n].slot == slot && rank[image->names[n].class] > 0 &&
            (best == NULL || rank[image->names[n].class] > rank[best->class]))
            best = &image->names[n];
    return best;
}

/* Of a choice, the operands that decided and the one that was taken. */
static bool is_taken(const struct azv_machine *run, uint32_t slot, int operand)
{
    const struct azb_instruction *i = &run->image->code[slot];
    const struct azv_slot *a = &run->slots[i->a], *b = &run->slots[i->b];
    if (!azi_reads(i->op, operand))
        return false;
    switch (i->op) {
    case AZB_OP_SELECT:
        return operand == 0 || operand == (a->value != 0 ? 1 : 2);
    case AZB_OP_ELSE:
        return operand == (a->state == AZV_VOID);
    case AZB_OP_MIN:
        return operand == (b->state == AZV_VALUE && a->state == AZV_VALUE && b->value < a->value);
    case AZB_OP_MAX:
        return operand == (b->state == AZV_VALUE && a->state == AZV_VALUE && b->value > a->value);
    default:
        return true;
    }
}

static void feed(struct feeding *feeding, uint32_t slot, int depth, int steps);

static void feed_operands(struct feeding *feeding, uint32_t slot, int depth, int steps)
{
    const struct azb_instruction *i = &feeding->run->image->code[slot];
    const uint16_t operands[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3; k++)
        if (is_taken(feeding->run, slot, k))
            feed(feeding, operands[k], depth, steps - 1);
}

/* Lists the named values below a slot, each once, the nearest first. */
static void feed(struct feeding *feeding, uint32_t slot, int depth, int steps)
{
    const struct azb_name *name = name_of(feeding->run->image, slot);
    if (steps == 0)
        return;
    if (name == NULL || feeding->run->image->code[slot].op == AZB_OP_CONST) {
        feed_operands(feeding, slot, depth, steps);
        return;
    }
    for (uint32_t i = 0; i < feeding->count; i++)
        if (feeding->told[i] == slot)
            return;
    if (depth == 0 || feeding->count == FEEDING_MAX)
        return;
    feeding->told[feeding->count++] = slot;
    const char *text = azb_string(feeding->run->image, name->name);
    const size_t width = aza_text_width(text, strlen(text));
    feeding->width = width > feeding->width ? width : feeding->width;
    feed_operands(feeding, slot, depth - 1, steps);
}

static void put_formula(struct aza_sink *sink, const char *formula)
{
    enum { WIDTH = 72 };
    const size_t length = strcspn(formula, "\n");
    if (length == 0)
        return;
    aza_put(sink, "  = ");
    aza_put_bytes(sink, formula, length < WIDTH ? length : WIDTH);
    aza_put(sink, length < WIDTH && formula[length] == '\0' ? "" : " ...");
}

static void put_feeding(struct feeding *feeding)
{
    const struct azb_image *image = feeding->run->image;
    struct aza_sink *sink = &feeding->telling->lines;
    for (uint32_t i = 0; i < feeding->count; i++) {
        const struct azb_name *name = name_of(image, feeding->told[i]);
        const char *text = azb_string(image, name->name);
        struct aza_sink value = aza_arena_sink(&feeding->telling->build->arena);
        azx_put_slot(&value, feeding->run, feeding->told[i]);
        AZA_PUT(sink, "      ", text);
        aza_put_padding(sink, aza_text_width(text, strlen(text)), feeding->width);
        AZA_PUT(sink, " = ", value.data == NULL ? "" : value.data);
        if (name->class != AZB_NAME_INPUT) {
            aza_put_padding(sink, value.length, 10);
            put_formula(sink, azb_string(image, name->formula));
        }
        aza_put_char(sink, '\n');
    }
}

static void tell_feeding(struct telling *telling, uint32_t slot)
{
    struct feeding feeding = {.telling = telling, .run = telling->run};
    feed_operands(&feeding, slot, DEPTH_MAX, STEPS_MAX);
    put_feeding(&feeding);
}

/* ---- each kind of claim ---- */

static const char *slot_text(struct telling *telling, const struct azv_machine *run, uint32_t slot)
{
    struct aza_sink sink = aza_arena_sink(&telling->build->arena);
    azx_put_slot(&sink, run, slot);
    return sink.data == NULL ? "" : sink.data;
}

static void tell_at(struct telling *telling, const char *word, const struct azv_input *machine)
{
    AZA_PUT(&telling->lines, word, " ");
    put_machine(telling, &telling->lines, machine);
    aza_put(&telling->lines, ":\n");
}

static const char *opposite(int op)
{
    static const char *const signs[] = {[AZP_EQ] = "!=", [AZP_NE] = "==", [AZP_LT] = ">=",
                                        [AZP_LE] = ">",  [AZP_GT] = "<=", [AZP_GE] = "<"};
    return signs[op];
}

/* One side of a comparison behind its sign; what is a value as it is written needs no second one.
 */
static void tell_side(struct telling *telling, const char *sign, const struct azp_expr *side,
                      uint32_t slot, size_t width)
{
    const char *text = azp_text_of(&telling->build->context, side->place),
               *value = slot_text(telling, telling->run, slot);
    AZA_PUT(&telling->lines, "      ", sign, " ", text);
    if (!aza_text_is(text, value)) {
        aza_put_padding(&telling->lines, aza_text_width(text, strlen(text)), width);
        AZA_PUT(&telling->lines, " = ", value);
    }
    aza_put_char(&telling->lines, '\n');
}

static void tell_sides(struct telling *telling)
{
    const struct aze_claim *from = telling->claim->invariant;
    if (from->left == AZB_NONE)
        return;
    const uint32_t *roots = telling->build->result.roots.items;
    const struct azp_expr *value = from->item->value;
    struct azp_context *context = &telling->build->context;
    const char *left = azp_text_of(context, value->binary.left->place),
               *right = azp_text_of(context, value->binary.right->place);
    const size_t of_left = aza_text_width(left, strlen(left)),
                 of_right = aza_text_width(right, strlen(right));
    const size_t larger = of_left > of_right ? of_left : of_right;
    const size_t width = larger > ALIGNED_MAX ? 0 : larger;
    const char *sign = opposite((int)value->binary.op);
    tell_side(telling, sign[1] == '\0' ? " " : "  ", value->binary.left, roots[from->left], width);
    tell_side(telling, sign, value->binary.right, roots[from->right], width);
}

static void tell_pair(struct telling *telling)
{
    const struct azc_claim *claim = telling->claim;
    const struct azv_machine *before = azq_run_of(telling->prover, false),
                             *now = azq_run_of(telling->prover, true);
    const char *text = azp_text_of(&telling->build->context, claim->invariant->item->value->place);
    tell_at(telling, "at", claim->proof.machine);
    AZA_PUT(&telling->lines, "      ", text, " = ", slot_text(telling, before, claim->claim.a),
            "\n");
    tell_feeding(telling, claim->claim.a);
    telling->run = now;
    aza_put(&telling->lines, "and at ");
    put_input(telling, &telling->lines, claim->claim.input,
              &claim->proof.other[claim->claim.input]);
    AZA_PUT(&telling->lines, ":\n      ", text, " = ", slot_text(telling, now, claim->claim.a),
            "\n");
    tell_feeding(telling, claim->claim.a);
}

/* What feeds the two sides; of a condition that is no comparison, what feeds it as a whole. */
static void tell_claim(struct telling *telling)
{
    const struct azc_claim *claim = telling->claim;
    const uint32_t *roots = telling->build->result.roots.items;
    struct feeding feeding = {.telling = telling, .run = telling->run};
    if (claim->invariant->left == AZB_NONE) {
        tell_feeding(telling, claim->claim.a);
        return;
    }
    feed(&feeding, roots[claim->invariant->left], DEPTH_MAX, STEPS_MAX);
    feed(&feeding, roots[claim->invariant->right], DEPTH_MAX, STEPS_MAX);
    put_feeding(&feeding);
}

static const char *finish(struct telling *telling)
{
    struct aza_sink *lines = &telling->lines;
    while (lines->length > 0 && lines->data[lines->length - 1] == '\n')
        lines->data[--lines->length] = '\0';
    return lines->data;
}

static void report_invariant(struct telling *telling)
{
    const struct azc_claim *claim = telling->claim;
    struct azd_diagnostic *broken = azd_report(&telling->build->queue, AZD_NOT_TRUE, claim->place,
                                               "invariant `%s` does not hold", claim->name);
    if (claim->claim.shape >= AZQ_RISES) {
        tell_pair(telling);
    } else {
        tell_at(telling, "at", claim->proof.machine);
        tell_sides(telling);
        tell_claim(telling);
    }
    broken->detail = finish(telling);
}

/* Where the trap arose: several claims that meet the same one are one mistake, and say it once. */
static struct aza_place place_of_trap(const struct telling *telling, const struct azv_slot *slot)
{
    const struct azb_instruction *origin = &telling->image->code[slot->origin];
    if (origin->op != AZB_OP_SETTING)
        return telling->claim->place;
    const struct azs_setting *own = azs_find_setting(
        telling->build->program->live,
        azb_string(telling->image, telling->image->settings[origin->immediate].name));
    return own == NULL ? telling->claim->place
                       : own->sets.items[own->sets.count - 1].item->name.place;
}

/* "would be 40kB, and the server allows ..." */
static struct azd_diagnostic *report_range(struct telling *telling, const struct azv_slot *slot,
                                           const struct azb_instruction *origin)
{
    const struct azb_setting *setting = &telling->image->settings[origin->immediate];
    struct azd_queue *queue = &telling->build->queue;
    struct aza_sink text = aza_arena_sink(&telling->build->arena);
    aza_put(&text, "would be ");
    azv_put_setting(&text, telling->run, setting, telling->run->slots[origin->a].value);
    aza_put(&text, ", and the server allows ");
    azv_put_bounds(&text, telling->run, setting);
    struct azd_diagnostic *broken =
        azd_report(queue, AZD_BREAKS_SETTING, place_of_trap(telling, slot), "`%s` %s",
                   azb_string(telling->image, setting->name), text.data);
    azd_help(queue, broken, "bound it: `within A .. B`, `at least`, `at most`");
    return broken;
}

static struct azd_diagnostic *report_trap(struct telling *telling, const struct azv_slot *slot,
                                          const struct azb_instruction *origin)
{
    const bool of_setting = origin->op == AZB_OP_SETTING;
    struct azd_queue *queue = &telling->build->queue;
    struct azd_diagnostic *broken = azd_report(
        queue, of_setting ? AZD_BREAKS_SETTING : AZD_NO_ANSWER, place_of_trap(telling, slot),
        "%s has no answer: %s", telling->claim->name, azv_trap_sentence(slot->trap));
    if (of_setting && slot->trap == AZV_TRAP_STEP) {
        const struct azb_setting *setting = &telling->image->settings[origin->immediate];
        struct aza_sink step = aza_arena_sink(&telling->build->arena);
        azv_put_value(&step, telling->run, setting->kind, setting->grain);
        azd_help(queue, broken, "round it: `rounded down to %s`", step.data);
    }
    return broken;
}

static void report_setting(struct telling *telling)
{
    const struct azv_slot *slot = &telling->run->slots[telling->claim->claim.a];
    const struct azb_instruction *origin = &telling->image->code[slot->origin];
    const bool range = slot->trap == AZV_TRAP_RANGE && origin->op == AZB_OP_SETTING;
    struct azd_diagnostic *broken =
        range ? report_range(telling, slot, origin) : report_trap(telling, slot, origin);
    tell_at(telling, "at", telling->claim->proof.machine);
    tell_feeding(telling, slot->origin);
    broken->detail = finish(telling);
}

static void report_undecided(struct telling *telling)
{
    const struct azc_claim *claim = telling->claim;
    struct azd_diagnostic *open = azd_report(&telling->build->queue, AZD_UNDECIDED, claim->place,
                                             "neither shown nor refuted: %s", claim->words);
    aza_put(&telling->lines, "within ");
    if (claim->proof.box != NULL)
        put_box(telling, &telling->lines);
    open->detail = finish(telling);
    azd_note(&telling->build->queue, open, "%u boxes were looked at", claim->proof.boxes);
    azd_help(&telling->build->queue, open,
             "say it more simply, narrow a domain, or allow more with --budget");
}

static void report_idle(struct telling *telling)
{
    const struct azc_claim *claim = telling->claim;
    struct azd_queue *queue = &telling->build->queue;
    if (claim->subject == AZC_BINDING)
        azd_help(queue,
                 azd_report(queue, AZD_NEVER_BINDS, claim->place,
                            "`%s` changes nothing on any machine", claim->name),
                 "leave it out, or widen the domain of what it bounds");
    else if (claim->subject == AZC_GUARD)
        azd_report(queue, AZD_VACUOUS, claim->place,
                   "invariant `%s` says nothing: no machine meets its condition", claim->name);
    else
        azd_report(queue, AZD_NEVER_HOLDS, claim->place, "no machine meets `%s`", claim->name);
}

void azc_report_claim(struct azc_build *build, struct azq_prover *prover,
                      const struct azc_claim *claim)
{
    struct telling telling = {.build = build,
                              .prover = prover,
                              .claim = claim,
                              .run = azq_run_of(prover, false),
                              .image = azq_run_of(prover, false)->image,
                              .lines = aza_arena_sink(&build->arena)};
    if (!azc_is_wrong(claim))
        return;
    if (claim->subject > AZC_INVARIANT) {
        report_idle(&telling);
    } else if (claim->proof.verdict == AZQ_UNDECIDED) {
        report_undecided(&telling);
    } else {
        azq_breaks(prover, &claim->claim, &claim->proof);
        if (claim->subject == AZC_INVARIANT)
            report_invariant(&telling);
        else
            report_setting(&telling);
    }
}

/* ---- alone ---- */

void azc_put_counterexample(struct azc_build *build, struct azq_prover *prover,
                            struct aza_sink *sink, const struct azc_claim *claim)
{
    struct telling telling = {.build = build,
                              .prover = prover,
                              .claim = claim,
                              .run = azq_run_of(prover, false),
                              .image = azq_run_of(prover, false)->image};
    azq_breaks(prover, &claim->claim, &claim->proof);
    put_machine(&telling, sink, claim->proof.machine);
}

/* ---- as a test ---- */

/* Nothing but what is given is known in a test, so what must be said is, though it does not matter.
 */
static bool is_given(const struct telling *telling, uint32_t input, const struct azv_input *value)
{
    const struct azb_input *from = &telling->image->inputs[input];
    if (value->state != AZV_VALUE || from->class == AZB_SECRET)
        return false;
    if (!telling->claim->proof.matters[input])
        return !from->optional && !from->has_default;
    return from->class != AZB_OPTION || value->given;
}

static void put_givens(struct telling *telling, struct aza_sink *sink,
                       const struct azv_input *machine)
{
    bool any = false;
    for (uint32_t i = 0; i < telling->image->input_count; i++) {
        if (!is_given(telling, i, &machine[i]))
            continue;
        aza_put(sink, any ? ", " : "    given ");
        put_input(telling, sink, i, &machine[i]);
        any = true;
    }
    aza_put(sink, any ? "\n" : "");
}

static void put_expectation(struct telling *telling, struct aza_sink *sink)
{
    const struct azc_claim *claim = telling->claim;
    const struct azp_item *item = claim->invariant == NULL ? NULL : claim->invariant->item;
    struct azp_context *context = &telling->build->context;
    aza_put(sink, "    expect ");
    if (item == NULL) {
        AZA_PUT(sink, telling->build->program->live->symbol->name, ".", claim->name,
                " == ", telling->build->program->live->symbol->name, ".", claim->name);
    } else if (claim->claim.shape < AZQ_RISES) {
        aza_put(sink, azp_text_of(context, item->value->place));
    } else {
        static const char *const signs[] = {[AZQ_RISES] = " >= ",
                                            [AZQ_FALLS] = " <= ",
                                            [AZQ_JUMPS] = " == ",
                                            [AZQ_LEAST] = " >= ",
                                            [AZQ_MOST] = " <= "};
        AZA_PUT(sink, azp_text_of(context, item->value->place), signs[claim->claim.shape],
                slot_text(telling, azq_run_of(telling->prover, false), claim->claim.a));
    }
    aza_put_char(sink, '\n');
}

void azc_put_test(struct azc_build *build, struct azq_prover *prover, struct aza_sink *sink,
                  const struct azc_claim *claim)
{
    const bool pair = claim->claim.shape >= AZQ_RISES;
    struct telling telling = {.build = build,
                              .prover = prover,
                              .claim = claim,
                              .run = azq_run_of(prover, pair),
                              .image = azq_run_of(prover, false)->image};
    if (!azq_breaks(prover, &claim->claim, &claim->proof))
        return;
    AZA_PUT(sink, "\ntest \"", claim->name, ", a counterexample\" {\n");
    put_givens(&telling, sink, pair ? claim->proof.other : claim->proof.machine);
    put_expectation(&telling, sink);
    aza_put(sink, "}\n");
}
