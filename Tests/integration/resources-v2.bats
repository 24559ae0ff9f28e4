# linux.resources on version 2: each property read back from the kernel's file. Most of it needs a host with version 2 alone, see Tests/vm;
# a hybrid host has the controllers there that version 1 leaves.

load helpers
load resources

setup() {
    prepare
    config '.linux.resources = {}'
}

# bats test_tags=vm:v2
@test "v2: memory limit, reservation and swap are written" {
    needs_v2 memory
    config '.linux.resources.memory = {"limit": 33554432, "reservation": 16777216, "swap": 67108864}'
    create
    equal "$(limit memory memory.max)" 33554432
    equal "$(limit memory memory.low)" 16777216
    # Without swap accounting there is no such file, and create would have been refused.
    equal "$(limit memory memory.swap.max)" 33554432
}

@test "v2: memory and swap of -1 are no limit" {
    needs_v2 memory
    config '.linux.resources.memory = {"limit": -1, "swap": -1}'
    create
    equal "$(limit memory memory.max) $(limit memory memory.swap.max)" "max max"
}

@test "v2: the memory limit kills" {
    needs_v2 memory
    config '.linux.resources.memory = {"limit": 16777216, "swap": 16777216}'
    inside 'dd if=/dev/zero of=/dev/shm/big bs=1M count=4 2>/dev/null && echo four; dd if=/dev/zero of=/dev/shm/big bs=1M count=40 2>&1'
    [ "$status" -ne 0 ]
    equal "$stdout" four
}

# runc drops both without a word.
# bats test_tags=runc-breaks, runc-breaks:kernel
@test "v2: limits of kernel memory are left out with warnings" {
    needs_v2 memory
    config '.linux.resources.memory = {"kernel": 1048576, "kernelTCP": 1048576}'
    create
    says "linux.resources.memory.kernel is without effect"
    says "linux.resources.memory.kernelTCP is without effect"
}

@test "v2: quota and period are written as one line" {
    needs_v2 cpu
    config '.linux.resources.cpu = {"quota": 20000, "period": 50000}'
    create
    equal "$(limit cpu cpu.max)" "20000 50000"
}

# runc 1.1 has a straight line: 20.
# bats test_tags=runc-breaks, runc-breaks:shares, vm:v2
@test "v2: shares become a weight through minimum, default and maximum" {
    needs_v2 cpu
    local pair
    for pair in 2:1 512:59 1024:100 262144:10000; do
        config --argjson shares "${pair%:*}" '.linux.resources.cpu = {shares: $shares}'
        create
        equal "$(limit cpu cpu.weight)" "${pair#*:}"
        ok delete "$ID"
    done
}

# runc 1.1 does not know the setting.
# bats test_tags=runc-breaks, runc-breaks:L15, row:L15
@test "v2: a burst is written" {
    needs_v2 cpu
    has_in_cgroup cpu.max.burst || skip "the kernel has no bursts (before 5.14)"
    config '.linux.resources.cpu = {"quota": 20000, "burst": 15000}'
    create
    equal "$(limit cpu cpu.max.burst)" 15000
}

# runc 1.1 does not know the setting.
# bats test_tags=runc-breaks, runc-breaks:idle
@test "v2: idleness is written" {
    needs_v2 cpu
    has_in_cgroup cpu.idle || skip "the kernel has no idle cgroups (before 5.15)"
    config '.linux.resources.cpu = {"idle": 1, "shares": 512}'
    create
    equal "$(limit cpu cpu.idle)" 1
}

@test "v2: a quota of half a period is half a CPU" {
    needs_v2 cpu
    half_a_cpu
}

@test "v2: cpus and memory nodes are written" {
    needs_v2 cpuset
    config '.linux.resources.cpu = {"cpus": "0", "mems": "0"}'
    create
    equal "$(limit cpuset cpuset.cpus) $(limit cpuset cpuset.mems)" "0 0"
    ok delete "$ID"
    inside_ok 'grep Cpus_allowed_list /proc/self/status | cut -f 2'
    equal "$stdout" 0
}

