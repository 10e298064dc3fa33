// Picking and placing elements by an integer array along one axis.
#include "clones.h"

static BLZ_INLINE int64_t blz_index_at(const blz_index *index, int64_t place) {
  return index->dtype == BLZ_I32 ? ((const int32_t *)index->data)[place]
                                 : ((const int64_t *)index->data)[place];
}

static BLZ_INLINE void blz_copy_element(char *to, const char *from, size_t size) {
  switch (size) {
    case 1: *to = *from; break;
    case 2: memcpy(to, from, 2); break;
    case 4: memcpy(to, from, 4); break;
    default: memcpy(to, from, 8); break;
  }
}

// How many of the indices from `place` on lie side by side and are all within 0..<axis: they are
// looked at together, before any is used.
static BLZ_INLINE int64_t blz_sound_run(
  const blz_index *index, int64_t place, int64_t step, int64_t axis, int64_t n) {
  n = blz_min64(n, 1024);
  if (step != 1 || index->dtype != BLZ_I64) return 0;
  const int64_t *k = (const int64_t *)index->data + place;
  int bad = 0;
  BLZ_LOOP for (int64_t i = 0; i < n; i++) bad |= (uint64_t)k[i] >= (uint64_t)axis;
  return bad ? 0 : n;
}

// Elements at sound indices; a next one is found `along` elements further on.
#define BLZ_PICK(T)                                                                               \
  {                                                                                               \
    T *q = to;                                                                                    \
    const T *p = from;                                                                            \
    int64_t i = 0;                                                                                \
    for (; i + 4 <= n; i += 4, p += 4 * along) {                                                  \
      T x0 = p[k[i] * inner], x1 = p[k[i + 1] * inner + along];                                   \
      T x2 = p[k[i + 2] * inner + 2 * along], x3 = p[k[i + 3] * inner + 3 * along];               \
      q[i] = x0;                                                                                  \
      q[i + 1] = x1;                                                                              \
      q[i + 2] = x2;                                                                              \
      q[i + 3] = x3;                                                                              \
    }                                                                                             \
    for (; i < n; i++, p += along) q[i] = p[k[i] * inner];                                        \
    break;                                                                                        \
  }
static BLZ_INLINE void blz_pick(
  void *to, const void *from, const int64_t *k, int64_t inner, int64_t along, int64_t n,
  size_t size) {
  switch (size) {
    case 1: BLZ_PICK(uint8_t)
    case 2: BLZ_PICK(uint16_t)
    case 4: BLZ_PICK(uint32_t)
    default: BLZ_PICK(uint64_t)
  }
}

BLZ_KERNEL(
  int64_t, blz_gather,
  (void *out, const void *data, size_t element_size, int64_t data_outer_stride, int64_t axis,
   int64_t inner, int64_t count, blz_index index, int64_t begin, int64_t end),
  (out, data, element_size, data_outer_stride, axis, inner, count, index, begin, end)) {
  int64_t size = (int64_t)element_size, n = 1;
  const int64_t *list = index.data;
  for (int64_t row = begin; row < end; row += n) {
    int64_t o = row / count, j = row - o * count;
    const char *from = (const char *)data + o * data_outer_stride * size;
    char *to = (char *)out + row * inner * size;
    int64_t place = o * index.outer_stride + j * index.axis_stride;
    n = 1;
    if (inner == 1) {
      int64_t rows = blz_min64(count - j, end - row);
      int64_t sound = blz_sound_run(&index, place, index.axis_stride, axis, rows);
      if (sound > 0) {
        n = sound;
        blz_pick(to, from, list + place, 1, 0, n, element_size);
        continue;
      }
    }
    if (index.inner_stride == 0) {
      // One index for the whole row.
      if (inner == 0) continue;
      int64_t k = blz_index_at(&index, place);
      if (k < 0 || k >= axis) return row * inner;
      blz_move_bytes(to, from + k * inner * size, (size_t)(inner * size));
      continue;
    }
    for (int64_t i = 0; i < inner; i++) {
      int64_t sound = blz_sound_run(&index, place + i, index.inner_stride, axis, inner - i);
      if (sound > 0) {
        blz_pick(
          to + i * size, from + i * size, list + place + i, inner, 1, sound, element_size);
        i += sound - 1;
        continue;
      }
      int64_t k = blz_index_at(&index, place + i * index.inner_stride);
      if (k < 0 || k >= axis) return row * inner + i;
      blz_copy_element(to + i * size, from + (k * inner + i) * size, element_size);
    }
  }
  return -1;
}

BLZ_KERNEL(
  int64_t, blz_bad_index,
  (blz_index index, int64_t axis, int64_t count, int64_t inner, int64_t begin, int64_t end),
  (index, axis, count, inner, begin, end)) {
  // One position stands for a whole row where they do not differ along it.
  int64_t width = index.inner_stride == 0 ? blz_min64(inner, 1) : inner;
  bool is_list = width == 1 && index.axis_stride == 1 && index.dtype == BLZ_I64;
  for (int64_t row = begin; row < end; row++) {
    int64_t o = row / count, j = row - o * count;
    int64_t place = o * index.outer_stride + j * index.axis_stride;
    if (is_list) {
      // Looked at together; one by one only where there is a bad one among them.
      int64_t n = blz_min64(blz_min64(count - j, end - row), 1024);
      const int64_t *k = (const int64_t *)index.data + place;
      int bad = 0;
      BLZ_LOOP for (int64_t i = 0; i < n; i++) bad |= (uint64_t)k[i] >= (uint64_t)axis;
      if (!bad) {
        row += n - 1;
        continue;
      }
    }
    for (int64_t i = 0; i < width; i++) {
      int64_t k = blz_index_at(&index, place + i * index.inner_stride);
      if (k < 0 || k >= axis) return row * inner + i;
    }
  }
  return -1;
}

