/* azc: the compiler of aza-pg's rules. Finds the verb, reads its options, runs it. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd/azc.h"
#include "cmd/azc_catalog.h"
#include "version.h"

static const struct azc_verb *const verbs[] = {&azc_check,   &azc_compile, &azc_eval,
                                               &azc_explain, &azc_test,    &azc_fmt,
                                               &azc_disasm,  &azc_diff,    &azc_explain_error};
enum { VERBS = sizeof verbs / sizeof *verbs };

static const struct {
    const char *name;
    int argument, letter;
    const char *usage, *meaning;
} options[] = {
    {"rules", required_argument, 'r', "-r, --rules FILE", "the main rules file (rules/main.azr)"},
    {"output", required_argument, 'o', "-o, --output DIR", "where files are written (build/rules)"},
    {"format", required_argument, 'f', "--format FORMAT",
     "table, conf, flags, json or sql; of diff: markdown"},
    {"against", required_argument, 'a', "--against DSN",
     "compare with a live server, and say what differs"},
    {"csv", required_argument, 'c', "--csv FILE",
     "one machine a line, its header naming facts and options"},
    {"dump", required_argument, 'd', "--dump STAGE", "print a stage instead: ast, ir or dis"},
    {"budget", required_argument, 'b', "--budget N", "boxes that one proof may take (4000)"},
    {"proof", no_argument, 'p', "--proof", "list every claim, its outcome and its boxes"},
    {"write-test", no_argument, 'w', "--write-test", "print counterexamples as `test` blocks"},
    {"check", no_argument, 'k', "--check", "write nothing; say which files would change"},
    {"json", no_argument, 'j', "--json", "as JSON, for programs"},
    {"root", required_argument, 't', "--root DIR", "read /sys and /proc below DIR"},
    {"stdlib", required_argument, 's', "--stdlib DIR", "where prelude.azr and the catalogues are"},
    {"help", no_argument, 'h', "-h, --help", "this text"},
};
enum { OPTIONS = sizeof options / sizeof *options };

static void general_help(FILE *stream)
{
    fputs("azc - compiles the rules that size PostgreSQL\n\n"
          "usage: azc VERB [OPTION...] [WORD...]\n\n",
          stream);
    for (int i = 0; i < VERBS; i++)
        fprintf(stream, "  %-14s %s\n", verbs[i]->name, verbs[i]->summary);
    fputs(
        "  catalog        make a settings catalogue from a live server\n\n"
        "`azc VERB --help` says more. Exit status: 0 fine, 1 the rules or their tests are wrong,\n"
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
            printf("  %-18s %s\n", options[i].usage, options[i].meaning);
}

int azc_misuse(const char *verb, const char *what, const char *word)
{
    fprintf(stderr, "azc%s%s: %s%s\nTry `azc %s%s--help`.\n", *verb == '\0' ? "" : " ", verb, what,
            word, verb, *verb == '\0' ? "" : " ");
    return AZC_USAGE;
}

/* `-o` and its like exist only for the verbs that take the long form. */
static bool keep(const struct azc_verb *verb, struct azc_options *to, int index)
{
    switch (options[index].letter) {
    case 'r':
        to->rules = optarg;
        break;
    case 'o':
        to->output = optarg;
        break;
    case 'f':
        to->format = optarg;
        break;
    case 'a':
        to->against = optarg;
        break;
    case 'c':
        to->csv = optarg;
        break;
    case 'd':
        to->dump = optarg;
        break;
    case 'b':
        to->budget = optarg;
        break;
    case 'p':
        to->proof = true;
        break;
    case 'w':
        to->write_test = true;
        break;
    case 'k':
        to->check = true;
        break;
    case 'j':
        to->json = true;
        break;
    case 't':
        to->root = optarg;
        break;
    case 's':
        to->stdlib = optarg;
        break;
    default:
        to->help = true;
        break;
    }
    return takes(verb, options[index].name);
}

static int read_options(const struct azc_verb *verb, int argc, char **argv, struct azc_options *to)
{
    struct option names[OPTIONS + 1] = {0};
    for (int i = 0; i < OPTIONS; i++)
        names[i] = (struct option){options[i].name, options[i].argument, NULL, options[i].letter};
    *to = (struct azc_options){.rules = "rules/main.azr", .root = ""};
    int letter;
    optind = 0;
    while ((letter = getopt_long(argc, argv, ":r:o:h", names, NULL)) != -1) {
        if (letter == ':')
            return azc_misuse(verb->name, "a value is missing after ", argv[optind - 1]);
        int index = 0;
        while (index < OPTIONS && options[index].letter != letter)
            index++;
        if (index == OPTIONS)
            return azc_misuse(verb->name, "there is no option ", argv[optind - 1]);
        if (!keep(verb, to, index))
            return azc_misuse(verb->name, "this verb has no option --", options[index].name);
    }
    to->words = argv + optind;
    to->word_count = argc - optind;
    return AZC_FINE;
}

static int run(const struct azc_verb *verb, int argc, char **argv)
{
    struct azc_options to;
    int status = read_options(verb, argc, argv, &to);
    if (status != AZC_FINE)
        return status;
    if (!to.help)
        return verb->run(&to);
    verb_help(verb);
    return AZC_FINE;
}

static int unknown_verb(const char *word)
{
    const char *names[VERBS + 1] = {"catalog"};
    for (int i = 0; i < VERBS; i++)
        names[i + 1] = verbs[i]->name;
    const char *near = azd_nearest(word, names, VERBS + 1);
    fprintf(stderr, "azc: there is no verb `%s`", word);
    if (near != NULL)
        fprintf(stderr, "; did you mean `%s`?", near);
    fputs("\nTry `azc --help`.\n", stderr);
    return AZC_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        general_help(stderr);
        return AZC_USAGE;
    }
    const char *word = argv[1];
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0 || strcmp(word, "help") == 0) {
        general_help(stdout);
        return AZC_FINE;
    }
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        puts("azc " AZA_VERSION);
        return AZC_FINE;
    }
    if (strcmp(word, "catalog") == 0)
        return azc_catalog(argc - 1, argv + 1);
    for (int i = 0; i < VERBS; i++)
        if (strcmp(word, verbs[i]->name) == 0)
            return run(verbs[i], argc - 1, argv + 1);
    return unknown_verb(word);
}
