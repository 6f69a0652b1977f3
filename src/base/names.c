/* Interned names: a hash table with open addressing and linear probing. It is never more than half
 * full, so a search always ends at an empty place. Names are never removed; when the table grows,
 * the pointers move and the texts stay where they are. */
#include "base/memory.h"

#include <string.h>

/* The place of a name, or the empty place where it belongs. `room` is a power of two. */
static const char **find_name_place(const char **table, size_t room, const char *start,
                                    size_t length)
{
    size_t at = (size_t)base_hash(BASE_HASH_SEED, start, length) & (room - 1);
    while (table[at] && !base_span_is((struct base_span){start, length}, table[at]))
        at = (at + 1) & (room - 1);
    return &table[at];
}

static void enlarge_names(struct base_names *names)
{
    enum { FIRST_ROOM = 256 };
    size_t room = names->room ? names->room * 2 : FIRST_ROOM;
    const char **table = base_alloc(names->arena, room * sizeof *table);
    for (size_t i = 0; i < names->room; i++)
        if (names->table[i])
            *find_name_place(table, room, names->table[i], strlen(names->table[i])) =
                names->table[i];
    names->table = table;
    names->room = room;
}

const char *base_intern(struct base_names *names, const char *start, size_t length)
{
    length = length > 0 ? strnlen(start, length) : 0; /* a name ends at its first NUL */
    if (names->count >= names->room / 2)
        enlarge_names(names);
    const char **place = find_name_place(names->table, names->room, start, length);
    if (!*place) {
        *place = base_copy_text(names->arena, start, length);
        names->count++;
    }
    return *place;
}
