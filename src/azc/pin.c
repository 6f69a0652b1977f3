/* azc pin: compares the tags and commits that the rules are pinned to with the current refs of
 * their repositories, read from standard input. Reports moved and deleted tags as errors and newer
 * versions as stale pins; --write updates those. src/pins does the reading and judging.
 *
 * Refs come from standard input because azc uses no network: the caller decides how repositories
 * are reached. With any error, in the pins or in the lists, nothing is written. */
#include <stdio.h>
#include <unistd.h>

#include "azc/azc.h"
#include "pins/pins.h"

struct audit {
    struct compilation *build;
    struct pins pins;
    struct pins_refs refs;
    BASE_LIST(struct pin_finding) findings;
    size_t counts[PIN_STATES];
    struct base_sink sink;
};

static const struct {
    const char *word;    /* in JSON */
    const char *counted; /* in the summary line */
} states[PIN_STATES] = {
    [PIN_UNLISTED] = {"unlisted", "not listed"},
    [PIN_FRESH] = {"fresh", "up to date"},
    [PIN_STALE] = {"stale", "stale"},
    [PIN_UNTAGGED] = {"untagged", "without a tag"},
    [PIN_MOVED] = {"moved", "moved"},
    [PIN_GONE] = {"gone", "gone"},
};

/* --- as text --- */

static void put_state_text(struct base_sink *sink, const struct pin_finding *finding)
{
    switch (finding->state) {
    case PIN_STALE:
        BASE_PUT(sink, "-> ", pins_tag_name(finding->newest));
        return;
    case PIN_MOVED:
        base_put(sink, "MOVED to ");
        base_put_span(sink, finding->now->commit);
        return;
    case PIN_GONE:
        base_put(sink, "GONE");
        return;
    case PIN_UNTAGGED:
        base_put(sink, "no tag; ");
        if (finding->also != NULL)
            BASE_PUT(sink, "same commit as tag `", pins_tag_name(finding->also), "`");
        else if (finding->branch != NULL)
            BASE_PUT(sink, "head of ", pins_branch_name(finding->branch));
        else
            base_put(sink, finding->branches ? "not the head of a branch" : "no branches listed");
        return;
    default:
        base_put(sink, "up to date");
    }
}

enum { SHORT_COMMIT = 12 };

/* The tag, or the abbreviated commit. */
static struct base_span tag_or_commit(const struct pin *pin)
{
    return pin->tag.text != NULL ? base_span_of(pin->tag.text)
                                 : (struct base_span){pin->commit.text, SHORT_COMMIT};
}

static void put_findings(struct audit *audit)
{
    size_t name = 0, tag = 0;
    for (size_t i = 0; i < audit->findings.count; i++) {
        const struct pin *pin = audit->findings.items[i].pin;
        const size_t name_width = base_span_of(pin->block->name.text).length;
        if (audit->findings.items[i].state == PIN_UNLISTED)
            continue;
        name = name_width > name ? name_width : name;
        tag = tag_or_commit(pin).length > tag ? tag_or_commit(pin).length : tag;
    }
    for (size_t i = 0; i < audit->findings.count; i++) {
        const struct pin_finding *finding = &audit->findings.items[i];
        const struct pin *pin = finding->pin;
        if (finding->state == PIN_UNLISTED)
            continue;
        base_put(&audit->sink, pin->block->name.text);
        base_put_padding(&audit->sink, base_span_of(pin->block->name.text).length, name + 2);
        base_put_span(&audit->sink, tag_or_commit(pin));
        base_put_padding(&audit->sink, tag_or_commit(pin).length, tag + 2);
        put_state_text(&audit->sink, finding);
        base_put_char(&audit->sink, '\n');
    }
    const char *comma = "";
    for (int state = PIN_STATES - 1; state >= 0; state--) {
        if (audit->counts[state] == 0)
            continue;
        base_put(&audit->sink, comma);
        base_put_int(&audit->sink, (int64_t)audit->counts[state]);
        BASE_PUT(&audit->sink, " ", states[state].counted);
        comma = ", ";
    }
    base_put_char(&audit->sink, '\n');
}

