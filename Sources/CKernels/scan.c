// Running sums and products, and the places of the largest and smallest, along an axis.
#include "clones.h"

// A is what the sum or product is kept in.
#define BLZ_SCAN(T, A, START, OP)                                                                 \
  for (int64_t o = begin; o < end; o++) {                                                         \
    const T *from = (const T *)data + o * count * inner;                                          \
    T *to = (T *)out + o * count * inner;                                                         \
    if (inner == 1) {                                                                             \
      A state = START;                                                                            \
      for (int64_t c = 0; c < count; c++) {                                                       \
        state = (A)(state OP (A)from[c]);                                                         \
        to[c] = (T)state;                                                                         \
      }                                                                                           \
      continue;                                                                                   \
    }                                                                                             \
    for (int64_t i0 = 0; i0 < inner; i0 += 64) {                                                  \
      int64_t width = blz_min64(64, inner - i0);                                                  \
      A state[64];                                                                                \
      for (int64_t i = 0; i < width; i++) state[i] = START;                                       \
      for (int64_t c = 0; c < count; c++) {                                                       \
        const T *p = from + c * inner + i0;                                                       \
        T *q = to + c * inner + i0;                                                               \
        BLZ_LOOP for (int64_t i = 0; i < width; i++) {                                            \
          state[i] = (A)(state[i] OP (A)p[i]);                                                    \
          q[i] = (T)state[i];                                                                     \
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

typedef double blz_state __attribute__((ext_vector_type(8)));
typedef float blz_numbers __attribute__((ext_vector_type(8), aligned(4)));

// Running sums (or products) of float32 in one row, eight at a time: three rounds in which each
// takes in the one 1, 2 and 4 places before, and the last of the eight before them.
#define BLZ_SHIFTED(X, REST, ...) __builtin_shufflevector(REST, X, __VA_ARGS__)
#define BLZ_SCAN_ROW(NAME, START, OP)                                                             \
  static BLZ_INLINE void NAME(float *to, const float *from, int64_t n) {                          \
    const blz_state neutral = START;                                                              \
    blz_state before = neutral;                                                                   \
    int64_t c = 0;                                                                                \
    for (; c + 8 <= n; c += 8) {                                                                  \
      blz_state x = __builtin_convertvector(*(const blz_numbers *)(from + c), blz_state);         \
      x = x OP BLZ_SHIFTED(x, neutral, 0, 8, 9, 10, 11, 12, 13, 14);                              \
      x = x OP BLZ_SHIFTED(x, neutral, 0, 1, 8, 9, 10, 11, 12, 13);                               \
      x = x OP BLZ_SHIFTED(x, neutral, 0, 1, 2, 3, 8, 9, 10, 11);                                 \
      x = before OP x;                                                                            \
      before = __builtin_shufflevector(x, x, 7, 7, 7, 7, 7, 7, 7, 7);                             \
      *(blz_numbers *)(to + c) = __builtin_convertvector(x, blz_numbers);                         \
    }                                                                                             \
    double state = before[0];                                                                     \
    for (; c < n; c++) {                                                                          \
      state = state OP from[c];                                                                   \
      to[c] = (float)state;                                                                       \
    }                                                                                             \
  }
BLZ_SCAN_ROW(blz_running_sums, 0, +)
BLZ_SCAN_ROW(blz_running_products, 1, *)

BLZ_STATIC_KERNEL(
  void, blz_scan_rows,
  (int32_t kind, float *to, const float *from, int64_t count, int64_t begin, int64_t end),
  (kind, to, from, count, begin, end)) {
  for (int64_t o = begin; o < end; o++) {
    if (kind == BLZ_REDUCE_PROD) blz_running_products(to + o * count, from + o * count, count);
    else blz_running_sums(to + o * count, from + o * count, count);
  }
}

BLZ_STATIC_KERNEL(
  void, blz_scan_range,
  (int32_t kind, void *out, const void *data, int32_t dtype, int64_t count, int64_t inner,
   int64_t begin, int64_t end),
  (kind, out, data, dtype, count, inner, begin, end)) {
  switch (dtype) {
    case BLZ_F32: BLZ_SCANS(float, double)
    case BLZ_F64: BLZ_SCANS(double, double)
    case BLZ_I32: BLZ_SCANS(int32_t, uint32_t)
    case BLZ_I64: BLZ_SCANS(int64_t, uint64_t)
    case BLZ_U64: BLZ_SCANS(uint64_t, uint64_t)
    case BLZ_U8: BLZ_SCANS(uint8_t, uint8_t)
  }
}

void blz_scan(
  int32_t kind, void *out, const void *data, int32_t dtype, int64_t count, int64_t inner,
  int64_t begin, int64_t end) {
  if (dtype == BLZ_F32 && inner == 1) blz_scan_rows(kind, out, data, count, begin, end);
  else blz_scan_range(kind, out, data, dtype, count, inner, begin, end);
}

// Whether x comes before the best so far; NaN before all, and nothing before NaN.
#define BLZ_BEATS(X, BEST)                                                                        \
  ((BEST) == (BEST) && ((X) != (X) || (largest ? (X) > (BEST) : (X) < (BEST))))

// The place in one row: the best first, then where it stands. LANES at a time, so that one
// comparison need not wait for the other.
#define BLZ_ARG_ROW(NAME, T)                                                                      \
  static BLZ_INLINE int64_t NAME(const T *x, bool largest, int64_t n) {                           \
    enum { LANES = 128 / sizeof(T) };                                                             \
    T best[LANES], found = x[0];                                                                  \
    int64_t c = 0, nan = 0;                                                                       \
    if (n >= LANES) {                                                                             \
      T unlike[LANES];                                                                            \
      for (int j = 0; j < LANES; j++) best[j] = unlike[j] = x[j];                                 \
      for (c = 0; c + LANES <= n; c += LANES) {                                                   \
        const T *p = x + c;                                                                       \
        BLZ_LOOP for (int j = 0; j < LANES; j++) {                                                \
          T u = p[j];                                                                             \
          best[j] = (largest ? u > best[j] : u < best[j]) ? u : best[j];                          \
          unlike[j] = u != u ? u : unlike[j];                                                     \
        }                                                                                         \
      }                                                                                           \
      for (int j = 0; j < LANES; j++) {                                                           \
        nan |= unlike[j] != unlike[j];                                                            \
        found = BLZ_BEATS(best[j], found) ? best[j] : found;                                      \
      }                                                                                           \
    }                                                                                             \
    for (; c < n; c++) {                                                                          \
      nan |= x[c] != x[c];                                                                        \
      found = (largest ? x[c] > found : x[c] < found) ? x[c] : found;                             \
    }                                                                                             \
    c = 0;                                                                                        \
    if (nan) {                                                                                    \
      while (x[c] == x[c]) c++;                                                                   \
      return c;                                                                                   \
    }                                                                                             \
    for (;; c += LANES) {                                                                         \
      int hit = 0;                                                                                \
      if (c + LANES > n) break;                                                                   \
      BLZ_LOOP for (int j = 0; j < LANES; j++) hit |= x[c + j] == found;                          \
      if (hit) break;                                                                             \
    }                                                                                             \
    while (x[c] != found) c++;                                                                    \
    return c;                                                                                     \
  }
BLZ_ARG_ROW(blz_arg_f32, float)
BLZ_ARG_ROW(blz_arg_f64, double)
BLZ_ARG_ROW(blz_arg_i32, int32_t)
BLZ_ARG_ROW(blz_arg_i64, int64_t)
BLZ_ARG_ROW(blz_arg_u64, uint64_t)
BLZ_ARG_ROW(blz_arg_u8, uint8_t)

#define BLZ_ARG(T, ROW)                                                                           \
  {                                                                                               \
    for (int64_t o = begin; o < end; o++) {                                                       \
      const T *from = (const T *)data + o * count * inner;                                        \
      if (inner == 1) {                                                                           \
        out[o] = largest ? ROW(from, true, count) : ROW(from, false, count);                      \
        continue;                                                                                 \
      }                                                                                           \
      for (int64_t i0 = 0; i0 < inner; i0 += 64) {                                                \
        int64_t width = blz_min64(64, inner - i0), *places = out + o * inner + i0;                \
        T best[64];                                                                               \
        for (int64_t i = 0; i < width; i++) {                                                     \
          best[i] = from[i0 + i];                                                                 \
          places[i] = 0;                                                                          \
        }                                                                                         \
        for (int64_t c = 1; c < count; c++) {                                                     \
          const T *p = from + c * inner + i0;                                                     \
          BLZ_LOOP for (int64_t i = 0; i < width; i++) {                                          \
            T x = p[i], b = best[i];                                                              \
            int beats = (b == b) & ((x != x) | (largest ? x > b : x < b));                        \
            best[i] = beats ? x : b;                                                              \
            places[i] = beats ? c : places[i];                                                    \
          }                                                                                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
    break;                                                                                        \
  }

BLZ_KERNEL(
  void, blz_arg_extreme,
  (int64_t *out, const void *data, int32_t dtype, bool largest, int64_t count, int64_t inner,
   int64_t begin, int64_t end),
  (out, data, dtype, largest, count, inner, begin, end)) {
  if (count <= 0) return;
  switch (dtype) {
    case BLZ_F32: BLZ_ARG(float, blz_arg_f32)
    case BLZ_F64: BLZ_ARG(double, blz_arg_f64)
    case BLZ_I32: BLZ_ARG(int32_t, blz_arg_i32)
    case BLZ_I64: BLZ_ARG(int64_t, blz_arg_i64)
    case BLZ_U64: BLZ_ARG(uint64_t, blz_arg_u64)
    default: BLZ_ARG(uint8_t, blz_arg_u8)
  }
}
