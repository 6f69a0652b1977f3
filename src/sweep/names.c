/* Names for headings and labels: of inputs, columns and positions. The position just after a round
 * number is written relative to it, as "512MB+1kB", unless the exact number is as short;
 * machine-readable formats always contain the exact number. */
#include "sweep/sweep.h"

const char *sweep_input_name(const struct image *image, uint32_t input)
{
    return image_string(image, image->inputs[input].name);
}

const char *sweep_over_name(const struct sweep *sweep)
{
    return sweep_input_name(&sweep->session->image, sweep->over);
}

const char *sweep_by_name(const struct sweep *sweep)
{
    return sweep->by == IMAGE_NONE ? NULL : sweep_input_name(&sweep->session->image, sweep->by);
}

const char *sweep_member_label(const struct sweep *sweep, size_t member)
{
    const char *word = sweep->members[member];
    if (sweep->by == IMAGE_NONE || sweep->session->image.inputs[sweep->by].kind == IMAGE_ENUM)
        return word;
    return base_format(sweep->arena, "%s=%s", sweep_by_name(sweep), word);
}

const char *sweep_column_title(const struct sweep *sweep, size_t column)
{
    return sweep->by == IMAGE_NONE ? sweep->targets[column].name
                                   : sweep_member_label(sweep, column % sweep->member_count);
}

const char *sweep_position_text(const struct sweep *sweep, int64_t at, bool reader)
{
    const enum image_kind kind = (enum image_kind)sweep->session->image.inputs[sweep->over].kind;
    struct base_sink exact = base_arena_sink(sweep->arena), below = base_arena_sink(sweep->arena);
    sweep_put_position(&exact, kind, at);
    if (!reader || kind != IMAGE_BYTES || at <= sweep->low)
        return exact.data;
    sweep_put_position(&below, kind, at - sweep->grain);
    if (below.length >= exact.length)
        return exact.data;
    return base_format(sweep->arena, "%s+1%s", below.data, sweep->grain == 1 ? "B" : "kB");
}

void sweep_put_given(struct base_sink *sink, const struct sweep *sweep)
{
    for (size_t i = 0; i < sweep->word_count; i++) {
        base_put(sink, i == 0 ? "" : " ");
        base_put_span(sink, sweep->words[i].name);
        base_put_char(sink, '=');
        base_put_span(sink, sweep->words[i].value);
    }
}
