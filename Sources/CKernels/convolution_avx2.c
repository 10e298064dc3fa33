// Convolutions for processors with AVX2 and FMA.
#include "convolution.h"

// 16 registers are few: unrolled, a tile keeps sums in memory.
#define TERMS 1
#define LOOPS "convolution.inc"
#include "tiles_avx2.inc"
