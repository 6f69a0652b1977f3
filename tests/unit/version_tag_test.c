/* Versions of tags: their patterns, their order, and what is written of them. */
#include "../check.h"
#include "pins/version_tag.h"

/* prefix|numbers|rest */
static const char *parts(const char *tag)
{
    static char text[256];
    struct base_sink sink = BASE_SINK(text);
    const struct pins_version version = pins_read_version(tag);
    base_put_span(&sink, version.prefix);
    base_put(&sink, "|");
    base_put_span(&sink, version.numbers);
    base_put(&sink, "|");
    base_put_span(&sink, version.rest);
    return text;
}

static void take_apart(void)
{
    CHECK_TEXT(parts("v1.2.3"), "v|1.2.3|");
    CHECK_TEXT(parts("1.6.7"), "|1.6.7|");
    CHECK_TEXT(parts("ver_1.5.3"), "ver_|1.5.3|");
    CHECK_TEXT(parts("REL4_2_0"), "REL|4_2_0|");
    CHECK_TEXT(parts("release/2.58.0"), "release/|2.58.0|");
    CHECK_TEXT(parts("pgflow@0.14.1"), "pgflow@|0.14.1|");
    CHECK_TEXT(parts("wal2json_2_6"), "wal2json_|2_6|");
    CHECK_TEXT(parts("v2.0.0-rc1"), "v|2.0.0|-rc1");
    CHECK_TEXT(parts("v2.0.0-dev.1.2"), "v|2.0.0|-dev.1.2");
    CHECK_TEXT(parts("v13-RC1"), "v|13|-RC1");
    CHECK_TEXT(parts("REL1_0_0BETA2"), "REL|1_0_0|BETA2");
    CHECK_TEXT(parts("v1.2.3-pg18"), "v|1.2.3|-pg18");
    CHECK_TEXT(parts("2.3.2-1"), "|2.3.2-1|");
    CHECK_TEXT(parts("v7"), "v|7|");
    CHECK_TEXT(parts("1.0."), "|1.0|.");
    CHECK_TEXT(parts("stable"), "stable||");
    CHECK_TEXT(parts(""), "||");
    CHECK_TEXT(parts("rc1"), "rc1||");
}

/* "<", "=", ">": the pinned version beside another of its line; "-" where that is none. */
static const char *beside(const char *pinned, const char *tag)
{
    struct pins_version version;
    const struct pins_version own = pins_read_version(pinned);
    if (!pins_read_version_like(&own, tag, &version))
        return "-";
    const int order = pins_compare_versions(&own, &version);
    CHECK((order < 0) == (pins_compare_versions(&version, &own) > 0));
    return order < 0 ? "<" : order > 0 ? ">" : "=";
}

static void compare(void)
{
    CHECK_TEXT(beside("v1.2.3", "v1.2.3"), "=");
    CHECK_TEXT(beside("v1.2.3", "v1.2.4"), "<");
    CHECK_TEXT(beside("v1.2.9", "v1.2.10"), "<");
    CHECK_TEXT(beside("v2.20", "v2.9"), ">");
    CHECK_TEXT(beside("v1.2", "v1.2.0"), "=");
    CHECK_TEXT(beside("v1.2", "v1.2.1"), "<");
    CHECK_TEXT(beside("v1.02", "v1.2"), "=");
    CHECK_TEXT(beside("1.99999999999999999999999999", "1.100000000000000000000000000"), "<");
    CHECK_TEXT(beside("REL4_2_0", "REL4_10_0"), "<");
    CHECK_TEXT(beside("wal2json_2_6", "wal2json_2_7"), "<");
    CHECK_TEXT(beside("v7", "v8"), "<");
    CHECK_TEXT(beside("v7", "v7.0.1"), "<");
}

static void other_lines(void)
{
    CHECK_TEXT(beside("v1.2.3", "1.2.4"), "-");
    CHECK_TEXT(beside("1.2.3", "v1.2.4"), "-");
    CHECK_TEXT(beside("2.27.1", "loader-2.11.0p1"), "-");
    CHECK_TEXT(beside("REL4_2_0", "REL4.3.0"), "-");
    CHECK_TEXT(beside("1.5", "20240101"), "-");
    CHECK_TEXT(beside("v1.2.3", "v1.2.4-1"), "-");
    CHECK_TEXT(beside("v1.2.3-1", "v1.2.3-2"), "<");
    CHECK_TEXT(beside("v1.2.3", "v"), "-");
    CHECK_TEXT(beside("v1.2.3", "v1.2.4.post"), "-");
    CHECK_TEXT(beside("v1.2.3-pg18", "v1.2.4"), "-");
    CHECK_TEXT(beside("v1.2.3-pg18", "v1.2.4-pg17"), "-");
    CHECK_TEXT(beside("v1.2.3-pg18", "v1.2.4-pg18"), "<");
    CHECK_TEXT(beside("stable", "v1.0"), "-");
    CHECK_TEXT(beside("stable", "stable"), "-");
}

static void pre_releases(void)
{
    CHECK_TEXT(beside("v1.2.3", "v1.3.0-rc1"), "-");
    CHECK_TEXT(beside("v1.2.3", "v1.3.0beta2"), "-");
    CHECK_TEXT(beside("v2.0.0-rc1", "v2.0.0-rc2"), "<");
    CHECK_TEXT(beside("v2.0.0-rc9", "v2.0.0-rc10"), "<");
    CHECK_TEXT(beside("v2.0.0-rc1", "v2.0.0"), "<");
    CHECK_TEXT(beside("v2.0.0-rc1", "v1.9.9"), ">");
    CHECK_TEXT(beside("v2.0.0-beta.2", "v2.0.0-rc1"), "<");
    CHECK_TEXT(beside("v2.0.0-beta.2", "v2.0.0-alpha3"), ">");
    CHECK_TEXT(beside("REL1_0_0BETA2", "REL1_0_0RC1"), "<");
    CHECK_TEXT(beside("v2.0.0-rc1", "v2.0.1-pg18"), "-");
}

static const char *written(const char *tag)
{
    static char text[256];
    struct base_sink sink = BASE_SINK(text);
    const struct pins_version version = pins_read_version(tag);
    pins_put_version(&sink, &version);
    return text;
}

static void write_down(void)
{
    CHECK_TEXT(written("v0.8.2"), "0.8.2");
    CHECK_TEXT(written("REL4_2_0"), "4.2.0");
    CHECK_TEXT(written("wal2json_2_6"), "2.6");
    CHECK_TEXT(written("release/2.58.0"), "2.58.0");
    CHECK_TEXT(written("v2.0.0-rc1"), "2.0.0-rc1");
}

int main(void)
{
    take_apart();
    compare();
    other_lines();
    pre_releases();
    write_down();
    return check_summary("version_tag");
}
