/* The formatter. What it makes of each construct stands in tests/lang/syntax; here is what must
 * hold whatever a file looks like: the same tree, every comment, no line longer than it must be,
 * and formatting twice changes nothing. The files are those of the fuzzer's corpus, whose blanks
 * and line breaks are put anew by chance, again and again. */
#include "../check.h"
#include "parse.h"

enum { ROUNDS = 40 };

static uint64_t state = 42;

static uint32_t chance(uint32_t below)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

static struct base_sink formatted(const char *text, size_t length)
{
    static struct parsed parsed;
    parse_free(&parsed);
    parse(&parsed, text, length);
    CHECK(!parsed.file->broken && parsed.queue.errors == 0);
    return parse_format(&parsed);
}

static void check_format(const char *from, const char *to)
{
    struct base_sink once = formatted(from, strlen(from));
    CHECK_TEXT(once.data == NULL ? "" : once.data, to);
}

/* Chance puts `gap` between two tokens: always some blank where there was one. */
static void put_gap(struct base_sink *sink, uint32_t wild)
{
    static const char *const gaps[] = {
        " ",    "  ",       "\t",          "\n",         "\n\n\n",
        "\r\n", " # why\n", "\n# alone\n", "\n## doc\n", "\n\n# two\n\n# three\n\n"};
    enum { GAPS = sizeof gaps / sizeof *gaps };
    base_put(sink, chance(100) < wild ? gaps[chance(GAPS)] : " ");
}

static bool is_text(const struct parsed *parsed, size_t token)
{
    struct base_place before = parsed->file->tokens.items[token - 1].place;
    struct base_place here = parsed->file->tokens.items[token].place;
    return before.start + before.length == here.start;
}

/* The same tokens with other gaps; where there was none, mostly none. */
static void scramble(const struct parsed *parsed, struct base_sink *sink, uint32_t wild)
{
    const char *text = parsed->sources.files[0].text;
    for (size_t i = 0; i < parsed->file->tokens.count; i++) {
        struct base_place place = parsed->file->tokens.items[i].place;
        if (i == 0 || !is_text(parsed, i))
            put_gap(sink, wild);
        base_put_bytes(sink, text + place.start, place.length);
    }
    base_put_char(sink, '\n');
}

static size_t longest_line(const struct base_sink *sink)
{
    size_t longest = 0, start = 0;
    for (size_t i = 0; i < sink->length; i++)
        if (sink->data[i] == '\n') {
            longest = i - start > longest ? i - start : longest;
            start = i + 1;
        }
    return longest;
}

static size_t count(const struct base_sink *sink, char character)
{
    size_t found = 0;
    for (size_t i = 0; i < sink->length; i++)
        found += sink->data[i] == character;
    return found;
}

static bool has_trailing_blank(const struct base_sink *sink)
{
    return sink->length > 0 &&
           (strstr(sink->data, " \n") != NULL || strchr(sink->data, '\r') != NULL ||
            strchr(sink->data, '\t') != NULL || strstr(sink->data, "\n\n\n") != NULL);
}

static void check_round(const struct base_sink *text)
{
    static struct parsed first, second;
    parse(&first, text->data, text->length);
    CHECK(!first.file->broken && first.queue.errors == 0);
    struct base_sink once = parse_format(&first);
    parse(&second, once.data, once.length);
    CHECK(!second.file->broken && second.queue.errors == 0);
    CHECK_TEXT(parse_dump(&second), parse_dump(&first));
    CHECK(count(&once, '#') == count(text, '#'));
    CHECK(!has_trailing_blank(&once));
    struct base_sink twice = parse_format(&second);
    CHECK_TEXT(twice.data, once.data);
    parse_free(&first);
    parse_free(&second);
}

static void check_file(const char *path)
{
    static struct parsed parsed;
    struct base_arena arena = {0};
    char *text;
    size_t length;
    const char *why = "";
    bool found = base_read_file(&arena, path, LIMIT_SOURCE_BYTES, &text, &length, &why);
    CHECK(found);
    if (!found)
        return;
    parse(&parsed, text, length);
    CHECK(!parsed.file->broken);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct base_sink other = base_arena_sink(&arena);
        scramble(&parsed, &other, round % 4 * 10);
        check_round(&other);
    }
    parse_free(&parsed);
    base_arena_free(&arena);
}

/* The cases that show each construct are laid out as they should be. */
static void test_laid_out(void)
{
    static const char *const names[] = {
        "comments",   "configs",    "everything", "expressions", "file",  "inputs",
        "invariants", "precedence", "tables",     "tests",       "texts", "values",
        "schemas",    "blocks",     "maps",       "block-texts", "emits"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct base_arena arena = {0};
        char *text;
        size_t length;
        const char *why = "";
        const char *path = base_format(&arena, "tests/lang/syntax/%s.azr", names[i]);
        bool found = base_read_file(&arena, path, LIMIT_SOURCE_BYTES, &text, &length, &why);
        CHECK(found);
        if (!found)
            continue;
        check_format(text, text);
        check_file(path);
        base_arena_free(&arena);
    }
}

