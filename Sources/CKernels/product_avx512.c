// Matrix products for processors with AVX-512.
#include "product.h"

// Elements for each term of a left matrix that is copied: a power of two, a tile of rows or more.
#define STEP 8
#define IS_WIDE(vectors) ((vectors) > 1)
#define TERMS 4
#define AFTER_TERM
// Rows of the right matrix so many bytes apart, or more, are copied for the next tiles.
#define RIGHT_STEP 1024
#define COPY_VECTORS 12
// Masks cost nothing, so the last vector always has one.
#define IS_MASKED(is_last, columns) (is_last)
#define LOOPS "product.inc"
#include "tiles_avx512.inc"
