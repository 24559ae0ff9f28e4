#ifndef SW_PATH_H
#define SW_PATH_H
#include "result.h"
#include <sys/statfs.h>
#include <time.h>

// struct open_how of include/uapi/linux/openat2.h.
struct sw_open_how {
    uint64_t flags;
    uint64_t mode;
    uint64_t resolve;
};

static inline long sw_openat(int directory, const char *path, int flags, unsigned mode) {
    return sw_result(syscall(__NR_openat, directory, path, flags, mode));
}

// openat2(2), Linux 5.6.
static inline long sw_openat2(int directory, const char *path, uint64_t flags, uint64_t mode, uint64_t resolve) {
    struct sw_open_how how = {.flags = flags, .mode = mode, .resolve = resolve};
    return sw_result(syscall(__NR_openat2, directory, path, &how, sizeof how));
}

static inline long sw_close(int fd) { return sw_result(syscall(__NR_close, fd)); }

static inline long sw_read(int fd, void *bytes, size_t count) { return sw_result(syscall(__NR_read, fd, bytes, count)); }

static inline long sw_write(int fd, const void *bytes, size_t count) { return sw_result(syscall(__NR_write, fd, bytes, count)); }

static inline long sw_pwrite(int fd, const void *bytes, size_t count, long position) {
    return sw_result(syscall(__NR_pwrite64, fd, bytes, count, position));
}

// memfd_create(2), Linux 3.17, with MFD_CLOEXEC.
static inline long sw_memfd_create(const char *name) { return sw_result(syscall(__NR_memfd_create, name, 1)); }

static inline long sw_fsync(int fd) { return sw_result(syscall(__NR_fsync, fd)); }

// struct statx_timestamp and struct statx of include/uapi/linux/stat.h.
struct sw_statx_time {
    int64_t seconds;
    uint32_t nanoseconds;
    int32_t reserved;
};

struct sw_statx {
    uint32_t mask;
    uint32_t blksize;
    uint64_t attributes;
    uint32_t nlink;
    uint32_t uid;
    uint32_t gid;
    uint16_t mode;
    uint16_t spare0;
    uint64_t ino;
    uint64_t size;
    uint64_t blocks;
    uint64_t attributes_mask;
    struct sw_statx_time atime, btime, ctime, mtime;
    uint32_t rdev_major;
    uint32_t rdev_minor;
    uint32_t dev_major;
    uint32_t dev_minor;
    uint64_t mnt_id;
    uint64_t spare[13];
};

// statx(2), Linux 4.11.
static inline long sw_statx(int directory, const char *path, int flags, unsigned mask, struct sw_statx *status) {
    return sw_result(syscall(__NR_statx, directory, path, flags, mask, status));
}

static inline long sw_fstatfs(int fd, struct statfs *status) { return sw_result(syscall(__NR_fstatfs, fd, status)); }

static inline long sw_statfs(const char *path, struct statfs *status) { return sw_result(syscall(__NR_statfs, path, status)); }

static inline long sw_mkdirat(int directory, const char *path, unsigned mode) {
    return sw_result(syscall(__NR_mkdirat, directory, path, mode));
}

static inline long sw_mknodat(int directory, const char *path, unsigned mode, unsigned device) {
    return sw_result(syscall(__NR_mknodat, directory, path, mode, device));
}

static inline long sw_symlinkat(const char *target, int directory, const char *path) {
    return sw_result(syscall(__NR_symlinkat, target, directory, path));
}

static inline long sw_readlinkat(int directory, const char *path, void *bytes, size_t count) {
    return sw_result(syscall(__NR_readlinkat, directory, path, bytes, count));
}

static inline long sw_unlinkat(int directory, const char *path, int flags) {
    return sw_result(syscall(__NR_unlinkat, directory, path, flags));
}

static inline long sw_renameat2(int from_directory, const char *from, int to_directory, const char *to, unsigned flags) {
    return sw_result(syscall(__NR_renameat2, from_directory, from, to_directory, to, flags));
}

static inline long sw_fchownat(int directory, const char *path, unsigned uid, unsigned gid, int flags) {
    return sw_result(syscall(__NR_fchownat, directory, path, uid, gid, flags));
}

// fchmodat(2) without flags: follows a link at the end of the path.
static inline long sw_fchmodat(int directory, const char *path, unsigned mode) {
    return sw_result(syscall(__NR_fchmodat, directory, path, mode));
}

static inline long sw_fchmod(int fd, unsigned mode) { return sw_result(syscall(__NR_fchmod, fd, mode)); }

static inline long sw_faccessat(int directory, const char *path, int mode) {
    return sw_result(syscall(__NR_faccessat, directory, path, mode));
}

static inline long sw_flock(int fd, int operation) { return sw_result(syscall(__NR_flock, fd, operation)); }

// getdents64(2). Each record: inode (8 bytes), offset (8), record length (2), type (1), name with its NUL.
static inline long sw_getdents64(int fd, void *bytes, size_t count) { return sw_result(syscall(__NR_getdents64, fd, bytes, count)); }

static inline long sw_dup3(int fd, int number, int flags) { return sw_result(syscall(__NR_dup3, fd, number, flags)); }

static inline long sw_fcntl(int fd, int command, long argument) { return sw_result(syscall(__NR_fcntl, fd, command, argument)); }

// close_range(2), Linux 5.9.
static inline long sw_close_range(unsigned first, unsigned last, unsigned flags) {
    return sw_result(syscall(__NR_close_range, first, last, flags));
}

static inline long sw_pipe2(int numbers[2], int flags) { return sw_result(syscall(__NR_pipe2, numbers, flags)); }

static inline long sw_chdir(const char *path) { return sw_result(syscall(__NR_chdir, path)); }

static inline long sw_fchdir(int fd) { return sw_result(syscall(__NR_fchdir, fd)); }

// getcwd(2): the length with the NUL. The C library's function would hide "(unreachable)".
static inline long sw_getcwd(char *bytes, size_t count) { return sw_result(syscall(__NR_getcwd, bytes, count)); }

static inline long sw_umask(unsigned mask) { return sw_result(syscall(__NR_umask, mask)); }

static inline long sw_lseek(int fd, long offset, int whence) { return sw_result(syscall(__NR_lseek, fd, offset, whence)); }

static inline long sw_ftruncate(int fd, long size) { return sw_result(syscall(__NR_ftruncate, fd, size)); }

// utimensat(2): access and modification time; a NULL path means the descriptor itself.
static inline long sw_utimensat(int directory, const char *path, const struct timespec times[2], int flags) {
    return sw_result(syscall(__NR_utimensat, directory, path, times, flags));
}

static inline long sw_flistxattr(int fd, char *names, size_t size) { return sw_result(syscall(__NR_flistxattr, fd, names, size)); }

static inline long sw_fgetxattr(int fd, const char *name, void *value, size_t size) {
    return sw_result(syscall(__NR_fgetxattr, fd, name, value, size));
}

static inline long sw_fsetxattr(int fd, const char *name, const void *value, size_t size, int flags) {
    return sw_result(syscall(__NR_fsetxattr, fd, name, value, size, flags));
}

// clock_gettime(2) through the C library, which asks the vDSO.
static inline long sw_clock_gettime(int clock, struct timespec *time) { return sw_result(clock_gettime(clock, time)); }
#endif
