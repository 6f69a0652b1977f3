/* azr facts: what this machine is and who says so; also when that leads to a refusal. */
#include <unistd.h>
#include "cmd/azr.h"

int azr_facts(struct azr_call *call, struct azn_session *session)
{
    const int code = azr_decide(call, session);
    if (session->machine.image == NULL)
        return code;
    const struct azx_view view = azn_view(session);
    azx_facts(azr_output(), &view, call->format == AZO_JSON);
    return azr_write(STDOUT_FILENO, code);
}
