// Products of float16 and bfloat16: widened to float32, unless the processor multiplies bfloat16.
#include "product.h"

// What a part needs as float32, one after the other: its rows of the left matrix, its columns of
// the right one, and its results.
typedef struct {
  int64_t rows, columns;
  size_t left, right, out;  // bytes
} blz_wide;

static size_t blz_whole_lines(int64_t count) {
  return ((size_t)count * sizeof(float) + 63) / 64 * 64;
}

static blz_wide blz_wide_of(const blz_product *q, blz_block part) {
  int64_t rows = part.row_end - part.row_begin, columns = part.column_end - part.column_begin;
  return (blz_wide){
    rows, columns, blz_whole_lines(rows * q->k), blz_whole_lines(q->k * columns),
    blz_whole_lines(rows * columns)};
}

// The float32 product of the part, seen as a part of the whole one: how an element is summed
// depends on the whole. What is outside of the part is never read: there need not be memory.
static blz_product blz_widened(const blz_product *q, blz_block part, blz_wide wide, void *scratch) {
  blz_product to = *q;
  to.dtype = BLZ_F32;
  to.lda = q->trans_a ? wide.rows : q->k;
  to.ldb = q->trans_b ? q->k : wide.columns;
  to.ldc = wide.columns;
  int64_t a = part.row_begin * (q->trans_a ? 1 : to.lda);
  int64_t b = part.column_begin * (q->trans_b ? to.ldb : 1);
  int64_t c = part.row_begin * to.ldc + part.column_begin;
  uintptr_t place = (uintptr_t)scratch;
  to.a = (const void *)(place - (uintptr_t)a * sizeof(float));
  to.b = (const void *)(place + wide.left - (uintptr_t)b * sizeof(float));
  to.c = (void *)(place + wide.left + wide.right - (uintptr_t)c * sizeof(float));
  return to;
}

static void blz_cast_rows(
  void *to, int32_t to_dtype, int64_t to_row, const void *from, int32_t from_dtype,
  int64_t from_row, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++)
    blz_cast(
      (char *)to + (size_t)(i * to_row) * blz_dtype_size(to_dtype), to_dtype,
      (const char *)from + (size_t)(i * from_row) * blz_dtype_size(from_dtype), from_dtype,
      columns);
}

void blz_half_product(
  const blz_product *q, blz_block part, void *scratch, const blz_products *floats) {
  if (blz_has_pairs(q)) {
    blz_pairs_product(q, part, scratch);
    return;
  }
  blz_wide wide = blz_wide_of(q, part);
  const uint16_t *a = (const uint16_t *)q->a + part.row_begin * (q->trans_a ? 1 : q->lda);
  const uint16_t *b = (const uint16_t *)q->b + part.column_begin * (q->trans_b ? q->ldb : 1);
  uint16_t *c = (uint16_t *)q->c + part.row_begin * q->ldc + part.column_begin;
  char *left = scratch, *right = left + wide.left, *out = right + wide.right;
  int64_t a_rows = q->trans_a ? q->k : wide.rows, a_columns = q->trans_a ? wide.rows : q->k;
  int64_t b_rows = q->trans_b ? wide.columns : q->k, b_columns = q->trans_b ? q->k : wide.columns;
  blz_cast_rows(left, BLZ_F32, a_columns, a, q->dtype, q->lda, a_rows, a_columns);
  blz_cast_rows(right, BLZ_F32, b_columns, b, q->dtype, q->ldb, b_rows, b_columns);
  if (q->accumulates)
    blz_cast_rows(out, BLZ_F32, wide.columns, c, q->dtype, q->ldc, wide.rows, wide.columns);
  blz_product product = blz_widened(q, part, wide, scratch);
  floats->run(&product, part, out + wide.out);
  blz_cast_rows(c, q->dtype, q->ldc, out, BLZ_F32, wide.columns, wide.rows, wide.columns);
}

size_t blz_half_scratch(const blz_product *q, blz_block part, const blz_products *floats) {
  if (blz_has_pairs(q)) return blz_pairs_scratch(q, part);
  blz_wide wide = blz_wide_of(q, part);
  blz_product product = blz_widened(q, part, wide, 0);
  return wide.left + wide.right + wide.out + floats->scratch(&product, part, false);
}
