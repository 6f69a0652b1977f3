/* Two images as one: the machines that either may meet as inputs, and the code of both after one
 * another.
 *
 * What both say in the same way becomes the same slot, so most of what is equal needs no proof.
 * Where the images disagree about an input, the joint one admits every value that either admits,
 * and the code of each begins with what its own side makes of such a value: clamps it, replaces it
 * or refuses the machine, as azv_resolve would. So the joint image answers what the two would have
 * answered, one beside the other, on every machine that either may meet. Two things are taken to be
 * simpler than they are: a value that counts as not given gets the default at once, without asking
 * the sources that come after; and `given` stays true for it. */
#ifndef AZA_CMD_JOINT_H
#define AZA_CMD_JOINT_H

#include "image/write.h"

enum { AZJ_OLD, AZJ_NEW, AZJ_SIDES };

struct azj_side {
    const struct azb_image *image;
    uint32_t *inputs;   /* this side's inputs: their numbers in the joint image */
    uint32_t *settings; /* its settings: theirs, or AZB_NONE where no code asks for one */
    azi_slot *slots;    /* its slots: theirs */
    azi_slot refused;   /* bool: this side refuses the machine */
};

struct azj_joint {
    struct aza_arena *arena;
    struct azi_code code;
    struct azb_tables tables; /* its checks are the refusals of both sides */
    struct azj_side sides[AZJ_SIDES];
    azi_slot *fixed; /* by joint input: a constant, where `is_fixed` */
    bool *is_fixed;
    azi_slot *fixed_settings; /* by joint setting, likewise */
    bool *is_fixed_setting;
};

/* Joins two verified images, which must live as long as the joint one. `words` are inputs and
 * settings that have one value on every machine compared. On failure answers false, and `why` is a
 * sentence: a word that neither knows, or a joint image that is too large. */
bool azj_join(struct aza_arena *arena, const struct azb_image *old, const struct azb_image *new,
              const struct azv_word *words, size_t word_count, struct azj_joint *joint,
              const char **why);

/* The joint image so far, verified; `roots` are slots to keep, rewritten in place. Without
 * `refusals` no machine is left out for being refused. More code may be added to the joint image
 * afterwards, and another image written. */
bool azj_write(struct azj_joint *joint, bool refusals, uint32_t *roots, size_t root_count,
               struct azb_image *image, const char **why);

/* The side's number of a joint input; AZB_NONE when it has none. */
uint32_t azj_input_of(const struct azj_joint *joint, int side, uint32_t input);
/* The other side's input of the same name; AZB_NONE when it has none. */
uint32_t azj_find_input(const struct azb_image *image, const char *name);

/* ---- joint_code.c ---- */

/* Appends the code of a side. */
void azj_append(struct azj_joint *joint, struct azj_side *side);

#endif
