// Matrix products: the choice of the loops, and the parts for threads.
#include "product.h"

static bool blz_is_integer(const blz_product *q) {
  return q->dtype == BLZ_I32 || q->dtype == BLZ_I64;
}

static bool blz_is_half(const blz_product *q) {
  return q->dtype == BLZ_F16 || q->dtype == BLZ_BF16;
}

static bool blz_is_empty(blz_block part) {
  return part.row_begin >= part.row_end || part.column_begin >= part.column_end;
}

static const blz_products *blz_products_of(const blz_product *q) {
  bool is_double = q->dtype == BLZ_F64;
#if defined(__x86_64__)
  if (q->isa == BLZ_ISA_AVX512)
    return is_double ? &blz_products_f64_avx512 : &blz_products_f32_avx512;
  if (q->isa == BLZ_ISA_AVX2) return is_double ? &blz_products_f64_avx2 : &blz_products_f32_avx2;
#endif
  return is_double ? &blz_products_f64_portable : &blz_products_f32_portable;
}

void blz_product_run(const blz_product *q, blz_block part, void *scratch) {
  if (blz_is_empty(part)) return;
  if (blz_is_integer(q)) blz_integer_product(q, part, scratch);
  else if (blz_is_half(q)) blz_half_product(q, part, scratch, blz_products_of(q));
  else blz_products_of(q)->run(q, part, scratch);
}

size_t blz_product_scratch(const blz_product *q, blz_block part) {
  if (blz_is_empty(part)) return 0;
  if (blz_is_half(q)) return blz_half_scratch(q, part, blz_products_of(q));
  return blz_is_integer(q) ? blz_integer_scratch(q) : blz_products_of(q)->scratch(q, part, false);
}

int64_t blz_product_panels(const blz_product *q) {
  const blz_products *of = blz_products_of(q);
  int64_t panel = (int64_t)of->lanes * of->vectors;
  return (q->n + panel - 1) / panel;
}

size_t blz_product_packed_bytes(const blz_product *q) {
  const blz_products *of = blz_products_of(q);
  int64_t columns = (q->n + of->lanes - 1) / of->lanes * of->lanes;
  return (size_t)(columns * q->k) * blz_dtype_size(q->dtype);
}

void blz_product_pack(const blz_product *q, void *packed, int64_t first, int64_t end) {
  blz_products_of(q)->pack(q, packed, first, end);
}

size_t blz_product_packed_scratch(const blz_product *q, blz_block part) {
  return blz_is_empty(part) ? 0 : blz_products_of(q)->scratch(q, part, true);
}

void blz_product_run_packed(const blz_product *q, blz_block part, void *scratch) {
  if (!blz_is_empty(part)) blz_products_of(q)->run_packed(q, part, scratch);
}

int64_t blz_product_sums(int64_t k) {
  // As many for each of two threads.
  return k <= BLZ_DEPTH ? k > 0 : (k + 2 * BLZ_DEPTH - 1) / (2 * BLZ_DEPTH) * 2;
}

bool blz_product_shares_terms(const blz_product *q, int32_t count) {
  // Each thread then reads its own rows of the right matrix alone, and has a step later written
  // them, where that is a weight. What it pays with are sums that are written and added.
  bool is_float = q->dtype == BLZ_F32 || q->dtype == BLZ_F64;
  return is_float && !q->trans_b && q->n > 1 && q->m > 1 && count == 2 && q->m * 8 <= q->k
    && q->k > BLZ_DEPTH;
}

// Where share `index` of `extent` in `count` begins; at a multiple but for the end.
static int64_t blz_share(int64_t extent, int64_t count, int64_t index, int64_t multiple) {
  int64_t units = (extent + multiple - 1) / multiple;
  return blz_min64(extent, units * index / count * multiple);
}

blz_block blz_product_part(const blz_product *q, int32_t count, int32_t index) {
  const blz_block none = {0, 0, 0, 0};
  if (q->m <= 0 || q->n <= 0) return none;
  const blz_products *of = blz_products_of(q);
  int64_t vectors = (q->n + of->lanes - 1) / of->lanes;
  // The larger share of rows x vectors is what all wait for. A share's matrices are read, and
  // packed, by each thread for itself, so that of equal ones the squarest is best. But whoever goes
  // on with the result takes rows of it: those that another core wrote columns of come from its
  // cache, which takes as long as some terms of the sums.
  int64_t rows = 1, columns = 1;
  double least = 0;
  for (int64_t r = 1; r <= count; r++) {
    int64_t c = count / r;
    if (r > q->m) break;
    if (c > vectors) c = vectors;
    double m = (double)((q->m + r - 1) / r), n = (double)((vectors + c - 1) / c);
    double cost = m * n + m / 4 + n * (q->trans_b ? 4 : 2);
    if (c > 1 && q->k > 0) cost += m * n * BLZ_MOVED_TERMS / (double)q->k;
    if (r == 1 || cost < least) least = cost, rows = r, columns = c;
  }
  if (index >= rows * columns) return none;
  int64_t row = index / columns, column = index % columns;
  return (blz_block){
    blz_share(q->m, rows, row, 1), blz_share(q->m, rows, row + 1, 1),
    blz_share(q->n, columns, column, of->lanes), blz_share(q->n, columns, column + 1, of->lanes)};
}
