/* Reading lists of refs, and finding a ref in them.
 *
 * Refs are kept in one list, sorted by repository, name and "peeled first", so that the refs of a
 * repository are a range that is found by bisection, and the first line of a name has its commit.
 * The sort is stable by place, and repositories and names are interned, so equal texts are one
 * pointer.
 *
 * A list may be truncated or contain an error text instead of refs. Every line is therefore
 * checked, a repository without refs is an error, and after an invalid line nothing is concluded
 * from a ref that is missing. */
#include "pins/refs.h"

#include "pins/parts.h"

#include <stdlib.h>
#include <string.h>

struct reading {
    struct diag_queue *queue;
    struct base_names *names;
    const struct pins_known *known;
    struct pins_refs *refs;
    const char *repository;   /* of the current list; null before the first one is named */
    struct base_place opened; /* the line that named it */
    size_t count;             /* of its refs so far */
    bool unnamed;             /* refs before the first name were reported */
};

static bool starts_with(struct base_span text, const char *word)
{
    const size_t length = strlen(word);
    return text.length >= length && memcmp(text.start, word, length) == 0;
}

static const char *name_below(const char *name, const char *prefix)
{
    const size_t length = strlen(prefix);
    return strncmp(name, prefix, length) == 0 ? name + length : NULL;
}

const char *pins_tag_name(const struct pins_ref *ref)
{
    return name_below(ref->name, "refs/tags/");
}

const char *pins_branch_name(const struct pins_ref *ref)
{
    return name_below(ref->name, "refs/heads/");
}

static bool ends_with(struct base_span text, const char *word)
{
    const size_t length = strlen(word);
    return text.length >= length && memcmp(text.start + text.length - length, word, length) == 0;
}

const char *pins_repository(struct base_names *names, const char *url)
{
    struct base_span text = base_span_of(url);
    while (ends_with(text, "/"))
        text.length--;
    if (ends_with(text, ".git"))
        text.length -= strlen(".git");
    return base_intern(names, text.start, text.length);
}

bool pins_is_commit(struct base_span text)
{
    size_t digits = 0;
    while (digits < text.length && strchr("0123456789abcdef", text.start[digits]) != NULL &&
           text.start[digits] != '\0')
        digits++;
    return digits == PINS_COMMIT && text.length == PINS_COMMIT;
}

/* --- lines --- */

static void report_bad_line(struct reading *reading, struct base_place place, const char *what,
                            const char *help)
{
    reading->refs->broken = true;
    struct diagnostic *report = diag_report(reading->queue, DIAG_BAD_REFS, place, "%s", what);
    diag_help(reading->queue, report, "%s", help);
}

static const char lines_expected[] =
    "expected a commit of 40 hexadecimal digits, a tab and a ref name, as "
    "printed by `git ls-remote`, or `From URL`";

/* Every repository has refs, at least HEAD: in an empty list the command failed. */
static void close_list(struct reading *reading)
{
    if (reading->repository != NULL && reading->count == 0)
        diag_help(reading->queue,
                  diag_report(reading->queue, DIAG_BAD_REFS, reading->opened,
                              "no refs listed for %s", reading->repository),
                  "check whether `git ls-remote` failed");
}

/* Begins the list of a repository. One that no pin refers to is a mistake, most likely in the URL.
 */
static void open_list(struct reading *reading, struct base_span url, struct base_place place)
{
    close_list(reading);
    const char *text = base_copy_text(reading->queue->arena, url.start, url.length);
    reading->repository = pins_repository(reading->names, text);
    reading->opened = place;
    reading->count = 0;
    *BASE_PUSH(reading->queue->arena, &reading->refs->repositories) = reading->repository;
    for (size_t i = 0; i < reading->known->count; i++)
        if (reading->known->names[i] == reading->repository)
            return;
    struct diagnostic *report =
        diag_report(reading->queue, DIAG_BAD_REFS, place, "no pin refers to %s", text);
    diag_suggest(reading->queue, report, reading->repository, reading->known->names,
                 reading->known->count);
}

/* HEAD, or a name below refs/, without blanks and control characters, as git requires. */
static bool is_ref_name(struct base_span name)
{
    for (size_t i = 0; i < name.length; i++)
        if ((unsigned char)name.start[i] <= ' ' || name.start[i] == 0x7f)
            return false;
    return base_span_is(name, "HEAD") ||
           (starts_with(name, "refs/") && name.length > strlen("refs/"));
}

/* Once, at the first ref that belongs to no named repository. */
static void report_unnamed(struct reading *reading, struct base_place place)
{
    if (!reading->unnamed)
        report_bad_line(
            reading, place, "these refs belong to no named repository",
            "name the repository: `git ls-remote URL | azc pin URL`, or add a line `From URL` "
            "above");
    reading->unnamed = true;
}

