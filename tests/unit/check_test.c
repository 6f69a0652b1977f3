/* The compiler on rules that are nearly right: every prefix of a file that uses the whole language,
 * and the file with one byte missing, changed or put in. Whatever comes of it, the compiler ends,
 * it says something if and only if it refuses, every place that it shows lies within the file, and
 * every image that it makes is one that the interpreter takes. */
#include "../check.h"
#include "eval/eval.h"

#include <stdlib.h>
#include <unistd.h>

static const char catalogue[] =
    "{\"catalog\": \"postgres\", \"server\": \"a server\", \"version\": 180006, \"settings\": [\n"
    "{\"name\": \"jit\", \"type\": \"bool\", \"context\": \"user\", \"boot\": \"on\"},\n"
    "{\"name\": \"max_connections\", \"type\": \"integer\", \"min\": \"1\", \"max\": \"262143\", "
    "\"context\": \"postmaster\", \"boot\": \"100\"},\n"
    "{\"name\": \"search_path\", \"type\": \"string\", \"context\": \"user\", \"boot\": \"\"},\n"
    "{\"name\": \"wal_level\", \"type\": \"enum\", \"members\": [\"minimal\", \"replica\"], "
    "\"context\": \"postmaster\", \"boot\": \"replica\"},\n"
    "{\"name\": \"work_mem\", \"type\": \"integer\", \"unit\": \"kB\", \"min\": \"64\", \"max\": "
    "\"2147483647\", \"context\": \"user\", \"boot\": \"4096\"}\n"
    "]}\n";

static const char sample[] =
    "fact memory: bytes in 512MB .. 1TB {\n"
    "    from env MEMORY in MB as \"manual\"\n"
    "    from cgroup_memory warn \"measured\"\n"
    "    below: refuse \"too small\"\n"
    "    above: clamp\n"
    "    missing: use 1GB\n"
    "}\n"
    "fact disk: optional bytes { from disk_size }\n"
    "option w: enum { web, dw } = web {\n"
    "    from env W or env V\n"
    "    invalid: warn\n"
    "}\n"
    "option l: list of text = [\"a\"] { from env L }\n"
    "secret s { from env S or file T }\n"
    "profile w (share: ratio) {\n"
    "    web: 100%\n"
    "    dw: 50%\n"
    "}\n"
    "tiers size by memory (n: int) {\n"
    "    to 1GB: 80\n"
    "    below 4.5GB: 90\n"
    "    beyond: 200\n"
    "}\n"
    "## Doc.\n"
    "let room: bytes = disk else 20GB # why\n"
    "def part(x: bytes, y: ratio): bytes = x * y\n"
    "config base of postgres {\n"
    "    let few = size.n * w.share rounded down to 1\n"
    "    set max_connections = few at least 20 at most 300\n"
    "    set work_mem = curve memory { 1GB: 1MB, 4GB: 8MB } rounded up to 64kB within 64kB .. 1GB\n"
    "    when not (w is dw or web) and room < 1GB { set jit = on } else { set jit = off }\n"
    "    set search_path = \"\\\"$user\\\" \\(part(memory, 25%)) \\([for x in l if x in [\"a\"]: "
    "x])\"\n"
    "}\n"
    "config runtime of postgres extends base {\n"
    "    override wal_level = match w { web: replica, else: minimal }\n"
    "    set work_mem = if memory > 2GB then min(8MB, room / 100) else 4MB\n"
    "}\n"
    "invariant fits when w is web: runtime.work_mem * runtime.max_connections <= memory * -1 mod "
    "7MB\n"
    "invariant grows: runtime.work_mem jumps at most 10% with memory\n"
    "refuse \"no \\(disk)\" when disk is known and disk < 1GB\n"
    "export A = \"\\(room / 2)\" when l is given\n"
    "test \"t\" {\n"
    "    given memory = 2GB, runtime.work_mem = 1MB\n"
    "    expect runtime.max_connections == 90\n"
    "    expect warned \"fits\"\n"
    "}\n"
    "emit flags postgres from runtime\n"
    "config file of postgres { set work_mem = 4MB set search_path = [\"a\", \"b\"] }\n"
    "emit \"b.conf\" as conf from file\n";

struct build {
    struct base_arena arena;
    struct base_names names;
    struct base_sources sources;
    struct diag_queue queue;
    struct syntax_context context;
    struct sema_program *program;
    struct eval_result result;
    struct ir_bytes image;
};

static char directory[64];

static const char *path_of(const char *name)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return path;
}

/* The file is removed first because a file system may flush one that is truncated and written. */
static void write_file(const char *name, const char *text, size_t length)
{
    remove(path_of(name));
    FILE *file = fopen(path_of(name), "w");
    CHECK(file != NULL && fwrite(text, 1, length, file) == length && fclose(file) == 0);
}

static bool lies_within(const struct base_sources *sources, struct base_place place)
{
    return place.file < sources->count && place.start <= sources->files[place.file].length &&
           place.length <= sources->files[place.file].length - place.start;
}

