/* The tree as text, for golden files: one node per line, indented by depth, without places. Two
 * files with the same dump have the same meaning for every later stage.
 *
 * A node is `(head words... children...)`. open_node and close_node keep the depth; everything else
 * prints the words of a node, then its children in the order of the source. */
#include "syntax/syntax.h"

#include "base/checked.h"

enum { INDENT = 2 };

struct dump {
    struct base_sink *sink;
    size_t depth;
};

static const char *const operators[] = {
    [SYNTAX_OR] = "or", [SYNTAX_AND] = "and", [SYNTAX_NOT] = "not",      [SYNTAX_EQ] = "==",
    [SYNTAX_NE] = "!=", [SYNTAX_LT] = "<",    [SYNTAX_LE] = "<=",        [SYNTAX_GT] = ">",
    [SYNTAX_GE] = ">=", [SYNTAX_ADD] = "+",   [SYNTAX_SUB] = "-",        [SYNTAX_MUL] = "*",
    [SYNTAX_DIV] = "/", [SYNTAX_MOD] = "mod", [SYNTAX_NEG] = "negative",
};
static const char *const roundings[] = {
    [BASE_ROUND_DOWN] = "down", [BASE_ROUND_UP] = "up", [BASE_ROUND_NEAR] = "near"};
static const char *const presences[] = {
    [SYNTAX_IS_MEMBER] = "is", [SYNTAX_IS_KNOWN] = "is-known", [SYNTAX_IS_GIVEN] = "is-given"};
static const char *const kinds[] = {
#define X(name, word, number, text) [IMAGE_##name] = word,
#include "kinds.def"
#undef X
};

static void dump_expr(struct dump *dump, const struct syntax_expr *node);
static void dump_items(struct dump *dump, const struct syntax_items *list);

/* Begins a node. Words that are printed before the first child are on its line. */
static void open_node(struct dump *dump, const char *word)
{
    if (dump->sink->length > 0)
        base_put_char(dump->sink, '\n');
    base_put_padding(dump->sink, 0, dump->depth * INDENT);
    BASE_PUT(dump->sink, "(", word);
    dump->depth++;
}

static void close_node(struct dump *dump)
{
    base_put_char(dump->sink, ')');
    dump->depth--;
}

static void add_dump_word(struct dump *dump, const char *text)
{
    BASE_PUT(dump->sink, " ", text);
}

static void add_quoted(struct dump *dump, const char *text)
{
    base_put_char(dump->sink, ' ');
    base_put_json(dump->sink, text);
}

/* A node around one expression, which may be missing. */
static void dump_part(struct dump *dump, const char *name, const struct syntax_expr *node)
{
    if (node == NULL)
        return;
    open_node(dump, name);
    dump_expr(dump, node);
    close_node(dump);
}

static void dump_exprs(struct dump *dump, const struct syntax_exprs *list)
{
    for (size_t i = 0; i < list->count; i++)
        dump_expr(dump, list->items[i]);
}

static void add_word_list(struct dump *dump, const struct syntax_words *list)
{
    for (size_t i = 0; i < list->count; i++)
        add_dump_word(dump, list->items[i].text);
}

/* --- expressions --- */

static void dump_error(struct dump *dump, const struct syntax_expr *node)
{
    (void)node;
    open_node(dump, "error");
}

static void dump_quantity(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, kinds[node->quantity.kind]);
    base_put_char(dump->sink, ' ');
    base_put_int(dump->sink, node->quantity.value);
}

static void dump_truth(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, node->truth ? "true" : "false");
}

static void dump_text(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "text");
    if (node->text.literal != NULL)
        add_quoted(dump, node->text.literal);
    dump_exprs(dump, &node->text.pieces);
}

static void dump_name(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "name");
    add_dump_word(dump, node->name.name);
}

static void dump_field(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "field");
    add_dump_word(dump, node->field.field.text);
    dump_expr(dump, node->field.of);
}

static void dump_call(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "call");
    add_dump_word(dump, node->call.function.text);
    dump_exprs(dump, &node->call.arguments);
}

