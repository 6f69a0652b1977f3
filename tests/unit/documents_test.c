/* Documents after a decision: which there are, what they hold, what they miss, and that nothing
 * shows a secret. The image is also what tests/runner/documents.sh runs azr with:
 *
 *     documents_test DIR FILE      writes FILE, an image whose documents lie in DIR */
#include "session/session.h"
#include "../check.h"
#include "assemble.h"
#include "vm/quote.h"

static struct assembler a;
static struct session session;

#define S(text)             assemble_string(&a, text)
#define EMIT(op, kind, ...) assemble_emit(&a, IMAGE_OP_##op, IMAGE_##kind, __VA_ARGS__)

static uint32_t add_sources(const char *variable, const char *file)
{
    const uint32_t first = ASSEMBLE_ADD(
        &a, IMAGE_SOURCES, sources,
        (struct image_source){.class = IMAGE_FROM_ENV, .name = S(variable), .label = S(variable)});
    if (file != NULL)
        ASSEMBLE_ADD(
            &a, IMAGE_SOURCES, sources,
            (struct image_source){.class = IMAGE_FROM_FILE, .name = S(file), .label = S(file)});
    return first;
}

static void add_secret(const char *name, const char *variable, const char *file, bool optional)
{
    ASSEMBLE_ADD(&a, IMAGE_INPUTS, inputs,
                 (struct image_input){.name = S(name),
                                      .class = IMAGE_SECRET,
                                      .kind = IMAGE_TEXT,
                                      .optional = optional,
                                      .sources = add_sources(variable, file),
                                      .source_count = 2,
                                      .name_entry = IMAGE_NONE});
}

static void add_document(const char *directory, const char *name, const char *command,
                         uint32_t mode, const uint16_t *slots, uint32_t count)
{
    char path[512];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    const uint32_t first = a.counts[IMAGE_PIECES];
    for (uint32_t i = 0; i < count; i++)
        ASSEMBLE_ADD(&a, IMAGE_PIECES, pieces, slots[i]);
    ASSEMBLE_ADD(&a, IMAGE_DOCUMENTS, documents,
                 (struct image_document){S(path), S(command), mode, first, count});
}

static void add_name(const char *name, enum image_name_class class, uint16_t slot)
{
    ASSEMBLE_ADD(&a, IMAGE_NAMES, names,
                 (struct image_name){.name = S(name),
                                     .class = class,
                                     .slot = slot,
                                     .file = S("rules/main.azr"),
                                     .line = 1,
                                     .formula = S("password")});
}

static void make_image(const char *directory)
{
    assemble_begin(&a);
    add_secret("password", "POOL_PASSWORD", "POOL_PASSWORD_FILE", false);
    add_secret("extra", "POOL_EXTRA", "POOL_EXTRA_FILE", true);
    add_secret("superuser", "POSTGRES_PASSWORD", "POSTGRES_PASSWORD_FILE", false);
    ASSEMBLE_ADD(&a, IMAGE_INPUTS, inputs,
                 (struct image_input){.name = S("port"),
                                      .class = IMAGE_OPTION,
                                      .kind = IMAGE_INT,
                                      .has_default = 1,
                                      .low = 1,
                                      .high = 65535,
                                      .fallback = 6432,
                                      .sources = add_sources("POOL_PORT", NULL),
                                      .source_count = 1,
                                      .name_entry = 0});
    const uint16_t password = EMIT(INPUT, TEXT, 0, 0, 0, 0), extra = EMIT(INPUT, TEXT, 0, 0, 0, 1),
                   superuser = EMIT(INPUT, TEXT, 0, 0, 0, 2), port = EMIT(INPUT, INT, 0, 0, 0, 3);
    const uint16_t user = assemble_text(&a, IMAGE_TEXT, "\"app\" "),
                   end = assemble_text(&a, IMAGE_TEXT, "\n"),
                   none = assemble_text(&a, IMAGE_TEXT, "none"),
                   head = assemble_text(&a, IMAGE_TEXT, "[pgbouncer]\nlisten_port = ");
    const uint16_t word = EMIT(QUOTE, TEXT, password, 0, 0, VM_QUOTE_USERLIST),
                   line = EMIT(CONCAT, TEXT, user, word, 0, 0),
                   other = EMIT(ELSE, TEXT, extra, none, 0, 0),
                   number = EMIT(TEXT, TEXT, port, 0, 0, 0),
                   field = EMIT(QUOTE, TEXT, superuser, 0, 0, VM_QUOTE_PGPASS);
    add_name("port", IMAGE_NAME_INPUT, port);
    add_name("line", IMAGE_NAME_LET, line);
    ASSEMBLE_ADD(&a, IMAGE_NOTES, notes,
                 (struct image_note){
                     .class = IMAGE_NOTE_USES, .text = S("password"), .a = word, .b = IMAGE_NONE});
    a.names[1].note_count = 1;
    add_document(directory, "users", "pooler", 0600, (uint16_t[]){line, end}, 2);
    add_document(directory, "pooler.ini", "pooler", 0644, (uint16_t[]){head, number, end}, 3);
    add_document(directory, "extra", "pooler", 0640, (uint16_t[]){other, end}, 2);
    add_document(directory, "pgpass", "postgres", 0600, (uint16_t[]){field, end}, 2);
    add_document(directory, "pooler.ini", "other", 0644, (uint16_t[]){end}, 1);
    assemble_build(&a);
}

