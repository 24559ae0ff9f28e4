# A new user namespace with mappings: who is who inside and outside.

load helpers

@test "the program runs in a user namespace with the mappings" {
    map_users
    inside_ok 'readlink /proc/self/ns/user; id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map | tr -s " "'
    [ "$(sed -n 1p <<<"$stdout")" != "$(readlink /proc/self/ns/user)" ]
    equal "$(sed 1d <<<"$stdout")" $'0\n0\n 0 100000 10000\n 0 200000 10000'
}

@test "on the host the program has the mapped ids" {
    map_users
    running
    local pid
    pid=$(pid_of)
    equal "$(stat -c %u:%g "/proc/$pid")" 100000:200000
    matches "$(tr '\t' ' ' <"/proc/$pid/status")" 'Uid: 100000 100000 100000 100000'
}

@test "files that the program makes belong to the mapped ids on the host" {
    map_users
    inside_ok 'echo x >/file; stat -c %u:%g /file'
    equal "$stdout" 0:0
    equal "$(stat -c %u:%g "$B/rootfs/file")" 100000:200000
}

@test "a user of the namespace who is not its root" {
    map_users
    config '.process.user = {"uid": 1000, "gid": 1001, "additionalGids": [1002]}'
    inside_ok 'id -u; id -G; touch /tmp/file'
    equal "$stdout" $'1000\n1001 1002'
    equal "$(stat -c %u:%g "$B/rootfs/tmp/file")" 101000:201001
}

@test "several ranges are mapped" {
    map_users
    config '.linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 1000}, {"containerID": 1000, "hostID": 300000, "size": 10}]'
    config '.process.user = {"uid": 1005, "gid": 0}'
    inside_ok 'id -u; touch /tmp/file'
    equal "$stdout" 1005
    equal "$(stat -c %u "$B/rootfs/tmp/file")" 300005
}

@test "340 ranges are mapped, the most that the kernel takes" {
    map_users
    config '.linux.uidMappings = [range(340) | {containerID: ., hostID: (10000 + . * 2), size: 1}]'
    chown -hR 10000:200000 "$B/rootfs"
    config '.process.user = {"uid": 339, "gid": 0}'
    inside_ok 'wc -l </proc/self/uid_map; id -u; touch /tmp/file'
    equal "$stdout" $'340\n339'
    equal "$(stat -c %u "$B/rootfs/tmp/file")" 10678
}

@test "maps whose text is too long for the kernel's one write are refused" {
    map_users
    config '.linux.uidMappings = [range(340) | {containerID: (. * 100000), hostID: (100000 + . * 100000), size: 65536}]'
    create_refused
}

@test "groups may be set inside when the runtime runs as root" {
    map_users
    inside_ok 'cat /proc/self/setgroups'
    equal "$stdout" allow
}

@test "devices, proc, sys and terminals are there in a user namespace" {
    map_users
    inside_ok 'echo x >/dev/null; head -c 2 /dev/zero | wc -c; ls /dev/pts; ls -d /sys/class; ls -d /proc/1; readlink /dev/stdin'
    equal "$stdout" $'2\nptmx\n/sys/class\n/proc/1\n/proc/self/fd/0'
}

