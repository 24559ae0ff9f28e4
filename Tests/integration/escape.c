// Tries what leaves a chroot for a process with CAP_SYS_CHROOT: escape FILE says whether FILE is found from where that leads.
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    int top = open("/", O_RDONLY | O_DIRECTORY);
    mkdir("/below", 0755);
    if (top < 0 || chroot("/below") != 0) {
        perror("chroot");
        return 2;
    }
    // The working directory is outside of the new root now: nothing stops it on the way up.
    if (fchdir(top) != 0) return 2;
    for (int step = 0; step < 64; step++)
        if (chdir("..") != 0) return 2;
    if (chroot(".") != 0) return 2;
    puts(access(argv[1], F_OK) == 0 ? "escaped" : "held");
    return 0;
}
