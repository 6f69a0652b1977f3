/* A sweep as a chart. */
#ifndef AZA_CMD_DRAWING_H
#define AZA_CMD_DRAWING_H

#include "chart/chart.h"
#include "cmd/over.h"

/* One panel for each kind of value; lines that are the same on every machine are one line. A dot
 * stands where the way of a line changes. `title` and `subtitle` may be null. Null after saying on
 * standard error what cannot be drawn. */
const struct azh_chart *azc_draw(const struct azc_sweep *sweep, const char *title,
                                 const char *subtitle);

#endif
