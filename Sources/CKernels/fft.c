// Discrete Fourier transforms of any length: small factors one after the other; a length with a
// large prime in it as a convolution (Bluestein, 1970) by transforms of a longer, smooth length.
// Real numbers of an even length go as half as many complex ones.
#include "fft.h"

// Primes up to this one are stages of their own.
enum { BLZ_FFT_LARGEST_RADIX = 31 };

void blz_fft_root(int64_t k, int64_t n, double *c, double *s) {
  // In eighths of the circle; with 8 k < 8 n below 2^63, exact.
  const double pi = 3.14159265358979323846;
  int64_t eighth = 8 * k / n, rest = 8 * k - eighth * n;
  // In odd eighths from the far end, so that the angle is below pi / 4.
  const double angle = pi / 4 * ((double)(eighth & 1 ? n - rest : rest) / (double)n);
  const double a = cos(angle), b = sin(angle);
  switch (eighth) {
    case 0: *c = a; *s = b; break;
    case 1: *c = b; *s = a; break;
    case 2: *c = -b; *s = a; break;
    case 3: *c = -a; *s = b; break;
    case 4: *c = -a; *s = -b; break;
    case 5: *c = -b; *s = -a; break;
    case 6: *c = b; *s = -a; break;
    default: *c = a; *s = -b; break;
  }
}

#define T float
#define NAME(x) blz_fft_f32_##x
#include "fft.inc"
#undef T
#undef NAME
#define T double
#define NAME(x) blz_fft_f64_##x
#include "fft.inc"
#undef T
#undef NAME

struct blz_fft {
  int32_t kind;
  bool is_double, is_long;
  // Numbers of the transform, and of the complex one that does its work.
  int64_t n, inner;
  // Of the inner length or, if that has a large prime, of the length of the convolution.
  blz_fft_stages stages;
  // For a convolution, in double: the chirp, and the transform of its conjugate.
  double *chirp, *filter;
  // cos and sin of 2 pi k / n for real numbers of an even length.
  double *turns;
};

static bool blz_fft_factor(blz_fft_stages *stages, int64_t n) {
  stages->n = n;
  stages->factor_count = 0;
  const int32_t first[] = {4, 2, 3, 5, 7};
  for (int i = 0; i < 5; i++) {
    while (n % first[i] == 0) {
      stages->factors[stages->factor_count++] = first[i];
      n /= first[i];
    }
  }
  for (int32_t r = 11; r <= BLZ_FFT_LARGEST_RADIX; r += 2) {
    while (n % r == 0) {
      stages->factors[stages->factor_count++] = r;
      n /= r;
    }
  }
  return n == 1;
}

// The least product of 2, 3 and 5 that is not below n.
static int64_t blz_fft_smooth(int64_t n) {
  int64_t best = 1;
  while (best < n) best *= 2;
  for (int64_t five = 1; five < best; five *= 5) {
    for (int64_t three = five; three < best; three *= 3) {
      int64_t two = three;
      while (two < n) two *= 2;
      if (two < best) best = two;
    }
  }
  return best;
}

void blz_fft_free(blz_fft *fft) {
  if (!fft) return;
  for (int i = 0; i < fft->stages.factor_count; i++) {
    free(fft->stages.twiddles[i]);
    free(fft->stages.roots[i]);
  }
  free(fft->chirp);
  free(fft->filter);
  free(fft->turns);
  free(fft);
}

static bool blz_fft_make_filter(blz_fft *fft) {
  const int64_t n = fft->inner, m = fft->stages.n;
  fft->chirp = malloc((size_t)(2 * n) * sizeof(double));
  fft->filter = malloc((size_t)(2 * m) * sizeof(double));
  double *other = malloc((size_t)(2 * m) * sizeof(double));
  if (!fft->chirp || !fft->filter || !other) {
    free(other);
    return false;
  }
  memset(fft->filter, 0, (size_t)(2 * m) * sizeof(double));
  double *fr = fft->filter, *fi = fft->filter + m;
  for (int64_t k = 0; k < n; k++) {
    // exp(-i pi k^2 / n); k^2 modulo 2 n, without overflow.
    double c, s;
    const unsigned __int128 big = (unsigned __int128)k * (unsigned __int128)k;
    const int64_t square = (int64_t)(big % (2 * (uint64_t)n));
    blz_fft_root(square, 2 * n, &c, &s);
    fft->chirp[k] = c;
    fft->chirp[n + k] = -s;
    fr[k] = c;
    fi[k] = s;
    if (k) {
      fr[m - k] = c;
      fi[m - k] = s;
    }
  }
  double *x[2] = {fr, fi}, *y[2] = {other, other + m};
  double **done = blz_fft_f64_transform(&fft->stages, x, y);
  if (done[0] != fft->filter) memcpy(fft->filter, other, (size_t)(2 * m) * sizeof(double));
  free(other);
  return true;
}

