#ifndef SW_BPF_H
#define SW_BPF_H
#include "result.h"

// bpf(2) for programs of type BPF_PROG_TYPE_CGROUP_DEVICE (15), attached as BPF_CGROUP_DEVICE (6): Linux 4.15. Each command reads the first part
// of `union bpf_attr`, as much as its structure here holds. See include/uapi/linux/bpf.h.

// BPF_PROG_LOAD (5): the program's descriptor.
struct sw_bpf_load {
    uint32_t type;
    uint32_t instruction_count;
    uint64_t instructions;
    uint64_t license;
    uint32_t log_level;
    uint32_t log_size;
    uint64_t log;
    uint32_t kernel_version;
    uint32_t flags;
    char name[16];
};

static inline long sw_load_device_program(
    const void *instructions, unsigned count, const char *name, void *log, unsigned log_size) {
    struct sw_bpf_load load = {
        .type = 15,
        .instruction_count = count,
        .instructions = (uint64_t)(uintptr_t)instructions,
        .license = (uint64_t)(uintptr_t)"Apache-2.0", // no function of the kernel is called that asks for another one
        .log_level = log ? 1 : 0,
        .log_size = log_size,
        .log = (uint64_t)(uintptr_t)log,
    };
    for (int i = 0; i < 15 && name[i]; i++) load.name[i] = name[i];
    return sw_result(syscall(__NR_bpf, 5, &load, sizeof load));
}

struct sw_bpf_attach {
    uint32_t cgroup;
    uint32_t program;
    uint32_t type;
    uint32_t flags;
    uint32_t replaced; // with BPF_F_REPLACE, Linux 5.6
};

// BPF_PROG_ATTACH (8) with BPF_F_ALLOW_MULTI (2), and BPF_F_REPLACE (4) where a program is to be replaced (-1: none).
static inline long sw_attach_device_program(int program, int cgroup, int replaced) {
    struct sw_bpf_attach attach = {
        .cgroup = (uint32_t)cgroup, .program = (uint32_t)program, .type = 6, .flags = replaced < 0 ? 2 : 2 | 4, .replaced = replaced < 0 ? 0 : (uint32_t)replaced};
    return sw_result(syscall(__NR_bpf, 8, &attach, sizeof attach));
}

// BPF_PROG_DETACH (9).
static inline long sw_detach_device_program(int program, int cgroup) {
    struct sw_bpf_attach detach = {.cgroup = (uint32_t)cgroup, .program = (uint32_t)program, .type = 6};
    return sw_result(syscall(__NR_bpf, 9, &detach, sizeof detach));
}

// BPF_PROG_QUERY (16): the numbers of the programs attached to the cgroup itself; returns how many there are.
static inline long sw_query_device_programs(int cgroup, uint32_t *numbers, unsigned count) {
    struct {
        uint32_t cgroup;
        uint32_t type;
        uint32_t query_flags;
        uint32_t attach_flags;
        uint64_t numbers;
        uint32_t count;
    } query = {.cgroup = (uint32_t)cgroup, .type = 6, .numbers = (uint64_t)(uintptr_t)numbers, .count = count};
    long result = sw_result(syscall(__NR_bpf, 16, &query, sizeof query));
    return result < 0 ? result : (long)query.count;
}

// BPF_PROG_GET_FD_BY_ID (13), Linux 4.13: wants CAP_SYS_ADMIN.
static inline long sw_open_bpf_program(uint32_t number) {
    struct {
        uint32_t number;
        uint32_t next;
        uint32_t flags;
    } attr = {.number = number};
    return sw_result(syscall(__NR_bpf, 13, &attr, sizeof attr));
}

// The first part of struct bpf_prog_info, up to the program's name.
struct sw_bpf_program_info {
    uint32_t type;
    uint32_t number;
    uint8_t tag[8];
    uint32_t lengths[2];
    uint64_t instructions[2];
    uint64_t load_time;
    uint32_t uid;
    uint32_t map_count;
    uint64_t maps;
    char name[16];
};

// BPF_OBJ_GET_INFO_BY_FD (15), Linux 4.13.
static inline long sw_bpf_program_info(int program, struct sw_bpf_program_info *info) {
    struct {
        uint32_t descriptor;
        uint32_t size;
        uint64_t info;
    } attr = {.descriptor = (uint32_t)program, .size = sizeof *info, .info = (uint64_t)(uintptr_t)info};
    return sw_result(syscall(__NR_bpf, 15, &attr, sizeof attr));
}
#endif
