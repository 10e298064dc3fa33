#include <math.h>

#include "elementwise.h"

#define T double
#define BLZ_IN_FLOATS(CASE) CASE
#define BLZ_IN_NUMBERS(CASE) CASE
#define BLZ_IN_WHOLE(CASE)

#define WRAPPING(x) (x)
#define blz_abs(x) __builtin_fabs(x)
#define blz_floor(x) __builtin_elementwise_floor(x)
#define blz_ceil(x) __builtin_elementwise_ceil(x)
#define blz_round(x) __builtin_elementwise_rint(x)
#define blz_div(x, y) ((x) / (y))
// float64 is for checking, not for speed: the transcendental functions are libm's.
#define blz_pow pow
#define BLZ_CASE_MATH(OP, NAME) BLZ_CASE_UNARY(OP, NAME(x))
#define BLZ_CASE_MATH2(OP, NAME) BLZ_CASE_BINARY(OP, NAME(x, y))
#define BLZ_CASE_TRIG(OP, NAME) BLZ_CASE_UNARY(OP, NAME(x))

// Python's remainder: the sign of the divisor.
static BLZ_INLINE double blz_rem(double x, double y) {
  double r = fmod(x, y);
  return (r != 0.0 && (r < 0.0) != (y < 0.0)) ? r + y : r;
}

static BLZ_INLINE double blz_sigmoid(double x) {
  double z = exp(-__builtin_fabs(x));
  return (x >= 0.0 ? 1.0 : z) / (1.0 + z);
}

BLZ_ELEMENTWISE(blz_elementwise_f64) { BLZ_SWITCH }
