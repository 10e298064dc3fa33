// Convolutions for processors with AVX-512.
#include "convolution.h"

#define TERMS 4
#define LOOPS "convolution.inc"
#include "tiles_avx512.inc"
