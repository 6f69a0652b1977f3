/* Reading secrets. */
#include "vm/secret.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "vm/quantity.h"

enum { ROOM = AZA_SECRET_MAX + 3 }; /* a line end, and one byte more that tells of too many */

/* One secret while it is read. */
struct reading {
    struct azv_machine *machine;
    const struct azb_input *input;
    struct aza_sink *refusal;
    const char *variable, *path; /* where it comes from; null where it does not */
};

/* "password: PASSWORD_FILE=/run/secrets/password: ", and then what is wrong. */
static void begin_refusal(const struct reading *r)
{
    AZA_PUT(r->refusal, azb_string(r->machine->image, r->input->name), ": ");
    if (r->variable == NULL)
        return;
    aza_put(r->refusal, r->variable);
    if (r->path != NULL) {
        aza_put_char(r->refusal, '=');
        azv_put_harmless(r->refusal, aza_span_of(r->path));
    }
    aza_put(r->refusal, ": ");
}

/* Answers false, for the caller to return. */
static bool refuse(const struct reading *r, const char *sentence)
{
    begin_refusal(r);
    AZA_PUT(r->refusal, sentence, "\n");
    return false;
}

static bool refuse_file(const struct reading *r, int error)
{
    begin_refusal(r);
    aza_put(r->refusal, "the file cannot be read: ");
    aza_put_error(r->refusal, error);
    aza_put_char(r->refusal, '\n');
    return false;
}

/* --- the bytes ----------------------------------------------------------------------------------
 */

/* Answers how many bytes there are, at most ROOM, or -1. */
static ssize_t read_bytes(int fd, char bytes[ROOM])
{
    size_t length = 0;
    while (length < ROOM) {
        const ssize_t got = read(fd, bytes + length, ROOM - length);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

/* What the file holds, without the line end that editors and `echo` leave behind. */
static bool read_file(const struct reading *r, char bytes[ROOM], struct aza_span *secret)
{
    const int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return refuse_file(r, errno);
    const ssize_t length = read_bytes(fd, bytes);
    const int error = errno;
    close(fd);
    if (length < 0)
        return refuse_file(r, error);
    *secret = (struct aza_span){bytes, (size_t)length};
    if (length > 0 && bytes[length - 1] == '\n')
        secret->length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
    return true;
}

static bool has_control(struct aza_span text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.start[i] < ' ' || text.start[i] == 0x7f)
            return true;
    return false;
}

static bool refuse_length(const struct reading *r)
{
    begin_refusal(r);
    aza_put(r->refusal, "the secret is longer than ");
    aza_put_int(r->refusal, AZA_SECRET_MAX);
    aza_put(r->refusal, " bytes\n");
    return false;
}

static bool check(const struct reading *r, struct aza_span secret)
{
    if (secret.length == 0)
        return refuse(r, "the secret is empty");
    if (secret.length > AZA_SECRET_MAX)
        return refuse_length(r);
    if (has_control(secret))
        return refuse(r, "the secret holds a line break or another control character; it must be "
                         "one line of text");
    if (!aza_is_utf8(secret))
        return refuse(r, "the secret is not UTF-8");
    return true;
}

static bool keep(const struct reading *r, struct aza_span secret, struct azv_input *out)
{
    if (!check(r, secret))
        return false;
    out->state = AZV_VALUE;
    out->given = true;
    return azv_make_text(r->machine, secret, &out->value) ||
           refuse(r, "all secrets together are too long");
}

/* --- where it comes from ------------------------------------------------------------------------
 */

static void record(const struct azv_surroundings *around, uint32_t source, const char *name,
                   const char *value)
{
    if (around->readings != NULL)
        around->readings[source] =
            (struct azv_reading){.answer = value != NULL ? AZV_ANSWER_VALUE : AZV_ANSWER_UNKNOWN,
                                 .detail = value != NULL ? name : "not set"};
}

/* The variable that is set; two of them would leave open which one is meant. */
static bool find_source(const struct reading *r, const struct azv_surroundings *around,
                        struct azv_input *out, const char **value)
{
    const struct azb_image *image = r->machine->image;
    for (uint32_t i = 0; i < r->input->source_count; i++) {
        const uint32_t n = r->input->sources + i;
        const char *name = azb_string(image, image->sources[n].name);
        const char *here = azv_variable(around->environment, name);
        record(around, n, name, here);
        if (here == NULL)
            continue;
        if (*value != NULL) {
            begin_refusal(r);
            AZA_PUT(r->refusal, azb_string(image, image->sources[out->source].name), " and ", name,
                    " are both set; set one of them\n");
            return false;
        }
        *value = here;
        out->source = n;
        out->label = azb_string(image, image->sources[n].label);
    }
    return true;
}

bool azv_resolve_secret(struct azv_machine *machine, const struct azb_input *input,
                        const struct azv_word *word, const struct azv_surroundings *around,
                        struct azv_input *out, struct aza_sink *refusal)
{
    struct reading r = {.machine = machine, .input = input, .refusal = refusal};
    char bytes[ROOM];
    const char *value = NULL;
    *out = (struct azv_input){.state = AZV_VOID, .source = AZB_NONE, .label = "not given"};
    if (word != NULL) {
        out->label = word->value.length > 0 ? "given" : out->label;
        return word->value.length == 0 || keep(&r, word->value, out);
    }
    if (!around->ask_machine)
        return true;
    if (!find_source(&r, around, out, &value))
        return false;
    if (value == NULL)
        return true;
    const struct azb_source *source = &machine->image->sources[out->source];
    struct aza_span secret = aza_span_of(value);
    r.variable = azb_string(machine->image, source->name);
    if (source->class == AZB_FROM_FILE) {
        r.path = value;
        if (!read_file(&r, bytes, &secret))
            return false;
    }
    return keep(&r, secret, out);
}

bool azv_is_secret(const struct azv_machine *machine, uint32_t slot)
{
    return machine->secrets != NULL && azv_traced(machine->secrets, slot);
}
