/* How a claim that failed is told: the machine, both sides with their values, and the statements
 * that feed them. */
#include <string.h>

#include "claims/claims.h"
#include "vm/quantity.h"

enum { FEEDING_MAX = 24, DEPTH_MAX = 3, STEPS_MAX = 400, ALIGNED_MAX = 60 };

struct telling {
    struct compilation *build;
    struct prover *prover;
    const struct claim *claim;
    const struct vm_machine *run;
    const struct image *image;
    struct base_sink lines;
};

bool claims_is_wrong(const struct claim *claim)
{
    return claim->subject <= CLAIM_INVARIANT ? claim->proof.verdict != PROVE_PROVED
                                             : claim->proof.verdict == PROVE_PROVED;
}

/* --- machines and boxes in words --- */

static void put_input(struct telling *telling, struct base_sink *sink, uint32_t input,
                      const struct vm_input *value)
{
    BASE_PUT(sink, image_string(telling->image, telling->image->inputs[input].name));
    if (value->state != VM_VALUE) {
        base_put(sink, " unknown");
        return;
    }
    const unsigned kind = telling->image->inputs[input].kind;
    const bool list = kind == IMAGE_LIST, text = kind == IMAGE_TEXT;
    base_put(sink, list ? " = [" : text ? " = \"" : " = ");
    vm_put_value(sink, telling->run, kind, value->value);
    base_put(sink, list ? "]" : text ? "\"" : "");
}

/* How far up the claim stays broken, where that is further than here. */
static void put_extent(struct telling *telling, struct base_sink *sink, uint32_t input,
                       const struct vm_input *value)
{
    const struct claim *claim = telling->claim;
    const unsigned kind = telling->image->inputs[input].kind;
    if (!image_is_number(kind) || value->state != VM_VALUE || prove_is_pair(claim->claim.shape))
        return;
    const int64_t end = prove_extent(telling->prover, &claim->claim, &claim->proof, input);
    if (end == value->value)
        return;
    base_put(sink, " (up to ");
    vm_put_value(sink, telling->run, kind, end);
    base_put(sink, ")");
}

/* What the machine is, as far as it matters and is not what it would be anyway. */
static void put_machine(struct telling *telling, struct base_sink *sink,
                        const struct vm_input *machine)
{
    bool any = false;
    for (uint32_t i = 0; i < telling->image->input_count; i++) {
        const struct image_input *input = &telling->image->inputs[i];
        const bool changed =
            prove_is_pair(telling->claim->claim.shape) && telling->claim->claim.input == i;
        const bool usual =
            machine[i].state == VM_VALUE
                ? input->class == IMAGE_OPTION && input->has_default && !machine[i].given
                : true;
        if (!telling->claim->proof.matters[i] || (usual && !changed))
            continue;
        base_put(sink, any ? ", " : "");
        put_input(telling, sink, i, &machine[i]);
        put_extent(telling, sink, i, &machine[i]);
        any = true;
    }
    if (!any)
        base_put(sink, "every machine");
}

static void put_range(struct telling *telling, struct base_sink *sink, uint32_t input,
                      const struct prove_range *range)
{
    const struct proof *proof = &telling->claim->proof;
    const unsigned kind = telling->image->inputs[input].kind;
    BASE_PUT(sink, image_string(telling->image, telling->image->inputs[input].name));
    if (!range->may_be_known) {
        base_put(sink, " unknown");
        return;
    }
    if (image_is_number(kind) || kind == IMAGE_BOOL) {
        base_put(sink, " in ");
        vm_put_value(sink, telling->run, kind, range->low);
        base_put(sink, " .. ");
        vm_put_value(sink, telling->run, kind, range->high);
    } else {
        bool any = false;
        base_put(sink, kind == IMAGE_LIST ? " within [" : " in [");
        for (uint32_t i = 0; i < proof->name_count; i++)
            if (range->may & UINT64_C(1) << i) {
                BASE_PUT(sink, any ? ", " : "", proof->names[i]);
                any = true;
            }
        if (range->may >> 63)
            base_put(sink, any ? ", ..." : "...");
        base_put(sink, "]");
    }
    if (range->may_be_unknown)
        base_put(sink, " or unknown");
}

static void put_box(struct telling *telling, struct base_sink *sink)
{
    bool any = false;
    for (uint32_t i = 0; i < telling->image->input_count; i++) {
        if (!telling->claim->proof.matters[i] || !telling->claim->proof.narrowed[i])
            continue;
        base_put(sink, any ? "\n       " : "");
        put_range(telling, sink, i, &telling->claim->proof.box[i]);
        any = true;
    }
    if (!any)
        base_put(sink, "the whole domain");
}

