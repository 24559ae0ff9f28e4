#ifndef SW_CLONE_H
#define SW_CLONE_H
#include "result.h"

// struct clone_args of include/uapi/linux/sched.h, as of Linux 5.7; older kernels take it as long as the tail is zero.
struct sw_clone_args {
    uint64_t flags;
    uint64_t pidfd;
    uint64_t child_tid;
    uint64_t parent_tid;
    uint64_t exit_signal;
    uint64_t stack;
    uint64_t stack_size;
    uint64_t tls;
    uint64_t set_tid;
    uint64_t set_tid_size;
    uint64_t cgroup;
};

// clone3(2), Linux 5.3. The child gets a copy of the caller's memory and returns from here with 0.
static inline long sw_clone3(uint64_t flags, int exit_signal, int cgroup, int *pidfd) {
    struct sw_clone_args args = {
        .flags = flags, .pidfd = (uintptr_t)pidfd, .exit_signal = (uint64_t)exit_signal, .cgroup = (uint64_t)cgroup};
    return sw_result(syscall(__NR_clone3, &args, sizeof args));
}

// clone(2), with the descriptor where CLONE_PIDFD (Linux 5.2) puts it. The arguments used stand at the same place on x86_64 and arm64.
static inline long sw_clone(unsigned long flags_and_signal, int *pidfd) {
    return sw_result(syscall(__NR_clone, flags_and_signal, 0, pidfd, 0, 0));
}

static inline long sw_unshare(unsigned long flags) { return sw_result(syscall(__NR_unshare, flags)); }

static inline long sw_setns(int fd, int kinds) { return sw_result(syscall(__NR_setns, fd, kinds)); }

// ioctl NS_GET_NSTYPE of include/uapi/linux/nsfs.h: _IO(0xb7, 3), Linux 4.11.
static inline long sw_namespace_type(int fd) { return sw_result(syscall(__NR_ioctl, fd, 0xb703, 0)); }

static inline long sw_sethostname(const char *name, size_t length) { return sw_result(syscall(__NR_sethostname, name, length)); }

static inline long sw_setdomainname(const char *name, size_t length) { return sw_result(syscall(__NR_setdomainname, name, length)); }
#endif
