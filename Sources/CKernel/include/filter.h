#ifndef SW_FILTER_H
#define SW_FILTER_H
#include "result.h"

// struct sock_fprog of include/uapi/linux/filter.h; an instruction has 8 bytes.
struct sw_filter_program {
    unsigned short count;
    const void *instructions;
};

// seccomp(2) SECCOMP_SET_MODE_FILTER (1), Linux 3.17: 0, or the listener's descriptor with SECCOMP_FILTER_FLAG_NEW_LISTENER.
static inline long sw_install_filter(unsigned flags, const void *instructions, unsigned short count) {
    struct sw_filter_program program = {.count = count, .instructions = instructions};
    return sw_result(syscall(__NR_seccomp, 1, flags, &program));
}

// The same without a program: -EFAULT if the kernel knows all flags, -EINVAL if not.
static inline long sw_try_filter_flags(unsigned flags) { return sw_result(syscall(__NR_seccomp, 1, flags, NULL)); }

// seccomp(2) SECCOMP_GET_ACTION_AVAIL (2), Linux 4.14: 0, or -EOPNOTSUPP.
static inline long sw_filter_action_available(unsigned action) { return sw_result(syscall(__NR_seccomp, 2, 0, &action)); }
#endif
