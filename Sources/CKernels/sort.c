// Stable sorting by keys: every dtype is mapped to unsigned integers of the same order.
#include <stdlib.h>

#include "clones.h"

typedef struct {
  uint64_t key;
  int64_t place;
} blz_keyed;

enum { INSERTION_LIMIT = 48 };

// Negative floats are reversed and put below the positive ones; -0 equals 0, NaN is above all.
static uint64_t blz_key_f64(double x) {
  if (x != x) return UINT64_MAX;
  uint64_t bits = blz_bits64(x == 0.0 ? 0.0 : x);
  return bits >> 63 ? ~bits : bits | (UINT64_C(1) << 63);
}

static uint64_t blz_key_f32(float x) {
  if (x != x) return UINT32_MAX;
  uint32_t bits = blz_bits(x == 0.0f ? 0.0f : x);
  return bits >> 31 ? ~bits : bits | 0x80000000u;
}

static uint64_t blz_key(const void *data, int32_t dtype, int64_t i) {
  switch (dtype) {
    case BLZ_F32: return blz_key_f32(((const float *)data)[i]);
    case BLZ_F64: return blz_key_f64(((const double *)data)[i]);
    case BLZ_I32: return (uint32_t)((const int32_t *)data)[i] ^ 0x80000000u;
    case BLZ_I64: return (uint64_t)((const int64_t *)data)[i] ^ (UINT64_C(1) << 63);
    default: return ((const uint8_t *)data)[i];
  }
}

static void blz_insertion_sort(blz_keyed *x, int64_t n) {
  for (int64_t i = 1; i < n; i++) {
    blz_keyed moving = x[i];
    int64_t j = i;
    for (; j > 0 && x[j - 1].key > moving.key; j--) x[j] = x[j - 1];
    x[j] = moving;
  }
}

// A pass for each byte of the keys that is not the same in all. Returns where the result is.
static blz_keyed *blz_radix_sort(blz_keyed *x, blz_keyed *spare, int64_t n, int bytes) {
  int64_t counts[8][256];
  memset(counts, 0, (size_t)bytes * sizeof counts[0]);
  for (int64_t i = 0; i < n; i++)
    for (int b = 0; b < bytes; b++) counts[b][(x[i].key >> (8 * b)) & 255]++;
  for (int b = 0; b < bytes; b++) {
    int64_t *count = counts[b];
    if (count[(x[0].key >> (8 * b)) & 255] == n) continue;
    int64_t at = 0;
    for (int digit = 0; digit < 256; digit++) {
      int64_t here = count[digit];
      count[digit] = at;
      at += here;
    }
    for (int64_t i = 0; i < n; i++) spare[count[(x[i].key >> (8 * b)) & 255]++] = x[i];
    blz_keyed *sorted = spare;
    spare = x;
    x = sorted;
  }
  return x;
}

bool blz_argsort(
  int64_t *out, const void *data, int32_t dtype, bool descending, int64_t count, int64_t inner,
  int64_t begin, int64_t end) {
  if (count <= 0 || inner <= 0 || begin >= end) return true;
  blz_keyed *x = NULL;
  if ((uint64_t)count <= SIZE_MAX / (2 * sizeof *x)) x = malloc((size_t)count * 2 * sizeof *x);
  if (!x) return false;
  int bytes = (int)blz_dtype_size(dtype);
  // Within as many bytes as the dtype has, so that equal keys stay equal.
  uint64_t flip = descending ? UINT64_MAX >> (64 - 8 * bytes) : 0;
  for (int64_t column = begin * inner; column < end * inner; column++) {
    int64_t first = column / inner * count * inner + column % inner;
    for (int64_t c = 0; c < count; c++) {
      x[c].key = blz_key(data, dtype, first + c * inner) ^ flip;
      x[c].place = c;
    }
    blz_keyed *sorted = x;
    if (count <= INSERTION_LIMIT) blz_insertion_sort(x, count);
    else sorted = blz_radix_sort(x, x + count, count, bytes);
    for (int64_t c = 0; c < count; c++) out[first + c * inner] = sorted[c].place;
  }
  free(x);
  return true;
}
