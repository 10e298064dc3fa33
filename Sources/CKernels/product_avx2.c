// Matrix products for processors with AVX2 and FMA.
#include "product.h"

// Elements for each term of a left matrix that is copied: a power of two, a tile of rows or more.
#define STEP 8
#define IS_WIDE(vectors) 0
#define TERMS 4
// 16 registers are few: a tile that loads for later terms before these sums are done would keep
// sums in memory (with frame pointers, as SwiftPM compiles, it did).
#define AFTER_TERM                                                                                \
  {                                                                                               \
    BLZ_UNROLL for (int i = 0; i < rows; i++) {                                                   \
      BLZ_UNROLL for (int j = 0; j < vectors; j++) __asm__ volatile("" : "+x"(sums[i][j]));       \
    }                                                                                             \
    __asm__ volatile("" ::: "memory");                                                            \
  }
// Rows of the right matrix so many bytes apart, or more, are copied for the next tiles: a panel is
// one line of the cache wide, and rows that begin within a line would take two.
#define RIGHT_STEP 128
#define COPY_VECTORS 24
#define IS_MASKED(is_last, columns) ((is_last) && (columns) < LANES)
#define LOOPS "product.inc"
#include "tiles_avx2.inc"
