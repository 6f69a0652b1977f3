/* What people and programs see of a diagnostic, byte for byte. */
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "../check.h"
#include "diag/diag.h"

static struct base_arena arena;
static struct base_sources *sources;

static const char memory_rules[] = "config memory for postgres {\n"
                                   "    set shared_bufers = 128MB\n"
                                   "\tset\twork_mem = 4MB\n"
                                   "    set größe = \"ü\" + bad\n"
                                   "\n"
                                   "    set a = 1\n"
                                   "    set a = 2\r\n"
                                   "}\n";
static const char other_rules[] = "fact memory: Bytes\x1b[2J\n";

static void add_source(const char *path, const char *text)
{
    sources->files[sources->count++] =
        (struct base_source){.path = path, .text = text, .length = text ? strlen(text) : 0};
}

static struct diag_queue new_queue(void)
{
    sources = BASE_NEW(&arena, struct base_sources);
    sources->arena = &arena;
    add_source("rules/memory.azr", memory_rules);
    add_source("rules/other.azr", other_rules);
    add_source("gone.azr", NULL);
    return (struct diag_queue){.arena = &arena, .sources = sources};
}

/* The place of the first `text` in a file. */
static struct base_place place_of(uint16_t file, const char *text)
{
    const char *whole = sources->files[file].text, *found = strstr(whole, text);
    CHECK(found != NULL);
    uint32_t start = found ? (uint32_t)(found - whole) : 0;
    return (struct base_place){file, start, (uint32_t)strlen(text)};
}

static const char *printed(struct diag_queue *queue, bool colour, bool json)
{
    char *text = NULL;
    size_t length;
    FILE *stream = open_memstream(&text, &length);
    if (json)
        diag_print_json(queue, stream);
    else
        diag_print(queue, stream, colour);
    fclose(stream);
    const char *copy = base_copy_text(&arena, text, length);
    free(text);
    return copy;
}

static void nothing_prints_nothing(void)
{
    struct diag_queue queue = new_queue();
    CHECK_TEXT(printed(&queue, false, false), "");
    CHECK_TEXT(printed(&queue, false, true), "[]\n");
}

static void a_plain_message(void)
{
    static const char *const names[] = {"work_mem", "shared_buffers"};
    struct diag_queue queue = new_queue();
    struct diagnostic *bad = diag_report(&queue, DIAG_UNKNOWN_SETTING, place_of(0, "shared_bufers"),
                                         "`%s` is not a setting of postgres", "shared_bufers");
    diag_suggest(&queue, bad, "shared_bufers", names, 2);
    diag_note(&queue, bad, "the catalogue is of version %d", 18);
    CHECK_TEXT(printed(&queue, false, false),
               "rules/memory.azr:2:9: error[AZ0061]: `shared_bufers` is not a setting of postgres\n"
               "    2 |     set shared_bufers = 128MB\n"
               "      |         ^^^^^^^^^^^^^\n"
               "   note: the catalogue is of version 18\n"
               "   help: did you mean `shared_buffers`?\n");
}

static void colours_only_when_told(void)
{
    struct diag_queue queue = new_queue();
    struct diagnostic *bad = diag_report(&queue, DIAG_SET_TWICE, place_of(0, "a = 2"), "twice");
    diag_label(bad, place_of(0, "a = 1"), "first here");
    diag_help(&queue, bad, "drop one");
    CHECK_TEXT(printed(&queue, true, false),
               "\033[1mrules/memory.azr:7:9:\033[0m \033[1;31merror[AZ0063]:\033[0m twice\n"
               "\033[1;34m    6 |\033[0m     set a = 1\n"
               "\033[1;34m      |\033[0m         \033[1;34m~~~~~ first here\033[0m\n"
               "\033[1;34m    7 |\033[0m     set a = 2\n"
               "\033[1;34m      |\033[0m         \033[1;31m^^^^^\033[0m\n"
               "   \033[1;36mhelp:\033[0m drop one\n");
}

static void marks_stand_below_what_they_mark(void)
{
    struct diag_queue queue = new_queue();
    diag_report(&queue, DIAG_SYNTAX, place_of(0, "work_mem"), "after tabs");
    struct diagnostic *bad =
        diag_report(&queue, DIAG_SYNTAX, place_of(0, "+"), "after letters of two bytes");
    diag_label(bad, place_of(0, "\"ü\""), "this is a text");
    diag_label(bad, place_of(0, "größe"), "for this");
    diag_label(bad, place_of(0, "config"), "one label too many");
    CHECK_TEXT(printed(&queue, false, false),
               "rules/memory.azr:3:6: error[AZ0007]: after tabs\n"
               "    3 |     set work_mem = 4MB\n"
               "      |         ^^^^^^^^\n"
               "rules/memory.azr:4:21: error[AZ0007]: after letters of two bytes\n"
               "    4 |     set größe = \"ü\" + bad\n"
               "      |                     ^\n"
               "      |                 ~~~ this is a text\n"
               "      |         ~~~~~ for this\n");
}

