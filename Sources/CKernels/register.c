// Makes the backend known before main, so that a program has it by linking it.
extern void blz_register_cpu_backend(void);

__attribute__((constructor)) static void blz_register(void) { blz_register_cpu_backend(); }
