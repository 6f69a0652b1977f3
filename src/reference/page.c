/* Elements of every section: headings, doc comments, source text, links between names, values.
 *
 * Source text is copied from the rules, with the indentation of its first line removed from the
 * others. Links follow the USES notes of the image in both directions: the notes of a name are what
 * it uses, and its users are found by a search through the notes of all names. A name without an
 * entry (`listed`) is written as code without a link. */
#include <string.h>

#include "reference/parts.h"

static const char *const class_words[] = {[IMAGE_NAME_INPUT] = "input",
                                          [IMAGE_NAME_LET] = "let",
                                          [IMAGE_NAME_SETTING] = "setting",
                                          [IMAGE_NAME_CHECK] = "invariant"};

void reference_put_section(struct reference_page *page, const char *title, const char *about)
{
    BASE_PUT(&page->contents, "- [", title, "](#section-", title, "): ", about, "\n");
    BASE_PUT(&page->sink, "\n## <a id=\"section-", title, "\"></a>", title, "\n\n");
    base_put_char(&page->sink, (char)(*about - 'a' + 'A'));
    BASE_PUT(&page->sink, about + 1, ".\n");
}

void reference_put_heading(struct reference_page *page, int level, const char *class,
                           const char *name)
{
    base_put_char(&page->sink, '\n');
    while (level-- > 0)
        base_put_char(&page->sink, '#');
    BASE_PUT(&page->sink, " <a id=\"", class, "-", name, "\"></a>");
    markdown_put_code(&page->sink, name);
    base_put(&page->sink, "\n\n");
}

void reference_put_doc(struct reference_page *page, const char *doc)
{
    if (doc == NULL || *doc == '\0')
        return;
    markdown_put_prose(&page->sink, doc);
    base_put(&page->sink, "\n\n");
}

/* The width of the indentation of the line that contains a byte. */
static size_t indent_of_line(const char *text, uint32_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return strspn(text + at, " \t");
}

const char *reference_source_of(struct reference_page *page, struct base_place place)
{
    const char *text = page->build->sources.files[place.file].text;
    const char *at = text + place.start, *end = at + place.length;
    const size_t indent = indent_of_line(text, place.start);
    struct base_sink sink = base_arena_sink(&page->build->arena);
    while (at < end) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *next = newline == NULL ? end : newline + 1;
        base_put_bytes(&sink, at, (size_t)(next - at));
        const size_t blanks = strspn(next, " \t");
        at = next + (blanks < indent ? blanks : indent);
    }
    return sink.data;
}

const char *reference_indented(struct reference_page *page, const char *text)
{
    struct base_sink sink = base_arena_sink(&page->build->arena);
    for (; *text != '\0'; text++) {
        base_put_char(&sink, *text);
        base_put(&sink, *text == '\n' && text[1] != '\n' ? "    " : "");
    }
    return sink.data;
}

void reference_put_definition(struct reference_page *page, const struct syntax_item *item)
{
    reference_put_doc(page, item->doc);
    markdown_put_block(&page->sink, "azr", reference_source_of(page, item->place));
    base_put_char(&page->sink, '\n');
}

const char *reference_path_of(const struct reference_page *page, struct base_place place)
{
    const char *path = page->build->sources.files[place.file].path;
    const char *main = page->build->program->main_path, *slash = strrchr(main, '/');
    const size_t length = slash == NULL ? 0 : (size_t)(slash + 1 - main);
    return *main == '/' && strncmp(path, main, length) == 0 ? path + length : path;
}

void reference_put_place(struct reference_page *page, struct base_place place)
{
    uint32_t line;
    base_locate(&page->build->sources, place.file, place.start, &line, NULL);
    markdown_put_cell_code(
        &page->sink,
        base_format(&page->build->arena, "%s:%u", reference_path_of(page, place), (unsigned)line));
}

void reference_put_written(struct reference_page *page, struct base_place place)
{
    base_put(&page->sink, "- Defined in ");
    reference_put_place(page, place);
    base_put_char(&page->sink, '\n');
}

void reference_put_text_code(struct reference_page *page, struct base_place place)
{
    markdown_put_code(&page->sink, syntax_text_of(&page->build->context, place));
}

void reference_put_value_code(struct reference_page *page, unsigned kind, int64_t value)
{
    struct base_sink text = base_arena_sink(&page->build->arena);
    vm_put_value(&text, &page->values, kind, value);
    markdown_put_code(&page->sink, text.data);
}

uint32_t reference_find_name(const struct reference_page *page, enum image_name_class class,
                             const char *name)
{
    for (uint32_t n = 0; n < page->image.name_count; n++)
        if (page->image.names[n].class == class &&
            base_text_is(image_string(&page->image, page->image.names[n].name), name))
            return n;
    return IMAGE_NONE;
}

