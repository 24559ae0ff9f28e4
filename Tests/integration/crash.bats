# Endurance and sudden death: many cycles, and runtimes killed with KILL at any moment, leave nothing that
# `delete --force` cannot remove. CYCLES and KILLS set the number of rounds.

load helpers

: "${CYCLES:=20}" "${KILLS:=20}"

# A random part of a second, up to so many milliseconds.
nap() {
    sleep "0.$(printf '%04d' $((RANDOM * $1 * 10 / 32768)))"
}

# After a death `delete --force` succeeds and nothing is left.
recovers() {
    ok delete --force "$ID"
    nothing_left
    # Another one with the same id and cgroup works.
    create
    ok delete --force "$ID"
    nothing_left
}

@test "cycles of create, start, kill and delete leave nothing" {
    program 'sleep 100'
    local i
    for ((i = 0; i < CYCLES; i++)); do
        create
        ok start "$ID"
        ok kill "$ID" KILL
        wait_for_status stopped
        ok delete "$ID"
    done
    nothing_left
}

@test "cycles of run leave nothing" {
    local i
    for ((i = 0; i < CYCLES; i++)); do
        inside_ok "exit 0"
    done
    nothing_left
}

@test "containers side by side, created at the same time, are all there and all go" {
    local i pids=()
    program 'sleep 100'
    for i in 1 2 3 4 5 6; do
        make_bundle "$T/b$i"
        jq --arg cgroup "$(cgroups_path "-$i")" '.linux.cgroupsPath = $cgroup | .process.args = ["sleep", "100"]' "$T/b$i/config.json" >"$T/config"
        cp "$T/config" "$T/b$i/config.json"
        timeout -k 2 30 "$RUNTIME" --root "$ROOT" run --detach --bundle "$T/b$i" "$ID-$i" </dev/null >"$T/o$i" 2>&1 3>&- &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i"; done
    ok list --format json
    equal "$(jq -r 'map(.status) | join(" ")' "$out")" "running running running running running running"
    pids=()
    for i in 1 2 3 4 5 6; do
        timeout -k 2 30 "$RUNTIME" --root "$ROOT" delete --force "$ID-$i" </dev/null >"$T/o$i" 2>&1 3>&- &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i"; done
    nothing_left
    rm -rf --one-file-system "$T"/b[1-6]
}

# With runc only now and then.
# bats test_tags=runc-breaks, racy
@test "of two creates of the same id at the same time one succeeds" {
    local i first second a b
    for i in {1..10}; do
        timeout -k 2 20 "$RUNTIME" --root "$ROOT" create --bundle "$B" "$ID" </dev/null >"$T/o1" 2>&1 3>&- &
        first=$!
        timeout -k 2 20 "$RUNTIME" --root "$ROOT" create --bundle "$B" "$ID" </dev/null >"$T/o2" 2>&1 3>&- &
        second=$!
        a=0 b=0
        wait "$first" || a=$?
        wait "$second" || b=$?
        equal "$((a + b))" 1
        equal "$(status_of)" created
        ok delete "$ID"
        nothing_left
    done
}

# With runc one may wait for ever.
# bats test_tags=runc-breaks, racy
@test "of two starts at the same time one succeeds" {
    local i first second a b
    for i in 1 2 3 4 5; do
        program 'sleep 100'
        create
        timeout -k 2 20 "$RUNTIME" --root "$ROOT" start "$ID" </dev/null >"$T/o1" 2>&1 3>&- &
        first=$!
        timeout -k 2 20 "$RUNTIME" --root "$ROOT" start "$ID" </dev/null >"$T/o2" 2>&1 3>&- &
        second=$!
        a=0 b=0
        wait "$first" || a=$?
        wait "$second" || b=$?
        equal "$((a + b))" 1
        equal "$(status_of)" running
        ok delete --force "$ID"
    done
    nothing_left
}

# runc has no record before the hooks: their cgroups and processes stay for ever.
# bats test_tags=runc-breaks, runc-breaks:R17
@test "a create that is killed during its hooks can be cleaned up" {
    local kind
    for kind in prestart createRuntime createContainer; do
        rm -f "$T/up"
        config 'del(.hooks)'
        blocking_hook "$kind"
        rt_in_background create --bundle "$B" "$ID"
        wait_until test -s "$T/up"
        kill_background
        end_hook
        ok delete --force "$ID"
        nothing_left
    done
    config 'del(.hooks)'
    recovers
}

# bats test_tags=runc-breaks, runc-breaks:R17
@test "creates that are killed at any moment can be cleaned up" {
    local i
    program 'sleep 100'
    for ((i = 0; i < KILLS; i++)); do
        rt_in_background create --bundle "$B" "$ID"
        nap 40
        kill_background
        ok delete --force "$ID"
        nothing_left
    done
    recovers
}

# bats test_tags=runc-breaks, runc-breaks:R17
@test "runs that are killed at any moment can be cleaned up" {
    local i
    program 'sleep 100'
    for ((i = 0; i < KILLS; i++)); do
        rt_in_background run --bundle "$B" "$ID"
        nap 60
        kill_background
        ok delete --force "$ID"
        nothing_left
    done
    recovers
}

