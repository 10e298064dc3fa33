#include <stdlib.h>

#include "clones.h"

// b is taken in blocks of K_BLOCK x N_BLOCK, which stay in the L2 cache.
enum { K_BLOCK = 256, N_BLOCK = 128, STRIP_ROWS = 6 };

// A product's shape and strides, transposition undone: a is read as a[i * a_row + p * a_column].
typedef struct {
  int64_t n, k, a_row, a_column, b_row, b_column, ldc, row_begin, row_end;
} blz_product;

#define BLZ_PASTE2(a, b) blz_##a##_##b
#define BLZ_PASTE(a, b) BLZ_PASTE2(a, b)

#define NAMED(x) BLZ_PASTE(f32, x)
#define T float
#define U float
#include "matmul.inc"

#define NAMED(x) BLZ_PASTE(f64, x)
#define T double
#define U double
#include "matmul.inc"

#define NAMED(x) BLZ_PASTE(i32, x)
#define T int32_t
#define U uint32_t
#include "matmul.inc"

#define NAMED(x) BLZ_PASTE(i64, x)
#define T int64_t
#define U uint64_t
#include "matmul.inc"

bool blz_matmul(
  int32_t dtype, bool trans_a, bool trans_b, int64_t n, int64_t k, double alpha, const void *a,
  int64_t lda, const void *b, int64_t ldb, double beta, void *c, int64_t ldc, int64_t row_begin,
  int64_t row_end) {
  if (n <= 0 || row_begin >= row_end) return true;
  blz_product q = {
    n, k, trans_a ? 1 : lda, trans_a ? lda : 1, trans_b ? 1 : ldb, trans_b ? ldb : 1, ldc,
    row_begin, row_end};
  size_t size = blz_dtype_size(dtype);
  size_t depth = (size_t)blz_min64(K_BLOCK, k < 1 ? 1 : k);
  size_t width = (size_t)(blz_min64(N_BLOCK, n) + 15) / 16 * 16;
  size_t b_bytes = (depth * width * size + 63) / 64 * 64;
  size_t a_bytes = (depth * STRIP_ROWS * size + 63) / 64 * 64;
  char *scratch = aligned_alloc(64, a_bytes + b_bytes);
  if (!scratch) return false;
  void *strip = scratch, *block = scratch + a_bytes;
  switch (dtype) {
    case BLZ_F32:
      blz_f32_matmul(&q, a, b, c, (float)alpha, (float)beta, block, strip);
      break;
    case BLZ_F64: blz_f64_matmul(&q, a, b, c, alpha, beta, block, strip); break;
    case BLZ_I32:
      blz_i32_matmul(
        &q, a, b, c, (uint32_t)(int64_t)alpha, (uint32_t)(int64_t)beta, block, strip);
      break;
    case BLZ_I64:
      blz_i64_matmul(
        &q, a, b, c, (uint64_t)(int64_t)alpha, (uint64_t)(int64_t)beta, block, strip);
      break;
  }
  free(scratch);
  return true;
}
