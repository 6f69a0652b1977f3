/* The grammar of the azr language. Actions build nodes and nothing else.
 *
 * There are no statement separators: every statement begins with a reserved word, which is also
 * where the parser finds its feet again after a mistake. */
%require "3.8"
%define api.pure full
%define api.location.type {struct aza_place}
%define parse.error custom
%define parse.lac full
%expect 0
%locations
%param {void *scanner}
%parse-param {struct azp_parser *parser}

%code requires {
#include "syntax/parser.h"
}

%code provides {
int azp_lex_lex(YYSTYPE *value, struct aza_place *place, void *scanner);
int azp_lex_lex_init_extra(struct azp_parser *parser, void **scanner);
int azp_lex_lex_destroy(void *scanner);
}

%code {
#include "base/checked.h"
#define yylex azp_lex_lex

#define YYLLOC_DEFAULT(current, rhs, count)                                                        \
    ((current) = (count) > 0                                                                       \
                     ? azp_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, count))                            \
                     : (struct aza_place){YYRHSLOC(rhs, 0).file,                                   \
                                          YYRHSLOC(rhs, 0).start + YYRHSLOC(rhs, 0).length, 0})

/* Places of the stack: a parenthesis takes one, a match within an arm of another takes seven. */
#define YYMAXDEPTH (AZA_NESTING_MAX * 2)

#define EXPR(class, place) azp_expr_new(parser, (class), (place))
#define ITEM(class, place) azp_item_new(parser, (class), (place))
#define PUSH(list)         (*AZA_PUSH(parser->context->arena, &(list)))

static void yyerror(const struct aza_place *place, void *scanner, struct azp_parser *parser,
                    const char *message);
}

%union {
    struct azp_quantity quantity;
    struct azp_word word;
    struct azp_expr *expr;
    struct azp_exprs exprs;
    struct azp_words words;
    struct azp_arm *arm;
    struct azp_arms arms;
    struct azp_point point;
    struct azp_points points;
    struct azp_pair pair;
    struct azp_pairs pairs;
    struct azp_type *type;
    struct azp_binding binding;
    struct azp_bindings bindings;
    struct azp_row *row;
    struct azp_rows rows;
    struct azp_source source;
    struct azp_outcome outcome;
    struct azp_item *item;
    struct azp_items items;
    int number;
}

%token IMPORT "import" CATALOG "catalog" PROBE "probe" FACT "fact" OPTION "option"
%token SECRET "secret" LET "let" DEF "def" PROFILE "profile" TIERS "tiers" CONFIG "config"
%token SCHEMA "schema" CHECK "check"
%token EXTENDS "extends" SET "set" OVERRIDE "override" WHEN "when" INVARIANT "invariant"
%token WITHOUT "without" RISES "rises" FALLS "falls" JUMPS "jumps" TEST "test" GIVEN "given" EXPECT "expect"
%token REFUSED "refused" WARNED "warned" EMIT "emit" FLAGS "flags" EXPORT "export"
%token REFUSE "refuse" WARN "warn" CLAMP "clamp" USE "use" FROM "from" AS "as" OF "of" BY "by"
%token TO "to" BELOW "below" ABOVE "above" BEYOND "beyond" MISSING "missing" INVALID "invalid"
%token OPTIONAL "optional" ENUM "enum" LIST "list" MAP "map" IF "if" THEN "then" ELSE "else"
%token MATCH "match" CURVE "curve" FOR "for" OR "or" AND "and" NOT "not" IS "is" IN "in"
%token AT "at" LEAST "least" MOST "most" WITHIN "within" ROUNDED "rounded" UP "up" DOWN "down"
%token MOD "mod" WITH "with" TRUE "true" FALSE "false"
%token DOTS ".." EQUAL "==" UNEQUAL "!=" AT_MOST_SIGN "<=" AT_LEAST_SIGN ">="
%token TEXT_OPEN "a text" TEXT_CLOSE "the end of the text" INTERPOLATION "\\("
%token <word> TEXT_CHUNK "text" WORD "a name"
/* Told apart by what stands behind them: the kind of a block by a word and a brace, a reserved word
 * that names a field by `:` or `=`. So a statement's first word still says what it is, also where
 * the parser looks for the next one after a mistake. */
