/* azr check: verifies an image without running it, and prints what it contains. The summary is
 * filled once and printed as text or as JSON, so that both have the same members in the same order.
 */
#include <unistd.h>
#include "azr/azr.h"

enum { COUNTS = 5 };

struct summary {
    const char *path, *rules;
    struct {
        const char *word;
        uint32_t count;
    } counts[COUNTS];
};

static void put_image_summary(struct base_sink *sink, const struct summary *summary)
{
    BASE_PUT(sink, summary->path, ": valid, compiled from ", summary->rules);
    for (int i = 0; i < COUNTS; i++) {
        base_put(sink, ", ");
        base_put_int(sink, summary->counts[i].count);
        BASE_PUT(sink, " ", summary->counts[i].word);
    }
    base_put_char(sink, '\n');
}

static void put_image_summary_json(struct base_sink *sink, const struct summary *summary)
{
    base_put(sink, "{\"image\": ");
    base_put_json(sink, summary->path);
    base_put(sink, ", \"rules\": ");
    base_put_json(sink, summary->rules);
    for (int i = 0; i < COUNTS; i++) {
        BASE_PUT(sink, ", \"", summary->counts[i].word, "\": ");
        base_put_int(sink, summary->counts[i].count);
    }
    base_put(sink, "}\n");
}

int azr_run_check(struct azr_call *call, struct session *session)
{
    if (!session_read(session, azr_image(call))) {
        azr_report(session);
        return SESSION_REFUSED;
    }
    const struct image *image = &session->image;
    const struct summary summary = {.path = azr_image(call),
                                    .rules = image_string(image, image->header->rules),
                                    .counts = {{"instructions", image->code_count},
                                               {"inputs", image->input_count},
                                               {"settings", image->output_count},
                                               {"checks", image->check_count},
                                               {"bytes", image->header->file_bytes}}};
    if (call->format == SETTINGS_JSON)
        put_image_summary_json(azr_output(), &summary);
    else
        put_image_summary(azr_output(), &summary);
    return azr_write(STDOUT_FILENO, 0);
}
