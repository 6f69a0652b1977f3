/* Opening a cluster: which data directory it is, and whether a server may be started on it.
 *
 * cluster_open runs the checks in order, each a function that returns 0 or an exit status with a
 * refusal: role, path, lock, permissions, interrupted first start, socket directory; then, for an
 * empty directory, whether an older cluster exists nearby, and for any other its version and role.
 * The lock precedes all that examines the contents, which another container could be changing. An
 * interrupted first start precedes the version, because its remedy is a different one.
 *
 * Nothing is written except the lock file and the directories above it. */
#include "azr/cluster/cluster.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The names of the lock, the marker and the files inside must fit LIMIT_PATH too. */
enum { DATA_PATH_MAX = LIMIT_PATH / 2 };

/* --- options --- */

/* The rules may read the variable under conditions of their own: a default, a list of members.
 * Their result takes precedence, so that azr and the rules never disagree about an option. */
const char *cluster_option(const struct cluster *cluster, const char *variable,
                           const char *fallback)
{
    const struct session *session = cluster->session;
    const struct image *image = &session->image;
    for (uint32_t i = 0; i < image->input_count; i++) {
        const struct image_input *input = &image->inputs[i];
        const bool text = input->kind == IMAGE_TEXT || input->kind == IMAGE_ENUM;
        for (uint32_t n = input->sources; n < input->sources + input->source_count; n++)
            if (text && session->inputs[i].state == VM_VALUE &&
                image->sources[n].class == IMAGE_FROM_ENV &&
                strcmp(image_string(image, image->sources[n].name), variable) == 0)
                return vm_text(&session->machine, session->inputs[i].value);
    }
    const char *value = base_variable(cluster->environment, variable);
    return value != NULL ? value : fallback;
}

static int read_role(struct cluster *cluster)
{
    const char *role = cluster_option(cluster, "POSTGRES_ROLE", "primary");
    cluster->replica = strcmp(role, "replica") == 0;
    if (cluster->replica || strcmp(role, "primary") == 0)
        return 0;
    return CLUSTER_REFUSE(cluster, "POSTGRES_ROLE must be primary or replica\n");
}

/* --- where it is --- */

/* Lock and marker are in the volume next to the data directory. Their names contain its name, so
 * that two clusters in one volume have separate ones; those of the default directory are at the top
 * of the volume. */
static void choose_stem(struct cluster *cluster)
{
    struct base_sink stem = BASE_SINK(cluster->stem);
    const char *name = strrchr(cluster->data, '/');
    cluster->mounted = cluster_is_mount(cluster->data);
    if (strcmp(cluster->data, AZA_POSTGRES_DATA) == 0 && !cluster->mounted &&
        !cluster_is_mount(AZA_POSTGRES_HOME "/" AZA_POSTGRES_MAJOR)) {
        base_put(&stem, AZA_POSTGRES_HOME "/");
        return;
    }
    base_put_bytes(&stem, cluster->data, (size_t)(name + 1 - cluster->data));
    BASE_PUT(&stem, ".", name + 1);
}

static int find_data_directory(struct cluster *cluster)
{
    if (!probe_data_directory(&cluster->session->probes, cluster->data) ||
        cluster->data[0] == '\0' || strlen(cluster->data) > DATA_PATH_MAX) {
        struct base_sink *refusals = &cluster->session->refusals;
        base_put(refusals, "PGDATA must be an absolute path other than / of at most ");
        base_put_int(refusals, DATA_PATH_MAX);
        return CLUSTER_REFUSE(cluster, " bytes\n");
    }
    choose_stem(cluster);
    return 0;
}

/* --- its contents --- */

static bool has_cluster_file(const struct cluster *cluster, const char *name)
{
    char text[LIMIT_PATH] = "";
    struct base_sink path = BASE_SINK(text);
    BASE_PUT(&path, cluster->data, name);
    return access(text, F_OK) == 0;
}

/* The major version of the cluster in a directory; false if there is none. */
static bool read_cluster_version(const char *directory, char *text, size_t capacity)
{
    char name[LIMIT_PATH] = "";
    struct base_sink path = BASE_SINK(name);
    BASE_PUT(&path, directory, "/PG_VERSION");
    if (cluster_read_text(name, text, capacity) <= 0)
        return false;
    text[strcspn(text, "\n")] = '\0';
    return true;
}

static int refuse_other_version(const struct cluster *cluster, const char *directory,
                                const char *version)
{
    return CLUSTER_REFUSE(
        cluster, directory, " contains a cluster of PostgreSQL ", version,
        ", but this image runs " AZA_POSTGRES_MAJOR
        "; nothing was changed. Either dump it with pg_dumpall in an image of ",
        version,
        " and restore the dump into an empty volume here, or, where both versions are installed, "
        "run pg_upgrade --link -d ",
        directory, " -D NEW -b " AZA_POSTGRES_SERVERS "/", version,
        "/bin -B " AZA_POSTGRES_SERVER "/bin, and mount the parent of NEW at " AZA_POSTGRES_HOME
        "\n");
}

/* Refuses to initialise the default directory if a cluster exists where another version or layout
 * of the image kept it: a new, empty cluster beside it would look like lost data. For a
 * directory chosen with PGDATA there is no such place to look in. */
