#include "CPJRT.h"

// A struct of a call, zeroed, with its size in place.
#define ARGUMENTS(type, last) \
  type a = {0};               \
  a.head.size = BLZ_PJRT_SIZE(type, last)

// Errors.

const char *blz_error_text(const blz_pjrt_table *t, const blz_pjrt_error *e, size_t *size) {
  ARGUMENTS(blz_pjrt_error_message, text_size);
  a.error = e;
  t->error_message(&a);
  *size = a.text_size;
  return a.text;
}

void blz_error_destroy(const blz_pjrt_table *t, blz_pjrt_error *e) {
  if (e == NULL) return;
  ARGUMENTS(blz_pjrt_error_destroy, error);
  a.error = e;
  t->error_destroy(&a);
}

int32_t blz_error_code(const blz_pjrt_table *t, const blz_pjrt_error *e) {
  ARGUMENTS(blz_pjrt_error_code, code);
  a.error = e;
  blz_pjrt_error *failed = t->error_code(&a);
  if (failed == NULL) return a.code;
  blz_error_destroy(t, failed);
  return 2;  // unknown
}

// Calls of the shared shapes.

typedef blz_pjrt_error *(*blz_to_text)(blz_pjrt_object_to_text *);
typedef blz_pjrt_error *(*blz_to_int)(blz_pjrt_object_to_int *);
typedef blz_pjrt_error *(*blz_on_object)(blz_pjrt_object *);

// An empty text where the plugin cannot say.
static const char *text(const blz_pjrt_table *t, blz_to_text call, void *object, size_t *size) {
  ARGUMENTS(blz_pjrt_object_to_text, text_size);
  a.object = object;
  blz_pjrt_error *failed = call(&a);
  *size = failed == NULL && a.text != NULL ? a.text_size : 0;
  blz_error_destroy(t, failed);
  return *size > 0 ? a.text : "";
}

static int32_t number(const blz_pjrt_table *t, blz_to_int call, void *object) {
  ARGUMENTS(blz_pjrt_object_to_int, answer);
  a.object = object;
  blz_pjrt_error *failed = call(&a);
  blz_error_destroy(t, failed);
  return failed == NULL ? a.answer : -1;
}

// Destroying fails only for objects that are not there.
static void destroy(const blz_pjrt_table *t, blz_on_object call, void *object) {
  if (object == NULL) return;
  ARGUMENTS(blz_pjrt_object, object);
  a.object = object;
  blz_error_destroy(t, call(&a));
}

// Plugin and events.

blz_pjrt_error *blz_plugin_initialize(const blz_pjrt_table *t) {
  blz_pjrt_nothing a = {0};
  a.head.size = sizeof a;
  return t->plugin_initialize(&a);
}

blz_pjrt_error *blz_plugin_attributes(
    const blz_pjrt_table *t, const blz_pjrt_named **items, size_t *count) {
  ARGUMENTS(blz_pjrt_attributes, count);
  blz_pjrt_error *failed = t->plugin_attributes(&a);
  *items = a.items;
  *count = failed == NULL ? a.count : 0;
  return failed;
}

void blz_event_destroy(const blz_pjrt_table *t, blz_pjrt_event *event) {
  destroy(t, t->event_destroy, event);
}

blz_pjrt_error *blz_event_wait(const blz_pjrt_table *t, blz_pjrt_event *event) {
  ARGUMENTS(blz_pjrt_object, object);
  a.object = event;
  blz_pjrt_error *failed = t->event_await(&a);
  blz_event_destroy(t, event);
  return failed;
}

bool blz_event_is_ready(const blz_pjrt_table *t, blz_pjrt_event *event) {
  ARGUMENTS(blz_pjrt_object_to_bool, answer);
  a.object = event;
  blz_pjrt_error *failed = t->event_is_ready(&a);
  blz_error_destroy(t, failed);
  return failed != NULL || a.answer;
}

// Clients.

blz_pjrt_error *blz_client_create(
    const blz_pjrt_table *t, const blz_pjrt_named *options, size_t count,
    blz_pjrt_error *(*get)(blz_pjrt_key_get *), blz_pjrt_error *(*put)(blz_pjrt_key_put *),
    blz_pjrt_error *(*try_get)(blz_pjrt_key_try_get *), void *context, blz_pjrt_client **client) {
  ARGUMENTS(blz_pjrt_client_create, try_get_context);
  a.options = options;
  a.option_count = count;
  a.get = get;
  a.put = put;
  a.try_get = try_get;
  a.get_context = a.put_context = a.try_get_context = context;
  blz_pjrt_error *failed = t->client_create(&a);
  *client = failed == NULL ? a.client : NULL;
  return failed;
}

