#define _GNU_SOURCE
#include <dlfcn.h>
#include <execinfo.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

#include "CNotebookHost.h"

// The cell thread of the moment. Handlers may read atomics, not thread-local storage of a
// library that was loaded later: its first use can allocate.
static _Atomic(pthread_t) cell_thread;
static _Atomic(uintptr_t) stack_low, stack_high;
static int trap_descriptor = -1;
static atomic_int park_anywhere;

enum { code_range_limit = 8192, stack_size = 64 << 20, alternate_stack_size = 128 << 10 };
// How far from the end of the stack a fault still means that the stack was too small.
enum { guard_reach = 64 << 10 };
static struct {
  uintptr_t start, end;
  int64_t cell;
} code_ranges[code_range_limit];
static atomic_int code_range_count;
static _Atomic(int64_t) running_cell;
static int64_t (*cell_of_task)(void);
// While this is set the cell thread holds a lock that others need.
static atomic_int is_held;

// The globals whose initial values the cell thread is computing.
enum { once_limit = 256 };
static _Atomic(intptr_t) *begun[once_limit];
static atomic_int begun_count;

static uintptr_t throw_frames[cell_frame_limit];
static atomic_int throw_frame_count;

static int is_cell_thread(void) { return pthread_equal(pthread_self(), atomic_load(&cell_thread)); }

// The cell whose code an address is in; 0 if it is none's.
static int64_t cell_of_code(uintptr_t address) {
  int count = atomic_load(&code_range_count);
  for (int i = count - 1; i >= 0; i--)
    if (code_ranges[i].start <= address && address < code_ranges[i].end)
      return code_ranges[i].cell;
  return 0;
}

// Swift keeps frame pointers, so a walk needs no tables and no lock.
static int32_t walk(uintptr_t frame, uintptr_t *frames, int32_t count) {
  uintptr_t low = atomic_load(&stack_low), high = atomic_load(&stack_high);
  while (count < cell_frame_limit && frame >= low && frame + 16 <= high && frame % 8 == 0) {
    uintptr_t next = ((uintptr_t *)frame)[0], back = ((uintptr_t *)frame)[1];
    // An async function marks its frame in bit 60.
    next &= ~((uintptr_t)1 << 60);
    if (!back) break;
    frames[count++] = back;
    if (next <= frame) break;
    frame = next;
  }
  return count;
}

typedef struct {
  uintptr_t counter, frame, stack;
} place;

static place interrupted_place(void *context) {
  mcontext_t *machine = &((ucontext_t *)context)->uc_mcontext;
#if defined(__x86_64__)
  return (place){(uintptr_t)machine->gregs[REG_RIP], (uintptr_t)machine->gregs[REG_RBP],
                 (uintptr_t)machine->gregs[REG_RSP]};
#elif defined(__aarch64__)
  return (place){(uintptr_t)machine->pc, (uintptr_t)machine->regs[29], (uintptr_t)machine->sp};
#else
#error "the registers of this processor are not known"
#endif
}

// A trap inside a `description` that `print` calls happens while this thread holds the lock of
// standard output: without this, no cell could ever print again.
static void release_stream(FILE *stream) {
  struct {
    int lock, count;
    void *owner;
  } *lock = stream->_lock;
  for (int i = 0; i < 64 && lock && lock->owner == (void *)pthread_self() && lock->count > 0; i++)
    funlockfile(stream);
}

// A global whose initial value is never finished would keep whoever reads it waiting for ever:
// let it begin anew, and find out that its cell has ended.
static void release_globals(void) {
  for (int i = atomic_exchange(&begun_count, 0) - 1; i >= 0; i--) atomic_store(begun[i], 0);
}

_Noreturn static void park(cell_trap *trap) {
  release_stream(stdin);
  release_stream(stdout);
  release_stream(stderr);
  release_globals();
  ssize_t written = write(trap_descriptor, trap, sizeof *trap);
  (void)written;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  for (;;) pause();
}

