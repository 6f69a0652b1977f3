/* An image as text: every element of every section is one line, which opens with its number.
 *
 * Slots and names are referred to by their number, as %slot and #name, inputs and settings by what
 * they are called, as @input and $setting. Numbers are in base units, exactly as they are stored.
 */
#include "image/image.h"
#include "vm/quote.h"

struct printer {
    const struct image *image;
    struct base_sink *sink;
};

/* --- pieces of a line --- */

static void put(const struct printer *p, const char *text)
{
    base_put(p->sink, text);
}

/* The text, then blanks up to the width of its column and one more. */
static void put_column(const struct printer *p, const char *text, size_t width)
{
    put(p, text);
    base_put_padding(p->sink, base_text_width(text, base_span_of(text).length), width);
    put(p, " ");
}

static void put_number(const struct printer *p, const char *before, int64_t number)
{
    put(p, before);
    base_put_int(p->sink, number);
}

/* An index, or nothing where there is none. */
static void put_index(const struct printer *p, const char *before, uint32_t index)
{
    if (index != IMAGE_NONE)
        put_number(p, before, index);
}

static void put_string(const struct printer *p, const char *before, uint32_t string)
{
    put(p, before);
    base_put_json(p->sink, image_string(p->image, string));
}

/* A text that has nothing to say is left out. */
static void put_optional(const struct printer *p, const char *before, uint32_t string)
{
    if (*image_string(p->image, string) != '\0')
        put_string(p, before, string);
}

static void put_name(const struct printer *p, const char *before, uint32_t string)
{
    put(p, before);
    put(p, image_string(p->image, string));
}

static void put_flag(const struct printer *p, bool set, const char *word)
{
    if (set)
        put(p, word);
}

static void put_value(const struct printer *p, const char *before, unsigned kind, int64_t value)
{
    if (image_is_text(kind)) {
        put_string(p, before, (uint32_t)value);
    } else if (kind == IMAGE_RATIO) {
        put(p, before);
        base_put_micro(p->sink, value, 1);
    } else {
        put_number(p, before, value);
    }
}

/* " in LOW .. HIGH", an open end left out. */
static void put_domain(const struct printer *p, unsigned kind, int64_t low, int64_t high)
{
    if (!image_is_number(kind) || (low == INT64_MIN && high == INT64_MAX))
        return;
    put(p, " in");
    if (low != INT64_MIN)
        put_value(p, " ", kind, low);
    put(p, " ..");
    if (high != INT64_MAX)
        put_value(p, " ", kind, high);
}

static void put_members(const struct printer *p, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        put_string(p, i == 0 ? " { " : ", ", p->image->words[first + i]);
    put_flag(p, count > 0, " }");
}

/* " WORD FIRST..LAST" of a run of another table. */
static void put_run(const struct printer *p, const char *word, uint32_t first, uint32_t count)
{
    if (count == 0)
        return;
    put_number(p, word, first);
    put_number(p, "..", (int64_t)first + count - 1);
}

/* " as_conf inner": the language, if it is one, and the flags. */
static void put_quote(const struct printer *p, unsigned quote)
{
    const char *function = vm_quote_function(quote);
    BASE_PUT(p->sink, function != NULL ? " " : "", function != NULL ? function : "",
             quote & VM_QUOTE_INNER ? " inner" : "", quote & VM_QUOTE_LINE ? " line" : "");
}

/* --- lines --- */

static void put_instruction(const struct printer *p, uint32_t n)
{
    const struct image_instruction *i = &p->image->code[n];
    const uint16_t slots[3] = {i->a, i->b, i->c};
    put_column(p, image_kind_word(i->kind), 12);
    put(p, image_mnemonic(i->op));
    for (int k = 0; k < 3; k++)
        if (image_reads(i->op, k))
            put_number(p, image_operations[i->op].operands[k] == IMAGE_OPERAND_OPT ? " ?%" : " %",
                       slots[k]);
    if (i->op == IMAGE_OP_CONST)
        put_value(p, " ", i->kind, i->immediate);
    else if (i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN)
        put_name(p, " @", p->image->inputs[i->immediate].name);
    else if (i->op == IMAGE_OP_SETTING)
        put_name(p, " $", p->image->settings[i->immediate].name);
    else if (i->op == IMAGE_OP_QUOTE)
        put_quote(p, (unsigned)i->immediate);
}

static void put_outcome(const struct printer *p, const char *when,
                        const struct image_outcome *outcome)
{
    static const char *const policies[] = {[IMAGE_REFUSE] = "refuse",
                                           [IMAGE_CLAMP] = "clamp",
                                           [IMAGE_DEFAULT] = "default",
                                           [IMAGE_USE] = "use"};
    put(p, when);
    put(p, policies[outcome->policy]);
    put_optional(p, " ", outcome->message);
}

static void put_input(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"fact", "option", "secret"};
    const struct image_input *input = &p->image->inputs[n];
    put(p, classes[input->class]);
    put_name(p, " ", input->name);
    put(p, input->optional ? ": optional " : ": ");
    put(p, image_kind_word(input->kind));
    put_members(p, input->members, input->member_count);
    put_domain(p, input->kind, input->low, input->high);
    if (input->has_default)
        put_value(p, " = ", input->kind, input->fallback);
    put_run(p, " sources ", input->sources, input->source_count);
    put_outcome(p, " below ", &input->below);
    put_outcome(p, " above ", &input->above);
    put_outcome(p, " missing ", &input->missing);
    put_outcome(p, " invalid ", &input->invalid);
    put_index(p, " #", input->name_entry);
    put_optional(p, " doc ", input->doc);
}

