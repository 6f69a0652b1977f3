/* Runs lexer and parser over one file. Also here: comments and doc comments, numbers with units,
 * the message for an unexpected token, and the source text of an expression on one line.
 *
 * Numbers are converted exactly, without floating point: digits with up to six decimal places are
 * read as millionths and multiplied by the unit in 128 bits; a number that is not a whole multiple
 * of the base unit is a mistake. */
#include <stdlib.h>
#include <string.h>

#include "base/checked.h"
#include "syntax/parser.h"
#include "azr.tab.h"

struct yy_buffer_state;
struct yy_buffer_state *syntax_lex__scan_bytes(const char *bytes, int length, void *scanner);

struct base_place syntax_join(struct base_place first, struct base_place last)
{
    first.length = last.start + last.length - first.start;
    return first;
}

/* The state of a reader of source text: in code, in a text, or in an interpolation within a text.
 */
struct reading {
    int depth;                             /* interpolations around the current byte */
    int parens[SYNTAX_TEXT_DEPTH_MAX + 1]; /* open in each of them */
    uint32_t quotes[SYNTAX_TEXT_DEPTH_MAX +
                    1]; /* number of quotes that close the text at this depth; 0 in code */
};

/* Quotes that open or close a text, or quotes in a block text that do not close it. Returns their
 * number. */
static uint32_t read_quotes(struct reading *reading, const char *text, uint32_t length)
{
    uint32_t *open = &reading->quotes[reading->depth];
    uint32_t here = length >= 3 && memcmp(text, "\"\"\"", 3) == 0 ? 3 : 1;
    uint32_t closing = *open;
    if (closing == 0) {
        *open = here;
        return here;
    }
    if (here < closing)
        return here;
    *open = 0;
    return closing;
}

static uint32_t read_backslash(struct reading *reading, const char *text, uint32_t length)
{
    bool inner = length > 1 && text[1] == '(' && reading->quotes[reading->depth] > 0;
    if (inner && reading->depth < SYNTAX_TEXT_DEPTH_MAX) {
        reading->depth++;
        reading->parens[reading->depth] = 0;
        reading->quotes[reading->depth] = 0;
    }
    return length > 1 ? 2 : 1;
}

static void read_paren(struct reading *reading, char paren)
{
    if (reading->quotes[reading->depth] > 0)
        return;
    if (paren == '(')
        reading->parens[reading->depth]++;
    else if (reading->parens[reading->depth] > 0)
        reading->parens[reading->depth]--;
    else if (reading->depth > 0)
        reading->depth--;
}

/* The number of bytes at `text` that belong together; a comment extends to the end of its line. */
static uint32_t read_next(struct reading *reading, const char *text, uint32_t length)
{
    uint32_t comment = 0;
    if (*text == '"')
        return read_quotes(reading, text, length);
    if (*text == '\\')
        return read_backslash(reading, text, length);
    if (*text == '(' || *text == ')')
        read_paren(reading, *text);
    if (*text == '#' && reading->quotes[reading->depth] == 0)
        while (comment < length && text[comment] != '\n')
            comment++;
    return comment > 0 ? comment : 1;
}

const char *syntax_text_of(struct syntax_context *context, struct base_place place)
{
    const char *text = context->queue->sources->files[place.file].text + place.start;
    struct base_sink sink = base_arena_sink(context->arena);
    struct reading reading = {0};
    bool blank = false;
    for (uint32_t i = 0, length; i < place.length; i += length) {
        bool code = reading.quotes[reading.depth] == 0, line = reading.quotes[reading.depth] == 1;
        length = read_next(&reading, text + i, place.length - i);
        if ((code && text[i] == '#') || (!line && base_is_blank(text[i]))) {
            blank = true;
            continue;
        }
        if (blank && sink.length > 0)
            base_put_char(&sink, ' ');
        blank = false;
        base_put_bytes(&sink, text + i, length);
    }
    return sink.data;
}

/* Called for every token. A doc comment belongs to the token that follows it. */
void syntax_lex_token(struct syntax_parser *parser, struct base_place place, int token)
{
    struct syntax_token kept = {place, token};
    *BASE_PUSH(parser->context->arena, &parser->file->tokens) = kept;
    if (parser->pending_doc != NULL) {
        struct syntax_doc doc = {place.start, parser->pending_doc};
        *BASE_PUSH(parser->context->arena, &parser->docs) = doc;
        parser->pending_doc = NULL;
    }
    parser->line_has_token = true;
}

