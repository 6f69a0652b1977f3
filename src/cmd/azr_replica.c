/* A standby's first start: a copy of the primary. It grows beside the data directory, in which a
 * copy that broke off would look like a cluster, and takes its place in one step when it is whole
 * and on disk. The password goes by a file of libpq's, never by a command line, an environment or
 * the server's configuration. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "cmd/azr_cluster.h"
#include "vm/quantity.h"

#define PASSWORD "PG_REPLICATION_PASSWORD"
#define PASSFILE AZR_RUN "/primary.pass"

enum {
    VARIABLES_MAX = 4096,
    PAUSE_MAX = 30,        /* seconds between attempts; from one on they double */
    MINUTE = 60,           /* between lines of the log */
    PATIENCE = 600,        /* seconds of waiting that PRIMARY_WAIT says otherwise */
    PASSWORD_BYTES = 4096, /* libpq reads longer lines, and no password is */
};

static const char *user(const struct azr_cluster *cluster)
{
    return azr_said(cluster, "PG_REPLICATION_USER", "replicator");
}

/* --- the password -------------------------------------------------------------------------------
 */

/* From the variable, or from the file that the other one names, without its last line break. */
static int find_password(const struct azr_cluster *cluster, char *text, const char **password)
{
    const char *path = azv_variable(cluster->environment, PASSWORD "_FILE");
    *password = azv_variable(cluster->environment, PASSWORD);
    if (*password != NULL && path != NULL)
        return AZR_REFUSE(cluster, PASSWORD " and " PASSWORD "_FILE are both set; unset one\n");
    if (path != NULL) {
        if (azr_read_text(path, text, PASSWORD_BYTES) < 0)
            return azr_refuse_path(cluster, path);
        const size_t length = strcspn(text, "\r\n");
        if (text[length + strspn(text + length, "\r\n")] == '\0')
            text[length] = '\0';
        *password = *text != '\0' ? text : NULL;
    }
    if (*password != NULL && strpbrk(*password, "\r\n") != NULL)
        return AZR_REFUSE(cluster, PASSWORD " must be one line\n");
    return 0;
}

static void put_field(struct aza_sink *sink, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '\\' || *text == ':')
            aza_put_char(sink, '\\');
        aza_put_char(sink, *text);
    }
}

int azr_write_passfile(const struct azr_cluster *cluster)
{
    char text[PASSWORD_BYTES], line[4 * PASSWORD_BYTES];
    struct aza_sink sink = AZA_SINK(line);
    const char *password;
    const int code = find_password(cluster, text, &password);
    if (code != 0)
        return code;
    if (password == NULL && cluster->empty)
        return AZR_REFUSE(cluster,
                          "a replica needs " PASSWORD " or " PASSWORD "_FILE: the password that ",
                          user(cluster), " has on the primary\n");
    if (password == NULL)
        return 0;
    aza_put(&sink, "*:*:*:");
    put_field(&sink, user(cluster));
    aza_put_char(&sink, ':');
    put_field(&sink, password);
    aza_put_char(&sink, '\n');
    return azr_write_file(cluster, PASSFILE, &sink) ? 0 : azr_refuse_path(cluster, PASSFILE);
}

/* --- one attempt --------------------------------------------------------------------------------
 */

struct copy {
    char partial[AZA_PATH_MAX];  /* where the copy grows */
    char words[6][AZA_PATH_MAX]; /* arguments with values */
    const char *environment[VARIABLES_MAX];
    char said[1024]; /* the beginning of what the last attempt said */
    bool makes_slot;
};

/* Ours come first, where they win. */
static void make_environment(struct copy *copy, const char *const *environment)
{
    size_t count = 0;
    copy->environment[count++] = "PGPASSFILE=" PASSFILE;
    copy->environment[count++] = "LC_ALL=C"; /* what it says is looked at */
    for (; *environment != NULL && count < VARIABLES_MAX - 2; environment++)
        if (!azr_is_secret(*environment))
            copy->environment[count++] = *environment;
    copy->environment[count++] = "PGCONNECT_TIMEOUT=10";
    copy->environment[count] = NULL;
}

static const char *option(char word[AZA_PATH_MAX], const char *name, const char *value)
{
    struct aza_sink sink = {.data = word, .capacity = AZA_PATH_MAX};
    AZA_PUT(&sink, name, value);
    return word;
}

/* What was left of an attempt, also by an earlier container. */
static void clear(const struct copy *copy, const struct azr_cluster *cluster)
{
    const char *const remove[] = {"rm", "-rf", "--", copy->partial, NULL};
    azr_run(remove, copy->environment, -1, NULL);
    azr_make_parents(copy->partial);
    if (mkdir(copy->partial, 0700) == 0 && geteuid() == 0 &&
        chown(copy->partial, cluster->uid, cluster->gid) != 0)
        rmdir(copy->partial);
}

