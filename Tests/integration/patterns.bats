# What the field builds on a runtime: networks made by hooks, devices bound by hooks, pods, namespaces that are kept, image layers, commit.
# The scripts are the examples of docs/examples.

load helpers

examples=$BATS_TEST_DIRNAME/../../docs/examples

# Makes a second bundle at $T/second with its own cgroup, and calls the rest of the line with $B, $ID and $CGROUP meaning that one.
in_second() {
    local B=$T/second ID=$ID-second CGROUP=$CGROUP-second
    [ -d "$B" ] || make_bundle "$B"
    "$@"
}

# Adds a hook that runs an example: kind, example, variables.
add_example() {
    config --arg kind "$1" --arg path "$examples/$2" --arg env "$(printf '%s\n' "PATH=$PATH" "${@:3}")" \
        '.hooks[$kind] += [{path: $path, env: ($env | split("\n"))}]'
}

# ---- networks -------------------------------------------------------------------------------------------------------

# A network namespace that stands for the host's, with the runtime in it. Nothing of the real one is touched.
private_host() {
    host=h$ID
    ip netns add "$host"
    if ! ip -n "$host" link add probe type bridge 2>"$T/probe" || ! ip -n "$host" link add probe0 type veth peer name probe1 2>"$T/probe"; then
        ip netns del "$host"
        skip "this kernel makes no bridges or pairs of devices: $(<"$T/probe")"
    fi
    ip -n "$host" link del probe
    ip -n "$host" link del probe0
    mounts_before=$(mount_points)
    runtime_through nsenter "--net=/run/netns/$host"
}

no_pair() { [ -z "$(ip -n "$host" -o link show type veth)" ]; }

on_network() {
    add_example createRuntime network-hook BRIDGE=br0 "ADDRESS=$1/24" GATEWAY=10.88.0.1
    config '.process.capabilities |= map_values(. + ["CAP_NET_RAW"])'
}

@test "a hook connects the container to a bridge, and it reaches the host and is reached" {
    private_host
    on_network 10.88.0.2
    inside_ok 'ip -o -4 addr show eth0; ip route; ping -c 1 -w 5 10.88.0.1 >/dev/null && echo reached'
    contains "$stdout" 10.88.0.2/24
    contains "$stdout" "default via 10.88.0.1 dev eth0"
    contains "$stdout" reached
    # The pair goes with the container, which the kernel does in its own time; the bridge stays.
    wait_until no_pair
    contains "$(ip -n "$host" -o link show type bridge)" br0
    running
    nsenter "--net=/run/netns/$host" busybox ping -c 1 -w 5 10.88.0.2
    ok delete --force "$ID"
    ip netns del "$host"
}

@test "two containers on a bridge reach each other" {
    private_host
    on_network 10.88.0.2
    running
    in_second on_network 10.88.0.3
    in_second inside_ok 'ping -c 1 -w 5 10.88.0.2 >/dev/null && echo reached'
    in_second contains "$stdout" reached
    ok delete --force "$ID"
    ip netns del "$host"
}

@test "a network that a hook cannot make is a create that fails and leaves nothing" {
    private_host
    on_network 10.88.0.300
    create_refused
    wait_until no_pair
    ip netns del "$host"
}

# ---- devices --------------------------------------------------------------------------------------------------------

@test "a prestart hook binds a device and a library into the root, and the host does not see it" {
    mkdir -p "$T/lib"
    echo 'the library' >"$T/lib/libgpu.so.1"
    mknod "$T/gpu0" c 1 5
    add_example prestart device-hook "FILES=$T/gpu0 $T/lib/libgpu.so.1 /dev/full"
    mounts_before_create=$(mount_points)
    inside_ok "stat -c %F:%t:%T $T/gpu0; head -c 2 $T/gpu0 | od -An -tx1; cat $T/lib/libgpu.so.1"
    equal "$stdout" "character special file:1:5"$'\n'" 00 00"$'\n''the library'
    equal "$(mount_points)" "$mounts_before_create"
    # The empty file that a file was mounted on.
    equal "$(stat -c %s "$B/rootfs$T/lib/libgpu.so.1")" 0
}

@test "what a prestart hook binds is there although the root is read-only" {
    mkdir -p "$T/lib"
    echo 'the library' >"$T/lib/libgpu.so.1"
    add_example prestart device-hook "FILES=$T/lib/libgpu.so.1"
    config '.root.readonly = true'
    inside_ok "cat $T/lib/libgpu.so.1; ! touch /x 2>/dev/null"
    equal "$stdout" 'the library'
}

# ---- pods -----------------------------------------------------------------------------------------------------------

