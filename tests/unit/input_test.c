/* Facts and options: what their values look like, and who is asked for them in which order. */
#include "session/parts.h"
#include "made_up.h"
#include "product.h"
#include <unistd.h>

static struct assembler assembler;
static struct image image;
static struct vm_machine vm;
static struct vm_input inputs[LIMIT_INPUTS];
static struct vm_reading readings[LIMIT_SOURCES];
static char text[LIMIT_TEXT_BYTES];
static char warnings[4096], refusals[4096];

/* --- values --- */

/* What the word comes to for an input of that kind; "!" and the sentence when it is refused. */
static const char *parse_kind(enum image_kind kind, int64_t unit, const char *word)
{
    static char answer[1024];
    struct base_sink sink = BASE_SINK(answer);
    const struct image_input input = {
        .kind = (uint8_t)kind, .members = 0, .member_count = kind == IMAGE_ENUM ? 2 : 0};
    int64_t value;
    vm.text_used = 0;
    base_put_char(&sink, '!');
    if (!vm_parse_input(&vm, &input, unit, base_span_of(word), &value, &sink))
        return answer;
    sink = (struct base_sink)BASE_SINK(answer);
    vm_put_value(&sink, &vm, kind, value);
    return answer;
}

static void test_numbers(void)
{
    CHECK_TEXT(parse_kind(IMAGE_BYTES, MB, "2048"), "2048MB");
    CHECK_TEXT(parse_kind(IMAGE_BYTES, MB, "0512"), "512MB");
    CHECK_TEXT(parse_kind(IMAGE_BYTES, MB, "0800"), "800MB");
    CHECK_TEXT(parse_kind(IMAGE_BYTES, MB, " 2 GB "), "2048MB");
    CHECK_TEXT(parse_kind(IMAGE_BYTES, MB, "1.5GB"), "1536MB");
    CHECK_TEXT(parse_kind(IMAGE_BYTES, 0, "0"), "0MB");
    static const char *const sizes[] = {
        "",    "x",     "5GiB",       "2g",  "512M", "1e3",  "0x10",
        "1,5", "0.3kB", "99999999TB", "5 5", "GB",   "5GB5", "5000000000000000000000"};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        CHECK_TEXT(parse_kind(IMAGE_BYTES, MB, sizes[i]), "!is not a size such as 2048 or 2GB");
    /* Nobody guesses what a bare number counts. */
    CHECK_TEXT(parse_kind(IMAGE_BYTES, 0, "2048"), "!is not a size such as 2GB");

    CHECK_TEXT(parse_kind(IMAGE_TIME, SECOND, "90"), "90s");
    CHECK_TEXT(parse_kind(IMAGE_TIME, 0, "1.5h"), "90min");
    CHECK_TEXT(parse_kind(IMAGE_TIME, 0, "90"), "!is not a time such as 10min");
    CHECK_TEXT(parse_kind(IMAGE_TIME, SECOND, "1GB"), "!is not a time such as 30 or 10min");
    CHECK_TEXT(parse_kind(IMAGE_INT, 0, "-8"), "-8");
    CHECK_TEXT(parse_kind(IMAGE_INT, 0, "010"), "10");
    CHECK_TEXT(parse_kind(IMAGE_INT, 0, "8.0"), "!is not a whole number such as 8");
    CHECK_TEXT(parse_kind(IMAGE_INT, 0, "8GB"), "!is not a whole number such as 8");
    CHECK_TEXT(parse_kind(IMAGE_RATIO, 0, "1.5"), "1.5");
    CHECK_TEXT(parse_kind(IMAGE_RATIO, 0, "25%"), "0.25");
    CHECK_TEXT(parse_kind(IMAGE_RATIO, 10000, "25"), "0.25");
    CHECK_TEXT(parse_kind(IMAGE_RATIO, 0, "0.0000001"), "!is not a number such as 1.5 or 25%");
}

