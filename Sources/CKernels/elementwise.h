// One instruction over n contiguous elements. Destination and operands are the same elements or do
// not overlap. The ops are those for which blz_supports says yes, without cast and copy.
#ifndef BLZ_ELEMENTWISE_H
#define BLZ_ELEMENTWISE_H

#include "clones.h"

typedef void blz_elementwise(
  int op, void *dst, const void *a, const void *b, const void *c, int64_t n);

blz_elementwise blz_elementwise_f32, blz_elementwise_f64, blz_elementwise_i32, blz_elementwise_i64,
  blz_elementwise_u8, blz_elementwise_bool;

#define BLZ_ELEMENTWISE(name)                                                                     \
  BLZ_KERNEL(                                                                                     \
    void, name, (int op, void *dst, const void *a, const void *b, const void *c, int64_t n),      \
    (op, dst, a, b, c, n))

// Cases of the switch over ops; T is the element type. Operands are read before anything else, so
// that the loops have no branches.
#define BLZ_UNARY_TO(OP, R, EXPR)                                                                 \
  case OP: {                                                                                      \
    const T *pa = a;                                                                              \
    R *pd = dst;                                                                                  \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = pa[i];                                                                                \
      pd[i] = (R)(EXPR);                                                                          \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_BINARY_TO(OP, R, EXPR)                                                                \
  case OP: {                                                                                      \
    const T *pa = a, *pb = b;                                                                     \
    R *pd = dst;                                                                                  \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = pa[i], y = pb[i];                                                                     \
      pd[i] = (R)(EXPR);                                                                          \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_UNARY(OP, EXPR) BLZ_UNARY_TO(OP, T, EXPR)
#define BLZ_BINARY(OP, EXPR) BLZ_BINARY_TO(OP, T, EXPR)

// What every dtype has. The comparisons with x != x make NaN win; integers never differ from
// themselves, so there they vanish.
#define BLZ_COMMON_CASES                                                                          \
  BLZ_BINARY(BLZ_MIN, ((x < y) | (x != x)) ? x : y)                                               \
  BLZ_BINARY(BLZ_MAX, ((x > y) | (x != x)) ? x : y)                                               \
  BLZ_BINARY_TO(BLZ_LT, uint8_t, x < y)                                                           \
  BLZ_BINARY_TO(BLZ_LE, uint8_t, x <= y)                                                          \
  BLZ_BINARY_TO(BLZ_EQ, uint8_t, x == y)                                                          \
  BLZ_BINARY_TO(BLZ_NE, uint8_t, x != y)                                                          \
  BLZ_BINARY_TO(BLZ_GT, uint8_t, x > y)                                                           \
  BLZ_BINARY_TO(BLZ_GE, uint8_t, x >= y)                                                          \
  BLZ_UNARY_TO(BLZ_ISNAN, uint8_t, x != x)                                                        \
  case BLZ_WHERE: {                                                                               \
    const uint8_t *pa = a;                                                                        \
    const T *pb = b, *pc = c;                                                                     \
    T *pd = dst;                                                                                  \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = pb[i], y = pc[i];                                                                     \
      pd[i] = pa[i] ? x : y;                                                                      \
    }                                                                                             \
    break;                                                                                        \
  }

#endif
