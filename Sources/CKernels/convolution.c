// Convolutions: how one is cut into units of work, for threads and for caches.
#include "convolution.h"

const blz_convolutions *blz_convolutions_of(int32_t dtype, int32_t isa) {
  bool is_double = dtype == BLZ_F64;
#if defined(__x86_64__)
  if (isa == BLZ_ISA_AVX512)
    return is_double ? &blz_convolutions_f64_avx512 : &blz_convolutions_f32_avx512;
  if (isa == BLZ_ISA_AVX2)
    return is_double ? &blz_convolutions_f64_avx2 : &blz_convolutions_f32_avx2;
#endif
  return is_double ? &blz_convolutions_f64_portable : &blz_convolutions_f32_portable;
}

static int64_t blz_parts_of(int64_t extent, int64_t part) { return (extent + part - 1) / part; }

static int64_t blz_clamped(int64_t value, int64_t least, int64_t most) {
  return value < least ? least : value > most ? most : value;
}

static blz_axis blz_axis_of(
  bool is_gradient, int64_t in, int64_t out, int64_t taps, int64_t stride, int64_t pad,
  int64_t dilation) {
  if (!is_gradient)
    return (blz_axis){
      .size = in, .grid = out, .step = stride, .before = pad, .reach = (taps - 1) * dilation + 1,
      .residues = 1, .result = out, .taps = taps, .dilation = dilation, .pad = pad};
  blz_axis axis = {
    .size = out, .grid = blz_parts_of(in, stride), .step = 1,
    .residues = stride, .result = in, .taps = taps, .dilation = dilation,
    .pad = pad, .is_gradient = true};
  // Input r + i * stride is read by tap t at output i + (r + pad - t * dilation) / stride.
  int64_t least = INT64_MAX, most = INT64_MIN;
  for (int64_t t = 0; t < taps; t++) {
    int64_t n = pad - t * dilation, residue = ((-n) % stride + stride) % stride;
    int64_t place = (n + residue) / stride;
    if (residue >= in) continue;
    least = blz_min64(least, place);
    if (place > most) most = place;
  }
  if (least > most) least = most = 0;
  axis.before = -least, axis.reach = most - least + 1;
  return axis;
}

// Elements of a padded image of so many rows and columns of the grid.
static void blz_set_block(blz_geometry *g, int64_t rows, int64_t columns) {
  g->rows = rows, g->columns = columns;
  g->parts = blz_min64(g->x.step, g->x.reach);
  g->part = blz_parts_of((columns - 1) * g->x.step + g->x.reach, g->x.step);
  g->row = g->parts * g->part;
  g->row_step = blz_min64(g->y.step, g->y.reach);
  // An odd number of lines of the cache: the same place of all channels is in different sets.
  int64_t line = 64 / g->size;
  g->plane = blz_parts_of(((rows - 1) * g->row_step + g->y.reach) * g->row, line);
  g->plane = (g->plane | 1) * line;
}

static int64_t blz_block_bytes(const blz_geometry *g, int64_t channels) {
  return g->images * channels * g->plane * g->size;
}

// As many rows of the grid as fit; where no row does, a part of one.
static void blz_cut(blz_geometry *g, int64_t channels, int64_t rows, int64_t columns) {
  g->images = 1;
  blz_set_block(g, rows, columns);
  // Units of results each have the whole image.
  const int64_t most = g->result_blocks > 1 ? 2 * BLZ_IMAGE_BYTES : BLZ_IMAGE_BYTES;
  while (g->rows > 1 && blz_block_bytes(g, channels) > most)
    blz_set_block(g, (g->rows + 1) / 2, columns);
  while (g->rows == 1 && g->columns > 16 * g->lanes && !g->pools
         && blz_block_bytes(g, channels) > BLZ_IMAGE_BYTES)
    blz_set_block(g, 1, (g->columns + 1) / 2);
  // Two rows side by side are in one unit.
  if (g->pools && g->rows % 2 && g->rows < g->y.grid) blz_set_block(g, g->rows + 1, g->columns);
  g->row_blocks = blz_parts_of(g->y.grid, g->rows);
  g->column_blocks = blz_parts_of(g->x.grid, g->columns);
}

