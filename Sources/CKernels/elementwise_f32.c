#include "elementwise.h"
#include "math_avx512.h"
#include "math_f32.h"

#define T float
#define BLZ_IN_FLOATS(CASE) CASE
#define BLZ_IN_NUMBERS(CASE) CASE
#define BLZ_IN_WHOLE(CASE)

#define WRAPPING(x) (x)
#define blz_abs(x) __builtin_fabsf(x)
#define blz_floor(x) __builtin_elementwise_floor(x)
#define blz_ceil(x) __builtin_elementwise_ceil(x)
#define blz_round(x) __builtin_elementwise_rint(x)
#define blz_div(x, y) ((x) / (y))
#define BLZ_CASE_MATH(OP, NAME) BLZ_CASE_UNARY(OP, blz_##NAME(x))
#define BLZ_CASE_MATH2(OP, NAME) BLZ_CASE_BINARY(OP, blz_##NAME(x, y))

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

#define BLZ_CASE_TRIG(OP, NAME)                                                                   \
  case OP: {                                                                                      \
    const float *pa = a;                                                                          \
    float *pd = dst;                                                                              \
    if (blz_any_beyond(pa, n)) {                                                                  \
      for (int64_t i = 0; i < n; i++) pd[i] = NAME##f(pa[i]);                                     \
      break;                                                                                      \
    }                                                                                             \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) pd[i] = blz_##NAME(pa[i]);                           \
    break;                                                                                        \
  }

BLZ_STATIC_KERNEL(
  void, blz_loop_f32, (int op, void *dst, const void *a, const void *b, const void *c, int64_t n),
  (op, dst, a, b, c, n)) {
  BLZ_SWITCH
}

static BLZ_INLINE void blz_with_number(
  bool is_first, int op, void *dst, const void *a, const void *b, int64_t n) {
  BLZ_NUMBER_SWITCH
}

BLZ_STATIC_KERNEL(
  void, blz_number_first_f32, (int op, void *dst, const void *a, const void *b, int64_t n),
  (op, dst, a, b, n)) {
  blz_with_number(true, op, dst, a, b, n);
}

BLZ_STATIC_KERNEL(
  void, blz_number_second_f32, (int op, void *dst, const void *a, const void *b, int64_t n),
  (op, dst, a, b, n)) {
  blz_with_number(false, op, dst, a, b, n);
}

void blz_elementwise_number_f32(
  int op, int which, void *dst, const void *a, const void *b, int64_t n) {
  if (which == BLZ_FIRST) blz_number_first_f32(op, dst, a, b, n);
  else blz_number_second_f32(op, dst, a, b, n);
}

static BLZ_INLINE void blz_wide(
  int which, int op, void *dst, const void *a, const void *b, const void *c, int64_t n) {
  BLZ_WIDE_SWITCH
}

BLZ_STATIC_KERNEL(
  void, blz_wide_f32,
  (int op, int which, void *dst, const void *a, const void *b, const void *c, int64_t n),
  (op, which, dst, a, b, c, n)) {
  if (which == BLZ_FIRST) blz_wide(BLZ_FIRST, op, dst, a, b, c, n);
  else if (which == BLZ_SECOND) blz_wide(BLZ_SECOND, op, dst, a, b, c, n);
  else blz_wide(BLZ_NO_NUMBER, op, dst, a, b, c, n);
}

void blz_elementwise_wide_f32(
  int op, int which, void *dst, const void *a, const void *b, const void *c, int64_t n) {
  blz_wide_f32(op, which, dst, a, b, c, n);
}

#define TAKES(OP, EXPR) case OP: return true;
#undef BLZ_NUMBER_BINARY
#undef BLZ_NUMBER_COMPARE
#define BLZ_NUMBER_BINARY TAKES
#define BLZ_NUMBER_COMPARE TAKES
bool blz_takes_number(int op) {
  BLZ_NUMBER_SWITCH
  return false;
}

void blz_elementwise_f32(
  int op, void *dst, const void *a, const void *b, const void *c, int64_t n) {
  if (blz_quick_isa() == BLZ_ISA_AVX512 && blz_math_avx512(op, dst, a, n)) return;
  blz_loop_f32(op, dst, a, b, c, n);
}
