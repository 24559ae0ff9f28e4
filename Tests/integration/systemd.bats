# Cgroups that systemd makes: the scope, what systemd knows of it, and that nothing is left of it.
# These tests need systemd as the first process and CGROUP_DRIVER=systemd; elsewhere all but the first are skipped.

load helpers

needs_systemd() {
    [ -d /run/systemd/system ] || skip "systemd does not run here"
    [ "${CGROUP_DRIVER:-}" = systemd ] || skip "CGROUP_DRIVER is not systemd"
    UNIT=swrt-$SUITE_NAME-$ID.scope
}

# What systemd says of a property of the unit.
property() {
    systemctl show --property "$1" --value "${2:-$UNIT}"
}

# The value of a file of the container's cgroup: controller, file.
limit() {
    cat "$(cgroup_dir "$1")/$2"
}

# The file of the container's cgroup that limits memory, with its controller.
memory_limit() {
    if is_v2; then limit memory memory.max; else limit memory memory.limit_in_bytes; fi
}

@test "without systemd the error says so" {
    [ ! -d /run/systemd/system ] || skip "systemd runs here"
    config '.linux.cgroupsPath = "system.slice:swrt:web1"'
    create_refused --systemd-cgroup
    says "systemd"
    says "not"
}

@test "the container is in the scope that its path names, in that slice" {
    needs_systemd
    create
    equal "$(property ControlGroup)" "/system.slice/$UNIT"
    equal "$(property Slice)" system.slice
    equal "$(property ActiveState)" active
    contains "$(cat /proc/"$(pid_of)"/cgroup)" ":/system.slice/$UNIT"
    contains "$(cat "$(cgroup_dir)"/cgroup.procs 2>/dev/null || limit systemd cgroup.procs)" "$(pid_of)"
}

@test "slices lie in each other as their names say" {
    needs_systemd
    config '.linux.cgroupsPath = "swrt-'"$ID"'.slice:swrt-'"$SUITE_NAME:$ID"'"'
    create
    equal "$(property ControlGroup)" "/swrt.slice/swrt-$ID.slice/$UNIT"
    ok delete "$ID"
    systemctl stop swrt.slice
}

@test "without a path the scope is named by the container" {
    needs_systemd
    config 'del(.linux.cgroupsPath)'
    create
    matches "$(cat /proc/"$(pid_of)"/cgroup)" ":/system\.slice/[a-z]+-$ID\.scope"
    ok delete "$ID"
    equal "$(systemctl list-units --all --plain --no-legend "*-$ID.scope")" ""
}

@test "the scope is delegated, accounted for, and apart from the shutdown of the machine's services" {
    needs_systemd
    create
    equal "$(property Delegate) $(property MemoryAccounting) $(property CPUAccounting) $(property TasksAccounting)" "yes yes yes yes"
    equal "$(property DefaultDependencies)" no
}

# bats test_tags=vm:systemd
@test "limits are known to systemd and survive a daemon-reload" {
    needs_systemd
    config '.linux.resources += {"memory": {"limit": 67108864}, "cpu": {"quota": 50000, "period": 100000}, "pids": {"limit": 17}}'
    create
    equal "$(property TasksMax) $(property CPUQuotaPerSecUSec)" "17 500ms"
    if is_v2; then equal "$(property MemoryMax)" 67108864; else equal "$(property MemoryLimit)" 67108864; fi
    systemctl daemon-reload
    equal "$(memory_limit) $(limit pids pids.max)" "67108864 17"
    if is_v2; then equal "$(limit cpu cpu.max)" "50000 100000"; else equal "$(limit cpu cpu.cfs_quota_us)" 50000; fi
}

@test "CPUs and memory nodes of version 2 are known to systemd" {
    needs_systemd
    needs_v2 cpuset
    config '.linux.resources += {"cpu": {"cpus": "0", "mems": "0"}}'
    create
    equal "$(property AllowedCPUs) $(property AllowedMemoryNodes)" "0 0"
    systemctl daemon-reload
    equal "$(limit cpuset cpuset.cpus) $(limit cpuset cpuset.mems)" "0 0"
}

