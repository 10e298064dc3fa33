// Means and squared distances from them, in one pass over float32.
//
// Numbers are taken by their distance from the first of them, in double: the squares of the
// distances then lose at most as many digits as there are numbers, of the 29 bits that double has
// to spare.
#include <math.h>

#include "clones.h"

enum { COLUMNS = 512 };

typedef double blz_doubles __attribute__((ext_vector_type(16)));
typedef float blz_floats __attribute__((ext_vector_type(16), aligned(4)));

// From the sums of n distances from `from`, and of their squares.
static BLZ_INLINE blz_moment blz_moment_of(double from, double sum, double squares, double n) {
  double rest = squares - sum * sum / n;
  blz_moment moment = {from + sum / n, rest < 0 ? 0 : rest};
  return moment;
}

// Where distances are taken from: a distance from infinity would be NaN.
static BLZ_INLINE double blz_start(bool centered, float first) {
  return centered && isfinite(first) ? first : 0;
}

// By address: how wide vectors are passed depends on the instruction set.
static BLZ_INLINE double blz_lanes_sum(const blz_doubles *v) {
  double lanes[16];
  for (int j = 0; j < 16; j++) lanes[j] = (*v)[j];
  for (int half = 8; half > 0; half /= 2)
    for (int j = 0; j < half; j++) lanes[j] += lanes[j + half];
  return lanes[0];
}

static BLZ_INLINE blz_moment blz_row_moment(const float *x, bool centered, int64_t n) {
  double from = blz_start(centered, x[0]);
  // As many lanes as 16 registers have room for.
  blz_doubles sums = 0, all_squares = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    blz_doubles d = __builtin_convertvector(*(const blz_floats *)(x + i), blz_doubles) - from;
    sums += d;
    all_squares += d * d;
  }
  double sum = 0, squares = 0;
  if (i > 0) {
    sum = blz_lanes_sum(&sums);
    squares = blz_lanes_sum(&all_squares);
  }
  for (; i < n; i++) {
    double d = x[i] - from;
    sum += d;
    squares += d * d;
  }
  blz_moment plain = {0, squares};
  return centered ? blz_moment_of(from, sum, squares, (double)n) : plain;
}

// At most COLUMNS columns, four rows at a time.
static BLZ_INLINE void blz_column_moments(
  blz_moment *out, const float *x, bool centered, int64_t count, int64_t stride, int64_t width) {
  double from[COLUMNS], sum[COLUMNS], squares[COLUMNS];
  for (int64_t j = 0; j < width; j++) {
    from[j] = blz_start(centered, x[j]);
    sum[j] = squares[j] = 0;
  }
  int64_t c = 0;
  for (; c + 4 <= count; c += 4) {
    const float *p = x + c * stride, *q = p + stride, *r = q + stride, *s = r + stride;
    BLZ_LOOP for (int64_t j = 0; j < width; j++) {
      double f = from[j], p_j = p[j] - f, q_j = q[j] - f, r_j = r[j] - f, s_j = s[j] - f;
      sum[j] += (p_j + q_j) + (r_j + s_j);
      squares[j] += (p_j * p_j + q_j * q_j) + (r_j * r_j + s_j * s_j);
    }
  }
  for (; c < count; c++) {
    const float *p = x + c * stride;
    BLZ_LOOP for (int64_t j = 0; j < width; j++) {
      double d = p[j] - from[j];
      sum[j] += d;
      squares[j] += d * d;
    }
  }
  for (int64_t j = 0; j < width; j++) {
    blz_moment plain = {0, squares[j]};
    out[j] = centered ? blz_moment_of(from[j], sum[j], squares[j], (double)count) : plain;
  }
}

static BLZ_INLINE void blz_row_moments(
  blz_moment *out, const float *data, bool centered, int64_t count, int64_t inner,
  int64_t inner_begin, int64_t inner_end) {
  if (count == 0) {
    for (int64_t i = inner_begin; i < inner_end; i++) {
      blz_moment none = {NAN, 0};
      *out++ = none;
    }
  } else if (inner == 1) {
    *out = blz_row_moment(data, centered, count);
  } else {
    for (int64_t i = inner_begin; i < inner_end; i += COLUMNS) {
      int64_t width = blz_min64(COLUMNS, inner_end - i);
      blz_column_moments(out + (i - inner_begin), data + i, centered, count, inner, width);
    }
  }
}

