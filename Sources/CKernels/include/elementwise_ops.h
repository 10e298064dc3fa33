#ifndef BLZ_ELEMENTWISE_OPS_H
#define BLZ_ELEMENTWISE_OPS_H

// Every elementwise op of fused loops, once, for all dtypes.
//
// A row is OP(CODE, name, DOMAIN, KIND, expression): BLZ_CODE is its number, the name is that of
// Swift's `Elementwise`. The expression is of x (and y); what it calls is defined for each dtype
// in elementwise_f32.c, elementwise_f64.c and elementwise_int.c.
//
// DOMAIN: FLOATS, NUMBERS (no bool), WHOLE (integers and bool), ALL.
// KIND:   UNARY, BINARY; TEST and COMPARE give a bool; MATH, MATH2 and TRIG name a function: NAME
//         is libm's for float64, blz_NAME of math_f32.h for float32 (TRIG: up to BLZ_TRIG_LIMIT,
//         libm's beyond); CHOICE, CAST and COPY have loops of their own.
#define BLZ_ELEMENTWISE_OPS(OP)                                                                   \
  OP(NEG, negate, NUMBERS, UNARY, -WRAPPING(x))                                                   \
  OP(ABS, abs, NUMBERS, UNARY, blz_abs(x))                                                        \
  OP(SIGN, sign, NUMBERS, UNARY, (x > 0) - (x < 0)) /* NaN gives 0 */                             \
  OP(FLOOR, floor, NUMBERS, UNARY, blz_floor(x))                                                  \
  OP(CEIL, ceil, NUMBERS, UNARY, blz_ceil(x))                                                     \
  OP(ROUND, round, NUMBERS, UNARY, blz_round(x)) /* half to even */                               \
  OP(EXP, exp, FLOATS, MATH, exp)                                                                 \
  OP(LOG, log, FLOATS, MATH, log)                                                                 \
  OP(LOG1P, log1p, FLOATS, MATH, log1p)                                                           \
  OP(EXPM1, expm1, FLOATS, MATH, expm1)                                                           \
  OP(SQRT, sqrt, FLOATS, UNARY, __builtin_elementwise_sqrt(x))                                    \
  OP(RSQRT, rsqrt, FLOATS, UNARY, 1 / __builtin_elementwise_sqrt(x))                              \
  OP(SIN, sin, FLOATS, TRIG, sin)                                                                 \
  OP(COS, cos, FLOATS, TRIG, cos)                                                                 \
  OP(TAN, tan, FLOATS, TRIG, tan)                                                                 \
  OP(TANH, tanh, FLOATS, MATH, tanh)                                                              \
  OP(SIGMOID, sigmoid, FLOATS, UNARY, blz_sigmoid(x))                                             \
  OP(ERF, erf, FLOATS, MATH, erf)                                                                 \
  OP(NOT, not, WHOLE, UNARY, blz_not(x)) /* bool: logical; integers: bitwise */                   \
  OP(ISNAN, isNaN, ALL, TEST, x != x)                                                             \
  OP(CAST, cast, ALL, CAST, ) /* instr.dtype is the source, instr.c the destination dtype */      \
  OP(COPY, copy, ALL, COPY, )                                                                     \
  OP(ADD, add, NUMBERS, BINARY, WRAPPING(x) + WRAPPING(y))                                        \
  OP(SUB, subtract, NUMBERS, BINARY, WRAPPING(x) - WRAPPING(y))                                   \
  OP(MUL, multiply, NUMBERS, BINARY, WRAPPING(x) * WRAPPING(y))                                   \
  OP(DIV, divide, NUMBERS, BINARY, blz_div(x, y)) /* integers truncate; x / 0 is 0 */             \
  OP(POW, power, NUMBERS, BINARY, blz_pow(x, y)) /* integers: x ^ -1 is 0 but for 1 and -1 */     \
  OP(ATAN2, atan2, FLOATS, MATH2, atan2)                                                          \
  OP(MIN, minimum, ALL, BINARY, ((x < y) | (x != x)) ? x : y) /* NaN if either is */              \
  OP(MAX, maximum, ALL, BINARY, ((x > y) | (x != x)) ? x : y)                                     \
  OP(REM, remainder, NUMBERS, BINARY, blz_rem(x, y)) /* sign of y; integers: x % 0 is 0 */        \
  OP(LT, less, ALL, COMPARE, x < y)                                                               \
  OP(LE, lessEqual, ALL, COMPARE, x <= y)                                                         \
  OP(EQ, equal, ALL, COMPARE, x == y)                                                             \
  OP(NE, notEqual, ALL, COMPARE, x != y)                                                          \
  OP(GT, greater, ALL, COMPARE, x > y)                                                            \
  OP(GE, greaterEqual, ALL, COMPARE, x >= y)                                                      \
  OP(AND, and, WHOLE, BINARY, x & y) /* bool: logical; integers: bitwise */                       \
  OP(OR, or, WHOLE, BINARY, x | y)                                                                \
  OP(XOR, xor, WHOLE, BINARY, x ^ y)                                                              \
  OP(WHERE, select, ALL, CHOICE, ) /* a is the bool condition, b and c the values */

#endif
