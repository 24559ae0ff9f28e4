#ifndef SW_CONSTANTS_H
#define SW_CONSTANTS_H
#include <stdint.h>

// A constant of the C headers, so that tests can compare the values of KernelABI with them.
struct sw_constant {
    const char *name;
    int64_t value;
};

// All constants KernelABI repeats, in no order; the last entry has no name. Nothing in the program refers to it, so the linker drops it.
extern const struct sw_constant sw_constants[];
#endif
