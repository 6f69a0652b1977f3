/* The sections Tables, Values and Functions: the intermediate steps from which settings are
 * computed, with links to what they use and what uses them.
 *
 * All profiles of an input are one table with a column for each member, and tiers are a table with
 * a row for each range. Cells are source text, since they may be expressions. A value is listed
 * only if something that has an entry uses it; functions have no entries in the image, and so no
 * links. */
#include "reference/parts.h"

/* --- tables --- */

static void put_source_cell(struct reference_page *page, struct base_place place)
{
    base_put(&page->sink, " | ");
    markdown_put_cell_code(&page->sink, syntax_text_of(&page->build->context, place));
}

/* The line below the heading of a table. */
static void put_table_rule(struct reference_page *page, size_t columns)
{
    for (size_t i = 0; i < columns; i++)
        base_put(&page->sink, i == 0 ? "| ---" : " | ---");
    base_put(&page->sink, " |\n");
}

static void put_member_header(struct reference_page *page, const struct sema_symbol *input)
{
    base_put(&page->sink, "| ");
    for (size_t m = 0; m < input->enumeration->count; m++) {
        base_put(&page->sink, " | ");
        markdown_put_cell_code(&page->sink, input->enumeration->members[m]);
    }
    base_put(&page->sink, " | defined in |\n");
    put_table_rule(page, input->enumeration->count + 2);
}

/* The row of a member; sema has checked that there is one. */
static const struct syntax_row *row_of_member(const struct syntax_item *profile, const char *member)
{
    size_t r = 0;
    while (!base_text_is(profile->rows.items[r]->member.text, member))
        r++;
    return profile->rows.items[r];
}

/* The columns of a profile become rows, since there are usually more of them than members. */
static void put_profile(struct reference_page *page, const struct sema_symbol *input,
                        const struct syntax_item *profile)
{
    for (size_t c = 0; c < profile->bindings.count; c++) {
        BASE_PUT(&page->sink, "| `", input->name, ".", profile->bindings.items[c].name.text, "`");
        for (size_t m = 0; m < input->enumeration->count; m++)
            put_source_cell(
                page,
                row_of_member(profile, input->enumeration->members[m])->cells.items[c]->place);
        base_put(&page->sink, " | ");
        reference_put_place(page, profile->place);
        base_put(&page->sink, " |\n");
    }
}

static void put_profiles(struct reference_page *page, const struct sema_symbol *input)
{
    reference_put_heading(page, 3, "table", input->name);
    BASE_PUT(&page->sink, "By [`", input->name, "`](#input-", input->name, ").\n\n");
    for (size_t p = 0; p < input->profiles.count; p++)
        reference_put_doc(page, input->profiles.items[p]->doc);
    put_member_header(page, input);
    for (size_t p = 0; p < input->profiles.count; p++)
        put_profile(page, input, input->profiles.items[p]);
    base_put_char(&page->sink, '\n');
    reference_put_users(page, IMAGE_NONE, input->name);
}

static void put_tiers(struct reference_page *page, const struct syntax_item *tiers)
{
    const size_t columns = tiers->bindings.count;
    reference_put_heading(page, 3, "table", tiers->name.text);
    reference_put_doc(page, tiers->doc);
    BASE_PUT(&page->sink, "| [`", tiers->of.text, "`](#input-", tiers->of.text, ")");
    for (size_t c = 0; c < columns; c++)
        BASE_PUT(&page->sink, " | `", tiers->name.text, ".", tiers->bindings.items[c].name.text,
                 "`");
    base_put(&page->sink, " |\n");
    put_table_rule(page, columns + 1);
    for (size_t r = 0; r < tiers->rows.count; r++) {
        const struct syntax_row *row = tiers->rows.items[r];
        base_put(&page->sink, "| ");
        markdown_put_cell_code(&page->sink, syntax_text_of(&page->build->context, row->place));
        for (size_t c = 0; c < row->cells.count; c++)
            put_source_cell(page, row->cells.items[c]->place);
        base_put(&page->sink, " |\n");
    }
    base_put_char(&page->sink, '\n');
    reference_put_users(page, IMAGE_NONE, tiers->name.text);
    reference_put_written(page, tiers->place);
}

void reference_put_tables(struct reference_page *page)
{
    const struct sema_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct sema_symbol *symbol = program->symbols.items[i];
        const bool tiers = symbol->class == SEMA_TIERS;
        if (!tiers && (symbol->class != SEMA_INPUT || symbol->profiles.count == 0))
            continue;
        if (!any)
            reference_put_section(page, "Tables", "lookup tables of the rules");
        any = true;
        if (tiers)
            put_tiers(page, symbol->item);
        else
            put_profiles(page, symbol);
    }
}

/* --- values and functions --- */

void reference_put_let(struct reference_page *page, int level, const struct sema_symbol *let)
{
    const uint32_t name = reference_find_name(page, IMAGE_NAME_LET, let->name);
    reference_put_heading(page, level, "let", let->name);
    reference_put_definition(page, let->item);
    reference_put_uses(page, name);
    reference_put_users(page, name, NULL);
    reference_put_written(page, let->item->place);
}

static void put_symbol_class(struct reference_page *page, enum sema_class class, const char *title,
                             const char *about)
{
    const struct sema_program *program = page->build->program;
    bool any = false;
    for (size_t i = 0; i < program->symbols.count; i++) {
        const struct sema_symbol *symbol = program->symbols.items[i];
        if (symbol->class != class || !symbol->global)
            continue;
        const uint32_t name = reference_find_name(page, IMAGE_NAME_LET, symbol->name);
        if (class == SEMA_LET && (name == IMAGE_NONE || !page->listed[name]))
            continue;
        if (!any)
            reference_put_section(page, title, about);
        any = true;
        if (class == SEMA_LET) {
            reference_put_let(page, 3, symbol);
            continue;
        }
        reference_put_heading(page, 3, "def", symbol->name);
        reference_put_definition(page, symbol->item);
        reference_put_written(page, symbol->item->place);
    }
}

void reference_put_lets(struct reference_page *page)
{
    put_symbol_class(page, SEMA_LET, "Values", "intermediate values of the rules");
    put_symbol_class(page, SEMA_DEF, "Functions", "functions of the rules");
}
