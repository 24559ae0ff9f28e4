# Network interfaces that move into the container. The runtime runs in a network namespace of its own, that of $holder: what happens to an interface
# there happens to nobody else.

load helpers

setup() {
    prepare
    hold --net
    runtime_through nsenter --target "$holder" --net
    there ip link add veth-a address 02:00:00:00:00:0a mtu 1400 type veth peer name veth-b 2>"$T/veth" \
        || { end; skip "the kernel makes no veth interfaces: $(<"$T/veth")"; }
    config '.linux.netDevices = {"veth-a": {}}'
}

# The teardown's runtime does not run in the namespace that ends here.
end() {
    RUNTIME=$plain
    let_go
}

# A command in the runtime's network namespace.
there() { nsenter --target "$holder" --net "$@"; }

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07, row:L08
@test "an interface moves into a new network namespace, keeps its MTU and hardware address, and is up" {
    inside_ok 'ip -o link show veth-a'
    contains "$stdout" "mtu 1400"
    contains "$stdout" "02:00:00:00:00:0a"
    contains "$stdout" ",UP"
    # With its namespace the kernel has destroyed it, and its peer with it.
    wait_until gone veth-a
    end
}

gone() { ! there ip link show "$1"; }

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "an interface is renamed" {
    config '.linux.netDevices = {"veth-a": {"name": "eth0"}}'
    inside_ok 'ip -o link show eth0; ip -o link show veth-a 2>/dev/null'  || [ "$status" -eq 1 ]
    contains "$stdout" "02:00:00:00:00:0a"
    equal "$(grep -c . <<<"$stdout")" 1
    end
}

# bats test_tags=runc-breaks, runc-breaks:L08, row:L08
@test "permanent global addresses of both families move along, link-local ones and those given for a time do not" {
    there ip addr add 10.7.0.2/24 broadcast 10.7.0.255 dev veth-a
    there ip addr add 10.7.0.3/24 dev veth-a
    there ip addr add 10.8.0.1 peer 10.8.0.2 dev veth-a
    there ip addr add 169.254.7.7/16 scope link dev veth-a
    there ip addr add 10.9.0.1/24 valid_lft 1000 preferred_lft 1000 dev veth-a
    there ip addr add fd00:7::2/64 nodad dev veth-a
    there ip addr add fd00:8::2/64 valid_lft 1000 preferred_lft 1000 dev veth-a
    there ip link set veth-a up
    config '.linux.netDevices = {"veth-a": {"name": "eth0"}}'
    create
    local addresses
    addresses=$(nsenter --target "$(pid_of)" --net ip -o addr show eth0)
    contains "$addresses" "inet 10.7.0.2/24 brd 10.7.0.255 scope global eth0"
    contains "$addresses" "inet 10.7.0.3/24 scope global secondary eth0"
    contains "$addresses" "inet 10.8.0.1 peer 10.8.0.2/32 scope global eth0"
    contains "$addresses" "inet6 fd00:7::2/64 scope global"
    lacks "$addresses" 169.254.7.7
    lacks "$addresses" 10.9.0.1
    lacks "$addresses" fd00:8::2
    end
}