%token <word> KIND "a block" FIELD "a field"
%token <quantity> QUANTITY "a number"

%type <word> dotted plain domain_name extends field moment for mode
%type <expr> expr choice or_expr and_expr not_expr comparison modified sum product unary postfix
%type <expr> primary text default guard each filter
%type <exprs> exprs cells domain pieces
%type <words> members patterns
%type <arm> arm
%type <arms> arms
%type <point> point
%type <points> points
%type <pair> pair
%type <pairs> pairs
%type <type> type plain_type type_note
%type <binding> binding
%type <bindings> bindings
%type <row> row member_row
%type <rows> rows member_rows
%type <source> source origin
%type <outcome> outcome
%type <item> item declaration lines statement when test_item assignment
%type <item> schema_line block block_line
%type <items> items statements otherwise test_items assignments schema_lines block_lines
%type <number> rounding check override

%%

file:
    items                     { parser->file->items = $1; }
  ;

items:
    %empty                    { $$ = (struct azp_items){0}; }
  | items item                { $$ = $1; azp_items_add(parser, &$$, $2); }
  | items error               { $$ = $1; parser->file->broken = true; }
  ;

item:
    declaration               { $$ = $1; $$->place = @$; azp_set_doc(parser, $$); }
  ;

declaration:
    "import" plain            { $$ = ITEM(AZP_IMPORT, @$); $$->name = $2; }
  | "catalog" WORD '=' plain  { $$ = ITEM(AZP_CATALOG, @$); $$->name = $2; $$->other = $4; }
  | "probe" WORD ':' type     { $$ = ITEM(AZP_PROBE, @$); $$->name = $2; $$->type = $4; }
  | "fact" WORD ':' type domain '{' lines '}'
                              { $$ = azp_input(AZP_FACT, $7, $2, $4, $5, NULL); }
  | "option" WORD ':' type domain default '{' lines '}'
                              { $$ = azp_input(AZP_OPTION, $8, $2, $4, $5, $6); }
  | "secret" WORD '{' lines '}'
                              { $$ = azp_input(AZP_SECRET, $4, $2, NULL,
                                               (struct azp_exprs){0}, NULL); }
  | "optional" "secret" WORD '{' lines '}'
                              { $$ = azp_input(AZP_SECRET, $5, $3, NULL,
                                               (struct azp_exprs){0}, NULL);
                                $$->override = true; }
  | "let" WORD type_note '=' expr
                              { $$ = ITEM(AZP_LET, @$); $$->name = $2; $$->type = $3;
                                $$->value = $5; }
  | "def" WORD '(' bindings ')' type_note '=' expr
                              { $$ = ITEM(AZP_DEF, @$); $$->name = $2; $$->bindings = $4;
                                $$->type = $6; $$->value = $8; }
  | "profile" WORD '(' bindings ')' '{' member_rows '}'
                              { $$ = ITEM(AZP_PROFILE, @$); $$->name = $2; $$->bindings = $4;
                                $$->rows = $7; }
  | "tiers" WORD "by" WORD '(' bindings ')' '{' rows '}'
                              { $$ = ITEM(AZP_TIERS, @$); $$->name = $2; $$->of = $4;
                                $$->bindings = $6; $$->rows = $9; }
  | "config" WORD "of" WORD extends '{' statements '}'
                              { $$ = ITEM(AZP_CONFIG, @$); $$->name = $2; $$->of = $4;
                                $$->other = $5; $$->body = $7; }
  | "invariant" WORD guard ':' expr
                              { $$ = azp_invariant(parser, AZP_HOLDS, $2, $3, $5); }
  | "invariant" WORD guard ':' modified "rises" "with" WORD
                              { $$ = azp_invariant(parser, AZP_RISES, $2, $3, $5); $$->of = $8; }
  | "invariant" WORD guard ':' modified "falls" "with" WORD
                              { $$ = azp_invariant(parser, AZP_FALLS, $2, $3, $5); $$->of = $8; }
  | "invariant" WORD guard ':' modified "jumps" "at" "most" sum "with" WORD
                              { $$ = azp_invariant(parser, AZP_JUMPS, $2, $3, $5); $$->high = $9;
                                $$->of = $11; }
  | "invariant" WORD guard ':' modified "least" "without" WORD
                              { $$ = azp_invariant(parser, AZP_LEAST, $2, $3, $5); $$->of = $8; }
  | "invariant" WORD guard ':' modified "most" "without" WORD
                              { $$ = azp_invariant(parser, AZP_MOST, $2, $3, $5); $$->of = $8; }
  | check text "when" expr    { $$ = ITEM(AZP_CHECK, @$); $$->shape = $1; $$->value = $2;
                                $$->condition = $4; $$->name.place = @1; }
  | "export" WORD '=' expr guard
                              { $$ = ITEM(AZP_EXPORT, @$); $$->name = $2; $$->value = $4;
                                $$->condition = $5; }
  | "test" plain '{' test_items '}'
                              { $$ = ITEM(AZP_TEST, @$); $$->name = $2; $$->body = $4; }
  | "emit" "flags" WORD "from" WORD
                              { $$ = ITEM(AZP_EMIT, @$); $$->of.text = "flags"; $$->of.place = @2;
                                $$->name = $3; $$->other = $5; }
  | "emit" moment plain mode for "as" WORD "from" expr
                              { $$ = azp_emit(parser, $2, $3, $4, $5); $$->of = $7;
                                azp_set_document($$, $9); }
  | "schema" WORD for extends '{' schema_lines '}'
                              { $$ = ITEM(AZP_SCHEMA, @$); $$->name = $2; $$->of = $3;
                                $$->other = $4; $$->body = $6; }
  | block
  ;