# Starts $ID as the first container of a pod: it listens at its loopback and has a message queue.
first_of_pod() {
    config '.hostname = "pod" | .process.args = ["sh", "-c", "touch /dev/mqueue/queue; nc -ll -p 8080 -e echo answer & echo up >/up; while :; do sleep 0.05; done"]'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    pid=$(pid_of)
    in_second true
}

@test "a container joins network, ipc, uts and pid namespaces of another one, and sees what it has" {
    first_of_pod
    "$examples/join-namespaces" "$T/second" "/proc/$pid/ns" net ipc uts pid
    in_second inside_ok 'hostname; ls /dev/mqueue; ps | grep -c "[n]c .* -e echo answer\$"; for i in 1 2 3 4 5 6 7 8 9; do nc 127.0.0.1 8080 && break; done; echo $$'
    equal "$(head -n 4 <<<"$stdout")" pod$'\n'queue$'\n'1$'\n'answer
    [ "$(tail -n 1 <<<"$stdout")" -gt 1 ]
    equal "$(status_of)" running
}

@test "the others of a pod end with the first one's pid namespace, and are deleted after it" {
    first_of_pod
    "$examples/join-namespaces" "$T/second" "/proc/$pid/ns" net ipc uts pid
    in_second running
    ok kill "$ID" KILL
    wait_for_status stopped
    wait_for_status stopped "$ID-second"
    ok delete "$ID"
    ok delete "$ID-second"
    nothing_left
}

@test "without the pid namespace the others of a pod outlive the first one, with its network and host name" {
    first_of_pod
    "$examples/join-namespaces" "$T/second" "/proc/$pid/ns" net ipc uts
    local net
    net=$(readlink "/proc/$pid/ns/net")
    in_second running
    ok delete --force "$ID"
    equal "$(status_of "$ID-second")" running
    pid=$(pid_of "$ID-second")
    equal "$(readlink "/proc/$pid/ns/net")" "$net"
    equal "$(nsenter --target "$pid" --uts uname -n)" pod
    ok delete --force "$ID-second"
    nothing_left
}

# ---- namespaces that are kept ---------------------------------------------------------------------------------------

@test "namespaces kept by mounts are joined when the first container is gone" {
    first_of_pod
    nsenter --target "$pid" --net ip addr add 127.5.5.5/32 dev lo
    "$examples/keep-namespaces" "$pid" "$T/kept" net ipc uts
    ok delete --force "$ID"
    "$examples/join-namespaces" "$T/second" "$T/kept" net ipc uts
    in_second inside_ok 'hostname; ls /dev/mqueue; ip -o -4 addr show lo'
    umount "$T/kept/net" "$T/kept/ipc" "$T/kept/uts"
    equal "$(head -n 2 <<<"$stdout")" pod$'\n'queue
    contains "$stdout" 127.5.5.5
}

@test "a network kept by ip netns is joined by one container after the other" {
    running
    ip netns attach "k$ID" "$(pid_of)"
    ip -n "k$ID" addr add 127.5.5.5/32 dev lo
    ok delete --force "$ID"
    in_second true
    mkdir "$T/names"
    ln -s "/run/netns/k$ID" "$T/names/net"
    "$examples/join-namespaces" "$T/second" "$T/names" net
    local round
    for round in 1 2; do
        in_second inside_ok 'ip -o -4 addr show lo'
        contains "$stdout" 127.5.5.5
    done
    ip netns del "k$ID"
}

# ---- image layers ---------------------------------------------------------------------------------------------------

# Image layers: the bundle's root is the lowest, the second replaces a file, the third deletes one and hides a folder.
layers() {
    mv "$B/rootfs" "$T/layer-1"
    mkdir -p "$B/rootfs" "$T/layer-1/data/folder" "$T/layer-2/data" "$T/layer-3/data/folder"
    echo one >"$T/layer-1/data/replaced"
    echo one >"$T/layer-1/data/deleted"
    echo one >"$T/layer-1/data/kept"
    echo one >"$T/layer-1/data/folder/hidden"
    echo two >"$T/layer-2/data/replaced"
    mknod "$T/layer-3/data/deleted" c 0 0
    setfattr_opaque "$T/layer-3/data/folder"
    layer_list=("$T/layer-1" "$T/layer-2" "$T/layer-3")
}

setfattr_opaque() {
    python3 -c 'import os, sys; os.setxattr(sys.argv[1], "trusted.overlay.opaque", b"y")' "$1"
}

# The program and its outcome, the same however the overlay is mounted.
changes='cd /data; cat replaced kept; ls . folder; echo three >replaced; echo new >added; rm kept; rm -r folder; mkdir folder; echo new >folder/added'
layers_as_seen=$'two\none\n.:\nfolder\nkept\nreplaced\n\nfolder:'

