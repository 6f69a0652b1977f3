/* The renderers, one small function each: they are called once per setting, between an opening and
 * a closing line. */
#include "settings/settings.h"
#include "vm/quote.h"

enum {
    REASON_WIDTH = 72,    /* characters of the table's last column */
    VALUE_WIDTH_MAX = 32, /* beyond this a value pushes its reason aside, not everybody's */
    NAME_BYTES_MAX = 256, /* a setting's name: the server's own are at most 63 */
    VALUE_BYTES_MAX = LIMIT_TEXT_VALUE,
};

struct renderer {
    const struct settings_view *view;
    struct base_sink *sink;
    size_t name_width, value_width; /* of the table's columns */
    bool first;
};

/* One setting with its name and value as terminated text. */
struct line {
    struct settings_item item;
    char name[NAME_BYTES_MAX], value[VALUE_BYTES_MAX];
};

static bool next_line(const struct settings_view *view, uint32_t *cursor, struct line *line)
{
    if (!settings_next(view, cursor, &line->item))
        return false;
    struct base_sink name = BASE_SINK(line->name), value = BASE_SINK(line->value);
    line->name[0] = line->value[0] = '\0';
    base_put_span(&name, line->item.name);
    settings_put_value(&value, view, &line->item);
    return true;
}

static void put_quoted(struct base_sink *sink, enum vm_quote quote, const char *text)
{
    vm_put_quoted(sink, quote, base_span_of(text));
}

/* --- table --- */

static size_t width_of(const char *text)
{
    return base_text_width(text, base_span_of(text).length);
}

/* What of a text the column has room for, without cutting a word where that can be. */
static size_t fitting(struct base_span text)
{
    size_t width = 0, whole = 0;
    for (size_t i = 0; i < text.length; i++) {
        const bool begins = ((unsigned char)text.start[i] & 0xc0) != 0x80;
        if (text.start[i] == ' ' || text.start[i] == '\n')
            whole = i;
        if (begins && width++ == REASON_WIDTH)
            return whole > 0 ? whole : i;
    }
    return text.length;
}

/* The text on one line. */
static void put_reason(struct base_sink *sink, struct base_span text)
{
    const size_t length = fitting(text);
    for (size_t i = 0; i < length; i++)
        base_put_char(sink, (char)(text.start[i] == '\n' ? ' ' : text.start[i]));
    base_put(sink, length < text.length ? " ..." : "");
}

static struct base_span first_sentence(const char *text)
{
    const struct base_span all = base_span_of(text);
    for (size_t i = 0; i + 1 < all.length; i++)
        if (text[i] == '.' && (text[i + 1] == ' ' || text[i + 1] == '\n'))
            return (struct base_span){text, i + 1};
    return all;
}

/* Who said it, or what it is for in the rules' own words; of what has none, the formula. */
static struct base_span reason_of(const struct settings_view *view, const struct line *line)
{
    const struct image *image = view->machine->image;
    if (line->item.layer != VM_RULES)
        return base_span_of(settings_layer_word(line->item.layer));
    const struct image_name *name = &image->names[image->outputs[line->item.output].name];
    const char *doc = image_string(image, name->doc);
    return *doc != '\0' ? first_sentence(doc) : base_span_of(image_string(image, name->formula));
}

static void measure(struct renderer *r)
{
    struct line line;
    for (uint32_t cursor = 0; next_line(r->view, &cursor, &line);) {
        const size_t name = width_of(line.name), value = width_of(line.value);
        if (name > r->name_width)
            r->name_width = name;
        if (value > r->value_width && value <= VALUE_WIDTH_MAX)
            r->value_width = value;
    }
}

static void put_table_line(struct renderer *r, const struct line *line)
{
    base_put(r->sink, line->name);
    base_put_padding(r->sink, width_of(line->name), r->name_width);
    BASE_PUT(r->sink, "  ", line->value);
    base_put_padding(r->sink, width_of(line->value), r->value_width);
    base_put(r->sink, "  ");
    put_reason(r->sink, reason_of(r->view, line));
    base_put_char(r->sink, '\n');
}

