// A row of a smaller or larger picture, from the rows that go into it.
#include "clones.h"

// As many numbers as stay in the first-level cache.
#define BLZ_ROW_TILE 1024

BLZ_KERNEL(
  void, blz_weigh_rows_u8,
  (const uint8_t *rows, int64_t length, const float *weights, int64_t count, float *out),
  (rows, length, weights, count, out)) {
  for (int64_t start = 0; start < length; start += BLZ_ROW_TILE) {
    int64_t size = length - start < BLZ_ROW_TILE ? length - start : BLZ_ROW_TILE;
    float *sum = out + start;
    for (int64_t i = 0; i < size; i++) sum[i] = 0;
    for (int64_t k = 0; k < count; k++) {
      const uint8_t *row = rows + k * length + start;
      float weight = weights[k];
      BLZ_LOOP
      for (int64_t i = 0; i < size; i++) sum[i] += weight * (float)row[i];
    }
  }
}
