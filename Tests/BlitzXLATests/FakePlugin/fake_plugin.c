// A PJRT plugin that computes nothing and goes wrong as its file's name says: the tests compile it
// once and copy it to `MODE.so` or `MODE-cuda.so`.
//
// Its programs return one array, the first argument, and take over that argument if the program's
// text has the word aliasing. Objects are counted, and destroying one twice ends the process.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "layout.h"

enum { LIMIT = 1 << 20 };  // bytes of memory in the mode `full`

static char mode[64];
static const char *platform = "fake";
static long objects, live_bytes;
static int lost;

static int is(const char *name) { return strcmp(mode, name) == 0; }

// How many objects the caller has not destroyed, for tests.
long fake_objects(void) { return __atomic_load_n(&objects, __ATOMIC_SEQ_CST); }

typedef struct {
  unsigned mark;
  int code;  // of errors and of events that fail
  char text[200];
  char *data;  // of buffers
  size_t size;
  int deleted, aliasing;
} object;

static void *make(void) {
  object *o = calloc(1, sizeof *o);
  o->mark = 0xB112;
  __atomic_add_fetch(&objects, 1, __ATOMIC_SEQ_CST);
  return o;
}

static void end(void *object_) {
  object *o = object_;
  if (o->mark != 0xB112) {
    fprintf(stderr, "fake plugin: destroyed twice\n");
    abort();
  }
  o->mark = 0;
  if (o->data) __atomic_sub_fetch(&live_bytes, (long)o->size, __ATOMIC_SEQ_CST);
  free(o->data);
  free(o);
  __atomic_sub_fetch(&objects, 1, __ATOMIC_SEQ_CST);
}

static blz_pjrt_error *fail(int code, const char *text) {
  object *o = make();
  o->code = code;
  snprintf(o->text, sizeof o->text, "%s", text);
  return (blz_pjrt_error *)o;
}

static void error_destroy(blz_pjrt_error_destroy *a) { end(a->error); }
static void error_message(blz_pjrt_error_message *a) {
  a->text = ((const object *)a->error)->text;
  a->text_size = strlen(a->text);
}
static blz_pjrt_error *error_code(blz_pjrt_error_code *a) {
  a->code = ((const object *)a->error)->code;
  return NULL;
}
static blz_pjrt_error *make_error(int code, const char *text, size_t size) {
  char copy[200] = {0};
  memcpy(copy, text, size < 199 ? size : 199);
  return fail(code, copy);
}

static blz_pjrt_error *initialize(blz_pjrt_nothing *a) {
  return is("broken") ? fail(13, "the licence server does not answer") : NULL;
}
static blz_pjrt_error *attributes(blz_pjrt_attributes *a) {
  static const int64_t version[] = {1, 13, 3};
  static blz_pjrt_named item = {{56, NULL}, "stablehlo_current_version", 25, BLZ_PJRT_INT64_LIST};
  item.value.numbers = version;
  item.value_size = 3;
  a->items = &item;
  a->count = 1;
  return NULL;
}

static blz_pjrt_error *destroy(blz_pjrt_object *a) {
  end(a->object);
  return NULL;
}
static blz_pjrt_error *event_is_ready(blz_pjrt_object_to_bool *a) {
  a->answer = true;
  return NULL;
}
static blz_pjrt_error *event_await(blz_pjrt_object *a) {
  object *o = a->object;
  return o->code ? fail(o->code, o->text) : NULL;
}
static blz_pjrt_event *event(void) { return make(); }