/* --- the statements that feed a value --- */

struct feeding {
    struct telling *telling;
    const struct vm_machine *run;
    uint32_t told[FEEDING_MAX];
    uint32_t count;
    size_t width;
};

/* The name that a person would use for a slot: a setting's, else a let's, else an input's. */
static const struct image_name *name_of(const struct image *image, uint32_t slot)
{
    static const int rank[] = {[IMAGE_NAME_INPUT] = 1,
                               [IMAGE_NAME_LET] = 2,
                               [IMAGE_NAME_SETTING] = 3,
                               [IMAGE_NAME_CHECK] = 0};
    const struct image_name *best = NULL;
    for (uint32_t n = 0; n < image->name_count; n++)
        if (image->names[n].slot == slot && rank[image->names[n].class] > 0 &&
            (best == NULL || rank[image->names[n].class] > rank[best->class]))
            best = &image->names[n];
    return best;
}

/* Of a choice, what decided it and the side or sides that it took. */
static bool feeds(const struct vm_machine *run, uint32_t slot, int operand)
{
    const unsigned op = run->image->code[slot].op, took = vm_took(run, slot, NULL);
    const bool decides = op == IMAGE_OP_SELECT && operand == 0;
    return image_reads(op, operand) && (took == 0 || decides || (took >> operand & 1) != 0);
}

static void feed(struct feeding *feeding, uint32_t slot, int depth, int steps);

static void feed_operands(struct feeding *feeding, uint32_t slot, int depth, int steps)
{
    const struct image_instruction *i = &feeding->run->image->code[slot];
    const uint16_t operands[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3; k++)
        if (feeds(feeding->run, slot, k))
            feed(feeding, operands[k], depth, steps - 1);
}

/* Lists the named values below a slot, each once, the nearest first. */
static void feed(struct feeding *feeding, uint32_t slot, int depth, int steps)
{
    const struct image_name *name = name_of(feeding->run->image, slot);
    if (steps == 0)
        return;
    if (name == NULL || feeding->run->image->code[slot].op == IMAGE_OP_CONST) {
        feed_operands(feeding, slot, depth, steps);
        return;
    }
    for (uint32_t i = 0; i < feeding->count; i++)
        if (feeding->told[i] == slot)
            return;
    if (depth == 0 || feeding->count == FEEDING_MAX)
        return;
    feeding->told[feeding->count++] = slot;
    const char *text = image_string(feeding->run->image, name->name);
    const size_t width = base_text_width(text, strlen(text));
    feeding->width = width > feeding->width ? width : feeding->width;
    feed_operands(feeding, slot, depth - 1, steps);
}

static void put_formula(struct base_sink *sink, const char *formula)
{
    enum { WIDTH = 72 };
    const size_t length = strcspn(formula, "\n");
    if (length == 0)
        return;
    base_put(sink, "  = ");
    base_put_bytes(sink, formula, length < WIDTH ? length : WIDTH);
    base_put(sink, length < WIDTH && formula[length] == '\0' ? "" : " ...");
}

static void put_feeding(struct feeding *feeding)
{
    const struct image *image = feeding->run->image;
    struct base_sink *sink = &feeding->telling->lines;
    for (uint32_t i = 0; i < feeding->count; i++) {
        const struct image_name *name = name_of(image, feeding->told[i]);
        const char *text = image_string(image, name->name);
        struct base_sink value = base_arena_sink(&feeding->telling->build->arena);
        explain_put_slot(&value, feeding->run, feeding->told[i]);
        BASE_PUT(sink, "      ", text);
        base_put_padding(sink, base_text_width(text, strlen(text)), feeding->width);
        BASE_PUT(sink, " = ", value.data);
        if (name->class != IMAGE_NAME_INPUT) {
            base_put_padding(sink, value.length, 10);
            put_formula(sink, image_string(image, name->formula));
        }
        base_put_char(sink, '\n');
    }
}

static void tell_feeding(struct telling *telling, uint32_t slot)
{
    struct feeding feeding = {.telling = telling, .run = telling->run};
    feed_operands(&feeding, slot, DEPTH_MAX, STEPS_MAX);
    put_feeding(&feeding);
}

/* --- each kind of claim --- */

