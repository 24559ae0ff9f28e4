#ifndef SW_CKERNEL_H
#define SW_CKERNEL_H
// One header a topic; each holds one `static inline` shim a call, returning the result or -errno. No logic.
//
// Raw system calls with structures of our own: the C library's wrappers are missing, variadic or behind _GNU_SOURCE, which must not be
// defined here (its types would differ from those Swift sees), and its <sys/mount.h> clashes with <linux/mount.h>.
#include "bpf.h"
#include "clone.h"
#include "constants.h"
#include "credentials.h"
#include "filter.h"
#include "mount.h"
#include "notification.h"
#include "path.h"
#include "process.h"
#include "scheduling.h"
#include "signals.h"
#include "socket.h"
#endif
