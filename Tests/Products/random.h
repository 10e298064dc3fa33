// Numbers that are the same in every run, and memory with pages beside it that cannot be touched.
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

static uint64_t state;

// Knuth's 64-bit linear congruence.
static int64_t below(int64_t bound) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return bound < 1 ? 0 : (int64_t)(state >> 33) % bound;
}

enum { BYTES = 8 << 20, PAGE = 4096 };

static char *guarded(void) {
  char *pages = mmap(
    NULL, BYTES + 2 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (pages == MAP_FAILED || mprotect(pages + PAGE, BYTES, PROT_READ | PROT_WRITE)) abort();
  return pages + PAGE;
}
