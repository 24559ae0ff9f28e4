# Cgroups: where a container is, its limits as the kernel shows them, and that they go with it.
# Limits are read back from version 1 hierarchies; on a host without them these tests are skipped.

load helpers

# The value of a file of the container's cgroup: controller, file.
limit() {
    cat "$(cgroup_dir "$1")/$2"
}

# Runs the rest of the line from a cgroup of its own below all hierarchies, so that relative paths start there.
from_cgroup() {
    local own=$1 dir
    shift
    for dir in /sys/fs/cgroup/*/; do
        [ -e "$dir/cgroup.procs" ] || continue
        [ "${dir%/}" = /sys/fs/cgroup/cpuset ] && continue
        mkdir -p "$dir$own"
    done
    (
        for dir in /sys/fs/cgroup/*/"$own"; do echo "$BASHPID" >"$dir/cgroup.procs"; done
        exec timeout -k 2 20 "$@" 3>&-
    )
}

leave_cgroup() {
    find /sys/fs/cgroup/*/"$1" -depth -type d -exec rmdir {} + || fail "something is left in $1"
}

# bats test_tags=row:L11, vm
@test "the container is in its cgroup of every hierarchy" {
    create
    local line controllers path
    while IFS=: read -r _ controllers path; do
        # A version 1 hierarchy of it is rare, and runc 1.1 leaves it alone.
        [ "$controllers" != misc ] || continue
        [ "$path" = "$CGROUP" ] || [[ $path == / && -z $controllers && ! -d /sys/fs/cgroup/unified ]] || fail "in ${controllers:-unified} the container is at $path"
    done <"/proc/$(pid_of)/cgroup"
}

@test "the children of the program are in the cgroup" {
    program 'sleep 100 & echo up >/up; wait'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    equal "$(wc -l <"$(cgroup_dir pids)/cgroup.procs")" 2
}

# bats test_tags=row:R15, vm
@test "delete removes the cgroup from every hierarchy" {
    create
    [ -n "$(cgroups_left)" ]
    ok delete --force "$ID"
    equal "$(cgroups_left)" ""
}

# bats test_tags=vm
@test "delete removes cgroups that the program made below its own" {
    create
    mkdir -p "$(cgroup_dir memory)/inner/most" "$(cgroup_dir pids)/inner"
    ok delete "$ID"
    equal "$(cgroups_left)" ""
}

@test "the memory limit is written" {
    needs_v1 memory
    config '.linux.resources.memory = {"limit": 33554432}'
    create
    equal "$(limit memory memory.limit_in_bytes)" 33554432
}

@test "memory reservation, swap and swappiness are written" {
    needs_v1 memory
    [ -e /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes ] || skip "the kernel has no swap accounting"
    config '.linux.resources.memory = {"limit": 33554432, "reservation": 16777216, "swap": 67108864, "swappiness": 10}'
    create
    equal "$(limit memory memory.limit_in_bytes)" 33554432
    equal "$(limit memory memory.soft_limit_in_bytes)" 16777216
    equal "$(limit memory memory.memsw.limit_in_bytes)" 67108864
    equal "$(limit memory memory.swappiness)" 10
}

# bats test_tags=vm
@test "the memory limit holds" {
    needs_controller memory
    config '.linux.resources.memory = {"limit": 16777216, "swap": 16777216}'
    inside 'dd if=/dev/zero of=/dev/shm/big bs=1M count=4 2>/dev/null && echo four; dd if=/dev/zero of=/dev/shm/big bs=1M count=40 2>&1'
    [ "$status" -ne 0 ]
    equal "$stdout" four
}

# The spec says nothing on how small; what the runtime itself needs must not count against the container.
# bats test_tags=runc-breaks, runc-breaks:footprint
@test "a container with a memory limit of 1 MiB runs" {
    needs_controller memory
    config '.linux.resources.memory = {"limit": 1048576} | .process.args = ["/bin/true"]'
    ok run --bundle "$B" "$ID"
    config '.process.args = ["/bin/echo", "fits"]'
    ok run --bundle "$B" "$ID"
    equal "$stdout" fits
}

@test "cpu shares, quota and period are written" {
    needs_v1 cpu
    config '.linux.resources.cpu = {"shares": 512, "quota": 20000, "period": 50000}'
    create
    equal "$(limit cpu cpu.shares)" 512
    equal "$(limit cpu cpu.cfs_quota_us)" 20000
    equal "$(limit cpu cpu.cfs_period_us)" 50000
}

# bats test_tags=vm
@test "cpus and memory nodes are written" {
    needs_controller cpuset
    config '.linux.resources.cpu = {"cpus": "0", "mems": "0"}'
    create
    equal "$(limit cpuset cpuset.cpus)" 0
    equal "$(limit cpuset cpuset.mems)" 0
    ok delete "$ID"
    inside_ok 'grep Cpus_allowed_list /proc/self/status | cut -f 2'
    equal "$stdout" 0
}

@test "without cpus and memory nodes the container has its parent's" {
    needs_v1 cpuset
    create
    equal "$(limit cpuset cpuset.cpus)" "$(cat /sys/fs/cgroup/cpuset/cpuset.cpus)"
    equal "$(limit cpuset cpuset.mems)" "$(cat /sys/fs/cgroup/cpuset/cpuset.mems)"
}

@test "the limit of processes is written and holds" {
    needs_controller pids
    config '.linux.resources.pids = {"limit": 12}'
    create
    equal "$(limit pids pids.max)" 12
    ok delete "$ID"
    inside 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 5 & done 2>/dev/null; cat /sys/x 2>/dev/null; true'
    [ "$status" -ne 0 ] || contains "$(cat "$err")" "fork"
}

@test "a limit of -1 processes is no limit" {
    needs_controller pids
    config '.linux.resources.pids = {"limit": -1}'
    create
    equal "$(limit pids pids.max)" max
}

# bats test_tags=row:R23
@test "a limit that the kernel refuses makes create fail and leaves nothing" {
    needs_v1 cpu
    config '.linux.resources.cpu = {"period": 1, "quota": 5}'
    create_refused
    config '.linux.resources.cpu = {"cpus": "900"}'
    create_refused
}

@test "devices are refused but for the default ones and the allowed ones" {
    needs_v1 devices
    config '.linux.resources.devices = [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 10, "minor": 200, "access": "rwm"}]'
    create
    local list
    list=$(limit devices devices.list)
    ok delete "$ID"
    contains "$list" "c 1:3 rwm"
    contains "$list" "c 1:5 rwm"
    contains "$list" "c 10:200 rwm"
    lacks "$list" "a *:* rwm"
    lacks "$list" "c 1:1 "
}

@test "a device that is not allowed cannot be opened, an allowed one can" {
    needs_v1 devices
    # The kernel's log device (1:11) and memory: root inside may open them but for the cgroup.
    config '.linux.devices = [{"path": "/dev/log-device", "type": "c", "major": 1, "minor": 11, "fileMode": 438}]'
    inside 'head -c 0 /dev/log-device'
    [ "$status" -ne 0 ] || fail "a device that is not allowed was opened"
    matches "$(cat "$err")" 'not permitted|denied'
    config '.linux.resources.devices += [{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "rw"}]'
    create
    contains "$(limit devices devices.list)" "c 1:11 rw"
}

# bats test_tags=row:L13
@test "rules for devices count in their order" {
    needs_v1 devices
    config '.linux.resources.devices = [{"allow": false, "access": "rwm"}, {"allow": true, "type": "c", "major": 10, "minor": 229, "access": "rwm"}, {"allow": false, "type": "c", "major": 10, "minor": 229, "access": "w"}]'
    create
    contains "$(limit devices devices.list)" "c 10:229 rm"
}

# bats test_tags=vm
@test "a container without a device rule may use the default devices" {
    config 'del(.linux.resources)'
    inside_ok 'echo x >/dev/null; head -c 1 /dev/zero | wc -c'
    equal "$stdout" 1
}

# ---- paths ----------------------------------------------------------------------------------------------------------

@test "a relative path starts at the caller's cgroup" {
    needs_cgroupfs
    needs_v1 pids
    config '.linux.cgroupsPath = "inner/relative" | .process.args = ["cat", "/proc/self/cgroup"]'
    from_cgroup "$CGROUP-caller" "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" >"$T/out" 2>"$T/err" </dev/null
    local seen
    seen=$(cat "$T/out")
    rmdir /sys/fs/cgroup/*/"$CGROUP-caller"/inner /sys/fs/cgroup/cpuset/inner 2>/dev/null || true
    leave_cgroup "$CGROUP-caller" 2>/dev/null || true
    contains "$seen" ":pids:$CGROUP-caller/inner/relative"
    contains "$seen" ":memory:$CGROUP-caller/inner/relative"
}

