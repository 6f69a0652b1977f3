/* Documents: what each format looks like, what it refuses, and that trees made at random are read
 * back as they were by readers that share nothing with the writers. */
#include "document_tree.h"

#include <stdlib.h>
#include <unistd.h>

/* --- the looks --- */

static struct formats_node *map(void)
{
    return node_of(FORMATS_MAP, 0);
}

static struct formats_node *list(void)
{
    return node_of(FORMATS_LIST, 0);
}

static struct formats_node *two(const char *first, const char *second)
{
    return with(with(list(), NULL, NULL, text_of(first)), NULL, NULL, text_of(second));
}

static struct formats_node *sample(void)
{
    struct formats_node *service = map();
    service = with(service, "image", "The image,\nwith its tag.", text_of("aza-pg:18"));
    service = with(service, "init", NULL, bool_of(true));
    service = with(service, "ports", NULL, two("5432:5432", "a b"));
    service = with(service, "retries", NULL, number_of("3"));
    service = with(service, "mem", NULL, number_of("64MB"));
    service = with(service, "none", NULL, node_of(FORMATS_NOTHING, 0));
    service = with(service, "odd.key", NULL, text_of("no"));
    service = with(service, "8", NULL, list());
    service = with(service, "script", NULL, text_of("set -e\n\nexec x\n"));
    return with(with(map(), "services", NULL, with(map(), "postgres", NULL, service)), "x", NULL,
                map());
}

static void yaml_looks_like_this(void)
{
    CHECK_TEXT(written(FORMATS_YAML, KNOWN, sample()), "services:\n"
                                                       "  postgres:\n"
                                                       "    # The image,\n"
                                                       "    # with its tag.\n"
                                                       "    image: aza-pg:18\n"
                                                       "    init: true\n"
                                                       "    ports:\n"
                                                       "      - \"5432:5432\"\n"
                                                       "      - a b\n"
                                                       "    retries: 3\n"
                                                       "    mem: 64MB\n"
                                                       "    none: null\n"
                                                       "    odd.key: \"no\"\n"
                                                       "    \"8\": []\n"
                                                       "    script: |\n"
                                                       "      set -e\n"
                                                       "\n"
                                                       "      exec x\n"
                                                       "x: {}\n");
}

static void yaml_nests_and_tags(void)
{
    struct formats_node *first =
        with(with(map(), "a", "first", text_of("b")), "c", "second", text_of("d\ne"));
    struct formats_node *outer = with(list(), NULL, "the map", first);
    outer = with(outer, NULL, NULL, two("x", "y"));
    outer = with(outer, NULL, NULL, tagged("!override", with(map(), "k", NULL, text_of("v"))));
    outer = with(outer, NULL, NULL, tagged("!reset", node_of(FORMATS_NOTHING, 0)));
    CHECK_TEXT(written(FORMATS_YAML, KNOWN, with(map(), "l", NULL, tagged("!override", outer))),
               "l: !override\n"
               "  # the map\n"
               "  # first\n"
               "  - a: b\n"
               "    # second\n"
               "    c: |-\n"
               "      d\n"
               "      e\n"
               "  - - x\n"
               "    - \"y\"\n"
               "  - !override\n"
               "    k: v\n"
               "  - !reset null\n");
}

static void blocks_keep_their_line_breaks(void)
{
    CHECK_TEXT(written(FORMATS_YAML, KNOWN, with(map(), "a", NULL, text_of("  x\n\n"))),
               "a: |2+\n    x\n\n");
    CHECK_TEXT(written(FORMATS_YAML, KNOWN, with(list(), NULL, NULL, text_of("\nx"))),
               "- |2-\n\n  x\n");
    CHECK_TEXT(written(FORMATS_YAML, KNOWN, text_of("a\tb\n")), "|\n  a\tb\n");
    CHECK_TEXT(written(FORMATS_YAML, KNOWN, text_of("a\n\x07")), "\"a\\n\\u0007\"\n");
}

static void yaml_for_compose(void)
{
    struct formats_node *node = around(FORMATS_TEXT, "a$b", variable("PORT", "5$"), "}");
    CHECK_TEXT(written(FORMATS_YAML, DEPLOYED, node), "\"a$$b${PORT:-5$$}}\"\n");
    CHECK_TEXT(written(FORMATS_JSON, DEPLOYED, node), "\"a$$b${PORT:-5$$}}\"\n");
    CHECK_TEXT(written(FORMATS_PLAIN, DEPLOYED, node), "a$$b${PORT:-5$$}}");
    CHECK_TEXT(written(FORMATS_YAML, DEPLOYED, with(map(), "a$b", NULL, text_of("x$\ny"))),
               "\"a$b\": |-\n  x$$\n  y\n");
}

