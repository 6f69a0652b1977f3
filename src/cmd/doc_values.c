/* What the settings are made from: tables, and values and functions with names. */
#include "cmd/doc.h"

/* ---- tables ---- */

static void put_cell(struct azc_page *page, struct aza_place place)
{
    aza_put(&page->sink, " | ");
    azc_put_cell_code(&page->sink, azp_text_of(&page->build->context, place));
}

static void put_rule(struct azc_page *page, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        aza_put(&page->sink, i == 0 ? "| ---" : " | ---");
    aza_put(&page->sink, " |\n");
}

/* Columns as rows, since there are often more of them than members. */
static void put_profile(struct azc_page *page, const struct azp_item *profile)
{
    const size_t members = profile->rows.count;
    aza_put(&page->sink, "|  ");
    for (size_t r = 0; r < members; r++)
        put_cell(page, profile->rows.items[r]->member.place);
    aza_put(&page->sink, " |\n");
    put_rule(page, members + 1);
    for (size_t c = 0; c < profile->bindings.count; c++) {
        AZA_PUT(&page->sink, "| `", profile->name.text, ".", profile->bindings.items[c].name.text,
                "`");
        for (size_t r = 0; r < members; r++)
            put_cell(page, profile->rows.items[r]->cells.items[c]->place);
        aza_put(&page->sink, " |\n");
    }
    aza_put_char(&page->sink, '\n');
    azc_put_written(page, profile->place);
    aza_put_char(&page->sink, '\n');
}

static void put_profiles(struct azc_page *page, const struct azs_symbol *input)
{
    azc_put_heading(page, 3, "table", input->name);
    AZA_PUT(&page->sink, "By [`", input->name, "`](#input-", input->name, "):\n\n");
    for (size_t p = 0; p < input->profiles.count; p++) {
        azc_put_doc(page, input->profiles.items[p]->doc);
        put_profile(page, input->profiles.items[p]);
    }
    azc_put_users(page, AZB_NONE, input->name);
}

static void put_tiers(struct azc_page *page, const struct azp_item *tiers)
{
    const size_t columns = tiers->bindings.count;
    azc_put_heading(page, 3, "table", tiers->name.text);
    azc_put_doc(page, tiers->doc);
    AZA_PUT(&page->sink, "| [`", tiers->of.text, "`](#input-", tiers->of.text, ")");
    for (size_t c = 0; c < columns; c++)
        AZA_PUT(&page->sink, " | `", tiers->name.text, ".", tiers->bindings.items[c].name.text,
                "`");
    aza_put(&page->sink, " |\n");
    put_rule(page, columns + 1);
    for (size_t r = 0; r < tiers->rows.count; r++) {
        const struct azp_row *row = tiers->rows.items[r];
        AZA_PUT(&page->sink, "| ", azp_text_of(&page->build->context, row->place));
        for (size_t c = 0; c < row->cells.count; c++)
            put_cell(page, row->cells.items[c]->place);
        aza_put(&page->sink, " |\n");
    }
    aza_put_char(&page->sink, '\n');
    azc_put_users(page, AZB_NONE, tiers->name.text);
    azc_put_written(page, tiers->place);
}

void azc_put_tables(struct azc_page *page)
{
    const struct azs_program *program = page->build->program;
    const char *heading = "\n## Tables\n\nNumbers that the rules look up.\n";
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct azs_symbol *symbol = program->symbols.items[i];
        const bool tiers = symbol->class == AZS_TIERS;
        if (!tiers && (symbol->class != AZS_INPUT || symbol->profiles.count == 0))
            continue;
        aza_put(&page->sink, heading);
        heading = "";
        if (tiers)
            put_tiers(page, symbol->item);
        else
            put_profiles(page, symbol);
    }
}

/* ---- values and functions ---- */

static void put_let(struct azc_page *page, const struct azs_symbol *let)
{
    const uint32_t name = azc_page_name(page, AZB_NAME_LET, let->name);
    azc_put_heading(page, 3, "let", let->name);
    azc_put_definition(page, let->item);
    azc_put_uses(page, name);
    azc_put_users(page, name, NULL);
    azc_put_written(page, let->item->place);
}

static void put_class(struct azc_page *page, enum azs_class class, const char *heading)
{
    const struct azs_program *program = page->build->program;
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct azs_symbol *symbol = program->symbols.items[i];
        if (symbol->class != class || !symbol->global)
            continue;
        const uint32_t name = azc_page_name(page, AZB_NAME_LET, symbol->name);
        if (class == AZS_LET && (name == AZB_NONE || !page->listed[name]))
            continue;
        aza_put(&page->sink, heading);
        heading = "";
        if (class == AZS_LET) {
            put_let(page, symbol);
            continue;
        }
        azc_put_heading(page, 3, "def", symbol->name);
        azc_put_definition(page, symbol->item);
        azc_put_written(page, symbol->item->place);
    }
}

void azc_put_lets(struct azc_page *page)
{
    put_class(page, AZS_LET, "\n## Values\n\nSteps on the way to the settings.\n");
    put_class(page, AZS_DEF, "\n## Functions\n");
}