moment:
    %empty                    { $$ = (struct azp_word){0}; }
  | WORD
  ;

mode:
    %empty                    { $$ = (struct azp_word){0}; }
  | WORD QUANTITY             { $$ = azp_mode(parser, $1, @2); }
  ;

for:
    %empty                    { $$ = (struct azp_word){0}; }
  | "for" WORD                { $$ = $2; }
  ;

schema_lines:
    %empty                    { $$ = (struct azp_items){0}; }
  | schema_lines schema_line  { $$ = $1; azp_items_add(parser, &$$, $2);
                                azp_set_doc(parser, $2); }
  | schema_lines error        { $$ = $1; parser->file->broken = true; }
  ;

schema_line:
    field ':' type default    { $$ = ITEM(AZP_SCHEMA_FIELD, @$); $$->name = $1; $$->type = $3;
                                $$->value = $4; }
  | "check" expr ':' text     { $$ = ITEM(AZP_SCHEMA_CHECK, @$); $$->condition = $2;
                                $$->value = $4; $$->name.place = @1; }
  ;

block:
    KIND WORD '{' block_lines '}'
                              { $$ = ITEM(AZP_BLOCK, @$); $$->of = $1; $$->name = $2;
                                $$->body = $4; }
  ;

block_lines:
    %empty                    { $$ = (struct azp_items){0}; }
  | block_lines block_line    { $$ = $1; azp_items_add(parser, &$$, $2); $2->place = @2;
                                azp_set_doc(parser, $2); }
  | block_lines error         { $$ = $1; parser->file->broken = true; }
  ;

block_line:
    field '=' expr            { $$ = ITEM(AZP_BLOCK_FIELD, @$); $$->name = $1; $$->value = $3; }
  | block
  ;