static void test_words(void)
{
    CHECK_TEXT(parse_kind(IMAGE_BOOL, 0, "Yes"), "true");
    CHECK_TEXT(parse_kind(IMAGE_BOOL, 0, "off"), "false");
    CHECK_TEXT(parse_kind(IMAGE_BOOL, 0, "maybe"), "!is neither true nor false");
    CHECK_TEXT(parse_kind(IMAGE_ENUM, 0, " OLTP "), "oltp");
    CHECK_TEXT(parse_kind(IMAGE_ENUM, 0, "dw"), "!is not one of web, oltp");
    CHECK_TEXT(parse_kind(IMAGE_TEXT, 0, " a b "), "a b");
    CHECK_TEXT(parse_kind(IMAGE_LIST, 0, " b , a,b,, c"), "b,a,c");
    static char word[LIMIT_TEXT_VALUE + 2];
    memset(word, 'x', sizeof word - 1);
    CHECK_TEXT(parse_kind(IMAGE_TEXT, 0, word), "!is too long");
    CHECK_TEXT(parse_kind(IMAGE_LIST, 0, word), "!is too long");
}

/* --- sources --- */

/* Resolves every input with that environment and those words; answers what session_resolve answers.
 */
static bool resolve(const char *const *variables, const char *const *words, bool ask_machine)
{
    struct vm_word list[8];
    size_t count = 0;
    for (; words != NULL && words[count] != NULL; count++) {
        const char *equals = strchr(words[count], '=');
        list[count] = (struct vm_word){{words[count], (size_t)(equals - words[count])},
                                       base_span_of(equals + 1)};
    }
    const struct session_surroundings around = {.environment = variables,
                                                .words = list,
                                                .word_count = count,
                                                .ask_machine = ask_machine,
                                                .probes = &machine,
                                                .readings = readings};
    struct base_sink warning = BASE_SINK(warnings), refusal = BASE_SINK(refusals);
    warnings[0] = refusals[0] = '\0';
    vm.text_used = 0;
    probe_begin(&machine, root, NULL);
    return session_resolve(&vm, inputs, &around, &warning, &refusal);
}

#define VARIABLES(...) ((const char *const[]){__VA_ARGS__, NULL})

/* "2048MB (host)", "none (unknown)" and so on. */
static const char *outcome(uint32_t input)
{
    static char answer[1024];
    struct base_sink sink = BASE_SINK(answer);
    if (inputs[input].state == VM_VALUE)
        vm_put_value(&sink, &vm, image.inputs[input].kind, inputs[input].value);
    else
        base_put(&sink, "none");
    BASE_PUT(&sink, " (", inputs[input].label, ")", inputs[input].given ? " given" : "",
             inputs[input].clamped ? " clamped" : "");
    return answer;
}

static void test_order(void)
{
    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=4096", "PATH=/bin"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_MEMORY), "4096MB (manual) given");
    CHECK_TEXT(warnings, "");
    CHECK(readings[PRODUCT_FROM_ENV].answer == VM_ANSWER_VALUE);
    CHECK(readings[PRODUCT_FROM_CGROUP].answer == VM_ANSWER_UNLIMITED);
    CHECK(readings[PRODUCT_FROM_HOST].answer == VM_ANSWER_VALUE);
    CHECK(readings[PRODUCT_FROM_HOST].value == 2 * GB);

    /* An empty variable is an unset one, and unlimited is no value. */
    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=", "POSTGRES_MEMORYX=1"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_MEMORY), "2048MB (host)");
    CHECK_TEXT(warnings, "memory=2048MB (host): no memory limit is set\n");
    CHECK_TEXT(readings[PRODUCT_FROM_ENV].detail, "not set");

    CHECK_TEXT(outcome(PRODUCT_CPUS), "2.0 (affinity)");
    CHECK_TEXT(outcome(PRODUCT_VERSION), "none (unknown)");
    CHECK_TEXT(outcome(PRODUCT_WORKLOAD), "web (default)");
    CHECK_TEXT(outcome(PRODUCT_LIBRARIES), " (default)");
    CHECK_TEXT(outcome(PRODUCT_NOTE), "none (unknown)");
    CHECK_TEXT(outcome(PRODUCT_PASSWORD), "none (not given)");
}

