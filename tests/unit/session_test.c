/* The operator's word in all its spellings, the layers, what is refused, and how an image that is
 * no image is met. */
#include "decide.h"
#include <sys/stat.h>
#include <unistd.h>

/* A setting's value after the decision; "-" when nobody sets it. */
static const char *value_of(const char *name)
{
    static char text[LIMIT_TEXT_VALUE];
    const struct explain_view view = session_view(&session);
    struct settings_item item;
    for (uint32_t cursor = 0; settings_next(&view.settings, &cursor, &item);) {
        struct base_sink sink = BASE_SINK(text);
        text[0] = '\0';
        settings_put_value(&sink, &view.settings, &item);
        if (base_span_is(item.name, name))
            return text;
    }
    return "-";
}

/* Decides with a command line, and with POSTGRES_SETTINGS. */
static bool command_line(const char *const *arguments)
{
    return decide(WORDS("memory=2GB", "cpus=1"), NOTHING, arguments);
}

static bool variable(const char *text)
{
    char entry[4096];
    snprintf(entry, sizeof entry, "POSTGRES_SETTINGS=%s", text);
    return decide(WORDS("memory=2GB", "cpus=1"), WORDS(entry), NULL);
}

static void test_spellings(void)
{
    CHECK(command_line(WORDS("-c", "max_connections=50", "-cwork_mem=8MB", "--wal-level=logical",
                             "--HUGE_PAGES=off", "-F", "-p", "5433", "-i")) == false);
    CHECK_TEXT(session.refusals.data, "fsync=off (command line) is not a setting\n"
                                      "port=5433 (command line) is not a setting\n"
                                      "listen_addresses=* (command line) is not a setting\n");
    CHECK_TEXT(value_of("max_connections"), "50");
    CHECK_TEXT(value_of("work_mem"), "8MB");
    CHECK_TEXT(value_of("wal_level"), "logical");
    CHECK_TEXT(value_of("huge_pages"), "off");

    CHECK(command_line(WORDS("-N", "50", "-B16384", "-S1024", "-jN60", "-D", "--nothing", "-C",
                             "-N70", "-r5", "--", "-N80")));
    CHECK_TEXT(value_of("max_connections"), "60");
    CHECK_TEXT(value_of("shared_buffers"), "128MB");
    CHECK_TEXT(value_of("work_mem"), "1MB");
    CHECK(!command_line(WORDS("-d", "2", "-fs", "-d9", "-d22", "-t", "pl", "-f", "")));
    CHECK_TEXT(
        session.refusals.data,
        "log_connections=all (command line) is not a setting; did you mean `max_connections`?\n"
        "log_disconnections=on (command line) is not a setting; did you mean "
        "`max_connections`?\n"
        "log_statement=all (command line) is not a setting\n"
        "enable_seqscan=off (command line) is not a setting\n");
    CHECK_TEXT(value_of("log_min_messages"), "debug2");
    /* The server would complain too, but only once there is a cluster. */
    CHECK(!command_line(WORDS("-x", "somewhere", "-N")));
    CHECK_TEXT(session.refusals.data,
               "-x is not an option of postgres\n"
               "somewhere is not an argument of postgres; a command must be the first word\n"
               "-N requires a value\n");
}

