/* A rule set as a reference in Markdown, for readers who do not read rules. */
#ifndef AZA_REFERENCE_REFERENCE_H
#define AZA_REFERENCE_REFERENCE_H

#include "compile/compile.h"

/* Writes the page of a build that was compiled with the tests' expectations. False if its image
 * cannot be opened. */
bool reference_write(struct compilation *build, struct base_sink *sink);

#endif
