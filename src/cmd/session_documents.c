/* Documents after a decision. */
#include "cmd/session_documents.h"
#include <string.h>
#include "vm/secret.h"

#define KEPT "POSTGRES_PASSWORD"

const struct azb_document *azn_next_document(const struct azn_session *session, const char *command,
                                             uint32_t *cursor)
{
    const struct azb_image *image = &session->image;
    while (*cursor < image->document_count) {
        const struct azb_document *document = &image->documents[(*cursor)++];
        if (command == NULL || strcmp(azb_string(image, document->command), command) == 0)
            return document;
    }
    return NULL;
}

const char *azn_document_path(const struct azn_session *session,
                              const struct azb_document *document)
{
    return azb_string(&session->image, document->path);
}

/* --- what is missing ----------------------------------------------------------------------------
 */

static uint32_t slot_of(const struct azn_session *session, const struct azb_document *document,
                        uint32_t piece)
{
    return session->image.pieces[document->pieces + piece];
}

/* Whether a void slot is made from an input. */
static bool misses(const struct azn_session *session, uint32_t slot, uint32_t input)
{
    struct azv_trace trace;
    azv_trace(&session->machine, slot, AZV_TAKEN, &trace);
    for (uint32_t n = 0; n <= slot; n++)
        if (azv_traced(&trace, n) && session->image.code[n].op == AZB_OP_INPUT &&
            session->image.code[n].immediate == input)
            return true;
    return false;
}

static bool document_misses(const struct azn_session *session, const struct azb_document *document,
                            uint32_t input)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const uint32_t slot = slot_of(session, document, i);
        if (session->slots[slot].state == AZV_VOID && misses(session, slot, input))
            return true;
    }
    return false;
}

/* "X or X_FILE", with what each must hold. */
static void put_ways(struct aza_sink *sink, const struct azb_image *image,
                     const struct azb_input *input)
{
    const char *before = "; set ";
    for (uint32_t i = input->sources; i < input->sources + input->source_count; i++) {
        const struct azb_source *source = &image->sources[i];
        AZA_PUT(sink, before, azb_string(image, source->name),
                source->class == AZB_FROM_FILE ? " to the path of a file" : "");
        before = ", or ";
    }
}

static void refuse_missing(struct azn_session *session, const struct azb_document *document,
                           const struct azb_input *input)
{
    struct aza_sink *sink = &session->refusals;
    const char *name = azb_string(&session->image, input->name);
    AZA_PUT(sink, azn_document_path(session, document), " needs the secret ", name);
    put_ways(sink, &session->image, input);
    AZA_PUT(sink, "; `azr secrets ./secrets ", name, "` makes such a file\n");
}

static bool has_secrets(struct azn_session *session, const struct azb_document *document)
{
    bool complete = true;
    for (uint32_t i = 0; i < session->image.input_count; i++) {
        const struct azb_input *input = &session->image.inputs[i];
        if (input->class != AZB_SECRET || session->inputs[i].state == AZV_VALUE ||
            !document_misses(session, document, i))
            continue;
        refuse_missing(session, document, input);
        complete = false;
    }
    return complete;
}

static bool has_answers(struct azn_session *session, const struct azb_document *document)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        const struct azv_slot *slot = &session->slots[slot_of(session, document, i)];
        if (slot->state != AZV_TRAP)
            continue;
        AZA_PUT(&session->refusals, azn_document_path(session, document), ": ",
                azv_trap_sentence(slot->trap), "\n");
        return false;
    }
    return true;
}

/* Of a piece that rests on no secret but has no value nothing better can be said. */
static bool has_values(struct azn_session *session, const struct azb_document *document)
{
    for (uint32_t i = 0; i < document->piece_count; i++) {
        if (session->slots[slot_of(session, document, i)].state == AZV_VALUE)
            continue;
        AZA_PUT(&session->refusals, azn_document_path(session, document),
                ": a part of it has no value on this machine\n");
        return false;
    }
    return true;
}

bool azn_is_complete(struct azn_session *session, const struct azb_document *document)
{
    const bool secrets = has_secrets(session, document);
    return has_answers(session, document) && secrets && has_values(session, document);
}

/* --- what there is ------------------------------------------------------------------------------
 */

const char *azn_piece(const struct azn_session *session, const struct azb_document *document,
                      uint32_t piece, bool reveal)
{
    const uint32_t slot = slot_of(session, document, piece);
    if (!reveal && azv_is_secret(&session->machine, slot))
        return AZV_HIDDEN;
    return azv_text(&session->machine, session->slots[slot].value);
}

static bool names(const struct azb_image *image, const struct azb_input *input,
                  const char *variable)
{
    for (uint32_t i = input->sources; i < input->sources + input->source_count; i++) {
        const char *name = azb_string(image, image->sources[i].name);
        const size_t length = strlen(name);
        if (strncmp(variable, name, length) == 0 && variable[length] == '=')
            return true;
    }
    return false;
}

bool azn_is_from_secret(const struct azn_session *session, const char *variable)
{
    if (strncmp(variable, KEPT "=", sizeof KEPT) == 0 ||
        strncmp(variable, KEPT "_FILE=", sizeof KEPT "_FILE") == 0)
        return false;
    for (uint32_t i = 0; i < session->image.input_count; i++)
        if (session->image.inputs[i].class == AZB_SECRET &&
            names(&session->image, &session->image.inputs[i], variable))
            return true;
    return false;
}