# bats test_tags=vm:v2
@test "v2: the limit of processes is written and refuses the fork" {
    needs_v2 pids
    config '.linux.resources.pids = {"limit": 3}'
    create
    equal "$(limit pids pids.max)" 3
    ok delete "$ID"
    refuses_the_fork
}

# runc lifts the limit.
# bats test_tags=runc-breaks, runc-breaks:L17, row:L17
@test "v2: a limit of 0 processes is a limit" {
    needs_v2 pids
    config '.linux.resources.pids = {"limit": 0}'
    create
    # systemd knows no 0: one task is what it comes to.
    [ "${CGROUP_DRIVER:-}" = systemd ] || equal "$(limit pids pids.max)" 0
    ok delete "$ID"
    inside '(true); echo forked'
    equal "$ran" yes
    lacks "$stdout" forked
}

@test "v2: a limit of -1 processes is no limit" {
    needs_v2 pids
    config '.linux.resources.pids = {"limit": -1}'
    create
    equal "$(limit pids pids.max)" max
}

# ---- block I/O ------------------------------------------------------------------------------------------------------

@test "v2: a weight of block I/O is written, to BFQ or stretched to the cost model" {
    needs_v2 io
    has_in_cgroup io.bfq.weight || has_in_cgroup io.weight || skip "the kernel has no weights of block I/O"
    config '.linux.resources.blockIO = {"weight": 500}'
    create
    if [ -e "$(cgroup_dir io)/io.bfq.weight" ]; then
        equal "$(limit io io.bfq.weight)" "default 500"
    else
        equal "$(limit io io.weight)" "default 4950"
    fi
}

@test "v2: a weight of a device is written" {
    needs_v2 io
    disk_with_bfq
    has_in_cgroup io.bfq.weight || skip "the kernel does not offer io.bfq.weight"
    config --argjson major "${disk%:*}" --argjson minor "${disk#*:}" \
        '.linux.resources.blockIO = {"weightDevice": [{"major": $major, "minor": $minor, "weight": 321}]}'
    create
    contains "$(limit io io.bfq.weight)" "$disk 321"
}

# bats test_tags=vm:v2
@test "v2: rates of a block device are written" {
    needs_v2 io
    with_rates
    equal "$(limit io io.max)" "$disk rbps=1048576 wbps=2097152 riops=100 wiops=200"
}

# The kernel takes no 0 here; on version 1 it takes the limit away.
# bats test_tags=runc-breaks
@test "v2: a rate of 0 is no limit" {
    needs_v2 io
    a_disk
    config --argjson major "${disk%:*}" --argjson minor "${disk#*:}" '.linux.resources.blockIO = {
        "throttleReadBpsDevice": [{"major": $major, "minor": $minor, "rate": 0}],
        "throttleWriteIOPSDevice": [{"major": $major, "minor": $minor, "rate": 200}]}'
    create
    equal "$(limit io io.max)" "$disk rbps=max wbps=max riops=max wiops=200"
}

# bats test_tags=row:R23, runc-breaks
@test "v2: a rate of a block device that is not there is refused" {
    needs_v2 io
    config '.linux.resources.blockIO.throttleReadBpsDevice = [{"major": 4095, "minor": 1048575, "rate": 1}]'
    create_refused
    says "linux.resources.blockIO.throttleReadBpsDevice[0]: "
    says "the host has no block device 4095:1048575"
}

# ---- huge pages, RDMA, files by their names -------------------------------------------------------------------------

# runc 1.1 limits what is used, not what is reserved.
# bats test_tags=runc-breaks, runc-breaks:reservation
@test "v2: a limit of huge pages is one of reservations too" {
    needs_v2 hugetlb
    has_huge_pages max
}

# bats test_tags=row:R23, runc-breaks
@test "v2: a size of huge pages that the kernel does not have is refused with the sizes it has" {
    needs_v2 hugetlb
    config '.linux.resources.hugepageLimits = [{"pageSize": "3MB", "limit": 0}]'
    create_refused
    says "linux.resources.hugepageLimits[0]: "
    says "there are huge pages of $(huge_page_sizes)"
}

