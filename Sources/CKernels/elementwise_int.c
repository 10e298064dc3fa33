#include "elementwise.h"

#define BLZ_PASTE2(a, b) a##b
#define BLZ_PASTE(a, b) BLZ_PASTE2(a, b)

#define NAME blz_elementwise_i32
#define T int32_t
#define U uint32_t
#define MINUS_ONE(y) ((y) == -1)
#include "elementwise_int.inc"

#define NAME blz_elementwise_i64
#define T int64_t
#define U uint64_t
#define MINUS_ONE(y) ((y) == -1)
#include "elementwise_int.inc"

#define NAME blz_elementwise_u8
#define T uint8_t
#define U uint8_t
#define MINUS_ONE(y) ((void)(y), 0)
#include "elementwise_int.inc"

#define T uint8_t

BLZ_ELEMENTWISE(blz_elementwise_bool) {
  switch (op) {
    BLZ_COMMON_CASES
    BLZ_UNARY(BLZ_NOT, !x)
    BLZ_BINARY(BLZ_AND, x &y)
    BLZ_BINARY(BLZ_OR, x | y)
    BLZ_BINARY(BLZ_XOR, x ^ y)
  }
}

bool blz_supports(int32_t op, int32_t dtype) {
  if (op < 0 || op >= BLZ_OP_COUNT || dtype < 0 || dtype >= BLZ_DTYPE_COUNT) return false;
  bool is_float = dtype == BLZ_F32 || dtype == BLZ_F64;
  bool is_storage = dtype == BLZ_F16 || dtype == BLZ_BF16;
  switch (op) {
    case BLZ_CAST:
    case BLZ_COPY: return true;
    case BLZ_EXP:
    case BLZ_LOG:
    case BLZ_LOG1P:
    case BLZ_EXPM1:
    case BLZ_SQRT:
    case BLZ_RSQRT:
    case BLZ_SIN:
    case BLZ_COS:
    case BLZ_TAN:
    case BLZ_TANH:
    case BLZ_SIGMOID:
    case BLZ_ERF:
    case BLZ_ATAN2: return is_float;
    case BLZ_NOT:
    case BLZ_AND:
    case BLZ_OR:
    case BLZ_XOR: return !is_float && !is_storage;
    case BLZ_MIN:
    case BLZ_MAX:
    case BLZ_LT:
    case BLZ_LE:
    case BLZ_EQ:
    case BLZ_NE:
    case BLZ_GT:
    case BLZ_GE:
    case BLZ_ISNAN:
    case BLZ_WHERE: return !is_storage;
    default: return !is_storage && dtype != BLZ_BOOL;
  }
}
