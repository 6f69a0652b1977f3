/* The section Settings: the possible values of each setting, proved over every machine, its rule,
 * and when a change takes effect; and the overview of all settings.
 *
 * Settings are listed under the config that sets them. The config that is passed to the server
 * ("live") and its parents share names: each setting has one entry, in the config whose `set`
 * applies, and the others refer to it. Settings of other configs are named CONFIG.SETTING, as in
 * the image. Ranges are computed once, before any section, because two sections show them. */
#include <string.h>

#include "reference/parts.h"
#include "vm/quantity.h"

enum {
    BUDGET = 160
}; /* boxes per range; a rule that needs more is too complex to be summarised by a range */

/* When a change of a setting takes effect: the server's context, a word for the overview, a phrase.
 */
static const struct {
    const char *context, *word, *sentence;
} contexts[] = {
    {"postmaster", "restart", "restart only"},
    {"sighup", "reload", "reload"},
    {"superuser", "session", "reload; a superuser can set it for one session"},
    {"user", "session", "reload; any user can set it for one session"},
    {"superuser-backend", "new session", "reload, for new sessions"},
    {"backend", "new session", "reload, for new sessions"},
    {"restart", "restart", "restart only"},
    {"reload", "reload", "reload"},
};
enum { CONTEXTS = sizeof contexts / sizeof *contexts };

static size_t context_of(const struct catalog_setting *setting)
{
    size_t at = 0;
    while (at + 1 < CONTEXTS && !base_text_is(contexts[at].context, setting->context))
        at++;
    return at;
}

/* --- ranges --- */

struct range {
    struct reference_page *page;
    struct image_setting row;
    const struct prove_bounds *bounds;
    struct base_sink text;
};

static void put_range_value(struct range *range, int64_t value)
{
    struct base_sink text = base_arena_sink(&range->page->build->arena);
    vm_put_setting(&text, &range->page->values, &range->row, value);
    markdown_put_cell_code(&range->text, text.data);
}

/* "A to B" if both occur, "between A and B" if they are only proved bounds. */
static void put_number_range(struct range *range)
{
    const struct prove_bounds *bounds = range->bounds;
    const bool met = bounds->low_is_met && bounds->high_is_met;
    if (bounds->low == bounds->high) {
        base_put(&range->text, "always ");
        put_range_value(range, bounds->low);
        return;
    }
    base_put(&range->text, met || range->row.kind == IMAGE_BOOL ? "" : "between ");
    put_range_value(range, bounds->low);
    base_put(&range->text, range->row.kind == IMAGE_BOOL ? " or " : met ? " to " : " and ");
    put_range_value(range, bounds->high);
}

/* "A, B or C": the members that may occur. */
static void put_word_range(struct range *range)
{
    const struct prove_bounds *bounds = range->bounds;
    const int count = __builtin_popcountll(bounds->may);
    int put = 0;
    if (bounds->may_be_other || count == 0) {
        base_put(&range->text, "computed at start");
        return;
    }
    base_put(&range->text, count == 1 ? "always " : "");
    for (uint32_t i = 0; i < bounds->name_count; i++)
        if (bounds->may & UINT64_C(1) << i) {
            base_put(&range->text, put == 0 ? "" : put + 1 == count ? " or " : ", ");
            markdown_put_cell_code(&range->text, bounds->names[i]);
            put++;
        }
}

/* Whether the value is made from a list. It becomes a text only in the output, and the prover has
 * no ranges of lists. */
static bool is_list_slot(const struct image *image, uint32_t slot)
{
    while (image->code[slot].op == IMAGE_OP_SETTING || image->code[slot].op == IMAGE_OP_TEXT)
        slot = image->code[slot].a;
    return image->code[slot].kind == IMAGE_LIST;
}

/* The possible values of a setting, in Markdown. */
static const char *range_of(struct reference_page *page, const struct catalog_setting *setting,
                            uint32_t slot)
{
    const struct prove_bounds bounds = prove_bounds(page->prover, slot, BUDGET);
    struct range range = {page,
                          {.kind = (uint8_t)setting->kind, .unit = setting->unit},
                          &bounds,
                          base_arena_sink(&page->build->arena)};
    if (!bounds.may_have_value) {
        base_put(&range.text, "never set");
        return range.text.data;
    }
    if (image_is_number(setting->kind) || setting->kind == IMAGE_BOOL)
        put_number_range(&range);
    else if (is_list_slot(&page->image, slot) || page->image.code[slot].kind == IMAGE_LIST)
        base_put(&range.text, "computed at start");
    else
        put_word_range(&range);
    base_put(&range.text, bounds.may_have_none ? ", or not set" : "");
    return range.text.data;
}

