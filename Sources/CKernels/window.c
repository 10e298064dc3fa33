// Windows that slide over images: unfolded into the columns of a matrix product, folded back,
// walked directly for one channel, and searched for their largest element.
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

// Where windows lie side by side and there are as many as columns, what is under one tap is the
// image itself, moved: rows y0 ..< y1 of the output have it over the image, and there `count`
// elements from `skip` on are at the image's place `from`, but for the columns that have wrapped.
typedef struct {
  int64_t y0, y1, from, skip, count, edge_begin, edge_end;
} blz_moved;

static BLZ_INLINE bool blz_moves(const blz_window *w) {
  return w->stride_h == 1 && w->stride_w == 1 && w->out_w == w->in_w;
}

static BLZ_INLINE blz_moved blz_move(
  const blz_window *w, int64_t ky, int64_t kx, int64_t y_begin, int64_t y_end) {
  int64_t dy = ky * w->dilation_h - w->pad_h, dx = kx * w->dilation_w - w->pad_w;
  int64_t width = w->in_w, reach = blz_min64(dx < 0 ? -dx : dx, width);
  blz_moved m;
  m.y0 = y_begin > -dy ? y_begin : blz_min64(-dy, y_end);
  m.y1 = blz_min64(y_end, w->in_h - dy);
  if (m.y1 < m.y0) m.y1 = m.y0;
  m.skip = dx < 0 ? reach : 0;
  m.from = (m.y0 + dy) * width + (dx < 0 ? 0 : reach);
  m.count = (m.y1 - m.y0) * width - reach;
  if (m.count < 0 || reach == width) m.count = 0;
  m.edge_begin = dx < 0 ? 0 : width - reach;
  m.edge_end = dx < 0 ? reach : width;
  return m;
}

#define BLZ_UNFOLD(T, name)                                                                       \
  BLZ_STATIC_KERNEL(                                                                              \
    void, name,                                                                                   \
    (T *to, const T *image, const blz_window *w, int64_t row_begin, int64_t row_end,              \
     int64_t y_begin, int64_t y_end),                                                             \
    (to, image, w, row_begin, row_end, y_begin, y_end)) {                                         \
    int64_t width = w->out_w;                                                                     \
    for (int64_t row = row_begin; row < row_end; row++) {                                         \
      int64_t c = row / (w->k_h * w->k_w), tap = row % (w->k_h * w->k_w);                         \
      int64_t ky = tap / w->k_w, kx = tap % w->k_w, first, last;                                  \
      int64_t start = kx * w->dilation_w - w->pad_w;                                              \
      if (blz_moves(w)) {                                                                         \
        blz_moved m = blz_move(w, ky, kx, y_begin, y_end);                                        \
        T *top = to + (m.y0 - y_begin) * width;                                                   \
        memset(to, 0, (size_t)((m.y0 - y_begin) * width) * sizeof(T));                            \
        memcpy(                                                                                   \
          top + m.skip, image + c * w->in_h * width + m.from, (size_t)m.count * sizeof(T));       \
        for (int64_t y = m.y0; y < m.y1; y++, top += width)                                       \
          for (int64_t x = m.edge_begin; x < m.edge_end; x++) top[x] = 0;                         \
        memset(top, 0, (size_t)((y_end - m.y1) * width) * sizeof(T));                             \
        to += (y_end - y_begin) * width;                                                          \
        continue;                                                                                 \
      }                                                                                           \
      blz_span(&first, &last, w->in_w, width, w->stride_w, start);                                \
      for (int64_t y = y_begin; y < y_end; y++, to += width) {                                    \
        int64_t iy = y * w->stride_h + ky * w->dilation_h - w->pad_h;                             \
        if (iy < 0 || iy >= w->in_h) {                                                            \
          memset(to, 0, (size_t)width * sizeof(T));                                               \
          continue;                                                                               \
        }                                                                                         \
        const T *from = image + (c * w->in_h + iy) * w->in_w;                                     \
        for (int64_t x = 0; x < first; x++) to[x] = 0;                                            \
        if (w->stride_w == 1) {                                                                   \
          memcpy(to + first, from + first + start, (size_t)(last - first) * sizeof(T));           \
        } else {                                                                                  \
          for (int64_t x = first; x < last; x++) to[x] = from[x * w->stride_w + start];           \
        }                                                                                         \
        for (int64_t x = last; x < width; x++) to[x] = 0;                                         \
      }                                                                                           \
    }                                                                                             \
  }

BLZ_UNFOLD(float, blz_unfold_f32)
BLZ_UNFOLD(double, blz_unfold_f64)

