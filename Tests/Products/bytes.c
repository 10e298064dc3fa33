// Random products of bytes against sums in int64, on every instruction set of this machine, and on
// an imitation of the instructions that sum products of four bytes (VNNI), lane by lane: all
// remainders of tiles, gaps between rows, places that are not aligned, no terms, one row, one
// column, both signs. Pages that cannot be touched lie next to each matrix.
//
//   bytes COUNT [SEED]
#define _GNU_SOURCE
#include <stdio.h>

#include "../../Sources/CKernels/product_bytes.c"
#include "random.h"

// The imitations pass wide vectors to functions of this file alone.
#pragma clang diagnostic ignored "-Wpsabi"

// What the instruction does in each lane: four unsigned bytes times four signed ones, added to it.
#define IMITATE(sum, a, b, lanes)                                                                 \
  ({                                                                                              \
    NAMED(vector) s_ = (sum), a_ = (NAMED(vector))(a), b_ = (NAMED(vector))(b);                   \
    for (int l = 0; l < (lanes); l++) {                                                           \
      uint32_t t = (uint32_t)s_[l];                                                               \
      for (int g = 0; g < 4; g++)                                                                 \
        t += (uint32_t)((int32_t)(uint8_t)(a_[l] >> 8 * g) * (int32_t)(int8_t)(b_[l] >> 8 * g));  \
      s_[l] = (int32_t)t;                                                                         \
    }                                                                                             \
    s_;                                                                                           \
  })

#undef ROWS
#undef TILES
#define ROWS 6
#define TILES BLZ_ROWS_6
#define NAMED(x) BLZ_JOIN(x, _imitated_8)
#define LANES 8
#define GROUP 4
#define DOTS dots_portable
#define DOT(sum, a, b) IMITATE(sum, a, b, 8)
#include "../../Sources/CKernels/product_bytes.inc"

#undef ROWS
#undef TILES
#define ROWS 12
#define TILES BLZ_ROWS_12
#define NAMED(x) BLZ_JOIN(x, _imitated_16)
#define LANES 16
#define GROUP 4
#define DOTS dots_portable
#define DOT(sum, a, b) IMITATE(sum, a, b, 16)
#include "../../Sources/CKernels/product_bytes.inc"

// A matrix of random bytes, at either end of its memory; extremes often.
static uint8_t *drawn(char *memory, int64_t rows, int64_t columns, int64_t *leading) {
  const int64_t gaps[] = {0, 0, below(9), below(300), 512 - columns % 512};
  *leading = blz_max64(1, columns + gaps[below(5)]);
  int64_t count = rows > 0 && columns > 0 ? (rows - 1) * *leading + columns : 0;
  uint8_t *place = (uint8_t *)memory + (below(2) ? BYTES - count : 0);
  const uint8_t extremes[] = {0, 127, 128, 255};
  const bool is_extreme = below(4) == 0;
  for (int64_t i = 0; i < count; i++)
    place[i] = is_extreme ? extremes[below(4)] : (uint8_t)below(256);
  return place;
}

static int64_t number(uint8_t byte, bool is_signed) { return is_signed ? (int8_t)byte : byte; }

