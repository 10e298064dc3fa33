// One instruction over n contiguous elements. Destination and operands are the same elements or do
// not overlap. The ops are those for which blz_supports says yes, without cast and copy.
#ifndef BLZ_ELEMENTWISE_H
#define BLZ_ELEMENTWISE_H

#include "clones.h"

typedef void blz_elementwise(
  int op, void *dst, const void *a, const void *b, const void *c, int64_t n);

blz_elementwise blz_elementwise_f32, blz_elementwise_f64, blz_elementwise_i32, blz_elementwise_i64,
  blz_elementwise_u64, blz_elementwise_u8, blz_elementwise_bool;

#define BLZ_ELEMENTWISE(name)                                                                     \
  BLZ_KERNEL(                                                                                     \
    void, name, (int op, void *dst, const void *a, const void *b, const void *c, int64_t n),      \
    (op, dst, a, b, c, n))

// The switch over ops: a case for each row of elementwise_ops.h whose domain has the type T.
// BLZ_IN_FLOATS, BLZ_IN_NUMBERS and BLZ_IN_WHOLE say whether it does: they give their argument or
// nothing. Operands are read before anything else, so that the loops have no branches.
#define BLZ_SWITCH                                                                                \
  switch (op) { BLZ_ELEMENTWISE_OPS(BLZ_CASE) }
#define BLZ_CASE(CODE, NAME, DOMAIN, KIND, EXPR)                                                  \
  BLZ_IN_##DOMAIN(BLZ_CASE_##KIND(BLZ_##CODE, EXPR))
#define BLZ_IN_ALL(CASE) CASE

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
#define BLZ_CASE_UNARY(OP, EXPR) BLZ_UNARY_TO(OP, T, EXPR)
#define BLZ_CASE_BINARY(OP, EXPR) BLZ_BINARY_TO(OP, T, EXPR)
// Comparisons with x != x make NaN win; integers equal themselves, so there they vanish.
#define BLZ_CASE_TEST(OP, EXPR) BLZ_UNARY_TO(OP, uint8_t, EXPR)
#define BLZ_CASE_COMPARE(OP, EXPR) BLZ_BINARY_TO(OP, uint8_t, EXPR)
#define BLZ_CASE_CHOICE(OP, EXPR)                                                                 \
  case OP: {                                                                                      \
    const uint8_t *pa = a;                                                                        \
    const T *pb = b, *pc = c;                                                                     \
    T *pd = dst;                                                                                  \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = pb[i], y = pc[i];                                                                     \
      pd[i] = pa[i] ? x : y;                                                                      \
    }                                                                                             \
    break;                                                                                        \
  }
// Done by blz_cast and memcpy.
#define BLZ_CASE_CAST(OP, EXPR)
#define BLZ_CASE_COPY(OP, EXPR)

#endif
