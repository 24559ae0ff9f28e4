#ifndef SW_SCHEDULING_H
#define SW_SCHEDULING_H
#include "result.h"

// struct sched_attr of include/uapi/linux/sched/types.h, version 1 (56 bytes).
struct sw_sched_attr {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
    uint32_t clamp_minimum;
    uint32_t clamp_maximum;
};

// sched_setattr(2), Linux 3.14; version 1 of the structure since 5.3.
static inline long sw_sched_setattr(int pid, struct sw_sched_attr attributes) {
    attributes.size = sizeof attributes;
    return sw_result(syscall(__NR_sched_setattr, pid, &attributes, 0));
}

static inline void sw_sched_yield(void) { syscall(__NR_sched_yield); }

// ioprio_set(IOPRIO_WHO_PROCESS = 1).
static inline long sw_ioprio_set(int pid, int priority) { return sw_result(syscall(__NR_ioprio_set, 1, pid, priority)); }

// set_mempolicy(2). The kernel looks at one bit less than it is told.
static inline long sw_set_mempolicy(int mode, const uint64_t *nodes, size_t words) {
    return sw_result(syscall(__NR_set_mempolicy, mode, words == 0 ? NULL : nodes, words == 0 ? 0 : words * 64 + 1));
}

static inline long sw_personality(unsigned long persona) { return sw_result(syscall(__NR_personality, persona)); }
#endif
