# create, start, state, kill and delete: the status words, who may do what when, and what is left.
# Rules: runtime-spec, runtime.md; error words and exit codes as the callers of runc know them.

load helpers

# bats test_tags=row:R01, row:R09
@test "create prepares a container without running its program" {
    program 'echo ran >/marker'
    create
    equal "$(status_of)" created
    [ -d "/proc/$(pid_of)" ]
    [ ! -e "$B/rootfs/marker" ]
}

# bats test_tags=row:R22
@test "create applies everything but the program" {
    program 'true'
    add_mount /mnt tmpfs tmpfs size=4k
    config '.hostname = "before-start" | .root.readonly = true | .linux.sysctl = {"net.ipv4.ip_forward": "1"} | .linux.resources.pids = {limit: 7}'
    create
    local pid
    pid=$(pid_of)
    contains "$(awk '$5 == "/" { print $6 }' "/proc/$pid/mountinfo")" ro
    equal "$(awk '$5 == "/mnt" { print $NF }' "/proc/$pid/mountinfo" | sed s/,inode64//)" rw,size=4k
    equal "$(nsenter --target "$pid" --uts uname -n)" before-start
    equal "$(nsenter --target "$pid" --net cat /proc/sys/net/ipv4/ip_forward)" 1
    contains "$(cat "/proc/$pid/cgroup")" "$CGROUP"
    [ ! -d /sys/fs/cgroup/pids ] || equal "$(cat "/sys/fs/cgroup/pids$CGROUP/pids.max")" 7
}

# bats test_tags=row:R13, row:R26
@test "start runs the program" {
    running
    equal "$(status_of)" running
}

# bats test_tags=row:R04
@test "the program's end makes the container stopped, with pid 0" {
    program 'exit 3'
    create
    ok start "$ID"
    wait_for_status stopped
    equal "$(pid_of)" 0
}

# bats test_tags=row:R15
@test "a stopped container is deleted with its state" {
    create
    ok start "$ID"
    wait_for_status stopped
    ok delete "$ID"
    equal "$stdout$stderr" ""
    nothing_left
    fails state "$ID"
}

@test "a container whose process was killed from outside is stopped and can be deleted" {
    running
    kill -KILL "$(pid_of)"
    wait_for_status stopped
    ok delete "$ID"
    nothing_left
}

# bats test_tags=row:R34
@test "an id may be used again after delete" {
    create
    ok delete "$ID"
    create
    equal "$(status_of)" created
}

# bats test_tags=row:R03, row:R21
@test "a second create with the same id fails and leaves the first alone" {
    running
    local pid
    pid=$(pid_of)
    fails create --bundle "$B" "$ID"
    says "container with given ID already exists"
    equal "$(status_of)" running
    equal "$(pid_of)" "$pid"
}

@test "two containers live side by side" {
    running
    local other=$ID-other
    make_bundle "$T/other"
    jq --arg path "$(cgroups_path -other)" '.linux.cgroupsPath = $path' "$T/other/config.json" >"$T/config" && cp "$T/config" "$T/other/config.json"
    ok create --bundle "$T/other" "$other"
    equal "$(status_of)" running
    equal "$(status_of "$other")" created
    ok delete --force "$other"
    equal "$(status_of)" running
}

@test "containers of one root are unknown in another" {
    create
    local first=$ROOT
    ROOT=$T/r2 fails state "$ID"
    says "does not exist"
    ROOT=$first
}

# bats test_tags=row:R19
@test "state, start, kill and delete of an unknown id say that it does not exist" {
    local command
    mkdir -p "$ROOT"
    for command in state start kill delete; do
        fails "$command" "$ID"
        says "container does not exist"
    done
}

# bats test_tags=row:R19, row:R20, row:R24, row:R28, row:R31
@test "create, start, state, kill and delete need an id" {
    cd "$B"
    local command
    for command in create start state kill delete; do
        fails "$command"
    done
    nothing_left
}

@test "too many arguments are refused" {
    create
    fails state "$ID" "$ID"
    fails start "$ID" "$ID"
    equal "$(status_of)" created
}

@test "an unknown command fails with 3" {
    rt nosuchcommand
    equal "$status" 3
}

@test "an unknown flag is refused" {
    fails create --no-such-flag --bundle "$B" "$ID"
    nothing_left
}

# bats test_tags=row:R25
@test "start of a running container fails and changes nothing" {
    running
    fails start "$ID"
    says "cannot start an already running container"
    equal "$(status_of)" running
}

