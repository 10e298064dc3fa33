// Running sums and products, and the places of the largest and smallest, along an axis.
#include "clones.h"

// A is what the sum or product is kept in.
#define BLZ_SCAN(T, A, START, OP)                                                                 \
  for (int64_t o = begin; o < end; o++) {                                                         \
    const T *from = (const T *)data + o * count * inner;                                          \
    T *to = (T *)out + o * count * inner;                                                         \
    for (int64_t i0 = 0; i0 < inner; i0 += 64) {                                                  \
      int64_t width = blz_min64(64, inner - i0);                                                  \
      A state[64];                                                                                \
      for (int64_t i = 0; i < width; i++) state[i] = START;                                       \
      for (int64_t c = 0; c < count; c++) {                                                       \
        for (int64_t i = 0; i < width; i++) {                                                     \
          state[i] = (A)(state[i] OP (A)from[c * inner + i0 + i]);                                \
          to[c * inner + i0 + i] = (T)state[i];                                                   \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }
#define BLZ_SCANS(T, A)                                                                           \
  {                                                                                               \
    if (kind == BLZ_REDUCE_PROD) {                                                                \
      BLZ_SCAN(T, A, 1, *)                                                                        \
    } else {                                                                                      \
      BLZ_SCAN(T, A, 0, +)                                                                        \
    }                                                                                             \
    break;                                                                                        \
  }

void blz_scan(
  int32_t kind, void *out, const void *data, int32_t dtype, int64_t count, int64_t inner,
  int64_t begin, int64_t end) {
  switch (dtype) {
    case BLZ_F32: BLZ_SCANS(float, double)
    case BLZ_F64: BLZ_SCANS(double, double)
    case BLZ_I32: BLZ_SCANS(int32_t, uint32_t)
    case BLZ_I64: BLZ_SCANS(int64_t, uint64_t)
    case BLZ_U8: BLZ_SCANS(uint8_t, uint8_t)
  }
}

// Whether x comes before the best so far; NaN before all, and nothing before NaN.
#define BLZ_BEATS(X, BEST)                                                                        \
  ((BEST) == (BEST) && ((X) != (X) || (largest ? (X) > (BEST) : (X) < (BEST))))

#define BLZ_ARG(T)                                                                                \
  {                                                                                               \
    for (int64_t o = begin; o < end; o++) {                                                       \
      const T *from = (const T *)data + o * count * inner;                                        \
      for (int64_t i0 = 0; i0 < inner; i0 += 64) {                                                \
        int64_t width = blz_min64(64, inner - i0), *places = out + o * inner + i0;                \
        T best[64];                                                                               \
        for (int64_t i = 0; i < width; i++) {                                                     \
          best[i] = from[i0 + i];                                                                 \
          places[i] = 0;                                                                          \
        }                                                                                         \
        for (int64_t c = 1; c < count; c++) {                                                     \
          for (int64_t i = 0; i < width; i++) {                                                   \
            T x = from[c * inner + i0 + i];                                                       \
            if (BLZ_BEATS(x, best[i])) {                                                          \
              best[i] = x;                                                                        \
              places[i] = c;                                                                      \
            }                                                                                     \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    break;                                                                                        \
  }

void blz_arg_extreme(
  int64_t *out, const void *data, int32_t dtype, bool largest, int64_t count, int64_t inner,
  int64_t begin, int64_t end) {
  if (count <= 0) return;
  switch (dtype) {
    case BLZ_F32: BLZ_ARG(float)
    case BLZ_F64: BLZ_ARG(double)
    case BLZ_I32: BLZ_ARG(int32_t)
    case BLZ_I64: BLZ_ARG(int64_t)
    default: BLZ_ARG(uint8_t)
  }
}