int main(int argument_count, char **arguments) {
  const int64_t draws = argument_count > 1 ? atoll(arguments[1]) : 20000;
  state = argument_count > 2 ? (uint64_t)atoll(arguments[2]) : 1;
  char *memories[] = {guarded(), guarded(), guarded()};
  const blz_bytes *all[] = {
    &blz_bytes_portable, &blz_bytes_imitated_8, &blz_bytes_imitated_16, &blz_bytes_portable,
    &blz_bytes_portable, &blz_bytes_portable, &blz_bytes_portable};
  int count = 3;
#if defined(__x86_64__)
  const int isa = blz_isa(), quads = blz_quads();
  if (isa >= BLZ_ISA_AVX2) all[count++] = &blz_bytes_avx2;
  if (isa >= BLZ_ISA_AVX2 && (quads & 1)) all[count++] = &blz_bytes_avx2_vnni;
  if (isa >= BLZ_ISA_AVX512) all[count++] = &blz_bytes_avx512;
  if (isa >= BLZ_ISA_AVX512 && (quads & 2)) all[count++] = &blz_bytes_avx512_vnni;
#endif
  for (int64_t draw = 0; draw < draws; draw++) {
    int64_t sizes[3], most[] = {below(10) ? 30 : 150, below(10) ? 70 : 400, below(3) ? 40 : 160};
    if (below(20) == 0) most[2] = 1800;
    for (int i = 0; i < 3; i++) sizes[i] = below(below(8) ? most[i] : 3);
    const int64_t m = sizes[0], n = sizes[1], k = sizes[2];
    blz_byte_product q = {
      .isa = blz_isa(), .trans_a = below(2), .trans_b = below(2), .signed_a = below(2),
      .signed_b = below(2), .m = m, .n = n, .k = k, .ldc = n + below(9) + 1};
    const uint8_t *a = q.a =
      q.trans_a ? drawn(memories[0], k, m, &q.lda) : drawn(memories[0], m, k, &q.lda);
    const uint8_t *b = q.b =
      q.trans_b ? drawn(memories[1], n, k, &q.ldb) : drawn(memories[1], k, n, &q.ldb);
    const int64_t results = m > 0 && n > 0 ? (m - 1) * q.ldc + n : 0;
    q.c = (int32_t *)(memories[2] + (below(2) ? BYTES - 4 * results : 0));
    memset(q.c, 0x55, (size_t)results * 4);

    // Through what is called, or by one of the loops and in parts that it did not cut itself.
    const int which = (int)below(count + 1) - 1;
    const blz_bytes *of = which < 0 ? blz_bytes_of(&q) : all[which];
    const bool packs = blz_bytes_packs(&q);
    const int64_t panels = (n + of->panel - 1) / of->panel;
    const int64_t rest = k % BLZ_BYTES_DEPTH;
    size_t size = (size_t)(panels
      * (k / BLZ_BYTES_DEPTH * blz_bytes_panel(of, BLZ_BYTES_DEPTH)
         + (rest ? blz_bytes_panel(of, rest) : 0)));
    if (which < 0 && size != blz_bytes_packed_bytes(&q)) {
      printf("draw %lld: another size to pack\n", (long long)draw);
      return 1;
    }
    char *packed = malloc(size + 1);
    memset(packed, 0xff, size + 1);
    for (int64_t panel = panels - 1; packs && panel >= 0; panel--)
      of->pack(&q, packed, panel, panel + 1);
    const int64_t parts = 1 + below(4);
    for (int64_t part = 0; part < parts; part++) {
      blz_block block = blz_bytes_part(&q, parts, part);
      if (which >= 0)
        block = (blz_block){m * part / parts, m * (part + 1) / parts, 0, n};
      const size_t needed = blz_bytes_scratch(&q);
      const size_t own =
        packs ? (size_t)(BLZ_BYTES_ROWS * (4 + BLZ_BYTES_DEPTH * of->element)) : needed;
      void *scratch = malloc(which < 0 ? needed : own);
      if (which < 0) blz_bytes_run(&q, packed, block, scratch);
      else if (block.row_begin < block.row_end && n > 0)
        packs ? of->run(&q, packed, block, scratch) : of->dots(&q, block, scratch);
      free(scratch);
    }
    free(packed);

    for (int64_t i = 0; i < m && n > 0; i++) {
      for (int64_t j = 0; j < (i + 1 < m ? q.ldc : n); j++) {
        int64_t sum = 0x55555555;
        if (j < n) {
          sum = 0;
          for (int64_t p = 0; p < k; p++)
            sum += number(a[q.trans_a ? p * q.lda + i : i * q.lda + p], q.signed_a)
              * number(b[q.trans_b ? j * q.ldb + p : p * q.ldb + j], q.signed_b);
        }
        if (sum == q.c[i * q.ldc + j]) continue;
        printf(
          "draw %lld, loops %d of %d: %lldx%lldx%lld, transposed %d %d, signed %d %d: "
          "[%lld, %lld] is %d, not %lld\n",
          (long long)draw, which, count, (long long)m, (long long)k, (long long)n, q.trans_a,
          q.trans_b, q.signed_a, q.signed_b, (long long)i, (long long)j, q.c[i * q.ldc + j],
          (long long)sum);
        return 1;
      }
    }
  }
  printf("%lld products of bytes, by %d kinds of loops\n", (long long)draws, count);
  return 0;
}
