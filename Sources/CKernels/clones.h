// How a kernel is compiled for several instruction sets and chosen at run time.
#ifndef BLZ_CLONES_H
#define BLZ_CLONES_H

#include <stdint.h>
#include <string.h>

#include "include/CKernels.h"

// A loop that cannot be vectorised in one of the versions (it calls libm there) is no mistake.
#pragma clang diagnostic ignored "-Wpass-failed"
// x != x asks for NaN; the same code serves integers, where the answer is no.
#pragma clang diagnostic ignored "-Wtautological-compare"

#define BLZ_INLINE inline __attribute__((always_inline))

// What blz_isa has found; below 0 before it was asked.
extern int32_t blz_found_isa;
static BLZ_INLINE int32_t blz_quick_isa(void) {
  int32_t isa = __atomic_load_n(&blz_found_isa, __ATOMIC_RELAXED);
  return isa < 0 ? blz_isa() : isa;
}

// Source and destination of a loop are either the same elements or do not overlap: no checks.
#define BLZ_LOOP _Pragma("clang loop vectorize(assume_safety) interleave(assume_safety)")

// BLZ_KERNEL(type, name, (parameters), (arguments)) { body } defines the function `name`, whose
// body is compiled three times. Not by target_clones: its resolvers run before the thread
// sanitizer is ready and crash, and musl has none.
#if defined(__x86_64__)
#define BLZ_TARGET_V4 "avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2,lzcnt,popcnt"
#define BLZ_TARGET_V3 "avx2,fma,bmi,bmi2,lzcnt,popcnt"

#define BLZ_KERNEL_IN(linkage, type, name, params, args)                                          \
  static BLZ_INLINE type name##_body params;                                                      \
  __attribute__((target(BLZ_TARGET_V4), noinline)) static type name##_v4 params {                 \
    return name##_body args;                                                                      \
  }                                                                                               \
  __attribute__((target(BLZ_TARGET_V3), noinline)) static type name##_v3 params {                 \
    return name##_body args;                                                                      \
  }                                                                                               \
  __attribute__((noinline)) static type name##_v1 params { return name##_body args; }             \
  linkage type name params {                                                                      \
    switch (blz_quick_isa()) {                                                                    \
      case BLZ_ISA_AVX512: return name##_v4 args;                                                 \
      case BLZ_ISA_AVX2: return name##_v3 args;                                                   \
      default: return name##_v1 args;                                                             \
    }                                                                                             \
  }                                                                                               \
  static BLZ_INLINE type name##_body params
#else
#define BLZ_KERNEL_IN(linkage, type, name, params, args) linkage type name params
#endif

#define BLZ_KERNEL(type, name, params, args) BLZ_KERNEL_IN(, type, name, params, args)
#define BLZ_STATIC_KERNEL(type, name, params, args) BLZ_KERNEL_IN(static, type, name, params, args)

static BLZ_INLINE uint32_t blz_bits(float x) {
  uint32_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

static BLZ_INLINE float blz_float(uint32_t u) {
  float x;
  memcpy(&x, &u, sizeof x);
  return x;
}

static BLZ_INLINE uint64_t blz_bits64(double x) {
  uint64_t u;
  memcpy(&u, &x, sizeof u);
  return u;
}

static BLZ_INLINE double blz_double(uint64_t u) {
  double x;
  memcpy(&x, &u, sizeof x);
  return x;
}

typedef uint8_t blz_line __attribute__((ext_vector_type(32), aligned(1)));

// What memcpy does, by vectors: libc copies lines of 4 KB and more by `rep movsb`, which on AMD's
// Zen 3 and 4 takes up to ten times as long where both sides lie alike within their pages.
static BLZ_INLINE void blz_move_bytes(void *to, const void *from, size_t n) {
  char *q = to;
  const char *p = from;
  if (n < 32) {
    memcpy(q, p, n);
    return;
  }
  size_t i = 0;
  for (; i + 128 <= n; i += 128) {
    blz_line a = *(const blz_line *)(p + i), b = *(const blz_line *)(p + i + 32);
    blz_line c = *(const blz_line *)(p + i + 64), d = *(const blz_line *)(p + i + 96);
    *(blz_line *)(q + i) = a;
    *(blz_line *)(q + i + 32) = b;
    *(blz_line *)(q + i + 64) = c;
    *(blz_line *)(q + i + 96) = d;
  }
  for (; i + 32 <= n; i += 32) *(blz_line *)(q + i) = *(const blz_line *)(p + i);
  // The rest with some of what is done.
  if (i < n) *(blz_line *)(q + n - 32) = *(const blz_line *)(p + n - 32);
}

static BLZ_INLINE int64_t blz_min64(int64_t a, int64_t b) { return a < b ? a : b; }
static BLZ_INLINE int64_t blz_max64(int64_t a, int64_t b) { return a > b ? a : b; }

#endif
