/* A small product, assembled by hand: the inputs, settings, checks and notes that the runner's
 * upper half is tested with. Its rules, had they been written:
 *
 *     fact memory: bytes in 512MB .. 1TB {
 *         from env POSTGRES_MEMORY in MB as "manual"
 *         from cgroup_memory as "cgroup"
 *         from host_memory as "host" warn "no memory limit is set"
 *         below: refuse "PostgreSQL needs at least 512MB"   above: clamp   invalid: refuse
 *     }
 *     fact cpus: ratio in 0.1 .. 1024 { from available_cpus as "affinity"  missing: use 1
 * "guessing" } fact version: optional int { from server_version as "server" } option workload: enum
 * { web, oltp } = web { from env POSTGRES_WORKLOAD_TYPE  invalid: warn } option libraries: list of
 * text = "" { from env POSTGRES_SHARED_PRELOAD_LIBRARIES } option idle: time = 10min { from env
 * IDLE in s  below: warn  invalid: use 10min "odd" } option note: optional text { from env NOTE or
 * file PASSWORD_FILE } secret password { from env APP_PASSWORD or file
 * APP_PASSWORD_FILE }
 *
 *     let connections = if workload is oltp then 150 else 100
 *     set max_connections = connections
 *     set work_mem = memory / (max_connections * 4) at least 1MB at most 32MB rounded down to 1MB
 *     set shared_buffers = memory * 25%         set cluster_name = note
 *     set huge_pages = "try"                    set shared_preload_libraries = libraries
 *     set random_page_cost = 1.1                set checkpoint_timeout = idle
 */
#ifndef AZA_TESTS_PRODUCT_H
#define AZA_TESTS_PRODUCT_H

#include "assemble.h"

#define MB     (INT64_C(1) << 20)
#define GB     (INT64_C(1) << 30)
#define SECOND INT64_C(1000000)

/* In the order of the tables below. */
enum {
    PRODUCT_MEMORY,
    PRODUCT_CPUS,
    PRODUCT_VERSION,
    PRODUCT_WORKLOAD,
    PRODUCT_LIBRARIES,
    PRODUCT_IDLE,
    PRODUCT_NOTE,
    PRODUCT_PASSWORD,
};
enum { PRODUCT_FROM_ENV, PRODUCT_FROM_CGROUP, PRODUCT_FROM_HOST };

#define S(text) assemble_string(a, text)

