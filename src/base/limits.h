/* Every fixed limit of the two programs, each with its reason.
 *
 * The runner never allocates, so each of its buffers has a size from this file. The compiler
 * allocates from an arena, but it too rejects inputs beyond these sizes, so that no input makes it
 * run for long or overflow its stack. Nothing recurses without one of these depths. Builds with
 * tiny values of all of them are tested (tests/tiny.sh), so no code may rely on a particular value.
 */
#ifndef AZA_BASE_LIMITS_H
#define AZA_BASE_LIMITS_H

enum {
    /* The product's image is about 100 KB; four times that leaves room and keeps azr under 1 MB. */
    LIMIT_IMAGE_BYTES = 400 * 1024,
    /* Operands are 16-bit slot numbers; the product uses about a tenth of this. */
    LIMIT_SLOTS = 8192,
    /* Facts, options and secrets of one rule set. */
    LIMIT_INPUTS = 128,
    /* Sources of one fact that `explain` remembers the answers of. */
    LIMIT_SOURCES = 512,
    /* Settings of one catalogue with those of every preloadable extension. */
    LIMIT_SETTINGS = 1024,
    /* Files written before a command starts, those of every command together. */
    LIMIT_DOCUMENTS = 64,
    /* One secret: the longest that are in use, keys in one line, have some hundred bytes. */
    LIMIT_SECRET = 4096,
    /* Text made while an image runs: messages, lists, environment values. */
    LIMIT_TEXT_BYTES = 64 * 1024,
    /* One text value: a list of every library PostgreSQL ships is a tenth of this. */
    LIMIT_TEXT_VALUE = 8 * 1024,
    /* Bytes that list operations go through in one run: the product's read a few thousand, and this
     * many take some hundredths of a second. */
    LIMIT_LIST_WORK = 16 * 1024 * 1024,
    /* -c flags handed to PostgreSQL, and the words of its command line. */
    LIMIT_FLAGS = 512,
    LIMIT_ARGUMENTS = 1024,
    /* All flags of one command line together. */
    LIMIT_FLAG_BYTES = 64 * 1024,
    /* A file of /proc or /sys: the longest read is /proc/self/mountinfo. */
    LIMIT_PROC_BYTES = 64 * 1024,
    LIMIT_PATH = 4096,
    /* Ancestors of a cgroup, and levels of a directory walk. */
    LIMIT_CGROUP_DEPTH = 64,
    /* Processor numbers lie below this; Linux has at most 8192. */
    LIMIT_CPUS = 65536,
    /* Reads while looking through one directory or one program, each of up to LIMIT_PROC_BYTES:
     * the server's program is about 11 MB. */
    LIMIT_READS = 1024,

    /* Compiler only. */
    LIMIT_SOURCE_BYTES = 1024 * 1024,  /* one rules file */
    LIMIT_SOURCE_FILES = 256,          /* all imported and included files of one compilation */
    LIMIT_INCLUDED_BYTES = 256 * 1024, /* one included file; the product's longest has 4 KB */
    /* All of them: they are scanned for placeholders and hashed in some hundredths of a second. */
    LIMIT_ALL_INCLUDED_BYTES = 4 * 1024 * 1024,
    LIMIT_PLACEHOLDERS = 1024,           /* of one included file; the product's have at most six */
    LIMIT_NAMES = 4096,                  /* of a directory, among which a near name is looked for */
    LIMIT_REFS_BYTES = 64 * 1024 * 1024, /* refs of repositories; busy ones have some 100 kB */
    LIMIT_NESTING = 1000,                /* expressions, and definitions of names in them */
    LIMIT_CHAIN = 400,                   /* operators in one chain: a + b + c ... */
    LIMIT_STATEMENTS = 8192,             /* of all files; the product has a tenth */
    LIMIT_ROWS = 1024,             /* members of an enum, rows of a table, points of a curve */
    LIMIT_WHENS = 64,              /* conditions around a statement, `else when` among them */
    LIMIT_COMPARISONS = 4000000,   /* of conditions with one another, and of near names */
    LIMIT_DOCUMENT_DEPTH = 64,     /* maps and lists within one another in what is emitted */
    LIMIT_CALL_DEPTH = 64,         /* a def calling a def */
    LIMIT_DIAGNOSTICS_KEPT = 1000, /* errors queued before the rest is only counted */
    LIMIT_DIAGNOSTICS = 20,        /* errors printed before the rest is only counted */
};

#endif
