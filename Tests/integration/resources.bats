# linux.resources where version 1 has the controllers: each property read back from the kernel's file, for what cgroups.bats leaves.
# Controllers that a machine lacks are skipped by name; the rest runs in the virtual machines.

load helpers
load resources

# bats test_tags=row:R23
@test "v1: tasks wait at the memory limit where the killer is disabled" {
    needs_v1 memory
    config '.linux.resources.memory = {"limit": 33554432, "disableOOMKiller": true}'
    create
    contains "$(limit memory memory.oom_control)" "oom_kill_disable 1"
}

# runc drops it.
# bats test_tags=runc-breaks, runc-breaks:kernelTCP
@test "v1: the limit of TCP buffers is written" {
    needs_v1 memory
    [ -e /sys/fs/cgroup/memory/memory.kmem.tcp.limit_in_bytes ] || skip "the kernel has no limit of TCP buffers"
    config '.linux.resources.memory = {"kernelTCP": 4194304}'
    create
    equal "$(limit memory memory.kmem.tcp.limit_in_bytes)" 4194304
}

# runc drops it without a word.
# bats test_tags=runc-breaks, runc-breaks:kernel
@test "v1: a limit of kernel memory is left out with a warning" {
    needs_v1 memory
    config '.linux.resources.memory = {"kernel": 1048576}'
    create
    says "linux.resources.memory.kernel is without effect"
}

# runc 1.1 does not know the setting.
# bats test_tags=runc-breaks, runc-breaks:L15, row:L15
@test "v1: a burst is written" {
    needs_v1 cpu
    [ -e /sys/fs/cgroup/cpu/cpu.cfs_burst_us ] || skip "the kernel has no bursts (before 5.14)"
    config '.linux.resources.cpu = {"quota": 20000, "burst": 15000}'
    create
    equal "$(limit cpu cpu.cfs_burst_us)" 15000
}

# runc 1.1 does not know the setting.
# bats test_tags=runc-breaks, runc-breaks:idle
@test "v1: idleness is written" {
    needs_v1 cpu
    [ -e /sys/fs/cgroup/cpu/cpu.idle ] || skip "the kernel has no idle cgroups (before 5.15)"
    config '.linux.resources.cpu = {"idle": 1}'
    create
    equal "$(limit cpu cpu.idle)" 1
}

