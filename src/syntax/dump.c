/* The tree as text: one node a line, indented by depth, without places. Two files with the same
 * dump mean the same to every later stage. */
#include "syntax/syntax.h"

#include "base/checked.h"

enum { INDENT = 2 };

struct dump {
    struct aza_sink *sink;
    size_t depth;
};

static const char *const operators[] = {
    [AZP_OR] = "or", [AZP_AND] = "and", [AZP_NOT] = "not",      [AZP_EQ] = "==",
    [AZP_NE] = "!=", [AZP_LT] = "<",    [AZP_LE] = "<=",        [AZP_GT] = ">",
    [AZP_GE] = ">=", [AZP_ADD] = "+",   [AZP_SUB] = "-",        [AZP_MUL] = "*",
    [AZP_DIV] = "/", [AZP_MOD] = "mod", [AZP_NEG] = "negative",
};
static const char *const roundings[] = {
    [AZA_ROUND_DOWN] = "down", [AZA_ROUND_UP] = "up", [AZA_ROUND_NEAR] = "near"};
static const char *const presences[] = {
    [AZP_IS_MEMBER] = "is", [AZP_IS_KNOWN] = "is-known", [AZP_IS_GIVEN] = "is-given"};
static const char *const kinds[] = {
#define X(name, word, number) [AZB_##name] = word,
#include "kinds.def"
#undef X
};

static void expr(struct dump *dump, const struct azp_expr *node);
static void items(struct dump *dump, const struct azp_items *list);

/* Begins a node: its head is this word, and what follows up to the next node. */
static void open(struct dump *dump, const char *word)
{
    if (dump->sink->length > 0)
        aza_put_char(dump->sink, '\n');
    aza_put_padding(dump->sink, 0, dump->depth * INDENT);
    AZA_PUT(dump->sink, "(", word);
    dump->depth++;
}

static void close(struct dump *dump)
{
    aza_put_char(dump->sink, ')');
    dump->depth--;
}

static void word(struct dump *dump, const char *text)
{
    AZA_PUT(dump->sink, " ", text);
}

static void quoted(struct dump *dump, const char *text)
{
    aza_put_char(dump->sink, ' ');
    aza_put_json(dump->sink, text);
}

/* A node around one expression, which may be missing. */
static void part(struct dump *dump, const char *name, const struct azp_expr *node)
{
    if (node == NULL)
        return;
    open(dump, name);
    expr(dump, node);
    close(dump);
}

static void exprs(struct dump *dump, const struct azp_exprs *list)
{
    for (size_t i = 0; i < list->count; i++)
        expr(dump, list->items[i]);
}

static void words(struct dump *dump, const struct azp_words *list)
{
    for (size_t i = 0; i < list->count; i++)
        word(dump, list->items[i].text);
}

/* Expressions */

static void error(struct dump *dump, const struct azp_expr *node)
{
    (void)node;
    open(dump, "error");
}

static void quantity(struct dump *dump, const struct azp_expr *node)
{
    open(dump, kinds[node->quantity.kind]);
    aza_put_char(dump->sink, ' ');
    aza_put_int(dump->sink, node->quantity.value);
}

static void truth(struct dump *dump, const struct azp_expr *node)
{
    open(dump, node->truth ? "true" : "false");
}

static void text(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "text");
    if (node->text.literal != NULL)
        quoted(dump, node->text.literal);
    exprs(dump, &node->text.pieces);
}

static void name(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "name");
    word(dump, node->name.name);
}

static void field(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "field");
    word(dump, node->field.field.text);
    expr(dump, node->field.of);
}

static void call(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "call");
    word(dump, node->call.function.text);
    exprs(dump, &node->call.arguments);
}

static void list(struct dump *dump, const struct azp_expr *node)
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

