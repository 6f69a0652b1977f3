/* A rule set as a reference in Markdown, for readers who do not read rules.
 *
 * Every fact, option, secret, setting, value, table, invariant and message gets an entry with its
 * doc comment, its source text, and links to the names it uses and is used by. The possible values
 * of settings and the verdicts on invariants are proved (src/prove), not sampled. */
#ifndef AZA_REFERENCE_REFERENCE_H
#define AZA_REFERENCE_REFERENCE_H

#include "compile/compile.h"

/* Writes the page of a compiled build. Compile it with tests, so that the values that only they use
 * are in the image. False if the image cannot be opened. */
bool reference_write(struct compilation *build, struct base_sink *sink);

#endif