static void test_bad_command_lines(void)
{
    CHECK(!command_line(WORDS("-c", "work_mem", "--max_connections", "-c", "=5", "--=5")));
    CHECK_TEXT(session.refusals.data, "-c work_mem has no value; write -c name=value\n"
                                      "--max_connections has no value; write --name=value\n"
                                      "-c =5 has no value; write -c name=value\n"
                                      "--=5 has no value; write --name=value\n");
    CHECK(!command_line(
        WORDS("-c", "wrok_mem=8MB", "-c", "frobnicate=1", "-c", "server_version=18")));
    CHECK_TEXT(session.refusals.data,
               "wrok_mem=8MB (command line) is not a setting; did you mean `work_mem`?\n"
               "frobnicate=1 (command line) is not a setting\n"
               "server_version=18 (command line) is read-only: the server reports it\n");
    CHECK(!command_line(WORDS("-c", "work_mem=1kB", "-N", "none")));
    CHECK_TEXT(session.refusals.data,
               "work_mem=1kB (command line) is out of range; the setting allows 64kB .. "
               "2147483647kB\n"
               "max_connections=none (command line) is not a number\n");
    /* A bad word is refused even where a better one follows. */
    CHECK(!command_line(WORDS("-N", "0", "-N", "50")));
    /* A name may be too long for the session, or for a suggestion. */
    static char word[LIMIT_TEXT_BYTES + 100];
    memset(word, 'n', sizeof word - 1);
    word[sizeof word - 10] = '=';
    CHECK(!command_line(WORDS("-c", word)));
    CHECK_TEXT(session.refusals.data, "the command line is too long\n");
    word[500] = '=';
    CHECK(!command_line(WORDS("-c", word)));
}

static void test_layers(void)
{
    CHECK(decide(WORDS("memory=2GB", "work_mem=2MB"),
                 WORDS("POSTGRES_SETTINGS=work_mem=8MB;max_connections=10;max_connections=20;"
                       "a.b=3;a.c=4;a.b=5"),
                 WORDS("-c", "A.C=7", "-c", "a.d=1", "--a.d=2", "-c", "work_mem=3MB")));
    CHECK_TEXT(value_of("work_mem"), "3MB");
    CHECK_TEXT(value_of("max_connections"), "20");
    CHECK_TEXT(value_of("a.b"), "5");
    CHECK_TEXT(value_of("A.C"), "7");
    CHECK_TEXT(value_of("a.c"), "-");
    CHECK_TEXT(value_of("a.d"), "2");
    CHECK(session.overrides[PRODUCT_WORK_MEM].layer == VM_COMMAND_LINE);
    CHECK(session.overrides[PRODUCT_MAX_CONNECTIONS].layer == VM_SETTINGS_VARIABLE);
    /* What others are computed from is the operator's value. */
    CHECK(decide(WORDS("memory=2GB", "max_connections=64"), NOTHING, NULL));
    CHECK_TEXT(value_of("work_mem"), "8MB");
}

static void test_variable(void)
{
    CHECK(variable("# comment; with = signs\n"
                   " work_mem = 8MB ;; max_connections=5e1 # fifty\r\n"
                   "cluster_name = 'it''s \\'x\\' \\\\ ; # \\101\\n'; x.y = 'a'\n"
                   "huge_pages = off"));
    CHECK_TEXT(value_of("work_mem"), "8MB");
    CHECK_TEXT(value_of("max_connections"), "50");
    CHECK_TEXT(value_of("cluster_name"), "it's 'x' \\ ; # A\n");
    CHECK_TEXT(value_of("huge_pages"), "off");
    CHECK(variable("cluster_name = ''"));
    CHECK_TEXT(value_of("cluster_name"), "");
    CHECK(variable("cluster_name = 'a\\tb\\q' # end"));
    CHECK_TEXT(value_of("cluster_name"), "a\tbq");
    CHECK(variable("cluster_name = a b, c"));
    CHECK_TEXT(value_of("cluster_name"), "a b, c");
    CHECK(variable(" \n ; "));
    CHECK(variable(""));
}

static void test_bad_variables(void)
{
    CHECK(!variable("work_mem; = 5; max_connections = ; cluster_name = 'a' b; x = 'open"));
    CHECK_TEXT(session.refusals.data,
               "POSTGRES_SETTINGS: `work_mem` is not a setting; write name = value\n"
               "POSTGRES_SETTINGS: `` has no name\n"
               "POSTGRES_SETTINGS: `max_connections` has no value; write '' for an empty one\n"
               "POSTGRES_SETTINGS: `cluster_name` has text after its closing quote\n"
               "POSTGRES_SETTINGS: `x` has no closing quote\n");
    CHECK(!variable("a.b.=1; .a=1; 1.a=1; a..b=1; a.1=1; a.b c=1"));
    CHECK(session.custom_count == 0);
    CHECK(variable("a.b$1=1; \xc3\xa4.b=2"));
    CHECK(session.custom_count == 2);
    CHECK(!variable("cluster_name = 'backslash at the end\\"));

    static char long_value[LIMIT_TEXT_BYTES + 200];
    memset(long_value, 'v', sizeof long_value - 1);
    memcpy(long_value, "POSTGRES_SETTINGS=a.b='", 23);
    CHECK(!decide(WORDS("memory=2GB"), WORDS(long_value), NULL));
    CHECK_TEXT(session.refusals.data, "POSTGRES_SETTINGS: `a.b` is too long\n");
}