static void a_mark_ends_with_its_line(void)
{
    struct diag_queue queue = new_queue();
    diag_report(&queue, DIAG_SYNTAX, place_of(0, "2\r\n}"), "many lines");
    diag_report(&queue, DIAG_OPEN_TEXT, (struct base_place){0, sizeof memory_rules - 1, 0},
                "the end");
    diag_report(&queue, DIAG_BAD_NUMBER, (struct base_place){0, 28, 1}, "the newline");
    diag_report(&queue, DIAG_BAD_NUMBER, place_of(0, "\n\n"), "at an end of line");
    diag_report(&queue, DIAG_BAD_ESCAPE, place_of(0, "\tset"), "a tab");
    diag_report(&queue, DIAG_SYNTAX, (struct base_place){0, 9999, 5}, "past the end");
    CHECK_TEXT(printed(&queue, false, false),
               "rules/memory.azr:1:29: error[AZ0004]: the newline\n"
               "    1 | config memory for postgres {\n"
               "      |                             ^\n"
               "rules/memory.azr:3:1: error[AZ0003]: a tab\n"
               "    3 |     set work_mem = 4MB\n"
               "      | ^^^^^^^\n"
               "rules/memory.azr:4:26: error[AZ0004]: at an end of line\n"
               "    4 |     set größe = \"ü\" + bad\n"
               "      |                          ^\n"
               "rules/memory.azr:7:13: error[AZ0007]: many lines\n"
               "    7 |     set a = 2\n"
               "      |             ^\n"
               "rules/memory.azr:9:1: error[AZ0002]: the end\n"
               "    9 |\n"
               "      | ^\n"
               "rules/memory.azr:9:1: error[AZ0007]: past the end\n"
               "    9 |\n"
               "      | ^\n");
}

static void other_files_are_named(void)
{
    struct diag_queue queue = new_queue();
    struct diagnostic *bad = diag_report(&queue, DIAG_SET_TWICE, place_of(0, "config"), "other");
    diag_label(bad, place_of(1, "memory"), "declared here");
    diag_label(bad, place_of(0, "bad"), "used here");
    diag_report(&queue, DIAG_SYNTAX, (struct base_place){2, 7, 1}, "not read");
    diag_report(&queue, DIAG_SYNTAX, (struct base_place){9, 0, 0}, "nowhere\x07");
    CHECK_TEXT(printed(&queue, false, false), "rules/memory.azr:1:1: error[AZ0063]: other\n"
                                              "    1 | config memory for postgres {\n"
                                              "      | ^^^^^^\n"
                                              "    4 |     set größe = \"ü\" + bad\n"
                                              "      |                       ~~~ used here\n"
                                              "   rules/other.azr:1:6:\n"
                                              "    1 | fact memory: Bytes\xef\xbf\xbd[2J\n"
                                              "      |      ~~~~~~ declared here\n"
                                              "gone.azr:1:1: error[AZ0007]: not read\n"
                                              "    1 |\n"
                                              "      | ^\n"
                                              "error[AZ0007]: nowhere\xef\xbf\xbd\n");
    queue.sources = NULL;
    CHECK(strstr(printed(&queue, false, false), "error[AZ0063]: other\nerror[AZ0007]: "));
}

static void long_numbers_widen_the_gutter(void)
{
    struct diag_queue queue = new_queue();
    char *lines = base_alloc(&arena, 123458);
    memset(lines, '\n', 123456);
    lines[123456] = 'x';
    add_source("long.azr", lines);
    struct diagnostic *bad = diag_report(&queue, DIAG_SYNTAX, place_of(3, "x"), "far");
    diag_label(bad, (struct base_place){3, 0, 0}, "near");
    CHECK_TEXT(printed(&queue, false, false), "long.azr:123457:1: error[AZ0007]: far\n"
                                              "     1 |\n"
                                              "       | ~ near\n"
                                              "123457 | x\n"
                                              "       | ^\n");
}

static void the_same_message_comes_once(void)
{
    struct diag_queue queue = new_queue();
    struct base_place place = place_of(0, "bad"), shorter = {place.file, place.start, 1};
    struct diagnostic *first = diag_report(&queue, DIAG_SYNTAX, place, "first");
    struct diagnostic *again = diag_report(&queue, DIAG_SYNTAX, place, "again");
    CHECK(again && again != first);
    diag_help(&queue, again, "not shown");
    diag_label(again, place, "not shown");
    CHECK(queue.errors == 1 && queue.list.count == 1);
    diag_report(&queue, DIAG_BAD_NUMBER, place, "another code");
    diag_report(&queue, DIAG_SYNTAX, shorter, "another place");
    CHECK(queue.errors == 3 && queue.warnings == 0);
    CHECK(!strstr(printed(&queue, false, false), "not shown"));
}

