#define _GNU_SOURCE
#include "CSignals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

enum { slot_count = 64, path_size = 4096 };
enum { slot_free, slot_changing, slot_live };

struct slot {
  atomic_int state;
  char path[path_size];
};

static struct slot slots[slot_count];
static atomic_int pending;

static void handle(int signal) {
  int saved = errno;
  int none = 0;
  if (!atomic_compare_exchange_strong(&pending, &none, signal)) {
    csignals_remove_files();
    _exit(128 + signal);
  }
  errno = saved;
}

static void do_nothing(int signal) { (void)signal; }

static void catch_unless_ignored(int signal) {
  struct sigaction old;
  if (sigaction(signal, NULL, &old) != 0 || old.sa_handler == SIG_IGN) return;
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = handle;
  sigemptyset(&action.sa_mask);
  // Both signals wait for each other, so a second one finds the first one remembered. No SA_RESTART: a blocked read or
  // write returns, and its caller looks at the flag.
  sigaddset(&action.sa_mask, SIGINT);
  sigaddset(&action.sa_mask, SIGTERM);
  sigaction(signal, &action, NULL);
}

void csignals_install(void) {
  catch_unless_ignored(SIGINT);
  catch_unless_ignored(SIGTERM);
}

int csignals_pending(void) { return atomic_load(&pending); }

void csignals_reset(void) { atomic_store(&pending, 0); }

void csignals_ignore_closed_pipes(void) {
  // A handler that does nothing, not SIG_IGN: an ignored signal would stay ignored in the programs started from here.
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = do_nothing;
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  sigaction(SIGPIPE, &action, NULL);
}

int csignals_remember_file(const char *path) {
  size_t length = strlen(path);
  if (length == 0 || length >= path_size) return -1;
  for (int i = 0; i < slot_count; i++) {
    int expected = slot_free;
    if (atomic_compare_exchange_strong(&slots[i].state, &expected, slot_changing)) {
      memcpy(slots[i].path, path, length + 1);
      atomic_store(&slots[i].state, slot_live);
      return i;
    }
  }
  return -1;
}

void csignals_forget_file(int slot) {
  if (slot < 0 || slot >= slot_count) return;
  atomic_store(&slots[slot].state, slot_free);
}

void csignals_remove_files(void) {
  for (int i = 0; i < slot_count; i++) {
    int expected = slot_live;
    if (atomic_compare_exchange_strong(&slots[i].state, &expected, slot_changing)) {
      unlink(slots[i].path);
      atomic_store(&slots[i].state, slot_free);
    }
  }
}