# bats test_tags=runc-breaks, runc-breaks:L08, row:L08
@test "the moved interface reaches its peer outside" {
    there ip addr add 10.7.0.2/24 dev veth-a
    there ip addr add 10.7.0.1/24 dev veth-b
    there ip link set veth-b up
    config '.process.capabilities.bounding += ["CAP_NET_RAW"] | .process.capabilities.effective += ["CAP_NET_RAW"]
        | .process.capabilities.permitted += ["CAP_NET_RAW"]'
    inside_ok 'ping -c 1 -w 5 10.7.0.1 >/dev/null && echo reached'
    equal "$stdout" reached
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "several interfaces move, and a template gets the first number that is free" {
    there ip link add ifb-a type ifb
    there ip link add ifb-b type ifb
    config '.linux.netDevices = {"veth-a": {"name": "eth%d"}, "ifb-a": {"name": "eth1"}, "ifb-b": {"name": "eth%d"}}'
    inside_ok 'for i in /sys/class/net/eth*; do echo ${i##*/} $(cat $i/mtu); done'
    # ifb-a, ifb-b, veth-a: in this order. MTU 1400 is the veth's.
    equal "$stdout" $'eth0 1500\neth1 1500\neth2 1400'
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "an interface moves into a joined network namespace, and stays there when the container is deleted" {
    ip netns add "$ID"
    join network "/run/netns/$ID"
    there ip addr add 10.7.0.2/24 dev veth-a
    create
    contains "$(ip -n "$ID" -o addr show veth-a)" 10.7.0.2/24
    ok delete --force "$ID"
    contains "$(ip -n "$ID" -o addr show veth-a)" 10.7.0.2/24
    gone veth-a
    ip netns del "$ID"
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "a name that is taken in the container's network namespace is refused, and the interface stays where it is" {
    ip netns add "$ID"
    ip -n "$ID" link add eth0 type ifb
    there ip addr add 10.7.0.2/24 dev veth-a
    join network "/run/netns/$ID"
    config '.linux.netDevices = {"veth-a": {"name": "eth0"}}'
    fails create --bundle "$B" "$ID"
    ip netns del "$ID"
    nothing_left
    says "linux.netDevices.veth-a: find the network interface veth-a"
    says "EEXIST"
    contains "$(there ip -o addr show veth-a)" 10.7.0.2/24
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "an interface moves beside a new user namespace" {
    config '.linux.namespaces += [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 1000}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 100000, "size": 1000}]'
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:100000 "$B/rootfs"
    there ip addr add 10.7.0.2/24 dev veth-a
    inside_ok 'ip -o -4 addr show veth-a'
    contains "$stdout" 10.7.0.2/24
    end
}

# bats test_tags=runc-breaks, runc-breaks:L09, row:L09
@test "what the container does to the interface is left alone by delete" {
    ip netns add "$ID"
    join network "/run/netns/$ID"
    create
    ip -n "$ID" link set veth-a down
    ip -n "$ID" link set veth-a name changed
    ok delete --force "$ID"
    contains "$(ip -n "$ID" -o link show changed)" "state DOWN"
    gone veth-a
    ip netns del "$ID"
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "an interface that is not there is refused by name" {
    config '.linux.netDevices = {"nosuch0": {}}'
    create_refused
    says "linux.netDevices.nosuch0: find the network interface nosuch0"
    says "ENODEV"
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "an interface that the kernel does not move is refused in the kernel's own words" {
    there ip link add br-a type bridge
    config '.linux.netDevices = {"br-a": {}}'
    create_refused
    says "linux.netDevices.br-a: move the network interface br-a inside"
    says "EINVAL"
    there ip link show br-a >/dev/null
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "no interface moves when one of several is not there" {
    config '.linux.netDevices = {"veth-a": {}, "zzz": {}}'
    create_refused
    there ip link show veth-a >/dev/null
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "when a later step fails, interfaces come back from a joined and from a new network namespace, with names, addresses and state" {
    there ip link set veth-a up
    there ip addr add 10.7.0.2/24 dev veth-a
    config '.linux.netDevices = {"veth-a": {"name": "eth0"}, "veth-b": {}} | .process.args = ["no-such-program"]'
    create_refused
    came_back
    ip netns add "$ID"
    join network "/run/netns/$ID"
    fails create --bundle "$B" "$ID"
    equal "$(ip -n "$ID" -o link show | grep -cv LOOPBACK)" 0
    ip netns del "$ID"
    nothing_left
    came_back
    end
}

came_back() {
    says "no-such-program"
    lacks "$stderr" "level=warning"
    contains "$(there ip -o link show veth-a)" ",UP"
    contains "$(there ip -o addr show veth-a)" 10.7.0.2/24
    lacks "$(there ip -o link show veth-b)" ",UP"
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "an interface whose name is taken meanwhile stays inside, with a warning" {
    ip netns add "$ID"
    join network "/run/netns/$ID"
    config --arg holder "$holder" '.process.args = ["no-such-program"]
        | .hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "ip link add veth-a type ifb"], env: ["PATH=/usr/sbin:/sbin:/usr/bin:/bin"]}]'
    fails create --bundle "$B" "$ID"
    ip -n "$ID" link show veth-a >/dev/null
    ip netns del "$ID"
    nothing_left
    says "no-such-program"
    says "level=warning"
    says "linux.netDevices.veth-a: give the network interface veth-a back: sendto(2) RTM_SETLINK veth-a"
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "without a network namespace, and with the runtime's own, interfaces are refused" {
    config '.linux.namespaces |= map(select(.type != "network")) | .mounts |= map(select(.type != "sysfs"))'
    create_refused
    says "linux.netDevices: needs a network namespace"
    join network "/proc/$holder/ns/net"
    create_refused
    says "linux.netDevices: needs a network namespace that is not the runtime's own"
    there ip link show veth-a >/dev/null
    end
}

# bats test_tags=runc-breaks, runc-breaks:L07, row:L07
@test "a name that is no interface name is refused" {
    config '.linux.netDevices = {"veth-a": {"name": "a/b"}}'
    create_refused
    says "linux.netDevices.veth-a.name: must be an interface name"
    config '.linux.netDevices = {"veth-a": {"name": "eth%s"}}'
    create_refused
    says "linux.netDevices.veth-a.name: must hold no % but one %d"
    end
}
