#include "CStartup.h"

// Set by the linker (--defsym), so that nothing is compiled again for a new commit: the symbol's address is the number.
extern const char swruntime_commit[] __attribute__((weak));

// Read from memory: as an operand of an instruction the address would have to fit into 32 bits.
static const char *const volatile commit = swruntime_commit;

uint64_t sw_commit(void) { return (uint64_t)(uintptr_t)commit; }

// The rest stands in for two parts of the Swift runtime that cost time at each start and that this program has no use for. A symbol defined here is
// not looked for in libswiftCore.a, so the part that also defines it is not linked. See docs/decisions/0012-short-start.md.
//
// For the static release alone: a debug build is linked against the shared library, keeps its backtraces and finds its arguments itself.
#ifndef DEBUG
#include <stdbool.h>

// CommandLine.cpp finds the arguments by reading /proc/self/maps for the stack and walking it. The C library hands them to constructors.

static int argument_count;
static char **argument_vector;

__attribute__((constructor)) static void keep_arguments(int count, char **vector) {
    argument_count = count;
    argument_vector = vector;
}

char **_swift_stdlib_getUnsafeArgvArgc(int *count);
char **_swift_stdlib_getUnsafeArgvArgc(int *count) {
    *count = argument_count;
    return argument_vector;
}

void _swift_stdlib_overrideUnsafeArgvArgc(char **vector, int count);
void _swift_stdlib_overrideUnsafeArgvArgc(char **vector, int count) { keep_arguments(count, vector); }

// Backtrace.cpp looks for a program `swift-backtrace` beside this one and can be told by the environment to run it when a process crashes: for
// init that would be a file of the container's, run before the capabilities are dropped. All zero means that backtraces are off; the true
// structure has 88 bytes in Swift 6.3 and is only read.

const long _swift_backtraceSettings[64];

bool _swift_backtrace_isThunkFunction(const char *name);
bool _swift_backtrace_isThunkFunction(const char *name) {
    (void)name;
    return false;
}
#endif
