// Scaled dot-product attention, block by block: a block of queries meets a block of keys, and of
// their scores nothing stays but each query's greatest and the sum of the exponentials.
//
// Forward: Rabe and Staats, "Self-attention does not need O(n^2) memory", arXiv:2112.05682; the
// gradients: Dao et al., "FlashAttention", arXiv:2205.14135.
#include <math.h>

#include "math_f32.h"

// Queries and keys of a block: scores that stay in the second-level cache.
enum { BLZ_QUERIES = 256, BLZ_KEYS = 256, BLZ_QUERIES_BACK = 256, BLZ_KEYS_BACK = 512 };
// Sums are of so many lanes, which are added up at the end.
enum { BLZ_LANES = 16 };

// Which block of scores: the first query and key, and how many of each.
typedef struct {
  int64_t batch, head, query, key, queries, keys;
} blz_scores;

static int64_t blz_blocks(int64_t count, int64_t size) { return (count + size - 1) / size; }

// Memory for one of the products, at most.
static size_t blz_product_room(int64_t m, int64_t n, int64_t k, bool trans_a, bool trans_b) {
  blz_product p = {
    .dtype = BLZ_F32, .isa = blz_isa(), .trans_a = trans_a, .trans_b = trans_b, .m = m, .n = n,
    .k = k, .alpha = 1, .lda = trans_a ? m : k, .ldb = trans_b ? k : n, .ldc = n};
  return blz_product_scratch(&p, blz_product_part(&p, 1, 0));
}

static size_t blz_larger(size_t a, size_t b) { return a > b ? a : b; }

// Room for products over blocks of any size up to the whole ones: the last block of an axis may
// take another way through the product.
static size_t blz_rooms(const blz_attention *a, int64_t queries, int64_t keys, bool back) {
  int64_t query_sizes[] = {blz_min64(queries, a->length), a->length % queries};
  int64_t key_sizes[] = {blz_min64(keys, a->keys), a->keys % keys};
  size_t room = 0;
  for (int i = 0; i < 4; i++) {
    int64_t q = query_sizes[i & 1], s = key_sizes[i >> 1];
    if (q == 0 || s == 0) continue;
    room = blz_larger(room, blz_product_room(q, s, a->size, false, true));
    room = blz_larger(room, blz_product_room(q, a->value_size, s, false, false));
    if (!back) continue;
    room = blz_larger(room, blz_product_room(q, s, a->value_size, false, true));
    room = blz_larger(room, blz_product_room(s, a->value_size, q, true, false));
    room = blz_larger(room, blz_product_room(q, a->size, s, false, false));
    room = blz_larger(room, blz_product_room(s, a->size, q, true, false));
  }
  return (room + 63) / 64 * 64;
}

int64_t blz_attention_units(const blz_attention *a) {
  if (a->slope) return a->batch * a->groups;
  return a->batch * a->heads * blz_blocks(a->length, BLZ_QUERIES);
}

size_t blz_attention_scratch(const blz_attention *a) {
  if (!a->slope) {
    int64_t scores = BLZ_QUERIES * blz_min64(BLZ_KEYS, a->keys);
    return blz_rooms(a, BLZ_QUERIES, BLZ_KEYS, false)
      + (size_t)(scores + 2 * BLZ_QUERIES) * sizeof(float);
  }
  int64_t scores = BLZ_QUERIES_BACK * blz_min64(BLZ_KEYS_BACK, a->keys);
  return blz_rooms(a, BLZ_QUERIES_BACK, BLZ_KEYS_BACK, true)
    + (size_t)(2 * scores + a->length) * sizeof(float);
}

static void blz_multiply(
  void *scratch, float *c, const float *left, const float *right, int64_t m, int64_t n, int64_t k,
  bool trans_a, bool trans_b, double alpha, bool accumulates) {
  blz_product p = {
    .dtype = BLZ_F32, .isa = blz_isa(), .trans_a = trans_a, .trans_b = trans_b,
    .accumulates = accumulates, .m = m, .n = n, .k = k, .alpha = alpha, .a = left,
    .lda = trans_a ? m : k, .b = right, .ldb = trans_b ? k : n, .c = c, .ldc = n};
  blz_product_run(&p, blz_product_part(&p, 1, 0), scratch);
}

