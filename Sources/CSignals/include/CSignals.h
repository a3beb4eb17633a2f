#ifndef CSIGNALS_H
#define CSIGNALS_H

// What must be safe inside a signal handler: fixed buffers, lock-free atomics, and only functions that POSIX allows there.

/// Catches SIGINT and SIGTERM (one that was ignored at the start stays ignored). Calling it again changes nothing.
void csignals_install(void);

/// The first signal caught, or 0.
int csignals_pending(void);

/// Forgets the signal caught; for tests and for a server that goes on after an interrupted run.
void csignals_reset(void);

/// A write to a closed pipe reports EPIPE instead of killing the process. Programs started from here keep the default.
void csignals_ignore_closed_pipes(void);

/// Remembers a file to unlink. Returns its slot, or -1 when all slots are taken or the path is too long.
int csignals_remember_file(const char *path);

/// Forgets the file of a slot without unlinking it; ignores -1.
void csignals_forget_file(int slot);

/// Unlinks every remembered file. May be called from a signal handler.
void csignals_remove_files(void);

#endif
