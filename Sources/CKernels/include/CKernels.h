// Vector loops for the CPU backend: fused elementwise programs, reductions, casts, gathers,
// sorts and matrix products. Plain C; every loop is compiled for AVX-512, AVX2 with FMA and
// the baseline, and chosen at run time. No function keeps state or starts a thread: callers split
// ranges over threads themselves. Pointers need only the alignment of their element.
#ifndef BLZ_CKERNELS_H
#define BLZ_CKERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "elementwise_ops.h"

#define BLZ_MAX_RANK 16

// Elements a fused program handles at a time: the tiles of all registers stay in the L1 cache.
#define BLZ_TILE 1024

// The instruction sets that there are loops for, and which of them this process uses: the widest
// that the processor has, or the one that BLITZ_ISA names (portable, avx2, avx512) if that is less.
enum { BLZ_ISA_PORTABLE = 0, BLZ_ISA_AVX2 = 1, BLZ_ISA_AVX512 = 2 };
int32_t blz_isa(void);

// Memory of the calling thread, so many bytes at least, aligned to 64; NULL if there is none. What
// the thread wrote there last is in its own core's cache. It is the thread's until it asks again.
void *blz_own_scratch(size_t size);

// Dtypes. float16 and bfloat16, and the whole numbers below uint64, are storage only: they can be
// copied, and cast from and to (small whole numbers: see blz_cast).
enum {
  BLZ_F32 = 0,
  BLZ_F64 = 1,
  BLZ_I32 = 2,
  BLZ_I64 = 3,
  BLZ_U8 = 4,
  BLZ_BOOL = 5,  // one byte, 0 or 1
  BLZ_F16 = 6,
  BLZ_BF16 = 7,
  BLZ_I8 = 8,
  BLZ_I16 = 9,
  BLZ_U16 = 10,
  BLZ_U32 = 11,
  BLZ_U64 = 12,
  BLZ_DTYPE_COUNT = 13
};

// Elementwise ops: those of elementwise_ops.h, in its order.
enum {
#define BLZ_OP_NUMBER(CODE, NAME, DOMAIN, KIND, EXPR) BLZ_##CODE,
  BLZ_ELEMENTWISE_OPS(BLZ_OP_NUMBER) BLZ_OP_COUNT
#undef BLZ_OP_NUMBER
};

// The number of the op of a name, such as "add"; -1 if there is none.
int32_t blz_op_named(const char *name);

// How many operands an op takes: 1, 2 or 3.
int blz_operand_count(int32_t op);

// Reductions. Floats accumulate in double, integers wrap; max and min give NaN if any is NaN.
enum {
  BLZ_REDUCE_NONE = 0,
  BLZ_REDUCE_SUM,
  BLZ_REDUCE_PROD,
  BLZ_REDUCE_MAX,
  BLZ_REDUCE_MIN,
  BLZ_REDUCE_NORM  // the root of the sum of squares; of floats only
};

// How an array lies in memory, seen from the index space of a program. Offset and strides count
// elements; a stride may be 0 (broadcast) or negative (flipped).
typedef struct {
  int32_t dtype;
  int32_t contiguous;  // 1: element i of the flattened space is base[offset + i]
  int64_t offset;
  int64_t strides[BLZ_MAX_RANK];  // not read if contiguous
} blz_operand;

// One elementwise instruction over registers.
typedef struct {
  int32_t op;
  int32_t dtype;  // of the operands; for where, of the chosen values; for cast, of the source
  int32_t dst;    // not an operand's or a scalar's register; may equal a, b or c
  int32_t a, b, c;
  // Of a comparison or test of float32 numbers whose result only choices between float32 numbers
  // read, and of these choices: truths are 32 bits wide, all set or none.
  bool has_wide_truths;
  // Whether it takes the result of the instruction before, both ops being of those that blz_chains
  // says yes to, between float32 numbers: a maximum or minimum as its first operand, a product as
  // one or as both, others as one of two.
  bool continues;
  // Whether the result is read otherwise than by an instruction that continues this one.
  bool is_kept;
} blz_instr;

// Whether an op between float32 numbers can be one of several that are computed in one pass.
bool blz_chains(int op);

