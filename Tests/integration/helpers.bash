# What the tests have in common. Loaded by every file; defines setup and teardown.
#
# Each test has its own folder, state root, bundle, id and cgroup:
#   $T  scratch folder    $ROOT  state root    $B  bundle (config.json, rootfs/)    $ID  container id
#   $CGROUP  absolute cgroup path, the same below every hierarchy
#
# CGROUP_DRIVER=systemd in the environment has systemd make the cgroups: see setup_suite.bash.

bats_require_minimum_version 1.5.0

# What one call of the runtime may take. Nothing here needs a second.
CALL_SECONDS=${CALL_SECONDS:-20}
WAIT_SECONDS=${WAIT_SECONDS:-10}

setup() {
    prepare
}

# What every test starts with; a file with more to do calls it from a setup of its own.
prepare() {
    T=$BATS_TEST_TMPDIR
    ROOT=$T/r
    B=$T/b
    ID=c$BATS_SUITE_TEST_NUMBER
    plain=$RUNTIME
    CGROUP=/swruntime-test-$SUITE_NAME/$ID
    [ "${CGROUP_DRIVER:-}" != systemd ] || CGROUP=/system.slice/swrt-$SUITE_NAME-$ID.scope
    calls=0
    version_2=no
    make_bundle "$B"
    mounts_before=$(mount_points)
    orphans_before=" $(children_of_reaper) "
}

# Deletes what the test left running, asserts that nothing is left of it, and cleans up from outside if something is.
# Only its exit status counts: bats does not end a teardown at the first failure.
teardown() {
    local id left still_left
    # With a runtime that deletes nothing these calls change nothing, and the search below reports it.
    for id in $(containers); do
        timeout -k 1 15 "$RUNTIME" --root "$ROOT" delete --force "$id" >"$T/teardown" 2>&1 </dev/null 3>&- || cat "$T/teardown"
    done
    left=$(leftovers_once_quiet)
    clean_from_outside
    still_left=$(leftovers_once_quiet)
    rm -rf --one-file-system "$B" "$ROOT"
    [ -z "$left" ] || fail "left behind:" "$left" || return
    [ -z "$still_left" ] || fail "could not be cleaned up from outside:" "$still_left"
}

# ---- the runtime ----------------------------------------------------------------------------------------------------

# Calls the runtime. Leaves $status, $stdout, $stderr; the container's own output goes to the same two files, which
# stay at $out and $err. STDIN names the file that becomes its standard input.
rt() {
    calls=$((calls + 1))
    out=$T/out.$calls
    err=$T/err.$calls
    status=0
    timeout -k 2 "$CALL_SECONDS" "$RUNTIME" --root "$ROOT" "$@" <"${STDIN:-/dev/null}" >"$out" 2>"$err" 3>&- || status=$?
    stdout=$(tr -d '\0' <"$out")
    stderr=$(tr -d '\0' <"$err")
    call=$*
}

# The call succeeds.
ok() {
    rt "$@"
    [ "$status" -eq 0 ] || fail "'$call' should succeed, exits $status" "$stdout" "$stderr"
}

# The call fails with exit code 1 and says why on standard error.
fails() {
    rt "$@"
    [ "$status" -eq 1 ] || fail "'$call' should fail with 1, exits $status" "$stdout" "$stderr"
    [ -n "$stderr" ] || fail "'$call' fails without a word"
    # A refusal has to have its own reason.
    [[ $stderr != *"not supported yet"* ]] || fail "'$call' fails, but not for the reason tested:" "$stderr"
}

