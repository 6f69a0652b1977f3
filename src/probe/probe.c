/* The table of probes, made from probes.def, and the facts that are already known: a probe is asked
 * once per machine, when it is first needed. */
#include "probe/parts.h"

static const struct {
    const char *word;
    enum image_kind kind;
    probe_asker *ask;
} PROBES[PROBE_COUNT] = {
#define X(name, kind, word, function) {word, IMAGE_##kind, probe_ask_##function},
#include "probes.def"
#undef X
};

void probe_begin(struct probe_machine *machine, const char *root, const char *const *environment)
{
    machine->root = root;
    machine->environment = environment;
    machine->cgroups_known = machine->mounts_known = false;
    for (int i = 0; i < PROBE_COUNT; i++)
        machine->asked[i] = false;
}

/* A path may hold any byte, and a detail goes into logs, one line each. */
static void make_printable(char *text)
{
    for (; *text; text++)
        if (base_is_control(*text))
            *text = '?';
}

const struct probe_fact *probe_ask(struct probe_machine *machine, enum probe probe)
{
    struct probe_fact *fact = &machine->facts[probe];
    if (!machine->asked[probe]) {
        machine->asked[probe] = true; /* before the call, so that no cycle of probes is endless */
        PROBES[probe].ask(machine, fact);
        make_printable(fact->detail);
    }
    return fact;
}

enum probe probe_find(struct base_span name)
{
    enum probe probe = 0;
    while (probe < PROBE_COUNT && !base_span_is(name, PROBES[probe].word))
        probe++;
    return probe;
}

const char *probe_word(enum probe probe)
{
    return PROBES[probe].word;
}

enum image_kind probe_kind(enum probe probe)
{
    return PROBES[probe].kind;
}
