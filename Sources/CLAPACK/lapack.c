#include "CLAPACK.h"

#include <dlfcn.h>
#include <pthread.h>

// LAPACKE's C interface: the layout first, leading sizes after matrices, integers of 32 bits.
#define ROUTINES(X)                                                                               \
  X(potrf, (int, char, int, void *, int))                                                         \
  X(getrf, (int, int, int, void *, int, int *))                                                   \
  X(getrs, (int, char, int, int, const void *, int, const int *, void *, int))                    \
  X(trtrs, (int, char, char, char, int, int, const void *, int, void *, int))                     \
  X(geqrf, (int, int, int, void *, int, void *))                                                  \
  X(orgqr, (int, int, int, int, void *, int, const void *))                                       \
  X(syevd, (int, char, char, int, void *, int, void *))                                           \
  X(gesdd, (int, char, int, int, void *, int, void *, void *, int, void *, int))                  \
  X(sytrf, (int, char, int, void *, int, int *))                                                  \
  X(sytrs, (int, char, int, int, const void *, int, const int *, void *, int))

// Those of complex numbers, which are pairs.
typedef int blz_geev_routine(
  int, char, char, int, void *, int, void *, void *, int, void *, int);
#define POINTERS(name, types) int(*s##name) types, (*d##name) types;
static struct {
  ROUTINES(POINTERS)
  blz_geev_routine *cgeev, *zgeev;
} lapack;
static const char *found;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static bool blz_take(void *library) {
#define TAKE(name, types)                                                                         \
  lapack.s##name = (int(*) types)dlsym(library, "LAPACKE_s" #name);                               \
  lapack.d##name = (int(*) types)dlsym(library, "LAPACKE_d" #name);                               \
  if (!lapack.s##name || !lapack.d##name) return false;
  ROUTINES(TAKE)
  lapack.cgeev = (blz_geev_routine *)dlsym(library, "LAPACKE_cgeev");
  lapack.zgeev = (blz_geev_routine *)dlsym(library, "LAPACKE_zgeev");
  return lapack.cgeev && lapack.zgeev;
}

static void blz_find(void) {
  const char *names[] = {
    "liblapacke.so.3", "libopenblas.so.0", "liblapacke.3.dylib",
    "/opt/homebrew/opt/lapack/lib/liblapacke.3.dylib"};
  for (unsigned i = 0; i < sizeof names / sizeof *names && !found; i++) {
    void *library = dlopen(names[i], RTLD_NOW | RTLD_LOCAL);
    if (library && blz_take(library)) found = names[i];
  }
}

const char *blz_lapack(void) {
  pthread_once(&once, blz_find);
  return found;
}

enum { ROW_MAJOR = 101 };
#define LEADING(n) ((n) > 0 ? (n) : 1)
// The caller has asked whether there is a library.
#define CALL(name, ...)                                                                           \
  (wide ? lapack.d##name(ROW_MAJOR, __VA_ARGS__) : lapack.s##name(ROW_MAJOR, __VA_ARGS__))

int blz_potrf(bool wide, int n, void *a) { return CALL(potrf, 'L', n, a, LEADING(n)); }

int blz_getrf(bool wide, int m, int n, void *a, int *pivots) {
  return CALL(getrf, m, n, a, LEADING(n), pivots);
}

int blz_getrs(bool wide, int n, int k, const void *a, const int *pivots, void *b) {
  return CALL(getrs, 'N', n, k, a, LEADING(n), pivots, b, LEADING(k));
}

int blz_trtrs(bool wide, char half, char diagonal, int n, int k, const void *a, void *b) {
  return CALL(trtrs, half, 'N', diagonal, n, k, a, LEADING(n), b, LEADING(k));
}

int blz_geqrf(bool wide, int m, int n, void *a, void *tau) {
  return CALL(geqrf, m, n, a, LEADING(n), tau);
}

int blz_orgqr(bool wide, int m, int n, int k, void *a, const void *tau) {
  return CALL(orgqr, m, n, k, a, LEADING(n), tau);
}

int blz_syevd(bool wide, char vectors, int n, void *a, void *values) {
  return CALL(syevd, vectors, 'L', n, a, LEADING(n), values);
}

int blz_gesdd(
  bool wide, char job, int m, int n, void *a, void *s, void *u, int u_columns, void *v) {
  return CALL(gesdd, job, m, n, a, LEADING(n), s, u, LEADING(u_columns), v, LEADING(n));
}

int blz_sytrf(bool wide, int n, void *a, int *pivots) {
  return CALL(sytrf, 'L', n, a, LEADING(n), pivots);
}

int blz_sytrs(bool wide, int n, int k, const void *a, const int *pivots, void *b) {
  return CALL(sytrs, 'L', n, k, a, LEADING(n), pivots, b, LEADING(k));
}

int blz_geev(bool wide, char vectors, int n, void *a, void *values, void *v) {
  return (wide ? lapack.zgeev : lapack.cgeev)(
    ROW_MAJOR, 'N', vectors, n, a, LEADING(n), values, v, LEADING(n), v, LEADING(n));
}