static const char *slot_text(struct telling *telling, const struct vm_machine *run, uint32_t slot)
{
    struct base_sink sink = base_arena_sink(&telling->build->arena);
    explain_put_slot(&sink, run, slot);
    return sink.data;
}

static void tell_at(struct telling *telling, const char *word, const struct vm_input *machine)
{
    BASE_PUT(&telling->lines, word, " ");
    put_machine(telling, &telling->lines, machine);
    base_put(&telling->lines, ":\n");
}

static const char *opposite(int op)
{
    static const char *const signs[] = {[SYNTAX_EQ] = "!=", [SYNTAX_NE] = "==", [SYNTAX_LT] = ">=",
                                        [SYNTAX_LE] = ">",  [SYNTAX_GT] = "<=", [SYNTAX_GE] = "<"};
    return signs[op];
}

/* One side of a comparison behind its sign; what is a value as it is written needs no second one.
 */
static void tell_side(struct telling *telling, const char *sign, const struct syntax_expr *side,
                      uint32_t slot, size_t width)
{
    const char *text = syntax_text_of(&telling->build->context, side->place),
               *value = slot_text(telling, telling->run, slot);
    BASE_PUT(&telling->lines, "      ", sign, " ", text);
    if (!base_text_is(text, value)) {
        base_put_padding(&telling->lines, base_text_width(text, strlen(text)), width);
        BASE_PUT(&telling->lines, " = ", value);
    }
    base_put_char(&telling->lines, '\n');
}

static void tell_sides(struct telling *telling)
{
    const struct eval_claim *from = telling->claim->invariant;
    if (from->left == IMAGE_NONE)
        return;
    const uint32_t *roots = telling->build->result.roots.items;
    const struct syntax_expr *value = from->item->value;
    struct syntax_context *context = &telling->build->context;
    const char *left = syntax_text_of(context, value->binary.left->place),
               *right = syntax_text_of(context, value->binary.right->place);
    const size_t of_left = base_text_width(left, strlen(left)),
                 of_right = base_text_width(right, strlen(right));
    const size_t larger = of_left > of_right ? of_left : of_right;
    const size_t width = larger > ALIGNED_MAX ? 0 : larger;
    const char *sign = opposite((int)value->binary.op);
    tell_side(telling, sign[1] == '\0' ? " " : "  ", value->binary.left, roots[from->left], width);
    tell_side(telling, sign, value->binary.right, roots[from->right], width);
}

static void tell_pair(struct telling *telling)
{
    const struct claim *claim = telling->claim;
    const struct vm_machine *before = prove_run_of(telling->prover, false),
                            *now = prove_run_of(telling->prover, true);
    const char *text =
        syntax_text_of(&telling->build->context, claim->invariant->item->value->place);
    tell_at(telling, "at", claim->proof.machine);
    BASE_PUT(&telling->lines, "      ", text, " = ", slot_text(telling, before, claim->claim.a),
             "\n");
    tell_feeding(telling, claim->claim.a);
    telling->run = now;
    base_put(&telling->lines, "and at ");
    put_input(telling, &telling->lines, claim->claim.input,
              &claim->proof.other[claim->claim.input]);
    BASE_PUT(&telling->lines, ":\n      ", text, " = ", slot_text(telling, now, claim->claim.a),
             "\n");
    tell_feeding(telling, claim->claim.a);
}

/* What feeds the two sides; of a condition that is no comparison, what feeds it as a whole. */
static void tell_claim(struct telling *telling)
{
    const struct claim *claim = telling->claim;
    const uint32_t *roots = telling->build->result.roots.items;
    struct feeding feeding = {.telling = telling, .run = telling->run};
    if (claim->invariant->left == IMAGE_NONE) {
        tell_feeding(telling, claim->claim.a);
        return;
    }
    feed(&feeding, roots[claim->invariant->left], DEPTH_MAX, STEPS_MAX);
    feed(&feeding, roots[claim->invariant->right], DEPTH_MAX, STEPS_MAX);
    put_feeding(&feeding);
}

static const char *finish(struct telling *telling)
{
    struct base_sink *lines = &telling->lines;
    while (lines->length > 0 && lines->data[lines->length - 1] == '\n')
        lines->data[--lines->length] = '\0';
    return lines->data;
}

static void report_invariant(struct telling *telling)
{
    const struct claim *claim = telling->claim;
    struct diagnostic *broken = diag_report(&telling->build->queue, DIAG_NOT_TRUE, claim->place,
                                            "invariant `%s` does not hold", claim->name);
    if (prove_is_pair(claim->claim.shape)) {
        tell_pair(telling);
    } else {
        tell_at(telling, "at", claim->proof.machine);
        tell_sides(telling);
        tell_claim(telling);
    }
    broken->detail = finish(telling);
}

