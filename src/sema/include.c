/* `file "PATH"`: finds and reads the file, and has its placeholders checked (placeholder.c).
 *
 * The path is relative to the rules file that contains the expression, and the file must be in the
 * rules' tree: the directory of the main file, or of the first file that was imported from outside
 * of it. Rules could otherwise copy any readable file of the machine that compiles them. The path
 * is compared as text first, then with symbolic links resolved. Only regular files are opened.
 *
 * An included file is added to the sources of the compilation, so that messages can show its lines
 * and the image's hash covers it. It is read once, even if several expressions include it. Its
 * size, and that of all included files together, is limited. It must be UTF-8 without NUL, as all
 * texts are. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "sema/check.h"
#include "sema/shell.h"

/* --- where it may be --- */

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            return false;
    return true;
}

static const char *directory_shown(const char *directory)
{
    return *directory == '\0' ? "." : directory;
}

static struct diagnostic *report_unreadable(struct sema_checker *checker, struct syntax_word path,
                                            const char *resolved, const char *why)
{
    return diag_report(checker->queue, DIAG_NO_FILE, path.place, "`%s` cannot be read: %s",
                       resolved, why);
}

/* A failed system call: `why` is its error message. */
static void report_error(struct sema_checker *checker, struct syntax_word path,
                         const char *resolved, const char *why)
{
    diag_help(checker->queue, report_unreadable(checker, path, resolved, why),
              "correct the path, or make the file readable");
}

/* The tree of a rules file: included files must be below it. */
static const char *tree_of(const struct sema_checker *checker, uint16_t source)
{
    for (size_t i = 0; i < checker->program->files.count; i++)
        if (checker->program->files.items[i]->source == source)
            return checker->program->files.items[i]->tree;
    return "";
}

static bool check_included_path(struct sema_checker *checker, struct syntax_word path,
                                const char *resolved, const char *tree)
{
    if (*path.text == '\0' || !is_printable(path.text)) {
        struct diagnostic *none =
            diag_report(checker->queue, DIAG_NO_FILE, path.place, "this path names no file");
        diag_help(checker->queue, none, "write a path of one line, such as \"scripts/start.sh\"");
        return false;
    }
    if (*path.text != '/' && sema_is_within(tree, resolved))
        return true;
    struct diagnostic *outside = report_unreadable(
        checker, path, resolved,
        *path.text == '/' ? "the path is absolute" : "it is outside the rules' tree");
    diag_help(checker->queue, outside,
              "move the file below `%s`, and write its path relative to %s", directory_shown(tree),
              "this rules file");
    return false;
}

/* --- near names --- */

