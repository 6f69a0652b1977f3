/* The grammar of the azr language. Actions build nodes (src/syntax/build.c) and check nothing that a node
 * cannot be built without; meaning is left to src/sema.
 *
 * There are no statement separators: every statement begins with a reserved word, and after a mistake the
 * parser continues at the next one. The `error` productions exist only in lists of statements or lines and in
 * map literals, so one mistake loses one statement or line. LAC parsing makes the list of expected tokens exact.
 *
 * The grammar has no conflicts (%expect 0). Levels of expressions are nonterminals from loosest to
 * tightest instead of precedences, because the words (`at least`, `rounded to`, `is not`) have several
 * tokens. */
%require "3.8"
%define api.pure full
%define api.location.type {struct base_place}
%define parse.error custom
%define parse.lac full
%expect 0
%locations
%param {void *scanner}
%parse-param {struct syntax_parser *parser}

%code requires {
#include "syntax/parser.h"
}

%code provides {
int syntax_lex_lex(YYSTYPE *value, struct base_place *place, void *scanner);
int syntax_lex_lex_init_extra(struct syntax_parser *parser, void **scanner);
int syntax_lex_lex_destroy(void *scanner);
}

%code {
#include "base/checked.h"
#define yylex syntax_lex_lex

#define YYLLOC_DEFAULT(current, rhs, count)                                                        \
    ((current) = (count) > 0                                                                       \
                     ? syntax_join(YYRHSLOC(rhs, 1), YYRHSLOC(rhs, count))                            \
                     : (struct base_place){YYRHSLOC(rhs, 0).file,                                   \
                                          YYRHSLOC(rhs, 0).start + YYRHSLOC(rhs, 0).length, 0})

/* Entries of the stack. A parenthesis takes one, a match in an arm of another match takes seven, so
 * LIMIT_NESTING parentheses fit and deeper nesting is reported by yyerror. */
#define YYMAXDEPTH (LIMIT_NESTING * 2)

#define EXPR(class, place) syntax_expr_new(parser, (class), (place))
#define ITEM(class, place) syntax_item_new(parser, (class), (place))
#define PUSH(list)         (*BASE_PUSH(parser->context->arena, &(list)))

static void yyerror(const struct base_place *place, void *scanner, struct syntax_parser *parser,
                    const char *message);
}

