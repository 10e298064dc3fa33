// Random products against sums in double, on every instruction set of this machine: all remainders
// of tiles, gaps between rows, places that are not aligned, infinity and NaN, a result that holds
// NaN and is overwritten, no terms, one row, one column. Pages that cannot be touched lie next to
// each matrix. In parts, and elsewhere in memory, a product is the same to the last bit.
//
//   draws COUNT [SEED]
#define _GNU_SOURCE
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "CKernels.h"
#include "random.h"

// A matrix as it is stored, at one end of its memory.
typedef struct {
  int64_t rows, columns, leading, count;
  int32_t dtype;
  size_t size;
  char *memory;
} matrix;

static matrix drawn(int64_t rows, int64_t columns, int32_t dtype) {
  const int64_t gaps[] = {0, 0, below(9), below(300), 512 - columns % 512};
  int64_t leading = columns + gaps[below(5)];
  if (leading < 1) leading = 1;
  int64_t count = rows > 0 && columns > 0 ? (rows - 1) * leading + columns : 0;
  size_t size = dtype == BLZ_F64 ? 8 : dtype == BLZ_F32 ? 4 : 2;
  return (matrix){rows, columns, leading, count, dtype, size, 0};
}

static char *place(const matrix *m, bool is_at_end) {
  return m->memory + (is_at_end ? BYTES - m->count * (int64_t)m->size : 0);
}

static void fill(const matrix *m, double *numbers, char *bytes, bool has_specials) {
  for (int64_t i = 0; i < m->count; i++) numbers[i] = (double)(below(2001) - 1000) / 1000;
  const double specials[] = {INFINITY, -INFINITY, NAN};
  for (int s = 0; s < 3 && has_specials && m->count > 0; s++)
    numbers[below(m->count)] = specials[s];
  blz_cast(bytes, m->dtype, numbers, BLZ_F64, m->count);
  blz_cast(numbers, BLZ_F64, bytes, m->dtype, m->count);
}

static bool is_same(double x, double y) { return x == y || (x != x && y != y); }

static bool is_float(int32_t dtype) { return dtype == BLZ_F32 || dtype == BLZ_F64; }

static void run(const blz_product *q, blz_block block, bool is_packed) {
  size_t size = is_packed ? blz_product_packed_scratch(q, block) : blz_product_scratch(q, block);
  void *scratch = aligned_alloc(64, (size + 127) / 64 * 64);
  memset(scratch, 0xff, size);
  if (is_packed) blz_product_run_packed(q, block, scratch);
  else blz_product_run(q, block, scratch);
  free(scratch);
}

// The same with a right matrix that is packed panel by panel; in parts of rows.
static void run_packed(blz_product q, int32_t parts) {
  void *packed = aligned_alloc(64, (blz_product_packed_bytes(&q) + 127) / 64 * 64);
  for (int64_t panel = blz_product_panels(&q) - 1; panel >= 0; panel--)
    blz_product_pack(&q, packed, panel, panel + 1);
  q.b = packed, q.ldb = -1;
  for (int64_t i = 0; i < parts; i++)
    run(&q, (blz_block){q.m * i / parts, q.m * (i + 1) / parts, 0, q.n}, true);
  free(packed);
}

// The same by the sums that elements are made of, each added to the ones before.
static void run_sums(const blz_product *q) {
  const int64_t sums = blz_product_sums(q->k), size = (int64_t)blz_dtype_size(q->dtype);
  for (int64_t i = 0; i < sums; i++) {
    const int64_t first = q->k * i / sums;
    blz_product part = *q;
    part.k = q->k * (i + 1) / sums - first;
    part.a = (const char *)q->a + first * (q->trans_a ? q->lda : 1) * size;
    part.b = (const char *)q->b + first * (q->trans_b ? 1 : q->ldb) * size;
    if (i > 0) part.accumulates = true, part.addend = NULL;
    run(&part, (blz_block){0, q->m, 0, q->n}, false);
  }
}