// Rows of a unit, `least` or more: where one image is all there is, as many for one of two threads
// as for the other.
static int64_t blz_even_rows(const blz_geometry *g, int64_t least) {
  int64_t rows = least, cost = INT64_MAX;
  for (int64_t r = least; g->batch * g->groups == 1 && r <= g->y.grid; r++) {
    int64_t most = blz_parts_of(blz_parts_of(g->y.grid, r), 2) * r;
    if (most < cost) cost = most, rows = r;
  }
  return rows;
}

// Whether one small image is all there is, and its weights are much: then each unit reads its own
// of them.
static bool blz_has_many_results(const blz_geometry *g) {
  return g->batch * g->groups == 1 && !g->is_by_rows && g->y.residues * g->x.residues == 1
    && g->y.grid * g->x.grid <= 2 * BLZ_PIXELS && g->results >= 4 * BLZ_UNIT_FILTERS;
}

// Whether results are a product of the weights as they lie: where pixels fill vectors, and there is
// little to gather, or so few pixels that packing weights for them would not pay. No choice changes
// a bit: each sum has the same terms in the same order.
static bool blz_is_product(const blz_geometry *g, bool keeps_weights) {
  const int64_t pixels = g->y.grid * g->x.grid;
  const bool is_few = !keeps_weights && pixels * g->batch <= BLZ_UNIT_PIXELS;
  if (pixels < (is_few ? 2 : 4) * g->lanes || g->results < g->lanes) return false;
  // Of packed weights no lane is wasted, and they are read one after the other.
  if (keeps_weights && pixels <= 2 * BLZ_PIXELS) return false;
  return g->taps == 1 || g->depth <= BLZ_FEW_DEPTH || is_few;
}

// Where each result is a sum over all taps and channels.
static blz_geometry blz_plain_geometry_of(const blz_convolution *q) {
  const blz_window *w = &q->window;
  const bool is_gradient = q->role == BLZ_TO_INPUT, is_weight = q->role == BLZ_TO_WEIGHT;
  blz_geometry g = {
    .from = is_gradient ? q->output : q->input, .weights = q->weight, .gradient = q->output,
    .to = is_weight ? q->weight : is_gradient ? q->input : q->output, .batch = q->batch,
    .groups = q->groups, .dtype = q->dtype, .isa = q->isa, .result_blocks = 1,
    .pools = q->finish.pools,
    .lanes = blz_convolutions_of(q->dtype, q->isa)->lanes,
    .size = q->dtype == BLZ_F64 ? 8 : 4, .taps = w->k_h * w->k_w};
  g.y = blz_axis_of(is_gradient, w->in_h, w->out_h, w->k_h, w->stride_h, w->pad_h, w->dilation_h);
  g.x = blz_axis_of(is_gradient, w->in_w, w->out_w, w->k_w, w->stride_w, w->pad_w, w->dilation_w);
  g.channels = is_gradient ? q->filters : w->channels;
  g.results = is_gradient ? w->channels : q->filters;
  g.depth = g.channels * g.taps;
  g.wide = blz_parts_of(g.results, g.lanes) * g.lanes;
  if (!is_weight) {
    // The share of lanes that is wasted decides.
    g.is_by_rows = g.results < g.lanes
      && blz_parts_of(g.x.grid, g.lanes) * g.lanes * g.results < g.lanes * g.x.grid;
    if (g.is_by_rows) g.wide = g.results;
    g.is_by_product = !is_gradient && blz_is_product(&g, q->keeps_weights);
    // Enough units for threads; where a unit ends changes no bit.
    int64_t blocks = blz_parts_of(BLZ_SHARES, q->batch * q->groups);
    int64_t rows = blz_parts_of(g.y.grid, blocks), columns = g.x.grid;
    if (g.y.grid == 1 && !g.pools)
      columns = blz_clamped(
        blz_parts_of(columns, blocks), blz_min64(columns, 4 * g.lanes), columns);
    if (g.is_by_product) {
      // Few pixels are not shared out, but gathered again for some filters each.
      int64_t least = blz_min64(blz_parts_of(BLZ_UNIT_PIXELS, g.x.grid), g.y.grid);
      rows = blz_even_rows(&g, blz_clamped(rows, least, g.y.grid));
      int64_t parts = blz_parts_of(blocks, blz_parts_of(g.y.grid, rows) * 4);
      g.result_blocks = blz_clamped(g.results / BLZ_UNIT_FILTERS, 1, parts);
    } else if (blz_has_many_results(&g)) {
      g.result_blocks = 4, rows = g.y.grid;
    }
    // Of single pixels one after the other nothing is copied but what is gathered.
    blz_cut(&g, g.is_by_product && blz_reads_pixels(&g) ? 1 : g.channels, rows, columns);
    if (g.is_by_product) {
      int64_t pixels = g.rows * g.columns, parts = blz_parts_of(pixels, BLZ_GATHERED_PIXELS);
      // Whole panels, of two or three vectors.
      g.gathered = blz_parts_of(pixels, parts * 6 * g.lanes) * 6 * g.lanes;
    }
    return g;
  }
  g.is_by_dots = g.results * 4 <= g.lanes;
  int64_t bytes = q->groups * g.wide * g.depth * g.size;
  g.shares = blz_min64(blz_parts_of(BLZ_SHARES, q->groups), q->batch);
  g.shares = blz_clamped(BLZ_SHARE_BYTES / bytes, 1, g.shares);
  // Few shares leave channels to be shared out, not too few at a time.
  int64_t blocks = blz_parts_of(BLZ_SHARES, g.shares * q->groups);
  g.channel_blocks = blz_clamped(blocks, 1, blz_parts_of(g.channels, 16));
  int64_t channels = blz_parts_of(g.channels, g.channel_blocks);
  int64_t rows = blz_clamped(BLZ_TURNED_PIXELS / g.x.grid, 1, g.y.grid);
  blz_cut(&g, channels, rows, blz_min64(g.x.grid, BLZ_TURNED_PIXELS));
  if (g.row_blocks * g.column_blocks == 1) {
    int64_t most = BLZ_IMAGE_BYTES / blz_block_bytes(&g, channels);
    int64_t images = blz_clamped(BLZ_DEPTH / (g.rows * g.columns), 1, most > 1 ? most : 1);
    g.images = blz_clamped(images, 1, blz_parts_of(q->batch, g.shares));
  }
  return g;
}

