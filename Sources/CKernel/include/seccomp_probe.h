#ifndef SW_SECCOMP_PROBE_H
#define SW_SECCOMP_PROBE_H
#include "result.h"

// seccomp(2) with SECCOMP_SET_MODE_FILTER (1) and no program: EFAULT if the kernel knows the flags, EINVAL if not. Changes nothing.
static inline long sw_seccomp_probe(unsigned flags) { return sw_result(syscall(__NR_seccomp, 1, flags, NULL)); }
#endif