// The walk that scatter and scatter_add share: PLACE(to, from) for every element.
#define BLZ_SCATTER(T, PLACE)                                                                     \
  bool is_whole = axis_begin == 0 && axis_end == axis;                                            \
  for (int64_t o = outer_begin; o < outer_end; o++) {                                             \
    T *to = (T *)out + o * axis * inner;                                                          \
    if (inner == 1) {                                                                             \
      const T *from = (const T *)source + o * count;                                              \
      for (int64_t j = 0; j < count; j++) {                                                       \
        int64_t place = o * index.outer_stride + j * index.axis_stride;                           \
        int64_t sound = is_whole ? blz_sound_run(                                                 \
          &index, place, index.axis_stride, axis, count - j) : 0;                                 \
        if (sound > 0) {                                                                          \
          const int64_t *list = (const int64_t *)index.data + place;                              \
          for (int64_t i = 0; i < sound; i++) PLACE(to[list[i]], from[j + i]);                    \
          j += sound - 1;                                                                         \
          continue;                                                                               \
        }                                                                                         \
        int64_t k = blz_index_at(&index, place);                                                  \
        if (k >= axis_begin && k < axis_end) PLACE(to[k], from[j]);                               \
      }                                                                                           \
      continue;                                                                                   \
    }                                                                                             \
    for (int64_t j = 0; j < count; j++) {                                                         \
      int64_t row = o * count + j, place = o * index.outer_stride + j * index.axis_stride;        \
      const T *from = (const T *)source + row * inner;                                            \
      if (index.inner_stride == 0) {                                                              \
        int64_t k = blz_index_at(&index, place);                                                  \
        if (k < axis_begin || k >= axis_end) continue;                                            \
        T *line = to + k * inner;                                                                 \
        BLZ_LOOP for (int64_t i = 0; i < inner; i++) PLACE(line[i], from[i]);                     \
        continue;                                                                                 \
      }                                                                                           \
      for (int64_t i = 0; i < inner; i++) {                                                       \
        int64_t k = blz_index_at(&index, place + i * index.inner_stride);                         \
        if (k >= axis_begin && k < axis_end) PLACE(to[k * inner + i], from[i]);                   \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  break;
#define BLZ_PUT(TO, FROM) TO = FROM
#define BLZ_ADD_TO(TO, FROM) TO += FROM

BLZ_KERNEL(
  void, blz_scatter,
  (void *out, const void *source, size_t element_size, int64_t axis, int64_t inner, int64_t count,
   blz_index index, int64_t outer_begin, int64_t outer_end, int64_t axis_begin, int64_t axis_end),
  (out, source, element_size, axis, inner, count, index, outer_begin, outer_end, axis_begin,
   axis_end)) {
  switch (element_size) {
    case 1: { BLZ_SCATTER(uint8_t, BLZ_PUT) }
    case 2: { BLZ_SCATTER(uint16_t, BLZ_PUT) }
    case 4: { BLZ_SCATTER(uint32_t, BLZ_PUT) }
    default: { BLZ_SCATTER(uint64_t, BLZ_PUT) }
  }
}

BLZ_KERNEL(
  void, blz_scatter_add,
  (void *out, const void *source, int32_t dtype, int64_t axis, int64_t inner, int64_t count,
   blz_index index, int64_t outer_begin, int64_t outer_end, int64_t axis_begin, int64_t axis_end),
  (out, source, dtype, axis, inner, count, index, outer_begin, outer_end, axis_begin, axis_end)) {
  switch (dtype) {
    case BLZ_F32: { BLZ_SCATTER(float, BLZ_ADD_TO) }
    case BLZ_F64: { BLZ_SCATTER(double, BLZ_ADD_TO) }
    case BLZ_I32: { BLZ_SCATTER(uint32_t, BLZ_ADD_TO) }
    case BLZ_I64:
    case BLZ_U64: { BLZ_SCATTER(uint64_t, BLZ_ADD_TO) }
    default: { BLZ_SCATTER(uint8_t, BLZ_ADD_TO) }
  }
}

#define BLZ_SUM_UP(T)                                                                             \
  {                                                                                               \
    T *to = into;                                                                                 \
    const T *p = from;                                                                            \
    BLZ_LOOP for (int64_t i = 0; i < n; i++) to[i] += p[i];                                       \
    break;                                                                                        \
  }

BLZ_KERNEL(
  void, blz_add_arrays, (void *into, const void *from, int32_t dtype, int64_t n),
  (into, from, dtype, n)) {
  switch (dtype) {
    case BLZ_F32: BLZ_SUM_UP(float)
    case BLZ_F64: BLZ_SUM_UP(double)
    case BLZ_I32: BLZ_SUM_UP(uint32_t)
    case BLZ_I64:
    case BLZ_U64: BLZ_SUM_UP(uint64_t)
    default: BLZ_SUM_UP(uint8_t)
  }
}

int64_t blz_count_true(const uint8_t *mask, int64_t n) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) count += mask[i] != 0;
  return count;
}

void blz_positions_true(int64_t *out, const uint8_t *mask, int64_t base, int64_t n) {
  enum { BLOCK = 256 };
  for (int64_t i = 0; i < n; i += BLOCK) {
    // Without a branch for each: what is written at a place without a truth is written over.
    int64_t found[BLOCK + 1], end = blz_min64(BLOCK, n - i), count = 0;
    for (int64_t j = 0; j < end; j++) {
      found[count] = base + i + j;
      count += mask[i + j] != 0;
    }
    memcpy(out, found, (size_t)count * sizeof *out);
    out += count;
  }
}