/* Where the trap arose: several claims that meet the same one are one mistake, and say it once. */
static struct base_place place_of_trap(const struct telling *telling, const struct vm_slot *slot)
{
    const struct image_instruction *origin = &telling->image->code[slot->origin];
    if (origin->op != IMAGE_OP_SETTING)
        return telling->claim->place;
    const struct sema_setting *own = sema_find_setting(
        telling->build->program->live,
        image_string(telling->image, telling->image->settings[origin->immediate].name));
    return own == NULL ? telling->claim->place
                       : own->sets.items[own->sets.count - 1].item->name.place;
}

/* "would be 40kB, but the server allows ..." */
static struct diagnostic *report_range(struct telling *telling, const struct vm_slot *slot,
                                       const struct image_instruction *origin)
{
    const struct image_setting *setting = &telling->image->settings[origin->immediate];
    struct diag_queue *queue = &telling->build->queue;
    struct base_sink text = base_arena_sink(&telling->build->arena);
    base_put(&text, "would be ");
    vm_put_setting(&text, telling->run, setting, telling->run->slots[origin->a].value);
    base_put(&text, ", but the server allows ");
    vm_put_bounds(&text, telling->run, setting);
    struct diagnostic *broken =
        diag_report(queue, DIAG_BREAKS_SETTING, place_of_trap(telling, slot), "`%s` %s",
                    image_string(telling->image, setting->name), text.data);
    diag_help(queue, broken, "limit it with `within A .. B`, `at least` or `at most`");
    return broken;
}

static struct diagnostic *report_trap(struct telling *telling, const struct vm_slot *slot,
                                      const struct image_instruction *origin)
{
    struct diag_queue *queue = &telling->build->queue;
    const struct base_place place = place_of_trap(telling, slot);
    const char *why = vm_trap_sentence(slot->trap);
    if (origin->op != IMAGE_OP_SETTING)
        return diag_report(queue, DIAG_NO_ANSWER, place, "%s cannot be computed: %s",
                           telling->claim->name, why);
    const struct image_setting *setting = &telling->image->settings[origin->immediate];
    struct diagnostic *broken =
        diag_report(queue, DIAG_BREAKS_SETTING, place, "the server would reject `%s`: %s",
                    image_string(telling->image, setting->name), why);
    if (slot->trap == VM_TRAP_STEP) {
        struct base_sink step = base_arena_sink(&telling->build->arena);
        vm_put_value(&step, telling->run, setting->kind, setting->grain);
        diag_help(queue, broken, "round it: `rounded down to %s`", step.data);
    }
    return broken;
}

static void report_setting(struct telling *telling)
{
    const struct vm_slot *slot = &telling->run->slots[telling->claim->claim.a];
    const struct image_instruction *origin = &telling->image->code[slot->origin];
    const bool range = slot->trap == VM_TRAP_RANGE && origin->op == IMAGE_OP_SETTING;
    struct diagnostic *broken =
        range ? report_range(telling, slot, origin) : report_trap(telling, slot, origin);
    tell_at(telling, "at", telling->claim->proof.machine);
    tell_feeding(telling, slot->origin);
    broken->detail = finish(telling);
}

static void report_undecided(struct telling *telling)
{
    const struct claim *claim = telling->claim;
    struct diagnostic *open = diag_report(&telling->build->queue, DIAG_UNDECIDED, claim->place,
                                          "could not be proved or disproved: %s", claim->words);
    base_put(&telling->lines, "within ");
    if (claim->proof.box != NULL)
        put_box(telling, &telling->lines);
    open->detail = finish(telling);
    diag_note(&telling->build->queue, open, "%u boxes were examined", claim->proof.boxes);
    diag_help(&telling->build->queue, open,
              "simplify the claim, narrow a domain, or raise the limit with --budget");
}

static void report_idle(struct telling *telling)
{
    const struct claim *claim = telling->claim;
    struct diag_queue *queue = &telling->build->queue;
    if (claim->subject == CLAIM_BINDING)
        diag_help(queue,
                  diag_report(queue, DIAG_NEVER_BINDS, claim->place,
                              "`%s` has no effect on any machine", claim->name),
                  "remove it, or widen the domain of the value it limits");
    else if (claim->subject == CLAIM_GUARD)
        diag_help(queue,
                  diag_report(queue, DIAG_VACUOUS, claim->place,
                              "invariant `%s` is vacuous: no machine satisfies its condition",
                              claim->name),
                  "correct the condition, or remove the invariant");
    else
        diag_help(queue,
                  diag_report(queue, DIAG_NEVER_HOLDS, claim->place, "no machine satisfies `%s`",
                              claim->name),
                  "remove it, or widen the domain of the value it tests");
}

