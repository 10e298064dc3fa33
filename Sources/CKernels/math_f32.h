// float32 functions without branches, so that loops over them vectorise. Polynomials are minimax
// fits (Remez exchange in 60 digits). Bounds in ulp of the result were found by sweeps against the
// double functions: Tests/BlitzCPUTests/KernelMathTests.swift.
#ifndef BLZ_MATH_F32_H
#define BLZ_MATH_F32_H

#include <math.h>

#include "clones.h"

#define BLZ_LOG2E 1.44269504f
// ln 2 in two parts: the first has 15 bits, so that its product with an exponent is exact.
#define BLZ_LN2_HIGH 0.693145751953125f
#define BLZ_LN2_LOW 1.42860677e-6f
// Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
#define BLZ_ROUNDER 12582912.0f

static BLZ_INLINE float blz_pow2(int32_t k) { return blz_float((uint32_t)(k + 127) << 23); }

static BLZ_INLINE float blz_copysign(float magnitude, float sign) {
  return blz_float((blz_bits(magnitude) & 0x7fffffffu) | (blz_bits(sign) & 0x80000000u));
}

// x = k ln 2 + r + *low with |r| <= ln 2 / 2; *low is what the rounding of r lost.
static BLZ_INLINE float blz_exp_reduce(float x, int32_t *k, float *low) {
  float shifted = x * BLZ_LOG2E + BLZ_ROUNDER;
  float n = shifted - BLZ_ROUNDER;
  *k = (int32_t)(blz_bits(shifted) - blz_bits(BLZ_ROUNDER));
  float exact = x - n * BLZ_LN2_HIGH;
  float r = exact - n * BLZ_LN2_LOW;
  *low = (exact - r) - n * BLZ_LN2_LOW;
  return r;
}

static BLZ_INLINE float blz_exp_poly(float r, float low) {
  float q = 0.001395058644f;
  q = q * r + 0.008368953223f;
  q = q * r + 0.04166620438f;
  q = q * r + 0.1666651831f;
  q = q * r + 0.5000000096f;
  return (r * r * q + low + r) + 1.0f;
}

// exp for arguments whose result is a normal number.
static BLZ_INLINE float blz_exp_normal(float x) {
  int32_t k;
  float low;
  float r = blz_exp_reduce(x, &k, &low);
  return blz_exp_poly(r, low) * blz_pow2(k);
}

static BLZ_INLINE float blz_exp(float x) {
  float t = x > 88.8f ? 88.8f : x;
  t = t < -104.0f ? -104.0f : t;
  int32_t k;
  float low;
  float r = blz_exp_reduce(t, &k, &low);
  // Two factors, so that neither leaves the normal numbers while the product may.
  int32_t half = k >> 1;
  return blz_exp_poly(r, low) * blz_pow2(half) * blz_pow2(k - half);
}

static BLZ_INLINE float blz_expm1(float x) {
  float t = x > 88.8f ? 88.8f : x;
  t = t < -18.0f ? -18.0f : t;
  int32_t k;
  float low;
  float r = blz_exp_reduce(t, &k, &low);
  float q = 0.0001991427751f;
  q = q * r + 0.001394110211f;
  q = q * r + 0.008333272869f;
  q = q * r + 0.04166635354f;
  q = q * r + 0.1666666682f;
  q = q * r + 0.5000000047f;
  float p = (r * r * q + low) + r;
  float scale = blz_pow2(k - 1);  // half of it, so that k = 128 stays finite
  float y = 2.0f * (p * scale + (scale - 0.5f));
  return __builtin_fabsf(x) < 0x1p-25f ? x : y;
}

// k ln 2 + log(1 + f), for sqrt(1/2) - 1 <= f <= sqrt(2) - 1.
static BLZ_INLINE float blz_log_poly(float f, float k) {
  float z = f * f;
  float p = 0.06915348892f;
  p = p * f - 0.1178975069f;
  p = p * f + 0.1187294983f;
  p = p * f - 0.1238435613f;
  p = p * f + 0.1421866345f;
  p = p * f - 0.166692506f;
  p = p * f + 0.2000222629f;
  p = p * f - 0.249999866f;
  p = p * f + 0.3333331045f;
  float y = f * z * p;
  y = y + k * BLZ_LN2_LOW;
  y = y - 0.5f * z;
  return (f + y) + k * BLZ_LN2_HIGH;
}

// x = 2^k m with sqrt(1/2) <= m < sqrt(2), for positive normal x.
static BLZ_INLINE float blz_log_reduce(float x, int32_t *k) {
  const uint32_t root_half = 0x3f3504f3u;
  uint32_t u = blz_bits(x) + (0x3f800000u - root_half);
  *k = (int32_t)(u >> 23) - 127;
  return blz_float((u & 0x007fffffu) + root_half);
}

