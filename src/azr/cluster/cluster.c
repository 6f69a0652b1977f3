/* Which cluster it is, and whether it may be started. */
#include "azr/cluster/cluster.h"
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* --- the environment's word --- */

const char *cluster_said(const struct cluster *cluster, const char *variable, const char *fallback)
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
    const char *said = base_variable(cluster->environment, variable);
    return said != NULL ? said : fallback;
}

static int hear_role(struct cluster *cluster)
{
    const char *role = cluster_said(cluster, "POSTGRES_ROLE", "primary");
    cluster->replica = strcmp(role, "replica") == 0;
    if (cluster->replica || strcmp(role, "primary") == 0)
        return 0;
    return CLUSTER_REFUSE(cluster, "POSTGRES_ROLE is neither primary nor replica\n");
}

/* --- where it is --- */

/* Lock and marker lie in the volume, beside the data directory: with its name, so that each of two
 * clusters in one volume has its own; the default one's at the top. */
static void find_stem(struct cluster *cluster)
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

static int find(struct cluster *cluster)
{
    if (!probe_data_directory(&cluster->session->probes, cluster->data) ||
        cluster->data[0] == '\0' || strlen(cluster->data) > LIMIT_PATH / 2)
        return CLUSTER_REFUSE(cluster, "PGDATA is not a path from the root\n");
    find_stem(cluster);
    return 0;
}

/* --- what it holds --- */

bool cluster_holds_something(const char *path)
{
    enum { DOTS = 2 * 24 }; /* "." and "..", as getdents64 gives them */
    _Alignas(8) char entries[512];
    const int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const long got = fd < 0 ? 0 : syscall(SYS_getdents64, fd, entries, sizeof entries);
    if (fd >= 0)
        close(fd);
    return got < 0 || got > DOTS || (fd < 0 && errno != ENOENT);
}

static bool is_there(const struct cluster *cluster, const char *name)
{
    char text[LIMIT_PATH] = "";
    struct base_sink path = BASE_SINK(text);
    BASE_PUT(&path, cluster->data, name);
    return access(text, F_OK) == 0;
}

/* The major version of the cluster there; false when there is none. */
static bool read_version(const char *directory, char *text, size_t capacity)
{
    char name[LIMIT_PATH] = "";
    struct base_sink path = BASE_SINK(name);
    BASE_PUT(&path, directory, "/PG_VERSION");
    if (cluster_read_text(name, text, capacity) <= 0)
        return false;
    text[strcspn(text, "\n")] = '\0';
    return true;
}

static int refuse_version(const struct cluster *cluster, const char *directory, const char *version)
{
    return CLUSTER_REFUSE(
        cluster, directory, " holds a cluster of PostgreSQL ", version,
        ", and this is " AZA_POSTGRES_MAJOR
        "; nothing was touched. Either dump it with pg_dumpall in an image of ",
        version,
        " and load that into an empty volume here, or, where both versions are installed: "
        "pg_upgrade --link -d ",
        directory, " -D NEW -b " AZA_POSTGRES_SERVERS "/", version,
        "/bin -B " AZA_POSTGRES_SERVER "/bin, and mount the parent of NEW at " AZA_POSTGRES_HOME
        "\n");
}

/* An empty default directory beside older data: a new cluster would look like the loss of the old.
 */
static int look_for_older(const struct cluster *cluster)
{
    static const char *const places[] = {AZA_POSTGRES_HOME, AZA_POSTGRES_HOME "/data",
                                         AZA_POSTGRES_HOME "/data/" AZA_POSTGRES_MAJOR "/docker",
                                         AZA_POSTGRES_HOME "/" AZA_POSTGRES_MAJOR "/data",
                                         AZA_POSTGRES_HOME "/17/docker"};
    char version[16];
    if (strcmp(cluster->data, AZA_POSTGRES_DATA) != 0)
        return 0;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (!read_version(places[i], version, sizeof version))
            continue;
        if (strcmp(version, AZA_POSTGRES_MAJOR) != 0)
            return refuse_version(cluster, places[i], version);
        return CLUSTER_REFUSE(cluster, cluster->data, " is empty, and there is a cluster in ",
                              places[i], ": say PGDATA=", places[i], ", or move it\n");
    }
    if (cluster_is_mount(AZA_POSTGRES_HOME "/data"))
        return CLUSTER_REFUSE(cluster, AZA_POSTGRES_HOME
                              "/data is where volumes were mounted before 18; mount "
                              "this one at " AZA_POSTGRES_HOME "\n");
    return 0;
}

static int look_at_cluster(struct cluster *cluster)
{
    char version[16];
    cluster->standby = is_there(cluster, "/standby.signal");
    if (read_version(cluster->data, version, sizeof version) &&
        strcmp(version, AZA_POSTGRES_MAJOR) != 0)
        return refuse_version(cluster, cluster->data, version);
    if (!is_there(cluster, "/PG_VERSION") || !is_there(cluster, "/global/pg_control"))
        return CLUSTER_REFUSE(
            cluster, cluster->data,
            " is not empty, and holds no whole cluster: an interrupted copy, or "
            "something else's; name another directory with PGDATA, or empty it\n");
    if (cluster->replica && !cluster->standby)
        return CLUSTER_REFUSE(
            cluster, "POSTGRES_ROLE=replica, and ", cluster->data,
            " is no standby: it was promoted, or is another cluster. Say "
            "POSTGRES_ROLE=primary to start it, or give the replica an empty volume\n");
    if (!cluster->replica && cluster->standby)
        BASE_PUT(
            &cluster->session->warnings, cluster->data,
            " is a standby, and starts as one although POSTGRES_ROLE is primary; what makes it "
            "a primary: SELECT pg_promote()\n");
    return 0;
}

/* Whether this process, and the server after it, can work there. */
static int look_at_directory(struct cluster *cluster)
{
    struct base_sink *refusals = &cluster->session->refusals;
    struct stat status;
    if (stat(cluster->data, &status) != 0) {
        cluster->empty = errno == ENOENT;
        return cluster->empty ? 0 : cluster_refuse_path(cluster->session, cluster->data, errno);
    }
    if (geteuid() != 0 && status.st_uid != geteuid()) {
        BASE_PUT(refusals, cluster->data, " belongs to user ");
        base_put_int(refusals, status.st_uid);
        base_put(refusals, ", and this is user ");
        base_put_int(refusals, geteuid());
        return CLUSTER_REFUSE(cluster, ": start as its owner, or chown -R it\n");
    }
    if (access(cluster->data, R_OK | W_OK | X_OK) != 0)
        return cluster_refuse_path(cluster->session, cluster->data, errno);
    cluster->empty = !cluster_holds_something(cluster->data);
    return 0;
}

/* Where the server makes its socket and that one's lock. */
static int look_at_sockets(const struct cluster *cluster)
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
    if ((code = hear_role(cluster)) != 0 || (code = find(cluster)) != 0 ||
        (code = cluster_lock(cluster)) != 0 || (code = look_at_directory(cluster)) != 0 ||
        (code = cluster_look_for_marker(cluster)) != 0 || (code = look_at_sockets(cluster)) != 0)
        return code;
    return cluster->empty ? look_for_older(cluster) : look_at_cluster(cluster);
}
