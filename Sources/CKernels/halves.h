// float16 and bfloat16 by integer arithmetic, so that no instruction set extension or compiler
// support function is needed.
#ifndef BLZ_HALVES_H
#define BLZ_HALVES_H

#include "clones.h"

static BLZ_INLINE float blz_from_f16(uint16_t h) {
  uint32_t sign = (uint32_t)(h & 0x8000u) << 16, rest = h & 0x7fffu;
  // Shifted into place the exponent is 112 too small; one product repairs it, denormals included.
  float normal = blz_float(rest << 13) * 0x1p112f;
  uint32_t bits = rest >= 0x7c00u ? (rest << 13) | 0x7f800000u : blz_bits(normal);
  return blz_float(bits | sign);
}

static BLZ_INLINE uint16_t blz_to_f16(float x) {
  uint32_t bits = blz_bits(x), sign = (bits >> 16) & 0x8000u, rest = bits & 0x7fffffffu;
  // Denormal results: adding 1/2 leaves the rounded multiple of 2^-24 in the low bits.
  uint32_t denormal = blz_bits(blz_float(rest) + 0.5f) - 0x3f000000u;
  uint32_t normal = (rest - (112u << 23) + 0xfffu + ((rest >> 13) & 1u)) >> 13;
  uint32_t h = rest < 0x38800000u ? denormal : normal;
  h = rest >= 0x47800000u ? 0x7c00u : h;
  h = rest > 0x7f800000u ? 0x7e00u : h;
  return (uint16_t)(sign | h);
}

static BLZ_INLINE float blz_from_bf16(uint16_t h) { return blz_float((uint32_t)h << 16); }

static BLZ_INLINE uint16_t blz_to_bf16(float x) {
  uint32_t bits = blz_bits(x);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  uint32_t quiet = (bits >> 16) | 0x40u;
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded);
}

#endif
