/* One image that has everything: an input of each kind and class, a setting of each kind, every
 * instruction, every class of check, name and note. Tests change one thing in it at a time. */
#ifndef AZA_TESTS_SAMPLE_H
#define AZA_TESTS_SAMPLE_H

#include "assemble.h"
#include "vm/quote.h"

/* Indexes of what the tests look at; the tables below are filled in this order. */
enum {
    SAMPLE_MEMORY,
    SAMPLE_DISK,
    SAMPLE_CPUS,
    SAMPLE_LIBRARIES,
    SAMPLE_WORKLOAD,
    SAMPLE_LIMIT,
    SAMPLE_DELAY,
    SAMPLE_AUTOMATIC,
    SAMPLE_COMMENT,
    SAMPLE_PASSWORD,
    SAMPLE_INPUTS
};
enum {
    SAMPLE_AUTOVACUUM,
    SAMPLE_BGWRITER_DELAY,
    SAMPLE_CLUSTER_NAME,
    SAMPLE_COST,
    SAMPLE_MAX_CONNECTIONS,
    SAMPLE_PRELOAD,
    SAMPLE_SEARCH_PATH,
    SAMPLE_WAL_BUFFERS,
    SAMPLE_WAL_LEVEL,
    SAMPLE_SETTINGS
};