/* --- as JSON --- */

static void put_json_member(struct base_sink *sink, const char *name, const char *text)
{
    BASE_PUT(sink, ", \"", name, "\": ");
    if (text == NULL)
        base_put(sink, "null");
    else
        base_put_json(sink, text);
}

static const char *commit_of(struct audit *audit, const struct pins_ref *ref)
{
    return ref == NULL ? NULL
                       : base_copy_text(&audit->build->arena, ref->commit.start, PINS_COMMIT);
}

static void put_pin_place(struct audit *audit, const struct syntax_item *block)
{
    uint32_t line;
    const struct base_place place = block->name.place;
    base_locate(&audit->build->sources, place.file, place.start, &line, NULL);
    put_json_member(&audit->sink, "file", audit->build->sources.files[place.file].path);
    base_put(&audit->sink, ", \"line\": ");
    base_put_int(&audit->sink, line);
}

static void put_finding(struct audit *audit, const struct pin_finding *finding)
{
    const struct pin *pin = finding->pin;
    struct base_sink *sink = &audit->sink;
    const bool stale = finding->state == PIN_STALE;
    base_put(sink, "{\"name\": ");
    base_put_json(sink, pin->block->name.text);
    put_json_member(sink, "kind", pin->block->of.text);
    put_pin_place(audit, pin->block);
    put_json_member(sink, "repository", pin->repository.text);
    put_json_member(sink, "tag", pin->tag.text);
    put_json_member(sink, "commit", pin->commit.text);
    put_json_member(sink, "version", pin->version.text);
    put_json_member(sink, "state", states[finding->state].word);
    put_json_member(sink, "now", commit_of(audit, finding->now));
    put_json_member(sink, "branch", finding->branch ? pins_branch_name(finding->branch) : NULL);
    put_json_member(sink, "newest_tag", stale ? pins_tag_name(finding->newest) : NULL);
    put_json_member(sink, "newest_commit", commit_of(audit, finding->newest));
    put_json_member(sink, "newest_version",
                    stale ? pins_newest_version(&audit->build->arena, finding) : NULL);
    base_put(sink, "}");
}

static void put_findings_json(struct audit *audit)
{
    base_put(&audit->sink, "[");
    for (size_t i = 0; i < audit->findings.count; i++) {
        base_put(&audit->sink, i == 0 ? "\n  " : ",\n  ");
        put_finding(audit, &audit->findings.items[i]);
    }
    base_put(&audit->sink, "\n]\n");
}

/* --- the verb --- */

static int list_repositories(struct audit *audit)
{
    for (size_t i = 0; i < audit->pins.keys.count; i++)
        for (size_t p = 0; p < audit->pins.list.count; p++)
            if (audit->pins.list.items[p].key == audit->pins.keys.items[i]) {
                BASE_PUT(&audit->sink, audit->pins.list.items[p].repository.text, "\n");
                break;
            }
    return azc_put(&audit->sink);
}

/* Reads standard input as another source file, so that diagnostics can point into it. */
static bool read_lists(struct audit *audit, const struct azc_options *options)
{
    struct compilation *build = audit->build;
    const char *why = "too many files";
    char *text = NULL;
    size_t length = 0;
    const uint16_t file = (uint16_t)build->sources.count;
    if (build->sources.count == LIMIT_SOURCE_FILES ||
        !base_read_descriptor(&build->arena, STDIN_FILENO, LIMIT_REFS_BYTES, &text, &length,
                              &why)) {
        fprintf(stderr, "azc: standard input: %s\n", why);
        return false;
    }
    build->sources.files[build->sources.count++] =
        (struct base_source){.path = "standard input", .text = text, .length = length};
    const struct pins_known known = {audit->pins.keys.items, audit->pins.keys.count};
    pins_read_refs(&build->queue, &build->names, file,
                   options->word_count == 1 ? options->words[0] : NULL, &known, &audit->refs);
    if (audit->refs.repositories.count > 0 || build->queue.errors > 0)
        return true;
    fputs("azc: no refs on standard input; `azc pin --help` shows how to list them\n", stderr);
    return false;
}

