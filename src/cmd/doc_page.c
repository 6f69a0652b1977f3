/* Pieces of every section: headings, links, places, values. */
#include <string.h>

#include "cmd/doc.h"

static const char *const class_words[] = {[AZB_NAME_INPUT] = "input",
                                          [AZB_NAME_LET] = "let",
                                          [AZB_NAME_SETTING] = "setting",
                                          [AZB_NAME_CHECK] = "invariant"};

void azc_put_section(struct azc_page *page, const char *title, const char *about)
{
    AZA_PUT(&page->contents, "- [", title, "](#section-", title, "): ", about, "\n");
    AZA_PUT(&page->sink, "\n## <a id=\"section-", title, "\"></a>", title, "\n\n");
    aza_put_char(&page->sink, (char)(*about - 'a' + 'A'));
    AZA_PUT(&page->sink, about + 1, ".\n");
}

void azc_put_heading(struct azc_page *page, int level, const char *class, const char *name)
{
    aza_put_char(&page->sink, '\n');
    while (level-- > 0)
        aza_put_char(&page->sink, '#');
    AZA_PUT(&page->sink, " <a id=\"", class, "-", name, "\"></a>");
    azc_put_code(&page->sink, name);
    aza_put(&page->sink, "\n\n");
}

void azc_put_doc(struct azc_page *page, const char *doc)
{
    if (doc == NULL || *doc == '\0')
        return;
    azc_put_prose(&page->sink, doc);
    aza_put(&page->sink, "\n\n");
}

/* Blanks at the start of the line that a byte stands in. */
static size_t indent_of(const char *text, uint32_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return strspn(text + at, " \t");
}

const char *azc_source_of(struct azc_page *page, struct aza_place place)
{
    const char *text = page->build->sources.files[place.file].text;
    const char *at = text + place.start, *end = at + place.length;
    const size_t indent = indent_of(text, place.start);
    struct aza_sink sink = aza_arena_sink(&page->build->arena);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline == NULL ? end : newline + 1;
        aza_put_bytes(&sink, at, (size_t)(next - at));
        const size_t blanks = strspn(next, " \t");
        at = next + (blanks < indent ? blanks : indent);
    }
    return sink.data == NULL ? "" : sink.data;
}

const char *azc_indented(struct azc_page *page, const char *text)
{
    struct aza_sink sink = aza_arena_sink(&page->build->arena);
    for (; *text != '\0'; text++) {
        aza_put_char(&sink, *text);
        aza_put(&sink, *text == '\n' && text[1] != '\n' ? "    " : "");
    }
    return sink.data == NULL ? "" : sink.data;
}

void azc_put_definition(struct azc_page *page, const struct azp_item *item)
{
    azc_put_doc(page, item->doc);
    azc_put_block(&page->sink, "azr", azc_source_of(page, item->place));
    aza_put_char(&page->sink, '\n');
}

const char *azc_path_of(const struct azc_page *page, struct aza_place place)
{
    const char *path = page->build->sources.files[place.file].path;
    const char *main = page->build->program->main_path, *slash = strrchr(main, '/');
    const size_t length = slash == NULL ? 0 : (size_t)(slash + 1 - main);
    return *main == '/' && strncmp(path, main, length) == 0 ? path + length : path;
}

void azc_put_place(struct azc_page *page, struct aza_place place)
{
    uint32_t line;
    aza_locate(&page->build->sources, place.file, place.start, &line, NULL);
    azc_put_cell_code(&page->sink, aza_format(&page->build->arena, "%s:%u",
                                              azc_path_of(page, place), (unsigned)line));
}

void azc_put_written(struct azc_page *page, struct aza_place place)
{
    aza_put(&page->sink, "- Written in ");
    azc_put_place(page, place);
    aza_put_char(&page->sink, '\n');
}

void azc_put_text_code(struct azc_page *page, struct aza_place place)
{
    azc_put_code(&page->sink, azp_text_of(&page->build->context, place));
}

void azc_put_value_code(struct azc_page *page, unsigned kind, int64_t value)
{
    struct aza_sink text = aza_arena_sink(&page->build->arena);
    azv_put_value(&text, &page->values, kind, value);
    azc_put_code(&page->sink, text.data == NULL ? "" : text.data);
}

