/* One decision: loads an image, resolves the inputs, reads the operator's settings, runs the rules
 * and judges the result. The steps of session_decide are in this order because a setting's
 * availability depends on the server version, which is an input.
 *
 * The first two steps read as much as they can, so that one start reports every mistake of the
 * operator; the rules run only if there is none. A session can decide several times about one
 * image: begin_decision resets all that an earlier decision left, and azr decides again after it
 * has copied a primary, whose control file is the source of some facts. */
#include "base/assert.h"
#include "session/session.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "session/parts.h"
#include "vm/quantity.h"

#define SETTINGS_VARIABLE "POSTGRES_SETTINGS"

/* --- opening --- */

/* Returns false, for the caller to return. */
static bool refuse_image(struct session *session, const char *path, const char *sentence)
{
    BASE_PUT(&session->refusals, path, ": ", sentence, "\n");
    return false;
}

static void begin_messages(struct session *session)
{
    session->warnings = (struct base_sink)BASE_SINK(session->warning_text);
    session->refusals = (struct base_sink)BASE_SINK(session->refusal_text);
    session->warning_text[0] = session->refusal_text[0] = '\0';
}

/* Opens and verifies the image in session->bytes. The secrets are traced once: which slots are
 * computed from one depends on the code alone, not on the machine. */
static bool open_image_bytes(struct session *session, const char *path, size_t length)
{
    struct image_refusal refusal = {0};
    if (image_open(session->bytes, length, &session->image, &refusal) &&
        vm_verify(&session->image, &refusal)) {
        vm_trace_secrets(&session->image, &session->secrets);
        return true;
    }
    BASE_PUT(&session->refusals, path, ": not a valid image: ", refusal.reason, " at byte ");
    base_put_int(&session->refusals, (int64_t)refusal.offset);
    base_put(&session->refusals, "; recreate it with azc compile\n");
    return false;
}

bool session_load(struct session *session, const char *path, const void *bytes, size_t length)
{
    begin_messages(session);
    if (length > sizeof session->bytes)
        return refuse_image(session, path, "the image is too large");
    memcpy(session->bytes, bytes, length);
    return open_image_bytes(session, path, length);
}

static const char *image_reading_problem(int error)
{
    switch (error) {
    case ENOENT:
        return "no such file; create it with azc compile";
    case EACCES:
        return "permission denied";
    case EISDIR:
        return "is a directory, not an image";
    default:
        return "the file could not be read";
    }
}

/* Reads the whole file, up to the capacity. No signal interrupts it, as neither program handles
 * any; on failure errno has the reason. An image larger than the capacity is cut off and refused by
 * image_open, whose header contains the size. */
static bool read_image_bytes(int fd, char *bytes, size_t capacity, size_t *length)
{
    *length = 0;
    while (*length < capacity) {
        const ssize_t got = read(fd, bytes + *length, capacity - *length);
        if (got <= 0)
            return got == 0;
        *length += (size_t)got;
    }
    return true;
}

/* O_NONBLOCK and O_NOCTTY: a pipe or a terminal in place of the image must not block the start. */
bool session_read(struct session *session, const char *path)
{
    begin_messages(session);
    size_t length;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return refuse_image(session, path, image_reading_problem(errno));
    const bool done = read_image_bytes(fd, session->bytes, sizeof session->bytes, &length);
    const int error = errno;
    close(fd);
    if (!done)
        return refuse_image(session, path, image_reading_problem(error));
    return open_image_bytes(session, path, length);
}

/* --- deciding --- */

static void begin_decision(struct session *session, const struct session_request *request)
{
    BASE_ASSERT(session->image.code_count <= LIMIT_SLOTS);
    BASE_ASSERT(session->image.setting_count <= LIMIT_SETTINGS);
    BASE_ASSERT(session->image.input_count <= LIMIT_INPUTS);
    begin_messages(session);
    session->custom_count = session->weaker_count = 0;
    session->operator_used = 0;
    session->recorded = !request->stop_at_first_answer;
    session->ran = false;
    memset(session->overrides, 0, session->image.setting_count * sizeof *session->overrides);
    session->machine = (struct vm_machine){.image = &session->image,
                                           .slots = session->slots,
                                           .inputs = session->inputs,
                                           .overrides = session->overrides,
                                           .secrets = &session->secrets,
                                           .text = session->text,
                                           .text_capacity = sizeof session->text};
    probe_begin(&session->probes, request->root, request->environment);
}

