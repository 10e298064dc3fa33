// Convolutions: what the files of one instruction set each share.
#ifndef BLZ_CONVOLUTION_H
#define BLZ_CONVOLUTION_H

#include "product.h"

// Pixels whose sums are kept until they are written.
enum { BLZ_PIXELS = 128 };

// Bytes of padded images that are worked on at a time: they stay in the second-level cache.
enum { BLZ_IMAGE_BYTES = 256 * 1024 };

// Pixels that the gradient of weights takes at a time.
enum { BLZ_TURNED_PIXELS = 1024 };

// Partial sums of a gradient of weights: so many at most, and together so many bytes.
enum { BLZ_SHARES = 16, BLZ_SHARE_BYTES = 4 << 20 };

// Pixels of an image that a product takes at a time, and of a unit at least.
enum { BLZ_GATHERED_PIXELS = 240, BLZ_UNIT_PIXELS = 96 };

// Terms of sums that are few: what is written for them takes longer.
enum { BLZ_FEW_DEPTH = 32 };

// Filters of a unit at least, so that it pays to gather pixels for them; and bytes of weights that
// are worked on at a time.
enum { BLZ_UNIT_FILTERS = 96, BLZ_WEIGHT_BYTES = 192 * 1024 };

// Winograd's form: its products, channels at least, tiles in all that pay for transforming the
// weights, tiles worked on at a time, at least and at most, bytes of them, and tiles of a unit.
enum {
  BLZ_FORMS = 16, BLZ_FORM_CHANNELS = 16, BLZ_FORM_TILES = 32, BLZ_LEAST_TILES = 24,
  BLZ_MOST_TILES = 96, BLZ_TILE_BYTES = 512 * 1024, BLZ_UNIT_TILES = 1024
};

// Taps of a tile of products of rows.
enum { BLZ_DOT_TAPS = 9 };

// The even and the odd lanes of the two.
#define BLZ_EVEN_2(a, b) __builtin_shufflevector(a, b, 0, 2)
#define BLZ_ODD_2(a, b) __builtin_shufflevector(a, b, 1, 3)
#define BLZ_EVEN_4(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6)
#define BLZ_ODD_4(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7)
#define BLZ_EVEN_8(a, b) __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14)
#define BLZ_ODD_8(a, b) __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15)
#define BLZ_EVEN_16(a, b)                                                                         \
  __builtin_shufflevector(a, b, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30)
#define BLZ_ODD_16(a, b)                                                                          \
  __builtin_shufflevector(a, b, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)

// The lower and the upper half of the lanes; of two lanes both, as nobody asks.
#define BLZ_LOW_2(v) __builtin_shufflevector(v, v, 0)
#define BLZ_HIGH_2(v) __builtin_shufflevector(v, v, 1)
#define BLZ_LOW_4(v) __builtin_shufflevector(v, v, 0, 1)
#define BLZ_HIGH_4(v) __builtin_shufflevector(v, v, 2, 3)
#define BLZ_LOW_8(v) __builtin_shufflevector(v, v, 0, 1, 2, 3)
#define BLZ_HIGH_8(v) __builtin_shufflevector(v, v, 4, 5, 6, 7)
#define BLZ_LOW_16(v) __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
#define BLZ_HIGH_16(v) __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15)

// One axis of a convolution. Results are on a grid: number i of residue r is at r + i * residues.
// All that a result reads is at i * step - before ..< i * step - before + reach.
typedef struct {
  int64_t size, grid, step, before, reach, residues, result;
  int64_t taps, dilation, pad;
  bool is_gradient;
} blz_axis;

// A convolution as one of the image to the result; for the gradient of weights that of the input
// to the output.
typedef struct {
  const void *from, *weights, *gradient;  // what is padded; and, where they are read, the others
  void *to;
  blz_axis y, x;
  int64_t batch, groups;
  int64_t channels, results;  // of a group
  int64_t lanes, size;        // of a vector, of an element in bytes
  int64_t wide;               // results, in whole vectors
  int64_t taps, depth;        // of the window; and times channels
  bool is_by_rows;            // pixels in lanes, not results
  bool is_by_dots;            // gradients of weights as products of rows
  bool is_by_product;         // a product of the weights as they lie and of pixels
  bool pools;                 // of two by two results the largest is kept
  bool is_by_forms;           // in Winograd's form: the grid is of tiles of two by two results
  int64_t rows, columns;      // of the grid, that are worked on at a time
  int64_t images;             // and of how many images
  int64_t row_blocks, column_blocks;
  // A padded row holds columns a step apart next to each other, in `parts` of `part` elements;
  // the rows of a result are `row_step` rows below those of the result above.
  int64_t parts, part, row, row_step, plane;
  int64_t shares, channel_blocks;  // of a gradient of weights
  // Of a product: the results of a unit, pixels that are gathered at a time, and what it takes.
  int64_t result_blocks, gathered;
  // Of Winograd's form: rows of tiles that are worked on at a time, and elements from channel to
  // channel of what they are made of.
  int64_t tile_rows, tile_stride;
  int32_t dtype, isa;
} blz_geometry;

// What is worked on: images, rows and columns of the grid.
typedef struct {
  int64_t first, images, group, channel, channels, y, x, rows, columns, result_block;
} blz_part;

