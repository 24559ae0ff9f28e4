# Id-mapped mounts: who owns the files of a bind mount, with the mount's own maps, with the container's, and in crun's short form.

load helpers
load mountinfo

ENOSYS=38
MOUNT_SETATTR=442
OPEN_TREE=428

setup() {
    prepare
    can_map || skip "this kernel maps no owners on a tmpfs (Linux 6.3)"
    mkdir -p "$T/source/sub"
    chmod 755 "$T" "$B" "$T/source"
    for id in 0 5 9; do
        echo x >"$T/source/$id"
        chown "$id:$id" "$T/source/$id"
    done
}

# Whether the kernel maps owners on the file system of $T: asks it with the numbers of open_tree and mount_setattr.
can_map() {
    python3 - "$T" <<'PY'
import ctypes, os, signal, sys
libc = ctypes.CDLL(None, use_errno=True)
reading, writing = os.pipe()
pid = os.fork()
if pid == 0:
    os.write(writing, b"x" if libc.unshare(0x10000000) == 0 else b"-")
    signal.pause()
ok = os.read(reading, 1) == b"x"
if ok:
    for kind in "ug":
        open(f"/proc/{pid}/{kind}id_map", "w").write("0 1000 1")
    namespace = os.open(f"/proc/{pid}/ns/user", os.O_RDONLY)
    tree = libc.syscall(428, -100, sys.argv[1].encode(), 0x80001)
    attributes = (ctypes.c_uint64 * 4)(0x100000, 0, 0, namespace)
    ok = tree >= 0 and libc.syscall(442, tree, b"", 0x1000, attributes, 32) == 0
os.kill(pid, signal.SIGKILL)
os.waitpid(pid, 0)
sys.exit(0 if ok else 1)
PY
}

