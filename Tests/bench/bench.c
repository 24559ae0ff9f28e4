/* bench: times runtimes against each other in paired rounds.
 *
 *   bench ROUNDS SCRATCH JSON NAME=PROGRAM...      (a program named "floor" gets the floor's own commands)
 *
 * SCRATCH holds the bundles true/, sleep/ and full/ (a common seccomp profile, 20 mounts, 30 capabilities) and the folder
 * rootfs/; containers are recorded in SCRATCH/state-NAME.
 * In each round every program runs every command once, and the order of the programs rotates, so that a disturbance of the
 * machine meets them alike. A program is started with vfork from this small static one, timed with the monotonic clock, and
 * its CPU time (user and system, with all the children it waited for) and peak memory come from wait4(2).
 *
 * `create` leaves the container's init to its caller: this process is the subreaper that inherits it. What init has used up
 * to `start` is read from its CPU clock and added to `create`, for every runtime; what it uses later is in the row
 * "create..delete", the sum of the four commands and of init's whole life. The kernel's own workers are in no row.
 * A command that fails ends the run.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUN, RUN_FULL, CREATE, START, STATE, KILL, DELETE, LIFE, EXEC, COMMANDS };
static const char *const command_names[COMMANDS] = {"run", "run full", "create", "start", "state", "kill", "delete", "create..delete", "exec"};

enum { MAX_PROGRAMS = 8, MAX_ROUNDS = 2000 };
struct sample { double wall, cpu; };
struct series { int count; long rss; struct sample samples[MAX_ROUNDS]; };
static struct program { const char *name, *path; char root[256]; struct series series[COMMANDS]; } programs[MAX_PROGRAMS];
static int program_count;
static const char *scratch;
static char error_path[256], output_path[256];
extern char **environ;

static void die(const char *format, const char *detail)
{
    fprintf(stderr, "bench: ");
    fprintf(stderr, format, detail);
    fputc('\n', stderr);
    exit(1);
}

static double milliseconds(clockid_t clock)
{
    struct timespec t;
    if (clock_gettime(clock, &t) < 0)
        die("clock: %s", strerror(errno));
    return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static double cpu_of(const struct rusage *usage)
{
    return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1e3 + (usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e3;
}

static void show_command(const char *const arguments[], int status)
{
    fprintf(stderr, "bench: failed with wait status %#x:", status);
    for (int i = 0; arguments[i]; i++)
        fprintf(stderr, " %s", arguments[i]);
    fputc('\n', stderr);
    char text[2000];
    int fd = open(error_path, O_RDONLY);
    ssize_t length = fd < 0 ? 0 : read(fd, text, sizeof text);
    if (length > 0)
        fwrite(text, 1, (size_t)length, stderr);
}

static pid_t spawn(const char *const arguments[])
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, error_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    pid_t pid;
    int error = posix_spawn(&pid, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error)
        die("cannot start: %s", strerror(error));
    return pid;
}

/* Runs one command to its end; its failure ends the program. */
static struct sample timed(struct program *program, int command, const char *const arguments[])
{
    struct rusage usage;
    int status;
    double began = milliseconds(CLOCK_MONOTONIC);
    pid_t pid = spawn(arguments);
    while (wait4(pid, &status, 0, &usage) < 0)
        if (errno != EINTR)
            die("wait4: %s", strerror(errno));
    struct sample sample = {milliseconds(CLOCK_MONOTONIC) - began, cpu_of(&usage)};
    if (status != 0) {
        show_command(arguments, status);
        exit(1);
    }
    if (usage.ru_maxrss > program->series[command].rss)
        program->series[command].rss = usage.ru_maxrss;
    return sample;
}

static void record(struct program *program, int command, struct sample sample)
{
    struct series *series = &program->series[command];
    series->samples[series->count++] = sample;
}

