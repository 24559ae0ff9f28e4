# How the kernel treats the program: scheduler, I/O priority, memory policy, execution domain. All are read back inside, from the kernel.

load helpers

# ---- scheduler ------------------------------------------------------------------------------------------------------

# bats test_tags=row:C20, runc-breaks, runc-breaks:C20
@test "the scheduler is the configured one: SCHED_BATCH with a nice value" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_BATCH", "nice": 7}'
    matches "$(attribute scheduler)" "^scheduler policy 3 nice 7 priority 0 flags 0 "
}

# bats test_tags=row:C20, runc-breaks, runc-breaks:C20
@test "what the scheduler leaves out is 0, whatever the caller has" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_OTHER"}'
    runtime_through nice -n 5
    matches "$(attribute scheduler)" "^scheduler policy 0 nice 0 priority 0 flags 0 "
}

@test "without a scheduler the caller's is inherited" {
    attributes
    runtime_through nice -n 5 chrt --batch 0
    matches "$(attribute scheduler)" "^scheduler policy 3 nice 5 priority 0 flags 0 "
}

# bats test_tags=runc-breaks
@test "the scheduler can be SCHED_IDLE" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_IDLE"}'
    matches "$(attribute scheduler)" "^scheduler policy 5 "
}

# bats test_tags=runc-breaks
@test "a nice value beside a policy that does without is no error" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_IDLE", "nice": 19}'
    matches "$(attribute scheduler)" "^scheduler policy 5 "
}

# bats test_tags=runc-breaks
@test "a negative nice value is set although the program has no CAP_SYS_NICE" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_OTHER", "nice": -11}'
    matches "$(attribute scheduler)" "^scheduler policy 0 nice -11 "
}

# A kernel with real-time groups gives a new v1 cgroup nothing of it: the cgroup above gets some, and the container's a part of that.
real_time_cgroup() {
    local folder=/sys/fs/cgroup/cpu
    [ -e $folder/cpu.rt_runtime_us ] || return 0
    mkdir -p "$folder${CGROUP%/*}"
    echo 20000 >"$folder${CGROUP%/*}/cpu.rt_runtime_us"
    config '.linux.resources.cpu = {"realtimeRuntime": 2000}'
}

# bats test_tags=runc-breaks
@test "the scheduler can be SCHED_FIFO with a priority" {
    attributes
    real_time_cgroup
    config '.process.scheduler = {"policy": "SCHED_FIFO", "priority": 10}'
    matches "$(attribute scheduler)" "^scheduler policy 1 nice 0 priority 10 flags 0 "
}

# bats test_tags=runc-breaks
@test "the scheduler can be SCHED_RR with a flag" {
    attributes
    real_time_cgroup
    config '.process.scheduler = {"policy": "SCHED_RR", "priority": 3, "flags": ["SCHED_FLAG_RESET_ON_FORK"]}'
    matches "$(attribute scheduler)" "^scheduler policy 2 nice 0 priority 3 flags 1 "
}

# bats test_tags=runc-breaks
@test "the scheduler can be SCHED_DEADLINE with runtime, deadline and period" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 20000000, "period": 30000000}'
    equal "$(attribute scheduler)" "scheduler policy 6 nice 0 priority 0 flags 0 runtime 1000000 deadline 20000000 period 30000000"
}

# bats test_tags=runc-breaks
@test "hooks run before a SCHED_DEADLINE scheduler is set, which cannot fork" {
    attributes
    config --arg mark "$T/ran" '.hooks = {"createContainer": [{"path": "/bin/sh", "args": ["sh", "-c", "echo hook >>\($mark)"]}]}'
    config '.process.scheduler = {"policy": "SCHED_DEADLINE", "runtime": 1000000, "deadline": 20000000}'
    matches "$(attribute scheduler)" "^scheduler policy 6 "
    equal "$(cat "$T/ran")" hook
}

# bats test_tags=runc-breaks
@test "the scheduler is set in a user namespace too" {
    attributes
    config '.linux.namespaces += [{"type": "user"}] | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}]
        | .linux.gidMappings = .linux.uidMappings'
    chmod 755 "$T"
    config '.process.scheduler = {"policy": "SCHED_BATCH", "nice": -3}'
    matches "$(attribute scheduler)" "^scheduler policy 3 nice -3 "
}

