/* Documents after a decision: whether every piece has a value, which secrets are missing, and the
 * text of each piece.
 *
 * A document is a sequence of pieces, each a slot with a text: constant parts of the file are
 * constants of the code. To find the missing secrets, a piece without a value is traced back to the
 * inputs that it was computed from. Only inputs that this run used count: a secret that is read in
 * a branch not taken is not required. */
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

/* --- missing secrets --- */

static uint32_t piece_slot(const struct session *session, const struct image_document *document,
                           uint32_t piece)
{
    return session->image.pieces[document->pieces + piece];
}

/* Whether a slot was computed from an input. */
static bool slot_depends_on_input(const struct session *session, uint32_t slot, uint32_t input)
{
    struct vm_trace trace;
    vm_trace(&session->machine, slot, VM_TAKEN, &trace);
    for (uint32_t n = 0; n <= slot; n++)
        if (vm_traced(&trace, n) && session->image.code[n].op == IMAGE_OP_INPUT &&
            session->image.code[n].immediate == input)
            return true;
    return false;
}

static bool document_lacks_input(const struct session *session,
                                 const struct image_document *document, uint32_t input)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const uint32_t slot = piece_slot(session, document, i);
        if (session->slots[slot].state == VM_VOID && slot_depends_on_input(session, slot, input))
            return true;
    }
    return false;
}

/* "; set X, or X_FILE to the path of a file". */
static void put_secret_variables(struct base_sink *sink, const struct image *image,
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

static void refuse_missing_secret(struct session *session, const struct image_document *document,
                                  const struct image_input *input)
{
    struct base_sink *sink = &session->refusals;
    const char *name = image_string(&session->image, input->name);
    BASE_PUT(sink, session_document_path(session, document), " requires the secret ", name);
    put_secret_variables(sink, &session->image, input);
    BASE_PUT(sink, "; `azr secrets ./secrets ", name, "` creates such a file\n");
}

/* One message per missing secret, not per piece that needs it. */
static bool check_document_secrets(struct session *session, const struct image_document *document)
{
    bool complete = true;
    for (uint32_t i = 0; i < session->image.input_count; i++) {
        const struct image_input *input = &session->image.inputs[i];
        if (input->class != IMAGE_SECRET || session->inputs[i].state == VM_VALUE ||
            !document_lacks_input(session, document, i))
            continue;
        refuse_missing_secret(session, document, input);
        complete = false;
    }
    return complete;
}

/* An error of the computation, for example a text that became too long; the first one. */
static bool check_document_errors(struct session *session, const struct image_document *document)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const struct vm_slot *slot = &session->slots[piece_slot(session, document, i)];
        if (slot->state != VM_TRAP)
            continue;
        BASE_PUT(&session->refusals, session_document_path(session, document), ": ",
                 vm_trap_sentence(slot->trap), "\n");
        return false;
    }
    return true;
}

/* The last resort, for a piece without a value that does not depend on a secret. */
static bool check_document_values(struct session *session, const struct image_document *document)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        if (session->slots[piece_slot(session, document, i)].state == VM_VALUE)
            continue;
        BASE_PUT(&session->refusals, session_document_path(session, document),
                 ": part of this file has no value on this machine\n");
        return false;
    }
    return true;
}

/* The messages of missing secrets come first, and an error does not hide them. */
bool session_is_complete(struct session *session, const struct image_document *document)
{
    const bool secrets = check_document_secrets(session, document);
    return check_document_errors(session, document) && secrets &&
           check_document_values(session, document);
}

/* --- pieces --- */

const char *session_piece(const struct session *session, const struct image_document *document,
                          uint32_t piece, bool reveal)
{
    const uint32_t slot = piece_slot(session, document, piece);
    if (!reveal && vm_is_secret(&session->machine, slot))
        return VM_HIDDEN;
    return vm_text(&session->machine, session->slots[slot].value);
}

bool session_is_assignment(const char *variable, const char *name)
{
    const size_t length = strlen(name);
    return strncmp(variable, name, length) == 0 && variable[length] == '=';
}

static bool is_variable_of_input(const struct image *image, const struct image_input *input,
                                 const char *variable)
{
    for (uint32_t i = input->sources; i < input->sources + input->source_count; i++)
        if (session_is_assignment(variable, image_string(image, image->sources[i].name)))
            return true;
    return false;
}

bool session_is_from_secret(const struct session *session, const char *variable)
{
    for (uint32_t i = 0; i < session->image.input_count; i++)
        if (session->image.inputs[i].class == IMAGE_SECRET &&
            is_variable_of_input(&session->image, &session->image.inputs[i], variable))
            return true;
    return false;
}