/* The reserved words that begin a line with `:` or end a condition stay themselves. */
field:
    WORD
  | FIELD
  | "below"                   { $$ = azp_word(parser, @1); }
  | "above"                   { $$ = azp_word(parser, @1); }
  | "beyond"                  { $$ = azp_word(parser, @1); }
  | "missing"                 { $$ = azp_word(parser, @1); }
  | "invalid"                 { $$ = azp_word(parser, @1); }
  | "given"                   { $$ = azp_word(parser, @1); }
  ;

check:
    "refuse"                  { $$ = AZB_CHECK_REFUSE; }
  | "warn"                    { $$ = AZB_CHECK_WARN; }
  ;

extends:
    %empty                    { $$ = (struct azp_word){0}; }
  | "extends" WORD            { $$ = $2; }
  ;

guard:
    %empty                    { $$ = NULL; }
  | "when" expr               { $$ = $2; }
  ;

default:
    %empty                    { $$ = NULL; }
  | '=' expr                  { $$ = $2; }
  ;

domain:
    %empty                    { $$ = (struct azp_exprs){0}; }
  | "in" sum ".." sum         { $$ = (struct azp_exprs){0}; PUSH($$) = $2; PUSH($$) = $4; }
  ;

/* The lines of a fact, option or secret, gathered in the item that will be it. */
lines:
    %empty                    { $$ = ITEM(AZP_FACT, @$); }
  | lines source              { $$ = $1; PUSH($$->sources) = $2; }
  | lines "below" ':' outcome { $$ = $1; azp_set_outcome(parser, &$$->below, $4, "below"); }
  | lines "above" ':' outcome { $$ = $1; azp_set_outcome(parser, &$$->above, $4, "above"); }
  | lines "missing" ':' outcome
                              { $$ = $1; azp_set_outcome(parser, &$$->missing, $4, "missing"); }
  | lines "invalid" ':' outcome
                              { $$ = $1; azp_set_outcome(parser, &$$->invalid, $4, "invalid"); }
  | lines error               { $$ = $1; parser->file->broken = true; }
  ;

source:
    "from" origin             { $$ = $2; $$.place = @$; }
  | "or" origin               { $$ = $2; $$.place = @$; }
  | source "in" domain_name   { $$ = $1; $$.unit = $3; }
  | source "as" plain         { $$ = $1; $$.label = $3; }
  | source "warn" text        { $$ = $1; $$.warning = $3; }
  ;

origin:
    WORD                      { $$ = azp_source(parser, (struct azp_word){0}, $1); }
  | WORD WORD                 { $$ = azp_source(parser, $1, $2); }
  ;

domain_name:
    WORD
  ;

outcome:
    "refuse"                  { $$ = azp_outcome(AZB_REFUSE, @$, NULL, NULL); }
  | "refuse" text             { $$ = azp_outcome(AZB_REFUSE, @$, NULL, $2); }
  | "clamp"                   { $$ = azp_outcome(AZB_CLAMP, @$, NULL, NULL); }
  | "warn"                    { $$ = azp_outcome(AZB_DEFAULT, @$, NULL, NULL); }
  | "warn" text               { $$ = azp_outcome(AZB_DEFAULT, @$, NULL, $2); }
  | "use" sum                 { $$ = azp_outcome(AZB_USE, @$, $2, NULL); }
  | "use" sum "warn" text     { $$ = azp_outcome(AZB_USE, @$, $2, $4); }
  ;

type:
    plain_type
  | "optional" plain_type     { $$ = $2; $$->optional = true; $$->place = @$; }
  ;

plain_type:
    WORD                      { $$ = azp_type(parser, @$, $1.text); }
  | "secret"                  { $$ = azp_type(parser, @$, azp_word(parser, @1).text); }
  | FIELD                     { $$ = azp_type(parser, @$, $1.text); }
  | "list" "of" plain_type    { $$ = azp_type(parser, @$, NULL); $$->list = true;
                                $$->element = $3; }
  | "map" "of" plain_type     { $$ = azp_type(parser, @$, NULL); $$->map = true;
                                $$->element = $3; }
  | "enum" '{' members '}'    { $$ = azp_type(parser, @$, NULL); $$->members = $3; }
  ;

