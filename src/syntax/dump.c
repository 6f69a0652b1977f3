/* The tree as text: one node a line, indented by depth, without places. Two files with the same
 * dump mean the same to every later stage. */
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

static void expr(struct dump *dump, const struct syntax_expr *node);
static void items(struct dump *dump, const struct syntax_items *list);

/* Begins a node: its head is this word, and what follows up to the next node. */
static void open(struct dump *dump, const char *word)
{
    if (dump->sink->length > 0)
        base_put_char(dump->sink, '\n');
    base_put_padding(dump->sink, 0, dump->depth * INDENT);
    BASE_PUT(dump->sink, "(", word);
    dump->depth++;
}

static void close(struct dump *dump)
{
    base_put_char(dump->sink, ')');
    dump->depth--;
}

static void word(struct dump *dump, const char *text)
{
    BASE_PUT(dump->sink, " ", text);
}

static void quoted(struct dump *dump, const char *text)
{
    base_put_char(dump->sink, ' ');
    base_put_json(dump->sink, text);
}

/* A node around one expression, which may be missing. */
static void part(struct dump *dump, const char *name, const struct syntax_expr *node)
{
    if (node == NULL)
        return;
    open(dump, name);
    expr(dump, node);
    close(dump);
}

static void exprs(struct dump *dump, const struct syntax_exprs *list)
{
    for (size_t i = 0; i < list->count; i++)
        expr(dump, list->items[i]);
}

static void words(struct dump *dump, const struct syntax_words *list)
{
    for (size_t i = 0; i < list->count; i++)
        word(dump, list->items[i].text);
}

/* Expressions */

static void error(struct dump *dump, const struct syntax_expr *node)
{
    (void)node;
    open(dump, "error");
}

static void quantity(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, kinds[node->quantity.kind]);
    base_put_char(dump->sink, ' ');
    base_put_int(dump->sink, node->quantity.value);
}

static void truth(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, node->truth ? "true" : "false");
}

static void text(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "text");
    if (node->text.literal != NULL)
        quoted(dump, node->text.literal);
    exprs(dump, &node->text.pieces);
}

static void name(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "name");
    word(dump, node->name.name);
}

static void field(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "field");
    word(dump, node->field.field.text);
    expr(dump, node->field.of);
}

static void call(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "call");
    word(dump, node->call.function.text);
    exprs(dump, &node->call.arguments);
}

static void list(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "list");
    exprs(dump, &node->list.elements);
}

static void doc(struct dump *dump, const char *said)
{
    if (said == NULL)
        return;
    open(dump, "doc");
    quoted(dump, said);
    close(dump);
}

static void pairs(struct dump *dump, const struct syntax_pairs *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_pair *pair = &list->items[i];
        open(dump, "pair");
        if (pair->name.text != NULL)
            quoted(dump, pair->name.text);
        doc(dump, pair->doc);
        if (pair->name.text == NULL)
            expr(dump, pair->key);
        expr(dump, pair->value);
        close(dump);
    }
}

static void map(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "map");
    pairs(dump, &node->map.pairs);
}

static void file(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "file");
    quoted(dump, node->file.path.text);
    pairs(dump, &node->file.values);
}

static void comprehension(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "for");
    word(dump, node->comprehension.variable.text);
    if (node->comprehension.second.text != NULL)
        word(dump, node->comprehension.second.text);
    expr(dump, node->comprehension.list);
    part(dump, "if", node->comprehension.condition);
    part(dump, "key", node->comprehension.key);
    expr(dump, node->comprehension.element);
}

static void operation(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, operators[node->binary.op]);
    if (node->binary.left != NULL)
        expr(dump, node->binary.left);
    expr(dump, node->binary.right);
}

static void is(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, presences[node->is.class]);
    if (node->is.negated)
        word(dump, "not");
    if (node->is.class == SYNTAX_IS_MEMBER)
        word(dump, node->is.member.text);
    expr(dump, node->is.of);
}

static void in(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, node->in.negated ? "not-in" : "in");
    expr(dump, node->in.of);
    expr(dump, node->in.list);
}

static void limit(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "limit");
    expr(dump, node->limit.of);
    part(dump, "low", node->limit.low);
    part(dump, "high", node->limit.high);
}

static void rounded(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "rounded");
    word(dump, roundings[node->round.mode]);
    expr(dump, node->round.of);
    expr(dump, node->round.grain);
}

static void choice(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "if");
    expr(dump, node->choice.condition);
    expr(dump, node->choice.yes);
    expr(dump, node->choice.no);
}

static void match(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "match");
    expr(dump, node->match.of);
    for (size_t i = 0; i < node->match.arms.count; i++) {
        const struct syntax_arm *arm = node->match.arms.items[i];
        open(dump, arm->patterns.count == 0 ? "else" : "arm");
        words(dump, &arm->patterns);
        expr(dump, arm->value);
        close(dump);
    }
}

static void curve(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "curve");
    expr(dump, node->curve.of);
    for (size_t i = 0; i < node->curve.points.count; i++) {
        open(dump, "point");
        expr(dump, node->curve.points.items[i].x);
        expr(dump, node->curve.points.items[i].y);
        close(dump);
    }
}

static void fallback(struct dump *dump, const struct syntax_expr *node)
{
    open(dump, "else");
    expr(dump, node->fallback.of);
    expr(dump, node->fallback.otherwise);
}

