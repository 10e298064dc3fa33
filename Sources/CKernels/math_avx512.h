// Functions that AVX-512 has instructions for.
#ifndef BLZ_MATH_AVX512_H
#define BLZ_MATH_AVX512_H

#include "clones.h"

// Computes an op of n elements and returns true, or returns false: it has no loop for the op. The
// processor must have AVX-512 (blz_isa).
bool blz_math_avx512(int op, float *to, const float *from, int64_t n);

#endif
