/* Prints an image as text, for `azc disasm`: each element of each section is one line that begins
 * with its number.
 *
 * Slots and names are referred to by number, as %slot and #name; inputs and settings by name, as
 * @input and $setting. Numbers are in base units, exactly as they are stored. Everything in the
 * image is printed except padding and offsets, so that two images with the same text behave alike,
 * and golden files show what a change does to the code. Zero, null and empty fields are left out.
 * The image has been opened and verified: no index is checked here. */
#include "image/image.h"
#include "vm/quote.h"

struct printer {
    const struct image *image;
    struct base_sink *sink;
};

/* --- pieces of a line --- */

static void disasm_text(const struct printer *p, const char *text)
{
    base_put(p->sink, text);
}

/* The text, padded with blanks to the width of its column, and one more blank. */
static void disasm_column(const struct printer *p, const char *text, size_t width)
{
    disasm_text(p, text);
    base_put_padding(p->sink, base_text_width(text, base_span_of(text).length), width);
    disasm_text(p, " ");
}

static void disasm_number(const struct printer *p, const char *before, int64_t number)
{
    disasm_text(p, before);
    base_put_int(p->sink, number);
}

/* An index, or nothing if it is IMAGE_NONE. */
static void disasm_index(const struct printer *p, const char *before, uint32_t index)
{
    if (index != IMAGE_NONE)
        disasm_number(p, before, index);
}

static void disasm_string(const struct printer *p, const char *before, uint32_t string)
{
    disasm_text(p, before);
    base_put_json(p->sink, image_string(p->image, string));
}

/* An empty string is left out. */
static void disasm_optional(const struct printer *p, const char *before, uint32_t string)
{
    if (*image_string(p->image, string) != '\0')
        disasm_string(p, before, string);
}

static void disasm_name(const struct printer *p, const char *before, uint32_t string)
{
    disasm_text(p, before);
    disasm_text(p, image_string(p->image, string));
}

static void disasm_flag(const struct printer *p, bool set, const char *word)
{
    if (set)
        disasm_text(p, word);
}

static void disasm_value(const struct printer *p, const char *before, unsigned kind, int64_t value)
{
    if (image_is_text(kind)) {
        disasm_string(p, before, (uint32_t)value);
    } else if (kind == IMAGE_RATIO) {
        disasm_text(p, before);
        base_put_micro(p->sink, value, 1);
    } else {
        disasm_number(p, before, value);
    }
}

/* " in LOW .. HIGH", an open end left out. */
static void disasm_domain(const struct printer *p, unsigned kind, int64_t low, int64_t high)
{
    if (!image_is_number(kind) || (low == INT64_MIN && high == INT64_MAX))
        return;
    disasm_text(p, " in");
    if (low != INT64_MIN)
        disasm_value(p, " ", kind, low);
    disasm_text(p, " ..");
    if (high != INT64_MAX)
        disasm_value(p, " ", kind, high);
}

static void disasm_members(const struct printer *p, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++)
        disasm_string(p, i == 0 ? " { " : ", ", p->image->words[first + i]);
    disasm_flag(p, count > 0, " }");
}

/* " WORD FIRST..LAST": a range of rows of another table. */
static void disasm_run(const struct printer *p, const char *word, uint32_t first, uint32_t count)
{
    if (count == 0)
        return;
    disasm_number(p, word, first);
    disasm_number(p, "..", (int64_t)first + count - 1);
}

/* " as_conf inner": the language, if there is one, and the flags. */
static void disasm_quote(const struct printer *p, unsigned quote)
{
    const char *function = vm_quote_function(quote);
    BASE_PUT(p->sink, function != NULL ? " " : "", function != NULL ? function : "",
             quote & VM_QUOTE_INNER ? " inner" : "", quote & VM_QUOTE_LINE ? " line" : "");
}

/* --- lines --- */

