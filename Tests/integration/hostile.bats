# Root file systems that try to reach the host. $T/outside stands for it: nothing may appear or change there.

load helpers

setup_outside() {
    mkdir "$T/outside"
    echo canary >"$T/outside/canary"
    chmod 640 "$T/outside/canary"
    outside_before=$(outside)
}

# Names, kinds, modes, owners and contents of what lies outside.
outside() {
    (cd "$T/outside" && find . -printf '%p %y %m %U:%G %l\n' | sort && cat canary)
}

unharmed() {
    equal "$(outside)" "$outside_before"
}

# Runs the container, which may be refused, and looks that nothing happened outside.
attempt() {
    inside "${1:-true}"
    [ "$ran" = yes ] || [ "$status" -eq 1 ] || fail "the container neither ran nor was refused ($status)"
    unharmed
    nothing_left
}

@test "the target of a mount is not made outside through an absolute link" {
    setup_outside
    ln -s "$T/outside" "$B/rootfs/link"
    add_mount /link/made tmpfs tmpfs mode=755
    attempt
}

@test "the target of a mount is not made outside through a relative link" {
    setup_outside
    ln -s "../../../../../../../../../../..$T/outside" "$B/rootfs/link"
    add_mount /link/made tmpfs tmpfs mode=755
    attempt
}

@test "the target file of a bind mount is not made outside" {
    setup_outside
    ln -s "$T/outside" "$B/rootfs/link"
    ln -s "$T/outside/dangling" "$B/rootfs/file"
    add_mount /link/file none "$SUITE_SCRATCH/busybox" bind,ro
    add_mount /file none "$SUITE_SCRATCH/busybox" bind,ro
    attempt
}

@test "a mount on a link to a file outside does not cover that file" {
    setup_outside
    ln -s "$T/outside/canary" "$B/rootfs/file"
    add_mount /file none "$SUITE_SCRATCH/busybox" bind,ro
    attempt
}

@test "dots in a target do not lead outside" {
    setup_outside
    add_mount "/../../../../../../../../../..$T/outside/made" tmpfs tmpfs mode=755
    attempt
}

@test "links inside the image are followed inside the image" {
    mkdir "$B/rootfs/run"
    ln -s /run "$B/rootfs/var/run"
    add_mount /var/run/made tmpfs tmpfs mode=755
    inside_ok 'awk "\$5 ~ /made/ { print \$5 }" /proc/self/mountinfo'
    equal "$stdout" /run/made
}

@test "an absolute link is resolved beneath the root" {
    setup_outside
    mkdir -p "$B/rootfs$T/outside"
    ln -s "$T/outside" "$B/rootfs/link"
    add_mount /link/made tmpfs tmpfs mode=755
    inside_ok 'awk "\$5 ~ /made/ { print \$5 }" /proc/self/mountinfo'
    equal "$stdout" "$T/outside/made"
    unharmed
}

@test "a loop of links is an error, not an endless one" {
    ln -s loop2 "$B/rootfs/loop1"
    ln -s loop1 "$B/rootfs/loop2"
    add_mount /loop1/made tmpfs tmpfs mode=755
    create_refused
}

@test "a listed device is not made outside" {
    setup_outside
    ln -s "$T/outside" "$B/rootfs/link"
    config '.linux.devices = [{"path": "/link/null", "type": "c", "major": 1, "minor": 3, "fileMode": 438}]'
    attempt
}

# CVE-2026-41579, CVE-2026-47766: links and ptmx were made by path before the pivot.
# bats test_tags=runc-breaks, runc-breaks:security
@test "default devices and links are not made outside when /dev of the image is a link" {
    setup_outside
    touch "$T/outside/ptmx"
    outside_before=$(outside)
    rmdir "$B/rootfs/dev"
    ln -s "$T/outside" "$B/rootfs/dev"
    config '.mounts |= map(select(.destination | startswith("/dev") | not))'
    attempt
}

