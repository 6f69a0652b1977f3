/* Settings: what each may come to on any machine, and the rule that says so. */
#include <string.h>

#include "cmd/doc.h"
#include "vm/quantity.h"

enum { BUDGET = 160 }; /* boxes for one range: where more would narrow it, the rule is to blame */

/* The server's words for when a setting may change, in a word for the table and as a sentence. */
static const struct {
    const char *context, *word, *sentence;
} contexts[] = {
    {"postmaster", "restart", "a restart only"},
    {"sighup", "reload", "a reload"},
    {"superuser", "session", "a reload; a superuser may set it for one session"},
    {"user", "session", "a reload; everybody may set it for one session"},
    {"superuser-backend", "new session", "a reload, for sessions that begin later"},
    {"backend", "new session", "a reload, for sessions that begin later"},
    {"restart", "restart", "a restart only"},
    {"reload", "reload", "a reload"},
};
enum { CONTEXTS = sizeof contexts / sizeof *contexts };

static size_t context_of(const struct azg_setting *setting)
{
    size_t at = 0;
    while (at + 1 < CONTEXTS && !aza_text_is(contexts[at].context, setting->context))
        at++;
    return at;
}

/* ---- ranges ---- */

struct range {
    struct azc_page *page;
    struct azb_setting row;
    const struct azq_bounds *bounds;
    struct aza_sink text;
};

static void put_value(struct range *range, int64_t value)
{
    struct aza_sink text = aza_arena_sink(&range->page->build->arena);
    azv_put_setting(&text, &range->page->values, &range->row, value);
    azc_put_cell_code(&range->text, text.data == NULL ? "" : text.data);
}

static void put_numbers(struct range *range)
{
    const struct azq_bounds *bounds = range->bounds;
    const bool met = bounds->low_is_met && bounds->high_is_met;
    if (bounds->low == bounds->high) {
        aza_put(&range->text, "always ");
        put_value(range, bounds->low);
        return;
    }
    aza_put(&range->text, met || range->row.kind == AZB_BOOL ? "" : "between ");
    put_value(range, bounds->low);
    aza_put(&range->text, range->row.kind == AZB_BOOL ? " or " : met ? " to " : " and ");
    put_value(range, bounds->high);
}

static void put_names(struct range *range)
{
    const struct azq_bounds *bounds = range->bounds;
    const int count = __builtin_popcountll(bounds->may);
    int put = 0;
    if (bounds->may_be_other || count == 0) {
        aza_put(&range->text, "made at start");
        return;
    }
    aza_put(&range->text, count == 1 ? "always " : "");
    for (uint32_t i = 0; i < bounds->name_count; i++)
        if (bounds->may & UINT64_C(1) << i) {
            aza_put(&range->text, put == 0 ? "" : put + 1 == count ? " or " : ", ");
            azc_put_cell_code(&range->text, bounds->names[i]);
            put++;
        }
}

/* A list becomes a text only when it leaves, and of lists no range is known. */
static bool is_list(const struct azb_image *image, uint32_t slot)
{
    while (image->code[slot].op == AZB_OP_SETTING || image->code[slot].op == AZB_OP_TEXT)
        slot = image->code[slot].a;
    return image->code[slot].kind == AZB_LIST;
}

static const char *range_of(struct azc_page *page, const struct azg_setting *setting, uint32_t slot)
{
    const struct azq_bounds bounds = azq_bounds(page->prover, slot, BUDGET);
    struct range range = {page,
                          {.kind = (uint8_t)setting->kind, .unit = setting->unit},
                          &bounds,
                          aza_arena_sink(&page->build->arena)};
    if (!bounds.may_have_value) {
        aza_put(&range.text, "never set");
        return range.text.data;
    }
    if (azb_is_number(setting->kind) || setting->kind == AZB_BOOL)
        put_numbers(&range);
    else if (is_list(&page->image, slot) || page->image.code[slot].kind == AZB_LIST)
        aza_put(&range.text, "made at start");
    else
        put_names(&range);
    aza_put(&range.text, bounds.may_have_none ? ", or not set" : "");
    return range.text.data;
}

