// Reducing arrays into running values (blz_scalar: double for floats, int64 for the rest).
#ifndef BLZ_REDUCE_H
#define BLZ_REDUCE_H

#include "clones.h"

// values[r] takes in the `width` elements of row r.
void blz_reduce_rows(
  int kind, int dtype, const void *src, int64_t rows, int64_t width, blz_scalar *values);

// values[j] takes in element j of every row; rows are `stride` elements apart.
void blz_reduce_columns(
  int kind, int dtype, const void *src, int64_t rows, int64_t width, int64_t stride,
  blz_scalar *values);

#endif
