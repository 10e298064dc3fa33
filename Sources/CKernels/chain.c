// Several instructions in one pass: the running value stays in registers from one to the next.
#include "elementwise.h"

enum { LANES = 8, VECTORS = 8 };

typedef float blz_eight __attribute__((ext_vector_type(LANES), aligned(4)));

bool blz_chains(int op) {
  switch (op) {
    case BLZ_ADD:
    case BLZ_SUB:
    case BLZ_MUL:
    case BLZ_DIV:
    case BLZ_MAX:
    case BLZ_MIN:
    case BLZ_NEG:
    case BLZ_ABS:
    case BLZ_SQRT: return true;
    default: return false;
  }
}

#define EACH(EXPR)                                                                                \
  _Pragma("clang loop unroll(full)") for (int k = 0; k < count; k++) {                            \
    V x = v[k];                                                                                   \
    v[k] = (EXPR);                                                                                \
  }                                                                                               \
  break;

// An operation with what lies in memory, and with a number.
#define BOTH(OP, EXPR)                                                                            \
  case 2 * (OP): {                                                                                \
    const float *from = link->operand + i;                                                        \
    _Pragma("clang loop unroll(full)") for (int k = 0; k < count; k++) {                          \
      V x = v[k], y = *(const V *)(from + k * width);                                             \
      v[k] = (EXPR);                                                                              \
    }                                                                                             \
    break;                                                                                        \
  }                                                                                               \
  case 2 * (OP) + 1: {                                                                            \
    const V y = (V)(link->number);                                                               \
    EACH(EXPR)                                                                                    \
  }

#define LINKS(T, COUNT)                                                                           \
  {                                                                                               \
    typedef T V;                                                                                  \
    enum { count = (COUNT), width = sizeof(V) / sizeof(float) };                                  \
    for (; i + count * width <= n; i += count * width) {                                          \
      V v[count];                                                                                 \
      _Pragma("clang loop unroll(full)") for (int k = 0; k < count; k++)                          \
        v[k] = *(const V *)(first + i + k * width);                                               \
      for (const blz_link *link = links; link < links + link_count; link++) {                     \
        switch (2 * link->op + link->is_number) {                                                 \
          BOTH(BLZ_LINK_ADD, x + y)                                                               \
          BOTH(BLZ_LINK_SUB, x - y)                                                               \
          BOTH(BLZ_LINK_SUB_FROM, y - x)                                                          \
          BOTH(BLZ_LINK_MUL, x * y)                                                               \
          BOTH(BLZ_LINK_DIV, x / y)                                                               \
          BOTH(BLZ_LINK_DIV_OF, y / x)                                                            \
          BOTH(BLZ_LINK_MAX, ((x > y) | (x != x)) ? x : y)                                        \
          BOTH(BLZ_LINK_MIN, ((x < y) | (x != x)) ? x : y)                                        \
          case 2 * BLZ_LINK_NEG: EACH(-x)                                                         \
          case 2 * BLZ_LINK_ABS: EACH(__builtin_elementwise_abs(x))                               \
          case 2 * BLZ_LINK_SQRT: EACH(__builtin_elementwise_sqrt(x))                             \
          case 2 * BLZ_LINK_SQUARE: EACH(x * x)                                                   \
        }                                                                                         \
        if (link->to) {                                                                           \
          _Pragma("clang loop unroll(full)") for (int k = 0; k < count; k++)                      \
            *(V *)(link->to + i + k * width) = v[k];                                              \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }

BLZ_KERNEL(
  void, blz_chain_f32, (const blz_link *links, int link_count, const float *first, int64_t n),
  (links, link_count, first, n)) {
  int64_t i = 0;
  LINKS(blz_eight, VECTORS)
  LINKS(blz_eight, 1)
  LINKS(float, 1)
}