static int attempt(struct copy *copy, const struct azr_cluster *cluster)
{
    const char *const words[] = {
        "pg_basebackup",
        "--write-recovery-conf",
        "--checkpoint=fast",
        "--no-password",
        option(copy->words[0], "--pgdata=", copy->partial),
        option(copy->words[1], "--host=", azr_said(cluster, "PRIMARY_HOST", "")),
        option(copy->words[2], "--port=", azr_said(cluster, "PRIMARY_PORT", "5432")),
        option(copy->words[3], "--username=", user(cluster)),
        option(copy->words[4],
               "--slot=", azr_said(cluster, "REPLICATION_SLOT_NAME", "replica_slot_1")),
        copy->makes_slot ? "--create-slot" : NULL,
        NULL,
    };
    const int errors = memfd_create("errors", MFD_CLOEXEC);
    clear(copy, cluster);
    const int code = azr_run(words, copy->environment, errors, cluster);
    const ssize_t length = pread(errors, copy->said, sizeof copy->said - 1, 0);
    copy->said[length > 0 ? length : 0] = '\0';
    close(errors);
    return code;
}

/* --- until it is done ---------------------------------------------------------------------------
 */

static void put_failure(const struct copy *copy, const struct azr_cluster *cluster)
{
    struct aza_sink *sink = azr_output();
    AZA_PUT(sink, AZR_TAG " waiting for the primary: ");
    azv_put_harmless(sink, (struct aza_span){copy->said, strcspn(copy->said, "\n")});
    if (strstr(copy->said, "password authentication failed") != NULL)
        AZA_PUT(sink, "; " PASSWORD " is not the password that ", user(cluster),
                " has on the primary");
    aza_put_char(sink, '\n');
    azr_write(STDERR_FILENO, 0);
}

static int64_t patience(const struct azr_cluster *cluster)
{
    int64_t seconds = PATIENCE;
    const char *said = azv_variable(cluster->environment, "PRIMARY_WAIT");
    if (said != NULL)
        aza_scan_digits(aza_span_of(said), &seconds);
    return seconds;
}

/* Asks until the primary gives a copy. Only waiting counts, not the time that a copy takes. */
static int ask(struct copy *copy, const struct azr_cluster *cluster)
{
    int64_t waited = 0, told = -MINUTE, pause = 1;
    int code;
    while ((code = attempt(copy, cluster)) != 0) {
        if (azr_stopped() != 0 || code >= AZN_CANNOT_RUN)
            return azr_stopped() != 0 ? azr_stopped() : code;
        copy->makes_slot = strstr(copy->said, "replication slot") != NULL &&
                           strstr(copy->said, "does not exist") != NULL;
        if (waited - told >= MINUTE) {
            put_failure(copy, cluster);
            told = waited;
        }
        if (waited >= patience(cluster)) {
            AZA_PUT(&cluster->session->refusals, "the primary gave no copy within PRIMARY_WAIT\n");
            return AZR_BUSY;
        }
        azr_pause(pause);
        waited += pause;
        pause = pause * 2 < PAUSE_MAX ? pause * 2 : PAUSE_MAX;
    }
    return 0;
}

static int check(const struct azr_cluster *cluster)
{
    const char *slot = azr_said(cluster, "REPLICATION_SLOT_NAME", "replica_slot_1");
    if (azr_said(cluster, "PRIMARY_HOST", NULL) == NULL)
        return AZR_REFUSE(cluster,
                          "POSTGRES_ROLE=replica needs PRIMARY_HOST: the primary's name\n");
    if (slot[strspn(slot, "abcdefghijklmnopqrstuvwxyz0123456789_")] != '\0' || strlen(slot) > 63)
        return AZR_REFUSE(cluster, "REPLICATION_SLOT_NAME holds more than a-z, 0-9 and _\n");
    if (cluster->mounted)
        return AZR_REFUSE(cluster, cluster->data,
                          " is a mount point, which a copy cannot become; "
                          "mount the volume at its parent\n");
    return azr_write_passfile(cluster);
}

int azr_copy_primary(struct azr_cluster *cluster)
{
    static struct copy copy;
    int code = check(cluster);
    if (code != 0)
        return code;
    option(copy.partial, cluster->data, ".partial");
    make_environment(&copy, cluster->environment);
    if ((code = ask(&copy, cluster)) != 0)
        return code;
    if (rename(copy.partial, cluster->data) != 0)
        return azr_refuse_path(cluster, cluster->data);
    azr_sync_parent(cluster->data);
    cluster->empty = false;
    cluster->standby = true;
    return azr_stopped();
}