type_note:
    %empty                    { $$ = NULL; }
  | ':' type                  { $$ = $2; }
  ;

members:
    WORD                      { $$ = (struct azp_words){0}; PUSH($$) = $1; }
  | members ',' WORD          { $$ = $1; PUSH($$) = $3; }
  ;

bindings:
    binding                   { $$ = (struct azp_bindings){0}; PUSH($$) = $1; }
  | bindings ',' binding      { $$ = $1; PUSH($$) = $3; }
  ;

binding:
    WORD ':' type             { $$.name = $1; $$.type = $3; }
  ;

member_rows:
    %empty                    { $$ = (struct azp_rows){0}; }
  | member_rows member_row    { $$ = $1; PUSH($$) = $2; }
  ;

member_row:
    WORD ':' cells            { $$ = azp_row(parser, AZP_ROW_MEMBER, @1, NULL, $3);
                                $$->member = $1; }
  ;

rows:
    %empty                    { $$ = (struct azp_rows){0}; }
  | rows row                  { $$ = $1; PUSH($$) = $2; }
  ;

row:
    "to" sum ':' cells        { $$ = azp_row(parser, AZP_ROW_TO, azp_join(@1, @2), $2, $4); }
  | "below" sum ':' cells     { $$ = azp_row(parser, AZP_ROW_BELOW, azp_join(@1, @2), $2, $4); }
  | "beyond" ':' cells        { $$ = azp_row(parser, AZP_ROW_BEYOND, @1, NULL, $3); }
  ;

cells:
    expr                      { $$ = (struct azp_exprs){0}; PUSH($$) = $1; }
  | cells ',' expr            { $$ = $1; PUSH($$) = $3; }
  ;

statements:
    %empty                    { $$ = (struct azp_items){0}; }
  | statements statement      { $$ = $1; azp_items_add(parser, &$$, $2);
                                azp_set_doc(parser, $2); }
  | statements error          { $$ = $1; parser->file->broken = true; }
  ;

statement:
    override dotted '=' expr  { $$ = ITEM(AZP_SET, @$); $$->override = $1; $$->name = $2;
                                $$->value = $4; }
  | "let" WORD type_note '=' expr
                              { $$ = ITEM(AZP_LET, @$); $$->name = $2; $$->type = $3;
                                $$->value = $5; }
  | when
  ;

override:
    "set"                     { $$ = false; }
  | "override"                { $$ = true; }
  ;

when:
    "when" expr '{' statements '}' otherwise
                              { $$ = ITEM(AZP_WHEN, @$); $$->condition = $2; $$->body = $4;
                                $$->otherwise = $6; $$->name.place = azp_join(@1, @2); }
  ;

otherwise:
    %empty                    { $$ = (struct azp_items){0}; }
  | "else" '{' statements '}' { $$ = $3; }
  | "else" when               { $$ = (struct azp_items){0}; azp_items_add(parser, &$$, $2); }
  ;

test_items:
    %empty                    { $$ = (struct azp_items){0}; }
  | test_items "given" assignments
                              { $$ = $1; for (size_t i = 0; i < $3.count; i++)
                                             azp_items_add(parser, &$$, $3.items[i]); }
  | test_items test_item      { $$ = $1; azp_items_add(parser, &$$, $2); }
  | test_items error          { $$ = $1; parser->file->broken = true; }
  ;

assignments:
    assignment                { $$ = (struct azp_items){0}; azp_items_add(parser, &$$, $1); }
  | assignments ',' assignment
                              { $$ = $1; azp_items_add(parser, &$$, $3); }
  ;