static size_t count_of(const char *text, const char *part)
{
    size_t count = 0;
    while ((text = strstr(text, part)) != NULL) {
        text += strlen(part);
        count++;
    }
    return count;
}

static void report_many(struct diag_queue *queue, uint32_t count)
{
    for (uint32_t i = count; i > 0; i--)
        diag_report(queue, DIAG_SYNTAX, (struct base_place){0, i - 1, 1}, "at <%u>", i - 1);
}

static void only_the_first_are_printed(void)
{
    struct diag_queue queue = new_queue();
    report_many(&queue, LIMIT_DIAGNOSTICS);
    const char *text = printed(&queue, false, false);
    CHECK(count_of(text, "error[") == LIMIT_DIAGNOSTICS && !strstr(text, " more "));

    queue = new_queue();
    report_many(&queue, LIMIT_DIAGNOSTICS + 1);
    text = printed(&queue, false, false);
    CHECK(count_of(text, "error[") == LIMIT_DIAGNOSTICS);
    CHECK(strstr(text, "at <0>") && strstr(text, "at <19>") && !strstr(text, "at <20>"));
    CHECK(strstr(text, "^\nand 1 more error\n"));

    queue = new_queue();
    report_many(&queue, LIMIT_DIAGNOSTICS_KEPT + 500);
    CHECK(queue.errors == LIMIT_DIAGNOSTICS_KEPT + 500);
    CHECK(queue.list.count == LIMIT_DIAGNOSTICS_KEPT);
    CHECK(strstr(printed(&queue, false, false), "\nand 1480 more errors\n"));
}

/* No code of the table is a warning yet, so these are made of errors. */
static void warnings_are_counted_apart(void)
{
    struct diag_queue queue = new_queue();
    report_many(&queue, LIMIT_DIAGNOSTICS + 5);
    for (size_t i = 0; i < queue.list.count; i++)
        queue.list.items[i]->severity = i < 2 ? DIAG_ERROR : DIAG_WARNING;
    queue.errors = 2;
    queue.warnings = LIMIT_DIAGNOSTICS + 3;
    const char *text = printed(&queue, true, false);
    CHECK(count_of(text, "error[AZ0007]") == 2);
    CHECK(count_of(text, "\033[1;33mwarning[AZ0007]:") == LIMIT_DIAGNOSTICS);
    CHECK(strstr(text, "\nand 3 more warnings\n") && !strstr(text, "more error"));
}

static void json_tells_everything(void)
{
    struct diag_queue queue = new_queue();
    struct diagnostic *bad =
        diag_report(&queue, DIAG_SET_TWICE, place_of(0, "\"ü\" + bad\n\n"), "a \"quote\"");
    diag_label(bad, place_of(1, "memory"), "here");
    diag_label(bad, (struct base_place){9, 1, 1}, "nowhere");
    diag_note(&queue, bad, "why");
    diag_report(&queue, DIAG_SYNTAX, place_of(0, "config"), "first");
    CHECK_TEXT(printed(&queue, false, true),
               "[\n"
               " {\"code\": \"AZ0007\", \"severity\": \"error\", \"file\": \"rules/memory.azr\", "
               "\"line\": 1, \"column\": 1, \"end_line\": 1, \"end_column\": 7, "
               "\"message\": \"first\", \"labels\": [], \"detail\": null, \"note\": null, "
               "\"help\": null},\n"
               " {\"code\": \"AZ0063\", \"severity\": \"error\", \"file\": \"rules/memory.azr\", "
               "\"line\": 4, \"column\": 17, \"end_line\": 6, \"end_column\": 1, "
               "\"message\": \"a \\\"quote\\\"\", \"labels\": ["
               "{\"file\": \"rules/other.azr\", \"line\": 1, \"column\": 6, \"end_line\": 1, "
               "\"end_column\": 12, \"message\": \"here\"}, "
               "{\"file\": null, \"line\": null, \"column\": null, \"end_line\": null, "
               "\"end_column\": null, \"message\": \"nowhere\"}], "
               "\"detail\": null, \"note\": \"why\", \"help\": null}\n"
               "]\n");
}

static const char *nearest(const char *word)
{
    static const char *const names[] = {
        "shared_buffers", "work_mem", "wal_level", "wal_levels", "abc", "port", "ports"};
    const char *near = diag_nearest(word, names, sizeof names / sizeof *names);
    return near ? near : "(none)";
}

