/* What holds on every machine, and what is said at start. */
#include "cmd/doc.h"

/* ---- invariants ---- */

static void put_verdict(struct azc_page *page, const struct azc_claim *claim)
{
    struct aza_sink *sink = &page->sink;
    if (claim->proof.verdict == AZQ_REFUTED) {
        struct aza_sink machine = aza_arena_sink(&page->build->arena);
        azc_put_counterexample(page->build, page->prover, &machine, claim);
        aza_put(sink, "- **Refuted** at ");
        azc_put_code(sink, machine.data);
        aza_put_char(sink, '\n');
        return;
    }
    aza_put(sink, claim->proof.verdict == AZQ_PROVED ? "- **Proved** for every machine, in "
                                                     : "- **Undecided** after ");
    aza_put_int(sink, claim->proof.boxes);
    aza_put(sink, claim->proof.boxes == 1 ? " box\n" : " boxes\n");
}

static void put_invariant(struct azc_page *page, const struct azc_claim *claim)
{
    const struct azp_item *item = claim->invariant->item;
    const uint32_t name = azc_page_name(page, AZB_NAME_CHECK, item->name.text);
    azc_put_heading(page, 3, "invariant", item->name.text);
    azc_put_definition(page, item);
    put_verdict(page, claim);
    if (item->condition != NULL) {
        aza_put(&page->sink, "- Says something only where ");
        azc_put_text_code(page, item->condition->place);
        aza_put_char(&page->sink, '\n');
    }
    if (name != AZB_NONE)
        azc_put_uses(page, name);
    azc_put_written(page, item->place);
}

void azc_put_claims(struct azc_page *page)
{
    if (page->claims.count > 0)
        azc_put_section(page, "Invariants",
                        "what holds on every machine; an operator's own setting may break one, "
                        "and then the start warns");
    for (size_t i = 0; i < page->claims.count; i++)
        put_invariant(page, &page->claims.items[i]);
}

/* ---- messages ---- */

/* The text between the quotes, as it is written: `\(value)` stands for the value. */
static const char *message_of(struct azc_page *page, const struct azp_expr *message)
{
    const char *text = azp_text_of(&page->build->context, message->place);
    const struct aza_span span = aza_span_of(text);
    if (span.length < 2 || text[0] != '"' || text[span.length - 1] != '"')
        return text;
    return aza_copy_text(&page->build->arena, text + 1, span.length - 2);
}

static void put_messages(struct azc_page *page, enum azb_check_class class, const char *title,
                         const char *about)
{
    const struct azs_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->checks.count; i++) {
        const struct azp_item *item = program->checks.items[i];
        if (item->shape != (int)class)
            continue;
        if (!any)
            azc_put_section(page, title, about);
        any = true;
        aza_put_char(&page->sink, '\n');
        azc_put_doc(page, item->doc);
        azc_put_code(&page->sink, message_of(page, item->value));
        aza_put(&page->sink, "\n\n- When ");
        azc_put_text_code(page, item->condition->place);
        aza_put_char(&page->sink, '\n');
        azc_put_written(page, item->place);
    }
}

static void put_exports(struct azc_page *page)
{
    const struct azs_program *program = page->build->program;
    if (program->exports.count > 0)
        azc_put_section(page, "Exports", "variables that are set for the command that is started");
    for (size_t i = 0; i < program->exports.count; i++) {
        const struct azp_item *item = program->exports.items[i];
        azc_put_heading(page, 3, "export", item->name.text);
        azc_put_definition(page, item);
        azc_put_written(page, item->place);
    }
}

void azc_put_messages(struct azc_page *page)
{
    put_messages(
        page, AZB_CHECK_REFUSE, "Refusals",
        "said instead of starting, before anything on disk is touched; `\\(value)` stands for "
        "the value");
    put_messages(page, AZB_CHECK_WARN, "Warnings", "said, and the start goes on");
    put_exports(page);
}
