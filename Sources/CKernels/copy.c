// Copies between strided arrays without tiles between: runs of bytes where both lie in order,
// blocks that are turned in registers where the last two dimensions change places.
#include "copy.h"

// A copy over dimensions of which neither array walks two as one.
typedef struct {
  int rank;
  int64_t dims[BLZ_MAX_RANK], from[BLZ_MAX_RANK], to[BLZ_MAX_RANK];
} blz_copying;

enum { BLOCK = 8, LINE = 128 };

bool blz_is_copy(const blz_program *p) {
  return p->reduction.kind == BLZ_REDUCE_NONE && p->instr_count == 0 && p->store_count == 1
    && p->stores[0].reg < p->operand_count;
}

static void blz_strides_of(const blz_operand *operand, const blz_program *p, int64_t *strides) {
  int64_t step = 1;
  for (int axis = p->rank - 1; axis >= 0; axis--) {
    strides[axis] = operand->contiguous ? step : operand->strides[axis];
    step *= p->dims[axis];
  }
}

static void blz_begin_copying(blz_copying *c, const blz_program *p) {
  int64_t from[BLZ_MAX_RANK], to[BLZ_MAX_RANK];
  blz_strides_of(&p->operands[p->stores[0].reg], p, from);
  blz_strides_of(&p->stores[0].to, p, to);
  c->rank = 0;
  for (int axis = 0; axis < p->rank; axis++) {
    int last = c->rank - 1;
    if (p->dims[axis] == 1) continue;
    if (last >= 0 && c->from[last] == from[axis] * p->dims[axis]
        && c->to[last] == to[axis] * p->dims[axis]) {
      c->dims[last] *= p->dims[axis];
    } else {
      c->dims[++last] = p->dims[axis];
      c->rank++;
    }
    c->from[last] = from[axis];
    c->to[last] = to[axis];
  }
  if (c->rank == 0) {
    c->rank = 1;
    c->dims[0] = c->from[0] = c->to[0] = 1;
  }
}

#define BLZ_MOVE(T)                                                                               \
  {                                                                                               \
    const T *p = from;                                                                            \
    T *q = to;                                                                                    \
    if (from_step == 0 && to_step == 1) {                                                         \
      T x = *p;                                                                                   \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i] = x;                                          \
    } else if (from_step == 0) {                                                                  \
      T x = *p;                                                                                   \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i * to_step] = x;                                \
    } else if (to_step == 1 && from_step != -1) {                                                 \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i] = p[i * from_step];                           \
    } else if (from_step == -1 && to_step == 1) {                                                 \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i] = p[-i];                                      \
    } else {                                                                                      \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i * to_step] = p[i * from_step];                 \
    }                                                                                             \
    break;                                                                                        \
  }

// One run along the last dimension.
static BLZ_INLINE void blz_move(
  const void *from, int64_t from_step, void *to, int64_t to_step, int64_t n, size_t size) {
  if (from_step == 1 && to_step == 1) {
    blz_move_bytes(to, from, (size_t)n * size);
    return;
  }
  switch (size) {
    case 1: BLZ_MOVE(uint8_t)
    case 2: BLZ_MOVE(uint16_t)
    case 4: BLZ_MOVE(uint32_t)
    default: BLZ_MOVE(uint64_t)
  }
}

typedef uint32_t blz_eight __attribute__((ext_vector_type(8), aligned(4)));