/* A file as disordered as can be becomes the one beside the other cases. */
static void test_everything(void)
{
    struct base_arena arena = {0};
    char *from, *to;
    size_t length;
    const char *why;
    bool found = base_read_file(&arena, "tests/fuzz/corpus/format/everything.azr",
                                LIMIT_SOURCE_BYTES, &from, &length, &why) &&
                 base_read_file(&arena, "tests/lang/syntax/everything.azr", LIMIT_SOURCE_BYTES, &to,
                                &length, &why);
    CHECK(found);
    if (found)
        check_format(from, to);
    base_arena_free(&arena);
}

static void test_small(void)
{
    check_format("", "");
    check_format("\n\n \t\n", "");
    check_format("# only\n\n\n# comments", "# only\n\n# comments\n");
    check_format("let a=1", "let a = 1\n");
    check_format("let a=-( 1+2 )*- 3%", "let a = -(1 + 2) * -3%\n");
    check_format("let a = 1 let b = 2", "let a = 1\nlet b = 2\n");
    check_format("let a = 1\r\n\r\n\r\n## b's\t\r\nlet b = 2\r\n",
                 "let a = 1\n\n## b's\nlet b = 2\n");
    check_format("config a of b{}", "config a of b {}\n");
    check_format("config a of b{# c\n}", "config a of b { # c\n}\n");
    check_format("config a of b{\n\n# c\n\n}", "config a of b {\n    # c\n}\n");
}

/* Breaks behind an operator move before it; where none may stand, lines are joined. */
static void test_breaks(void)
{
    check_format("let a = b +\nc", "let a =\n    b\n    + c\n");
    check_format("let a = b\n. c", "let a = b.c\n");
    check_format("let a =\n1", "let a =\n    1\n");
    check_format("let a = (b\nand c)", "let a = (b\n         and c)\n");
    check_format("let a = f(\nb,c)", "let a = f(\n    b, c\n)\n");
    check_format("let a = [b,\nc]", "let a = [b,\n         c]\n");
    check_format("let a = match b { c: 1, else:\n2, }",
                 "let a = match b {\n    c: 1,\n    else:\n        2\n}\n");
    check_format("let a = \"\\( b\n + c )\"", "let a = \"\\(b + c)\"\n");
    check_format("let a = b # why\n + c", "let a =\n    b # why\n    + c\n");
}

/* A block text is indented with the line that opens it, and nothing in it changes. */
static void test_block_texts(void)
{
    check_format("let a = \"\"\"\n\"\"\"", "let a = \"\"\"\n    \"\"\"\n");
    check_format("let a =\n\"\"\"\nb\n  c\n\"\"\"", "let a = \"\"\"\n    b\n      c\n    \"\"\"\n");
    check_format("let a = \"\"\"  \r\n\tb \r\n \r\n\t\r\n\t\tc\r\n\t\"\"\"\r\n",
                 "let a = \"\"\"\n    b \n\n\n    \tc\n    \"\"\"\n");
    check_format("let a = \"\"\"\n  \\(b\n + c)\n  \"\"\" + d",
                 "let a =\n    \"\"\"\n        \\(b + c)\n        \"\"\" + d\n");
}

/* Braces and quotes that hold lines together open on the line of what announces them; a comma
 * before a bracket that closes is left out. */
static void test_structures(void)
{
    check_format("let a =\n{b: 1}", "let a = { b: 1 }\n");
    check_format("let a = {\nb: 1,}", "let a = {\n    b: 1\n}\n");
    check_format("let a = {\n}", "let a = {}\n");
    check_format("let a = { # why\n}", "let a = { # why\n}\n");
    check_format("let a = { b: [1,], c: {}, }", "let a = { b: [1], c: {} }\n");
    check_format("let a = [1 # why\n,]", "let a = [1 # why\n    ,]\n");
    check_format("let a = { for b in c: b: d }", "let a = {for b in c: b: d}\n");
    check_format("a b { c = 1 }", "a b { c = 1 }\n");
    check_format("a b { c = 1 d = 2 }", "a b {\n    c = 1\n    d = 2\n}\n");
    check_format("schema A {\n## x\nb: c\nlong: d\n}",
                 "schema A {\n    ## x\n    b:     c\n    long:  d\n}\n");
}

/* Nothing is put further right than the margin, however far right it would belong. */
static void test_margin(void)
{
    struct base_arena arena = {0};
    struct base_sink sink = base_arena_sink(&arena);
    base_put(&sink, "let a = f");
    for (int i = 0; i < 150; i++)
        base_put(&sink, "(f(b, ccccccccccccccccccccccc + ");
    base_put(&sink, "1");
    for (int i = 0; i < 150; i++)
        base_put(&sink, "))");
    struct base_sink once = formatted(sink.data, sink.length);
    CHECK(once.length < sink.length * 8);
    CHECK(longest_line(&once) < 500);
    base_arena_free(&arena);
}

int main(void)
{
    test_small();
    test_breaks();
    test_block_texts();
    test_structures();
    test_margin();
    test_laid_out();
    test_everything();
    check_file("tests/fuzz/corpus/format/everything.azr");
    check_file("tests/fuzz/corpus/format/included.azr");
    check_file("tests/fuzz/corpus/format/connections.azr");
    check_file("tests/fuzz/corpus/format/wal.azr");
    return check_summary("format");
}
