// Runs a program over its index space, a tile of every register at a time.
#include <stdlib.h>

#include "copy.h"
#include "elementwise.h"
#include "operand.h"
#include "reduce.h"

enum { STACK_BYTES = 96 * 1024, PANEL = 4 * BLZ_TILE };

// Shorter rows are taken several at a time.
enum { SHORT_ROW = 192 };

// More instructions are not computed in one pass.
enum { LONGEST_CHAIN = 16 };

// How an instruction's result leaves: into a tile, or straight into output `store`.
typedef struct {
  void *base;  // the output's element 0 of the flattened space
  size_t element_size;
  int operands;       // how many the instruction has
  bool takes_number;  // whether one of them may be one number
} blz_direct;

// What an operand's tile holds of a row that repeats: `count` elements from one of them on.
typedef struct {
  int64_t from, count;
  size_t size;  // of an element
} blz_filled;

// What a run keeps between tiles; it lies in one block of scratch memory.
typedef struct {
  const blz_program *program;
  const void *const *inputs;
  void *const *outputs;
  blz_walk *walks;      // of the operands, then of the stores
  const void **at;      // where each register's current tile is
  void **tiles;         // memory for each register's tile
  blz_filled *filled;   // what is in the operands' tiles
  blz_direct *directs;  // of the instructions
  uint8_t *stored;      // whether a store is done by an instruction
  int instr_count;      // how many instructions there are to run
  int reduced, reduced_dtype;  // the register that a reduction reads, and what is in it
  const char *plain;           // an operand reduced where it lies, else null
  int64_t row;      // the length of the last dimension, where tiles keep to its rows, else 0
  int64_t step;     // the longest tile then: part of a row, or whole short ones
  int64_t longest;  // elements that the longest tile may have
  bool is_within;   // whether each tile is within one row
  uint8_t *form;    // of the registers: what at[] is
  uint8_t *stays;   // of the operands: whether they are one number along a row
  int32_t status;
} blz_run_state;

// What a register's tile is: all elements; one number for all; both, where these are the same.
enum { BLZ_ALL, BLZ_ONE, BLZ_ALL_ONE };

static size_t blz_round_up(size_t bytes) { return (bytes + 63) & ~(size_t)63; }

// Cuts `bytes` off a block; with a null block it only counts.
static void *blz_take(char *block, size_t *used, size_t bytes) {
  void *taken = block ? block + *used : NULL;
  *used += blz_round_up(bytes);
  return taken;
}

// The size of the largest element in any register.
static size_t blz_largest_element(const blz_program *p) {
  size_t largest = 1;
#define BLZ_ENLARGE(DTYPE)                                                                        \
  {                                                                                               \
    size_t size = blz_dtype_size(DTYPE);                                                          \
    if (size > largest) largest = size;                                                           \
  }
  for (int i = 0; i < p->operand_count; i++) BLZ_ENLARGE(p->operands[i].dtype)
  for (int i = 0; i < p->scalar_count; i++) BLZ_ENLARGE(p->scalar_dtypes[i])
  for (int i = 0; i < p->instr_count; i++) {
    BLZ_ENLARGE(p->instrs[i].dtype)
    if (p->instrs[i].op == BLZ_CAST) BLZ_ENLARGE(p->instrs[i].c)
  }
#undef BLZ_ENLARGE
  return largest;
}

// Lays the state out in `block` and returns the bytes it takes.
static size_t blz_lay_out(const blz_program *p, char *block, blz_run_state *s) {
  size_t used = 0;
  // 64 bytes more than a tile, so that tiles do not all fall on the same cache sets.
  size_t tile_bytes = BLZ_TILE * blz_largest_element(p) + 64;
  size_t walks = (size_t)(p->operand_count + p->store_count);
  s->walks = blz_take(block, &used, walks * sizeof *s->walks);
  s->at = blz_take(block, &used, (size_t)p->register_count * sizeof *s->at);
  s->tiles = blz_take(block, &used, (size_t)p->register_count * sizeof *s->tiles);
  s->filled = blz_take(block, &used, (size_t)p->operand_count * sizeof *s->filled);
  s->directs = blz_take(block, &used, (size_t)p->instr_count * sizeof *s->directs);
  s->stored = blz_take(block, &used, (size_t)p->store_count);
  s->form = blz_take(block, &used, (size_t)p->register_count);
  s->stays = blz_take(block, &used, (size_t)p->operand_count);
  for (int r = 0; r < p->register_count; r++) {
    // A contiguous operand is used where it is.
    bool in_place = r < p->operand_count && p->operands[r].contiguous;
    void *tile = in_place ? NULL : blz_take(block, &used, tile_bytes);
    if (block) s->tiles[r] = tile;
  }
  return used;
}

