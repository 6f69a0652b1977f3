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

static void put_members(struct azc_page *page, const struct azs_symbol *input)
{
    aza_put(&page->sink, "| ");
    for (size_t m = 0; m < input->enumeration->count; m++) {
        aza_put(&page->sink, " | ");
        azc_put_cell_code(&page->sink, input->enumeration->members[m]);
    }
    aza_put(&page->sink, " | written in |\n");
    put_rule(page, input->enumeration->count + 2);
}

static const struct azp_row *row_of(const struct azp_item *profile, const char *member)
{
    size_t r = 0;
    while (!aza_text_is(profile->rows.items[r]->member.text, member))
        r++;
    return profile->rows.items[r];
}

/* Columns as rows, since there are often more of them than members. */
static void put_profile(struct azc_page *page, const struct azs_symbol *input,
                        const struct azp_item *profile)
{
    for (size_t c = 0; c < profile->bindings.count; c++) {
        AZA_PUT(&page->sink, "| `", input->name, ".", profile->bindings.items[c].name.text, "`");
        for (size_t m = 0; m < input->enumeration->count; m++)
            put_cell(page, row_of(profile, input->enumeration->members[m])->cells.items[c]->place);
        aza_put(&page->sink, " | ");
        azc_put_place(page, profile->place);
        aza_put(&page->sink, " |\n");
    }
}

static void put_profiles(struct azc_page *page, const struct azs_symbol *input)
{
    azc_put_heading(page, 3, "table", input->name);
    AZA_PUT(&page->sink, "By [`", input->name, "`](#input-", input->name, ").\n\n");
    for (size_t p = 0; p < input->profiles.count; p++)
        azc_put_doc(page, input->profiles.items[p]->doc);
    put_members(page, input);
    for (size_t p = 0; p < input->profiles.count; p++)
        put_profile(page, input, input->profiles.items[p]);
    aza_put_char(&page->sink, '\n');
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
        aza_put(&page->sink, "| ");
        azc_put_cell_code(&page->sink, azp_text_of(&page->build->context, row->place));
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
    bool any = false;
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct azs_symbol *symbol = program->symbols.items[i];
        const bool tiers = symbol->class == AZS_TIERS;
        if (!tiers && (symbol->class != AZS_INPUT || symbol->profiles.count == 0))
            continue;
        if (!any)
            azc_put_section(page, "Tables", "what the rules look up");
        any = true;
        if (tiers)
            put_tiers(page, symbol->item);
        else
            put_profiles(page, symbol);
    }
}

/* ---- values and functions ---- */

void azc_put_let(struct azc_page *page, int level, const struct azs_symbol *let)
{
    const uint32_t name = azc_page_name(page, AZB_NAME_LET, let->name);
    azc_put_heading(page, level, "let", let->name);
    azc_put_definition(page, let->item);
    azc_put_uses(page, name);
    azc_put_users(page, name, NULL);
    azc_put_written(page, let->item->place);
}

static void put_class(struct azc_page *page, enum azs_class class, const char *title,
                      const char *about)
{
    const struct azs_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct azs_symbol *symbol = program->symbols.items[i];
        if (symbol->class != class || !symbol->global)
            continue;
        const uint32_t name = azc_page_name(page, AZB_NAME_LET, symbol->name);
        if (class == AZS_LET && (name == AZB_NONE || !page->listed[name]))
            continue;
        if (!any)
            azc_put_section(page, title, about);
        any = true;
        if (class == AZS_LET) {
            azc_put_let(page, 3, symbol);
            continue;
        }
        azc_put_heading(page, 3, "def", symbol->name);
        azc_put_definition(page, symbol->item);
        azc_put_written(page, symbol->item->place);
    }
}

void azc_put_lets(struct azc_page *page)
{
    put_class(page, AZS_LET, "Values", "steps on the way to the settings");
    put_class(page, AZS_DEF, "Functions", "steps that are taken more than once");
}
