#ifndef SW_MOUNT_H
#define SW_MOUNT_H
#include "result.h"

static inline long sw_mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data) {
    return sw_result(syscall(__NR_mount, source, target, type, flags, data));
}

static inline long sw_umount2(const char *target, int flags) { return sw_result(syscall(__NR_umount2, target, flags)); }

static inline long sw_pivot_root(const char *root, const char *put_old) { return sw_result(syscall(__NR_pivot_root, root, put_old)); }

static inline long sw_chroot(const char *path) { return sw_result(syscall(__NR_chroot, path)); }

// fsopen(2), Linux 5.2, as the rest of this family.
static inline long sw_fsopen(const char *type, unsigned flags) { return sw_result(syscall(__NR_fsopen, type, flags)); }

// fsconfig(2); `command` is one of enum fsconfig_command of include/uapi/linux/mount.h.
static inline long sw_fsconfig(int fd, unsigned command, const char *key, const void *value, int auxiliary) {
    return sw_result(syscall(__NR_fsconfig, fd, command, key, value, auxiliary));
}

// fspick(2); the descriptor is used with fsconfig(2).
static inline long sw_fspick(int directory, const char *path, unsigned flags) {
    return sw_result(syscall(__NR_fspick, directory, path, flags));
}

static inline long sw_fsmount(int fd, unsigned flags, unsigned attributes) {
    return sw_result(syscall(__NR_fsmount, fd, flags, attributes));
}

static inline long sw_open_tree(int directory, const char *path, unsigned flags) {
    return sw_result(syscall(__NR_open_tree, directory, path, flags));
}

static inline long sw_move_mount(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    return sw_result(syscall(__NR_move_mount, from_directory, from, to_directory, to, flags));
}

// struct mount_attr of include/uapi/linux/mount.h.
struct sw_mount_attr {
    uint64_t attr_set;
    uint64_t attr_clr;
    uint64_t propagation;
    uint64_t userns_fd;
};

// mount_setattr(2), Linux 5.12.
static inline long sw_mount_setattr(
    int directory, const char *path, unsigned flags, uint64_t set, uint64_t clear, uint64_t propagation, uint64_t user_namespace) {
    struct sw_mount_attr attributes = {.attr_set = set, .attr_clr = clear, .propagation = propagation, .userns_fd = user_namespace};
    return sw_result(syscall(__NR_mount_setattr, directory, path, flags, &attributes, sizeof attributes));
}
#endif
