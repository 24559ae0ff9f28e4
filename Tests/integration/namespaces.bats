# Namespaces: new ones, joined ones, inherited ones; what is set inside them.

load helpers

# bats test_tags=row:L03
@test "listed namespaces are new ones" {
    config '.linux.namespaces += [{"type": "cgroup"}]'
    inside_ok 'for n in pid net ipc uts mnt cgroup; do echo $n $(readlink /proc/self/ns/$n); done'
    local name link
    while read -r name link; do
        matches "$link" "^$name:\[[0-9]+\]$"
        [ "$link" != "$(readlink "/proc/self/ns/$name")" ] || fail "$name is the host's"
    done <<<"$stdout"
    equal "$(wc -l <<<"$stdout")" 6
}

# bats test_tags=row:L03
@test "a namespace that is not listed is the caller's" {
    config '.linux.namespaces |= map(select(.type != "network" and .type != "ipc" and .type != "uts" and .type != "pid")) | del(.hostname)
        | .mounts |= map(select(.type != "mqueue" and .type != "sysfs"))'
    inside_ok 'for n in net ipc uts pid user; do readlink /proc/self/ns/$n; done'
    equal "$stdout" "$(for n in net ipc uts pid user; do readlink "/proc/self/ns/$n"; done)"
}

@test "the program is the first process of a new pid namespace" {
    inside_ok 'echo $$'
    equal "$stdout" 1
}

# bats test_tags=row:C25
@test "the hostname is set inside and nowhere else" {
    local before
    before=$(uname -n)
    config '.hostname = "inside-name"'
    inside_ok 'uname -n'
    equal "$stdout" inside-name
    equal "$(uname -n)" "$before"
}

# bats test_tags=runc-breaks, runc-breaks:older, row:C25
@test "the domain name is set inside" {
    config '.domainname = "example.test"'
    inside_ok 'cat /proc/sys/kernel/domainname'
    equal "$stdout" example.test
}

@test "a new network namespace has its loopback up, and nothing else" {
    inside_ok 'ip -o link; ping -c 1 -w 2 127.0.0.1 >/dev/null && echo reached || echo down; ip -o -4 addr show lo'
    contains "$stdout" "lo: <LOOPBACK,UP"
    contains "$stdout" "127.0.0.1/8"
    equal "$(grep -c 'mtu' <<<"$stdout")" "$(grep -c 'mtu' <<<"$(unshare -n ip -o link)")"
}

# bats test_tags=row:L01
@test "a network namespace made by ip netns is joined" {
    ip netns add "$ID"
    ip -n "$ID" addr add 127.9.9.9/32 dev lo
    join network "/run/netns/$ID"
    inside_ok 'ip -o -4 addr show lo; readlink /proc/self/ns/net'
    contains "$stdout" 127.9.9.9
    contains "$stdout" "net:[$(stat -Lc %i "/run/netns/$ID")]"
    ip netns del "$ID"
}

@test "delete leaves a joined network namespace as it was" {
    ip netns add "$ID"
    ip -n "$ID" link set lo up
    join network "/run/netns/$ID"
    create
    ok delete "$ID"
    contains "$(ip -n "$ID" -o link show lo)" "LOOPBACK,UP"
    ip netns del "$ID"
}

# bats test_tags=row:L01
@test "ipc and uts namespaces of a process are joined" {
    hold --ipc --uts
    join ipc "/proc/$holder/ns/ipc"
    join uts "/proc/$holder/ns/uts"
    config 'del(.hostname)'
    nsenter --target "$holder" --uts hostname joined-name
    inside_ok 'readlink /proc/self/ns/ipc; readlink /proc/self/ns/uts; uname -n'
    equal "$stdout" "$(readlink "/proc/$holder/ns/ipc" "/proc/$holder/ns/uts")"$'\n'joined-name
    let_go
}

@test "a bind-mounted uts namespace is joined after its last process has ended" {
    touch "$T/uts"
    unshare --uts="$T/uts" hostname kept-name
    join uts "$T/uts"
    config 'del(.hostname)'
    inside_ok 'uname -n'
    umount "$T/uts"
    equal "$stdout" kept-name
}

@test "a pid namespace is joined" {
    hold --pid
    join pid "/proc/$holder/ns/pid"
    inside_ok 'readlink /proc/self/ns/pid; echo $$; ps | grep -c "sleep 300"'
    contains "$stdout" "$(readlink "/proc/$holder/ns/pid")"
    [ "$(sed -n 2p <<<"$stdout")" -gt 1 ]
    let_go
}

@test "a container in a joined pid namespace is deleted without harm to the others there" {
    hold --pid
    join pid "/proc/$holder/ns/pid"
    running
    ok delete --force "$ID"
    kill -0 "$holder"
    let_go
    nothing_left
}

@test "a joined cgroup namespace is the container's" {
    hold --cgroup
    join cgroup "/proc/$holder/ns/cgroup"
    inside_ok 'readlink /proc/self/ns/cgroup'
    equal "$stdout" "$(readlink "/proc/$holder/ns/cgroup")"
    let_go
}

@test "two containers can share a network namespace" {
    running
    local pid link
    pid=$(pid_of)
    link=$(readlink "/proc/$pid/ns/net")
    make_bundle "$T/second"
    jq --arg cgroup "$(cgroups_path -second)" --arg net "/proc/$pid/ns/net" '.linux.cgroupsPath = $cgroup
        | .linux.namespaces |= (map(select(.type != "network")) + [{type: "network", path: $net}])
        | .process.args = ["readlink", "/proc/self/ns/net"]' "$T/second/config.json" >"$T/config"
    cp "$T/config" "$T/second/config.json"
    ok run --bundle "$T/second" "$ID-second"
    equal "$stdout" "$link"
}