// Writes a register's final value to an output, which may be a strided part of an array.
typedef struct {
  int32_t reg;
  blz_operand to;
} blz_store;

// A reduction of one register. The space is seen as [outer][count][inner]; the result is
// contiguous [outer][inner] of `dtype`.
typedef struct {
  int32_t kind;
  int32_t reg;
  int32_t dtype;  // of the register and of the result
  int64_t outer, count, inner;
} blz_reduction;

// A scalar argument, or the running value of a reduction: `f` for float dtypes, `i` for the rest;
// of uint64 a scalar is in `i`, and a running value in `u`.
typedef union {
  double f;
  int64_t i;
  uint64_t u;
} blz_scalar;

// An elementwise expression over an index space. Registers are numbered operands first, then
// scalars, then results of instructions; a result's register may be written again by a later one.
typedef struct {
  int32_t rank;
  int64_t dims[BLZ_MAX_RANK];
  int32_t operand_count;
  const blz_operand *operands;
  int32_t scalar_count;
  const int32_t *scalar_dtypes;
  int32_t instr_count;
  const blz_instr *instrs;
  int32_t store_count;
  const blz_store *stores;
  blz_reduction reduction;
  int32_t register_count;
} blz_program;

// Tells the core that the thread waits in a loop.
static inline void blz_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

// Bytes of one element.
size_t blz_dtype_size(int32_t dtype);

// Whether an op can be used with a dtype (of its operands).
bool blz_supports(int32_t op, int32_t dtype);

// Runs a program. Without a reduction, over elements begin..<end of the flattened space; with one,
// over begin..<end of `outer`, each reduced whole into `reduced`. An output may be one of the
// inputs if both have the same contiguous layout and element size, and no other output stores that
// input unchanged. The results do not depend on how the range is split. Returns BLZ_DONE, or why
// the results are of no use: BLZ_OUT_OF_MEMORY if scratch memory could not be had (programs of more
// than about 30 registers only), BLZ_DIVIDED_BY_ZERO if a whole number was divided by 0.
enum { BLZ_DONE = 0, BLZ_OUT_OF_MEMORY, BLZ_DIVIDED_BY_ZERO };
int32_t blz_run(
  const blz_program *program, const void *const *inputs, const blz_scalar *scalars,
  void *const *outputs, void *reduced, int64_t begin, int64_t end);

// Reduces a part of one `outer` row: count_begin..<count_end, for the columns
// inner_begin..<inner_end, into `partial` (a value per column, set by blz_reduce_begin at first).
// For a result that does not depend on the number of threads: cut `count` at places that depend on
// the shape only (multiples of 16 * BLZ_TILE, say), combine the partials in order, and cut `inner`
// only at multiples of BLZ_TILE.
int32_t blz_run_partial(
  const blz_program *program, const void *const *inputs, const blz_scalar *scalars,
  void *const *outputs, int64_t outer_index, int64_t count_begin, int64_t count_end,
  int64_t inner_begin, int64_t inner_end, blz_scalar *partial);
void blz_reduce_begin(int32_t kind, int32_t dtype, blz_scalar *partial, int64_t n);
void blz_reduce_combine(
  int32_t kind, int32_t dtype, blz_scalar *into, const blz_scalar *from, int64_t n);
void blz_reduce_end(
  int32_t kind, int32_t dtype, const blz_scalar *partial, void *reduced, int64_t n);

// Casts n contiguous elements. Floats to integers truncate and saturate, NaN gives 0; integers to
// narrower integers wrap; to float16 and bfloat16 rounds to nearest even; to bool is x != 0.
void blz_cast(void *dst, int32_t dst_dtype, const void *src, int32_t src_dtype, int64_t n);

// c = alpha * op(a) * op(b), or added to c, for float32, float64, float16 and bfloat16 (which sum
// in float32 and round once), int32 and int64 (which take alpha truncated, and wrap). op(a) is
// m x k, op(b) k x n; all are row-major, lda, ldb and ldc elements from one stored row to the next.
// Without accumulation c is not read. In float32 and float64 there may be an addend, an array with
// rows as far apart as c's, which the product is added to instead.
typedef struct {
  int32_t dtype;
  int32_t isa;  // at most blz_isa()
  bool trans_a, trans_b, accumulates;
  int64_t m, n, k;
  double alpha;
  const void *a;
  int64_t lda;
  const void *b;
  int64_t ldb;
  void *c;
  int64_t ldc;
  const void *addend;
} blz_product;