static void walk_from(place here, cell_trap *trap) {
  // Return addresses are one past the call; the instruction of the moment is made to look alike.
  trap->frames[0] = here.counter + 1;
  trap->frame_count = walk(here.frame, trap->frames, 1);
}

// The C library keeps no frame pointers: what it was called by is found by its tables.
static void unwind(cell_trap *trap) {
  void *frames[cell_frame_limit];
  trap->frame_count = backtrace(frames, cell_frame_limit);
  for (int i = 0; i < trap->frame_count; i++) trap->frames[i] = (uintptr_t)frames[i];
}

static void on_trap(int signal_number, siginfo_t *info, void *context) {
  if (!is_cell_thread()) {
    // Another thread cannot be stopped without harm: let the process end, and say how.
    channel_last_words();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
    return;
  }
  cell_trap trap = {.signal = signal_number};
  uintptr_t low = atomic_load(&stack_low), fault = (uintptr_t)info->si_addr;
  if (signal_number == SIGSEGV && fault + guard_reach > low && fault < low + guard_reach)
    trap.signal = cell_stack_overflow;
  if (signal_number == SIGABRT)
    unwind(&trap);
  else
    walk_from(interrupted_place(context), &trap);
  park(&trap);
}

static void on_park(int signal_number, siginfo_t *info, void *context) {
  (void)signal_number;
  (void)info;
  if (!is_cell_thread() || atomic_load(&is_held)) return;
  static place last;
  static int repeats;
  place here = interrupted_place(context);
  int same = here.counter == last.counter && here.stack == last.stack;
  repeats = same ? repeats + 1 : 0;
  last = here;
  if (!atomic_load(&park_anywhere) && !cell_of_code(here.counter) && repeats < 5) return;
  cell_trap trap = {.signal = 0};
  if (repeats >= 5)
    unwind(&trap);
  else
    walk_from(here, &trap);
  repeats = 0;
  park(&trap);
}

// The Swift runtime calls this at every `throw`.
static void on_throw(void *error) {
  (void)error;
  if (!is_cell_thread()) return;
  atomic_store(&throw_frame_count, walk((uintptr_t)__builtin_frame_address(0), throw_frames, 0));
}

// A typed throw hands over the value and its type instead.
static void on_typed_throw(void *error, void *type, void *witnesses) {
  (void)type;
  (void)witnesses;
  on_throw(error);
}

void cell_handlers_install(int trap_fd) {
  trap_descriptor = trap_fd;
  // Whoever started this may have had signals blocked, and that is inherited.
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  void *warm[4];
  backtrace(warm, 4);  // its first call loads a library, which a handler must not
  struct sigaction action = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&action.sa_mask);
  int traps[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV};
  for (size_t i = 0; i < sizeof traps / sizeof *traps; i++) sigaction(traps[i], &action, NULL);
  action.sa_sigaction = on_park;
  action.sa_flags |= SA_RESTART;
  sigaction(SIGUSR1, &action, NULL);
  signal(SIGINT, SIG_IGN);  // Jupyter interrupts by message; a terminal's Ctrl-C is not for us
  _Atomic(void (*)(void *)) *hook = dlsym(RTLD_DEFAULT, "_swift_willThrow");
  if (hook) atomic_store(hook, on_throw);
  _Atomic(void (*)(void *, void *, void *)) *typed =
      dlsym(RTLD_DEFAULT, "_swift_willThrowTypedImpl");
  if (typed) atomic_store(typed, on_typed_throw);
}

typedef struct {
  void (*body)(void *);
  void *context;
} thread_start;