static void judge_pins(struct audit *audit, bool updated)
{
    for (size_t i = 0; i < audit->pins.list.count; i++) {
        const struct pin_finding finding = pins_judge(&audit->refs, &audit->pins.list.items[i]);
        pins_report(audit->build, &finding, updated);
        audit->counts[finding.state]++;
        *BASE_PUSH(&audit->build->arena, &audit->findings) = finding;
    }
}

static int audit_pins(struct audit *audit, const struct azc_options *options)
{
    if (!read_lists(audit, options))
        return STATUS_USAGE;
    if (audit->refs.broken) {
        compile_print_diagnostics(audit->build, &options->compile);
        return STATUS_WRONG;
    }
    judge_pins(audit, options->write);
    compile_print_diagnostics(audit->build, &options->compile);
    if (options->json)
        put_findings_json(audit);
    else
        put_findings(audit);
    if (azc_put(&audit->sink) != STATUS_FINE)
        return STATUS_USAGE;
    const size_t stale = audit->counts[PIN_STALE];
    if (audit->build->queue.errors > 0) {
        if (options->write && stale > 0)
            fputs("azc: nothing was written; resolve these errors first\n", stderr);
        return STATUS_WRONG;
    }
    if (options->write)
        return pins_write(audit->build, audit->findings.items, audit->findings.count);
    return options->check && stale > 0 ? STATUS_WRONG : STATUS_FINE;
}

static int run_pin(const struct azc_options *options)
{
    struct compilation build = {0};
    struct audit audit = {.build = &build};
    if (options->word_count > 1)
        return azc_misuse("pin", "unexpected argument: ", options->words[1]);
    if (options->write && (options->check || options->json || options->list))
        return azc_misuse("pin", "--write cannot be combined with ",
                          options->check  ? "--check"
                          : options->json ? "--json"
                                          : "--list");
    if (!options->list && isatty(STDIN_FILENO))
        return azc_misuse("pin",
                          "expected refs on standard input: ", "git ls-remote URL | azc pin URL");
    int status = compile_check(&build, &options->compile);
    if (status == STATUS_FINE)
        pins_gather(&build, &audit.pins);
    if (build.queue.errors > 0)
        status = STATUS_WRONG;
    audit.sink = base_arena_sink(&build.arena);
    if (status == STATUS_WRONG)
        compile_print_diagnostics(&build, &options->compile);
    if (status == STATUS_FINE)
        status = options->list ? list_repositories(&audit) : audit_pins(&audit, options);
    compile_free(&build);
    return status;
}

const struct azc_verb azc_pin = {
    .name = "pin",
    .summary = "compare the pinned commits with their repositories",
    .usage = "pin [URL] [--check] [--json] <REFS\n"
             "       azc pin [URL] --write <REFS\n"
             "       azc pin --list",
    .text =
        "Compares each pinned tag and commit with the refs of its repository, which are read\n"
        "from standard input in the format of `git ls-remote`; azc itself does not use the\n"
        "network. The refs belong to URL, or to the repository of the last line `From URL`, so\n"
        "that several repositories can be read at once:\n"
        "\n"
        "  git ls-remote URL | azc pin URL\n"
        "  for url in $(azc pin --list); do\n"
        "      echo \"From $url\"; git ls-remote \"$url\"\n"
        "  done | azc pin\n"
        "\n"
        "A tag that was deleted, or that points to another commit than the pinned one, is an\n"
        "error and is never updated. A pin is stale if a tag of the same pattern has a newer\n"
        "version; pre-releases count only if one is pinned. --write updates tag, commit and\n"
        "version of stale pins in all files or in none, and not if there is an error. --check\n"
        "fails if a pin is stale.\n"
        "\n"
        "Exit status: 0 success, 1 errors in pins, rules or refs, 2 wrong usage.\n",
    .options = "rules stdlib list write check json",
    .run = run_pin,
};
