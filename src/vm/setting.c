/* PostgreSQL settings: writing values as the server writes them, and reading them as its own parser
 * does, so that an operator's value means the same here as in the server.
 *
 * The parser follows parse_int, parse_real and parse_bool of the server's guc.c and bool.c: units
 * are case-sensitive, a blank before the unit is allowed, numbers are rounded twice, members and
 * booleans ignore case. It deliberately differs in two points: hexadecimal and octal numbers are
 * rejected with an explanation, because "010" is hardly ever meant as 8. */
#include "vm/quantity.h"

/* --- writing --- */

void vm_put_setting(struct base_sink *sink, const struct vm_machine *machine,
                    const struct image_setting *setting, int64_t value)
{
    switch (setting->kind) {
    case IMAGE_BOOL:
        base_put(sink, value ? "on" : "off");
        return;
    case IMAGE_INT:
        base_put_int(sink, value);
        return;
    case IMAGE_RATIO:
        base_put_micro(sink, value, 1);
        return;
    case IMAGE_BYTES:
    case IMAGE_TIME:
        /* Zero and whole negative values have special meanings such as "off": no unit. */
        if (value <= 0 && value % setting->unit == 0)
            base_put_int(sink, value / setting->unit);
        else
            vm_put_value(sink, machine, setting->kind, value);
        return;
    default:
        base_put(sink, vm_text(machine, value));
    }
}

void vm_put_slot(struct base_sink *sink, const struct vm_machine *machine, uint32_t slot)
{
    const struct image_instruction *i = &machine->image->code[slot];
    const int64_t value = machine->slots[slot].value;
    if (i->op == IMAGE_OP_SETTING)
        vm_put_setting(sink, machine, &machine->image->settings[i->immediate], value);
    else
        vm_put_value(sink, machine, i->kind, value);
}

void vm_put_bounds(struct base_sink *sink, const struct vm_machine *machine,
                   const struct image_setting *setting)
{
    if (setting->low != INT64_MIN)
        vm_put_setting(sink, machine, setting, setting->low);
    if (setting->high == INT64_MAX) {
        base_put(sink, " and more");
        return;
    }
    base_put(sink, setting->low != INT64_MIN ? " .. " : "up to ");
    vm_put_setting(sink, machine, setting, setting->high);
}

/* --- reading --- */

struct reader {
    struct vm_machine *machine;
    const struct image_setting *setting;
    struct base_span word;
    struct base_sink *why;
};

/* Returns false, for the caller to return. */
static bool refuse_setting(struct reader *reader, const char *sentence)
{
    base_put(reader->why, sentence);
    return false;
}

/* Whether the server stores only whole multiples of the unit; if not, it stores any fraction. */
static bool stores_whole_units(const struct image_setting *setting)
{
    return setting->kind != IMAGE_RATIO && setting->grain % setting->unit == 0;
}

static bool check_setting_range(struct reader *reader, int64_t value)
{
    const struct image_setting *setting = reader->setting;
    if (value >= setting->low && value <= setting->high && value % setting->grain == 0)
        return true;
    if (value % setting->grain != 0) {
        base_put(reader->why, "must be a multiple of ");
        vm_put_setting(reader->why, reader->machine, setting, setting->grain);
        return false;
    }
    base_put(reader->why, "is out of range; the setting allows ");
    vm_put_bounds(reader->why, reader->machine, setting);
    return false;
}

static const char *unit_hint(unsigned kind)
{
    if (kind == IMAGE_BYTES)
        return "has an unknown unit; sizes use B, kB, MB, GB and TB";
    if (kind == IMAGE_TIME)
        return "has an unknown unit; times use us, ms, s, min, h and d";
    return "must be a number without a unit";
}

/* Like the server: a number with a unit is first rounded to a multiple of the next smaller unit, if
 * there is one, and then to the setting's unit if only whole multiples are stored. */
