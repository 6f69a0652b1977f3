/* azc, the compiler: finds the verb, reads its options and runs it.
 *
 * Verbs are listed in verbs.def, options in the table below, which also gives their help. A verb
 * names the options that it accepts; all others are rejected for it. */
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

/* The member of struct azc_options that an option sets: a text if it takes a value, else a bool. */
#define TEXT(member)  required_argument, offsetof(struct azc_options, member)
#define TRUTH(member) no_argument, offsetof(struct azc_options, member)

static const struct {
    const char *name;
    int argument;
    size_t offset;
    char letter; /* of the short form, or 0 */
    const char *usage, *meaning;
} options[] = {
    {"rules", TEXT(compile.rules), 'r', "-r, --rules FILE",
     "the main rules file (default: rules/main.azr)"},
    {"output", TEXT(output), 'o', "-o, --output PATH", "the output file; for compile, a directory"},
    {"format", TEXT(format), 0, "--format FORMAT", "the output format, see above"},
    {"over", TEXT(over), 0, "--over INPUT[=LOW..HIGH]", "the input to vary, and its range"},
    {"by", TEXT(by), 0, "--by INPUT", "an enum or bool to compare all members of"},
    {"html", TRUTH(html), 0, "--html", "a page of all settings that depend on the input"},
    {"against", TEXT(against), 0, "--against DSN", "compare with a live server"},
    {"csv", TEXT(csv), 0, "--csv FILE", "one machine per line; the header names the inputs"},
    {"dump", TEXT(dump), 0, "--dump STAGE", "print a compiler stage instead: ast, ir or dis"},
    {"minimum", TEXT(minimum), 0, "--minimum FACT",
     "the least FACT with which no machine is refused"},
    {"budget", TEXT(budget), 0, "--budget N", "limit of boxes per proof (default: 4000)"},
    {"proof", TRUTH(proof), 0, "--proof", "list every claim with its verdict and boxes"},
    {"write-test", TRUTH(write_test), 0, "--write-test", "print counterexamples as `test` blocks"},
    {"dsn", TEXT(dsn), 0, "--dsn DSN", "the server, as a libpq connection string"},
    {"libraries", TEXT(libraries), 0, "--libraries LIST", "comma-separated libraries to include"},
    {"notes", TEXT(notes), 0, "--notes FILE", "a JSON file of facts that no server reports"},
    {"check", TRUTH(check), 0, "--check", "write nothing; fail if anything is out of date"},
    {"list", TRUTH(list), 0, "--list", "print each repository once"},
    {"write", TRUTH(write), 0, "--write", "update the pins in the rules"},
    {"json", TRUTH(json), 0, "--json", "print JSON"},
    {"root", TEXT(root), 0, "--root DIR", "read /sys and /proc below DIR"},
    {"stdlib", TEXT(compile.stdlib), 0, "--stdlib DIR",
     "the directory of prelude.azr and the catalogues"},
    {"help", TRUTH(help), 'h', "-h, --help", "print this help"},
};
enum { OPTIONS = sizeof options / sizeof *options, LONG = 256 /* beyond every letter */ };

static void general_help(FILE *stream)
{
    fputs("azc - compiles the rules that size PostgreSQL\n\n"
          "usage: azc VERB [OPTION...] [WORD...]\n\n",
          stream);
    for (int i = 0; i < VERBS; i++)
        fprintf(stream, "  %-14s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs("\nRun `azc VERB --help` for the options of a verb.\n"
          "Exit status: 0 success, 1 errors in the rules or failed tests, 2 wrong usage.\n",
          stream);
}

/* Whether the option is a word of the verb's list. */
static bool accepts(const struct azc_verb *verb, const char *option)
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
        if (accepts(verb, options[i].name))
            printf("  %-24s %s\n", options[i].usage, options[i].meaning);
}

int azc_misuse(const char *verb, const char *what, const char *word)
{
    fprintf(stderr, "azc%s%s: %s%s\nTry `azc %s%s--help`.\n", *verb == '\0' ? "" : " ", verb, what,
            word, verb, *verb == '\0' ? "" : " ");
    return STATUS_USAGE;
}

/* Stores an option; false if the verb does not accept it. */
static bool store_option(const struct azc_verb *verb, struct azc_options *to, int index)
{
    void *member = (char *)to + options[index].offset;
    if (options[index].argument == required_argument)
        *(const char **)member = optarg;
    else
        *(bool *)member = true;
    return accepts(verb, options[index].name);
}

/* Index of the option that getopt_long returned: LONG and up for long forms, else a letter. OPTIONS
 * if there is none. */
static int option_index(int answer)
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
    optind = 0; /* restarts getopt, which then skips the verb as the program name */
    while ((answer = getopt_long(argc, argv, ":r:o:h", names, NULL)) != -1) {
        if (answer == ':')
            return azc_misuse(verb->name, "missing value after ", argv[optind - 1]);
        const int index = option_index(answer);
        if (index == OPTIONS)
            return azc_misuse(verb->name, "unknown option ", argv[optind - 1]);
        if (!store_option(verb, to, index))
            return azc_misuse(verb->name, "this verb does not accept --", options[index].name);
    }
    if (!session_is_root(to->root))
        return azc_misuse(verb->name, "--root is not a directory: ", to->root);
    to->words = argv + optind;
    to->word_count = argc - optind;
    return STATUS_FINE;
}

static int dispatch_verb(const struct azc_verb *verb, int argc, char **argv)
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
    fprintf(stderr, "azc: unknown verb `%s`", word);
    azc_suggest(word, names, VERBS);
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
            return dispatch_verb(verbs[i], argc - 1, argv + 1);
    return unknown_verb(word);
}