changes_are_in_upper() {
    local upper=$T/writable/upper/data
    equal "$(cat "$upper/replaced" "$upper/added" "$upper/folder/added")" three$'\n'new$'\n'new
    equal "$(stat -c %F:%t:%T "$upper/kept")" "character special file:0:0"
    equal "$(cat "$T/layer-1/data/replaced" "$T/layer-1/data/kept" "$T/layer-2/data/replaced")" one$'\n'one$'\n'two
}

@test "an overlay of image layers that the caller has mounted is the root, and is gone when it is removed" {
    layers
    "$examples/overlay-root" mount "$B" "$T/writable" "${layer_list[@]}"
    inside_ok "$changes"
    equal "$stdout" "$layers_as_seen"
    changes_are_in_upper
    "$examples/overlay-root" remove "$B" "$T/writable"
    [ ! -e "$T/writable" ]
    equal "$(ls -A "$B/rootfs")" ""
}

@test "an overlay of image layers that the runtime mounts on / is the root, and ends with the container" {
    layers
    "$examples/overlay-root" entry "$B" "$T/writable" "${layer_list[@]}"
    inside_ok "$changes"
    equal "$stdout" "$layers_as_seen"
    changes_are_in_upper
    ! mountpoint -q "$B/rootfs"
    "$examples/overlay-root" remove "$B" "$T/writable"
    [ ! -e "$T/writable" ]
}

# ---- commit ---------------------------------------------------------------------------------------------------------

@test "a running container is frozen, its changes become a layer, and it goes on" {
    needs_v1 freezer
    layers
    "$examples/overlay-root" mount "$B" "$T/writable" "${layer_list[@]}"
    program "$changes; echo up >/up; n=0; while :; do n=\$((n + 1)); echo \$n >/count; done"
    create
    ok start "$ID"
    wait_until test -s "$B/rootfs/count"
    "$examples/commit" "/sys/fs/cgroup/freezer$CGROUP" "$T/writable/upper" >"$T/layer.tar"
    equal "$(cat "/sys/fs/cgroup/freezer$CGROUP/freezer.state")" THAWED
    # It counts on.
    local count
    count=$(tail -n 1 "$T/writable/upper/count")
    wait_until eval '[ "$(tail -n 1 "$T/writable/upper/count")" != "$count" ]'
    equal "$(status_of)" running
    ok delete --force "$ID"
    "$examples/overlay-root" remove "$B" "$T/writable"

    tar -tf "$T/layer.tar" >"$T/names"
    local name
    for name in data/replaced data/added data/.wh.kept data/folder/.wh..wh..opq data/folder/added; do
        grep -qx "\(./\)\?$name" "$T/names" || fail "$name is not in the layer:" "$(<"$T/names")"
    done

    # The new layer above the others, in a container of its own.
    "$examples/unpack-layer" "$T/layer-4" <"$T/layer.tar"
    "$examples/overlay-root" mount "$B" "$T/writable" "${layer_list[@]}" "$T/layer-4"
    inside_ok 'cd /data; cat replaced added; ls . folder'
    equal "$stdout" $'three\nnew\n.:\nadded\nfolder\nreplaced\n\nfolder:\nadded'
    "$examples/overlay-root" remove "$B" "$T/writable"
}

@test "while the changes are written the container stands still" {
    needs_v1 freezer
    layers
    "$examples/overlay-root" mount "$B" "$T/writable" "${layer_list[@]}"
    program 'while :; do echo more >>/grows; done'
    create
    ok start "$ID"
    wait_until test -s "$B/rootfs/grows"
    # A packer in the place of the example's looks twice.
    mkdir "$T/examples"
    cp "$examples/commit" "$T/examples"
    printf '#!/bin/sh\nstat -c %%s "$1/grows"; sleep 0.2; stat -c %%s "$1/grows"\n' >"$T/examples/pack-layer"
    chmod +x "$T/examples/pack-layer"
    "$T/examples/commit" "/sys/fs/cgroup/freezer$CGROUP" "$T/writable/upper" >"$T/sizes"
    equal "$(wc -l <"$T/sizes")" 2
    equal "$(sort -u "$T/sizes" | wc -l)" 1
    ok delete --force "$ID"
    "$examples/overlay-root" remove "$B" "$T/writable"
}

@test "a layer that leads out of its folder is not unpacked" {
    mkdir "$T/evil"
    ln -s "$T" "$T/evil/link"
    tar -C "$T/evil" -cf "$T/layer.tar" link
    mkdir "$T/evil/folder"
    touch "$T/evil/folder/file"
    tar -C "$T/evil" --transform 's,^folder,link,' -rf "$T/layer.tar" folder/file
    ! "$examples/unpack-layer" "$T/layer-1" <"$T/layer.tar" 2>"$T/words"
    contains "$(<"$T/words")" "leads through a link"
    [ ! -e "$T/file" ]
}