static void dump_list(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "list");
    dump_exprs(dump, &node->list.elements);
}

static void dump_doc(struct dump *dump, const char *comment)
{
    if (comment == NULL)
        return;
    open_node(dump, "doc");
    add_quoted(dump, comment);
    close_node(dump);
}

static void dump_pairs(struct dump *dump, const struct syntax_pairs *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_pair *pair = &list->items[i];
        open_node(dump, "pair");
        if (pair->name.text != NULL)
            add_quoted(dump, pair->name.text);
        dump_doc(dump, pair->doc);
        if (pair->name.text == NULL)
            dump_expr(dump, pair->key);
        dump_expr(dump, pair->value);
        close_node(dump);
    }
}

static void dump_map(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "map");
    dump_pairs(dump, &node->map.pairs);
}

static void dump_file(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "file");
    add_quoted(dump, node->file.path.text);
    dump_pairs(dump, &node->file.values);
}

static void dump_comprehension(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "for");
    add_dump_word(dump, node->comprehension.variable.text);
    if (node->comprehension.second.text != NULL)
        add_dump_word(dump, node->comprehension.second.text);
    dump_expr(dump, node->comprehension.list);
    dump_part(dump, "if", node->comprehension.condition);
    dump_part(dump, "key", node->comprehension.key);
    dump_expr(dump, node->comprehension.element);
}

static void dump_operation(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, operators[node->binary.op]);
    if (node->binary.left != NULL)
        dump_expr(dump, node->binary.left);
    dump_expr(dump, node->binary.right);
}

static void dump_is(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, presences[node->is.class]);
    if (node->is.negated)
        add_dump_word(dump, "not");
    if (node->is.class == SYNTAX_IS_MEMBER)
        add_dump_word(dump, node->is.member.text);
    dump_expr(dump, node->is.of);
}

static void dump_in(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, node->in.negated ? "not-in" : "in");
    dump_expr(dump, node->in.of);
    dump_expr(dump, node->in.list);
}

static void dump_limit(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "limit");
    dump_expr(dump, node->limit.of);
    dump_part(dump, "low", node->limit.low);
    dump_part(dump, "high", node->limit.high);
}

static void dump_rounded(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "rounded");
    add_dump_word(dump, roundings[node->round.mode]);
    dump_expr(dump, node->round.of);
    dump_expr(dump, node->round.grain);
}

static void dump_choice(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "if");
    dump_expr(dump, node->choice.condition);
    dump_expr(dump, node->choice.yes);
    dump_expr(dump, node->choice.no);
}

static void dump_match(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "match");
    dump_expr(dump, node->match.of);
    for (size_t i = 0; i < node->match.arms.count; i++) {
        const struct syntax_arm *arm = node->match.arms.items[i];
        open_node(dump, arm->patterns.count == 0 ? "else" : "arm");
        add_word_list(dump, &arm->patterns);
        dump_expr(dump, arm->value);
        close_node(dump);
    }
}

static void dump_curve(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "curve");
    dump_expr(dump, node->curve.of);
    for (size_t i = 0; i < node->curve.points.count; i++) {
        open_node(dump, "point");
        dump_expr(dump, node->curve.points.items[i].x);
        dump_expr(dump, node->curve.points.items[i].y);
        close_node(dump);
    }
}

static void dump_fallback(struct dump *dump, const struct syntax_expr *node)
{
    open_node(dump, "else");
    dump_expr(dump, node->fallback.of);
    dump_expr(dump, node->fallback.otherwise);
}