#define BLZ_NUMBER(DTYPE, T, EXPR) case DTYPE: *(T *)tile = (T)(EXPR); break;

// Writes a scalar as the first element of a tile.
static void blz_put_number(void *tile, int dtype, blz_scalar value) {
  switch (dtype) {
    BLZ_NUMBER(BLZ_F32, float, value.f)
    BLZ_NUMBER(BLZ_F64, double, value.f)
    BLZ_NUMBER(BLZ_I32, int32_t, value.i)
    BLZ_NUMBER(BLZ_I64, int64_t, value.i)
    BLZ_NUMBER(BLZ_U8, uint8_t, value.i)
    BLZ_NUMBER(BLZ_BOOL, uint8_t, value.i != 0)
    BLZ_NUMBER(BLZ_I8, int8_t, value.i)
    BLZ_NUMBER(BLZ_I16, int16_t, value.i)
    BLZ_NUMBER(BLZ_U16, uint16_t, value.i)
    BLZ_NUMBER(BLZ_U32, uint32_t, value.i)
    BLZ_NUMBER(BLZ_U64, uint64_t, value.i)
    // Only numbers that fill memory are halves.
    case BLZ_F16:
    case BLZ_BF16: blz_cast(tile, dtype, &value.f, BLZ_F64, 1); break;
  }
}

static int blz_reads(const blz_instr *instr, int reg) {
  if (instr->a == reg) return 1;
  int count = blz_operand_count(instr->op);
  return (count > 1 && instr->b == reg) || (count > 2 && instr->c == reg);
}

// Whether some operand is the memory of output `store`, and is still read after instruction `last`.
static int blz_is_read_later(const blz_run_state *s, int store, int last) {
  const blz_program *p = s->program;
  for (int o = 0; o < p->operand_count; o++) {
    if (s->inputs[o] != s->outputs[store]) continue;
    if (p->reduction.kind && s->reduced == o) return 1;
    for (int i = last + 1; i < p->instr_count; i++)
      if (blz_reads(&p->instrs[i], o)) return 1;
    for (int t = 0; t < p->store_count; t++)
      if (p->stores[t].reg == o) return 1;
  }
  return 0;
}

// Finds the stores that the instruction computing the value can write itself.
static void blz_find_directs(blz_run_state *s) {
  const blz_program *p = s->program;
  for (int i = 0; i < p->instr_count; i++) {
    const blz_instr *instr = &p->instrs[i];
    blz_direct *direct = &s->directs[i];
    direct->base = NULL;
    direct->operands = blz_operand_count(instr->op);
    direct->takes_number =
      instr->dtype == BLZ_F32
      && (instr->op == BLZ_WHERE ? instr->has_wide_truths : blz_takes_number(instr->op));
  }
  for (int t = 0; t < p->store_count; t++) {
    const blz_walk *walk = &s->walks[p->operand_count + t];
    s->stored[t] = 0;
    if (!blz_walk_is_contiguous(walk)) continue;
    int last = p->instr_count - 1;
    while (last >= 0 && p->instrs[last].dst != p->stores[t].reg) last--;
    if (last < 0 || s->directs[last].base || blz_is_read_later(s, t, last)) continue;
    size_t size = blz_dtype_size(p->stores[t].to.dtype);
    s->directs[last].base = (char *)s->outputs[t] + walk->offset * (int64_t)size;
    s->directs[last].element_size = size;
    s->stored[t] = 1;
  }
}