// Some rows and columns of c.
typedef struct {
  int64_t row_begin, row_end, column_begin, column_end;
} blz_block;

// Part `index` of the at most `count` parts that the product falls into for as many threads;
// an empty one where there are fewer parts.
blz_block blz_product_part(const blz_product *product, int32_t count, int32_t index);

// A right matrix that many products read, in float32 or float64, written once in the order in which
// they read it: its panels first..<end of blz_product_panels, by one thread each. A product of it
// (b is the packed matrix then, ldb and trans_b are not read, n is 2 or more) is to the last bit
// that of the matrix, but for one of few rows with a transposed matrix. It is cut into rows alone.
int64_t blz_product_panels(const blz_product *product);
size_t blz_product_packed_bytes(const blz_product *product);
void blz_product_pack(const blz_product *product, void *packed, int64_t first, int64_t end);
size_t blz_product_packed_scratch(const blz_product *product, blz_block part);
void blz_product_run_packed(const blz_product *product, blz_block part, void *scratch);

// How many sums are added for each element: of the terms k * i / sums to k * (i + 1) / sums, in
// order.
int64_t blz_product_sums(int64_t k);

// Whether `count` threads had better have some of these sums each, rather than rows or columns.
bool blz_product_shares_terms(const blz_product *product, int32_t count);

// Computes a part, with scratch memory that is aligned to 64 bytes. What an element is, to the last
// bit, depends neither on the parts nor on the alignment of a, b and c; it does on the instruction
// set, whose sums may be in another order.
void blz_product_run(const blz_product *product, blz_block part, void *scratch);
size_t blz_product_scratch(const blz_product *product, blz_block part);

// c = op(a) * op(b) of whole numbers of 8 bits, signed or not, in sums of 32 bits, which wrap: the
// numbers are exact on every instruction set. Matrices lie as those of a blz_product do.
typedef struct {
  int32_t isa;  // at most blz_isa()
  bool trans_a, trans_b, signed_a, signed_b;
  int64_t m, n, k;
  const void *a;
  int64_t lda;
  const void *b;
  int64_t ldb;
  int32_t *c;
  int64_t ldc;
} blz_byte_product;

// Whether the processor sums products of four bytes at a time there (VNNI).
bool blz_bytes_has_quads(int32_t isa);

// Whether the right matrix is packed first: its panels first..<end of blz_bytes_panels, by one
// thread each, into memory of blz_bytes_packed_bytes.
bool blz_bytes_packs(const blz_byte_product *product);
int64_t blz_bytes_panels(const blz_byte_product *product);
size_t blz_bytes_packed_bytes(const blz_byte_product *product);
void blz_bytes_pack(const blz_byte_product *product, void *packed, int64_t first, int64_t end);

// Part `index` of `count`, which may be empty, and the computing of one, of a matrix that is packed
// or NULL, with scratch memory that is aligned to 64 bytes.
blz_block blz_bytes_part(const blz_byte_product *product, int64_t count, int64_t index);
size_t blz_bytes_scratch(const blz_byte_product *product);
void blz_bytes_run(
  const blz_byte_product *product, const void *packed, blz_block part, void *scratch);

// An integer array that picks places along an axis: seen as [outer][count][inner] by strides.
typedef struct {
  const void *data;
  int32_t dtype;  // int32 or int64
  int64_t outer_stride, axis_stride, inner_stride;
} blz_index;

// out[o][j][i] = data[o][index[o][j][i]][i], for the rows begin..<end of the flattened
// [outer][count]. data is contiguous [outer][axis][inner], out contiguous [outer][count][inner];
// data_outer_stride is axis * inner, or 0 to read the same data for every o. Returns the position
// (in the flattened [outer][count][inner]) of the first index outside 0..<axis, or -1.
int64_t blz_gather(
  void *out, const void *data, size_t element_size, int64_t data_outer_stride, int64_t axis,
  int64_t inner, int64_t count, blz_index index, int64_t begin, int64_t end);

