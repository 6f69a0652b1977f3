/* azc: the compiler of aza-pg's rules. Finds the verb, reads its options, runs it. */
#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "azc/azc.h"
#include "version.h"

static const struct azc_verb *const verbs[] = {
#define X(name) &azc_##name,
#include "azc/verbs.def"
#undef X
};
enum { VERBS = sizeof verbs / sizeof *verbs };

/* Where each option is kept: a text where it takes a value, else a truth. */
#define TEXT(member)  required_argument, offsetof(struct azc_options, member)
#define TRUTH(member) no_argument, offsetof(struct azc_options, member)

static const struct {
    const char *name;
    int argument;
    size_t offset;
    char letter; /* of the short form, or 0 */
    const char *usage, *meaning;
} options[] = {
    {"rules", TEXT(compile.rules), 'r', "-r, --rules FILE", "the main rules file (rules/main.azr)"},
    {"output", TEXT(output), 'o', "-o, --output PATH",
     "where to write; for compile a directory (here)"},
    {"format", TEXT(format), 0, "--format FORMAT", "how it is printed, as above"},
    {"over", TEXT(over), 0, "--over INPUT[=LOW..HIGH]", "the input that moves, and how far"},
    {"by", TEXT(by), 0, "--by INPUT", "an enum or bool whose members stand side by side"},
    {"html", TRUTH(html), 0, "--html", "a page of every setting that the input moves"},
    {"against", TEXT(against), 0, "--against DSN",
     "compare with a live server, and say what differs"},
    {"csv", TEXT(csv), 0, "--csv FILE", "one machine a line, its header naming facts and options"},
    {"dump", TEXT(dump), 0, "--dump STAGE", "print a stage instead: ast, ir or dis"},
    {"minimum", TEXT(minimum), 0, "--minimum FACT",
     "the least FACT from which on no machine is refused"},
    {"budget", TEXT(budget), 0, "--budget N", "boxes that one proof may take (4000)"},
    {"proof", TRUTH(proof), 0, "--proof", "list every claim, its outcome and its boxes"},
    {"write-test", TRUTH(write_test), 0, "--write-test", "print counterexamples as `test` blocks"},
    {"dsn", TEXT(dsn), 0, "--dsn DSN", "the server, as a libpq connection string"},
    {"libraries", TEXT(libraries), 0, "--libraries LIST",
     "comma-separated libraries to load, so that their settings show"},
    {"notes", TEXT(notes), 0, "--notes FILE", "JSON with facts that no server reports"},
    {"check", TRUTH(check), 0, "--check", "write nothing; say which files would change"},
    {"list", TRUTH(list), 0, "--list", "print each repository once"},
    {"write", TRUTH(write), 0, "--write", "pin the newest versions in the rules"},
    {"json", TRUTH(json), 0, "--json", "as JSON, for programs"},
    {"root", TEXT(root), 0, "--root DIR", "read /sys and /proc below DIR"},
    {"stdlib", TEXT(compile.stdlib), 0, "--stdlib DIR", "where prelude.azr and the catalogues are"},
    {"help", TRUTH(help), 'h', "-h, --help", "this text"},
};
enum { OPTIONS = sizeof options / sizeof *options, LONG = 256 /* beyond every letter */ };

static void general_help(FILE *stream)
{
    fputs("azc - compiles the rules that size PostgreSQL\n\n"
          "usage: azc VERB [OPTION...] [WORD...]\n\n",
          stream);
    for (int i = 0; i < VERBS; i++)
        fprintf(stream, "  %-14s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs("\n`azc VERB --help` says more. Exit status: 0 fine, 1 the rules or their tests are "
          "wrong,\n"
          "2 wrong usage.\n",
          stream);
}

static bool takes(const struct azc_verb *verb, const char *option)
{
    if (strcmp(option, "help") == 0)
        return true;
    size_t length = strlen(option);
    for (const char *at = verb->options; (at = strstr(at, option)) != NULL; at += length)
        if ((at == verb->options || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static void verb_help(const struct azc_verb *verb)
{
    printf("azc %s - %s\n\nusage: azc %s\n\n%s\n", verb->name, verb->summary, verb->usage,
           verb->text);
    for (int i = 0; i < OPTIONS; i++)
        if (takes(verb, options[i].name))
            printf("  %-24s %s\n", options[i].usage, options[i].meaning);
}

int azc_misuse(const char *verb, const char *what, const char *word)
{
    fprintf(stderr, "azc%s%s: %s%s\nTry `azc %s%s--help`.\n", *verb == '\0' ? "" : " ", verb, what,
            word, verb, *verb == '\0' ? "" : " ");
    return STATUS_USAGE;
}

/* `-o` and its like exist only for the verbs that take the long form. */
static bool keep(const struct azc_verb *verb, struct azc_options *to, int index)
{
    void *member = (char *)to + options[index].offset;
    if (options[index].argument == required_argument)
        *(const char **)member = optarg;
    else
        *(bool *)member = true;
    return takes(verb, options[index].name);
}

static int option_of(int answer)
{
    int index = 0;
    if (answer >= LONG)
        return answer - LONG;
    while (index < OPTIONS && options[index].letter != answer)
        index++;
    return index;
}

static int read_options(const struct azc_verb *verb, int argc, char **argv, struct azc_options *to)
{
    struct option names[OPTIONS + 1] = {0};
    for (int i = 0; i < OPTIONS; i++)
        names[i] = (struct option){options[i].name, options[i].argument, NULL, LONG + i};
    *to = (struct azc_options){.compile.rules = "rules/main.azr", .root = ""};
    int answer;
    optind = 0;
    while ((answer = getopt_long(argc, argv, ":r:o:h", names, NULL)) != -1) {
        if (answer == ':')
            return azc_misuse(verb->name, "a value is missing after ", argv[optind - 1]);
        const int index = option_of(answer);
        if (index == OPTIONS)
            return azc_misuse(verb->name, "there is no option ", argv[optind - 1]);
        if (!keep(verb, to, index))
            return azc_misuse(verb->name, "this verb has no option --", options[index].name);
    }
    if (!session_is_root(to->root))
        return azc_misuse(verb->name, "--root names no directory: ", to->root);
    to->words = argv + optind;
    to->word_count = argc - optind;
    return STATUS_FINE;
}

static int run(const struct azc_verb *verb, int argc, char **argv)
{
    struct azc_options to;
    int status = read_options(verb, argc, argv, &to);
    if (status != STATUS_FINE)
        return status;
    if (!to.help)
        return verb->run(&to);
    verb_help(verb);
    return STATUS_FINE;
}

static int unknown_verb(const char *word)
{
    const char *names[VERBS];
    for (int i = 0; i < VERBS; i++)
        names[i] = verbs[i]->name;
    const char *near = diag_nearest(word, names, VERBS);
    fprintf(stderr, "azc: there is no verb `%s`", word);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    fputs("\nTry `azc --help`.\n", stderr);
    return STATUS_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        general_help(stderr);
        return STATUS_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        general_help(stdout);
        return STATUS_FINE;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("azc " AZA_VERSION);
        return STATUS_FINE;
    }
    for (int i = 0; i < VERBS; i++)
        if (strcmp(word, verbs[i]->name) == 0)
            return run(verbs[i], argc - 1, argv + 1);
    return unknown_verb(word);
}