@test "without a path the container has a cgroup named after its id" {
    needs_cgroupfs
    needs_v1 pids
    config 'del(.linux.cgroupsPath) | .process.args = ["cat", "/proc/self/cgroup"]'
    from_cgroup "$CGROUP-caller" "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" >"$T/out" 2>"$T/err" </dev/null
    local seen
    seen=$(cat "$T/out")
    leave_cgroup "$CGROUP-caller" 2>/dev/null || true
    matches "$(grep :pids: <<<"$seen")" "/$ID$"
    [ ! -d "/sys/fs/cgroup/pids/$ID" ]
}

# bats test_tags=row:L11
@test "dots in a path do not lead out of the hierarchy" {
    needs_cgroupfs
    needs_v1 pids
    config --arg path "../../../../..$CGROUP-dots" '.linux.cgroupsPath = $path | .process.args = ["cat", "/proc/self/cgroup"]'
    ok run --bundle "$B" "$ID"
    matches "$(grep :pids: <<<"$stdout")" "^[0-9]+:pids:(/.*)?$CGROUP-dots$"
    lacks "$stdout" ..
}

# runc before 1.2 only warns.
# bats test_tags=runc-breaks, runc-breaks:L10
@test "two containers with the same path: the second is refused while the first has processes" {
    needs_controller pids
    running
    make_bundle "$T/second"
    fails create --bundle "$T/second" "$ID-second"
    equal "$(status_of)" running
    rm -rf --one-file-system "$T/second"
}