static void other_formats_look_like_this(void)
{
    CHECK_TEXT(written(FORMATS_JSON, KNOWN, with(sample(), "n", NULL, two("\"", "\n"))),
               "{\n"
               "  \"services\": {\n"
               "    \"postgres\": {\n"
               "      \"image\": \"aza-pg:18\",\n"
               "      \"init\": true,\n"
               "      \"ports\": [\n"
               "        \"5432:5432\",\n"
               "        \"a b\"\n"
               "      ],\n"
               "      \"retries\": 3,\n"
               "      \"mem\": \"64MB\",\n"
               "      \"none\": null,\n"
               "      \"odd.key\": \"no\",\n"
               "      \"8\": [],\n"
               "      \"script\": \"set -e\\n\\nexec x\\n\"\n"
               "    }\n"
               "  },\n"
               "  \"x\": {},\n"
               "  \"n\": [\n"
               "    \"\\\"\",\n"
               "    \"\\n\"\n"
               "  ]\n"
               "}\n");
    struct formats_node *values = with(map(), "a", "one\ntwo", text_of("it's"));
    values = with(with(values, "b", NULL, number_of("64MB")), "c", NULL, bool_of(true));
    CHECK_TEXT(written(FORMATS_CONF, KNOWN, with(values, "d.e", NULL, number_of("1.5GB"))),
               "# one\n# two\na = 'it''s'\nb = 64MB\nc = true\nd.e = '1.5GB'\n");
    CHECK_TEXT(written(FORMATS_ENV, KNOWN, values), "# one\n# two\na=\"it's\"\nb=64MB\nc=true\n");
    CHECK_TEXT(written(FORMATS_INI, KNOWN,
                       with(with(map(), "databases", NULL, with(map(), "a\"b", NULL, text_of("x"))),
                            "pgbouncer", "the pooler", values)),
               "[databases]\n\"a\"\"b\" = x\n\n# the pooler\n[pgbouncer]\n"
               "# one\n# two\na = it's\nb = 64MB\nc = 1\n");
    CHECK_TEXT(written(FORMATS_PLAIN, KNOWN, text_of("a\nb")), "a\nb");
    CHECK_TEXT(written(FORMATS_PLAIN, KNOWN, text_of("")), "");
}

static void heads_are_comments(void)
{
    struct formats_request request = {.format = FORMATS_YAML, .head = "written by azc"};
    CHECK(formats_write(&request, map(), &output, &refusal));
    CHECK_TEXT(filled(), "# written by azc\n{}\n");
    request.format = FORMATS_INI;
    CHECK(formats_write(&request, with(map(), "a", NULL, map()), &output, &refusal));
    CHECK_TEXT(filled(), "# written by azc\n\n[a]\n");
    request.format = FORMATS_JSON;
    CHECK(formats_write(&request, map(), &output, &refusal));
    CHECK_TEXT(filled(), "{}\n");
}

static void comments_end_no_line(void)
{
    CHECK_TEXT(written(FORMATS_CONF, KNOWN,
                       with(map(), "a", "x\ry\n\nz\xc2\x85w\xe2\x80\xa8\xff", text_of("b"))),
               "# x?y\n#\n# z?w??\na = 'b'\n");
}

static void formats_have_names(void)
{
    for (unsigned format = 0; format < FORMATS_COUNT; format++)
        CHECK(formats_find(formats_word((enum formats_id)format)) == format);
    CHECK(formats_find("flags") == FORMATS_COUNT);
    CHECK_TEXT(formats_word(FORMATS_PLAIN), "text");
}

/* --- holes --- */

