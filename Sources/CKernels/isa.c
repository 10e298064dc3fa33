// Which instruction set the loops of this process use.
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/CKernels.h"

static int32_t blz_find_isa(void) {
  int32_t widest = BLZ_ISA_PORTABLE;
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
      && __builtin_cpu_supports("bmi2"))
    widest = BLZ_ISA_AVX2;
  if (widest == BLZ_ISA_AVX2 && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
    widest = BLZ_ISA_AVX512;
#endif
  const char *wanted = getenv("BLITZ_ISA");
  if (!wanted || !*wanted || !strcmp(wanted, "avx512")) return widest;
  if (!strcmp(wanted, "portable")) return BLZ_ISA_PORTABLE;
  if (!strcmp(wanted, "avx2")) return widest > BLZ_ISA_AVX2 ? BLZ_ISA_AVX2 : widest;
  static atomic_flag said = ATOMIC_FLAG_INIT;
  if (!atomic_flag_test_and_set(&said))
    fprintf(stderr, "BLITZ_ISA is %s, which is not used: it takes avx512, avx2 or portable\n",
            wanted);
  return widest;
}

// Found more than once if threads are early: the answer is the same.
int32_t blz_found_isa = -1;

int32_t blz_isa(void) {
  int32_t isa = __atomic_load_n(&blz_found_isa, __ATOMIC_RELAXED);
  if (isa < 0) {
    isa = blz_find_isa();
    __atomic_store_n(&blz_found_isa, isa, __ATOMIC_RELAXED);
  }
  return isa;
}
