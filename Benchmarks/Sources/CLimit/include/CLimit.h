// The multiply-add limit of one core: as many of them, independent of each other and all in
// registers, as a processor takes.
#ifndef CLIMIT_H
#define CLIMIT_H

#include <stdint.h>

// Does `rounds` rounds of them with an instruction set of CKernels (BLZ_ISA_...), float32.
// Returns how many additions and multiplications those were.
double limit_run(int32_t isa, int64_t rounds);

#endif
