// Memory that a thread writes and reads again within a kernel.
#include <pthread.h>
#include <stdlib.h>

#include "include/CKernels.h"

typedef struct {
  size_t size;
  void *bytes;
} blz_own;

static pthread_key_t blz_own_key;
static pthread_once_t blz_own_once = PTHREAD_ONCE_INIT;
static bool blz_has_key;

static void blz_drop_own(void *value) {
  blz_own *own = value;
  free(own->bytes);
  free(own);
}

static void blz_make_key(void) {
  blz_has_key = pthread_key_create(&blz_own_key, blz_drop_own) == 0;
}

void *blz_own_scratch(size_t size) {
  // Threads' blocks lie apart: the processor fetches ahead of what is read, up to a page, and would
  // take the lines that another thread writes.
  enum { APART = 4096 };
  pthread_once(&blz_own_once, blz_make_key);
  if (!blz_has_key) return NULL;
  blz_own *own = pthread_getspecific(blz_own_key);
  if (!own) {
    own = calloc(1, sizeof *own);
    if (!own) return NULL;
    if (pthread_setspecific(blz_own_key, own)) {
      free(own);
      return NULL;
    }
  }
  if (size > own->size) {
    free(own->bytes);
    *own = (blz_own){0, NULL};
    void *bytes;
    if (posix_memalign(&bytes, APART, (size + APART - 1) / APART * APART + APART)) return NULL;
    *own = (blz_own){size, bytes};
  }
  return own->bytes;
}