static void holes_know_their_quotes(void)
{
    static const struct {
        enum formats_id format;
        enum formats_class class;
        const char *before, *after, *wanted;
        int quote;
    } cases[] = {
        {FORMATS_YAML, FORMATS_TEXT, "a", "b", "k: \"a<>b\"\n", VM_QUOTE_JSON | VM_QUOTE_INNER},
        {FORMATS_YAML, FORMATS_NUMBER, "", "", "k: <>\n", VM_QUOTES | VM_QUOTE_LINE},
        {FORMATS_YAML, FORMATS_NUMBER, "", "MB", "k: \"<>MB\"\n", VM_QUOTE_JSON | VM_QUOTE_INNER},
        {FORMATS_JSON, FORMATS_TEXT, "", "", "{\n  \"k\": \"<>\"\n}\n",
         VM_QUOTE_JSON | VM_QUOTE_INNER},
        {FORMATS_JSON, FORMATS_NUMBER, "", "", "{\n  \"k\": <>\n}\n", VM_QUOTES | VM_QUOTE_LINE},
        {FORMATS_CONF, FORMATS_TEXT, "a'", "b", "k = 'a''<>b'\n", VM_QUOTE_CONF | VM_QUOTE_INNER},
        {FORMATS_CONF, FORMATS_NUMBER, "", "", "k = '<>'\n", VM_QUOTE_CONF | VM_QUOTE_INNER},
        {FORMATS_ENV, FORMATS_NUMBER, "", "", "k=<>\n", VM_QUOTES | VM_QUOTE_LINE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct formats_node *value =
            around(cases[i].class, cases[i].before, slot(7), cases[i].after);
        slot_values[7] = "<>";
        CHECK_TEXT(written(cases[i].format, STARTED, with(map(), "k", NULL, value)),
                   cases[i].wanted);
        CHECK(output.holes.count == 1 && output.holes.items[0].slot == 7);
        CHECK((int)output.holes.items[0].quote == cases[i].quote);
    }
    slot_values[7] = "x y";
    CHECK_TEXT(written(FORMATS_PLAIN, STARTED, around(FORMATS_TEXT, "a", slot(7), "\n")), "ax y\n");
    CHECK(output.holes.items[0].quote == VM_QUOTES);
    CHECK_TEXT(written(FORMATS_INI, STARTED,
                       with(map(), "s", NULL,
                            with(map(), "k", NULL, around(FORMATS_TEXT, "a ", slot(7), "")))),
               "[s]\nk = a x y\n");
    CHECK((int)output.holes.items[0].quote == (VM_QUOTES | VM_QUOTE_LINE));
}

/* --- refusals --- */

static const struct formats_node *deep(unsigned levels)
{
    struct formats_node *node = text_of("x");
    for (unsigned i = 0; i < levels; i++)
        node = with(list(), NULL, NULL, node);
    return node;
}

static char *long_key(size_t length)
{
    char *key = base_alloc(&arena, length + 1);
    memset(key, 'k', length);
    return key;
}

static void is_refused(enum formats_id format, enum mode mode, const struct formats_node *node,
                       const char *way, const char *piece)
{
    CHECK(written(format, mode, node) == NULL);
    CHECK_TEXT(refusal.path == NULL ? "(none)" : refusal.path, way);
    CHECK_TEXT(refusal.why != NULL && strstr(refusal.why, piece) != NULL ? piece : refusal.why,
               piece);
}

static struct formats_node *at(const char *key, const struct formats_node *value)
{
    return with(map(), key, NULL, value);
}

static void refusals_name_the_way(void)
{
    const struct formats_node *nothing = node_of(FORMATS_NOTHING, 0);
    const struct formats_node *tag = tagged("!override", text_of("x"));
    struct formats_node *nul = node_of(FORMATS_TEXT, 1), *bad = text_of("\xff");
    *part_at(nul, 0) = (struct formats_part){.class = FORMATS_LITERAL, .text = {"a\0b", 3}};
    is_refused(FORMATS_YAML, KNOWN, at("services", at("postgres", at("ports", two("\xff", "")))),
               "services.postgres.ports[0]", "UTF-8");
    is_refused(FORMATS_YAML, KNOWN, nul, "", "NUL");
    is_refused(FORMATS_YAML, KNOWN, bad, "", "UTF-8");
    is_refused(FORMATS_YAML, KNOWN, at("a", tagged("!", text_of("x"))), "a", "tag");
    is_refused(FORMATS_YAML, KNOWN, at("a", tagged("!a b", text_of("x"))), "a", "tag");
    is_refused(FORMATS_YAML, KNOWN, at(long_key(1001), text_of("")), long_key(1001), "1000 bytes");
    CHECK(written(FORMATS_YAML, KNOWN, at(long_key(1000), text_of(""))) != NULL);
    CHECK(written(FORMATS_YAML, KNOWN, deep(64)) != NULL &&
          written(FORMATS_JSON, KNOWN, deep(64)) != NULL);
    CHECK(written(FORMATS_YAML, KNOWN, deep(65)) == NULL && strstr(refusal.why, "deep") != NULL);
    CHECK(written(FORMATS_JSON, KNOWN, deep(65)) == NULL && strstr(refusal.why, "deep") != NULL);
    CHECK(strncmp(refusal.path, "[0][0]", 6) == 0 && strlen(refusal.path) == 64 * 3);

    const struct formats_node *option = around(FORMATS_TEXT, "", variable("X", "d"), "");
    const struct formats_node *late = around(FORMATS_TEXT, "", slot(1), "");
    is_refused(FORMATS_YAML, KNOWN, at("a", option), "a", "emit deploy");
    is_refused(FORMATS_YAML, DEPLOYED, at("a", late), "a", "emit start");
    is_refused(FORMATS_CONF, DEPLOYED, at("a", text_of("")), "", "deploy");
    is_refused(FORMATS_ENV, DEPLOYED, map(), "", "deploy");
    is_refused(FORMATS_INI, DEPLOYED, map(), "", "deploy");
    is_refused(FORMATS_YAML, DEPLOYED, around(FORMATS_TEXT, "", variable("1X", ""), ""), "",
               "from env");
    is_refused(FORMATS_YAML, DEPLOYED, around(FORMATS_TEXT, "", variable("a-b", ""), ""), "",
               "from env");
    is_refused(FORMATS_YAML, DEPLOYED, around(FORMATS_TEXT, "", variable("X", "a\nb"), ""), "",
               "line");
    static const char *const braces[] = {"}", "a}b", "}{", "{", "a{", "{}", "{{a}}", "{a}}"};
    for (size_t i = 0; i < sizeof braces / sizeof *braces; i++)
        is_refused(FORMATS_YAML, DEPLOYED, around(FORMATS_TEXT, "", variable("X", braces[i]), ""),
                   "", "braces");

    for (enum formats_id format = FORMATS_CONF; format <= FORMATS_ENV; format++) {
        is_refused(format, KNOWN, list(), "", "map");
        is_refused(format, KNOWN, tagged("!x", map()), "", "tag");
    }
    is_refused(FORMATS_JSON, KNOWN, at("a", tag), "a", "tag");
    is_refused(FORMATS_CONF, KNOWN, at("a", tag), "a", "tag");
    is_refused(FORMATS_ENV, KNOWN, at("a", tag), "a", "tag");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a", tag)), "s.a", "tag");
    is_refused(FORMATS_CONF, KNOWN, at("a", two("", "")), "a", "joined");
    is_refused(FORMATS_CONF, KNOWN, at("a", nothing), "a", "no value");
    is_refused(FORMATS_CONF, KNOWN, at("a b", text_of("")), "a b", "name");
    is_refused(FORMATS_CONF, KNOWN, at("", text_of("")), "", "name");
    is_refused(FORMATS_CONF, KNOWN, at("1a", text_of("")), "1a", "name");
    is_refused(FORMATS_CONF, KNOWN, at("a", bad), "a", "UTF-8");
    is_refused(FORMATS_ENV, KNOWN, at("a", map()), "a", "joined");
    is_refused(FORMATS_ENV, KNOWN, at("A.B", text_of("")), "A.B", "name");
    is_refused(FORMATS_ENV, KNOWN, at("1A", text_of("")), "1A", "name");
    is_refused(FORMATS_ENV, KNOWN, at("A", text_of("a\nb")), "A", "line break");
    is_refused(FORMATS_ENV, KNOWN, at("A", text_of("`'")), "A", "quoting");
    is_refused(FORMATS_ENV, KNOWN, at("A", text_of("`\\")), "A", "quoting");
    is_refused(FORMATS_ENV, STARTED, at("A", late), "A", "as_shell");
    is_refused(FORMATS_ENV, STARTED, at("A", around(FORMATS_NUMBER, "", slot(1), "x")), "A",
               "as_shell");
    is_refused(FORMATS_INI, KNOWN, at("s", text_of("")), "s", "section");
    is_refused(FORMATS_INI, KNOWN, at("s]", map()), "s]", "section");
    is_refused(FORMATS_INI, KNOWN, at("s", at("", text_of(""))), "s.", "key");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a\nb", text_of(""))), "s.a\nb", "key");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a", list())), "s.a", "joined");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a", text_of("x\n[t]"))), "s.a", "line break");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a", text_of("x\r"))), "s.a", "line break");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a", text_of(" x"))), "s.a", "blanks");
    is_refused(FORMATS_INI, KNOWN, at("s", at("a", text_of("x\t"))), "s.a", "blanks");
    is_refused(FORMATS_PLAIN, KNOWN, map(), "", "single text");
    is_refused(FORMATS_PLAIN, KNOWN, tagged("!x", text_of("")), "", "single text");
}

