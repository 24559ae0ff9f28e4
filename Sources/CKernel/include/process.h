#ifndef SW_PROCESS_H
#define SW_PROCESS_H
#include "result.h"
#include <poll.h>
#include <signal.h>

// pidfd_open(2), Linux 5.3.
static inline long sw_pidfd_open(int pid, unsigned flags) { return sw_result(syscall(__NR_pidfd_open, pid, flags)); }

// pidfd_send_signal(2), Linux 5.1.
static inline long sw_pidfd_send_signal(int pidfd, int signal) {
    return sw_result(syscall(__NR_pidfd_send_signal, pidfd, signal, NULL, 0));
}

// pidfd_getfd(2), Linux 5.6.
static inline long sw_pidfd_getfd(int pidfd, int number) { return sw_result(syscall(__NR_pidfd_getfd, pidfd, number, 0)); }

static inline long sw_kill(int pid, int signal) { return sw_result(syscall(__NR_kill, pid, signal)); }

// What waitid(2) reports of a child: si_pid (0: nothing yet), si_code (CLD_*), si_status (exit code or signal).
struct sw_wait_report {
    int pid;
    int code;
    int status;
};

// waitid(2). P_PIDFD (3) since Linux 5.4.
static inline long sw_waitid(int kind, int id, int options, struct sw_wait_report *report) {
    siginfo_t information = {0};
    long result = sw_result(syscall(__NR_waitid, kind, id, &information, options, NULL));
    *report = (struct sw_wait_report){.pid = information.si_pid, .code = information.si_code, .status = information.si_status};
    return result;
}

static inline long sw_execve(const char *path, char *const *arguments, char *const *environment) {
    return sw_result(syscall(__NR_execve, path, arguments, environment));
}

// execveat(2), Linux 3.19.
static inline long sw_execveat(int directory, const char *path, char *const *arguments, char *const *environment, int flags) {
    return sw_result(syscall(__NR_execveat, directory, path, arguments, environment, flags));
}

__attribute__((noreturn)) static inline void sw_exit(int status) { _exit(status); }

static inline long sw_prctl(int option, unsigned long a, unsigned long b, unsigned long c, unsigned long d) {
    return sw_result(syscall(__NR_prctl, option, a, b, c, d));
}

// prctl(PR_SET_NAME = 15).
static inline long sw_set_name(const char *name) { return sw_result(syscall(__NR_prctl, 15, name, 0, 0, 0)); }

// The calling process's environment: ends with a null pointer.
static inline char **sw_environment(void) {
    extern char **environ;
    return environ;
}

static inline long sw_getpid(void) { return sw_result(syscall(__NR_getpid)); }

static inline long sw_getppid(void) { return sw_result(syscall(__NR_getppid)); }

static inline long sw_setsid(void) { return sw_result(syscall(__NR_setsid)); }

static inline long sw_setpgid(int pid, int group) { return sw_result(syscall(__NR_setpgid, pid, group)); }

// poll(2) through the C library: arm64 has no such call.
static inline long sw_poll(struct pollfd *requests, size_t count, int milliseconds) {
    return sw_result(poll(requests, count, milliseconds));
}
#endif