static bool blz_has_forms(const blz_convolution *q) {
  const blz_window *w = &q->window;
  const bool is_gradient = q->role == BLZ_TO_INPUT;
  const int64_t channels = is_gradient ? q->filters : w->channels;
  const int64_t results = is_gradient ? w->channels : q->filters;
  const int64_t height = is_gradient ? w->in_h : w->out_h;
  const int64_t width = is_gradient ? w->in_w : w->out_w;
  const bool is_wide = q->role == BLZ_TO_WEIGHT && width > 2 * BLZ_MOST_TILES;
  return !q->is_plain && !is_wide && w->k_h == 3 && w->k_w == 3 && w->stride_h == 1
    && w->stride_w == 1 && w->dilation_h == 1 && w->dilation_w == 1 && w->pad_h <= 2
    && w->pad_w <= 2 && height > 1 && width > 1 && channels >= BLZ_FORM_CHANNELS
    && results >= BLZ_FORM_CHANNELS
    && q->batch * ((height + 1) / 2) * ((width + 1) / 2) >= BLZ_FORM_TILES;
}

// The grid is of tiles of two by two results, each of which reads four by four pixels.
static void blz_set_forms(blz_geometry *g, bool is_weight) {
  for (blz_axis *axis = &g->y; axis; axis = axis == &g->y ? &g->x : NULL)
    axis->grid = blz_parts_of(axis->result, 2), axis->step = 2, axis->reach = 4;
  g->is_by_forms = true, g->is_by_product = false, g->result_blocks = 1, g->images = 1;
  const int64_t columns = g->pools ? g->x.grid : blz_min64(g->x.grid, BLZ_MOST_TILES);
  // Many weights come from afar, and are read again for each block of tiles.
  const int64_t weights = BLZ_FORMS * g->channels * g->wide * g->size;
  int64_t tiles = blz_max64(BLZ_TILE_BYTES, is_weight ? 0 : weights / 2)
    / (BLZ_FORMS * (g->channels + g->wide) * g->size);
  tiles = blz_clamped(tiles, BLZ_LEAST_TILES, BLZ_MOST_TILES);
  // Enough units for threads, not too few tiles in one.
  int64_t least = blz_parts_of(BLZ_LEAST_TILES, columns);
  int64_t rows = blz_parts_of(g->y.grid, blz_parts_of(BLZ_SHARES, g->batch * g->groups));
  rows = blz_even_rows(g, blz_clamped(rows, blz_min64(least, g->y.grid), g->y.grid));
  rows = blz_clamped(BLZ_UNIT_TILES / columns, 1, rows);
  if (is_weight) {
    rows = g->y.grid;
    g->shares = blz_clamped(
      BLZ_SHARE_BYTES / (g->groups * weights), 1,
      blz_min64(blz_parts_of(BLZ_SHARES, g->groups), g->batch));
    g->channel_blocks = g->shares * g->groups >= 4 ? 1 : 4;
  }
  blz_set_block(g, rows, columns);
  g->row_blocks = blz_parts_of(g->y.grid, rows);
  g->column_blocks = blz_parts_of(g->x.grid, columns);
  // Rows of pixels as they are; vectors may reach over the end.
  g->parts = 1, g->part = g->row = 2 * columns + 2;
  g->plane = (2 * rows + 2) * g->row + 2 * g->lanes;
  g->tile_rows = blz_clamped(tiles / columns, 1, g->batch * rows);
  g->is_by_dots = false;
  g->tile_stride = blz_parts_of(g->tile_rows * columns + g->lanes, g->lanes) * g->lanes;
}