static int check_older_places(const struct cluster *cluster)
{
    static const char *const places[] = {AZA_POSTGRES_HOME, AZA_POSTGRES_HOME "/data",
                                         AZA_POSTGRES_HOME "/data/" AZA_POSTGRES_MAJOR "/docker",
                                         AZA_POSTGRES_HOME "/" AZA_POSTGRES_MAJOR "/data",
                                         AZA_POSTGRES_HOME "/17/docker"};
    char version[16];
    if (strcmp(cluster->data, AZA_POSTGRES_DATA) != 0)
        return 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!read_cluster_version(places[i], version, sizeof version))
            continue;
        if (strcmp(version, AZA_POSTGRES_MAJOR) != 0)
            return refuse_other_version(cluster, places[i], version);
        return CLUSTER_REFUSE(cluster, cluster->data, " is empty, but ", places[i],
                              " contains a cluster; set PGDATA=", places[i],
                              ", or move that cluster\n");
    }
    if (cluster_is_mount(AZA_POSTGRES_HOME "/data"))
        return CLUSTER_REFUSE(cluster, "a volume is mounted at " AZA_POSTGRES_HOME
                                       "/data, the place of PostgreSQL 17 and older; mount it "
                                       "at " AZA_POSTGRES_HOME "\n");
    return 0;
}

/* A directory with entries: it must be a complete cluster of this version, and its role on disk
 * must agree with POSTGRES_ROLE. A standby that is started as a primary is only a warning: the
 * server starts as a standby, which changes nothing that cannot be corrected. */
static int check_contents(struct cluster *cluster)
{
    char version[16];
    cluster->standby = has_cluster_file(cluster, "/standby.signal");
    if (read_cluster_version(cluster->data, version, sizeof version) &&
        strcmp(version, AZA_POSTGRES_MAJOR) != 0)
        return refuse_other_version(cluster, cluster->data, version);
    if (!has_cluster_file(cluster, "/PG_VERSION") ||
        !has_cluster_file(cluster, "/global/pg_control"))
        return CLUSTER_REFUSE(
            cluster, cluster->data,
            " is not empty but contains no complete cluster, perhaps an interrupted copy "
            "or unrelated files; set PGDATA to another directory, or empty this one\n");
    if (cluster->replica && !cluster->standby)
        return CLUSTER_REFUSE(
            cluster, "POSTGRES_ROLE=replica, but ", cluster->data,
            " is not a standby: it was promoted, or is another cluster; set "
            "POSTGRES_ROLE=primary to start it, or give the replica an empty volume\n");
    if (!cluster->replica && cluster->standby)
        BASE_PUT(
            &cluster->session->warnings, cluster->data,
            " is a standby and starts as one, although POSTGRES_ROLE is primary; to promote it, "
            "run SELECT pg_promote()\n");
    return 0;
}

/* Whether this process, and the server after it, can use the directory. Root may use any: the
 * entrypoint changes the owner and then the user. */
static int check_permissions(struct cluster *cluster)
{
    struct base_sink *refusals = &cluster->session->refusals;
    struct stat status;
    if (stat(cluster->data, &status) != 0) {
        cluster->empty = errno == ENOENT;
        return cluster->empty ? 0 : cluster_refuse_path(cluster->session, cluster->data, errno);
    }
    if (geteuid() != 0 && status.st_uid != geteuid()) {
        BASE_PUT(refusals, cluster->data, " is owned by user ");
        base_put_int(refusals, status.st_uid);
        base_put(refusals, ", but this process runs as user ");
        base_put_int(refusals, geteuid());
        return CLUSTER_REFUSE(cluster, "; run as the owner, or chown -R the directory\n");
    }
    if (access(cluster->data, R_OK | W_OK | X_OK) != 0)
        return cluster_refuse_path(cluster->session, cluster->data, errno);
    cluster->empty = !cluster_has_entries(cluster->data);
    return 0;
}

/* Whether the server can create its socket and the lock file of it. Skipped if a setting names
 * other directories, and if the default one does not exist: the entrypoint creates it. */
static int check_socket_directory(const struct cluster *cluster)
{
    static const char directory[] = "/var/run/postgresql";
    char bytes[LIMIT_TEXT_VALUE];
    struct base_sink value = BASE_SINK(bytes);
    if (cluster_find_setting(cluster->session, "unix_socket_directories", &value) ||
        access(directory, W_OK) == 0 || errno == ENOENT)
        return 0;
    return cluster_refuse_path(cluster->session, directory, errno);
}

int cluster_open(struct cluster *cluster, const char *const *environment, struct session *session)
{
    int code;
    cluster->session = session;
    cluster->environment = environment;
    if ((code = read_role(cluster)) != 0 || (code = find_data_directory(cluster)) != 0 ||
        (code = cluster_lock(cluster)) != 0 || (code = check_permissions(cluster)) != 0 ||
        (code = cluster_check_marker(cluster)) != 0 ||
        (code = check_socket_directory(cluster)) != 0)
        return code;
    return cluster->empty ? check_older_places(cluster) : check_contents(cluster);
}
