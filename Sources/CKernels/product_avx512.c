// Matrix products for processors with AVX-512: tiles of 8 rows x 3 vectors.
#include "product.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V4))), apply_to = function)

#define ROWS 8
// Elements for each term of a left matrix that is copied: a power of two, a tile of rows or more.
#define STEP 8
#define VECTORS 3
#define TILES                                                                                     \
  TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1) TILE(7, 1) TILE(8, 1)         \
  TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)         \
  TILE(1, 3) TILE(2, 3) TILE(3, 3) TILE(4, 3) TILE(5, 3) TILE(6, 3) TILE(7, 3) TILE(8, 3)
#define FULL_TILES FULL_TILE(1) FULL_TILE(2) FULL_TILE(3)
// Masks cost nothing, so the last vector always has one.
#define IS_WIDE(vectors) ((vectors) > 1)
#define TERMS 4
#define AFTER_TERM
#define COPY_VECTORS 12
#define HAS_MASKS 1
#define IS_MASKED(is_last, columns) (is_last)
#define MASK_TYPE __mmask16
#define MASK(n) ((__mmask16)((1u << (n)) - 1))

#define NAMED(x) BLZ_JOIN(x, _f32_avx512)
#define T float
#define LANES 16
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm512_maskz_loadu_ps(mask, p))
#define STORE_FIRST(p, mask, v) _mm512_mask_storeu_ps(p, mask, (__m512)(v))
#include "product.inc"

#define NAMED(x) BLZ_JOIN(x, _f64_avx512)
#define T double
#define LANES 8
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm512_maskz_loadu_pd((__mmask8)(mask), p))
#define STORE_FIRST(p, mask, v) _mm512_mask_storeu_pd(p, (__mmask8)(mask), (__m512d)(v))
#include "product.inc"

#pragma clang attribute pop
#endif
