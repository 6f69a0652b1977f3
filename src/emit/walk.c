/* The sequence of settings that every renderer walks, and their values. */
#include <string.h>
#include "emit/emit.h"

static const struct azv_override *override_of(const struct azv_machine *machine, uint32_t setting)
{
    if (machine->overrides == NULL || !machine->overrides[setting].present)
        return NULL;
    return &machine->overrides[setting];
}

static void begin_setting(const struct azv_machine *machine, uint32_t setting,
                          struct azo_item *item)
{
    const struct azv_override *override = override_of(machine, setting);
    const uint32_t name = machine->image->settings[setting].name;
    *item = (struct azo_item){.name = aza_span_of(azb_string(machine->image, name)),
                              .setting = setting,
                              .output = AZB_NONE,
                              .layer = override != NULL ? override->layer : AZV_RULES};
}

static bool take_output(const struct azv_machine *machine, uint32_t n, struct azo_item *item)
{
    const struct azb_output *output = &machine->image->outputs[n];
    if (machine->slots[output->slot].state != AZV_VALUE)
        return false;
    begin_setting(machine, output->setting, item);
    item->output = n;
    return true;
}

/* A setting of the catalogue that only the operator says. */
static bool take_override(const struct azv_machine *machine, uint32_t setting,
                          struct azo_item *item)
{
    if (override_of(machine, setting) == NULL)
        return false;
    for (uint32_t i = 0; i < machine->image->output_count; i++)
        if (machine->image->outputs[i].setting == setting)
            return false;
    begin_setting(machine, setting, item);
    return true;
}

bool azo_next(const struct azo_view *view, uint32_t *cursor, struct azo_item *item)
{
    const struct azv_machine *machine = view->machine;
    const uint32_t outputs = machine->image->output_count;
    const uint32_t settings = outputs + machine->image->setting_count;
    while (*cursor < settings) {
        const uint32_t n = (*cursor)++;
        if (n < outputs ? take_output(machine, n, item) : take_override(machine, n - outputs, item))
            return true;
    }
    if (*cursor - settings >= view->extra_count)
        return false;
    const struct azo_extra *extra = &view->extras[(*cursor)++ - settings];
    *item = (struct azo_item){extra->name, AZB_NONE, AZB_NONE, extra, extra->layer};
    return true;
}

void azo_put_value(struct aza_sink *sink, const struct azo_view *view, const struct azo_item *item)
{
    const struct azv_machine *machine = view->machine;
    if (item->extra != NULL) {
        aza_put_span(sink, item->extra->value);
        return;
    }
    const struct azb_setting *setting = &machine->image->settings[item->setting];
    const struct azv_override *override = override_of(machine, item->setting);
    const bool words = setting->kind == AZB_TEXT || setting->kind == AZB_LIST;
    if (override != NULL && words)
        aza_put_span(sink, override->word);
    else if (override != NULL)
        azv_put_setting(sink, machine, setting, override->value);
    else
        azv_put_setting(sink, machine, setting,
                        machine->slots[machine->image->outputs[item->output].slot].value);
}

const char *azo_layer_word(unsigned layer)
{
    static const char *const words[AZV_LAYERS] = {
        [AZV_COMMAND_LINE] = "command line",
        [AZV_SETTINGS_VARIABLE] = "POSTGRES_SETTINGS",
        [AZV_RULES] = "rules",
    };
    return words[layer];
}
