// The part of PJRT, the C interface of OpenXLA's plugins, that Blitz calls: what lies where.
//
// A plugin is a shared library with one symbol, GetPjrtApi, that answers a table of functions.
// Each function takes one struct. A struct starts with its own size and a list of extensions; the
// plugin compares the size with the least that it needs, and reads what lies beyond that only if
// the size covers it. So the layout of one version drives later ones; this one is version 0.81's.
// Struct names here follow the function they belong to, `in` and `out` say who writes a field,
// and calls that take the same fields share a struct.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Bytes up to and with the last field: what a plugin expects as the size of a struct.
#define BLZ_PJRT_SIZE(type, last) (offsetof(type, last) + sizeof(((type *)0)->last))

enum { BLZ_PJRT_MAJOR = 0, BLZ_PJRT_MINOR = 81 };

// Owned by the plugin; only their addresses pass.
typedef struct blz_pjrt_error blz_pjrt_error;
typedef struct blz_pjrt_event blz_pjrt_event;
typedef struct blz_pjrt_client blz_pjrt_client;
typedef struct blz_pjrt_device blz_pjrt_device;
typedef struct blz_pjrt_description blz_pjrt_description;
typedef struct blz_pjrt_buffer blz_pjrt_buffer;
typedef struct blz_pjrt_program blz_pjrt_program;  // compiled, for some device
typedef struct blz_pjrt_loaded blz_pjrt_loaded;    // compiled, and loaded on devices
typedef struct blz_pjrt_bytes blz_pjrt_bytes;      // owner of a serialized program

// What every struct starts with.
typedef struct {
  size_t size;
  void *extensions;
} blz_pjrt_head;

// A name with a value: options of a client, attributes of a plugin or device.
enum {
  BLZ_PJRT_STRING = 0,
  BLZ_PJRT_INT64 = 1,
  BLZ_PJRT_INT64_LIST = 2,
  BLZ_PJRT_FLOAT = 3,
  BLZ_PJRT_BOOL = 4,
};
typedef struct {
  blz_pjrt_head head;
  const char *name;
  size_t name_size;
  int32_t kind;
  union {
    const char *string;
    int64_t number;
    const int64_t *numbers;
    float real;
    bool flag;
  } value;
  size_t value_size;  // characters or list items; 1 for the rest
} blz_pjrt_named;

// Errors.
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_error *error;
} blz_pjrt_error_destroy;
typedef struct {
  blz_pjrt_head head;
  const blz_pjrt_error *error;
  const char *text;  // out; lives as long as the error
  size_t text_size;  // out
} blz_pjrt_error_message;
typedef struct {
  blz_pjrt_head head;
  const blz_pjrt_error *error;
  int32_t code;  // out
} blz_pjrt_error_code;

// Calls that take one object, or none, and answer nothing or one small value.
typedef struct {
  blz_pjrt_head head;
} blz_pjrt_nothing;
typedef struct {
  blz_pjrt_head head;
  void *object;
} blz_pjrt_object;
typedef struct {
  blz_pjrt_head head;
  void *object;
  void *answer;  // out
} blz_pjrt_object_to_object;
typedef struct {
  blz_pjrt_head head;
  void *object;
  bool answer;  // out
} blz_pjrt_object_to_bool;
typedef struct {
  blz_pjrt_head head;
  void *object;
  int32_t answer;  // out
} blz_pjrt_object_to_int;
typedef struct {
  blz_pjrt_head head;
  void *object;
  size_t answer;  // out
} blz_pjrt_object_to_size;
typedef struct {
  blz_pjrt_head head;
  void *object;
  const char *text;  // out; lives as long as the object
  size_t text_size;  // out
} blz_pjrt_object_to_text;
typedef struct {
  blz_pjrt_head head;
  const blz_pjrt_named *items;  // out
  size_t count;                 // out
} blz_pjrt_attributes;