static void map(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "map");
    for (size_t i = 0; i < node->map.pairs.count; i++) {
        const struct azp_pair *pair = &node->map.pairs.items[i];
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

static void comprehension(struct dump *dump, const struct azp_expr *node)
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

static void operation(struct dump *dump, const struct azp_expr *node)
{
    open(dump, operators[node->binary.op]);
    if (node->binary.left != NULL)
        expr(dump, node->binary.left);
    expr(dump, node->binary.right);
}

static void is(struct dump *dump, const struct azp_expr *node)
{
    open(dump, presences[node->is.class]);
    if (node->is.negated)
        word(dump, "not");
    if (node->is.class == AZP_IS_MEMBER)
        word(dump, node->is.member.text);
    expr(dump, node->is.of);
}

static void in(struct dump *dump, const struct azp_expr *node)
{
    open(dump, node->in.negated ? "not-in" : "in");
    expr(dump, node->in.of);
    expr(dump, node->in.list);
}

static void limit(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "limit");
    expr(dump, node->limit.of);
    part(dump, "low", node->limit.low);
    part(dump, "high", node->limit.high);
}

static void rounded(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "rounded");
    word(dump, roundings[node->round.mode]);
    expr(dump, node->round.of);
    expr(dump, node->round.grain);
}

static void choice(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "if");
    expr(dump, node->choice.condition);
    expr(dump, node->choice.yes);
    expr(dump, node->choice.no);
}

static void match(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "match");
    expr(dump, node->match.of);
    for (size_t i = 0; i < node->match.arms.count; i++) {
        const struct azp_arm *arm = node->match.arms.items[i];
        open(dump, arm->patterns.count == 0 ? "else" : "arm");
        words(dump, &arm->patterns);
        expr(dump, arm->value);
        close(dump);
    }
}

static void curve(struct dump *dump, const struct azp_expr *node)
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

static void fallback(struct dump *dump, const struct azp_expr *node)
{
    open(dump, "else");
    expr(dump, node->fallback.of);
    expr(dump, node->fallback.otherwise);
}

static void expr(struct dump *dump, const struct azp_expr *node)
{
    static void (*const classes[])(struct dump *, const struct azp_expr *) = {
        [AZP_ERROR] = error,     [AZP_QUANTITY] = quantity,
        [AZP_TRUTH] = truth,     [AZP_TEXT] = text,
        [AZP_NAME] = name,       [AZP_FIELD] = field,
        [AZP_CALL] = call,       [AZP_LIST] = list,
        [AZP_UNARY] = operation, [AZP_COMPREHENSION] = comprehension,
        [AZP_IS] = is,           [AZP_BINARY] = operation,
        [AZP_IN] = in,           [AZP_LIMIT] = limit,
        [AZP_ROUND] = rounded,   [AZP_IF] = choice,
        [AZP_MATCH] = match,     [AZP_CURVE] = curve,
        [AZP_ELSE] = fallback,   [AZP_MAP] = map,
    };
    classes[node->class](dump, node);
    close(dump);
}

/* Statements */

static void type(struct dump *dump, const struct azp_type *node)
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

static void sources(struct dump *dump, const struct azp_sources *list)
{
    static const char *const classes[] = {
        [AZB_FROM_ENV] = "from env", [AZB_FROM_FILE] = "from file", [AZB_FROM_PROBE] = "from"};
    for (size_t i = 0; i < list->count; i++) {
        const struct azp_source *source = &list->items[i];
        open(dump, classes[source->class]);
        word(dump, source->name.text);
        if (source->unit.text != NULL)
            AZA_PUT(dump->sink, " in ", source->unit.text);
        if (source->label.text != NULL) {
            word(dump, "as");
            quoted(dump, source->label.text);
        }
        part(dump, "warn", source->warning);
        close(dump);
    }
}

static void outcome(struct dump *dump, const char *when, const struct azp_outcome *node)
{
    static const char *const policies[] = {
        [AZB_REFUSE] = "refuse", [AZB_CLAMP] = "clamp", [AZB_DEFAULT] = "warn", [AZB_USE] = "use"};
    if (!node->said)
        return;
    open(dump, when);
    word(dump, policies[node->policy]);
    part(dump, "value", node->value);
    part(dump, "message", node->message);
    close(dump);
}

