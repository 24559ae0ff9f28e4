# The container's root: read-only or not, default devices and links, listed devices, masked and read-only paths, pivot.

load helpers

@test "the root is writable unless it is said to be read-only" {
    inside_ok 'echo x >/file'
    equal "$(cat "$B/rootfs/file")" x
}

# bats test_tags=row:C05
@test "a read-only root refuses writes, its mounts do not" {
    config '.root.readonly = true'
    inside_ok 'echo x 2>/dev/null >/file && echo written; echo x >/dev/shm/file && echo shm; awk "\$5 == \"/\" { print \$6 }" /proc/self/mountinfo'
    equal "$stdout" $'shm\nro,relatime'
    [ ! -e "$B/rootfs/file" ]
}

@test "a read-only root does not make the host's folder read-only" {
    config '.root.readonly = true'
    create
    touch "$B/rootfs/from-host"
    ok delete "$ID"
}

@test "mount points are made in a root that will be read-only" {
    config '.root.readonly = true'
    add_mount /new/dir tmpfs tmpfs mode=755
    inside_ok 'echo x >/new/dir/file'
}

@test "the host's file systems are not reachable inside" {
    inside_ok 'ls -A /; wc -l </proc/self/mountinfo; cat /proc/self/mountinfo'
    lacks "$stdout" "$SUITE_SCRATCH/"
    contains "$stdout" "rootfs / rw"
}

@test "the first process cannot leave its root" {
    inside_ok 'cd /; cd ..; cd ..; ls -d bin/busybox; ls -d /proc/1/root/bin/busybox'
    equal "$stdout" $'bin/busybox\n/proc/1/root/bin/busybox'
}

@test "--no-pivot runs the container in a chroot-like root" {
    program 'ls /bin/busybox; cat /proc/self/mountinfo'
    ok run --no-pivot --bundle "$B" "$ID"
    contains "$stdout" /bin/busybox
    # The old root is not left behind as a mount.
    matches "$(head -n 1 <<<"$(sed 1d <<<"$stdout")")" 'rootfs / rw'
}

@test "a root that is a symbolic link is refused" {
    mv "$B/rootfs" "$B/real"
    ln -s real "$B/rootfs"
    create_refused
    rm "$B/rootfs"
}

# ---- devices --------------------------------------------------------------------------------------------------------

# bats test_tags=row:L06
@test "the default devices are there with their numbers and modes" {
    inside_ok 'for d in null zero full tty random urandom; do stat -c "%n %F %t:%T %a %u:%g" /dev/$d; done'
    equal "$stdout" "/dev/null character special file 1:3 666 0:0
/dev/zero character special file 1:5 666 0:0
/dev/full character special file 1:7 666 0:0
/dev/tty character special file 5:0 666 0:0
/dev/random character special file 1:8 666 0:0
/dev/urandom character special file 1:9 666 0:0"
}

@test "the default devices work" {
    inside_ok 'echo x >/dev/null; head -c 4 /dev/zero | od -An -tx1; head -c 8 /dev/urandom | wc -c; echo x 2>/dev/null >/dev/full || echo full'
    equal "$stdout" $' 00 00 00 00\n8\nfull'
}

# bats test_tags=row:R36, row:L06
@test "the default links are there" {
    inside_ok 'for l in fd stdin stdout stderr ptmx; do echo "$l $(readlink /dev/$l)"; done'
    equal "$stdout" "fd /proc/self/fd
stdin /proc/self/fd/0
stdout /proc/self/fd/1
stderr /proc/self/fd/2
ptmx pts/ptmx"
}

@test "default devices are made in an image's own /dev too" {
    config '.mounts |= map(select(.destination | startswith("/dev") | not))'
    inside_ok 'stat -c "%t:%T" /dev/null; echo x >/dev/null'
    equal "$stdout" 1:3
}

# bats test_tags=row:L05
@test "listed devices are made with type, numbers, mode and owner" {
    config '.linux.devices = [
        {"path": "/dev/one", "type": "c", "major": 10, "minor": 229, "fileMode": 416, "uid": 7, "gid": 8},
        {"path": "/dev/sub/two", "type": "b", "major": 7, "minor": 99, "fileMode": 432},
        {"path": "/dev/three", "type": "u", "major": 1, "minor": 7, "fileMode": 438},
        {"path": "/dev/pipe", "type": "p", "fileMode": 384}]'
    inside_ok 'stat -c "%n %F %t:%T %a %u:%g" /dev/one /dev/sub/two /dev/three; stat -c "%n %F %a" /dev/pipe'
    equal "$stdout" "/dev/one character special file a:e5 640 7:8
/dev/sub/two block special file 7:63 660 0:0
/dev/three character special file 1:7 666 0:0
/dev/pipe fifo 600"
}

