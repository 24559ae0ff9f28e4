#ifndef SW_RESULT_H
#define SW_RESULT_H
#include <asm/unistd.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

// What every shim returns: the result of the call, or -errno.
static inline long sw_result(long result) { return result == -1 ? -(long)errno : result; }

// Numbers newer than the oldest headers we build with. These are the same on all architectures.
#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif
#ifndef __NR_close_range
#define __NR_close_range 436
#endif
#ifndef __NR_openat2
#define __NR_openat2 437
#endif
#ifndef __NR_mount_setattr
#define __NR_mount_setattr 442
#endif
#endif
