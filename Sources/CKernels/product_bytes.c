// Matrix products of whole numbers of 8 bits, with sums of 32: the choice of the loops.
#include "product_bytes.h"

#define BLZ_ROWS_6 TILE(1) TILE(2) TILE(3) TILE(4) TILE(5) TILE(6)
#define BLZ_ROWS_12 BLZ_ROWS_6 TILE(7) TILE(8) TILE(9) TILE(10) TILE(11) TILE(12)

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#define ROWS 6
#define TILES BLZ_ROWS_6

#define NAMED(x) BLZ_JOIN(x, _portable)
#define LANES 4
#define GROUP 2
#if defined(__SSE2__)
#define DOT(sum, a, b) ((sum) + (NAMED(vector))_mm_madd_epi16((__m128i)(a), (__m128i)(b)))
#else
typedef int32_t blz_four __attribute__((ext_vector_type(4)));
static BLZ_INLINE blz_four blz_dot_portable(blz_four sum, blz_four a, blz_four b) {
  // The upper and the lower halves of each lane.
  return sum + (a >> 16) * (b >> 16) + (a << 16 >> 16) * (b << 16 >> 16);
}
#define DOT(sum, a, b) blz_dot_portable(sum, a, b)
#endif
#include "product_bytes.inc"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V3))), apply_to = function)
#define NAMED(x) BLZ_JOIN(x, _avx2)
#define LANES 8
#define GROUP 2
#define DOT(sum, a, b) ((sum) + (NAMED(vector))_mm256_madd_epi16((__m256i)(a), (__m256i)(b)))
#include "product_bytes.inc"
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V3 ",avxvnni"))), apply_to = function)
#define NAMED(x) BLZ_JOIN(x, _avx2_vnni)
#define LANES 8
#define GROUP 4
#define DOTS dots_avx2
#define DOT(sum, a, b)                                                                            \
  ((NAMED(vector))_mm256_dpbusd_avx_epi32((__m256i)(sum), (__m256i)(a), (__m256i)(b)))
#include "product_bytes.inc"
#pragma clang attribute pop

#undef ROWS
#undef TILES
#define ROWS 12
#define TILES BLZ_ROWS_12

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V4))), apply_to = function)
#define NAMED(x) BLZ_JOIN(x, _avx512)
#define LANES 16
#define GROUP 2
#define DOT(sum, a, b) ((sum) + (NAMED(vector))_mm512_madd_epi16((__m512i)(a), (__m512i)(b)))
#include "product_bytes.inc"
#pragma clang attribute pop

#pragma clang attribute push(                                                                     \
  __attribute__((target(BLZ_TARGET_V4 ",avx512vnni"))), apply_to = function)
#define NAMED(x) BLZ_JOIN(x, _avx512_vnni)
#define LANES 16
#define GROUP 4
#define DOTS dots_avx512
#define DOT(sum, a, b)                                                                            \
  ((NAMED(vector))_mm512_dpbusd_epi32((__m512i)(sum), (__m512i)(a), (__m512i)(b)))
#include "product_bytes.inc"
#pragma clang attribute pop

// Whether the processor sums products of four bytes: bit 1 by AVX-512, bit 0 by AVX.
static int blz_find_quads(void) {
  unsigned a, b, c, d, most;
  if (!__get_cpuid_count(7, 0, &most, &b, &c, &d)) return 0;
  int found = c >> 11 & 1 ? 2 : 0;
  if (most >= 1 && __get_cpuid_count(7, 1, &a, &b, &c, &d) && (a >> 4 & 1)) found |= 1;
  return found;
}

static int blz_quads(void) {
  static int32_t known = -1;
  int32_t found = __atomic_load_n(&known, __ATOMIC_RELAXED);
  if (found < 0) {
    found = blz_find_quads();
    __atomic_store_n(&known, found, __ATOMIC_RELAXED);
  }
  return found;
}
#endif

static const blz_bytes *blz_bytes_of(const blz_byte_product *q) {
#if defined(__x86_64__)
  if (q->isa == BLZ_ISA_AVX512)
    return blz_quads() & 2 ? &blz_bytes_avx512_vnni : &blz_bytes_avx512;
  if (q->isa == BLZ_ISA_AVX2) return blz_quads() & 1 ? &blz_bytes_avx2_vnni : &blz_bytes_avx2;
#endif
  return &blz_bytes_portable;
}

bool blz_bytes_has_quads(int32_t isa) {
  blz_byte_product q = {.isa = isa};
  return blz_bytes_of(&q)->group == 4;
}

bool blz_bytes_packs(const blz_byte_product *q) {
  return !(q->m <= BLZ_BYTES_DOTS && q->trans_b && !q->trans_a);
}

int64_t blz_bytes_panels(const blz_byte_product *q) {
  int64_t panel = blz_bytes_of(q)->panel;
  return (q->n + panel - 1) / panel;
}

size_t blz_bytes_packed_bytes(const blz_byte_product *q) {
  const blz_bytes *of = blz_bytes_of(q);
  const int64_t whole = q->k / BLZ_BYTES_DEPTH, rest = q->k % BLZ_BYTES_DEPTH;
  return (size_t)(
    blz_bytes_panels(q)
    * (whole * blz_bytes_panel(of, BLZ_BYTES_DEPTH) + (rest ? blz_bytes_panel(of, rest) : 0)));
}

void blz_bytes_pack(const blz_byte_product *q, void *packed, int64_t first, int64_t end) {
  blz_bytes_of(q)->pack(q, packed, first, end);
}

blz_block blz_bytes_part(const blz_byte_product *q, int64_t count, int64_t index) {
  // Rows where there are enough of them, else panels.
  const int64_t panel = blz_bytes_of(q)->panel, panels = blz_bytes_panels(q);
  if (q->m >= 16 * count)
    return (blz_block){q->m * index / count, q->m * (index + 1) / count, 0, q->n};
  return (blz_block){
    0, q->m, panels * index / count * panel,
    blz_min64(q->n, panels * (index + 1) / count * panel)};
}

size_t blz_bytes_scratch(const blz_byte_product *q) {
  const blz_bytes *of = blz_bytes_of(q);
  if (!blz_bytes_packs(q)) return (size_t)(q->m * blz_bytes_up(q->k, 2) * 2);
  return (size_t)(BLZ_BYTES_ROWS * (4 + BLZ_BYTES_DEPTH * of->element));
}

void blz_bytes_run(const blz_byte_product *q, const void *packed, blz_block part, void *scratch) {
  if (part.row_begin >= part.row_end || part.column_begin >= part.column_end) return;
  if (blz_bytes_packs(q)) blz_bytes_of(q)->run(q, packed, part, scratch);
  else blz_bytes_of(q)->dots(q, part, scratch);
}
