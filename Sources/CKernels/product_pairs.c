// Products of bfloat16 by instructions that multiply pairs of terms: tiles of AMX, or AVX-512's dot
// products of pairs.
//
// Both matrices are copied into blocks of 16 rows of 16 pairs (a block is a tile): of the left
// matrix [row][pair], of the right one [pair][column]. What is missing is 0. Each element is one
// chain of sums over k, wherever its block is.
#include "product.h"

#if defined(__x86_64__) && defined(__linux__)
#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "halves.h"

enum { SIDE = 16, PAIRS = 16, BLOCK = SIDE * PAIRS };  // a block's elements: pairs of 4 bytes

// 1: neither; 2: dot products; 3: tiles too, which the system has to allow.
static int blz_find_pairs(void) {
  unsigned a, b, c, d, most;
  if (!__get_cpuid_count(7, 0, &most, &b, &c, &d)) return 1;
  bool has_tiles = (d >> 22 & 1) && (d >> 24 & 1);
  if (most < 1 || !__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a >> 5 & 1)) return 1;
  enum { ASK = 0x1023, TILE_DATA = 18 };  // ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA
  return has_tiles && syscall(SYS_arch_prctl, ASK, TILE_DATA) == 0 ? 3 : 2;
}

static int blz_pairs(void) {
  static atomic_int known;
  int found = atomic_load_explicit(&known, memory_order_relaxed);
  if (!found) {
    found = blz_find_pairs();
    atomic_store_explicit(&known, found, memory_order_relaxed);
  }
  return found;
}

bool blz_has_pairs(const blz_product *q) {
  return q->dtype == BLZ_BF16 && q->isa == BLZ_ISA_AVX512 && q->k > 0 && blz_pairs() > 1;
}

#pragma clang attribute push(                                                                     \
  __attribute__((target(BLZ_TARGET_V4 ",avx512bf16,amx-tile,amx-bf16"))), apply_to = function)

typedef float blz_pairs_vector __attribute__((ext_vector_type(16)));

static BLZ_INLINE void blz_turn_pairs(__m512i rows[SIDE]) {
  blz_pairs_vector v[SIDE], next[SIDE];
  BLZ_UNROLL for (int i = 0; i < SIDE; i++) v[i] = (blz_pairs_vector)rows[i];
  BLZ_UNROLL for (int step = 1; step < SIDE; step *= 2) {
    BLZ_UNROLL for (int i = 0; i < SIDE / 2; i++) {
      next[2 * i] = BLZ_ZIP_LOW_16(v[i], v[i + SIDE / 2]);
      next[2 * i + 1] = BLZ_ZIP_HIGH_16(v[i], v[i + SIDE / 2]);
    }
    BLZ_UNROLL for (int i = 0; i < SIDE; i++) v[i] = next[i];
  }
  BLZ_UNROLL for (int i = 0; i < SIDE; i++) rows[i] = (__m512i)v[i];
}

static BLZ_INLINE uint32_t blz_first_bits(int64_t count) {
  return count >= 32 ? UINT32_MAX : (UINT32_C(1) << count) - 1;
}

