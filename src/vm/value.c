/* Values as the rules write them. */
#include "vm/vm.h"

struct unit {
    const char *word;
    enum azb_kind kind;
    int64_t size;
};

/* Smallest first within a kind. */
static const struct unit units[] = {
#define BYTES               AZB_BYTES
#define TIME                AZB_TIME
#define RATIO               AZB_RATIO
#define X(word, kind, size) {word, kind, size},
#include "units.def"
#undef X
#undef BYTES
#undef TIME
#undef RATIO
};

/* In the largest unit that leaves a whole number: a size in at most MB, which every memory is a
 * multiple of, and nothing at all in seconds, since "0d" would puzzle. */
static void put_quantity(struct aza_sink *sink, unsigned kind, int64_t value)
{
    const int64_t largest = kind == AZB_BYTES ? INT64_C(1) << 20
                            : value == 0      ? INT64_C(1000000)
                                              : INT64_MAX;
    const struct unit *best = NULL;
    for (const struct unit *unit = units; unit < units + sizeof units / sizeof *units; unit++)
        if (unit->kind == kind && unit->size <= largest && value % unit->size == 0)
            best = unit;
    aza_put_int(sink, value / best->size);
    aza_put(sink, best->word);
}

void azv_put_value(struct aza_sink *sink, const struct azv_machine *machine, unsigned kind,
                   int64_t value)
{
    switch (kind) {
    case AZB_BOOL:
        aza_put(sink, value ? "true" : "false");
        break;
    case AZB_INT:
        aza_put_int(sink, value);
        break;
    case AZB_RATIO:
        aza_put_micro(sink, value, 1);
        break;
    case AZB_BYTES:
    case AZB_TIME:
        put_quantity(sink, kind, value);
        break;
    default:
        aza_put(sink, azv_text(machine, value));
    }
}
