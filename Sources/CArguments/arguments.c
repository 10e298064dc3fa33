#include <stddef.h>

#include "CArguments.h"

static int count;
static char **words;

// Glibc and macOS call constructors with what main() gets; others call them with nothing.
#if defined(__GLIBC__) || defined(__APPLE__)
__attribute__((constructor)) static void keep(int argc, char **argv) {
  count = argc;
  words = argv;
}
#endif

int32_t blz_argument_count(void) { return count; }

const char *blz_argument(int32_t index) {
  return index >= 0 && index < count ? words[index] : NULL;
}
