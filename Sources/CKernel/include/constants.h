#ifndef SW_CONSTANTS_H
#define SW_CONSTANTS_H
#include <stdint.h>

// A constant of the C headers, so that tests can compare the values of KernelABI with them.
struct sw_constant {
    const char *name;
    int64_t value;
};

// All constants KernelABI repeats; the last entry has no name. Nothing in the program refers to the table, so the linker drops it.
const struct sw_constant *sw_constants(void);
#endif