// How many of a block's keys a query heeds: with `causal` those at its own place and before.
static BLZ_INLINE int64_t blz_heeded(const blz_attention *a, const blz_scores *b, int64_t row) {
  if (!a->causal) return b->keys;
  int64_t seen = b->query + row + 1 - b->key;
  return seen < 0 ? 0 : blz_min64(seen, b->keys);
}

// A query's row of the mask at the block's first key; 0 if there is none.
static BLZ_INLINE const float *blz_mask_row(
  const blz_attention *a, const blz_scores *b, int64_t row) {
  if (!a->mask) return 0;
  return a->mask + b->batch * a->mask_batch + b->head * a->mask_head
    + (b->query + row) * a->mask_row + b->key;
}

// What a weight is multiplied by in dropout: a number made of the seed and the weight's place.
static BLZ_INLINE float blz_kept(uint64_t base, int64_t key, uint32_t bound, float factor) {
  uint64_t x = base + (uint64_t)key * 0x9e3779b97f4a7c15u;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return (uint32_t)((x ^ (x >> 31)) >> 40) < bound ? 0.0f : factor;
}

static BLZ_INLINE void blz_drop(
  const blz_attention *a, const blz_scores *b, int64_t row, float *numbers, int64_t count) {
  uint64_t place = (uint64_t)((b->batch * a->heads + b->head) * a->length + b->query + row);
  uint64_t base = a->seed + place * (uint64_t)a->keys * 0x9e3779b97f4a7c15u;
  uint32_t bound = (uint32_t)(a->dropout * 0x1p24);
  float factor = (float)(1 / (1 - a->dropout));
  for (int64_t j = 0; j < count; j++) numbers[j] *= blz_kept(base, b->key + j, bound, factor);
}

// Scores become exponentials of what they are below the greatest so far, whose sums and results
// so far are scaled to it.
BLZ_STATIC_KERNEL(
  void, blz_absorb,
  (const blz_attention *a, const blz_scores *b, float *scores, float *most, float *total,
   float *out),
  (a, b, scores, most, total, out)) {
  for (int64_t row = 0; row < b->queries; row++) {
    float *s = scores + row * b->keys;
    int64_t count = blz_heeded(a, b, row);
    const float *mask = blz_mask_row(a, b, row);
    if (mask)
      BLZ_LOOP for (int64_t j = 0; j < count; j++) s[j] += mask[j];
    float lanes[BLZ_LANES];
    for (int j = 0; j < BLZ_LANES; j++) lanes[j] = -INFINITY;
    int64_t whole = count / BLZ_LANES * BLZ_LANES;
    for (int64_t j = 0; j < whole; j += BLZ_LANES)
      BLZ_LOOP for (int i = 0; i < BLZ_LANES; i++)
        lanes[i] = s[j + i] > lanes[i] ? s[j + i] : lanes[i];
    float peak = most[row];
    for (int j = 0; j < BLZ_LANES; j++) peak = lanes[j] > peak ? lanes[j] : peak;
    for (int64_t j = whole; j < count; j++) peak = s[j] > peak ? s[j] : peak;
    float shift = peak == -INFINITY ? 0.0f : peak;
    for (int j = 0; j < BLZ_LANES; j++) lanes[j] = 0;
    for (int64_t j = 0; j < whole; j += BLZ_LANES)
      BLZ_LOOP for (int i = 0; i < BLZ_LANES; i++) {
        float power = blz_exp(s[j + i] - shift);
        s[j + i] = power;
        lanes[i] += power;
      }
    float sum = 0;
    for (int64_t j = whole; j < count; j++) sum += s[j] = blz_exp(s[j] - shift);
    for (int j = 0; j < BLZ_LANES; j++) sum += lanes[j];
    for (int64_t j = count; j < b->keys; j++) s[j] = 0;
    float scale = most[row] == -INFINITY ? 0.0f : blz_exp(most[row] - shift);
    most[row] = peak;
    total[row] = total[row] * scale + sum;
    if (a->dropout > 0) blz_drop(a, b, row, s, count);
    float *to = out + row * a->value_size;
    if (scale != 1.0f && b->key > 0)
      BLZ_LOOP for (int64_t j = 0; j < a->value_size; j++) to[j] *= scale;
  }
}