// A reduction of floats cast to double just for it reads them as they are: it adds in double
// anyway.
static void blz_find_reduced(blz_run_state *s) {
  const blz_program *p = s->program;
  const blz_reduction *r = &p->reduction;
  s->instr_count = p->instr_count;
  s->reduced = r->reg;
  s->reduced_dtype = r->dtype;
  if (r->kind == BLZ_REDUCE_NONE || p->instr_count == 0) return;
  const blz_instr *last = &p->instrs[p->instr_count - 1];
  if (last->dst != r->reg || last->op != BLZ_CAST || last->dtype != BLZ_F32 || last->c != BLZ_F64)
    return;
  for (int t = 0; t < p->store_count; t++)
    if (p->stores[t].reg == r->reg) return;
  s->instr_count--;
  s->reduced = last->a;
  s->reduced_dtype = BLZ_F32;
}

// A reduction of an operand as it is needs no tiles: nothing is computed or written on the way.
static void blz_find_plain(blz_run_state *s) {
  const blz_program *p = s->program;
  s->plain = NULL;
  if (p->reduction.kind == BLZ_REDUCE_NONE || s->instr_count > 0 || p->store_count > 0) return;
  if (s->reduced >= p->operand_count || !blz_walk_is_contiguous(&s->walks[s->reduced])) return;
  size_t size = blz_dtype_size(s->reduced_dtype);
  s->plain = (const char *)s->inputs[s->reduced] + s->walks[s->reduced].offset * (int64_t)size;
}

// Where an operand is walked along the last dimension otherwise than in its order of memory, tiles
// keep to rows of it: what stays in place along them is then one number, and rows that come again
// are used where they lie.
static void blz_find_rows(blz_run_state *s) {
  const blz_program *p = s->program;
  const int64_t length = p->rank > 0 ? p->dims[p->rank - 1] : 0;
  s->row = s->step = 0;
  s->is_within = false;
  bool has_numbers = false;
  for (int o = 0; o < p->operand_count; o++) {
    const blz_walk *walk = &s->walks[o];
    const int64_t stride = walk->rank > 0 ? walk->strides[walk->rank - 1] : -1;
    s->stays[o] = stride == 0;
    has_numbers |= s->stays[o];
    if (stride == 0 || (stride == 1 && walk->rank > 1)) s->row = length;
  }
  if (s->row < 2) s->row = 0;
  if (s->row == 0) return;
  s->is_within = length >= (has_numbers ? SHORT_ROW : BLZ_TILE / 2);
  if (s->is_within) {
    int64_t parts = (length + BLZ_TILE - 1) / BLZ_TILE;
    s->step = blz_min64(BLZ_TILE, ((length + parts - 1) / parts + 15) / 16 * 16);
  } else {
    s->step = BLZ_TILE / length * length;
  }
}

// How many of n elements from `begin` on are the next tile.
static BLZ_INLINE int64_t blz_tile_length(const blz_run_state *s, int64_t begin, int64_t n) {
  if (s->row == 0) return blz_min64(BLZ_TILE, n);
  int64_t place = begin % s->row;
  if (s->is_within || place > 0) n = blz_min64(n, s->row - place);
  return blz_min64(n, s->step);
}

// How many of n rows of a reduction, so wide each and beginning at `begin`, are one tile. Where
// tiles are within rows of the space, such a row is a part of one.
static BLZ_INLINE int64_t blz_whole_rows(
  const blz_run_state *s, int64_t begin, int64_t width, int64_t n) {
  if (!s->is_within) return blz_min64(BLZ_TILE / width, n);
  return blz_tile_length(s, begin, n * width) / width;
}

static void blz_prepare(
  blz_run_state *s, const blz_program *p, const void *const *inputs, const blz_scalar *scalars,
  void *const *outputs, int64_t longest_tile) {
  s->program = p;
  s->longest = longest_tile;
  s->status = BLZ_DONE;
  blz_find_reduced(s);
  s->inputs = inputs;
  s->outputs = outputs;
  for (int r = 0; r < p->register_count; r++) s->at[r] = s->tiles[r];
  for (int o = 0; o < p->operand_count; o++)
    s->filled[o] = (blz_filled){0, 0, blz_dtype_size(p->operands[o].dtype)};
  for (int o = 0; o < p->operand_count; o++)
    blz_walk_begin(&s->walks[o], &p->operands[o], p->rank, p->dims);
  for (int t = 0; t < p->store_count; t++)
    blz_walk_begin(&s->walks[p->operand_count + t], &p->stores[t].to, p->rank, p->dims);
  for (int i = 0; i < p->scalar_count; i++)
    blz_put_number(s->tiles[p->operand_count + i], p->scalar_dtypes[i], scalars[i]);
  for (int r = 0; r < p->register_count; r++) s->form[r] = BLZ_ALL;
  for (int i = 0; i < p->scalar_count; i++) s->form[p->operand_count + i] = BLZ_ONE;
  blz_find_directs(s);
  blz_find_plain(s);
  blz_find_rows(s);
}

