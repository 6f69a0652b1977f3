/* Images: any bytes are opened, verified and, when they pass, run and printed.
 *
 * Bytes are tried as they are and once more with their frame repaired, since no fuzzer guesses a
 * checksum. What the verifier accepts must end, must leave every slot in a state that its
 * instruction can leave, and must do the same again. */
#include <stdlib.h>

#include "../unit/assemble.h"
#include "../unit/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Room for the sample and half as much; an image that fills itself with long lists and code that
 * compares them is refused by nothing and takes its time, which is not what is looked for. */
enum { SIZE_MAX_TRIED = 6 * 1024 };

static _Alignas(8) char bytes[SIZE_MAX_TRIED];
static struct drive d;
static struct vm_trace secrets;

static void must(bool condition)
{
    if (!condition)
        abort();
}

/* Whether an instruction may pass a void on: choices do, and texts made from secrets. */
static bool may_be_void(uint32_t n)
{
    const unsigned op = d.image.code[n].op;
    return op == IMAGE_OP_VOID || op == IMAGE_OP_INPUT || op == IMAGE_OP_SETTING ||
           op == IMAGE_OP_SELECT || op == IMAGE_OP_ELSE || vm_traced(&secrets, n);
}

/* What may be read of a run shows no secret: checks, exports and settings are made from none. */
static void check_secrets(void)
{
    for (uint32_t i = 0; i < d.image.check_count; i++)
        must(!vm_traced(&secrets, d.image.checks[i].message) &&
             !vm_traced(&secrets, d.image.checks[i].condition));
    for (uint32_t i = 0; i < d.image.export_count; i++)
        must(!vm_traced(&secrets, d.image.exports[i].slot));
    for (uint32_t n = 0; n < d.image.code_count; n++)
        must(d.image.code[n].op != IMAGE_OP_SETTING || !vm_traced(&secrets, n));
}

static void check_slot(uint32_t n)
{
    const struct image_instruction *i = &d.image.code[n];
    const struct vm_slot *slot = &d.slots[n];
    if (slot->state == VM_TRAP) {
        must(slot->trap > VM_TRAP_NONE && slot->trap < VM_TRAPS && slot->origin <= n);
        return;
    }
    must(slot->state == VM_VALUE || (slot->state == VM_VOID && may_be_void(n)));
    if (slot->state == VM_VALUE && i->kind == IMAGE_BOOL)
        must(slot->value == 0 || slot->value == 1);
    if (slot->state == VM_VALUE && i->kind == IMAGE_TEXT)
        must(strlen(vm_text(&d.machine, slot->value)) < LIMIT_TEXT_VALUE);
}

static void try(size_t size)
{
    static struct vm_slot slots[LIMIT_SLOTS];
    if (!drive(&d, bytes, size)) {
        must(d.refusal.reason != NULL && d.refusal.offset <= size);
        return;
    }
    vm_trace_secrets(&d.image, &secrets);
    for (uint32_t n = 0; n < d.image.code_count; n++)
        check_slot(n);
    check_secrets();
    for (uint32_t i = 0; i < d.image.check_count; i++) {
        must(d.slots[d.image.checks[i].condition].state != VM_VOID);
        must(d.slots[d.image.checks[i].message].state != VM_VOID);
    }
    memcpy(slots, d.slots, sizeof slots);
    drive_begin(&d);
    vm_run(&d.machine);
    for (uint32_t n = 0; n < d.image.code_count; n++)
        must(slots[n].value == d.slots[n].value && slots[n].state == d.slots[n].state &&
             slots[n].trap == d.slots[n].trap && slots[n].origin == d.slots[n].origin);
}

/* Makes the header one that image_open likes, with the counts as they are; answers the size. */
static size_t repair(size_t size)
{
    static const uint32_t elements[IMAGE_SECTIONS] = {
        1,
        sizeof(struct image_instruction),
        sizeof(struct image_input),
        sizeof(struct image_source),
        sizeof(uint32_t),
        sizeof(struct image_setting),
        sizeof(struct image_output),
        sizeof(struct image_check),
        sizeof(struct image_export),
        sizeof(struct image_name),
        sizeof(struct image_note),
        sizeof(struct image_document),
        sizeof(uint32_t),
    };
    struct image_header *header = (struct image_header *)(void *)bytes;
    uint64_t end = sizeof *header;
    memset(bytes + size, 0, sizeof bytes - size);
    memcpy(header->magic, IMAGE_MAGIC, sizeof header->magic);
    header->version = IMAGE_VERSION;
    header->header_bytes = sizeof *header;
    for (int s = 0; s < IMAGE_SECTIONS; s++) {
        header->sections[s].offset = (uint32_t)end;
        end = (end + (uint64_t)header->sections[s].count * elements[s] + 7) & ~UINT64_C(7);
        if (end > sizeof bytes)
            return size;
    }
    assemble_seal(bytes, (size_t)end);
    return (size_t)end;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > sizeof bytes)
        return 0;
    memcpy(bytes, data, size);
    try(size);
    memcpy(bytes, data, size);
    try(repair(size));
    return 0;
}
