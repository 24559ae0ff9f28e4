# events: figures at an interval, and what the memory limit costs as soon as it happens.

load helpers

limited() {
    config '.linux.resources.memory = {limit: 33554432} | .linux.resources.pids = {limit: 50}'
}

# Waits for a line of the events in the background, which has to come in time.
awaits_line() {
    wait_until grep -q "$1" "$T/background.out"
}

# A running container whose program waits until it is told to use more memory than it may, in a process of its own.
greedy() {
    limited
    program 'echo up >/up; until [ -e /now ]; do sleep 0.02; done; (exec tail /dev/zero); touch /done; while :; do sleep 0.05; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
}

@test "events --stats prints one line about the container and ends" {
    limited
    running
    ok events --stats "$ID"
    equal "$(wc -l <"$out")" 1
    equal "$(jq -r '[.type, .id] | join(" ")' <<<"$stdout")" "stats $ID"
    matches "$stdout" '^\{"type":"stats","id":"'"$ID"'","data":\{"cpu":\{'
    equal "$(jq -r '.data | keys_unsorted | join(" ")' <<<"$stdout")" \
        "cpu cpuset memory pids blkio hugetlb intel_rdt network_interfaces"
    equal "$(jq .data.network_interfaces <<<"$stdout")" null
}

@test "events --stats tells the limits and what is used" {
    limited
    running
    ok events --stats "$ID"
    equal "$(jq .data.memory.usage.limit <<<"$stdout")" 33554432
    equal "$(jq .data.pids.limit <<<"$stdout")" 50
    jq -e '.data.pids.current >= 1 and .data.memory.usage.usage > 0 and .data.memory.usage.max >= .data.memory.usage.usage
        and .data.cpu.usage.total > 0' <<<"$stdout" >/dev/null || fail "$stdout"
}

@test "events --stats tells the time on the processors as the kernel counts it" {
    needs_v1 cpuacct
    program 'i=0; while [ $i -lt 100000 ]; do i=$((i + 1)); done; echo up >/up; exec sleep 300'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    local total
    # The count stands still now: the program sleeps.
    wait_until eval 'a=$(cat "$(cgroup_dir cpuacct)/cpuacct.usage"); [ "$a" = "$(cat "$(cgroup_dir cpuacct)/cpuacct.usage")" ]'
    ok events --stats "$ID"
    total=$(jq .data.cpu.usage.total <<<"$stdout")
    equal "$total" "$(cat "$(cgroup_dir cpuacct)/cpuacct.usage")"
    equal "$(jq '.data.cpu.usage.percpu | add' <<<"$stdout")" "$total"
    equal "$(jq '.data.cpu.usage.percpu | length' <<<"$stdout")" "$(wc -w <"$(cgroup_dir cpuacct)/cpuacct.usage_percpu")"
}

@test "events --stats tells how often the processor was taken away" {
    needs_v1 cpu
    config '.linux.resources.cpu = {quota: 5000, period: 50000}'
    program 'echo up >/up; while :; do :; done'
    create
    ok start "$ID"
    wait_until eval '[ "$(awk "/nr_throttled/ { print \$2 }" "$(cgroup_dir cpu)/cpu.stat")" -gt 2 ]'
    ok events --stats "$ID"
    jq -e '.data.cpu.throttling | .periods > 2 and .throttledPeriods > 2 and .throttledTime > 1000000' <<<"$stdout" >/dev/null ||
        fail "$stdout"
}

@test "events --stats has the raw counters of memory, sorted" {
    running
    ok events --stats "$ID"
    equal "$(jq -c '.data.memory.raw | keys_unsorted' <<<"$stdout")" "$(jq -c '.data.memory.raw | keys' <<<"$stdout")"
    equal "$(jq -r '.data.memory.raw | keys[]' <<<"$stdout")" "$(awk '{ print $1 }' "$(cgroup_dir memory)/memory.stat" | LC_ALL=C sort)"
}