/* ---- which name stands for a setting ---- */

static bool leads_to_live(const struct azc_page *page, const struct azs_config *config)
{
    const struct azs_config *live = page->build->program->live;
    while (live != NULL && live != config)
        live = live->parent;
    return live != NULL;
}

/* The config whose `set` of it wins in the config: that itself, or the nearest that it extends. */
static const struct azs_config *deciding(const struct azs_config *config,
                                         const struct azs_setting *own)
{
    for (const struct azs_config *at = config; at != NULL; at = at->parent)
        for (size_t i = 0; i < at->settings.count; i++)
            if (at->settings.items[i]->setting == own->setting)
                return at;
    return config;
}

static const char *page_name(struct azc_page *page, const struct azs_config *config,
                             const struct azs_setting *own)
{
    return leads_to_live(page, config)
               ? own->setting->name
               : aza_format(&page->build->arena, "%s.%s", config->symbol->name, own->setting->name);
}

/* ---- one setting ---- */

static void put_rules(struct azc_page *page, const struct azs_setting *own)
{
    bool any_doc = false;
    for (size_t i = 0; i < own->sets.count; i++)
        any_doc |= own->sets.items[i].item->doc != NULL;
    if (!any_doc) {
        azc_put_prose(&page->sink, own->setting->summary);
        aza_put(&page->sink, "\n\n");
    }
    for (size_t i = 0; i < own->sets.count; i++) {
        const struct azs_set *set = &own->sets.items[i];
        const char *when = aze_path_text(&page->build->context, set->path);
        const char *source = azc_source_of(page, set->item->place);
        azc_put_doc(page, set->item->doc);
        azc_put_block(&page->sink, "azr",
                      when == NULL ? source
                                   : aza_format(&page->build->arena, "when %s {\n    %s\n}", when,
                                                azc_indented(page, source)));
        aza_put_char(&page->sink, '\n');
    }
}

static void put_range(struct azc_page *page, const struct azs_setting *own, uint32_t name)
{
    const struct azb_instruction *code = &page->image.code[page->image.names[name].slot];
    AZA_PUT(&page->sink, "- Value: ", page->ranges[name]);
    if (code->op == AZB_OP_SETTING && azb_is_number(own->setting->kind)) {
        struct aza_sink text = aza_arena_sink(&page->build->arena);
        azv_put_bounds(&text, &page->values, &page->image.settings[code->immediate]);
        aza_put(&page->sink, "; the server allows ");
        azc_put_code(&page->sink, text.data);
    }
    aza_put_char(&page->sink, '\n');
}

static void put_setting(struct azc_page *page, const struct azs_config *config,
                        const struct azs_setting *own)
{
    const struct azs_config *wins =
        deciding(leads_to_live(page, config) ? page->build->program->live : config, own);
    const char *name = page_name(page, config, own);
    const uint32_t entry = azc_page_name(page, AZB_NAME_SETTING, name);
    if (wins != config || entry == AZB_NONE) {
        azc_put_heading(page, 4, config->symbol->name, name);
        put_rules(page, own);
        aza_put(&page->sink, "- Set again, and decided, in config ");
        azc_put_code(&page->sink, wins->symbol->name);
        AZA_PUT(&page->sink, ": [here](#setting-", name, ")\n");
        azc_put_written(page, own->sets.items[0].item->place);
        return;
    }
    azc_put_heading(page, 4, "setting", name);
    put_rules(page, own);
    put_range(page, own, entry);
    AZA_PUT(&page->sink, "- Changes at ", contexts[context_of(own->setting)].sentence);
    if (own->setting->unit_word != NULL)
        AZA_PUT(&page->sink, "; a bare number counts ", own->setting->unit_word);
    aza_put_char(&page->sink, '\n');
    azc_put_uses(page, entry);
    azc_put_users(page, entry, NULL);
    for (size_t i = 0; i < own->sets.count; i++)
        azc_put_written(page, own->sets.items[i].item->place);
}

