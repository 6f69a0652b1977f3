/* Compares computed settings with pg_settings of a live server.
 *
 * One query fetches all rows. A value is compared according to the kind that the rules gave it, not
 * as text: the server prints numbers in its own units, enums in its own case, lists with or without
 * blanks, and real numbers with six significant digits. */
#include <libpq-fe.h>
#include <string.h>
#include "base/checked.h"
#include "catalog/catalog.h"
#include "catalog/compare.h"

enum { NAME, SETTING, UNIT, TYPE, SOURCE, PENDING, SHOWN };
static const char settings_sql[] =
    "SELECT name, setting, unit, vartype, source, pending_restart,"
    " pg_catalog.current_setting(name, true) FROM pg_catalog.pg_settings";

/* Whether two texts are the same but for blanks. */
static bool equal_but_for_blanks(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, " \t");
        b += strspn(b, " \t");
        if (*a != *b || !*a)
            return *a == *b;
    }
}

/* The error of six significant digits is half a unit in the sixth, which is largest relative to the
 * value for 1.00000: 5e-6, or 1/200000. */
static bool equal_in_six_digits(int64_t wanted, int64_t actual)
{
    base_wide difference = (base_wide)wanted - actual, size = actual;
    if (difference < 0)
        difference = -difference;
    if (size < 0)
        size = -size;
    return difference * 200000 <= size;
}

static bool is_equal_number(const struct catalog_expectation *expected, const PGresult *rows,
                            int row)
{
    enum image_kind kind;
    int64_t scale = expected->kind == IMAGE_RATIO ? CATALOG_RATIO_ONE : 1, actual;
    bool real = strcmp(PQgetvalue(rows, row, TYPE), "real") == 0;
    if (!PQgetisnull(rows, row, UNIT) && !catalog_unit(PQgetvalue(rows, row, UNIT), &kind, &scale))
        return false;
    if (!catalog_number(PQgetvalue(rows, row, SETTING), scale, &actual))
        return false;
    /* -1 is "off" or "automatic" and has no unit: the server's -1 is not -1 of its units. */
    bool special = expected->value == -1 && actual == -scale;
    return actual == expected->value || special ||
           (real && equal_in_six_digits(expected->value, actual));
}

static bool is_equal(const struct catalog_expectation *expected, const PGresult *rows, int row)
{
    const char *setting = PQgetvalue(rows, row, SETTING);
    switch (expected->kind) {
    case IMAGE_BOOL:
        return strcmp(setting, expected->value ? "on" : "off") == 0;
    case IMAGE_TEXT:
        return strcmp(setting, expected->text) == 0;
    case IMAGE_ENUM:
        return catalog_compare_names(setting, expected->text) == 0;
    case IMAGE_LIST:
        return equal_but_for_blanks(setting, expected->text);
    default:
        return is_equal_number(expected, rows, row);
    }
}

/* Leaves the comparison empty if the server has no such setting. */
static void compare_setting(struct base_arena *arena, const struct catalog_expectation *expected,
                            const PGresult *rows, struct catalog_comparison *comparison)
{
    int row = 0;
    *comparison = (struct catalog_comparison){0};
    while (row < PQntuples(rows) &&
           catalog_compare_names(PQgetvalue(rows, row, NAME), expected->name) != 0)
        row++;
    if (row == PQntuples(rows))
        return;
    const char *shown = PQgetvalue(rows, row, SHOWN), *source = PQgetvalue(rows, row, SOURCE);
    comparison->shown = base_copy_text(arena, shown, strlen(shown));
    comparison->source = base_copy_text(arena, source, strlen(source));
    comparison->pending_restart = strcmp(PQgetvalue(rows, row, PENDING), "t") == 0;
    comparison->equal = is_equal(expected, rows, row);
}

bool catalog_compare(struct base_arena *arena, const char *dsn,
                     const struct catalog_expectation *expected, size_t count,
                     struct catalog_comparison *comparisons, const char **why)
{
    PGconn *connection = PQconnectdb(dsn);
    PGresult *rows = NULL;
    bool asked = PQstatus(connection) == CONNECTION_OK;
    if (asked) {
        rows = PQexec(connection, settings_sql);
        asked = PQresultStatus(rows) == PGRES_TUPLES_OK;
    }
    if (!asked) {
        struct base_span reason = base_trim(base_span_of(PQerrorMessage(connection)));
        *why = base_copy_text(arena, reason.start, reason.length);
    }
    for (size_t i = 0; asked && i < count; i++)
        compare_setting(arena, &expected[i], rows, &comparisons[i]);
    PQclear(rows);
    PQfinish(connection);
    return asked;
}
