/* Derivations and facts, as text and as JSON. */
#include "decide.h"

static const char *facts(bool json)
{
    struct base_sink sink = BASE_SINK(rendered);
    const struct explain_view view = session_view(&session);
    rendered[0] = '\0';
    explain_facts(&sink, &view, json);
    return rendered;
}

static void test_setting(void)
{
    CHECK(decide(WORDS("memory=2GB"), WORDS("POSTGRES_WORKLOAD_TYPE=oltp"), NULL));
    CHECK_TEXT(explain("work_mem", false),
               "work_mem = 3MB\n"
               "  What one sort may use.\n"
               "  Per node.\n"
               "\n"
               "  formula  memory / (max_connections * 4)\n"
               "           at least 1MB at most cap\n"
               "  values   2048MB / (150 * 4) at least 1MB at most cap\n"
               "  with     memory          = 2048MB  (given)\n"
               "           max_connections = 150\n"
               "             connections = 150  (row oltp)  (1 .. 2)\n"
               "  limit    at least 1MB: not reached\n"
               "           at most cap = 32MB: not reached\n"
               "  decided  by the rules\n"
               "  facts    memory   = 2048MB      given\n"
               "           workload = oltp        manual: POSTGRES_WORKLOAD_TYPE\n"
               "  next     at memory 2400MB this becomes 4MB\n"
               "           below memory 1800MB this becomes 2MB\n"
               "  written  rules/main.azr:11\n");
    CHECK_TEXT(
        explain("work_mem", true),
        "{\"name\": \"work_mem\", \"value\": \"3MB\", \"layer\": \"rules\", \"layers\": "
        "[{\"layer\": \"command line\", \"value\": null, \"wins\": false, \"loses\": \"not "
        "set\"}, {\"layer\": \"POSTGRES_SETTINGS\", \"value\": null, \"wins\": false, "
        "\"loses\": \"not set\"}, {\"layer\": \"rules\", \"value\": \"3MB\", \"wins\": true, "
        "\"loses\": null}, {\"layer\": \"server default\", \"value\": null, \"wins\": false, "
        "\"loses\": \"overridden by the rules\"}], \"doc\": \"What one sort may use.\\nPer "
        "node.\", "
        "\"formula\": \"memory / (max_connections * 4)\\nat least 1MB at most cap\", \"put_in\": "
        "\"2048MB / (150 * 4) at least 1MB at most cap\", \"uses\": [{\"name\": \"memory\", "
        "\"value\": \"2048MB\", \"source\": \"given\", \"uses\": [], \"used\": true}, {\"name\": "
        "\"max_connections\", \"value\": \"150\", \"uses\": [{\"name\": \"connections\", "
        "\"value\": \"150\", \"used\": true}], \"used\": true}], \"matched\": [], \"conditions\": "
        "[], \"limits\": [{\"kind\": \"at least\", \"text\": \"1MB\", \"bound\": \"1MB\", "
        "\"before\": \"3579139B\", \"applied\": false}, {\"kind\": \"at most\", \"text\": \"cap\", "
        "\"bound\": \"32MB\", \"before\": \"3579139B\", \"applied\": false}], \"sets\": [], "
        "\"facts\": [{\"name\": \"memory\", \"value\": \"2048MB\", \"source\": \"given\", "
        "\"detail\": \"\", \"given\": true, \"clamped\": false, \"answers\": [{\"source\": "
        "\"manual\", \"answer\": \"unknown\", \"value\": null, \"detail\": \"not set\"}, "
        "{\"source\": \"cgroup\", \"answer\": \"unknown\", \"value\": null, \"detail\": \"no such "
        "file: /sys/fs/cgroup/memory.max\"}, {\"source\": \"host\", \"answer\": \"unknown\", "
        "\"value\": null, \"detail\": \"no such file: /proc/meminfo\"}], \"used\": true}, "
        "{\"name\": \"workload\", \"value\": \"oltp\", \"source\": \"manual\", \"detail\": "
        "\"POSTGRES_WORKLOAD_TYPE\", \"given\": true, \"clamped\": false, \"answers\": "
        "[{\"source\": \"manual\", \"answer\": \"value\", \"value\": \"oltp\", \"detail\": "
        "\"POSTGRES_WORKLOAD_TYPE\"}], \"used\": true}], \"next\": [{\"fact\": \"memory\", "
        "\"direction\": \"larger\", \"relation\": \"at\", \"threshold\": \"2400MB\", \"value\": "
        "\"4MB\", \"reason\": \"\"}, {\"fact\": \"memory\", \"direction\": \"smaller\", "
        "\"relation\": \"below\", \"threshold\": \"1800MB\", \"value\": \"2MB\", \"reason\": "
        "\"\"}], \"file\": \"rules/main.azr\", \"line\": 11}\n");
}

