// Windows that slide over images, searched for their largest element.
#include <math.h>

#include "clones.h"

// The output places along one axis whose input place, for tap k of the window, is in the image.
static BLZ_INLINE void blz_span(
  int64_t *first, int64_t *last, int64_t size, int64_t out, int64_t stride, int64_t start) {
  // start + o * stride in 0 ..< size
  int64_t low = start >= 0 ? 0 : (-start + stride - 1) / stride;
  int64_t high = start >= size ? 0 : (size - start + stride - 1) / stride;
  *first = blz_min64(low, out);
  *last = high < *first ? *first : blz_min64(high, out);
}

// For each output row the best element and its place are kept in row buffers, so that the
// inner loop compares a whole row of windows at one tap. The stride is a constant where it is
// small, for the sake of the vectoriser.
#define BLZ_WIDTH 128

// Rows are short: a loop that takes many elements at a time would leave most to its remainder.
#define BLZ_SHORT_LOOP                                                                            \
  _Pragma("clang loop vectorize(assume_safety) vectorize_width(4) interleave_count(1)")

#define BLZ_COMPARE_ROW(T, STRIDE)                                                                \
  BLZ_LOOP for (int64_t x = first; x < last; x++) {                                               \
    T value = row[x * (STRIDE)];                                                                  \
    bool takes = value > best[x] || value != value || place[x] < 0;                               \
    best[x] = takes ? value : best[x];                                                            \
    place[x] = takes ? at + (int32_t)(x * (STRIDE)) : place[x];                                   \
  }