static void test_too_many_extras(void)
{
    char text[4096] = "";
    for (int i = 0; i <= SESSION_CUSTOM_MAX; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "a.b%d=1;", i);
    CHECK(!variable(text));
    CHECK_TEXT(
        session.refusals.data,
        "a.b64=1 (POSTGRES_SETTINGS) exceeds the limit of 64 settings of unknown extensions\n");
}

static void test_version(void)
{
    CHECK(!decide(WORDS("memory=2GB", "version=170005", "wal_buffers=1MB"), NOTHING, NULL));
    CHECK_TEXT(session.refusals.data,
               "wal_buffers=1MB (command line) requires PostgreSQL 18.0; this "
               "server is 17.5\n");
    CHECK(decide(WORDS("memory=2GB", "version=180006", "wal_buffers=1MB"), NOTHING, NULL));
    CHECK(decide(WORDS("memory=2GB", "wal_buffers=1MB"), NOTHING, NULL));
    CHECK_TEXT(value_of("wal_buffers"), "1MB");
}

static void test_judgement(void)
{
    CHECK(decide(WORDS("memory=2GB", "cpus=1", "max_connections=120"), NOTHING, NULL));
    CHECK_TEXT(session.warnings.data, "");
    CHECK(decide(WORDS("memory=2GB", "cpus=1", "max_connections=501"), NOTHING, NULL));
    CHECK_TEXT(session.warnings.data,
               "many connections\n"
               "calm (rules/main.azr:1) does not hold. Here 501 <= 120 is false. "
               "max_connections=501 was set by the operator; change it, or the limit that it "
               "violates.\n");
    CHECK(!decide(WORDS("memory=2GB", "cpus=1", "max_connections=2000"), NOTHING, NULL));
    CHECK(session.ran);
    CHECK_TEXT(session.refusals.data, "too many connections: 2000\n");
    /* Refused words are told all at once, and the rules do not run on them. */
    CHECK(!decide(WORDS("memory=1GB", "max_connections=x", "cpu=2", "workload=dw"), NOTHING, NULL));
    CHECK(!session.ran);
    CHECK_TEXT(session.refusals.data,
               "workload=dw is not one of web, oltp\n"
               "max_connections=x (command line) is not a number\n"
               "cpu=2 (command line) is not a setting; did you mean `cpus`?\n");
}

/* One constant of the product, by value, and what happens when it is another. */
static void change_constant(enum image_kind kind, int64_t from, int64_t to)
{
    product_build(&assembler);
    for (uint32_t i = 0; i < assembler.counts[IMAGE_CODE]; i++)
        if (assembler.code[i].op == IMAGE_OP_CONST && assembler.code[i].kind == kind &&
            assembler.code[i].immediate == from)
            assembler.code[i].immediate = to;
    assemble_build(&assembler);
    CHECK(session_load(&session, "test.azb", assembler.bytes, assembler.length));
}

