#include <dlfcn.h>
#include <stddef.h>
#include <stdlib.h>

#include "CNotebookKernel.h"

// What sourcekitd.h declares.
static void *(*request_from_yaml)(const char *, char **);
static void (*request_release)(void *);
static void *(*send_request)(void *);
static int (*response_is_error)(void *);
static char *(*response_description)(void *);
static void (*response_dispose)(void *);

int sourcekit_open(const char *path) {
  void *library = dlopen(path, RTLD_NOW);
  if (!library) return -1;
  void (*initialize)(void) = (void (*)(void))dlsym(library, "sourcekitd_initialize");
  *(void **)&request_from_yaml = dlsym(library, "sourcekitd_request_create_from_yaml");
  *(void **)&request_release = dlsym(library, "sourcekitd_request_release");
  *(void **)&send_request = dlsym(library, "sourcekitd_send_request_sync");
  *(void **)&response_is_error = dlsym(library, "sourcekitd_response_is_error");
  // Its JSON printer leaves the results of a completion out.
  *(void **)&response_description = dlsym(library, "sourcekitd_response_description_copy");
  *(void **)&response_dispose = dlsym(library, "sourcekitd_response_dispose");
  if (!initialize || !request_from_yaml || !request_release || !send_request ||
      !response_is_error || !response_description || !response_dispose)
    return -1;
  initialize();
  return 0;
}

char *sourcekit_ask(const char *text) {
  char *complaint = NULL;
  void *request = request_from_yaml(text, &complaint);
  free(complaint);
  if (!request) return NULL;
  void *response = send_request(request);
  request_release(request);
  char *description = response_is_error(response) ? NULL : response_description(response);
  response_dispose(response);
  return description;
}