static void test_words_of_the_command_line(void)
{
    CHECK(resolve(NULL, VARIABLES("memory=8GB", "workload=oltp", "memory=1GB"), false));
    CHECK_TEXT(outcome(PRODUCT_MEMORY), "1024MB (given) given");
    CHECK_TEXT(outcome(PRODUCT_WORKLOAD), "oltp (given) given");
    CHECK_TEXT(outcome(PRODUCT_CPUS), "1.0 (default)");
    CHECK_TEXT(warnings, "cpus: guessing\n");

    /* "name=" supposes that nobody knows. */
    CHECK(!resolve(VARIABLES("POSTGRES_MEMORY=4096"), VARIABLES("memory=", "cpus="), true));
    CHECK_TEXT(refusals, "memory: not reported by this machine, and not set\n");
    CHECK_TEXT(outcome(PRODUCT_CPUS), "1.0 (default)");

    CHECK(!resolve(NULL, VARIABLES("memory=8000", "workload=dw", "idle=x"), false));
    CHECK_TEXT(refusals, "memory=8000 is not a size such as 2GB\n"
                         "workload=dw is not one of web, oltp\n"
                         "idle=x: odd\n");
    CHECK_TEXT(outcome(PRODUCT_MEMORY), "none (refused)");
}

static void test_bad_values(void)
{
    CHECK(!resolve(VARIABLES("POSTGRES_MEMORY=5GiB"), NULL, true));
    CHECK_TEXT(refusals, "POSTGRES_MEMORY=5GiB is not a size such as 2048 or 2GB\n");
    CHECK(readings[PRODUCT_FROM_ENV].answer == VM_ANSWER_UNKNOWN);
    CHECK_TEXT(readings[PRODUCT_FROM_ENV].detail, "invalid");

    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=2048", "POSTGRES_WORKLOAD_TYPE=olt\np"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_WORKLOAD), "web (default)");
    CHECK_TEXT(warnings, "POSTGRES_WORKLOAD_TYPE=olt?p is not one of web, oltp; ignored\n");

    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=2048", "IDLE=soon"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_IDLE), "10min (default)");
    CHECK_TEXT(warnings, "IDLE=soon: odd; using 10min\n");
}