// Results divided by the sums; a query that heeds no key has 0.
BLZ_STATIC_KERNEL(
  void, blz_finish,
  (const blz_attention *a, int64_t queries, const float *most, const float *total, float *out,
   float *sums),
  (a, queries, most, total, out, sums)) {
  for (int64_t row = 0; row < queries; row++) {
    float *to = out + row * a->value_size;
    float share = total[row] == 0 ? 0.0f : 1.0f / total[row];
    BLZ_LOOP for (int64_t j = 0; j < a->value_size; j++) to[j] *= share;
    sums[row] = total[row] == 0 ? INFINITY : most[row] + blz_log(total[row]);
  }
}

static void blz_attend(const blz_attention *a, int64_t unit, char *scratch) {
  int64_t blocks = blz_blocks(a->length, BLZ_QUERIES), plane = unit / blocks;
  blz_scores b = {
    .batch = plane / a->heads, .head = plane % a->heads, .query = unit % blocks * BLZ_QUERIES};
  b.queries = blz_min64(BLZ_QUERIES, a->length - b.query);
  int64_t group = b.batch * a->groups + b.head / (a->heads / a->groups);
  const float *q = a->queries + (plane * a->length + b.query) * a->size;
  float *out = a->out + (plane * a->length + b.query) * a->value_size;
  float *most = (float *)scratch, *total = most + BLZ_QUERIES, *scores = total + BLZ_QUERIES;
  void *room = scores + BLZ_QUERIES * blz_min64(BLZ_KEYS, a->keys);
  for (int64_t row = 0; row < b.queries; row++) most[row] = -INFINITY;
  for (int64_t row = 0; row < b.queries; row++) total[row] = 0;
  int64_t end = a->causal ? blz_min64(a->keys, b.query + b.queries) : a->keys;
  for (; b.key < end; b.key += BLZ_KEYS) {
    b.keys = blz_min64(BLZ_KEYS, a->keys - b.key);
    const float *k = a->key_rows + (group * a->keys + b.key) * a->size;
    const float *v = a->values + (group * a->keys + b.key) * a->value_size;
    blz_multiply(room, scores, q, k, b.queries, b.keys, a->size, false, true, a->scale, false);
    blz_absorb(a, &b, scores, most, total, out);
    blz_multiply(
      room, out, scores, v, b.queries, a->value_size, b.keys, false, false, 1, b.key > 0);
  }
  blz_finish(a, b.queries, most, total, out, a->sums + plane * a->length + b.query);
}

// The weights of a block again, into `scores`; and the scores' slopes, into `slopes`, which holds
// those of the weights. With dropout `scores` are then the weights after it.
BLZ_STATIC_KERNEL(
  void, blz_slopes,
  (const blz_attention *a, const blz_scores *b, float *scores, float *slopes, const float *sums,
   const float *means),
  (a, b, scores, slopes, sums, means)) {
  float scale = (float)a->scale;
  for (int64_t row = 0; row < b->queries; row++) {
    float *s = scores + row * b->keys, *d = slopes + row * b->keys;
    int64_t count = blz_heeded(a, b, row);
    const float *mask = blz_mask_row(a, b, row);
    if (mask)
      BLZ_LOOP for (int64_t j = 0; j < count; j++) s[j] += mask[j];
    float sum = sums[row], mean = means[row];
    if (a->dropout > 0) blz_drop(a, b, row, d, count);
    BLZ_LOOP for (int64_t j = 0; j < count; j++) {
      float weight = blz_exp(s[j] - sum);
      s[j] = weight;
      d[j] = weight * (d[j] - mean) * scale;
    }
    if (a->dropout > 0) blz_drop(a, b, row, s, count);
    for (int64_t j = count; j < b->keys; j++) s[j] = d[j] = 0;
  }
}

