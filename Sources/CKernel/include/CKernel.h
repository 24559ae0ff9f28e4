#ifndef SW_CKERNEL_H
#define SW_CKERNEL_H
// One header a topic; each holds one `static inline` shim a call, returning the result or -errno.
#endif
