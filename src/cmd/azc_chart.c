#include "cmd/over.h"
static int run(const struct azc_options *options)
{
    (void)options;
    return 0;
}
const struct azc_verb azc_chart = {.name = "chart",
                                   .summary = "",
                                   .usage = "",
                                   .text = "",
                                   .options = "rules over by output html stdlib",
                                   .run = run};
