// float32 functions of math_f32.h by instructions that only AVX-512 has, which scale by powers of
// two and take numbers apart in one step. The last elements of an array go through the same vectors
// as the others.
#include "math_avx512.h"

#if defined(__x86_64__)
#include <immintrin.h>

#include "math_f32.h"

#pragma clang attribute push(__attribute__((target(BLZ_TARGET_V4))), apply_to = function)

typedef __m512 blz_v;

static BLZ_INLINE blz_v blz_all(float x) { return _mm512_set1_ps(x); }

// exp(x) for x that are clamped to where results are neither 0 nor infinite, or beyond by little.
static BLZ_INLINE blz_v blz_v_exp_clamped(blz_v x) {
  blz_v n = (x * BLZ_LOG2E + BLZ_ROUNDER) - BLZ_ROUNDER;
  blz_v r = x - n * BLZ_LN2_HIGH;
  r = r - n * BLZ_LN2_LOW;
  blz_v q = r * 0.001395058644f + 0.008368953223f;
  q = q * r + 0.04166620438f;
  q = q * r + 0.1666651831f;
  q = q * r + 0.5000000096f;
  // Two steps, of which the first one's rounding counts but a third.
  return _mm512_scalef_ps((q * r + 1.0f) * r + 1.0f, n);
}

// The second operand of a minimum or maximum is the result if one is NaN.
static BLZ_INLINE blz_v blz_v_exp(blz_v x) {
  x = _mm512_max_ps(blz_all(-104.0f), _mm512_min_ps(blz_all(88.8f), x));
  return blz_v_exp_clamped(x);
}

static BLZ_INLINE blz_v blz_v_log(blz_v x) {
  // NaN for negative numbers; of 0 the exponent is -infinity.
  blz_v m = _mm512_getmant_ps(x, _MM_MANT_NORM_1_2, _MM_MANT_SIGN_nan);
  blz_v k = _mm512_getexp_ps(x);
  __mmask16 upper = _mm512_cmp_ps_mask(m, blz_all(1.41421354f), _CMP_GE_OQ);
  m = _mm512_mask_mul_ps(m, upper, m, blz_all(0.5f));
  k = _mm512_mask_add_ps(k, upper, k, blz_all(1.0f));
  blz_v f = m - 1.0f, z = f * f;
  blz_v p = f * 0.06915348892f - 0.1178975069f;
  p = p * f + 0.1187294983f;
  p = p * f - 0.1238435613f;
  p = p * f + 0.1421866345f;
  p = p * f - 0.166692506f;
  p = p * f + 0.2000222629f;
  p = p * f - 0.249999866f;
  p = p * f + 0.3333331045f;
  blz_v y = f * z * p;
  y = k * BLZ_LN2_LOW + y;
  y = y - z * 0.5f;
  return (f + y) + k * BLZ_LN2_HIGH;
}

// a / b, to the last bit or the one before it, for b from 1 to 2^125.
static BLZ_INLINE blz_v blz_v_quotient(blz_v a, blz_v b) {
  blz_v r = _mm512_rcp14_ps(b);
  r = r + r * (1.0f - b * r);
  blz_v q = a * r;
  return q + r * (a - q * b);
}

static BLZ_INLINE blz_v blz_v_magnitude(blz_v x) { return _mm512_abs_ps(x); }

// The magnitude of one with the sign of another.
static BLZ_INLINE blz_v blz_v_signed(blz_v magnitude, blz_v sign) {
  // a where the mask has a bit, else b
  return _mm512_castsi512_ps(_mm512_ternarylogic_epi32(
    _mm512_set1_epi32(0x7fffffff), _mm512_castps_si512(magnitude), _mm512_castps_si512(sign),
    0xca));
}

static BLZ_INLINE blz_v blz_v_choose(__mmask16 chosen, blz_v x, blz_v y) {
  return _mm512_mask_blend_ps(chosen, y, x);
}

