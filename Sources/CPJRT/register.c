// Says before main who finds plugins, so that a program can use them by linking the finder.
extern void blz_register_xla_plugins(void);

__attribute__((constructor)) static void blz_register(void) { blz_register_xla_plugins(); }