// For each query the sum of its result times the result's slope.
BLZ_STATIC_KERNEL(
  void, blz_means, (float *means, const float *out, const float *slope, int64_t rows, int64_t size),
  (means, out, slope, rows, size)) {
  for (int64_t row = 0; row < rows; row++) {
    const float *y = out + row * size, *g = slope + row * size;
    double sum = 0;
    for (int64_t j = 0; j < size; j++) sum += (double)y[j] * g[j];
    means[row] = (float)sum;
  }
}

// One head's share of the gradients: those of its group's keys and values are added up.
static void blz_attend_back(
  const blz_attention *a, int64_t batch, int64_t head, bool first, char *scratch) {
  int64_t plane = batch * a->heads + head;
  int64_t group = batch * a->groups + head / (a->heads / a->groups);
  int64_t most_keys = blz_min64(BLZ_KEYS_BACK, a->keys);
  float *means = (float *)scratch, *scores = means + a->length;
  float *slopes = scores + BLZ_QUERIES_BACK * most_keys;
  void *room = slopes + BLZ_QUERIES_BACK * most_keys;
  const float *g = a->slope + plane * a->length * a->value_size;
  blz_means(
    means, a->out + plane * a->length * a->value_size, g, a->length, a->value_size);
  blz_scores b = {.batch = batch, .head = head};
  for (b.key = 0; b.key < a->keys; b.key += BLZ_KEYS_BACK) {
    b.keys = blz_min64(BLZ_KEYS_BACK, a->keys - b.key);
    int64_t keys = group * a->keys + b.key;
    const float *k = a->key_rows + keys * a->size, *v = a->values + keys * a->value_size;
    float *key_slope = a->key_slope + keys * a->size;
    float *value_slope = a->value_slope + keys * a->value_size;
    // With `causal`, queries before the block's first key heed none of it.
    b.query = a->causal ? b.key / BLZ_QUERIES_BACK * BLZ_QUERIES_BACK : 0;
    bool adds = !first;
    if (first && b.query >= a->length) {
      memset(key_slope, 0, (size_t)(b.keys * a->size) * sizeof(float));
      memset(value_slope, 0, (size_t)(b.keys * a->value_size) * sizeof(float));
    }
    for (; b.query < a->length; b.query += BLZ_QUERIES_BACK) {
      b.queries = blz_min64(BLZ_QUERIES_BACK, a->length - b.query);
      int64_t queries = plane * a->length + b.query;
      const float *q = a->queries + queries * a->size;
      const float *y = g + b.query * a->value_size;
      int64_t m = b.queries, n = b.keys, d = a->size, e = a->value_size;
      blz_multiply(room, scores, q, k, m, n, d, false, true, a->scale, false);
      blz_multiply(room, slopes, y, v, m, n, e, false, true, 1, false);
      blz_slopes(a, &b, scores, slopes, a->sums + queries, means + b.query);
      blz_multiply(room, value_slope, scores, y, n, e, m, true, false, 1, adds);
      blz_multiply(room, key_slope, slopes, q, n, d, m, true, false, 1, adds);
      blz_multiply(
        room, a->query_slope + queries * d, slopes, k, m, d, n, false, false, 1, b.key > 0);
      adds = true;
    }
  }
}

void blz_attention_run(const blz_attention *a, int64_t unit, void *scratch) {
  if (!a->slope) {
    blz_attend(a, unit, scratch);
    return;
  }
  int64_t heads = a->heads / a->groups;
  int64_t batch = unit / a->groups, first = unit % a->groups * heads;
  for (int64_t head = 0; head < heads; head++)
    blz_attend_back(a, batch, first + head, head == 0, scratch);
}
