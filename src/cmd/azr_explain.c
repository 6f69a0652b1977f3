/* azr explain: where one value comes from. It also explains values that lead to a refusal. */
#include <unistd.h>
#include "cmd/azr.h"
#include "cmd/session_operator.h"

int azr_explain(struct azr_call *call, struct azn_session *session)
{
    const int code = azr_decide(call, session);
    if (!session->ran)
        return code;
    const struct azx_view view = azn_view(session);
    const struct aza_span name = aza_span_of(call->subject);
    if (azx_explain(azr_output(), &view, name, call->format == AZO_JSON))
        return azr_write(STDOUT_FILENO, code);
    char text[512];
    struct aza_sink sink = AZA_SINK(text);
    AZA_PUT(&sink, "nothing is called `", call->subject, "`");
    azn_put_near(&sink, &session->image, name);
    return azr_usage(text);
}
