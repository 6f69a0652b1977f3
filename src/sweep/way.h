/* The way a value was computed in one run: the table rows, branches, curve segments and limits that
 * it went through.
 *
 * Read from the code and the slots, not from the notes: a note tells of a condition whether or not
 * the value depends on it today, and min(a, b) has none. Only what the value was really taken from
 * counts: of a choice the side chosen, of a limit the side that holds. How a condition came to be
 * true is not part of the way. */
#ifndef AZA_SWEEP_WAY_H
#define AZA_SWEEP_WAY_H

#include "vm/vm.h"

/* The same number for runs that computed the slot in the same way, and another for others. */
uint64_t sweep_way(const struct vm_machine *machine, uint32_t slot);

#endif