void claims_report(struct compilation *build, struct prover *prover, const struct claim *claim)
{
    struct telling telling = {.build = build,
                              .prover = prover,
                              .claim = claim,
                              .run = prove_run_of(prover, false),
                              .image = prove_run_of(prover, false)->image,
                              .lines = base_arena_sink(&build->arena)};
    if (!claims_is_wrong(claim))
        return;
    if (claim->subject > CLAIM_INVARIANT) {
        report_idle(&telling);
    } else if (claim->proof.verdict == PROVE_UNDECIDED) {
        report_undecided(&telling);
    } else {
        prove_breaks(prover, &claim->claim, &claim->proof);
        if (claim->subject == CLAIM_INVARIANT)
            report_invariant(&telling);
        else
            report_setting(&telling);
    }
}

/* --- alone --- */

void claims_put_counterexample(struct compilation *build, struct prover *prover,
                               struct base_sink *sink, const struct claim *claim)
{
    struct telling telling = {.build = build,
                              .prover = prover,
                              .claim = claim,
                              .run = prove_run_of(prover, false),
                              .image = prove_run_of(prover, false)->image};
    prove_breaks(prover, &claim->claim, &claim->proof);
    put_machine(&telling, sink, claim->proof.machine);
}

/* --- as a test --- */

/* Nothing but what is given is known in a test, so what must be said is, though it does not matter.
 */
static bool is_given(const struct telling *telling, uint32_t input, const struct vm_input *value)
{
    const struct image_input *from = &telling->image->inputs[input];
    if (value->state != VM_VALUE || from->class == IMAGE_SECRET)
        return false;
    if (!telling->claim->proof.matters[input])
        return !from->optional && !from->has_default;
    return from->class != IMAGE_OPTION || value->given;
}

static void put_givens(struct telling *telling, struct base_sink *sink,
                       const struct vm_input *machine)
{
    bool any = false;
    for (uint32_t i = 0; i < telling->image->input_count; i++) {
        if (!is_given(telling, i, &machine[i]))
            continue;
        base_put(sink, any ? ", " : "    given ");
        put_input(telling, sink, i, &machine[i]);
        any = true;
    }
    base_put(sink, any ? "\n" : "");
}

static void put_expectation(struct telling *telling, struct base_sink *sink)
{
    const struct claim *claim = telling->claim;
    const struct syntax_item *item = claim->invariant == NULL ? NULL : claim->invariant->item;
    struct syntax_context *context = &telling->build->context;
    base_put(sink, "    expect ");
    if (item == NULL) {
        BASE_PUT(sink, telling->build->program->live->symbol->name, ".", claim->name,
                 " == ", telling->build->program->live->symbol->name, ".", claim->name);
    } else if (!prove_is_pair(claim->claim.shape)) {
        base_put(sink, syntax_text_of(context, item->value->place));
    } else {
        static const char *const signs[] = {[PROVE_RISES] = " >= ",
                                            [PROVE_FALLS] = " <= ",
                                            [PROVE_JUMPS] = " == ",
                                            [PROVE_LEAST] = " >= ",
                                            [PROVE_MOST] = " <= "};
        BASE_PUT(sink, syntax_text_of(context, item->value->place), signs[claim->claim.shape],
                 slot_text(telling, prove_run_of(telling->prover, false), claim->claim.a));
    }
    base_put_char(sink, '\n');
}

void claims_put_test(struct compilation *build, struct prover *prover, struct base_sink *sink,
                     const struct claim *claim)
{
    const bool pair = prove_is_pair(claim->claim.shape);
    struct telling telling = {.build = build,
                              .prover = prover,
                              .claim = claim,
                              .run = prove_run_of(prover, pair),
                              .image = prove_run_of(prover, false)->image};
    if (!prove_breaks(prover, &claim->claim, &claim->proof))
        return;
    BASE_PUT(sink, "\ntest \"counterexample to ", claim->name, "\" {\n");
    put_givens(&telling, sink, pair ? claim->proof.other : claim->proof.machine);
    put_expectation(&telling, sink);
    base_put(sink, "}\n");
}
