/* Two images as one: the machines that either may meet as inputs, and the code of both after one
 * another.
 *
 * What both say in the same way becomes the same slot, so most of what is equal needs no proof.
 * Where the images disagree about an input, the joint one admits every value that either admits,
 * and the code of each begins with what its own side makes of such a value: clamps it, replaces it
 * or refuses the machine, as session_resolve would. So the joint image answers what the two would
 * have answered, one beside the other, on every machine that either may meet. Two things are taken
 * to be simpler than they are: a value that counts as not given gets the default at once, without
 * asking the sources that come after; and `given` stays true for it. */
#ifndef AZA_COMPARE_JOINT_H
#define AZA_COMPARE_JOINT_H

#include "ir/write.h"

enum { COMPARE_OLD, COMPARE_NEW, COMPARE_SIDES };

struct compare_side {
    const struct image *image;
    uint32_t *inputs;   /* this side's inputs: their numbers in the joint image */
    uint32_t *settings; /* its settings: theirs, or IMAGE_NONE where no code asks for one */
    ir_slot *slots;     /* its slots: theirs */
    ir_slot refused;    /* bool: this side refuses the machine */
};

struct compare_joint {
    struct base_arena *arena;
    struct ir_code code;
    struct ir_tables tables; /* its checks are the refusals of both sides */
    struct compare_side sides[COMPARE_SIDES];
    ir_slot *fixed; /* by joint input: a constant, where `is_fixed` */
    bool *is_fixed;
    ir_slot *fixed_settings; /* by joint setting, likewise */
    bool *is_fixed_setting;
};

/* Joins two verified images, which must live as long as the joint one. `words` are inputs and
 * settings that have one value on every machine compared. On failure answers false, and `why` is a
 * sentence: a word that neither knows, or a joint image that is too large. */
bool compare_join(struct base_arena *arena, const struct image *old, const struct image *new,
                  const struct vm_word *words, size_t word_count, struct compare_joint *joint,
                  const char **why);

/* The joint image so far, verified; `roots` are slots to keep, rewritten in place. Without
 * `refusals` no machine is left out for being refused. More code may be added to the joint image
 * afterwards, and another image written. */
bool compare_write_joint(struct compare_joint *joint, bool refusals, uint32_t *roots,
                         size_t root_count, struct image *image, const char **why);

/* The other side's input of the same name; IMAGE_NONE when it has none. */
uint32_t compare_find_input(const struct image *image, const char *name);

/* --- joint_code.c --- */

/* Appends the code of a side. */
void compare_append_side(struct compare_joint *joint, struct compare_side *side);

#endif