static blz_geometry blz_geometry_of(const blz_convolution *q) {
  blz_geometry g = blz_plain_geometry_of(q);
  if (blz_has_forms(q)) blz_set_forms(&g, q->role == BLZ_TO_WEIGHT);
  return g;
}

// The same units of Winograd's form, each result a sum over all taps and channels.
static blz_geometry blz_geometry_without_forms(const blz_convolution *q, const blz_geometry *g) {
  blz_geometry plain = blz_plain_geometry_of(q);
  plain.to = g->to;
  plain.is_by_product = false, plain.result_blocks = 1, plain.images = 1;
  blz_set_block(&plain, 2 * g->rows, 2 * g->columns);
  plain.row_blocks = g->row_blocks, plain.column_blocks = g->column_blocks;
  return plain;
}

blz_product blz_form_product(const blz_geometry *g, int64_t tiles) {
  return (blz_product){
    .dtype = g->dtype, .isa = g->isa, .m = tiles, .n = g->results, .k = g->channels, .alpha = 1,
    .trans_a = true, .lda = g->tile_stride, .ldb = g->results, .ldc = g->wide};
}

blz_product blz_slope_product(const blz_geometry *g, int64_t channels, int64_t tiles) {
  return (blz_product){
    .dtype = g->dtype, .isa = g->isa, .m = channels, .n = g->results, .k = tiles, .alpha = 1,
    .lda = g->tile_stride, .ldb = g->wide, .ldc = g->wide};
}

static int64_t blz_rounded(int64_t count) { return (count + 7) / 8 * 8; }

blz_product blz_pixel_product(
  const blz_geometry *g, const blz_part *part, int64_t pixel, int64_t pixels, int64_t term,
  int64_t terms) {
  const int64_t plane = g->y.result * g->x.result, block = part->result_block;
  const int64_t first = g->results * block / g->result_blocks;
  const int64_t end = g->results * (block + 1) / g->result_blocks;
  const int64_t row = (part->first * g->groups + part->group) * g->results + first;
  return (blz_product){
    .dtype = g->dtype, .isa = g->isa, .m = end - first, .n = pixels, .k = terms, .alpha = 1,
    .a = (const char *)g->weights
      + ((part->group * g->results + first) * g->depth + term) * g->size,
    .lda = g->depth, .ldb = pixels,
    .c = (char *)g->to + (row * plane + part->y * g->x.result + part->x + pixel) * g->size,
    .ldc = plane, .accumulates = term > 0};
}

static size_t blz_shared(const blz_geometry *g, int32_t role) {
  if (g->is_by_product) return 0;
  int64_t depth = g->depth;
  if (g->is_by_forms) depth = BLZ_FORMS * g->channels * (role == BLZ_TO_WEIGHT ? g->shares : 1);
  else if (role == BLZ_TO_WEIGHT) depth = blz_parts_of(depth, g->lanes) * g->lanes * g->shares;
  // Behind packed weights is a flag for each unit of the packing.
  return (size_t)(g->groups * depth * g->wide * g->size + g->groups * g->channels);
}

