/* Private to src/pins. */
#ifndef AZA_PINS_PARTS_H
#define AZA_PINS_PARTS_H

#include "base/base.h"

/* The text behind its first `length` bytes; length is at most that of the text. */
static inline struct base_span pins_span_after(struct base_span text, size_t length)
{
    return (struct base_span){text.start + length, text.length - length};
}

#endif
