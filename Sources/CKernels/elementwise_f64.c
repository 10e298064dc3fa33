#include <math.h>

#include "elementwise.h"

#define T double

// Python's remainder: the sign of the divisor.
static BLZ_INLINE double blz_rem(double x, double y) {
  double r = fmod(x, y);
  return (r != 0.0 && (r < 0.0) != (y < 0.0)) ? r + y : r;
}

static BLZ_INLINE double blz_sigmoid(double x) {
  double z = exp(-__builtin_fabs(x));
  return (x >= 0.0 ? 1.0 : z) / (1.0 + z);
}

// float64 is for checking, not for speed: the transcendental functions are libm's.
BLZ_ELEMENTWISE(blz_elementwise_f64) {
  switch (op) {
    BLZ_COMMON_CASES
    BLZ_UNARY(BLZ_NEG, -x)
    BLZ_UNARY(BLZ_ABS, __builtin_fabs(x))
    BLZ_UNARY(BLZ_SIGN, (double)((x > 0.0) - (x < 0.0)))
    BLZ_UNARY(BLZ_FLOOR, __builtin_elementwise_floor(x))
    BLZ_UNARY(BLZ_CEIL, __builtin_elementwise_ceil(x))
    BLZ_UNARY(BLZ_ROUND, __builtin_elementwise_rint(x))
    BLZ_UNARY(BLZ_EXP, exp(x))
    BLZ_UNARY(BLZ_LOG, log(x))
    BLZ_UNARY(BLZ_LOG1P, log1p(x))
    BLZ_UNARY(BLZ_EXPM1, expm1(x))
    BLZ_UNARY(BLZ_SQRT, __builtin_elementwise_sqrt(x))
    BLZ_UNARY(BLZ_RSQRT, 1.0 / __builtin_elementwise_sqrt(x))
    BLZ_UNARY(BLZ_SIN, sin(x))
    BLZ_UNARY(BLZ_COS, cos(x))
    BLZ_UNARY(BLZ_TAN, tan(x))
    BLZ_UNARY(BLZ_TANH, tanh(x))
    BLZ_UNARY(BLZ_SIGMOID, blz_sigmoid(x))
    BLZ_UNARY(BLZ_ERF, erf(x))
    BLZ_BINARY(BLZ_ADD, x + y)
    BLZ_BINARY(BLZ_SUB, x - y)
    BLZ_BINARY(BLZ_MUL, x *y)
    BLZ_BINARY(BLZ_DIV, x / y)
    BLZ_BINARY(BLZ_POW, pow(x, y))
    BLZ_BINARY(BLZ_REM, blz_rem(x, y))
    BLZ_BINARY(BLZ_ATAN2, atan2(x, y))
  }
}
