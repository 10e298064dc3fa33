#include <stdint.h>
#include <unistd.h>

#include "CNotebookHost.h"

// What CoreFoundation's run loop uses. dispatchMain() will not do: the main thread has commands
// to read, and once Foundation is loaded it expects the main queue on this thread.
extern int _dispatch_get_main_queue_handle_4CF(void);
extern void _dispatch_main_queue_callback_4CF(void *);

int cell_main_queue_descriptor(void) { return _dispatch_get_main_queue_handle_4CF(); }

void cell_main_queue_run(void) {
  uint64_t count;
  ssize_t bytes = read(cell_main_queue_descriptor(), &count, sizeof count);
  (void)bytes;
  _dispatch_main_queue_callback_4CF(NULL);
}
