/* Every fixed limit of the two programs, each with its reason.
 *
 * The runner never allocates, so each of its buffers has a size that stands here. The compiler
 * allocates from an arena, but it too refuses inputs beyond these sizes, so that no input makes it
 * run for long or overflow its stack. Nothing recurses without one of these depths. */
#ifndef AZA_LIMITS_H
#define AZA_LIMITS_H

enum {
    /* The product's image is about 100 KB; four times that leaves room and keeps azr under 1 MB. */
    AZA_IMAGE_BYTES_MAX = 400 * 1024,
    /* Operands are 16-bit slot numbers; the product uses about a tenth of this. */
    AZA_SLOTS_MAX = 8192,
    /* Facts, options and secrets of one rule set. */
    AZA_INPUTS_MAX = 128,
    /* Sources of one fact that `explain` remembers the answers of. */
    AZA_SOURCES_MAX = 512,
    /* Settings of one catalogue with those of every preloadable extension. */
    AZA_SETTINGS_MAX = 1024,
    /* Files written before a command starts, those of every command together. */
    AZA_DOCUMENTS_MAX = 64,
    /* One secret: the longest that are in use, keys in one line, have some hundred bytes. */
    AZA_SECRET_MAX = 4096,
    /* Text made while an image runs: messages, lists, environment values. */
    AZA_TEXT_BYTES_MAX = 64 * 1024,
    /* One text value: a list of every library PostgreSQL ships is a tenth of this. */
    AZA_TEXT_VALUE_MAX = 8 * 1024,
    /* Bytes that list operations go through in one run: the product's read a few thousand, and this
     * many take some hundredths of a second. */
    AZA_LIST_WORK_MAX = 16 * 1024 * 1024,
    /* -c flags handed to PostgreSQL, and the words of its command line. */
    AZA_FLAGS_MAX = 512,
    AZA_ARGUMENTS_MAX = 1024,
    /* All flags of one command line together. */
    AZA_FLAG_BYTES_MAX = 64 * 1024,
    /* A file of /proc or /sys: the longest read is /proc/self/mountinfo. */
    AZA_PROC_BYTES_MAX = 64 * 1024,
    AZA_PATH_MAX = 4096,
    /* Ancestors of a cgroup, and levels of a directory walk. */
    AZA_CGROUP_DEPTH_MAX = 64,
    /* Processor numbers lie below this; Linux has at most 8192. */
    AZA_CPUS_MAX = 65536,
    /* Reads while looking through one directory or one program, each of up to AZA_PROC_BYTES_MAX:
     * the server's program is about 11 MB. */
    AZA_READS_MAX = 1024,

    /* Compiler only. */
    AZA_SOURCE_BYTES_MAX = 1024 * 1024,    /* one rules file */
    AZA_SOURCE_FILES_MAX = 256,            /* all imports of one compilation */
    AZA_REFS_BYTES_MAX = 64 * 1024 * 1024, /* refs of repositories; busy ones have some 100 kB */
    AZA_NESTING_MAX = 1000,                /* expressions, and definitions of names in them */
    AZA_CHAIN_MAX = 400,                   /* operators in one chain: a + b + c ... */
    AZA_STATEMENTS_MAX = 8192,             /* of all files; the product has a tenth */
    AZA_ROWS_MAX = 1024,           /* members of an enum, rows of a table, points of a curve */
    AZA_WHENS_MAX = 64,            /* conditions around a statement, `else when` among them */
    AZA_COMPARISONS_MAX = 4000000, /* of conditions with one another, and of near names */
    AZA_DOCUMENT_DEPTH_MAX = 64,   /* maps and lists within one another in what is emitted */
    AZA_CALL_DEPTH_MAX = 64,       /* a def calling a def */
    AZA_DIAGNOSTICS_KEPT = 1000,   /* errors queued before the rest is only counted */
    AZA_DIAGNOSTICS_MAX = 20,      /* errors printed before the rest is only counted */
};

#endif
