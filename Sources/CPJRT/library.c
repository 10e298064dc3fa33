#define _GNU_SOURCE  // RTLD_NODELETE
#include "CPJRT.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#ifdef __linux__
#include <link.h>
#endif

size_t blz_library_size(const char *path) {
  size_t size = 0;
#ifdef __linux__
  FILE *file = fopen(path, "rb");
  if (file == NULL) return 0;
  ElfW(Ehdr) head;
  if (fread(&head, sizeof head, 1, file) == 1 && memcmp(head.e_ident, ELFMAG, SELFMAG) == 0 &&
      head.e_phentsize == sizeof(ElfW(Phdr)) && fseek(file, (long)head.e_phoff, SEEK_SET) == 0) {
    size = head.e_phoff + head.e_phnum * sizeof(ElfW(Phdr));
    ElfW(Phdr) part;
    for (int i = 0; i < head.e_phnum && fread(&part, sizeof part, 1, file) == 1; i++)
      if (part.p_type == PT_LOAD && part.p_offset + part.p_filesz > size)
        size = part.p_offset + part.p_filesz;
  }
  fclose(file);
#endif
  return size;
}

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