assignment:
    dotted '=' expr           { $$ = ITEM(AZP_GIVEN, @$); $$->name = $1; $$->value = $3; }
  ;

test_item:
    "expect" expr             { $$ = azp_expect(parser, @$, AZP_EXPECT_TRUE, $2); }
  | "expect" "refused" text   { $$ = azp_expect(parser, @$, AZP_EXPECT_REFUSED, $3); }
  | "expect" "warned" text    { $$ = azp_expect(parser, @$, AZP_EXPECT_WARNED, $3); }
  ;

/* Expressions, loosest first. */

expr:
    choice
  | choice "else" expr        { $$ = EXPR(AZP_ELSE, @$); $$->fallback.of = $1;
                                $$->fallback.otherwise = $3; }
  ;

choice:
    or_expr
  | "if" expr "then" choice "else" choice
                              { $$ = EXPR(AZP_IF, @$); $$->choice.condition = $2;
                                $$->choice.yes = $4; $$->choice.no = $6; }
  ;

or_expr:
    and_expr
  | or_expr "or" and_expr     { $$ = azp_binary(parser, @$, AZP_OR, $1, $3); }
  ;

and_expr:
    not_expr
  | and_expr "and" not_expr   { $$ = azp_binary(parser, @$, AZP_AND, $1, $3); }
  ;

not_expr:
    comparison
  | "not" not_expr            { $$ = azp_unary(parser, @$, AZP_NOT, $2); }
  ;

comparison:
    modified
  | modified "==" modified    { $$ = azp_binary(parser, @$, AZP_EQ, $1, $3); }
  | modified "!=" modified    { $$ = azp_binary(parser, @$, AZP_NE, $1, $3); }
  | modified '<' modified     { $$ = azp_binary(parser, @$, AZP_LT, $1, $3); }
  | modified "<=" modified    { $$ = azp_binary(parser, @$, AZP_LE, $1, $3); }
  | modified '>' modified     { $$ = azp_binary(parser, @$, AZP_GT, $1, $3); }
  | modified ">=" modified    { $$ = azp_binary(parser, @$, AZP_GE, $1, $3); }
  | modified "is" WORD        { $$ = azp_is(parser, @$, $1, false, $3); }
  | modified "is" "not" WORD  { $$ = azp_is(parser, @$, $1, true, $4); }
  | modified "is" "given"     { $$ = azp_is_given(parser, @$, $1, false); }
  | modified "is" "not" "given"
                              { $$ = azp_is_given(parser, @$, $1, true); }
  | modified "in" modified    { $$ = azp_in(parser, @$, $1, false, $3); }
  | modified "not" "in" modified
                              { $$ = azp_in(parser, @$, $1, true, $4); }
  ;

modified:
    sum
  | modified "at" "least" sum { $$ = azp_limit(parser, @$, $1, $4, NULL); }
  | modified "at" "most" sum  { $$ = azp_limit(parser, @$, $1, NULL, $4); }
  | modified "within" sum ".." sum
                              { $$ = azp_limit(parser, @$, $1, $3, $5); }
  | modified "rounded" rounding sum
                              { $$ = azp_rounded(parser, @$, $3, $1, $4); }
  ;

rounding:
    "to"                      { $$ = AZA_ROUND_NEAR; }
  | "down" "to"               { $$ = AZA_ROUND_DOWN; }
  | "up" "to"                 { $$ = AZA_ROUND_UP; }
  ;

sum:
    product
  | sum '+' product           { $$ = azp_binary(parser, @$, AZP_ADD, $1, $3); }
  | sum '-' product           { $$ = azp_binary(parser, @$, AZP_SUB, $1, $3); }
  ;

product:
    unary
  | product '*' unary         { $$ = azp_binary(parser, @$, AZP_MUL, $1, $3); }
  | product '/' unary         { $$ = azp_binary(parser, @$, AZP_DIV, $1, $3); }
  | product "mod" unary       { $$ = azp_binary(parser, @$, AZP_MOD, $1, $3); }
  ;