# bats test_tags=runc-breaks
@test "SCHED_FIFO in a cgroup without real-time bandwidth is refused with the way out" {
    [ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ] || skip "the kernel has no real-time groups, or no cpu hierarchy of version 1"
    config '.process.scheduler = {"policy": "SCHED_FIFO", "priority": 10}'
    create_refused
    says "process.scheduler: set the scheduler SCHED_FIFO priority 10"
    says "cpu.rt_runtime_us is 0; linux.resources.cpu.realtimeRuntime sets it"
    says "sched_setattr(2): EPERM (operation not permitted)"
}

# bats test_tags=runc-breaks
@test "SCHED_DEADLINE with a period that the host does not allow is refused with the bounds" {
    [ -e /proc/sys/kernel/sched_deadline_period_max_us ] || skip "the kernel has no bounds on periods (before 5.5)"
    config '.process.scheduler = {"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 2000}'
    create_refused
    says "process.scheduler: set the scheduler SCHED_DEADLINE runtime 1024 deadline 2000"
    says "the period must be $(cat /proc/sys/kernel/sched_deadline_period_min_us) to $(cat /proc/sys/kernel/sched_deadline_period_max_us) µs"
}

# bats test_tags=runc-breaks
@test "SCHED_DEADLINE beyond the bandwidth that is left is refused with what there is" {
    local runtime period cpu sleepers=()
    runtime=$(cat /proc/sys/kernel/sched_rt_runtime_us) period=$(cat /proc/sys/kernel/sched_rt_period_us)
    [ "$runtime" -gt 0 ] && [ "$runtime" -lt "$period" ] || skip "deadlines have no bound here"
    # Processes that sleep take most of it: 85 % of each CPU.
    for ((cpu = 0; cpu < $(nproc --all); cpu++)); do
        chrt --deadline --sched-runtime 850000 --sched-period 1000000 0 sleep 30 3>&- >/dev/null 2>&1 &
        sleepers+=($!)
    done
    wait_until eval '[ "$(cut -d " " -f 41 "/proc/${sleepers[-1]}/stat")" = 6 ]'
    config '.process.scheduler = {"policy": "SCHED_DEADLINE", "runtime": 500000, "deadline": 1000000}'
    fails create --bundle "$B" "$ID"
    kill -KILL "${sleepers[@]}"
    wait "${sleepers[@]}" || true
    says "process.scheduler: set the scheduler SCHED_DEADLINE runtime 500000 deadline 1000000"
    says "SCHED_DEADLINE and real time may use $runtime of $period µs together, and too little of it is left"
    says "EBUSY"
    nothing_left
}

# bats test_tags=runc-breaks
@test "a negative nice value without CAP_SYS_NICE is refused with the reason" {
    config '.process.scheduler = {"policy": "SCHED_OTHER", "nice": -5}'
    runtime_through setpriv --bounding-set -sys_nice
    create_refused
    says "process.scheduler: set the scheduler SCHED_OTHER nice -5 (the runtime lacks CAP_SYS_NICE over the host): sched_setattr(2)"
}

# bats test_tags=runc-breaks
@test "a harmless scheduler needs no CAP_SYS_NICE" {
    attributes
    config '.process.scheduler = {"policy": "SCHED_BATCH", "nice": 3} | .process.user = {"uid": 1000, "gid": 1000}'
    runtime_through setpriv --bounding-set -sys_nice
    matches "$(attribute scheduler)" "^scheduler policy 3 nice 3 "
}

# bats test_tags=row:C24, runc-breaks
@test "a scheduler whose numbers do not fit its policy is refused with pointer and rule" {
    local policy rule
    while IFS='|' read -r policy rule; do
        config --argjson scheduler "$policy" '.process.scheduler = $scheduler'
        create_refused
        says "$rule"
    done <<'RULES'
{"policy": "SCHED_FIFO"}|process.scheduler.priority: must be 1 to 99 for SCHED_FIFO, is 0
{"policy": "SCHED_FIFO", "priority": 5, "nice": 20}|process.scheduler.nice: must be -20 to 19, is 20
{"policy": "SCHED_OTHER", "priority": 5}|process.scheduler.priority: must be 0 for SCHED_OTHER, is 5
{"policy": "SCHED_BATCH", "nice": 20}|process.scheduler.nice: must be -20 to 19, is 20
{"policy": "SCHED_ISO"}|process.scheduler.policy: must be a policy that Linux implements, is SCHED_ISO
{"policy": "SCHED_RR", "priority": 1, "runtime": 5}|process.scheduler.runtime: must be absent for SCHED_RR
{"policy": "SCHED_DEADLINE", "runtime": 5000, "deadline": 4000}|process.scheduler.runtime: must be at most deadline (4000), is 5000
{"policy": "SCHED_DEADLINE", "runtime": 5000, "deadline": 6000, "period": 5500}|process.scheduler.deadline: must be at most period (5500), is 6000
RULES
}

