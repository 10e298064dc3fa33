// Moving elements between a strided array and a contiguous tile.
#ifndef BLZ_OPERAND_H
#define BLZ_OPERAND_H

#include "clones.h"

// An operand with the dimensions merged that it runs through without a step, and those of size 1
// left out. The last dimension comes last.
typedef struct {
  int rank;
  int64_t offset;
  int64_t dims[BLZ_MAX_RANK], strides[BLZ_MAX_RANK];
} blz_walk;

void blz_walk_begin(blz_walk *walk, const blz_operand *operand, int rank, const int64_t *dims);

// Whether element i of the flattened space is base[offset + i].
static BLZ_INLINE int blz_walk_is_contiguous(const blz_walk *walk) {
  return walk->rank == 0 || (walk->rank == 1 && walk->strides[0] == 1);
}

// Elements begin..<begin + n of the flattened space, either copied into `tile` or, if they lie
// side by side, where they are.
const void *blz_walk_load(
  const blz_walk *walk, const void *base, size_t element_size, int64_t begin, int64_t n,
  void *tile);

// Where element `begin` is.
const void *blz_walk_place(
  const blz_walk *walk, const void *base, size_t element_size, int64_t begin);

void blz_walk_store(
  const blz_walk *walk, void *base, size_t element_size, int64_t begin, int64_t n,
  const void *tile);

#endif
