#define _GNU_SOURCE  // RTLD_NODELETE
#include "CPJRT.h"

#include <dlfcn.h>

void *blz_library_open(const char *path, const char **why) {
  // Local: each plugin has its own copies of the same C++ libraries inside.
  void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (library == NULL) *why = dlerror();
  return library;
}

const blz_pjrt_table *blz_library_table(void *library) {
  const blz_pjrt_table *(*table)(void) =
      (const blz_pjrt_table *(*)(void))dlsym(library, "GetPjrtApi");
  return table == NULL ? NULL : table();
}

bool blz_library_exists(const char *name) { return dlopen(name, RTLD_LAZY | RTLD_LOCAL) != NULL; }