# bats test_tags=row:C24, runc-breaks
@test "an unknown policy and an unknown flag are refused with pointer and word" {
    config '.process.scheduler = {"policy": "SCHED_QUICK"}'
    create_refused
    says "process.scheduler.policy:"
    says '"SCHED_QUICK"'
    config '.process.scheduler = {"policy": "SCHED_OTHER", "flags": ["SCHED_FLAG_QUICK"]}'
    create_refused
    says "process.scheduler.flags[0]:"
}

# ---- I/O priority ---------------------------------------------------------------------------------------------------

# bats test_tags=runc-breaks
@test "the I/O priority is the configured class and level" {
    attributes
    config '.process.ioPriority = {"class": "IOPRIO_CLASS_BE", "priority": 6}'
    equal "$(attribute ioprio)" "ioprio class 2 level 6"
    config '.process.ioPriority = {"class": "IOPRIO_CLASS_RT", "priority": 1}'
    equal "$(attribute ioprio)" "ioprio class 1 level 1"
    config '.process.ioPriority = {"class": "IOPRIO_CLASS_IDLE"}'
    equal "$(attribute ioprio)" "ioprio class 3 level 0"
}

@test "without an I/O priority the caller's is inherited" {
    attributes
    runtime_through ionice -c 2 -n 3
    equal "$(attribute ioprio)" "ioprio class 2 level 3"
}

# bats test_tags=row:C24, runc-breaks
@test "an I/O priority out of range and an unknown class are refused with pointer and rule" {
    config '.process.ioPriority = {"class": "IOPRIO_CLASS_BE", "priority": 8}'
    create_refused
    says "process.ioPriority.priority: must be 0 to 7, is 8"
    config '.process.ioPriority = {"class": "IOPRIO_CLASS_NONE"}'
    create_refused
    says "process.ioPriority.class:"
}

# bats test_tags=runc-breaks
@test "a real-time I/O priority without CAP_SYS_NICE and CAP_SYS_ADMIN over the host is refused with the reason" {
    config '.process.ioPriority = {"class": "IOPRIO_CLASS_RT", "priority": 0}'
    config '.linux.namespaces += [{"type": "user"}] | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}]
        | .linux.gidMappings = .linux.uidMappings'
    chmod 755 "$T"
    runtime_through setpriv --bounding-set -sys_nice
    create_refused
    says "process.ioPriority: set the I/O priority IOPRIO_CLASS_RT 0 (the runtime lacks CAP_SYS_NICE over the host): ioprio_set(2)"
}

# ---- personality ----------------------------------------------------------------------------------------------------

# bats test_tags=row:L31, runc-breaks
@test "with the personality LINUX32 uname names a 32-bit machine" {
    attributes
    config '.linux.personality = {"domain": "LINUX32"}'
    equal "$(attribute personality)" "personality 8"
    [ "$(uname -m)" = x86_64 ] || return 0
    inside_ok 'uname -m'
    equal "$stdout" i686
}

# bats test_tags=row:L31, runc-breaks
@test "with the personality LINUX nothing is left of the caller's" {
    attributes
    config '.linux.personality = {"domain": "LINUX"}'
    runtime_through setarch --addr-no-randomize
    equal "$(attribute personality)" "personality 0"
}

@test "without a personality the caller's is inherited" {
    attributes
    runtime_through setarch --addr-no-randomize
    equal "$(attribute personality)" "personality 40000"
}

# bats test_tags=row:L31, runc-breaks
@test "another personality is refused with pointer and word" {
    config '.linux.personality = {"domain": "BSD"}'
    create_refused
    says "linux.personality.domain:"
    says '"BSD"'
}

# bats test_tags=row:L31, runc-breaks
@test "flags of a personality are left out with a warning, because there are none" {
    config '.linux.personality = {"domain": "LINUX", "flags": ["ADDR_NO_RANDOMIZE"]}'
    create
    says "level=warning"
    says 'linux.personality.flags: left out, because the specification defines none: "ADDR_NO_RANDOMIZE"'
}