# Creates $ID below a cgroup that is frozen, and again when it is thawed: folder, file, what freezes and what thaws.
refused_below_frozen() {
    local outer=$1 file=$2 frozen=$3 thawed=$4
    mkdir -p "$outer"
    echo "$frozen" >"$outer/$file"
    CALL_SECONDS=5
    rt create --bundle "$B" "$ID"
    echo "$thawed" >"$outer/$file"
    equal "$status" 1
    says "unexpectedly frozen"
    equal "$(ls -d "$outer"/*/ 2>/dev/null)" ""
    ok create --bundle "$B" "$ID"
    equal "$(status_of)" created
    ok delete "$ID"
    leave_cgroup "$CGROUP"
    nothing_left
}

# With runc init stands still and create hangs.
# bats test_tags=runc-breaks, runc-breaks:frozen, row:L10
@test "below a frozen cgroup of version 1 create is refused" {
    needs_cgroupfs
    needs_v1 freezer
    config --arg path "$CGROUP/outer/inner" '.linux.cgroupsPath = $path'
    mkdir -p "/sys/fs/cgroup/freezer$CGROUP"
    refused_below_frozen "/sys/fs/cgroup/freezer$CGROUP/outer" freezer.state FROZEN THAWED
}

# bats test_tags=runc-breaks, runc-breaks:frozen, row:L10
@test "below a frozen cgroup of version 2 create is refused" {
    needs_cgroupfs
    local unified=/sys/fs/cgroup/unified
    [ -d $unified ] || unified=/sys/fs/cgroup
    [ -e $unified/cgroup.procs ] && [ "$(stat -f -c %T $unified)" = cgroup2fs ] || skip "the host has no cgroup2"
    config --arg path "$CGROUP/outer/inner" '.linux.cgroupsPath = $path'
    mkdir -p "$unified$CGROUP"
    refused_below_frozen "$unified$CGROUP/outer" cgroup.freeze 1 0
}