// Whether one instruction takes all it reads from memory and writes memory: then all elements are
// one tile.
static bool blz_is_straight(const blz_run_state *s) {
  const blz_program *p = s->program;
  bool is_straight = p->instr_count == 1 && p->scalar_count == 0 && p->store_count == 1
    && s->stored[0];
  for (int o = 0; o < p->operand_count; o++)
    is_straight = is_straight && blz_walk_is_contiguous(&s->walks[o]);
  // These look through a tile for arguments that are beyond what the vectors hold for.
  int32_t op = p->instr_count == 1 ? p->instrs[0].op : BLZ_COPY;
  bool looks = op == BLZ_SIN || op == BLZ_COS || op == BLZ_TAN;
  return is_straight && !looks;
}

#define BLZ_FIND_ZERO(DTYPE, T)                                                                   \
  case DTYPE:                                                                                     \
    for (int64_t i = 0; i < n; i++) found |= ((const T *)divisors)[i] == 0;                       \
    break;

// Whether an instruction divides a whole number by zero.
static bool blz_divides_by_zero(const blz_instr *instr, const void *const *at, int64_t n) {
  if (instr->op != BLZ_DIV && instr->op != BLZ_REM) return false;
  const void *divisors = at[instr->b];
  bool found = false;
  switch (instr->dtype) {
    BLZ_FIND_ZERO(BLZ_I32, int32_t)
    BLZ_FIND_ZERO(BLZ_I64, int64_t)
    BLZ_FIND_ZERO(BLZ_U64, uint64_t)
    BLZ_FIND_ZERO(BLZ_U8, uint8_t)
  }
  return found;
}

#define BLZ_FILL(SIZE, T)                                                                         \
  case SIZE: {                                                                                    \
    const T x = *(const T *)number;                                                               \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) ((T *)to)[i] = x;                                    \
    break;                                                                                        \
  }

static void blz_fill(void *to, const void *number, size_t size, int64_t n) {
  switch (size) {
    BLZ_FILL(1, uint8_t)
    BLZ_FILL(2, uint16_t)
    BLZ_FILL(4, uint32_t)
    BLZ_FILL(8, uint64_t)
  }
}

// Makes a register that is one number a tile of it.
static void blz_spread(blz_run_state *s, int reg, int dtype, int64_t n) {
  if (s->form[reg] != BLZ_ONE) return;
  const int scalar = reg - s->program->operand_count;
  const bool is_scalar = scalar >= 0 && scalar < s->program->scalar_count;
  // A scalar stays in its tile for the whole run.
  if (is_scalar) n = blz_max64(n, s->longest);
  blz_fill(s->tiles[reg], s->at[reg], blz_dtype_size(dtype), n);
  s->at[reg] = s->tiles[reg];
  s->form[reg] = is_scalar ? BLZ_ALL_ONE : BLZ_ALL;
}

// The dtype of an instruction's operand.
static BLZ_INLINE int blz_dtype_of(const blz_instr *instr, int operand) {
  bool is_truth = instr->op == BLZ_WHERE && operand == 0 && !instr->has_wide_truths;
  return is_truth ? BLZ_BOOL : instr->dtype;
}

// Which operand of an instruction is taken as one number; all others that are one are spread.
static int blz_number(
  blz_run_state *s, const blz_instr *instr, const blz_direct *direct, int64_t n) {
  if (direct->takes_number) {
    bool chooses = instr->op == BLZ_WHERE;
    uint8_t a = s->form[chooses ? instr->b : instr->a], b = s->form[chooses ? instr->c : instr->b];
    if (chooses) blz_spread(s, instr->a, BLZ_F32, n);
    if (b != BLZ_ALL && a != BLZ_ONE) return BLZ_SECOND;
    if (a != BLZ_ALL && b != BLZ_ONE) return BLZ_FIRST;
  }
  const int regs[] = {instr->a, instr->b, instr->c};
  for (int i = 0; i < direct->operands; i++) blz_spread(s, regs[i], blz_dtype_of(instr, i), n);
  return BLZ_NO_NUMBER;
}