# CVE-2025-31133: the container's own /dev/null was bound over masked paths.
# bats test_tags=runc-breaks, runc-breaks:security
@test "a mask hides a path although /dev/null of the image is a link" {
    setup_outside
    echo secret >"$B/rootfs/etc/secret"
    echo visible >"$B/rootfs/etc/visible"
    rm -rf "$B/rootfs/dev"
    mkdir "$B/rootfs/dev"
    ln -s /etc/visible "$B/rootfs/dev/null"
    config '.mounts |= map(select(.destination | startswith("/dev") | not)) | .linux.maskedPaths = ["/etc/secret"]'
    attempt 'stat -c %F /etc/secret'
    [ "$ran" = no ] || equal "$stdout" "character special file"
}

@test "a mask that is a link masks inside" {
    setup_outside
    ln -s "$T/outside/canary" "$B/rootfs/etc/secret"
    config '.linux.maskedPaths = ["/etc/secret"]'
    attempt 'true'
}

@test "/proc and /sys of the image have to be real folders" {
    mkdir "$B/rootfs/elsewhere"
    local name
    for name in proc sys; do
        rmdir "$B/rootfs/$name"
        ln -s /elsewhere "$B/rootfs/$name"
        create_refused
        rm "$B/rootfs/$name"
        mkdir "$B/rootfs/$name"
    done
    create
}

@test "nothing may be mounted into /proc by name" {
    mkdir "$T/source"
    echo fake >"$T/file"
    add_mount /proc/sys none "$T/source" bind
    create_refused
    config '.mounts |= .[:-1]'
    add_mount /proc/self/attr/exec none "$T/file" bind
    create_refused
}

@test "a bind mount over /proc has to be a proc file system" {
    mkdir "$T/source"
    config '.mounts |= map(select(.destination != "/proc"))'
    add_mount /proc none "$T/source" bind
    create_refused
}

@test "the working folder cannot be one of the host through a descriptor" {
    # CVE-2024-21626. With a descriptor of the caller open on a host folder, too.
    setup_outside
    local number
    exec 9<"$T/outside"
    for number in 3 5 6 7 8 9 10; do
        config --arg cwd "/proc/self/fd/$number" '.process.cwd = $cwd'
        inside 'cat canary; cat ../../../../../../../../../../etc/hostname; ls -A'
        lacks "$stdout" canary
        [ "$ran" = yes ] || [ "$status" -eq 1 ]
    done
    exec 9<&-
    unharmed
    nothing_left
}

@test "a passwd file that is a link to the host is not read" {
    setup_outside
    echo 'root:x:0:0:root:/from/outside:/bin/sh' >"$T/outside/canary"
    outside_before=$(outside)
    rm "$B/rootfs/etc/passwd"
    ln -s "$T/outside/canary" "$B/rootfs/etc/passwd"
    attempt 'echo $HOME'
    lacks "$stdout" outside
}

# bats test_tags=runc-breaks, runc-breaks:security
@test "a passwd file that is a pipe does not block" {
    rm "$B/rootfs/etc/passwd"
    mkfifo "$B/rootfs/etc/passwd"
    CALL_SECONDS=10
    inside true
    [ "$ran" = yes ] || [ "$status" -eq 1 ]
}

@test "a passwd file of a million lines does not block" {
    yes 'a:x:5:5::/:' | head -n 1000000 >"$B/rootfs/etc/passwd"
    CALL_SECONDS=10
    inside true
    [ "$ran" = yes ] || [ "$status" -eq 1 ]
}

@test "the runtime's program file is not reachable or not writable from inside" {
    # CVE-2019-5736: /proc/<pid>/exe of the waiting init is a way to the host's file.
    local before
    before=$(sha256sum <"$RUNTIME")
    config '.linux.namespaces |= map(select(.type != "pid"))'
    create
    local pid
    pid=$(pid_of)
    (exec 3>>"/proc/$pid/exe") 2>/dev/null && fail "the waiting process's program can be opened for writing"
    ok delete "$ID"
    equal "$(sha256sum <"$RUNTIME")" "$before"
}
