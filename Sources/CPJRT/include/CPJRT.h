// Calls into a PJRT plugin: each fills the struct of one function of the table and calls it.
//
// A call answers NULL, or an error that is the caller's to destroy. Nothing here keeps state.
#pragma once

#include "layout.h"

// How many bytes a shared library has to have, by its own table of parts; 0 if it has none. The
// system's loader does not check that they are there: a file that was cut short ends the process.
size_t blz_library_size(const char *path);
// A shared library, loaded for good: plugins do not survive being unloaded.
// Answers NULL with a text in `why`, which lives until this thread's next call.
void *blz_library_open(const char *path, const char **why);
// The table of a plugin, or NULL if the library has no function GetPjrtApi.
const blz_pjrt_table *blz_library_table(void *library);
// Whether a shared library can be loaded by name; it stays loaded.
bool blz_library_exists(const char *name);

const char *blz_error_text(const blz_pjrt_table *t, const blz_pjrt_error *e, size_t *size);
int32_t blz_error_code(const blz_pjrt_table *t, const blz_pjrt_error *e);
void blz_error_destroy(const blz_pjrt_table *t, blz_pjrt_error *e);

blz_pjrt_error *blz_plugin_initialize(const blz_pjrt_table *t);
blz_pjrt_error *blz_plugin_attributes(
    const blz_pjrt_table *t, const blz_pjrt_named **items, size_t *count);

// Waits, destroys the event, and answers its error.
blz_pjrt_error *blz_event_wait(const blz_pjrt_table *t, blz_pjrt_event *event);
void blz_event_destroy(const blz_pjrt_table *t, blz_pjrt_event *event);
bool blz_event_is_ready(const blz_pjrt_table *t, blz_pjrt_event *event);

blz_pjrt_error *blz_client_create(
    const blz_pjrt_table *t, const blz_pjrt_named *options, size_t count,
    blz_pjrt_error *(*get)(blz_pjrt_key_get *), blz_pjrt_error *(*put)(blz_pjrt_key_put *),
    blz_pjrt_error *(*try_get)(blz_pjrt_key_try_get *), void *context, blz_pjrt_client **client);
void blz_client_destroy(const blz_pjrt_table *t, blz_pjrt_client *client);
const char *blz_client_platform(const blz_pjrt_table *t, blz_pjrt_client *client, size_t *size);
const char *blz_client_version(const blz_pjrt_table *t, blz_pjrt_client *client, size_t *size);
int32_t blz_client_process(const blz_pjrt_table *t, blz_pjrt_client *client);
// `all` counts the devices of other processes too.
blz_pjrt_error *blz_client_devices(
    const blz_pjrt_table *t, blz_pjrt_client *client, bool all, blz_pjrt_device *const **devices,
    size_t *count);
blz_pjrt_error *blz_client_compile(
    const blz_pjrt_table *t, blz_pjrt_client *client, const char *text, size_t text_size,
    const void *options, size_t options_size, blz_pjrt_loaded **program);
blz_pjrt_error *blz_client_deserialize(
    const blz_pjrt_table *t, blz_pjrt_client *client, const void *bytes, size_t size,
    blz_pjrt_loaded **program);
// The data may change once the call has returned.
blz_pjrt_error *blz_client_upload(
    const blz_pjrt_table *t, blz_pjrt_client *client, const void *data, int32_t type,
    const int64_t *sizes, size_t rank, blz_pjrt_device *device, blz_pjrt_buffer **buffer);

// -1 where the plugin cannot say.
int32_t blz_device_id(const blz_pjrt_table *t, blz_pjrt_device *device);
int32_t blz_device_process(const blz_pjrt_table *t, blz_pjrt_device *device);
const char *blz_device_kind(const blz_pjrt_table *t, blz_pjrt_device *device, size_t *size);
blz_pjrt_error *blz_device_memory(
    const blz_pjrt_table *t, blz_pjrt_device *device, blz_pjrt_memory *memory);

void blz_loaded_destroy(const blz_pjrt_table *t, blz_pjrt_loaded *program);
blz_pjrt_error *blz_loaded_result_count(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, size_t *count);
blz_pjrt_error *blz_loaded_devices(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, blz_pjrt_device *const **devices,
    size_t *count);
// Fills `result`, whose `free(owner)` is the caller's to call.
blz_pjrt_error *blz_loaded_serialize(
    const blz_pjrt_table *t, blz_pjrt_loaded *program, blz_pjrt_serialize *result);
// Starts a run on the program's devices; `arguments` and `results` hold one list for each.
blz_pjrt_error *blz_loaded_run(
    const blz_pjrt_table *t, blz_pjrt_loaded *program,
    blz_pjrt_buffer *const *const *arguments, size_t device_count, size_t argument_count,
    blz_pjrt_buffer **const *results, const int64_t *kept, size_t kept_count, int32_t launch);

void blz_buffer_destroy(const blz_pjrt_table *t, blz_pjrt_buffer *buffer);
bool blz_buffer_is_deleted(const blz_pjrt_table *t, blz_pjrt_buffer *buffer);
blz_pjrt_error *blz_buffer_size(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, size_t *size);
blz_pjrt_error *blz_buffer_ready(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, blz_pjrt_event **event);
// Starts copying to this machine's memory.
blz_pjrt_error *blz_buffer_download(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, void *target, size_t size,
    blz_pjrt_event **event);
// Starts copying to another device.
blz_pjrt_error *blz_buffer_copy(
    const blz_pjrt_table *t, blz_pjrt_buffer *buffer, blz_pjrt_device *device,
    blz_pjrt_buffer **copy);