%union {
    struct syntax_quantity quantity;
    struct syntax_word word;
    struct syntax_expr *expr;
    struct syntax_exprs exprs;
    struct syntax_words words;
    struct syntax_arm *arm;
    struct syntax_arms arms;
    struct syntax_point point;
    struct syntax_points points;
    struct syntax_pair pair;
    struct syntax_pairs pairs;
    struct syntax_type *type;
    struct syntax_binding binding;
    struct syntax_bindings bindings;
    struct syntax_row *row;
    struct syntax_rows rows;
    struct syntax_source source;
    struct syntax_outcome outcome;
    struct syntax_item *item;
    struct syntax_items items;
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
%token TEXT_OPEN "a quoted text" TEXT_CLOSE "the end of the text" INTERPOLATION "\\("
%token <word> TEXT_CHUNK "text" WORD "a name"
/* Words that the lexer classifies by what follows: the kind of a block is followed by a name and a brace,
 * a reserved word that names a field by `:` or `=`, the `file` that includes one by a text. The first
 * token of a statement therefore determines the statement, also for error recovery. */
%token <word> KIND "a block" FIELD "a field" FILE_OF "file"
%token <quantity> QUANTITY "a number"

/* After `file "..."`, `with` belongs to the file, even in `jumps at most ... with FACT`. */
%precedence FILE_OF
%precedence WITH

%type <word> dotted plain domain_name extends field moment for mode
%type <expr> expr choice or_expr and_expr not_expr comparison modified sum product unary postfix
%type <expr> primary text default guard each filter
%type <exprs> exprs cells domain pieces
%type <words> members patterns
%type <arm> arm
%type <arms> arms
%type <point> point
%type <points> points
%type <pair> pair filling
%type <pairs> pairs fillings
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
    %empty                    { $$ = (struct syntax_items){0}; }
  | items item                { $$ = $1; syntax_items_add(parser, &$$, $2); }
  | items error               { $$ = $1; parser->file->broken = true; }
  ;

item:
    declaration               { $$ = $1; $$->place = @$; syntax_set_doc(parser, $$); }
  ;

declaration:
    "import" plain            { $$ = ITEM(SYNTAX_IMPORT, @$); $$->name = $2; }
  | "catalog" WORD '=' plain  { $$ = ITEM(SYNTAX_CATALOG, @$); $$->name = $2; $$->other = $4; }
  | "probe" WORD ':' type     { $$ = ITEM(SYNTAX_PROBE, @$); $$->name = $2; $$->type = $4; }
  | "fact" WORD ':' type domain '{' lines '}'
                              { $$ = syntax_input(SYNTAX_FACT, $7, $2, $4, $5, NULL); }
  | "option" WORD ':' type domain default '{' lines '}'
                              { $$ = syntax_input(SYNTAX_OPTION, $8, $2, $4, $5, $6); }
  | "secret" WORD '{' lines '}'
                              { $$ = syntax_input(SYNTAX_SECRET, $4, $2, NULL,
                                               (struct syntax_exprs){0}, NULL); }
  | "optional" "secret" WORD '{' lines '}'
                              { $$ = syntax_input(SYNTAX_SECRET, $5, $3, NULL,
                                               (struct syntax_exprs){0}, NULL);
                                $$->override = true; }
  | "let" WORD type_note '=' expr
                              { $$ = ITEM(SYNTAX_LET, @$); $$->name = $2; $$->type = $3;
                                $$->value = $5; }
  | "def" WORD '(' bindings ')' type_note '=' expr
                              { $$ = ITEM(SYNTAX_DEF, @$); $$->name = $2; $$->bindings = $4;
                                $$->type = $6; $$->value = $8; }
  | "profile" WORD '(' bindings ')' '{' member_rows '}'
                              { $$ = ITEM(SYNTAX_PROFILE, @$); $$->name = $2; $$->bindings = $4;
                                $$->rows = $7; }
  | "tiers" WORD "by" WORD '(' bindings ')' '{' rows '}'
                              { $$ = ITEM(SYNTAX_TIERS, @$); $$->name = $2; $$->of = $4;
                                $$->bindings = $6; $$->rows = $9; }
  | "config" WORD "of" WORD extends '{' statements '}'
                              { $$ = ITEM(SYNTAX_CONFIG, @$); $$->name = $2; $$->of = $4;
                                $$->other = $5; $$->body = $7; }
  | "invariant" WORD guard ':' expr
                              { $$ = syntax_invariant(parser, SYNTAX_HOLDS, $2, $3, $5); }
  | "invariant" WORD guard ':' modified "rises" "with" WORD
                              { $$ = syntax_invariant(parser, SYNTAX_RISES, $2, $3, $5); $$->of = $8; }
  | "invariant" WORD guard ':' modified "falls" "with" WORD
                              { $$ = syntax_invariant(parser, SYNTAX_FALLS, $2, $3, $5); $$->of = $8; }
  | "invariant" WORD guard ':' modified "jumps" "at" "most" sum "with" WORD
                              { $$ = syntax_invariant(parser, SYNTAX_JUMPS, $2, $3, $5); $$->high = $9;
                                $$->of = $11; }
  | "invariant" WORD guard ':' modified "least" "without" WORD
                              { $$ = syntax_invariant(parser, SYNTAX_LEAST, $2, $3, $5); $$->of = $8; }
  | "invariant" WORD guard ':' modified "most" "without" WORD
                              { $$ = syntax_invariant(parser, SYNTAX_MOST, $2, $3, $5); $$->of = $8; }
  | check text "when" expr    { $$ = ITEM(SYNTAX_CHECK, @$); $$->shape = $1; $$->value = $2;
                                $$->condition = $4; $$->name.place = @1; }
  | "export" WORD '=' expr guard
                              { $$ = ITEM(SYNTAX_EXPORT, @$); $$->name = $2; $$->value = $4;
                                $$->condition = $5; }
  | "test" plain '{' test_items '}'
                              { $$ = ITEM(SYNTAX_TEST, @$); $$->name = $2; $$->body = $4; }
  | "emit" "flags" WORD "from" WORD
                              { $$ = ITEM(SYNTAX_EMIT, @$); $$->of.text = "flags"; $$->of.place = @2;
                                $$->name = $3; $$->other = $5; }
  | "emit" moment plain mode for "as" WORD "from" expr
                              { $$ = syntax_emit(parser, $2, $3, $4, $5); $$->of = $7;
                                syntax_set_document($$, $9); }
  | "schema" WORD for extends '{' schema_lines '}'
                              { $$ = ITEM(SYNTAX_SCHEMA, @$); $$->name = $2; $$->of = $3;
                                $$->other = $4; $$->body = $6; }
  | block
  ;

moment:
    %empty                    { $$ = (struct syntax_word){0}; }
  | WORD
  ;

mode:
    %empty                    { $$ = (struct syntax_word){0}; }
  | WORD QUANTITY             { $$ = syntax_mode(parser, $1, @2); }
  ;

for:
    %empty                    { $$ = (struct syntax_word){0}; }
  | "for" WORD                { $$ = $2; }
  ;

schema_lines:
    %empty                    { $$ = (struct syntax_items){0}; }
  | schema_lines schema_line  { $$ = $1; syntax_items_add(parser, &$$, $2);
                                syntax_set_doc(parser, $2); }
  | schema_lines error        { $$ = $1; parser->file->broken = true; }
  ;

schema_line:
    field ':' type default    { $$ = ITEM(SYNTAX_SCHEMA_FIELD, @$); $$->name = $1; $$->type = $3;
                                $$->value = $4; }
  | "check" expr ':' text     { $$ = ITEM(SYNTAX_SCHEMA_CHECK, @$); $$->condition = $2;
                                $$->value = $4; $$->name.place = @1; }
  ;

block:
    KIND WORD '{' block_lines '}'
                              { $$ = ITEM(SYNTAX_BLOCK, @$); $$->of = $1; $$->name = $2;
                                $$->body = $4; }
  ;

block_lines:
    %empty                    { $$ = (struct syntax_items){0}; }
  | block_lines block_line    { $$ = $1; syntax_items_add(parser, &$$, $2); $2->place = @2;
                                syntax_set_doc(parser, $2); }
  | block_lines error         { $$ = $1; parser->file->broken = true; }
  ;

block_line:
    field '=' expr            { $$ = ITEM(SYNTAX_BLOCK_FIELD, @$); $$->name = $1; $$->value = $3; }
  | block
  ;

/* The reserved words that begin a line with `:` or end a condition stay themselves. */
field:
    WORD
  | FIELD
  | "below"                   { $$ = syntax_word(parser, @1); }
  | "above"                   { $$ = syntax_word(parser, @1); }
  | "beyond"                  { $$ = syntax_word(parser, @1); }
  | "missing"                 { $$ = syntax_word(parser, @1); }
  | "invalid"                 { $$ = syntax_word(parser, @1); }
  | "given"                   { $$ = syntax_word(parser, @1); }
  ;

check:
    "refuse"                  { $$ = IMAGE_CHECK_REFUSE; }
  | "warn"                    { $$ = IMAGE_CHECK_WARN; }
  ;

extends:
    %empty                    { $$ = (struct syntax_word){0}; }
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
    %empty                    { $$ = (struct syntax_exprs){0}; }
  | "in" sum ".." sum         { $$ = (struct syntax_exprs){0}; PUSH($$) = $2; PUSH($$) = $4; }
  ;

/* The lines of a fact, option or secret, collected in the item that syntax_input completes. */
lines:
    %empty                    { $$ = ITEM(SYNTAX_FACT, @$); }
  | lines source              { $$ = $1; PUSH($$->sources) = $2; }
  | lines "below" ':' outcome { $$ = $1; syntax_set_outcome(parser, &$$->below, $4, "below"); }
  | lines "above" ':' outcome { $$ = $1; syntax_set_outcome(parser, &$$->above, $4, "above"); }
  | lines "missing" ':' outcome
                              { $$ = $1; syntax_set_outcome(parser, &$$->missing, $4, "missing"); }
  | lines "invalid" ':' outcome
                              { $$ = $1; syntax_set_outcome(parser, &$$->invalid, $4, "invalid"); }
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
    WORD                      { $$ = syntax_source(parser, (struct syntax_word){0}, $1); }
  | WORD WORD                 { $$ = syntax_source(parser, $1, $2); }
  ;

domain_name:
    WORD
  ;

outcome:
    "refuse"                  { $$ = syntax_outcome(IMAGE_REFUSE, @$, NULL, NULL); }
  | "refuse" text             { $$ = syntax_outcome(IMAGE_REFUSE, @$, NULL, $2); }
  | "clamp"                   { $$ = syntax_outcome(IMAGE_CLAMP, @$, NULL, NULL); }
  | "warn"                    { $$ = syntax_outcome(IMAGE_DEFAULT, @$, NULL, NULL); }
  | "warn" text               { $$ = syntax_outcome(IMAGE_DEFAULT, @$, NULL, $2); }
  | "use" sum                 { $$ = syntax_outcome(IMAGE_USE, @$, $2, NULL); }
  | "use" sum "warn" text     { $$ = syntax_outcome(IMAGE_USE, @$, $2, $4); }
  ;

type:
    plain_type
  | "optional" plain_type     { $$ = $2; $$->optional = true; $$->place = @$; }
  ;

plain_type:
    WORD                      { $$ = syntax_type(parser, @$, $1.text); }
  | "secret"                  { $$ = syntax_type(parser, @$, syntax_word(parser, @1).text); }
  | FIELD                     { $$ = syntax_type(parser, @$, $1.text); }
  | "list" "of" plain_type    { $$ = syntax_type(parser, @$, NULL); $$->list = true;
                                $$->element = $3; }
  | "map" "of" plain_type     { $$ = syntax_type(parser, @$, NULL); $$->map = true;
                                $$->element = $3; }
  | "enum" '{' members '}'    { $$ = syntax_type(parser, @$, NULL); $$->members = $3; }
  ;

type_note:
    %empty                    { $$ = NULL; }
  | ':' type                  { $$ = $2; }
  ;

members:
    WORD                      { $$ = (struct syntax_words){0}; PUSH($$) = $1; }
  | members ',' WORD          { $$ = $1; PUSH($$) = $3; }
  ;

bindings:
    binding                   { $$ = (struct syntax_bindings){0}; PUSH($$) = $1; }
  | bindings ',' binding      { $$ = $1; PUSH($$) = $3; }
  ;

binding:
    WORD ':' type             { $$.name = $1; $$.type = $3; }
  ;

member_rows:
    %empty                    { $$ = (struct syntax_rows){0}; }
  | member_rows member_row    { $$ = $1; PUSH($$) = $2; }
  ;

member_row:
    WORD ':' cells            { $$ = syntax_row(parser, SYNTAX_ROW_MEMBER, @1, NULL, $3);
                                $$->member = $1; }
  ;

rows:
    %empty                    { $$ = (struct syntax_rows){0}; }
  | rows row                  { $$ = $1; PUSH($$) = $2; }
  ;

row:
    "to" sum ':' cells        { $$ = syntax_row(parser, SYNTAX_ROW_TO, syntax_join(@1, @2), $2, $4); }
  | "below" sum ':' cells     { $$ = syntax_row(parser, SYNTAX_ROW_BELOW, syntax_join(@1, @2), $2, $4); }
  | "beyond" ':' cells        { $$ = syntax_row(parser, SYNTAX_ROW_BEYOND, @1, NULL, $3); }
  ;

cells:
    expr                      { $$ = (struct syntax_exprs){0}; PUSH($$) = $1; }
  | cells ',' expr            { $$ = $1; PUSH($$) = $3; }
  ;

statements:
    %empty                    { $$ = (struct syntax_items){0}; }
  | statements statement      { $$ = $1; syntax_items_add(parser, &$$, $2);
                                syntax_set_doc(parser, $2); }
  | statements error          { $$ = $1; parser->file->broken = true; }
  ;

statement:
    override dotted '=' expr  { $$ = ITEM(SYNTAX_SET, @$); $$->override = $1; $$->name = $2;
                                $$->value = $4; }
  | "let" WORD type_note '=' expr
                              { $$ = ITEM(SYNTAX_LET, @$); $$->name = $2; $$->type = $3;
                                $$->value = $5; }
  | when
  ;

override:
    "set"                     { $$ = false; }
  | "override"                { $$ = true; }
  ;

when:
    "when" expr '{' statements '}' otherwise
                              { $$ = ITEM(SYNTAX_WHEN, @$); $$->condition = $2; $$->body = $4;
                                $$->otherwise = $6; $$->name.place = syntax_join(@1, @2); }
  ;

otherwise:
    %empty                    { $$ = (struct syntax_items){0}; }
  | "else" '{' statements '}' { $$ = $3; }
  | "else" when               { $$ = (struct syntax_items){0}; syntax_items_add(parser, &$$, $2); }
  ;

test_items:
    %empty                    { $$ = (struct syntax_items){0}; }
  | test_items "given" assignments
                              { $$ = $1; for (size_t i = 0; i < $3.count; i++)
                                             syntax_items_add(parser, &$$, $3.items[i]); }
  | test_items test_item      { $$ = $1; syntax_items_add(parser, &$$, $2); }
  | test_items error          { $$ = $1; parser->file->broken = true; }
  ;

assignments:
    assignment                { $$ = (struct syntax_items){0}; syntax_items_add(parser, &$$, $1); }
  | assignments ',' assignment
                              { $$ = $1; syntax_items_add(parser, &$$, $3); }
  ;

assignment:
    dotted '=' expr           { $$ = ITEM(SYNTAX_GIVEN, @$); $$->name = $1; $$->value = $3; }
  ;

test_item:
    "expect" expr             { $$ = syntax_expect(parser, @$, SYNTAX_EXPECT_TRUE, $2); }
  | "expect" "refused" text   { $$ = syntax_expect(parser, @$, SYNTAX_EXPECT_REFUSED, $3); }
  | "expect" "warned" text    { $$ = syntax_expect(parser, @$, SYNTAX_EXPECT_WARNED, $3); }
  ;

/* Expressions, loosest first. */

expr:
    choice
  | choice "else" expr        { $$ = EXPR(SYNTAX_ELSE, @$); $$->fallback.of = $1;
                                $$->fallback.otherwise = $3; }
  ;

choice:
    or_expr
  | "if" expr "then" choice "else" choice
                              { $$ = EXPR(SYNTAX_IF, @$); $$->choice.condition = $2;
                                $$->choice.yes = $4; $$->choice.no = $6; }
  ;

or_expr:
    and_expr
  | or_expr "or" and_expr     { $$ = syntax_binary(parser, @$, SYNTAX_OR, $1, $3); }
  ;

and_expr:
    not_expr
  | and_expr "and" not_expr   { $$ = syntax_binary(parser, @$, SYNTAX_AND, $1, $3); }
  ;

not_expr:
    comparison
  | "not" not_expr            { $$ = syntax_unary(parser, @$, SYNTAX_NOT, $2); }
  ;

comparison:
    modified
  | modified "==" modified    { $$ = syntax_binary(parser, @$, SYNTAX_EQ, $1, $3); }
  | modified "!=" modified    { $$ = syntax_binary(parser, @$, SYNTAX_NE, $1, $3); }
  | modified '<' modified     { $$ = syntax_binary(parser, @$, SYNTAX_LT, $1, $3); }
  | modified "<=" modified    { $$ = syntax_binary(parser, @$, SYNTAX_LE, $1, $3); }
  | modified '>' modified     { $$ = syntax_binary(parser, @$, SYNTAX_GT, $1, $3); }
  | modified ">=" modified    { $$ = syntax_binary(parser, @$, SYNTAX_GE, $1, $3); }
  | modified "is" WORD        { $$ = syntax_is(parser, @$, $1, false, $3); }
  | modified "is" "not" WORD  { $$ = syntax_is(parser, @$, $1, true, $4); }
  | modified "is" "given"     { $$ = syntax_is_given(parser, @$, $1, false); }
  | modified "is" "not" "given"
                              { $$ = syntax_is_given(parser, @$, $1, true); }
  | modified "in" modified    { $$ = syntax_in(parser, @$, $1, false, $3); }
  | modified "not" "in" modified
                              { $$ = syntax_in(parser, @$, $1, true, $4); }
  ;

modified:
    sum
  | modified "at" "least" sum { $$ = syntax_limit(parser, @$, $1, $4, NULL); }
  | modified "at" "most" sum  { $$ = syntax_limit(parser, @$, $1, NULL, $4); }
  | modified "within" sum ".." sum
                              { $$ = syntax_limit(parser, @$, $1, $3, $5); }
  | modified "rounded" rounding sum
                              { $$ = syntax_rounded(parser, @$, $3, $1, $4); }
  ;

rounding:
    "to"                      { $$ = BASE_ROUND_NEAR; }
  | "down" "to"               { $$ = BASE_ROUND_DOWN; }
  | "up" "to"                 { $$ = BASE_ROUND_UP; }
  ;

sum:
    product
  | sum '+' product           { $$ = syntax_binary(parser, @$, SYNTAX_ADD, $1, $3); }
  | sum '-' product           { $$ = syntax_binary(parser, @$, SYNTAX_SUB, $1, $3); }
  ;

product:
    unary
  | product '*' unary         { $$ = syntax_binary(parser, @$, SYNTAX_MUL, $1, $3); }
  | product '/' unary         { $$ = syntax_binary(parser, @$, SYNTAX_DIV, $1, $3); }
  | product "mod" unary       { $$ = syntax_binary(parser, @$, SYNTAX_MOD, $1, $3); }
  ;

unary:
    postfix
  | '-' unary                 { $$ = syntax_unary(parser, @$, SYNTAX_NEG, $2); }
  ;

postfix:
    primary
  | postfix '.' field         { $$ = syntax_field(parser, @$, $1, $3); }
  ;

primary:
    QUANTITY                  { $$ = EXPR(SYNTAX_QUANTITY, @$); $$->quantity.kind = $1.kind;
                                $$->quantity.value = $1.value; }
  | "true"                    { $$ = EXPR(SYNTAX_TRUTH, @$); $$->truth = true; }
  | "false"                   { $$ = EXPR(SYNTAX_TRUTH, @$); }
  | text
  | WORD                      { $$ = EXPR(SYNTAX_NAME, @$); $$->name.name = $1.text; }
  | WORD '(' exprs ')'        { $$ = EXPR(SYNTAX_CALL, @$); $$->call.function = $1;
                                $$->call.arguments = $3; }
  | '(' expr ')'              { $$ = $2; $$->place = @$; }
  | '[' ']'                   { $$ = EXPR(SYNTAX_LIST, @$); }
  | '[' exprs ']'             { $$ = EXPR(SYNTAX_LIST, @$); $$->list.elements = $2; }
  | '[' exprs ',' ']'         { $$ = EXPR(SYNTAX_LIST, @$); $$->list.elements = $2; }
  | '[' each ':' expr ']'     { $$ = syntax_comprehension(parser, @$, $2, NULL, $4); }
  | '{' '}'                   { $$ = EXPR(SYNTAX_MAP, @$); }
  | '{' pairs '}'             { $$ = EXPR(SYNTAX_MAP, @$); $$->map.pairs = $2; }
  | '{' pairs ',' '}'         { $$ = EXPR(SYNTAX_MAP, @$); $$->map.pairs = $2; }
  | '{' error '}'             { $$ = EXPR(SYNTAX_ERROR, @$); parser->file->broken = true; }
  | '{' each ':' sum ':' expr '}'
                              { $$ = syntax_comprehension(parser, @$, $2, $4, $6); }
  | "match" expr '{' arms '}' { $$ = EXPR(SYNTAX_MATCH, @$); $$->match.of = $2; $$->match.arms = $4; }
  | "match" expr '{' arms ',' '}'
                              { $$ = EXPR(SYNTAX_MATCH, @$); $$->match.of = $2; $$->match.arms = $4; }
  | "curve" postfix '{' points '}'
                              { $$ = EXPR(SYNTAX_CURVE, @$); $$->curve.of = $2;
                                $$->curve.points = $4; }
  | "curve" postfix '{' points ',' '}'
                              { $$ = EXPR(SYNTAX_CURVE, @$); $$->curve.of = $2;
                                $$->curve.points = $4; }
  | "file" plain              { $$ = syntax_included(parser, @$, $2, (struct syntax_pairs){0}); }
  | "file" plain "with" '{' fillings '}'
                              { $$ = syntax_included(parser, @$, $2, $5); }
  | "file" plain "with" '{' fillings ',' '}'
                              { $$ = syntax_included(parser, @$, $2, $5); }
  ;

/* The head of a comprehension; syntax_comprehension completes it. */
each:
    "for" WORD "in" modified filter
                              { $$ = syntax_each(parser, $2, (struct syntax_word){0}, $4, $5); }
  | "for" WORD ',' WORD "in" modified filter
                              { $$ = syntax_each(parser, $2, $4, $6, $7); }
  ;

filter:
    %empty                    { $$ = NULL; }
  | "if" or_expr              { $$ = $2; }
  ;

pairs:
    pair                      { $$ = (struct syntax_pairs){0}; PUSH($$) = $1; }
  | pairs ',' pair            { $$ = $1; PUSH($$) = $3; }
  ;

pair:
    field ':' expr            { $$ = syntax_pair(parser, syntax_literal(parser, $1), $3); }
  | text ':' expr             { $$ = syntax_pair(parser, $1, $3); }
  ;

/* The values of a file's placeholders. */
fillings:
    filling                   { $$ = (struct syntax_pairs){0}; PUSH($$) = $1; }
  | fillings ',' filling      { $$ = $1; PUSH($$) = $3; }
  ;

filling:
    WORD ':' expr             { $$ = syntax_pair(parser, syntax_literal(parser, $1), $3); }
  ;

exprs:
    expr                      { $$ = (struct syntax_exprs){0}; PUSH($$) = $1; }
  | exprs ',' expr            { $$ = $1; PUSH($$) = $3; }
  ;

arms:
    arm                       { $$ = (struct syntax_arms){0}; PUSH($$) = $1; }
  | arms ',' arm              { $$ = $1; PUSH($$) = $3; }
  ;

arm:
    patterns ':' expr         { $$ = syntax_arm(parser, @1, $1, $3); }
  | "else" ':' expr           { $$ = syntax_arm(parser, @1, (struct syntax_words){0}, $3); }
  ;

patterns:
    WORD                      { $$ = (struct syntax_words){0}; PUSH($$) = $1; }
  | patterns "or" WORD        { $$ = $1; PUSH($$) = $3; }
  ;

points:
    point                     { $$ = (struct syntax_points){0}; PUSH($$) = $1; }
  | points ',' point          { $$ = $1; PUSH($$) = $3; }
  ;

point:
    sum ':' sum               { $$.x = $1; $$.y = $3; }
  ;

dotted:
    WORD
  | dotted '.' field          { $$ = syntax_dotted(parser, @$, $1, $3); }
  ;

/* A text without interpolation: a path or a name. */
plain:
    TEXT_OPEN TEXT_CLOSE      { $$.text = base_intern(parser->context->names, "", 0);
                                $$.place = @$; }
  | TEXT_OPEN TEXT_CHUNK TEXT_CLOSE
                              { $$ = $2; $$.place = @$; }
  ;

text:
    TEXT_OPEN pieces TEXT_CLOSE
                              { $$ = EXPR(SYNTAX_TEXT, @$); $$->text.pieces = $2; }
  ;

pieces:
    %empty                    { $$ = (struct syntax_exprs){0}; }
  | pieces TEXT_CHUNK         { $$ = $1; if (*$2.text != '\0')
                                             PUSH($$) = syntax_literal(parser, $2); }
  | pieces INTERPOLATION expr ')'
                              { $$ = $1; PUSH($$) = $3; }
  ;

%%

/* Longer lists of expected tokens are not shown. */
enum { EXPECTED_MAX = 6 };

/* The tokens that a field can be: where a field is expected, they are not listed as well. */
static bool is_field_too(yysymbol_kind_t symbol)
{
    static const bool fields[YYNTOKENS] = {
        [YYSYMBOL_WORD] = true,  [YYSYMBOL_BELOW] = true,   [YYSYMBOL_ABOVE] = true,
        [YYSYMBOL_BEYOND] = true, [YYSYMBOL_MISSING] = true, [YYSYMBOL_INVALID] = true,
        [YYSYMBOL_GIVEN] = true};
    return fields[symbol];
}

/* Fills `wanted` with the names of the tokens, and returns their number. */
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
                                 struct syntax_parser *parser)
{
    (void)scanner;
    yysymbol_kind_t expected[YYNTOKENS];
    const char *wanted[YYNTOKENS];
    int count = yypcontext_expected_tokens(context, expected, YYNTOKENS);
    size_t wanted_count = name_expected(expected, count, wanted);
    yysymbol_kind_t got = yypcontext_token(context);
    syntax_report_unexpected(parser, *yypcontext_location(context),
                     got == YYSYMBOL_YYEMPTY ? NULL : yysymbol_name(got), wanted,
                     wanted_count <= EXPECTED_MAX ? wanted_count : 0);
    return 0;
}

/* Bison calls this only when its stack is full; other mistakes go to yyreport_syntax_error. */
static void yyerror(const struct base_place *place, void *scanner, struct syntax_parser *parser,
                    const char *message)
{
    (void)scanner;
    (void)message;
    parser->file->broken = true;
    diag_report(parser->context->queue, DIAG_TOO_DEEP, *place,
               "statements or expressions are nested too deeply");
}