#define BLZ_FOLD(T, name)                                                                         \
  BLZ_STATIC_KERNEL(                                                                              \
    void, name,                                                                                   \
    (T *image, T *from, const blz_window *w, int64_t y_begin, int64_t y_end),                     \
    (image, from, w, y_begin, y_end)) {                                                           \
    int64_t width = w->out_w, rows = w->channels * w->k_h * w->k_w;                               \
    for (int64_t row = 0; row < rows; row++) {                                                    \
      int64_t c = row / (w->k_h * w->k_w), tap = row % (w->k_h * w->k_w);                         \
      int64_t ky = tap / w->k_w, kx = tap % w->k_w, first, last;                                  \
      int64_t start = kx * w->dilation_w - w->pad_w, stride = w->stride_w;                        \
      if (blz_moves(w)) {                                                                         \
        blz_moved m = blz_move(w, ky, kx, y_begin, y_end);                                        \
        T *top = from + (m.y0 - y_begin) * width;                                                 \
        for (int64_t y = 0; y < m.y1 - m.y0; y++)                                                 \
          for (int64_t x = m.edge_begin; x < m.edge_end; x++) top[y * width + x] = 0;             \
        T *to = image + c * w->in_h * width + m.from;                                             \
        top += m.skip;                                                                            \
        BLZ_LOOP for (int64_t i = 0; i < m.count; i++) to[i] += top[i];                           \
        from += (y_end - y_begin) * width;                                                        \
        continue;                                                                                 \
      }                                                                                           \
      blz_span(&first, &last, w->in_w, width, stride, start);                                     \
      for (int64_t y = y_begin; y < y_end; y++, from += width) {                                  \
        int64_t iy = y * w->stride_h + ky * w->dilation_h - w->pad_h;                             \
        if (iy < 0 || iy >= w->in_h) continue;                                                    \
        T *to = image + (c * w->in_h + iy) * w->in_w + start;                                     \
        if (stride == 1) {                                                                        \
          BLZ_LOOP for (int64_t x = first; x < last; x++) to[x] += from[x];                       \
        } else {                                                                                  \
          for (int64_t x = first; x < last; x++) to[x * stride] += from[x];                       \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

BLZ_FOLD(float, blz_fold_f32)
BLZ_FOLD(double, blz_fold_f64)

void blz_unfold(
  void *columns, const void *image, int32_t dtype, const blz_window *window, int64_t row_begin,
  int64_t row_end, int64_t y_begin, int64_t y_end) {
  if (dtype == BLZ_F32)
    blz_unfold_f32(columns, image, window, row_begin, row_end, y_begin, y_end);
  else
    blz_unfold_f64(columns, image, window, row_begin, row_end, y_begin, y_end);
}

void blz_fold(
  void *image, void *columns, int32_t dtype, const blz_window *window, int64_t y_begin,
  int64_t y_end) {
  if (dtype == BLZ_F32)
    blz_fold_f32(image, columns, window, y_begin, y_end);
  else
    blz_fold_f64(image, columns, window, y_begin, y_end);
}

// One channel with one filter: no matrix product, every tap is one pass over the rows.
#define BLZ_PLANE(T, name)                                                                        \
  BLZ_STATIC_KERNEL(                                                                              \
    void, name, (int32_t role, T *image, T *taps, T *out, const blz_window *w),                   \
    (role, image, taps, out, w)) {                                                                \
    int64_t stride = w->stride_w;                                                                 \
    if (role == BLZ_TO_OUTPUT) memset(out, 0, (size_t)(w->out_h * w->out_w) * sizeof(T));         \
    if (role == BLZ_TO_INPUT) memset(image, 0, (size_t)(w->in_h * w->in_w) * sizeof(T));          \
    for (int64_t ky = 0; ky < w->k_h; ky++) {                                                     \
      for (int64_t kx = 0; kx < w->k_w; kx++) {                                                   \
        int64_t first, last, start = kx * w->dilation_w - w->pad_w;                               \
        blz_span(&first, &last, w->in_w, w->out_w, stride, start);                                \
        T tap = taps[ky * w->k_w + kx], sum = 0;                                                  \
        for (int64_t y = 0; y < w->out_h; y++) {                                                  \
          int64_t iy = y * w->stride_h + ky * w->dilation_h - w->pad_h;                           \
          if (iy < 0 || iy >= w->in_h) continue;                                                  \
          T *in = image + iy * w->in_w + start, *o = out + y * w->out_w;                          \
          if (role == BLZ_TO_OUTPUT) {                                                            \
            if (stride == 1) {                                                                    \
              BLZ_LOOP for (int64_t x = first; x < last; x++) o[x] += tap * in[x];                \
            } else {                                                                              \
              for (int64_t x = first; x < last; x++) o[x] += tap * in[x * stride];                \
            }                                                                                     \
          } else if (role == BLZ_TO_INPUT) {                                                      \
            if (stride == 1) {                                                                    \
              BLZ_LOOP for (int64_t x = first; x < last; x++) in[x] += tap * o[x];                \
            } else {                                                                              \
              for (int64_t x = first; x < last; x++) in[x * stride] += tap * o[x];                \
            }                                                                                     \
          } else {                                                                                \
            for (int64_t x = first; x < last; x++) sum += in[x * stride] * o[x];                  \
          }                                                                                       \
        }                                                                                         \
        if (role == BLZ_TO_WEIGHT) taps[ky * w->k_w + kx] += sum;                                 \
      }                                                                                           \
    }                                                                                             \
  }

BLZ_PLANE(float, blz_plane_f32)
BLZ_PLANE(double, blz_plane_f64)

void blz_convolve_plane(
  int32_t role, void *image, void *taps, void *out, int32_t dtype, const blz_window *window) {
  if (dtype == BLZ_F32)
    blz_plane_f32(role, image, taps, out, window);
  else
    blz_plane_f64(role, image, taps, out, window);
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
