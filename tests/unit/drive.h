/* Passes bytes through the whole runner: open, verify, run with every input at its default,
 * judge nothing, print everything. Whatever the bytes are, this ends and touches no memory of
 * others; the sanitizers watch. */
#ifndef AZA_TESTS_DRIVE_H
#define AZA_TESTS_DRIVE_H

#include <stdio.h>
#include <string.h>

#include "vm/vm.h"

struct drive {
    struct image image;
    struct image_refusal refusal;
    struct vm_machine machine;
    struct vm_input inputs[LIMIT_INPUTS];
    struct vm_slot slots[LIMIT_SLOTS];
    char text[LIMIT_TEXT_BYTES];
    char output[1024 * 1024];
    struct base_sink sink;
};

/* The default of an input; 0 or the empty string for inputs that have none. */
static inline void drive_inputs(struct drive *drive)
{
    for (uint32_t i = 0; i < drive->image.input_count; i++) {
        const struct image_input *input = &drive->image.inputs[i];
        const bool silent =
            (input->optional && !input->has_default) || input->class == IMAGE_SECRET;
        drive->inputs[i] =
            (struct vm_input){.value = input->fallback, .state = silent ? VM_VOID : VM_VALUE};
    }
}

/* Gives the machine its memory; the image must be verified, or be good by construction. */
static inline void drive_begin(struct drive *drive)
{
    drive->machine = (struct vm_machine){.image = &drive->image,
                                         .slots = drive->slots,
                                         .inputs = drive->inputs,
                                         .text = drive->text,
                                         .text_capacity = sizeof drive->text};
    drive_inputs(drive);
}

static inline bool drive_verify(struct drive *drive, const void *bytes, size_t length)
{
    return image_open(bytes, length, &drive->image, &drive->refusal) &&
           vm_verify(&drive->image, &drive->refusal);
}

/* Prints every slot after the disassembly, so that every text is read. */
static inline void drive_print(struct drive *drive)
{
    drive->sink = (struct base_sink)BASE_SINK(drive->output);
    ir_disassemble(&drive->image, &drive->sink);
    for (uint32_t n = 0; n < drive->image.code_count; n++) {
        const struct vm_slot *slot = &drive->slots[n];
        if (slot->state == VM_VALUE)
            vm_put_value(&drive->sink, &drive->machine, drive->image.code[n].kind, slot->value);
        else
            base_put(&drive->sink, vm_trap_sentence(slot->trap));
        base_put_char(&drive->sink, '\n');
    }
}

/* Whether the bytes are refused for that reason at that byte; prints the difference if not. */
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
    vm_run(&drive->machine);
    drive_print(drive);
    return true;
}

#endif