static void read_ref(struct reading *reading, struct base_span line, struct base_place place)
{
    struct base_span name =
        pins_span_after(line, line.length > PINS_COMMIT ? PINS_COMMIT + 1 : line.length);
    const struct base_span commit = {line.start, line.length > PINS_COMMIT ? PINS_COMMIT : 0};
    if (!pins_is_commit(commit) || line.start[PINS_COMMIT] != '\t' || !is_ref_name(name)) {
        report_bad_line(reading, place, "invalid ref", lines_expected);
        return;
    }
    if (reading->repository == NULL) {
        report_unnamed(reading, place);
        return;
    }
    const bool peeled = ends_with(name, "^{}");
    name.length -= peeled ? strlen("^{}") : 0;
    reading->count++;
    *BASE_PUSH(reading->queue->arena, &reading->refs->list) = (struct pins_ref){
        .repository = reading->repository,
        .name = base_intern(reading->names, name.start, name.length),
        .commit = commit,
        .peeled = peeled,
        .place = place,
    };
}

static void read_line(struct reading *reading, struct base_span line, struct base_place place)
{
    if (ends_with(line, "\r"))
        line.length--;
    if (starts_with(line, "From ") && base_trim(pins_span_after(line, strlen("From "))).length > 0)
        open_list(reading, base_trim(pins_span_after(line, strlen("From "))), place);
    else if (line.length > 0)
        read_ref(reading, line, place);
}

static void read_lines(struct reading *reading, uint16_t file)
{
    const struct base_source *source = &reading->queue->sources->files[file];
    for (size_t at = 0; at < source->length;) {
        const char *start = source->text + at, *end = memchr(start, '\n', source->length - at);
        const size_t length = end == NULL ? source->length - at : (size_t)(end - start);
        read_line(reading, (struct base_span){start, length},
                  (struct base_place){file, (uint32_t)at, (uint32_t)length});
        at += length + 1;
    }
}

/* --- order and agreement --- */

static int compare_refs(const void *left, const void *right)
{
    const struct pins_ref *a = left, *b = right;
    int order = strcmp(a->repository, b->repository);
    order = order != 0 ? order : strcmp(a->name, b->name);
    order = order != 0 ? order : (int)b->peeled - (int)a->peeled;
    return order != 0 ? order
                      : (a->place.start > b->place.start) - (a->place.start < b->place.start);
}

static bool is_same_commit(struct base_span one, struct base_span other)
{
    return memcmp(one.start, other.start, PINS_COMMIT) == 0;
}

/* Two lists of one repository may overlap, but must not contradict each other. */
static void check_agreement(struct reading *reading)
{
    const struct pins_refs *refs = reading->refs;
    for (size_t i = 1; i < refs->list.count; i++) {
        const struct pins_ref *one = &refs->list.items[i - 1], *other = &refs->list.items[i];
        if (one->repository != other->repository || one->name != other->name ||
            one->peeled != other->peeled || is_same_commit(one->commit, other->commit))
            continue;
        struct diagnostic *report =
            diag_report(reading->queue, DIAG_BAD_REFS, other->place,
                        "`%s` is listed with two different commits", one->name);
        diag_label(report, one->place, "other commit");
        reading->refs->broken = true;
    }
}

void pins_read_refs(struct diag_queue *queue, struct base_names *names, uint16_t file,
                    const char *repository, const struct pins_known *known, struct pins_refs *refs)
{
    struct reading reading = {
        .queue = queue, .names = names, .known = known, .refs = refs, .opened.file = file};
    if (repository != NULL)
        open_list(&reading, base_span_of(repository), reading.opened);
    read_lines(&reading, file);
    close_list(&reading);
    if (refs->list.count > 1)
        qsort(refs->list.items, refs->list.count, sizeof *refs->list.items, compare_refs);
    check_agreement(&reading);
}

/* --- look-ups --- */

/* Index of the first ref that is not before this name. */
static size_t find_first_ref(const struct pins_refs *refs, const char *repository, const char *name)
{
    const struct pins_ref wanted = {.repository = repository, .name = name, .peeled = true};
    size_t low = 0, high = refs->list.count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_refs(&refs->list.items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct pins_ref *pins_refs_of(const struct pins_refs *refs, const char *repository,
                                    size_t *count)
{
    const size_t first = find_first_ref(refs, repository, "");
    size_t end = first;
    while (end < refs->list.count && refs->list.items[end].repository == repository)
        end++;
    *count = end - first;
    return *count == 0 ? NULL : &refs->list.items[first];
}

const struct pins_ref *pins_find_tag(const struct pins_refs *refs, const char *repository,
                                     const char *tag, const struct pins_ref **object)
{
    const struct pins_ref *found = NULL;
    *object = NULL;
    size_t count;
    const struct pins_ref *list = pins_refs_of(refs, repository, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = pins_tag_name(&list[i]);
        if (name == NULL || !base_text_is(name, tag))
            continue;
        if (found == NULL)
            found = &list[i];
        else if (found->peeled && !list[i].peeled)
            *object = &list[i];
    }
    return found;
}