static int compare_names(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

/* The names in a directory, sorted, so that the suggestion does not depend on the file system.
 * Hidden files and names that cannot be printed are left out. */
static size_t list_file_names(struct base_arena *arena, const char *directory, const char ***names)
{
    BASE_LIST(const char *) list = {0};
    DIR *open = opendir(directory_shown(directory));
    const struct dirent *entry;
    while (open != NULL && list.count < LIMIT_NAMES && (entry = readdir(open)) != NULL)
        if (*entry->d_name != '.' && is_printable(entry->d_name) &&
            base_is_utf8(base_span_of(entry->d_name)))
            *BASE_PUSH(arena, &list) = base_copy_text(arena, entry->d_name, strlen(entry->d_name));
    if (open != NULL)
        closedir(open);
    if (list.count > 0)
        qsort(list.items, list.count, sizeof *list.items, compare_names);
    *names = list.items;
    return list.count;
}

/* Reports a file that does not exist. Finds the first part of the path that is missing, and
 * suggests the nearest name in the directory before it. */
static void report_missing_file(struct sema_checker *checker, struct syntax_word path,
                                const char *resolved, const char *tree)
{
    struct base_arena *arena = checker->context->arena;
    const char *name = resolved + strlen(tree), *directory = tree, *end;
    name += *name == '/' && *tree != '\0';
    struct stat status;
    const char *part, *whole;
    for (;; name = end + 1, directory = whole) {
        end = strchrnul(name, '/');
        part = base_copy_text(arena, name, (size_t)(end - name));
        whole = base_copy_text(arena, resolved, (size_t)(end - resolved));
        if (*end == '\0' || stat(whole, &status) != 0)
            break;
    }
    if (lstat(whole, &status) == 0) {
        struct diagnostic *link =
            report_unreadable(checker, path, resolved, "a symbolic link is broken");
        diag_help(checker->queue, link, "create the file that it names, or correct the link `%s`",
                  whole);
        return;
    }
    const char **names;
    const size_t count = list_file_names(arena, directory, &names);
    struct diagnostic *missing =
        report_unreadable(checker, path, resolved, "the file does not exist");
    diag_suggest(checker->queue, missing, part, names, count);
    if (missing->help == NULL)
        diag_help(checker->queue, missing, "create `%s`, or correct the path", resolved);
    else
        diag_note(checker->queue, missing, "`%s` has no `%s`", directory_shown(directory), part);
}

/* Resolves symbolic links: their targets must be in the tree as well. */
static bool check_links(struct sema_checker *checker, struct syntax_word path, const char *resolved,
                        const char *tree)
{
    char *real = realpath(resolved, NULL);
    if (real == NULL && errno == ENOENT) {
        report_missing_file(checker, path, resolved, tree);
        return false;
    }
    if (real == NULL) {
        report_error(checker, path, resolved, strerror(errno));
        return false;
    }
    char *top = realpath(directory_shown(tree), NULL);
    const bool within = top != NULL && sema_is_within(top, real);
    if (!within) {
        struct diagnostic *leaves =
            report_unreadable(checker, path, resolved, "a symbolic link leaves the rules' tree");
        if (is_printable(real))
            diag_note(checker->queue, leaves, "it leads to `%s`", real);
        diag_help(checker->queue, leaves, "put a copy of the file below `%s`",
                  directory_shown(tree));
    }
    free(real);
    free(top);
    return within;
}

/* --- reading --- */

static bool check_included_size(struct sema_checker *checker, struct syntax_word path,
                                const char *resolved, size_t length)
{
    const bool alone = length > LIMIT_INCLUDED_BYTES;
    if (!alone && checker->program->included + length <= LIMIT_ALL_INCLUDED_BYTES)
        return true;
    if (alone)
        diag_help(checker->queue,
                  diag_report(checker->queue, DIAG_TOO_LARGE, path.place,
                              "`%s` is larger than the %d bytes that an included file may have",
                              resolved, LIMIT_INCLUDED_BYTES),
                  "split the file, and include its parts");
    else
        diag_help(checker->queue,
                  diag_report(checker->queue, DIAG_TOO_LARGE, path.place,
                              "with `%s` the included files have more than %d bytes together",
                              resolved, LIMIT_ALL_INCLUDED_BYTES),
                  "include fewer or smaller files");
    return false;
}

/* Opening a pipe could block and opening a device could have an effect, so the type is checked
 * first. */
static bool check_regular_file(struct sema_checker *checker, struct syntax_word path,
                               const char *resolved)
{
    struct stat status;
    if (stat(resolved, &status) != 0) {
        report_error(checker, path, resolved, strerror(errno));
        return false;
    }
    if (!S_ISREG(status.st_mode)) {
        struct diagnostic *kind = report_unreadable(
            checker, path, resolved,
            S_ISDIR(status.st_mode) ? "it is a directory" : "it is not a regular file");
        diag_help(checker->queue, kind, "name a regular file");
        return false;
    }
    return check_included_size(checker, path, resolved, (size_t)status.st_size);
}

/* The offset of the first byte that is NUL or not UTF-8, or the length. */
static size_t find_wrong_byte(struct base_span text)
{
    size_t at = 0, length = 1;
    uint32_t code;
    while (at < text.length && text.start[at] != '\0' && length > 0) {
        length = base_next_character((struct base_span){text.start + at, text.length - at}, &code);
        at += length;
    }
    return at;
}

static bool check_utf8(struct sema_checker *checker, struct syntax_word path, const char *resolved,
                       struct base_span text)
{
    const size_t wrong = find_wrong_byte(text);
    size_t line = 1;
    if (wrong == text.length)
        return true;
    for (size_t i = 0; i < wrong; i++)
        line += text.start[i] == '\n';
    struct diagnostic *binary = report_unreadable(
        checker, path, resolved,
        base_format(checker->context->arena, "line %zu %s", line,
                    text.start[wrong] == '\0' ? "contains a NUL byte" : "is not UTF-8"));
    diag_help(checker->queue, binary, "only texts can be included: save the file as UTF-8");
    return false;
}

static bool read_included(struct sema_checker *checker, struct syntax_word path,
                          const char *resolved, uint16_t *source)
{
    struct base_sources *sources = checker->queue->sources;
    const char *why;
    char *text;
    size_t length;
    if (sema_find_source(sources, resolved, source))
        return true;
    if (!check_regular_file(checker, path, resolved))
        return false;
    if (sources->count == LIMIT_SOURCE_FILES) {
        diag_report(checker->queue, DIAG_TOO_LARGE, path.place,
                    "more than %d files are imported and included", LIMIT_SOURCE_FILES);
        return false;
    }
    if (!base_read_file(checker->context->arena, resolved, LIMIT_INCLUDED_BYTES, &text, &length,
                        &why)) {
        report_error(checker, path, resolved, why);
        return false;
    }
    if (!check_included_size(checker, path, resolved, length) ||
        !check_utf8(checker, path, resolved, (struct base_span){text, length}))
        return false;
    checker->program->included += length;
    *source = (uint16_t)sources->count++;
    sources->files[*source] =
        (struct base_source){.path = resolved, .text = text == NULL ? "" : text, .length = length};
    return true;
}

/* --- the expression --- */

static bool find_included(struct sema_checker *checker, struct syntax_word path, uint16_t *source)
{
    const char *tree = tree_of(checker, path.place.file);
    const char *from = checker->queue->sources->files[path.place.file].path;
    const char *resolved = directory_shown(sema_beside(checker->context->arena, from, path.text));
    return check_included_path(checker, path, resolved, tree) &&
           check_links(checker, path, resolved, tree) &&
           read_included(checker, path, resolved, source);
}

const struct sema_type *sema_include(struct sema_checker *checker, struct syntax_expr *expr)
{
    bool fine = true;
    for (size_t i = 0; i < expr->file.values.count; i++)
        fine = sema_check_filling(checker, expr, i) && fine;
    uint16_t source;
    if (expr->file.meaning == NULL && find_included(checker, expr->file.path, &source))
        expr->file.meaning = sema_find_placeholders(checker, expr, source);
    return fine && expr->file.meaning != NULL ? sema_scalar(IMAGE_TEXT) : sema_error();
}