static BLZ_INLINE void blz_finish_moments(
  int32_t kind, double parameter, const blz_moment *moments, int64_t n, int64_t count, float *out,
  int64_t plane) {
  for (int64_t i = 0; i < n; i++) {
    double mean = moments[i].mean, squares = moments[i].squares;
    switch (kind) {
      case BLZ_MOMENTS_VARIANCE: out[i] = (float)(squares / parameter); break;
      case BLZ_MOMENTS_DEVIATION: out[i] = (float)sqrt(squares / parameter); break;
      case BLZ_MOMENTS_ROOT: out[i] = (float)(1 / sqrt(squares / (double)count + parameter)); break;
      default: {
        double scale = 1 / sqrt(squares / (double)count + parameter);
        float rounded = (float)mean;
        out[i] = rounded;
        out[plane + i] = (float)scale;
        out[2 * plane + i] = (float)((rounded - mean) * scale);
        out[3 * plane + i] = (float)sqrt(squares / (double)count);
      }
    }
  }
}

static BLZ_INLINE bool blz_is_centered(int32_t kind) { return kind != BLZ_MOMENTS_ROOT; }

BLZ_KERNEL(
  void, blz_moments,
  (int32_t kind, double parameter, float *out, int64_t plane, const float *data, int64_t count,
   int64_t inner, int64_t begin, int64_t end, int64_t inner_begin, int64_t inner_end),
  (kind, parameter, out, plane, data, count, inner, begin, end, inner_begin, inner_end)) {
  blz_moment moments[COLUMNS];
  for (int64_t o = begin; o < end; o++) {
    for (int64_t i = inner_begin; i < inner_end; i += COLUMNS) {
      int64_t i_end = blz_min64(i + COLUMNS, inner_end);
      blz_row_moments(
        moments, data + o * count * inner, blz_is_centered(kind), count, inner, i, i_end);
      blz_finish_moments(kind, parameter, moments, i_end - i, count, out + o * inner + i, plane);
    }
  }
}

BLZ_KERNEL(
  void, blz_moments_part,
  (int32_t kind, blz_moment *out, const float *data, int64_t count, int64_t inner),
  (kind, out, data, count, inner)) {
  blz_row_moments(out, data, blz_is_centered(kind), count, inner, 0, inner);
}

BLZ_KERNEL(
  void, blz_moments_apart,
  (int32_t kind, double parameter, float *out, int64_t plane, const float *data, int64_t batches,
   int64_t count, int64_t outer, int64_t begin, int64_t end),
  (kind, parameter, out, plane, data, batches, count, outer, begin, end)) {
  for (int64_t o = begin; o < end; o++) {
    blz_moment all = {NAN, 0};
    for (int64_t b = 0; b < batches; b++) {
      const float *row = data + (b * outer + o) * count;
      blz_moment part;
      blz_row_moments(&part, row, blz_is_centered(kind), count, 1, 0, 1);
      if (b == 0) all = part;
      else blz_moments_combine(&all, b * count, &part, count, 1);
    }
    blz_finish_moments(kind, parameter, &all, 1, batches * count, out + o, plane);
  }
}

void blz_moments_combine(
  blz_moment *into, int64_t into_count, const blz_moment *from, int64_t from_count, int64_t n) {
  double a = (double)into_count, b = (double)from_count;
  for (int64_t i = 0; i < n; i++) {
    double apart = from[i].mean - into[i].mean;
    into[i].mean += apart * (b / (a + b));
    into[i].squares += from[i].squares + apart * apart * (a * b / (a + b));
  }
}

void blz_moments_end(
  int32_t kind, double parameter, const blz_moment *moments, int64_t n, int64_t count, float *out,
  int64_t plane) {
  blz_finish_moments(kind, parameter, moments, n, count, out, plane);
}
