/* Where a shell script takes a quoted word: each construct that quotes, nests or comments, before,
 * around and behind a placeholder. */
#include "sema/shell.h"
#include "../check.h"

static const char *const words[] = {
    [SEMA_SHELL_WORD] = "word",       [SEMA_SHELL_PART] = "part",
    [SEMA_SHELL_QUOTES] = "quotes",   [SEMA_SHELL_NESTED] = "nested",
    [SEMA_SHELL_COMMENT] = "comment", [SEMA_SHELL_HERE] = "here",
    [SEMA_SHELL_UNSURE] = "unsure",
};

/* The places of all @X@ in a script, in order. */
static const char *places_of(const char *script)
{
    static char text[200];
    *text = '\0';
    struct base_sink sink = BASE_SINK(text);
    struct sema_shell shell = {.text = base_span_of(script)};
    for (const char *at = strstr(script, "@X@"); at != NULL; at = strstr(at + 3, "@X@"))
        BASE_PUT(&sink, sink.length > 0 ? " " : "",
                 words[sema_shell_place_at(&shell, (size_t)(at - script), 3)]);
    return text;
}

static void check(const char *script, const char *wanted)
{
    CHECK_TEXT(places_of(script), wanted);
}

static void test_words(void)
{
    check("@X@", "word");
    check("a=@X@\nb=@X@; c @X@ && d @X@|e @X@&", "word word word word word");
    check("a \\\n  @X@", "word");
    check("--option=@X@ x", "word");
    check("a@X@ @X@b x:@X@ @X@@X@", "part part part part part");
    check("$@X@ \\@X@ a[@X@]=1 a[1 + @X@ ]=1", "part part nested nested");
    check("\"a\"@X@ @X@\"a\"", "part part");
    check(">@X@ (@X@ ", "part nested");
}

static void test_quotes(void)
{
    check("'@X@' \"@X@\" $'@X@' $\"@X@\"", "quotes quotes quotes quotes");
    check("a 'it\"s' @X@ \"it's\" @X@ it\\'s @X@", "word word word");
    check("\"\\\"\" @X@ '\\' @X@ \"\\\\\" @X@", "word word word");
    check("$'a' @X@ $'a\\\\' @X@ $'a\\'b' @X@", "word word unsure");
    check("\"$'\" @X@ \"a\n@X@\n\" @X@", "word quotes word");
    check("\" # @X@\n\" @X@", "quotes word");
    check("'", "");
}

static void test_comments(void)
{
    check("# @X@\n@X@", "comment word");
    check("a # it's @X@\n@X@ a#b @X@ $# @X@ ${#a} @X@", "comment word word word word");
    check("a;# ( @X@\n@X@", "comment word");
}

static void test_nesting(void)
{
    check("$(@X@) $(a @X@ ) a @X@", "nested nested word");
    check("${a:-@X@} ${a:- @X@ } @X@", "nested nested word");
    check("\"$(a \"b\" @X@ 'c\"')\" @X@", "nested word");
    check("\"${a:-\"b\"}\" @X@ \"${a:-'}\" @X@", "word unsure");
    check("${a:-'}'} @X@ ${a:-\"}\"} @X@ ${a:-\\}} @X@", "word word word");
    check("(( @X@ )) $(( @X@ )) (a; @X@ ) @X@", "nested nested nested word");
    check("case a in\nb) c @X@ ;;\n(d) e @X@ ;;\nesac @X@", "word word word");
    check("\"$(case a in b) c;; esac)\" @X@", "unsure");
    check("`a` @X@", "unsure");
    check("\"\\`a\\`\" @X@ '`' @X@ # `\n @X@", "word word word");
    check("a=(@X@ @X@) @X@ a[0]=@X@ [ @X@ = b ]", "nested nested word word word");
    check("f() { a @X@ ; } @X@", "word word");
}

static void test_here_documents(void)
{
    check("cat <<E @X@\n@X@ ' $(\nE\n@X@", "word here word");
    check("cat <<'E'\n\"\nE\n@X@ <<-\"E\"\n\t@X@ \" E\n\tE\n@X@", "word here word");
    check("cat <<E\n E\nE x\n@X@", "here");
    check("cat <<<@X@ <<<\"a\"\n@X@", "part word");
    check("cat <<E <<F\nE\nF\n@X@", "unsure");
    check("cat <<\"E F\"\nE F\n@X@", "unsure");
    check("cat <<$(a)\n@X@", "unsure");
    check("cat <<@X@\nb\n@X@\n@X@", "part here word");
    check("a=$(cat <<E\n) ' @X@\nE\n) @X@", "here word");
}

static void test_depth(void)
{
    char script[400];
    struct base_sink sink = BASE_SINK(script);
    for (int i = 0; i < SEMA_SHELL_DEPTH; i++)
        base_put(&sink, "$(");
    for (int i = 0; i < SEMA_SHELL_DEPTH; i++)
        base_put(&sink, ")");
    base_put(&sink, " @X@");
    check(script, "unsure");
}

int main(void)
{
    test_words();
    test_quotes();
    test_comments();
    test_nesting();
    test_here_documents();
    test_depth();
    return check_summary("shell");
}