# bats test_tags=row:L02
@test "a path of another kind of namespace is refused" {
    join network /proc/self/ns/uts
    create_refused
    join network /proc/self/ns/net
    join ipc /proc/self/ns/net
    create_refused
}

# Has the runtime run in the namespaces of $holder, which a runtime that does what it should not may spoil.
in_holder() {
    runtime_through nsenter --target "$holder" "$@"
}

# runc would pivot the root of every process there.
# bats test_tags=runc-breaks, runc-breaks:own
@test "the runtime's own mount namespace by path is refused" {
    hold --mount
    in_holder --mount
    join mount "/proc/$holder/ns/mnt"
    create_refused
    says "linux.namespaces[4].path: must not be the runtime's own mount namespace"
    join mount /proc/self/ns/mnt
    create_refused
    says "linux.namespaces[4].path: must not be the runtime's own mount namespace"
    contains "$(nsenter --target "$holder" --mount cat /proc/self/mountinfo)" "$SUITE_SCRATCH"
    let_go
}

@test "a joined mount namespace of another process is the container's" {
    hold --mount
    join mount "/proc/$holder/ns/mnt"
    inside_ok 'readlink /proc/self/ns/mnt'
    equal "$stdout" "$(readlink "/proc/$holder/ns/mnt")"
    let_go
}

@test "a sysctl for the runtime's own network namespace by path is refused" {
    hold --net
    in_holder --net
    join network "/proc/$holder/ns/net"
    config '.linux.sysctl = {"net.ipv4.ip_unprivileged_port_start": "99"}'
    create_refused
    equal "$(nsenter --target "$holder" --net cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" 1024
    config 'del(.linux.sysctl)'
    inside_ok 'readlink /proc/self/ns/net'
    equal "$stdout" "$(readlink "/proc/$holder/ns/net")"
    let_go
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "a sysctl and a host name for the runtime's own namespaces by path are refused" {
    hold --ipc --uts
    in_holder --ipc --uts
    nsenter --target "$holder" --uts hostname holder-name
    join ipc "/proc/$holder/ns/ipc"
    join uts "/proc/$holder/ns/uts"
    create_refused
    says "hostname: needs a uts namespace that is not the runtime's own"
    config 'del(.hostname) | .linux.sysctl = {"kernel.shm_rmid_forced": "1"}'
    create_refused
    says "needs an ipc namespace that is not the runtime's own"
    config '.linux.sysctl = {"kernel.domainname": "d.test"}'
    create_refused
    says "linux.sysctl"
    equal "$(nsenter --target "$holder" --uts hostname)" holder-name
    equal "$(nsenter --target "$holder" --ipc cat /proc/sys/kernel/shm_rmid_forced)" 0
    config 'del(.linux.sysctl)'
    inside_ok 'uname -n'
    equal "$stdout" holder-name
    let_go
}

@test "a namespace path that does not exist or is no namespace is refused" {
    join network /no/such/namespace
    create_refused
    join network /etc/passwd
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:strict
@test "a namespace path that is a pipe does not block" {
    mkfifo "$T/fifo"
    join network "$T/fifo"
    CALL_SECONDS=5
    create_refused
}

# bats test_tags=row:L01
@test "a relative namespace path is refused" {
    cd /proc/self/ns
    join network net
    create_refused
    join network ./net
    create_refused
}

@test "a cgroup namespace shows the container's cgroup as the root" {
    config '.linux.namespaces += [{"type": "cgroup"}]'
    inside_ok 'cut -d : -f 3 /proc/self/cgroup | sort -u'
    equal "$stdout" /
}

@test "without a cgroup namespace the path is the host's" {
    inside_ok 'grep :memory: /proc/self/cgroup'
    equal "${stdout#*:memory:}" "$CGROUP"
}

@test "the ipc namespace is empty" {
    local key
    key=$(ipcmk --shmem 4096 | sed 's/.*: //')
    inside_ok 'ipcs -m 2>/dev/null | grep -c 0x || cat /proc/sysvipc/shm | sed 1d | wc -l'
    ipcrm --shmem-id "$key"
    equal "${stdout##*$'\n'}" 0
}

@test "sysctls are set in the container's namespaces" {
    config '.linux.sysctl = {"net.ipv4.ip_unprivileged_port_start": "99", "kernel.shm_rmid_forced": "1", "fs.mqueue.msg_max": "15"}'
    local before
    before=$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced /proc/sys/fs/mqueue/msg_max)
    inside_ok 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced /proc/sys/fs/mqueue/msg_max'
    equal "$stdout" $'99\n1\n15'
    equal "$(cat /proc/sys/net/ipv4/ip_unprivileged_port_start /proc/sys/kernel/shm_rmid_forced /proc/sys/fs/mqueue/msg_max)" "$before"
}

@test "sysctl keys may be written with slashes" {
    config '.linux.sysctl = {"net/ipv4/ip_unprivileged_port_start": "98"}'
    inside_ok 'cat /proc/sys/net/ipv4/ip_unprivileged_port_start'
    equal "$stdout" 98
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "the domain name may be set by its sysctl" {
    config '.linux.sysctl = {"kernel.domainname": "by.sysctl"}'
    inside_ok 'cat /proc/sys/kernel/domainname'
    equal "$stdout" by.sysctl
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "an interface with a dot in its name has its sysctls" {
    ip netns add "$ID"
    ip -n "$ID" link add a.b type ifb || skip "the kernel makes no ifb interfaces"
    join network "/run/netns/$ID"
    config '.linux.sysctl = {"net.ipv4.conf.a/b.forwarding": "1"}'
    inside_ok 'cat /proc/sys/net/ipv4/conf/a.b/forwarding'
    ip netns del "$ID"
    equal "$stdout" 1
}
