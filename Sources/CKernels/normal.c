// Normal numbers from uniform ones, equal to the bit to those of PyTorch 2.15, which makes them by
// vectors of 8 floats with AVX2 and with AVX-512 alike.
//
// The logarithm, sine and cosine are those of S. Moshier's Cephes library (logf.c, sinf.c), in the
// order in which PyTorch's vectors compute them, with its fused multiply-adds; fma() writes these
// out, and nothing else is fused.
#include <math.h>

#include "clones.h"

#pragma STDC FP_CONTRACT OFF

static BLZ_INLINE float blz_fma(float a, float b, float c) { return __builtin_fmaf(a, b, c); }

// ln(x) for normal, positive x.
static BLZ_INLINE float blz_cephes_log(float x) {
  // x = m 2^e with m from sqrt(1/2) to sqrt(2).
  int32_t bits = (int32_t)blz_bits(x);
  int32_t exponent = (bits - (int32_t)blz_bits(0.707106781186547524f)) >> 23;
  float e = (float)exponent;
  float m = blz_float((uint32_t)bits - ((uint32_t)exponent << 23)) - 1;
  float z = m * m;
  float p = 7.0376836292e-2f;
  p = blz_fma(p, m, -1.1514610310e-1f);
  p = blz_fma(p, m, 1.1676998740e-1f);
  p = blz_fma(p, m, -1.2420140846e-1f);
  p = blz_fma(p, m, 1.4249322787e-1f);
  p = blz_fma(p, m, -1.6668057665e-1f);
  p = blz_fma(p, m, 2.0000714765e-1f);
  p = blz_fma(p, m, -2.4999993993e-1f);
  p = blz_fma(p, m, 3.3333331174e-1f);
  // ln 2 is 0.693359375 - 2.12194440e-4.
  p = blz_fma(p * m, z, e * -2.12194440e-4f);
  p = p - 0.5f * z;
  return blz_fma(e, 0.693359375f, m + p);
}

// sin(t) and cos(t) for t from 0 to 2 pi.
static BLZ_INLINE void blz_cephes_sincos(float t, float *sine, float *cosine) {
  // The nearest even number of eighths of a turn, of which pi / 4 in three parts is taken away.
  int32_t j = ((int32_t)(t * 1.27323954473516f) + 1) & ~1;
  float y = (float)j;
  float r = blz_fma(y, -0.78515625f, t);
  r = blz_fma(y, -2.4187564849853515625e-4f, r);
  r = blz_fma(y, -3.77489497744594108e-8f, r);
  float z = r * r;
  float c = 2.443315711809948e-5f;
  c = blz_fma(c, z, -1.388731625493765e-3f);
  c = blz_fma(c, z, 4.166664568298827e-2f);
  c = blz_fma(c * z, z, -(0.5f * z)) + 1;
  float s = -1.9515295891e-4f;
  s = blz_fma(s, z, 8.3321608736e-3f);
  s = blz_fma(s, z, -1.6666654611e-1f);
  s = blz_fma(s * z, r, r);
  // Odd quarters of a turn swap the two.
  float a = j & 2 ? c : s, b = j & 2 ? s : c;
  *sine = j & 4 ? -a : a;
  *cosine = (j + 2) & 4 ? -b : b;
}

BLZ_KERNEL(void, blz_normals, (float *x, int64_t blocks, float mean, float std),
           (x, blocks, mean, std)) {
  for (int64_t block = 0; block < blocks; block++, x += 16) {
    float first[8], second[8];
    for (int j = 0; j < 8; j++) {
      float radius = __builtin_elementwise_sqrt(-2 * blz_cephes_log(1 - x[j]));
      float sine, cosine;
      blz_cephes_sincos(6.283185307179586f * x[j + 8], &sine, &cosine);
      first[j] = blz_fma(radius * cosine, std, mean);
      second[j] = blz_fma(radius * sine, std, mean);
    }
    memcpy(x, first, sizeof first);
    memcpy(x + 8, second, sizeof second);
  }
}