#define BLZ_EXTREMES(T, name)                                                                     \
  static BLZ_INLINE void name##_any(                                                              \
    T *to, const T *keys, const T *values, bool places, const blz_window *w) {                    \
    int64_t stride = w->stride_w;                                                                 \
    if (places) memset(to, 0, (size_t)(w->in_h * w->in_w) * sizeof(T));                           \
    for (int64_t y = 0; y < w->out_h; y++) {                                                      \
      for (int64_t x0 = 0; x0 < w->out_w; x0 += BLZ_WIDTH) {                                      \
        int64_t width = blz_min64(BLZ_WIDTH, w->out_w - x0);                                      \
        T best[BLZ_WIDTH];                                                                        \
        int32_t place[BLZ_WIDTH];                                                                 \
        for (int64_t x = 0; x < width; x++) place[x] = -1;                                        \
        for (int64_t x = 0; x < width; x++) best[x] = (T)-INFINITY;                               \
        for (int64_t ky = 0; ky < w->k_h; ky++) {                                                 \
          int64_t iy = y * w->stride_h + ky * w->dilation_h - w->pad_h;                           \
          if (iy < 0 || iy >= w->in_h) continue;                                                  \
          for (int64_t kx = 0; kx < w->k_w; kx++) {                                               \
            int64_t first, last, start = x0 * stride + kx * w->dilation_w - w->pad_w;             \
            blz_span(&first, &last, w->in_w, width, stride, start);                               \
            const T *row = keys + iy * w->in_w + start;                                           \
            int32_t at = (int32_t)(iy * w->in_w + start);                                         \
            if (stride == 1) {                                                                    \
              BLZ_COMPARE_ROW(T, 1)                                                               \
            } else if (stride == 2) {                                                             \
              BLZ_COMPARE_ROW(T, 2)                                                               \
            } else {                                                                              \
              BLZ_COMPARE_ROW(T, stride)                                                          \
            }                                                                                     \
          }                                                                                       \
        }                                                                                         \
        if (places) {                                                                             \
          const T *from = values + y * w->out_w + x0;                                             \
          for (int64_t x = 0; x < width; x++)                                                     \
            if (place[x] >= 0) to[place[x]] += from[x];                                           \
        } else if (keys == values) {                                                              \
          memcpy(to + y * w->out_w + x0, best, (size_t)width * sizeof(T));                        \
        } else {                                                                                  \
          for (int64_t x = 0; x < width; x++)                                                     \
            to[y * w->out_w + x0 + x] = place[x] < 0 ? 0 : values[place[x]];                      \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  /* Windows of two by two side by side: no row buffers, and every element is written once. */   \
  static BLZ_INLINE void name##_quads(                                                            \
    T *restrict to, const T *restrict keys, const T *restrict values, bool places,                \
    const blz_window *w) {                                                                        \
    int64_t width = w->out_w, in = w->in_w;                                                       \
    for (int64_t y = 0; y < w->out_h; y++) {                                                      \
      const T *top = keys + 2 * y * in, *low = top + in;                                          \
      if (!places && keys == values) {                                                            \
        T *o = to + y * width;                                                                    \
        BLZ_SHORT_LOOP for (int64_t x = 0; x < width; x++) {                                      \
          T a = top[2 * x], b = top[2 * x + 1], c = low[2 * x], d = low[2 * x + 1];               \
          a = b > a || b != b ? b : a;                                                            \
          a = c > a || c != c ? c : a;                                                            \
          o[x] = d > a || d != d ? d : a;                                                         \
        }                                                                                         \
        continue;                                                                                 \
      }                                                                                           \
      T *ot = to + 2 * y * in, *ol = ot + in;                                                     \
      const T *vt = values + 2 * y * in, *vl = vt + in, *g = values + y * width;                  \
      BLZ_SHORT_LOOP for (int64_t x = 0; x < width; x++) {                                        \
        T a = top[2 * x], b = top[2 * x + 1], c = low[2 * x], d = low[2 * x + 1];                 \
        bool takes_b = (b > a) | (b != b);                                                        \
        a = takes_b ? b : a;                                                                      \
        bool takes_c = (c > a) | (c != c);                                                        \
        a = takes_c ? c : a;                                                                      \
        bool takes_d = (d > a) | (d != d);                                                        \
        takes_c = takes_c & !takes_d;                                                             \
        takes_b = takes_b & !takes_c & !takes_d;                                                  \
        if (places) {                                                                             \
          T v = g[x];                                                                             \
          ot[2 * x] = (takes_b | takes_c | takes_d) ? 0 : v;                                      \
          ot[2 * x + 1] = takes_b ? v : 0;                                                        \
          ol[2 * x] = takes_c ? v : 0;                                                            \
          ol[2 * x + 1] = takes_d ? v : 0;                                                        \
        } else {                                                                                  \
          T v = vt[2 * x];                                                                        \
          v = takes_b ? vt[2 * x + 1] : v;                                                        \
          v = takes_c ? vl[2 * x] : v;                                                            \
          to[y * width + x] = takes_d ? vl[2 * x + 1] : v;                                        \
        }                                                                                         \
      }                                                                                           \
      if (places && in > 2 * width) ot[in - 1] = ol[in - 1] = 0;                                  \
    }                                                                                             \
    if (places && w->in_h > 2 * w->out_h)                                                         \
      memset(to + 2 * w->out_h * in, 0, (size_t)in * sizeof(T));                                  \
  }                                                                                               \
  BLZ_STATIC_KERNEL(                                                                              \
    void, name,                                                                                   \
    (T *to, const T *keys, const T *values, bool places, const blz_window *w, int64_t planes),    \
    (to, keys, values, places, w, planes)) {                                                      \
    int64_t in = w->in_h * w->in_w, out = w->out_h * w->out_w;                                    \
    bool quads = w->k_h == 2 && w->k_w == 2 && w->stride_h == 2 && w->stride_w == 2               \
      && w->pad_h == 0 && w->pad_w == 0 && w->dilation_h == 1 && w->dilation_w == 1               \
      && 2 * w->out_h <= w->in_h && 2 * w->out_w <= w->in_w;                                      \
    for (int64_t plane = 0; plane < planes; plane++) {                                            \
      T *at = to + plane * (places ? in : out);                                                   \
      const T *key = keys + plane * in, *value = values + plane * (places ? out : in);            \
      if (!quads)                                                                                 \
        name##_any(at, key, value, places, w);                                                    \
      else if (places)                                                                            \
        name##_quads(at, key, value, true, w);                                                    \
      else                                                                                        \
        name##_quads(at, key, value, false, w);                                                   \
    }                                                                                             \
  }

BLZ_EXTREMES(float, blz_extremes_f32)
BLZ_EXTREMES(double, blz_extremes_f64)

void blz_window_extremes(
  void *out, const void *keys, const void *values, int32_t dtype, bool places,
  const blz_window *window, int64_t plane_begin, int64_t plane_end) {
  int64_t in = window->in_h * window->in_w, pooled = window->out_h * window->out_w;
  int64_t to = plane_begin * (places ? in : pooled), from = plane_begin * (places ? pooled : in);
  int64_t key = plane_begin * in, planes = plane_end - plane_begin;
  if (dtype == BLZ_F32)
    blz_extremes_f32(
      (float *)out + to, (const float *)keys + key, (const float *)values + from, places, window,
      planes);
  else
    blz_extremes_f64(
      (double *)out + to, (const double *)keys + key, (const double *)values + from, places,
      window, planes);
}
