#ifndef SW_CREDENTIALS_H
#define SW_CREDENTIALS_H
#include "result.h"

// The raw calls act on the calling thread; the runtime has only one.
static inline long sw_setgroups(size_t count, const unsigned *groups) { return sw_result(syscall(__NR_setgroups, count, groups)); }

static inline long sw_setresgid(unsigned real, unsigned effective, unsigned saved) {
    return sw_result(syscall(__NR_setresgid, real, effective, saved));
}

static inline long sw_setresuid(unsigned real, unsigned effective, unsigned saved) {
    return sw_result(syscall(__NR_setresuid, real, effective, saved));
}

static inline unsigned sw_getuid(void) { return (unsigned)syscall(__NR_getuid); }

static inline unsigned sw_geteuid(void) { return (unsigned)syscall(__NR_geteuid); }

static inline unsigned sw_getgid(void) { return (unsigned)syscall(__NR_getgid); }

static inline unsigned sw_getegid(void) { return (unsigned)syscall(__NR_getegid); }

// The three sets of capget(2) and capset(2), both halves joined.
struct sw_capabilities {
    uint64_t effective;
    uint64_t permitted;
    uint64_t inheritable;
};

// struct __user_cap_header_struct and two of __user_cap_data_struct, version 3 (include/uapi/linux/capability.h).
struct sw_cap_header {
    uint32_t version;
    int32_t pid;
};

struct sw_cap_data {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};

static inline long sw_capget(struct sw_capabilities *sets) {
    struct sw_cap_header header = {.version = 0x20080522};
    struct sw_cap_data data[2] = {{0}};
    long result = sw_result(syscall(__NR_capget, &header, data));
    sets->effective = (uint64_t)data[1].effective << 32 | data[0].effective;
    sets->permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
    sets->inheritable = (uint64_t)data[1].inheritable << 32 | data[0].inheritable;
    return result;
}

static inline long sw_capset(struct sw_capabilities sets) {
    struct sw_cap_header header = {.version = 0x20080522};
    struct sw_cap_data data[2] = {
        {(uint32_t)sets.effective, (uint32_t)sets.permitted, (uint32_t)sets.inheritable},
        {(uint32_t)(sets.effective >> 32), (uint32_t)(sets.permitted >> 32), (uint32_t)(sets.inheritable >> 32)}};
    return sw_result(syscall(__NR_capset, &header, data));
}

// struct rlimit64.
struct sw_rlimit {
    uint64_t soft;
    uint64_t hard;
};

// prlimit(2); 0 is the calling process.
static inline long sw_getrlimit(int pid, int limit, struct sw_rlimit *value) {
    return sw_result(syscall(__NR_prlimit64, pid, limit, NULL, value));
}

static inline long sw_setrlimit(int pid, int limit, uint64_t soft, uint64_t hard) {
    struct sw_rlimit value = {.soft = soft, .hard = hard};
    return sw_result(syscall(__NR_prlimit64, pid, limit, &value, NULL));
}

// keyctl(KEYCTL_JOIN_SESSION_KEYRING = 1).
static inline long sw_keyctl_join(const char *name) { return sw_result(syscall(__NR_keyctl, 1, name)); }

// keyctl(KEYCTL_SETPERM = 5).
static inline long sw_keyctl_setperm(int key, unsigned permissions) { return sw_result(syscall(__NR_keyctl, 5, key, permissions)); }

// keyctl(KEYCTL_DESCRIBE = 6): the length of the text with its NUL.
static inline long sw_keyctl_describe(int key, char *bytes, size_t count) {
    return sw_result(syscall(__NR_keyctl, 6, key, bytes, count));
}
#endif