/* --- other programs --- */

/* Runs a command of the shell with a file of those bytes as $1; its output, or null when it fails.
 */
static char *answer(const char *command, const char *bytes, size_t length)
{
    char path[] = "/tmp/aza-document-XXXXXX", piece[4096];
    struct base_sink sink = base_arena_sink(&arena);
    const int fd = mkstemp(path);
    if (fd < 0 || !base_write_all(fd, bytes, length))
        return NULL;
    close(fd);
    setenv("DOCUMENT", path, 1);
    FILE *pipe = popen(command, "r");
    for (size_t got; pipe != NULL && (got = fread(piece, 1, sizeof piece, pipe)) > 0;)
        base_put_bytes(&sink, piece, got);
    const bool good = pipe != NULL && pclose(pipe) == 0;
    unlink(path);
    if (!good)
        fprintf(stderr, "%s\n", sink.data == NULL ? "(no output)" : sink.data);
    return good ? (sink.data == NULL ? base_copy_text(&arena, "", 0) : sink.data) : NULL;
}

/* --- yaml, read by PyYAML's two readers --- */

enum { PYTHON_DOCUMENTS = 4000 };

static const char python_reader[] =
    "import json, os, sys, yaml\n"
    "def untagged(loader, suffix, node):\n"
    "    if isinstance(node, yaml.MappingNode): return loader.construct_mapping(node, deep=True)\n"
    "    if isinstance(node, yaml.SequenceNode): return loader.construct_sequence(node, "
    "deep=True)\n"
    "    plain = not node.style\n"
    "    tag = loader.resolve(yaml.ScalarNode, node.value, (plain, not plain))\n"
    "    return loader.construct_object(yaml.ScalarNode(tag, node.value, style=node.style))\n"
    "def flat(value): return json.dumps(value, default=lambda odd: [repr(odd)])\n"
    "loaders = [yaml.SafeLoader, yaml.CSafeLoader]\n"
    "for loader in loaders: loader.add_multi_constructor(\"!\", untagged)\n"
    "count = 0\n"
    "for line in open(os.environ[\"DOCUMENT\"], encoding=\"utf-8\"):\n"
    "    case = json.loads(line)\n"
    "    for loader in loaders:\n"
    "        try: got = flat(yaml.load(case[\"text\"], loader))\n"
    "        except Exception as error: got = repr(error)\n"
    "        if got != flat(case[\"want\"]):\n"
    "            print(loader.__name__, case[\"text\"], got, flat(case[\"want\"]), sep=\"\\n\")\n"
    "            sys.exit(1)\n"
    "    count += 1\n"
    "print(count)\n";

