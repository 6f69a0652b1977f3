/* Values as the rules write them. */
#include "vm/vm.h"

/* In the largest unit that leaves a whole number: a size in at most MB, which every memory is a
 * multiple of, and nothing at all in seconds, since "0d" would puzzle. */
static void put_quantity(struct aza_sink *sink, unsigned kind, int64_t value)
{
    const int64_t largest = kind == AZB_BYTES ? INT64_C(1) << 20
                            : value == 0      ? INT64_C(1000000)
                                              : INT64_MAX;
    const struct azb_unit *best = NULL;
    for (const struct azb_unit *unit = azb_units; unit < azb_units + AZB_UNITS; unit++)
        if (unit->kind == kind && unit->base <= largest && value % unit->base == 0)
            best = unit;
    aza_put_int(sink, value / best->base);
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
