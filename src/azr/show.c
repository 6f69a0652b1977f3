/* azr show: every setting for this machine, in the requested format. Prints nothing if the decision
 * was refused, because its output is meant to be used: `azr show --format conf > postgresql.conf`.
 */
#include <unistd.h>
#include "azr/azr.h"

int azr_run_show(struct azr_call *call, struct session *session)
{
    const int code = azr_decide(call, session);
    if (code != 0)
        return code;
    const struct explain_view view = session_view(session);
    settings_put(azr_output(), call->format, &view.settings);
    return azr_write(STDOUT_FILENO, 0);
}