static void check_messages(struct build *build)
{
    for (size_t i = 0; i < build->queue.list.count; i++) {
        const struct diagnostic *said = build->queue.list.items[i];
        CHECK(lies_within(&build->sources, said->place));
        CHECK(*said->sentence != '\0');
        for (size_t k = 0; k < 2 && said->labels[k].text != NULL; k++)
            CHECK(lies_within(&build->sources, said->labels[k].place));
    }
}

static void check_image(struct build *build)
{
    struct image image;
    struct image_refusal refusal;
    const char *why = NULL;
    CHECK(ir_write_image(&build->arena, &build->result.code, &build->result.tables,
                         build->result.roots.items, build->result.roots.count, &build->image,
                         &why));
    CHECK(why == NULL);
    if (why == NULL)
        CHECK(image_open(build->image.data, build->image.length, &image, &refusal) &&
              vm_verify(&image, &refusal));
}

/* Answers whether the text is rules without a mistake. */
static bool compile(const char *text, size_t length)
{
    static struct build build;
    build = (struct build){0};
    build.names.arena = build.sources.arena = build.queue.arena = &build.arena;
    build.queue.sources = &build.sources;
    build.context = (struct syntax_context){&build.arena, &build.names, &build.queue};
    write_file("main.azr", text, length);
    char main_file[128];
    snprintf(main_file, sizeof main_file, "%s", path_of("main.azr"));
    const char *why = NULL;
    build.program = sema_check(&build.context, main_file, directory, &why);
    CHECK(build.program != NULL);
    bool fine = build.program != NULL && build.queue.errors == 0 &&
                eval_evaluate(build.program, &build.result);
    CHECK(fine == (build.queue.errors == 0));
    CHECK((build.queue.list.count > 0) == (build.queue.errors + build.queue.warnings > 0));
    check_messages(&build);
    if (fine)
        check_image(&build);
    base_arena_free(&build.arena);
    return fine;
}

static void check_prefixes(void)
{
    size_t fine = 0;
    for (size_t length = 0; length < sizeof sample - 1; length++)
        fine += compile(sample, length);
    CHECK(fine > 30 && fine < 300); /* those that end between two statements, or in a comment */
}

/* One byte gone, another in its place, one more. */
static void check_bytes(void)
{
    static const char bytes[] = "{}()[]\"\\.,:=#-+*/%0 9aZ_\n\t\xc3\x01";
    char text[sizeof sample + 1];
    uint32_t chance = 1;
    for (size_t at = 0; at < sizeof sample - 1; at++) {
        memcpy(text, sample, at);
        memcpy(text + at, sample + at + 1, sizeof sample - at - 1);
        compile(text, sizeof sample - 2);
        chance = chance * 1664525 + 1013904223;
        memcpy(text, sample, sizeof sample);
        text[at] = bytes[(chance >> 16) % (sizeof bytes - 1)];
        compile(text, sizeof sample - 1);
        memcpy(text + at + 1, sample + at, sizeof sample - at);
        compile(text, sizeof sample);
    }
    text[0] = '\0';
    compile(text, 1);
}

/* One word in the place of another, so that the grammar holds and the meaning does not. */
static void check_words(void)
{
    static const char *const words[] = {"memory", "disk",    "w",   "l",    "s",          "size",
                                        "part",   "base",    "1MB", "5",    "2.5",        "1s",
                                        "\"a\"",  "[\"a\"]", "web", "true", "runtime.jit"};
    enum { WORDS = sizeof words / sizeof *words };
    static const char *const targets[] = {"memory", "disk ", "20GB", "25%", "room", "replica",
                                          "few ",   "1GB",   "w ",   "l ",  "300",  "80",
                                          "on ",    "4MB",   "web",  "10%", "7MB",  "50%"};
    for (size_t t = 0; t < sizeof targets / sizeof *targets; t++)
        for (const char *at = sample; (at = strstr(at, targets[t])) != NULL; at++)
            for (size_t w = 0; w < WORDS; w++) {
                char text[sizeof sample + 32];
                int length = snprintf(text, sizeof text, "%.*s%s%s", (int)(at - sample), sample,
                                      words[w], at + strcspn(targets[t], " "));
                compile(text, (size_t)length);
            }
}

int main(void)
{
    snprintf(directory, sizeof directory, "/tmp/check_test.XXXXXX");
    CHECK(mkdtemp(directory) != NULL);
    write_file("prelude.azr", "catalog postgres = \"small.json\"\n", 32);
    write_file("small.json", catalogue, sizeof catalogue - 1);
    CHECK(compile(sample, sizeof sample - 1));
    check_prefixes();
    check_bytes();
    check_words();
    static const char *const files[] = {"prelude.azr", "small.json", "main.azr", ""};
    for (size_t i = 0; i < 4; i++)
        CHECK(remove(path_of(files[i])) == 0);
    return check_summary("check_test");
}
