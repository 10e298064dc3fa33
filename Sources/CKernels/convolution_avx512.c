// Convolutions for processors with AVX-512: tiles of 8 rows x 3 vectors.
#include "convolution.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V4))), apply_to = function)

#define ROWS 8
#define VECTORS 3
#define TILES                                                                                     \
  TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1) TILE(7, 1) TILE(8, 1)         \
  TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)         \
  TILE(1, 3) TILE(2, 3) TILE(3, 3) TILE(4, 3) TILE(5, 3) TILE(6, 3) TILE(7, 3) TILE(8, 3)
#define ALL_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6) F(7) F(8)
#define TERMS 4
#define HAS_MASKS 1
#define MASK_TYPE __mmask16
#define MASK(n) ((__mmask16)((1u << (n)) - 1))

#define NAMED(x) BLZ_JOIN(x, _f32_avx512)
#define T float
#define LANES 16
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm512_maskz_loadu_ps(mask, p))
#define STORE_FIRST(p, mask, v) _mm512_mask_storeu_ps(p, mask, (__m512)(v))
#include "convolution.inc"

#define NAMED(x) BLZ_JOIN(x, _f64_avx512)
#define T double
#define LANES 8
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm512_maskz_loadu_pd((__mmask8)(mask), p))
#define STORE_FIRST(p, mask, v) _mm512_mask_storeu_pd(p, (__mmask8)(mask), (__m512d)(v))
#include "convolution.inc"

#pragma clang attribute pop
#endif