// A store of keys that the processes of one job share; see Client.
typedef blz_pjrt_error *(*blz_pjrt_make_error)(int32_t code, const char *text, size_t text_size);
typedef void (*blz_pjrt_free_value)(char *value);
typedef struct {
  blz_pjrt_head head;
  const char *key;
  size_t key_size;
  int32_t timeout_ms;
  blz_pjrt_make_error *make_error;
  void *context;
  char *value;                    // out
  size_t value_size;              // out
  blz_pjrt_free_value free_value;  // out
} blz_pjrt_key_get;
typedef struct {
  blz_pjrt_head head;
  const char *key;
  size_t key_size;
  blz_pjrt_make_error *make_error;
  void *context;
  char *value;                    // out
  size_t value_size;              // out
  blz_pjrt_free_value free_value;  // out
} blz_pjrt_key_try_get;
typedef struct {
  blz_pjrt_head head;
  const char *key;
  size_t key_size;
  const char *value;
  size_t value_size;
  blz_pjrt_make_error *make_error;
  void *context;
} blz_pjrt_key_put;

typedef struct {
  blz_pjrt_head head;
  const blz_pjrt_named *options;
  size_t option_count;
  blz_pjrt_error *(*get)(blz_pjrt_key_get *);
  void *get_context;
  blz_pjrt_error *(*put)(blz_pjrt_key_put *);
  void *put_context;
  blz_pjrt_client *client;  // out
  blz_pjrt_error *(*try_get)(blz_pjrt_key_try_get *);
  void *try_get_context;
} blz_pjrt_client_create;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_client *client;
  blz_pjrt_device *const *devices;  // out; the client's
  size_t count;                     // out
} blz_pjrt_client_devices;

typedef struct {
  blz_pjrt_head head;
  char *text;
  size_t text_size;
  const char *format;
  size_t format_size;
} blz_pjrt_source;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_client *client;
  const blz_pjrt_source *source;
  const char *options;  // a protocol buffer
  size_t options_size;
  blz_pjrt_loaded *program;  // out
} blz_pjrt_compile;

typedef struct {
  blz_pjrt_head head;
  blz_pjrt_client *client;
  const void *data;
  int32_t type;
  const int64_t *sizes;
  size_t rank;
  const int64_t *byte_strides;
  size_t byte_stride_count;
  int32_t semantics;  // 0: the data may change once the call has returned
  blz_pjrt_device *device;
  void *memory;
  void *layout;
  blz_pjrt_event *done;     // out
  blz_pjrt_buffer *buffer;  // out
} blz_pjrt_upload;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_buffer *buffer;
  void *layout;
  void *target;
  size_t target_size;
  blz_pjrt_event *done;  // out
} blz_pjrt_download;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_buffer *buffer;
  blz_pjrt_device *device;
  blz_pjrt_buffer *copy;  // out
} blz_pjrt_copy;

// A number that a device may not report.
typedef struct {
  int64_t bytes;
  bool known;
} blz_pjrt_maybe;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_device *device;
  int64_t used;                // out
  blz_pjrt_maybe peak;         // out
  blz_pjrt_maybe allocations;  // out, a count
  blz_pjrt_maybe largest;      // out
  blz_pjrt_maybe limit;        // out
  blz_pjrt_maybe rest[6];      // out: reserved bytes, free blocks, pools
} blz_pjrt_memory;

typedef struct {
  blz_pjrt_head head;
  void *send, *receive;
  size_t send_count, receive_count;
  int32_t launch;
  const int64_t *kept;  // arguments that are not given away in this run
  size_t kept_count;
  void *context;
  const char *caller;
  size_t task_count;
  int32_t *tasks;
  int64_t *incarnations;
} blz_pjrt_run_options;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_loaded *program;
  blz_pjrt_run_options *options;
  blz_pjrt_buffer *const *const *arguments;  // [device][argument]
  size_t device_count;
  size_t argument_count;
  blz_pjrt_buffer **const *results;  // out: [device][result], memory is the caller's
  blz_pjrt_event **done;             // out, or NULL
  blz_pjrt_device *device;
} blz_pjrt_run;

typedef struct {
  blz_pjrt_head head;
  const blz_pjrt_program *program;
  const char *bytes;      // out
  size_t size;            // out
  blz_pjrt_bytes *owner;  // out
  void (*free)(blz_pjrt_bytes *);  // out
} blz_pjrt_serialize;
typedef struct {
  blz_pjrt_head head;
  blz_pjrt_client *client;
  const char *bytes;
  size_t size;
  blz_pjrt_loaded *program;  // out
  const char *options;
  size_t options_size;
} blz_pjrt_deserialize;