@test "deletes that are killed at any moment can be repeated" {
    local i
    program 'sleep 100'
    for ((i = 0; i < KILLS; i++)); do
        ok run --detach --bundle "$B" "$ID"
        equal "$(status_of)" running
        rt_in_background delete --force "$ID"
        nap 30
        kill_background
        ok delete --force "$ID"
        nothing_left
    done
}

# With runc the second start may wait for ever.
# bats test_tags=runc-breaks, racy
@test "starts that are killed at any moment can be repeated, or have started" {
    local i
    program 'sleep 100'
    for ((i = 0; i < KILLS; i++)); do
        create
        rt_in_background start "$ID"
        nap 20
        kill_background
        rt start "$ID"
        [ "$status" -eq 0 ] || says "cannot start an already running container"
        wait_for_status running
        ok delete --force "$ID"
    done
    nothing_left
}

# How many sockets there are of starts: what listens, and what is connected to it.
gate_sockets() {
    grep -cF start.sock /proc/net/unix
}

# A start is killed while the startContainer hook waits, and another one comes: init never sees its connection.
second_start_during_hook() {
    local before
    mkfifo "$B/rootfs/go"
    config --arg after "$1" '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "echo up >/up; read line </go; \($after)"]}]'
    program 'sleep 100'
    create
    rt_in_background start "$ID"
    wait_until test -e "$B/rootfs/up"
    kill_background
    # The listener and the dead connection; then the new one.
    before=$(gate_sockets)
    rt_in_background start "$ID"
    wait_until eval '[ "$(gate_sockets)" -gt "$before" ]'
    echo >"$B/rootfs/go"
    wait_for_background
}

# runc starts without such a socket.
# bats test_tags=runc-breaks
@test "a start after one that was killed during its hook succeeds when the program is executed" {
    second_start_during_hook true
    equal "$(cat "$T/background.err")" ""
    equal "$status" 0
    equal "$(status_of)" running
    ok delete --force "$ID"
    nothing_left
}

# bats test_tags=runc-breaks
@test "a start after one that was killed during its hook fails when that hook fails" {
    second_start_during_hook "exit 3"
    equal "$status" 1
    contains "$(cat "$T/background.err")" "error running startContainer hook #0"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:R14
@test "a start that is killed after the program was executed says, when repeated, that it is running" {
    blocking_hook poststart
    program 'sleep 100'
    create
    rt_in_background start "$ID"
    wait_until test -s "$T/up"
    kill_background
    end_hook
    equal "$(status_of)" running
    fails start "$ID"
    says "already running"
    ok delete --force "$ID"
    nothing_left
}

@test "the waiting process is ended when it is killed, and the container is stopped" {
    create
    kill -KILL "$(pid_of)"
    wait_for_status stopped
    fails start "$ID"
    says "cannot start a container that has stopped"
    ok delete "$ID"
    nothing_left
}

# runc and crun take the folder away and never look for the rest, or refuse for ever.
# bats test_tags=runc-breaks, runc-breaks:R17
@test "a container whose record is damaged is removed by delete --force, with its processes and cgroups" {
    running
    local file
    for file in "$ROOT/$ID"/*.json; do [ "$(basename "$file")" = config.json ] || echo '{' >"$file"; done
    ok delete --force "$ID"
    nothing_left
}

@test "an empty folder of a container can be deleted by force" {
    mkdir -p "$ROOT/$ID"
    rt delete --force "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:R14
@test "a container whose start hangs in a hook can be asked for its state and killed" {
    blocking_hook poststart
    program 'sleep 100'
    create
    rt_in_background start "$ID"
    wait_until test -s "$T/up"
    CALL_SECONDS=5
    equal "$(status_of)" running
    ok kill "$ID" KILL
    wait_for_status stopped
    end_hook
    wait_for_background
    ok delete --force "$ID"
    nothing_left
}

# ---- a host that is short of everything -----------------------------------------------------------------------------

@test "a state root that is no folder or cannot be written is refused" {
    touch "$T/file"
    ROOT=$T/file fails create --bundle "$B" "$ID"
    mkdir "$T/readonly"
    mount -t tmpfs -o ro tmpfs "$T/readonly"
    ROOT=$T/readonly/r fails create --bundle "$B" "$ID"
    umount "$T/readonly"
    nothing_left
}

@test "a very large configuration is refused within seconds, or taken" {
    head -c 20000000 /dev/zero | tr '\0' ' ' >>"$B/config.json"
    CALL_SECONDS=10
    rt create --bundle "$B" "$ID"
    if [ "$status" -eq 1 ]; then nothing_left; else [ -d "$ROOT/$ID" ]; fi
}

@test "a configuration of a hundred thousand brackets is refused within seconds" {
    head -c 100000 /dev/zero | tr '\0' '[' >"$B/config.json"
    CALL_SECONDS=10
    create_refused
}