// The position (in the flattened [outer][count][inner]) of the first index outside 0..<axis among
// the rows begin..<end of the flattened [outer][count], or -1.
int64_t blz_bad_index(
  blz_index index, int64_t axis, int64_t count, int64_t inner, int64_t begin, int64_t end);

// out[o][index[o][j][i]][i] = source[o][j][i] (scatter; of equal indices the last wins), or += it
// (scatter_add), for o in outer_begin..<outer_end and indices in axis_begin..<axis_end; the others
// are passed over. out is contiguous [outer][axis][inner], source contiguous [outer][count][inner].
void blz_scatter(
  void *out, const void *source, size_t element_size, int64_t axis, int64_t inner, int64_t count,
  blz_index index, int64_t outer_begin, int64_t outer_end, int64_t axis_begin, int64_t axis_end);
void blz_scatter_add(
  void *out, const void *source, int32_t dtype, int64_t axis, int64_t inner, int64_t count,
  blz_index index, int64_t outer_begin, int64_t outer_end, int64_t axis_begin, int64_t axis_end);

// into[i] += from[i]; integers wrap.
void blz_add_arrays(void *into, const void *from, int32_t dtype, int64_t n);

// Running sums or products (kind is BLZ_REDUCE_SUM or BLZ_REDUCE_PROD) along `count` of contiguous
// [outer][count][inner], for the rows begin..<end of `outer`. float32 accumulates in double;
// integers wrap. Not for bool.
void blz_scan(
  int32_t kind, void *out, const void *data, int32_t dtype, int64_t count, int64_t inner,
  int64_t begin, int64_t end);

// Discrete Fourier transforms of rows of n numbers, without a factor. Complex numbers are pairs;
// rows of the frequencies of real numbers have n / 2 + 1 of them, of which the parts that cannot be
// (the imaginary ones of the first and, of an even n, of the last) are not read.
typedef struct blz_fft blz_fft;
enum {
  BLZ_FFT_FORWARD = 0,    // y[k] = sum over j of x[j] exp(-2 pi i j k / n)
  BLZ_FFT_INVERSE = 1,    // y[j] = sum over k of x[k] exp(2 pi i j k / n)
  BLZ_FFT_FROM_REAL = 2,  // forward, of real numbers
  BLZ_FFT_TO_REAL = 3,    // inverse, of the frequencies of real numbers
};
// What transforms of a length use; null if there is no memory.
blz_fft *blz_fft_make(int32_t kind, int64_t n, bool is_double);
void blz_fft_free(blz_fft *fft);
// The rows begin..<end, of float or double; false if there is no memory.
bool blz_fft_run(const blz_fft *fft, const void *from, void *to, int64_t begin, int64_t end);

// What is asked of float32 numbers: of n with the mean m and the sum s of (x - m)^2,
enum {
  BLZ_MOMENTS_VARIANCE = 0,  // s / parameter
  BLZ_MOMENTS_DEVIATION,     // its root
  BLZ_MOMENTS_STANDARD,      // m rounded; 1 / sqrt(s / n + parameter); (m rounded - m) times that;
                             // sqrt(s / n)
  BLZ_MOMENTS_ROOT           // 1 / sqrt(mean of x^2 + parameter)
};

// A mean and a sum of squared distances from it (for BLZ_MOMENTS_ROOT: from 0).
typedef struct {
  double mean, squares;
} blz_moment;

// What is asked along `count` of contiguous [outer][count][inner], for the rows begin..<end of
// `outer` and the columns inner_begin..<inner_end, into [outer][inner]; results after the first of
// BLZ_MOMENTS_STANDARD are `plane` elements behind each other. Results do not depend on the ranges.
void blz_moments(
  int32_t kind, double parameter, float *out, int64_t plane, const float *data, int64_t count,
  int64_t inner, int64_t begin, int64_t end, int64_t inner_begin, int64_t inner_end);

// The same of contiguous [batches][outer][count] for each of outer, of the rows begin..<end of it.
void blz_moments_apart(
  int32_t kind, double parameter, float *out, int64_t plane, const float *data, int64_t batches,
  int64_t count, int64_t outer, int64_t begin, int64_t end);