// The table, in the order of the interface. `skip` entries are functions that Blitz does not call.
#define BLZ_PJRT_CALL(name, type) blz_pjrt_error *(*name)(type *)
typedef struct {
  blz_pjrt_head head;
  struct {
    blz_pjrt_head head;
    int32_t major, minor;
  } version;

  void (*error_destroy)(blz_pjrt_error_destroy *);
  void (*error_message)(blz_pjrt_error_message *);
  BLZ_PJRT_CALL(error_code, blz_pjrt_error_code);
  BLZ_PJRT_CALL(plugin_initialize, blz_pjrt_nothing);
  BLZ_PJRT_CALL(plugin_attributes, blz_pjrt_attributes);
  BLZ_PJRT_CALL(event_destroy, blz_pjrt_object);
  BLZ_PJRT_CALL(event_is_ready, blz_pjrt_object_to_bool);
  void *skip_event_error;
  BLZ_PJRT_CALL(event_await, blz_pjrt_object);
  void *skip_event_on_ready;

  BLZ_PJRT_CALL(client_create, blz_pjrt_client_create);
  BLZ_PJRT_CALL(client_destroy, blz_pjrt_object);
  BLZ_PJRT_CALL(client_platform, blz_pjrt_object_to_text);
  BLZ_PJRT_CALL(client_process, blz_pjrt_object_to_int);
  BLZ_PJRT_CALL(client_version, blz_pjrt_object_to_text);
  BLZ_PJRT_CALL(client_all_devices, blz_pjrt_client_devices);
  BLZ_PJRT_CALL(client_devices, blz_pjrt_client_devices);
  void *skip_client_look_up[2];
  void *skip_client_memories;
  BLZ_PJRT_CALL(client_compile, blz_pjrt_compile);
  void *skip_client_default_assignment;
  BLZ_PJRT_CALL(client_upload, blz_pjrt_upload);

  BLZ_PJRT_CALL(description_id, blz_pjrt_object_to_int);
  BLZ_PJRT_CALL(description_process, blz_pjrt_object_to_int);
  void *skip_description_attributes;
  BLZ_PJRT_CALL(description_kind, blz_pjrt_object_to_text);
  void *skip_description_texts[2];
  BLZ_PJRT_CALL(device_description, blz_pjrt_object_to_object);
  void *skip_device_place[4];
  BLZ_PJRT_CALL(device_memory, blz_pjrt_memory);
  void *skip_memories[5];

  BLZ_PJRT_CALL(program_destroy, blz_pjrt_object);
  void *skip_program_name;
  void *skip_program_replicas;
  void *skip_program_partitions;
  BLZ_PJRT_CALL(program_result_count, blz_pjrt_object_to_size);
  void *skip_program_facts[4];
  BLZ_PJRT_CALL(program_serialize, blz_pjrt_serialize);
  BLZ_PJRT_CALL(loaded_destroy, blz_pjrt_object);
  BLZ_PJRT_CALL(loaded_program, blz_pjrt_object_to_object);
  BLZ_PJRT_CALL(loaded_devices, blz_pjrt_client_devices);
  void *skip_loaded_delete[2];
  BLZ_PJRT_CALL(loaded_run, blz_pjrt_run);
  BLZ_PJRT_CALL(client_deserialize, blz_pjrt_deserialize);
  void *skip_loaded_fingerprint;

  BLZ_PJRT_CALL(buffer_destroy, blz_pjrt_object);
  void *skip_buffer_facts[5];
  BLZ_PJRT_CALL(buffer_size, blz_pjrt_object_to_size);
  void *skip_buffer_place[2];
  BLZ_PJRT_CALL(buffer_delete, blz_pjrt_object);
  BLZ_PJRT_CALL(buffer_is_deleted, blz_pjrt_object_to_bool);
  BLZ_PJRT_CALL(buffer_copy, blz_pjrt_copy);
  BLZ_PJRT_CALL(buffer_download, blz_pjrt_download);
  void *skip_buffer_is_on_cpu;
  BLZ_PJRT_CALL(buffer_ready, blz_pjrt_object_to_object);
} blz_pjrt_table;
