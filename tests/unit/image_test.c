/* Images: the frame and everything that is wrong with one, finding things, and the disassembly. */
#include "../check.h"
#include "drive.h"
#include "plain.h"
#include "sample.h"

static struct assembler a;
static struct drive d;

/* The bytes under test are a copy of the sample's, so that each test begins with good ones. */
static _Alignas(8) char bytes[LIMIT_IMAGE_BYTES + 8];

static void restore(void)
{
    memcpy(bytes, a.bytes, a.length);
}

static struct image_header *header(void)
{
    return (struct image_header *)(void *)bytes;
}

static bool refused(size_t length, const char *reason, size_t offset)
{
    return drive_refused(&d, bytes, length, reason, offset);
}

/* --- the frame --- */

#define HEADER(field) offsetof(struct image_header, field)

static void test_header(void)
{
    restore();
    CHECK(refused(0, "size", 0));
    CHECK(refused(sizeof(struct image_header) - 8, "size", 0));
    CHECK(refused(a.length - 1, "size", 0));
    CHECK(refused(LIMIT_IMAGE_BYTES + 8, "size", 0));
    CHECK(refused(a.length - 8, "size", HEADER(file_bytes)));
    bytes[7] ^= 1;
    CHECK(refused(a.length, "magic", 0));
    restore();
    header()->version++;
    CHECK(refused(a.length, "version", HEADER(version)));
    restore();
    header()->header_bytes += 8;
    CHECK(refused(a.length, "size", HEADER(header_bytes)));
    restore();
    header()->checksum++;
    CHECK(refused(a.length, "checksum", HEADER(checksum)));
    restore();
    bytes[a.length - 1] ^= 1;
    CHECK(refused(a.length, "checksum", HEADER(checksum)));
}

static const uint32_t limits[IMAGE_SECTIONS] = {
    [IMAGE_CODE] = LIMIT_SLOTS,      [IMAGE_INPUTS] = LIMIT_INPUTS,
    [IMAGE_SOURCES] = LIMIT_SOURCES, [IMAGE_SETTINGS] = LIMIT_SETTINGS,
    [IMAGE_OUTPUTS] = LIMIT_FLAGS,   [IMAGE_DOCUMENTS] = LIMIT_DOCUMENTS};

static void test_sections(void)
{
    for (size_t s = 0; s < IMAGE_SECTIONS; s++) {
        const size_t here = HEADER(sections) + s * sizeof(struct image_range);
        restore();
        header()->sections[s].offset += 8;
        assemble_seal(bytes, a.length);
        CHECK(refused(a.length, "section", here));
        restore();
        header()->sections[s].count = limits[s] ? limits[s] + 1 : UINT32_MAX;
        assemble_seal(bytes, a.length);
        CHECK(refused(a.length, "limit", here + 4));
        /* Within its limit, but with too little file. */
        header()->sections[s].count = limits[s] ? limits[s] : LIMIT_IMAGE_BYTES;
        assemble_seal(bytes, a.length);
        CHECK(refused(a.length, "section", here + 4));
    }
    restore();
    memset(bytes + a.length, 0, 8);
    assemble_seal(bytes, a.length + 8);
    CHECK(refused(a.length + 8, "size", a.length));
}

/* The largest image there may be: nothing but empty strings. */
static void test_largest(void)
{
    const size_t length = LIMIT_IMAGE_BYTES;
    restore();
    memset(bytes + sizeof(struct image_header), 0, length - sizeof(struct image_header));
    header()->rules = 0;
    for (int s = 0; s < IMAGE_SECTIONS; s++)
        header()->sections[s] = (struct image_range){.offset = (uint32_t)length};
    header()->sections[IMAGE_STRINGS].offset = sizeof(struct image_header);
    header()->sections[IMAGE_STRINGS].count = (uint32_t)(length - sizeof(struct image_header));
    assemble_seal(bytes, length);
    CHECK(drive(&d, bytes, length));
    bytes[length - 1] = 'x';
    CHECK(refused(length, "checksum", HEADER(checksum)));
    assemble_seal(bytes, length);
    CHECK(refused(length, "string", length - 1));
}

/* --- finding --- */

static uint32_t find_setting(const char *name)
{
    return image_find_setting(&d.image, base_span_of(name));
}

static uint32_t find_name(const char *name)
{
    return image_find_name(&d.image, base_span_of(name));
}

static int compare(const char *left, const char *right)
{
    return image_compare_names(base_span_of(left), base_span_of(right));
}

static void test_finding(void)
{
    restore();
    CHECK(drive(&d, bytes, a.length));
    for (uint32_t i = 0; i < SAMPLE_SETTINGS; i++)
        CHECK(find_setting(image_string(&d.image, d.image.settings[i].name)) == i);
    CHECK(find_setting("WAL_Level") == SAMPLE_WAL_LEVEL);
    CHECK(find_setting("bgwriter_delay") == SAMPLE_BGWRITER_DELAY);
    CHECK(find_setting("wal_leve") == IMAGE_NONE);
    CHECK(find_setting("wal_levels") == IMAGE_NONE);
    CHECK(find_setting("") == IMAGE_NONE);
    CHECK(find_name("memory") == 0);
    CHECK(find_name("a_quarter") == 2);
    CHECK(find_name("Wal_Level") == 4 + SAMPLE_WAL_LEVEL);
    CHECK(find_name("fits") == IMAGE_NONE);
    CHECK(find_name("") == IMAGE_NONE);
    CHECK(compare("a", "B") < 0 && compare("B", "a") > 0 && compare("aB", "Ab") == 0);
    CHECK(compare("AZ@[", "az@[") == 0 && compare("@", "`") < 0 && compare("[", "{") < 0);
    CHECK(compare("a", "ab") < 0 && compare("ab", "a") > 0 && compare("", "") == 0);
    CHECK(compare("a_b", "aab") < 0 && compare("z", "\xc3\xa4") < 0 && compare("[", "a") < 0);
}

