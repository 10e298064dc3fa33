// Convolutions for processors with AVX2 and FMA: tiles of 6 rows x 2 vectors.
#include "convolution.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V3))), apply_to = function)

#define ROWS 6
#define VECTORS 2
#define TILES                                                                                     \
  TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1)                               \
  TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2)
#define ALL_ROWS(F) F(1) F(2) F(3) F(4) F(5) F(6)
// 16 registers are few: unrolled, a tile keeps sums in memory.
#define TERMS 1
#define HAS_MASKS 1
#define MASK_TYPE __m256i

#define NAMED(x) BLZ_JOIN(x, _f32_avx2)
#define T float
#define LANES 8
#define MASK(n)                                                                                   \
  _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm256_maskload_ps(p, mask))
#define STORE_FIRST(p, mask, v) _mm256_maskstore_ps(p, mask, (__m256)(v))
#include "convolution.inc"

#define NAMED(x) BLZ_JOIN(x, _f64_avx2)
#define T double
#define LANES 4
#undef MASK
#define MASK(n) _mm256_cmpgt_epi64(_mm256_set1_epi64x((int64_t)(n)), _mm256_setr_epi64x(0, 1, 2, 3))
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm256_maskload_pd(p, mask))
#define STORE_FIRST(p, mask, v) _mm256_maskstore_pd(p, mask, (__m256d)(v))
#include "convolution.inc"

#pragma clang attribute pop
#endif