static void test_domains(void)
{
    CHECK(!resolve(VARIABLES("POSTGRES_MEMORY=511"), NULL, true));
    CHECK_TEXT(refusals, "POSTGRES_MEMORY=511: PostgreSQL needs at least 512MB\n");
    CHECK(!resolve(VARIABLES("POSTGRES_MEMORY=-5"), NULL, true));
    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=2TB"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_MEMORY), "1048576MB (manual) given clamped");
    CHECK_TEXT(warnings, "POSTGRES_MEMORY=2TB is above the maximum of 1048576MB; "
                         "using 1048576MB\n");

    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=512", "IDLE=5"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_IDLE), "10min (default)");
    CHECK_TEXT(warnings, "IDLE=5 is below the minimum of 30s; ignored\n");
    CHECK(resolve(VARIABLES("POSTGRES_MEMORY=512", "IDLE=2d"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_IDLE), "10min (default)");
    CHECK_TEXT(warnings, "IDLE=2d: too lazy; using 10min\n");

    put("/proc/meminfo", "MemTotal:  262144 kB\n");
    CHECK(!resolve(NULL, NULL, true));
    CHECK_TEXT(refusals, "memory=256MB (host): PostgreSQL needs at least 512MB\n");
}

static void test_texts_of_probes(void)
{
    put("/proc/meminfo", "MemTotal:  2097152 kB\n");
    put("/usr/lib/postgresql/18/lib/pg_cron.so", "");
    put("/usr/lib/postgresql/18/lib/auto_explain.so", "");
    CHECK(resolve(NULL, NULL, true));
    CHECK_TEXT(outcome(PRODUCT_LIBRARIES), "auto_explain,pg_cron (files)");
    CHECK(resolve(VARIABLES("POSTGRES_SHARED_PRELOAD_LIBRARIES=pgaudit"), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_LIBRARIES), "pgaudit (manual) given");
    vm.text_capacity = 8;
    CHECK(resolve(NULL, NULL, true));
    CHECK_TEXT(outcome(PRODUCT_LIBRARIES), " (default)");
    vm.text_capacity = sizeof text;
}

static void test_nothing_known(void)
{
    begin();
    CHECK(!resolve(NULL, NULL, true));
    CHECK_TEXT(refusals, "memory: not reported by this machine, and not set\n");
    CHECK_TEXT(warnings, "cpus: guessing\n");
    CHECK_TEXT(outcome(PRODUCT_MEMORY), "none (unknown)");
}

static void test_long_words(void)
{
    char word[300];
    memset(word, 'm', sizeof word);
    memcpy(word, "POSTGRES_MEMORY=", 16);
    word[sizeof word - 1] = '\0';
    CHECK(!resolve(VARIABLES(word), NULL, true));
    CHECK(strstr(refusals, "mmm... is not a size") != NULL);
    CHECK(strlen(refusals) < 160);
}

/* --- secrets --- */

/* The path of a file with these bytes, as the variable that names it. */
static const char *secret_file(const char *bytes, size_t length)
{
    static char variable[64];
    snprintf(variable, sizeof variable, "APP_PASSWORD_FILE=/tmp/aza-secret-%d", (int)getpid());
    FILE *file = fopen(strchr(variable, '/'), "w");
    CHECK(file != NULL && fwrite(bytes, 1, length, file) == length && fclose(file) == 0);
    return variable;
}

static void good_secret(const char *bytes, const char *wanted)
{
    CHECK(resolve(VARIABLES(secret_file(bytes, strlen(bytes))), NULL, true));
    CHECK(inputs[PRODUCT_PASSWORD].state == VM_VALUE && inputs[PRODUCT_PASSWORD].given);
    CHECK_TEXT(vm_text(&vm, inputs[PRODUCT_PASSWORD].value), wanted);
    CHECK_TEXT(inputs[PRODUCT_PASSWORD].label, "file");
}

static void bad_secret(const char *bytes, size_t length, const char *why)
{
    char wanted[256];
    const char *variable = secret_file(bytes, length);
    snprintf(wanted, sizeof wanted, "password: %s: %s\n", variable, why);
    CHECK(!resolve(VARIABLES(variable), NULL, true));
    CHECK_TEXT(refusals, wanted);
    CHECK(inputs[PRODUCT_PASSWORD].state == VM_VOID);
}

static void test_secrets(void)
{
    static const char control[] =
        "the secret contains a line break or another control character; it "
        "must be one line of text";
    static char longest[LIMIT_SECRET + 3];
    CHECK(resolve(VARIABLES("APP_PASSWORD=p w'\"\\%"), NULL, true));
    CHECK_TEXT(vm_text(&vm, inputs[PRODUCT_PASSWORD].value), "p w'\"\\%");
    CHECK_TEXT(inputs[PRODUCT_PASSWORD].label, "manual");
    CHECK(resolve(VARIABLES("APP_PASSWORD=", "APP_PASSWORD_FILE="), NULL, true));
    CHECK_TEXT(outcome(PRODUCT_PASSWORD), "none (not given)");
    CHECK(resolve(VARIABLES("APP_PASSWORD=p"), VARIABLES("password="), true));
    CHECK_TEXT(outcome(PRODUCT_PASSWORD), "none (not given)");
    CHECK(resolve(NULL, VARIABLES("memory=1GB", "password=p"), false));
    CHECK_TEXT(outcome(PRODUCT_PASSWORD), "p (given) given");
    CHECK(resolve(VARIABLES("APP_PASSWORD=p"), VARIABLES("memory=1GB"), false));
    CHECK_TEXT(outcome(PRODUCT_PASSWORD), "none (not given)");

    good_secret("word", "word");
    good_secret("word\n", "word");
    good_secret("word\r\n", "word");
    good_secret(" \xc3\xa4 ", " \xc3\xa4 ");
    memset(longest, 'x', sizeof longest);
    longest[LIMIT_SECRET] = '\0';
    good_secret(longest, longest);
    memcpy(longest + LIMIT_SECRET, "\r\n", 3);
    longest[LIMIT_SECRET] = '\0';
    good_secret(longest, longest);

    memset(longest, 'x', sizeof longest);
    bad_secret(longest, LIMIT_SECRET + 1, "the secret is longer than 4096 bytes");
    bad_secret(longest, LIMIT_SECRET + 3, "the secret is longer than 4096 bytes");
    bad_secret("", 0, "the secret is empty");
    bad_secret("\r\n", 2, "the secret is empty");
    bad_secret("a\n\n", 3, control);
    bad_secret("a\0b", 3, control);
    bad_secret("a\x7f", 2, control);
    bad_secret("a\r", 2, control);
    bad_secret("\xff", 1, "the secret is not valid UTF-8");
    bad_secret("\xed\xa0\x80", 3, "the secret is not valid UTF-8");
    CHECK(!resolve(VARIABLES("APP_PASSWORD=canary\t"), NULL, true));
    CHECK(strncmp(refusals, "password: APP_PASSWORD: the secret contains", 43) == 0);
    CHECK(strstr(refusals, "canary") == NULL);
    CHECK(!resolve(VARIABLES("APP_PASSWORD=canary", "APP_PASSWORD_FILE=/x"), NULL, true));
    CHECK_TEXT(refusals,
               "password: APP_PASSWORD and APP_PASSWORD_FILE are both set; set only one of "
               "them\n");
    CHECK(unlink(strchr(secret_file("", 0), '/')) == 0);
    CHECK(!resolve(VARIABLES("APP_PASSWORD_FILE=/nonexistent/x"), NULL, true));
    CHECK_TEXT(refusals, "password: APP_PASSWORD_FILE=/nonexistent/x: could not read the file: "
                         "no such file or directory\n");
    CHECK(!resolve(VARIABLES("APP_PASSWORD_FILE=/tmp"), NULL, true));
    CHECK_TEXT(refusals, "password: APP_PASSWORD_FILE=/tmp: could not read the file: is a "
                         "directory\n");
    vm.text_capacity = 3;
    CHECK(!resolve(VARIABLES("APP_PASSWORD=canary"), NULL, true));
    CHECK(strstr(refusals,
                 "password: APP_PASSWORD: the total length of all secrets is too large\n") != NULL);
    vm.text_capacity = sizeof text;
}

static void make_machine(void)
{
    begin();
    put("/proc/meminfo", "MemTotal:  2097152 kB\n");
    put("/proc/self/cgroup", "0::/\n");
    put("/proc/self/mountinfo", "30 24 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup rw\n");
    put("/proc/self/status", "Cpus_allowed_list:\t0-1\n");
    put("/sys/fs/cgroup/memory.max", "max\n");
}

int main(void)
{
    struct image_refusal refusal = {"", 0};
    product_build(&assembler);
    CHECK(image_open(assembler.bytes, assembler.length, &image, &refusal));
    CHECK(vm_verify(&image, &refusal));
    vm = (struct vm_machine){.image = &image, .text = text, .text_capacity = sizeof text};
    test_numbers();
    test_words();
    make_machine();
    test_order();
    test_words_of_the_command_line();
    test_bad_values();
    test_long_words();
    test_domains();
    test_texts_of_probes();
    test_secrets();
    test_nothing_known();
    clear();
    return check_summary("input_test");
}