static void bindings(struct dump *dump, const struct azp_bindings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        open(dump, "column");
        word(dump, list->items[i].name.text);
        type(dump, list->items[i].type);
        close(dump);
    }
}

static void rows(struct dump *dump, const struct azp_rows *list)
{
    static const char *const classes[] = {[AZP_ROW_MEMBER] = "row",
                                          [AZP_ROW_TO] = "to",
                                          [AZP_ROW_BELOW] = "below",
                                          [AZP_ROW_BEYOND] = "beyond"};
    for (size_t i = 0; i < list->count; i++) {
        const struct azp_row *row = list->items[i];
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
static void head(struct dump *dump, const struct azp_item *item)
{
    static const char *const classes[] = {
        [AZP_IMPORT] = "import",
        [AZP_CATALOG] = "catalog",
        [AZP_PROBE] = "probe",
        [AZP_FACT] = "fact",
        [AZP_OPTION] = "option",
        [AZP_SECRET] = "secret",
        [AZP_LET] = "let",
        [AZP_DEF] = "def",
        [AZP_PROFILE] = "profile",
        [AZP_TIERS] = "tiers",
        [AZP_CONFIG] = "config",
        [AZP_SET] = "set",
        [AZP_WHEN] = "when",
        [AZP_CHECK] = "check",
        [AZP_INVARIANT] = "invariant",
        [AZP_EXPORT] = "export",
        [AZP_TEST] = "test",
        [AZP_GIVEN] = "given",
        [AZP_EXPECT] = "expect",
        [AZP_EMIT] = "emit",
        [AZP_SCHEMA] = "schema",
        [AZP_SCHEMA_FIELD] = "field",
        [AZP_SCHEMA_CHECK] = "check",
        [AZP_BLOCK] = "block",
        [AZP_BLOCK_FIELD] = "field",
    };
    static const char *const shapes[] = {
        [AZP_HOLDS] = "holds", [AZP_RISES] = "rises", [AZP_FALLS] = "falls",
        [AZP_JUMPS] = "jumps", [AZP_LEAST] = "least", [AZP_MOST] = "most"};
    static const char *const checks[] = {[AZB_CHECK_REFUSE] = "refuse", [AZB_CHECK_WARN] = "warn"};
    static const char *const expectations[] = {[AZP_EXPECT_TRUE] = "true",
                                               [AZP_EXPECT_REFUSED] = "refused",
                                               [AZP_EXPECT_WARNED] = "warned"};
    open(dump, item->class == AZP_SET && item->override ? "override" : classes[item->class]);
    if (item->class == AZP_SECRET && item->override)
        word(dump, "optional");
    if (item->class == AZP_CHECK)
        word(dump, checks[item->shape]);
    if (item->class == AZP_EXPECT)
        word(dump, expectations[item->shape]);
    if (item->name.text != NULL)
        quoted(dump, item->name.text);
    if (item->class == AZP_INVARIANT)
        word(dump, shapes[item->shape]);
    if (item->of.text != NULL)
        AZA_PUT(dump->sink, " of ", item->of.text);
    if (item->other.text != NULL) {
        word(dump, "with");
        quoted(dump, item->other.text);
    }
    if (item->when.text != NULL)
        AZA_PUT(dump->sink, " at ", item->when.text);
    if (item->mode.text != NULL)
        AZA_PUT(dump->sink, " mode ", item->mode.text);
}

static void block(struct dump *dump, const char *name_of_it, const struct azp_items *list)
{
    if (list->count == 0)
        return;
    open(dump, name_of_it);
    items(dump, list);
    close(dump);
}

static void items(struct dump *dump, const struct azp_items *list)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct azp_item *item = list->items[i];
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

void azp_dump(struct azp_context *context, const struct azp_file *file, struct aza_sink *sink)
{
    (void)context;
    struct dump dump = {.sink = sink};
    open(&dump, "file");
    items(&dump, &file->items);
    close(&dump);
    aza_put_char(sink, '\n');
}
