#ifndef SW_STARTUP_H
#define SW_STARTUP_H
// Nothing to call: startup.c stands in for two parts of the Swift runtime when the program is linked.
#endif
