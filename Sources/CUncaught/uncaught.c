// Swift's compiler calls this function for an error that nobody caught. The one in Swift's library
// is a crash: registers, a stack that does not tell where the error came from, a prompt that waits.
// This one stands before it, as what a program brings goes before what shared libraries have.
#include "include/CUncaught.h"

// Weak: the library's goes first in a program that is linked with it statically.
__attribute__((weak)) void swift_errorInMain(void *error) { blz_end_with(error); }

// What Scripts/static has the linker take in that case (--wrap=swift_errorInMain).
void __wrap_swift_errorInMain(void *error) { blz_end_with(error); }
