/* The one line that azr start logs: the facts and options with their sources, then the settings
 * that were computed from them, then the number of settings that are the same on every machine.
 * It is for people and goes where all logs go, so long lists are only counted and secrets are
 * masked. The values are quoted such that the line can be split at its blanks, and that a value
 * with a line break cannot forge a line of the log.
 *
 *     [AUTO-CONFIG] memory=2048MB (cgroup) cpus=2 (default) -> shared_buffers=512MB and 9 fixed */
#include "azr/azr.h"
#include "settings/quote.h"

enum { LIST_BYTES_MAX = 60 }; /* longer lists are only counted */

static void put_logged_list(struct base_sink *sink, const char *names)
{
    struct base_span rest = base_span_of(names), name;
    int64_t count = 0;
    if (rest.length <= LIST_BYTES_MAX) {
        settings_quote_log(sink, rest);
        return;
    }
    while (base_list_next(&rest, &name))
        count++;
    base_put_int(sink, count);
    base_put(sink, "-names");
}

/* An option that was not set and that no output depends on concerns another program, for example
 * a port published by docker compose; it is left out. */
static void put_logged_inputs(struct base_sink *sink, const struct session *session)
{
    struct vm_trace needs;
    vm_trace_needs(&session->image, &needs);
    for (uint32_t i = 0; i < session->image.input_count; i++) {
        const struct image_input *declared = &session->image.inputs[i];
        const struct vm_input *input = &session->inputs[i];
        char text[LIMIT_TEXT_VALUE];
        struct base_sink value = BASE_SINK(text);
        if (input->state != VM_VALUE ||
            !(input->given || vm_needs_input(&session->image, &needs, i)))
            continue;
        if (declared->class == IMAGE_SECRET)
            base_put(&value, VM_HIDDEN);
        else
            vm_put_value(&value, &session->machine, declared->kind, input->value);
        BASE_PUT(sink, " ", image_string(&session->image, declared->name), "=");
        if (declared->kind == IMAGE_LIST)
            put_logged_list(sink, text);
        else
            settings_quote_log(sink, base_span_of(text));
        BASE_PUT(sink, " (", input->label, ")");
    }
}

static bool is_constant_setting(const struct session *session, const struct settings_item *item)
{
    return item->layer == VM_RULES && session->image.outputs[item->output].is_static;
}

/* The computed settings, and the constant ones that the operator changed. Settings that only the
 * operator sets are named without a value: a connection string may contain a password. */
static void put_logged_settings(struct base_sink *sink, const struct session *session)
{
    const struct explain_view view = session_view(session);
    struct settings_item item;
    for (uint32_t cursor = 0; settings_next(&view.settings, &cursor, &item);) {
        char text[LIMIT_TEXT_VALUE];
        struct base_sink value = BASE_SINK(text);
        if (is_constant_setting(session, &item))
            continue;
        base_put_char(sink, ' ');
        base_put_span(sink, item.name);
        if (item.output != IMAGE_NONE) {
            settings_put_value(&value, &view.settings, &item);
            base_put_char(sink, '=');
            settings_quote_log(sink, (struct base_span){text, value.length});
        }
        if (item.layer != VM_RULES)
            BASE_PUT(sink, " (", settings_layer_word(item.layer), ")");
    }
}

static int64_t count_constant_settings(const struct session *session)
{
    const struct explain_view view = session_view(session);
    struct settings_item item;
    int64_t count = 0;
    for (uint32_t cursor = 0; settings_next(&view.settings, &cursor, &item);)
        count += is_constant_setting(session, &item);
    return count;
}

void azr_put_log(struct base_sink *sink, const struct session *session)
{
    base_put(sink, AZR_TAG);
    put_logged_inputs(sink, session);
    base_put(sink, " ->");
    put_logged_settings(sink, session);
    const int64_t fixed = count_constant_settings(session);
    if (fixed != 0) {
        base_put(sink, " and ");
        base_put_int(sink, fixed);
        base_put(sink, " fixed");
    }
    base_put_char(sink, '\n');
}
