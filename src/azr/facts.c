/* azr facts: every fact and option with its value and source. Works even if the decision was
 * refused, so that the fact at fault can be seen. */
#include <unistd.h>
#include "azr/azr.h"

int azr_run_facts(struct azr_call *call, struct session *session)
{
    const int code = azr_decide(call, session);
    if (session->machine.image == NULL)
        return code;
    const struct explain_view view = session_view(session);
    explain_facts(azr_output(), &view, call->format == SETTINGS_JSON);
    return azr_write(STDOUT_FILENO, code);
}