// Copies `extent` rows of the left matrix, or columns of the right one: `line` elements from one to
// the next, `step` from term to term. One of the two is 1.
static void blz_copy_pairs(
  uint32_t *to, const uint16_t *from, int64_t line, int64_t step, int64_t extent, int64_t k,
  bool is_right) {
  for (int64_t i = 0; i < extent; i += SIDE, from += SIDE * line) {
    int64_t lines = blz_min64(SIDE, extent - i);
    for (int64_t p = 0; p < k; p += 2 * PAIRS, to += BLOCK) {
      int64_t terms = blz_min64(2 * PAIRS, k - p);
      __m512i v[SIDE];
      if (step == 1) {
        __mmask32 mask = blz_first_bits(terms);
        BLZ_UNROLL for (int l = 0; l < SIDE; l++) {
          __mmask32 here = l < lines ? mask : 0;
          v[l] = _mm512_maskz_loadu_epi16(here, from + (l < lines ? l * line : 0) + p);
        }
      } else {
        __mmask16 mask = (__mmask16)blz_first_bits(lines);
        BLZ_UNROLL for (int l = 0; l < PAIRS; l++) {
          const uint16_t *place = from + (p + 2 * l) * step;
          __m256i low = _mm256_setzero_si256(), high = low;
          if (2 * l < terms) low = _mm256_maskz_loadu_epi16(mask, place);
          if (2 * l + 1 < terms) high = _mm256_maskz_loadu_epi16(mask, place + step);
          v[l] = _mm512_or_si512(
            _mm512_cvtepu16_epi32(low), _mm512_slli_epi32(_mm512_cvtepu16_epi32(high), 16));
        }
      }
      if ((step == 1) == is_right) blz_turn_pairs(v);
      BLZ_UNROLL for (int l = 0; l < SIDE; l++) _mm512_store_si512(to + l * PAIRS, v[l]);
    }
  }
}

// Sums of 2 x 2 blocks, or fewer, over `depth` blocks: [row][column], 32 columns in a row.
static void blz_sum_tiles(
  float *sums, const uint32_t *left, const uint32_t *right, int64_t depth, bool is_high,
  bool is_wide) {
  const uint32_t *lower = left + depth * BLOCK, *further = right + depth * BLOCK;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t p = 0; p < depth; p++) {
    _tile_loadd(4, left + p * BLOCK, 64);
    _tile_loadd(6, right + p * BLOCK, 64);
    _tile_dpbf16ps(0, 4, 6);
    if (is_wide) {
      _tile_loadd(7, further + p * BLOCK, 64);
      _tile_dpbf16ps(1, 4, 7);
    }
    if (is_high) {
      _tile_loadd(5, lower + p * BLOCK, 64);
      _tile_dpbf16ps(2, 5, 6);
      if (is_wide) _tile_dpbf16ps(3, 5, 7);
    }
  }
  _tile_stored(0, sums, 128);
  _tile_stored(1, sums + SIDE, 128);
  _tile_stored(2, sums + SIDE * 32, 128);
  _tile_stored(3, sums + SIDE * 32 + SIDE, 128);
}

static void blz_sum_dots(
  float *sums, const uint32_t *left, const uint32_t *right, int64_t depth, bool is_high,
  bool is_wide) {
  const uint32_t *further = is_wide ? right + depth * BLOCK : right;
  for (int i = 0; i < (is_high ? 32 : SIDE); i += 8) {
    const uint32_t *rows = left + i / SIDE * depth * BLOCK + i % SIDE * PAIRS;
    __m512 s[8][2];
    BLZ_UNROLL for (int l = 0; l < 8; l++) s[l][0] = s[l][1] = _mm512_setzero_ps();
    for (int64_t p = 0; p < depth; p++) {
      for (int pair = 0; pair < PAIRS; pair++) {
        const int64_t place = p * BLOCK + pair * SIDE;
        __m512bh v = (__m512bh)_mm512_load_si512(right + place);
        __m512bh w = (__m512bh)_mm512_load_si512(further + place);
        BLZ_UNROLL for (int l = 0; l < 8; l++) {
          __m512bh x = (__m512bh)_mm512_set1_epi32((int)rows[p * BLOCK + l * PAIRS + pair]);
          s[l][0] = _mm512_dpbf16_ps(s[l][0], x, v);
          s[l][1] = _mm512_dpbf16_ps(s[l][1], x, w);
        }
      }
    }
    BLZ_UNROLL for (int l = 0; l < 8; l++) {
      _mm512_store_ps(sums + (i + l) * 32, s[l][0]);
      _mm512_store_ps(sums + (i + l) * 32 + SIDE, s[l][1]);
    }
  }
}