@test "the host's other users are nobody inside" {
    map_users
    mkdir "$T/source"
    echo x >"$T/source/file"
    add_mount /mnt none "$T/source" bind
    inside_ok 'stat -c %u:%g /mnt/file; echo y 2>/dev/null >/mnt/file && echo written; true'
    equal "$stdout" 65534:65534
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "a bind mount keeps the flags that the host has locked" {
    map_users
    mkdir "$T/source"
    mount -t tmpfs -o nosuid,nodev,noexec,ro tmpfs "$T/source"
    add_mount /mnt none "$T/source" bind,ro
    inside_ok 'awk "\$5 == \"/mnt\" { print \$6 }" /proc/self/mountinfo'
    umount "$T/source"
    equal "$stdout" ro,nosuid,nodev,noexec,relatime
}

@test "the capabilities are those of the user namespace" {
    map_users
    config '.process.capabilities.bounding += ["CAP_SYS_ADMIN"] | .process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.capabilities.permitted += ["CAP_SYS_ADMIN"]'
    inside_ok 'hostname changed; hostname; mount -t tmpfs tmpfs /tmp && echo mounted'
    equal "$stdout" $'changed\nmounted'
    lacks "$(uname -n)" changed
}

@test "masked and read-only paths and a read-only root work in a user namespace" {
    map_users
    config '.root.readonly = true'
    inside_ok 'echo x 2>/dev/null >/file && echo written; wc -c </proc/keys; echo x 2>/dev/null >/proc/sys/kernel/hostname && echo changed; true'
    equal "$stdout" 0
}

@test "hostname, sysctl and loopback work in a user namespace" {
    map_users
    config '.linux.sysctl = {"net.ipv4.ip_unprivileged_port_start": "77"}'
    inside_ok 'uname -n; cat /proc/sys/net/ipv4/ip_unprivileged_port_start; ip -o link show lo'
    matches "$stdout" $'^box\n77\n'
    contains "$stdout" "LOOPBACK,UP"
}

# bats test_tags=runc-breaks, runc-breaks:older, row:L05
@test "listed devices are bound from the host in a user namespace, and named pipes are made" {
    map_users
    mkdir "$T/dev"
    mknod -m 0666 "$T/dev/one" c 1 3
    mknod -m 0600 "$T/dev/block" b 7 200
    config --arg d "$T/dev" '.linux.devices = [{path: "\($d)/one", type: "c", major: 1, minor: 3}, {path: "\($d)/block", type: "b", major: 7, minor: 200},
        {path: "/run/pipe", type: "p", fileMode: 384, uid: 5, gid: 6}]'
    inside_ok "echo x >$T/dev/one; stat -c '%F %t:%T %a' $T/dev/one $T/dev/block; stat -c '%F %a %u:%g' /run/pipe"
    equal "$stdout" $'character special file 1:3 666\nblock special file 7:c8 600\nfifo 600 5:6'
}

# bats test_tags=runc-breaks, runc-breaks:L05
@test "a listed device of which the host has another file is refused in a user namespace" {
    map_users
    mknod -m 0666 "$T/one" c 1 5
    config --arg path "$T/one" '.linux.devices = [{path: $path, type: "c", major: 1, minor: 3}]'
    create_refused
    config '.linux.devices = [{path: "/no/such/device", type: "c", major: 1, minor: 3}]'
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "a limit of the user namespace is set by its sysctl" {
    map_users
    config '.linux.sysctl = {"user.max_uts_namespaces": "7", "user/max_ipc_namespaces": "8"}'
    inside_ok 'cat /proc/sys/user/max_uts_namespaces /proc/sys/user/max_ipc_namespaces'
    equal "$stdout" $'7\n8'
    [ "$(cat /proc/sys/user/max_uts_namespaces)" != 7 ]
}

@test "a limit of the host's user namespace is refused" {
    config '.linux.sysctl = {"user.max_uts_namespaces": "7"}'
    create_refused
}

@test "limits of the cgroup work in a user namespace" {
    [ -e /sys/fs/cgroup/pids/cgroup.procs ] || skip "the host has no version 1 hierarchy of pids"
    map_users
    config '.linux.resources.pids = {"limit": 21}'
    create
    equal "$(cat "/sys/fs/cgroup/pids$CGROUP/pids.max")" 21
}

@test "a container in a user namespace is created, started, killed and deleted" {
    map_users
    running
    equal "$(status_of)" running
    ok kill "$ID" TERM
    wait_for_status stopped
    ok delete "$ID"
    nothing_left
}

@test "a user namespace without mappings is refused" {
    config '.linux.namespaces += [{"type": "user"}]'
    create_refused
}

@test "mappings that overlap are refused" {
    map_users
    config '.linux.uidMappings += [{"containerID": 5, "hostID": 500000, "size": 10}]'
    create_refused
}

@test "a user who is not mapped is refused" {
    map_users
    config '.process.user.uid = 60000'
    create_refused
}