/* --- the other formats --- */

static void open_conf(struct renderer *r)
{
    const struct image *image = r->view->machine->image;
    BASE_PUT(r->sink, "# written by azc from ", image_string(image, image->header->rules),
             "; do not edit\n");
}

static void put_conf_line(struct renderer *r, const struct line *line)
{
    BASE_PUT(r->sink, line->name, " = ");
    put_quoted(r->sink, VM_QUOTE_CONF, line->value);
    base_put_char(r->sink, '\n');
}

static void put_flag_line(struct renderer *r, const struct line *line)
{
    char flag[NAME_BYTES_MAX + VALUE_BYTES_MAX];
    struct base_sink sink = BASE_SINK(flag);
    BASE_PUT(&sink, line->name, "=", line->value);
    base_put(r->sink, "-c ");
    put_quoted(r->sink, VM_QUOTE_SHELL, flag);
    base_put_char(r->sink, '\n');
}

static void open_json(struct renderer *r)
{
    base_put_char(r->sink, '{');
}

static void put_json_line(struct renderer *r, const struct line *line)
{
    base_put(r->sink, r->first ? "\n  " : ",\n  ");
    base_put_json(r->sink, line->name);
    base_put(r->sink, ": ");
    base_put_json(r->sink, line->value);
}

static void close_json(struct renderer *r)
{
    base_put(r->sink, r->first ? "}\n" : "\n}\n");
}

/* A list is said name by name: as one literal the server would take it for one long name. */
static void put_sql_list(struct renderer *r, const struct line *line)
{
    struct base_span rest = base_span_of(line->value), name;
    for (bool first = true; base_list_next(&rest, &name); first = false) {
        char text[VALUE_BYTES_MAX];
        struct base_sink sink = BASE_SINK(text);
        const bool quoted =
            name.length > 1 && name.start[0] == '"' && name.start[name.length - 1] == '"';
        base_put_bytes(&sink, name.start + quoted, name.length - (quoted ? 2 : 0));
        base_put(r->sink, first ? "" : ", ");
        put_quoted(r->sink, VM_QUOTE_SQL, text);
    }
}

static void put_sql_line(struct renderer *r, const struct line *line)
{
    const uint32_t setting = line->item.setting;
    const bool list =
        setting != IMAGE_NONE && r->view->machine->image->settings[setting].kind == IMAGE_LIST;
    if (list && line->value[0] == '\0') {
        BASE_PUT(r->sink, "ALTER SYSTEM RESET ", line->name, ";\n");
        return;
    }
    BASE_PUT(r->sink, "ALTER SYSTEM SET ", line->name, " = ");
    if (list)
        put_sql_list(r, line);
    else
        put_quoted(r->sink, VM_QUOTE_SQL, line->value);
    base_put(r->sink, ";\n");
}

/* --- all of them --- */

static void nothing(struct renderer *r)
{
    (void)r;
}

static const struct format {
    const char *word;
    void (*open)(struct renderer *);
    void (*put)(struct renderer *, const struct line *);
    void (*close)(struct renderer *);
} formats[SETTINGS_FORMATS] = {
#define X(name, word, opening, line, closing) {word, opening, line, closing},
#include "settings/formats.def"
#undef X
};

void settings_put(struct base_sink *sink, enum settings_format format,
                  const struct settings_view *view)
{
    const struct format *chosen = &formats[format];
    struct renderer renderer = {.view = view, .sink = sink, .first = true};
    struct line line;
    chosen->open(&renderer);
    for (uint32_t cursor = 0; next_line(view, &cursor, &line); renderer.first = false)
        chosen->put(&renderer, &line);
    chosen->close(&renderer);
}

enum settings_format settings_find_format(const char *word)
{
    enum settings_format found = SETTINGS_TABLE;
    if (base_text_is(word, "text"))
        return SETTINGS_TABLE;
    while (found < SETTINGS_FORMATS && !base_text_is(word, formats[found].word))
        found++;
    return found;
}
