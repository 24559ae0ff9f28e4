# Kernels and seccomp filters without the newer system calls. A filter answers them with an errno, as one of them would.

load helpers

# These numbers are the same on every architecture.
MOUNT_CALLS=428,429,430,431,432,433,442 # open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
OPEN_TREE=428
MOUNT_SETATTR=442
CLONE3=435
OPENAT2=437
CLOSE_RANGE=436
PIDFD_OPEN=434
ENOSYS=38
EPERM=1

# Uses every kind of mount there is.
use_all_mounts() {
    mkdir -p "$T/src/below" "$T/rw"
    echo data >"$T/src/file"
    mount -t tmpfs fallback "$T/src/below"
    add_mount /bound bind "$T/src" rbind,ro,nosuid,nodev
    add_mount /single bind "$T/src" bind,noexec,noatime
    add_mount /bound-file bind "$T/src/file" bind,ro
    add_mount /writable bind "$T/rw" bind,rprivate
    add_mount /slave bind "$T/rw" rbind,rslave
    add_mount /scratch tmpfs tmpfs nosuid,strictatime,size=1m,mode=700
    add_mount /frozen tmpfs tmpfs ro,nodev,nodiratime
    add_mount /scratch none none remount,noexec,nosuid,size=2m
    add_mount /writable none "$T/rw" remount,bind,nodev
    add_mount /sys/fs/cgroup cgroup cgroup ro,nosuid,noexec,nodev
    config '.root.readonly = true
        | .linux.maskedPaths += ["/single/below", "/home", "/etc/group"]
        | .linux.readonlyPaths += ["/bound-file", "/writable"]
        | .linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 3, fileMode: 438, uid: 0, gid: 0}]'
}

# Mount points and their flags, roots and types as the container sees them, and whether what it may do is the same.
view() {
    inside_ok 'cut -d " " -f 4-6 /proc/self/mountinfo | sort; sed "s/.* - //" /proc/self/mountinfo | cut -d " " -f 1 | sort;
        sed "s/ - .*//" /proc/self/mountinfo | cut -d " " -f 7- | sed "s/[0-9][0-9]*/N/";
        ls /home /single/below; cat /bound-file /etc/group; for f in /x /bound/x /bound-file /writable/x /frozen/x /scratch/x /slave/x; do
        if echo x 2>/dev/null >$f; then echo "$f written"; fi; done; stat -c "%F %t:%T" /dev/mine /dev/null; df -k /scratch | tail -n 1 | awk "{ print \$2 }"'
    rm -f "$T/rw/x" "$B/rootfs"/{x,bound-file} # what was written
    echo "$stdout" | sed "s/$ID/ID/g"
}

same_view() {
    local expected got
    expected=$(view)
    refuse "$1" "$2"
    got=$(view)
    RUNTIME=$plain
    umount -l "$T/src/below" 2>/dev/null || true
    contains "$expected" "/ /proc "
    diff <(echo "$expected") <(echo "$got") || fail "the container differs"
}

@test "a container is the same without the new mount calls" {
    use_all_mounts
    same_view $ENOSYS $MOUNT_CALLS
}

@test "a container is the same where a filter forbids the new mount calls" {
    use_all_mounts
    same_view $EPERM $MOUNT_CALLS
}

@test "a container is the same without mount_setattr" {
    use_all_mounts
    same_view $ENOSYS $MOUNT_SETATTR
}

@test "a container is the same where a filter forbids mount_setattr" {
    use_all_mounts
    same_view $EPERM $MOUNT_SETATTR
}

@test "shared propagation works without the new mount calls" {
    config '.linux.rootfsPropagation = "shared"'
    same_view $ENOSYS $MOUNT_CALLS
}

# With runc no mount is shared inside.
# bats test_tags=runc-breaks
@test "shared propagation works where statx does not tell the top of a mount" {
    cc -o "$T/hide-mount-root" "$BATS_TEST_DIRNAME/hide-mount-root.c"
    config '.linux.rootfsPropagation = "shared"'
    runtime_through "$T/hide-mount-root"
    inside_ok 'awk "\$5 == \"/\"" /proc/self/mountinfo'
    RUNTIME=$plain
    contains "$stdout" "shared:"
}

@test "a container with a user namespace is the same without the new mount calls" {
    config '.linux.namespaces += [{type: "user"}]
        | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
        | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]'
    chown -R 100000:100000 "$B/rootfs"
    chmod 755 "$T" "$B"
    mkdir -p "$T/src/below"
    add_mount /bound bind "$T/src" rbind,ro
    same_view $ENOSYS $MOUNT_CALLS
}

# Go makes its threads with clone3 too, and takes EPERM for an answer.
# bats test_tags=runc-breaks
@test "without clone3 the container enters its cgroups by itself" {
    local number cgroups
    for number in $ENOSYS $EPERM; do
        inside_ok 'cat /proc/self/cgroup'
        cgroups=$stdout
        contains "$cgroups" "$CGROUP"
        refuse "$number" $CLONE3
        inside_ok 'cat /proc/self/cgroup'
        RUNTIME=$plain
        equal "$stdout" "$cgroups"
    done
}

@test "a container is the same without openat2 and close_range" {
    use_all_mounts
    same_view $ENOSYS $OPENAT2,$CLOSE_RANGE
}

# runc warns of it into the container's output.
# bats test_tags=runc-breaks
@test "a container is the same where a filter forbids openat2" {
    use_all_mounts
    same_view $EPERM $OPENAT2
}

# runc needs no open_tree there: it mounts on the host.
# bats test_tags=runc-breaks
@test "without open_tree a container without a mount namespace is refused" {
    config '.linux.namespaces |= map(select(.type != "mount"))'
    local number
    for number in $ENOSYS $EPERM; do
        refuse "$number" $OPEN_TREE
        create_refused
        says "linux.namespaces: prepare a root without a mount namespace: open_tree(2)"
        RUNTIME=$plain
    done
    refuse $ENOSYS $MOUNT_SETATTR
    inside_ok 'readlink /proc/self/ns/mnt; ls -d /proc/self'
    RUNTIME=$plain
    equal "$stdout" "$(readlink /proc/self/ns/mnt)"$'\n/proc/self'
}

# runc has no use for it.
# bats test_tags=runc-breaks
@test "run without pidfd_open fails and leaves nothing" {
    refuse $ENOSYS $PIDFD_OPEN
    fails run --bundle "$B" "$ID"
    says pidfd_open
    fails run --detach --bundle "$B" "$ID"
    nothing_left
    RUNTIME=$plain
}

# runc cannot make its threads below such a filter.
# bats test_tags=runc-breaks
@test "without clone3 a user namespace is joined by way of clone" {
    unshare --user sleep 300 3>&- >/dev/null 2>&1 &
    holder=$! unsharer=$!
    wait_until eval '[ "$(readlink "/proc/$holder/ns/user")" != "$(readlink /proc/self/ns/user)" ]'
    echo 0 100000 1000 >"/proc/$holder/gid_map"
    echo 0 100000 1000 >"/proc/$holder/uid_map"
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:100000 "$B/rootfs"
    join user "/proc/$holder/ns/user"
    # Older versions of runc want them beside the path.
    config '.linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 1000}] | .linux.gidMappings = .linux.uidMappings'
    for errno in "$ENOSYS" "$EPERM"; do
        refuse "$errno" "$CLONE3"
        inside_ok 'echo $$; readlink /proc/self/ns/user'
        equal "$stdout" $'1\n'"$(readlink "/proc/$holder/ns/user")"
    done
    let_go
}
