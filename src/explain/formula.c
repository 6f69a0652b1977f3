/* The formula with values substituted: `2048MB / (120 * 4)` for `memory / (max_connections * 4)`.
 *
 * The image contains the formula as text and notes of the names that it uses, with their slots. The
 * text is scanned token by token, and each name that has one unambiguous note is replaced. Names
 * that are not values keep their text: functions, which an opening parenthesis follows; members of
 * enums; and whatever is inside of a text in quotes. */
#include "explain/parts.h"

enum { LINE_WIDTH = 120 }; /* longer lines are not worth reading */

static bool begins_rules_name(char c)
{
    return base_is_letter(c) || c == '_' || (c & 0x80) != 0;
}

/* Ends of tokens: a name with its dots, a number with its unit, a text with its insertions; any
 * other byte is a token of its own. */
static const char *end_of_name(const char *at)
{
    while (begins_rules_name(*at) || base_is_digit(*at) || (*at == '.' && begins_rules_name(at[1])))
        at++;
    return at;
}

static const char *end_of_number(const char *at)
{
    while (begins_rules_name(*at) || base_is_digit(*at) || (*at == '.' && base_is_digit(at[1])))
        at++;
    return at;
}

static const char *end_of_insertion(const char *at)
{
    for (int depth = 1; *at != '\0' && depth > 0; at++)
        depth += (*at == '(') - (*at == ')');
    return at;
}

static const char *end_of_text(const char *at)
{
    for (at++; *at != '\0' && *at != '"';) {
        if (at[0] == '\\' && at[1] == '(')
            at = end_of_insertion(at + 2);
        else
            at += at[0] == '\\' && at[1] != '\0' ? 2 : 1;
    }
    return at + (*at == '"');
}

static const char *end_of_token(const char *at)
{
    if (begins_rules_name(*at))
        return end_of_name(at);
    if (base_is_digit(*at))
        return end_of_number(at);
    return *at == '"' ? end_of_text(at) : at + 1;
}

/* A member of an enum can have the same name as a fact; then it is left as it is. */
static bool is_enum_member(const struct image *image, struct base_span name)
{
    for (uint32_t i = 0; i < image->word_count; i++)
        if (base_span_is(name, image_string(image, image->words[i])))
            return true;
    return false;
}

/* The slot of the name; IMAGE_NONE if it has none, or different ones. */
static uint32_t find_used_slot(const struct explain_subject *subject, struct base_span name)
{
    const struct image_note *note;
    uint32_t slot = IMAGE_NONE;
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_USES, &cursor)) != NULL;) {
        if (!base_span_is(name, image_string(subject->image, note->text)))
            continue;
        if (slot != IMAGE_NONE && slot != note->a)
            return IMAGE_NONE;
        slot = note->a;
    }
    return slot == IMAGE_NONE || is_enum_member(subject->image, name) ? IMAGE_NONE : slot;
}

static void put_quoted_slot(struct base_sink *sink, const struct explain_subject *subject,
                            uint32_t slot)
{
    const bool quoted = subject->image->code[slot].kind == IMAGE_TEXT &&
                        subject->machine->slots[slot].state == VM_VALUE;
    base_put(sink, quoted ? "\"" : "");
    explain_put_slot(sink, subject->machine, slot);
    base_put(sink, quoted ? "\"" : "");
}

/* The formula, or of several sets the one that applied; null if none did. */
static const char *formula_in_effect(const struct explain_subject *subject)
{
    const struct image_note *note;
    bool several = false;
    for (uint32_t cursor = 0; (note = explain_next_note(subject, EXPLAIN_SETS, &cursor)) != NULL;) {
        several = true;
        if (explain_set_loses(subject, note) == NULL)
            return image_string(subject->image, note->text);
    }
    return several ? NULL : image_string(subject->image, subject->name->formula);
}

bool explain_put_values(struct base_sink *sink, const struct explain_subject *subject)
{
    const char *at = formula_in_effect(subject);
    const size_t before = sink->length;
    bool changed = false;
    while (at != NULL && *at != '\0') {
        const char *end = end_of_token(at);
        const struct base_span token = {at, (size_t)(end - at)};
        const uint32_t slot =
            begins_rules_name(*at) && *end != '(' ? find_used_slot(subject, token) : IMAGE_NONE;
        if (slot != IMAGE_NONE)
            put_quoted_slot(sink, subject, slot);
        else if (*at == '\n')
            base_put_char(sink, ' ');
        else
            base_put_span(sink, token);
        changed = changed || slot != IMAGE_NONE;
        at = end;
    }
    return changed && !sink->overflow &&
           base_text_width(sink->data + before, sink->length - before) <= LINE_WIDTH;
}
