/* What leaves: that an emit's moment, format and value go together. */
#include <string.h>

#include "document/document.h"
#include "sema/check.h"

static void check_flags(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_program *program = checker->program;
    struct azs_config *config = azs_find_config(checker, item->other.text);
    if (config == NULL) {
        azs_unknown_config(checker, AZD_UNKNOWN_NAME, item->other);
        return;
    }
    item->symbol = config->symbol;
    if (program->live_emit != NULL) {
        struct azd_diagnostic *twice = azd_report(checker->queue, AZD_TWO_LIVE, item->place,
                                                  "flags are emitted from one config only");
        azd_label(twice, program->live_emit->place, "first emitted here");
    }
    if (config->item->of.text != item->name.text)
        azd_report(checker->queue, AZD_BAD_PARENT, item->name.place, "`%s` is a config of %s",
                   item->other.text, config->item->of.text);
    program->live = config;
    program->live_emit = item;
}

static void check_format(struct azs_checker *checker, const struct azp_item *item)
{
    const char *formats[AZW_FORMATS + 1] = {"flags"};
    if (azw_find_format(item->of.text) != AZW_FORMATS)
        return;
    for (int i = 0; i < AZW_FORMATS; i++)
        formats[i + 1] = azw_format_word((enum azw_format)i);
    struct azd_diagnostic *unknown = azd_report(checker->queue, AZD_UNKNOWN_FORMAT, item->of.place,
                                                "there is no output format `%s`", item->of.text);
    azd_suggest(checker->queue, unknown, item->of.text, formats, AZW_FORMATS + 1);
}

/* The octal mode, such as 0640. */
static bool read_mode(const char *text, unsigned *mode)
{
    *mode = 0;
    size_t length = strspn(text, "01234567");
    if (length < 3 || length > 4 || text[length] != '\0' || (length == 4 && text[0] != '0'))
        return false;
    for (; *text != '\0'; text++)
        *mode = *mode * 8 + (unsigned)(*text - '0');
    return true;
}

unsigned azs_mode(const struct azp_item *item)
{
    unsigned mode;
    return item->mode.text != NULL && read_mode(item->mode.text, &mode) ? mode : 0;
}

static void check_start(struct azs_checker *checker, const struct azp_item *item)
{
    unsigned mode;
    if (!read_mode(item->mode.text, &mode)) {
        struct azd_diagnostic *bad = azd_report(checker->queue, AZD_BAD_EMIT, item->mode.place,
                                                "`%s` is not the mode of a file", item->mode.text);
        azd_help(checker->queue, bad, "write 0600, or 0644 for a file without secrets");
    }
    const size_t length = strlen(item->name.text);
    if (item->name.text[0] != '/' || item->name.text[length - 1] == '/') {
        struct azd_diagnostic *relative =
            azd_report(checker->queue, AZD_BAD_EMIT, item->name.place,
                       "a file that is written at start needs a whole path, with its name");
        azd_help(checker->queue, relative, "write \"/run/.../NAME\"");
    }
}

bool azs_is_directory(const struct azp_item *item)
{
    const size_t length = strlen(item->name.text);
    return item->shape != AZP_START && length > 0 && item->name.text[length - 1] == '/';
}

bool azs_is_below(const char *path)
{
    const size_t length = strlen(path);
    return length > 0 && path[0] != '/' && path[length - 1] != '/' && strstr(path, "//") == NULL &&
           strcmp(path, "..") != 0 && strncmp(path, "../", 3) != 0 &&
           strstr(path, "/../") == NULL && (length < 3 || strcmp(path + length - 3, "/..") != 0);
}

/* Where a file of the repository goes: below the directory that azc writes to, and nowhere else. */
static void check_path(struct azs_checker *checker, const struct azp_item *item)
{
    const char *path = item->name.text;
    if (azs_is_below(azs_is_directory(item) ? aza_format(checker->context->arena, "%sfile", path)
                                            : path))
        return;
    azd_report(checker->queue, AZD_BAD_EMIT, item->name.place,
               "`%s` does not lie below the directory that files are written to", path);
}

static void check_twice(struct azs_checker *checker, const struct azp_item *item)
{
    const struct azs_program *program = checker->program;
    for (size_t i = 0; program->emits.items[i] != item; i++) {
        const struct azp_item *other = program->emits.items[i];
        if (other->value == NULL || other->name.text != item->name.text ||
            other->other.text != item->other.text)
            continue;
        struct azd_diagnostic *twice = azd_report(checker->queue, AZD_BAD_EMIT, item->name.place,
                                                  "`%s` is written twice", item->name.text);
        azd_label(twice, other->name.place, "first written here");
        return;
    }
}

static void check_value(struct azs_checker *checker, struct azp_item *item)
{
    struct azs_config *config =
        item->value->class == AZP_NAME ? azs_find_config(checker, item->value->name.name) : NULL;
    if (config != NULL) {
        /* `from runtime` is short for `from settings_of(runtime)`. */
        item->symbol = config->symbol;
        return;
    }
    bool text = aza_text_is(item->of.text, "text");
    if (azs_is_directory(item)) {
        struct azs_type *files = azs_map_of(checker, text ? azs_scalar(AZB_TEXT) : azs_anything());
        azs_value(checker, item->value, files);
        azs_accept(checker, item->value, files, "what goes into a directory");
        return;
    }
    struct azs_type *type = azs_value(checker, item->value, text ? NULL : azs_anything());
    if (type->error)
        return;
    if (text && item->shape == AZP_START)
        azs_accept(checker, item->value, azs_secret(), "a text file");
    else if (text)
        azs_accept(checker, item->value, azs_scalar(AZB_TEXT), "a text file");
    else if (type->form == AZS_SCALAR)
        azd_report(checker->queue, AZD_WRONG_TYPE, item->value->place,
                   "a file is made from a map, a record or a list, and this is %s",
                   azs_type_word(type));
}

void azs_check_emit(struct azs_checker *checker, struct azp_item *item)
{
    if (item->value == NULL) {
        check_flags(checker, item);
        return;
    }
    check_format(checker, item);
    /* Where a file was not understood, so may be the words of its emits. */
    if (!checker->program->broken) {
        if (item->shape == AZP_START)
            check_start(checker, item);
        else
            check_path(checker, item);
        check_twice(checker, item);
    }
    check_value(checker, item);
}
