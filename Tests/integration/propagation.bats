# rootfsPropagation, word by word: what mountinfo says inside, which mounts travel, and that none of the container's reaches the host.

load helpers
load mountinfo

# The container's mounts are seen from outside through the process, where the root's propagation shows.
allow_mounting() {
    config '.process.capabilities.bounding += ["CAP_SYS_ADMIN"] | .process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.capabilities.permitted += ["CAP_SYS_ADMIN"]'
}

# The propagation of / and of a mount below it, as mountinfo says it inside.
root_and_below() {
    echo "$(propagation_at "$stdout" /) - $(propagation_at "$stdout" /proc)"
}

# Has a container mount something in its root, a shared mount of the host, with each of the words.
nothing_reaches_the_host() {
    mount --bind "$B/rootfs" "$B/rootfs"
    mount --make-shared "$B/rootfs"
    mkdir "$B/rootfs/made"
    allow_mounting
    local word before
    before=$(mount_points)
    for word in "$@"; do
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        rm -f "$B/rootfs/up"
        program 'mount -t tmpfs tmpfs /made && : >/up; sleep 100'
        create
        ok start "$ID"
        wait_until test -e "$B/rootfs/up"
        equal "$word $(mount_points)" "$word $before"
        ok delete --force "$ID"
    done
    umount "$B/rootfs"
}

# bats test_tags=row:L29
@test "private, slave and their r-forms leave the root without peers" {
    local word
    for word in private rprivate slave rslave; do
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        inside_ok 'cat /proc/self/mountinfo'
        equal "$word $(root_and_below)" "$word  - "
    done
}

# Debian's runc leaves the root private.
# bats test_tags=row:L29, runc-breaks, runc-breaks:older
@test "shared and unbindable reach the root, their r-forms the mounts below too" {
    config '.linux.rootfsPropagation = "shared"'
    inside_ok 'cat /proc/self/mountinfo'
    contains "$(propagation_at "$stdout" /)" shared
    config '.linux.rootfsPropagation = "rshared"'
    inside_ok 'cat /proc/self/mountinfo'
    contains "$(propagation_at "$stdout" /)" shared
    contains "$(propagation_at "$stdout" /proc)" shared
    config '.linux.rootfsPropagation = "unbindable"'
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(propagation_at "$stdout" /) - $(propagation_at "$stdout" /proc)" "unbindable - "
    config '.linux.rootfsPropagation = "runbindable"'
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(propagation_at "$stdout" /) - $(propagation_at "$stdout" /proc)" "unbindable - unbindable"
}

# bats test_tags=row:L29, runc-breaks, runc-breaks:older
@test "an unbindable root cannot be bound inside" {
    config '.linux.rootfsPropagation = "unbindable"'
    allow_mounting
    inside_ok 'mkdir -p /copy; mount --bind / /copy 2>/dev/null && echo bound; true'
    equal "$stdout" ""
    config '.linux.rootfsPropagation = "private"'
    inside_ok 'mount --bind / /copy 2>/dev/null && echo bound; true'
    equal "$stdout" bound
}

# bats test_tags=row:L29
@test "private and slave let no mount of the container reach the host" {
    nothing_reaches_the_host private rprivate slave rslave
}

# Debian's runc fails.
# bats test_tags=row:L29, runc-breaks, runc-breaks:older
@test "unbindable lets no mount of the container reach the host" {
    nothing_reaches_the_host unbindable runbindable
}

# bats test_tags=row:L29
@test "a slave root sees the host's later mounts, a private one does not" {
    mkdir "$B/rootfs/later"
    mount --bind "$B/rootfs" "$B/rootfs"
    mount --make-shared "$B/rootfs"
    local word
    for word in rslave rprivate; do
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        running
        mount -t tmpfs tmpfs "$B/rootfs/later"
        touch "$B/rootfs/later/$word"
        ls "/proc/$(pid_of)/root/later" >>"$T/seen"
        umount "$B/rootfs/later"
        ok delete --force "$ID"
        rm -f "$B/rootfs/up"
    done
    umount "$B/rootfs"
    equal "$(cat "$T/seen")" rslave
}

# bats test_tags=row:L29
@test "rootfsPropagation works in a user namespace" {
    config '.linux.namespaces += [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 10000}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 100000, "size": 10000}]'
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:100000 "$B/rootfs"
    local word
    for word in private slave; do
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        inside_ok 'cat /proc/self/mountinfo'
        lacks "$word $(propagation_at "$stdout" /)" shared
    done
}

# bats test_tags=row:L29
@test "another word is refused" {
    local word
    for word in foo Shared "" rrshared; do
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        [ -n "$word" ] || continue
        create_refused
    done
}
