// One instruction over n contiguous elements. Destination and operands are the same elements or do
// not overlap. The ops are those for which blz_supports says yes, without cast and copy.
#ifndef BLZ_ELEMENTWISE_H
#define BLZ_ELEMENTWISE_H

#include "clones.h"

typedef void blz_elementwise(
  int op, void *dst, const void *a, const void *b, const void *c, int64_t n);

blz_elementwise blz_elementwise_f32, blz_elementwise_f64, blz_elementwise_i32, blz_elementwise_i64,
  blz_elementwise_u64, blz_elementwise_u8, blz_elementwise_bool;

// Which operand of two is one number, to go with all elements of the other.
enum { BLZ_NO_NUMBER, BLZ_FIRST, BLZ_SECOND };

// Whether an op of two float32 operands takes one number for one of them.
bool blz_takes_number(int op);

// The same as blz_elementwise_f32 with one of the operands a number.
void blz_elementwise_number_f32(
  int op, int which, void *dst, const void *a, const void *b, int64_t n);

// Comparisons, tests and choices of float32 numbers with truths of 32 bits; `which` of the operands
// that are compared, or chosen from, is one number.
void blz_elementwise_wide_f32(
  int op, int which, void *dst, const void *a, const void *b, const void *c, int64_t n);

// One operation of a chain: of the running value and an operand, which is one number or has an
// element for each. The result is written `to` a place, too, if there is one.
typedef struct {
  int op;
  bool is_number;
  float number;
  const float *operand;
  float *to;
} blz_link;

enum {
  BLZ_LINK_ADD, BLZ_LINK_SUB, BLZ_LINK_SUB_FROM, BLZ_LINK_MUL, BLZ_LINK_DIV, BLZ_LINK_DIV_OF,
  BLZ_LINK_MAX, BLZ_LINK_MIN, BLZ_LINK_NEG, BLZ_LINK_ABS, BLZ_LINK_SQRT, BLZ_LINK_SQUARE,
};

// Computes a chain that begins with the numbers at `first`.
void blz_chain_f32(const blz_link *links, int link_count, const float *first, int64_t n);

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
// The same of one number, which is the first operand or the second.
#define BLZ_NUMBER_TO(OP, R, EXPR)                                                                \
  case OP: {                                                                                      \
    const T *pv = is_first ? b : a;                                                               \
    const T number = *(const T *)(is_first ? a : b);                                              \
    R *pd = dst;                                                                                  \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T v = pv[i], x = is_first ? number : v, y = is_first ? v : number;                          \
      pd[i] = (R)(EXPR);                                                                          \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_NUMBER_SWITCH                                                                         \
  switch (op) { BLZ_ELEMENTWISE_OPS(BLZ_NUMBER_CASE) }
#define BLZ_NUMBER_CASE(CODE, NAME, DOMAIN, KIND, EXPR)                                           \
  BLZ_IN_##DOMAIN(BLZ_NUMBER_##KIND(BLZ_##CODE, EXPR))
#define BLZ_NUMBER_BINARY(OP, EXPR) BLZ_NUMBER_TO(OP, T, EXPR)
#define BLZ_NUMBER_COMPARE(OP, EXPR) BLZ_NUMBER_TO(OP, uint8_t, EXPR)
#define BLZ_NUMBER_UNARY(OP, EXPR)
#define BLZ_NUMBER_TEST(OP, EXPR)
#define BLZ_NUMBER_MATH(OP, EXPR)
#define BLZ_NUMBER_MATH2(OP, EXPR)
#define BLZ_NUMBER_TRIG(OP, EXPR)
#define BLZ_NUMBER_CHOICE(OP, EXPR)
#define BLZ_NUMBER_CAST(OP, EXPR)
#define BLZ_NUMBER_COPY(OP, EXPR)

// The same with truths as wide as float32 numbers, all bits set or none.
#define BLZ_WIDE_SWITCH                                                                           \
  switch (op) { BLZ_ELEMENTWISE_OPS(BLZ_WIDE_CASE) }
#define BLZ_WIDE_CASE(CODE, NAME, DOMAIN, KIND, EXPR)                                             \
  BLZ_IN_##DOMAIN(BLZ_WIDE_##KIND(BLZ_##CODE, EXPR))
#define BLZ_WIDE_COMPARE(OP, EXPR)                                                                \
  case OP: {                                                                                      \
    const T *pa = a, *pb = b;                                                                     \
    uint32_t *pd = dst;                                                                           \
    const T number = which == BLZ_FIRST ? *pa : *pb;                                              \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = which == BLZ_FIRST ? number : pa[i], y = which == BLZ_SECOND ? number : pb[i];        \
      pd[i] = (EXPR) ? UINT32_MAX : 0;                                                            \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_WIDE_TEST(OP, EXPR)                                                                   \
  case OP: {                                                                                      \
    const T *pa = a;                                                                              \
    uint32_t *pd = dst;                                                                           \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = pa[i];                                                                                \
      pd[i] = (EXPR) ? UINT32_MAX : 0;                                                            \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_WIDE_CHOICE(OP, EXPR)                                                                 \
  case OP: {                                                                                      \
    const int32_t *pa = a;                                                                        \
    const T *pb = b, *pc = c;                                                                     \
    T *pd = dst;                                                                                  \
    const T number = which == BLZ_FIRST ? *pb : *pc;                                              \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) {                                                    \
      T x = which == BLZ_FIRST ? number : pb[i], y = which == BLZ_SECOND ? number : pc[i];        \
      pd[i] = pa[i] < 0 ? x : y;                                                                  \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_WIDE_UNARY(OP, EXPR)
#define BLZ_WIDE_BINARY(OP, EXPR)
#define BLZ_WIDE_MATH(OP, EXPR)
#define BLZ_WIDE_MATH2(OP, EXPR)
#define BLZ_WIDE_TRIG(OP, EXPR)
#define BLZ_WIDE_CAST(OP, EXPR)
#define BLZ_WIDE_COPY(OP, EXPR)

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
