#define _GNU_SOURCE
#include "cfolders.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

int cfolders_exchange(const char *first, const char *second) {
#ifdef RENAME_EXCHANGE
  return renameat2(AT_FDCWD, first, AT_FDCWD, second, RENAME_EXCHANGE) == 0 ? 0 : errno;
#else
  (void)first;
  (void)second;
  return ENOSYS;
#endif
}