unary:
    postfix
  | '-' unary                 { $$ = azp_unary(parser, @$, AZP_NEG, $2); }
  ;

postfix:
    primary
  | postfix '.' field         { $$ = azp_field(parser, @$, $1, $3); }
  ;

primary:
    QUANTITY                  { $$ = EXPR(AZP_QUANTITY, @$); $$->quantity.kind = $1.kind;
                                $$->quantity.value = $1.value; }
  | "true"                    { $$ = EXPR(AZP_TRUTH, @$); $$->truth = true; }
  | "false"                   { $$ = EXPR(AZP_TRUTH, @$); }
  | text
  | WORD                      { $$ = EXPR(AZP_NAME, @$); $$->name.name = $1.text; }
  | WORD '(' exprs ')'        { $$ = EXPR(AZP_CALL, @$); $$->call.function = $1;
                                $$->call.arguments = $3; }
  | '(' expr ')'              { $$ = $2; $$->place = @$; }
  | '[' ']'                   { $$ = EXPR(AZP_LIST, @$); }
  | '[' exprs ']'             { $$ = EXPR(AZP_LIST, @$); $$->list.elements = $2; }
  | '[' exprs ',' ']'         { $$ = EXPR(AZP_LIST, @$); $$->list.elements = $2; }
  | '[' each ':' expr ']'     { $$ = azp_comprehension(parser, @$, $2, NULL, $4); }
  | '{' '}'                   { $$ = EXPR(AZP_MAP, @$); }
  | '{' pairs '}'             { $$ = EXPR(AZP_MAP, @$); $$->map.pairs = $2; }
  | '{' pairs ',' '}'         { $$ = EXPR(AZP_MAP, @$); $$->map.pairs = $2; }
  | '{' error '}'             { $$ = EXPR(AZP_ERROR, @$); parser->file->broken = true; }
  | '{' each ':' sum ':' expr '}'
                              { $$ = azp_comprehension(parser, @$, $2, $4, $6); }
  | "match" expr '{' arms '}' { $$ = EXPR(AZP_MATCH, @$); $$->match.of = $2; $$->match.arms = $4; }
  | "match" expr '{' arms ',' '}'
                              { $$ = EXPR(AZP_MATCH, @$); $$->match.of = $2; $$->match.arms = $4; }
  | "curve" postfix '{' points '}'
                              { $$ = EXPR(AZP_CURVE, @$); $$->curve.of = $2;
                                $$->curve.points = $4; }
  | "curve" postfix '{' points ',' '}'
                              { $$ = EXPR(AZP_CURVE, @$); $$->curve.of = $2;
                                $$->curve.points = $4; }
  ;

/* What a list or map is made from; the comprehension around it fills in the rest. */
each:
    "for" WORD "in" modified filter
                              { $$ = azp_each(parser, $2, (struct azp_word){0}, $4, $5); }
  | "for" WORD ',' WORD "in" modified filter
                              { $$ = azp_each(parser, $2, $4, $6, $7); }
  ;

filter:
    %empty                    { $$ = NULL; }
  | "if" or_expr              { $$ = $2; }
  ;

pairs:
    pair                      { $$ = (struct azp_pairs){0}; PUSH($$) = $1; }
  | pairs ',' pair            { $$ = $1; PUSH($$) = $3; }
  ;

pair:
    field ':' expr            { $$ = azp_pair(parser, azp_literal(parser, $1), $3); }
  | text ':' expr             { $$ = azp_pair(parser, $1, $3); }
  ;

exprs:
    expr                      { $$ = (struct azp_exprs){0}; PUSH($$) = $1; }
  | exprs ',' expr            { $$ = $1; PUSH($$) = $3; }
  ;

arms:
    arm                       { $$ = (struct azp_arms){0}; PUSH($$) = $1; }
  | arms ',' arm              { $$ = $1; PUSH($$) = $3; }
  ;

