/* What has become of a pin. */
#include "cmd/pins.h"

#include <string.h>

static bool is_commit(const struct azc_ref *ref, const struct azc_pin *pin)
{
    return memcmp(ref->commit.start, pin->commit.text, AZC_COMMIT) == 0;
}

/* The tag of the newest version of the pin's pattern that is newer than its own, or null. The first
 * line of a name has the commit that it stands for, so the second is passed over. */
static const struct azc_ref *find_newest(const struct azc_pin *pin, const struct azc_ref *list,
                                         size_t count)
{
    const struct azc_version pinned = azc_read_version(pin->tag.text);
    struct azc_version best = pinned, version;
    const struct azc_ref *newest = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *name = azc_tag_name(&list[i]);
        if (name == NULL || (i > 0 && list[i - 1].name == list[i].name) ||
            !azc_read_version_like(&pinned, name, &version) ||
            azc_compare_versions(&version, &best) <= 0)
            continue;
        best = version;
        newest = &list[i];
    }
    return newest;
}

static void judge_tag(const struct azc_refs *refs, const struct azc_ref *list, size_t count,
                      struct azc_pin_finding *finding)
{
    const struct azc_pin *pin = finding->pin;
    const struct azc_ref *object;
    finding->now = azc_find_tag(refs, pin->key, pin->tag.text, &object);
    if (finding->now == NULL) {
        finding->state = AZC_PIN_GONE;
    } else if (!is_commit(finding->now, pin)) {
        finding->state = AZC_PIN_MOVED;
        finding->object = object != NULL && is_commit(object, pin) ? object : NULL;
    } else {
        finding->newest = find_newest(pin, list, count);
        finding->state = finding->newest != NULL ? AZC_PIN_STALE : AZC_PIN_FRESH;
    }
}

static void judge_commit(const struct azc_ref *list, size_t count, struct azc_pin_finding *finding)
{
    finding->state = AZC_PIN_UNTAGGED;
    for (size_t i = 0; i < count; i++) {
        if (!is_commit(&list[i], finding->pin))
            continue;
        if (finding->branch == NULL && azc_branch_name(&list[i]) != NULL)
            finding->branch = &list[i];
        if (finding->also == NULL && azc_tag_name(&list[i]) != NULL)
            finding->also = &list[i];
    }
}

struct azc_pin_finding azc_judge_pin(const struct azc_refs *refs, const struct azc_pin *pin)
{
    struct azc_pin_finding finding = {.pin = pin};
    size_t count;
    const struct azc_ref *list = azc_refs_of(refs, pin->key, &count);
    if (count == 0)
        return finding;
    for (size_t i = 0; i < count; i++) {
        finding.tags |= azc_tag_name(&list[i]) != NULL;
        finding.branches |= azc_branch_name(&list[i]) != NULL;
    }
    if (pin->tag.text == NULL)
        judge_commit(list, count, &finding);
    else
        judge_tag(refs, list, count, &finding);
    return finding;
}

/* ---- in words ---- */

static void report_moved(struct azc_build *build, const struct azc_pin_finding *finding)
{
    const struct azc_pin *pin = finding->pin;
    struct azd_diagnostic *moved = azd_report(
        &build->queue, AZD_PIN_MOVED, pin->commit.place, "`%s` of `%s` has moved: it is %.*s now",
        pin->tag.text, pin->block->name.text, AZC_COMMIT, finding->now->commit.start);
    azd_label(moved, pin->tag.place, "this tag");
    if (finding->object != NULL) {
        azd_note(&build->queue, moved,
                 "the pinned digits are those of the annotated tag itself, not of its commit");
        azd_help(&build->queue, moved, "pin the commit that the tag stands for");
        return;
    }
    azd_note(&build->queue, moved,
             "a tag that moves is a mistake of its owner, or an attack; the "
             "pinned commit is what was looked at");
    azd_help(&build->queue, moved,
             "find out why, compare both commits, and only then pin the other one by hand");
}

static void report_gone(struct azc_build *build, const struct azc_pin_finding *finding)
{
    const struct azc_pin *pin = finding->pin;
    struct azd_diagnostic *gone = azd_report(&build->queue, AZD_PIN_GONE, pin->tag.place,
                                             "%s has no tag `%s`", pin->key, pin->tag.text);
    if (!finding->tags)
        azd_help(&build->queue, gone,
                 "the list has no tags at all: was `git ls-remote` asked for others only?");
    else
        azd_help(&build->queue, gone,
                 "find out why it was taken away; a pin without a tag leaves `tag` out");
}

const char *azc_newest_version(struct aza_arena *arena, const struct azc_pin_finding *finding)
{
    const struct azc_version pinned = azc_read_version(finding->pin->tag.text);
    struct azc_version version;
    struct aza_sink sink = aza_arena_sink(arena);
    azc_read_version_like(&pinned, azc_tag_name(finding->newest), &version);
    azc_put_version(&sink, &version);
    return sink.data;
}

void azc_report_pin(struct azc_build *build, const struct azc_pin_finding *finding, bool mended)
{
    if (finding->state == AZC_PIN_MOVED)
        report_moved(build, finding);
    if (finding->state == AZC_PIN_GONE)
        report_gone(build, finding);
    if (finding->state == AZC_PIN_STALE && !mended)
        azd_help(&build->queue,
                 azd_report(&build->queue, AZD_PIN_STALE, finding->pin->tag.place,
                            "`%s` of `%s` is not the newest: there is `%s`", finding->pin->tag.text,
                            finding->pin->block->name.text, azc_tag_name(finding->newest)),
                 "`azc pin --write` pins that one");
}
