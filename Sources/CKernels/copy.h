// Moving elements from one strided array to another.
#ifndef BLZ_COPY_H
#define BLZ_COPY_H

#include "clones.h"

// Whether a program only copies an operand to its one output.
bool blz_is_copy(const blz_program *program);

// Copies the elements begin..<end of the flattened space.
void blz_copy(
  const blz_program *program, const void *input, void *output, int64_t begin, int64_t end);

#endif