# bats test_tags=row:R25
@test "start of a stopped container fails" {
    create
    ok start "$ID"
    wait_for_status stopped
    fails start "$ID"
    says "cannot start a container that has stopped"
    equal "$(status_of)" stopped
}

# bats test_tags=row:R29
@test "kill of a stopped container says that it is not running" {
    create
    ok start "$ID"
    wait_for_status stopped
    fails kill "$ID" KILL
    says "container not running"
}

# bats test_tags=row:R32
@test "delete of a running container fails and changes nothing" {
    running
    local pid
    pid=$(pid_of)
    fails delete "$ID"
    says "cannot delete container $ID that is not stopped: running"
    equal "$(status_of)" running
    equal "$(pid_of)" "$pid"
}

# The specification's rule; runc and its callers let a created container be deleted.
# bats test_tags=runc-breaks, runc-breaks:R32
@test "with --strict delete of a created container fails and changes nothing" {
    create
    local pid
    pid=$(pid_of)
    fails --strict delete "$ID"
    says "cannot delete container $ID that is not stopped: created"
    equal "$(status_of)" created
    equal "$(pid_of)" "$pid"
}

@test "delete --force ends and removes a running container" {
    running
    local pid
    pid=$(pid_of)
    ok delete --force "$ID"
    nothing_left
    [ ! -d "/proc/$pid" ]
}

@test "delete -f ends a container whose processes ignore signals" {
    program 'trap "" TERM INT HUP QUIT; (trap "" TERM; sleep 100) & echo up >/up; while :; do sleep 1; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    ok delete -f "$ID"
    nothing_left
}

@test "delete --force ends every process of a container that shares the host's pid namespace" {
    config '.linux.namespaces |= map(select(.type != "pid"))'
    program 'sleep 100 & sleep 101 & echo up >/up; wait'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    ok delete --force "$ID"
    nothing_left
}

@test "delete --force of an unknown id is silent and succeeds" {
    ok delete --force "$ID"
    equal "$stdout$stderr" ""
}

@test "delete takes away a container that was never started" {
    program 'echo ran >/marker'
    create
    ok delete "$ID"
    nothing_left
    [ ! -e "$B/rootfs/marker" ]
}

# bats test_tags=row:R30
@test "kill sends the signal however it is spelt" {
    program 'trap "echo got >>/got" USR1; echo up >/up; while :; do sleep 0.02; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    local spelling wanted=""
    for spelling in USR1 SIGUSR1 usr1 SigUsr1 10; do
        ok kill "$ID" "$spelling"
        wanted+="got"$'\n'
        wait_until eval '[ "$(cat "$B/rootfs/got")" = "${wanted%?}" ]'
    done
}

@test "kill sends TERM when no signal is named" {
    program 'trap "echo term >/got; exit 0" TERM; echo up >/up; while :; do sleep 0.02; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    ok kill "$ID"
    wait_for_status stopped
    equal "$(cat "$B/rootfs/got")" term
}

@test "kill ends a running container with KILL" {
    running
    ok kill "$ID" KILL
    wait_for_status stopped
}

@test "kill --all is accepted" {
    running
    ok kill --all "$ID" KILL
    wait_for_status stopped
}

@test "an unknown signal is refused and nothing is sent" {
    running
    local signal
    for signal in NOSUCH SIG; do
        fails kill "$ID" "$signal"
        says "unknown signal \"$signal\""
    done
    equal "$(status_of)" running
}

# bats test_tags=row:R30
@test "TERM, INT, HUP and KILL end a created container" {
    local signal
    for signal in TERM INT HUP KILL; do
        create
        ok kill "$ID" "$signal"
        wait_for_status stopped
        fails start "$ID"
        ok delete "$ID"
    done
}

@test "the pid file holds the pid without a newline" {
    create --pid-file "$T/pid"
    [ -s "$T/pid" ]
    equal "$(od -An -c "$T/pid" | tr -d ' \n')" "$(pid_of)"
}

@test "a relative pid file path starts at the caller's folder, not at the bundle" {
    mkdir "$T/caller"
    cd "$T/caller"
    create --pid-file pid
    [ -s "$T/caller/pid" ]
    equal "$(cat "$T/caller/pid")" "$(pid_of)"
    [ ! -e "$B/pid" ]
}

@test "the bundle may be given by an absolute path" {
    create
    equal "$(jq -r .bundle <<<"$(ok state "$ID" && echo "$stdout")")" "$B"
}