static BLZ_INLINE blz_v blz_v_sigmoid(blz_v x) {
  blz_v z = blz_v_exp_clamped(
    _mm512_max_ps(blz_all(-104.0f), blz_v_signed(x, blz_all(-1.0f))));
  __mmask16 positive = _mm512_cmp_ps_mask(x, blz_all(0.0f), _CMP_GE_OQ);
  return blz_v_quotient(blz_v_choose(positive, blz_all(1.0f), z), z + 1.0f);
}

static BLZ_INLINE blz_v blz_v_tanh(blz_v x) {
  blz_v z = x * x, a = blz_v_magnitude(x);
  blz_v p = z * 0.002147210217f - 0.008182330793f;
  p = p * z + 0.02170283433f;
  p = p * z - 0.05394718122f;
  p = p * z + 0.1333320959f;
  p = p * z - 0.333333309f;
  blz_v small = x * z * p + x;
  blz_v t = _mm512_min_ps(blz_all(10.0f), a);  // tanh(10) rounds to 1
  blz_v large = 1.0f - blz_v_quotient(blz_all(2.0f), blz_v_exp_clamped(t * 2.0f) + 1.0f);
  __mmask16 is_small = _mm512_cmp_ps_mask(a, blz_all(0.625f), _CMP_LT_OQ);
  return blz_v_signed(blz_v_choose(is_small, small, large), x);
}

static BLZ_INLINE blz_v blz_v_erf(blz_v x) {
  blz_v z = x * x, a = blz_v_magnitude(x);
  blz_v p = z * -9.640678517e-6f + 0.0001125667236f;
  p = p * z - 0.0008482793353f;
  p = p * z + 0.005220943174f;
  p = p * z - 0.02686539931f;
  p = p * z + 0.1128378196f;
  p = p * z - 0.3761263843f;
  p = p * z + 0.1283791671f;
  blz_v small = x * p + x;
  blz_v t = _mm512_min_ps(blz_all(4.0f), a);  // erf(4) rounds to 1
  blz_v q = t * 2.169755852e-5f - 0.0004414719427f;
  q = q * t + 0.004205280961f;
  q = q * t - 0.02521032873f;
  q = q * t + 0.1084220808f;
  q = q * t + 0.6332164156f;
  q = q * t + 1.129580301f;
  q = q * t - 0.0001884655409f;
  blz_v large = 1.0f - blz_v_exp_clamped(0.0f - q);
  __mmask16 is_small = _mm512_cmp_ps_mask(a, blz_all(1.0f), _CMP_LT_OQ);
  return blz_v_signed(blz_v_choose(is_small, small, large), x);
}

#define BLZ_EACH_VECTOR(OP, FUNCTION)                                                             \
  case OP:                                                                                        \
    for (; i + 16 <= n; i += 16) _mm512_storeu_ps(to + i, FUNCTION(_mm512_loadu_ps(from + i)));   \
    if (i < n) {                                                                                  \
      __mmask16 rest = (__mmask16)((1u << (n - i)) - 1);                                          \
      blz_v x = _mm512_maskz_loadu_ps(rest, from + i);                                            \
      _mm512_mask_storeu_ps(to + i, rest, FUNCTION(x));                                           \
    }                                                                                             \
    return true;

bool blz_math_avx512(int op, float *to, const float *from, int64_t n) {
  int64_t i = 0;
  switch (op) {
    BLZ_EACH_VECTOR(BLZ_EXP, blz_v_exp)
    BLZ_EACH_VECTOR(BLZ_LOG, blz_v_log)
    BLZ_EACH_VECTOR(BLZ_SIGMOID, blz_v_sigmoid)
    BLZ_EACH_VECTOR(BLZ_TANH, blz_v_tanh)
    BLZ_EACH_VECTOR(BLZ_ERF, blz_v_erf)
    default: return false;
  }
}

#pragma clang attribute pop
#else
bool blz_math_avx512(int op, float *to, const float *from, int64_t n) {
  (void)op, (void)to, (void)from, (void)n;
  return false;
}
#endif
