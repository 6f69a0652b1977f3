/* azr check: whether an image may be trusted, without running it. */
#include <unistd.h>
#include "azr/azr.h"

int azr_run_check(struct azr_call *call, struct session *session)
{
    const bool json = call->format == SETTINGS_JSON;
    struct base_sink *sink = azr_output();
    if (!session_read(session, azr_image(call))) {
        azr_report(session);
        return SESSION_REFUSED;
    }
    const struct image *image = &session->image;
    const struct {
        const char *word;
        uint32_t count;
    } counts[] = {{"instructions", image->code_count},
                  {"inputs", image->input_count},
                  {"settings", image->output_count},
                  {"checks", image->check_count},
                  {"bytes", image->header->file_bytes}};
    base_put(sink, json ? "{\"image\": " : "");
    (json ? base_put_json : base_put)(sink, azr_image(call));
    base_put(sink, json ? ", \"rules\": " : ": sound; made from ");
    (json ? base_put_json : base_put)(sink, image_string(image, image->header->rules));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        BASE_PUT(sink, json ? ", \"" : ", ", json ? counts[i].word : "", json ? "\": " : "");
        base_put_int(sink, counts[i].count);
        BASE_PUT(sink, json ? "" : " ", json ? "" : counts[i].word);
    }
    base_put(sink, json ? "}\n" : "\n");
    return azr_write(STDOUT_FILENO, 0);
}