/* ---- config by config ---- */

static void put_leaving(struct azc_page *page, const struct azs_config *config)
{
    const struct azs_program *program = page->build->program;
    for (size_t i = 0; i < program->emits.count; i++) {
        const struct azp_item *emit = program->emits.items[i];
        if (emit->other.text == NULL || !aza_text_is(emit->other.text, config->symbol->name))
            continue;
        const bool flags = emit == program->live_emit;
        aza_put(&page->sink, flags ? "\nWith all that it extends it leaves as `-c` flags of "
                                   : "\nWith all that it extends it is also written to ");
        azc_put_code(&page->sink, emit->name.text);
        aza_put(&page->sink, flags ? ", which win over its configuration files. An operator's own "
                                     "`-c`\nand `POSTGRES_SETTINGS` win over them.\n"
                                   : ".\n");
    }
}

static void put_config(struct azc_page *page, const struct azs_config *config)
{
    azc_put_heading(page, 3, "config", config->symbol->name);
    azc_put_doc(page, config->item->doc);
    aza_put(&page->sink, "Settings of ");
    azc_put_code(&page->sink, config->item->of.text);
    if (config->parent != NULL)
        AZA_PUT(&page->sink, ", on top of [`", config->parent->symbol->name, "`](#config-",
                config->parent->symbol->name, ")");
    aza_put(&page->sink, ", in ");
    azc_put_code(&page->sink, azc_path_of(page, config->item->place));
    aza_put(&page->sink, ".\n");
    put_leaving(page, config);
    for (size_t i = 0; i < config->lets.count; i++)
        azc_put_let(page, 4, config->lets.items[i]);
    for (size_t i = 0; i < config->settings.count; i++)
        put_setting(page, config, config->settings.items[i]);
}

void azc_put_settings(struct azc_page *page)
{
    const struct azs_program *program = page->build->program;
    if (program->configs.count == 0)
        return;
    azc_put_section(page, "Settings", "each with its rule, config by config");
    for (size_t i = 0; i < program->configs.count; i++)
        put_config(page, program->configs.items[i]);
}

void azc_find_ranges(struct azc_page *page)
{
    const struct azs_program *program = page->build->program;
    for (size_t c = 0; c < program->configs.count; c++)
        for (size_t i = 0; i < program->configs.items[c]->settings.count; i++) {
            const struct azs_config *config = program->configs.items[c];
            const struct azs_setting *own = config->settings.items[i];
            const uint32_t name =
                azc_page_name(page, AZB_NAME_SETTING, page_name(page, config, own));
            if (name == AZB_NONE || page->ranges[name] != NULL)
                continue;
            page->listed[name] = true;
            page->ranges[name] = range_of(page, own->setting, page->image.names[name].slot);
        }
}

void azc_put_index(struct azc_page *page)
{
    const struct azs_program *program = page->build->program;
    if (page->image.output_count == 0)
        return;
    azc_put_section(page, "Overview", "every setting by name, and what it may be");
    aza_put(&page->sink, "\n| setting | value | may change at | config |\n"
                         "| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < page->image.setting_count; i++) {
        const char *name = azb_string(&page->image, page->image.settings[i].name);
        const uint32_t entry = azc_page_name(page, AZB_NAME_SETTING, name);
        const struct azs_setting *own = azs_find_setting(program->live, name);
        if (entry == AZB_NONE || own == NULL)
            continue;
        const char *config = deciding(program->live, own)->symbol->name;
        AZA_PUT(&page->sink, "| [`", name, "`](#setting-", name, ") | ", page->ranges[entry], " | ",
                contexts[context_of(own->setting)].word, " | [`", config, "`](#config-", config,
                ") |\n");
    }
}
