// The one translation unit that includes the kernel's headers, which clash with each other's and the C library's neighbours.
#define _GNU_SOURCE
#include "constants.h"
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/ioprio.h>
#include <linux/magic.h>
#include <linux/mempolicy.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/sched.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/resource.h>
#include <sys/stat.h>

const struct sw_constant sw_constants[] = {{NULL, 0}};