static void blz_write_pairs(
  const blz_product *q, uint16_t *out, const float *sums, int64_t rows, int64_t columns) {
  const float alpha = (float)q->alpha;
  for (int64_t i = 0; i < rows; i++, out += q->ldc, sums += 32) {
    BLZ_LOOP for (int64_t j = 0; j < columns; j++) {
      float x = sums[j] * alpha;
      out[j] = blz_to_bf16(q->accumulates ? x + blz_from_bf16(out[j]) : x);
    }
  }
}

typedef struct {
  uint8_t palette, first_row, reserved[14];
  uint16_t row_bytes[16];
  uint8_t rows[16];
} blz_tile_shapes;

static int64_t blz_depth(const blz_product *q) { return (q->k + 2 * PAIRS - 1) / (2 * PAIRS); }

// Rows that are worked on at a time: they stay in the second-level cache, while panels of two
// blocks of columns pass by.
static int64_t blz_height(const blz_product *q, blz_block part) {
  int64_t rows = part.row_end - part.row_begin;
  int64_t most = BLZ_BLOCK_BYTES / (blz_depth(q) * 2 * PAIRS * (int64_t)sizeof(uint16_t));
  int64_t parts = most < 64 ? (rows + 31) / 32 : (rows + most - 1) / most;
  return ((rows + parts - 1) / parts + 31) / 32 * 32;
}

void blz_pairs_product(const blz_product *q, blz_block part, void *scratch) {
  const int64_t rows = part.row_end - part.row_begin, depth = blz_depth(q);
  const bool has_tiles = blz_pairs() == 3;
  if (has_tiles) {
    blz_tile_shapes shapes = {.palette = 1};
    for (int i = 0; i < 8; i++) shapes.row_bytes[i] = 64, shapes.rows[i] = SIDE;
    _tile_loadconfig(&shapes);
  }
  _Alignas(64) float sums[32 * 32];
  const int64_t most = blz_height(q, part), a_line = q->trans_a ? 1 : q->lda;
  const int64_t b_line = q->trans_b ? q->ldb : 1, panel = 2 * depth * BLOCK;
  uint32_t *left = scratch, *rights = left + most * depth * PAIRS;
  for (int64_t begin = 0; begin < rows; begin += most) {
    const int64_t row = part.row_begin + begin, height = blz_min64(most, rows - begin);
    blz_copy_pairs(
      left, (const uint16_t *)q->a + row * a_line, a_line, q->trans_a ? q->lda : 1, height, q->k,
      false);
    uint32_t *right = rights;
    for (int64_t j = part.column_begin; j < part.column_end; j += 32, right += panel) {
      const int64_t columns = blz_min64(32, part.column_end - j);
      if (begin == 0)
        blz_copy_pairs(
          right, (const uint16_t *)q->b + j * b_line, b_line, q->trans_b ? 1 : q->ldb, columns,
          q->k, true);
      for (int64_t i = 0; i < height; i += 32) {
        const int64_t lines = blz_min64(32, height - i);
        (has_tiles ? blz_sum_tiles : blz_sum_dots)(
          sums, left + i * depth * PAIRS, right, depth, lines > SIDE, columns > SIDE);
        blz_write_pairs(q, (uint16_t *)q->c + (row + i) * q->ldc + j, sums, lines, columns);
      }
    }
  }
  if (has_tiles) _tile_release();
}
#pragma clang attribute pop

size_t blz_pairs_scratch(const blz_product *q, blz_block part) {
  int64_t panels = (part.column_end - part.column_begin + 31) / 32;
  int64_t lines = blz_height(q, part) + 32 * panels;
  return (size_t)(lines * blz_depth(q) * PAIRS) * sizeof(uint32_t);
}
#else
bool blz_has_pairs(const blz_product *q) { return false; }
void blz_pairs_product(const blz_product *q, blz_block part, void *scratch) {}
size_t blz_pairs_scratch(const blz_product *q, blz_block part) { return 0; }
#endif
