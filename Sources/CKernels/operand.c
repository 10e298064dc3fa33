#include "operand.h"

void blz_walk_begin(blz_walk *walk, const blz_operand *operand, int rank, const int64_t *dims) {
  walk->offset = operand->offset;
  walk->rank = 0;
  if (operand->contiguous) return;
  for (int axis = 0; axis < rank; axis++) {
    if (dims[axis] == 1) continue;
    int last = walk->rank - 1;
    if (last >= 0 && walk->strides[last] == operand->strides[axis] * dims[axis]) {
      walk->dims[last] *= dims[axis];
      walk->strides[last] = operand->strides[axis];
    } else {
      walk->dims[walk->rank] = dims[axis];
      walk->strides[walk->rank] = operand->strides[axis];
      walk->rank++;
    }
  }
}

// The index of element `begin` along each dimension; returns its place in the array.
static int64_t blz_walk_seek(const blz_walk *walk, int64_t begin, int64_t *index) {
  int64_t place = walk->offset;
  for (int axis = walk->rank - 1; axis >= 0; axis--) {
    int64_t whole = axis > 0 ? begin / walk->dims[axis] : 0;
    index[axis] = begin - whole * walk->dims[axis];
    place += index[axis] * walk->strides[axis];
    begin = whole;
  }
  return place;
}

// From the end of one run along the last dimension to the start of the next.
static BLZ_INLINE int64_t blz_walk_carry(const blz_walk *walk, int64_t *index, int64_t place) {
  int axis = walk->rank - 1;
  while (axis > 0 && index[axis] == walk->dims[axis]) {
    place -= index[axis] * walk->strides[axis];
    index[axis] = 0;
    axis--;
    index[axis]++;
    place += walk->strides[axis];
  }
  return place;
}

// A run of n elements with a step, out of or into the array.
#define BLZ_RUN_LOAD(T)                                                                           \
  {                                                                                               \
    T *q = tile;                                                                                  \
    const T *p = from;                                                                            \
    if (stride == 0) {                                                                            \
      T x = *p;                                                                                   \
      for (int64_t i = 0; i < n; i++) q[i] = x;                                                   \
    } else if (stride == 1) {                                                                     \
      if (n > 64) blz_move_bytes(q, p, (size_t)n * sizeof(T));                                    \
      else BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i] = p[i];                                  \
    } else if (stride == -1) {                                                                    \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i] = p[-i];                                      \
    } else {                                                                                      \
      BLZ_LOOP for (int64_t i = 0; i < n; i++) q[i] = p[i * stride];                              \
    }                                                                                             \
    break;                                                                                        \
  }
#define BLZ_RUN_STORE(T)                                                                          \
  {                                                                                               \
    const T *q = tile;                                                                            \
    T *p = to;                                                                                    \
    if (stride == 1) blz_move_bytes(p, q, (size_t)n * sizeof(T));                                 \
    else BLZ_LOOP for (int64_t i = 0; i < n; i++) p[i * stride] = q[i];                           \
    break;                                                                                        \
  }

static void blz_load_run(
  void *tile, const void *from, int64_t stride, int64_t n, size_t element_size) {
  switch (element_size) {
    case 1: BLZ_RUN_LOAD(uint8_t)
    case 2: BLZ_RUN_LOAD(uint16_t)
    case 4: BLZ_RUN_LOAD(uint32_t)
    default: BLZ_RUN_LOAD(uint64_t)
  }
}

static void blz_store_run(
  const void *tile, void *to, int64_t stride, int64_t n, size_t element_size) {
  switch (element_size) {
    case 1: BLZ_RUN_STORE(uint8_t)
    case 2: BLZ_RUN_STORE(uint16_t)
    case 4: BLZ_RUN_STORE(uint32_t)
    default: BLZ_RUN_STORE(uint64_t)
  }
}

const void *blz_walk_load(
  const blz_walk *walk, const void *base, size_t element_size, int64_t begin, int64_t n,
  void *tile) {
  const char *bytes = base;
  int64_t size = (int64_t)element_size;
  if (walk->rank == 0) return bytes + (walk->offset + begin) * size;

  int64_t index[BLZ_MAX_RANK];
  int64_t place = blz_walk_seek(walk, begin, index);
  int last = walk->rank - 1;
  int64_t length = walk->dims[last], stride = walk->strides[last];
  int64_t run = last > 0 ? blz_min64(length - index[last], n) : n;
  if (stride == 1 && run == n) return bytes + place * size;

  // Rows that repeat (a bias added to every row): one period is loaded, the rest is copied from it.
  int64_t wanted = n;
  if (last == 1 && walk->strides[0] == 0) wanted = blz_min64(n, length);
  for (int64_t done = 0;;) {
    blz_load_run((char *)tile + done * size, bytes + place * size, stride, run, element_size);
    done += run;
    if (done == wanted) break;
    index[last] += run;
    place = blz_walk_carry(walk, index, place + run * stride);
    run = blz_min64(length, wanted - done);
  }
  while (wanted < n) {
    int64_t more = blz_min64(wanted, n - wanted);
    blz_move_bytes((char *)tile + wanted * size, tile, (size_t)(more * size));
    wanted += more;
  }
  return tile;
}

const void *blz_walk_place(
  const blz_walk *walk, const void *base, size_t element_size, int64_t begin) {
  int64_t index[BLZ_MAX_RANK];
  return (const char *)base + blz_walk_seek(walk, begin, index) * (int64_t)element_size;
}

void blz_walk_store(
  const blz_walk *walk, void *base, size_t element_size, int64_t begin, int64_t n,
  const void *tile) {
  char *bytes = base;
  int64_t size = (int64_t)element_size;
  if (walk->rank == 0) {
    char *to = bytes + (walk->offset + begin) * size;
    if (to != (const char *)tile) blz_move_bytes(to, tile, (size_t)(n * size));
    return;
  }
  int64_t index[BLZ_MAX_RANK];
  int64_t place = blz_walk_seek(walk, begin, index);
  int last = walk->rank - 1;
  int64_t length = walk->dims[last], stride = walk->strides[last];
  int64_t run = last > 0 ? blz_min64(length - index[last], n) : n;
  for (int64_t done = 0;;) {
    blz_store_run(
      (const char *)tile + done * size, bytes + place * size, stride, run, element_size);
    done += run;
    if (done == n) break;
    index[last] += run;
    place = blz_walk_carry(walk, index, place + run * stride);
    run = blz_min64(length, n - done);
  }
}