static void put_source(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"env", "file", "probe"};
    const struct image_source *source = &p->image->sources[n];
    put(p, classes[source->class]);
    put_name(p, " ", source->name);
    if (source->unit != 0)
        put_number(p, " in ", source->unit);
    put_string(p, " as ", source->label);
    put_optional(p, " warn ", source->warning);
}

static void put_word(const struct printer *p, uint32_t n)
{
    put_string(p, "", p->image->words[n]);
}

static void put_setting(const struct printer *p, uint32_t n)
{
    const struct image_setting *setting = &p->image->settings[n];
    put_name(p, "", setting->name);
    put(p, ": ");
    put(p, image_kind_word(setting->kind));
    put_members(p, setting->members, setting->member_count);
    put_domain(p, setting->kind, setting->low, setting->high);
    if (setting->unit != 1)
        put_number(p, " unit ", setting->unit);
    if (setting->grain != 1)
        put_number(p, " grain ", setting->grain);
    if (setting->since != 0)
        put_number(p, " since ", setting->since);
    if (setting->until != 0)
        put_number(p, " until ", setting->until);
    put_flag(p, setting->flags & IMAGE_SETTING_INTERNAL, " internal");
    put_flag(p, setting->flags & IMAGE_SETTING_RESTART, " restart");
    put_optional(p, " of ", setting->library);
    put_index(p, " %", setting->slot);
}

static void put_output(const struct printer *p, uint32_t n)
{
    const struct image_output *output = &p->image->outputs[n];
    put_name(p, "$", p->image->settings[output->setting].name);
    put_index(p, " %", output->slot);
    put_index(p, " #", output->name);
    put_flag(p, output->is_static != 0, " static");
}

static void put_check(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"refuse", "warn", "invariant"};
    const struct image_check *check = &p->image->checks[n];
    put(p, classes[check->class]);
    put_index(p, " %", check->condition);
    put_index(p, " message %", check->message);
    put_index(p, " #", check->name);
}

static void put_export(const struct printer *p, uint32_t n)
{
    put_name(p, "", p->image->exports[n].variable);
    put_index(p, " %", p->image->exports[n].slot);
}

static void put_entry(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"input", "let", "setting", "check"};
    const struct image_name *name = &p->image->names[n];
    put(p, classes[name->class]);
    put_name(p, " ", name->name);
    put_index(p, " %", name->slot);
    put_name(p, " at ", name->file);
    put_number(p, ":", name->line);
    put_run(p, " notes ", name->notes, name->note_count);
    put_optional(p, " formula ", name->formula);
    put_optional(p, " doc ", name->doc);
}

static void put_note(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"uses",    "row",   "branch", "at least",
                                          "at most", "point", "set"};
    static const char *const seconds[IMAGE_NOTE_SET + 1] = {
        [IMAGE_NOTE_USES] = " #", [IMAGE_NOTE_SET] = " says %"};
    const struct image_note *note = &p->image->notes[n];
    put(p, classes[note->class]);
    put_string(p, " ", note->text);
    put_index(p, " %", note->a);
    put_index(p, seconds[note->class] != NULL ? seconds[note->class] : " bound %", note->b);
    if (note->group != 0)
        put_number(p, " group ", note->group);
    put_optional(p, " in ", note->file);
    put_number(p, " line ", note->line);
}

static void put_document(const struct printer *p, uint32_t n)
{
    const struct image_document *document = &p->image->documents[n];
    const char mode[] = {'0', (char)('0' + (document->mode >> 6 & 7)),
                         (char)('0' + (document->mode >> 3 & 7)),
                         (char)('0' + (document->mode & 7)), '\0'};
    put_string(p, "", document->path);
    BASE_PUT(p->sink, " mode ", mode);
    put_name(p, " for ", document->command);
    put_run(p, " pieces ", document->pieces, document->piece_count);
}

static void put_piece(const struct printer *p, uint32_t n)
{
    put_number(p, "%", p->image->pieces[n]);
}

/* --- the whole --- */

static void put_header(const struct printer *p)
{
    const struct image_header *header = p->image->header;
    char digits[17] = "";
    for (int i = 0; i < 16; i++)
        digits[i] = "0123456789abcdef"[header->rules_hash >> (60 - 4 * i) & 15];
    put_number(p, "image ", header->version);
    put_string(p, " of ", header->rules);
    BASE_PUT(p->sink, " hash ", digits, "\n");
}

static void put_section(const struct printer *p, const char *title, const char *letter,
                        uint32_t count, void (*put_line)(const struct printer *, uint32_t))
{
    if (count > 0)
        BASE_PUT(p->sink, "\n", title, "\n");
    for (uint32_t n = 0; n < count; n++) {
        char digits[16];
        struct base_sink number = BASE_SINK(digits);
        base_put(&number, letter);
        base_put_int(&number, n);
        put(p, "  ");
        put_column(p, digits, 5);
        put_line(p, n);
        put(p, "\n");
    }
}

void ir_disassemble(const struct image *image, struct base_sink *sink)
{
    const struct printer p = {image, sink};
    put_header(&p);
    put_section(&p, "code", "%", image->code_count, put_instruction);
    put_section(&p, "inputs", "@", image->input_count, put_input);
    put_section(&p, "sources", "", image->source_count, put_source);
    put_section(&p, "words", "", image->word_count, put_word);
    put_section(&p, "settings", "$", image->setting_count, put_setting);
    put_section(&p, "outputs", "", image->output_count, put_output);
    put_section(&p, "checks", "", image->check_count, put_check);
    put_section(&p, "exports", "", image->export_count, put_export);
    put_section(&p, "names", "#", image->name_count, put_entry);
    put_section(&p, "notes", "", image->note_count, put_note);
    put_section(&p, "documents", "", image->document_count, put_document);
    put_section(&p, "pieces", "", image->piece_count, put_piece);
}