static void yaml_is_read_by_python(void)
{
    struct base_sink lines = base_arena_sink(&arena);
    char wanted[32];
    for (int i = 0; i < PYTHON_DOCUMENTS; i++) {
        const enum mode mode = i % 2 == 0 ? KNOWN : STARTED;
        const struct formats_node *node = random_tree(mode, 1 + (unsigned)at_random(5), true);
        const char *text = written(FORMATS_YAML, mode, node);
        CHECK(text != NULL);
        if (text == NULL)
            continue;
        json_t *line = json_pack("{s:s, s:o}", "text", text, "want", expected(node));
        char *dumped = json_dumps(line, JSON_ENSURE_ASCII);
        CHECK(dumped != NULL);
        BASE_PUT(&lines, dumped == NULL ? "" : dumped, "\n");
        free(dumped);
        json_decref(line);
    }
    setenv("READER", python_reader, 1);
    const char *got = answer("/usr/bin/python3 -c \"$READER\" 2>&1", lines.data, lines.length);
    snprintf(wanted, sizeof wanted, "%d\n", PYTHON_DOCUMENTS);
    CHECK_TEXT(got == NULL ? "(nothing)" : got, wanted);
}

/* --- yaml and environment files, read by docker compose where it is --- */

enum { COMPOSE_TREES = 1500, COMPOSE_VARIABLES = 400 };

static bool compose_is_here(void)
{
    return system("docker compose version >/dev/null 2>&1") == 0;
}

/* It prints a configuration that is one again: its dollars are doubled. */
static json_t *single_dollars(json_t *value)
{
    char *dumped = json_dumps(value, JSON_ENCODE_ANY), *to = dumped;
    for (const char *from = dumped; *from != '\0'; from++) {
        *to++ = *from;
        from += *from == '$' && from[1] == '$';
    }
    *to = '\0';
    json_t *halved = json_loads(dumped, JSON_DECODE_ANY, NULL);
    free(dumped);
    return halved;
}

/* An empty list of an extension field comes out as null, whoever wrote it. */
static json_t *with_null_for_empty_lists(json_t *value)
{
    json_t *item;
    const char *key;
    void *next;
    size_t index;
    if (json_is_array(value) && json_array_size(value) == 0) {
        json_decref(value);
        return json_null();
    }
    json_array_foreach(value, index, item)
        json_array_set_new(value, index, with_null_for_empty_lists(json_incref(item)));
    json_object_foreach_safe(value, next, key, item)
        json_object_set_new(value, key, with_null_for_empty_lists(json_incref(item)));
    return value;
}

static const char *tree_name(int number)
{
    return base_format(&arena, "x-%d", number);
}

