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
static struct azv_trace secrets;

static void must(bool condition)
{
    if (!condition)
        abort();
}

/* Whether an instruction may pass a void on: choices do, and texts made from secrets. */
static bool may_be_void(uint32_t n)
{
    const unsigned op = d.image.code[n].op;
    return op == AZB_OP_VOID || op == AZB_OP_INPUT || op == AZB_OP_SETTING || op == AZB_OP_SELECT ||
           op == AZB_OP_ELSE || azv_traced(&secrets, n);
}

/* What may be read of a run shows no secret: checks, exports and settings are made from none. */
static void check_secrets(void)
{
    for (uint32_t i = 0; i < d.image.check_count; i++)
        must(!azv_traced(&secrets, d.image.checks[i].message) &&
             !azv_traced(&secrets, d.image.checks[i].condition));
    for (uint32_t i = 0; i < d.image.export_count; i++)
        must(!azv_traced(&secrets, d.image.exports[i].slot));
    for (uint32_t n = 0; n < d.image.code_count; n++)
        must(d.image.code[n].op != AZB_OP_SETTING || !azv_traced(&secrets, n));
}

static void check_slot(uint32_t n)
{
    const struct azb_instruction *i = &d.image.code[n];
    const struct azv_slot *slot = &d.slots[n];
    if (slot->state == AZV_TRAP) {
        must(slot->trap > AZV_TRAP_NONE && slot->trap < AZV_TRAPS && slot->origin <= n);
        return;
    }
    must(slot->state == AZV_VALUE || (slot->state == AZV_VOID && may_be_void(n)));
    if (slot->state == AZV_VALUE && i->kind == AZB_BOOL)
        must(slot->value == 0 || slot->value == 1);
    if (slot->state == AZV_VALUE && i->kind == AZB_TEXT)
        must(strlen(azv_text(&d.machine, slot->value)) < AZA_TEXT_VALUE_MAX);
}

static void try(size_t size)
{
    static struct azv_slot slots[AZA_SLOTS_MAX];
    if (!drive(&d, bytes, size)) {
        must(d.refusal.reason != NULL && d.refusal.offset <= size);
        return;
    }
    azv_trace_secrets(&d.image, &secrets);
    for (uint32_t n = 0; n < d.image.code_count; n++)
        check_slot(n);
    check_secrets();
    for (uint32_t i = 0; i < d.image.check_count; i++) {
        must(d.slots[d.image.checks[i].condition].state != AZV_VOID);
        must(d.slots[d.image.checks[i].message].state != AZV_VOID);
    }
    memcpy(slots, d.slots, sizeof slots);
    drive_begin(&d);
    azv_run(&d.machine);
    for (uint32_t n = 0; n < d.image.code_count; n++)
        must(slots[n].value == d.slots[n].value && slots[n].state == d.slots[n].state &&
             slots[n].trap == d.slots[n].trap && slots[n].origin == d.slots[n].origin);
}

/* Makes the header one that azb_open likes, with the counts as they are; answers the size. */
static size_t repair(size_t size)
{
    static const uint32_t elements[AZB_SECTIONS] = {
        1,
        sizeof(struct azb_instruction),
        sizeof(struct azb_input),
        sizeof(struct azb_source),
        sizeof(uint32_t),
        sizeof(struct azb_setting),
        sizeof(struct azb_output),
        sizeof(struct azb_check),
        sizeof(struct azb_export),
        sizeof(struct azb_name),
        sizeof(struct azb_note),
        sizeof(struct azb_document),
        sizeof(uint32_t),
    };
    struct azb_header *header = (struct azb_header *)(void *)bytes;
    uint64_t end = sizeof *header;
    memset(bytes + size, 0, sizeof bytes - size);
    memcpy(header->magic, AZB_MAGIC, sizeof header->magic);
    header->version = AZB_VERSION;
    header->header_bytes = sizeof *header;
    for (int s = 0; s < AZB_SECTIONS; s++) {
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