// Whether all that an instruction reads is one number each.
static BLZ_INLINE bool blz_is_one(const blz_run_state *s, const blz_instr *instr, int count) {
  return s->form[instr->a] != BLZ_ALL && (count < 2 || s->form[instr->b] != BLZ_ALL)
    && (count < 3 || s->form[instr->c] != BLZ_ALL);
}

static void blz_execute(
  const blz_instr *instr, int operands, int number, void *dst, const void **at, int64_t n) {
  const void *a = at[instr->a];
  if (instr->has_wide_truths) {
    const void *b = operands > 1 ? at[instr->b] : NULL, *c = operands > 2 ? at[instr->c] : NULL;
    blz_elementwise_wide_f32(instr->op, number, dst, a, b, c, n);
    return;
  }
  if (number != BLZ_NO_NUMBER) {
    blz_elementwise_number_f32(instr->op, number, dst, a, at[instr->b], n);
    return;
  }
  if (instr->op == BLZ_COPY) {
    if (dst != a) memcpy(dst, a, (size_t)n * blz_dtype_size(instr->dtype));
    return;
  }
  if (instr->op == BLZ_CAST) {
    blz_cast(dst, instr->c, a, instr->dtype, n);
    return;
  }
  const void *b = operands > 1 ? at[instr->b] : NULL;
  const void *c = operands > 2 ? at[instr->c] : NULL;
  switch (instr->dtype) {
    case BLZ_F32: blz_elementwise_f32(instr->op, dst, a, b, c, n); break;
    case BLZ_F64: blz_elementwise_f64(instr->op, dst, a, b, c, n); break;
    case BLZ_I32: blz_elementwise_i32(instr->op, dst, a, b, c, n); break;
    case BLZ_I64: blz_elementwise_i64(instr->op, dst, a, b, c, n); break;
    case BLZ_U64: blz_elementwise_u64(instr->op, dst, a, b, c, n); break;
    case BLZ_U8: blz_elementwise_u8(instr->op, dst, a, b, c, n); break;
    case BLZ_BOOL: blz_elementwise_bool(instr->op, dst, a, b, c, n); break;
  }
}

// Whether an operand's tile already holds the elements: those of a row that repeats come again.
static bool blz_is_filled(blz_run_state *s, int operand, int64_t begin, int64_t n) {
  const blz_walk *walk = &s->walks[operand];
  blz_filled *filled = &s->filled[operand];
  int last = walk->rank - 1;
  if (last < 0 || last > 1 || walk->strides[0] != 0) return false;
  int64_t from = last == 0 ? 0 : begin % walk->dims[1];
  if (filled->from == from && n <= filled->count) return true;
  filled->from = from;
  // A short row's elements may be used where they lie.
  filled->count = last == 0 || from + n > walk->dims[1] || walk->strides[1] != 1 ? n : 0;
  return false;
}

// Where an instruction's results go.
static BLZ_INLINE void *blz_target(const blz_run_state *s, int i, int64_t begin) {
  const blz_direct *direct = &s->directs[i];
  return direct->base ? (char *)direct->base + begin * (int64_t)direct->element_size
                      : s->tiles[s->program->instrs[i].dst];
}

static int blz_link_of(int op, bool is_second) {
  switch (op) {
    case BLZ_ADD: return BLZ_LINK_ADD;
    case BLZ_SUB: return is_second ? BLZ_LINK_SUB_FROM : BLZ_LINK_SUB;
    case BLZ_MUL: return BLZ_LINK_MUL;
    case BLZ_DIV: return is_second ? BLZ_LINK_DIV_OF : BLZ_LINK_DIV;
    case BLZ_MAX: return is_second ? -1 : BLZ_LINK_MAX;
    case BLZ_MIN: return is_second ? -1 : BLZ_LINK_MIN;
    case BLZ_NEG: return BLZ_LINK_NEG;
    case BLZ_ABS: return BLZ_LINK_ABS;
    default: return BLZ_LINK_SQRT;
  }
}

