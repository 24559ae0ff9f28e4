// Makes one system call and says what came of it: syscalls [thread|trap] NUMBER [ARGUMENT...]
//
// Prints "ok" or the errno. With thread the call is made by a second thread, and "alive" follows if the first one survives it; with trap a
// handler of SIGSYS prints si_code, the call's number and si_errno.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static long call[7];

static void *make_call(void *unused) {
    errno = 0;
    long result = syscall(call[0], call[1], call[2], call[3], call[4], call[5], call[6]);
    if (result == -1 && errno != 0)
        printf("%d\n", errno);
    else
        puts("ok");
    fflush(stdout);
    return unused;
}

static void trapped(int signal, siginfo_t *info, void *unused) {
    (void)unused;
    printf("signal %d code %d call %d errno %d\n", signal, info->si_code, info->si_syscall, info->si_errno);
    fflush(stdout);
    _exit(0);
}

int main(int argc, char **argv) {
    const char *mode = argc > 1 ? argv[1] : "";
    int first = strcmp(mode, "thread") == 0 || strcmp(mode, "trap") == 0 ? 2 : 1;
    if (argc <= first || argc - first > 7) return 2;
    for (int i = first; i < argc; i++) call[i - first] = (long)strtoull(argv[i], NULL, 0);
    if (strcmp(mode, "trap") == 0) {
        struct sigaction action = {.sa_sigaction = trapped, .sa_flags = SA_SIGINFO};
        sigaction(SIGSYS, &action, NULL);
    }
    if (strcmp(mode, "thread") != 0) {
        make_call(NULL);
        return 0;
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, make_call, NULL) != 0) return 2;
    pthread_join(thread, NULL);
    puts("alive");
    return 0;
}
