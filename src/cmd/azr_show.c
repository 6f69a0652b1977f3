/* azr show: every setting for this machine, in the format that is asked for. */
#include <unistd.h>
#include "cmd/azr.h"

int azr_show(struct azr_call *call, struct azn_session *session)
{
    const int code = azr_decide(call, session);
    if (code != 0)
        return code;
    const struct azx_view view = azn_view(session);
    azo_put(azr_output(), call->format, &view.settings);
    return azr_write(STDOUT_FILENO, 0);
}