static void test_layers(void)
{
    CHECK(decide(WORDS("memory=64GB", "max_connections=120"),
                 WORDS("NOTE=hello", "POSTGRES_SETTINGS=my.key=1;wal_level=logical"), NULL));
    CHECK(strstr(explain("work_mem", false),
                 "           max_connections = 120  (command line)\n"
                 "  limit    at least 1MB: not reached\n"
                 "           at most cap = 32MB: lowered from about 136MB\n") != NULL);
    CHECK(strstr(explain("work_mem", true), "\"before\": \"143165576B\", \"applied\": true}") !=
          NULL);
    CHECK_TEXT(explain("MAX_CONNECTIONS", false),
               "max_connections = 120\n"
               "  How many may come.\n"
               "\n"
               "  formula  connections\n"
               "  values   100\n"
               "  with     connections = 100  (row beyond)  (1 .. 2)\n"
               "             workload = web  (default)\n"
               "  decided  by the command line\n"
               "           * command line       120\n"
               "           - rules              100  (overridden by the command line)\n"
               "           - server default     (overridden by the command line)\n"
               "  facts    workload = web         default\n"
               "  written  rules/main.azr:10\n");
    CHECK(strstr(explain("max_connections", true),
                 "{\"layer\": \"rules\", \"value\": \"100\", \"wins\": false, "
                 "\"loses\": \"overridden by the command line\"}") != NULL);
    CHECK_TEXT(explain("wal_level", false),
               "wal_level = logical\n"
               "  decided  by POSTGRES_SETTINGS\n"
               "           * POSTGRES_SETTINGS  logical\n"
               "           - server default     (overridden by POSTGRES_SETTINGS)\n");
    CHECK_TEXT(
        explain("my.key", true),
        "{\"name\": \"my.key\", \"value\": \"1\", \"layer\": \"POSTGRES_SETTINGS\", \"layers\": "
        "[{\"layer\": \"command line\", \"value\": null, \"wins\": false, \"loses\": \"not "
        "set\"}, {\"layer\": \"POSTGRES_SETTINGS\", \"value\": \"1\", \"wins\": true, "
        "\"loses\": null}, {\"layer\": \"rules\", \"value\": null, \"wins\": false, \"loses\": "
        "\"not set\"}, {\"layer\": \"server default\", \"value\": null, \"wins\": false, "
        "\"loses\": \"overridden by POSTGRES_SETTINGS\"}]}\n");
    CHECK_TEXT(explain("my.key", false),
               "my.key = 1\n"
               "  decided  by POSTGRES_SETTINGS\n"
               "           * POSTGRES_SETTINGS  1\n"
               "           - server default     (overridden by POSTGRES_SETTINGS)\n");
    CHECK_TEXT(explain("autovacuum", false),
               "autovacuum is not set\n"
               "  decided  by the server default: neither the rules nor the operator set it\n");
    CHECK_TEXT(explain("autovacuum", true),
               "{\"name\": \"autovacuum\", \"value\": null, \"layer\": \"server default\", "
               "\"layers\": [{\"layer\": \"command line\", \"value\": null, \"wins\": false, "
               "\"loses\": \"not set\"}, {\"layer\": \"POSTGRES_SETTINGS\", \"value\": null, "
               "\"wins\": false, \"loses\": \"not set\"}, {\"layer\": \"rules\", \"value\": "
               "null, \"wins\": false, \"loses\": \"not set\"}, {\"layer\": \"server "
               "default\", \"value\": null, \"wins\": true, \"loses\": null}]}\n");
    CHECK_TEXT(explain("nothing_at_all", false), "nothing");
}