blz_fft *blz_fft_make(int32_t kind, int64_t n, bool is_double) {
  blz_fft *fft = calloc(1, sizeof *fft);
  if (!fft) return 0;
  fft->kind = kind;
  fft->n = n;
  fft->is_double = is_double;
  const bool halves = (kind == BLZ_FFT_FROM_REAL || kind == BLZ_FFT_TO_REAL) && n % 2 == 0;
  fft->inner = halves ? n / 2 : n;
  if (halves) {
    fft->turns = malloc((size_t)(n + 2) * sizeof(double));
    if (!fft->turns) goto failed;
    for (int64_t k = 0; k <= n / 2; k++) {
      blz_fft_root(k, n, fft->turns + k, fft->turns + n / 2 + 1 + k);
    }
  }
  fft->is_long = !blz_fft_factor(&fft->stages, fft->inner);
  if (fft->is_long) blz_fft_factor(&fft->stages, blz_fft_smooth(2 * fft->inner - 1));
  // The convolution is as exact as double: its float would lose three digits.
  const bool in_double = is_double || fft->is_long;
  if (!(in_double ? blz_fft_f64_make_stages : blz_fft_f32_make_stages)(&fft->stages)) goto failed;
  if (fft->is_long && !blz_fft_make_filter(fft)) goto failed;
  return fft;
failed:
  blz_fft_free(fft);
  return 0;
}

// The convolution that transforms, of numbers at x[0] and x[1], all in double.
static double **blz_fft_convolve(const blz_fft *fft, double *x[2], double *y[2]) {
  const int64_t n = fft->inner, m = fft->stages.n;
  const double *cr = fft->chirp, *ci = fft->chirp + n;
  for (int64_t k = 0; k < n; k++) {
    const double a = x[0][k], b = x[1][k];
    x[0][k] = a * cr[k] - b * ci[k];
    x[1][k] = a * ci[k] + b * cr[k];
  }
  memset(x[0] + n, 0, (size_t)(m - n) * sizeof(double));
  memset(x[1] + n, 0, (size_t)(m - n) * sizeof(double));
  double **z = blz_fft_f64_transform(&fft->stages, x, y);
  const double *fr = fft->filter, *fi = fft->filter + m;
  const double scale = 1 / (double)m;
  // Conjugated, so that the second transform goes back.
  for (int64_t k = 0; k < m; k++) {
    const double a = z[0][k], b = z[1][k];
    z[0][k] = (a * fr[k] - b * fi[k]) * scale;
    z[1][k] = -(a * fi[k] + b * fr[k]) * scale;
  }
  z = blz_fft_f64_transform(&fft->stages, z, z == x ? y : x);
  for (int64_t k = 0; k < n; k++) {
    const double a = z[0][k], b = -z[1][k];
    z[0][k] = a * cr[k] - b * ci[k];
    z[1][k] = a * ci[k] + b * cr[k];
  }
  return z;
}

