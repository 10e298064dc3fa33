// The thread that cells run on, and what happens to it when a cell traps or does not stop.
//
// A trap (SIGILL, SIGTRAP, SIGSEGV, ...) on the cell thread does not end the process: the
// handler notes where it happened and parks the thread for ever, so that its stack and what it
// points to stay as they are; the host goes on with a new thread.
#pragma once
#include <stddef.h>
#include <stdint.h>

enum { cell_frame_limit = 48 };
/// Stands for the signal of a stack that has overflowed.
enum { cell_stack_overflow = 1000 };

/// Why a thread was parked, and its return addresses, innermost first.
typedef struct {
  /// The number of the signal; 0 if an interrupt parked it.
  int32_t signal;
  int32_t frame_count;
  uintptr_t frames[cell_frame_limit];
} cell_trap;

/// Installs the handlers, after the Swift runtime has installed its own.
/// `trap_fd` is where `cell_trap` records are written.
void cell_handlers_install(int trap_fd);

/// Starts a thread for cells, which calls `body(context)`; it takes the place of the last one.
/// Returns an error number, or 0.
int cell_thread_start(void (*body)(void *), void *context);

/// The code of this library is that of a cell, which runs now: parking there leaves no lock of
/// another library held.
void cell_code_add(const void *address_in_library, int64_t cell);

/// Sets what tells the cell that the current task belongs to, or 0.
void cell_ask_tasks(int64_t (*hook)(void));

/// The cell whose work the calling thread does: on the cell thread the one that runs, elsewhere
/// that of the task, or else that of the outermost code of a cell.
int64_t cell_at_work(void);

/// Between these two the cell thread is not parked.
void cell_hold(void);
void cell_release(void);

/// Sends the cell thread the signal that parks it if it is in a cell's code, if it has been
/// waiting in one system call for five such signals, or, if `anywhere` is set, wherever it is.
void cell_thread_park(int anywhere);

/// The return addresses of the latest throw on the cell thread, and how many.
int32_t cell_last_throw(uintptr_t frames[cell_frame_limit]);
/// Forgets the latest throw.
void cell_forget_throw(void);

/// The library that an address is in: its path, or NULL; `*offset` is set to the place in it.
const char *cell_library(uintptr_t address, uintptr_t *offset);

/// Takes over the standard streams of the C library, which `print` and `readLine` use: what is
/// printed goes to the kernel as `output CELL STREAM TEXT`, a line is asked for as `asking CELL`
/// and read from descriptor 5. The byte 4 instead of a line is the end of the input.
///
/// Returns 0, or not 0 if it cannot.
int channel_open(void);
/// Sends what was printed, and then a message of these bytes.
void channel_send(const void *bytes, size_t count);
/// Sends what was printed, from a handler of a signal that ends the process.
void channel_last_words(void);
/// Forgets what was typed and not read, and that the input had ended.
void channel_forget_input(void);

/// A descriptor that is readable when the main queue has work, and the call that does it.
int cell_main_queue_descriptor(void);
void cell_main_queue_run(void);
