// Matrix products in vectors of 16 bytes.
#include "product.h"

// Elements for each term of a left matrix that is copied: a power of two, a tile of rows or more.
#define STEP ROWS
#define IS_WIDE(vectors) 0
#define TERMS 1
#define AFTER_TERM
// Rows of the right matrix so many bytes apart, or more, are copied for the next tiles.
#define RIGHT_STEP 1024
#define COPY_VECTORS 64
#define IS_MASKED(is_last, columns) ((is_last) && (columns) < LANES)
#define LOOPS "product.inc"
#include "tiles_portable.inc"