static bool resolve_inputs(struct session *session, const struct session_request *request)
{
    const struct session_surroundings surroundings = {
        .environment = request->environment,
        .words = request->words,
        .word_count = request->word_count,
        .ask_machine = request->ask_machine,
        .probes = &session->probes,
        .readings = session->recorded ? session->readings : NULL};
    return session_resolve(&session->machine, session->inputs, &surroundings, &session->warnings,
                           &session->refusals);
}

/* Whether an input is read from the probe of the server version, under whatever name. */
static bool is_server_version_fact(const struct image *image, const struct image_input *input)
{
    for (uint32_t i = input->sources; i < input->sources + input->source_count; i++)
        if (image->sources[i].class == IMAGE_FROM_PROBE &&
            base_text_is(image_string(image, image->sources[i].name),
                         probe_word(PROBE_SERVER_VERSION)))
            return true;
    return false;
}

/* The server version: of the rules' own fact, else of the probe; 0 if unknown. */
static int64_t server_version(struct session *session, const struct session_request *request)
{
    for (uint32_t i = 0; i < session->image.input_count; i++)
        if (session->inputs[i].state == VM_VALUE &&
            is_server_version_fact(&session->image, &session->image.inputs[i]))
            return session->inputs[i].value;
    if (!request->ask_machine)
        return 0;
    const struct probe_fact *fact = probe_ask(&session->probes, PROBE_SERVER_VERSION);
    return fact->state == PROBE_VALUE ? fact->value : 0;
}

static bool is_input_name(const struct image *image, struct base_span name)
{
    for (uint32_t i = 0; i < image->input_count; i++)
        if (base_span_is(name, image_string(image, image->inputs[i].name)))
            return true;
    return false;
}

/* NAME=VALUE whose name is not an input is a setting, as if on PostgreSQL's command line. */
static void read_setting_words(struct session *session, const struct session_request *request,
                               int64_t version)
{
    for (size_t i = 0; i < request->word_count; i++)
        if (!is_input_name(&session->image, request->words[i].name))
            session_override(session, version, VM_COMMAND_LINE, request->words[i].name,
                             request->words[i].value);
}

/* From the strongest layer to the weakest: a weaker value is checked too, and kept for explain, but
 * never replaces a stronger one. */
static void read_operator_settings(struct session *session, const struct session_request *request)
{
    const int64_t version = server_version(session, request);
    read_setting_words(session, request, version);
    if (request->arguments != NULL)
        session_read_arguments(session, version, request->arguments);
    const char *variable = base_variable(request->environment, SETTINGS_VARIABLE);
    if (variable != NULL && request->ask_machine)
        session_read_variable(session, version, variable);
}

bool session_decide(struct session *session, const struct session_request *request)
{
    begin_decision(session, request);
    resolve_inputs(session, request);
    read_operator_settings(session, request);
    /* Running the rules on refused values would only produce misleading messages. `ran` stays
     * false, so that explain prints nothing about slots without values. */
    if (session->refusals.length > 0)
        return false;
    for (uint32_t i = 0; i < session->image.input_count; i++)
        BASE_ASSERT(session->inputs[i].state == VM_VALUE || session->inputs[i].state == VM_VOID);
    vm_run(&session->machine);
    session->ran = true;
    return request->without_server ||
           vm_judge(&session->machine, &session->warnings, &session->refusals);
}

struct explain_view session_view(const struct session *session)
{
    return (struct explain_view){
        .settings = {&session->machine, session->custom, session->custom_count},
        .readings = session->recorded ? session->readings : NULL,
        .weaker = session->weaker,
        .weaker_count = session->weaker_count,
    };
}

bool session_is_root(const char *root)
{
    struct stat status;
    return *root == '\0' || (stat(root, &status) == 0 && S_ISDIR(status.st_mode));
}

void session_put_lines(struct base_sink *sink, const char *kind, const struct base_sink *text)
{
    const char *at = text->data, *end = text->data + text->length;
    while (at < end) {
        const size_t length = strcspn(at, "\n");
        BASE_PUT(sink, "[AUTO-CONFIG] ", kind, ": ");
        base_put_bytes(sink, at, length);
        base_put_char(sink, '\n');
        at += length + (at[length] == '\n');
    }
}
