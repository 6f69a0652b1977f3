/* Settings in a file instead of flags: a flag wins over everything, also over ALTER SYSTEM and over
 * a changed configuration file; a file that the configuration includes before the operator's own
 * lines does not. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "azr/cluster/cluster.h"
#include "vm/quote.h"

bool cluster_is_place(struct base_span name)
{
    static const char places[] = "config_file,data_directory,hba_file,ident_file";
    return base_list_has(places, name);
}

bool cluster_find_setting(const struct session *session, const char *name, struct base_sink *value)
{
    const struct explain_view view = session_view(session);
    struct settings_item item;
    for (uint32_t cursor = 0; settings_next(&view.settings, &cursor, &item);)
        if (base_span_is(item.name, name)) {
            settings_put_value(value, &view.settings, &item);
            return true;
        }
    return false;
}

/* Whether a line of the text, not a comment, includes the file. */
static bool includes(const char *text, const char *path)
{
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
        text += strspn(text, " \t");
        const char *found = base_find(text, path);
        if (strncmp(text, "include", 7) == 0 && found != NULL &&
            found < text + strcspn(text, "\n#"))
            return true;
    }
    return false;
}

/* The configuration in use; before the first start the one that it will be made from. */
static void find_configuration(const struct cluster *cluster, struct base_sink *path)
{
    static const char sample[] =
        "/usr/share/postgresql/" AZA_POSTGRES_MAJOR "/postgresql.conf.sample";
    if (cluster_find_setting(cluster->session, "config_file", path))
        return;
    if (cluster->empty)
        base_put(path, access(sample, R_OK) == 0 ? sample
                                                 : "/usr/share/postgresql/postgresql.conf.sample");
    else
        BASE_PUT(path, cluster->data, "/postgresql.conf");
}

static void warn_unless_included(const struct cluster *cluster, const char *path)
{
    static char text[LIMIT_PROC_BYTES];
    char name[LIMIT_PATH] = "";
    struct base_sink configuration = BASE_SINK(name);
    find_configuration(cluster, &configuration);
    if (cluster_read_text(name, text, sizeof text) < 0 || !includes(text, path))
        BASE_PUT(&cluster->session->warnings, "POSTGRES_APPLY=file, and ", name,
                 " does not include the settings; put a line before your own there: "
                 "include_if_exists '",
                 path, "'\n");
}

/* Connection strings among the settings may hold passwords. */
static bool write_file(const char *path, const struct base_sink *text)
{
    const int fd = cluster_begin_file(path);
    const bool filled = fd >= 0 && base_write_all(fd, text->data, text->length);
    return cluster_end_file(fd, path, 0600, filled) && cluster_place_file(path);
}

int cluster_write_settings(const struct cluster *cluster, const char *path)
{
    static char text[2 * LIMIT_FLAG_BYTES];
    struct base_sink sink = BASE_SINK(text);
    const struct explain_view view = session_view(cluster->session);
    struct settings_item item;
    base_put(&sink, "# written anew at each start by azr; do not edit\n");
    for (uint32_t cursor = 0; settings_next(&view.settings, &cursor, &item);) {
        char bytes[LIMIT_TEXT_VALUE] = "";
        struct base_sink value = BASE_SINK(bytes);
        if (item.layer == VM_COMMAND_LINE || cluster_is_place(item.name))
            continue;
        settings_put_value(&value, &view.settings, &item);
        base_put_span(&sink, item.name);
        base_put(&sink, " = ");
        vm_put_quoted(&sink, VM_QUOTE_CONF, base_span_of(bytes));
        base_put_char(&sink, '\n');
    }
    if (!write_file(path, &sink))
        return cluster_refuse_path(cluster->session, path, errno);
    warn_unless_included(cluster, path);
    return 0;
}