static bool convert_number(struct reader *reader, const struct vm_number *number, int64_t *value)
{
    const struct image_setting *setting = reader->setting;
    const bool scaled = setting->kind == IMAGE_BYTES || setting->kind == IMAGE_TIME;
    int64_t base = setting->kind == IMAGE_RATIO ? 1000000 : setting->unit, smaller = 0;
    struct vm_number rest = *number;
    if (number->unit.length > 0 &&
        !(scaled && vm_find_unit((enum image_kind)setting->kind, number->unit, &base, &smaller)))
        return refuse_setting(reader, unit_hint(setting->kind));
    if (smaller > 0) {
        if (!vm_nearly(number, base, smaller, value))
            return refuse_setting(reader, "is too large");
        rest = (struct vm_number){.mantissa = *value};
        base = 1;
    }
    if (stores_whole_units(setting))
        return vm_nearly(&rest, base, setting->unit, value) ||
               refuse_setting(reader, "is too large");
    return vm_exactly(&rest, base, value) ||
           refuse_setting(reader,
                          "is too precise: numbers have six decimal places, times microseconds");
}

static bool parse_setting_number(struct reader *reader, int64_t *value)
{
    struct vm_number number;
    const char *trouble = vm_scan_number(reader->word, &number);
    if (trouble != NULL)
        return refuse_setting(reader, trouble);
    /* The server reads a whole number such as "010" as octal 8. */
    if (number.leading_zero && stores_whole_units(reader->setting))
        return refuse_setting(reader,
                              "begins with a zero, which PostgreSQL reads as octal; remove the "
                              "zero");
    return convert_number(reader, &number, value) && check_setting_range(reader, *value);
}

static bool parse_setting_truth(struct reader *reader, int64_t *value)
{
    const int truth = vm_truth(reader->word);
    *value = truth;
    return truth >= 0 || refuse_setting(reader, "is neither on nor off");
}

/* Words that the server accepts for members but does not list in pg_settings.enumvals. */
static const struct alias {
    const char *word, *member;
} aliases[] = {
    {"true", "on"},      {"yes", "on"},          {"1", "on"},
    {"false", "off"},    {"no", "off"},          {"0", "off"},
    {"debug", "debug2"}, {"archive", "replica"}, {"hot_standby", "replica"},
};

static bool parse_setting_member(struct reader *reader, int64_t *value)
{
    const struct image *image = reader->machine->image;
    const uint32_t first = reader->setting->members, count = reader->setting->member_count;
    uint32_t member = vm_find_member(image, first, count, reader->word);
    for (size_t i = 0; member == IMAGE_NONE && i < sizeof aliases / sizeof *aliases; i++)
        if (image_compare_names(reader->word, base_span_of(aliases[i].word)) == 0)
            member = vm_find_member(image, first, count, base_span_of(aliases[i].member));
    *value = member;
    if (member != IMAGE_NONE)
        return true;
    base_put(reader->why, "is not one of ");
    vm_put_members(reader->why, image, first, count);
    return false;
}

static bool parse_setting_text(struct reader *reader, int64_t *value)
{
    if (reader->setting->kind == IMAGE_LIST)
        return vm_make_list(reader->machine, reader->word, value) ||
               refuse_setting(reader, "is too long");
    return vm_make_text(reader->machine, reader->word, value) ||
           refuse_setting(reader, "is too long");
}

static void put_version(struct base_sink *sink, int64_t version)
{
    base_put_int(sink, version / 10000);
    base_put_char(sink, '.');
    base_put_int(sink, version % 10000);
}

static bool check_availability(struct reader *reader, int64_t version)
{
    const struct image_setting *setting = reader->setting;
    if (setting->flags & IMAGE_SETTING_INTERNAL)
        return refuse_setting(reader, "is read-only: the server reports it");
    if (version == 0)
        return true;
    const bool early = setting->since != 0 && version < setting->since;
    const bool late = setting->until != 0 && version > setting->until;
    if (!early && !late)
        return true;
    base_put(reader->why, early ? "requires PostgreSQL " : "was removed after PostgreSQL ");
    put_version(reader->why, early ? setting->since : setting->until);
    base_put(reader->why, "; this server is ");
    put_version(reader->why, version);
    return false;
}

bool vm_parse_setting(struct vm_machine *machine, uint32_t setting, int64_t version,
                      struct base_span word, int64_t *value, struct base_sink *why)
{
    struct reader reader = {machine, &machine->image->settings[setting], word, why};
    if (!check_availability(&reader, version))
        return false;
    switch (reader.setting->kind) {
    case IMAGE_BOOL:
        return parse_setting_truth(&reader, value);
    case IMAGE_INT:
    case IMAGE_RATIO:
    case IMAGE_BYTES:
    case IMAGE_TIME:
        return parse_setting_number(&reader, value);
    case IMAGE_ENUM:
        return parse_setting_member(&reader, value);
    default:
        return parse_setting_text(&reader, value);
    }
}
