/* Reading secrets: from a variable, or from the file that a variable names.
 *
 * A secret is one line of UTF-8 text of limited length. A line end at the end of a file is removed.
 * These rules are narrower than those of the programs that receive the secret: a line break in a
 * password would end an entry of a .pgpass or a userlist.txt and begin another one.
 *
 * A refusal names the variable and the path, and never contains the secret. A file is read into a
 * buffer of the stack and copied into the machine's text, where vm_is_secret marks every slot
 * computed from it. */
#include "session/parts.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "vm/quantity.h"

enum { ROOM = LIMIT_SECRET + 3 }; /* a line end, and one more byte to detect that it is too long */

/* One secret while it is being read. */
struct reading {
    struct vm_machine *machine;
    const struct image_input *input;
    struct base_sink *refusal;
    const char *variable, *path; /* where it comes from, or null */
};

/* "password: PASSWORD_FILE=/run/secrets/password: ", to be followed by the reason. */
static void begin_secret_refusal(const struct reading *r)
{
    BASE_PUT(r->refusal, image_string(r->machine->image, r->input->name), ": ");
    if (r->variable == NULL)
        return;
    base_put(r->refusal, r->variable);
    if (r->path != NULL) {
        base_put_char(r->refusal, '=');
        vm_put_escaped(r->refusal, base_span_of(r->path));
    }
    base_put(r->refusal, ": ");
}

/* Returns false, for the caller to return. */
static bool refuse_secret_because(const struct reading *r, const char *sentence)
{
    begin_secret_refusal(r);
    BASE_PUT(r->refusal, sentence, "\n");
    return false;
}

static bool refuse_secret_file(const struct reading *r, int error)
{
    begin_secret_refusal(r);
    base_put(r->refusal, "could not read the file: ");
    base_put_error(r->refusal, error);
    base_put_char(r->refusal, '\n');
    return false;
}

/* --- the bytes --- */

/* Returns the number of bytes read, at most ROOM, or -1. */
static ssize_t read_secret_bytes(int fd, char bytes[ROOM])
{
    size_t length = 0;
    while (length < ROOM) {
        const ssize_t got = read(fd, bytes + length, ROOM - length);
        if (got <= 0)
            return got < 0 ? -1 : (ssize_t)length;
        length += (size_t)got;
    }
    return (ssize_t)length;
}

/* The contents of the file without the line end that editors and `echo` append. */
static bool read_secret_file(const struct reading *r, char bytes[ROOM], struct base_span *secret)
{
    const int fd = open(r->path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return refuse_secret_file(r, errno);
    const ssize_t length = read_secret_bytes(fd, bytes);
    const int error = errno;
    close(fd);
    if (length < 0)
        return refuse_secret_file(r, error);
    *secret = (struct base_span){bytes, (size_t)length};
    if (length > 0 && bytes[length - 1] == '\n')
        secret->length -= length > 1 && bytes[length - 2] == '\r' ? 2 : 1;
    return true;
}

static bool has_control_character(struct base_span text)
{
    for (size_t i = 0; i < text.length; i++)
        if ((unsigned char)text.start[i] < ' ' || text.start[i] == 0x7f)
            return true;
    return false;
}

static bool refuse_secret_length(const struct reading *r)
{
    begin_secret_refusal(r);
    base_put(r->refusal, "the secret is longer than ");
    base_put_int(r->refusal, LIMIT_SECRET);
    base_put(r->refusal, " bytes\n");
    return false;
}

static bool check_secret(const struct reading *r, struct base_span secret)
{
    if (secret.length == 0)
        return refuse_secret_because(r, "the secret is empty");
    if (secret.length > LIMIT_SECRET)
        return refuse_secret_length(r);
    if (has_control_character(secret))
        return refuse_secret_because(
            r, "the secret contains a line break or another control character; it must be "
               "one line of text");
    if (!base_is_utf8(secret))
        return refuse_secret_because(r, "the secret is not valid UTF-8");
    return true;
}

static bool keep_secret(const struct reading *r, struct base_span secret, struct vm_input *out)
{
    if (!check_secret(r, secret))
        return false;
    out->state = VM_VALUE;
    out->given = true;
    return vm_make_text(r->machine, secret, &out->value) ||
           refuse_secret_because(r, "the total length of all secrets is too large");
}

/* --- where it comes from --- */

static void record_secret_answer(const struct session_surroundings *around, uint32_t source,
                                 const char *name, const char *value)
{
    if (around->readings != NULL)
        around->readings[source] =
            (struct vm_reading){.answer = value != NULL ? VM_ANSWER_VALUE : VM_ANSWER_UNKNOWN,
                                .detail = value != NULL ? name : "not set"};
}

/* The variable that is set. Two of them are refused: it would be unclear which one is meant. */
static bool find_secret_source(const struct reading *r, const struct session_surroundings *around,
                               struct vm_input *out, const char **value)
{
    const struct image *image = r->machine->image;
    for (uint32_t i = 0; i < r->input->source_count; i++) {
        const uint32_t n = r->input->sources + i;
        const char *name = image_string(image, image->sources[n].name);
        const char *here = base_variable(around->environment, name);
        record_secret_answer(around, n, name, here);
        if (here == NULL)
            continue;
        if (*value != NULL) {
            begin_secret_refusal(r);
            BASE_PUT(r->refusal, image_string(image, image->sources[out->source].name), " and ",
                     name, " are both set; set only one of them\n");
            return false;
        }
        *value = here;
        out->source = n;
        out->label = image_string(image, image->sources[n].label);
    }
    return true;
}

bool session_resolve_secret(struct vm_machine *machine, const struct image_input *input,
                            const struct vm_word *word, const struct session_surroundings *around,
                            struct vm_input *out, struct base_sink *refusal)
{
    struct reading r = {.machine = machine, .input = input, .refusal = refusal};
    char bytes[ROOM];
    const char *value = NULL;
    *out = (struct vm_input){.state = VM_VOID, .source = IMAGE_NONE, .label = "not given"};
    if (word != NULL) {
        out->label = word->value.length > 0 ? "given" : out->label;
        return word->value.length == 0 || keep_secret(&r, word->value, out);
    }
    if (!around->ask_machine)
        return true;
    if (!find_secret_source(&r, around, out, &value))
        return false;
    if (value == NULL)
        return true;
    const struct image_source *source = &machine->image->sources[out->source];
    struct base_span secret = base_span_of(value);
    r.variable = image_string(machine->image, source->name);
    if (source->class == IMAGE_FROM_FILE) {
        r.path = value;
        if (!read_secret_file(&r, bytes, &secret))
            return false;
    }
    return keep_secret(&r, secret, out);
}
