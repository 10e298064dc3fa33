// Discrete Fourier transforms of one length: what fft.c and fft.inc share.
#ifndef BLZ_FFT_H
#define BLZ_FFT_H

#include <math.h>
#include <stdlib.h>

#include "clones.h"

enum { BLZ_FFT_MOST_FACTORS = 64 };

// A complex transform of length n as stages, one for each factor.
typedef struct {
  int64_t n;
  int factor_count;
  int32_t factors[BLZ_FFT_MOST_FACTORS];
  // For each stage its twiddles, real parts and then imaginary ones: (radix - 1) x m of each.
  void *twiddles[BLZ_FFT_MOST_FACTORS];
  // For each stage the radix's own roots of unity, likewise; for radices without a butterfly.
  void *roots[BLZ_FFT_MOST_FACTORS];
} blz_fft_stages;

// cos and sin of 2 pi k / n, to the last digit: by way of the first octant.
void blz_fft_root(int64_t k, int64_t n, double *c, double *s);

#endif