void blz_client_destroy(const blz_pjrt_table *t, blz_pjrt_client *client) {
  destroy(t, t->client_destroy, client);
}

const char *blz_client_platform(const blz_pjrt_table *t, blz_pjrt_client *client, size_t *size) {
  return text(t, t->client_platform, client, size);
}

const char *blz_client_version(const blz_pjrt_table *t, blz_pjrt_client *client, size_t *size) {
  return text(t, t->client_version, client, size);
}

int32_t blz_client_process(const blz_pjrt_table *t, blz_pjrt_client *client) {
  return number(t, t->client_process, client);
}

blz_pjrt_error *blz_client_devices(
    const blz_pjrt_table *t, blz_pjrt_client *client, bool all, blz_pjrt_device *const **devices,
    size_t *count) {
  ARGUMENTS(blz_pjrt_client_devices, count);
  a.client = client;
  blz_pjrt_error *failed = all ? t->client_all_devices(&a) : t->client_devices(&a);
  *devices = a.devices;
  *count = failed == NULL ? a.count : 0;
  return failed;
}

blz_pjrt_error *blz_client_compile(
    const blz_pjrt_table *t, blz_pjrt_client *client, const char *text, size_t text_size,
    const void *options, size_t options_size, blz_pjrt_loaded **program) {
  blz_pjrt_source source = {0};
  source.head.size = BLZ_PJRT_SIZE(blz_pjrt_source, format_size);
  source.text = (char *)text;
  source.text_size = text_size;
  source.format = "mlir";
  source.format_size = 4;
  ARGUMENTS(blz_pjrt_compile, program);
  a.client = client;
  a.source = &source;
  a.options = options;
  a.options_size = options_size;
  blz_pjrt_error *failed = t->client_compile(&a);
  *program = failed == NULL ? a.program : NULL;
  return failed;
}

blz_pjrt_error *blz_client_deserialize(
    const blz_pjrt_table *t, blz_pjrt_client *client, const void *bytes, size_t size,
    blz_pjrt_loaded **program) {
  ARGUMENTS(blz_pjrt_deserialize, options_size);
  a.client = client;
  a.bytes = bytes;
  a.size = size;
  blz_pjrt_error *failed = t->client_deserialize(&a);
  *program = failed == NULL ? a.program : NULL;
  return failed;
}

blz_pjrt_error *blz_client_upload(
    const blz_pjrt_table *t, blz_pjrt_client *client, const void *data, int32_t type,
    const int64_t *sizes, size_t rank, blz_pjrt_device *device, blz_pjrt_buffer **buffer) {
  ARGUMENTS(blz_pjrt_upload, buffer);
  a.client = client;
  a.data = data;
  a.type = type;
  a.sizes = sizes;
  a.rank = rank;
  a.device = device;
  blz_pjrt_error *failed = t->client_upload(&a);
  *buffer = failed == NULL ? a.buffer : NULL;
  if (failed == NULL) blz_event_destroy(t, a.done);
  return failed;
}

// Devices.

static void *description(const blz_pjrt_table *t, blz_pjrt_device *device) {
  ARGUMENTS(blz_pjrt_object_to_object, answer);
  a.object = device;
  blz_pjrt_error *failed = t->device_description(&a);
  blz_error_destroy(t, failed);
  return failed == NULL ? a.answer : NULL;
}

int32_t blz_device_id(const blz_pjrt_table *t, blz_pjrt_device *device) {
  void *described = description(t, device);
  return described == NULL ? -1 : number(t, t->description_id, described);
}

int32_t blz_device_process(const blz_pjrt_table *t, blz_pjrt_device *device) {
  void *described = description(t, device);
  return described == NULL ? -1 : number(t, t->description_process, described);
}

const char *blz_device_kind(const blz_pjrt_table *t, blz_pjrt_device *device, size_t *size) {
  void *described = description(t, device);
  *size = 0;
  return described == NULL ? "" : text(t, t->description_kind, described, size);
}

blz_pjrt_error *blz_device_memory(
    const blz_pjrt_table *t, blz_pjrt_device *device, blz_pjrt_memory *memory) {
  ARGUMENTS(blz_pjrt_memory, rest);
  a.device = device;
  // The size ends at the last flag, before the padding behind it.
  a.head.size = offsetof(blz_pjrt_memory, rest[5].known) + sizeof(bool);
  blz_pjrt_error *failed = t->device_memory(&a);
  *memory = a;
  return failed;
}

// Programs.

