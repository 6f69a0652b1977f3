/* The words of a command line that sweeps: SETTING... --over INPUT=LOW..HIGH [--by INPUT]
 * [NAME=VALUE...]. */
#ifndef AZA_AZC_OVER_H
#define AZA_AZC_OVER_H

#include "azc/azc.h"
#include "sweep/sweep.h"

/* Makes a sweep of what the words ask for and runs it; with `all`, every setting that is emitted is
 * a target, no word may name one, and only the grid is filled. Says on standard error what is
 * wrong, and answers the exit status. */
int azc_sweep(struct sweep *sweep, struct compilation *build, struct session *session,
              const char *verb, const struct azc_options *options, bool all);

/* A sweeping verb from its options to its output: compiles, sweeps, and hands the outcome on. */
typedef int azc_sweep_output(struct compilation *build, struct sweep *sweep,
                             const struct azc_options *options);
int azc_sweep_verb(const char *verb, const struct azc_options *options, bool all,
                   azc_sweep_output *output);

#endif
