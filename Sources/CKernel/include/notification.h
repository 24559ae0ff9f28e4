#ifndef SW_NOTIFICATION_H
#define SW_NOTIFICATION_H
#include "result.h"

// eventfd2(2); EFD_CLOEXEC and EFD_NONBLOCK are O_CLOEXEC and O_NONBLOCK.
static inline long sw_eventfd(int flags) { return sw_result(syscall(__NR_eventfd2, 0, flags)); }

// struct winsize of include/uapi/asm-generic/termios.h.
struct sw_window_size {
    unsigned short rows, columns, width, height;
};

// ioctl TIOCGWINSZ.
static inline long sw_terminal_size(int fd, struct sw_window_size *size) { return sw_result(syscall(__NR_ioctl, fd, 0x5413, size)); }
#endif
