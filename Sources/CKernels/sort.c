// Stable sorting by keys: every dtype is mapped to unsigned integers of the same order.
#include <stdlib.h>

#include "clones.h"

typedef struct {
  uint64_t key;
  int64_t place;
} blz_keyed;

enum { INSERTION_LIMIT = 48 };

// Negative floats are reversed and put below the positive ones; -0 equals 0, NaN is above all.
static BLZ_INLINE uint64_t blz_key_f64(double x) {
  uint64_t bits = blz_bits64(x == 0.0 ? 0.0 : x);
  uint64_t key = bits >> 63 ? ~bits : bits | (UINT64_C(1) << 63);
  return x != x ? UINT64_MAX : key;
}

static BLZ_INLINE uint32_t blz_key_f32(float x) {
  uint32_t bits = blz_bits(x == 0.0f ? 0.0f : x);
  uint32_t key = bits >> 31 ? ~bits : bits | 0x80000000u;
  return x != x ? UINT32_MAX : key;
}

static BLZ_INLINE uint32_t blz_key_i32(int32_t x) { return (uint32_t)x ^ 0x80000000u; }
static BLZ_INLINE uint64_t blz_key_i64(int64_t x) { return (uint64_t)x ^ (UINT64_C(1) << 63); }
static BLZ_INLINE uint64_t blz_key_u64(uint64_t x) { return x; }
static BLZ_INLINE uint32_t blz_key_u8(uint8_t x) { return x; }

static uint64_t blz_key(const void *data, int32_t dtype, int64_t i) {
  switch (dtype) {
    case BLZ_F32: return blz_key_f32(((const float *)data)[i]);
    case BLZ_F64: return blz_key_f64(((const double *)data)[i]);
    case BLZ_I32: return blz_key_i32(((const int32_t *)data)[i]);
    case BLZ_I64: return blz_key_i64(((const int64_t *)data)[i]);
    case BLZ_U64: return ((const uint64_t *)data)[i];
    default: return blz_key_u8(((const uint8_t *)data)[i]);
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

// The first of so many elements are kept in order while the others are gone through; a block of
// which none comes before the last of them is passed over whole.
enum { FIRST_FEW = 16, FIRST_LIMIT = 128, BLOCK = 32 };

#define BLZ_FIRST(NAME, T, K, KEY)                                                                \
  static BLZ_INLINE void NAME(                                                                    \
    int64_t *places, const T *x, int64_t step, bool descending, int64_t count, int64_t first) {   \
    K flip = descending ? (K)(UINT64_MAX >> (64 - 8 * sizeof(T))) : 0;                            \
    K best[FIRST_LIMIT], keys[BLOCK];                                                             \
    int64_t at[FIRST_LIMIT], held = 0;                                                            \
    for (int64_t c0 = 0; c0 < count; c0 += BLOCK) {                                               \
      int64_t n = blz_min64(BLOCK, count - c0);                                                   \
      if (n == BLOCK && held == first) {                                                          \
        K last = best[first - 1];                                                                 \
        int any = 0;                                                                              \
        BLZ_LOOP for (int64_t j = 0; j < BLOCK; j++) {                                            \
          keys[j] = (K)(KEY(x[(c0 + j) * step]) ^ flip);                                          \
          any |= keys[j] < last;                                                                  \
        }                                                                                         \
        if (!any) continue;                                                                       \
      } else {                                                                                    \
        for (int64_t j = 0; j < n; j++) keys[j] = (K)(KEY(x[(c0 + j) * step]) ^ flip);            \
      }                                                                                           \
      for (int64_t j = 0; j < n; j++) {                                                           \
        if (held == first && keys[j] >= best[first - 1]) continue;                                \
        int64_t to = held < first ? held++ : first - 1;                                           \
        for (; to > 0 && best[to - 1] > keys[j]; to--) {                                          \
          best[to] = best[to - 1];                                                                \
          at[to] = at[to - 1];                                                                    \
        }                                                                                         \
        best[to] = keys[j];                                                                       \
        at[to] = c0 + j;                                                                          \
      }                                                                                           \
    }                                                                                             \
    for (int64_t c = 0; c < first; c++) places[c * step] = at[c];                                 \
  }
BLZ_FIRST(blz_first_f32, float, uint32_t, blz_key_f32)
BLZ_FIRST(blz_first_f64, double, uint64_t, blz_key_f64)
BLZ_FIRST(blz_first_i32, int32_t, uint32_t, blz_key_i32)
BLZ_FIRST(blz_first_i64, int64_t, uint64_t, blz_key_i64)
BLZ_FIRST(blz_first_u64, uint64_t, uint64_t, blz_key_u64)
BLZ_FIRST(blz_first_u8, uint8_t, uint32_t, blz_key_u8)

#define BLZ_FIND_FIRST(T, NAME)                                                                   \
  for (int64_t column = begin * inner; column < end * inner; column++) {                          \
    const T *x = (const T *)data + column / inner * count * inner + column % inner;               \
    int64_t *places = out + column / inner * first * inner + column % inner;                      \
    if (inner == 1) NAME(places, x, 1, descending, count, first);                                 \
    else NAME(places, x, inner, descending, count, first);                                        \
  }                                                                                               \
  break;

BLZ_STATIC_KERNEL(
  void, blz_find_first,
  (int64_t *out, const void *data, int32_t dtype, bool descending, int64_t count, int64_t inner,
   int64_t first, int64_t begin, int64_t end),
  (out, data, dtype, descending, count, inner, first, begin, end)) {
  switch (dtype) {
    case BLZ_F32: BLZ_FIND_FIRST(float, blz_first_f32)
    case BLZ_F64: BLZ_FIND_FIRST(double, blz_first_f64)
    case BLZ_I32: BLZ_FIND_FIRST(int32_t, blz_first_i32)
    case BLZ_I64: BLZ_FIND_FIRST(int64_t, blz_first_i64)
    case BLZ_U64: BLZ_FIND_FIRST(uint64_t, blz_first_u64)
    default: BLZ_FIND_FIRST(uint8_t, blz_first_u8)
  }
}

bool blz_argsort(
  int64_t *out, const void *data, int32_t dtype, bool descending, int64_t count, int64_t inner,
  int64_t first, int64_t begin, int64_t end) {
  if (count <= 0 || inner <= 0 || first <= 0 || begin >= end) return true;
  if (first < count && first <= FIRST_LIMIT && (first <= FIRST_FEW || first <= count / 8)) {
    blz_find_first(out, data, dtype, descending, count, inner, first, begin, end);
    return true;
  }
  blz_keyed *x = NULL;
  if ((uint64_t)count <= SIZE_MAX / (2 * sizeof *x)) x = malloc((size_t)count * 2 * sizeof *x);
  if (!x) return false;
  int bytes = (int)blz_dtype_size(dtype);
  // Within as many bytes as the dtype has, so that equal keys stay equal.
  uint64_t flip = descending ? UINT64_MAX >> (64 - 8 * bytes) : 0;
  for (int64_t column = begin * inner; column < end * inner; column++) {
    int64_t from = column / inner * count * inner + column % inner;
    int64_t *places = out + column / inner * first * inner + column % inner;
    for (int64_t c = 0; c < count; c++) {
      x[c].key = blz_key(data, dtype, from + c * inner) ^ flip;
      x[c].place = c;
    }
    blz_keyed *sorted = x;
    if (count <= INSERTION_LIMIT) blz_insertion_sort(x, count);
    else sorted = blz_radix_sort(x, x + count, count, bytes);
    for (int64_t c = 0; c < first; c++) places[c * inner] = sorted[c].place;
  }
  free(x);
  return true;
}
