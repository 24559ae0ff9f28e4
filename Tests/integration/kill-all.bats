# kill --all, and that nothing waits by sleeping: pause, kill --all and delete of a container with 1,000 processes.

load helpers

shared_pid_namespace() {
    config '.linux.namespaces |= map(select(.type != "pid"))'
}

# Runs $ID with two children that each note the signals they get.
with_children() {
    program 'for name in a b; do
            (trap "echo TERM >/got-$name; exit" TERM; trap "echo USR1 >/got-$name" USR1; echo up >/up-$name; while :; do sleep 0.05; done) &
        done
        trap : USR1 TERM
        while [ ! -e /up-a ] || [ ! -e /up-b ]; do sleep 0.02; done
        echo up >/up
        while :; do sleep 0.05; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
}

got() {
    [ "$(cat "$B/rootfs/got-a" 2>/dev/null) $(cat "$B/rootfs/got-b" 2>/dev/null)" = "$1 $1" ]
}

# bats test_tags=vm
@test "kill --all sends any signal to every process" {
    with_children
    ok kill --all "$ID" USR1
    wait_until got USR1
    equal "$(status_of)" running
}

@test "kill --all sends TERM when no signal is named" {
    with_children
    ok kill --all "$ID"
    wait_until got TERM
}

@test "kill -a is short for kill --all" {
    with_children
    ok kill -a "$ID" 10
    wait_until got USR1
}

@test "kill --all reaches processes whose container has lost its first one, in a shared pid namespace" {
    shared_pid_namespace
    with_children
    kill -KILL "$(pid_of)"
    wait_for_status stopped
    ok kill --all "$ID" USR1
    wait_until got USR1
    ok kill --all "$ID" KILL
    wait_until eval '[ -z "$(cat "$(cgroup_dir freezer)/cgroup.procs")" ]'
}

@test "kill --all of a container that has stopped succeeds" {
    create
    ok start "$ID"
    wait_for_status stopped
    ok kill --all "$ID" KILL
}

@test "kill --all of an unknown id says that it does not exist" {
    fails kill --all "$ID" KILL
    says "container does not exist"
}

@test "kill --all with KILL ends every process of a shared pid namespace" {
    shared_pid_namespace
    with_children
    ok kill --all "$ID" KILL
    wait_for_status stopped
    wait_until eval '[ -z "$(cat "$(cgroup_dir freezer)/cgroup.procs")" ]'
}

@test "kill --all reaches cgroups below the container's" {
    needs_v1 freezer
    needs_cgroupfs
    with_children
    below=$(cgroup_dir freezer)/below
    mkdir "$below"
    for pid in $(cat "$(cgroup_dir freezer)/cgroup.procs"); do echo "$pid" >"$below/cgroup.procs" 2>/dev/null || true; done
    ok kill --all "$ID" USR1
    wait_until got USR1
}

# ---- without sleeping -----------------------------------------------------------------------------------------------

# Runs $ID with 1,000 processes.
crowd() {
    program 'i=1; while [ $i -lt 1000 ]; do sleep 300 & i=$((i + 1)); done; echo up >/up; wait'
    create
    ok start "$ID"
    WAIT_SECONDS=60 wait_until test -e "$B/rootfs/up"
}

# Calls the runtime below strace, and asserts that it neither slept nor had a wait end by its time.
ok_without_sleep() {
    command -v strace >/dev/null || skip "strace is not installed"
    local traced=$T/trace.$calls
    cat >"$T/traced" <<SH
#!/bin/sh
exec strace -f -o '$traced' -e trace=nanosleep,clock_nanosleep,poll,ppoll,select,pselect6,epoll_wait,epoll_pwait $plain "\$@"
SH
    chmod +x "$T/traced"
    CALL_SECONDS=100 RUNTIME=$T/traced ok "$@"
    RUNTIME=$plain
    grep -q exited "$traced" || fail "strace has not seen the end"
    if grep -E 'nanosleep|= 0 \(Timeout\)' "$traced" >"$T/slept"; then fail "'$call' slept:" "$(head -5 "$T/slept")"; fi
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "pause, resume, kill --all and delete --force of 1,000 processes do not sleep" {
    crowd
    ok_without_sleep pause "$ID"
    equal "$(status_of)" paused
    ok_without_sleep resume "$ID"
    ok_without_sleep kill --all "$ID" USR2
    ok_without_sleep delete --force "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "kill --all with KILL and delete of 1,000 processes in a shared pid namespace do not sleep" {
    shared_pid_namespace
    crowd
    ok_without_sleep kill --all "$ID" KILL
    wait_for_status stopped
    ok_without_sleep delete "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "pause and delete --force of 1,000 processes on cgroup v2 do not sleep" {
    needs_v2
    config 'del(.linux.resources)'
    crowd
    plain=$RUNTIME
    ok_without_sleep pause "$ID"
    ok_without_sleep delete --force "$ID"
    nothing_left
}

@test "1,000 processes are signalled with 64 descriptors" {
    shared_pid_namespace
    crowd
    runtime_through sh -c 'ulimit -n 64; exec "$@"' sh
    ok kill --all "$ID" KILL
    RUNTIME=$plain
    wait_until eval '[ -z "$(cat "$(cgroup_dir freezer)/cgroup.procs")" ]'
}
