// Starts the library that holds Blitz and the host: an executable of its own would bring a
// second copy of them, which the cells could not see.
#include <dlfcn.h>
#include <stdio.h>

int main(int count, char **arguments) {
  if (count != 2) {
    fprintf(stderr, "usage: blitz-cell-host LIBRARY (the kernel starts it)\n");
    return 2;
  }
  void *library = dlopen(arguments[1], RTLD_NOW | RTLD_GLOBAL);
  int (*start)(void) = library ? (int (*)(void))dlsym(library, "blitz_cell_host_main") : NULL;
  if (!start) {
    fprintf(stderr, "blitz-cell-host: %s\n", dlerror());
    return 1;
  }
  return start();
}
