/* The connection to a server during an import: queries, their rows, and what went wrong.
 *
 * Both kinds of server are read through these helpers, and import.c decides which kind it is. This
 * file knows neither, so that import.c calls postgres.c and pgbouncer.c, and both call only this
 * file. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "catalog/gather.h"

bool catalog_fail(struct catalog_gathering *gathering, const char *format, ...)
{
    char reason[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    /* Messages of libpq end in a line break. */
    size_t length = strlen(reason);
    while (length > 0 && reason[length - 1] == '\n')
        length--;
    *gathering->why = base_copy_text(gathering->arena, reason, length);
    return false;
}

PGresult *catalog_query(struct catalog_gathering *gathering, const char *sql)
{
    PGresult *rows = PQexec(gathering->connection, sql);
    ExecStatusType status = PQresultStatus(rows);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return rows;
    catalog_fail(gathering, "the server rejected `%.200s`: %s", sql,
                 PQerrorMessage(gathering->connection));
    PQclear(rows);
    return NULL;
}

const char *catalog_column(const PGresult *rows, int row, int column)
{
    return PQgetisnull(rows, row, column) ? NULL : PQgetvalue(rows, row, column);
}

void catalog_set_text(json_t *entry, const char *key, const char *text)
{
    if (text)
        json_object_set_new(entry, key, json_string(text));
}