@test "the bundle may be given by a relative path" {
    cd "$T"
    ok create --bundle b "$ID"
    ok state "$ID"
    equal "$(jq -r .bundle <<<"$stdout")" "$B"
}

@test "the bundle is the current folder when it is not given" {
    cd "$B"
    ok create "$ID"
    ok state "$ID"
    equal "$(jq -r .bundle <<<"$stdout")" "$B"
}

@test "--bundle may follow the id" {
    ok create "$ID" --bundle "$B"
    equal "$(status_of)" created
}

# runc knows the flag only for create and run; people write it everywhere.
# bats test_tags=runc-breaks, runc-breaks:extension
@test "--bundle is accepted by start, state and delete" {
    create
    ok state "$ID" --bundle "$B"
    ok start "$ID" --bundle "$B"
    wait_for_status stopped
    ok delete "$ID" --bundle "$B"
    nothing_left
}

# bats test_tags=row:R20
@test "a bundle that does not exist is refused" {
    fails create --bundle "$T/nowhere" "$ID"
    nothing_left
}

# bats test_tags=row:C01
@test "a bundle without config.json is refused" {
    rm "$B/config.json"
    fails create --bundle "$B" "$ID"
    says "JSON specification file config.json not found"
    nothing_left
}

# bats test_tags=row:R21
@test "invalid ids are refused by create and make nothing" {
    local id
    for id in "a/b" "../x" "." ".." "a b" "a\$b" "ü" $'a\nb' "/abs"; do
        fails create --bundle "$B" "$id"
        nothing_left
    done
}

@test "an invalid id is called that" {
    fails create --bundle "$B" "a*b"
    says "invalid container ID format"
}

@test "an empty id is refused" {
    fails create --bundle "$B" ""
    nothing_left
}

# runc lets the file system decide, after other work is done.
@test "an id that is longer than a file name is refused" {
    fails create --bundle "$B" "$(printf 'x%.0s' {1..300})"
    nothing_left
}

@test "ids may use letters, digits, underscore, plus, minus and dot" {
    local id=Az09_+-.x
    ok create --bundle "$B" "$id"
    equal "$(status_of "$id")" created
    ok delete "$id"
}

@test "invalid ids are refused by every command" {
    mkdir -p "$ROOT" "$T/victim"
    local command
    for command in state start kill delete; do
        fails "$command" "../victim"
    done
    rt delete --force "../victim"
    [ -d "$T/victim" ]
}

# bats test_tags=row:R10
@test "edits of config.json after create have no effect" {
    program 'echo first >/marker'
    create
    program 'echo second >/marker'
    ok start "$ID"
    wait_for_status stopped
    equal "$(cat "$B/rootfs/marker")" first
}

@test "start, state, kill and delete do not need the bundle any more" {
    running
    mv "$B/config.json" "$T/config.away"
    equal "$(status_of)" running
    ok kill "$ID" KILL
    wait_for_status stopped
    ok delete "$ID"
    nothing_left
}

# runc reads the bundle's config.json again for the defaults of exec.
# bats test_tags=runc-breaks, runc-breaks:R10
@test "exec takes its defaults from the configuration at create" {
    running
    config '.process.env = ["PATH=/bin", "EDITED=yes"]'
    rt exec "$ID" sh -c 'echo "edited=$EDITED"'
    [[ $stderr != *"not supported yet"* ]] || skip "exec is not supported yet"
    equal "$stdout" "edited="
}

# bats test_tags=runc-breaks, runc-breaks:R27
@test "a container without process can be created, and fails to start" {
    config 'del(.process)'
    create
    equal "$(status_of)" created
    fails start "$ID"
    ok delete --force "$ID"
    nothing_left
}

@test "create touches nothing in the bundle but mount points" {
    cp "$B/config.json" "$T/config.before"
    create
    ok delete --force "$ID"
    cmp "$B/config.json" "$T/config.before"
    equal "$(ls -A "$B" | tr '\n' ' ')" "config.json rootfs "
}

@test "the state root and the state of a container are closed to others" {
    create
    equal "$(stat -c %a "$ROOT")" 700
    matches "$(stat -c %a "$ROOT/$ID")" '^7[01][01]$'
    equal "$(find "$ROOT/$ID" -type f -perm /022)" ""
}

@test "the state root is made with its parents" {
    ROOT=$T/deep/er/root
    create
    equal "$(status_of)" created
    ok delete "$ID"
    nothing_left
}
