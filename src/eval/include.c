/* `file "..." with {...}`: an included file as a text, with an encoded value in place of each
 * placeholder.
 *
 * In a shell script every value is encoded for the shell. A value that the encoder does not change
 * is safe anywhere in a script; one that it quotes is safe only where the shell expects a whole
 * word. In other files the language is unknown, so a value must be a plain word or a call of an
 * encoder such as as_sql. src/sema has found the placeholders and where in the script they are. All
 * values must be known at compile time, since only then can they be checked. */
#include "eval/build.h"

static const char *const places[] = {
    [SEMA_SHELL_PART] = "this placeholder is only a part of a word",
    [SEMA_SHELL_QUOTES] = "this placeholder is within quotes",
    [SEMA_SHELL_NESTED] = "this placeholder is within an expansion, parentheses or a subscript",
    [SEMA_SHELL_COMMENT] = "this placeholder is in a comment",
    [SEMA_SHELL_HERE] = "this placeholder is in a here-document",
    [SEMA_SHELL_UNSURE] = "what precedes this placeholder is read differently by different shells",
};

/* Letters, digits and single signs between them, which are not a comment, an option or syntax in
 * any language. A path may begin with a slash. */
static bool is_plain_in_any_language(struct base_span text)
{
    bool sign = true;
    for (size_t i = 0; i < text.length; i++) {
        const char c = text.start[i];
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        const bool first_slash = i == 0 && c == '/';
        if (!letter && !first_slash && (sign || (c != '.' && c != '/' && c != '-' && c != ':')))
            return false;
        sign = !letter;
    }
    return text.length > 0;
}

static bool is_encoded(const struct syntax_expr *value)
{
    return value->class == SYNTAX_CALL && vm_find_quote(value->call.function.text) != VM_QUOTES;
}

static void report_unsafe(struct eval_builder *builder, const struct syntax_expr *value,
                          const struct sema_placeholder *placeholder)
{
    struct diagnostic *unsafe = diag_report(builder->queue, DIAG_PLACEHOLDER, value->place,
                                            "this value must be quoted for the shell, and quotes "
                                            "are not safe where its placeholder is");
    diag_label(unsafe, placeholder->place, places[placeholder->where]);
    diag_help(builder->queue, unsafe, "assign it to a variable first, `variable=%s`, and use that",
              eval_text_of(builder, placeholder->place));
}

static struct base_span encode_for_shell(struct eval_builder *builder,
                                         const struct syntax_expr *value,
                                         const struct sema_placeholder *placeholder,
                                         struct base_span text)
{
    struct base_sink sink = base_arena_sink(builder->arena);
    vm_put_quoted(&sink, VM_QUOTE_SHELL, text);
    if (placeholder->where != SEMA_SHELL_WORD && sink.length != text.length)
        report_unsafe(builder, value, placeholder);
    return (struct base_span){sink.data, sink.length};
}

static struct base_span check_encoded(struct eval_builder *builder, const struct syntax_expr *value,
                                      const struct sema_placeholder *placeholder,
                                      struct base_span text)
{
    if (is_encoded(value) || is_plain_in_any_language(text))
        return text;
    struct diagnostic *raw = diag_report(
        builder->queue, DIAG_PLACEHOLDER, value->place,
        "this value is not a plain word, and the language of the file it goes into is not known");
    diag_label(raw, placeholder->place, "it goes here");
    diag_help(builder->queue, raw, "encode it for that language: as_sql(...), as_json(...)");
    return text;
}

/* The encoded value; empty after an error, since nothing is written then. */
static struct base_span fill_placeholder(struct eval_builder *builder,
                                         const struct sema_included *included,
                                         const struct syntax_expr *value,
                                         const struct sema_placeholder *placeholder)
{
    const struct eval_value *piece = eval_piece(builder, value);
    struct base_span text;
    if (!eval_known_text(builder, piece, &text)) {
        eval_constant_text(builder, piece);
        return (struct base_span){"", 0};
    }
    if (!eval_work(builder, value->place, text.length))
        return (struct base_span){"", 0};
    return included->shell ? encode_for_shell(builder, value, placeholder, text)
                           : check_encoded(builder, value, placeholder, text);
}

static void add_literal_part(struct eval_builder *builder, struct eval_parts *parts,
                             const char *start, size_t length)
{
    *BASE_PUSH(builder->arena, &parts->list) = (struct eval_part){.literal = {start, length}};
}

const struct eval_value *eval_include(struct eval_builder *builder, const struct syntax_expr *expr)
{
    const struct sema_included *included = expr->file.meaning;
    const struct base_source *source = &builder->queue->sources->files[included->source];
    struct eval_parts parts = {0};
    size_t at = 0;
    for (size_t i = 0; i < included->placeholders.count; i++) {
        const struct sema_placeholder *placeholder = &included->placeholders.items[i];
        const struct syntax_expr *value = expr->file.values.items[placeholder->value].value;
        const struct base_span text = fill_placeholder(builder, included, value, placeholder);
        add_literal_part(builder, &parts, source->text + at, placeholder->place.start - at);
        add_literal_part(builder, &parts, text.start, text.length);
        at = placeholder->place.start + placeholder->place.length;
    }
    add_literal_part(builder, &parts, source->text + at, source->length - at);
    return eval_text_of_parts(builder, &parts, expr->place);
}
