// Prints what the kernel keeps for the calling process and busybox does not show, one "name value" a line. Run as a container's program.
#include <linux/prctl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t clamp_minimum, clamp_maximum;
};

int main(void) {
    struct attributes scheduler = {0};
    int signal = -1, mode = -1;
    unsigned long nodes[64] = {0};
    if (syscall(SYS_sched_getattr, 0, &scheduler, sizeof scheduler, 0) == 0)
        printf("scheduler policy %u nice %d priority %u flags %llu runtime %llu deadline %llu period %llu\n", scheduler.policy,
               scheduler.nice, scheduler.priority, (unsigned long long)scheduler.flags, (unsigned long long)scheduler.runtime,
               (unsigned long long)scheduler.deadline, (unsigned long long)scheduler.period);
    // IOPRIO_WHO_PROCESS; the class stands above bit 13.
    long priority = syscall(SYS_ioprio_get, 1, 0);
    printf("ioprio class %ld level %ld\n", priority >> 13, priority & 7);
    printf("personality %x\n", personality(0xffffffff));
    if (syscall(SYS_get_mempolicy, &mode, nodes, sizeof nodes * 8, NULL, 0) == 0) printf("mempolicy mode %x nodes %lx\n", mode, nodes[0]);
    // KEYCTL_DESCRIBE of KEY_SPEC_SESSION_KEYRING: type;uid;gid;permissions;name
    char keyring[256] = "";
    if (syscall(SYS_keyctl, 6, -3, keyring, sizeof keyring - 1) > 0) printf("session %s\n", strrchr(keyring, ';') + 1);
    // KEYCTL_GET_KEYRING_ID
    printf("session-serial %lx\n", syscall(SYS_keyctl, 0, -3, 0));
    // KEYCTL_GET_SECURITY
    char label[256] = "";
    if (syscall(SYS_keyctl, 17, -3, label, sizeof label - 1) > 0) printf("session-label %s\n", label);
    prctl(PR_GET_PDEATHSIG, &signal);
    printf("pdeathsig %d\n", signal);
    printf("securebits %x\n", prctl(PR_GET_SECUREBITS));
    printf("keepcaps %d\n", prctl(PR_GET_KEEPCAPS));
    printf("dumpable %d\n", prctl(PR_GET_DUMPABLE));
    printf("no_new_privs %d\n", prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
    return 0;
}
