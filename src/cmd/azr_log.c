/* The one line of the log: what was found, what was decided, and by whom. */
#include "cmd/azr.h"
#include "emit/quote.h"
#include "vm/secret.h"

enum { LIST_BYTES_MAX = 60 }; /* a longer list is only counted: the line is for people */

static void put_list(struct aza_sink *sink, const char *names)
{
    struct aza_span rest = aza_span_of(names), name;
    int64_t count = 0;
    if (rest.length <= LIST_BYTES_MAX) {
        azo_quote_log(sink, rest);
        return;
    }
    while (aza_list_next(&rest, &name))
        count++;
    aza_put_int(sink, count);
    aza_put(sink, "-names");
}

/* What nobody said, and nothing here rests on, is somebody else's: a port that is published. */
static void put_inputs(struct aza_sink *sink, const struct azn_session *session)
{
    struct azv_trace needs;
    azv_trace_needs(&session->image, &needs);
    for (uint32_t i = 0; i < session->image.input_count; i++) {
        const struct azb_input *declared = &session->image.inputs[i];
        const struct azv_input *input = &session->inputs[i];
        char text[AZA_TEXT_VALUE_MAX];
        struct aza_sink value = AZA_SINK(text);
        if (input->state != AZV_VALUE ||
            !(input->given || azv_needs_input(&session->image, &needs, i)))
            continue;
        if (declared->class == AZB_SECRET)
            aza_put(&value, AZV_HIDDEN);
        else
            azv_put_value(&value, &session->machine, declared->kind, input->value);
        AZA_PUT(sink, " ", azb_string(&session->image, declared->name), "=");
        if (declared->kind == AZB_LIST)
            put_list(sink, text);
        else
            azo_quote_log(sink, aza_span_of(text));
        AZA_PUT(sink, " (", input->label, ")");
    }
}

static bool is_fixed(const struct azn_session *session, const struct azo_item *item)
{
    return item->layer == AZV_RULES && session->image.outputs[item->output].is_static;
}

/* What the rules compute, and the constants of theirs that the operator changed. Settings that are
 * the operator's alone are only named: a connection string would carry a password into the log. */
static void put_settings(struct aza_sink *sink, const struct azn_session *session)
{
    const struct azx_view view = azn_view(session);
    struct azo_item item;
    for (uint32_t cursor = 0; azo_next(&view.settings, &cursor, &item);) {
        char text[AZA_TEXT_VALUE_MAX];
        struct aza_sink value = AZA_SINK(text);
        if (is_fixed(session, &item))
            continue;
        aza_put_char(sink, ' ');
        aza_put_span(sink, item.name);
        if (item.output != AZB_NONE) {
            azo_put_value(&value, &view.settings, &item);
            aza_put_char(sink, '=');
            azo_quote_log(sink, (struct aza_span){text, value.length});
        }
        if (item.layer != AZV_RULES)
            AZA_PUT(sink, " (", azo_layer_word(item.layer), ")");
    }
}

static int64_t count_fixed(const struct azn_session *session)
{
    const struct azx_view view = azn_view(session);
    struct azo_item item;
    int64_t count = 0;
    for (uint32_t cursor = 0; azo_next(&view.settings, &cursor, &item);)
        count += is_fixed(session, &item);
    return count;
}

void azr_put_log(struct aza_sink *sink, const struct azn_session *session)
{
    aza_put(sink, AZR_TAG);
    put_inputs(sink, session);
    aza_put(sink, " ->");
    put_settings(sink, session);
    const int64_t fixed = count_fixed(session);
    if (fixed > 0) {
        aza_put(sink, " and ");
        aza_put_int(sink, fixed);
        aza_put(sink, " fixed");
    }
    aza_put_char(sink, '\n');
}