// Computes instructions first..<end, each of which continues the one before, in one pass.
//
// Returns whether it did: not where the first has no operand to begin with.
static bool blz_run_chain(blz_run_state *s, int first, int end, int64_t begin, int64_t n) {
  const blz_program *p = s->program;
  blz_link links[LONGEST_CHAIN];
  const void *from = NULL;
  int running = -1;
  for (int i = first; i < end; i++) {
    const blz_instr *instr = &p->instrs[i];
    const bool is_unary = s->directs[i].operands == 1;
    bool is_second = false, is_square = false;
    if (i == first) {
      if (s->form[instr->a] != BLZ_ONE) running = instr->a;
      else if (!is_unary && s->form[instr->b] != BLZ_ONE) running = instr->b;
      else return false;
      from = s->at[running];
      is_second = running != instr->a;
      if (blz_link_of(instr->op, is_second) < 0) return false;
    } else {
      is_second = instr->a != running;
      is_square = !is_unary && !is_second && instr->b == running;
    }
    blz_link *link = &links[i - first];
    link->op = blz_link_of(instr->op, is_second);
    if (is_square) link->op = BLZ_LINK_SQUARE;
    const int other = is_second ? instr->a : instr->b;
    const bool has_other = !is_unary && !is_square;
    link->is_number = has_other && s->form[other] != BLZ_ALL;
    link->operand = has_other ? s->at[other] : NULL;
    // A copy: a later link may write the register.
    if (link->is_number) link->number = *link->operand;
    link->to = i + 1 == end || instr->is_kept ? blz_target(s, i, begin) : NULL;
    running = instr->dst;
    s->at[running] = link->to;
    s->form[running] = BLZ_ALL;
  }
  blz_chain_f32(links, end - first, from, n);
  return true;
}

// Computes elements begin..<begin + n of every register, a tile or less.
static void blz_compute(blz_run_state *s, int64_t begin, int64_t n) {
  const blz_program *p = s->program;
  const int64_t line = s->is_within ? begin / s->row : 0;
  for (int o = 0; o < p->operand_count; o++) {
    const size_t size = s->filled[o].size;
    const blz_walk *walk = &s->walks[o];
    if (walk->rank == 0) {
      s->at[o] = (const char *)s->inputs[o] + (walk->offset + begin) * (int64_t)size;
      continue;
    }
    if (s->is_within && walk->rank == 2 && walk->dims[1] == s->row && walk->strides[1] >> 1 == 0) {
      // One number for the row, or a row as it lies.
      int64_t place = line * walk->strides[0] + (begin - line * s->row) * walk->strides[1];
      s->at[o] = (const char *)s->inputs[o] + (walk->offset + place) * (int64_t)size;
      s->form[o] = s->stays[o] ? BLZ_ONE : BLZ_ALL;
      continue;
    }
    if (s->is_within && s->stays[o]) {
      s->at[o] = blz_walk_place(&s->walks[o], s->inputs[o], size, begin);
      s->form[o] = BLZ_ONE;
      continue;
    }
    if (blz_is_filled(s, o, begin, n)) continue;
    s->at[o] = blz_walk_load(&s->walks[o], s->inputs[o], size, begin, n, s->tiles[o]);
  }
  for (int i = 0; i < s->instr_count; i++) {
    const blz_instr *instr = &p->instrs[i];
    const blz_direct *direct = &s->directs[i];
    void *dst = blz_target(s, i, begin);
    int end = i + 1;
    while (end < s->instr_count && p->instrs[end].continues) end++;
    if (end - i > 1 && end - i <= LONGEST_CHAIN && blz_run_chain(s, i, end, begin, n)) {
      i = end - 1;
      continue;
    }
    bool is_one = !direct->base && blz_is_one(s, instr, direct->operands);
    int64_t count = is_one ? 1 : n;
    int number = is_one ? BLZ_NO_NUMBER : blz_number(s, instr, direct, n);
    if (blz_divides_by_zero(instr, s->at, count)) s->status = BLZ_DIVIDED_BY_ZERO;
    blz_execute(instr, direct->operands, number, dst, s->at, count);
    s->at[instr->dst] = dst;
    s->form[instr->dst] = is_one ? BLZ_ONE : BLZ_ALL;
  }
  if (p->reduction.kind != BLZ_REDUCE_NONE) blz_spread(s, s->reduced, s->reduced_dtype, n);
  for (int t = 0; t < p->store_count; t++)
    if (!s->stored[t]) blz_spread(s, p->stores[t].reg, p->stores[t].to.dtype, n);
}