static void dump_expr(struct dump *dump, const struct syntax_expr *node)
{
    static void (*const classes[])(struct dump *, const struct syntax_expr *) = {
        [SYNTAX_ERROR] = dump_error,     [SYNTAX_QUANTITY] = dump_quantity,
        [SYNTAX_TRUTH] = dump_truth,     [SYNTAX_TEXT] = dump_text,
        [SYNTAX_NAME] = dump_name,       [SYNTAX_FIELD] = dump_field,
        [SYNTAX_CALL] = dump_call,       [SYNTAX_LIST] = dump_list,
        [SYNTAX_UNARY] = dump_operation, [SYNTAX_COMPREHENSION] = dump_comprehension,
        [SYNTAX_IS] = dump_is,           [SYNTAX_BINARY] = dump_operation,
        [SYNTAX_IN] = dump_in,           [SYNTAX_LIMIT] = dump_limit,
        [SYNTAX_ROUND] = dump_rounded,   [SYNTAX_IF] = dump_choice,
        [SYNTAX_MATCH] = dump_match,     [SYNTAX_CURVE] = dump_curve,
        [SYNTAX_ELSE] = dump_fallback,   [SYNTAX_MAP] = dump_map,
        [SYNTAX_FILE] = dump_file,
    };
    classes[node->class](dump, node);
    close_node(dump);
}

/* --- statements --- */

static void dump_type(struct dump *dump, const struct syntax_type *node)
{
    if (node == NULL)
        return;
    open_node(dump, "type");
    if (node->optional)
        add_dump_word(dump, "optional");
    while (node->element != NULL) {
        add_dump_word(dump, node->list ? "list of" : "map of");
        node = node->element;
    }
    add_dump_word(dump, node->name == NULL ? "enum" : node->name);
    add_word_list(dump, &node->members);
    close_node(dump);
}

static void dump_sources(struct dump *dump, const struct syntax_sources *list)
{
    static const char *const classes[] = {[IMAGE_FROM_ENV] = "from env",
                                          [IMAGE_FROM_FILE] = "from file",
                                          [IMAGE_FROM_PROBE] = "from"};
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_source *source = &list->items[i];
        open_node(dump, classes[source->class]);
        add_dump_word(dump, source->name.text);
        if (source->unit.text != NULL)
            BASE_PUT(dump->sink, " in ", source->unit.text);
        if (source->label.text != NULL) {
            add_dump_word(dump, "as");
            add_quoted(dump, source->label.text);
        }
        dump_part(dump, "warn", source->warning);
        close_node(dump);
    }
}

static void dump_outcome(struct dump *dump, const char *when, const struct syntax_outcome *node)
{
    static const char *const policies[] = {[IMAGE_REFUSE] = "refuse",
                                           [IMAGE_CLAMP] = "clamp",
                                           [IMAGE_DEFAULT] = "warn",
                                           [IMAGE_USE] = "use"};
    if (!node->said)
        return;
    open_node(dump, when);
    add_dump_word(dump, policies[node->policy]);
    dump_part(dump, "value", node->value);
    dump_part(dump, "message", node->message);
    close_node(dump);
}

static void dump_bindings(struct dump *dump, const struct syntax_bindings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        open_node(dump, "column");
        add_dump_word(dump, list->items[i].name.text);
        dump_type(dump, list->items[i].type);
        close_node(dump);
    }
}

static void dump_rows(struct dump *dump, const struct syntax_rows *list)
{
    static const char *const classes[] = {[SYNTAX_ROW_MEMBER] = "row",
                                          [SYNTAX_ROW_TO] = "to",
                                          [SYNTAX_ROW_BELOW] = "below",
                                          [SYNTAX_ROW_BEYOND] = "beyond"};
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_row *row = list->items[i];
        open_node(dump, classes[row->class]);
        if (row->member.text != NULL)
            add_dump_word(dump, row->member.text);
        if (row->threshold != NULL)
            dump_expr(dump, row->threshold);
        dump_exprs(dump, &row->cells);
        close_node(dump);
    }
}