@test "a value of unified is known to systemd" {
    needs_systemd
    needs_v2 memory
    config '.linux.resources += {"unified": {"memory.high": "50331648"}}'
    create
    equal "$(property MemoryHigh)" 50331648
    systemctl daemon-reload
    equal "$(limit memory memory.high)" 50331648
}

# bats test_tags=vm:systemd
@test "devices that are allowed and denied stay so after a daemon-reload" {
    needs_systemd
    program 'mknod /tmp/kmsg c 1 11; echo up >/up; until [ -e /go ]; do sleep 0.05; done
        echo x >/dev/null && echo null >/seen; head -c 0 /tmp/kmsg && echo kmsg >>/seen; echo end >>/seen; sleep 100'
    config '.linux.resources.devices = [{"allow": false, "access": "rwm"}]
        | .process.capabilities = ([["bounding", "effective", "permitted"][] | {(.): ["CAP_MKNOD"]}] | add)'
    needs_support
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    systemctl daemon-reload
    touch "$B/rootfs/go"
    wait_until grep -q end "$B/rootfs/seen"
    equal "$(cat "$B/rootfs/seen")" null$'\n'end
}

@test "annotations are properties of the unit" {
    needs_systemd
    config '.annotations = {"org.systemd.property.TimeoutStopSec": "uint64 7", "org.systemd.property.CollectMode": "'"'inactive-or-failed'"'"}'
    create
    equal "$(property TimeoutStopUSec) $(property CollectMode)" "7s inactive-or-failed"
}

@test "an annotation that is no value is refused" {
    needs_systemd
    config '.annotations = {"org.systemd.property.CollectMode": "inactive"}'
    create_refused
    says org.systemd.property.CollectMode
}

@test "an annotation that systemd does not know is refused by it" {
    needs_systemd
    config '.annotations = {"org.systemd.property.NoSuchThing": "1"}'
    create_refused
    says "unknown property"
}

@test "a path that is no slice, prefix and name is refused" {
    needs_systemd
    config '.linux.cgroupsPath = "/engine/web1"'
    create_refused
    says "slice:prefix:name"
}

# bats test_tags=runc-breaks, runc-breaks:silent
@test "a slice that is none is refused with its place" {
    needs_systemd
    config '.linux.cgroupsPath = "a--b.slice:swrt:web1"'
    create_refused
    says 'linux.cgroupsPath: must begin with the name of a slice such as system.slice or a-b.slice, "a--b.slice" is none'
}

@test "a second container cannot have the same scope" {
    needs_systemd
    running
    rt create --bundle "$B" "$ID-other"
    [ "$status" -eq 1 ]
    has_status running
    equal "$(property ActiveState)" active
    contains "$(cat /proc/"$(pid_of)"/cgroup)" ":/system.slice/$UNIT"
}

@test "a failed unit of the same name is in nobody's way" {
    needs_systemd
    timeout 60 systemd-run --scope --quiet --unit "$UNIT" --property RuntimeMaxSec=1 sleep 60 </dev/null >/dev/null 2>&1 3>&- || true
    wait_until eval '[ "$(property ActiveState)" = failed ]'
    create
    equal "$(property ActiveState)" active
}

# bats test_tags=vm:systemd
@test "delete removes the scope" {
    needs_systemd
    create
    [ -n "$(units_left)" ]
    ok delete "$ID"
    equal "$(units_left)" ""
    equal "$(cgroups_left)" ""
}

@test "a container whose scope was stopped by somebody else is deleted" {
    needs_systemd
    running
    systemctl stop "$UNIT"
    wait_for_status stopped
    ok delete "$ID"
    equal "$(units_left)" ""
}

@test "a container that cannot be created leaves no scope" {
    needs_systemd
    config '.hooks.createRuntime = [{"path": "/bin/false"}]'
    create_refused
    equal "$(units_left)" ""
}

@test "a pids limit of 0 is a limit" {
    needs_systemd
    config '.linux.resources += {"pids": {"limit": 0}} | .process.args = ["/bin/echo", "alone"]'
    ok run --bundle "$B" "$ID"
    equal "$stdout" alone
}
