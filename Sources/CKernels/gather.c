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

int64_t blz_gather(
  void *out, const void *data, size_t element_size, int64_t data_outer_stride, int64_t axis,
  int64_t inner, int64_t count, blz_index index, int64_t begin, int64_t end) {
  int64_t size = (int64_t)element_size;
  for (int64_t row = begin; row < end; row++) {
    int64_t o = row / count, j = row - o * count;
    const char *from = (const char *)data + o * data_outer_stride * size;
    char *to = (char *)out + row * inner * size;
    int64_t place = o * index.outer_stride + j * index.axis_stride;
    if (index.inner_stride == 0) {
      // One index for the whole row.
      if (inner == 0) continue;
      int64_t k = blz_index_at(&index, place);
      if (k < 0 || k >= axis) return row * inner;
      memcpy(to, from + k * inner * size, (size_t)(inner * size));
      continue;
    }
    for (int64_t i = 0; i < inner; i++) {
      int64_t k = blz_index_at(&index, place + i * index.inner_stride);
      if (k < 0 || k >= axis) return row * inner + i;
      blz_copy_element(to + i * size, from + (k * inner + i) * size, element_size);
    }
  }
  return -1;
}

// The walk that scatter and scatter_add share: PLACE(to, from) for every element.
#define BLZ_SCATTER(T, PLACE)                                                                     \
  for (int64_t o = outer_begin; o < outer_end; o++) {                                             \
    for (int64_t j = 0; j < count; j++) {                                                         \
      int64_t row = o * count + j, place = o * index.outer_stride + j * index.axis_stride;        \
      const T *from = (const T *)source + row * inner;                                            \
      T *to = (T *)out + o * axis * inner;                                                        \
      if (index.inner_stride == 0) {                                                              \
        if (inner_begin >= inner_end) continue;                                                   \
        int64_t k = blz_index_at(&index, place);                                                  \
        if (k < 0 || k >= axis) return row * inner + inner_begin;                                 \
        for (int64_t i = inner_begin; i < inner_end; i++) PLACE(to[k * inner + i], from[i]);      \
        continue;                                                                                 \
      }                                                                                           \
      for (int64_t i = inner_begin; i < inner_end; i++) {                                         \
        int64_t k = blz_index_at(&index, place + i * index.inner_stride);                         \
        if (k < 0 || k >= axis) return row * inner + i;                                           \
        PLACE(to[k * inner + i], from[i]);                                                        \
      }                                                                                           \
    }                                                                                             \
  }                                                                                               \
  break;
#define BLZ_PUT(TO, FROM) TO = FROM
#define BLZ_ADD_TO(TO, FROM) TO += FROM

int64_t blz_scatter(
  void *out, const void *source, size_t element_size, int64_t axis, int64_t inner, int64_t count,
  blz_index index, int64_t outer_begin, int64_t outer_end, int64_t inner_begin,
  int64_t inner_end) {
  switch (element_size) {
    case 1: BLZ_SCATTER(uint8_t, BLZ_PUT)
    case 2: BLZ_SCATTER(uint16_t, BLZ_PUT)
    case 4: BLZ_SCATTER(uint32_t, BLZ_PUT)
    default: BLZ_SCATTER(uint64_t, BLZ_PUT)
  }
  return -1;
}

int64_t blz_scatter_add(
  void *out, const void *source, int32_t dtype, int64_t axis, int64_t inner, int64_t count,
  blz_index index, int64_t outer_begin, int64_t outer_end, int64_t inner_begin,
  int64_t inner_end) {
  switch (dtype) {
    case BLZ_F32: BLZ_SCATTER(float, BLZ_ADD_TO)
    case BLZ_F64: BLZ_SCATTER(double, BLZ_ADD_TO)
    case BLZ_I32: BLZ_SCATTER(uint32_t, BLZ_ADD_TO)
    case BLZ_I64: BLZ_SCATTER(uint64_t, BLZ_ADD_TO)
    default: BLZ_SCATTER(uint8_t, BLZ_ADD_TO)
  }
  return -1;
}

int64_t blz_count_true(const uint8_t *mask, int64_t n) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) count += mask[i] != 0;
  return count;
}

void blz_positions_true(int64_t *out, const uint8_t *mask, int64_t base, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    // Eight false elements at a time.
    uint64_t eight;
    while (i + 8 <= n && (memcpy(&eight, mask + i, 8), eight == 0)) i += 8;
    if (i < n && mask[i]) *out++ = base + i;
  }
}