# Gives the last mount maps of its own: first user and first group outside, count (and the first id in the file system).
own_maps() {
    config --argjson uid "$1" --argjson gid "$2" --argjson size "$3" --argjson first "${4:-0}" \
        '.mounts[-1] += {uidMappings: [{containerID: $first, hostID: $uid, size: $size}], gidMappings: [{containerID: $first, hostID: $gid, size: $size}]}'
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "a mount's own maps say whom its files belong to, without a user namespace" {
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 1000 2000 8
    inside_ok 'stat -c %u:%g /mnt/0 /mnt/5 /mnt/9 /mnt'
    equal "$stdout" $'1000:2000\n1005:2005\n65534:65534\n1000:2000'
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "what is made in an id-mapped mount belongs to the id in the file system" {
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 1000 2000 8
    config '.process.user = {uid: 1003, gid: 2004}'
    chmod 777 "$T/source"
    inside_ok 'touch /mnt/new; stat -c %u:%g /mnt/new'
    equal "$stdout" 1003:2004
    equal "$(stat -c %u:%g "$T/source/new")" 3:4
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "without maps an id-mapped mount has those of the container's user namespace" {
    map_users
    add_mount /mnt none "$T/source" bind,idmap
    add_mount /plain none "$T/source" bind
    inside_ok 'stat -c %u:%g /mnt/0 /mnt/5 /plain/5; touch /mnt/new; stat -c %u:%g /mnt/new'
    equal "$stdout" $'0:0\n5:5\n65534:65534\n0:0'
    equal "$(stat -c %u:%g "$T/source/new")" 0:0
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "a mount's own maps come before those of the container" {
    map_users
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 100100 200200 8
    inside_ok 'stat -c %u:%g /mnt/0 /mnt/5'
    equal "$stdout" $'100:200\n105:205'
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "maps without the word map the owners too" {
    add_mount /mnt none "$T/source" bind
    own_maps 1000 2000 8
    inside_ok 'stat -c %u:%g /mnt/5'
    equal "$stdout" 1005:2005
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:own
@test "crun's short form names the ids in the option, also those of the container" {
    add_mount /mnt none "$T/source" 'bind,idmap=uids=0-1000-5#5-3000-1;gids=0-2000-8'
    inside_ok 'stat -c %u:%g /mnt/0 /mnt/5'
    equal "$stdout" $'1000:2000\n3000:2005'
    map_users
    config '.mounts[-1].options = ["bind", "idmap=uids=@0-100-8;gids=@0-200-8"]'
    inside_ok 'stat -c %u:%g /mnt/0 /mnt/5'
    equal "$stdout" $'100:200\n105:205'
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "idmap maps the mount, ridmap those below it too" {
    mount -t tmpfs tmpfs "$T/source/sub"
    add_mount /one none "$T/source" rbind,idmap
    own_maps 1000 2000 8
    add_mount /all none "$T/source" rbind,ridmap
    own_maps 1000 2000 8
    inside_ok 'stat -c %u:%g /one /one/sub /all /all/sub'
    umount "$T/source/sub"
    equal "$stdout" $'1000:2000\n0:0\n1000:2000\n1000:2000'
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "an id-mapped mount takes the other options of bind mounts" {
    map_users
    mount -t tmpfs tmpfs "$T/source/sub"
    add_mount /tree none "$T/source" rbind,ridmap,rro,rnosuid,noexec
    add_mount /file none "$T/source/5" bind,idmap,ro
    inside_ok 'cat /proc/self/mountinfo; touch /tree/new /tree/sub/new 2>/dev/null && echo written; stat -c "%u %n" /file /tree/sub'
    umount "$T/source/sub"
    matches "$(flags_at "$stdout" /tree)" '^ro,nosuid,noexec,'
    matches "$(flags_at "$stdout" /tree/sub)" '^ro,nosuid,relatime.*idmapped'
    contains "$stdout" $'5 /file\n0 /tree/sub'
    lacks "$stdout" written
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:older
@test "an id-mapped mount is no peer of the host's mount, unless as a slave" {
    mount --bind "$T/source" "$T/source"
    mount --make-shared "$T/source"
    config '.process.capabilities.bounding += ["CAP_SYS_ADMIN"] | .process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.capabilities.permitted += ["CAP_SYS_ADMIN"]'
    local before
    before=$(mount_points)
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 1000 2000 8
    add_mount /slave none "$T/source" bind,idmap,slave
    own_maps 1000 2000 8
    program 'stat -c %u /slave/5 >/owner; mount -t tmpfs tmpfs /mnt/sub && cat /proc/self/mountinfo >/info; exec sleep 100'
    create
    ok start "$ID"
    wait_until test -s "$B/rootfs/info"
    local info after
    info=$(cat "$B/rootfs/info") after=$(mount_points)
    ok delete --force "$ID"
    umount -R "$T/source"
    equal "$(cat "$B/rootfs/owner")" 1005
    equal "$after" "$before"
    lacks "$(propagation_at "$info" /mnt)" shared
    equal "$(propagation_at "$info" /slave)" master
}

# runc has no root without a mount namespace.
# bats test_tags=row:C10, runc-breaks
@test "owners are mapped without a mount namespace too" {
    config '.linux.namespaces |= map(select(.type != "mount"))'
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 1000 2000 8
    inside_ok 'stat -c %u:%g /mnt/5'
    equal "$stdout" 1005:2005
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:own
@test "each map needs one user namespace, and nothing of it stays open" {
    add_mount /a none "$T/source" bind,idmap
    own_maps 1000 2000 8
    add_mount /b none "$T/source" bind,idmap
    own_maps 1000 2000 8
    add_mount /c none "$T/source" bind,idmap
    own_maps 1001 2000 8
    create
    equal "$(ls "/proc/$(pid_of)/fd" | wc -l)" 4 # standard streams and the gate
    ok delete --force "$ID"
    runtime_through strace -f -qq -e trace=clone,clone3 -o "$T/trace"
    inside_ok 'stat -c %u /a/5 /b/5 /c/5'
    RUNTIME=$plain
    equal "$stdout" $'1005\n1005\n1006'
    equal "$(grep -c CLONE_NEWUSER "$T/trace")" 2
}

# bats test_tags=row:C10, runc-breaks
@test "a file system that maps no owners is named" {
    add_mount /mnt none /proc/self/net bind,idmap
    own_maps 1000 2000 8
    create_refused
    says "mounts[6].options[1]: map the owners of /proc/self/net for /mnt (its file system proc does not support it): mount_setattr(2)"
}

# bats test_tags=row:C10, runc-breaks
@test "a kernel that maps no owners is named" {
    command -v cc >/dev/null || skip "no C compiler for the filter"
    cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 1000 2000 8
    local call
    for call in $OPEN_TREE $MOUNT_SETATTR; do
        runtime_through "$T/refuse" $ENOSYS "$call"
        create_refused
        says "clone $T/source for /mnt, which needs Linux 5.12 because its owners are mapped"
        RUNTIME=$plain
    done
}

# bats test_tags=row:C10
@test "a source that is not there is refused before anything is made" {
    add_mount /mnt none "$T/no-such" bind,idmap
    own_maps 1000 2000 8
    create_refused
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:silent
@test "without maps and a user namespace idmap is refused" {
    add_mount /mnt none "$T/source" bind,idmap
    create_refused
    says "mounts[6].options[1]: needs uidMappings and gidMappings, or a user namespace"
}

# bats test_tags=row:C11, runc-breaks
@test "one map alone is refused" {
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 1000 2000 8
    config 'del(.mounts[-1].gidMappings)'
    create_refused
    says "mounts[6].gidMappings: must be present together with uidMappings"
}

# bats test_tags=row:C10, runc-breaks, runc-breaks:silent
@test "a map that the runtime may not write is refused, and leaves nothing" {
    add_mount /mnt none "$T/source" bind,idmap
    own_maps 4294967290 2000 5
    runtime_through setpriv --bounding-set=-setuid --inh-caps=-setuid
    create_refused
    RUNTIME=$plain
    says "mounts[6].options[1]: make a user namespace for an id-mapped mount"
}
