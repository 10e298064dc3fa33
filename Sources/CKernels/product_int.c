// Matrix products of integers, which wrap.
#include "product.h"

// b is taken in blocks of K_BLOCK x N_BLOCK, which stay in the L2 cache.
enum { K_BLOCK = 256, N_BLOCK = 128, STRIP_ROWS = 6 };

// A part's shape and strides, transposition undone: a is read as a[i * a_row + p * a_column].
typedef struct {
  int64_t m, n, k, a_row, a_column, b_row, b_column, ldc;
} blz_shape;

#define BLZ_PASTE2(a, b) blz_##a##_##b
#define BLZ_PASTE(a, b) BLZ_PASTE2(a, b)

#define NAMED(x) BLZ_PASTE(i32, x)
#define T int32_t
#define U uint32_t
#include "product_int.inc"

#define NAMED(x) BLZ_PASTE(i64, x)
#define T int64_t
#define U uint64_t
#include "product_int.inc"

static size_t blz_strip_bytes(const blz_product *q) {
  size_t depth = (size_t)blz_min64(K_BLOCK, q->k);
  return (depth * STRIP_ROWS * blz_dtype_size(q->dtype) + 63) / 64 * 64;
}

size_t blz_integer_scratch(const blz_product *q) {
  size_t depth = (size_t)blz_min64(K_BLOCK, q->k);
  size_t width = (size_t)(blz_min64(N_BLOCK, q->n) + 15) / 16 * 16;
  return blz_strip_bytes(q) + depth * width * blz_dtype_size(q->dtype);
}

void blz_integer_product(const blz_product *q, blz_block part, void *scratch) {
  blz_shape s = {
    part.row_end - part.row_begin, part.column_end - part.column_begin, q->k,
    q->trans_a ? 1 : q->lda, q->trans_a ? q->lda : 1, q->trans_b ? 1 : q->ldb,
    q->trans_b ? q->ldb : 1, q->ldc};
  int64_t a = part.row_begin * s.a_row, b = part.column_begin * s.b_column;
  int64_t c = part.row_begin * s.ldc + part.column_begin;
  void *block = (char *)scratch + blz_strip_bytes(q);
  if (q->dtype == BLZ_I32)
    blz_i32_matmul(
      &s, (const uint32_t *)q->a + a, (const uint32_t *)q->b + b, (uint32_t *)q->c + c,
      (uint32_t)(int64_t)q->alpha, q->accumulates, block, scratch);
  else
    blz_i64_matmul(
      &s, (const uint64_t *)q->a + a, (const uint64_t *)q->b + b, (uint64_t *)q->c + c,
      (uint64_t)(int64_t)q->alpha, q->accumulates, block, scratch);
}
