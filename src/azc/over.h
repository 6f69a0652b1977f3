/* The words of a command line that sweeps: SETTING... --over INPUT=LOW..HIGH [--by INPUT]
 * [NAME=VALUE...]. */
#ifndef AZA_AZC_OVER_H
#define AZA_AZC_OVER_H

#include "azc/azc.h"
#include "sweep/sweep.h"

/* A whole verb: compiles, makes the sweep that the words request, runs it, and calls `output` with
 * the result. With `all`, every emitted setting is a target, no word can name one, and only the
 * grid is filled. Prints errors on standard error and returns the exit status. */
typedef int azc_sweep_output(struct compilation *build, struct sweep *sweep,
                             const struct azc_options *options);
int azc_sweep_verb(const char *verb, const struct azc_options *options, bool all,
                   azc_sweep_output *output);

#endif