// The same of one row in parts: of [count][inner] a value for each column; two parts together, of
// so many rows each, in the first; and the results of n columns over `count` rows.
void blz_moments_part(
  int32_t kind, blz_moment *out, const float *data, int64_t count, int64_t inner);
void blz_moments_combine(
  blz_moment *into, int64_t into_count, const blz_moment *from, int64_t from_count, int64_t n);
void blz_moments_end(
  int32_t kind, double parameter, const blz_moment *moments, int64_t n, int64_t count, float *out,
  int64_t plane);

// The place of the largest (or smallest) along `count` of contiguous [outer][count][inner], for
// the rows begin..<end of `outer`: the first of equals; the first NaN if there is one.
void blz_arg_extreme(
  int64_t *out, const void *data, int32_t dtype, bool largest, int64_t count, int64_t inner,
  int64_t begin, int64_t end);

// The `first` places of the order that sorts contiguous [outer][count][inner] along `count`,
// stable, for the rows begin..<end of `outer`, into contiguous [outer][first][inner]. NaN sorts
// after everything; so last if ascending, first if descending. Returns false if scratch memory
// could not be had.
bool blz_argsort(
  int64_t *out, const void *data, int32_t dtype, bool descending, int64_t count, int64_t inner,
  int64_t first, int64_t begin, int64_t end);

// A window that slides over images of `channels` channels: sizes of the image, the window and what
// comes out, in elements. Tap (ky, kx) of the window at output (y, x) is over the image's
// (y * stride_h + ky * dilation_h - pad_h, x * stride_w + kx * dilation_w - pad_w).
typedef struct {
  int64_t channels, in_h, in_w, k_h, k_w, out_h, out_w;
  int64_t stride_h, stride_w, pad_h, pad_w, dilation_h, dilation_w;
} blz_window;

// Which of a convolution's three arrays is computed from the other two.
enum { BLZ_TO_OUTPUT = 0, BLZ_TO_INPUT = 1, BLZ_TO_WEIGHT = 2 };

// What is done to the results of a convolution to the output before anyone reads them, in this
// order: the bias of the filter is added, then the element at the same place; what is `bound` at
// most is replaced; and of two by two results side by side the largest is kept, the last NaN if
// there is one.
typedef struct {
  const void *bias, *addend;  // or NULL
  bool replaces, pools;
  double bound, replacement;
} blz_finishing;

// A convolution of float32 or float64 images: input [batch][groups][channels][in_h][in_w], weight
// [groups][filters][channels][k_h][k_w], output [batch][groups][filters][out_h][out_w], all
// contiguous, none empty. The array of the role is computed from the other two.
typedef struct {
  int32_t role, dtype;
  int32_t isa;  // at most blz_isa()
  bool keeps_weights;  // packed weights serve many runs, so that packing may take its time
  bool is_plain;       // each result is the sum of its own terms: not in Winograd's form
  int64_t batch, groups, filters;
  blz_window window;
  void *input, *weight, *output;  // if it pools, the output has half the height and half the width
  blz_finishing finish;
} blz_convolution;

// Its stages, one after the other: weights are packed for the tiles, results computed, and shares
// of a gradient of weights added up.
enum { BLZ_CONVOLUTION_PACK, BLZ_CONVOLUTION_RUN, BLZ_CONVOLUTION_TOTAL, BLZ_CONVOLUTION_STAGES };

// How many units a stage has, which threads can share out: a result is the same to the last bit
// however they do.
int64_t blz_convolution_units(const blz_convolution *convolution, int32_t stage);
// Into how many shares the units had better fall at most: each reads all weights.
int64_t blz_convolution_shares(const blz_convolution *convolution);

// Computes the units begin..<end of a stage, with memory that all stages and threads share, and
// some for this call alone; both are aligned to 64 bytes.
// Whether that is right: a gradient of weights in Winograd's form, where one of its terms is not
// finite, has to be computed again in the plain way.
bool blz_convolution_run(
  const blz_convolution *convolution, int32_t stage, void *shared, void *scratch, int64_t begin,
  int64_t end);
size_t blz_convolution_shared(const blz_convolution *convolution);
size_t blz_convolution_scratch(const blz_convolution *convolution);

