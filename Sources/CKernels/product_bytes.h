// Matrix products of whole numbers of 8 bits: what the loops of each instruction set share.
#ifndef BLZ_PRODUCT_BYTES_H
#define BLZ_PRODUCT_BYTES_H

#include "product.h"

// Terms that are summed in registers at a time, in whole groups: a panel of them stays in the
// first-level cache. The rows of the left matrix that are made ready lie as many elements apart.
enum { BLZ_BYTES_DEPTH = 768 };

// Rows of the left matrix that are made ready at a time.
enum { BLZ_BYTES_ROWS = 48 };

// Up to so many rows times a transposed matrix are sums along rows as they lie.
enum { BLZ_BYTES_DOTS = 4 };

// What there is for each instruction set.
typedef struct {
  void (*pack)(const blz_byte_product *q, void *packed, int64_t first, int64_t end);
  void (*run)(const blz_byte_product *q, const void *packed, blz_block part, void *scratch);
  void (*dots)(const blz_byte_product *q, blz_block part, void *scratch);
  int32_t panel;    // columns of a panel
  int32_t group;    // terms that an instruction adds up in a lane
  int32_t element;  // bytes of an element that is packed
  bool has_starts;  // whether sums start from what makes up for moved elements
} blz_bytes;

static BLZ_INLINE int64_t blz_bytes_up(int64_t count, int64_t to) {
  return (count + to - 1) / to * to;
}

// Bytes that the elements of so many terms take in a line, row or column.
static BLZ_INLINE int64_t blz_bytes_line(const blz_bytes *of, int64_t terms) {
  return blz_bytes_up(terms, of->group) * of->element;
}

// Bytes of a panel of so many terms.
static BLZ_INLINE int64_t blz_bytes_panel(const blz_bytes *of, int64_t terms) {
  return of->panel * (blz_bytes_line(of, terms) + (of->has_starts ? 4 : 0));
}

#endif
