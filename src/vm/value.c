/* Writing values in the notation of the rules. Quantities are written in the largest unit that
 * leaves a whole number, 1536MB rather than 1.5GB, so the text can be read back exactly; units.def
 * has the smallest unit of a kind first, so the last one that fits is the largest. */
#include "vm/vm.h"

/* Sizes use at most MB, so that those of one table can be compared at a glance; a time of zero is
 * written in seconds, because "0d" would be puzzling. */
static void put_in_largest_unit(struct base_sink *sink, unsigned kind, int64_t value)
{
    const int64_t largest = kind == IMAGE_BYTES ? INT64_C(1) << 20
                            : value == 0        ? INT64_C(1000000)
                                                : INT64_MAX;
    const struct image_unit *best = NULL;
    for (const struct image_unit *unit = image_units; unit < image_units + IMAGE_UNITS; unit++)
        if (unit->kind == kind && unit->base <= largest && value % unit->base == 0)
            best = unit;
    base_put_int(sink, value / best->base);
    base_put(sink, best->word);
}

void vm_put_value(struct base_sink *sink, const struct vm_machine *machine, unsigned kind,
                  int64_t value)
{
    switch (kind) {
    case IMAGE_BOOL:
        base_put(sink, value ? "true" : "false");
        break;
    case IMAGE_INT:
        base_put_int(sink, value);
        break;
    case IMAGE_RATIO:
        base_put_micro(sink, value, 1);
        break;
    case IMAGE_BYTES:
    case IMAGE_TIME:
        put_in_largest_unit(sink, kind, value);
        break;
    default:
        base_put(sink, vm_text(machine, value));
    }
}