static void compose_finds(const char *text, const struct formats_node *document)
{
    const char *got = answer("cd /tmp && docker compose -p t -f \"$DOCUMENT\" config --format json",
                             text, strlen(text));
    CHECK(got != NULL);
    json_t *read = got == NULL ? NULL : json_loads(got, 0, NULL), *single = single_dollars(read);
    for (size_t i = 1; i < document->count; i++) {
        const char *key = document->entries[i].key;
        json_t *want = with_null_for_empty_lists(expected(document->entries[i].value));
        json_t *value = json_object_get(single, key);
        CHECK(value != NULL && json_equal(value, want));
        if (value == NULL || !json_equal(value, want)) {
            json_dumpf(want, stderr, JSON_ENCODE_ANY);
            fputs("\nis read as\n", stderr);
            json_dumpf(value, stderr, JSON_ENCODE_ANY);
            fputs("\n", stderr);
        }
        json_decref(want);
    }
    json_decref(read);
    json_decref(single);
}

static void yaml_is_read_by_compose(void)
{
    static const char *const set[VARIABLES] = {"a$b ${c} {", "}", "'\"\\", "0"};
    struct formats_node *service = at("a", at("image", text_of("b")));
    struct formats_node *document = node_of(FORMATS_MAP, COMPOSE_TREES + 1);
    *entry_at(document, 0) = (struct formats_entry){.key = "services", .value = service};
    for (int i = 0; i < COMPOSE_TREES; i++)
        *entry_at(document, (size_t)i + 1) =
            (struct formats_entry){.key = tree_name(i),
                                   .comment = random_comment(),
                                   .value = random_tree(DEPLOYED, 4, false)};
    const char *text = written(FORMATS_YAML, DEPLOYED, document);
    CHECK(text != NULL);
    if (text == NULL)
        return;
    for (size_t i = 0; i < VARIABLES; i++)
        unsetenv(variables[i]);
    compose_finds(text, document);
    for (size_t i = 0; i < VARIABLES; i++)
        setenv(variables[i], set[i], 1);
    variable_values = set;
    compose_finds(text, document);
    variable_values = NULL;
}

/* --- json --- */

static void json_is_read_by_jansson(void)
{
    for (int i = 0; i < 3000; i++) {
        const enum mode mode = i % 2 == 0 ? KNOWN : STARTED;
        const struct formats_node *node = random_tree(mode, 1 + (unsigned)at_random(5), false);
        const char *text = written(FORMATS_JSON, mode, node);
        json_t *read = text == NULL ? NULL : json_loads(text, JSON_DECODE_ANY, NULL);
        json_t *want = expected(node);
        CHECK(read != NULL && json_equal(read, want));
        json_decref(read);
        json_decref(want);
    }
}

/* --- maps of lines: conf, ini, env --- */

static const char *plain_value(const struct formats_node *node, const char *yes, const char *no)
{
    return node->class == FORMATS_BOOL ? (node->truth ? yes : no) : joined(node);
}

static bool has_line_break(const char *text)
{
    return strpbrk(text, "\r\n") != NULL;
}

/* A setting's value as the server reads it; moves on to the next line. */
static char *read_conf_value(const char **at)
{
    struct base_sink sink = base_arena_sink(&arena);
    const char *from = *at;
    base_put_span(&sink, (struct base_span){"", 0});
    if (*from != '\'') {
        while (*from != '\n' && *from != '\0')
            base_put_char(&sink, *from++);
    } else {
        for (from++; *from != '\'' || from[1] == '\''; from++) {
            if (*from == '\0' || *from == '\n')
                return NULL;
            if (*from != '\\' && *from != '\'')
                base_put_char(&sink, *from);
            else
                from++, base_put_char(&sink, (char)(from[-1] != '\\' ? '\''
                                                    : *from == 'n'   ? '\n'
                                                    : *from == 'r'   ? '\r'
                                                                     : *from));
        }
        from++;
    }
    *at = from + 1;
    return *from != '\n' ? NULL : sink.data == NULL ? base_copy_text(&arena, "", 0) : sink.data;
}

static const char *skip_comments(const char *at, const char *marks)
{
    while (*at != '\0' && strchr(marks, *at) != NULL)
        at += strcspn(at, "\n") + 1;
    return at;
}

static const char *number_name(const char *before, int number)
{
    return base_format(&arena, "%s%d", before, number);
}

