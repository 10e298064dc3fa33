// Casts.
#include <math.h>

#include "halves.h"

size_t blz_dtype_size(int32_t dtype) {
  static const uint8_t sizes[BLZ_DTYPE_COUNT] = {4, 8, 4, 8, 1, 1, 2, 2, 1, 2, 2, 4, 8};
  return dtype >= 0 && dtype < BLZ_DTYPE_COUNT ? sizes[dtype] : 0;
}

// To float, rounding to odd: a second rounding to fewer bits then gives what one would have.
static BLZ_INLINE float blz_odd_f64(double x) {
  float f = (float)x;
  double back = f;
  uint32_t bits = blz_bits(f);
  // Toward zero first, then the last bit says whether anything was cut off.
  uint32_t toward_zero = bits - (__builtin_fabs(back) > __builtin_fabs(x));
  return x != x || back == x ? f : blz_float(toward_zero | 1u);
}

static BLZ_INLINE float blz_odd_i64(int64_t x) {
  // Beyond 52 bits, the low 12 become one bit that says whether any was set: exact in double.
  int64_t short_x = (x & ~INT64_C(0xfff)) | ((x & 0xfff) ? 0x800 : 0);
  int is_long = x > (INT64_C(1) << 52) || x < -(INT64_C(1) << 52);
  return blz_odd_f64((double)(is_long ? short_x : x));
}

static BLZ_INLINE float blz_odd_u64(uint64_t x) {
  return x >> 63 ? 2 * blz_odd_i64((int64_t)((x >> 1) | (x & 1))) : blz_odd_i64((int64_t)x);
}

// Truncates and saturates; NaN gives 0. The limits are doubles, exact for every type.
#define BLZ_SATURATE(NAME, F, R, LOW, HIGH, BELOW, ABOVE)                                         \
  static BLZ_INLINE R NAME(F x) {                                                                 \
    F inside = ((x > (F)(BELOW)) & (x < (F)(ABOVE))) ? x : (F)0;                                  \
    R y = (R)inside;                                                                              \
    y = x >= (F)(ABOVE) ? (HIGH) : y;                                                             \
    return x <= (F)(BELOW) ? (LOW) : y;                                                           \
  }
BLZ_SATURATE(blz_f32_i32, float, int32_t, INT32_MIN, INT32_MAX, -0x1p31, 0x1p31)
BLZ_SATURATE(blz_f32_i64, float, int64_t, INT64_MIN, INT64_MAX, -0x1p63, 0x1p63)
BLZ_SATURATE(blz_f32_u8, float, uint8_t, 0, 255, -1.0, 256.0)
BLZ_SATURATE(blz_f64_i32, double, int32_t, INT32_MIN, INT32_MAX, -2147483649.0, 0x1p31)
BLZ_SATURATE(blz_f64_i64, double, int64_t, INT64_MIN, INT64_MAX, -0x1p63, 0x1p63)
BLZ_SATURATE(blz_f64_u8, double, uint8_t, 0, 255, -1.0, 256.0)
// The smaller ones by way of one that holds them.
#define BLZ_SATURATE_SMALL(F, f, i32, i64)                                                        \
  static BLZ_INLINE int8_t blz_##f##_i8(F x) { return BLZ_CLAMP(i32(x), INT8_MIN, INT8_MAX); }     \
  static BLZ_INLINE int16_t blz_##f##_i16(F x) { return BLZ_CLAMP(i32(x), INT16_MIN, INT16_MAX); } \
  static BLZ_INLINE uint16_t blz_##f##_u16(F x) { return BLZ_CLAMP(i32(x), 0, UINT16_MAX); }       \
  static BLZ_INLINE uint32_t blz_##f##_u32(F x) { return BLZ_CLAMP(i64(x), 0, UINT32_MAX); }
#define BLZ_CLAMP(x, low, high) ((x) < (low) ? (low) : (x) > (high) ? (high) : (x))
BLZ_SATURATE_SMALL(float, f32, blz_f32_i32, blz_f32_i64)
BLZ_SATURATE_SMALL(double, f64, blz_f64_i32, blz_f64_i64)
BLZ_SATURATE(blz_f32_u64, float, uint64_t, 0, UINT64_MAX, -1.0, 0x1p64)
BLZ_SATURATE(blz_f64_u64, double, uint64_t, 0, UINT64_MAX, -1.0, 0x1p64)

#define BLZ_PAIR(SRC, DST) ((SRC) * BLZ_DTYPE_COUNT + (DST))
#define BLZ_CONVERT(SRC, S, DST, D, EXPR)                                                         \
  case BLZ_PAIR(SRC, DST): {                                                                      \
    const S *p = src;                                                                             \
    D *q = dst;                                                                                   \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      S x = p[i];                                                                                 \
      q[i] = (D)(EXPR);                                                                           \
    }                                                                                             \
    return;                                                                                       \
  }
// A row of the table: the source type, then the expression for each destination.
#define BLZ_CONVERT_ROW(SRC, S, F32, F64, I32, I64, U8, F16, BF16)                                \
  BLZ_CONVERT(SRC, S, BLZ_F32, float, F32)                                                        \
  BLZ_CONVERT(SRC, S, BLZ_F64, double, F64)                                                       \
  BLZ_CONVERT(SRC, S, BLZ_I32, int32_t, I32)                                                      \
  BLZ_CONVERT(SRC, S, BLZ_I64, int64_t, I64)                                                      \
  BLZ_CONVERT(SRC, S, BLZ_U8, uint8_t, U8)                                                        \
  BLZ_CONVERT(SRC, S, BLZ_BOOL, uint8_t, (F32) != 0)                                              \
  BLZ_CONVERT(SRC, S, BLZ_F16, uint16_t, F16)                                                     \
  BLZ_CONVERT(SRC, S, BLZ_BF16, uint16_t, BF16)
