/* The sections Invariants, with the verdict of each, and Refusals, Warnings and Exports.
 *
 * Messages are shown as written in the rules, because their values are known only at start. A
 * refuted invariant is shown with its counterexample; `azc check` would have reported it as an
 * error. */
#include "reference/parts.h"

/* --- invariants --- */

static void put_verdict(struct reference_page *page, const struct claim *claim)
{
    struct base_sink *sink = &page->sink;
    if (claim->proof.verdict == PROVE_REFUTED) {
        struct base_sink machine = base_arena_sink(&page->build->arena);
        claims_put_counterexample(page->build, page->prover, &machine, claim);
        base_put(sink, "- **Refuted** at ");
        markdown_put_code(sink, machine.data);
        base_put_char(sink, '\n');
        return;
    }
    base_put(sink, claim->proof.verdict == PROVE_PROVED ? "- **Proved** for every machine, in "
                                                        : "- **Undecided** after ");
    base_put_int(sink, claim->proof.boxes);
    base_put(sink, claim->proof.boxes == 1 ? " box\n" : " boxes\n");
}

static void put_invariant(struct reference_page *page, const struct claim *claim)
{
    const struct syntax_item *item = claim->invariant->item;
    const uint32_t name = reference_find_name(page, IMAGE_NAME_CHECK, item->name.text);
    reference_put_heading(page, 3, "invariant", item->name.text);
    reference_put_definition(page, item);
    put_verdict(page, claim);
    if (item->condition != NULL) {
        base_put(&page->sink, "- Applies only where ");
        reference_put_text_code(page, item->condition->place);
        base_put_char(&page->sink, '\n');
    }
    if (name != IMAGE_NONE)
        reference_put_uses(page, name);
    reference_put_written(page, item->place);
}

void reference_put_claims(struct reference_page *page)
{
    if (page->claims.count > 0)
        reference_put_section(
            page, "Invariants",
            "conditions that hold on every machine; a setting of the operator can break one, "
            "which logs a warning at start");
    for (size_t i = 0; i < page->claims.count; i++)
        put_invariant(page, &page->claims.items[i]);
}

/* --- messages --- */

/* The text between the quotes as written, with `\(value)` in place of values. */
static const char *message_of(struct reference_page *page, const struct syntax_expr *message)
{
    const char *text = syntax_text_of(&page->build->context, message->place);
    const struct base_span span = base_span_of(text);
    if (span.length < 2 || text[0] != '"' || text[span.length - 1] != '"')
        return text;
    return base_copy_text(&page->build->arena, text + 1, span.length - 2);
}

static void put_messages(struct reference_page *page, enum image_check_class class,
                         const char *title, const char *about)
{
    const struct sema_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->checks.count; i++) {
        const struct syntax_item *item = program->checks.items[i];
        if (item->shape != (int)class)
            continue;
        if (!any)
            reference_put_section(page, title, about);
        any = true;
        base_put_char(&page->sink, '\n');
        reference_put_doc(page, item->doc);
        markdown_put_code(&page->sink, message_of(page, item->value));
        base_put(&page->sink, "\n\n- When ");
        reference_put_text_code(page, item->condition->place);
        base_put_char(&page->sink, '\n');
        reference_put_written(page, item->place);
    }
}

static void put_exports(struct reference_page *page)
{
    const struct sema_program *program = page->build->program;
    if (program->exports.count > 0)
        reference_put_section(page, "Exports",
                              "environment variables that are set for the command");
    for (size_t i = 0; i < program->exports.count; i++) {
        const struct syntax_item *item = program->exports.items[i];
        reference_put_heading(page, 3, "export", item->name.text);
        reference_put_definition(page, item);
        reference_put_written(page, item->place);
    }
}

void reference_put_messages(struct reference_page *page)
{
    put_messages(
        page, IMAGE_CHECK_REFUSE, "Refusals",
        "messages that refuse the start before anything on disk is changed; `\\(value)` is "
        "replaced by the value");
    put_messages(page, IMAGE_CHECK_WARN, "Warnings",
                 "messages that are logged without refusing the start");
    put_exports(page);
}
