#include <stdbool.h>
#include <lapacke.h>

// Of each routine the two of real numbers as one, by whether they are doubles. Matrices are
// row-major.

#define BLZ_LD(n) ((n) > 0 ? (n) : 1)
#define BLZ_BOTH(name, ...) (wide ? LAPACKE_d##name(LAPACK_ROW_MAJOR, __VA_ARGS__) \
                                  : LAPACKE_s##name(LAPACK_ROW_MAJOR, __VA_ARGS__))

static inline int blz_potrf(bool wide, int n, void *a) {
  return BLZ_BOTH(potrf, 'L', n, a, BLZ_LD(n));
}
static inline int blz_potri(bool wide, int n, void *a) {
  return BLZ_BOTH(potri, 'L', n, a, BLZ_LD(n));
}
static inline int blz_getrf(bool wide, int m, int n, void *a, int *pivots) {
  return BLZ_BOTH(getrf, m, n, a, BLZ_LD(n), pivots);
}
static inline int blz_getrs(bool wide, int n, int k, const void *a, const int *pivots, void *b) {
  return BLZ_BOTH(getrs, 'N', n, k, a, BLZ_LD(n), pivots, b, BLZ_LD(k));
}
static inline int blz_trtrs(bool wide, char half, char diagonal, int n, int k, const void *a, void *b) {
  return BLZ_BOTH(trtrs, half, 'N', diagonal, n, k, a, BLZ_LD(n), b, BLZ_LD(k));
}
static inline int blz_geqrf(bool wide, int m, int n, void *a, void *tau) {
  return BLZ_BOTH(geqrf, m, n, a, BLZ_LD(n), tau);
}
static inline int blz_orgqr(bool wide, int m, int n, int k, void *a, const void *tau) {
  return BLZ_BOTH(orgqr, m, n, k, a, BLZ_LD(n), tau);
}
static inline int blz_syevd(bool wide, char vectors, int n, void *a, void *values) {
  return BLZ_BOTH(syevd, vectors, 'L', n, a, BLZ_LD(n), values);
}
static inline int blz_gesdd(bool wide, char job, int m, int n, void *a, void *s, void *u, int uColumns,
                            void *v) {
  return BLZ_BOTH(gesdd, job, m, n, a, BLZ_LD(n), s, u, BLZ_LD(uColumns), v, BLZ_LD(n));
}
static inline int blz_sytrf(bool wide, int n, void *a, int *pivots) {
  return BLZ_BOTH(sytrf, 'L', n, a, BLZ_LD(n), pivots);
}
static inline int blz_sytrs(bool wide, int n, int k, const void *a, const int *pivots, void *b) {
  return BLZ_BOTH(sytrs, 'L', n, k, a, BLZ_LD(n), pivots, b, BLZ_LD(k));
}
