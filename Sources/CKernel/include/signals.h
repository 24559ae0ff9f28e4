#ifndef SW_SIGNALS_H
#define SW_SIGNALS_H
#include "result.h"
#include <signal.h>

// struct sigaction as the kernel has it on x86_64 and arm64 (include/uapi/asm-generic/signal.h).
struct sw_sigaction {
    uintptr_t handler;
    unsigned long flags;
    uintptr_t restorer;
    uint64_t mask;
};

// Sets a signal to its default disposition. Signals 32 and 33 too, which the C library's sigaction refuses.
static inline long sw_signal_default(int signal) {
    struct sw_sigaction action = {0};
    return sw_result(syscall(__NR_rt_sigaction, signal, &action, NULL, sizeof(uint64_t)));
}

static inline long sw_signal_ignore(int signal) {
    struct sw_sigaction action = {.handler = (uintptr_t)SIG_IGN};
    return sw_result(syscall(__NR_rt_sigaction, signal, &action, NULL, sizeof(uint64_t)));
}

// Bit n-1 stands for signal n. `how`: SIG_BLOCK 0, SIG_UNBLOCK 1, SIG_SETMASK 2.
static inline long sw_sigprocmask(int how, uint64_t signals) {
    return sw_result(syscall(__NR_rt_sigprocmask, how, &signals, NULL, sizeof signals));
}

// As SIG_BLOCK; `previous` receives the mask before it.
static inline long sw_block_signals(uint64_t signals, uint64_t *previous) {
    return sw_result(syscall(__NR_rt_sigprocmask, 0, &signals, previous, sizeof signals));
}

// 1 if the signal is ignored, 0 if not.
static inline long sw_signal_is_ignored(int signal) {
    struct sigaction action;
    if (sigaction(signal, NULL, &action) != 0)
        return -errno;
    return action.sa_handler == SIG_IGN;
}

static inline void sw_exit_with_signal(int signal) { _exit(128 + signal); }

// Lets a signal end the process with 128 + its number. Through the C library, which supplies the return trampoline x86_64 needs.
static inline long sw_signal_exits(int signal) {
    struct sigaction action = {.sa_handler = sw_exit_with_signal};
    return sw_result(sigaction(signal, &action, NULL));
}

// SFD_CLOEXEC and SFD_NONBLOCK are O_CLOEXEC and O_NONBLOCK.
static inline long sw_signalfd(uint64_t signals, int flags) {
    return sw_result(syscall(__NR_signalfd4, -1, &signals, sizeof signals, flags));
}

// The start of struct signalfd_siginfo of include/uapi/linux/signalfd.h; 128 bytes in all.
struct sw_signalfd_siginfo {
    uint32_t signal;
    int32_t error;
    int32_t code;
    uint32_t pid;
    uint32_t uid;
    int32_t fd;
    uint32_t tid;
    uint32_t band;
    uint32_t overrun;
    uint32_t trap;
    int32_t status;
    uint8_t rest[84];
};

static inline long sw_read_signal(int fd, struct sw_signalfd_siginfo *information) {
    return sw_result(syscall(__NR_read, fd, information, sizeof *information));
}
#endif
