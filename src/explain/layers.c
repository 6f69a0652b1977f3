/* Who said what of a setting, and who won: the operator's two ways of saying it, the rules, the
 * server's own default; and among the rules, one `set` of several. */
#include "explain/parts.h"

unsigned explain_layer(const struct explain_subject *subject)
{
    if (subject->extra != NULL)
        return subject->extra->layer;
    if (subject->override != NULL)
        return subject->override->layer;
    return explain_has_value(subject) ? VM_RULES : VM_LAYERS;
}

const char *explain_layer_word(unsigned layer)
{
    return layer == VM_LAYERS ? "server default" : settings_layer_word(layer);
}

static const struct vm_override *said_by(const struct explain_subject *subject, unsigned layer)
{
    if (subject->override != NULL && subject->override->layer == layer)
        return subject->override;
    for (size_t i = 0; i < subject->view->weaker_count; i++) {
        const struct explain_weaker *weaker = &subject->view->weaker[i];
        if (weaker->setting == subject->setting && weaker->said.layer == layer)
            return &weaker->said;
    }
    return NULL;
}

static bool put_rules_value(struct base_sink *sink, const struct explain_subject *subject)
{
    if (subject->name == NULL)
        return false;
    const uint32_t slot = explain_root(subject);
    const struct vm_slot *rules = &subject->machine->slots[slot];
    if (rules->state == VM_VALUE && subject->setting != IMAGE_NONE)
        vm_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                       rules->value);
    else if (rules->state != VM_VOID)
        explain_put_slot(sink, subject->machine, slot);
    return rules->state != VM_VOID;
}

static bool put_extra_value(struct base_sink *sink, const struct settings_extra *extra,
                            unsigned layer)
{
    if (extra->layer == layer) {
        base_put_span(sink, extra->value);
        return true;
    }
    if (layer != VM_SETTINGS_VARIABLE || extra->weaker.start == NULL)
        return false;
    base_put_span(sink, extra->weaker);
    return true;
}

bool explain_put_layer_value(struct base_sink *sink, const struct explain_subject *subject,
                             unsigned layer)
{
    if (layer == VM_LAYERS)
        return false;
    if (subject->extra != NULL)
        return put_extra_value(sink, subject->extra, layer);
    if (layer == VM_RULES)
        return put_rules_value(sink, subject);
    const struct vm_override *said =
        subject->setting != IMAGE_NONE ? said_by(subject, layer) : NULL;
    if (said != NULL)
        vm_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                       said->value);
    return said != NULL;
}

const char *explain_layer_loses(const struct explain_subject *subject, unsigned layer)
{
    static const char *const reasons[VM_LAYERS] = {
        [VM_COMMAND_LINE] = "weaker than the command line",
        [VM_SETTINGS_VARIABLE] = "weaker than POSTGRES_SETTINGS",
        [VM_RULES] = "weaker than the rules",
    };
    const unsigned winner = explain_layer(subject);
    char text[LIMIT_TEXT_VALUE];
    struct base_sink unused = BASE_SINK(text);
    if (layer == winner)
        return NULL;
    const bool says = layer == VM_LAYERS || explain_put_layer_value(&unused, subject, layer);
    return says ? reasons[winner] : "says nothing";
}

const char *explain_set_loses(const struct explain_subject *subject, const struct image_note *set)
{
    const struct image_note *stronger = &subject->image->notes[subject->name->notes];
    if (!explain_applies(subject, set))
        return "its `when` does not hold";
    for (; stronger < set; stronger++)
        if (stronger->class == IMAGE_NOTE_SET && explain_applies(subject, stronger))
            return stronger->group < set->group ? "a config that extends this one sets it"
                                                : "a stronger one holds";
    return NULL;
}
