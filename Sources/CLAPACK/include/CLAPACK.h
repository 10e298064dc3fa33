#pragma once
#include <stdbool.h>

// LAPACK, found when a program first asks for it, so that building and starting need none. Of each
// routine the two of real numbers are one here, by whether they are doubles; matrices are
// row-major. What a routine returns is LAPACK's number for what is wrong, 0 for nothing.

// The library that is used: its name, or NULL if there is none.
const char *blz_lapack(void);

int blz_potrf(bool wide, int n, void *a);
int blz_getrf(bool wide, int m, int n, void *a, int *pivots);
int blz_getrs(bool wide, int n, int k, const void *a, const int *pivots, void *b);
int blz_trtrs(bool wide, char half, char diagonal, int n, int k, const void *a, void *b);
int blz_geqrf(bool wide, int m, int n, void *a, void *tau);
int blz_orgqr(bool wide, int m, int n, int k, void *a, const void *tau);
int blz_syevd(bool wide, char vectors, int n, void *a, void *values);
int blz_gesdd(bool wide, char job, int m, int n, void *a, void *s, void *u, int u_columns, void *v);
int blz_sytrf(bool wide, int n, void *a, int *pivots);
int blz_sytrs(bool wide, int n, int k, const void *a, const int *pivots, void *b);
// Of complex matrices, whose numbers are pairs.
int blz_geev(bool wide, char vectors, int n, void *a, void *values, void *v);