static BLZ_INLINE float blz_log(float x) {
  float scaled = x < 0x1p-126f ? x * 0x1p23f : x;
  int32_t k;
  float m = blz_log_reduce(scaled, &k);
  k = x < 0x1p-126f ? k - 23 : k;
  float y = blz_log_poly(m - 1.0f, (float)k);
  y = x < INFINITY ? y : x;
  y = x < 0.0f ? NAN : y;
  return x == 0.0f ? -INFINITY : y;
}

static BLZ_INLINE float blz_log1p(float x) {
  float u = 1.0f + x;
  // What the rounding of 1 + x lost.
  float lost = x < 1.0f ? x - (u - 1.0f) : 1.0f - (u - x);
  lost = x < 1e8f ? lost : 0.0f;
  int32_t k;
  float m = blz_log_reduce(u, &k);
  int32_t down = k < 100 ? k : 100;
  float f = (m - 1.0f) + lost * blz_pow2(-down);
  float y = blz_log_poly(f, (float)k);
  y = x < INFINITY ? y : x;
  y = x < -1.0f ? NAN : y;
  y = x == -1.0f ? -INFINITY : y;
  return __builtin_fabsf(x) < 0x1p-25f ? x : y;
}

// The angle of the point (x, y), from -pi to pi.
static BLZ_INLINE float blz_atan2(float y, float x) {
  float a = __builtin_fabsf(y), b = __builtin_fabsf(x);
  float high = a > b ? a : b, low = a > b ? b : a;
  // The lesser over the greater side; turned by an eighth of a circle where it is over tan(pi / 8).
  bool turned = (low > 0.414213562f * high) | (low == INFINITY);
  float q = (turned ? low - high : low) / (turned ? low + high : high);
  q = high == 0.0f ? 0.0f : q;
  q = low == INFINITY ? 0.0f : q;
  // Beyond the largest number the sum of both sides is infinite.
  q = turned && high > 0x1p126f && low < INFINITY
    ? (low * 0.25f - high * 0.25f) / (low * 0.25f + high * 0.25f) : q;
  float z = q * q, p = -0.06451841277f;
  p = p * z + 0.1074370526f;
  p = p * z - 0.1426395317f;
  p = p * z + 0.1999954041f;
  p = p * z - 0.3333333176f;
  float r = q * z * p + q;
  // Each multiple of pi / 4 in two parts.
  r = turned ? (r + 0.785398185f) - 2.18556941e-8f : r;
  r = a > b ? (1.57079637f - r) - 4.37113883e-8f : r;
  r = blz_bits(x) >> 31 ? (3.14159274f - r) - 8.74227766e-8f : r;
  r = x != x || y != y ? NAN : r;
  return blz_copysign(r, y);
}

static BLZ_INLINE float blz_sigmoid(float x) {
  float z = blz_exp(-__builtin_fabsf(x));
  return (x >= 0.0f ? 1.0f : z) / (1.0f + z);
}

static BLZ_INLINE float blz_tanh(float x) {
  float z = x * x;
  float p = 0.002147210217f;
  p = p * z - 0.008182330793f;
  p = p * z + 0.02170283433f;
  p = p * z - 0.05394718122f;
  p = p * z + 0.1333320959f;
  p = p * z - 0.333333309f;
  float small = x * z * p + x;
  float a = __builtin_fabsf(x);
  float t = a > 10.0f ? 10.0f : a;  // tanh(10) rounds to 1
  float large = 1.0f - 2.0f / (blz_exp_normal(2.0f * t) + 1.0f);
  return blz_copysign(a < 0.625f ? small : large, x);
}

static BLZ_INLINE float blz_erf(float x) {
  float z = x * x;
  float p = -9.640678517e-6f;
  p = p * z + 0.0001125667236f;
  p = p * z - 0.0008482793353f;
  p = p * z + 0.005220943174f;
  p = p * z - 0.02686539931f;
  p = p * z + 0.1128378196f;
  p = p * z - 0.3761263843f;
  p = p * z + 0.1283791671f;
  float small = x * p + x;
  // Beyond 1: 1 - exp(log(erfc(x))), the logarithm by a polynomial.
  float a = __builtin_fabsf(x);
  float t = a > 4.0f ? 4.0f : a;  // erf(4) rounds to 1
  float q = 2.169755852e-5f;
  q = q * t - 0.0004414719427f;
  q = q * t + 0.004205280961f;
  q = q * t - 0.02521032873f;
  q = q * t + 0.1084220808f;
  q = q * t + 0.6332164156f;
  q = q * t + 1.129580301f;
  q = q * t - 0.0001884655409f;
  float large = 1.0f - blz_exp_normal(-q);
  return blz_copysign(a < 1.0f ? small : large, x);
}