static void near_names_are_found(void)
{
    char word[66], name[66];
    CHECK_TEXT(nearest("shared_bufers"), "shared_buffers");
    CHECK_TEXT(nearest("shraed_buffers"), "shared_buffers");
    CHECK_TEXT(nearest("work_men"), "work_mem");
    CHECK_TEXT(nearest("wokr_mme"), "work_mem");
    CHECK_TEXT(nearest("wal_lvl"), "wal_level");
    CHECK_TEXT(nearest("ab"), "(none)");
    CHECK_TEXT(nearest("acb"), "abc");
    CHECK_TEXT(nearest("cab"), "(none)");
    CHECK_TEXT(nearest("por"), "port");
    CHECK_TEXT(nearest("portx"), "port");
    CHECK_TEXT(nearest("xyzw"), "(none)");
    CHECK_TEXT(nearest(""), "(none)");
    CHECK(diag_nearest("abc", NULL, 0) == NULL);

    memset(word, 'a', sizeof word);
    memset(name, 'a', sizeof name);
    const char *names[] = {name};
    word[64] = name[64] = '\0';
    word[0] = 'b';
    CHECK(diag_nearest(word, names, 1) == name);
    word[64] = 'a';
    word[65] = '\0';
    CHECK(diag_nearest(word, names, 1) == NULL);
    CHECK(diag_nearest(name, (const char *const[]){word}, 1) == NULL);
}

static void suggestions_list_a_few_names(void)
{
    static const char *const names[13] = {"one", "two", "three", "four", "five",   "six",  "seven",
                                          "8th", "9th", "10th",  "11th", "twelve", "dozen"};
    struct diag_queue queue = new_queue();
    struct diagnostic *bad = diag_report(&queue, DIAG_SYNTAX, place_of(0, "bad"), "bad");
    diag_suggest(&queue, bad, "tree", names, 13);
    CHECK_TEXT(bad->help, "did you mean `three`?");
    diag_suggest(&queue, bad, "quite else", names, 3);
    CHECK_TEXT(bad->help, "expected one of `one`, `two`, `three`");
    diag_suggest(&queue, bad, "quite else", names, 12);
    CHECK(strstr(bad->help, "expected one of `one`, ") && strstr(bad->help, ", `twelve`"));
    bad->help = NULL;
    diag_suggest(&queue, bad, "quite else", names, 13);
    diag_suggest(&queue, bad, "quite else", names, 0);
    CHECK(bad->help == NULL);
}

static void codes_have_meanings(void)
{
    static const enum diag_code codes[] = {
#define X(code, name, severity, summary) code,
#include "diagnostics.def"
#undef X
    };
    const size_t count = sizeof codes / sizeof *codes;
    for (size_t i = 0; i < count; i++) {
        const struct diag_meaning *meaning = diag_meaning(codes[i]);
        CHECK((i == 0 || codes[i - 1] < codes[i]) && codes[i] < 10000);
        CHECK(meaning && meaning->code == codes[i] && *meaning->summary);
    }
    const struct diag_meaning *syntax = diag_meaning(DIAG_SYNTAX);
    CHECK(syntax && diag_meaning_of("AZ0007") == syntax && diag_meaning_of("az7") == syntax);
    CHECK(diag_meaning_of("7") == syntax && diag_meaning_of("0007") == syntax);
    CHECK(!diag_meaning_of("") && !diag_meaning_of("AZ") && !diag_meaning_of("AZ-7"));
    CHECK(!diag_meaning_of("9999") && !diag_meaning_of("4294967303") && !diag_meaning_of("SYNTAX"));
    if (syntax)
        CHECK_TEXT(syntax->name, "SYNTAX");
}

static void colour_wants_a_terminal(void)
{
    int terminal = posix_openpt(O_RDWR | O_NOCTTY);
    FILE *screen = terminal >= 0 ? fdopen(terminal, "r+") : NULL, *file = tmpfile();
    CHECK(screen && file);
    setenv("TERM", "xterm", 1);
    unsetenv("NO_COLOR");
    CHECK(diag_wants_colour(screen) && !diag_wants_colour(file));
    setenv("NO_COLOR", "", 1);
    CHECK(diag_wants_colour(screen));
    setenv("NO_COLOR", "1", 1);
    CHECK(!diag_wants_colour(screen));
    unsetenv("NO_COLOR");
    setenv("TERM", "dumb", 1);
    CHECK(!diag_wants_colour(screen));
    fclose(screen);
    fclose(file);
}

int main(void)
{
    nothing_prints_nothing();
    a_plain_message();
    colours_only_when_told();
    marks_stand_below_what_they_mark();
    a_mark_ends_with_its_line();
    other_files_are_named();
    long_numbers_widen_the_gutter();
    the_same_message_comes_once();
    only_the_first_are_printed();
    warnings_are_counted_apart();
    json_tells_everything();
    near_names_are_found();
    suggestions_list_a_few_names();
    codes_have_meanings();
    colour_wants_a_terminal();
    base_arena_free(&arena);
    return check_summary("diag");
}
