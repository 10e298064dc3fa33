// What lies where in the public interface at version 0.81 on a 64-bit machine, as numbers: compiled
// against that version's own declarations once, and checked at every build since.
#include "layout.h"

#define AT(function, bytes) \
  _Static_assert(offsetof(blz_pjrt_table, function) == bytes, "the table moved at " #function)
#define SIZE(type, last, bytes) \
  _Static_assert(BLZ_PJRT_SIZE(type, last) == bytes, "the size changed of " #type)

AT(version.major, 32);
AT(error_destroy, 40);
AT(error_message, 48);
AT(error_code, 56);
AT(plugin_initialize, 64);
AT(plugin_attributes, 72);
AT(event_destroy, 80);
AT(event_is_ready, 88);
AT(event_await, 104);
AT(client_create, 120);
AT(client_destroy, 128);
AT(client_platform, 136);
AT(client_process, 144);
AT(client_version, 152);
AT(client_all_devices, 160);
AT(client_devices, 168);
AT(client_compile, 200);
AT(client_upload, 216);
AT(description_id, 224);
AT(description_process, 232);
AT(description_kind, 248);
AT(device_description, 272);
AT(device_memory, 312);
AT(program_destroy, 360);
AT(program_result_count, 392);
AT(program_serialize, 432);
AT(loaded_destroy, 440);
AT(loaded_program, 448);
AT(loaded_devices, 456);
AT(loaded_run, 480);
AT(client_deserialize, 488);
AT(buffer_destroy, 504);
AT(buffer_size, 552);
AT(buffer_delete, 576);
AT(buffer_is_deleted, 584);
AT(buffer_copy, 592);
AT(buffer_download, 600);
AT(buffer_ready, 616);

SIZE(blz_pjrt_named, value_size, 56);
SIZE(blz_pjrt_error_destroy, error, 24);
SIZE(blz_pjrt_error_message, text_size, 40);
SIZE(blz_pjrt_error_code, code, 28);
SIZE(blz_pjrt_nothing, head, 16);
SIZE(blz_pjrt_attributes, count, 32);
SIZE(blz_pjrt_object, object, 24);
SIZE(blz_pjrt_object_to_bool, answer, 25);
SIZE(blz_pjrt_client_create, try_get_context, 88);
SIZE(blz_pjrt_object_to_text, text_size, 40);
SIZE(blz_pjrt_object_to_int, answer, 28);
SIZE(blz_pjrt_client_devices, count, 40);
SIZE(blz_pjrt_source, format_size, 48);
SIZE(blz_pjrt_compile, program, 56);
SIZE(blz_pjrt_upload, buffer, 120);
SIZE(blz_pjrt_object_to_object, answer, 32);
SIZE(blz_pjrt_memory, rest[5].known, 185);
SIZE(blz_pjrt_object_to_size, answer, 32);
SIZE(blz_pjrt_serialize, free, 56);
SIZE(blz_pjrt_run_options, incarnations, 112);
SIZE(blz_pjrt_run, device, 80);
SIZE(blz_pjrt_deserialize, options_size, 64);
SIZE(blz_pjrt_copy, copy, 40);
SIZE(blz_pjrt_download, done, 56);
SIZE(blz_pjrt_key_get, free_value, 80);
SIZE(blz_pjrt_key_try_get, free_value, 72);
SIZE(blz_pjrt_key_put, context, 64);