static void *thread_main(void *argument) {
  thread_start start = *(thread_start *)argument;
  free(argument);
  pthread_attr_t attributes;
  void *low;
  size_t size;
  pthread_getattr_np(pthread_self(), &attributes);
  pthread_attr_getstack(&attributes, &low, &size);
  pthread_attr_destroy(&attributes);
  atomic_store(&stack_low, (uintptr_t)low);
  atomic_store(&stack_high, (uintptr_t)low + size);
  // Of a stack that has overflowed nothing is left to handle the signal on.
  stack_t alternate = {.ss_size = alternate_stack_size};
  alternate.ss_sp = mmap(NULL, alternate_stack_size, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (alternate.ss_sp != MAP_FAILED) sigaltstack(&alternate, NULL);
  atomic_store(&cell_thread, pthread_self());
  start.body(start.context);
  return NULL;
}

int cell_thread_start(void (*body)(void *), void *context) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_size);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  thread_start *start = malloc(sizeof *start);
  *start = (thread_start){body, context};
  pthread_t thread;
  int failure = pthread_create(&thread, &attributes, thread_main, start);
  pthread_attr_destroy(&attributes);
  if (failure) free(start);
  return failure;
}

typedef struct {
  uintptr_t address, start, end;
} range_search;

static int find_range(struct dl_phdr_info *info, size_t size, void *context) {
  (void)size;
  range_search *search = context;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *header = &info->dlpi_phdr[i];
    if (header->p_type != PT_LOAD || !(header->p_flags & PF_X)) continue;
    uintptr_t start = info->dlpi_addr + header->p_vaddr, end = start + header->p_memsz;
    if (start <= search->address && search->address < end) {
      search->start = start;
      search->end = end;
      return 1;
    }
  }
  return 0;
}

void cell_code_add(const void *address_in_library, int64_t cell) {
  range_search search = {.address = (uintptr_t)address_in_library};
  atomic_store(&running_cell, cell);
  int count = atomic_load(&code_range_count);
  if (count == code_range_limit || !dl_iterate_phdr(find_range, &search)) return;
  code_ranges[count].start = search.start;
  code_ranges[count].end = search.end;
  code_ranges[count].cell = cell;
  atomic_store(&code_range_count, count + 1);
}

void cell_ask_tasks(int64_t (*hook)(void)) { cell_of_task = hook; }

int64_t cell_at_work(void) {
  int64_t running = atomic_load(&running_cell);
  if (is_cell_thread()) return running;
  int64_t cell = cell_of_task ? cell_of_task() : 0;
  if (cell) return cell;
  // What a cell gave to a thread or a queue: its code is the outermost, whatever that calls.
  void *frames[128];
  for (int i = backtrace(frames, 128) - 1; i >= 0; i--)
    if ((cell = cell_of_code((uintptr_t)frames[i] - 1))) return cell;
  return running;
}

void cell_hold(void) {
  if (is_cell_thread()) atomic_store(&is_held, 1);
}

void cell_release(void) {
  if (is_cell_thread()) atomic_store(&is_held, 0);
}

// The runtime's own, and what the linker makes of it in the code of cells.
extern void swift_once(_Atomic(intptr_t) *predicate, void (*body)(void *), void *context);
void __wrap_swift_once(_Atomic(intptr_t) *predicate, void (*body)(void *), void *context);

void __wrap_swift_once(_Atomic(intptr_t) *predicate, void (*body)(void *), void *context) {
  int place = atomic_load(&begun_count);
  int is_noted = is_cell_thread() && place < once_limit;
  if (is_noted) {
    begun[place] = predicate;
    atomic_store(&begun_count, place + 1);
  }
  swift_once(predicate, body, context);
  if (is_noted) atomic_store(&begun_count, place);
}

void cell_thread_park(int anywhere) {
  atomic_store(&park_anywhere, anywhere);
  pthread_kill(atomic_load(&cell_thread), SIGUSR1);
}

int32_t cell_last_throw(uintptr_t frames[cell_frame_limit]) {
  int32_t count = atomic_load(&throw_frame_count);
  memcpy(frames, throw_frames, (size_t)count * sizeof *frames);
  return count;
}

void cell_forget_throw(void) { atomic_store(&throw_frame_count, 0); }

const char *cell_library(uintptr_t address, uintptr_t *offset) {
  Dl_info info;
  if (!dladdr((void *)address, &info) || !info.dli_fname) return NULL;
  *offset = address - (uintptr_t)info.dli_fbase;
  return info.dli_fname;
}
