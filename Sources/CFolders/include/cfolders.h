#ifndef CFOLDERS_H
#define CFOLDERS_H

/// Lets two files or folders swap their names in one step, which Swift's view of the C library lacks.
///
/// @return 0, or the error number (EINVAL and ENOSYS where the file system or the kernel cannot).
int cfolders_exchange(const char *first, const char *second);

#endif
