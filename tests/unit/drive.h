/* Takes bytes all the way through the runner: open, verify, run with every input at its default,
 * judge nothing, print everything. Whatever the bytes are, this ends and touches no memory of
 * others; the sanitizers watch. */
#ifndef AZA_TESTS_DRIVE_H
#define AZA_TESTS_DRIVE_H

#include <stdio.h>
#include <string.h>

#include "vm/vm.h"

struct drive {
    struct azb_image image;
    struct azb_refusal refusal;
    struct azv_machine machine;
    struct azv_input inputs[AZA_INPUTS_MAX];
    struct azv_slot slots[AZA_SLOTS_MAX];
    char text[AZA_TEXT_BYTES_MAX];
    char output[1024 * 1024];
    struct aza_sink sink;
};

/* What an input is when nobody says anything; 0 and the empty string do for those that must be
 * said. */
static inline void drive_inputs(struct drive *drive)
{
    for (uint32_t i = 0; i < drive->image.input_count; i++) {
        const struct azb_input *input = &drive->image.inputs[i];
        const bool silent = (input->optional && !input->has_default) || input->class == AZB_SECRET;
        drive->inputs[i] =
            (struct azv_input){.value = input->fallback, .state = silent ? AZV_VOID : AZV_VALUE};
    }
}

/* Gives the machine its memory; the image must be verified, or be good by construction. */
static inline void drive_begin(struct drive *drive)
{
    drive->machine = (struct azv_machine){.image = &drive->image,
                                          .slots = drive->slots,
                                          .inputs = drive->inputs,
                                          .text = drive->text,
                                          .text_capacity = sizeof drive->text};
    drive_inputs(drive);
}

static inline bool drive_verify(struct drive *drive, const void *bytes, size_t length)
{
    return azb_open(bytes, length, &drive->image, &drive->refusal) &&
           azv_verify(&drive->image, &drive->refusal);
}

/* Prints every slot after the disassembly, so that every text is read. */
static inline void drive_print(struct drive *drive)
{
    drive->sink = (struct aza_sink)AZA_SINK(drive->output);
    azb_disassemble(&drive->image, &drive->sink);
    for (uint32_t n = 0; n < drive->image.code_count; n++) {
        const struct azv_slot *slot = &drive->slots[n];
        if (slot->state == AZV_VALUE)
            azv_put_value(&drive->sink, &drive->machine, drive->image.code[n].kind, slot->value);
        else
            aza_put(&drive->sink, azv_trap_sentence(slot->trap));
        aza_put_char(&drive->sink, '\n');
    }
}

/* Whether the bytes are refused for that reason at that byte; says so when not. */
static inline bool drive_refused(struct drive *drive, const void *bytes, size_t length,
                                 const char *reason, size_t offset)
{
    if (drive_verify(drive, bytes, length)) {
        fprintf(stderr, "accepted, not refused as %s at %zu\n", reason, offset);
        return false;
    }
    if (strcmp(drive->refusal.reason, reason) == 0 && drive->refusal.offset == offset)
        return true;
    fprintf(stderr, "refused as %s at %zu, not as %s at %zu\n", drive->refusal.reason,
            drive->refusal.offset, reason, offset);
    return false;
}

static inline bool drive(struct drive *drive, const void *bytes, size_t length)
{
    if (!drive_verify(drive, bytes, length))
        return false;
    drive_begin(drive);
    azv_run(&drive->machine);
    drive_print(drive);
    return true;
}

#endif