/* Settings go by their own name too, unless a let or another config has it. */
static void test_qualified_names(void)
{
    static struct assembler other;
    assemble_begin(&other);
    assemble_constant(&other, IMAGE_INT, 0);
    static const char *const names[] = {"base.work_mem", "runtime.work_mem", "runtime.pgaudit.log",
                                        "log", "work_mem"};
    for (size_t i = 0; i < 4; i++)
        ASSEMBLE_ADD(&other, IMAGE_NAMES, names,
                     (struct image_name){.name = assemble_string(&other, names[i])});
    assemble_build(&other);
    CHECK(drive(&d, other.bytes, other.length));
    CHECK(find_name("work_mem") == 0);
    CHECK(find_name("runtime.work_mem") == 1);
    CHECK(find_name("pgaudit.log") == 2);
    CHECK(find_name("RUNTIME.pgaudit.log") == 2);
    CHECK(find_name("log") == 3);
    CHECK(find_name("mem") == IMAGE_NONE);
    ASSEMBLE_ADD(&other, IMAGE_NAMES, names,
                 (struct image_name){.name = assemble_string(&other, names[4])});
    assemble_build(&other);
    CHECK(drive(&d, other.bytes, other.length));
    CHECK(find_name("work_mem") == 4);
}

static void test_words(void)
{
    CHECK_TEXT(image_mnemonic(IMAGE_OP_ROUND_NEAR), "round_near");
    CHECK_TEXT(image_mnemonic(IMAGE_OPCODES), "?");
    CHECK_TEXT(image_kind_word(IMAGE_LIST), "list of text");
    CHECK_TEXT(image_kind_word(IMAGE_KINDS), "?");
    for (unsigned kind = 0; kind <= IMAGE_KINDS; kind++)
        CHECK(image_is_number(kind) == plain_is_number(kind));
}

/* --- disassembly --- */

/* Values are written in the largest unit that fits, which the table has last. */
static void test_units_rise(void)
{
    for (unsigned i = 1; i < IMAGE_UNITS; i++)
        CHECK(image_units[i].kind != image_units[i - 1].kind ||
              image_units[i].base > image_units[i - 1].base);
}

static void test_disassembly(void)
{
    static const char *const lines[] = {
        "image 2 of \"rules/main.azr\" hash 0123456789abcdef\n",
        "\ncode\n  %0    bytes        input @memory\n",
        "  %9    bool         given @password\n",
        "  %12   ratio        const 0.25\n",
        "  %20   int          muldiv %0 %5 %19\n",
        "  %34   bytes        void\n  %35   bytes        select %33 ?%1 ?%34\n",
        "  %39   list of text const \"vector,pg_cron\"\n",
        "bytes        setting ?%35 $wal_buffers\n",
        "\ninputs\n  @0    fact memory: bytes in 536870912 .. 1099511627776 = 2147483648 "
        "sources 0..1 below refuse \"too small\" above clamp missing use \"assuming\" "
        "invalid default #0 doc \"Memory.\"\n",
        "  @1    fact disk: optional bytes in 0 .. sources 2..2 below refuse above refuse "
        "missing refuse invalid refuse #1\n",
        "  @2    fact cpus: ratio in 0.001 .. 1000.0 = 2.5 sources 3..3 ",
        "  @4    option workload: enum { \"web\", \"oltp\", \"dw\" } = \"oltp\" sources 5..5 ",
        "  @5    option limit: int = 100 below",
        "  @9    secret password: text sources 6..6 ",
        "\nsources\n  0     env POSTGRES_MEMORY in 1048576 as \"manual\"\n"
        "  1     probe host_memory as \"host\" warn \"no limit\"\n",
        "\nwords\n  0     \"web\"\n",
        "  $6    search_path: list of text internal %",
        "  $7    wal_buffers: bytes in -8192 .. 2147483648 unit 8192 grain 1048576 "
        "since 180000 until 190000 of \"core\" %",
        "  $8    wal_level: enum { \"minimal\", \"replica\", \"logical\" } %",
        "\nchecks\n  0     refuse %31 message %45 #3\n",
        "\nexports\n  0     SUMMARY %45\n",
        "  #2    let a_quarter %14 at rules/main.azr:7 notes 0..5 formula \"memory * 25%\"\n",
        "\nnotes\n  0     uses \"memory\" %0 #0 line 7\n",
        "  1     row \"tiers size, below 4GB\" %29 group 1 line 7\n",
        "  3     at least \"1MB\" %36 bound %13 line 8\n",
        "  text         quote %45 as_conf\n",
        "  text         quote %47 as_ini inner\n",
        "\ndocuments\n  0     \"/run/pooler/pooler.ini\" mode 0640 for pooler pieces 0..1\n",
        "\npieces\n  0     %45\n",
        "  5     point \"512MB .. 8GB\" %33 group 2 in \"rules/other.azr\" line 9\n",
    };
    restore();
    CHECK(drive(&d, bytes, a.length));
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!strstr(d.output, lines[i]))
            fprintf(stderr, "missing: %s\n", lines[i]);
        CHECK(strstr(d.output, lines[i]) != NULL);
    }
    const char *outputs = strstr(d.output, "\noutputs\n");
    CHECK(outputs && strstr(outputs, "$wal_level %62 #12 static\n"));
}

int main(void)
{
    sample_build(&a);
    test_header();
    test_sections();
    test_largest();
    test_finding();
    test_qualified_names();
    test_words();
    test_units_rise();
    test_disassembly();
    return check_summary("image");
}
