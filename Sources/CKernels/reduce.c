#include "reduce.h"

#include <math.h>

#define BLZ_PASTE2(a, b) blz_##a##_##b
#define BLZ_PASTE(a, b) BLZ_PASTE2(a, b)

#define NAMED(x) BLZ_PASTE(f32, x)
#define T float
#define A double
#define AU double
#define FIELD f
#include "reduce.inc"

#define NAMED(x) BLZ_PASTE(f64, x)
#define T double
#define A double
#define AU double
#define FIELD f
#include "reduce.inc"

#define NAMED(x) BLZ_PASTE(i32, x)
#define T int32_t
#define A int64_t
#define AU uint64_t
#define FIELD i
#include "reduce.inc"

#define NAMED(x) BLZ_PASTE(i64, x)
#define T int64_t
#define A int64_t
#define AU uint64_t
#define FIELD i
#include "reduce.inc"

#define NAMED(x) BLZ_PASTE(u64, x)
#define T uint64_t
#define A uint64_t
#define AU uint64_t
#define FIELD u
#include "reduce.inc"

#define NAMED(x) BLZ_PASTE(u8, x)
#define T uint8_t
#define A int64_t
#define AU uint64_t
#define FIELD i
#include "reduce.inc"

void blz_reduce_rows(
  int kind, int dtype, const void *src, int64_t rows, int64_t width, blz_scalar *values) {
  switch (dtype) {
    case BLZ_F32: blz_f32_reduce_rows(kind, src, rows, width, values); break;
    case BLZ_F64: blz_f64_reduce_rows(kind, src, rows, width, values); break;
    case BLZ_I32: blz_i32_reduce_rows(kind, src, rows, width, values); break;
    case BLZ_I64: blz_i64_reduce_rows(kind, src, rows, width, values); break;
    case BLZ_U64: blz_u64_reduce_rows(kind, src, rows, width, values); break;
    default: blz_u8_reduce_rows(kind, src, rows, width, values); break;
  }
}

void blz_reduce_columns(
  int kind, int dtype, const void *src, int64_t rows, int64_t width, int64_t stride,
  blz_scalar *values) {
  switch (dtype) {
    case BLZ_F32: blz_f32_reduce_columns(kind, src, rows, width, stride, values); break;
    case BLZ_F64: blz_f64_reduce_columns(kind, src, rows, width, stride, values); break;
    case BLZ_I32: blz_i32_reduce_columns(kind, src, rows, width, stride, values); break;
    case BLZ_I64: blz_i64_reduce_columns(kind, src, rows, width, stride, values); break;
    case BLZ_U64: blz_u64_reduce_columns(kind, src, rows, width, stride, values); break;
    default: blz_u8_reduce_columns(kind, src, rows, width, stride, values); break;
  }
}

void blz_reduce_begin(int32_t kind, int32_t dtype, blz_scalar *partial, int64_t n) {
  static const double floats[] = {0, 0, 1, -INFINITY, INFINITY, 0};
  static const uint64_t unsigned_ints[] = {0, 0, 1, 0, UINT64_MAX, 0};
  static const int64_t ints[] = {0, 0, 1, INT64_MIN, INT64_MAX, 0};
  bool is_float = dtype == BLZ_F32 || dtype == BLZ_F64;
  for (int64_t j = 0; j < n; j++) {
    if (is_float) partial[j].f = floats[kind];
    else if (dtype == BLZ_U64) partial[j].u = unsigned_ints[kind];
    else partial[j].i = ints[kind];
  }
}

void blz_reduce_combine(
  int32_t kind, int32_t dtype, blz_scalar *into, const blz_scalar *from, int64_t n) {
  bool is_float = dtype == BLZ_F32 || dtype == BLZ_F64;
  for (int64_t j = 0; j < n; j++) {
    if (is_float) into[j].f = blz_f64_fold(kind, into[j].f, from[j].f);
    else if (dtype == BLZ_U64) into[j].u = blz_u64_fold(kind, into[j].u, from[j].u);
    else into[j].i = blz_i64_fold(kind, into[j].i, from[j].i);
  }
}

void blz_reduce_end(
  int32_t kind, int32_t dtype, const blz_scalar *partial, void *reduced, int64_t n) {
  bool is_norm = kind == BLZ_REDUCE_NORM;
  for (int64_t j = 0; j < n; j++) {
    double f = is_norm ? sqrt(partial[j].f) : partial[j].f;
    switch (dtype) {
      case BLZ_F32: ((float *)reduced)[j] = (float)f; break;
      case BLZ_F64: ((double *)reduced)[j] = f; break;
      case BLZ_I32: ((int32_t *)reduced)[j] = (int32_t)partial[j].i; break;
      case BLZ_I64:
      case BLZ_U64: ((int64_t *)reduced)[j] = partial[j].i; break;
      default: ((uint8_t *)reduced)[j] = (uint8_t)partial[j].i; break;
    }
  }
}