static inline void product_inputs(struct assembler *a)
{
    static const char *const words[] = {"web",     "oltp",    "off",     "on",     "try",
                                        "minimal", "replica", "logical", "debug2", "log"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        ASSEMBLE_ADD(a, IMAGE_WORDS, words, S(words[i]));

#define SOURCE(...) ASSEMBLE_ADD(a, IMAGE_SOURCES, sources, (struct image_source){__VA_ARGS__})
    SOURCE(IMAGE_FROM_ENV, .name = S("POSTGRES_MEMORY"), .unit = MB, .label = S("manual"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("cgroup_memory"), .label = S("cgroup"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("host_memory"), .label = S("host"),
           .warning = S("no memory limit is set"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("available_cpus"), .label = S("affinity"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("server_version"), .label = S("server"));
    SOURCE(IMAGE_FROM_ENV, .name = S("POSTGRES_WORKLOAD_TYPE"), .label = S("manual"));
    SOURCE(IMAGE_FROM_ENV, .name = S("POSTGRES_SHARED_PRELOAD_LIBRARIES"), .label = S("manual"));
    SOURCE(IMAGE_FROM_PROBE, .name = S("installed_libraries"), .label = S("files"));
    SOURCE(IMAGE_FROM_ENV, .name = S("IDLE"), .unit = SECOND, .label = S("manual"));
    SOURCE(IMAGE_FROM_ENV, .name = S("NOTE"), .label = S("manual"));
    SOURCE(IMAGE_FROM_FILE, .name = S("PASSWORD_FILE"), .label = S("file"));
    SOURCE(IMAGE_FROM_ENV, .name = S("APP_PASSWORD"), .label = S("manual"));
    SOURCE(IMAGE_FROM_FILE, .name = S("APP_PASSWORD_FILE"), .label = S("file"));
#undef SOURCE

#define INPUT(...) ASSEMBLE_ADD(a, IMAGE_INPUTS, inputs, (struct image_input){__VA_ARGS__})
    INPUT(S("memory"), IMAGE_FACT, IMAGE_BYTES, .sources = 0, .source_count = 3, .low = 512 * MB,
          .high = 1024 * GB,
          .below = {.policy = IMAGE_REFUSE, .message = S("PostgreSQL needs at least 512MB")},
          .above = {.policy = IMAGE_CLAMP}, .doc = S("Memory the server may use."),
          .name_entry = 0);
    INPUT(S("cpus"), IMAGE_FACT, IMAGE_RATIO, .has_default = 1, .sources = 3, .source_count = 1,
          .low = 100000, .high = INT64_C(1024000000), .fallback = 1000000,
          .missing = {.policy = IMAGE_USE, .message = S("guessing")}, .name_entry = 1);
    INPUT(S("version"), IMAGE_FACT, IMAGE_INT, .optional = 1, .sources = 4, .source_count = 1,
          .low = INT64_MIN, .high = INT64_MAX, .name_entry = 2);
    INPUT(S("workload"), IMAGE_OPTION, IMAGE_ENUM, .has_default = 1, .sources = 5,
          .source_count = 1, .members = 0, .member_count = 2, .fallback = S("web"),
          .invalid = {.policy = IMAGE_DEFAULT}, .name_entry = 3);
    INPUT(S("libraries"), IMAGE_OPTION, IMAGE_LIST, .has_default = 1, .sources = 6,
          .source_count = 2, .name_entry = 4);
    INPUT(S("idle"), IMAGE_OPTION, IMAGE_TIME, .has_default = 1, .sources = 8, .source_count = 1,
          .low = 30 * SECOND, .high = 86400 * SECOND, .fallback = 600 * SECOND,
          .below = {.policy = IMAGE_DEFAULT},
          .above = {.policy = IMAGE_USE, .message = S("too lazy")},
          .invalid = {.policy = IMAGE_USE, .message = S("odd")}, .name_entry = 5);
    INPUT(S("note"), IMAGE_OPTION, IMAGE_TEXT, .optional = 1, .sources = 9, .source_count = 2,
          .name_entry = 6);
    INPUT(S("password"), IMAGE_SECRET, IMAGE_TEXT, .sources = 11, .source_count = 2,
          .name_entry = IMAGE_NONE);
#undef INPUT
}

enum {
    PRODUCT_AUTOVACUUM,
    PRODUCT_COST_DELAY,
    PRODUCT_CHECKPOINT_TIMEOUT,
    PRODUCT_CLUSTER_NAME,
    PRODUCT_HUGE_PAGES,
    PRODUCT_LOG_MIN_MESSAGES,
    PRODUCT_LOG_ROTATION_AGE,
    PRODUCT_MAX_CONNECTIONS,
    PRODUCT_MAX_WAL_SIZE,
    PRODUCT_RANDOM_PAGE_COST,
    PRODUCT_SERVER_VERSION,
    PRODUCT_SHARED_BUFFERS,
    PRODUCT_PRELOAD,
    PRODUCT_WAL_BUFFERS,
    PRODUCT_WAL_LEVEL,
    PRODUCT_WORK_MEM,
    PRODUCT_SETTINGS
};

static inline void product_settings(struct assembler *a)
{
#define SETTING(title, type, server_unit, step, ...)                                               \
    ASSEMBLE_ADD(a, IMAGE_SETTINGS, settings,                                                      \
                 (struct image_setting){.name = S(title),                                          \
                                        .kind = IMAGE_##type,                                      \
                                        .unit = server_unit,                                       \
                                        .grain = step,                                             \
                                        .slot = IMAGE_NONE,                                        \
                                        __VA_ARGS__})
    SETTING("autovacuum", BOOL, 1, 1, .high = 1);
    SETTING("autovacuum_vacuum_cost_delay", TIME, 1000, 1, .low = -1000, .high = 100000);
    SETTING("checkpoint_timeout", TIME, SECOND, SECOND, .low = 30 * SECOND, .high = 86400 * SECOND);
    SETTING("cluster_name", TEXT, 1, 1, .low = 0);
    SETTING("huge_pages", ENUM, 1, 1, .members = 2, .member_count = 3);
    SETTING("log_min_messages", ENUM, 1, 1, .members = 8, .member_count = 2);
    SETTING("log_rotation_age", TIME, 60 * SECOND, 60 * SECOND, .high = 35791394 * 60 * SECOND);
    SETTING("max_connections", INT, 1, 1, .low = 1, .high = 262143);
    SETTING("max_wal_size", BYTES, MB, MB, .low = 2 * MB, .high = INT32_MAX * MB);
    SETTING("random_page_cost", RATIO, 1, 1, .high = INT64_MAX);
    SETTING("server_version", TEXT, 1, 1, .flags = IMAGE_SETTING_INTERNAL);
    SETTING("shared_buffers", BYTES, 8192, 8192, .low = 16 * 8192,
            .high = 1073741823 * INT64_C(8192));
    SETTING("shared_preload_libraries", LIST, 1, 1, .low = 0);
    SETTING("wal_buffers", BYTES, 8192, 8192, .low = -8192, .high = 262143 * INT64_C(8192),
            .since = 180000, .until = 190006);
    SETTING("wal_level", ENUM, 1, 1, .members = 5, .member_count = 3);
    SETTING("work_mem", BYTES, 1024, 1024, .low = 65536, .high = INT32_MAX * INT64_C(1024));
#undef SETTING
}

static inline void product_output(struct assembler *a, uint32_t setting, uint16_t value, bool fixed,
                                  struct image_name name)
{
    const enum image_kind kind = (enum image_kind)a->settings[setting].kind;
    name.name = a->settings[setting].name;
    name.class = IMAGE_NAME_SETTING;
    name.slot = assemble_emit(a, IMAGE_OP_SETTING, kind, value, 0, 0, setting);
    name.file = S("rules/main.azr");
    a->settings[setting].slot = name.slot;
    const uint32_t entry = ASSEMBLE_ADD(a, IMAGE_NAMES, names, name);
    ASSEMBLE_ADD(a, IMAGE_OUTPUTS, outputs,
                 (struct image_output){setting, name.slot, entry, fixed});
}

static inline void product_code(struct assembler *a)
{
#define EMIT(op, kind, ...) assemble_emit(a, IMAGE_OP_##op, IMAGE_##kind, __VA_ARGS__)
#define ENTRY(title, kind, at, ...)                                                                \
    ASSEMBLE_ADD(a, IMAGE_NAMES, names,                                                            \
                 (struct image_name){.name = S(title),                                             \
                                     .class = IMAGE_NAME_##kind,                                   \
                                     .slot = at,                                                   \
                                     .file = S("rules/main.azr"),                                  \
                                     .line = 1,                                                    \
                                     __VA_ARGS__})
#define NOTE(...) ASSEMBLE_ADD(a, IMAGE_NOTES, notes, (struct image_note){__VA_ARGS__})
    uint16_t inputs[7];
    for (uint16_t i = 0; i < 7; i++)
        inputs[i] =
            assemble_emit(a, IMAGE_OP_INPUT, (enum image_kind)a->inputs[i].kind, 0, 0, 0, i);
    for (uint16_t i = 0; i < 7; i++)
        ASSEMBLE_ADD(a, IMAGE_NAMES, names,
                     (struct image_name){.name = a->inputs[i].name,
                                         .class = IMAGE_NAME_INPUT,
                                         .slot = inputs[i],
                                         .file = S("rules/facts.azr"),
                                         .line = 2 + i,
                                         .doc = a->inputs[i].doc});

    const uint16_t oltp =
        EMIT(EQ, BOOL, inputs[PRODUCT_WORKLOAD], assemble_text(a, IMAGE_ENUM, "oltp"), 0, 0);
    const uint16_t always = assemble_constant(a, IMAGE_BOOL, 1);
    const uint16_t connections = EMIT(SELECT, INT, oltp, assemble_constant(a, IMAGE_INT, 150),
                                      assemble_constant(a, IMAGE_INT, 100), 0);
    NOTE(IMAGE_NOTE_BRANCH, 0, S("workload is oltp"), oltp, IMAGE_NONE, 9, 0);
    NOTE(IMAGE_NOTE_USES, 0, S("workload"), inputs[PRODUCT_WORKLOAD], PRODUCT_WORKLOAD, 9, 0);
    NOTE(IMAGE_NOTE_ROW, 1, S("row oltp"), oltp, IMAGE_NONE, 9, 0);
    NOTE(IMAGE_NOTE_ROW, 1, S("row beyond"), always, IMAGE_NONE, 9, 0);
    NOTE(IMAGE_NOTE_POINT, 2, S("1 .. 2"), always, IMAGE_NONE, 9, 0);
    const uint32_t let = ENTRY("connections", LET, connections, .notes = 0, .note_count = 5,
                               .formula = S("if workload is oltp then 150 else 100"));
    const uint32_t connections_entry = a->counts[IMAGE_NAMES];
    NOTE(IMAGE_NOTE_USES, 0, S("connections"), connections, let, 10, 0);
    product_output(a, PRODUCT_MAX_CONNECTIONS, connections, false,
                   (struct image_name){.line = 10,
                                       .formula = S("connections"),
                                       .notes = 5,
                                       .note_count = 1,
                                       .doc = S("How many may come.")});

    const uint16_t clients = (uint16_t)a->settings[PRODUCT_MAX_CONNECTIONS].slot;
    const uint16_t four = EMIT(MUL, INT, clients, assemble_constant(a, IMAGE_INT, 4), 0, 0);
    const uint16_t share = EMIT(DIV, BYTES, inputs[PRODUCT_MEMORY], four, 0, 0);
    const uint16_t megabyte = assemble_constant(a, IMAGE_BYTES, MB);
    const uint16_t cap = assemble_constant(a, IMAGE_BYTES, 32 * MB);
    const uint16_t least = EMIT(MAX, BYTES, share, megabyte, 0, 0);
    const uint16_t most = EMIT(MIN, BYTES, least, cap, 0, 0);
    const uint16_t whole = EMIT(ROUND_DOWN, BYTES, most, megabyte, 0, 0);
    NOTE(IMAGE_NOTE_USES, 0, S("memory"), inputs[PRODUCT_MEMORY], PRODUCT_MEMORY, 11, 0);
    NOTE(IMAGE_NOTE_USES, 0, S("max_connections"), clients, connections_entry, 11, 0);
    NOTE(IMAGE_NOTE_AT_LEAST, 0, S("1MB"), share, megabyte, 11, 0);
    NOTE(IMAGE_NOTE_AT_MOST, 0, S("cap"), least, cap, 11, 0);
    product_output(a, PRODUCT_WORK_MEM, whole, false,
                   (struct image_name){.line = 11,
                                       .notes = 6,
                                       .note_count = 4,
                                       .formula = S("memory / (max_connections * 4)\n"
                                                    "at least 1MB at most cap"),
                                       .doc = S("What one sort may use.\nPer node.")});

    const uint16_t quarter = assemble_constant(a, IMAGE_RATIO, 250000);
    product_output(a, PRODUCT_SHARED_BUFFERS,
                   EMIT(SCALE, BYTES, inputs[PRODUCT_MEMORY], quarter, 0, 0), false,
                   (struct image_name){.line = 12, .formula = S("memory * 25%")});
    product_output(a, PRODUCT_CLUSTER_NAME, inputs[PRODUCT_NOTE], false,
                   (struct image_name){.line = 13, .formula = S("note")});
    product_output(
        a, PRODUCT_HUGE_PAGES, assemble_text(a, IMAGE_ENUM, "try"), true,
        (struct image_name){.line = 14, .formula = S("try"), .doc = S("Where they are.")});
    product_output(a, PRODUCT_PRELOAD, inputs[PRODUCT_LIBRARIES], false,
                   (struct image_name){.line = 15, .formula = S("libraries")});
    product_output(a, PRODUCT_RANDOM_PAGE_COST, assemble_constant(a, IMAGE_RATIO, 1100000), true,
                   (struct image_name){.line = 16, .formula = S("1.1")});
    product_output(a, PRODUCT_CHECKPOINT_TIMEOUT, inputs[PRODUCT_IDLE], false,
                   (struct image_name){.line = 17, .formula = S("idle")});

    const uint16_t ceiling = assemble_constant(a, IMAGE_INT, 500);
    const uint16_t crowded = EMIT(LT, BOOL, ceiling, clients, 0, 0);
    const uint16_t calm = EMIT(LE, BOOL, clients, assemble_constant(a, IMAGE_INT, 120), 0, 0);
    const uint16_t oversold = EMIT(LT, BOOL, assemble_constant(a, IMAGE_INT, 1000), clients, 0, 0);
    const uint16_t silent = assemble_text(a, IMAGE_TEXT, "");
    const uint32_t check = ENTRY("calm", CHECK, calm, .formula = S("max_connections <= 120"));
#define JUDGE(class, condition, message)                                                           \
    ASSEMBLE_ADD(a, IMAGE_CHECKS, checks, (struct image_check){class, condition, message, check})
    JUDGE(IMAGE_CHECK_WARN, crowded, assemble_text(a, IMAGE_TEXT, "many connections"));
    JUDGE(IMAGE_CHECK_INVARIANT, calm, silent);
    JUDGE(IMAGE_CHECK_REFUSE, oversold,
          EMIT(CONCAT, TEXT, assemble_text(a, IMAGE_TEXT, "too many\nconnections: "),
               EMIT(TEXT, TEXT, clients, 0, 0, 0), 0, 0));
    ASSEMBLE_ADD(a, IMAGE_EXPORTS, exports,
                 (struct image_export){S("AZA_NOTE"), inputs[PRODUCT_NOTE]});
#undef EMIT
#undef ENTRY
#undef NOTE
#undef JUDGE
}

static inline void product_build(struct assembler *a)
{
    assemble_begin(a);
    product_inputs(a);
    product_settings(a);
    product_code(a);
    assemble_build(a);
}

#undef S

#endif
