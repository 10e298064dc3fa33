#include <dlfcn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "CNotebookKernel.h"

// What sourcekitd.h declares.
typedef struct {
  uint64_t data[3];
} variant;
static void *(*request_from_yaml)(const char *, char **);
static void (*request_release)(void *);
static void *(*send_request)(void *);
static bool (*response_is_error)(void *);
static variant (*response_value)(void *);
static char *(*variant_json)(variant);
static void (*response_dispose)(void *);

int sourcekit_open(const char *path) {
  void *library = dlopen(path, RTLD_NOW);
  if (!library) return -1;
  void (*initialize)(void) = (void (*)(void))dlsym(library, "sourcekitd_initialize");
  *(void **)&request_from_yaml = dlsym(library, "sourcekitd_request_create_from_yaml");
  *(void **)&request_release = dlsym(library, "sourcekitd_request_release");
  *(void **)&send_request = dlsym(library, "sourcekitd_send_request_sync");
  *(void **)&response_is_error = dlsym(library, "sourcekitd_response_is_error");
  *(void **)&response_value = dlsym(library, "sourcekitd_response_get_value");
  *(void **)&variant_json = dlsym(library, "sourcekitd_variant_json_description_copy");
  *(void **)&response_dispose = dlsym(library, "sourcekitd_response_dispose");
  if (!initialize || !request_from_yaml || !request_release || !send_request ||
      !response_is_error || !response_value || !response_dispose || !variant_json)
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
  char *json = response_is_error(response) ? NULL : variant_json(response_value(response));
  response_dispose(response);
  return json;
}