static size_t blz_scratch(const blz_geometry *g, int32_t role) {
  // Vectors may reach over the end.
  int64_t image = blz_image_size(g) + 2 * g->lanes, places, sums, product = 0;
  if (role == BLZ_TO_WEIGHT && g->is_by_forms) {
    const int64_t tiles = g->tile_rows * g->columns;
    const int64_t channels = blz_parts_of(g->channels, g->channel_blocks);
    places = 0, image = 2 * g->plane + 4 * g->lanes;
    sums = BLZ_FORMS * (tiles * g->wide + channels * g->tile_stride);
    sums += g->tile_rows * 2 * g->x.result * g->wide;
    for (int64_t rows = 1; rows <= g->tile_rows; rows++) {
      blz_product form = blz_slope_product(g, channels, rows * g->columns);
      for (form.m = channels - (channels > 1); form.m <= channels; form.m++)
        product = blz_max64(
          product, (int64_t)blz_product_scratch(&form, (blz_block){0, form.m, 0, form.n}));
    }
  } else if (role == BLZ_TO_WEIGHT) {
    image = g->images * blz_parts_of(g->channels, g->channel_blocks) * g->plane + 2 * g->lanes;
    places = blz_rounded(g->taps) + blz_rounded(g->images * g->rows * g->columns);
    sums = g->is_by_dots ? 0 : g->images * g->rows * g->columns * g->wide;
  } else if (g->is_by_forms) {
    const int64_t tiles = g->tile_rows * g->columns;
    places = 0, image = 2 * g->plane + 4 * g->lanes;
    sums = BLZ_FORMS * (tiles * g->wide + g->channels * g->tile_stride);
    for (int64_t count = tiles; count > tiles / 2; count -= g->columns) {
      blz_product form = blz_form_product(g, count);
      int64_t bytes =
        (int64_t)blz_product_packed_scratch(&form, (blz_block){0, count, 0, g->results});
      product = blz_max64(product, bytes);
    }
  } else if (g->is_by_product) {
    places = blz_rounded(g->depth) + blz_rounded(g->taps);
    int64_t terms = blz_min64(g->depth, BLZ_DEPTH);
    // The last vectors that are copied may reach over the end.
    sums = g->gathered * terms + 4 * g->lanes;
    blz_part part = {.result_block = g->result_blocks - 1};
    blz_product all = blz_pixel_product(g, &part, 0, g->gathered, 0, terms);
    product = (int64_t)blz_product_packed_scratch(&all, (blz_block){0, all.m, 0, all.n});
  } else {
    places = blz_rounded(g->depth) + blz_rounded(g->taps) + 2 * BLZ_PIXELS;
    sums = g->is_by_rows ? g->results * g->rows * g->columns : BLZ_PIXELS * g->wide;
  }
  double bytes = (double)g->channels * (double)g->plane * (double)g->images * 8;
  if (bytes > 1e15) return SIZE_MAX / 2;
  return (size_t)(places * 8 + product + (sums + image) * g->size);
}

// Where in the scratch of a unit that is computed without Winograd's form its own begins, behind
// the packed weights.
static size_t blz_plain_start(const blz_geometry *plain, int32_t role) {
  return (blz_shared(plain, role) + 63) / 64 * 64;
}

static void blz_run_plainly(
  const blz_convolution *q, const blz_geometry *g, void *scratch, int64_t unit) {
  const blz_convolutions *of = blz_convolutions_of(q->dtype, q->isa);
  const blz_geometry plain = blz_geometry_without_forms(q, g);
  for (int64_t i = 0; i < plain.groups * plain.channels; i++) of->pack(&plain, scratch, i);
  of->results(&plain, scratch, (char *)scratch + blz_plain_start(&plain, q->role), unit);
}

size_t blz_convolution_shared(const blz_convolution *q) {
  const blz_geometry g = blz_geometry_of(q);
  return blz_shared(&g, q->role);
}

