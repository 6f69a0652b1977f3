/* The layers of a setting: command line, POSTGRES_SETTINGS, rules, server default. For each, its
 * value and why it was overridden; and among several `set`s of the rules, which one applied.
 *
 * Layers are numbered from the strongest (enum vm_layer); VM_LAYERS is the server default, whose
 * value azr does not know. The values that an override hides are kept elsewhere: that of the rules
 * in the slot before the SETTING instruction (explain_root), that of POSTGRES_SETTINGS in
 * view->weaker, and for a custom setting in the setting itself. */
#include "explain/parts.h"

unsigned explain_layer(const struct explain_subject *subject)
{
    if (subject->custom != NULL)
        return subject->custom->layer;
    if (subject->override != NULL)
        return subject->override->layer;
    return explain_has_value(subject) ? VM_RULES : VM_LAYERS;
}

const char *explain_layer_word(unsigned layer)
{
    return layer == VM_LAYERS ? "server default" : settings_layer_word(layer);
}

static const struct vm_override *override_of_layer(const struct explain_subject *subject,
                                                   unsigned layer)
{
    if (subject->override != NULL && subject->override->layer == layer)
        return subject->override;
    for (size_t i = 0; i < subject->view->weaker_count; i++) {
        const struct explain_weaker *weaker = &subject->view->weaker[i];
        if (weaker->setting == subject->setting && weaker->override.layer == layer)
            return &weaker->override;
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

static bool put_custom_value(struct base_sink *sink, const struct settings_custom *custom,
                             unsigned layer)
{
    if (custom->layer == layer) {
        base_put_span(sink, custom->value);
        return true;
    }
    if (layer != VM_SETTINGS_VARIABLE || custom->weaker.start == NULL)
        return false;
    base_put_span(sink, custom->weaker);
    return true;
}

bool explain_put_layer_value(struct base_sink *sink, const struct explain_subject *subject,
                             unsigned layer)
{
    if (layer == VM_LAYERS)
        return false;
    if (subject->custom != NULL)
        return put_custom_value(sink, subject->custom, layer);
    if (layer == VM_RULES)
        return put_rules_value(sink, subject);
    const struct vm_override *override =
        subject->setting != IMAGE_NONE ? override_of_layer(subject, layer) : NULL;
    if (override != NULL)
        vm_put_setting(sink, subject->machine, &subject->image->settings[subject->setting],
                       override->value);
    return override != NULL;
}

const char *explain_layer_loses(const struct explain_subject *subject, unsigned layer)
{
    static const char *const reasons[VM_LAYERS] = {
        [VM_COMMAND_LINE] = "overridden by the command line",
        [VM_SETTINGS_VARIABLE] = "overridden by POSTGRES_SETTINGS",
        [VM_RULES] = "overridden by the rules",
    };
    const unsigned winner = explain_layer(subject);
    char text[LIMIT_TEXT_VALUE];
    struct base_sink unused = BASE_SINK(text);
    if (layer == winner)
        return NULL;
    const bool has_value = layer == VM_LAYERS || explain_put_layer_value(&unused, subject, layer);
    return has_value ? reasons[winner] : "not set";
}

/* The notes list the `set`s of a setting from the strongest to the weakest, so the first that
 * applies wins. Their group is the number of configs along `extends` up to the one that contains
 * the `set`. */
const char *explain_set_loses(const struct explain_subject *subject, const struct image_note *set)
{
    const struct image_note *stronger = &subject->image->notes[subject->name->notes];
    if (!explain_applies(subject, set))
        return "its `when` is false";
    for (; stronger < set; stronger++)
        if (stronger->class == IMAGE_NOTE_SET && explain_applies(subject, stronger))
            return stronger->group < set->group ? "overridden by a config that extends this one"
                                                : "a stronger `set` applies";
    return NULL;
}
