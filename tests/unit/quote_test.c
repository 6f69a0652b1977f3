/* Every encoder over the hostile corpus: what was written is read back by a reader of that language
 * that shares nothing with the encoder, by the real one where it is at hand. */
#include <jansson.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "../check.h"
#include "vm/quote.h"

static struct base_arena arena;

/* --- the corpus --- */

enum { LONG_BYTES = 65535, TEXTS_MAX = 700 };

static const char *texts[TEXTS_MAX];
static size_t text_count;

static const char *const chosen[] = {
    "",
    "plain",
    " leading",
    "trailing ",
    "\ttab\t",
    "two\nlines\n",
    "\ncarriage\r\nreturn\r",
    "$x $$ ${x} ${x:-y} $(x) `x` $((1))",
    "' or '1'='1' --",
    "'; drop table x; --",
    "\" \"\" '' ' \\' \\\" \\\\ \\n \\0 \\x41",
    "'",
    "''",
    "'''",
    "\"",
    "\"\"",
    "\\",
    "\\\\",
    "\\'",
    "'\\",
    "\\\\'",
    "x\"\n\"root\" \"y",
    "a:b:c",
    "*",
    "**",
    "#",
    "# not a comment",
    "a#b",
    "\\:",
    ":",
    "\\*",
    "all",
    "postgres",
    "public",
    "replication",
    "samerole",
    "sameuser",
    "samehost",
    "include",
    "+group",
    "@file",
    "/^.*$",
    "/",
    "/a\"b.c*[d]{2}(e|f)\\1",
    "//",
    "a\"b",
    "A.B",
    "-c",
    "--",
    "-",
    "a,b",
    "a b",
    "~",
    "~root",
    "!x",
    "x=y",
    "*?[a-z]",
    "%",
    "%41",
    "%zz",
    "%%",
    "+",
    "a+b",
    "a%20b",
    "; comment",
    "[section]",
    "%include /etc/passwd",
    "key = value",
    "null",
    "true",
    "{\"a\": 1}",
    "</script>",
    "<!--",
    "\xc3\xa4\xc3\xb6",
    "e\xcc\x81",
    "\xf0\x9f\x98\x80",
    "\xe2\x80\xa8\xe2\x80\xa9",
    "\xef\xbb\xbfx",
    "\xc2\x85\xc2\xa0",
    "\x01\x02\x1b\x7f",
    "n2345678901234567890123456789012345678901234567890123456789012x",
    "n2345678901234567890123456789012345678901234567890123456789012xy",
};

static void add(const char *text)
{
    texts[text_count++] = text;
}

static char *repeated(const char *piece, size_t bytes)
{
    struct base_sink sink = base_arena_sink(&arena);
    while (sink.length + strlen(piece) <= bytes)
        base_put(&sink, piece);
    return sink.data;
}

