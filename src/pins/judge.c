/* Compares a pin with the refs of its repository, and puts the result into words.
 *
 * A tag is looked up first: if it is gone or has another commit, nothing else matters, and its
 * newer versions are not even searched. Only then is the newest tag of the same pattern found
 * (version_tag.h). A pin without a tag is not judged; the finding only names a tag or branch that
 * has the same commit, as a hint for the reader. */
#include "pins/pins.h"

#include <string.h>

static bool is_pinned_commit(const struct pins_ref *ref, const struct pin *pin)
{
    return memcmp(ref->commit.start, pin->commit.text, PINS_COMMIT) == 0;
}

/* The tag of the newest version of the pin's pattern that is newer than its own, or null. Of the
 * two lines of an annotated tag, the first has the commit (refs.h), so the second is skipped. */
static const struct pins_ref *find_newest(const struct pin *pin, const struct pins_ref *list,
                                          size_t count)
{
    const struct pins_version pinned = pins_read_version(pin->tag.text);
    struct pins_version best = pinned, version;
    const struct pins_ref *newest = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = pins_tag_name(&list[i]);
        if (name == NULL || (i > 0 && list[i - 1].name == list[i].name) ||
            !pins_read_version_like(&pinned, name, &version) ||
            pins_compare_versions(&version, &best) <= 0)
            continue;
        best = version;
        newest = &list[i];
    }
    return newest;
}

static void judge_tag(const struct pins_refs *refs, const struct pins_ref *list, size_t count,
                      struct pin_finding *finding)
{
    const struct pin *pin = finding->pin;
    const struct pins_ref *object;
    finding->now = pins_find_tag(refs, pin->key, pin->tag.text, &object);
    if (finding->now == NULL) {
        finding->state = PIN_GONE;
    } else if (!is_pinned_commit(finding->now, pin)) {
        finding->state = PIN_MOVED;
        finding->object = object != NULL && is_pinned_commit(object, pin) ? object : NULL;
    } else {
        finding->newest = find_newest(pin, list, count);
        finding->state = finding->newest != NULL ? PIN_STALE : PIN_FRESH;
    }
}

static void judge_commit(const struct pins_ref *list, size_t count, struct pin_finding *finding)
{
    finding->state = PIN_UNTAGGED;
    for (size_t i = 0; i < count; i++) {
        if (!is_pinned_commit(&list[i], finding->pin))
            continue;
        if (finding->branch == NULL && pins_branch_name(&list[i]) != NULL)
            finding->branch = &list[i];
        if (finding->also == NULL && pins_tag_name(&list[i]) != NULL)
            finding->also = &list[i];
    }
}

struct pin_finding pins_judge(const struct pins_refs *refs, const struct pin *pin)
{
    struct pin_finding finding = {.pin = pin};
    size_t count;
    const struct pins_ref *list = pins_refs_of(refs, pin->key, &count);
    if (count == 0)
        return finding;
    for (size_t i = 0; i < count; i++) {
        finding.tags |= pins_tag_name(&list[i]) != NULL;
        finding.branches |= pins_branch_name(&list[i]) != NULL;
    }
    if (pin->tag.text == NULL)
        judge_commit(list, count, &finding);
    else
        judge_tag(refs, list, count, &finding);
    return finding;
}

/* --- reports --- */

/* A pin of the tag object's hash is a mistake in the rules with a simple fix; any other move is a
 * matter of trust, which no command may resolve. */
static void report_moved(struct compilation *build, const struct pin_finding *finding)
{
    const struct pin *pin = finding->pin;
    struct diagnostic *moved =
        diag_report(&build->queue, DIAG_PIN_MOVED, pin->commit.place,
                    "the tag `%s` of `%s` has moved: it now points to %.*s", pin->tag.text,
                    pin->block->name.text, PINS_COMMIT, finding->now->commit.start);
    diag_label(moved, pin->tag.place, "this tag");
    if (finding->object != NULL) {
        diag_note(&build->queue, moved,
                  "the pinned hash is that of the annotated tag object, not of the commit");
        diag_help(&build->queue, moved, "pin the commit that the tag points to");
        return;
    }
    diag_note(
        &build->queue, moved,
        "a moved tag is an upstream mistake or an attack; only the pinned commit was reviewed");
    diag_help(&build->queue, moved,
              "find out why it moved and compare both commits before you change the pin by hand");
}

static void report_gone(struct compilation *build, const struct pin_finding *finding)
{
    const struct pin *pin = finding->pin;
    struct diagnostic *gone = diag_report(&build->queue, DIAG_PIN_GONE, pin->tag.place,
                                          "%s has no tag `%s`", pin->key, pin->tag.text);
    if (!finding->tags)
        diag_help(
            &build->queue, gone,
            "the list contains no tags; check that `git ls-remote` was not limited to other refs");
    else
        diag_help(&build->queue, gone,
                  "find out why the tag was removed; to pin a commit without a tag, remove `tag`");
}

const char *pins_newest_version(struct base_arena *arena, const struct pin_finding *finding)
{
    const struct pins_version pinned = pins_read_version(finding->pin->tag.text);
    struct pins_version version;
    struct base_sink sink = base_arena_sink(arena);
    pins_read_version_like(&pinned, pins_tag_name(finding->newest), &version);
    pins_put_version(&sink, &version);
    return sink.data;
}

void pins_report(struct compilation *build, const struct pin_finding *finding, bool updated)
{
    if (finding->state == PIN_MOVED)
        report_moved(build, finding);
    if (finding->state == PIN_GONE)
        report_gone(build, finding);
    if (finding->state == PIN_STALE && !updated)
        diag_help(&build->queue,
                  diag_report(&build->queue, DIAG_PIN_STALE, finding->pin->tag.place,
                              "`%s` of `%s` is not the newest version: `%s` is",
                              finding->pin->tag.text, finding->pin->block->name.text,
                              pins_tag_name(finding->newest)),
                  "run `azc pin --write` to update the pin");
}