// Turns 8 x 8 elements of four bytes: three rounds in which pairs of rows exchange halves.
static BLZ_INLINE void blz_turn(
  const uint32_t *from, int64_t from_row, uint32_t *to, int64_t to_row) {
  blz_eight a[BLOCK], b[BLOCK];
#pragma clang loop unroll(full)
  for (int i = 0; i < 8; i++) a[i] = *(const blz_eight *)(from + i * from_row);
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    b[2 * i] = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 0, 8, 1, 9, 4, 12, 5, 13);
    b[2 * i + 1] = __builtin_shufflevector(a[2 * i], a[2 * i + 1], 2, 10, 3, 11, 6, 14, 7, 15);
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 2; i++) {
#pragma clang loop unroll(full)
    for (int j = 0; j < 2; j++) {
      blz_eight x = b[4 * i + j], y = b[4 * i + 2 + j];
      a[4 * i + 2 * j] = __builtin_shufflevector(x, y, 0, 1, 8, 9, 4, 5, 12, 13);
      a[4 * i + 2 * j + 1] = __builtin_shufflevector(x, y, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
#pragma clang loop unroll(full)
  for (int i = 0; i < 4; i++) {
    *(blz_eight *)(to + i * to_row) =
      __builtin_shufflevector(a[i], a[4 + i], 0, 1, 2, 3, 8, 9, 10, 11);
    *(blz_eight *)(to + (4 + i) * to_row) =
      __builtin_shufflevector(a[i], a[4 + i], 4, 5, 6, 7, 12, 13, 14, 15);
  }
}

#define BLZ_TURN_PLAINLY(T)                                                                       \
  for (int64_t i = 0; i < rows; i++)                                                              \
    for (int64_t j = 0; j < columns; j++)                                                         \
      ((T *)to)[i * to_row + j] = ((const T *)from)[i + j * from_column];                         \
  break;

// rows x columns elements, of which the source has columns side by side, the target rows.
static BLZ_INLINE void blz_turn_block(
  const char *from, int64_t from_column, char *to, int64_t to_row, int64_t rows, int64_t columns,
  size_t size) {
  if (size == 4 && rows == BLOCK && columns == BLOCK) {
    blz_turn((const uint32_t *)from, from_column, (uint32_t *)to, to_row);
    return;
  }
  switch (size) {
    case 1: BLZ_TURN_PLAINLY(uint8_t)
    case 2: BLZ_TURN_PLAINLY(uint16_t)
    case 4: BLZ_TURN_PLAINLY(uint32_t)
    default: BLZ_TURN_PLAINLY(uint64_t)
  }
}

// Whole rows whose elements are side by side in the target and one below the other in the source:
// as many rows at a time as share two of the source's cache lines.
static BLZ_INLINE void blz_turn_rows(
  const char *from, int64_t from_column, char *to, int64_t to_row, int64_t rows, int64_t columns,
  size_t size) {
  int64_t line = LINE / (int64_t)size, s = (int64_t)size;
  for (int64_t r0 = 0; r0 < rows; r0 += line) {
    int64_t r1 = blz_min64(r0 + line, rows);
    for (int64_t c = 0; c < columns; c += BLOCK) {
      int64_t width = blz_min64(BLOCK, columns - c);
      for (int64_t r = r0; r < r1; r += BLOCK) {
        blz_turn_block(
          from + (r + c * from_column) * s, from_column, to + (r * to_row + c) * s, to_row,
          blz_min64(BLOCK, r1 - r), width, size);
      }
    }
  }
}

BLZ_STATIC_KERNEL(
  void, blz_copy_range,
  (const blz_copying *c, const char *from, char *to, size_t size, int64_t begin, int64_t end),
  (c, from, to, size, begin, end)) {
  int last = c->rank - 1;
  int64_t length = c->dims[last], s = (int64_t)size;
  bool turns = last > 0 && c->to[last] == 1 && c->from[last] != 1 && c->from[last - 1] == 1;
  for (int64_t i = begin; i < end;) {
    int64_t rest = i, index[BLZ_MAX_RANK], source = 0, target = 0;
    for (int axis = last; axis >= 0; axis--) {
      int64_t whole = axis > 0 ? rest / c->dims[axis] : 0;
      index[axis] = rest - whole * c->dims[axis];
      source += index[axis] * c->from[axis];
      target += index[axis] * c->to[axis];
      rest = whole;
    }
    if (last > 0 && index[last] == 0 && end - i >= length) {
      // Whole rows of one matrix.
      int64_t rows = blz_min64(c->dims[last - 1] - index[last - 1], (end - i) / length);
      if (turns) {
        blz_turn_rows(
          from + source * s, c->from[last], to + target * s, c->to[last - 1], rows, length, size);
      } else {
        for (int64_t r = 0; r < rows; r++)
          blz_move(
            from + (source + r * c->from[last - 1]) * s, c->from[last],
            to + (target + r * c->to[last - 1]) * s, c->to[last], length, size);
      }
      i += rows * length;
    } else {
      int64_t n = blz_min64(length - index[last], end - i);
      blz_move(from + source * s, c->from[last], to + target * s, c->to[last], n, size);
      i += n;
    }
  }
}

void blz_copy(
  const blz_program *p, const void *input, void *output, int64_t begin, int64_t end) {
  blz_copying copying;
  blz_begin_copying(&copying, p);
  size_t size = blz_dtype_size(p->stores[0].to.dtype);
  const char *from = (const char *)input + p->operands[p->stores[0].reg].offset * (int64_t)size;
  char *to = (char *)output + p->stores[0].to.offset * (int64_t)size;
  // An output may be the memory of its operand, element for element.
  if (from != to) blz_copy_range(&copying, from, to, size, begin, end);
}