uint32_t azc_page_name(const struct azc_page *page, enum azb_name_class class, const char *name)
{
    for (uint32_t n = 0; n < page->image.name_count; n++)
        if (page->image.names[n].class == class &&
            aza_text_is(azb_string(&page->image, page->image.names[n].name), name))
            return n;
    return AZB_NONE;
}

/* ---- links ---- */

static const char *string(const struct azc_page *page, uint32_t offset)
{
    return azb_string(&page->image, offset);
}

/* Index in NAMES of what a USES note uses, or AZB_NONE. */
static uint32_t used_name(const struct azc_page *page, const struct azb_note *note)
{
    const struct azb_instruction *code = &page->image.code[note->a];
    if (note->b == AZB_NONE && code->op == AZB_OP_INPUT)
        return page->image.inputs[code->immediate].name_entry;
    return note->b;
}

/* The table that "workload.share" reads a column of: "workload"; or null. */
static const char *used_table(const struct azc_page *page, const struct azb_note *note)
{
    const char *text = string(page, note->text), *dot = strchr(text, '.');
    if (note->b != AZB_NONE || dot == NULL)
        return NULL;
    const char *table = aza_intern(&page->build->names, text, (size_t)(dot - text));
    const struct azs_symbol *symbol = azs_find(page->build->program, table);
    return symbol != NULL && (symbol->class == AZS_TIERS || symbol->class == AZS_INPUT) ? table
                                                                                        : NULL;
}

static void put_link(struct azc_page *page, const char *text, const char *class, const char *name)
{
    aza_put_char(&page->sink, '[');
    azc_put_code(&page->sink, text);
    AZA_PUT(&page->sink, "](#", class, "-", name, ")");
}

static void put_name_link(struct azc_page *page, const char *text, uint32_t name)
{
    const struct azb_name *entry = &page->image.names[name];
    if (page->listed[name])
        put_link(page, text, class_words[entry->class], string(page, entry->name));
    else
        azc_put_code(&page->sink, text);
}

void azc_put_uses(struct azc_page *page, uint32_t name)
{
    const struct azb_name *entry = &page->image.names[name];
    const char *before = "- Uses ";
    for (uint32_t i = entry->notes; i < entry->notes + entry->note_count; i++) {
        const struct azb_note *note = &page->image.notes[i];
        if (note->class != AZB_NOTE_USES)
            continue;
        const char *text = string(page, note->text), *table = used_table(page, note);
        const uint32_t used = used_name(page, note);
        aza_put(&page->sink, before);
        if (table != NULL)
            put_link(page, text, "table", table);
        else if (used != AZB_NONE)
            put_name_link(page, text, used);
        else
            azc_put_code(&page->sink, text);
        before = ", ";
    }
    aza_put(&page->sink, *before == ',' ? "\n" : "");
}

/* A value of a config has an entry in NAMES for each config that it was worked out in. */
static bool is_same(const struct azc_page *page, uint32_t a, uint32_t b)
{
    const struct azb_name *one = &page->image.names[a], *other = &page->image.names[b];
    return one->class == other->class && one->name == other->name;
}

static bool uses(const struct azc_page *page, const struct azb_note *note, uint32_t name,
                 const char *table)
{
    if (note->class != AZB_NOTE_USES)
        return false;
    const char *read = used_table(page, note);
    const uint32_t used = used_name(page, note);
    return (name != AZB_NONE && used != AZB_NONE && is_same(page, name, used)) ||
           (table != NULL && read != NULL && aza_text_is(table, read));
}

static bool is_user(const struct azc_page *page, uint32_t user, uint32_t name, const char *table)
{
    const struct azb_name *entry = &page->image.names[user];
    for (uint32_t i = entry->notes; i < entry->notes + entry->note_count; i++)
        if (uses(page, &page->image.notes[i], name, table))
            return true;
    return false;
}

static bool is_repeated(const struct azc_page *page, uint32_t name)
{
    for (uint32_t n = 0; n < name; n++)
        if (is_same(page, n, name))
            return true;
    return false;
}

void azc_put_users(struct azc_page *page, uint32_t name, const char *table)
{
    const char *before = "- Used by ";
    for (uint32_t n = 0; n < page->image.name_count; n++) {
        if (!page->listed[n] || !is_user(page, n, name, table) || is_repeated(page, n))
            continue;
        aza_put(&page->sink, before);
        put_name_link(page, string(page, page->image.names[n].name), n);
        before = ", ";
    }
    aza_put(&page->sink, *before == ',' ? "\n" : "");
}
