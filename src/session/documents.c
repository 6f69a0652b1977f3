/* Documents after a decision. */
#include "session/parts.h"
#include <string.h>

const struct image_document *session_next_document(const struct session *session,
                                                   const char *command, uint32_t *cursor)
{
    const struct image *image = &session->image;
    while (*cursor < image->document_count) {
        const struct image_document *document = &image->documents[(*cursor)++];
        if (command == NULL || strcmp(image_string(image, document->command), command) == 0)
            return document;
    }
    return NULL;
}

const char *session_document_path(const struct session *session,
                                  const struct image_document *document)
{
    return image_string(&session->image, document->path);
}

/* --- what is missing --- */

static uint32_t slot_of(const struct session *session, const struct image_document *document,
                        uint32_t piece)
{
    return session->image.pieces[document->pieces + piece];
}

/* Whether a void slot is made from an input. */
static bool misses(const struct session *session, uint32_t slot, uint32_t input)
{
    struct vm_trace trace;
    vm_trace(&session->machine, slot, VM_TAKEN, &trace);
    for (uint32_t n = 0; n <= slot; n++)
        if (vm_traced(&trace, n) && session->image.code[n].op == IMAGE_OP_INPUT &&
            session->image.code[n].immediate == input)
            return true;
    return false;
}

static bool document_misses(const struct session *session, const struct image_document *document,
                            uint32_t input)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const uint32_t slot = slot_of(session, document, i);
        if (session->slots[slot].state == VM_VOID && misses(session, slot, input))
            return true;
    }
    return false;
}

/* "X or X_FILE", with what each must hold. */
static void put_ways(struct base_sink *sink, const struct image *image,
                     const struct image_input *input)
{
    const char *before = "; set ";
    for (uint32_t i = input->sources; i < input->sources + input->source_count; i++) {
        const struct image_source *source = &image->sources[i];
        BASE_PUT(sink, before, image_string(image, source->name),
                 source->class == IMAGE_FROM_FILE ? " to the path of a file" : "");
        before = ", or ";
    }
}

static void refuse_missing(struct session *session, const struct image_document *document,
                           const struct image_input *input)
{
    struct base_sink *sink = &session->refusals;
    const char *name = image_string(&session->image, input->name);
    BASE_PUT(sink, session_document_path(session, document), " needs the secret ", name);
    put_ways(sink, &session->image, input);
    BASE_PUT(sink, "; `azr secrets ./secrets ", name, "` makes such a file\n");
}

static bool has_secrets(struct session *session, const struct image_document *document)
{
    bool complete = true;
    for (uint32_t i = 0; i < session->image.input_count; i++) {
        const struct image_input *input = &session->image.inputs[i];
        if (input->class != IMAGE_SECRET || session->inputs[i].state == VM_VALUE ||
            !document_misses(session, document, i))
            continue;
        refuse_missing(session, document, input);
        complete = false;
    }
    return complete;
}

static bool has_answers(struct session *session, const struct image_document *document)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const struct vm_slot *slot = &session->slots[slot_of(session, document, i)];
        if (slot->state != VM_TRAP)
            continue;
        BASE_PUT(&session->refusals, session_document_path(session, document), ": ",
                 vm_trap_sentence(slot->trap), "\n");
        return false;
    }
    return true;
}

/* Of a piece that rests on no secret but has no value nothing better can be said. */
static bool has_values(struct session *session, const struct image_document *document)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        if (session->slots[slot_of(session, document, i)].state == VM_VALUE)
            continue;
        BASE_PUT(&session->refusals, session_document_path(session, document),
                 ": a part of it has no value on this machine\n");
        return false;
    }
    return true;
}

bool session_is_complete(struct session *session, const struct image_document *document)
{
    const bool secrets = has_secrets(session, document);
    return has_answers(session, document) && secrets && has_values(session, document);
}

/* --- what there is --- */

const char *session_piece(const struct session *session, const struct image_document *document,
                          uint32_t piece, bool reveal)
{
    const uint32_t slot = slot_of(session, document, piece);
    if (!reveal && vm_is_secret(&session->machine, slot))
        return VM_HIDDEN;
    return vm_text(&session->machine, session->slots[slot].value);
}

static bool names(const struct image *image, const struct image_input *input, const char *variable)
{
    for (uint32_t i = input->sources; i < input->sources + input->source_count; i++) {
        const char *name = image_string(image, image->sources[i].name);
        const size_t length = strlen(name);
        if (strncmp(variable, name, length) == 0 && variable[length] == '=')
            return true;
    }
    return false;
}

bool session_is_from_secret(const struct session *session, const char *variable)
{
    for (uint32_t i = 0; i < session->image.input_count; i++)
        if (session->image.inputs[i].class == IMAGE_SECRET &&
            names(&session->image, &session->image.inputs[i], variable))
            return true;
    return false;
}