/* `explain` prints doc comments to a terminal, so they must not contain control characters. */
static bool is_control(char c)
{
    return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

/* Consecutive `##` lines are one doc comment; an ordinary comment between it and a token discards
 * it. */
void syntax_lex_comment(struct syntax_parser *parser, struct base_place place)
{
    const char *text = parser->context->queue->sources->files[place.file].text + place.start;
    struct syntax_comment comment = {.place = place, .alone = !parser->line_has_token};
    comment.doc = comment.alone && place.length >= 2 && text[1] == '#';
    *BASE_PUSH(parser->context->arena, &parser->file->comments) = comment;
    if (!comment.doc) {
        parser->pending_doc = NULL;
        return;
    }
    struct base_span line = base_trim((struct base_span){text + 2, place.length - 2});
    if (parser->pending_doc == NULL)
        parser->doc = base_arena_sink(parser->context->arena);
    else
        base_put_char(&parser->doc, '\n');
    for (size_t i = 0; i < line.length; i++)
        base_put_char(&parser->doc, is_control(line.start[i]) ? ' ' : line.start[i]);
    parser->pending_doc = parser->doc.data;
}

static void report_unknown_unit(struct syntax_parser *parser, struct base_place place,
                                const char *word)
{
    const char *words[IMAGE_UNITS];
    for (size_t i = 0; i < IMAGE_UNITS; i++)
        words[i] = image_units[i].word;
    struct diagnostic *bad =
        diag_report(parser->context->queue, DIAG_UNKNOWN_UNIT, place, "unknown unit `%s`", word);
    for (size_t i = 0; i < IMAGE_UNITS; i++) {
        size_t length = strlen(word);
        bool same = strcasecmp(word, image_units[i].word) == 0;
        /* Common spellings of other programs: `128M`, `10mb` and `4GiB`. */
        if (same || (length == 1 && strncasecmp(word, image_units[i].word, 1) == 0) ||
            (length == 3 && strncasecmp(word, image_units[i].word, 1) == 0 &&
             strcasecmp(word + 1, "ib") == 0)) {
            diag_help(parser->context->queue, bad, "did you mean `%s`?", image_units[i].word);
            break;
        }
    }
    const char *near = diag_nearest(word, words, IMAGE_UNITS);
    if (bad->help == NULL && near != NULL)
        diag_help(parser->context->queue, bad, "did you mean `%s`?", near);
    diag_note(
        parser->context->queue, bad,
        "units are B, kB, MB, GB, TB (each 1024 times the previous one) for sizes; us, ms, s, min, "
        "h, d for times; and %%");
    parser->file->broken = true;
}

static void report_bad_number(struct syntax_parser *parser, struct base_place place,
                              const char *why)
{
    diag_report(parser->context->queue, DIAG_BAD_NUMBER, place, "`%s` %s",
                syntax_text_of(parser->context, place), why);
    parser->file->broken = true;
}

/* Reads a number with an optional unit: 4.5GB is a whole number of bytes. Without a unit it is an
 * int or, with a decimal point, a ratio. After a mistake the value is arbitrary. */
void syntax_lex_number(struct syntax_parser *parser, const char *text, uint32_t length,
                       struct base_place place, struct syntax_quantity *quantity)
{
    uint32_t digits = 0;
    while (digits < length && (strchr("0123456789.", text[digits]) != NULL))
        digits++;
    bool decimal = memchr(text, '.', digits) != NULL;
    char word[16] = "";
    if (length - digits < sizeof word)
        memcpy(word, text + digits, length - digits);
    int64_t factor = 1;
    *quantity = (struct syntax_quantity){decimal ? IMAGE_RATIO : IMAGE_INT, 0};
    if (length > digits) {
        size_t unit = 0;
        while (unit < IMAGE_UNITS &&
               !base_span_is((struct base_span){text + digits, length - digits},
                             image_units[unit].word))
            unit++;
        if (unit == IMAGE_UNITS) {
            report_unknown_unit(
                parser, place,
                base_copy_text(parser->context->arena, text + digits, length - digits));
            return;
        }
        factor = image_units[unit].base;
        quantity->kind = image_units[unit].kind;
    } else if (decimal) {
        factor = 1000000;
    }
    struct base_span number = {text, digits};
    if (!decimal) {
        if (!base_scan_digits(number, &quantity->value) ||
            !base_mul(quantity->value, factor, &quantity->value))
            report_bad_number(parser, place, "does not fit in 64 bits");
        return;
    }
    int64_t micro;
    if (!base_scan_micro(number, &micro)) {
        report_bad_number(parser, place,
                          "has more than six decimal places, or does not fit in 64 bits");
        return;
    }
    base_wide wide = (base_wide)micro * factor;
    if (wide % 1000000 != 0 || !base_narrow(wide / 1000000, &quantity->value))
        report_bad_number(parser, place, "is not a whole multiple of the smallest unit, B or us");
}

/* The grammar names a token by its text ("set", "'='") or by a description ("a name"), which is not
 * quoted. */
static void put_token_name(struct base_sink *sink, const char *token)
{
    const struct base_span name = base_span_of(token);
    const bool described = strchr(token, ' ') != NULL, quoted = *token == '\'';
    base_put(sink, described ? "" : "`");
    base_put_span(sink, quoted ? (struct base_span){token + 1, name.length - 2} : name);
    base_put(sink, described ? "" : "`");
}

static void note_expected(struct diag_queue *queue, struct diagnostic *wrong,
                          const char *const *wanted, size_t count)
{
    struct base_sink sink = base_arena_sink(queue->arena);
    for (size_t i = 0; i < count; i++) {
        base_put(&sink, i == 0 ? "" : i + 1 < count ? ", " : " or ");
        put_token_name(&sink, wanted[i]);
    }
    if (count > 0)
        diag_note(queue, wrong, "expected %s", sink.data);
}

static bool expects_name(const char *const *wanted, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(wanted[i], "a field") == 0)
            return true;
    return count == 1 && strcmp(*wanted, "a name") == 0;
}

