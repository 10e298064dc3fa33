// Matrix products of floats: what the files of one instruction set each share.
#ifndef BLZ_PRODUCT_H
#define BLZ_PRODUCT_H

#include "clones.h"

#define BLZ_UNROLL _Pragma("clang loop unroll(full)")

// Sums run over at most so many terms at a time, in parts of about equal length, which are added
// one after the other. Part of what a result is, to the last bit, so it depends on k alone.
enum { BLZ_DEPTH = 384 };

// Up to so many rows times a transposed matrix are products of rows, each a sum of lanes; more rows
// pay for turning the matrix. Part of what a result is, too.
enum { BLZ_DOT_ROWS = 16, BLZ_DOT_DEPTH = 64 };

// Bytes of the left matrix that are worked on at a time: they stay in the second-level cache, or
// near it.
enum { BLZ_BLOCK_BYTES = 800 * 1024 };

// Rows of the left matrix so many bytes apart, or more, are copied next to each other where tiles
// read them again.
enum { BLZ_COPY_STEP = 1024 };

// Rows so many bytes apart, or a multiple of it, are in the same set of the first-level cache.
enum { BLZ_PAGE = 4096 };

// Bytes of a right matrix that is not copied.
enum { BLZ_SMALL_BYTES = 64 * 1024 };

// Terms that the right matrix is fetched ahead of its use.
enum { BLZ_AHEAD = 8 };

// Terms of a sum that take as long as fetching it from another core's cache.
enum { BLZ_MOVED_TERMS = 16 };

// Sums of so few terms are written row by row.
enum { BLZ_FEW_TERMS = 2 };

// Vectors of a tile of one row.
enum { BLZ_WIDE = 8 };

// Every second lane of the two, from the lower or the upper halves.
#define BLZ_ZIP_LOW_2(a, b) __builtin_shufflevector(a, b, 0, 2)
#define BLZ_ZIP_HIGH_2(a, b) __builtin_shufflevector(a, b, 1, 3)
#define BLZ_ZIP_LOW_4(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define BLZ_ZIP_HIGH_4(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define BLZ_ZIP_LOW_8(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define BLZ_ZIP_HIGH_8(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define BLZ_ZIP_LOW_16(a, b)                                                                      \
  __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define BLZ_ZIP_HIGH_16(a, b)                                                                     \
  __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// The sum of all lanes: halves added to each other.
#define BLZ_SUM_2(v) ((v)[0] + (v)[1])
#define BLZ_SUM_4(v)                                                                              \
  BLZ_SUM_2(__builtin_shufflevector(v, v, 0, 1) + __builtin_shufflevector(v, v, 2, 3))
#define BLZ_SUM_8(v)                                                                              \
  BLZ_SUM_4(__builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7))
#define BLZ_SUM_16(v)                                                                             \
  BLZ_SUM_8(                                                                                      \
    __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)                                         \
    + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15))

#define BLZ_JOIN2(a, b) a##b
#define BLZ_JOIN(a, b) BLZ_JOIN2(a, b)

// What there is for each instruction set and element type.
typedef struct {
  void (*run)(const blz_product *product, blz_block part, void *scratch);
  // The same, of a right matrix that `pack` has written.
  void (*run_packed)(const blz_product *product, blz_block part, void *scratch);
  void (*pack)(const blz_product *product, void *packed, int64_t first, int64_t end);
  size_t (*scratch)(const blz_product *product, blz_block part, bool is_packed);
  int32_t lanes;    // columns of one vector of sums
  int32_t vectors;  // of these in a panel of the right matrix
} blz_products;

extern const blz_products blz_products_f32_portable, blz_products_f64_portable;
#if defined(__x86_64__)
extern const blz_products blz_products_f32_avx2, blz_products_f64_avx2;
extern const blz_products blz_products_f32_avx512, blz_products_f64_avx512;
#endif

// For float16 and bfloat16.
void blz_half_product(
  const blz_product *product, blz_block part, void *scratch, const blz_products *floats);
size_t blz_half_scratch(const blz_product *product, blz_block part, const blz_products *floats);

// For bfloat16, where the processor multiplies pairs of them.
bool blz_has_pairs(const blz_product *product);
void blz_pairs_product(const blz_product *product, blz_block part, void *scratch);
size_t blz_pairs_scratch(const blz_product *product, blz_block part);

// For int32 and int64, over all of k at once.
void blz_integer_product(const blz_product *product, blz_block part, void *scratch);
size_t blz_integer_scratch(const blz_product *product);

#endif