static inline void sample_tables(struct assembler *a)
{
#define S(text) assemble_string(a, text)
    static const char *const members[] = {"web", "oltp", "dw", "minimal", "replica", "logical"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        ASSEMBLE_ADD(a, IMAGE_WORDS, words, S(members[i]));

#define SOURCE(...) ASSEMBLE_ADD(a, IMAGE_SOURCES, sources, (struct image_source){__VA_ARGS__})
    SOURCE(IMAGE_FROM_ENV, .name = S("POSTGRES_MEMORY"), .unit = 1 << 20, .label = S("manual"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("host_memory"), .label = S("host"),
           .warning = S("no limit"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("disk_size"), .label = S("statfs"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("online_cpus"), .label = S("online"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("installed_libraries"), .label = S("files"));
    SOURCE(IMAGE_FROM_ENV, .name = S("WORKLOAD"), .label = S("operator"));
    SOURCE(IMAGE_FROM_FILE, .name = S("PASSWORD_FILE"), .label = S("file"));

#define INPUT(...) ASSEMBLE_ADD(a, IMAGE_INPUTS, inputs, (struct image_input){__VA_ARGS__})
    INPUT(S("memory"), IMAGE_FACT, IMAGE_BYTES, .sources = 0, .source_count = 2,
          .low = INT64_C(512) << 20, .high = INT64_C(1) << 40, .fallback = INT64_C(2) << 30,
          .has_default = 1, .below = {.policy = IMAGE_REFUSE, .message = S("too small")},
          .above = {.policy = IMAGE_CLAMP},
          .missing = {.policy = IMAGE_USE, .message = S("assuming")},
          .invalid = {.policy = IMAGE_DEFAULT}, .doc = S("Memory."), .name_entry = 0);
    INPUT(S("disk"), IMAGE_FACT, IMAGE_BYTES, .optional = 1, .sources = 2, .source_count = 1,
          .low = 0, .high = INT64_MAX, .name_entry = 1);
    INPUT(S("cpus"), IMAGE_FACT, IMAGE_RATIO, .has_default = 1, .sources = 3, .source_count = 1,
          .low = 1000, .high = INT64_C(1000000000), .fallback = 2500000);
    INPUT(S("libraries"), IMAGE_FACT, IMAGE_LIST, .has_default = 1, .sources = 4, .source_count = 1,
          .fallback = S("auto_explain,pg_cron"));
    INPUT(S("workload"), IMAGE_OPTION, IMAGE_ENUM, .has_default = 1, .sources = 5,
          .source_count = 1, .members = 0, .member_count = 3, .fallback = S("oltp"));
    INPUT(S("limit"), IMAGE_OPTION, IMAGE_INT, .has_default = 1, .low = INT64_MIN,
          .high = INT64_MAX, .fallback = 100);
    INPUT(S("delay"), IMAGE_OPTION, IMAGE_TIME, .has_default = 1, .low = 0, .high = 60000000,
          .fallback = 200000);
    INPUT(S("automatic"), IMAGE_OPTION, IMAGE_BOOL, .has_default = 1, .fallback = 1);
    INPUT(S("comment"), IMAGE_OPTION, IMAGE_TEXT, .optional = 1);
    INPUT(S("password"), IMAGE_SECRET, IMAGE_TEXT, .sources = 6, .source_count = 1,
          .name_entry = IMAGE_NONE);

#define SETTING(title, type, server_unit, step, ...)                                               \
    ASSEMBLE_ADD(a, IMAGE_SETTINGS, settings,                                                      \
                 (struct image_setting){.name = S(title),                                          \
                                        .kind = IMAGE_##type,                                      \
                                        .unit = server_unit,                                       \
                                        .grain = step,                                             \
                                        .slot = IMAGE_NONE,                                        \
                                        __VA_ARGS__})
    SETTING("autovacuum", BOOL, 1, 1, .low = 0);
    SETTING("BgWriter_delay", TIME, 1000, 1000, .low = 10000, .high = 10000000);
    SETTING("cluster_name", TEXT, 1, 1, .flags = IMAGE_SETTING_RESTART);
    SETTING("cost", RATIO, 1, 1, .low = 0, .high = INT64_MAX);
    SETTING("max_connections", INT, 1, 1, .low = 1, .high = 262143, .flags = IMAGE_SETTING_RESTART);
    SETTING("preload", TEXT, 1, 1, .low = 0);
    SETTING("search_path", LIST, 1, 1, .flags = IMAGE_SETTING_INTERNAL);
    SETTING("wal_buffers", BYTES, 8192, 1 << 20, .low = -8192, .high = INT64_C(1) << 31,
            .since = 180000, .until = 190000, .library = S("core"));
    SETTING("wal_level", ENUM, 1, 1, .members = 3, .member_count = 3);
#undef SOURCE
#undef INPUT
#undef SETTING
}

/* Every opcode once; what the other tables name is returned in `carriers`, slots of settings. */
static inline void sample_code(struct assembler *a, uint16_t carriers[SAMPLE_SETTINGS])
{
#define EMIT(op, kind, ...) assemble_emit(a, IMAGE_OP_##op, IMAGE_##kind, __VA_ARGS__)
    const uint16_t memory = EMIT(INPUT, BYTES, 0, 0, 0, SAMPLE_MEMORY);
    const uint16_t disk = EMIT(INPUT, BYTES, 0, 0, 0, SAMPLE_DISK);
    const uint16_t cpus = EMIT(INPUT, RATIO, 0, 0, 0, SAMPLE_CPUS);
    const uint16_t libraries = EMIT(INPUT, LIST, 0, 0, 0, SAMPLE_LIBRARIES);
    const uint16_t workload = EMIT(INPUT, ENUM, 0, 0, 0, SAMPLE_WORKLOAD);
    const uint16_t limit = EMIT(INPUT, INT, 0, 0, 0, SAMPLE_LIMIT);
    const uint16_t delay = EMIT(INPUT, TIME, 0, 0, 0, SAMPLE_DELAY);
    const uint16_t automatic = EMIT(INPUT, BOOL, 0, 0, 0, SAMPLE_AUTOMATIC);
    const uint16_t comment = EMIT(INPUT, TEXT, 0, 0, 0, SAMPLE_COMMENT);
    const uint16_t given = EMIT(GIVEN, BOOL, 0, 0, 0, SAMPLE_PASSWORD);

    const uint16_t one = assemble_constant(a, IMAGE_INT, 1), three = EMIT(ADD, INT, one, one, 0, 0);
    const uint16_t quarter = assemble_constant(a, IMAGE_RATIO, 250000);
    const uint16_t megabyte = assemble_constant(a, IMAGE_BYTES, 1 << 20);
    const uint16_t scaled = EMIT(SCALE, BYTES, memory, quarter, 0, 0);
    const uint16_t divided = EMIT(DIV, BYTES, scaled, three, 0, 0);
    const uint16_t multiplied = EMIT(MUL, BYTES, divided, three, 0, 0);
    const uint16_t rest = EMIT(SUB, BYTES, memory, multiplied, 0, 0);
    const uint16_t share = EMIT(QUOTIENT, RATIO, rest, memory, 0, 0);
    const uint16_t more = EMIT(UNSCALE, BYTES, rest, share, 0, 0);
    const uint16_t drawn = EMIT(MULDIV, INT, memory, limit, more, 0);
    const uint16_t modulo = EMIT(MOD, INT, drawn, three, 0, 0);
    const uint16_t down = EMIT(ROUND_DOWN, BYTES, scaled, megabyte, 0, 0);
    const uint16_t up = EMIT(ROUND_UP, INT, cpus, one, 0, 0);
    const uint16_t near = EMIT(ROUND_NEAR, TIME, delay, delay, 0, 0);
    const uint16_t least = EMIT(MIN, INT, up, limit, 0, 0),
                   most = EMIT(MAX, INT, least, limit, 0, 0);

    const uint16_t dw = assemble_text(a, IMAGE_ENUM, "dw");
    const uint16_t equal = EMIT(EQ, BOOL, workload, dw, 0, 0);
    const uint16_t less = EMIT(LT, BOOL, modulo, most, 0, 0);
    const uint16_t at_most = EMIT(LE, BOOL, down, memory, 0, 0);
    const uint16_t not = EMIT(NOT, BOOL, at_most, 0, 0, 0);
    const uint16_t both = EMIT(AND, BOOL, less, given, 0, 0);
    const uint16_t any = EMIT(OR, BOOL, both, equal, 0, 0);
    const uint16_t none = EMIT(VOID, BYTES, 0, 0, 0, 0);
    const uint16_t chosen = EMIT(SELECT, BYTES, any, disk, none, 0);
    const uint16_t certain = EMIT(ELSE, BYTES, chosen, megabyte, 0, 0);
    const uint16_t known = EMIT(KNOWN, BOOL, disk, 0, 0, 0);

    const uint16_t cron = assemble_text(a, IMAGE_TEXT, "pg_cron");
    const uint16_t extra = assemble_text(a, IMAGE_LIST, "vector,pg_cron");
    const uint16_t has = EMIT(HAS, BOOL, libraries, cron, 0, 0);
    const uint16_t kept = EMIT(KEEP, LIST, libraries, extra, 0, 0);
    const uint16_t dropped = EMIT(DROP, LIST, libraries, extra, 0, 0);
    const uint16_t joined = EMIT(JOIN, LIST, dropped, kept, 0, 0);
    const uint16_t text = EMIT(TEXT, TEXT, certain, 0, 0, 0);
    const uint16_t message = EMIT(CONCAT, TEXT, text, cron, 0, 0);
    const uint16_t quoted = EMIT(QUOTE, TEXT, message, 0, 0, VM_QUOTE_CONF);
    const uint16_t secret = EMIT(INPUT, TEXT, 0, 0, 0, SAMPLE_PASSWORD);
    const uint16_t hidden = EMIT(QUOTE, TEXT, secret, 0, 0, VM_QUOTE_INI | VM_QUOTE_INNER);
    const uint16_t line = EMIT(CONCAT, TEXT, quoted, hidden, 0, 0);
    const uint16_t there = EMIT(KNOWN, BOOL, line, 0, 0, 0);
    const uint16_t level = assemble_text(a, IMAGE_ENUM, "replica");
    const uint16_t unset = EMIT(VOID, BOOL, 0, 0, 0, 0);
    const uint16_t maybe = EMIT(SELECT, BOOL, known, automatic, unset, 0);

    carriers[SAMPLE_AUTOVACUUM] = EMIT(SETTING, BOOL, maybe, 0, 0, SAMPLE_AUTOVACUUM);
    carriers[SAMPLE_BGWRITER_DELAY] = EMIT(SETTING, TIME, near, 0, 0, SAMPLE_BGWRITER_DELAY);
    carriers[SAMPLE_CLUSTER_NAME] = EMIT(SETTING, TEXT, comment, 0, 0, SAMPLE_CLUSTER_NAME);
    carriers[SAMPLE_COST] = EMIT(SETTING, RATIO, share, 0, 0, SAMPLE_COST);
    carriers[SAMPLE_MAX_CONNECTIONS] = EMIT(SETTING, INT, most, 0, 0, SAMPLE_MAX_CONNECTIONS);
    carriers[SAMPLE_PRELOAD] = EMIT(SETTING, TEXT, joined, 0, 0, SAMPLE_PRELOAD);
    carriers[SAMPLE_SEARCH_PATH] = EMIT(SETTING, LIST, joined, 0, 0, SAMPLE_SEARCH_PATH);
    carriers[SAMPLE_WAL_BUFFERS] = EMIT(SETTING, BYTES, chosen, 0, 0, SAMPLE_WAL_BUFFERS);
    carriers[SAMPLE_WAL_LEVEL] = EMIT(SETTING, ENUM, level, 0, 0, SAMPLE_WAL_LEVEL);

#define NAME(title, kind, at, ...)                                                                 \
    ASSEMBLE_ADD(a, IMAGE_NAMES, names,                                                            \
                 (struct image_name){.name = title,                                                \
                                     .class = IMAGE_NAME_##kind,                                   \
                                     .slot = at,                                                   \
                                     .file = S("rules/main.azr"),                                  \
                                     .line = 7,                                                    \
                                     __VA_ARGS__})
    NAME(S("memory"), INPUT, memory, .doc = S("Memory."));
    NAME(S("disk"), INPUT, disk, .doc = S("NAME=VALUE"));
    NAME(S("a_quarter"), LET, scaled, .formula = S("memory * 25%"), .note_count = 6);
    NAME(S("fits"), CHECK, at_most, .doc = 0);
#define CHECK_ROW(class, condition)                                                                \
    ASSEMBLE_ADD(a, IMAGE_CHECKS, checks, (struct image_check){class, condition, message, 3})
    CHECK_ROW(IMAGE_CHECK_REFUSE, not );
    CHECK_ROW(IMAGE_CHECK_WARN, has);
    CHECK_ROW(IMAGE_CHECK_INVARIANT, known);
    CHECK_ROW(IMAGE_CHECK_WARN, there);
#define NOTE(...) ASSEMBLE_ADD(a, IMAGE_NOTES, notes, (struct image_note){__VA_ARGS__})
    NOTE(IMAGE_NOTE_USES, 0, S("memory"), memory, 0, 7, 0);
    NOTE(IMAGE_NOTE_ROW, 1, S("tiers size, below 4GB"), less, IMAGE_NONE, 7, 0);
    NOTE(IMAGE_NOTE_BRANCH, 0, S("workload is dw"), equal, IMAGE_NONE, 7, 0);
    NOTE(IMAGE_NOTE_AT_LEAST, 0, S("1MB"), certain, megabyte, 8, 0);
    NOTE(IMAGE_NOTE_AT_MOST, 0, S("memory"), certain, memory, 8, 0);
    NOTE(IMAGE_NOTE_POINT, 2, S("512MB .. 8GB"), any, IMAGE_NONE, 9, S("rules/other.azr"));
    ASSEMBLE_ADD(a, IMAGE_EXPORTS, exports, (struct image_export){S("SUMMARY"), message});
    ASSEMBLE_ADD(a, IMAGE_EXPORTS, exports, (struct image_export){S("COMMENT"), comment});
    ASSEMBLE_ADD(a, IMAGE_PIECES, pieces, message);
    ASSEMBLE_ADD(a, IMAGE_PIECES, pieces, line);
    ASSEMBLE_ADD(a, IMAGE_PIECES, pieces, quoted);
#define DOCUMENT(...)                                                                              \
    ASSEMBLE_ADD(a, IMAGE_DOCUMENTS, documents, (struct image_document){__VA_ARGS__})
    DOCUMENT(S("/run/pooler/pooler.ini"), S("pooler"), 0640, 0, 2);
    DOCUMENT(S("/run/pooler/notes"), S("pooler"), 0644, 2, 1);
    DOCUMENT(S("/run/pooler/notes"), S("server"), 0644, 2, 1);
#undef EMIT
#undef CHECK_ROW
#undef NOTE
#undef DOCUMENT
}

static inline void sample_build(struct assembler *a)
{
    uint16_t carriers[SAMPLE_SETTINGS];
    assemble_begin(a);
    sample_tables(a);
    sample_code(a, carriers);
    for (uint32_t i = 0; i < SAMPLE_SETTINGS; i++) {
        a->settings[i].slot = carriers[i];
        const uint32_t name = NAME(a->settings[i].name, SETTING, carriers[i], .doc = 0);
        ASSEMBLE_ADD(a, IMAGE_OUTPUTS, outputs,
                     (struct image_output){i, carriers[i], name, i == SAMPLE_WAL_LEVEL});
    }
    assemble_build(a);
#undef NAME
#undef S
}

#endif
