// Convolutions in vectors of 16 bytes.
#include "convolution.h"

#define TERMS 1
#define LOOPS "convolution.inc"
#include "tiles_portable.inc"
