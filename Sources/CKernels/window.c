// Windows that slide over images, searched for their largest element.
#include <math.h>

#include "convolution.h"

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
// Columns of an image whose largest elements are searched for first.
#define BLZ_COLUMN 1024

#define BLZ_COMPARE_ROW(T, STRIDE)                                                                \
  BLZ_LOOP for (int64_t x = first; x < last; x++) {                                               \
    T value = row[x * (STRIDE)];                                                                  \
    bool takes = value > best[x] || value != value || place[x] < 0;                               \
    best[x] = takes ? value : best[x];                                                            \
    place[x] = takes ? at + (int32_t)(x * (STRIDE)) : place[x];                                   \
  }

// The same where places do not matter: the largest of each column first, in `column`, then of
// these. NaN stays.
#define BLZ_LARGER(T, best, value)                                                                \
  {                                                                                               \
    T number = value;                                                                             \
    best = number > best || number != number ? number : best;                                     \
  }

#define BLZ_LARGEST(T, name)                                                                      \
  static BLZ_INLINE void name##_row(                                                              \
    T *to, const T *column, const blz_window *w, const int64_t stride) {                          \
    for (int64_t x = 0; x < w->out_w; x++) to[x] = (T)-INFINITY;                                  \
    for (int64_t kx = 0; kx < w->k_w; kx++) {                                                     \
      int64_t first, last, start = kx * w->dilation_w - w->pad_w;                                 \
      blz_span(&first, &last, w->in_w, w->out_w, stride, start);                                  \
      BLZ_LOOP for (int64_t x = first; x < last; x++)                                             \
        BLZ_LARGER(T, to[x], column[x * stride + start])                                          \
    }                                                                                             \
  }                                                                                               \
  static BLZ_INLINE void name##_largest(T *to, const T *keys, T *column, const blz_window *w) {   \
    for (int64_t y = 0; y < w->out_h; y++, to += w->out_w) {                                      \
      bool is_first = true;                                                                       \
      for (int64_t ky = 0; ky < w->k_h; ky++) {                                                   \
        int64_t iy = y * w->stride_h + ky * w->dilation_h - w->pad_h;                             \
        if (iy < 0 || iy >= w->in_h) continue;                                                    \
        const T *row = keys + iy * w->in_w;                                                       \
        if (is_first) memcpy(column, row, (size_t)w->in_w * sizeof(T));                           \
        BLZ_LOOP for (int64_t x = 0; x < (is_first ? 0 : w->in_w); x++)                           \
          BLZ_LARGER(T, column[x], row[x])                                                        \
        is_first = false;                                                                         \
      }                                                                                           \
      if (w->stride_w == 1) name##_row(to, column, w, 1);                                         \
      else if (w->stride_w == 2) name##_row(to, column, w, 2);                                    \
      else name##_row(to, column, w, w->stride_w);                                                \
    }                                                                                             \
  }

#define BLZ_EXTREMES(T, name)                                                                     \
  BLZ_LARGEST(T, name)                                                                            \
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
  BLZ_STATIC_KERNEL(                                                                              \
    void, name,                                                                                   \
    (T *to, const blz_maxima *q, int64_t plane_begin, int64_t plane_end),                         \
    (to, q, plane_begin, plane_end)) {                                                            \
    const blz_window *w = &q->window;                                                             \
    int64_t in = w->in_h * w->in_w, out = w->out_h * w->out_w;                                    \
    bool quads = w->k_h == 2 && w->k_w == 2 && w->stride_h == 2 && w->stride_w == 2               \
      && w->pad_h == 0 && w->pad_w == 0 && w->dilation_h == 1 && w->dilation_w == 1               \
      && 2 * w->out_h <= w->in_h && 2 * w->out_w <= w->in_w                                       \
      && (q->places || q->keys == q->values);                                                     \
    /* Each window is over some element, and its largest is asked for. */                         \
    T column[BLZ_COLUMN];                                                                         \
    bool is_simple = !q->places && q->keys == q->values && w->in_w <= BLZ_COLUMN                  \
      && w->pad_h < w->k_h && w->pad_w < w->k_w && w->dilation_h == 1 && w->dilation_w == 1       \
      && (w->out_h - 1) * w->stride_h - w->pad_h < w->in_h                                        \
      && (w->out_w - 1) * w->stride_w - w->pad_w < w->in_w;                                       \
    T masked = (T)q->masked_value;                                                                \
    for (int64_t plane = plane_begin; plane < plane_end; plane++) {                               \
      T *at = to + plane * (q->places ? in : out);                                                \
      const T *key = (const T *)q->keys + plane * in;                                             \
      const T *value = (const T *)q->values + plane * (q->places ? out : in);                     \
      if (quads) blz_convolutions_of(q->dtype, blz_isa())->pool(at, key, value, q->places, w);    \
      else if (is_simple) name##_largest(at, key, column, w);                                     \
      else name##_any(at, key, value, q->places, w);                                              \
      const uint8_t *mask = q->mask ? q->mask + plane * in : 0;                                   \
      BLZ_LOOP for (int64_t i = 0; i < (mask ? in : 0); i++) at[i] = mask[i] ? masked : at[i];    \
    }                                                                                             \
  }

BLZ_EXTREMES(float, blz_extremes_f32)
BLZ_EXTREMES(double, blz_extremes_f64)

void blz_window_maxima(const blz_maxima *q, int64_t plane_begin, int64_t plane_end) {
  if (q->dtype == BLZ_F32) blz_extremes_f32(q->result, q, plane_begin, plane_end);
  else blz_extremes_f64(q->result, q, plane_begin, plane_end);
}