@test "a listed device may stand outside of /dev" {
    config '.linux.devices = [{"path": "/mynull", "type": "c", "major": 1, "minor": 3, "fileMode": 438}]'
    inside_ok 'stat -c "%t:%T %a" /mynull'
    equal "$stdout" "1:3 666"
}

@test "the modes of devices do not depend on the caller's umask" {
    config '.linux.devices = [{"path": "/dev/one", "type": "c", "major": 1, "minor": 3, "fileMode": 438}]'
    umask 077
    inside_ok 'stat -c "%a" /dev/one /dev/null /dev/shm'
    umask 022
    equal "$stdout" $'666\n666\n1777'
}

# bats test_tags=runc-breaks, runc-breaks:L05
@test "a device whose path holds a file of another kind is refused" {
    echo precious >"$B/rootfs/mynull"
    config '.linux.devices = [{"path": "/mynull", "type": "c", "major": 1, "minor": 3, "fileMode": 438}]'
    create_refused
    equal "$(cat "$B/rootfs/mynull")" precious
}

# bats test_tags=runc-breaks, runc-breaks:L05
@test "a device whose path holds another device is refused" {
    mknod "$B/rootfs/mynull" c 1 5
    config '.linux.devices = [{"path": "/mynull", "type": "c", "major": 1, "minor": 3, "fileMode": 438}]'
    create_refused
}

@test "a device that is already there as listed is kept" {
    mknod -m 666 "$B/rootfs/mynull" c 1 3
    config '.linux.devices = [{"path": "/mynull", "type": "c", "major": 1, "minor": 3, "fileMode": 438}]'
    inside_ok 'echo x >/mynull; stat -c %t:%T /mynull'
    equal "$stdout" 1:3
}

# ---- masked and read-only paths -------------------------------------------------------------------------------------

# bats test_tags=row:L30
@test "a masked file is empty" {
    echo secret >"$B/rootfs/etc/secret"
    config '.linux.maskedPaths = ["/etc/secret"]'
    inside_ok 'cat /etc/secret; echo x >/etc/secret; cat /etc/secret'
    equal "$stdout" ""
    equal "$(cat "$B/rootfs/etc/secret")" secret
}

@test "a masked folder is empty and read-only" {
    mkdir "$B/rootfs/secrets"
    touch "$B/rootfs/secrets/one"
    config '.linux.maskedPaths = ["/secrets"]'
    inside_ok 'ls -A /secrets; echo x 2>/dev/null >/secrets/new && echo written; true'
    equal "$stdout" ""
}

@test "the masked paths of proc and sys are masked" {
    inside_ok 'wc -c </proc/keys; wc -c </proc/timer_list; ls -A /sys/firmware; awk "\$5 ~ /^.(proc.(keys|timer_list)|sys.firmware)$/ { print \$5 }" /proc/self/mountinfo | sort'
    equal "$stdout" $'0\n0\n/proc/keys\n/proc/timer_list\n/sys/firmware'
}

# bats test_tags=row:L30
@test "a masked path that is not there is skipped" {
    config '.linux.maskedPaths = ["/no/such/path", "/proc/no-such"]'
    inside_ok 'ls -d /no 2>/dev/null || echo missing'
    equal "$stdout" missing
}

# bats test_tags=row:L30
@test "read-only paths are read-only, with what lies below" {
    mkdir -p "$B/rootfs/ro/sub"
    config '.linux.readonlyPaths = ["/ro", "/proc/sys", "/no/such/path"]'
    inside_ok 'for f in /ro/a /ro/sub/b; do echo x 2>/dev/null >$f && echo written $f; done; echo inside 2>/dev/null >/proc/sys/kernel/hostname && echo changed; ls -d /ro/sub; cat /proc/sys/kernel/hostname'
    equal "$stdout" $'/ro/sub\nbox'
}

@test "a read-only file is read-only" {
    echo text >"$B/rootfs/etc/config"
    config '.linux.readonlyPaths = ["/etc/config"]'
    inside_ok 'echo x 2>/dev/null >/etc/config && echo written; cat /etc/config'
    equal "$stdout" text
}

@test "a read-only path keeps the flags of its mount" {
    config '.linux.readonlyPaths = ["/dev/shm"]'
    inside_ok 'awk "\$5 == \"/dev/shm\" { f = \$6 } END { print f }" /proc/self/mountinfo'
    equal "$stdout" ro,nosuid,nodev,noexec,relatime
}

@test "a path that is masked and read-only is masked" {
    echo secret >"$B/rootfs/etc/secret"
    config '.linux.maskedPaths = ["/etc/secret"] | .linux.readonlyPaths = ["/etc/secret"]'
    inside_ok 'cat /etc/secret'
    equal "$stdout" ""
}

@test "sysctls are written although /proc/sys becomes read-only" {
    config '.linux.sysctl = {"kernel.domainname": "d.test", "net.ipv4.ip_forward": "1"}'
    inside_ok 'cat /proc/sys/net/ipv4/ip_forward'
    equal "$stdout" 1
}