/* --- links --- */

static const char *page_string(const struct reference_page *page, uint32_t offset)
{
    return image_string(&page->image, offset);
}

/* Index in NAMES of what a USES note uses, or IMAGE_NONE. */
static uint32_t used_name(const struct reference_page *page, const struct image_note *note)
{
    const struct image_instruction *code = &page->image.code[note->a];
    if (note->b == IMAGE_NONE && code->op == IMAGE_OP_INPUT)
        return page->image.inputs[code->immediate].name_entry;
    return note->b;
}

/* The table that "workload.share" reads a column of: "workload"; or null. */
static const char *used_table(const struct reference_page *page, const struct image_note *note)
{
    const char *text = page_string(page, note->text), *dot = strchr(text, '.');
    if (note->b != IMAGE_NONE || dot == NULL)
        return NULL;
    const char *table = base_intern(&page->build->names, text, (size_t)(dot - text));
    const struct sema_symbol *symbol = sema_find(page->build->program, table);
    return symbol != NULL && (symbol->class == SEMA_TIERS || symbol->class == SEMA_INPUT) ? table
                                                                                          : NULL;
}

static void put_link(struct reference_page *page, const char *text, const char *class,
                     const char *name)
{
    base_put_char(&page->sink, '[');
    markdown_put_code(&page->sink, text);
    BASE_PUT(&page->sink, "](#", class, "-", name, ")");
}

static void put_name_link(struct reference_page *page, const char *text, uint32_t name)
{
    const struct image_name *entry = &page->image.names[name];
    if (page->listed[name])
        put_link(page, text, class_words[entry->class], page_string(page, entry->name));
    else
        markdown_put_code(&page->sink, text);
}

void reference_put_uses(struct reference_page *page, uint32_t name)
{
    const struct image_name *entry = &page->image.names[name];
    const char *before = "- Uses ";
    for (uint32_t i = entry->notes; i < entry->notes + entry->note_count; i++) {
        const struct image_note *note = &page->image.notes[i];
        if (note->class != IMAGE_NOTE_USES)
            continue;
        const char *text = page_string(page, note->text), *table = used_table(page, note);
        const uint32_t used = used_name(page, note);
        base_put(&page->sink, before);
        if (table != NULL)
            put_link(page, text, "table", table);
        else if (used != IMAGE_NONE)
            put_name_link(page, text, used);
        else
            markdown_put_code(&page->sink, text);
        before = ", ";
    }
    base_put(&page->sink, *before == ',' ? "\n" : "");
}

/* Whether two entries in NAMES are the same name: a value of a config has an entry for each config
 * in which it was evaluated. */
static bool is_same_name(const struct reference_page *page, uint32_t a, uint32_t b)
{
    const struct image_name *one = &page->image.names[a], *other = &page->image.names[b];
    return one->class == other->class && one->name == other->name;
}

/* Whether a note refers to a name, or to a column of a table. */
static bool is_use_of(const struct reference_page *page, const struct image_note *note,
                      uint32_t name, const char *table)
{
    if (note->class != IMAGE_NOTE_USES)
        return false;
    const char *read = used_table(page, note);
    const uint32_t used = used_name(page, note);
    return (name != IMAGE_NONE && used != IMAGE_NONE && is_same_name(page, name, used)) ||
           (table != NULL && read != NULL && base_text_is(table, read));
}

static bool is_user(const struct reference_page *page, uint32_t user, uint32_t name,
                    const char *table)
{
    const struct image_name *entry = &page->image.names[user];
    for (uint32_t i = entry->notes; i < entry->notes + entry->note_count; i++)
        if (is_use_of(page, &page->image.notes[i], name, table))
            return true;
    return false;
}

/* Whether the page has listed the name already, under an earlier entry. */
static bool has_earlier_entry(const struct reference_page *page, uint32_t name)
{
    for (uint32_t n = 0; n < name; n++)
        if (is_same_name(page, n, name))
            return true;
    return false;
}

void reference_put_users(struct reference_page *page, uint32_t name, const char *table)
{
    const char *before = "- Used by ";
    for (uint32_t n = 0; n < page->image.name_count; n++) {
        if (!page->listed[n] || !is_user(page, n, name, table) || has_earlier_entry(page, n))
            continue;
        base_put(&page->sink, before);
        put_name_link(page, page_string(page, page->image.names[n].name), n);
        before = ", ";
    }
    base_put(&page->sink, *before == ',' ? "\n" : "");
}