static void disasm_instruction(const struct printer *p, uint32_t n)
{
    const struct image_instruction *i = &p->image->code[n];
    const uint16_t slots[3] = {i->a, i->b, i->c};
    disasm_column(p, image_kind_word(i->kind), 12);
    disasm_text(p, image_mnemonic(i->op));
    for (int k = 0; k < 3; k++)
        if (image_reads(i->op, k))
            disasm_number(p,
                          image_operations[i->op].operands[k] == IMAGE_OPERAND_OPT ? " ?%" : " %",
                          slots[k]);
    if (i->op == IMAGE_OP_CONST)
        disasm_value(p, " ", i->kind, i->immediate);
    else if (i->op == IMAGE_OP_INPUT || i->op == IMAGE_OP_GIVEN)
        disasm_name(p, " @", p->image->inputs[i->immediate].name);
    else if (i->op == IMAGE_OP_SETTING)
        disasm_name(p, " $", p->image->settings[i->immediate].name);
    else if (i->op == IMAGE_OP_QUOTE)
        disasm_quote(p, (unsigned)i->immediate);
}

static void disasm_outcome(const struct printer *p, const char *when,
                           const struct image_outcome *outcome)
{
    static const char *const policies[] = {[IMAGE_REFUSE] = "refuse",
                                           [IMAGE_CLAMP] = "clamp",
                                           [IMAGE_DEFAULT] = "default",
                                           [IMAGE_USE] = "use"};
    disasm_text(p, when);
    disasm_text(p, policies[outcome->policy]);
    disasm_optional(p, " ", outcome->message);
}

static void disasm_input(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"fact", "option", "secret"};
    const struct image_input *input = &p->image->inputs[n];
    disasm_text(p, classes[input->class]);
    disasm_name(p, " ", input->name);
    disasm_text(p, input->optional ? ": optional " : ": ");
    disasm_text(p, image_kind_word(input->kind));
    disasm_members(p, input->members, input->member_count);
    disasm_domain(p, input->kind, input->low, input->high);
    if (input->has_default)
        disasm_value(p, " = ", input->kind, input->fallback);
    disasm_run(p, " sources ", input->sources, input->source_count);
    disasm_outcome(p, " below ", &input->below);
    disasm_outcome(p, " above ", &input->above);
    disasm_outcome(p, " missing ", &input->missing);
    disasm_outcome(p, " invalid ", &input->invalid);
    disasm_index(p, " #", input->name_entry);
    disasm_optional(p, " doc ", input->doc);
}

static void disasm_source(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"env", "file", "probe"};
    const struct image_source *source = &p->image->sources[n];
    disasm_text(p, classes[source->class]);
    disasm_name(p, " ", source->name);
    if (source->unit != 0)
        disasm_number(p, " in ", source->unit);
    disasm_string(p, " as ", source->label);
    disasm_optional(p, " warn ", source->warning);
}

static void disasm_word(const struct printer *p, uint32_t n)
{
    disasm_string(p, "", p->image->words[n]);
}

static void disasm_setting(const struct printer *p, uint32_t n)
{
    const struct image_setting *setting = &p->image->settings[n];
    disasm_name(p, "", setting->name);
    disasm_text(p, ": ");
    disasm_text(p, image_kind_word(setting->kind));
    disasm_members(p, setting->members, setting->member_count);
    disasm_domain(p, setting->kind, setting->low, setting->high);
    if (setting->unit != 1)
        disasm_number(p, " unit ", setting->unit);
    if (setting->grain != 1)
        disasm_number(p, " grain ", setting->grain);
    if (setting->since != 0)
        disasm_number(p, " since ", setting->since);
    if (setting->until != 0)
        disasm_number(p, " until ", setting->until);
    disasm_flag(p, setting->flags & IMAGE_SETTING_INTERNAL, " internal");
    disasm_flag(p, setting->flags & IMAGE_SETTING_RESTART, " restart");
    disasm_optional(p, " of ", setting->library);
    disasm_index(p, " %", setting->slot);
}

static void disasm_output(const struct printer *p, uint32_t n)
{
    const struct image_output *output = &p->image->outputs[n];
    disasm_name(p, "$", p->image->settings[output->setting].name);
    disasm_index(p, " %", output->slot);
    disasm_index(p, " #", output->name);
    disasm_flag(p, output->is_static != 0, " static");
}

static void disasm_check(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"refuse", "warn", "invariant"};
    const struct image_check *check = &p->image->checks[n];
    disasm_text(p, classes[check->class]);
    disasm_index(p, " %", check->condition);
    disasm_index(p, " message %", check->message);
    disasm_index(p, " #", check->name);
}