static void test_traps(void)
{
    change_constant(IMAGE_INT, 100, 0);
    CHECK(!decide(WORDS("memory=2GB", "cpus=1"), NOTHING, NULL));
    CHECK_TEXT(session.refusals.data,
               "max_connections (rules/main.azr:10) would be 0; the setting allows 1 .. 262143\n");
    change_constant(IMAGE_INT, 4, 0);
    CHECK(!decide(WORDS("memory=2GB", "cpus=1"), NOTHING, NULL));
    CHECK_TEXT(session.refusals.data, "work_mem (rules/main.azr:11): division by zero\n");

    /* A trap in a message, and one in an export. */
    load_product();
    CHECK(decide(WORDS("memory=2GB", "cpus=1", "max_connections=501"), NOTHING, NULL));
    const struct image_check *check = &session.image.checks[0];
    session.slots[check->message].state = VM_TRAP;
    session.slots[session.image.exports[0].slot].state = VM_TRAP;
    session.slots[session.image.exports[0].slot].trap = VM_TRAP_TEXT;
    char warnings[512], refusals[512];
    struct base_sink warning = BASE_SINK(warnings), refusal = BASE_SINK(refusals);
    CHECK(!vm_judge(&session.machine, &warning, &refusal));
    CHECK(strstr(warnings, "calm (rules/main.azr:1) holds\n") != NULL);
    CHECK(strstr(refusals, "AZA_NOTE: the text or list is too long\n") != NULL);
}

static void test_brief(void)
{
    const struct vm_word word = {base_span_of("memory"), base_span_of("2GB")};
    const struct session_request request = {.root = "",
                                            .words = &word,
                                            .word_count = 1,
                                            .ask_machine = true,
                                            .stop_at_first_answer = true};
    CHECK(session_decide(&session, &request));
    CHECK(session_view(&session).readings == NULL);
    const struct session_request quiet = {.root = "", .words = &word, .word_count = 1};
    CHECK(session_decide(&session, &quiet));
    CHECK_TEXT(session.warnings.data, "cpus: guessing\n");
}

static bool read_bytes(const char *path, const void *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
    return session_read(&session, path);
}

static void test_reading(void)
{
    char path[64] = "/tmp/aza-session-XXXXXX", expected[256];
    const int fd = mkstemp(path);
    CHECK(fd >= 0 && close(fd) == 0);
    CHECK(!session_read(&session, "/nonexistent/x.azb"));
    CHECK_TEXT(session.refusals.data,
               "/nonexistent/x.azb: no such file; create it with azc compile\n");
    CHECK(!session_read(&session, "/tmp"));
    CHECK_TEXT(session.refusals.data, "/tmp: is a directory, not an image\n");
    CHECK(!session_read(&session, "/nonexistent\n/x"));

    CHECK(!read_bytes(path, "not an image", 12));
    snprintf(expected, sizeof expected,
             "%s: not a valid image: size at byte 0; recreate it with azc "
             "compile\n",
             path);
    CHECK_TEXT(session.refusals.data, expected);
    static char large[LIMIT_IMAGE_BYTES + 1];
    CHECK(!read_bytes(path, large, sizeof large));
    CHECK(!session_load(&session, "large.azb", large, sizeof large));
    CHECK_TEXT(session.refusals.data, "large.azb: the image is too large\n");
    CHECK(read_bytes(path, assembler.bytes, assembler.length));
    CHECK_TEXT(session.refusals.data, "");
    CHECK(unlink(path) == 0);
    if (geteuid() != 0)
        return;
    CHECK(!session_read(&session, "/proc/self/mem"));
    CHECK_TEXT(session.refusals.data, "/proc/self/mem: the file could not be read\n");
}

static void test_lines(void)
{
    char out[256], in[] = "one\ntwo\n\nthree";
    struct base_sink sink = BASE_SINK(out);
    const struct base_sink text = {.data = in, .length = strlen(in), .capacity = sizeof in};
    session_put_lines(&sink, "warning", &text);
    CHECK_TEXT(out, "[AUTO-CONFIG] warning: one\n"
                    "[AUTO-CONFIG] warning: two\n"
                    "[AUTO-CONFIG] warning: \n"
                    "[AUTO-CONFIG] warning: three\n");
}

int main(void)
{
    load_product();
    test_spellings();
    test_bad_command_lines();
    test_layers();
    test_variable();
    test_bad_variables();
    test_too_many_extras();
    test_version();
    test_judgement();
    test_traps();
    load_product();
    test_brief();
    test_reading();
    test_lines();
    return check_summary("session_test");
}
