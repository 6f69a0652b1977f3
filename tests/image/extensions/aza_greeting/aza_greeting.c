// A function and a setting: enough of an extension to see that one in C is built, loaded and asked.
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"

PG_MODULE_MAGIC;

static char *word;

void _PG_init(void);

void _PG_init(void)
{
    DefineCustomStringVariable("aza_greeting.word", "The word before the name.", NULL, &word,
                               "Hello", PGC_USERSET, 0, NULL, NULL, NULL);
    MarkGUCPrefixReserved("aza_greeting");
}

PG_FUNCTION_INFO_V1(greeting);

Datum greeting(PG_FUNCTION_ARGS)
{
    char *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

    PG_RETURN_TEXT_P(cstring_to_text(psprintf("%s, %s", word, name)));
}