/* Suggests the expected token that is nearest to the word, or the nearest reserved word if there
 * are too many expected ones to list. A reserved word where a name is expected needs another name.
 */
static void suggest_word(struct diag_queue *queue, struct diagnostic *wrong, const char *text,
                         const char *const *wanted, size_t count)
{
    static const char *const keywords[] = {
#define X(token, word, field) word,
#include "keywords.def"
#undef X
    };
    const size_t keyword_count = sizeof keywords / sizeof *keywords;
    const char *keyword = diag_nearest(text, keywords, keyword_count);
    const char *near = count > 0 ? diag_nearest(text, wanted, count) : keyword;
    if (keyword != NULL && base_text_is(keyword, text)) {
        if (expects_name(wanted, count))
            diag_help(queue, wrong, "`%s` is a reserved word; choose another name", text);
    } else if (near != NULL) {
        diag_help(queue, wrong, "did you mean `%s`?", near);
    }
}

void syntax_report_unexpected(struct syntax_parser *parser, struct base_place place,
                              const char *got, const char *const *wanted, size_t wanted_count)
{
    struct diag_queue *queue = parser->context->queue;
    parser->file->broken = true;
    if (parser->file->tokens.count <= parser->forgiven)
        return;
    const char *text = syntax_text_of(parser->context, place);
    bool end = got == NULL || *text == '\0';
    struct diagnostic *wrong =
        end ? diag_report(queue, DIAG_SYNTAX, place, "unexpected end of file")
            : diag_report(queue, DIAG_SYNTAX, place, "unexpected `%s`", text);
    note_expected(queue, wrong, wanted, wanted_count);
    if (!end)
        suggest_word(queue, wrong, text, wanted, wanted_count);
}

struct syntax_file *syntax_parse(struct syntax_context *context, uint16_t source)
{
    const struct base_source *text = &context->queue->sources->files[source];
    struct syntax_parser parser = {.context = context, .source = source};
    parser.file = BASE_NEW(context->arena, struct syntax_file);
    parser.file->source = source;
    void *scanner;
    if (syntax_lex_lex_init_extra(&parser, &scanner) != 0)
        abort();
    syntax_lex__scan_bytes(text->text, (int)text->length, scanner);
    if (yyparse(scanner, &parser) != 0)
        parser.file->broken = true;
    syntax_lex_lex_destroy(scanner);
    return parser.file;
}