static void expr(struct dump *dump, const struct syntax_expr *node)
{
    static void (*const classes[])(struct dump *, const struct syntax_expr *) = {
        [SYNTAX_ERROR] = error,     [SYNTAX_QUANTITY] = quantity,
        [SYNTAX_TRUTH] = truth,     [SYNTAX_TEXT] = text,
        [SYNTAX_NAME] = name,       [SYNTAX_FIELD] = field,
        [SYNTAX_CALL] = call,       [SYNTAX_LIST] = list,
        [SYNTAX_UNARY] = operation, [SYNTAX_COMPREHENSION] = comprehension,
        [SYNTAX_IS] = is,           [SYNTAX_BINARY] = operation,
        [SYNTAX_IN] = in,           [SYNTAX_LIMIT] = limit,
        [SYNTAX_ROUND] = rounded,   [SYNTAX_IF] = choice,
        [SYNTAX_MATCH] = match,     [SYNTAX_CURVE] = curve,
        [SYNTAX_ELSE] = fallback,   [SYNTAX_MAP] = map,
        [SYNTAX_FILE] = file,
    };
    classes[node->class](dump, node);
    close(dump);
}

/* Statements */

static void type(struct dump *dump, const struct syntax_type *node)
{
    if (node == NULL)
        return;
    open(dump, "type");
    if (node->optional)
        word(dump, "optional");
    while (node->element != NULL) {
        word(dump, node->list ? "list of" : "map of");
        node = node->element;
    }
    word(dump, node->name == NULL ? "enum" : node->name);
    words(dump, &node->members);
    close(dump);
}

static void sources(struct dump *dump, const struct syntax_sources *list)
{
    static const char *const classes[] = {[IMAGE_FROM_ENV] = "from env",
                                          [IMAGE_FROM_FILE] = "from file",
                                          [IMAGE_FROM_PROBE] = "from"};
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_source *source = &list->items[i];
        open(dump, classes[source->class]);
        word(dump, source->name.text);
        if (source->unit.text != NULL)
            BASE_PUT(dump->sink, " in ", source->unit.text);
        if (source->label.text != NULL) {
            word(dump, "as");
            quoted(dump, source->label.text);
        }
        part(dump, "warn", source->warning);
        close(dump);
    }
}

static void outcome(struct dump *dump, const char *when, const struct syntax_outcome *node)
{
    static const char *const policies[] = {[IMAGE_REFUSE] = "refuse",
                                           [IMAGE_CLAMP] = "clamp",
                                           [IMAGE_DEFAULT] = "warn",
                                           [IMAGE_USE] = "use"};
    if (!node->said)
        return;
    open(dump, when);
    word(dump, policies[node->policy]);
    part(dump, "value", node->value);
    part(dump, "message", node->message);
    close(dump);
}

static void bindings(struct dump *dump, const struct syntax_bindings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        open(dump, "column");
        word(dump, list->items[i].name.text);
        type(dump, list->items[i].type);
        close(dump);
    }
}

static void rows(struct dump *dump, const struct syntax_rows *list)
{
    static const char *const classes[] = {[SYNTAX_ROW_MEMBER] = "row",
                                          [SYNTAX_ROW_TO] = "to",
                                          [SYNTAX_ROW_BELOW] = "below",
                                          [SYNTAX_ROW_BEYOND] = "beyond"};
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_row *row = list->items[i];
        open(dump, classes[row->class]);
        if (row->member.text != NULL)
            word(dump, row->member.text);
        if (row->threshold != NULL)
            expr(dump, row->threshold);
        exprs(dump, &row->cells);
        close(dump);
    }
}

/* The head of a statement: what stands before its parts. */
static void head(struct dump *dump, const struct syntax_item *item)
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
    open(dump, item->class == SYNTAX_SET && item->override ? "override" : classes[item->class]);
    if (item->class == SYNTAX_SECRET && item->override)
        word(dump, "optional");
    if (item->class == SYNTAX_CHECK)
        word(dump, checks[item->shape]);
    if (item->class == SYNTAX_EXPECT)
        word(dump, expectations[item->shape]);
    if (item->name.text != NULL)
        quoted(dump, item->name.text);
    if (item->class == SYNTAX_INVARIANT)
        word(dump, shapes[item->shape]);
    if (item->of.text != NULL)
        BASE_PUT(dump->sink, " of ", item->of.text);
    if (item->other.text != NULL) {
        word(dump, "with");
        quoted(dump, item->other.text);
    }
    if (item->when.text != NULL)
        BASE_PUT(dump->sink, " at ", item->when.text);
    if (item->mode.text != NULL)
        BASE_PUT(dump->sink, " mode ", item->mode.text);
}

static void block(struct dump *dump, const char *name_of_it, const struct syntax_items *list)
{
    if (list->count == 0)
        return;
    open(dump, name_of_it);
    items(dump, list);
    close(dump);
}

static void items(struct dump *dump, const struct syntax_items *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct syntax_item *item = list->items[i];
        head(dump, item);
        doc(dump, item->doc);
        bindings(dump, &item->bindings);
        type(dump, item->type);
        part(dump, "low", item->low);
        part(dump, "high", item->high);
        part(dump, "when", item->condition);
        part(dump, "value", item->value);
        sources(dump, &item->sources);
        outcome(dump, "below", &item->below);
        outcome(dump, "above", &item->above);
        outcome(dump, "missing", &item->missing);
        outcome(dump, "invalid", &item->invalid);
        rows(dump, &item->rows);
        block(dump, "body", &item->body);
        block(dump, "otherwise", &item->otherwise);
        close(dump);
    }
}

void syntax_dump(struct syntax_context *context, const struct syntax_file *file,
                 struct base_sink *sink)
{
    (void)context;
    struct dump dump = {.sink = sink};
    open(&dump, "file");
    items(&dump, &file->items);
    close(&dump);
    base_put_char(sink, '\n');
}