// Attention of float32 queries [batch][heads][length][size] to keys [batch][groups][keys][size] and
// values [batch][groups][keys][value_size], all contiguous, none empty; `groups` divides `heads`,
// and head h reads group h / (heads / groups). A query that heeds no key has 0.
typedef struct {
  int64_t batch, heads, groups, length, keys, size, value_size;
  double scale;          // of the scores
  bool causal;           // a query heeds the keys at its own place and before
  double dropout;        // how likely a weight is dropped, below 1; the seed says which ones
  uint64_t seed;
  const float *queries, *key_rows, *values;
  const float *mask;     // what is added to the scores, a row for each query; 0 for nothing
  int64_t mask_batch, mask_head, mask_row;  // strides of it, 0 where it is read again
  float *out;            // [batch][heads][length][value_size]
  float *sums;           // [batch][heads][length], the logarithms of the sums of exponentials
  // For the gradients, which read `out` and `sums`: the slope of `out`, and what is written.
  const float *slope;
  float *query_slope, *key_slope, *value_slope;
} blz_attention;

// Computes `out` and `sums`, or the gradients if there is a slope: in units, which threads can
// share out. A result is the same to the last bit however they do. Scratch memory is aligned to 64
// bytes.
int64_t blz_attention_units(const blz_attention *attention);
size_t blz_attention_scratch(const blz_attention *attention);
void blz_attention_run(const blz_attention *attention, int64_t unit, void *scratch);

// The largest key under each window of some planes, one image each: the first of equals, the last
// NaN if there is one. What is found is the value at its place; or, if `places`, the window's value
// is added at that place of an image of zeros, which is then set to `masked_value` where the mask,
// if there is one, is not 0. A window over no element gives 0.
typedef struct {
  int32_t dtype;  // float32 or float64
  bool places;
  blz_window window;
  const void *keys, *values;
  const uint8_t *mask;
  double masked_value;
  void *result;
} blz_maxima;

void blz_window_maxima(const blz_maxima *maxima, int64_t plane_begin, int64_t plane_end);

// Turns blocks of 16 uniform numbers into normal ones, by the Box-Muller transform: numbers 0 to 7
// of a block are the radii, 8 to 15 the angles. Equal to the bit to PyTorch 2.15's on AVX2 and
// AVX-512.
//
//   r = sqrt(-2 ln(1 - x[j])), t = 2 pi x[j + 8]
//   x[j] = r cos(t) std + mean, x[j + 8] = r sin(t) std + mean
void blz_normals(float *x, int64_t blocks, float mean, float std);

// The number of true elements, and their positions in order (base is added to each).
int64_t blz_count_true(const uint8_t *mask, int64_t n);
void blz_positions_true(int64_t *out, const uint8_t *mask, int64_t base, int64_t n);

// A row of `length` numbers: the sum of `count` rows of bytes below each other, each times its
// weight.
void blz_weigh_rows_u8(
  const uint8_t *rows, int64_t length, const float *weights, int64_t count, float *out);
// Reads the decimal number that starts at `start`, correctly rounded: digits, `point` and more
// digits, an exponent. `is_whole` says whether it has neither point nor exponent.
//
// Gives the bytes that it takes; 0 if no number starts there; the bytes, negative, and no value, if
// it has more than 19 digits or a power of ten beyond 27, which takes a longer way.
ptrdiff_t blz_decimal(
  const uint8_t *start, const uint8_t *end, uint8_t point, double *value, bool *is_whole);

// Reads rows of `width` such numbers each, with `separator` between them and a line end behind: as
// many as follow each other and begin before `limit`, `most` at most. `cells` takes the numbers row
// by row, `starts` where each row starts, from `start` on. Kinds gain 1 for columns with whole
// numbers, 2 for those with others; of a row that is not read, too.
//
// Gives the bytes that the rows take, and their number.
ptrdiff_t blz_decimal_rows(
  const uint8_t *start, const uint8_t *end, const uint8_t *limit, uint8_t separator, uint8_t point,
  int64_t width, int64_t most, double *cells, int64_t *starts, uint8_t *kinds, int64_t *rows);

#endif