static void test_let(void)
{
    CHECK(decide(WORDS("memory=1GB"), NOTHING, NULL));
    CHECK_TEXT(explain("connections", false), "connections = 100\n"
                                              "\n"
                                              "  formula  if workload is oltp then 150 else 100\n"
                                              "  values   if web is oltp then 150 else 100\n"
                                              "  with     workload = web  (default)\n"
                                              "  matched  row beyond\n"
                                              "           1 .. 2\n"
                                              "  when     workload is oltp: no\n"
                                              "  facts    workload = web         default\n"
                                              "  written  rules/main.azr:1\n");
    CHECK(strstr(explain("connections", true),
                 "\"matched\": [\"row beyond\", \"1 .. 2\"], "
                 "\"conditions\": [{\"text\": \"workload is oltp\", \"holds\": false}]") != NULL);
    CHECK_TEXT(explain("cluster_name", false),
               "cluster_name is not set\n"
               "\n"
               "  formula  note\n"
               "  decided  by the server default: neither the rules nor the operator set it\n"
               "  facts    note = unknown     not reported by any source\n"
               "  written  rules/main.azr:13\n");
    CHECK(strstr(explain("cluster_name", true), "\"value\": null, \"layer\": \"server default\"") !=
          NULL);
}

static void test_input(void)
{
    CHECK(decide(WORDS("memory=2TB"), WORDS("NOTE=hello", "POSTGRES_WORKLOAD_TYPE=dw"), NULL));
    CHECK_TEXT(explain("memory", false),
               "memory = 1048576MB\n"
               "  Memory the server may use.\n"
               "\n"
               "  source   given, clamped to the allowed range\n"
               "           - manual, POSTGRES_MEMORY: not set\n"
               "           - cgroup: unknown (no such file: /sys/fs/cgroup/memory.max)\n"
               "           - host: unknown (no such file: /proc/meminfo)\n"
               "  written  rules/facts.azr:2\n");
    CHECK_TEXT(explain("note", false), "note = hello\n"
                                       "\n"
                                       "  source   manual: NOTE\n"
                                       "           * manual, NOTE: hello\n"
                                       "  written  rules/facts.azr:8\n");
    CHECK(strncmp(explain("version", false), "version is unknown\n", 19) == 0);
    CHECK(strstr(explain("note", true),
                 "{\"name\": \"note\", \"value\": \"hello\", \"source\": \"manual\", "
                 "\"detail\": \"NOTE\", \"given\": true, \"clamped\": false, \"answers\": "
                 "[{\"source\": \"manual\", \"answer\": \"value\", \"value\": \"hello\", "
                 "\"detail\": \"NOTE\"}], ") != NULL);
    CHECK(strstr(facts(false), "workload   web           default; manual, "
                               "POSTGRES_WORKLOAD_TYPE: invalid\n") != NULL);
    CHECK(strstr(facts(false), "note       hello         manual: NOTE\n") != NULL);
    CHECK(strstr(facts(false), "password   none          not given\n"
                               "    - manual, APP_PASSWORD: not set\n"
                               "    - file, APP_PASSWORD_FILE: not set\n") != NULL);
    CHECK(strstr(facts(false), "memory     1048576MB     given, clamped to the allowed range\n"
                               "    - manual, POSTGRES_MEMORY: not set\n") != NULL);
    CHECK(strstr(facts(true), "{\n  \"memory\": {\"value\": \"1048576MB\", \"source\": \"given\", "
                              "\"detail\": \"\", \"given\": true, \"clamped\": true, ") != NULL);
    CHECK(strstr(facts(true), "  \"password\": {\"value\": null, \"source\": \"not given\", "
                              "\"detail\": \"\", \"given\": false, \"clamped\": false, "
                              "\"answers\": [{") != NULL);
    /* A secret is told of, and not told. */
    CHECK(decide(WORDS("memory=1GB"), WORDS("APP_PASSWORD=canary"), NULL));
    CHECK(strstr(facts(false), "password   (secret)      manual: APP_PASSWORD\n"
                               "    * manual, APP_PASSWORD: (secret)\n") != NULL);
    CHECK(strstr(facts(false), "canary") == NULL);
    CHECK(strstr(facts(true), "  \"password\": {\"value\": \"(secret)\", \"source\": \"manual\", "
                              "\"detail\": \"APP_PASSWORD\", \"given\": true") != NULL);
    CHECK(strstr(facts(true), "canary") == NULL);
}

