// A program without a C library: makes system call NUMBER with the arguments FIRST and 0, by the entry of the architecture it is built for,
// and ends with its errno (or 0) as exit status. Build with -nostdlib -static -DNUMBER=… -DFIRST=… and, for 32-bit x86, -m32.
#if defined(__x86_64__)
enum { exit_group = 231 };
static long enter(long number, long first) {
    long result;
    __asm__ volatile("syscall" : "=a"(result) : "a"(number), "D"(first), "S"(0L) : "rcx", "r11", "memory");
    return result;
}
#elif defined(__i386__)
enum { exit_group = 252 };
static long enter(long number, long first) {
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(first), "c"(0L) : "memory");
    return result;
}
#endif

void _start(void) {
    long result = enter(NUMBER, (long)(FIRST));
    enter(exit_group, result < 0 ? -result : 0);
}
