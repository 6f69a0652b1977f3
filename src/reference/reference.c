/* The page as a whole: which names are on it, its opening, its sections in their order. */
#include "reference/reference.h"
#include "reference/parts.h"

/* --- what is on the page --- */

/* A value on the way to a name, and all on the way to it. */
static void mark(struct reference_page *page, uint32_t name)
{
    const struct image *image = &page->image;
    const struct image_name *entry = &image->names[name];
    if (page->listed[name])
        return;
    page->listed[name] = true;
    for (uint32_t i = entry->notes; i < entry->notes + entry->note_count; i++) {
        const uint32_t used = image->notes[i].b;
        if (image->notes[i].class == IMAGE_NOTE_USES && used != IMAGE_NONE &&
            image->names[used].class == IMAGE_NAME_LET)
            mark(page, used);
    }
}

/* Refusals and warnings have no names of their own; reference_find_ranges knows which settings
 * there are.
 */
static bool can_be_linked(const struct reference_page *page, const struct image_name *entry)
{
    const char *name = image_string(&page->image, entry->name);
    if (entry->class == IMAGE_NAME_CHECK)
        return !base_text_is(name, "refuse") && !base_text_is(name, "warn");
    return entry->class != IMAGE_NAME_SETTING;
}

static void list_names(struct reference_page *page)
{
    const struct image *image = &page->image;
    for (uint32_t n = 0; n < image->name_count; n++)
        if (image->names[n].class != IMAGE_NAME_LET)
            mark(page, n);
    for (uint32_t n = 0; n < image->name_count; n++)
        page->listed[n] &= can_be_linked(page, &image->names[n]);
    reference_find_ranges(page);
}

static void prove_invariants(struct reference_page *page)
{
    struct claims all = {0};
    claims_gather(page->build, &page->image, &all);
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].subject != CLAIM_INVARIANT)
            continue;
        struct claim *claim = BASE_PUSH(&page->build->arena, &page->claims);
        *claim = all.items[i];
        claim->proof = prove_run(page->prover, &claim->claim, PROVE_BUDGET);
    }
}

/* --- its opening, which speaks of all the rest --- */

static void put_count(struct reference_page *page, size_t count, const char *what)
{
    base_put_int(&page->sink, (int64_t)count);
    BASE_PUT(&page->sink, " ", what, count == 1 ? "" : "s");
}

static size_t count_inputs(const struct reference_page *page, enum image_input_class class)
{
    size_t count = 0;
    for (uint32_t i = 0; i < page->image.input_count; i++)
        count += page->image.inputs[i].class == class;
    return count;
}

static void put_opening(struct reference_page *page)
{
    const char *main =
        reference_path_of(page, (struct base_place){.file = page->build->program->main});
    size_t proved = 0;
    for (size_t i = 0; i < page->claims.count; i++)
        proved += page->claims.items[i].proof.verdict == PROVE_PROVED;
    base_put(&page->sink, "# What ");
    markdown_put_code(&page->sink, main);
    base_put(&page->sink, " says\n\nWritten by `azc doc` from ");
    markdown_put_code(&page->sink, main);
    base_put(&page->sink, " and what it imports: ");
    put_count(page, page->image.output_count, "setting");
    base_put(&page->sink, ", ");
    put_count(page, count_inputs(page, IMAGE_FACT), "fact");
    base_put(&page->sink, ",\n");
    put_count(page, count_inputs(page, IMAGE_OPTION), "option");
    base_put(&page->sink, ", ");
    put_count(page, page->claims.count, "invariant");
    base_put(&page->sink, ", of which ");
    base_put_int(&page->sink, (int64_t)proved);
    base_put(&page->sink, " are proved. Do not edit.\n");
    base_put(
        &page->sink,
        "\nValues are proved for every machine within the facts and options below, as long as "
        "nobody sets\na setting by hand. *A to B*: some machine has A, and some has B. *Between "
        "A and B*: none has less\nor more, but perhaps none has just these.\n");
}

/* --- the page --- */

bool reference_write(struct compilation *build, struct base_sink *sink)
{
    struct reference_page *page = BASE_NEW(&build->arena, struct reference_page);
    struct image_refusal refusal;
    if (!image_open(build->image.data, build->image.length, &page->image, &refusal))
        return false;
    page->build = build;
    page->prover = prove_new(&build->arena, &page->image);
    page->values = (struct vm_machine){.image = &page->image};
    page->sink = base_arena_sink(&build->arena);
    page->contents = base_arena_sink(&build->arena);
    page->listed = base_alloc(&build->arena, page->image.name_count * sizeof *page->listed + 1);
    page->ranges = base_alloc(&build->arena, page->image.name_count * sizeof *page->ranges + 1);
    list_names(page);
    prove_invariants(page);
    reference_put_index(page);
    reference_put_inputs(page);
    reference_put_settings(page);
    reference_put_tables(page);
    reference_put_lets(page);
    reference_put_claims(page);
    reference_put_messages(page);
    reference_put_probes(page);
    const struct base_sink body = page->sink;
    page->sink = base_arena_sink(&build->arena);
    put_opening(page);
    if (body.data != NULL)
        BASE_PUT(&page->sink, "\n", page->contents.data, body.data);
    *sink = page->sink;
    return true;
}
