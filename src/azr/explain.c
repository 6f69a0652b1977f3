/* azr explain: how one value was computed. Works even if the decision was refused, as long as the
 * rules ran: an operator wants to know where a refused value came from. */
#include <unistd.h>
#include "azr/azr.h"

int azr_run_explain(struct azr_call *call, struct session *session)
{
    const int code = azr_decide(call, session);
    if (!session->ran)
        return code;
    const struct explain_view view = session_view(session);
    const struct base_span name = base_span_of(call->subject);
    if (explain_name(azr_output(), &view, name, call->format == SETTINGS_JSON))
        return azr_write(STDOUT_FILENO, code);
    char text[512];
    struct base_sink sink = BASE_SINK(text);
    BASE_PUT(&sink, "unknown name `", call->subject, "`");
    session_put_near(&sink, &session->image, name);
    return azr_usage(text);
}