// A client, with the callbacks tried in the mode `store`.
static blz_pjrt_error *client_create(blz_pjrt_client_create *a) {
  if (is("nogpu")) return fail(9, "No visible GPU devices.");
  if (is("nolibraries")) return fail(13, "Could not load library libcudnn.so.9: no such file");
  if (is("busy")) return fail(8, "failed to allocate 70.0GiB: CUDA_ERROR_OUT_OF_MEMORY");
  if (is("picky"))
    for (size_t i = 0; i < a->option_count; i++)
      return fail(3, "Unexpected option name passed to PJRT_Client_Create");
  if (is("options")) {  // says what it was given
    char text[200] = "options:";
    for (size_t i = 0; i < a->option_count; i++) {
      const blz_pjrt_named *o = &a->options[i];
      snprintf(text + strlen(text), 200 - strlen(text), " %.*s=%lld", (int)o->name_size, o->name,
               o->kind == BLZ_PJRT_BOOL ? (long long)o->value.flag : (long long)o->value.number);
    }
    return fail(3, text);
  }
  if (is("store")) {
    blz_pjrt_make_error make_ = make_error;
    blz_pjrt_key_put put = {{64, NULL}, "who", 3, "me", 2, &make_, a->put_context};
    blz_pjrt_error *failed = a->put(&put);
    if (failed) return failed;
    blz_pjrt_key_try_get none = {{72, NULL}, "nobody", 6, &make_, a->try_get_context};
    failed = a->try_get(&none);
    if (!failed) return fail(13, "a key that nobody put there has a value");
    if (((object *)failed)->code != 5) return failed;
    end(failed);
    blz_pjrt_key_get get = {{80, NULL}, "who", 3, 10, &make_, a->get_context};
    failed = a->get(&get);
    if (failed) return failed;
    int right = get.value_size == 2 && memcmp(get.value, "me", 2) == 0;
    get.free_value(get.value);
    if (!right) return fail(13, "the store answered another value");
    blz_pjrt_key_get late = {{80, NULL}, "nobody", 6, 10, &make_, a->get_context};
    failed = a->get(&late);
    return failed ? failed : fail(13, "waiting for nobody did not end");
  }
  a->client = make();
  return NULL;
}
static blz_pjrt_error *client_text(blz_pjrt_object_to_text *a) {
  a->text = platform;
  a->text_size = strlen(platform);
  return NULL;
}
static blz_pjrt_error *zero(blz_pjrt_object_to_int *a) {
  a->answer = 0;
  return NULL;
}
static blz_pjrt_error *client_devices(blz_pjrt_client_devices *a) {
  static char device;
  static blz_pjrt_device *const list[] = {(blz_pjrt_device *)&device};
  a->devices = list;
  a->count = is("nodevice") ? 0 : 1;
  return NULL;
}
static blz_pjrt_error *same(blz_pjrt_object_to_object *a) {
  a->answer = a->object;
  return NULL;
}
static blz_pjrt_error *device_memory(blz_pjrt_memory *a) {
  a->used = live_bytes;
  a->limit.bytes = LIMIT;
  a->limit.known = true;
  return NULL;
}

static blz_pjrt_error *client_compile(blz_pjrt_compile *a) {
  if (is("refuses")) return fail(3, "1:2: error: unknown op \"stablehlo.guess\"");
  object *o = make();
  o->aliasing = memmem(a->source->text, a->source->text_size, "aliasing", 8) != NULL;
  a->program = (blz_pjrt_loaded *)o;
  return NULL;
}
static blz_pjrt_error *program(blz_pjrt_object_to_object *a) {
  a->answer = make();
  return NULL;
}
static blz_pjrt_error *result_count(blz_pjrt_object_to_size *a) {
  a->answer = is("twofold") ? 2 : 1;
  return NULL;
}
static blz_pjrt_error *serialize(blz_pjrt_serialize *a) { return fail(12, "not serializable"); }
static blz_pjrt_error *deserialize(blz_pjrt_deserialize *a) { return fail(12, "not loadable"); }

