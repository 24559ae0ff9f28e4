# What commands do with the leftovers of others: damaged records, creations that were broken off, cgroups that are somebody else's, and
# commands that come at the same time. Nothing of the container stays, and nobody else is harmed.

load helpers

# The folders of $CGROUP in all hierarchies.
cgroup_folders() {
    local hierarchy
    for hierarchy in /sys/fs/cgroup/*/ /sys/fs/cgroup/; do
        [ -e "$hierarchy/cgroup.procs" ] && echo "${hierarchy%/}$CGROUP"
    done
}

# Makes the cgroup before the runtime does.
make_cgroup() {
    local folder
    for folder in $(cgroup_folders); do
        mkdir -p "$folder"
        [ ! -e "$folder/cpuset.cpus" ] || cat "$folder/../../cpuset.cpus" >"$folder/../cpuset.cpus" || true
        [ ! -e "$folder/cpuset.mems" ] || cat "$folder/../../cpuset.mems" >"$folder/../cpuset.mems" || true
        [ ! -e "$folder/cpuset.cpus" ] || cat "$folder/../cpuset.cpus" >"$folder/cpuset.cpus" || true
        [ ! -e "$folder/cpuset.mems" ] || cat "$folder/../cpuset.mems" >"$folder/cpuset.mems" || true
    done
}

remove_cgroup() {
    local folder
    for folder in $(cgroup_folders); do
        wait_until eval "rmdir '$folder' || [ ! -d '$folder' ]"
    done
}

# Starts a process of nobody's in the cgroup, as $stranger.
stranger_in_cgroup() {
    local folder
    sleep 100 </dev/null 3>&- &
    stranger=$!
    for folder in $(cgroup_folders); do echo "$stranger" >"$folder/cgroup.procs"; done
}

end_stranger() {
    kill -KILL "$stranger"
    wait "$stranger" || true
}

record() {
    echo "$ROOT/$ID/record.json"
}

# ---- damaged records ------------------------------------------------------------------------------------------------

# The command damages the record of a running container; `state` reports it and `delete --force` removes everything.
recovers_from() {
    local pid
    running
    pid=$(pid_of)
    "$@"
    fails state "$ID"
    says "$ROOT/$ID"
    fails delete "$ID"
    [ -e "/proc/$pid" ]
    ok delete --force "$ID"
    nothing_left
    [ ! -e "/proc/$pid" ]
}

# runc takes the folder away and leaves process and cgroup, or refuses for ever.
# bats test_tags=runc-breaks, runc-breaks:R33
@test "a container with an empty record is removed with its process and its cgroup" {
    recovers_from eval ': >"$(record)"'
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "a container with half a record is removed with its process and its cgroup" {
    recovers_from eval 'truncate -s 100 "$(record)"'
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "a container without its record is removed with its process and its cgroup" {
    recovers_from eval 'rm "$(record)"'
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "a container with another one's record is removed with its own process, and the other one lives" {
    needs_cgroupfs
    local other="$ID-other"
    program 'sleep 100'
    config --arg path "$CGROUP/other" '.linux.cgroupsPath = $path'
    ok run --detach --bundle "$B" "$other"
    config --arg path "$CGROUP/own" '.linux.cgroupsPath = $path'
    rm -f "$B/rootfs/up"
    recovers_from_other "$other"
    equal "$(status_of "$other")" running
    ok delete --force "$other"
    remove_cgroup
}

recovers_from_other() {
    ok run --detach --bundle "$B" "$ID"
    local pid
    pid=$(pid_of)
    cp "$ROOT/$1/record.json" "$(record)"
    fails state "$ID"
    says "belongs to another container"
    ok delete --force "$ID"
    [ ! -e "$ROOT/$ID" ]
    wait_until eval "[ ! -e /proc/$pid ]"
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "where nothing tells what belonged to the container, delete --force says so and harms nobody" {
    running
    local pid
    pid=$(pid_of)
    ok state "$ID"
    for file in "$ROOT/$ID"/*; do [ ! -f "$file" ] || : >"$file"; done
    ok delete --force "$ID"
    says "may be left"
    [ ! -e "$ROOT/$ID" ]
    kill -KILL "$pid"
    wait_until eval "[ ! -e /proc/$pid ]"
    remove_cgroup
}

# ---- creations that were broken off ---------------------------------------------------------------------------------

# A state folder as a create leaves it that is killed before it has made the cgroup.
broken_off_early() {
    create
    jq 'del(.process, .madeCgroup) | .phase = "creating" | .creator = {pid: 1, startTime: 1}' "$(record)" >"$T/record"
    ok delete "$ID"
    nothing_left
    mkdir -p "$ROOT/$ID"
    cp "$T/record" "$(record)"
    equal "$(status_of)" stopped
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "a cgroup that was there before a create that was broken off keeps its processes" {
    broken_off_early
    make_cgroup
    stranger_in_cgroup
    ok delete --force "$ID"
    [ ! -e "$ROOT/$ID" ]
    kill -0 "$stranger"
    contains "$(cat "/proc/$stranger/cgroup")" "$CGROUP"
    end_stranger
    remove_cgroup
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "kill --all of a create that was broken off ends nobody" {
    broken_off_early
    make_cgroup
    stranger_in_cgroup
    fails kill --all "$ID" KILL
    says "container not running"
    kill -0 "$stranger"
    end_stranger
    ok delete "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "empty folders of a create that was broken off are removed" {
    broken_off_early
    make_cgroup
    ok delete "$ID"
    nothing_left
}

# ---- cgroups of others ----------------------------------------------------------------------------------------------

# Has $ID stop and a container $other get its cgroup.
cgroup_changes_hands() {
    other=$ID-other
    create
    ok start "$ID"
    wait_for_status stopped
    program 'sleep 100'
    ok run --detach --bundle "$B" "$other"
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "deleting a stopped container leaves another one alone that has got its cgroup" {
    cgroup_changes_hands
    ok delete "$ID"
    says "used by processes that are not the container's"
    equal "$(status_of "$other")" running
    ok delete --force "$other"
    remove_cgroup
}

# bats test_tags=runc-breaks, runc-breaks:R33
@test "kill --all of a stopped container leaves another one alone that has got its cgroup" {
    cgroup_changes_hands
    ok kill --all "$ID" KILL
    equal "$(status_of "$other")" running
    ok delete "$ID"
    ok delete --force "$other"
    remove_cgroup
}

# Stops a `run` in the foreground, has its container replaced by another one of the same id, and lets the `run` go on.
replaced_during_run() {
    program 'echo up >/up; sleep 100'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$B/rootfs/up"
    kill -STOP "$background"
    ok delete --force "$ID"
    create
    kill -CONT "$background"
    wait_for_background
}

# runc deletes the new one.
# bats test_tags=runc-breaks
@test "run does not delete another container that has got its id" {
    replaced_during_run
    equal "$(status_of)" created
    ok delete "$ID"
    nothing_left
}

# runc removes folders that it has not made.
# bats test_tags=runc-breaks
@test "without a pid namespace all processes of the container end with it, also in a cgroup that was there before" {
    make_cgroup
    config '.linux.namespaces |= map(select(.type != "pid"))'
    program 'setsid sleep 101 & echo up >/up; sleep 101'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    local folder pids
    folder=$(cgroup_folders | head -1)
    pids=$(cat "$folder/cgroup.procs")
    equal "$(wc -w <<<"$pids")" 2
    ok delete --force "$ID"
    [ -d "$folder" ]
    wait_until eval '[ -z "$(cat '"$folder"'/cgroup.procs)" ]'
    remove_cgroup
    nothing_left
}

# ---- at the same time -----------------------------------------------------------------------------------------------

# Calls the runtime in the background; the exit code goes to $T/code.<name>.
at_once() {
    local name=$1
    shift
    {
        local code=0
        timeout -k 2 20 "$RUNTIME" --root "$ROOT" "$@" </dev/null >"$T/$name.out" 2>&1 3>&- || code=$?
        echo "$code" >"$T/code.$name"
    } &
}

# bats test_tags=runc-breaks, racy
@test "a create and deletes by force at the same time leave a container or nothing" {
    local i
    for i in {1..15}; do
        at_once create create --bundle "$B" "$ID"
        at_once first delete --force "$ID"
        at_once second delete --force "$ID"
        wait
        equal "$(cat "$T/code.first" "$T/code.second")" 0$'\n'0
        if [ -e "$ROOT/$ID" ]; then
            equal "$(cat "$T/code.create")" 0
            equal "$(status_of)" created
            ok delete --force "$ID"
        fi
        nothing_left
    done
    create
    equal "$(status_of)" created
    ok delete --force "$ID"
}

# bats test_tags=runc-breaks, racy
@test "of several deletes at the same time one deletes, and the others say that there is nothing" {
    local i n
    for i in {1..8}; do
        create
        for n in 1 2 3 4; do at_once "$n" delete "$ID"; done
        wait
        nothing_left
        equal "$(cat "$T"/code.[1-4] | sort | tr -d '\n')" 0111
        equal "$(cat "$T"/[1-4].out | grep -c "does not exist")" 3
    done
}

# bats test_tags=runc-breaks, racy
@test "of creates with the same cgroup at the same time one succeeds" {
    local i n
    for i in {1..10}; do
        for n in 1 2 3 4; do at_once "$n" create --bundle "$B" "$ID-$n"; done
        wait
        equal "$(cat "$T"/code.[1-4] | sort | tr -d '\n')" 0111
        equal "$(grep -lE "taken by another create|not empty" "$T"/[1-4].out | wc -l)" 3
        for n in 1 2 3 4; do ok delete --force "$ID-$n"; done
        nothing_left
    done
}

# bats test_tags=runc-breaks
@test "a cgroup that one create makes and another one is faster to claim belongs to the other" {
    local folder paths=()
    for folder in /sys/fs/cgroup/unified"$CGROUP" /sys/fs/cgroup/freezer"$CGROUP" /sys/fs/cgroup"$CGROUP"; do paths+=(-P "$folder"); done
    # Half a second between mkdir and lock.
    printf '#!/bin/sh\nexec strace -qq -o %s %s -e inject=mkdir,mkdirat:delay_exit=500000 "%s" "$@"\n' \
        "$T/calls" "${paths[*]}" "$RUNTIME" >"$T/slow"
    chmod +x "$T/slow"
    RUNTIME=$T/slow at_once slow create --bundle "$B" "$ID"
    wait_until cgroup_is_there
    ok create --bundle "$B" "$ID-other"
    wait
    equal "$(cat "$T/code.slow")" 1
    contains "$(cat "$T/calls")" mkdir
    ok delete --force "$ID-other"
    nothing_left
}

cgroup_is_there() { [ -d /sys/fs/cgroup/unified"$CGROUP" ] || [ -d /sys/fs/cgroup/freezer"$CGROUP" ] || [ -d /sys/fs/cgroup"$CGROUP" ]; }

# bats test_tags=runc-breaks, racy
@test "of creates with a cgroup that is there already one succeeds at the same time" {
    local i n
    make_cgroup
    for i in {1..5}; do
        for n in 1 2 3 4; do at_once "$n" create --bundle "$B" "$ID-$n"; done
        wait
        equal "$(cat "$T"/code.[1-4] | sort | tr -d '\n')" 0111
        for n in 1 2 3 4; do ok delete --force "$ID-$n"; done
    done
    remove_cgroup
    nothing_left
}

# The process is in $CGROUP of every hierarchy.
is_in_cgroup() {
    local folder
    for folder in $(cgroup_folders); do
        grep -qx "$1" "$folder/cgroup.procs" || fail "$1 is not in $folder"
    done
}

@test "a create while a container with the same cgroup is deleted fails or gets a whole container" {
    local i
    for i in {1..15}; do
        create
        at_once delete delete "$ID"
        at_once create create --bundle "$B" "$ID-other"
        wait
        equal "$(cat "$T/code.delete")" 0
        if [ "$(cat "$T/code.create")" -eq 0 ]; then
            equal "$(status_of "$ID-other")" created
            is_in_cgroup "$(pid_of "$ID-other")"
        fi
        ok delete --force "$ID-other"
        nothing_left
    done
}

# Makes four bundles with one root folder, whose /dev is no mount of their own.
share_root() {
    local n
    for n in 1 2 3 4; do
        config --arg path "$(cgroups_path "-$n")" '.linux.cgroupsPath = $path | .mounts |= map(select(.destination | startswith("/dev") | not))'
        mkdir -p "$T/b$n"
        jq --arg root "$B/rootfs" '.root.path = $root' "$B/config.json" >"$T/b$n/config.json"
    done
}

# bats test_tags=runc-breaks, racy
@test "containers that share a root folder can be created at the same time" {
    local i n
    share_root
    for i in {1..20}; do
        # The nodes and links of the round before.
        find "$B/rootfs/dev" -xdev -mindepth 1 -delete
        for n in 1 2 3 4; do at_once "$n" create --bundle "$T/b$n" "$ID-$n"; done
        wait
        equal "$(cat "$T"/[1-4].out)" ""
        for n in 1 2 3 4; do
            equal "$(status_of "$ID-$n")" created
            ok delete "$ID-$n"
        done
    done
    nothing_left
}

# bats test_tags=runc-breaks, racy
@test "list is not disturbed by containers that come and go" {
    mkdir -p "$ROOT"
    {
        local n
        for n in {1..10}; do
            timeout -k 2 20 "$RUNTIME" --root "$ROOT" create --bundle "$B" "$ID"
            timeout -k 2 20 "$RUNTIME" --root "$ROOT" delete "$ID"
        done
        echo done >"$T/done"
    } </dev/null >"$T/cycles" 2>&1 3>&- &
    until [ -e "$T/done" ]; do
        ok list
        equal "$stderr" ""
    done
    wait
    equal "$(cat "$T/cycles")" ""
    create
    ok list --quiet
    equal "$stdout" "$ID"
    ok delete "$ID"
    nothing_left
}

# ---- nothing left to take -------------------------------------------------------------------------------------------

# Creates $ID by way of the command, which limits the runtime: that succeeds, or fails in time and leaves nothing. The exit status goes to $status.
create_limited() {
    status=0
    rm -f "$T/limited"
    # The words go through a pipe: a limit on files would stop them, and a container that was made keeps it open.
    timeout -k 2 10 "$@" "$RUNTIME" --root "$ROOT" create --bundle "$B" "$ID" </dev/null >/dev/null 2> >(cat >"$T/limited") 3>&- || status=$?
    if [ "$status" -eq 0 ]; then
        ok delete "$ID"
    else
        equal "$status" 1
        wait_until test -s "$T/limited"
    fi
    nothing_left
}

# The Go runtime ends itself where it may open too little.
# bats test_tags=runc-breaks, runc-breaks:R17
@test "whatever the number of descriptors that may be open, create succeeds or leaves nothing" {
    local n
    for n in {3..20}; do create_limited prlimit --nofile="$n"; done
    equal "$status" 0
}

# runc does not say which error it was.
# bats test_tags=runc-breaks
@test "a file size limit of zero makes create fail and leave nothing" {
    create_limited prlimit --fsize=0
    equal "$status" 1
    contains "$(cat "$T/limited")" EFBIG
}

@test "a full file system below the root makes create fail and leave nothing" {
    mkdir "$T/full"
    ROOT=$T/full/r
    local full
    for full in filled nr_blocks={1,2,3,4} nr_inodes={1,2,3,4,5,6,7,8}; do
        # What has no number takes all there is.
        mount -t tmpfs -o "${full/filled/nr_blocks=1}" full "$T/full"
        [ "$full" != filled ] || echo >"$T/full/filler"
        mounts_before=$(mount_points)
        create_limited env
        case $full in filled | nr_blocks=1 | nr_inodes=[12]) equal "$status" 1 ;; esac
        umount "$T/full"
    done
    equal "$status" 0
    ROOT=$T/r
    mounts_before=$(mount_points)
}

# The Go runtime ends itself where it may have no threads.
# bats test_tags=runc-breaks
@test "a limit on processes makes create fail and leave nothing" {
    needs_cgroupfs
    needs_v1 pids
    local pids=/sys/fs/cgroup/pids$CGROUP
    mkdir -p "$pids"
    echo 1 >"$pids/pids.max"
    config --arg path "$CGROUP/inner" '.linux.cgroupsPath = $path'
    status=0
    timeout -k 2 10 sh -c 'echo $$ >"$0/cgroup.procs"; exec "$@"' "$pids" \
        "$RUNTIME" --root "$ROOT" create --bundle "$B" "$ID" </dev/null >"$T/limited" 2>&1 3>&- || status=$?
    rmdir "$pids"
    equal "$status" 1
    contains "$(cat "$T/limited")" EAGAIN
    nothing_left
}

# bats test_tags=runc-breaks
@test "a create that fails takes away the folders above its cgroup that it made" {
    needs_cgroupfs
    config --arg path "$CGROUP/a/b/c" '.linux.cgroupsPath = $path | .mounts += [{destination: "/m", type: "nosuchfs", source: "x"}]'
    create_refused
}

@test "a start that finds no descriptors leaves the container as it is" {
    local n
    create
    for n in {3..20}; do
        status=0
        timeout -k 2 10 prlimit --nofile="$n" "$RUNTIME" --root "$ROOT" start "$ID" </dev/null >"$T/limited" 2>&1 3>&- || status=$?
        [ "$status" -ne 0 ] || break
        equal "$(status_of)" created
    done
    equal "$status" 0
    ok delete --force "$ID"
    nothing_left
}

# runc says 0 and leaves the folder.
# bats test_tags=runc-breaks
@test "a delete by force that finds no descriptors can be repeated" {
    local n
    create
    for n in {3..20}; do
        status=0
        timeout -k 2 10 prlimit --nofile="$n" "$RUNTIME" --root "$ROOT" delete --force "$ID" </dev/null >"$T/limited" 2>&1 3>&- || status=$?
        [ "$status" -ne 0 ] || break
        matches "$(status_of)" "created|stopped"
    done
    equal "$status" 0
    nothing_left
}

# ---- half-way -------------------------------------------------------------------------------------------------------

# bats test_tags=runc-breaks, runc-breaks:R14
@test "start fails when the first process is killed while its startContainer hook runs" {
    local pid
    config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo up >/up; sleep 30"]}]'
    create
    pid=$(pid_of)
    rt_in_background start "$ID"
    wait_until test -e "$B/rootfs/up"
    kill -KILL "$pid"
    wait_for_background
    equal "$status" 1
    contains "$(cat "$T/background.err")" "init ended before the program was executed"
    nothing_left
}

# bats test_tags=runc-breaks
@test "a reader of the messages that has gone away does not stop delete half-way" {
    config --arg done "$T/done" '.hooks.poststop = [{path: "/bin/false"}, {path: "/bin/touch", args: ["touch", $done]}]'
    create
    python3 - "$RUNTIME" --root "$ROOT" delete "$ID" <<'END'
import os, subprocess, sys
reader, writer = os.pipe()
os.close(reader)
sys.exit(subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stderr=writer, timeout=20).returncode)
END
    [ -e "$T/done" ]
    nothing_left
}