void blz_loaded_destroy(const blz_pjrt_table *t, blz_pjrt_loaded *program) {
  destroy(t, t->loaded_destroy, program);
}

static blz_pjrt_error *inner(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, blz_pjrt_program **answer) {
  ARGUMENTS(blz_pjrt_object_to_object, answer);
  a.object = program;
  blz_pjrt_error *failed = t->loaded_program(&a);
  *answer = failed == NULL ? a.answer : NULL;
  return failed;
}

blz_pjrt_error *blz_loaded_result_count(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, size_t *count) {
  blz_pjrt_program *compiled;
  blz_pjrt_error *failed = inner(t, program, &compiled);
  if (failed != NULL) return failed;
  ARGUMENTS(blz_pjrt_object_to_size, answer);
  a.object = compiled;
  failed = t->program_result_count(&a);
  *count = a.answer;
  destroy(t, t->program_destroy, compiled);
  return failed;
}

blz_pjrt_error *blz_loaded_devices(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, blz_pjrt_device *const **devices,
    size_t *count) {
  ARGUMENTS(blz_pjrt_client_devices, count);
  a.client = (blz_pjrt_client *)program;  // the same fields, around another object
  blz_pjrt_error *failed = t->loaded_devices(&a);
  *devices = a.devices;
  *count = failed == NULL ? a.count : 0;
  return failed;
}

blz_pjrt_error *blz_loaded_serialize(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, blz_pjrt_serialize *result) {
  blz_pjrt_program *compiled;
  blz_pjrt_error *failed = inner(t, program, &compiled);
  if (failed != NULL) return failed;
  ARGUMENTS(blz_pjrt_serialize, free);
  a.program = compiled;
  failed = t->program_serialize(&a);
  *result = a;
  destroy(t, t->program_destroy, compiled);
  return failed;
}

blz_pjrt_error *blz_loaded_run(
    const blz_pjrt_table *t, blz_pjrt_loaded *program,
    blz_pjrt_buffer *const *const *arguments, size_t device_count, size_t argument_count,
    blz_pjrt_buffer **const *results, const int64_t *kept, size_t kept_count, int32_t launch) {
  blz_pjrt_run_options options = {0};
  options.head.size = BLZ_PJRT_SIZE(blz_pjrt_run_options, incarnations);
  options.kept = kept;
  options.kept_count = kept_count;
  options.launch = launch;
  ARGUMENTS(blz_pjrt_run, device);
  a.program = program;
  a.options = &options;
  a.arguments = arguments;
  a.device_count = device_count;
  a.argument_count = argument_count;
  a.results = results;
  return t->loaded_run(&a);
}

// Buffers.

void blz_buffer_destroy(const blz_pjrt_table *t, blz_pjrt_buffer *buffer) {
  destroy(t, t->buffer_destroy, buffer);
}

bool blz_buffer_is_deleted(const blz_pjrt_table *t, blz_pjrt_buffer *buffer) {
  ARGUMENTS(blz_pjrt_object_to_bool, answer);
  a.object = buffer;
  blz_pjrt_error *failed = t->buffer_is_deleted(&a);
  blz_error_destroy(t, failed);
  return failed == NULL && a.answer;
}

blz_pjrt_error *blz_buffer_size(const blz_pjrt_table *t, blz_pjrt_buffer *buffer, size_t *size) {
  ARGUMENTS(blz_pjrt_object_to_size, answer);
  a.object = buffer;
  blz_pjrt_error *failed = t->buffer_size(&a);
  *size = a.answer;
  return failed;
}

blz_pjrt_error *blz_buffer_ready(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, blz_pjrt_event **event) {
  ARGUMENTS(blz_pjrt_object_to_object, answer);
  a.object = buffer;
  blz_pjrt_error *failed = t->buffer_ready(&a);
  *event = failed == NULL ? a.answer : NULL;
  return failed;
}

blz_pjrt_error *blz_buffer_download(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, void *target, size_t size,
    blz_pjrt_event **event) {
  ARGUMENTS(blz_pjrt_download, done);
  a.buffer = buffer;
  a.target = target;
  a.target_size = size;
  blz_pjrt_error *failed = t->buffer_download(&a);
  *event = failed == NULL ? a.done : NULL;
  return failed;
}

blz_pjrt_error *blz_buffer_copy(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, blz_pjrt_device *device,
    blz_pjrt_buffer **copy) {
  ARGUMENTS(blz_pjrt_copy, copy);
  a.buffer = buffer;
  a.device = device;
  blz_pjrt_error *failed = t->buffer_copy(&a);
  *copy = failed == NULL ? a.copy : NULL;
  return failed;
}
