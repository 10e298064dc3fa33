#include "elementwise.h"
#include "math_f32.h"

#define T float

// Python's remainder: the sign of the divisor.
static BLZ_INLINE float blz_rem(float x, float y) {
  float r = fmodf(x, y);
  return (r != 0.0f && (r < 0.0f) != (y < 0.0f)) ? r + y : r;
}

// The vector functions hold up to BLZ_TRIG_LIMIT; a tile with a larger argument is done by libm.
static BLZ_INLINE int blz_any_beyond(const float *x, int64_t n) {
  int beyond = 0;
  for (int64_t i = 0; i < n; i++) beyond |= __builtin_fabsf(x[i]) > BLZ_TRIG_LIMIT;
  return beyond;
}

#define BLZ_TRIG(OP, VECTOR, LIBM)                                                                \
  case OP: {                                                                                      \
    const float *pa = a;                                                                          \
    float *pd = dst;                                                                              \
    if (blz_any_beyond(pa, n)) {                                                                  \
      for (int64_t i = 0; i < n; i++) pd[i] = LIBM(pa[i]);                                        \
      break;                                                                                      \
    }                                                                                             \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) pd[i] = VECTOR(pa[i]);                               \
    break;                                                                                        \
  }

BLZ_ELEMENTWISE(blz_elementwise_f32) {
  switch (op) {
    BLZ_COMMON_CASES
    BLZ_UNARY(BLZ_NEG, -x)
    BLZ_UNARY(BLZ_ABS, __builtin_fabsf(x))
    BLZ_UNARY(BLZ_SIGN, (float)((x > 0.0f) - (x < 0.0f)))
    BLZ_UNARY(BLZ_FLOOR, __builtin_elementwise_floor(x))
    BLZ_UNARY(BLZ_CEIL, __builtin_elementwise_ceil(x))
    BLZ_UNARY(BLZ_ROUND, __builtin_elementwise_rint(x))
    BLZ_UNARY(BLZ_EXP, blz_exp(x))
    BLZ_UNARY(BLZ_LOG, blz_log(x))
    BLZ_UNARY(BLZ_LOG1P, blz_log1p(x))
    BLZ_UNARY(BLZ_EXPM1, blz_expm1(x))
    BLZ_UNARY(BLZ_SQRT, __builtin_elementwise_sqrt(x))
    BLZ_UNARY(BLZ_RSQRT, 1.0f / __builtin_elementwise_sqrt(x))
    BLZ_TRIG(BLZ_SIN, blz_sin, sinf)
    BLZ_TRIG(BLZ_COS, blz_cos, cosf)
    BLZ_TRIG(BLZ_TAN, blz_tan, tanf)
    BLZ_UNARY(BLZ_TANH, blz_tanh(x))
    BLZ_UNARY(BLZ_SIGMOID, blz_sigmoid(x))
    BLZ_UNARY(BLZ_ERF, blz_erf(x))
    BLZ_BINARY(BLZ_ADD, x + y)
    BLZ_BINARY(BLZ_SUB, x - y)
    BLZ_BINARY(BLZ_MUL, x *y)
    BLZ_BINARY(BLZ_DIV, x / y)
    BLZ_BINARY(BLZ_POW, blz_pow(x, y))
    BLZ_BINARY(BLZ_REM, blz_rem(x, y))
    BLZ_BINARY(BLZ_ATAN2, atan2f(x, y))
  }
}