@test "v1: real-time runtime and period are written" {
    needs_v1 cpu
    needs_cgroupfs
    local outer=/sys/fs/cgroup/cpu${CGROUP%/*}
    [ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ] || skip "the kernel has no real-time groups"
    # A new cgroup has none, and can give none on.
    mkdir -p "$outer"
    echo 20000 >"$outer/cpu.rt_runtime_us"
    config '.linux.resources.cpu = {"realtimeRuntime": 1000, "realtimePeriod": 500000}'
    create
    equal "$(limit cpu cpu.rt_runtime_us) $(limit cpu cpu.rt_period_us)" "1000 500000"
}

# bats test_tags=runc-breaks
@test "v1: more real-time runtime than the cgroup above has is refused with what that has" {
    needs_v1 cpu
    needs_cgroupfs
    [ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ] || skip "the kernel has no real-time groups"
    mkdir -p "/sys/fs/cgroup/cpu$CGROUP"
    config --arg path "$CGROUP/inner" '.linux.cgroupsPath = $path | .linux.resources.cpu = {"realtimeRuntime": 1000}'
    fails create --bundle "$B" "$ID"
    says "linux.resources.cpu.realtimeRuntime: "
    says "the cgroup above has 0 µs in 1000000 µs"
    rmdir "/sys/fs/cgroup/cpu$CGROUP"
    nothing_left
}

@test "v1: a quota of half a period is half a CPU" {
    needs_v1 cpu
    half_a_cpu
}

# bats test_tags=vm:v1
@test "v1: the limit of processes refuses the fork" {
    needs_v1 pids
    config '.linux.resources.pids = {"limit": 3}'
    refuses_the_fork
}

# ---- block I/O ------------------------------------------------------------------------------------------------------

@test "v1: a weight of block I/O is written, by BFQ where CFQ is gone" {
    needs_v1 blkio
    needs_file blkio blkio.bfq.weight blkio.weight
    config '.linux.resources.blockIO = {"weight": 321}'
    create
    equal "$(limit blkio "$found")" 321
}

@test "v1: a weight of a device is written, by BFQ where CFQ is gone" {
    needs_v1 blkio
    needs_file blkio blkio.bfq.weight_device blkio.weight_device
    disk_with_bfq
    config --argjson major "${disk%:*}" --argjson minor "${disk#*:}" \
        '.linux.resources.blockIO = {"weightDevice": [{"major": $major, "minor": $minor, "weight": 321}]}'
    create
    contains "$(limit blkio "$found")" "$disk 321"
}

# bats test_tags=row:R23, runc-breaks
@test "v1: a weight of a device whose scheduler keeps none is refused with its scheduler" {
    needs_v1 blkio
    needs_file blkio blkio.bfq.weight_device
    new_disk
    config --argjson major "${disk%:*}" --argjson minor "${disk#*:}" \
        '.linux.resources.blockIO = {"weightDevice": [{"major": $major, "minor": $minor, "weight": 321}]}'
    create_refused
    says "linux.resources.blockIO.weightDevice[0]: "
    says "the scheduler of $disk keeps no weights: $(cat "/sys/dev/block/$disk/queue/scheduler")"
}

# bats test_tags=vm:v1
@test "v1: rates of a block device are written" {
    needs_v1 blkio
    with_rates
    equal "$(limit blkio blkio.throttle.read_bps_device)" "$disk 1048576"
    equal "$(limit blkio blkio.throttle.write_bps_device)" "$disk 2097152"
    equal "$(limit blkio blkio.throttle.read_iops_device)" "$disk 100"
    equal "$(limit blkio blkio.throttle.write_iops_device)" "$disk 200"
}

# bats test_tags=row:R23, runc-breaks
@test "v1: a rate of a block device that is not there is refused" {
    needs_v1 blkio
    config '.linux.resources.blockIO.throttleReadBpsDevice = [{"major": 4095, "minor": 1048575, "rate": 1}]'
    create_refused
    says "linux.resources.blockIO.throttleReadBpsDevice[0]: "
    says "the host has no block device 4095:1048575"
}

# runc hands the kernel a number that means another device.
# bats test_tags=runc-breaks, runc-breaks:L16, row:L16
@test "a rate of a block device with a number that no device has is refused" {
    config '.linux.resources.blockIO.throttleReadBpsDevice = [{"major": 8, "minor": 1048576, "rate": 1}]'
    create_refused
    says "linux.resources.blockIO.throttleReadBpsDevice[0].minor: must be 0 to 1048575, is 1048576"
}

# ---- huge pages, network, RDMA --------------------------------------------------------------------------------------

@test "v1: a limit of huge pages is one of reservations too" {
    needs_v1 hugetlb
    has_huge_pages limit_in_bytes
}

# Version 1 lacks the controller, version 2 beside it has it. runc and crun look for it in version 1 alone.
# bats test_tags=runc-breaks, runc-breaks:hybrid
@test "hybrid: a limit of huge pages is written where version 2 has the controller" {
    ! is_v2 && ! has_v1 hugetlb || skip "version 1 has the controller, or there is no version 1"
    grep -qw hugetlb "$(unified_tree)/cgroup.controllers" || skip "the host has no limits of huge pages"
    has_huge_pages max
}

# bats test_tags=row:R23, runc-breaks
@test "a size of huge pages that the kernel does not have is refused with the sizes it has" {
    has_v1 hugetlb || grep -qws hugetlb "$(unified_tree)/cgroup.controllers" || skip "the host has no limits of huge pages"
    config '.linux.resources.hugepageLimits = [{"pageSize": "3MB", "limit": 0}]'
    create_refused
    says "linux.resources.hugepageLimits[0]: "
    says "there are huge pages of $(huge_page_sizes)"
}

# bats test_tags=vm:v1
@test "v1: the class of network packets is written" {
    needs_v1 net_cls
    config '.linux.resources.network = {"classID": 1048577}'
    create
    equal "$(limit net_cls net_cls.classid)" 1048577
}

@test "v1: priorities of network interfaces are written" {
    needs_v1 net_prio
    config '.linux.resources.network = {"priorities": [{"name": "lo", "priority": 7}]}'
    create
    contains "$(limit net_prio net_prio.ifpriomap)" "lo 7"
}

# bats test_tags=row:R23, runc-breaks
@test "v1: a priority of a network interface that is not there is refused" {
    needs_v1 net_prio
    config '.linux.resources.network = {"priorities": [{"name": "lo", "priority": 7}, {"name": "nosuch9", "priority": 1}]}'
    create_refused
    says "linux.resources.network.priorities[1]: "
    says "the runtime's network namespace has no interface of this name"
}

# bats test_tags=runc-breaks
@test "a class of network packets is refused where its controller is not mounted" {
    ! is_v2 && ! has_v1 net_cls || skip "the host has the controller, or no version 1"
    config '.linux.resources.network = {"classID": 1048577}'
    create_refused
    says "linux.resources.network.classID: needs the cgroup v1 controller net_cls, which is not mounted on this host"
}

@test "v1: limits of RDMA are written" {
    needs_v1 rdma
    an_rdma_device
    config --arg device "$rdma" '.linux.resources.rdma[$device] = {"hcaHandles": 3, "hcaObjects": 1000}'
    create
    contains "$(limit rdma rdma.max)" "$rdma hca_handle=3 hca_object=1000"
}

# bats test_tags=row:R23, runc-breaks
@test "v1: limits of an RDMA device that is not there are refused" {
    needs_v1 rdma
    config '.linux.resources.rdma.nosuch9 = {"hcaHandles": 3}'
    create_refused
    says "linux.resources.rdma.nosuch9: "
    says "the host has no RDMA device of this name"
}

# What engines send for "unset".
@test "zeros and empty lists of all sections limit nothing" {
    config '.linux.resources += {"memory": {"limit": 0, "reservation": 0, "swap": 0, "kernel": 0, "kernelTCP": 0, "disableOOMKiller": false},
        "cpu": {"shares": 0, "quota": 0, "period": 0, "realtimeRuntime": 0, "realtimePeriod": 0, "cpus": "", "mems": ""},
        "blockIO": {"weight": 0, "weightDevice": [], "throttleReadBpsDevice": []},
        "hugepageLimits": [], "network": {"classID": 0, "priorities": []}, "rdma": {}, "unified": {}}'
    create
    equal "$(status_of)" created
}