// Units of results: images, then groups, then blocks of the grid.
static BLZ_INLINE blz_part blz_part_of(const blz_geometry *g, int64_t unit) {
  int64_t blocks = g->row_blocks * g->column_blocks, block = unit / g->batch / g->groups % blocks;
  blz_part part = {
    .first = unit % g->batch, .images = 1, .group = unit / g->batch % g->groups,
    .result_block = unit / g->batch / g->groups / blocks,
    .channels = g->channels, .y = block / g->column_blocks * g->rows,
    .x = block % g->column_blocks * g->columns};
  part.rows = blz_min64(g->rows, g->y.grid - part.y);
  part.columns = blz_min64(g->columns, g->x.grid - part.x);
  return part;
}

// The place of a tap in what a result of this residue reads, or -1 if it is not part of it.
static BLZ_INLINE int64_t blz_tap(const blz_axis *axis, int64_t residue, int64_t tap) {
  if (!axis->is_gradient) return tap * axis->dilation;
  int64_t n = residue + axis->pad - tap * axis->dilation;
  return n % axis->residues ? -1 : n / axis->residues + axis->before;
}

// How many results have this residue.
static BLZ_INLINE int64_t blz_residue_count(const blz_axis *axis, int64_t residue) {
  return (axis->result - residue + axis->residues - 1) / axis->residues;
}

// Where a column of a padded row is.
static BLZ_INLINE int64_t blz_column(const blz_geometry *g, int64_t column) {
  return column % g->x.step * g->part + column / g->x.step;
}

// The places in the padded image of the taps that results of these residues read; how many.
static BLZ_INLINE int64_t blz_taps(
  const blz_geometry *g, int64_t y_residue, int64_t x_residue, int64_t *places) {
  int64_t count = 0;
  for (int64_t ky = 0; ky < g->y.taps; ky++) {
    int64_t y = blz_tap(&g->y, y_residue, ky);
    for (int64_t kx = 0; y >= 0 && kx < g->x.taps; kx++) {
      int64_t x = blz_tap(&g->x, x_residue, kx);
      if (x >= 0) places[count++] = y * g->row + blz_column(g, x);
    }
  }
  return count;
}

// The part of the results that a unit of Winograd's form, or another, has.
static BLZ_INLINE blz_part blz_pixels_of(const blz_geometry *g, int64_t unit) {
  blz_part part = blz_part_of(g, unit);
  const int64_t scale = g->is_by_forms ? 2 : 1;
  part.y *= scale, part.x *= scale;
  part.rows = blz_min64(part.rows * scale, g->y.result - part.y);
  part.columns = blz_min64(part.columns * scale, g->x.result - part.x);
  return part;
}

// Whether what results read are single pixels that lie one after the other, of rows or of a part of
// one row.
static BLZ_INLINE bool blz_reads_pixels(const blz_geometry *g) {
  return g->taps == 1 && g->y.step == 1 && g->x.step == 1 && g->y.before == 0
    && g->x.before == 0 && g->y.grid == g->y.size && g->x.grid == g->x.size;
}

// Elements of the padded copy of an image, for results.
static BLZ_INLINE int64_t blz_image_size(const blz_geometry *g) {
  return g->is_by_product && blz_reads_pixels(g) ? 0 : g->images * g->channels * g->plane;
}

// What there is for each instruction set and element type.
typedef struct blz_convolutions {
  void (*pack)(const blz_geometry *g, void *shared, int64_t unit);
  void (*results)(const blz_geometry *g, const void *shared, void *scratch, int64_t unit);
  // The same in Winograd's form, and of some units one after the other, up to 64. Bit i of the
  // answer is 1 where unit i has results that are not finite.
  void (*pack_forms)(const blz_geometry *g, void *shared, int64_t unit);
  uint64_t (*by_forms)(
    const blz_geometry *g, const void *shared, void *scratch, int64_t unit, int64_t count);
  // What is to be done to the results of a unit at last.
  void (*finish)(const blz_geometry *g, const blz_convolution *q, int64_t unit);
  void (*weights)(const blz_geometry *g, void *shared, void *scratch, int64_t unit);
  void (*total)(const blz_geometry *g, const void *shared, int64_t unit);
  // The same in Winograd's form; whether the gradient is finite.
  void (*weight_sums)(const blz_geometry *g, void *shared, void *scratch, int64_t unit);
  bool (*total_forms)(const blz_geometry *g, const void *shared, int64_t unit);
  // Maxima of a plane under windows of two by two side by side.
  void (*pool)(
    void *to, const void *keys, const void *values, bool places, const blz_window *w);
  int64_t lanes;
} blz_convolutions;

// The product of some results of a part with so many pixels from one on, over some terms; without
// the pixels.
blz_product blz_pixel_product(
  const blz_geometry *g, const blz_part *part, int64_t pixel, int64_t pixels, int64_t term,
  int64_t terms);

// The product of so many tiles of one form with the weights; without both and the result.
blz_product blz_form_product(const blz_geometry *g, int64_t tiles);

// The product of some channels of so many tiles of one form with the gradient of the output;
// without both and the result.
blz_product blz_slope_product(const blz_geometry *g, int64_t channels, int64_t tiles);

const blz_convolutions *blz_convolutions_of(int32_t dtype, int32_t isa);

extern const blz_convolutions blz_convolutions_f32_portable, blz_convolutions_f64_portable;
#if defined(__x86_64__)
extern const blz_convolutions blz_convolutions_f32_avx2, blz_convolutions_f64_avx2;
extern const blz_convolutions blz_convolutions_f32_avx512, blz_convolutions_f64_avx512;
#endif

#endif
