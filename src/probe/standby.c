/* A standby, and the settings of its primary for which it needs at least the same values.
 *
 * A hot standby refuses to start if one of five settings is lower than the primary's. The primary's
 * values are in the control file, pg_control, which is read here in the layout of PostgreSQL 18
 * (struct ControlFileData in src/include/catalog/pg_control.h):
 *
 *     offset   8  version of the layout, 1800         188  max_wal_senders
 *            180  max_connections                     192  max_prepared_transactions
 *            184  max_worker_processes                196  max_locks_per_transaction
 *            292  CRC-32C of all bytes before it
 *
 * Numbers have 32 bits, in the machine's byte order. A file of another layout or with a wrong
 * checksum makes the facts unknown; nothing is guessed from it. */
#include "probe/parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { VERSION_AT = 8, CRC_AT = 292, LAYOUT = 1800 };

/* The offset of the setting for each probe that is one of the five. */
static const uint16_t SETTINGS[PROBE_COUNT] = {
    [PROBE_STANDBY_CONNECTIONS] = 180, [PROBE_STANDBY_WORKERS] = 184, [PROBE_STANDBY_SENDERS] = 188,
    [PROBE_STANDBY_PREPARED] = 192,    [PROBE_STANDBY_LOCKS] = 196,
};

/* The path of a file of PGDATA; otherwise sets the fact to unknown and returns false. */
static bool name_data_file(const struct probe_machine *machine, struct probe_fact *fact,
                           const char *name, char path[LIMIT_PATH])
{
    char directory[LIMIT_PATH];
    struct base_sink sink = {.data = path, .capacity = LIMIT_PATH};
    bool absolute = probe_data_directory(machine, directory);
    BASE_PUT(&sink, directory, name);
    if (absolute && !sink.overflow)
        return true;
    probe_set_unknown(fact, absolute ? PROBE_TOO_LONG : PROBE_RELATIVE, "PGDATA");
    return false;
}

void probe_ask_standby(struct probe_machine *machine, struct probe_fact *fact)
{
    char path[LIMIT_PATH], full[LIMIT_PATH];
    if (!name_data_file(machine, fact, "/standby.signal", path))
        return;
    if (!probe_below(machine, path, full))
        probe_set_unknown(fact, PROBE_TOO_LONG, path);
    else if (access(full, F_OK) == 0)
        probe_set_value(fact, 1, path);
    else if (probe_trouble_of(errno) == PROBE_ABSENT)
        probe_set_value(fact, 0, path);
    else
        probe_set_unknown(fact, probe_trouble_of(errno), path);
}

static uint32_t control_number(struct base_span text, size_t offset)
{
    uint32_t number;
    memcpy(&number, text.start + offset, sizeof number);
    return number;
}

static bool has_valid_checksum(struct base_span text)
{
    return text.length >= CRC_AT + 4 &&
           base_crc32c(text.start, CRC_AT) == control_number(text, CRC_AT);
}

void probe_ask_standby_setting(struct probe_machine *machine, struct probe_fact *fact)
{
    const struct probe_fact *standby = probe_ask(machine, PROBE_STANDBY);
    char path[LIMIT_PATH];
    struct probe_file file;
    size_t offset = SETTINGS[probe_of_fact(machine, fact)];
    if (standby->state != PROBE_VALUE || standby->value == 0) {
        probe_set_unknown(fact, PROBE_NO_STANDBY, standby->detail);
        return;
    }
    if (!name_data_file(machine, fact, "/global/pg_control", path))
        return;
    if (!probe_read(machine, &file, path, ""))
        probe_set_unknown(fact, file.trouble, path);
    else if (file.text.length >= VERSION_AT + 4 && control_number(file.text, VERSION_AT) != LAYOUT)
        probe_set_unknown(fact, PROBE_OTHER_VERSION, path);
    else if (!has_valid_checksum(file.text) || control_number(file.text, offset) > INT32_MAX)
        probe_set_unknown(fact, PROBE_GARBAGE, path);
    else
        probe_set_value(fact, control_number(file.text, offset), path);
}