@test "v2: limits of RDMA are written" {
    needs_v2 rdma
    an_rdma_device
    config --arg device "$rdma" '.linux.resources.rdma[$device] = {"hcaHandles": 3, "hcaObjects": 1000}'
    create
    contains "$(limit rdma rdma.max)" "$rdma hca_handle=3 hca_object=1000"
}

# bats test_tags=row:R23, runc-breaks
@test "v2: limits of an RDMA device that is not there are refused" {
    needs_v2 rdma
    config '.linux.resources.rdma.nosuch9 = {"hcaHandles": 3}'
    create_refused
    says "linux.resources.rdma.nosuch9: "
    says "the host has no RDMA device of this name"
}

# bats test_tags=row:L19
@test "v2: files are written by their names, behind what other properties say" {
    needs_v2 memory
    config '.linux.resources = {"memory": {"limit": 33554432}, "unified": {"memory.max": "50331648", "memory.high": "16777216"}}'
    create
    equal "$(limit memory memory.max) $(limit memory memory.high)" "50331648 16777216"
}

# Debian's runc writes the text as a whole, of which the kernel takes the first line.
# bats test_tags=row:L19, runc-breaks, runc-breaks:L19
@test "v2: each line of a file is written by itself" {
    needs_v2 io
    a_disk
    config --arg lines "$disk rbps=1048576"$'\n'"$disk wiops=120" '.linux.resources.unified = {"io.max": $lines}'
    create
    equal "$(limit io io.max)" "$disk rbps=1048576 wbps=max riops=max wiops=120"
}

# bats test_tags=row:L19, runc-breaks
@test "v2: a file that moves processes is refused" {
    needs_v2
    config '.linux.resources.unified = {"cgroup.procs": "0"}'
    create_refused
    says 'linux.resources.unified["cgroup.procs"]: must be absent'
}

# bats test_tags=row:L19, runc-breaks
@test "v2: a file of a controller that the host lacks is refused with that reason" {
    needs_v2
    config '.linux.resources.unified = {"nosuch.max": "1"}'
    create_refused
    says 'linux.resources.unified["nosuch.max"]: '
    says "cgroup2 on this host does not have the controller nosuch"
}

# ---- what version 2 does not have -----------------------------------------------------------------------------------

# runc drops most of them without a word.
# bats test_tags=row:L20, runc-breaks, runc-breaks:L20
@test "v2: settings of version 1 alone are refused with their place" {
    needs_v2
    local pointer resources
    while read -r pointer resources; do
        config --argjson resources "$resources" '.linux.resources = $resources'
        create_refused
        says "linux.resources.$pointer: must be absent"
    done <<'END'
memory.swappiness {"memory": {"swappiness": 60}}
memory.disableOOMKiller {"memory": {"disableOOMKiller": true}}
cpu.realtimeRuntime {"cpu": {"realtimeRuntime": 1000}}
cpu.realtimePeriod {"cpu": {"realtimePeriod": 1000}}
blockIO.leafWeight {"blockIO": {"leafWeight": 10}}
blockIO.weightDevice[0].leafWeight {"blockIO": {"weightDevice": [{"major": 8, "minor": 0, "leafWeight": 10}]}}
network.classID {"network": {"classID": 1}}
network.priorities {"network": {"priorities": [{"name": "lo", "priority": 1}]}}
END
}

# What engines send for "unset".
@test "v2: zeros and empty lists of all sections limit nothing" {
    needs_v2
    config '.linux.resources = {"memory": {"limit": 0, "reservation": 0, "swap": 0, "kernel": 0, "kernelTCP": 0, "disableOOMKiller": false},
        "cpu": {"shares": 0, "quota": 0, "period": 0, "realtimeRuntime": 0, "realtimePeriod": 0, "cpus": "", "mems": ""},
        "blockIO": {"weight": 0, "leafWeight": 0, "weightDevice": [], "throttleReadBpsDevice": []},
        "hugepageLimits": [], "network": {"classID": 0, "priorities": []}, "rdma": {}, "unified": {}}'
    create
    equal "$(status_of)" created
}