/* --- the name of a setting --- */

/* Whether the live config is this one or extends it. */
static bool leads_to_live(const struct reference_page *page, const struct sema_config *config)
{
    const struct sema_config *live = page->build->program->live;
    while (live != NULL && live != config)
        live = live->parent;
    return live != NULL;
}

/* The config whose `set` applies in `config`: itself, or the nearest one that it extends. */
static const struct sema_config *deciding_config(const struct sema_config *config,
                                                 const struct sema_setting *own)
{
    for (const struct sema_config *at = config; at != NULL; at = at->parent)
        for (size_t i = 0; i < at->settings.count; i++)
            if (at->settings.items[i]->setting == own->setting)
                return at;
    return config;
}

/* The name of a setting in the image, which is also its anchor on the page. */
static const char *setting_page_name(struct reference_page *page, const struct sema_config *config,
                                     const struct sema_setting *own)
{
    return leads_to_live(page, config) ? own->setting->name
                                       : base_format(&page->build->arena, "%s.%s",
                                                     config->symbol->name, own->setting->name);
}

/* --- one setting --- */

/* Every `set` of the config with its doc comment; the catalogue's summary if none has one. */
static void put_setting_rules(struct reference_page *page, const struct sema_setting *own)
{
    bool any_doc = false;
    for (size_t i = 0; i < own->sets.count; i++)
        any_doc |= own->sets.items[i].item->doc != NULL;
    if (!any_doc) {
        markdown_put_prose(&page->sink, own->setting->summary);
        base_put(&page->sink, "\n\n");
    }
    for (size_t i = 0; i < own->sets.count; i++) {
        const struct sema_set *set = &own->sets.items[i];
        const char *when = eval_path_text(&page->build->context, set->path);
        const char *source = reference_source_of(page, set->item->place);
        reference_put_doc(page, set->item->doc);
        markdown_put_block(&page->sink, "azr",
                           when == NULL ? source
                                        : base_format(&page->build->arena, "when %s {\n    %s\n}",
                                                      when, reference_indented(page, source)));
        base_put_char(&page->sink, '\n');
    }
}

static void put_setting_range(struct reference_page *page, const struct sema_setting *own,
                              uint32_t name)
{
    const struct image_instruction *code = &page->image.code[page->image.names[name].slot];
    BASE_PUT(&page->sink, "- Value: ", page->ranges[name]);
    if (code->op == IMAGE_OP_SETTING && image_is_number(own->setting->kind)) {
        struct base_sink text = base_arena_sink(&page->build->arena);
        vm_put_bounds(&text, &page->values, &page->image.settings[code->immediate]);
        base_put(&page->sink, "; the server allows ");
        markdown_put_code(&page->sink, text.data);
    }
    base_put_char(&page->sink, '\n');
}

static void put_setting_entry(struct reference_page *page, const struct sema_config *config,
                              const struct sema_setting *own)
{
    const struct sema_config *wins =
        deciding_config(leads_to_live(page, config) ? page->build->program->live : config, own);
    const char *name = setting_page_name(page, config, own);
    const uint32_t entry = reference_find_name(page, IMAGE_NAME_SETTING, name);
    if (wins != config || entry == IMAGE_NONE) {
        reference_put_heading(page, 4, config->symbol->name, name);
        put_setting_rules(page, own);
        base_put(&page->sink, "- Overridden in config ");
        markdown_put_code(&page->sink, wins->symbol->name);
        BASE_PUT(&page->sink, ": [here](#setting-", name, ")\n");
        reference_put_written(page, own->sets.items[0].item->place);
        return;
    }
    reference_put_heading(page, 4, "setting", name);
    put_setting_rules(page, own);
    put_setting_range(page, own, entry);
    BASE_PUT(&page->sink, "- Takes effect on ", contexts[context_of(own->setting)].sentence);
    if (own->setting->unit_word != NULL)
        BASE_PUT(&page->sink, "; a bare number is in ", own->setting->unit_word);
    base_put_char(&page->sink, '\n');
    reference_put_uses(page, entry);
    reference_put_users(page, entry, NULL);
    for (size_t i = 0; i < own->sets.count; i++)
        reference_put_written(page, own->sets.items[i].item->place);
}