/* --- the session --- */

static bool decide(const char *const *environment)
{
    const struct session_request request = {
        .environment = environment, .root = "/nonexistent", .ask_machine = true};
    return session_decide(&session, &request);
}

#define VARIABLES(...) ((const char *const[]){__VA_ARGS__, NULL})

static const struct image_document *document(uint32_t n)
{
    return &session.image.documents[n];
}

static const char *content(uint32_t n, bool reveal)
{
    static char text[4096];
    struct base_sink sink = BASE_SINK(text);
    text[0] = '\0';
    for (uint32_t i = 0; i < document(n)->piece_count; i++)
        base_put(&sink, session_piece(&session, document(n), i, reveal));
    return text;
}

static void test_walk(void)
{
    uint32_t cursor = 0, count = 0;
    while (session_next_document(&session, NULL, &cursor) != NULL)
        count++;
    CHECK(count == 5);
    cursor = 0;
    CHECK(session_next_document(&session, "postgres", &cursor) == document(3));
    CHECK(session_next_document(&session, "postgres", &cursor) == NULL);
    cursor = 0;
    CHECK(session_next_document(&session, "pool", &cursor) == NULL);
}

static void test_content(void)
{
    CHECK(decide(VARIABLES("POOL_PASSWORD=ca\"nary")));
    CHECK(session_is_complete(&session, document(0)) && session_is_complete(&session, document(2)));
    CHECK_TEXT(session.refusals.data, "");
    CHECK_TEXT(content(0, true), "\"app\" \"ca\"\"nary\"\n");
    CHECK_TEXT(content(0, false), "(secret)\n");
    CHECK_TEXT(content(1, false), "[pgbouncer]\nlisten_port = 6432\n");
    CHECK_TEXT(content(2, true), "none\n");
    CHECK(decide(VARIABLES("POOL_PASSWORD=a", "POOL_EXTRA=b", "POOL_PORT=5")));
    CHECK_TEXT(content(1, true), "[pgbouncer]\nlisten_port = 5\n");
    CHECK_TEXT(content(2, true), "b\n");
    CHECK_TEXT(content(2, false), "(secret)\n");
}

static void test_missing(void)
{
    CHECK(decide(VARIABLES("POOL_EXTRA=b")));
    CHECK(session_is_complete(&session, document(1)) && session_is_complete(&session, document(2)));
    CHECK(!session_is_complete(&session, document(0)));
    CHECK_TEXT(session.refusals.data,
               "/run/pooler/users needs the secret password; set POOL_PASSWORD, or "
               "POOL_PASSWORD_FILE to the path of a file; `azr secrets ./secrets password` makes "
               "such a file\n");
}

/* What cannot come of these rules can come of others. */
static void test_no_values(void)
{
    CHECK(decide(VARIABLES("POOL_PASSWORD=a")));
    struct vm_slot *slot = &session.slots[session.image.pieces[document(1)->pieces + 1]];
    *slot = (struct vm_slot){.state = VM_TRAP, .trap = VM_TRAP_QUOTE};
    CHECK(!session_is_complete(&session, document(1)));
    CHECK_TEXT(session.refusals.data,
               "/run/pooler/pooler.ini: the text is empty or has a line break, "
               "which this format cannot represent\n");
    CHECK(decide(VARIABLES("POOL_PASSWORD=a")));
    *slot = (struct vm_slot){.state = VM_VOID};
    CHECK(!session_is_complete(&session, document(1)));
    CHECK_TEXT(session.refusals.data,
               "/run/pooler/pooler.ini: a part of it has no value on this machine\n");
}

static void test_variables(void)
{
    static const struct {
        const char *variable;
        bool secret;
    } cases[] = {{"POOL_PASSWORD=x", true},
                 {"POOL_PASSWORD_FILE=x", true},
                 {"POOL_EXTRA=", true},
                 {"POOL_PASSWORD2=x", false},
                 {"POOL_PORT=1", false},
                 {"POSTGRES_PASSWORD=x", true},
                 {"POSTGRES_PASSWORD_FILE=", true},
                 {"POOL", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK(session_is_from_secret(&session, cases[i].variable) == cases[i].secret);
}

int main(int count, char **words)
{
    make_image(count > 1 ? words[1] : "/run/pooler");
    if (count == 3) {
        FILE *file = fopen(words[2], "w");
        return file == NULL || fwrite(a.bytes, 1, a.length, file) != a.length || fclose(file) != 0;
    }
    CHECK(session_load(&session, "test.azb", a.bytes, a.length));
    CHECK_TEXT(session.refusals.data, "");
    test_walk();
    test_content();
    test_missing();
    test_no_values();
    test_variables();
    return check_summary("documents");
}
