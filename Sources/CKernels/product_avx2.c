// Matrix products for processors with AVX2 and FMA: tiles of 6 rows x 2 vectors.
#include "product.h"

#if defined(__x86_64__)
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V3))), apply_to = function)

#define ROWS 6
// Elements for each term of a left matrix that is copied: a power of two, a tile of rows or more.
#define STEP 8
#define VECTORS 2
#define TILES                                                                                     \
  TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1)                               \
  TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2)
#define FULL_TILES FULL_TILE(1) FULL_TILE(2)
#define IS_WIDE(vectors) 0
#define TERMS 4
// 16 registers are few: a tile that loads for later terms would keep sums in memory.
#define AFTER_TERM __asm__ volatile("" ::: "memory")
#define COPY_VECTORS 24
#define HAS_MASKS 1
#define IS_MASKED(is_last, columns) ((is_last) && (columns) < LANES)
#define MASK_TYPE __m256i

#define NAMED(x) BLZ_JOIN(x, _f32_avx2)
#define T float
#define LANES 8
#define MASK(n)                                                                                   \
  _mm256_cmpgt_epi32(_mm256_set1_epi32((int32_t)(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7))
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm256_maskload_ps(p, mask))
#define STORE_FIRST(p, mask, v) _mm256_maskstore_ps(p, mask, (__m256)(v))
#include "product.inc"

#define NAMED(x) BLZ_JOIN(x, _f64_avx2)
#define T double
#define LANES 4
#undef MASK
#define MASK(n) _mm256_cmpgt_epi64(_mm256_set1_epi64x((int64_t)(n)), _mm256_setr_epi64x(0, 1, 2, 3))
#define LOAD_FIRST(p, mask) ((NAMED(vector))_mm256_maskload_pd(p, mask))
#define STORE_FIRST(p, mask, v) _mm256_maskstore_pd(p, mask, (__m256d)(v))
#include "product.inc"

#pragma clang attribute pop
#endif