// The rows of arrays of T, worked on in arrays of W.
#define BLZ_FFT_ROWS(NAME, T, W, TRANSFORM)                                                       \
  static void NAME(const blz_fft *fft, const T *from, T *to, int64_t begin, int64_t end,          \
                   W *room) {                                                                     \
    const int64_t n = fft->n, m = fft->inner, size = fft->stages.n, half = n / 2;                 \
    const bool from_real = fft->kind == BLZ_FFT_FROM_REAL;                                        \
    const bool to_real = fft->kind == BLZ_FFT_TO_REAL;                                            \
    /* Back is forward with the parts changed places. */                                          \
    const int re = fft->kind == BLZ_FFT_INVERSE || to_real ? 1 : 0, im = 1 - re;                  \
    const double *c = fft->turns, *s = fft->turns ? fft->turns + half + 1 : 0;                    \
    for (int64_t row = begin; row < end; row++) {                                                 \
      const T *x = from + row * (from_real ? n : to_real ? 2 * (half + 1) : 2 * n);               \
      T *y = to + row * (to_real ? n : from_real ? 2 * (half + 1) : 2 * n);                       \
      W *a[2] = {room, room + size}, *b[2] = {room + 2 * size, room + 3 * size};                  \
      if (from_real && !c) {                                                                      \
        for (int64_t k = 0; k < n; k++) {                                                         \
          a[0][k] = x[k];                                                                         \
          a[1][k] = 0;                                                                            \
        }                                                                                         \
      } else if (to_real && c) {                                                                  \
        for (int64_t k = 0; k < m; k++) {                                                         \
          const W p = x[2 * k], q = k ? x[2 * k + 1] : 0;                                         \
          const W u = x[2 * (m - k)], v = k ? x[2 * (m - k) + 1] : 0;                             \
          const W d = p - u, e = q + v;                                                           \
          const W wc = (W)c[k], ws = (W)s[k];                                                     \
          a[re][k] = (p + u) - (d * ws + e * wc);                                                 \
          a[im][k] = (q - v) + (d * wc - e * ws);                                                 \
        }                                                                                         \
      } else if (to_real) {                                                                       \
        a[re][0] = x[0];                                                                          \
        a[im][0] = 0;                                                                             \
        for (int64_t k = 1; k <= half; k++) {                                                     \
          a[re][k] = a[re][n - k] = x[2 * k];                                                     \
          a[im][k] = x[2 * k + 1];                                                                \
          a[im][n - k] = -x[2 * k + 1];                                                           \
        }                                                                                         \
      } else {                                                                                    \
        for (int64_t k = 0; k < m; k++) {                                                         \
          a[re][k] = x[2 * k];                                                                    \
          a[im][k] = x[2 * k + 1];                                                                \
        }                                                                                         \
      }                                                                                           \
      W **z = TRANSFORM;                                                                          \
      if (from_real && c) {                                                                       \
        for (int64_t k = 0; k <= m; k++) {                                                        \
          const int64_t f = k == m ? 0 : k, g = k == 0 ? 0 : m - k;                               \
          const W p = z[0][f], q = z[1][f], u = z[0][g], v = z[1][g];                             \
          const W d = (q + v) / 2, e = (p - u) / 2;                                               \
          const W wc = (W)c[k], ws = (W)s[k];                                                     \
          y[2 * k] = (T)((p + u) / 2 + (d * wc - e * ws));                                        \
          y[2 * k + 1] = (T)((q - v) / 2 - (d * ws + e * wc));                                    \
        }                                                                                         \
      } else if (from_real) {                                                                     \
        for (int64_t k = 0; k <= half; k++) {                                                     \
          y[2 * k] = (T)z[0][k];                                                                  \
          y[2 * k + 1] = (T)z[1][k];                                                              \
        }                                                                                         \
      } else if (to_real && !c) {                                                                 \
        for (int64_t k = 0; k < n; k++) y[k] = (T)z[re][k];                                       \
      } else {                                                                                    \
        for (int64_t k = 0; k < m; k++) {                                                         \
          y[2 * k] = (T)z[re][k];                                                                 \
          y[2 * k + 1] = (T)z[im][k];                                                             \
        }                                                                                         \
      }                                                                                           \
    }                                                                                             \
  }
BLZ_FFT_ROWS(blz_fft_rows_f32, float, float, blz_fft_f32_transform(&fft->stages, a, b))
BLZ_FFT_ROWS(blz_fft_rows_f64, double, double, blz_fft_f64_transform(&fft->stages, a, b))
BLZ_FFT_ROWS(blz_fft_long_f32, float, double, blz_fft_convolve(fft, a, b))
BLZ_FFT_ROWS(blz_fft_long_f64, double, double, blz_fft_convolve(fft, a, b))

bool blz_fft_run(const blz_fft *fft, const void *from, void *to, int64_t begin, int64_t end) {
  const size_t size = fft->is_double || fft->is_long ? sizeof(double) : sizeof(float);
  void *room = malloc(4 * (size_t)fft->stages.n * size);
  if (!room) return false;
  if (fft->is_double) {
    (fft->is_long ? blz_fft_long_f64 : blz_fft_rows_f64)(fft, from, to, begin, end, room);
  } else if (fft->is_long) {
    blz_fft_long_f32(fft, from, to, begin, end, room);
  } else {
    blz_fft_rows_f32(fft, from, to, begin, end, room);
  }
  free(room);
  return true;
}