int main(int count, char **arguments) {
  const int64_t draws = count > 1 ? atoll(arguments[1]) : 20000;
  state = count > 2 ? (uint64_t)atoll(arguments[2]) : 1;
  char *memories[] = {guarded(), guarded(), guarded()};
  // Static: what they point to is no leak at the end.
  static char *bytes[3], *first;
  static double *numbers[4];
  first = malloc(BYTES);
  for (int i = 0; i < 3; i++) bytes[i] = malloc(BYTES);
  for (int i = 0; i < 4; i++) numbers[i] = malloc(sizeof(double) * BYTES / 2);
  for (int64_t draw = 0; draw < draws; draw++) {
    const int32_t dtypes[] = {BLZ_F32, BLZ_F64, BLZ_F32, BLZ_F64, BLZ_F16, BLZ_BF16};
    const double alphas[] = {1, 1, -1, 0.5, -1e-3};
    // Mostly near the tiles' sizes; at times long enough for packing, blocks of k, rows times
    // rows.
    int64_t sizes[3], most[] = {below(10) ? 30 : 150, below(10) ? 70 : 400, below(3) ? 40 : 120};
    if (below(20) == 0) most[2] = 900;
    for (int i = 0; i < 3; i++) sizes[i] = below(below(8) ? most[i] : 3);
    const int64_t m = sizes[0], n = sizes[1], k = sizes[2];
    const int32_t dtype = dtypes[below(6)];
    blz_product q = {
      .dtype = dtype, .isa = (int32_t)below(blz_isa() + 1), .trans_a = below(2),
      .trans_b = below(2), .accumulates = below(2), .m = m, .n = n, .k = k,
      .alpha = alphas[below(5)]};
    matrix all[] = {
      q.trans_a ? drawn(k, m, dtype) : drawn(m, k, dtype),
      q.trans_b ? drawn(n, k, dtype) : drawn(k, n, dtype), drawn(m, n, dtype)};
    const bool has_specials = below(6) == 0;
    for (int i = 0; i < 3; i++) {
      all[i].memory = memories[i];
      fill(&all[i], numbers[i], bytes[i], has_specials && i < 2);
    }
    const matrix *c = &all[2];
    for (int64_t i = 0; i < c->count && !q.accumulates; i++) numbers[2][i] = NAN;
    blz_cast(bytes[2], dtype, numbers[2], BLZ_F64, c->count);
    q.lda = all[0].leading, q.ldb = all[1].leading, q.ldc = c->leading;

    const char *wrong = NULL;
    for (int pass = 0; pass < 2; pass++) {
      char *places[3];
      for (int i = 0; i < 3; i++) {
        places[i] = place(&all[i], below(2));
        memcpy(places[i], bytes[i], (size_t)all[i].count * all[i].size);
      }
      q.a = places[0], q.b = places[1], q.c = places[2];
      // The second time what is added to may be elsewhere.
      char *addend = pass && q.accumulates && is_float(dtype) && below(2) ? malloc(BYTES) : NULL;
      if (addend) {
        memcpy(addend, bytes[2], (size_t)c->count * c->size);
        for (int64_t i = 0; i < m && n > 0; i++)
          memset(places[2] + i * q.ldc * (int64_t)c->size, 0xff, (size_t)n * c->size);
      }
      q.addend = addend;
      const int32_t parts = pass ? 2 + (int32_t)below(4) : 1;
      // Few rows times a transposed matrix, and a column, are summed in another order.
      const bool is_dots = n < 2 || (q.trans_b && m <= 16);
      const int64_t way = pass && is_float(dtype) && !is_dots && k > 0 ? below(3) : 0;
      if (way == 1) run_packed(q, parts);
      else if (way == 2) run_sums(&q);
      for (int32_t part = 0; part < parts && way == 0; part++)
        run(&q, blz_product_part(&q, parts, part), false);
      free(addend);
      if (!pass) memcpy(first, q.c, (size_t)c->count * c->size);
    }
    blz_cast(numbers[3], BLZ_F64, q.c, dtype, c->count);
    blz_cast(numbers[2], BLZ_F64, bytes[2], dtype, c->count);
    double *again = malloc(sizeof(double) * (size_t)c->count + 1);
    blz_cast(again, BLZ_F64, first, dtype, c->count);
    for (int64_t i = 0; i < c->count; i++) {
      if (!is_same(again[i], numbers[3][i])) wrong = "differs in parts";
    }
    free(again);

    const double unit = dtype == BLZ_F64 ? 0x1p-52 : 0x1p-23;
    const double last = dtype == BLZ_F16 ? 0x1p-11 : dtype == BLZ_BF16 ? 0x1p-8 : 0;
    for (int64_t i = 0; i < m && n > 0 && !wrong; i++) {
      for (int64_t j = n; j < q.ldc && i < m - 1; j++) {
        if (!is_same(numbers[3][i * q.ldc + j], numbers[2][i * q.ldc + j]))
          wrong = "writes between rows";
      }
      for (int64_t j = 0; j < n && !wrong; j++) {
        double sum = 0, size = 0;
        for (int64_t p = 0; p < k; p++) {
          double term = numbers[0][q.trans_a ? p * q.lda + i : i * q.lda + p]
            * numbers[1][q.trans_b ? j * q.ldb + p : p * q.ldb + j];
          sum += term, size += fabs(term);
        }
        const double before = q.accumulates ? numbers[2][i * q.ldc + j] : 0;
        // A sum of nothing is 0, whatever alpha is.
        const double expected = (k ? q.alpha * sum : 0) + before;
        const double found = numbers[3][i * q.ldc + j];
        double bound = (double)(k + 4) * unit * (fabs(q.alpha) * size + fabs(before));
        if (last > 0) bound = bound * 1.01 + fabs(expected) * last + 0x1p-24;
        bool is_right =
          isfinite(expected) ? fabs(found - expected) <= bound : is_same(found, expected);
        if (!is_right) {
          printf("(%ld, %ld) is %g, expected %g\n", (long)i, (long)j, found, expected);
          wrong = "is wrong";
        }
      }
    }
    if (wrong) {
      printf(
        "draw %ld %s: dtype %d, instruction set %d, %ld x %ld x %ld, transposed %d %d, added %d, "
        "alpha %g, rows %ld %ld %ld apart\n",
        (long)draw, wrong, dtype, q.isa, (long)m, (long)k, (long)n, q.trans_a, q.trans_b,
        q.accumulates, q.alpha, (long)q.lda, (long)q.ldb, (long)q.ldc);
      return 1;
    }
  }
  printf("%ld products are right, on instruction sets 0 to %d\n", (long)draws, blz_isa());
}
