#include "elementwise.h"

#define BLZ_IN_FLOATS(CASE)
#define BLZ_IN_NUMBERS(CASE) CASE
#define BLZ_IN_WHOLE(CASE) CASE

#define WRAPPING(x) ((U)(x))
#define blz_abs(x) (x < 0 ? 0 - (U)x : (U)x)
#define blz_floor(x) (x)
#define blz_ceil(x) (x)
#define blz_round(x) (x)
#define blz_not(x) (~x)

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

#define NAME blz_elementwise_u64
#define T uint64_t
#define U uint64_t
#define MINUS_ONE(y) ((void)(y), 0)
#include "elementwise_int.inc"

#define NAME blz_elementwise_u8
#define T uint8_t
#define U uint8_t
#define MINUS_ONE(y) ((void)(y), 0)
#include "elementwise_int.inc"

#undef BLZ_IN_NUMBERS
#undef blz_not
#define BLZ_IN_NUMBERS(CASE)
#define blz_not(x) (!x)
#define T uint8_t

BLZ_ELEMENTWISE(blz_elementwise_bool) { BLZ_SWITCH }

bool blz_supports(int32_t op, int32_t dtype) {
  if (op < 0 || op >= BLZ_OP_COUNT || dtype < 0 || dtype >= BLZ_DTYPE_COUNT) return false;
  if (op == BLZ_CAST || op == BLZ_COPY) return true;
  if (dtype >= BLZ_F16 && dtype != BLZ_U64) return false;
  enum { FLOATS, NUMBERS, WHOLE, ALL };
#define BLZ_OP_DOMAIN(CODE, NAME, DOMAIN, KIND, EXPR) DOMAIN,
  static const uint8_t domains[] = {BLZ_ELEMENTWISE_OPS(BLZ_OP_DOMAIN)};
  bool is_float = dtype == BLZ_F32 || dtype == BLZ_F64;
  switch (domains[op]) {
    case FLOATS: return is_float;
    case NUMBERS: return dtype != BLZ_BOOL;
    case WHOLE: return !is_float;
    default: return true;
  }
}

int32_t blz_op_named(const char *name) {
#define BLZ_OP_NAME(CODE, NAME, DOMAIN, KIND, EXPR) #NAME,
  static const char *const names[] = {BLZ_ELEMENTWISE_OPS(BLZ_OP_NAME)};
  for (int32_t op = 0; op < BLZ_OP_COUNT; op++)
    if (strcmp(name, names[op]) == 0) return op;
  return -1;
}

int blz_operand_count(int32_t op) {
  enum { UNARY = 1, TEST = 1, MATH = 1, TRIG = 1, CAST = 1, COPY = 1 };
  enum { BINARY = 2, COMPARE = 2, MATH2 = 2, CHOICE = 3 };
#define BLZ_OP_OPERANDS(CODE, NAME, DOMAIN, KIND, EXPR) KIND,
  static const uint8_t counts[] = {BLZ_ELEMENTWISE_OPS(BLZ_OP_OPERANDS)};
  return counts[op];
}