# The last call's standard error contains the words; a log line escapes quotes.
says() {
    [[ ${stderr//\\\"/\"} == *"$1"* ]] || fail "'$call' should say '$1', says:" "$stderr"
}

# Creates $ID from $B; more options may follow.
create() {
    ok create --bundle "$B" "$@" "$ID"
    [ -d "$ROOT/$ID" ] || fail "'$call' succeeds, but there is no state of $ID"
}

# Creates and starts $ID with a program that waits to be killed.
running() {
    program 'trap "exit 0" TERM; echo up >/up; while :; do sleep 0.05; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
}

# Runs the shell script in a container in the foreground; $status and $stdout are the script's, $ran tells whether it ran.
inside() {
    program "echo inside; $1"
    shift
    rt run --bundle "$B" "$@" "$ID"
    [ -z "$stderr" ] || echo "$stderr"
    ran=no
    if [[ $stdout == inside || $stdout == inside$'\n'* ]]; then
        ran=yes
        stdout=${stdout#inside}
        stdout=${stdout#$'\n'}
    fi
}

# As `inside`; the script has to run and to succeed.
inside_ok() {
    inside "$@"
    [ "$status" -eq 0 ] || fail "the container should exit with 0, exits with $status" "$stdout" "$stderr"
    [ "$ran" = yes ] || fail "'$call' succeeds, but the program did not run"
}

# Skips the test when the runtime says of $B that it is not supported yet.
needs_support() {
    rt create --bundle "$B" "$ID"
    if [ "$status" -eq 1 ] && [[ $stderr == *"not supported yet"* ]]; then skip "${stderr//$'\n'/ }"; fi
    rt delete --force "$ID"
}

# Creating $ID from $B fails and leaves nothing: no state, no cgroup, no process.
create_refused() {
    fails create --bundle "$B" "$@" "$ID"
    nothing_left
}

# Nothing of any container of this test is there.
nothing_left() {
    local left
    left=$(leftovers_once_quiet)
    [ -z "$left" ] || fail "'$call' leaves behind:" "$left"
}

# The status word of $ID (or of the given id).
status_of() {
    rt state "${1:-$ID}"
    [ "$status" -eq 0 ] || fail "state of ${1:-$ID} fails" "$stderr"
    jq -r .status <<<"$stdout"
}

pid_of() {
    rt state "${1:-$ID}"
    [ "$status" -eq 0 ] || fail "state of ${1:-$ID} fails" "$stderr"
    jq -e -r .pid <<<"$stdout"
}

containers() {
    [ -d "$ROOT" ] && ls -A "$ROOT"
}

# Has the runtime run by way of the command from now on. RUNTIME=$plain ends that.
runtime_through() {
    local IFS=' ' # bats 1.8 leaves a comma there after --filter-tags
    set -- "$@" "$plain"
    printf '#!/bin/sh\nexec %s "$@"\n' "${*@Q}" >"$T/runtime"
    chmod +x "$T/runtime"
    RUNTIME=$T/runtime
}

# ---- calls in the background ----------------------------------------------------------------------------------------

# Calls the runtime in the background as $background, without a time limit's process in between that would take its signals. Its words go
# to $T/background.out and $T/background.err.
rt_in_background() {
    "$RUNTIME" --root "$ROOT" "$@" </dev/null >"$T/background.out" 2>"$T/background.err" 3>&- &
    background=$!
}

# Waits for $background, which has to end by itself in time; $status is its exit code.
wait_for_background() {
    wait_until eval '! kill -0 "$background"'
    status=0
    wait "$background" || status=$?
}

kill_background() {
    kill -KILL "$background" 2>/dev/null || true
    wait "$background" 2>/dev/null || true
}

# A hook of the given kind that notes in $T/up that it runs, and waits. Its pid there is the one outside, also where it has a pid namespace.
blocking_hook() {
    config --arg kind "$1" --arg up "$T/up" \
        '.hooks[$kind] = [{path: "/bin/sh", args: ["sh", "-c", "read pid rest </proc/self/stat; echo $pid >\($up); exec sleep 30"]}]'
}

end_hook() {
    kill -KILL "$(cat "$T/up")" 2>/dev/null || true
}

# ---- namespaces and cgroups of the host -----------------------------------------------------------------------------

# A process that holds new namespaces of the given unshare options; its pid is $holder.
hold() {
    unshare --fork --kill-child "$@" sh -c 'echo $$ >"$0"; exec sleep 300' "$T/held" 3>&- >/dev/null 2>&1 &
    unsharer=$!
    wait_until test -s "$T/held"
    # Without its own pid namespace $$ is right; with one it is not: look for the child.
    holder=$(cat "/proc/$unsharer/task/$unsharer/children")
    holder=${holder%% *}
}

let_go() {
    kill -KILL "$holder" "$unsharer" 2>/dev/null
    wait "$unsharer" 2>/dev/null || true
}

# Skips the test where version 1 has no hierarchy of the controller.
needs_v1() {
    has_v1 "$1" || skip "the host has no version 1 hierarchy of $1"
}

# Skips the test where version 2 does not hold the controller; without one, where there is no version 2. On a hybrid host the runtime is made to
# find version 2 alone.
needs_v2() {
    local tree
    tree=$(unified_tree) || skip "the host has no cgroup2"
    [ -z "${1:-}" ] || grep -qw "$1" "$tree/cgroup.controllers" || skip "version 2 does not hold $1 on this host"
    [ "${CGROUP_DRIVER:-}" != systemd ] || is_v2 || skip "the host has not version 2 alone, which systemd goes by"
    on_version_2
}

# Skips the test where neither version holds the controller. On a hybrid host that of version 1 counts.
needs_controller() {
    has_v1 "$1" || { is_v2 && grep -qw "$1" /sys/fs/cgroup/cgroup.controllers; } || skip "the host has no controller $1"
}

# Skips the test where systemd makes the cgroups: it cannot have a path of its own.
needs_cgroupfs() {
    [ "${CGROUP_DRIVER:-}" != systemd ] || skip "the test has a cgroup of its own, which is no unit of systemd's"
}

has_v1() {
    ! is_v2 && [ -e "/sys/fs/cgroup/$1/cgroup.procs" ]
}

# Version 2 is all there is below /sys/fs/cgroup.
is_v2() {
    [ "$(stat -f -c %T /sys/fs/cgroup)" = cgroup2fs ]
}

# Where version 2 is mounted.
unified_tree() {
    if is_v2; then
        echo /sys/fs/cgroup
    else
        [ -e /sys/fs/cgroup/unified/cgroup.procs ] && echo /sys/fs/cgroup/unified
    fi
}

# The folder of $ID's cgroup for the controller: that of version 1 where it has a hierarchy of it and the runtime sees it, else that of version 2.
# For no controller, as for `unified`, it is that of version 2.
cgroup_dir() {
    if [ "$version_2" = no ] && [ "${1:-unified}" != unified ] && has_v1 "$1"; then
        echo "/sys/fs/cgroup/$1$CGROUP"
    else
        echo "$(unified_tree)$CGROUP"
    fi
}

# What the configuration says to get the cgroup $CGROUP; with a suffix, one beside it.
cgroups_path() {
    if [ "${CGROUP_DRIVER:-}" = systemd ]; then
        echo "system.slice:swrt-$SUITE_NAME:$ID${1:-}"
    else
        echo "$CGROUP${1:-}"
    fi
}

# ---- the bundle -----------------------------------------------------------------------------------------------------

make_bundle() {
    mkdir -p "$1"
    cp -a "$SUITE_SCRATCH/template" "$1/rootfs"
    ln "$SUITE_SCRATCH/busybox" "$1/rootfs/bin/busybox"
    cat >"$1/config.json" <<JSON
{
    "ociVersion": "1.0.2",
    "process": {
        "terminal": false,
        "user": { "uid": 0, "gid": 0 },
        "args": [ "true" ],
        "env": [ "PATH=/usr/local/bin:/bin" ],
        "cwd": "/",
        "capabilities": {
            "bounding": [ "CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE" ],
            "effective": [ "CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE" ],
            "permitted": [ "CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE" ]
        },
        "noNewPrivileges": true
    },
    "root": { "path": "rootfs" },
    "hostname": "box",
    "mounts": [
        { "destination": "/proc", "type": "proc", "source": "proc" },
        { "destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": [ "nosuid", "strictatime", "mode=755", "size=65536k" ] },
        { "destination": "/dev/pts", "type": "devpts", "source": "devpts", "options": [ "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5" ] },
        { "destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": [ "nosuid", "noexec", "nodev", "mode=1777", "size=65536k" ] },
        { "destination": "/dev/mqueue", "type": "mqueue", "source": "mqueue", "options": [ "nosuid", "noexec", "nodev" ] },
        { "destination": "/sys", "type": "sysfs", "source": "sysfs", "options": [ "nosuid", "noexec", "nodev", "ro" ] }
    ],
    "linux": {
        "cgroupsPath": "$(cgroups_path)",
        "resources": { "devices": [ { "allow": false, "access": "rwm" } ] },
        "namespaces": [ { "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" } ],
        "maskedPaths": [ "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware" ],
        "readonlyPaths": [ "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger" ]
    }
}
JSON
}

# Edits config.json of $B with a jq filter; options of jq come first.
config() {
    jq "$@" "$B/config.json" >"$T/config.new"
    cp "$T/config.new" "$B/config.json"
}

# Makes the shell script the container's program.
program() {
    config --arg script "$1" '.process.args = ["sh", "-c", $script]'
}

# Adds a mount: destination, type, source, options joined by commas.
add_mount() {
    config --arg d "$1" --arg t "$2" --arg s "$3" --arg o "${4:-}" \
        '.mounts += [{destination: $d, type: $t, source: $s, options: ($o | split(","))}]'
}

# Lists a namespace by its path: type, path.
join() {
    config --arg type "$1" --arg path "$2" \
        '.linux.namespaces |= (map(select(.type != $type)) + [{type: $type, path: $path}])'
}

# The program that prints what it has: see attributes.c. ATTRIBUTES names it where it is built already.
attributes() {
    if [ -n "${ATTRIBUTES:-}" ]; then
        cp "$ATTRIBUTES" "$B/rootfs/bin/attributes"
    else
        command -v cc >/dev/null || skip "no C compiler for the program that looks at itself"
        cc -static -O1 -o "$B/rootfs/bin/attributes" "$BATS_TEST_DIRNAME/attributes.c"
    fi
    config '.process.args = ["attributes"]'
}

# The line of the given name that a container of $B prints.
attribute() {
    ok run --bundle "$B" "$ID"
    grep "^$1 " <<<"$stdout" || fail "no line $1:" "$stdout"
}

# Has the runtime run below a seccomp filter (refuse.c) that answers system calls with an errno: errno, numbers. REFUSE names it where it is
# built already.
refuse() {
    if [ -n "${REFUSE:-}" ]; then
        cp "$REFUSE" "$T/refuse"
    elif [ ! -x "$T/refuse" ]; then
        command -v cc >/dev/null || skip "no C compiler for the filter"
        cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    fi
    runtime_through "$T/refuse" "$1" "$2"
}

# ---- surroundings that several files need ---------------------------------------------------------------------------

# Gives the container a user namespace that maps 0..9999 to 100000.. (users) and 200000.. (groups), and the image to its root.
map_users() {
    config '.linux.namespaces += [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 10000}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 200000, "size": 10000}]'
    # The program file is shared with the other tests: an own copy before it changes hands.
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:200000 "$B/rootfs"
}

# Has the runtime find a cgroup2 and nothing else below /sys/fs/cgroup, in a mount namespace of its own. It holds the controllers that version 1 leaves.
on_version_2() {
    version_2=yes
    is_v2 && return
    cat >"$T/version-2" <<'SH'
umount -R -l /sys/fs/cgroup 2>/dev/null
mount -t cgroup2 cgroup2 /sys/fs/cgroup && exec "$@"
SH
    runtime_through unshare --mount sh "$T/version-2"
}

# ---- waiting and comparing ------------------------------------------------------------------------------------------

# Waits until the command succeeds, at most WAIT_SECONDS.
wait_until() {
    local end=$((SECONDS + WAIT_SECONDS))
    until "$@" >/dev/null 2>&1; do
        [ $SECONDS -lt $end ] || fail "in vain waited for: $*"
        sleep 0.02
    done
}

has_status() {
    [ "$(status_of "${2:-$ID}")" = "$1" ]
}

wait_for_status() {
    wait_until has_status "$@"
}

fail() {
    printf '%.4000s\n' "$@" >&2 # a program may have printed 100 MB
    return 1
}

equal() {
    [ "$1" = "$2" ] || fail "expected: $2" "     got: $1"
}

contains() {
    [[ $1 == *"$2"* ]] || fail "expected to contain: $2" "got: $1"
}

lacks() {
    [[ $1 != *"$2"* ]] || fail "expected not to contain: $2" "got: $1"
}

matches() {
    [[ $1 =~ $2 ]] || fail "expected to match: $2" "got: $1"
}

# ---- leftovers ------------------------------------------------------------------------------------------------------

# The mounts of this namespace, without what varies by itself.
mount_points() {
    cut -d ' ' -f 4-6 /proc/self/mountinfo
}

# The process that becomes the parent of those who lose theirs. In a pid namespace of the suite it is the first.
children_of_reaper() {
    local reaper=${SUITE_REAPER:-1}
    echo "$(<"/proc/$reaper/task/$reaper/children")"
}

# Processes without a parent that were not there before the test: what a container or the runtime left.
orphans() {
    local pid
    for pid in $(children_of_reaper); do
        [[ $orphans_before == *" $pid "* ]] || echo "$pid"
    done
}

cgroups_left() {
    find /sys/fs/cgroup/*"${CGROUP%.scope}"* /sys/fs/cgroup"${CGROUP%.scope}"* -type d 2>/dev/null
}

# The units of the test that systemd knows, also those that failed.
units_left() {
    [ "${CGROUP_DRIVER:-}" != systemd ] ||
        systemctl list-units --all --plain --no-legend --full "swrt-$SUITE_NAME-*" 2>/dev/null | cut -d ' ' -f 1
}

# One line for each thing that is left of the test's containers.
leftovers() {
    local pid
    for pid in $(orphans); do
        echo "process $pid $(tr '\0' ' ' <"/proc/$pid/cmdline") $(grep State "/proc/$pid/status")"
    done 2>/dev/null
    comm -13 <(sort <<<"$mounts_before") <(mount_points | sort) | sed 's/^/mount /'
    cgroups_left | sed 's/^/cgroup /'
    units_left | sed 's/^/unit /'
    [ ! -d "$ROOT" ] || find "$ROOT" -mindepth 1 | sed 's/^/state /'
}

# As `leftovers`, but gives processes that are just ending two seconds to end.
leftovers_once_quiet() {
    local tries
    for tries in {1..100}; do
        [ -n "$(leftovers)" ] || return 0
        sleep 0.02
    done
    leftovers
}

# Removes everything of the test without the runtime's help.
clean_from_outside() {
    local pid dir point unit
    for dir in $(cgroups_left); do
        case $dir in /sys/fs/cgroup/freezer/*) echo THAWED >"$dir/freezer.state" ;; esac
        for pid in $(<"$dir/cgroup.procs"); do kill -KILL "$pid"; done
    done 2>/dev/null
    for pid in $(orphans); do kill -KILL "$pid" 2>/dev/null; done
    for point in $(cut -d ' ' -f 5 /proc/self/mountinfo | grep -F "$T/" | sort -r); do umount -l "$point"; done
    wait_until eval '[ -z "$(orphans)" ]' || true
    for unit in $(units_left); do
        timeout -k 1 15 systemctl stop "$unit"
        timeout -k 1 15 systemctl reset-failed "$unit"
    done >/dev/null 2>&1 </dev/null 3>&-
    for dir in $(cgroups_left | sort -r); do
        wait_until eval "rmdir '$dir' || [ ! -d '$dir' ]" || true
    done
    # Mounts below the folder are gone (or the check after this fails); one file system is enough in any case.
    [ ! -d "$ROOT" ] || rm -rf --one-file-system "$ROOT"
}