/* --- configs --- */

/* Where the config goes: flags of the server, or files. */
static void put_destinations(struct reference_page *page, const struct sema_config *config)
{
    const struct sema_program *program = page->build->program;
    for (size_t i = 0; i < program->emits.count; i++) {
        const struct syntax_item *emit = program->emits.items[i];
        if (emit->other.text == NULL || !base_text_is(emit->other.text, config->symbol->name))
            continue;
        const bool flags = emit == program->live_emit;
        base_put(&page->sink, flags
                                  ? "\nTogether with the configs it extends, it is passed as `-c` "
                                    "flags to "
                                  : "\nTogether with the configs it extends, it is also "
                                    "written to ");
        markdown_put_code(&page->sink, emit->name.text);
        base_put(&page->sink, flags ? ", which override its\nconfiguration files. The operator's "
                                      "own `-c` and `POSTGRES_SETTINGS` override them.\n"
                                    : ".\n");
    }
}

static void put_config(struct reference_page *page, const struct sema_config *config)
{
    reference_put_heading(page, 3, "config", config->symbol->name);
    reference_put_doc(page, config->item->doc);
    base_put(&page->sink, "Settings of ");
    markdown_put_code(&page->sink, config->item->of.text);
    if (config->parent != NULL)
        BASE_PUT(&page->sink, ", extending [`", config->parent->symbol->name, "`](#config-",
                 config->parent->symbol->name, ")");
    base_put(&page->sink, ", in ");
    markdown_put_code(&page->sink, reference_path_of(page, config->item->place));
    base_put(&page->sink, ".\n");
    put_destinations(page, config);
    for (size_t i = 0; i < config->lets.count; i++)
        reference_put_let(page, 4, config->lets.items[i]);
    for (size_t i = 0; i < config->settings.count; i++)
        put_setting_entry(page, config, config->settings.items[i]);
}

void reference_put_settings(struct reference_page *page)
{
    const struct sema_program *program = page->build->program;
    if (program->configs.count == 0)
        return;
    reference_put_section(page, "Settings", "each with its rule, config by config");
    for (size_t i = 0; i < program->configs.count; i++)
        put_config(page, program->configs.items[i]);
}

void reference_find_ranges(struct reference_page *page)
{
    const struct sema_program *program = page->build->program;
    for (size_t c = 0; c < program->configs.count; c++)
        for (size_t i = 0; i < program->configs.items[c]->settings.count; i++) {
            const struct sema_config *config = program->configs.items[c];
            const struct sema_setting *own = config->settings.items[i];
            const uint32_t name =
                reference_find_name(page, IMAGE_NAME_SETTING, setting_page_name(page, config, own));
            if (name == IMAGE_NONE || page->ranges[name] != NULL)
                continue;
            page->listed[name] = true;
            page->ranges[name] = range_of(page, own->setting, page->image.names[name].slot);
        }
}

void reference_put_index(struct reference_page *page)
{
    const struct sema_program *program = page->build->program;
    if (page->image.output_count == 0)
        return;
    reference_put_section(page, "Overview", "every setting by name, with its possible values");
    base_put(&page->sink, "\n| setting | value | takes effect on | config |\n"
                          "| --- | --- | --- | --- |\n");
    for (uint32_t i = 0; i < page->image.setting_count; i++) {
        const char *name = image_string(&page->image, page->image.settings[i].name);
        const uint32_t entry = reference_find_name(page, IMAGE_NAME_SETTING, name);
        const struct sema_setting *own = sema_find_setting(program->live, name);
        if (entry == IMAGE_NONE || own == NULL)
            continue;
        const char *config = deciding_config(program->live, own)->symbol->name;
        BASE_PUT(&page->sink, "| [`", name, "`](#setting-", name, ") | ", page->ranges[entry],
                 " | ", contexts[context_of(own->setting)].word, " | [`", config, "`](#config-",
                 config, ") |\n");
    }
}
