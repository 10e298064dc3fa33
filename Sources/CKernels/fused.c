// Runs a program over its index space, a tile of every register at a time.
#include <stdlib.h>

#include "copy.h"
#include "elementwise.h"
#include "operand.h"
#include "reduce.h"

enum { STACK_BYTES = 64 * 1024, PANEL = 4 * BLZ_TILE };

// How an instruction's result leaves: into a tile, or straight into output `store`.
typedef struct {
  void *base;  // the output's element 0 of the flattened space
  size_t element_size;
} blz_direct;

// What an operand's tile holds of a row that repeats: `count` elements from one of them on.
typedef struct {
  int64_t from, count;
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
  int32_t status;
} blz_run_state;

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
  for (int r = 0; r < p->register_count; r++) {
    // A contiguous operand is used where it is.
    bool in_place = r < p->operand_count && p->operands[r].contiguous;
    void *tile = in_place ? NULL : blz_take(block, &used, tile_bytes);
    if (block) s->tiles[r] = tile;
  }
  return used;
}

#define BLZ_SPLAT(DTYPE, T, EXPR)                                                                 \
  case DTYPE:                                                                                     \
    for (int64_t i = 0; i < n; i++) ((T *)tile)[i] = (T)(EXPR);                                   \
    break;

static void blz_splat(void *tile, int dtype, blz_scalar value, int64_t n) {
  switch (dtype) {
    BLZ_SPLAT(BLZ_F32, float, value.f)
    BLZ_SPLAT(BLZ_F64, double, value.f)
    BLZ_SPLAT(BLZ_I32, int32_t, value.i)
    BLZ_SPLAT(BLZ_I64, int64_t, value.i)
    BLZ_SPLAT(BLZ_U8, uint8_t, value.i)
    BLZ_SPLAT(BLZ_BOOL, uint8_t, value.i != 0)
    BLZ_SPLAT(BLZ_I8, int8_t, value.i)
    BLZ_SPLAT(BLZ_I16, int16_t, value.i)
    BLZ_SPLAT(BLZ_U16, uint16_t, value.i)
    BLZ_SPLAT(BLZ_U32, uint32_t, value.i)
    BLZ_SPLAT(BLZ_U64, uint64_t, value.i)
    case BLZ_F16:
    case BLZ_BF16:
      // Only numbers that fill memory are halves.
      for (int64_t i = 0; i < n; i++) blz_cast((uint16_t *)tile + i, dtype, &value.f, BLZ_F64, 1);
      break;
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
  for (int i = 0; i < p->instr_count; i++) s->directs[i].base = NULL;
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

static void blz_prepare(
  blz_run_state *s, const blz_program *p, const void *const *inputs, const blz_scalar *scalars,
  void *const *outputs, int64_t longest_tile) {
  s->program = p;
  s->status = BLZ_DONE;
  blz_find_reduced(s);
  s->inputs = inputs;
  s->outputs = outputs;
  for (int r = 0; r < p->register_count; r++) s->at[r] = s->tiles[r];
  for (int o = 0; o < p->operand_count; o++) s->filled[o].from = s->filled[o].count = 0;
  for (int o = 0; o < p->operand_count; o++)
    blz_walk_begin(&s->walks[o], &p->operands[o], p->rank, p->dims);
  for (int t = 0; t < p->store_count; t++)
    blz_walk_begin(&s->walks[p->operand_count + t], &p->stores[t].to, p->rank, p->dims);
  for (int i = 0; i < p->scalar_count; i++)
    blz_splat(s->tiles[p->operand_count + i], p->scalar_dtypes[i], scalars[i], longest_tile);
  blz_find_directs(s);
  blz_find_plain(s);
}

// How many elements to compute at a time: as many as there are where one instruction takes all it
// reads from memory and writes memory.
static int64_t blz_step(const blz_run_state *s, int64_t n) {
  const blz_program *p = s->program;
  bool is_straight = p->instr_count == 1 && p->scalar_count == 0 && p->store_count == 1
    && s->stored[0];
  for (int o = 0; o < p->operand_count; o++)
    is_straight = is_straight && blz_walk_is_contiguous(&s->walks[o]);
  // These look through a tile for arguments that are beyond what the vectors hold for.
  int32_t op = p->instr_count == 1 ? p->instrs[0].op : BLZ_COPY;
  bool looks = op == BLZ_SIN || op == BLZ_COS || op == BLZ_TAN;
  return is_straight && !looks ? n : BLZ_TILE;
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

static void blz_execute(const blz_instr *instr, void *dst, const void **at, int64_t n) {
  const void *a = at[instr->a];
  if (instr->op == BLZ_COPY) {
    if (dst != a) memcpy(dst, a, (size_t)n * blz_dtype_size(instr->dtype));
    return;
  }
  if (instr->op == BLZ_CAST) {
    blz_cast(dst, instr->c, a, instr->dtype, n);
    return;
  }
  int count = blz_operand_count(instr->op);
  const void *b = count > 1 ? at[instr->b] : NULL;
  const void *c = count > 2 ? at[instr->c] : NULL;
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

// Computes elements begin..<begin + n of every register; n is at most blz_step.
static void blz_compute(blz_run_state *s, int64_t begin, int64_t n) {
  const blz_program *p = s->program;
  for (int o = 0; o < p->operand_count; o++) {
    if (blz_is_filled(s, o, begin, n)) continue;
    size_t size = blz_dtype_size(p->operands[o].dtype);
    s->at[o] = blz_walk_load(&s->walks[o], s->inputs[o], size, begin, n, s->tiles[o]);
  }
  for (int i = 0; i < s->instr_count; i++) {
    const blz_instr *instr = &p->instrs[i];
    const blz_direct *direct = &s->directs[i];
    void *dst = direct->base ? (char *)direct->base + begin * (int64_t)direct->element_size
                             : s->tiles[instr->dst];
    if (blz_divides_by_zero(instr, s->at, n)) s->status = BLZ_DIVIDED_BY_ZERO;
    blz_execute(instr, dst, s->at, n);
    s->at[instr->dst] = dst;
  }
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
    for (int64_t c = count_begin; c < count_end; c += BLZ_TILE) {
      int64_t n = blz_min64(BLZ_TILE, count_end - c);
      blz_compute(s, base + c, n);
      blz_reduce_rows(r->kind, s->reduced_dtype, s->at[s->reduced], 1, n, partial);
      blz_write(s, base + c, n);
    }
  } else if (width == r->inner && width <= BLZ_TILE) {
    int64_t rows = BLZ_TILE / width;
    for (int64_t c = count_begin; c < count_end; c += rows) {
      int64_t n = blz_min64(rows, count_end - c);
      blz_compute(s, base + c * width, n * width);
      blz_reduce_columns(r->kind, s->reduced_dtype, s->at[s->reduced], n, width, width, partial);
      blz_write(s, base + c * width, n * width);
    }
  } else {
    // Rows one after another, as they lie in memory, in panels whose values stay in the cache.
    for (int64_t panel = inner_begin; panel < inner_end; panel += PANEL) {
      int64_t panel_end = blz_min64(panel + PANEL, inner_end);
      for (int64_t c = count_begin; c < count_end; c++) {
        for (int64_t i = panel; i < panel_end; i += BLZ_TILE) {
          int64_t n = blz_min64(BLZ_TILE, panel_end - i), at = base + c * r->inner + i;
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
  if (!s->plain && block > 0 && block <= BLZ_TILE) {
    int64_t group = BLZ_TILE / block;
    for (int64_t o = begin; o < end; o += group) {
      int64_t rows = blz_min64(group, end - o), n = rows * r->inner;
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
  int64_t step = blz_step(s, end - begin);
  for (int64_t i = begin; i < end; i += step) {
    int64_t n = blz_min64(step, end - i);
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