// Writes the stores of the tile just computed that no instruction did. A reduction reads the tile
// before, since an output may be the memory of an operand.
static void blz_write(blz_run_state *s, int64_t begin, int64_t n) {
  const blz_program *p = s->program;
  // Operands that are stored as they are come first: another store may be to their memory.
  for (int computed = 0; computed < 2; computed++) {
    for (int t = 0; t < p->store_count; t++) {
      const blz_store *store = &p->stores[t];
      if (s->stored[t] || (store->reg >= p->operand_count) != computed) continue;
      blz_walk_store(
        &s->walks[p->operand_count + t], s->outputs[t], blz_dtype_size(store->to.dtype), begin, n,
        s->at[store->reg]);
    }
  }
}

static void blz_reduce_part(
  blz_run_state *s, int64_t outer_index, int64_t count_begin, int64_t count_end,
  int64_t inner_begin, int64_t inner_end, blz_scalar *partial) {
  const blz_reduction *r = &s->program->reduction;
  int64_t base = outer_index * r->count * r->inner, width = inner_end - inner_begin;
  if (s->plain) {
    int64_t first = base + count_begin * r->inner + inner_begin, n = count_end - count_begin;
    const void *from = s->plain + first * (int64_t)blz_dtype_size(s->reduced_dtype);
    if (r->inner == 1) blz_reduce_rows(r->kind, s->reduced_dtype, from, 1, n, partial);
    else blz_reduce_columns(r->kind, s->reduced_dtype, from, n, width, r->inner, partial);
  } else if (r->inner == 1) {
    for (int64_t c = count_begin, n; c < count_end; c += n) {
      n = blz_tile_length(s, base + c, count_end - c);
      blz_compute(s, base + c, n);
      blz_reduce_rows(r->kind, s->reduced_dtype, s->at[s->reduced], 1, n, partial);
      blz_write(s, base + c, n);
    }
  } else if (width == r->inner && width <= BLZ_TILE && (!s->is_within || width <= s->row)) {
    for (int64_t c = count_begin, n; c < count_end; c += n) {
      n = blz_whole_rows(s, base + c * width, width, count_end - c);
      blz_compute(s, base + c * width, n * width);
      blz_reduce_columns(r->kind, s->reduced_dtype, s->at[s->reduced], n, width, width, partial);
      blz_write(s, base + c * width, n * width);
    }
  } else {
    // Rows one after another, as they lie in memory, in panels whose values stay in the cache.
    for (int64_t panel = inner_begin; panel < inner_end; panel += PANEL) {
      int64_t panel_end = blz_min64(panel + PANEL, inner_end);
      for (int64_t c = count_begin; c < count_end; c++) {
        for (int64_t i = panel, n; i < panel_end; i += n) {
          const int64_t at = base + c * r->inner + i;
          n = blz_tile_length(s, at, panel_end - i);
          blz_compute(s, at, n);
          blz_reduce_columns(
            r->kind, s->reduced_dtype, s->at[s->reduced], 1, n, n, partial + (i - inner_begin));
          blz_write(s, at, n);
        }
      }
    }
  }
}