static pid_t read_pid(const char *path)
{
    char text[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
        die("no pid in %s", path);
    close(fd);
    return atoi(text);
}

static void run_bundle(struct program *program, int command, const char *name, int round)
{
    char id[64], bundle[300];
    snprintf(id, sizeof id, "bench-%d-%s-%d", getpid(), name, round);
    snprintf(bundle, sizeof bundle, "%s/%s", scratch, name);
    const char *arguments[] = {program->path, "--root", program->root, "run", "--bundle", bundle, id, NULL};
    record(program, command, timed(program, command, arguments));
}

static void run_once(struct program *program, int round)
{
    if (!strcmp(program->name, "floor")) {
        char id[64], rootfs[300];
        snprintf(id, sizeof id, "bench-%d-%d", getpid(), round);
        snprintf(rootfs, sizeof rootfs, "%s/rootfs", scratch);
        const char *arguments[] = {program->path, "run", rootfs, id, "/bin/true", NULL};
        record(program, RUN, timed(program, RUN, arguments));
        return;
    }
    run_bundle(program, RUN, "true", round);
    run_bundle(program, RUN_FULL, "full", round);
}

static void life_once(struct program *program, int round)
{
    char id[64], bundle[300], pid_path[300];
    snprintf(id, sizeof id, "bench-%d-life-%d", getpid(), round);
    snprintf(bundle, sizeof bundle, "%s/sleep", scratch);
    snprintf(pid_path, sizeof pid_path, "%s/pid", scratch);
    unlink(pid_path);
    const char *const create[] = {program->path, "--root", program->root, "create", "--bundle", bundle, "--pid-file", pid_path, id, NULL};
    const char *const start[] = {program->path, "--root", program->root, "start", id, NULL};
    const char *const state[] = {program->path, "--root", program->root, "state", id, NULL};
    const char *const kill[] = {program->path, "--root", program->root, "kill", id, "KILL", NULL};
    const char *const delete[] = {program->path, "--root", program->root, "delete", id, NULL};

    struct sample created = timed(program, CREATE, create), life = created;
    pid_t init = read_pid(pid_path);
    clockid_t clock;
    if (clock_getcpuclockid(init, &clock))
        die("no CPU clock of init: %s", program->name);
    record(program, STATE, timed(program, STATE, state));
    created.cpu += milliseconds(clock);
    record(program, CREATE, created);
    const struct { int command; const char *const *arguments; } steps[] = {{START, start}, {KILL, kill}};
    for (int i = 0; i < 2; i++) {
        struct sample sample = timed(program, steps[i].command, steps[i].arguments);
        record(program, steps[i].command, sample);
        life.wall += sample.wall;
        life.cpu += sample.cpu;
    }
    struct rusage usage;
    int status;
    double began = milliseconds(CLOCK_MONOTONIC);
    if (wait4(init, &status, 0, &usage) != init || !WIFSIGNALED(status))
        die("init of %s was not killed", program->name);
    life.wall += milliseconds(CLOCK_MONOTONIC) - began;
    life.cpu += cpu_of(&usage);
    struct sample sample = timed(program, DELETE, delete);
    record(program, DELETE, sample);
    life.wall += sample.wall;
    life.cpu += sample.cpu;
    record(program, LIFE, life);
}

/* The floor knows no containers: `state` reads a small file, `exec` joins a process that one `run` left sleeping. */
static void floor_once(struct program *program, const char *target)
{
    char file[300];
    snprintf(file, sizeof file, "%s/true/config.json", scratch);
    const char *const state[] = {program->path, "state", file, NULL};
    record(program, STATE, timed(program, STATE, state));
    const char *const exec[] = {program->path, "exec", target, "/bin/true", NULL};
    record(program, EXEC, timed(program, EXEC, exec));
}

static pid_t floor_target(struct program *program, char target[32])
{
    char rootfs[300], id[64], path[64];
    snprintf(rootfs, sizeof rootfs, "%s/rootfs", scratch);
    snprintf(id, sizeof id, "bench-%d-target", getpid());
    const char *const arguments[] = {program->path, "run", rootfs, id, "/bin/sleep", "1000", NULL};
    pid_t pid = spawn(arguments);
    snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
    for (int tries = 0; tries < 2000; tries++) {
        target[0] = 0;
        int fd = open(path, O_RDONLY | O_CLOEXEC);
        if (fd >= 0 && read(fd, target, 31) > 0) {
            close(fd);
            target[strcspn(target, " ")] = 0;
            char name[64], comm[32] = "";
            snprintf(name, sizeof name, "/proc/%s/comm", target);
            fd = open(name, O_RDONLY | O_CLOEXEC);
            if (fd >= 0 && read(fd, comm, sizeof comm - 1) > 0 && !strncmp(comm, "sleep", 5)) {
                close(fd);
                return pid;
            }
        }
        if (fd >= 0)
            close(fd);
        usleep(1000);
    }
    die("the target of %s did not start", "floor exec");
    return -1;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

struct summary { double wall_median, wall_min, cpu_median, cpu_min; };
static struct summary summarise(const struct series *series)
{
    static double wall[MAX_ROUNDS], cpu[MAX_ROUNDS];
    for (int i = 0; i < series->count; i++) {
        wall[i] = series->samples[i].wall;
        cpu[i] = series->samples[i].cpu;
    }
    struct summary s;
    s.wall_median = median(wall, series->count);
    s.cpu_median = median(cpu, series->count);
    s.wall_min = wall[0];
    s.cpu_min = cpu[0];
    return s;
}

/* The median over the rounds of first / other in the same round. */
static double paired_ratio(const struct series *first, const struct series *other)
{
    static double ratios[MAX_ROUNDS];
    int count = first->count < other->count ? first->count : other->count;
    for (int i = 0; i < count; i++)
        ratios[i] = first->samples[i].cpu / other->samples[i].cpu;
    return median(ratios, count);
}

static void print_table(int rounds)
{
    printf("%d rounds; milliseconds, median / minimum; memory: peak of the largest process, KiB\n", rounds);
    printf("%-16s %-12s %17s %17s %8s   %s\n", "command", "program", "CPU", "wall", "memory", "CPU of the first / CPU of this: paired median, minima");
    for (int c = 0; c < COMMANDS; c++)
        for (int p = 0; p < program_count; p++) {
            const struct series *series = &programs[p].series[c], *first = &programs[0].series[c];
            if (!series->count)
                continue;
            struct summary s = summarise(series);
            printf("%-16s %-12s %8.2f /%7.2f %8.2f /%7.2f", command_names[c], programs[p].name, s.cpu_median, s.cpu_min, s.wall_median, s.wall_min);
            if (series->rss) printf(" %8ld", series->rss); else printf(" %8s", "");
            if (p && first->count)
                printf("   %.2f, %.2f", paired_ratio(first, series), summarise(first).cpu_min / s.cpu_min);
            putchar('\n');
        }
}

static void print_json(const char *path, int rounds)
{
    FILE *out = fopen(path, "w");
    if (!out)
        die("cannot write %s", path);
    fprintf(out, "{\"rounds\": %d, \"unit\": \"ms\", \"results\": [", rounds);
    const char *separator = "";
    for (int p = 0; p < program_count; p++)
        for (int c = 0; c < COMMANDS; c++) {
            const struct series *series = &programs[p].series[c];
            if (!series->count)
                continue;
            struct summary s = summarise(series);
            fprintf(out, "%s\n  {\"program\": \"%s\", \"command\": \"%s\", \"cpu\": {\"median\": %.3f, \"min\": %.3f}, \"wall\": {\"median\": %.3f, \"min\": %.3f}, \"rssKiB\": %ld}",
                separator, programs[p].name, command_names[c], s.cpu_median, s.cpu_min, s.wall_median, s.wall_min, series->rss);
            separator = ",";
        }
    fprintf(out, "\n]}\n");
    if (fclose(out))
        die("cannot write %s", path);
}

int main(int argc, char **argv)
{
    if (argc < 5)
        die("usage: %s", "bench ROUNDS SCRATCH JSON NAME=PROGRAM...");
    int rounds = atoi(argv[1]);
    scratch = argv[2];
    if (rounds < 1 || rounds > MAX_ROUNDS)
        die("rounds: %s", argv[1]);
    snprintf(error_path, sizeof error_path, "%s/stderr", scratch);
    snprintf(output_path, sizeof output_path, "%s/stdout", scratch);
    for (int i = 4; i < argc && program_count < MAX_PROGRAMS; i++) {
        struct program *program = &programs[program_count++];
        char *equals = strchr(argv[i], '=');
        if (!equals)
            die("not NAME=PROGRAM: %s", argv[i]);
        *equals = 0;
        program->name = argv[i];
        program->path = equals + 1;
        snprintf(program->root, sizeof program->root, "%s/state-%s", scratch, program->name);
    }
    if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) < 0)
        die("subreaper: %s", strerror(errno));

    char target[32] = "";
    pid_t target_owner = 0;
    for (int p = 0; p < program_count; p++)
        if (!strcmp(programs[p].name, "floor"))
            target_owner = floor_target(&programs[p], target);
    /* Round -1 warms the caches of the file system and is not kept. */
    for (int round = -1; round < rounds; round++) {
        for (int i = 0; i < program_count; i++)
            run_once(&programs[(i + round + 1) % program_count], round);
        for (int i = 0; i < program_count; i++) {
            struct program *program = &programs[(i + round + 1) % program_count];
            if (!strcmp(program->name, "floor"))
                floor_once(program, target);
            else
                life_once(program, round);
        }
        if (round < 0)
            for (int p = 0; p < program_count; p++)
                for (int c = 0; c < COMMANDS; c++)
                    programs[p].series[c].count = 0;
    }
    if (target_owner) {
        kill(atoi(target), SIGKILL);
        waitpid(target_owner, NULL, 0);
    }
    print_table(rounds);
    print_json(argv[3], rounds);
    return 0;
}
