/* Settings in a file instead of flags: a flag wins over everything, also over ALTER SYSTEM and over
 * a changed configuration file; a file that the configuration includes before the operator's own
 * lines does not. */
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include "cmd/azr_cluster.h"
#include "vm/quote.h"

bool azr_is_place(struct aza_span name)
{
    static const char places[] = "config_file,data_directory,hba_file,ident_file";
    return aza_list_has(places, name);
}

bool azr_find_setting(const struct azn_session *session, const char *name, struct aza_sink *value)
{
    const struct azx_view view = azn_view(session);
    struct azo_item item;
    for (uint32_t cursor = 0; azo_next(&view.settings, &cursor, &item);)
        if (aza_span_is(item.name, name)) {
            azo_put_value(value, &view.settings, &item);
            return true;
        }
    return false;
}

/* Whether a line of the text, not a comment, includes the file. */
static bool includes(const char *text, const char *path)
{
    for (; *text != '\0'; text += strcspn(text, "\n"), text += *text == '\n') {
        text += strspn(text, " \t");
        const char *found = aza_find(text, path);
        if (strncmp(text, "include", 7) == 0 && found != NULL &&
            found < text + strcspn(text, "\n#"))
            return true;
    }
    return false;
}

/* The configuration in use; before the first start the one that it will be made from. */
static void find_configuration(const struct azr_cluster *cluster, struct aza_sink *path)
{
    static const char sample[] = "/usr/share/postgresql/" AZR_MAJOR "/postgresql.conf.sample";
    if (azr_find_setting(cluster->session, "config_file", path))
        return;
    if (cluster->empty)
        aza_put(path, access(sample, R_OK) == 0 ? sample
                                                : "/usr/share/postgresql/postgresql.conf.sample");
    else
        AZA_PUT(path, cluster->data, "/postgresql.conf");
}

static void warn_unless_included(const struct azr_cluster *cluster, const char *path)
{
    static char text[AZA_PROC_BYTES_MAX];
    char name[AZA_PATH_MAX] = "";
    struct aza_sink configuration = AZA_SINK(name);
    find_configuration(cluster, &configuration);
    if (azr_read_text(name, text, sizeof text) < 0 || !includes(text, path))
        AZA_PUT(&cluster->session->warnings, "POSTGRES_APPLY=file, and ", name,
                " does not include the settings; put a line before your own there: "
                "include_if_exists '",
                path, "'\n");
}

/* Connection strings among the settings may hold passwords. */
static bool write_file(const char *path, const struct aza_sink *text)
{
    const int fd = azr_begin_file(path);
    const bool filled = fd >= 0 && aza_write_all(fd, text->data, text->length);
    return azr_end_file(fd, path, 0600, filled) && azr_place_file(path);
}

int azr_write_settings(const struct azr_cluster *cluster, const char *path)
{
    static char text[2 * AZA_FLAG_BYTES_MAX];
    struct aza_sink sink = AZA_SINK(text);
    const struct azx_view view = azn_view(cluster->session);
    struct azo_item item;
    aza_put(&sink, "# written anew at each start by azr; do not edit\n");
    for (uint32_t cursor = 0; azo_next(&view.settings, &cursor, &item);) {
        char bytes[AZA_TEXT_VALUE_MAX] = "";
        struct aza_sink value = AZA_SINK(bytes);
        if (item.layer == AZV_COMMAND_LINE || azr_is_place(item.name))
            continue;
        azo_put_value(&value, &view.settings, &item);
        aza_put_span(&sink, item.name);
        aza_put(&sink, " = ");
        azv_put_quoted(&sink, AZV_QUOTE_CONF, aza_span_of(bytes));
        aza_put_char(&sink, '\n');
    }
    if (!write_file(path, &sink))
        return azr_refuse_path(cluster->session, path, errno);
    warn_unless_included(cluster, path);
    return 0;
}
