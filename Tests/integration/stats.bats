# stats: what containers use, for people and for programs. Ours alone: runc has no such command.

load helpers

limited() {
    config '.linux.resources.memory = {limit: 33554432} | .linux.resources.pids = {limit: 50}'
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats --no-stream prints one table with a line a container" {
    limited
    running
    ok stats --no-stream "$ID"
    equal "$(wc -l <"$out")" 2
    equal "$(head -n 1 <<<"$stdout" | xargs)" "ID CPU % THROTTLED MEMORY LIMIT MEM % READ WRITTEN PIDS WAIT % CPU/MEM/IO"
    matches "$(tail -n 1 <<<"$stdout")" "^$ID +[0-9]+\.[0-9] +0\.0s +[0-9.]+[KM]iB +32\.0MiB +[0-9.]+ +[0-9.]+[KM]?i?B +[0-9.]+[KM]?i?B +[0-9]+/50 +"
    equal "$stderr" ""
}

# bats test_tags=runc-breaks, runc-breaks:stats, vm
@test "stats --format json prints one line with the documented keys" {
    limited
    running
    ok stats --no-stream --format json "$ID"
    equal "$(wc -l <"$out")" 1
    equal "$(jq -r '.containers | length' <<<"$stdout")" 1
    equal "$(jq -r '.containers[0] | [.id, .status] | join(" ")' <<<"$stdout")" "$ID running"
    equal "$(jq -r '.containers[0] | [.memoryLimitBytes, .pidsLimit] | join(" ")' <<<"$stdout")" "33554432 50"
    jq -e '.containers[0] | .cpuNanoseconds > 0 and .memoryBytes > 0 and .pids >= 1' <<<"$stdout" >/dev/null || fail "$stdout"
    matches "$(jq -r .time <<<"$stdout")" '^[0-9-]+T[0-9:.]+Z$'
    local key
    for key in $(jq -r '.containers[0] | keys[]' <<<"$stdout"); do
        grep -q "\`$key\`" "$BATS_TEST_DIRNAME/../../docs/cgroups.md" || fail "$key is not documented"
    done
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats without ids shows all that run, and no stopped one" {
    running
    local first=$ID
    ID=$ID-2 CGROUP=$CGROUP-2
    config --arg path "$(cgroups_path)" '.linux.cgroupsPath = $path | .process.args = ["true"]'
    create
    ok stats --no-stream --format json
    equal "$(jq -r '.containers[] | "\(.id) \(.status)"' <<<"$stdout")" "$first running
$ID created"
    ok start "$ID"
    wait_for_status stopped
    ok stats --no-stream --format json
    equal "$(jq -r '.containers[].id' <<<"$stdout")" "$first"
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats without a container prints the heading" {
    ok stats --no-stream
    equal "$(wc -l <"$out")" 1
    ok stats --no-stream --format json
    equal "$(jq -c .containers <<<"$stdout")" '[]'
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats tells the share of the processor between two readings, and ends with the container it was asked for" {
    program 'echo up >/up; while :; do :; done'
    config '.linux.resources.cpu = {quota: 20000, period: 100000}'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    rt_in_background stats --interval 300ms --format json "$ID"
    wait_until eval '[ "$(wc -l <"$T/background.out")" -ge 5 ]'
    ok kill "$ID" KILL
    wait_for_background
    equal "$status" 0
    equal "$(head -n 1 "$T/background.out" | jq '.containers[0].cpuPercent')" null
    # 20 % are allowed; a busy host gives less.
    head -n 5 "$T/background.out" | jq -e -s '.[1:] | map(.containers[0].cpuPercent) | max > 2 and max < 45' >/dev/null || fail "$(cat "$T/background.out")"
    jq -e -s '.[4].containers[0] | .throttledPeriods > 0 and .throttledNanoseconds > 0' "$T/background.out" >/dev/null || fail "$(cat "$T/background.out")"
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats reads version 2" {
    on_version_2
    config 'del(.linux.resources)'
    running
    ok stats --no-stream --format json "$ID"
    jq -e '.containers[0] | .status == "running" and .cpuNanoseconds > 0' <<<"$stdout" >/dev/null || fail "$stdout"
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats on a terminal renews the table in place" {
    command -v script >/dev/null || skip "no script(1) to make a terminal"
    running
    timeout -k 1 10 script -q -c "$(printf '%q ' "$RUNTIME" --root "$ROOT" stats --interval 100ms "$ID")" "$T/typescript" </dev/null >/dev/null 2>&1 3>&- &
    background=$!
    wait_until eval '[ "$(grep -c WRITTEN "$T/typescript")" -ge 3 ]'
    ok kill "$ID" KILL
    wait_for_background
    equal "$(grep -a -o $'\e\[HID' "$T/typescript" | sort -u)" $'\e[HID'
}

# bats test_tags=runc-breaks, runc-breaks:stats
@test "stats refuses what it cannot show" {
    fails stats nobody
    says "nobody: container does not exist"
    fails stats --format yaml
    says "invalid format option: yaml (table or json)"
    fails stats --interval 0
    says "duration interval must be greater than 0"
    program true
    create
    ok start "$ID"
    wait_for_status stopped
    fails stats "$ID"
    says "container with id $ID is not running"
}