// The trigonometric functions work in double: the reduction is then exact enough for every
// |x| up to BLZ_TRIG_LIMIT (above it callers use libm), and the result nearly always rounded right.
#define BLZ_TRIG_LIMIT 1e5f

// x = q pi/2 + r with |r| <= pi/4.
static BLZ_INLINE double blz_trig_reduce(float x, uint64_t *q) {
  const double rounder = 6755399441055744.0;  // 1.5 * 2^52
  double shifted = (double)x * 0.63661977236758134308 + rounder;
  double n = shifted - rounder;
  *q = blz_bits64(shifted);
  // pi/2 in two parts; the first has 33 bits, so that n times it is exact.
  double r = (double)x - n * 1.57079632673412561417e+00;
  return r - n * 6.07710050650619224932e-11;
}

static BLZ_INLINE double blz_sin_poly(double r) {
  double z = r * r;
  double s = 2.7182372153596736894e-6;
  s = s * z - 0.00019839327128963401764;
  s = s * z + 0.0083333293622507198668;
  s = s * z - 0.16666666641426158924;
  return r * (s * z + 1.0);
}

static BLZ_INLINE double blz_cos_poly(double r) {
  double z = r * r;
  double c = -2.7209548772696641376e-7;
  c = c * z + 0.000024799511776812757759;
  c = c * z - 0.0013888883722674163302;
  c = c * z + 0.041666666622477633363;
  return c * (z * z) + (1.0 - 0.5 * z);
}

static BLZ_INLINE float blz_sin_quadrant(double r, uint64_t q) {
  double y = (q & 1) ? blz_cos_poly(r) : blz_sin_poly(r);
  return (float)blz_double(blz_bits64(y) ^ ((q & 2) << 62));
}

static BLZ_INLINE float blz_sin(float x) {
  uint64_t q;
  double r = blz_trig_reduce(x, &q);
  return blz_sin_quadrant(r, q);
}

static BLZ_INLINE float blz_cos(float x) {
  uint64_t q;
  double r = blz_trig_reduce(x, &q);
  return blz_sin_quadrant(r, q + 1);
}

static BLZ_INLINE float blz_tan(float x) {
  uint64_t q;
  double r = blz_trig_reduce(x, &q);
  double s = blz_sin_poly(r), c = blz_cos_poly(r);
  double top = (q & 1) ? -c : s, bottom = (q & 1) ? s : c;
  return (float)(top / bottom);
}

// C's pow, special cases included; 2^(y log2 |x|) in double, which leaves it 2^-29 from exact.
static BLZ_INLINE float blz_pow(float x, float y) {
  double a = __builtin_fabs((double)x);
  const uint64_t root_half = 0x3fe6a09e667f3bcdull;
  uint64_t u = blz_bits64(a) + (0x3ff0000000000000ull - root_half);
  double k = (double)((int32_t)(u >> 52) - 1023);
  double m = blz_double((u & 0x000fffffffffffffull) + root_half);
  double s = (m - 1.0) / (m + 1.0), z = s * s;
  double p = 0.19584207367788043643;
  p = p * z + 0.22176184451222577333;
  p = p * z + 0.28572109270691500356;
  p = p * z + 0.39999995620647498134;
  p = p * z + 0.66666666675804956215;
  double log2a = (s * z * p + 2.0 * s) * 1.44269504088896340736 + k;
  log2a = a < INFINITY ? log2a : a;
  log2a = a == 0.0 ? -INFINITY : log2a;

  double t = (double)y * log2a;
  t = t > 200.0 ? 200.0 : t;
  t = t < -200.0 ? -200.0 : t;
  const double rounder = 6755399441055744.0;
  double shifted = t + rounder;
  double f = t - (shifted - rounder);
  double e = 0.0001547803123827621359;
  e = e * f + 0.0013400458327412773426;
  e = e * f + 0.009617994485547584823;
  e = e * f + 0.055503271492289430302;
  e = e * f + 0.24022651505297156143;
  e = e * f + 0.69314720674091393014;
  e = e * f + 0.99999999991907772236;
  float power = (float)(e * blz_double((blz_bits64(shifted) + 1023) << 52));

  float whole = __builtin_elementwise_rint(y), half = 0.5f * y;
  int is_whole = whole == y;
  int is_odd =
    is_whole & (__builtin_fabsf(y) < 0x1p24f) & (__builtin_elementwise_rint(half) != half);
  power = is_odd ? blz_copysign(power, x) : power;
  power = ((x < 0.0f) & (x > -INFINITY) & !is_whole) ? NAN : power;
  power = ((x == -1.0f) & (__builtin_fabsf(y) == INFINITY)) ? 1.0f : power;
  return ((x == 1.0f) | (y == 0.0f)) ? 1.0f : power;
}

#endif
