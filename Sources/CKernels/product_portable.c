// Matrix products in vectors of 16 bytes, which every 64-bit processor has.
#include "product.h"

#if defined(__aarch64__)
// 32 registers.
#define ROWS 8
#define STEP 8
#define VECTORS 3
#define TILES                                                                                     \
  TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1) TILE(5, 1) TILE(6, 1) TILE(7, 1) TILE(8, 1)         \
  TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2) TILE(5, 2) TILE(6, 2) TILE(7, 2) TILE(8, 2)         \
  TILE(1, 3) TILE(2, 3) TILE(3, 3) TILE(4, 3) TILE(5, 3) TILE(6, 3) TILE(7, 3) TILE(8, 3)
#define FULL_TILES FULL_TILE(1) FULL_TILE(2) FULL_TILE(3)
#else
// 16 registers.
#define ROWS 4
#define STEP 4
#define VECTORS 2
#define TILES                                                                                     \
  TILE(1, 1) TILE(2, 1) TILE(3, 1) TILE(4, 1)                                                     \
  TILE(1, 2) TILE(2, 2) TILE(3, 2) TILE(4, 2)
#define FULL_TILES FULL_TILE(1) FULL_TILE(2)
#endif

#define TERMS 1
#define AFTER_TERM
#define COPY_VECTORS 64
#define IS_WIDE(vectors) 0

// The first elements only, one by one.
#define HAS_MASKS 0
#define IS_MASKED(is_last, columns) ((is_last) && (columns) < LANES)
#define MASK_TYPE int32_t
#define MASK(n) ((int32_t)(n))
#define LOAD_FIRST(p, count) NAMED(load_first)(p, count)
#define STORE_FIRST(p, count, v) NAMED(store_first)(p, count, v)

#define NAMED(x) BLZ_JOIN(x, _f32_portable)
#define T float
#define LANES 4
#include "product.inc"

#define NAMED(x) BLZ_JOIN(x, _f64_portable)
#define T double
#define LANES 2
#define LOAD_FIRST(p, count) NAMED(load_first)(p, count)
#define STORE_FIRST(p, count, v) NAMED(store_first)(p, count, v)
#include "product.inc"
