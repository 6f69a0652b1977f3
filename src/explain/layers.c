/* Who said what of a setting, and who won: the operator's two ways of saying it, the rules, the
 * server's own default; and among the rules, one `set` of several. */
#include "explain/parts.h"

unsigned azx_layer(const struct azx_subject *subject)
{
    if (subject->extra != NULL)
        return subject->extra->layer;
    if (subject->override != NULL)
        return subject->override->layer;
    return azx_has_value(subject) ? AZV_RULES : AZV_LAYERS;
}

const char *azx_layer_word(unsigned layer)
{
    return layer == AZV_LAYERS ? "server default" : azo_layer_word(layer);
}

static const struct azv_override *said_by(const struct azx_subject *subject, unsigned layer)
{
    if (subject->override != NULL && subject->override->layer == layer)
        return subject->override;
    for (size_t i = 0; i < subject->view->weaker_count; i++) {
        const struct azx_weaker *weaker = &subject->view->weaker[i];
        if (weaker->setting == subject->setting && weaker->said.layer == layer)
            return &weaker->said;
    }
    return NULL;
}

static bool put_rules_value(struct aza_sink *sink, const struct azx_subject *subject)
{
    if (subject->name == NULL)
        return false;
    const uint32_t slot = azx_root(subject);
    const struct azv_slot *rules = &subject->machine->slots[slot];
    if (rules->state == AZV_VALUE && subject->setting != AZB_NONE)
        azv_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                        rules->value);
    else if (rules->state != AZV_VOID)
        azx_put_slot(sink, subject->machine, slot);
    return rules->state != AZV_VOID;
}

static bool put_extra_value(struct aza_sink *sink, const struct azo_extra *extra, unsigned layer)
{
    if (extra->layer == layer) {
        aza_put_span(sink, extra->value);
        return true;
    }
    if (layer != AZV_SETTINGS_VARIABLE || extra->weaker.start == NULL)
        return false;
    aza_put_span(sink, extra->weaker);
    return true;
}

bool azx_put_layer_value(struct aza_sink *sink, const struct azx_subject *subject, unsigned layer)
{
    if (layer == AZV_LAYERS)
        return false;
    if (subject->extra != NULL)
        return put_extra_value(sink, subject->extra, layer);
    if (layer == AZV_RULES)
        return put_rules_value(sink, subject);
    const struct azv_override *said = subject->setting != AZB_NONE ? said_by(subject, layer) : NULL;
    if (said != NULL)
        azv_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                        said->value);
    return said != NULL;
}

const char *azx_layer_loses(const struct azx_subject *subject, unsigned layer)
{
    static const char *const reasons[AZV_LAYERS] = {
        [AZV_COMMAND_LINE] = "weaker than the command line",
        [AZV_SETTINGS_VARIABLE] = "weaker than POSTGRES_SETTINGS",
        [AZV_RULES] = "weaker than the rules",
    };
    const unsigned winner = azx_layer(subject);
    char text[AZA_TEXT_VALUE_MAX];
    struct aza_sink unused = AZA_SINK(text);
    if (layer == winner)
        return NULL;
    const bool says = layer == AZV_LAYERS || azx_put_layer_value(&unused, subject, layer);
    return says ? reasons[winner] : "says nothing";
}

const char *azx_set_loses(const struct azx_subject *subject, const struct azb_note *set)
{
    const struct azb_note *stronger = &subject->image->notes[subject->name->notes];
    if (!azx_applies(subject, set))
        return "its `when` does not hold";
    for (; stronger < set; stronger++)
        if (stronger->class == AZB_NOTE_SET && azx_applies(subject, stronger))
            return stronger->group < set->group ? "a config that extends this one sets it"
                                                : "a stronger one holds";
    return NULL;
}