static void disasm_export(const struct printer *p, uint32_t n)
{
    disasm_name(p, "", p->image->exports[n].variable);
    disasm_index(p, " %", p->image->exports[n].slot);
}

static void disasm_named_value(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"input", "let", "setting", "check"};
    const struct image_name *name = &p->image->names[n];
    disasm_text(p, classes[name->class]);
    disasm_name(p, " ", name->name);
    disasm_index(p, " %", name->slot);
    disasm_name(p, " at ", name->file);
    disasm_number(p, ":", name->line);
    disasm_run(p, " notes ", name->notes, name->note_count);
    disasm_optional(p, " formula ", name->formula);
    disasm_optional(p, " doc ", name->doc);
}

static void disasm_note(const struct printer *p, uint32_t n)
{
    static const char *const classes[] = {"uses",    "row",   "branch", "at least",
                                          "at most", "point", "set"};
    static const char *const seconds[IMAGE_NOTE_SET + 1] = {
        [IMAGE_NOTE_USES] = " #", [IMAGE_NOTE_SET] = " value %"};
    const struct image_note *note = &p->image->notes[n];
    disasm_text(p, classes[note->class]);
    disasm_string(p, " ", note->text);
    disasm_index(p, " %", note->a);
    disasm_index(p, seconds[note->class] != NULL ? seconds[note->class] : " bound %", note->b);
    if (note->group != 0)
        disasm_number(p, " group ", note->group);
    disasm_optional(p, " in ", note->file);
    disasm_number(p, " line ", note->line);
}

static void disasm_document(const struct printer *p, uint32_t n)
{
    const struct image_document *document = &p->image->documents[n];
    const char mode[] = {'0', (char)('0' + (document->mode >> 6 & 7)),
                         (char)('0' + (document->mode >> 3 & 7)),
                         (char)('0' + (document->mode & 7)), '\0'};
    disasm_string(p, "", document->path);
    BASE_PUT(p->sink, " mode ", mode);
    disasm_name(p, " for ", document->command);
    disasm_run(p, " pieces ", document->pieces, document->piece_count);
}

static void disasm_piece(const struct printer *p, uint32_t n)
{
    disasm_number(p, "%", p->image->pieces[n]);
}

/* --- the whole --- */

static void disasm_header(const struct printer *p)
{
    const struct image_header *header = p->image->header;
    char digits[17] = "";
    for (int i = 0; i < 16; i++)
        digits[i] = "0123456789abcdef"[header->rules_hash >> (60 - 4 * i) & 15];
    disasm_number(p, "image ", header->version);
    disasm_string(p, " of ", header->rules);
    BASE_PUT(p->sink, " hash ", digits, "\n");
}

static void disasm_section(const struct printer *p, const char *title, const char *letter,
                           uint32_t count, void (*put_line)(const struct printer *, uint32_t))
{
    if (count > 0)
        BASE_PUT(p->sink, "\n", title, "\n");
    for (uint32_t n = 0; n < count; n++) {
        char digits[16];
        struct base_sink number = BASE_SINK(digits);
        base_put(&number, letter);
        base_put_int(&number, n);
        disasm_text(p, "  ");
        disasm_column(p, digits, 5);
        put_line(p, n);
        disasm_text(p, "\n");
    }
}

void ir_disassemble(const struct image *image, struct base_sink *sink)
{
    const struct printer p = {image, sink};
    disasm_header(&p);
    disasm_section(&p, "code", "%", image->code_count, disasm_instruction);
    disasm_section(&p, "inputs", "@", image->input_count, disasm_input);
    disasm_section(&p, "sources", "", image->source_count, disasm_source);
    disasm_section(&p, "words", "", image->word_count, disasm_word);
    disasm_section(&p, "settings", "$", image->setting_count, disasm_setting);
    disasm_section(&p, "outputs", "", image->output_count, disasm_output);
    disasm_section(&p, "checks", "", image->check_count, disasm_check);
    disasm_section(&p, "exports", "", image->export_count, disasm_export);
    disasm_section(&p, "names", "#", image->name_count, disasm_named_value);
    disasm_section(&p, "notes", "", image->note_count, disasm_note);
    disasm_section(&p, "documents", "", image->document_count, disasm_document);
    disasm_section(&p, "pieces", "", image->piece_count, disasm_piece);
}
