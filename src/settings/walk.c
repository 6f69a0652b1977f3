/* The sequence of settings that every format iterates over, and their values.
 *
 * The cursor counts through three tables one after the other: the outputs of the rules, the
 * catalogue (for settings that only the operator sets), and the custom settings. Elements without a
 * value are skipped. The second table is compared with the first, which is quadratic but short. */
#include <string.h>
#include "settings/settings.h"

static const struct vm_override *find_override(const struct vm_machine *machine, uint32_t setting)
{
    if (machine->overrides == NULL || !machine->overrides[setting].present)
        return NULL;
    return &machine->overrides[setting];
}

static void begin_setting(const struct vm_machine *machine, uint32_t setting,
                          struct settings_item *item)
{
    const struct vm_override *override = find_override(machine, setting);
    const uint32_t name = machine->image->settings[setting].name;
    *item = (struct settings_item){.name = base_span_of(image_string(machine->image, name)),
                                   .setting = setting,
                                   .output = IMAGE_NONE,
                                   .layer = override != NULL ? override->layer : VM_RULES};
}

static bool take_output(const struct vm_machine *machine, uint32_t n, struct settings_item *item)
{
    const struct image_output *output = &machine->image->outputs[n];
    if (machine->slots[output->slot].state != VM_VALUE)
        return false;
    begin_setting(machine, output->setting, item);
    item->output = n;
    return true;
}

/* A setting of the catalogue that only the operator sets. */
static bool take_override(const struct vm_machine *machine, uint32_t setting,
                          struct settings_item *item)
{
    if (find_override(machine, setting) == NULL)
        return false;
    for (uint32_t i = 0; i < machine->image->output_count; i++)
        if (machine->image->outputs[i].setting == setting)
            return false;
    begin_setting(machine, setting, item);
    return true;
}

bool settings_next(const struct settings_view *view, uint32_t *cursor, struct settings_item *item)
{
    const struct vm_machine *machine = view->machine;
    const uint32_t outputs = machine->image->output_count;
    const uint32_t settings = outputs + machine->image->setting_count;
    while (*cursor < settings) {
        const uint32_t n = (*cursor)++;
        if (n < outputs ? take_output(machine, n, item) : take_override(machine, n - outputs, item))
            return true;
    }
    if (*cursor - settings >= view->custom_count)
        return false;
    const struct settings_custom *custom = &view->custom[(*cursor)++ - settings];
    *item = (struct settings_item){custom->name, IMAGE_NONE, IMAGE_NONE, custom, custom->layer};
    return true;
}

void settings_put_value(struct base_sink *sink, const struct settings_view *view,
                        const struct settings_item *item)
{
    const struct vm_machine *machine = view->machine;
    if (item->custom != NULL) {
        base_put_span(sink, item->custom->value);
        return;
    }
    const struct image_setting *setting = &machine->image->settings[item->setting];
    const struct vm_override *override = find_override(machine, item->setting);
    const bool words = setting->kind == IMAGE_TEXT || setting->kind == IMAGE_LIST;
    if (override != NULL && words)
        base_put_span(sink, override->word);
    else if (override != NULL)
        vm_put_setting(sink, machine, setting, override->value);
    else
        vm_put_setting(sink, machine, setting,
                       machine->slots[machine->image->outputs[item->output].slot].value);
}

const char *settings_layer_word(unsigned layer)
{
    static const char *const words[VM_LAYERS] = {
        [VM_COMMAND_LINE] = "command line",
        [VM_SETTINGS_VARIABLE] = "POSTGRES_SETTINGS",
        [VM_RULES] = "rules",
    };
    _Static_assert(VM_LAYERS == 3, "a row for each layer");
    return words[layer];
}
