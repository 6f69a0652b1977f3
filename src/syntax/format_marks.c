/* The marks between tokens: what the walk over the tree sets, and what the formatter asks. */
#include "syntax/format.h"

#include "azr.tab.h"

/* The last token that starts at or before `offset`. */
static uint32_t token_at(const struct azp_layout *layout, uint32_t offset)
{
    uint32_t low = 0, high = layout->count;
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (layout->file->tokens.items[middle].place.start <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

uint32_t azp_first(const struct azp_layout *layout, struct aza_place place)
{
    return token_at(layout, place.start);
}

uint32_t azp_last(const struct azp_layout *layout, struct aza_place place)
{
    return token_at(layout, place.start + place.length - (place.length > 0));
}

bool azp_has_break(const struct azp_layout *layout, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last; i++) {
        const struct azp_mark *mark = &layout->marks[i];
        if (mark->forced || mark->comments > 0 || mark->ends_line || mark->state == AZP_BROKEN)
            return true;
    }
    return false;
}

static bool has_newline(const struct azp_layout *layout, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last; i++)
        if (layout->marks[i].lines > 0)
            return true;
    return false;
}

void azp_soft(struct azp_layout *layout, uint32_t token, enum azp_anchor anchor, uint32_t of,
              uint32_t extra, uint32_t level)
{
    struct azp_mark *mark = &layout->marks[token];
    if (layout->within_text > 0)
        return;
    mark->breaks = AZP_SOFT;
    mark->anchor = anchor;
    mark->of = of;
    mark->extra = extra;
    mark->level = level;
    mark->forced = mark->lines > 0;
}

void azp_grouped(struct azp_layout *layout, uint32_t token, enum azp_anchor anchor, uint32_t group,
                 uint32_t extra, uint32_t level)
{
    azp_soft(layout, token, anchor, group, extra, level);
    if (layout->within_text > 0)
        return;
    layout->marks[token].breaks = AZP_GROUPED;
    layout->marks[token].group = group;
    layout->marks[token].forced = false;
}

void azp_group(struct azp_layout *layout, uint32_t open, uint32_t last, bool breaks, uint32_t level)
{
    struct azp_mark *mark = &layout->marks[open];
    if (layout->within_text > 0)
        return;
    mark->last = last;
    mark->level_around = level;
    breaks = breaks || has_newline(layout, open + 1, last) || azp_has_break(layout, open + 1, last);
    mark->state = breaks ? AZP_BROKEN : AZP_OPEN;
}

void azp_add_table(struct azp_layout *layout, uint32_t open, struct azp_table table)
{
    *AZA_PUSH(layout->context->arena, &layout->tables) = table;
    layout->marks[open].table = (uint32_t)layout->tables.count;
}

/* Whether a value's lines are held together by brackets of its own, so that it may begin on the
 * line of what announces it although it does not end there. */
static bool is_bracketed(const struct azp_layout *layout, const struct azp_expr *value)
{
    static const bool ends_with_bracket[] = {
        [AZP_CALL] = true,  [AZP_LIST] = true,  [AZP_COMPREHENSION] = true,
        [AZP_MATCH] = true, [AZP_CURVE] = true, [AZP_ELSE] = false};
    uint32_t first = azp_first(layout, value->place), last = azp_last(layout, value->place);
    return ends_with_bracket[value->class] ||
           (layout->marks[first].kind == '(' && layout->marks[first].partner == last);
}

/* The braces of a map and the quotes of a block text open on the line of what announces them. */
static bool opens_lines(const struct azp_layout *layout, const struct azp_expr *value)
{
    const struct azp_mark *first = &layout->marks[azp_first(layout, value->place)];
    return (value->class == AZP_MAP && first->kind == '{') ||
           (value->class == AZP_TEXT && first->kind == TEXT_OPEN &&
            first->length == AZP_BLOCK_QUOTES);
}

void azp_intro(struct azp_layout *layout, const struct azp_expr *value, uint32_t last,
               enum azp_anchor anchor, uint32_t of, uint32_t level)
{
    uint32_t first = azp_first(layout, value->place);
    azp_mark_expr(layout, value, level + 2);
    if (opens_lines(layout, value))
        return;
    azp_soft(layout, first, anchor, of, AZP_INDENT, level);
    if (layout->within_text == 0 && !is_bracketed(layout, value) &&
        (layout->marks[first].state == AZP_BROKEN || azp_has_break(layout, first + 1, last)))
        layout->marks[first].forced = true;
}

void azp_operator(struct azp_layout *layout, uint32_t token, uint32_t operand, uint32_t start,
                  uint32_t level)
{
    azp_soft(layout, token, AZP_COLUMN, start, 0, level);
    if (layout->within_text == 0 && has_newline(layout, token, operand))
        layout->marks[token].forced = true;
}

void azp_drop_comma(struct azp_layout *layout, uint32_t close)
{
    struct azp_mark *before = &layout->marks[close - 1];
    if (before->kind == ',' && before->comments == 0)
        before->length = before->width = 0;
}

/* Broken right behind the bracket, the elements stand on lines of their own, and so does the
 * bracket's partner; else they stand below the first. */
void azp_commas(struct azp_layout *layout, uint32_t open, const uint32_t *elements, size_t count,
                uint32_t level)
{
    uint32_t close = layout->marks[open].partner;
    for (size_t i = 1; i < count; i++) {
        azp_soft(layout, elements[i], AZP_COLUMN, elements[0], 0, level);
        if (layout->within_text == 0 && layout->marks[elements[i] - 1].lines > 0)
            layout->marks[elements[i]].forced = true;
    }
    if (count == 0 || layout->within_text > 0 || layout->marks[elements[0]].lines == 0)
        return;
    azp_soft(layout, elements[0], AZP_LINE, open, AZP_INDENT, level);
    azp_soft(layout, close, AZP_LINE, open, 0, level);
    layout->marks[close].forced = true;
}
