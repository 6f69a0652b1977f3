/* Two images joined into one: its inputs describe the machines of both, and its code is the code of
 * both, one after the other.
 *
 * Identical expressions become the same slot, so most equalities need no proof. If the images
 * disagree about an input, the joint input admits every value that either admits, and the code of
 * each side begins by treating such a value as that side would (session_resolve): clamp it, replace
 * it or refuse the machine. Thus the joint image computes the results of both images for every
 * machine. There are two simplifications: an ignored value is replaced by the default at once,
 * without asking the remaining sources; and `given` stays true for it. */
#ifndef AZA_COMPARE_JOINT_H
#define AZA_COMPARE_JOINT_H

#include "ir/write.h"

enum { COMPARE_OLD, COMPARE_NEW, COMPARE_SIDES };

struct compare_side {
    const struct image *image;
    uint32_t *inputs;   /* by this side's input: its index in the joint image */
    uint32_t *settings; /* by its setting: the same, or IMAGE_NONE if no code uses it */
    ir_slot *slots;     /* by its slot: the same */
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

/* Joins two verified images, which must outlive the joint one. `words` fixes inputs and settings to
 * one value. Returns false with the reason in `why` if a name is unknown to both, or if the joint
 * image is too large. */
bool compare_join(struct base_arena *arena, const struct image *old, const struct image *new,
                  const struct vm_word *words, size_t word_count, struct compare_joint *joint,
                  const char **why);

/* The joint image so far, verified; `roots` are slots to keep, rewritten in place. Without
 * `refusals` the image has no checks, so no machine is excluded. More code may be added to the
 * joint image afterwards, and another image written. */
bool compare_write_joint(struct compare_joint *joint, bool refusals, uint32_t *roots,
                         size_t root_count, struct image *image, const char **why);

/* The index of the image's input of that name; IMAGE_NONE if it has none. */
uint32_t compare_find_input(const struct image *image, const char *name);

/* --- joint_code.c --- */

/* Appends the code of a side. */
void compare_append_side(struct compare_joint *joint, struct compare_side *side);

#endif
