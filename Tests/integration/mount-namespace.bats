# Containers that share the runtime's mount namespace: nothing of them is mounted there, and still their root is complete.
#
# runc mounts into the caller's tree instead and leaves that behind, so that hardly a test here can pass with it.

load helpers

setup() {
    prepare
    # Without masks runc gets as far as it can.
    config '.linux.namespaces |= map(select(.type != "mount")) | del(.linux.maskedPaths, .linux.readonlyPaths)'
    table=$(</proc/self/mountinfo)
}

# The mount table, to the byte, is what it was before the test.
table_is_unchanged() {
    diff <(echo "$table") /proc/self/mountinfo || fail "the mount table has changed"
}

# A hook of the kind $1 that runs the shell script $2 with bash.
hook() {
    config --arg kind "$1" --arg script "$2" '.hooks[$kind] = [{path: "/bin/bash", args: ["bash", "-c", $script], env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin"]}]'
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "the process is in the runtime's mount namespace" {
    inside_ok 'readlink /proc/self/ns/mnt; cat /proc/self/mountinfo'
    equal "$stdout" "$(readlink /proc/self/ns/mnt)"
    create
    equal "$(readlink "/proc/$(pid_of)/ns/mnt")" "$(readlink /proc/self/ns/mnt)"
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "the mount table is the same before, while and after" {
    mkdir "$T/source"
    mount -t tmpfs tmpfs "$T/source"
    mount --make-shared "$T/source"
    add_mount /mnt none "$T/source" rbind,ro
    table=$(</proc/self/mountinfo)
    hook createRuntime "cat /proc/self/mountinfo >$T/in-hook"
    running
    table_is_unchanged
    ok kill "$ID" KILL
    wait_for_status stopped
    table_is_unchanged
    ok delete "$ID"
    table_is_unchanged
    equal "$(<"$T/in-hook")" "$table"
    umount "$T/source"
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "a create that fails on its way leaves the mount table as it was" {
    local filter
    cp "$B/config.json" "$T/good.json"
    for filter in '.mounts += [{destination: "/mnt", source: "/no/such", options: ["bind"]}]' \
        '.mounts += [{destination: "/mnt", type: "tmpfs", options: ["nosuch=1"]}]' \
        '.process.args = ["no-such-program"]' '.process.cwd = "/etc/passwd"' \
        '.hooks.createRuntime = [{path: "/bin/false"}]' '.hooks.createContainer = [{path: "/bin/false"}]'; do
        cp "$T/good.json" "$B/config.json"
        config "$filter"
        create_refused
        table_is_unchanged
    done
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "a create that is killed leaves the mount table as it was" {
    local kind
    for kind in createRuntime createContainer; do
        rm -f "$T/up"
        config 'del(.hooks)'
        blocking_hook "$kind"
        rt_in_background create --bundle "$B" "$ID"
        wait_until test -s "$T/up"
        table_is_unchanged
        kill_background
        wait_for_status stopped
        ok delete "$ID"
        table_is_unchanged
        # One in the runtime's namespaces outlives it.
        end_hook
    done
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "the root has its mounts, devices and links" {
    mkdir "$T/source"
    echo hello >"$T/source/file"
    add_mount /mnt none "$T/source" bind
    inside_ok 'cat /mnt/file; stat -f -c %T /proc /sys /dev/shm; stat -c %t:%T /dev/null; readlink /dev/ptmx; ls -d /proc/1/root/bin/busybox; echo x >/dev/shm/file; pwd'
    equal "$stdout" $'hello\nproc\nsysfs\ntmpfs\n1:3\npts/ptmx\n/proc/1/root/bin/busybox\n/'
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "an overlay on / is the root" {
    mkdir "$T"/{upper,work}
    config --arg options "lowerdir=$B/rootfs,upperdir=$T/upper,workdir=$T/work" \
        '.mounts = [{destination: "/", type: "overlay", source: "overlay", options: ($options | split(","))}] + .mounts'
    inside_ok 'echo new >/new; stat -f -c %T /proc'
    equal "$stdout" proc
    equal "$(cat "$T/upper/new")" new
    table_is_unchanged
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "a read-only root, masks and read-only paths hold" {
    echo secret >"$B/rootfs/etc/secret"
    mkdir "$B/rootfs/secrets" "$B/rootfs/fixed"
    touch "$B/rootfs/secrets/one"
    config '.root.readonly = true | .linux.maskedPaths = ["/etc/secret", "/secrets"] | .linux.readonlyPaths = ["/fixed", "/proc/sys"]'
    add_mount /fixed tmpfs tmpfs ''
    inside_ok 'cat /etc/secret; ls -A /secrets; for f in /x /fixed/x /proc/sys/kernel/domainname /secrets/x /dev/x; do echo x 2>/dev/null >$f && echo written $f; done; true'
    equal "$stdout" "written /dev/x"
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "the process cannot climb out of its root" {
    inside_ok 'cd ..; cd ../..; ls -d bin/busybox; ls -d /../bin/busybox; ls -d /proc/self/root/../bin/busybox; ls -A / | grep -c .; readlink /proc/self/cwd'
    equal "$stdout" $'bin/busybox\n/../bin/busybox\n/proc/self/root/../bin/busybox\n'"$(ls -A "$B/rootfs" | grep -c .)"$'\n/'
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "what leaves a chroot ends at the container's root" {
    command -v cc >/dev/null || skip "no C compiler for the program that tries"
    cc -static -o "$B/rootfs/bin/escape" "$BATS_TEST_DIRNAME/escape.c"
    [ -e /etc/os-release ] && [ ! -e "$B/rootfs/etc/os-release" ]
    local set
    for set in bounding effective permitted; do config --arg set "$set" '.process.capabilities[$set] += ["CAP_SYS_CHROOT"]'; done
    inside_ok 'escape /etc/os-release; escape /bin/busybox'
    equal "$stdout" $'held\nescaped'
    # It does leave a folder with chroot(2) alone, or it would prove nothing.
    equal "$(chroot "$B/rootfs" /bin/escape /etc/os-release)" escaped
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "nothing can be mounted and detached inside, not even with CAP_SYS_ADMIN" {
    local set
    for set in bounding effective permitted; do config --arg set "$set" '.process.capabilities[$set] += ["CAP_SYS_ADMIN"]'; done
    inside_ok 'mount -t tmpfs tmpfs /tmp && echo mounted; mount --bind /bin /tmp && echo bound; umount /proc && echo detached; ls -d /proc/self'
    equal "$stdout" /proc/self
    table_is_unchanged
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "createContainer hooks find the root before it is copied" {
    hook createContainer "readlink /proc/self/ns/mnt >$T/namespace; mount -t tmpfs hook tmp && echo made >tmp/by-hook"
    inside_ok 'cat /tmp/by-hook'
    equal "$stdout" made
    [ "$(<"$T/namespace")" != "$(readlink /proc/self/ns/mnt)" ]
    table_is_unchanged
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "--no-pivot changes nothing" {
    inside_ok 'readlink /proc/self/ns/mnt; ls -d /proc/self' --no-pivot
    equal "$stdout" "$(readlink /proc/self/ns/mnt)"$'\n/proc/self'
    table_is_unchanged
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "the file systems end with the last process" {
    mkdir "$T"/{upper,work,again}
    local options="index=on,upperdir=$T/upper,workdir=$T/work,lowerdir=$B/rootfs"
    add_mount /mnt overlay overlay "$options"
    running
    # An overlay with an index holds its folders for itself.
    ! mount -t overlay -o "$options" overlay "$T/again" 2>/dev/null || fail "the container's overlay is gone"
    ok delete --force "$ID"
    wait_until mount -t overlay -o "$options" overlay "$T/again"
    umount "$T/again"
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "a container may share every namespace" {
    config 'del(.hostname) | .linux.namespaces = [] | .mounts |= map(select(.type != "mqueue"))'
    inside_ok 'for n in mnt pid net ipc uts user cgroup; do readlink /proc/self/ns/$n; done; ls -d /proc/self/root/bin/busybox'
    equal "$stdout" "$(for n in mnt pid net ipc uts user cgroup; do readlink "/proc/self/ns/$n"; done; echo /proc/self/root/bin/busybox)"
    table_is_unchanged
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "propagation other than private is refused" {
    mkdir "$T/source"
    cp "$B/config.json" "$T/good.json"
    local word
    for word in shared rshared slave rslave unbindable runbindable; do
        cp "$T/good.json" "$B/config.json"
        add_mount /mnt none "$T/source" "bind,$word"
        create_refused
        says "mounts[6].options[1]: needs a mount namespace, is \"$word\""
    done
    for word in shared slave unbindable; do
        cp "$T/good.json" "$B/config.json"
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        create_refused
        says "linux.rootfsPropagation: needs a mount namespace unless private, is \"$word\""
    done
    cp "$T/good.json" "$B/config.json"
    add_mount /mnt none "$T/source" rbind,rprivate
    config '.linux.rootfsPropagation = "rprivate"'
    inside_ok 'ls -d /mnt'
}

# bats test_tags=runc-breaks, runc-breaks:host-mounts
@test "a user namespace without a mount namespace is refused" {
    config '.linux.namespaces += [{"type": "user"}] | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}]
        | .linux.gidMappings = .linux.uidMappings'
    create_refused
    says "linux.namespaces[4].type: needs a mount namespace beside it"
    table_is_unchanged
}
