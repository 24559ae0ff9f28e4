#ifndef SW_STARTUP_H
#define SW_STARTUP_H
#include <stdint.h>

// The first twelve hexadecimal digits of the commit this program was built from, as a number; 0 if nobody told (`make build` does).
uint64_t sw_commit(void);
#endif
