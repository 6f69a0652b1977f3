/* A standby, and the settings of its primary that it must not fall short of.
 *
 * A hot standby refuses to start when one of five settings is lower than the primary's was. The
 * primary's are in the control file, which is read here in the layout of PostgreSQL 18:
 *
 *     offset   8  version of the layout, 1800         188  max_wal_senders
 *            180  max_connections                     192  max_prepared_transactions
 *            184  max_worker_processes                196  max_locks_per_transaction
 *            292  CRC-32C of all bytes before it
 *
 * Numbers are 32 bits, in the machine's order. */
#include "probe/parts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { VERSION_AT = 8, CRC_AT = 292, LAYOUT = 1800 };

static const uint16_t SETTINGS[AZF_PROBES] = {
    [AZF_STANDBY_CONNECTIONS] = 180, [AZF_STANDBY_WORKERS] = 184, [AZF_STANDBY_SENDERS] = 188,
    [AZF_STANDBY_PREPARED] = 192,    [AZF_STANDBY_LOCKS] = 196,
};

/* The path of a file of PGDATA; else the fact is unknown. */
static bool name_file(const struct azf_machine *machine, struct azf_fact *fact, const char *name,
                      char path[AZA_PATH_MAX])
{
    char directory[AZA_PATH_MAX];
    struct aza_sink sink = {.data = path, .capacity = AZA_PATH_MAX};
    bool absolute = azf_data_directory(machine, directory);
    AZA_PUT(&sink, directory, name);
    if (absolute && !sink.overflow)
        return true;
    azf_set_unknown(fact, absolute ? AZF_TOO_LONG : AZF_RELATIVE, "PGDATA");
    return false;
}

void azf_ask_standby(struct azf_machine *machine, struct azf_fact *fact)
{
    char path[AZA_PATH_MAX], full[AZA_PATH_MAX];
    if (!name_file(machine, fact, "/standby.signal", path))
        return;
    if (!azf_below(machine, path, full))
        azf_set_unknown(fact, AZF_TOO_LONG, path);
    else if (access(full, F_OK) == 0)
        azf_set_value(fact, 1, path);
    else if (azf_trouble_of(errno) == AZF_ABSENT)
        azf_set_value(fact, 0, path);
    else
        azf_set_unknown(fact, azf_trouble_of(errno), path);
}

static uint32_t number_at(struct aza_span text, size_t offset)
{
    uint32_t number;
    memcpy(&number, text.start + offset, sizeof number);
    return number;
}

static bool sound(struct aza_span text)
{
    return text.length >= CRC_AT + 4 && aza_crc32c(text.start, CRC_AT) == number_at(text, CRC_AT);
}

void azf_ask_standby_setting(struct azf_machine *machine, struct azf_fact *fact)
{
    const struct azf_fact *standby = azf_ask(machine, AZF_STANDBY);
    char path[AZA_PATH_MAX];
    struct azf_file file;
    size_t offset = SETTINGS[azf_probe_of(machine, fact)];
    if (standby->state != AZF_VALUE || standby->value == 0) {
        azf_set_unknown(fact, AZF_NO_STANDBY, standby->detail);
        return;
    }
    if (!name_file(machine, fact, "/global/pg_control", path))
        return;
    if (!azf_read(machine, &file, path, ""))
        azf_set_unknown(fact, file.trouble, path);
    else if (file.text.length >= VERSION_AT + 4 && number_at(file.text, VERSION_AT) != LAYOUT)
        azf_set_unknown(fact, AZF_OTHER_VERSION, path);
    else if (!sound(file.text) || number_at(file.text, offset) > INT32_MAX)
        azf_set_unknown(fact, AZF_GARBAGE, path);
    else
        azf_set_value(fact, number_at(file.text, offset), path);
}