// A buffer, unless memory runs out.
static blz_pjrt_error *allocate(size_t size, blz_pjrt_buffer **buffer) {
  if (lost) return fail(13, "CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was met");
  if (is("full") && live_bytes + (long)size > LIMIT)
    return fail(8, "Out of memory while trying to allocate.");
  object *o = make();
  o->data = malloc(size ? size : 1);
  o->size = size;
  __atomic_add_fetch(&live_bytes, (long)size, __ATOMIC_SEQ_CST);
  *buffer = (blz_pjrt_buffer *)o;
  return NULL;
}
static blz_pjrt_error *upload(blz_pjrt_upload *a) {
  static const size_t sizes[] = {0, 1, 1, 2, 4, 8, 1, 2, 4, 8, 2, 4, 8, 2};
  size_t size = sizes[a->type];
  for (size_t i = 0; i < a->rank; i++) size *= (size_t)a->sizes[i];
  blz_pjrt_error *failed = allocate(size, &a->buffer);
  if (failed) return failed;
  memcpy(((object *)a->buffer)->data, a->data, size);
  a->done = event();
  return NULL;
}
static blz_pjrt_error *run(blz_pjrt_run *a) {
  if (is("lost")) lost = 1;
  object *first = (object *)a->arguments[0][0];
  if (((object *)a->program)->aliasing && !a->options->kept_count) {
    object *o = make();
    o->data = first->data;
    o->size = first->size;
    first->data = NULL;
    first->deleted = 1;
    a->results[0][0] = (blz_pjrt_buffer *)o;
    return NULL;
  }
  blz_pjrt_error *failed = allocate(first->size, &a->results[0][0]);
  if (!failed) memcpy(((object *)a->results[0][0])->data, first->data, first->size);
  return failed;
}
static blz_pjrt_error *is_deleted(blz_pjrt_object_to_bool *a) {
  a->answer = ((object *)a->object)->deleted;
  return NULL;
}
static blz_pjrt_error *buffer_size(blz_pjrt_object_to_size *a) {
  a->answer = ((object *)a->object)->size;
  return NULL;
}
static blz_pjrt_error *download(blz_pjrt_download *a) {
  if (lost) return fail(13, "CUDA_ERROR_ILLEGAL_ADDRESS: an illegal memory access was met");
  object *o = (object *)a->buffer, *e = make();
  if (is("late")) {
    e->code = 8;
    snprintf(e->text, sizeof e->text, "Out of memory while computing.");
  } else {
    memcpy(a->target, o->data, a->target_size);
  }
  a->done = (blz_pjrt_event *)e;
  return NULL;
}
static blz_pjrt_error *ready(blz_pjrt_object_to_object *a) {
  a->answer = event();
  return NULL;
}

const blz_pjrt_table *GetPjrtApi(void) {
  static blz_pjrt_table t;
  Dl_info self;
  dladdr((void *)&GetPjrtApi, &self);
  const char *name = strrchr(self.dli_fname, '/') + 1;
  snprintf(mode, sizeof mode, "%.*s", (int)strcspn(name, "-."), name);
  if (strstr(name, "-cuda")) platform = "cuda";
  t.head.size = is("short") ? 200 : sizeof t;
  t.version.head.size = 24;
  t.version.major = is("major") ? 1 : 0;
  t.version.minor = is("old") ? 40 : 81;
  t.error_destroy = error_destroy;
  t.error_message = error_message;
  t.error_code = error_code;
  t.plugin_initialize = initialize;
  t.plugin_attributes = attributes;
  t.event_destroy = t.client_destroy = t.program_destroy = t.loaded_destroy = t.buffer_destroy =
      destroy;
  t.event_is_ready = event_is_ready;
  t.event_await = event_await;
  t.client_create = client_create;
  t.client_platform = t.client_version = t.description_kind = client_text;
  t.client_process = t.description_id = t.description_process = zero;
  t.client_devices = t.client_all_devices = t.loaded_devices = client_devices;
  t.device_description = same;
  t.device_memory = device_memory;
  t.client_compile = client_compile;
  t.loaded_program = program;
  t.program_result_count = result_count;
  t.program_serialize = serialize;
  t.client_deserialize = deserialize;
  t.client_upload = upload;
  t.loaded_run = run;
  t.buffer_is_deleted = is_deleted;
  t.buffer_size = buffer_size;
  t.buffer_download = download;
  t.buffer_ready = ready;
  return &t;
}
