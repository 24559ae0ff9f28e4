# update: limits change, all that are named or none.

load helpers

# The file of the container that has a limit: of version 1, or of version 2 where that holds the controller: controller, file of 1, file of 2.
limit_file() {
    local dir
    dir=$(cgroup_dir "$1")
    if [ -e "$dir/$2" ]; then echo "$dir/$2"; else echo "$dir/$3"; fi
}

read_limit() {
    cat "$(limit_file "$@")"
}

# Updates $ID with the JSON on standard input.
update_with() {
    printf '%s' "$1" >"$T/resources"
    STDIN=$T/resources rt update --resources - "$ID"
}

ok_update() {
    update_with "$1"
    [ "$status" -eq 0 ] || fail "'$call' with $1 should succeed" "$stderr"
}

refused_update() {
    update_with "$1"
    [ "$status" -eq 1 ] || fail "'$call' with $1 should fail with 1, exits $status"
    [ -n "$stderr" ] || fail "'$call' fails without a word"
}

# All values of the container's cgroup that an update can change, a line each, sorted: systemd writes all device rules of version 1 anew, which turns
# their list around.
all_values() {
    local folder
    for folder in /sys/fs/cgroup/*"$CGROUP" /sys/fs/cgroup"$CGROUP"; do
        [ -d "$folder" ] || continue
        (cd "$folder" && grep -s . ./*limit* ./*memsw.limit* ./*.max ./*.low ./*.high ./cpu.shares ./cpu.weight ./cpu.idle ./*cfs* ./*.burst \
            ./cpuset.cpus ./cpuset.mems ./*weight* ./*throttle.*_device ./devices.list ./memory.swappiness ./memory.oom_control \
            ./net_cls.classid | grep -v 'hugetlb.*failcnt\|under_oom\|oom_kill ' | sed "s|^|$folder |")
    done | sort
}

# A container that holds 50 MiB of memory that nobody can take back.
holding_50_mebibytes() {
    config '.mounts += [{destination: "/held", type: "tmpfs", source: "tmpfs", options: ["size=60m"]}]'
    program 'dd if=/dev/zero of=/held/f bs=1M count=50 2>/dev/null; echo up >/up; while :; do sleep 0.05; done'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
}

# bats test_tags=vm:v1
@test "update changes the limit of memory" {
    needs_v1 memory
    running
    ok update --memory 64m "$ID"
    equal "$(cat "$(cgroup_dir memory)/memory.limit_in_bytes")" 67108864
}

@test "sizes may have a unit or be bytes" {
    needs_v1 memory
    running
    while read -r size bytes; do
        ok update --memory "$size" "$ID"
        equal "$(cat "$(cgroup_dir memory)/memory.limit_in_bytes")" "$bytes"
    done <<'END'
67108864 67108864
65536k 67108864
65M 68157440
1g 1073741824
0.5GiB 536870912
END
}

@test "every flag writes its file" {
    needs_v1 memory
    needs_v1 cpuset
    running
    ok update --memory 64m --memory-reservation 32m --memory-swap 128m --cpu-period 50000 --cpu-quota 20000 --cpu-share 512 \
        --cpuset-cpus 0 --cpuset-mems 0 --pids-limit 77 "$ID"
    equal "$(cat "$(cgroup_dir memory)/memory.limit_in_bytes")" 67108864
    equal "$(cat "$(cgroup_dir memory)/memory.soft_limit_in_bytes")" 33554432
    equal "$(cat "$(cgroup_dir memory)/memory.memsw.limit_in_bytes")" 134217728
    equal "$(cat "$(cgroup_dir cpu)/cpu.cfs_period_us")" 50000
    equal "$(cat "$(cgroup_dir cpu)/cpu.cfs_quota_us")" 20000
    equal "$(cat "$(cgroup_dir cpu)/cpu.shares")" 512
    equal "$(cat "$(cgroup_dir cpuset)/cpuset.cpus")" 0
    equal "$(cat "$(cgroup_dir cpuset)/cpuset.mems")" 0
    equal "$(cat "$(cgroup_dir pids)/pids.max")" 77
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "--cpu-burst and --cpu-idle write their files" {
    needs_v1 cpu
    running
    ok update --cpu-quota 20000 --cpu-burst 10000 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.cfs_burst_us")" 10000
    ok update --cpu-idle 1 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.idle")" 1
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "a container that stops being idle gets its share back" {
    needs_v1 cpu
    config '.linux.resources.cpu = {shares: 512}'
    running
    ok update --cpu-idle 1 "$ID"
    ok update --cpu-idle 0 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.shares")" 512
}

@test "period and quota change each by itself" {
    needs_v1 cpu
    config '.linux.resources.cpu = {quota: 20000, period: 50000}'
    running
    ok update --cpu-quota 30000 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.cfs_period_us") $(cat "$(cgroup_dir cpu)/cpu.cfs_quota_us")" "50000 30000"
    ok update --cpu-period 100000 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.cfs_period_us") $(cat "$(cgroup_dir cpu)/cpu.cfs_quota_us")" "100000 30000"
}

# bats test_tags=vm:v2
@test "period and quota change each by itself on cgroup v2" {
    needs_v2 cpu
    config '.linux.resources = {cpu: {quota: 20000, period: 50000}}'
    running
    ok update --cpu-quota 30000 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.max")" "30000 50000"
    ok update --cpu-period 100000 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.max")" "30000 100000"
}

@test "memory and swap grow and shrink together" {
    needs_v1 memory
    running
    for size in 200 60 300 60 200; do
        ok update --memory "${size}m" --memory-swap "${size}m" "$ID"
        equal "$(cat "$(cgroup_dir memory)/memory.limit_in_bytes")" $((size << 20))
        equal "$(cat "$(cgroup_dir memory)/memory.memsw.limit_in_bytes")" $((size << 20))
    done
}

@test "memory without limit makes swap unlimited too" {
    needs_v1 memory
    config '.linux.resources.memory = {limit: 67108864, swap: 67108864}'
    running
    ok update --memory -1 "$ID"
    equal "$(cat "$(cgroup_dir memory)/memory.limit_in_bytes")" "$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes)"
    equal "$(cat "$(cgroup_dir memory)/memory.memsw.limit_in_bytes")" "$(cat /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes)"
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "burst and quota shrink together" {
    needs_v1 cpu
    running
    ok update --cpu-quota 40000 --cpu-burst 30000 "$ID"
    ok update --cpu-quota 10000 --cpu-burst 5000 "$ID"
    equal "$(cat "$(cgroup_dir cpu)/cpu.cfs_quota_us") $(cat "$(cgroup_dir cpu)/cpu.cfs_burst_us")" "10000 5000"
}

# bats test_tags=vm:v1
@test "what an update does not name stays" {
    needs_v1 memory
    config '.linux.resources += {memory: {limit: 104857600, reservation: 52428800}, cpu: {shares: 300, quota: 50000}, pids: {limit: 50}}'
    running
    all_values | grep -v pids.max >"$T/before"
    ok update --pids-limit 60 "$ID"
    equal "$(cat "$(cgroup_dir pids)/pids.max")" 60
    diff "$T/before" <(all_values | grep -v pids.max)
}

@test "values that stand for unset change nothing" {
    running
    all_values >"$T/before"
    ok_update '{"memory":{"limit":0,"reservation":0,"swap":0},"cpu":{"shares":0,"quota":0,"period":0,"cpus":"","mems":""},"blockIO":{"weight":0}}'
    diff "$T/before" <(all_values)
}

@test "an empty update changes nothing" {
    running
    all_values >"$T/before"
    ok_update '{}'
    ok update "$ID"
    diff "$T/before" <(all_values)
}

@test "with --resources all other options are ignored" {
    needs_v1 memory
    running
    echo '{"pids":{"limit":33}}' >"$T/resources"
    ok update --resources "$T/resources" --memory 64m "$ID"
    equal "$(cat "$(cgroup_dir pids)/pids.max")" 33
    equal "$(cat "$(cgroup_dir memory)/memory.limit_in_bytes")" "$(cat /sys/fs/cgroup/memory/memory.limit_in_bytes)"
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "an update goes on from the one before it" {
    needs_v1 memory
    running
    ok update --memory 64m --memory-swap 128m "$ID"
    fails update --memory 256m "$ID"
    says "134217728"
    ok update --memory 100m "$ID"
    equal "$(jq -c .memory "$ROOT/$ID/resources.json")" '{"limit":104857600,"swap":134217728}'
}

@test "a created and a paused container can be updated" {
    needs_v1 freezer
    create
    ok update --pids-limit 44 "$ID"
    equal "$(cat "$(cgroup_dir pids)/pids.max")" 44
    ok pause "$ID"
    ok update --pids-limit 45 "$ID"
    equal "$(cat "$(cgroup_dir pids)/pids.max")" 45
    equal "$(status_of)" paused
}

@test "update of a stopped container says that it is not running" {
    create
    ok start "$ID"
    wait_for_status stopped
    fails update --pids-limit 10 "$ID"
    says "container not running"
}

@test "update of an unknown id says that it does not exist" {
    fails update --pids-limit 10 "$ID"
    says "container does not exist"
}

@test "a limit of pids that was updated refuses the fork" {
    needs_v1 pids
    program 'while [ ! -e /go ]; do :; done; (true) && echo forked >/result || echo refused >/result'
    create
    ok start "$ID"
    ok update --pids-limit 1 "$ID"
    touch "$B/rootfs/go"
    wait_until eval '[ ! -e "$B/rootfs/result" ] && [ "$(status_of)" = stopped ] || grep -q refused "$B/rootfs/result"'
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "device rules change, and devices that stay are never out of reach" {
    needs_v1 devices
    config '.linux.resources.devices = [{allow: false, access: "rwm"}, {allow: true, type: "c", major: 1, minor: 11, access: "rw"}]'
    running
    sort "$(cgroup_dir devices)/devices.list" >"$T/before"
    grep -qx 'c 1:11 rw' "$T/before" || fail "the rule of create is missing"
    ok_update '{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"rwm"}]}'
    sort "$(cgroup_dir devices)/devices.list" >"$T/after"
    equal "$(comm -23 "$T/before" "$T/after")" "c 1:11 rw"
    equal "$(comm -13 "$T/before" "$T/after")" "c 10:229 rwm"
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "a device that is allowed by an update can be opened, and no more when it is taken away" {
    needs_v1 devices
    (: </dev/fuse) 2>/dev/null || skip "the host has no /dev/fuse to open"
    config '.linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229}]'
    program 'while :; do if (exec 3</dev/fuse) 2>/dev/null; then echo yes >/opens; else echo no >/opens; fi; sleep 0.02; done'
    create
    ok start "$ID"
    opens() { [ "$(cat "$B/rootfs/opens" 2>/dev/null)" = "$1" ]; }
    wait_until opens no
    ok_update '{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"r"}]}'
    wait_until opens yes
    ok_update '{"devices":[{"allow":false,"access":"rwm"}]}'
    wait_until opens no
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "device rules change on cgroup v2, and stay as they were when the update is refused" {
    needs_v2
    (: </dev/fuse) 2>/dev/null || skip "the host has no /dev/fuse to open"
    config '.linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229}]'
    program 'while :; do if (exec 3</dev/fuse) 2>/dev/null; then echo yes >/opens; else echo no >/opens; fi; sleep 0.02; done'
    create
    ok start "$ID"
    opens() { rm "$B/rootfs/opens" && wait_until test -s "$B/rootfs/opens" && [ "$(cat "$B/rootfs/opens")" = "$1" ]; }
    wait_until opens no
    allow='"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":10,"minor":229,"access":"r"}]'
    refused_update "{$allow,\"memory\":{\"limit\":67108864},\"unified\":{\"memory.max\":\"x\",\"nosuch.file\":\"1\"}}"
    opens no
    ok_update "{$allow}"
    wait_until opens yes
    ok_update '{"devices":[{"allow":false,"access":"rwm"}]}'
    wait_until opens no
}

# The container of $B lives on, and the kernel's count of losses in the file stays at 0.
survives_100_updates() {
    local pid round counts
    holding_50_mebibytes
    pid=$(pid_of)
    for round in {1..50}; do
        ok update --memory 60m --memory-swap 60m "$ID"
        ok update --memory 200m --memory-swap 200m "$ID"
    done
    counts=$(cgroup_dir memory)/$1
    grep -qx 'oom_kill 0' "$counts" || fail "$(cat "$counts")"
    equal "$(pid_of)" "$pid"
}

@test "a container that holds 50 MiB survives 100 updates between 60 and 200 MiB" {
    needs_v1 memory
    config '.linux.resources.memory = {limit: 209715200, swap: 209715200}'
    survives_100_updates memory.oom_control
}

@test "a container that holds 50 MiB survives 100 updates between 60 and 200 MiB on cgroup v2" {
    needs_v2 memory
    config '.linux.resources = {memory: {limit: 209715200, swap: 209715200}}'
    survives_100_updates memory.events
}

# ---- refused --------------------------------------------------------------------------------------------------------

# bats test_tags=row:L14
@test "with checkBeforeUpdate a limit below what is used is refused and changes nothing" {
    needs_v1 memory
    holding_50_mebibytes
    ok update --memory 100m --memory-swap 100m "$ID"
    all_values >"$T/before"
    refused_update '{"memory":{"limit":20971520,"checkBeforeUpdate":true}}'
    diff "$T/before" <(all_values)
    equal "$(status_of)" running
}

# bats test_tags=row:L14
@test "with checkBeforeUpdate a limit below what is used is refused on cgroup v2" {
    needs_v2 memory
    config '.linux.resources = {}'
    holding_50_mebibytes
    ok update --memory 100m "$ID"
    all_values >"$T/before"
    refused_update '{"memory":{"limit":20971520,"checkBeforeUpdate":true}}'
    diff "$T/before" <(all_values)
    equal "$(status_of)" running
}

# bats test_tags=runc-breaks, runc-breaks:L14
@test "checkBeforeUpdate tells what is used and what was asked for" {
    needs_v1 memory
    holding_50_mebibytes
    refused_update '{"memory":{"limit":20971520,"checkBeforeUpdate":true}}'
    matches "$stderr" 'memory\.limit: must be at least the [0-9]{8} bytes in use \(checkBeforeUpdate\), is 20971520'
}

# bats test_tags=runc-breaks, runc-breaks:L14
@test "checkBeforeUpdate of config.json counts for every update" {
    needs_v1 memory
    config '.linux.resources.memory = {checkBeforeUpdate: true}'
    holding_50_mebibytes
    fails update --memory 20m "$ID"
    says "checkBeforeUpdate"
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "an update that is refused at its last value leaves every file as it was" {
    needs_v1 cpuset
    config '.linux.resources += {memory: {limit: 104857600, swap: 104857600}, cpu: {shares: 300, quota: 50000, burst: 10000}, pids: {limit: 50}}'
    running
    all_values >"$T/before"
    refused_update '{"memory":{"limit":209715200,"swap":209715200,"reservation":1048576},"pids":{"limit":99},
        "devices":[{"allow":true,"access":"rwm"}],
        "cpu":{"shares":700,"quota":20000,"burst":5000,"period":50000,"idle":1,"cpus":"0","mems":"99"}}'
    says "cpu.mems"
    diff "$T/before" <(all_values)
    [ ! -e "$ROOT/$ID/resources.json" ] || fail "the refused limits were kept"
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "an update that is refused at any of its values leaves every file as it was" {
    needs_v1 cpuset
    holding_50_mebibytes
    ok update --memory 100m --memory-swap 100m --cpu-quota 50000 --cpu-burst 10000 --cpuset-cpus 0 --pids-limit 50 "$ID"
    all_values >"$T/before"
    while read -r refused word; do
        refused_update "$(jq -c ". * $refused" <<<'{"memory":{"limit":209715200,"swap":209715200,"reservation":1048576},"pids":{"limit":99},
            "cpu":{"shares":700,"quota":20000,"burst":5000,"cpus":"0-1"}}')"
        contains "$stderr" "$word"
        diff "$T/before" <(all_values) || fail "after $refused"
    done <<'END'
{"memory":{"limit":1048576,"swap":1048576}} memory
{"cpu":{"burst":90000,"quota":null}} burst
{"cpu":{"cpus":"77"}} cpus
{"cpu":{"mems":"77"}} mems
END
    equal "$(status_of)" running
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "an update with an unknown file of cgroup v2 leaves every file as it was" {
    needs_v2 hugetlb
    config '.linux.resources = {unified: {"hugetlb.2MB.max": "4194304"}}'
    running
    all_values >"$T/before"
    refused_update '{"unified":{"hugetlb.2MB.max":"8388608","hugetlb.nosuch":"1"}}'
    says "hugetlb.nosuch"
    diff "$T/before" <(all_values)
    ok_update '{"unified":{"hugetlb.2MB.max":"8388608"}}'
    equal "$(cat "$(cgroup_dir hugetlb)/hugetlb.2MB.max")" 8388608
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "a refused file tells line and column" {
    running
    printf '{\n  "pids": { "limit": -5 }\n}' >"$T/resources"
    fails update --resources "$T/resources" "$ID"
    says "$T/resources:2:22: pids.limit: must be at least 0, or -1 for no limit, is -5"
}

@test "what is no JSON, or of the wrong kind, is refused and changes nothing" {
    running
    all_values >"$T/before"
    for text in '' '{' '[]x' '{"memory":{"limit":"64m"}}' '{"memory":{"limit":99999999999999999999}}' '{"memory":7}' '{"pids":{"limit":1.5}}'; do
        refused_update "$text"
    done
    diff "$T/before" <(all_values)
}

@test "a file of limits that is not there is refused" {
    running
    fails update --resources "$T/nosuch" "$ID"
    says "no such file or directory"
}

@test "sizes that are none are refused" {
    running
    for size in abc 5x -2 1.2.3k 99999999999g 9223372036854775808; do
        fails update --memory "$size" "$ID"
    done
}

@test "the cache of a container without a group of resctrl cannot be changed" {
    running
    fails update --l3-cache-schema L3:0=f "$ID"
    says "Intel RDT/CAT: l3 cache schema is not enabled"
    fails update --mem-bw-schema MB:0=20 "$ID"
    says "Intel RDT/MBA: memory bandwidth schema is not enabled"
}

@test "limits of kernel memory are ignored with a warning" {
    running
    ok update --kernel-memory 1g "$ID"
    says "Kernel memory settings are ignored"
}