static uint64_t next_random(void)
{
    static uint64_t state = 0x2545f4914f6cdd1d;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Made of the characters that mean something somewhere. */
static char *random_text(void)
{
    static const char *const letters[] = {"'",
                                          "\"",
                                          "\\",
                                          ":",
                                          ";",
                                          "#",
                                          "%",
                                          "$",
                                          "{",
                                          "}",
                                          "a",
                                          "0",
                                          "(",
                                          ")",
                                          "`",
                                          "&",
                                          "|",
                                          "<",
                                          ">",
                                          "[",
                                          "]",
                                          "*",
                                          "?",
                                          "!",
                                          "~",
                                          "^",
                                          "@",
                                          "/",
                                          "=",
                                          ",",
                                          " ",
                                          "\t",
                                          "\n",
                                          "\r",
                                          "n",
                                          "\xc3\xa4",
                                          "\xf0\x9f\x98\x80",
                                          "E",
                                          "x",
                                          "-",
                                          "+",
                                          "."};
    struct base_sink sink = base_arena_sink(&arena);
    for (uint64_t left = 1 + next_random() % 12; left > 0; left--)
        base_put(&sink, letters[next_random() % (sizeof letters / sizeof *letters)]);
    return sink.data;
}

static void make_corpus(void)
{
    for (size_t i = 0; i < sizeof chosen / sizeof *chosen; i++)
        add(chosen[i]);
    for (int c = 1; c < 0x80; c++)
        add(base_copy_text(&arena, (char[]){(char)c}, 1));
    add(repeated("x", 1024));
    add(repeated("'\"\\:/#", 1024));
    add(repeated("y", LONG_BYTES));
    add(repeated("'\\\"", LONG_BYTES));
    while (text_count < TEXTS_MAX)
        add(random_text());
}

/* --- what is written --- */

static char *quoted(unsigned quote, const char *text)
{
    struct base_sink sink = base_arena_sink(&arena);
    base_put(&sink, "");
    vm_put_quoted(&sink, (enum vm_quote)quote, base_span_of(text));
    return sink.data == NULL ? base_copy_text(&arena, "", 0) : sink.data;
}

/* --- readers: they decode a word in place, or answer null where it is not one word --- */

/* postgresql.conf: '' and C's escapes, on one line. */
static char *read_conf(char *word)
{
    char *to = word, *at = word;
    if (*at++ != '\'')
        return NULL;
    while (*at != '\'' || at[1] == '\'') {
        if (*at == '\0' || *at == '\n')
            return NULL;
        if (*at == '\\' && strchr("nrtbf", at[1]) != NULL && at[1] != '\0') {
            *to++ = (char)(at[1] == 'n' ? '\n' : at[1] == 'r' ? '\r' : '?');
            at += 2;
            continue;
        }
        if (*at == '\\' && at[1] >= '0' && at[1] <= '7')
            return NULL;
        at += *at == '\\' || *at == '\'';
        *to++ = *at++;
    }
    if (at[1] != '\0')
        return NULL;
    *to = '\0';
    return word;
}

/* A literal whose backslashes are escapes where E says so; without E there may be none. */
static char *read_sql(char *word)
{
    char *to = word, *at = word;
    const bool escapes = *at == 'E';
    at += escapes;
    if (*at++ != '\'')
        return NULL;
    while (*at != '\'' || at[1] == '\'') {
        if (*at == '\0' || (*at == '\\' && (!escapes || at[1] != '\\')))
            return NULL;
        at += *at == '\\' || *at == '\'';
        *to++ = *at++;
    }
    if (at[1] != '\0')
        return NULL;
    *to = '\0';
    return word;
}

/* Doubled quotes between quotes: an identifier, userlist.txt, pgbouncer.ini. */
static char *read_doubled(char *word, char quote)
{
    char *to = word, *at = word;
    if (*at++ != quote)
        return NULL;
    while (*at != quote || at[1] == quote) {
        if (*at == '\0')
            return NULL;
        at += *at == quote;
        *to++ = *at++;
    }
    if (at[1] != '\0')
        return NULL;
    *to = '\0';
    return word;
}

static char *read_double_quotes(char *word)
{
    return read_doubled(word, '"');
}

static char *read_single_quotes(char *word)
{
    return read_doubled(word, '\'');
}

/* The server's tokens of pg_hba.conf, then its rule that a slash begins a regular expression. */
static char *read_hba(char *word)
{
    bool inside = false, was_quote = false;
    char *to = word, *at = word;
    if (*word != '"')
        return NULL; /* it could be a keyword */
    for (; *at != '\0'; at++) {
        if (!inside && at > word && *at != '"')
            return NULL;
        if (*at != '"' || was_quote)
            *to++ = *at;
        was_quote = inside && *at == '"' && !was_quote;
        inside ^= *at == '"';
    }
    *to = '\0';
    if (inside || *word != '/')
        return inside ? NULL : word;
    char *end = to - 1;
    if (word[1] != '^' || *end != '$')
        return NULL;
    for (to = word, at = word + 2; at < end;) {
        if (*at != '\\' && strchr("^$.[]()|*+?{}\\", *at) != NULL)
            return NULL; /* it would mean something */
        at += *at == '\\';
        *to++ = *at++;
    }
    *to = '\0';
    return at == end ? word : NULL;
}

static char *parsed_option(const char *conninfo, const char *keyword)
{
    char *message = NULL, *found = NULL;
    PQconninfoOption *options = PQconninfoParse(conninfo, &message);
    if (options == NULL)
        fprintf(stderr, "%s", message == NULL ? "libpq refuses\n" : message);
    for (PQconninfoOption *option = options; option != NULL && option->keyword != NULL; option++)
        if (strcmp(option->keyword, keyword) == 0 && option->val != NULL)
            found = base_copy_text(&arena, option->val, strlen(option->val));
    PQconninfoFree(options);
    PQfreemem(message);
    return found;
}

/* libpq itself; what follows the word must still be read. */
static char *read_conninfo(char *word)
{
    const char *conninfo = base_format(&arena, "host=a password=%s user=b", word);
    char *user = parsed_option(conninfo, "user");
    return user != NULL && strcmp(user, "b") == 0 ? parsed_option(conninfo, "password") : NULL;
}

static char *read_uri(char *word)
{
    const char *uri =
        base_format(&arena, "postgresql://u:%s@h:1/d?application_name=%s", word, word);
    char *host = parsed_option(uri, "host"), *name = parsed_option(uri, "application_name");
    char *password = parsed_option(uri, "password");
    if (*word == '\0')
        return word;
    return host != NULL && strcmp(host, "h") == 0 && password != NULL && name != NULL &&
                   strcmp(name, password) == 0
               ? password
               : NULL;
}

/* libpq's fields: a backslash takes the next character as it is, a colon ends. */
static char *read_pgpass(char *word)
{
    char *to = word, *at = word;
    if (*word == '#' || strcmp(word, "*") == 0)
        return NULL;
    while (*at != '\0') {
        if (*at == ':')
            return NULL;
        at += *at == '\\' && at[1] != '\0';
        *to++ = *at++;
    }
    *to = '\0';
    return word;
}

static char *read_json(char *word)
{
    json_t *value = json_loads(word, JSON_DECODE_ANY, NULL);
    char *text = json_is_string(value)
                     ? base_copy_text(&arena, json_string_value(value), json_string_length(value))
                     : NULL;
    json_decref(value);
    return text;
}

typedef char *reader(char *word);

static reader *const readers[VM_QUOTES] = {
    [VM_QUOTE_CONF] = read_conf,
    [VM_QUOTE_SQL] = read_sql,
    [VM_QUOTE_IDENTIFIER] = read_double_quotes,
    [VM_QUOTE_HBA] = read_hba,
    [VM_QUOTE_URI] = read_uri,
    [VM_QUOTE_CONNINFO] = read_conninfo,
    [VM_QUOTE_PGPASS] = read_pgpass,
    [VM_QUOTE_USERLIST] = read_double_quotes,
    [VM_QUOTE_JSON] = read_json,
    [VM_QUOTE_INI] = read_single_quotes,
};

static bool is_read_back(unsigned quote, const char *text)
{
    char *word = quoted(quote, text), *kept = base_copy_text(&arena, word, strlen(word));
    const char *back = readers[quote](word);
    const bool same = back != NULL && strcmp(back, text) == 0;
    if (!same)
        fprintf(stderr, "%s of <%.200s> is <%.400s>, read as <%.200s>\n", vm_quote_function(quote),
                text, kept, back == NULL ? "(nothing)" : back);
    return same;
}

/* --- the tests --- */

static void what_is_written_is_read_back(void)
{
    for (unsigned quote = 0; quote < VM_QUOTES; quote++) {
        CHECK(readers[quote] != NULL || quote == VM_QUOTE_SHELL);
        for (size_t i = 0; readers[quote] != NULL && i < text_count; i++)
            if (vm_can_quote((enum vm_quote)quote, base_span_of(texts[i])))
                CHECK(is_read_back(quote, texts[i]));
    }
}

/* A line for every text that may be given, and nothing more: one more would be somebody's rule. */
static void words_stay_on_their_lines(void)
{
    static const enum vm_quote one_line[] = {VM_QUOTE_CONF,     VM_QUOTE_HBA, VM_QUOTE_PGPASS,
                                             VM_QUOTE_USERLIST, VM_QUOTE_URI, VM_QUOTE_JSON,
                                             VM_QUOTE_INI};
    for (size_t q = 0; q < sizeof one_line / sizeof *one_line; q++)
        for (size_t i = 0; i < text_count; i++)
            if (vm_can_quote(one_line[q], base_span_of(texts[i])))
                CHECK(strpbrk(quoted(one_line[q], texts[i]), "\r\n") == NULL);
}

/* All words as one script for the shell, which answers each between marks. */
static void the_shell_reads_words(void)
{
    struct base_sink script = base_arena_sink(&arena), wanted = base_arena_sink(&arena);
    base_put(&script, "cd /; HOME=/nowhere; show() { printf '%d<%s>' \"$#\" \"$1\"; }\n");
    for (size_t i = 0; i < text_count; i++) {
        BASE_PUT(&script, "show ", quoted(VM_QUOTE_SHELL, texts[i]), "\n");
        BASE_PUT(&script, "show '", quoted(VM_QUOTE_SHELL | VM_QUOTE_INNER, texts[i]), "'\n");
        BASE_PUT(&wanted, "1<", texts[i], ">1<", texts[i], ">");
    }
    char path[] = "/tmp/aza-quote-XXXXXX";
    const int fd = mkstemp(path);
    CHECK(fd >= 0 && base_write_all(fd, script.data, script.length));
    FILE *shell = popen(base_format(&arena, "LC_ALL=C sh %s", path), "r");
    CHECK(shell != NULL);
    char *got = base_alloc(&arena, wanted.length + 2);
    const size_t length = shell == NULL ? 0 : fread(got, 1, wanted.length + 1, shell);
    CHECK(shell != NULL && pclose(shell) == 0);
    CHECK(length == wanted.length && memcmp(got, wanted.data, length) == 0);
    close(fd);
    unlink(path);
}

/* The mark, which the quotes of a literal are, and in SQL also the E of escapes. */
static void insides_fit_together(void)
{
    static const char *const marks[VM_QUOTES][2] = {
        [VM_QUOTE_CONF] = {"'", "'"},         [VM_QUOTE_SQL] = {"E'", "'"},
        [VM_QUOTE_IDENTIFIER] = {"\"", "\""}, [VM_QUOTE_URI] = {"", ""},
        [VM_QUOTE_CONNINFO] = {"'", "'"},     [VM_QUOTE_USERLIST] = {"\"", "\""},
        [VM_QUOTE_JSON] = {"\"", "\""},       [VM_QUOTE_INI] = {"'", "'"},
    };
    for (unsigned quote = 0; quote < VM_QUOTES; quote++)
        for (size_t i = 1; marks[quote][0] != NULL && i < text_count; i++) {
            if (!vm_can_quote((enum vm_quote)quote, base_span_of(texts[i])) ||
                !vm_can_quote((enum vm_quote)quote, base_span_of(texts[i - 1])))
                continue;
            char *word = base_format(&arena, "%s%s%s%s", marks[quote][0],
                                     quoted(quote | VM_QUOTE_INNER, texts[i - 1]),
                                     quoted(quote | VM_QUOTE_INNER, texts[i]), marks[quote][1]);
            const char *back = readers[quote](word);
            CHECK(back != NULL &&
                  strcmp(back, base_format(&arena, "%s%s", texts[i - 1], texts[i])) == 0);
        }
}

static void words_look_like_this(void)
{
    static const struct {
        enum vm_quote quote;
        const char *text, *word;
    } examples[] = {
        {VM_QUOTE_CONF, "a'b\\c\nd", "'a''b\\\\c\\nd'"},
        {VM_QUOTE_SQL, "a'b", "'a''b'"},
        {VM_QUOTE_SQL, "a'b\\c", "E'a''b\\\\c'"},
        {VM_QUOTE_IDENTIFIER, "a\"b", "\"a\"\"b\""},
        {VM_QUOTE_HBA, "all", "\"all\""},
        {VM_QUOTE_HBA, "/.*", "\"/^\\/\\.\\*$\""},
        {VM_QUOTE_URI, "a b/\xc3\xa4~", "a%20b%2F%C3%A4~"},
        {VM_QUOTE_CONNINFO, "a'b\\c", "'a\\'b\\\\c'"},
        {VM_QUOTE_PGPASS, "a:b\\c", "a\\:b\\\\c"},
        {VM_QUOTE_PGPASS, "*", "\\*"},
        {VM_QUOTE_PGPASS, "#1", "\\#1"},
        {VM_QUOTE_USERLIST, "a\"b", "\"a\"\"b\""},
        {VM_QUOTE_SHELL, "a_b-c.d,e:f=g/h+i@j%k9", "a_b-c.d,e:f=g/h+i@j%k9"},
        {VM_QUOTE_SHELL, "", "''"},
        {VM_QUOTE_SHELL, "a'b $c", "'a'\\''b $c'"},
        {VM_QUOTE_JSON, "a\"b\n\x7f\xe2\x80\xa8", "\"a\\\"b\\n\\u007f\\u2028\""},
        {VM_QUOTE_INI, "a'b\\c", "'a''b\\c'"},
        {VM_QUOTE_INI | VM_QUOTE_INNER, "a'b", "a''b"},
        {VM_QUOTES, "a'b", "a'b"},
        {VM_QUOTES | VM_QUOTE_LINE, "a'b", "a'b"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++)
        CHECK_TEXT(quoted(examples[i].quote, examples[i].text), examples[i].word);
}

static void what_cannot_be_said_is_known(void)
{
    static const struct {
        enum vm_quote quote;
        bool line_break, empty;
    } styles[] = {
        {VM_QUOTE_CONF, true, true},
        {VM_QUOTE_SQL, true, true},
        {VM_QUOTE_IDENTIFIER, true, false},
        {VM_QUOTE_HBA, false, true},
        {VM_QUOTE_URI, true, true},
        {VM_QUOTE_CONNINFO, true, true},
        {VM_QUOTE_PGPASS, false, true},
        {VM_QUOTE_USERLIST, false, true},
        {VM_QUOTE_SHELL, true, true},
        {VM_QUOTE_JSON, true, true},
        {VM_QUOTE_INI, false, false},
        {VM_QUOTES, true, true},
        {VM_QUOTES | VM_QUOTE_LINE, false, true},
        {VM_QUOTE_CONF | VM_QUOTE_LINE, false, true},
        {VM_QUOTE_INI | VM_QUOTE_INNER, false, true},
    };
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        CHECK(vm_can_quote(styles[i].quote, base_span_of("a\nb")) == styles[i].line_break);
        CHECK(vm_can_quote(styles[i].quote, base_span_of("a\rb")) == styles[i].line_break);
        CHECK(vm_can_quote(styles[i].quote, base_span_of("")) == styles[i].empty);
        CHECK(vm_can_quote(styles[i].quote, base_span_of("a'\"\\b")));
    }
}

static void styles_have_names(void)
{
    for (unsigned quote = 0; quote < VM_QUOTES; quote++)
        CHECK(vm_find_quote(vm_quote_function(quote)) == quote);
    CHECK(vm_find_quote("as_nothing") == VM_QUOTES);
    CHECK_TEXT(vm_quote_function(VM_QUOTE_URI | VM_QUOTE_INNER), "as_uri");
    CHECK(vm_quote_function(VM_QUOTES) == NULL);
    CHECK(vm_quote_function(UINT32_MAX) == NULL);
}

int main(void)
{
    make_corpus();
    words_look_like_this();
    what_is_written_is_read_back();
    words_stay_on_their_lines();
    the_shell_reads_words();
    insides_fit_together();
    what_cannot_be_said_is_known();
    styles_have_names();
    base_arena_free(&arena);
    return check_summary("quote_test");
}