static void conf_is_read_back(void)
{
    for (int i = 0; i < 300; i++) {
        struct formats_node *node = map();
        const enum mode mode = i % 2 == 0 ? KNOWN : STARTED;
        for (int k = 0; k < 10; k++)
            node = with(node, number_name("a.b_", k), random_comment(), random_scalar(mode));
        const char *at = written(FORMATS_CONF, mode, node);
        CHECK(at != NULL);
        for (size_t k = 0; at != NULL && k < node->count; k++) {
            const char *start = base_format(&arena, "%s = ", node->entries[k].key);
            at = skip_comments(at, "#");
            CHECK(strncmp(at, start, strlen(start)) == 0);
            at += strlen(start);
            const char *value = read_conf_value(&at);
            CHECK_TEXT(value == NULL ? "(none)" : value,
                       plain_value(node->entries[k].value, "true", "false"));
            if (value == NULL)
                break;
        }
        CHECK(at != NULL && *at == '\0');
    }
}

/* PgBouncer's own way through a file, into "section/key" = value pairs. */
static json_t *read_ini(const char *at)
{
    json_t *pairs = json_object();
    const char *section = "";
    while (*(at += strspn(at, " \t\n\v\f\r")) != '\0') {
        struct base_sink key = base_arena_sink(&arena);
        if (*at == '#' || *at == ';') {
            at += strcspn(at, "\n");
            continue;
        }
        if (*at == '[') {
            section = base_copy_text(&arena, at + 1, strcspn(at + 1, "]\n"));
            at += strcspn(at, "]\n") + 1;
            continue;
        }
        BASE_PUT(&key, section, "/");
        if (*at == '"') {
            for (at++; *at != '"' || at[1] == '"'; at++) {
                at += *at == '"';
                base_put_char(&key, *at);
            }
            at++;
        } else {
            for (; *at != '\0' && strchr(" =\t\n", *at) == NULL; at++)
                base_put_char(&key, *at);
        }
        at += strspn(at, " \t");
        if (*at++ != '=') {
            json_object_set_new(pairs, "syntax error", json_string(at));
            break;
        }
        at += strspn(at, " \t");
        struct base_span value = {at, strcspn(at, "\n")};
        at += value.length;
        value = base_trim(value);
        json_object_set_new(pairs, key.data, json_stringn(value.start, value.length));
    }
    return pairs;
}

/* What the file has no spelling for, said in the test's own words. */
static bool fits_ini(const char *text)
{
    const struct base_span all = base_span_of(text);
    return !has_line_break(text) && base_trim(all).length == all.length;
}

static void ini_is_read_back(void)
{
    int refused = 0, good = 0;
    for (int i = 0; i < 2000; i++) {
        const enum mode mode = i % 2 == 0 ? KNOWN : STARTED;
        struct formats_node *sections = map();
        json_t *want = json_object();
        bool fits = true;
        for (int s = 0; s < 2; s++) {
            struct formats_node *section = map();
            for (uint64_t k = at_random(3); k > 0; k--) {
                const char *key = random_word();
                const struct formats_node *value = random_scalar(mode);
                if (has_key(section, key))
                    continue;
                section = with(section, key, random_comment(), value);
                const char *plain = plain_value(value, "1", "0");
                fits &= fits_ini(plain) && *key != '\0' && !has_line_break(key);
                json_object_set_new(want, base_format(&arena, "s%d/%s", s, key),
                                    json_string(plain));
            }
            sections = with(sections, number_name("s", s), random_comment(), section);
        }
        const char *text = written(FORMATS_INI, mode, sections);
        /* A started value is looked at by whoever fills the hole. */
        CHECK(text != NULL || !fits || mode == STARTED);
        CHECK(text == NULL || fits || mode == STARTED);
        refused += text == NULL;
        for (size_t h = 0; text != NULL && h < output.holes.count; h++)
            fits &= vm_can_quote(output.holes.items[h].quote,
                                 base_span_of(slot_values[output.holes.items[h].slot]));
        if (text != NULL && fits) {
            json_t *read = read_ini(text);
            CHECK(json_equal(read, want));
            json_decref(read);
            good++;
        }
        json_decref(want);
    }
    CHECK(refused > 100 && good > 100);
}

/* A value as docker compose's reader takes it, or null. */
static const char *read_env_value(const char *at)
{
    struct base_sink sink = base_arena_sink(&arena);
    const char quote = *at;
    base_put_span(&sink, (struct base_span){"", 0});
    if (quote != '"' && quote != '\'')
        return strpbrk(at, "$ #\\") == NULL ? base_copy_text(&arena, at, strcspn(at, "\n")) : NULL;
    for (at++; *at != quote; at++) {
        const bool escape = *at == '\\' && (quote == '"' || at[1] == '\'');
        if (*at == '\0' || *at == '\n' || (quote == '"' && *at == '$'))
            return NULL;
        if (escape && strchr("\"\\$'", at[1]) == NULL)
            return NULL;
        if (*at == '\\' && quote == '\'' && at[1] == '\\')
            base_put_char(&sink, *at++);
        else
            at += escape;
        base_put_char(&sink, *at);
    }
    return at[1] != '\n' ? NULL : sink.data == NULL ? "" : sink.data;
}