/* Values without an answer, and values that are not there, can be explained too. */
static void test_traps_and_voids(void)
{
    CHECK(decide(WORDS("memory=1GB", "max_connections=64"), NOTHING, NULL));
    const struct image_name *name = &session.image.names[session.image.outputs[1].name];
    struct image_note *notes = (struct image_note *)(uintptr_t)&session.image.notes[name->notes];
    session.slots[name->slot] = (struct vm_slot){.state = VM_TRAP, .trap = VM_TRAP_DIVISOR};
    session.slots[notes[2].a].state = VM_VOID;
    session.slots[notes[3].b].state = VM_VOID;
    notes[1].b = IMAGE_NONE;
    CHECK_TEXT(explain("work_mem", false), "work_mem = error: division by zero\n"
                                           "  What one sort may use.\n"
                                           "  Per node.\n"
                                           "\n"
                                           "  formula  memory / (max_connections * 4)\n"
                                           "           at least 1MB at most cap\n"
                                           "  values   1024MB / (64 * 4) at least 1MB at most cap\n"
                                           "  with     memory          = 1024MB  (given)\n"
                                           "           max_connections = 64\n"
                                           "  limit    at least 1MB: not reached\n"
                                           "           at most cap = none: not reached\n"
                                           "  decided  by the rules\n"
                                           "  facts    memory          = 1024MB      given\n"
                                           "           max_connections = 64          command line\n"
                                           "  written  rules/main.azr:11\n");
    CHECK(strstr(explain("work_mem", true), "\"before\": null, \"applied\": false}") != NULL);

    const uint32_t slot = session.image.settings[PRODUCT_MAX_CONNECTIONS].slot;
    session.slots[session.image.code[slot].a] =
        (struct vm_slot){.state = VM_TRAP, .trap = VM_TRAP_OVERFLOW};
    CHECK(strstr(explain("max_connections", false),
                 "- rules              error: the result does not fit") != NULL);
    load_product();

    /* A name that says it is an input, and is none. */
    struct image_input *inputs = (struct image_input *)(uintptr_t)session.image.inputs;
    inputs[PRODUCT_NOTE].name_entry = PRODUCT_MEMORY;
    CHECK(decide(WORDS("memory=1GB"), WORDS("NOTE=x"), NULL));
    CHECK_TEXT(explain("note", false), "note = x\n"
                                       "\n"
                                       "  facts    note = x           manual: NOTE\n"
                                       "  written  rules/facts.azr:8\n");
    load_product();
}

static void test_without_readings(void)
{
    struct base_sink sink = BASE_SINK(rendered);
    CHECK(decide(WORDS("memory=1GB"), WORDS("NOTE=hello"), NULL));
    struct explain_view view = session_view(&session);
    view.readings = NULL;
    explain_facts(&sink, &view, false);
    CHECK(strstr(rendered, "note       hello         manual\n") != NULL);
    CHECK(strstr(rendered, "workload   web           default\n") != NULL);
}

static void test_an_empty_product(void)
{
    assemble_begin(&assembler);
    assemble_build(&assembler);
    CHECK(session_load(&session, "empty.azb", assembler.bytes, assembler.length));
    CHECK(decide(NOTHING, NOTHING, NULL));
    CHECK_TEXT(facts(true), "{}\n");
    CHECK_TEXT(facts(false), "");
}

int main(void)
{
    load_product();
    test_setting();
    test_layers();
    test_let();
    test_input();
    test_traps_and_voids();
    test_without_readings();
    test_an_empty_product();
    return check_summary("explain_test");
}