#define BLZ_CONVERT_SMALL(SRC, S, f)                                                              \
  BLZ_CONVERT(SRC, S, BLZ_I8, int8_t, blz_##f##_i8(x))                                            \
  BLZ_CONVERT(SRC, S, BLZ_I16, int16_t, blz_##f##_i16(x))                                         \
  BLZ_CONVERT(SRC, S, BLZ_U16, uint16_t, blz_##f##_u16(x))                                        \
  BLZ_CONVERT(SRC, S, BLZ_U32, uint32_t, blz_##f##_u32(x))                                        \
  BLZ_CONVERT(SRC, S, BLZ_U64, uint64_t, blz_##f##_u64(x))
// Between a small dtype of whole numbers and the one that its ops compute in.
#define BLZ_CONVERT_PAIR(SMALL, S, WIDE, W)                                                       \
  BLZ_CONVERT(SMALL, S, WIDE, W, x)                                                               \
  BLZ_CONVERT(WIDE, W, SMALL, S, x)

BLZ_KERNEL(
  void, blz_cast,
  (void *dst, int32_t dst_dtype, const void *src, int32_t src_dtype, int64_t n),
  (dst, dst_dtype, src, src_dtype, n)) {
  if (n <= 0) return;
  if (dst_dtype == src_dtype) {
    memmove(dst, src, (size_t)n * blz_dtype_size(dst_dtype));
    return;
  }
  switch (BLZ_PAIR(src_dtype, dst_dtype)) {
    BLZ_CONVERT_ROW(
      BLZ_F32, float, x, x, blz_f32_i32(x), blz_f32_i64(x), blz_f32_u8(x), blz_to_f16(x),
      blz_to_bf16(x))
    BLZ_CONVERT_ROW(
      BLZ_I32, int32_t, x, x, x, x, x, blz_to_f16(blz_odd_f64(x)), blz_to_bf16(blz_odd_f64(x)))
    BLZ_CONVERT_ROW(
      BLZ_I64, int64_t, x, x, x, x, x, blz_to_f16(blz_odd_i64(x)), blz_to_bf16(blz_odd_i64(x)))
    BLZ_CONVERT_ROW(BLZ_U8, uint8_t, x, x, x, x, x, blz_to_f16(x), blz_to_bf16(x))
    BLZ_CONVERT_ROW(BLZ_BOOL, uint8_t, x, x, x, x, x, blz_to_f16(x), blz_to_bf16(x))
    BLZ_CONVERT_ROW(
      BLZ_F16, uint16_t, blz_from_f16(x), blz_from_f16(x), blz_f32_i32(blz_from_f16(x)),
      blz_f32_i64(blz_from_f16(x)), blz_f32_u8(blz_from_f16(x)), x, blz_to_bf16(blz_from_f16(x)))
    BLZ_CONVERT_ROW(
      BLZ_BF16, uint16_t, blz_from_bf16(x), blz_from_bf16(x), blz_f32_i32(blz_from_bf16(x)),
      blz_f32_i64(blz_from_bf16(x)), blz_f32_u8(blz_from_bf16(x)), blz_to_f16(blz_from_bf16(x)), x)
    BLZ_CONVERT(BLZ_F64, double, BLZ_F32, float, x)
    BLZ_CONVERT(BLZ_F64, double, BLZ_I32, int32_t, blz_f64_i32(x))
    BLZ_CONVERT(BLZ_F64, double, BLZ_I64, int64_t, blz_f64_i64(x))
    BLZ_CONVERT(BLZ_F64, double, BLZ_U8, uint8_t, blz_f64_u8(x))
    BLZ_CONVERT(BLZ_F64, double, BLZ_BOOL, uint8_t, x != 0)
    BLZ_CONVERT(BLZ_F64, double, BLZ_F16, uint16_t, blz_to_f16(blz_odd_f64(x)))
    BLZ_CONVERT(BLZ_F64, double, BLZ_BF16, uint16_t, blz_to_bf16(blz_odd_f64(x)))
    BLZ_CONVERT_SMALL(BLZ_F32, float, f32)
    BLZ_CONVERT_SMALL(BLZ_F64, double, f64)
    BLZ_CONVERT_PAIR(BLZ_I8, int8_t, BLZ_I32, int32_t)
    BLZ_CONVERT_PAIR(BLZ_I16, int16_t, BLZ_I32, int32_t)
    BLZ_CONVERT_PAIR(BLZ_U16, uint16_t, BLZ_I32, int32_t)
    BLZ_CONVERT_PAIR(BLZ_U32, uint32_t, BLZ_I64, int64_t)
    BLZ_CONVERT_ROW(BLZ_U64, uint64_t, x, x, x, x, x, blz_to_f16(blz_odd_u64(x)),
      blz_to_bf16(blz_odd_u64(x)))
    BLZ_CONVERT(BLZ_I32, int32_t, BLZ_U64, uint64_t, x)
    BLZ_CONVERT(BLZ_I64, int64_t, BLZ_U64, uint64_t, x)
    BLZ_CONVERT(BLZ_U8, uint8_t, BLZ_U64, uint64_t, x)
    BLZ_CONVERT(BLZ_BOOL, uint8_t, BLZ_U64, uint64_t, x)
  }
}