// Bytes of scratch before those of results that are pooled, which nobody else reads.
static size_t blz_scratch_of(const blz_convolution *q, const blz_geometry *g) {
  size_t bytes = blz_scratch(g, q->role);
  if (g->is_by_forms && q->role != BLZ_TO_WEIGHT) {
    const blz_geometry plain = blz_geometry_without_forms(q, g);
    size_t plainly = blz_plain_start(&plain, q->role) + blz_scratch(&plain, q->role);
    if (plainly > bytes) bytes = plainly;
  }
  return bytes > SIZE_MAX / 4 ? bytes : (bytes + 63) / 64 * 64;
}

static int64_t blz_result_bytes(const blz_geometry *g) {
  return g->results * g->y.result * g->x.result * g->size;
}

size_t blz_convolution_scratch(const blz_convolution *q) {
  const blz_geometry g = blz_geometry_of(q);
  return blz_scratch_of(q, &g) + (g.pools ? (size_t)blz_result_bytes(&g) : 0);
}

int64_t blz_convolution_units(const blz_convolution *q, int32_t stage) {
  blz_geometry g = blz_geometry_of(q);
  const bool is_weight = q->role == BLZ_TO_WEIGHT;
  switch (stage) {
    case BLZ_CONVOLUTION_PACK: return is_weight || g.is_by_product ? 0 : g.groups * g.channels;
    case BLZ_CONVOLUTION_RUN:
      return is_weight ? g.shares * g.groups * g.channel_blocks
                       : g.result_blocks * g.row_blocks * g.column_blocks * g.groups * g.batch;
    default:
      if (!is_weight) return 0;
      return g.groups * (g.is_by_forms ? g.channels : blz_parts_of(g.depth, g.lanes));
  }
}

int64_t blz_convolution_shares(const blz_convolution *q) {
  const blz_geometry g = blz_geometry_of(q);
  return g.is_by_forms ? g.batch * g.groups * g.y.grid * g.x.grid / BLZ_MOST_TILES : INT64_MAX;
}

// The results of a unit, or of `count` units that differ in their images.
static void blz_run_units(
  const blz_convolution *q, const blz_geometry *g, void *shared, void *scratch, int64_t unit,
  int64_t count) {
  const blz_convolutions *of = blz_convolutions_of(q->dtype, q->isa);
  if (!g->is_by_forms) {
    of->results(g, shared, scratch, unit);
    return;
  }
  uint64_t infinite = of->by_forms(g, shared, scratch, unit, count);
  for (int64_t i = 0; i < count; i++)
    if (infinite >> i & 1) blz_run_plainly(q, g, scratch, unit + i);
}

bool blz_convolution_run(
  const blz_convolution *q, int32_t stage, void *shared, void *scratch, int64_t begin,
  int64_t end) {
  const blz_convolutions *of = blz_convolutions_of(q->dtype, q->isa);
  const blz_finishing *finish = &q->finish;
  const bool finishes = finish->bias || finish->addend || finish->replaces || finish->pools;
  blz_geometry g = blz_geometry_of(q);
  // Results that are pooled are those of one image at a time, at the end of the scratch.
  char *pooled = (char *)scratch + (g.pools ? blz_scratch_of(q, &g) : 0);
  bool is_finite = true;
  for (int64_t unit = begin, count; unit < end; unit += count) {
    count = 1;
    if (stage == BLZ_CONVOLUTION_PACK && g.is_by_forms) of->pack_forms(&g, shared, unit);
    else if (stage == BLZ_CONVOLUTION_PACK) of->pack(&g, shared, unit);
    else if (stage == BLZ_CONVOLUTION_TOTAL && g.is_by_forms)
      is_finite &= of->total_forms(&g, shared, unit);
    else if (stage == BLZ_CONVOLUTION_TOTAL) of->total(&g, shared, unit);
    else if (q->role == BLZ_TO_WEIGHT && g.is_by_forms)
      of->weight_sums(&g, shared, scratch, unit);
    else if (q->role == BLZ_TO_WEIGHT) of->weights(&g, shared, scratch, unit);
    else {
      if (g.pools) {
        const int64_t image = unit % g.batch * g.groups + unit / g.batch % g.groups;
        g.to = pooled - image * blz_result_bytes(&g);
      } else if (g.is_by_forms) {
        count = blz_clamped(blz_min64(end - unit, g.batch - unit % g.batch), 1, 64);
      }
      blz_run_units(q, &g, shared, scratch, unit, count);
      for (int64_t i = 0; i < count && finishes; i++) of->finish(&g, q, unit + i);
    }
  }
  return is_finite;
}
