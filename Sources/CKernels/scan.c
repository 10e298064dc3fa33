// Running sums, and the places of the largest and smallest, along an axis.
#include "clones.h"

// A is what the sum is kept in.
#define BLZ_CUMSUM(T, A)                                                                          \
  {                                                                                               \
    for (int64_t o = begin; o < end; o++) {                                                       \
      const T *from = (const T *)data + o * count * inner;                                        \
      T *to = (T *)out + o * count * inner;                                                       \
      for (int64_t i0 = 0; i0 < inner; i0 += 64) {                                                \
        int64_t width = blz_min64(64, inner - i0);                                                \
        A sums[64] = {0};                                                                         \
        for (int64_t c = 0; c < count; c++) {                                                     \
          for (int64_t i = 0; i < width; i++) {                                                   \
            sums[i] += (A)from[c * inner + i0 + i];                                               \
            to[c * inner + i0 + i] = (T)sums[i];                                                  \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    break;                                                                                        \
  }

void blz_cumsum(
  void *out, const void *data, int32_t dtype, int64_t count, int64_t inner, int64_t begin,
  int64_t end) {
  switch (dtype) {
    case BLZ_F32: BLZ_CUMSUM(float, double)
    case BLZ_F64: BLZ_CUMSUM(double, double)
    case BLZ_I32: BLZ_CUMSUM(int32_t, uint32_t)
    case BLZ_I64: BLZ_CUMSUM(int64_t, uint64_t)
    case BLZ_U8: BLZ_CUMSUM(uint8_t, uint8_t)
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
