/* Emits: the moment, format, path and value of each must be compatible.
 *
 * A file is written when the rules are compiled, or with `emit start` by the runner. Paths of the
 * former are relative to the output directory and must stay in it; paths of the latter are
 * absolute. Only files written at start may contain secrets. */
#include <stdlib.h>
#include <string.h>

#include "formats/formats.h"
#include "sema/check.h"

static void check_flags(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_program *program = checker->program;
    struct sema_config *config = sema_find_config(checker, item->other.text);
    if (config == NULL) {
        sema_unknown_config(checker, DIAG_UNKNOWN_NAME, item->other);
        return;
    }
    item->symbol = config->symbol;
    if (program->live_emit != NULL) {
        struct diagnostic *twice = diag_report(checker->queue, DIAG_TWO_LIVE, item->place,
                                               "flags can be emitted from only one config");
        diag_label(twice, program->live_emit->place, "first emitted here");
    }
    if (config->item->of.text != item->name.text)
        diag_report(checker->queue, DIAG_BAD_PARENT, item->name.place,
                    "`%s` is a config of %s, not of %s", item->other.text, config->item->of.text,
                    item->name.text);
    program->live = config;
    program->live_emit = item;
}

static void check_format(struct sema_checker *checker, const struct syntax_item *item)
{
    BASE_LIST(const char *) formats = {0};
    if (formats_find(item->of.text) != FORMATS_COUNT)
        return;
    *BASE_PUSH(checker->context->arena, &formats) = "flags";
    for (int i = 0; i < FORMATS_COUNT; i++)
        *BASE_PUSH(checker->context->arena, &formats) = formats_word((enum formats_id)i);
    struct diagnostic *unknown = diag_report(checker->queue, DIAG_UNKNOWN_FORMAT, item->of.place,
                                             "unknown output format `%s`", item->of.text);
    diag_suggest(checker->queue, unknown, item->of.text, formats.items, formats.count);
}

unsigned sema_mode(const struct syntax_item *item)
{
    /* The parser has checked that the mode consists of octal digits. */
    return item->mode.text == NULL ? 0 : (unsigned)strtoul(item->mode.text, NULL, 8);
}

static void check_start_file(struct sema_checker *checker, const struct syntax_item *item)
{
    const size_t length = strlen(item->name.text);
    if (item->name.text[0] != '/' || item->name.text[length - 1] == '/') {
        struct diagnostic *relative =
            diag_report(checker->queue, DIAG_BAD_EMIT, item->name.place,
                        "`emit start` requires an absolute path that ends in a file name");
        diag_help(checker->queue, relative, "write \"/run/.../NAME\"");
    }
}

bool sema_is_directory(const struct syntax_item *item)
{
    const size_t length = strlen(item->name.text);
    return item->shape != SYNTAX_START && length > 0 && item->name.text[length - 1] == '/';
}

/* A file that azc writes must be below the output directory. */
static void check_output_path(struct sema_checker *checker, const struct syntax_item *item)
{
    const char *path = item->name.text;
    if (sema_is_below(sema_is_directory(item) ? base_format(checker->context->arena, "%sfile", path)
                                              : path))
        return;
    diag_help(checker->queue,
              diag_report(checker->queue, DIAG_BAD_EMIT, item->name.place,
                          "`%s` is not a valid path inside the output directory", path),
              "write a relative path without `..`");
}

static void check_written_twice(struct sema_checker *checker, const struct syntax_item *item)
{
    const struct sema_program *program = checker->program;
    for (size_t i = 0; program->emits.items[i] != item; i++) {
        const struct syntax_item *other = program->emits.items[i];
        if (other->value == NULL || other->name.text != item->name.text ||
            other->other.text != item->other.text)
            continue;
        struct diagnostic *twice = diag_report(checker->queue, DIAG_BAD_EMIT, item->name.place,
                                               "`%s` is written twice", item->name.text);
        diag_label(twice, other->name.place, "first written here");
        return;
    }
}

static void check_content(struct sema_checker *checker, struct syntax_item *item)
{
    struct sema_config *config = item->value->class == SYNTAX_NAME
                                     ? sema_find_config(checker, item->value->name.name)
                                     : NULL;
    if (config != NULL) {
        /* `from runtime` is short for `from settings_of(runtime)`. */
        item->symbol = config->symbol;
        return;
    }
    bool text = base_text_is(item->of.text, "text");
    if (sema_is_directory(item)) {
        const struct sema_type *files =
            sema_map_of(checker, text ? sema_scalar(IMAGE_TEXT) : sema_anything());
        sema_value(checker, item->value, files);
        sema_accept(checker, item->value, files, "the content of a directory");
        return;
    }
    const struct sema_type *type = sema_value(checker, item->value, text ? NULL : sema_anything());
    if (type->error)
        return;
    if (text && item->shape == SYNTAX_START)
        sema_accept(checker, item->value, sema_secret(), "a text file");
    else if (text)
        sema_accept(checker, item->value, sema_scalar(IMAGE_TEXT), "a text file");
    else if (type->form == SEMA_SCALAR)
        diag_report(checker->queue, DIAG_WRONG_TYPE, item->value->place,
                    "the content of a file must be a map, a record or a list, but this is %s",
                    sema_type_word(type));
}

void sema_check_emit(struct sema_checker *checker, struct syntax_item *item)
{
    if (item->value == NULL) {
        check_flags(checker, item);
        return;
    }
    check_format(checker, item);
    /* With a syntax error, an emit may lack its mode or command, and its moment may be a default.
     */
    if (!checker->program->broken) {
        if (item->shape == SYNTAX_START)
            check_start_file(checker, item);
        else
            check_output_path(checker, item);
        check_written_twice(checker, item);
    }
    check_content(checker, item);
}