@test "a cgroup that is there and empty may be used" {
    needs_cgroupfs
    needs_v1 pids
    mkdir -p "/sys/fs/cgroup/pids$CGROUP"
    create
    equal "$(status_of)" created
    ok delete "$ID"
    rmdir "/sys/fs/cgroup/pids$CGROUP" 2>/dev/null || true
}

# ---- rules ----------------------------------------------------------------------------------------------------------

# runc lifts the limit.
# bats test_tags=runc-breaks, runc-breaks:L17
@test "a limit of 0 processes is a limit" {
    needs_controller pids
    config '.linux.resources.pids = {limit: 0}'
    create
    equal "$(limit pids pids.max)" 0
    ok delete "$ID"
    inside '(true); echo forked'
    equal "$ran" yes
    lacks "$stdout" forked
}

# runc 1.1 does not know the setting.
# bats test_tags=runc-breaks, runc-breaks:L15
@test "a burst above the quota is refused" {
    config '.linux.resources.cpu = {quota: 10000, burst: 10001}'
    create_refused
    says "linux.resources.cpu.burst: must be at most linux.resources.cpu.quota (10000), is 10001"
}

# bats test_tags=runc-breaks, runc-breaks:L16
@test "a device of blockIO without a weight is refused" {
    config '.linux.resources.blockIO = {weightDevice: [{major: 8, minor: 0}]}'
    create_refused
    says "linux.resources.blockIO.weightDevice[0]: must have weight or leafWeight"
}

# runc asks the kernel for nothing, and fails where there is no rdma at all.
# bats test_tags=runc-breaks, runc-breaks:L18
@test "rdma without handles and objects is refused" {
    config '.linux.resources.rdma = {mlx5_1: {}}'
    create_refused
    says "linux.resources.rdma.mlx5_1: must have hcaHandles or hcaObjects"
}

# ---- version 2 alone ------------------------------------------------------------------------------------------------

# bats test_tags=row:L19
@test "files of the unified hierarchy are written by their names" {
    on_version_2
    config '.linux.resources = {unified: {"cgroup.max.depth": "7", "cgroup.max.descendants": "5"}}
        | .linux.namespaces += [{type: "cgroup"}]'
    add_mount /sys/fs/cgroup cgroup cgroup ro
    inside_ok 'cat /sys/fs/cgroup/cgroup.max.depth /sys/fs/cgroup/cgroup.max.descendants'
    equal "$stdout" 7$'\n'5
}

# bats test_tags=row:L19
@test "a controller is enabled for a file of the unified hierarchy" {
    grep -qw hugetlb /sys/fs/cgroup/cgroup.controllers /sys/fs/cgroup/unified/cgroup.controllers 2>/dev/null || skip "version 2 has no huge pages to limit here"
    config '.linux.resources = {unified: {"hugetlb.2MB.max": "4194304"}}'
    on_version_2
    config '.linux.namespaces += [{type: "cgroup"}]'
    add_mount /sys/fs/cgroup cgroup cgroup ro
    inside_ok 'cat /sys/fs/cgroup/hugetlb.2MB.max'
    equal "$stdout" 4194304
}

# bats test_tags=row:L19
@test "a file of the unified hierarchy that is not there makes create fail and leaves nothing" {
    on_version_2
    config '.linux.resources = {unified: {"nosuch.max": "1"}}'
    create_refused
    says nosuch.max
}

# bats test_tags=row:L19
@test "unified is refused where there is version 1" {
    needs_v1 pids
    config '.linux.resources.unified = {"memory.high": "1048576"}'
    create_refused
    says unified
}

# runc drops them without a word.
# bats test_tags=runc-breaks, runc-breaks:L20
@test "settings that only version 1 has are refused on version 2" {
    on_version_2
    local resources
    for resources in '{memory: {swappiness: 60}}' '{memory: {disableOOMKiller: true}}'; do
        config ".linux.resources = $resources"
        create_refused
        says "linux.resources."
    done
}
