/* Reports of refuted and undecided claims: the machine, both sides with their values, and the
 * statements that they are computed from.
 *
 * prove_breaks runs the machine again before each report, so that the prover's runs contain the
 * slots of this claim. From the slots of interest, list_statement walks down to named values, at
 * most DEPTH_MAX names deep and STEPS_MAX instructions far, following only the operands that the
 * run used: of a choice, the condition and the branch taken. The names are printed once each with
 * value and formula, in the order in which they are found.
 *
 * The same counterexample can be written as a `test` block (claims_put_test). */
#include <string.h>

#include "claims/claims.h"
#include "vm/quantity.h"

enum { STATEMENTS_MAX = 24, DEPTH_MAX = 3, STEPS_MAX = 400, ALIGNED_MAX = 60 };

struct report {
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

/* Names as the rules write a list of texts. */
static void put_list(struct base_sink *sink, const char *list)
{
    struct base_span rest = base_span_of(list), name;
    const char *before = "[";
    for (; base_list_next(&rest, &name); before = ", ") {
        BASE_PUT(sink, before, "\"");
        base_put_json_inside(sink, name);
        base_put_char(sink, '"');
    }
    base_put(sink, *list == '\0' ? "[]" : "]");
}

/* "memory = 512MB", as a `given` of a test writes it, or "disk unknown". */
static void put_input(struct report *report, struct base_sink *sink, uint32_t input,
                      const struct vm_input *value)
{
    const unsigned kind = report->image->inputs[input].kind;
    BASE_PUT(sink, image_string(report->image, report->image->inputs[input].name));
    if (value->state != VM_VALUE) {
        base_put(sink, " unknown");
        return;
    }
    base_put(sink, " = ");
    if (kind == IMAGE_LIST)
        put_list(sink, vm_text(report->run, value->value));
    else if (kind == IMAGE_TEXT)
        base_put_json(sink, vm_text(report->run, value->value));
    else
        vm_put_value(sink, report->run, kind, value->value);
}

/* The value up to which the claim stays broken, if it is not this one. */
static void put_extent(struct report *report, struct base_sink *sink, uint32_t input,
                       const struct vm_input *value)
{
    const struct claim *claim = report->claim;
    const unsigned kind = report->image->inputs[input].kind;
    if (!image_is_number(kind) || value->state != VM_VALUE || prove_is_pair(claim->claim.shape))
        return;
    const int64_t end = prove_extent(report->prover, &claim->claim, &claim->proof, input);
    if (end == value->value)
        return;
    base_put(sink, " (up to ");
    vm_put_value(sink, report->run, kind, end);
    base_put(sink, ")");
}

/* The inputs that matter, without those that have their usual value: unknown facts and options with
 * their defaults. The input that a claim about two machines changes is always included. */
static void put_machine(struct report *report, struct base_sink *sink,
                        const struct vm_input *machine)
{
    bool any = false;
    for (uint32_t i = 0; i < report->image->input_count; i++) {
        const struct image_input *input = &report->image->inputs[i];
        const bool changed =
            prove_is_pair(report->claim->claim.shape) && report->claim->claim.input == i;
        const bool usual =
            machine[i].state == VM_VALUE
                ? input->class == IMAGE_OPTION && input->has_default && !machine[i].given
                : true;
        if (!report->claim->proof.matters[i] || (usual && !changed))
            continue;
        base_put(sink, any ? ", " : "");
        put_input(report, sink, i, &machine[i]);
        put_extent(report, sink, i, &machine[i]);
        any = true;
    }
    if (!any)
        base_put(sink, "every machine");
}

static void put_input_range(struct report *report, struct base_sink *sink, uint32_t input,
                            const struct prove_range *range)
{
    const struct proof *proof = &report->claim->proof;
    const unsigned kind = report->image->inputs[input].kind;
    BASE_PUT(sink, image_string(report->image, report->image->inputs[input].name));
    if (!range->may_be_known) {
        base_put(sink, " unknown");
        return;
    }
    if (image_is_number(kind) || kind == IMAGE_BOOL) {
        base_put(sink, " in ");
        vm_put_value(sink, report->run, kind, range->low);
        base_put(sink, " .. ");
        vm_put_value(sink, report->run, kind, range->high);
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

static void put_box(struct report *report, struct base_sink *sink)
{
    bool any = false;
    for (uint32_t i = 0; i < report->image->input_count; i++) {
        if (!report->claim->proof.matters[i] || !report->claim->proof.narrowed[i])
            continue;
        base_put(sink, any ? "\n       " : "");
        put_input_range(report, sink, i, &report->claim->proof.box[i]);
        any = true;
    }
    if (!any)
        base_put(sink, "the whole domain");
}

/* --- the statements that a value is computed from --- */

struct statements {
    struct report *report;
    const struct vm_machine *run;
    uint32_t listed[STATEMENTS_MAX];
    uint32_t count;
    size_t width;
};

/* The preferred name of a slot: a setting's, else a let's, else an input's. */
static const struct image_name *preferred_name(const struct image *image, uint32_t slot)
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

/* Whether the run used an operand: of a choice, its condition and the branch or branches taken. */
static bool is_used_operand(const struct vm_machine *run, uint32_t slot, int operand)
{
    const unsigned op = run->image->code[slot].op, took = vm_took(run, slot, NULL);
    const bool decides = op == IMAGE_OP_SELECT && operand == 0;
    return image_reads(op, operand) && (took == 0 || decides || (took >> operand & 1) != 0);
}

static void list_statement(struct statements *statements, uint32_t slot, int depth, int steps);

static void list_operands(struct statements *statements, uint32_t slot, int depth, int steps)
{
    const struct image_instruction *i = &statements->run->image->code[slot];
    const uint16_t operands[3] = {i->a, i->b, i->c};
    for (int k = 0; k < 3; k++)
        if (is_used_operand(statements->run, slot, k))
            list_statement(statements, operands[k], depth, steps - 1);
}

/* Lists the named values below a slot, each once. Constants are not listed: their value is in the
 * formula that uses them. */
static void list_statement(struct statements *statements, uint32_t slot, int depth, int steps)
{
    const struct image_name *name = preferred_name(statements->run->image, slot);
    if (steps == 0)
        return;
    if (name == NULL || statements->run->image->code[slot].op == IMAGE_OP_CONST) {
        list_operands(statements, slot, depth, steps);
        return;
    }
    for (uint32_t i = 0; i < statements->count; i++)
        if (statements->listed[i] == slot)
            return;
    if (depth == 0 || statements->count == STATEMENTS_MAX)
        return;
    statements->listed[statements->count++] = slot;
    const char *text = image_string(statements->run->image, name->name);
    const size_t width = base_text_width(text, strlen(text));
    statements->width = width > statements->width ? width : statements->width;
    list_operands(statements, slot, depth - 1, steps);
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

static void put_listed(struct statements *statements)
{
    const struct image *image = statements->run->image;
    struct base_sink *sink = &statements->report->lines;
    for (uint32_t i = 0; i < statements->count; i++) {
        const struct image_name *name = preferred_name(image, statements->listed[i]);
        const char *text = image_string(image, name->name);
        struct base_sink value = base_arena_sink(&statements->report->build->arena);
        explain_put_slot(&value, statements->run, statements->listed[i]);
        BASE_PUT(sink, "      ", text);
        base_put_padding(sink, base_text_width(text, strlen(text)), statements->width);
        BASE_PUT(sink, " = ", value.data);
        if (name->class != IMAGE_NAME_INPUT) {
            base_put_padding(sink, value.length, 10);
            put_formula(sink, image_string(image, name->formula));
        }
        base_put_char(sink, '\n');
    }
}

static void put_statements_below(struct report *report, uint32_t slot)
{
    struct statements statements = {.report = report, .run = report->run};
    list_operands(&statements, slot, DEPTH_MAX, STEPS_MAX);
    put_listed(&statements);
}

/* --- each kind of claim --- */

static const char *slot_text(struct report *report, const struct vm_machine *run, uint32_t slot)
{
    struct base_sink sink = base_arena_sink(&report->build->arena);
    explain_put_slot(&sink, run, slot);
    return sink.data;
}

static void put_place(struct report *report, const char *word, const struct vm_input *machine)
{
    BASE_PUT(&report->lines, word, " ");
    put_machine(report, &report->lines, machine);
    base_put(&report->lines, ":\n");
}

static const char *opposite_sign(int op)
{
    static const char *const signs[] = {[SYNTAX_EQ] = "!=", [SYNTAX_NE] = "==", [SYNTAX_LT] = ">=",
                                        [SYNTAX_LE] = ">",  [SYNTAX_GT] = "<=", [SYNTAX_GE] = "<"};
    return signs[op];
}

/* One side of a comparison after its sign. A literal is not followed by its value. */
static void put_side(struct report *report, const char *sign, const struct syntax_expr *side,
                     uint32_t slot, size_t width)
{
    const char *text = syntax_text_of(&report->build->context, side->place),
               *value = slot_text(report, report->run, slot);
    BASE_PUT(&report->lines, "      ", sign, " ", text);
    if (!base_text_is(text, value)) {
        base_put_padding(&report->lines, base_text_width(text, strlen(text)), width);
        BASE_PUT(&report->lines, " = ", value);
    }
    base_put_char(&report->lines, '\n');
}

static void put_sides(struct report *report)
{
    const struct eval_claim *from = report->claim->invariant;
    if (from->left == IMAGE_NONE)
        return;
    const uint32_t *roots = report->build->result.roots.items;
    const struct syntax_expr *value = from->item->value;
    struct syntax_context *context = &report->build->context;
    const char *left = syntax_text_of(context, value->binary.left->place),
               *right = syntax_text_of(context, value->binary.right->place);
    const size_t of_left = base_text_width(left, strlen(left)),
                 of_right = base_text_width(right, strlen(right));
    const size_t larger = of_left > of_right ? of_left : of_right;
    const size_t width = larger > ALIGNED_MAX ? 0 : larger;
    const char *sign = opposite_sign((int)value->binary.op);
    put_side(report, sign[1] == '\0' ? " " : "  ", value->binary.left, roots[from->left], width);
    put_side(report, sign, value->binary.right, roots[from->right], width);
}

static void put_both_machines(struct report *report)
{
    const struct claim *claim = report->claim;
    const struct vm_machine *before = prove_run_of(report->prover, false),
                            *now = prove_run_of(report->prover, true);
    const char *text =
        syntax_text_of(&report->build->context, claim->invariant->item->value->place);
    put_place(report, "at", claim->proof.machine);
    BASE_PUT(&report->lines, "      ", text, " = ", slot_text(report, before, claim->claim.a),
             "\n");
    put_statements_below(report, claim->claim.a);
    report->run = now;
    base_put(&report->lines, "and at ");
    put_input(report, &report->lines, claim->claim.input, &claim->proof.other[claim->claim.input]);
    BASE_PUT(&report->lines, ":\n      ", text, " = ", slot_text(report, now, claim->claim.a),
             "\n");
    put_statements_below(report, claim->claim.a);
}

/* The statements of both sides of a comparison, or of another condition as a whole. */
static void put_statements_of_claim(struct report *report)
{
    const struct claim *claim = report->claim;
    const uint32_t *roots = report->build->result.roots.items;
    struct statements statements = {.report = report, .run = report->run};
    if (claim->invariant->left == IMAGE_NONE) {
        put_statements_below(report, claim->claim.a);
        return;
    }
    list_statement(&statements, roots[claim->invariant->left], DEPTH_MAX, STEPS_MAX);
    list_statement(&statements, roots[claim->invariant->right], DEPTH_MAX, STEPS_MAX);
    put_listed(&statements);
}

static const char *finish_lines(struct report *report)
{
    struct base_sink *lines = &report->lines;
    while (lines->length > 0 && lines->data[lines->length - 1] == '\n')
        lines->data[--lines->length] = '\0';
    return lines->data;
}

static void report_invariant(struct report *report)
{
    const struct claim *claim = report->claim;
    struct diagnostic *broken = diag_report(&report->build->queue, DIAG_NOT_TRUE, claim->place,
                                            "invariant `%s` does not hold", claim->name);
    if (prove_is_pair(claim->claim.shape)) {
        put_both_machines(report);
    } else {
        put_place(report, "at", claim->proof.machine);
        put_sides(report);
        put_statements_of_claim(report);
    }
    broken->detail = finish_lines(report);
}

/* Where the trap arose. Claims that fail by the same trap have the same place, so that the queue
 * reports it once. */
static struct base_place place_of_trap(const struct report *report, const struct vm_slot *slot)
{
    const struct image_instruction *origin = &report->image->code[slot->origin];
    if (origin->op != IMAGE_OP_SETTING)
        return report->claim->place;
    const struct sema_setting *own = sema_find_setting(
        report->build->program->live,
        image_string(report->image, report->image->settings[origin->immediate].name));
    return own == NULL ? report->claim->place
                       : own->sets.items[own->sets.count - 1].item->name.place;
}

/* "would be 40kB, but the server allows ..." */
static struct diagnostic *report_range(struct report *report, const struct vm_slot *slot,
                                       const struct image_instruction *origin)
{
    const struct image_setting *setting = &report->image->settings[origin->immediate];
    struct diag_queue *queue = &report->build->queue;
    struct base_sink text = base_arena_sink(&report->build->arena);
    base_put(&text, "would be ");
    vm_put_setting(&text, report->run, setting, report->run->slots[origin->a].value);
    base_put(&text, ", but the server allows ");
    vm_put_bounds(&text, report->run, setting);
    struct diagnostic *broken =
        diag_report(queue, DIAG_BREAKS_SETTING, place_of_trap(report, slot), "`%s` %s",
                    image_string(report->image, setting->name), text.data);
    diag_help(queue, broken, "limit it with `within A .. B`, `at least` or `at most`");
    return broken;
}

static struct diagnostic *report_trap(struct report *report, const struct vm_slot *slot,
                                      const struct image_instruction *origin)
{
    struct diag_queue *queue = &report->build->queue;
    const struct base_place place = place_of_trap(report, slot);
    const char *why = vm_trap_sentence(slot->trap);
    if (origin->op != IMAGE_OP_SETTING)
        return diag_report(queue, DIAG_NO_ANSWER, place, "%s cannot be computed: %s",
                           report->claim->name, why);
    const struct image_setting *setting = &report->image->settings[origin->immediate];
    struct diagnostic *broken =
        diag_report(queue, DIAG_BREAKS_SETTING, place, "the server would reject `%s`: %s",
                    image_string(report->image, setting->name), why);
    if (slot->trap == VM_TRAP_STEP) {
        struct base_sink step = base_arena_sink(&report->build->arena);
        vm_put_value(&step, report->run, setting->kind, setting->grain);
        diag_help(queue, broken, "round it: `rounded down to %s`", step.data);
    }
    return broken;
}

static void report_setting(struct report *report)
{
    const struct vm_slot *slot = &report->run->slots[report->claim->claim.a];
    const struct image_instruction *origin = &report->image->code[slot->origin];
    const bool range = slot->trap == VM_TRAP_RANGE && origin->op == IMAGE_OP_SETTING;
    struct diagnostic *broken =
        range ? report_range(report, slot, origin) : report_trap(report, slot, origin);
    put_place(report, "at", report->claim->proof.machine);
    put_statements_below(report, slot->origin);
    broken->detail = finish_lines(report);
}

static void report_undecided(struct report *report)
{
    const struct claim *claim = report->claim;
    struct diagnostic *open = diag_report(&report->build->queue, DIAG_UNDECIDED, claim->place,
                                          "could not be proved or disproved: %s", claim->words);
    base_put(&report->lines, "within ");
    if (claim->proof.box != NULL)
        put_box(report, &report->lines);
    open->detail = finish_lines(report);
    diag_note(&report->build->queue, open, "%u boxes were examined", claim->proof.boxes);
    diag_help(&report->build->queue, open,
              "simplify the claim, narrow a domain, or raise the limit with --budget");
}

static void report_idle(struct report *report)
{
    const struct claim *claim = report->claim;
    struct diag_queue *queue = &report->build->queue;
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
    struct report report = {.build = build,
                            .prover = prover,
                            .claim = claim,
                            .run = prove_run_of(prover, false),
                            .image = prove_run_of(prover, false)->image,
                            .lines = base_arena_sink(&build->arena)};
    if (!claims_is_wrong(claim))
        return;
    if (claim->subject > CLAIM_INVARIANT) {
        report_idle(&report);
    } else if (claim->proof.verdict == PROVE_UNDECIDED) {
        report_undecided(&report);
    } else {
        prove_breaks(prover, &claim->claim, &claim->proof);
        if (claim->subject == CLAIM_INVARIANT)
            report_invariant(&report);
        else
            report_setting(&report);
    }
}

/* --- alone --- */

void claims_put_counterexample(struct compilation *build, struct prover *prover,
                               struct base_sink *sink, const struct claim *claim)
{
    struct report report = {.build = build,
                            .prover = prover,
                            .claim = claim,
                            .run = prove_run_of(prover, false),
                            .image = prove_run_of(prover, false)->image};
    prove_breaks(prover, &claim->claim, &claim->proof);
    put_machine(&report, sink, claim->proof.machine);
}

/* --- as a test --- */

/* Whether a test must give the input. A test has no other inputs, so those that are required are
 * given even if the claim does not depend on them. */
static bool is_given(const struct report *report, uint32_t input, const struct vm_input *value)
{
    const struct image_input *from = &report->image->inputs[input];
    if (value->state != VM_VALUE || from->class == IMAGE_SECRET)
        return false;
    if (!report->claim->proof.matters[input])
        return !from->optional && !from->has_default;
    return from->class != IMAGE_OPTION || value->given;
}

static void put_givens(struct report *report, struct base_sink *sink,
                       const struct vm_input *machine)
{
    bool any = false;
    for (uint32_t i = 0; i < report->image->input_count; i++) {
        if (!is_given(report, i, &machine[i]))
            continue;
        base_put(sink, any ? ", " : "    given ");
        put_input(report, sink, i, &machine[i]);
        any = true;
    }
    base_put(sink, any ? "\n" : "");
}

static void put_expectation(struct report *report, struct base_sink *sink)
{
    const struct claim *claim = report->claim;
    const struct syntax_item *item = claim->invariant == NULL ? NULL : claim->invariant->item;
    struct syntax_context *context = &report->build->context;
    base_put(sink, "    expect ");
    if (claim->subject == CLAIM_ANSWER) {
        const char *text = syntax_text_of(context, claim->place);
        BASE_PUT(sink, "(", text, ") == (", text, ")");
    } else if (item == NULL) {
        BASE_PUT(sink, report->build->program->live->symbol->name, ".", claim->name,
                 " == ", report->build->program->live->symbol->name, ".", claim->name);
    } else if (!prove_is_pair(claim->claim.shape)) {
        base_put(sink, syntax_text_of(context, item->value->place));
    } else {
        static const char *const signs[] = {[PROVE_RISES] = " >= ",
                                            [PROVE_FALLS] = " <= ",
                                            [PROVE_JUMPS] = " == ",
                                            [PROVE_LEAST] = " >= ",
                                            [PROVE_MOST] = " <= "};
        BASE_PUT(sink, syntax_text_of(context, item->value->place), signs[claim->claim.shape],
                 slot_text(report, prove_run_of(report->prover, false), claim->claim.a));
    }
    base_put_char(sink, '\n');
}

void claims_put_test(struct compilation *build, struct prover *prover, struct base_sink *sink,
                     const struct claim *claim)
{
    const bool pair = prove_is_pair(claim->claim.shape);
    struct report report = {.build = build,
                            .prover = prover,
                            .claim = claim,
                            .run = prove_run_of(prover, pair),
                            .image = prove_run_of(prover, false)->image};
    if (!prove_breaks(prover, &claim->claim, &claim->proof))
        return;
    BASE_PUT(sink, "\ntest \"counterexample to ", claim->name, "\" {\n");
    put_givens(&report, sink, pair ? claim->proof.other : claim->proof.machine);
    put_expectation(&report, sink);
    base_put(sink, "}\n");
}