// Whole rows of `outer`: several in a tile if they fit, else each in parts.
static void blz_reduce_whole(blz_run_state *s, void *reduced, int64_t begin, int64_t end) {
  const blz_reduction *r = &s->program->reduction;
  int64_t size = (int64_t)blz_dtype_size(r->dtype), block = r->count * r->inner;
  int64_t from_size = (int64_t)blz_dtype_size(s->reduced_dtype);
  blz_scalar values[PANEL];
  if (r->inner == 0) return;
  if (s->plain && r->inner == 1) {
    for (int64_t o = begin; o < end; o += PANEL) {
      int64_t n = blz_min64(PANEL, end - o);
      blz_reduce_begin(r->kind, r->dtype, values, n);
      blz_reduce_rows(
        r->kind, s->reduced_dtype, s->plain + o * block * from_size, n, r->count, values);
      blz_reduce_end(r->kind, r->dtype, values, (char *)reduced + o * size, n);
    }
    return;
  }
  if (!s->plain && block > 0 && block <= BLZ_TILE && (!s->is_within || block <= s->row)) {
    for (int64_t o = begin, rows; o < end; o += rows) {
      rows = blz_whole_rows(s, o * block, block, end - o);
      const int64_t n = rows * r->inner;
      blz_compute(s, o * block, rows * block);
      blz_reduce_begin(r->kind, r->dtype, values, n);
      if (r->inner == 1) {
        blz_reduce_rows(r->kind, s->reduced_dtype, s->at[s->reduced], rows, r->count, values);
      } else {
        for (int64_t i = 0; i < rows; i++)
          blz_reduce_columns(
            r->kind, s->reduced_dtype, (const char *)s->at[s->reduced] + i * block * from_size,
            r->count, r->inner, r->inner, values + i * r->inner);
      }
      blz_write(s, o * block, rows * block);
      blz_reduce_end(r->kind, r->dtype, values, (char *)reduced + o * r->inner * size, n);
    }
    return;
  }
  for (int64_t o = begin; o < end; o++) {
    for (int64_t i = 0; i < r->inner; i += PANEL) {
      int64_t n = blz_min64(PANEL, r->inner - i);
      blz_reduce_begin(r->kind, r->dtype, values, n);
      blz_reduce_part(s, o, 0, r->count, i, i + n, values);
      blz_reduce_end(r->kind, r->dtype, values, (char *)reduced + (o * r->inner + i) * size, n);
    }
  }
}

static void blz_run_elements(blz_run_state *s, int64_t begin, int64_t end) {
  const bool is_straight = blz_is_straight(s);
  for (int64_t i = begin, n; i < end; i += n) {
    n = is_straight ? end - i : blz_tile_length(s, i, end - i);
    blz_compute(s, i, n);
    blz_write(s, i, n);
  }
}

// Scratch memory for a run: on the stack if it fits, else of its own.
#define BLZ_WITH_STATE(N, BODY)                                                                   \
  blz_run_state state;                                                                            \
  _Alignas(64) char stack[STACK_BYTES];                                                           \
  char *block = stack, *owned = NULL;                                                             \
  size_t bytes = blz_lay_out(program, NULL, &state);                                              \
  if (bytes > STACK_BYTES) {                                                                      \
    block = owned = aligned_alloc(64, bytes);                                                     \
    if (!owned) return BLZ_OUT_OF_MEMORY;                                                         \
  }                                                                                               \
  blz_lay_out(program, block, &state);                                                            \
  blz_prepare(&state, program, inputs, scalars, outputs, blz_min64(BLZ_TILE, N));                 \
  BODY;                                                                                           \
  free(owned);                                                                                    \
  return state.status;

int32_t blz_run(
  const blz_program *program, const void *const *inputs, const blz_scalar *scalars,
  void *const *outputs, void *reduced, int64_t begin, int64_t end) {
  if (begin >= end) return BLZ_DONE;
  if (blz_is_copy(program)) {
    blz_copy(program, inputs[program->stores[0].reg], outputs[0], begin, end);
    return BLZ_DONE;
  }
  int64_t n = program->reduction.kind == BLZ_REDUCE_NONE ? end - begin : BLZ_TILE;
  BLZ_WITH_STATE(n, {
    if (program->reduction.kind != BLZ_REDUCE_NONE) {
      blz_reduce_whole(&state, reduced, begin, end);
    } else {
      blz_run_elements(&state, begin, end);
    }
  })
}

int32_t blz_run_partial(
  const blz_program *program, const void *const *inputs, const blz_scalar *scalars,
  void *const *outputs, int64_t outer_index, int64_t count_begin, int64_t count_end,
  int64_t inner_begin, int64_t inner_end, blz_scalar *partial) {
  if (count_begin >= count_end || inner_begin >= inner_end) return BLZ_DONE;
  BLZ_WITH_STATE(BLZ_TILE, {
    blz_reduce_part(
      &state, outer_index, count_begin, count_end, inner_begin, inner_end, partial);
  })
}