static bool fits_env(const char *text)
{
    size_t open = 0, length = strlen(text);
    while (open < length && text[length - 1 - open] == '\\')
        open++;
    return !has_line_break(text) &&
           (strchr(text, '`') == NULL || (strchr(text, '\'') == NULL && open % 2 == 0));
}

/* As many variables as one file can have, and what they must be. */
static struct formats_node *random_variables(void)
{
    struct formats_node *node = map();
    for (int i = 0; i < COMPOSE_VARIABLES; i++) {
        const struct formats_node *value = random_scalar(KNOWN);
        const bool fits = fits_env(plain_value(value, "true", "false"));
        CHECK((written(FORMATS_ENV, KNOWN, at("X", value)) != NULL) == fits);
        if (fits)
            node = with(node, number_name("V", i), random_comment(), value);
    }
    return node;
}

static void env_is_read_back(const struct formats_node *node)
{
    const char *at = written(FORMATS_ENV, KNOWN, node);
    CHECK(at != NULL && node->count > COMPOSE_VARIABLES / 2);
    for (size_t i = 0; at != NULL && i < node->count; i++) {
        at += strspn(at, "\n"); /* what has a comment stands apart */
        at = skip_comments(at, "#");
        at += strlen(node->entries[i].key) + 1;
        const size_t length = strcspn(at, "\n") + 1;
        const char *value = read_env_value(base_copy_text(&arena, at, length));
        CHECK_TEXT(value == NULL ? "(none)" : value,
                   plain_value(node->entries[i].value, "true", "false"));
        at += length;
    }
    CHECK(at != NULL && *at == '\0');
}

static void env_is_read_by_a_shell(const struct formats_node *node)
{
    struct base_sink wanted = base_arena_sink(&arena);
    const char *text = written(FORMATS_ENV, KNOWN, node);
    for (size_t i = 0; i < node->count; i++)
        BASE_PUT(&wanted, "<", plain_value(node->entries[i].value, "true", "false"), ">");
    struct base_sink script = base_arena_sink(&arena);
    base_put(&script, text);
    for (size_t i = 0; i < node->count; i++)
        BASE_PUT(&script, "printf '<%s>' \"$", node->entries[i].key, "\"\n");
    const char *got = answer("LC_ALL=C sh -eu \"$DOCUMENT\" 2>&1", script.data, script.length);
    CHECK_TEXT(got == NULL ? "(nothing)" : got, wanted.data);
}

static void env_is_read_by_compose(const struct formats_node *node)
{
    const char *text = written(FORMATS_ENV, KNOWN, node);
    struct base_sink compose = base_arena_sink(&arena);
    base_put(&compose, "services:\n  a:\n    image: b\n    environment:\n");
    for (size_t i = 0; i < node->count; i++)
        BASE_PUT(&compose, "      - ", node->entries[i].key, "\n");
    setenv("COMPOSE", compose.data, 1);
    const char *got = answer("cd /tmp && printf %s \"$COMPOSE\" | docker compose -p t -f - "
                             "--env-file \"$DOCUMENT\" config --format json",
                             text, strlen(text));
    CHECK(got != NULL);
    json_t *read = got == NULL ? NULL : json_loads(got, 0, NULL), *single = single_dollars(read);
    json_t *values =
        json_object_get(json_object_get(json_object_get(single, "services"), "a"), "environment");
    for (size_t i = 0; i < node->count; i++) {
        const char *value = json_string_value(json_object_get(values, node->entries[i].key));
        CHECK_TEXT(value == NULL ? "(none)" : value,
                   plain_value(node->entries[i].value, "true", "false"));
    }
    json_decref(read);
    json_decref(single);
}

int main(void)
{
    output.arena = &arena;
    make_slot_values();
    yaml_looks_like_this();
    yaml_nests_and_tags();
    blocks_keep_their_line_breaks();
    yaml_for_compose();
    other_formats_look_like_this();
    heads_are_comments();
    comments_end_no_line();
    formats_have_names();
    refusals_name_the_way();
    json_is_read_by_jansson();
    yaml_is_read_by_python();
    conf_is_read_back();
    ini_is_read_back();
    const struct formats_node *environment = random_variables();
    env_is_read_back(environment);
    env_is_read_by_a_shell(environment);
    if (compose_is_here()) {
        yaml_is_read_by_compose();
        env_is_read_by_compose(environment);
    } else {
        puts("document_test: no docker compose here; what it reads was not compared");
    }
    holes_know_their_quotes();
    base_arena_free(&arena);
    return check_summary("document_test");
}