# Every key of runc's line with the type of its value; objects without members and what varies from run to run are left out.
shape() {
    jq -r 'paths as $p | getpath($p) as $v | select(($v | type) != "object")
        | "\($p | map(if type == "number" then "[]" else . end) | join(".")) \($v | type)"' |
        grep -vE '^data\.blkio\.io|^data\.(cpu|memory|blkio)\.psi\.|^data\.hugetlb\.|^data\.memory\.(usage|swap|kernel|kernelTCP)\.(usage|max) ' | sort -u
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "events --stats has the keys that runc has, with values of the same type" {
    local peer
    peer=$(command -v runc) || skip "no runc to compare with"
    [ "$(realpath "$RUNTIME")" != "$(realpath "$peer")" ] || fail "runc is compared with itself"
    needs_v1 memory
    limited
    running
    ok events --stats "$ID"
    local ours=$stdout theirs
    timeout 10 "$peer" --root "$T/peer" run --detach --bundle "$B" "$ID-peer" </dev/null >/dev/null 2>&1 3>&-
    theirs=$(timeout 10 "$peer" --root "$T/peer" events --stats "$ID-peer" || true)
    timeout 10 "$peer" --root "$T/peer" delete --force "$ID-peer"
    rm -rf "$T/peer"
    equal "$(shape <<<"$ours")" "$(shape <<<"$theirs")"
}

@test "events prints figures each time an interval is over" {
    running
    rt_in_background events --interval 200ms "$ID"
    wait_until eval '[ "$(wc -l <"$T/background.out")" -ge 3 ]'
    kill_background
    equal "$(head -n 3 "$T/background.out" | jq -r '[.type, .id] | join(" ")' | sort -u)" "stats $ID"
}

# bats test_tags=vm
@test "events tells of a loss of memory by notification, and goes on" {
    greedy
    # No interval passes in this test: what comes is told by the kernel.
    rt_in_background events --interval 1h "$ID"
    if has_v1 memory && [ "$version_2" = no ]; then
        wait_until eval 'ls -l /proc/$background/fd | grep -q eventfd'
    else
        wait_until eval 'ls -l /proc/$background/fd | grep -qE "memory.events|inotify"'
    fi
    touch "$B/rootfs/now"
    wait_until test -e "$B/rootfs/done"
    local start=${EPOCHREALTIME/./}
    awaits_line oom
    [ $((${EPOCHREALTIME/./} - start)) -lt 1000000 ] || fail "the loss was told $((${EPOCHREALTIME/./} - start)) µs after it"
    equal "$(head -n 1 "$T/background.out")" '{"type":"oom","id":"'"$ID"'"}'
    kill -0 "$background"
    kill_background
}

# bats test_tags=runc-breaks, runc-breaks:events
@test "events tells of the loss of init itself, and ends" {
    limited
    program 'echo up >/up; until [ -e /now ]; do sleep 0.02; done; exec tail /dev/zero'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    rt_in_background events --interval 1h "$ID"
    wait_until eval 'ls -l /proc/$background/fd | grep -qE "eventfd|memory.events"'
    touch "$B/rootfs/now"
    wait_for_background
    equal "$status" 0
    equal "$(cat "$T/background.out")" '{"type":"oom","id":"'"$ID"'"}'
    equal "$(cat "$T/background.err")" ""
}

# bats test_tags=runc-breaks, runc-breaks:events
@test "events ends when the container does, without a word" {
    running
    rt_in_background events --interval 1h "$ID"
    wait_until eval 'ls -l /proc/$background/fd | grep -qE "eventfd|memory.events|cgroup.events"'
    ok kill "$ID" KILL
    wait_for_background
    equal "$status" 0
    equal "$(cat "$T/background.out" "$T/background.err")" ""
}

# bats test_tags=runc-breaks, runc-breaks:events
@test "events sleeps until the kernel or the interval wakes it" {
    command -v strace >/dev/null || skip "no strace"
    running
    strace -qq -f -e trace=poll,ppoll -o "$T/trace" "$RUNTIME" --root "$ROOT" events --interval 1h "$ID" >"$T/background.out" 2>&1 </dev/null 3>&- &
    background=$!
    wait_until grep -q poll "$T/trace"
    ok kill "$ID" KILL
    wait_for_background
    # One wait, or a second one where what ends the container is told in two steps.
    [ "$(grep -c poll "$T/trace")" -le 3 ] || fail "$(cat "$T/trace")"
}

# bats test_tags=runc-breaks, runc-breaks:events
@test "events ends when nobody reads any more" {
    running
    mkfifo "$T/pipe"
    "$RUNTIME" --root "$ROOT" events --interval 1h "$ID" </dev/null >"$T/pipe" 2>"$T/background.err" 3>&- &
    background=$!
    exec 7<"$T/pipe"
    wait_until eval 'ls -l /proc/$background/fd | grep -qE "eventfd|memory.events|cgroup.events"'
    exec 7<&-
    wait_for_background
    equal "$(cat "$T/background.err")" ""
}

# bats test_tags=runc-breaks, runc-breaks:events
@test "events of a container on version 2 ends with it" {
    on_version_2
    config 'del(.linux.resources)'
    running
    rt_in_background events --interval 1h "$ID"
    wait_until eval 'ls -l /proc/$background/fd | grep -q cgroup.events'
    ok kill "$ID" KILL
    wait_for_background
    equal "$status$(cat "$T/background.out" "$T/background.err")" 0
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "events --stats has the pressure of version 2" {
    [ -e "$(unified_tree)/cpu.pressure" ] || skip "the kernel does not count pressure"
    running
    ok events --stats "$ID"
    equal "$(jq -c '[.data.cpu, .data.memory, .data.blkio | .psi | keys_unsorted, (.some | keys_unsorted)] | unique' <<<"$stdout")" \
        '[["avg10","avg60","avg300","total"],["some","full"]]'
    equal "$(jq -r '[.data.cpu.psi.some[]] | map(type) | unique[]' <<<"$stdout")" number
}

@test "events of a stopped container and of an unknown one say so" {
    program true
    create
    ok start "$ID"
    wait_for_status stopped
    fails events --stats "$ID"
    says "container with id $ID is not running"
    fails events "$ID"
    says "container with id $ID is not running"
    fails events --stats nobody
    says "container does not exist"
}

@test "events wants an interval above 0" {
    running
    fails events --interval 0 "$ID"
    says "duration interval must be greater than 0"
    fails events --interval -1s "$ID"
    says "duration interval must be greater than 0"
    fails events --interval soon "$ID"
    says 'invalid value "soon" for flag -interval'
}