/* Begins the node of a statement: its class and its words. */
static void open_statement(struct dump *dump, const struct syntax_item *item)
{
    static const char *const classes[] = {
        [SYNTAX_IMPORT] = "import",
        [SYNTAX_CATALOG] = "catalog",
        [SYNTAX_PROBE] = "probe",
        [SYNTAX_FACT] = "fact",
        [SYNTAX_OPTION] = "option",
        [SYNTAX_SECRET] = "secret",
        [SYNTAX_LET] = "let",
        [SYNTAX_DEF] = "def",
        [SYNTAX_PROFILE] = "profile",
        [SYNTAX_TIERS] = "tiers",
        [SYNTAX_CONFIG] = "config",
        [SYNTAX_SET] = "set",
        [SYNTAX_WHEN] = "when",
        [SYNTAX_CHECK] = "check",
        [SYNTAX_INVARIANT] = "invariant",
        [SYNTAX_EXPORT] = "export",
        [SYNTAX_TEST] = "test",
        [SYNTAX_GIVEN] = "given",
        [SYNTAX_EXPECT] = "expect",
        [SYNTAX_EMIT] = "emit",
        [SYNTAX_SCHEMA] = "schema",
        [SYNTAX_SCHEMA_FIELD] = "field",
        [SYNTAX_SCHEMA_CHECK] = "check",
        [SYNTAX_BLOCK] = "block",
        [SYNTAX_BLOCK_FIELD] = "field",
    };
    static const char *const shapes[] = {
        [SYNTAX_HOLDS] = "holds", [SYNTAX_RISES] = "rises", [SYNTAX_FALLS] = "falls",
        [SYNTAX_JUMPS] = "jumps", [SYNTAX_LEAST] = "least", [SYNTAX_MOST] = "most"};
    static const char *const checks[] = {
        [IMAGE_CHECK_REFUSE] = "refuse", [IMAGE_CHECK_WARN] = "warn"};
    static const char *const expectations[] = {[SYNTAX_EXPECT_TRUE] = "true",
                                               [SYNTAX_EXPECT_REFUSED] = "refused",
                                               [SYNTAX_EXPECT_WARNED] = "warned"};
    open_node(dump,
              item->class == SYNTAX_SET && item->override ? "override" : classes[item->class]);
    if (item->class == SYNTAX_SECRET && item->override)
        add_dump_word(dump, "optional");
    if (item->class == SYNTAX_CHECK)
        add_dump_word(dump, checks[item->shape]);
    if (item->class == SYNTAX_EXPECT)
        add_dump_word(dump, expectations[item->shape]);
    if (item->name.text != NULL)
        add_quoted(dump, item->name.text);
    if (item->class == SYNTAX_INVARIANT)
        add_dump_word(dump, shapes[item->shape]);
    if (item->of.text != NULL)
        BASE_PUT(dump->sink, " of ", item->of.text);
    if (item->other.text != NULL) {
        add_dump_word(dump, "with");
        add_quoted(dump, item->other.text);
    }
    if (item->when.text != NULL)
        BASE_PUT(dump->sink, " at ", item->when.text);
    if (item->mode.text != NULL)
        BASE_PUT(dump->sink, " mode ", item->mode.text);
}

static void dump_block(struct dump *dump, const char *name_of_it, const struct syntax_items *list)
{
    if (list->count == 0)
        return;
    open_node(dump, name_of_it);
    dump_items(dump, list);
    close_node(dump);
}

static void dump_items(struct dump *dump, const struct syntax_items *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_item *item = list->items[i];
        open_statement(dump, item);
        dump_doc(dump, item->doc);
        dump_bindings(dump, &item->bindings);
        dump_type(dump, item->type);
        dump_part(dump, "low", item->low);
        dump_part(dump, "high", item->high);
        dump_part(dump, "when", item->condition);
        dump_part(dump, "value", item->value);
        dump_sources(dump, &item->sources);
        dump_outcome(dump, "below", &item->below);
        dump_outcome(dump, "above", &item->above);
        dump_outcome(dump, "missing", &item->missing);
        dump_outcome(dump, "invalid", &item->invalid);
        dump_rows(dump, &item->rows);
        dump_block(dump, "body", &item->body);
        dump_block(dump, "otherwise", &item->otherwise);
        close_node(dump);
    }
}

void syntax_dump(struct syntax_context *context, const struct syntax_file *file,
                 struct base_sink *sink)
{
    (void)context;
    struct dump dump = {.sink = sink};
    open_node(&dump, "file");
    dump_items(&dump, &file->items);
    close_node(&dump);
    base_put_char(sink, '\n');
}
