/* The functions with which the walk over the tree sets marks.
 *
 * A mark belongs to the token after the gap. Setting a mark twice replaces it, so a node may refine
 * what the node around it has set. Within a text nothing is marked: an interpolation stays on its
 * line. */
#include "syntax/format.h"

#include "azr.tab.h"

/* The last token that starts at or before `offset`. */
static uint32_t token_at(const struct syntax_layout *layout, uint32_t offset)
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

uint32_t syntax_first(const struct syntax_layout *layout, struct base_place place)
{
    return token_at(layout, place.start);
}

uint32_t syntax_last(const struct syntax_layout *layout, struct base_place place)
{
    return token_at(layout, place.start + place.length - (place.length > 0));
}

bool syntax_has_break(const struct syntax_layout *layout, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last; i++) {
        const struct syntax_mark *mark = &layout->marks[i];
        if (mark->forced || mark->comments > 0 || mark->ends_line || mark->state == SYNTAX_BROKEN)
            return true;
    }
    return false;
}

static bool has_newline(const struct syntax_layout *layout, uint32_t first, uint32_t last)
{
    for (uint32_t i = first; i <= last; i++)
        if (layout->marks[i].lines > 0)
            return true;
    return false;
}

void syntax_soft(struct syntax_layout *layout, uint32_t token, enum syntax_anchor anchor,
                 uint32_t of, uint32_t extra, uint32_t level)
{
    struct syntax_mark *mark = &layout->marks[token];
    if (layout->within_text > 0)
        return;
    mark->breaks = SYNTAX_SOFT;
    mark->anchor = anchor;
    mark->of = of;
    mark->extra = extra;
    mark->level = level;
    mark->forced = mark->lines > 0;
}

void syntax_grouped(struct syntax_layout *layout, uint32_t token, enum syntax_anchor anchor,
                    uint32_t group, uint32_t extra, uint32_t level)
{
    syntax_soft(layout, token, anchor, group, extra, level);
    if (layout->within_text > 0)
        return;
    layout->marks[token].breaks = SYNTAX_GROUPED;
    layout->marks[token].group = group;
    layout->marks[token].forced = false;
}

void syntax_group(struct syntax_layout *layout, uint32_t open, uint32_t last, bool breaks,
                  uint32_t level)
{
    struct syntax_mark *mark = &layout->marks[open];
    if (layout->within_text > 0)
        return;
    mark->last = last;
    mark->level_around = level;
    breaks =
        breaks || has_newline(layout, open + 1, last) || syntax_has_break(layout, open + 1, last);
    mark->state = breaks ? SYNTAX_BROKEN : SYNTAX_OPEN;
}

void syntax_add_table(struct syntax_layout *layout, uint32_t open, struct syntax_table table)
{
    *BASE_PUSH(layout->context->arena, &layout->tables) = table;
    layout->marks[open].table = (uint32_t)layout->tables.count;
}

/* Whether a value ends with a bracket of its own, so that it may begin on the line of its sign even
 * if it ends on another line. */
static bool is_bracketed(const struct syntax_layout *layout, const struct syntax_expr *value)
{
    static const bool ends_with_bracket[] = {
        [SYNTAX_CALL] = true,  [SYNTAX_LIST] = true,  [SYNTAX_COMPREHENSION] = true,
        [SYNTAX_MATCH] = true, [SYNTAX_CURVE] = true, [SYNTAX_FILE] = true,
        [SYNTAX_ELSE] = false};
    uint32_t first = syntax_first(layout, value->place), last = syntax_last(layout, value->place);
    return ends_with_bracket[value->class] ||
           (layout->marks[first].kind == '(' && layout->marks[first].partner == last);
}

/* The braces of a map and the quotes of a block text always open on the line of the sign before
 * them. */
static bool opens_lines(const struct syntax_layout *layout, const struct syntax_expr *value)
{
    const struct syntax_mark *first = &layout->marks[syntax_first(layout, value->place)];
    return (value->class == SYNTAX_MAP && first->kind == '{') ||
           (value->class == SYNTAX_TEXT && first->kind == TEXT_OPEN &&
            first->length == SYNTAX_BLOCK_QUOTES);
}

void syntax_intro(struct syntax_layout *layout, const struct syntax_expr *value, uint32_t last,
                  enum syntax_anchor anchor, uint32_t of, uint32_t level)
{
    uint32_t first = syntax_first(layout, value->place);
    syntax_mark_expr(layout, value, level + 2);
    if (opens_lines(layout, value))
        return;
    syntax_soft(layout, first, anchor, of, SYNTAX_INDENT, level);
    if (layout->within_text == 0 && !is_bracketed(layout, value) &&
        (layout->marks[first].state == SYNTAX_BROKEN || syntax_has_break(layout, first + 1, last)))
        layout->marks[first].forced = true;
}

void syntax_operator(struct syntax_layout *layout, uint32_t token, uint32_t operand, uint32_t start,
                     uint32_t level)
{
    syntax_soft(layout, token, SYNTAX_COLUMN, start, 0, level);
    if (layout->within_text == 0 && has_newline(layout, token, operand))
        layout->marks[token].forced = true;
}

void syntax_drop_comma(struct syntax_layout *layout, uint32_t close)
{
    struct syntax_mark *before = &layout->marks[close - 1];
    if (before->kind == ',' && before->comments == 0)
        before->length = before->width = 0;
}

/* If the author broke the line after the bracket, the elements and the closing bracket are on lines
 * of their own; otherwise the elements are aligned with the first. */
void syntax_commas(struct syntax_layout *layout, uint32_t open, const uint32_t *elements,
                   size_t count, uint32_t level)
{
    uint32_t close = layout->marks[open].partner;
    for (size_t i = 1; i < count; i++) {
        syntax_soft(layout, elements[i], SYNTAX_COLUMN, elements[0], 0, level);
        if (layout->within_text == 0 && layout->marks[elements[i] - 1].lines > 0)
            layout->marks[elements[i]].forced = true;
    }
    if (count == 0 || layout->within_text > 0 || layout->marks[elements[0]].lines == 0)
        return;
    syntax_soft(layout, elements[0], SYNTAX_LINE, open, SYNTAX_INDENT, level);
    syntax_soft(layout, close, SYNTAX_LINE, open, 0, level);
    layout->marks[close].forced = true;
}
