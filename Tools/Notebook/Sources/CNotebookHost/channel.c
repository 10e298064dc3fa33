#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "CNotebookHost.h"

enum { events = 4, input = 5, pending_size = 64 << 10, end_of_input = 4 };
enum { piece_microseconds = 30000, print_tries = 20, try_microseconds = 500 };

// What was printed and not sent yet, in the form in which it is sent. It is here and not in Swift
// so that a thread that traps can still send it.
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static unsigned char pending[pending_size];
static size_t pending_count;
// The last piece of it, which grows as long as the same cell prints on the same stream.
static struct {
  size_t start, text;
  int64_t cell;
  const char *stream;
} piece;
static int bell = -1;

static void put_length(unsigned char *place, size_t count) {
  for (int i = 0; i < 4; i++) place[i] = (unsigned char)(count >> (8 * i));
}

static void write_all(const void *bytes, size_t count) {
  for (size_t sent = 0; sent < count;) {
    ssize_t written = write(events, (const char *)bytes + sent, count - sent);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) _exit(0);  // the kernel is gone
    sent += (size_t)written;
  }
}

static void send_pending(void) {
  write_all(pending, pending_count);
  pending_count = 0;
  piece.stream = NULL;
}

static void add_field(const char *text) {
  size_t count = strlen(text);
  put_length(pending + pending_count, count);
  memcpy(pending + pending_count + 4, text, count);
  pending_count += 4 + count;
}

// Begins a message that tells of a cell, and answers where its length belongs.
static size_t begin_message(const char *kind, int64_t cell) {
  size_t start = pending_count;
  char number[24];
  snprintf(number, sizeof number, "%lld", (long long)cell);
  pending_count += 4;
  add_field(kind);
  add_field(number);
  return start;
}

static void begin_piece(const char *stream, int64_t cell) {
  piece.start = begin_message("output", cell);
  piece.cell = cell;
  piece.stream = stream;
  add_field(stream);
  piece.text = pending_count;
  pending_count += 4;
}

static void add(const char *stream, int64_t cell, const char *bytes, size_t count) {
  while (count > 0) {
    enum { head = 128 };
    if (pending_count + head > pending_size) send_pending();
    if (piece.stream != stream || piece.cell != cell) begin_piece(stream, cell);
    size_t room = pending_size - pending_count, now = count < room ? count : room;
    memcpy(pending + pending_count, bytes, now);
    pending_count += now;
    put_length(pending + piece.start, pending_count - piece.start - 4);
    put_length(pending + piece.text, pending_count - piece.text - 4);
    bytes += now;
    count -= now;
  }
}

static ssize_t print(void *stream, const char *bytes, size_t count) {
  int64_t cell = cell_at_work();
  cell_hold();
  pthread_mutex_lock(&gate);
  if (pending_count == 0) eventfd_write(bell, 1);
  add(stream, cell, bytes, count);
  pthread_mutex_unlock(&gate);
  cell_release();
  return (ssize_t)count;
}

void channel_send(const void *bytes, size_t count) {
  cell_hold();
  pthread_mutex_lock(&gate);
  send_pending();
  write_all(bytes, count);
  pthread_mutex_unlock(&gate);
  cell_release();
}

static void channel_flush(void) { channel_send(NULL, 0); }

void channel_last_words(void) {
  if (pthread_mutex_trylock(&gate)) return;
  send_pending();
  pthread_mutex_unlock(&gate);
}

// Asks the kernel for a line, unless some of the last one is left. The thread may be parked while
// it waits.
static ssize_t ask(void *unused, char *bytes, size_t count) {
  (void)unused;
  struct pollfd rest = {.fd = input, .events = POLLIN};
  int asks = poll(&rest, 1, 0) == 0;
  if (asks) {
    int64_t cell = cell_at_work();
    cell_hold();
    pthread_mutex_lock(&gate);
    send_pending();
    size_t start = begin_message("asking", cell);
    put_length(pending + start, pending_count - start - 4);
    send_pending();
    pthread_mutex_unlock(&gate);
    cell_release();
  }
  ssize_t got;
  while ((got = read(input, bytes, count)) < 0 && errno == EINTR) {
  }
  return got == 1 && asks && bytes[0] == end_of_input ? 0 : got;
}

// `print` holds the stream's lock for a line and its end, which are to come in one piece; but a
// description that takes long is not waited for.
static void send_whole_lines(void) {
  int is_locked = 0;
  for (int i = 0; i < print_tries && !is_locked; i++) {
    is_locked = ftrylockfile(stdout) == 0;
    if (!is_locked) usleep(try_microseconds);
  }
  channel_flush();
  if (is_locked) funlockfile(stdout);
}

// Sends what is printed at once, and what is printed soon after in one piece with it. The main
// thread may be at work for a cell and cannot do this.
static void *send_in_time(void *unused) {
  (void)unused;
  for (;;) {
    eventfd_t count;
    if (eventfd_read(bell, &count)) continue;
    send_whole_lines();
    usleep(piece_microseconds);
  }
  return NULL;
}

int channel_open(void) {
  bell = eventfd(0, EFD_CLOEXEC);
  FILE *in = fopencookie(NULL, "r", (cookie_io_functions_t){.read = ask});
  FILE *out = fopencookie("stdout", "w", (cookie_io_functions_t){.write = print});
  FILE *errors = fopencookie("stderr", "w", (cookie_io_functions_t){.write = print});
  if (bell < 0 || !in || !out || !errors) return -1;
  // A buffer would not know who printed what is in it.
  setvbuf(out, NULL, _IONBF, 0);
  setvbuf(errors, NULL, _IONBF, 0);
  stdin = in;
  stdout = out;
  stderr = errors;
  atexit(channel_flush);
  pthread_t sender;
  return pthread_create(&sender, NULL, send_in_time, NULL);
}

void channel_forget_input(void) {
  char rest[256];
  struct pollfd wait = {.fd = input, .events = POLLIN};
  while (poll(&wait, 1, 0) > 0 && read(input, rest, sizeof rest) > 0) {
  }
  // Else the end of one cell's input would be that of all that follow.
  if (ftrylockfile(stdin)) return;
  clearerr(stdin);
  funlockfile(stdin);
}