arm:
    patterns ':' expr         { $$ = azp_arm(parser, @1, $1, $3); }
  | "else" ':' expr           { $$ = azp_arm(parser, @1, (struct azp_words){0}, $3); }
  ;

patterns:
    WORD                      { $$ = (struct azp_words){0}; PUSH($$) = $1; }
  | patterns "or" WORD        { $$ = $1; PUSH($$) = $3; }
  ;

points:
    point                     { $$ = (struct azp_points){0}; PUSH($$) = $1; }
  | points ',' point          { $$ = $1; PUSH($$) = $3; }
  ;

point:
    sum ':' sum               { $$.x = $1; $$.y = $3; }
  ;

dotted:
    WORD
  | dotted '.' field          { $$ = azp_dotted(parser, @$, $1, $3); }
  ;

/* A text without interpolation, where only a constant makes sense. */
plain:
    TEXT_OPEN TEXT_CLOSE      { $$.text = aza_intern(parser->context->names, "", 0);
                                $$.place = @$; }
  | TEXT_OPEN TEXT_CHUNK TEXT_CLOSE
                              { $$ = $2; $$.place = @$; }
  ;

text:
    TEXT_OPEN pieces TEXT_CLOSE
                              { $$ = EXPR(AZP_TEXT, @$); $$->text.pieces = $2; }
  ;

pieces:
    %empty                    { $$ = (struct azp_exprs){0}; }
  | pieces TEXT_CHUNK         { $$ = $1; if (*$2.text != '\0')
                                             PUSH($$) = azp_literal(parser, $2); }
  | pieces INTERPOLATION expr ')'
                              { $$ = $1; PUSH($$) = $3; }
  ;

%%

/* The tokens that would have been right here; only a short list helps anybody. */
enum { EXPECTED_MAX = 6 };

/* What is also a field is not listed beside it. */
static bool is_field_too(yysymbol_kind_t symbol)
{
    static const bool fields[YYNTOKENS] = {
        [YYSYMBOL_WORD] = true,  [YYSYMBOL_BELOW] = true,   [YYSYMBOL_ABOVE] = true,
        [YYSYMBOL_BEYOND] = true, [YYSYMBOL_MISSING] = true, [YYSYMBOL_INVALID] = true,
        [YYSYMBOL_GIVEN] = true};
    return fields[symbol];
}

/* Fills `wanted` with the names of the tokens; answers how many there are. */
static size_t name_expected(const yysymbol_kind_t *expected, int count, const char **wanted)
{
    size_t names = 0;
    bool field = false;
    for (int i = 0; i < count; i++)
        field |= expected[i] == YYSYMBOL_FIELD;
    for (int i = 0; i < count; i++)
        if (!field || !is_field_too(expected[i]))
            wanted[names++] = yysymbol_name(expected[i]);
    return names;
}

static int yyreport_syntax_error(const yypcontext_t *context, void *scanner,
                                 struct azp_parser *parser)
{
    (void)scanner;
    yysymbol_kind_t expected[YYNTOKENS];
    const char *wanted[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, expected, YYNTOKENS);
    size_t wanted_count = name_expected(expected, count, wanted);
    yysymbol_kind_t got = yypcontext_token(context);
    azp_syntax_error(parser, *yypcontext_location(context),
                     got == YYSYMBOL_YYEMPTY ? NULL : yysymbol_name(got), wanted,
                     wanted_count <= EXPECTED_MAX ? wanted_count : 0);
    return 0;
}

/* Only called when the parser's stack is full: everything else is a syntax error. */
static void yyerror(const struct aza_place *place, void *scanner, struct azp_parser *parser,
                    const char *message)
{
    (void)scanner;
    (void)message;
    parser->file->broken = true;
    azd_report(parser->context->queue, AZD_TOO_DEEP, *place,
               "statements or expressions are nested too deeply here");
}
