#include "CLimit.h"

#define TIMES_12(f)                                                                               \
  f("0") f("1") f("2") f("3") f("4") f("5") f("6") f("7") f("8") f("9") f("10") f("11")

#if defined(__x86_64__)
#define CLOBBERED                                                                                 \
  "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",   \
    "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"
#define LOOP(body)                                                                                \
  __asm__ volatile("1:\n" body "dec %0\njnz 1b\n" : "+r"(rounds) : : CLOBBERED)
#define WIDE(i) "vfmadd231ps %%zmm14, %%zmm15, %%zmm" i "\n"
#define MIDDLE(i) "vfmadd231ps %%ymm14, %%ymm15, %%ymm" i "\n"
// Without a multiply-add: a product and a sum.
#define NARROW(i) "movaps %%xmm13, %%xmm12\nmulps %%xmm14, %%xmm12\naddps %%xmm12, %%xmm" i "\n"
#elif defined(__aarch64__)
#define FMLA(i) "fmla v" i ".4s, v14.4s, v15.4s\n"
#endif

double limit_run(int32_t isa, int64_t rounds) {
  double count = 12.0 * 2 * (double)rounds;
#if defined(__x86_64__)
  switch (isa) {
    case 2: LOOP(TIMES_12(WIDE)); return count * 16;
    case 1: LOOP(TIMES_12(MIDDLE)); return count * 8;
    default: LOOP(TIMES_12(NARROW)); return count * 4;
  }
#elif defined(__aarch64__)
  (void)isa;
  __asm__ volatile("1:\n" TIMES_12(FMLA) "subs %0, %0, #1\nb.ne 1b\n"
                   : "+r"(rounds) : : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8",
                     "v9", "v10", "v11");
  return count * 4;
#else
  (void)isa;
  return count;
#endif
}
