/* The words of a command line that sweeps: SETTING... --over INPUT=LOW..HIGH [--by INPUT]
 * [NAME=VALUE...]. */
#ifndef AZA_CMD_OVER_H
#define AZA_CMD_OVER_H

#include "cmd/sweep.h"

/* Makes a sweep of what the words ask for and runs it; with `all`, every setting that is emitted is
 * a target, no word may name one, and only the grid is filled. Says on standard error what is
 * wrong, and answers the exit status. */
int azc_over(struct azc_sweep *sweep, struct azc_build *build, struct azn_session *session,
             const char *verb, const struct azc_options *options, bool all);

/* The name of the swept input, of `by`, and of its members as columns are headed. */
const char *azc_over_name(const struct azc_sweep *sweep);
const char *azc_by_name(const struct azc_sweep *sweep); /* or null */
const char *azc_member_label(const struct azc_sweep *sweep, size_t member);
/* What heads a column where its setting is known: the member, or the setting's name without one. */
const char *azc_column_title(const struct azc_sweep *sweep, size_t column);
/* A sample's position; for readers the first machine past a round one is "512MB+1kB". */
const char *azc_position_text(const struct azc_sweep *sweep, int64_t at, bool reader);
/* "cpus=8 disk=200GB": what was said beside; may be empty. */
void azc_put_given(struct aza_sink *sink, const struct azc_sweep *sweep);

/* A sweeping verb from its options to its output: compiles, sweeps, and hands the outcome on. */
typedef int azc_sweep_output(struct azc_build *build, struct azc_sweep *sweep,
                             const struct azc_options *options);
int azc_over_run(const char *verb, const struct azc_options *options, bool all,
                 azc_sweep_output *output);

#endif
