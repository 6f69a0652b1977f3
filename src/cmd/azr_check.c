/* azr check: whether an image may be trusted, without running it. */
#include <unistd.h>
#include "cmd/azr.h"

int azr_check(struct azr_call *call, struct azn_session *session)
{
    const bool json = call->format == AZO_JSON;
    struct aza_sink *sink = azr_output();
    if (!azn_read(session, azr_image(call))) {
        azr_report(session);
        return AZN_REFUSED;
    }
    const struct azb_image *image = &session->image;
    const struct {
        const char *word;
        uint32_t count;
    } counts[] = {{"instructions", image->code_count},
                  {"inputs", image->input_count},
                  {"settings", image->output_count},
                  {"checks", image->check_count},
                  {"bytes", image->header->file_bytes}};
    aza_put(sink, json ? "{\"image\": " : "");
    (json ? aza_put_json : aza_put)(sink, azr_image(call));
    aza_put(sink, json ? ", \"rules\": " : ": sound; made from ");
    (json ? aza_put_json : aza_put)(sink, azb_string(image, image->header->rules));
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        AZA_PUT(sink, json ? ", \"" : ", ", json ? counts[i].word : "", json ? "\": " : "");
        aza_put_int(sink, counts[i].count);
        AZA_PUT(sink, json ? "" : " ", json ? "" : counts[i].word);
    }
    aza_put(sink, json ? "}\n" : "\n");
    return azr_write(STDOUT_FILENO, 0);
}
