# Mounts of type cgroup and cgroup2: version 1 and hybrid, version 2 alone; with and without namespaces, read-only and writable.

load helpers
load mountinfo

FLAGS=nosuid,noexec,nodev,relatime

setup() {
    prepare
    # Version 2 takes no device rules today.
    config 'del(.linux.resources)'
}

own_namespace() {
    config '.linux.namespaces += [{type: "cgroup"}]'
}

# The version 1 hierarchies of the host, by the names of their folders.
hierarchies() {
    awk '{ for (i = 7; $i != "-"; i++); if ($(i + 1) == "cgroup" && $5 ~ /^\/sys\/fs\/cgroup\//) print substr($5, 16) }' /proc/self/mountinfo | sort
}

# Field 4 of the mount at $2: which folder of its file system it shows.
root_at() {
    awk -v point="$2" '$5 == point { root = $4 } END { print root }' <<<"$1"
}

# Runs a container that tells what it sees, and checks each hierarchy below /sys/fs/cgroup: the folder that it shows, flags, and who is in it.
check_hierarchies() {
    local root=$1 flags=$2 name
    inside_ok 'for f in /sys/fs/cgroup/*/cgroup.procs; do read first <$f && echo "first $f $first"; done; cat /proc/self/mountinfo'
    equal "$(type_at "$stdout" /sys/fs/cgroup)" tmpfs
    for name in $(hierarchies); do
        equal "$name $(type_at "$stdout" "/sys/fs/cgroup/$name")" "$name cgroup"
        equal "$name $(root_at "$stdout" "/sys/fs/cgroup/$name")" "$name $root"
        equal "$name $(flags_at "$stdout" "/sys/fs/cgroup/$name")" "$name $flags"
        contains "$stdout" "first /sys/fs/cgroup/$name/cgroup.procs 1"
    done
}

# The same for a cgroup2 at /sys/fs/cgroup.
check_unified() {
    local root=$1 flags=$2
    inside_ok 'read first </sys/fs/cgroup/cgroup.procs; echo "first $first"; cat /proc/self/mountinfo'
    equal "$(type_at "$stdout" /sys/fs/cgroup)" cgroup2
    equal "$(root_at "$stdout" /sys/fs/cgroup)" "$root"
    equal "$(flags_at "$stdout" /sys/fs/cgroup)" "$flags"
    contains "$stdout" "first 1"
}

# ---- version 1 and hybrid -------------------------------------------------------------------------------------------

@test "without a cgroup namespace each hierarchy shows the container's own folder, read-only as asked" {
    needs_v1 pids
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    check_hierarchies "$CGROUP" ro,nosuid,nodev,noexec,relatime
}

@test "with a cgroup namespace each hierarchy is its root, read-only as asked" {
    needs_v1 pids
    own_namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    check_hierarchies / ro,nosuid,nodev,noexec,relatime
}

@test "a writable cgroup mount takes new cgroups, with and without a namespace" {
    needs_v1 pids
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,rw"
    check_hierarchies "$CGROUP" rw,nosuid,nodev,noexec,relatime
    own_namespace
    check_hierarchies / rw,nosuid,nodev,noexec,relatime
    inside_ok 'mkdir /sys/fs/cgroup/pids/inner && echo 7 >/sys/fs/cgroup/pids/inner/pids.max && cat /sys/fs/cgroup/pids/inner/pids.max && rmdir /sys/fs/cgroup/pids/inner'
    equal "$stdout" 7
}

@test "a read-only cgroup mount takes no new cgroups and no new limits" {
    needs_v1 pids
    own_namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    inside_ok 'mkdir /sys/fs/cgroup/pids/inner 2>/dev/null && echo made; echo 7 2>/dev/null >/sys/fs/cgroup/pids/pids.max && echo limited; touch /sys/fs/cgroup/new 2>/dev/null && echo new; true'
    equal "$stdout" ""
}

@test "in a user namespace the hierarchies are there, read-only and writable, with and without a cgroup namespace" {
    needs_v1 pids
    map_users
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    check_hierarchies "$CGROUP" ro,nosuid,nodev,noexec,relatime
    config '.mounts[-1].options[-1] = "rw"'
    check_hierarchies "$CGROUP" rw,nosuid,nodev,noexec,relatime
    own_namespace
    check_hierarchies / rw,nosuid,nodev,noexec,relatime
    config '.mounts[-1].options[-1] = "ro"'
    check_hierarchies / ro,nosuid,nodev,noexec,relatime
}

@test "with a joined cgroup namespace the hierarchies show that namespace's root" {
    needs_v1 pids
    hold --cgroup
    join cgroup "/proc/$holder/ns/cgroup"
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    inside_ok "cat /proc/self/mountinfo; grep -qx 1 /sys/fs/cgroup/pids$CGROUP/cgroup.procs && echo found"
    let_go
    equal "$(root_at "$stdout" /sys/fs/cgroup/pids)" /
    contains "$stdout" found
}

@test "other containers' cgroups are not to be seen" {
    needs_v1 pids
    local namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,rw"
    mkdir "/sys/fs/cgroup/pids$CGROUP-other"
    for namespace in none own; do
        [ $namespace = none ] || own_namespace
        inside_ok 'find /sys/fs/cgroup/pids -type d | wc -l; ls -d /sys/fs/cgroup/pids/../../../../pids/*-other 2>/dev/null; true'
        equal "$stdout" 1
    done
    rmdir "/sys/fs/cgroup/pids$CGROUP-other"
}

@test "type cgroup2 shows the unified hierarchy of a hybrid host" {
    [ -e /sys/fs/cgroup/unified/cgroup.procs ] || skip "the host is not hybrid"
    own_namespace
    add_mount /sys/fs/cgroup cgroup2 cgroup "$FLAGS,ro"
    check_unified / ro,nosuid,nodev,noexec,relatime
}

# runc drops them without a word.
# bats test_tags=runc-breaks, runc-breaks:silent
@test "options that the hierarchies of version 1 do not take are warned about" {
    needs_v1 pids
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro,nsdelegate"
    create
    says 'mounts[6].options: no effect on the hierarchies of cgroup v1: "nsdelegate"'
}

@test "the words for a whole tree and the propagation reach the hierarchies" {
    needs_v1 pids
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro,rslave"
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(propagation_at "$stdout" /sys/fs/cgroup/pids)" "$(propagation_at "$stdout" /sys/fs/cgroup)"
}

# runc applies the words to bind mounts alone.
# bats test_tags=runc-breaks, runc-breaks:older
@test "the words with r in front reach each hierarchy" {
    needs_v1 pids
    add_mount /sys/fs/cgroup cgroup cgroup rro,rnosuid,rnodev,rnoexec
    check_hierarchies "$CGROUP" ro,nosuid,nodev,noexec,relatime
}

# ---- version 2 alone ------------------------------------------------------------------------------------------------

@test "on version 2 types cgroup and cgroup2 are the same: the root of the cgroup namespace" {
    on_version_2
    own_namespace
    local type flag
    for type in cgroup cgroup2; do
        for flag in ro rw; do
            add_mount /sys/fs/cgroup $type cgroup "$FLAGS,$flag"
            check_unified / "$flag,nosuid,nodev,noexec,relatime"
            config 'del(.mounts[-1])'
        done
    done
}

@test "on version 2 the container makes cgroups where it may write, and none where it may not" {
    on_version_2
    own_namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,rw"
    inside_ok 'mkdir /sys/fs/cgroup/inner && echo 3 >/sys/fs/cgroup/inner/cgroup.max.depth && cat /sys/fs/cgroup/inner/cgroup.max.depth && rmdir /sys/fs/cgroup/inner'
    equal "$stdout" 3
    config '.mounts[-1].options[-1] = "ro"'
    inside_ok 'mkdir /sys/fs/cgroup/inner 2>/dev/null && echo made; echo 3 2>/dev/null >/sys/fs/cgroup/cgroup.max.depth && echo limited; true'
    equal "$stdout" ""
}

@test "on version 2 a read-only mount leaves the host's read-write" {
    on_version_2
    own_namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    create
    local unified
    unified=$(awk '{ for (i = 7; $i != "-"; i++); if ($(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)
    [ -n "$unified" ] || skip "no cgroup2 is mounted here to look at"
    mkdir "$unified$CGROUP-writable"
    rmdir "$unified$CGROUP-writable"
}

# As with runc: the host's whole tree, where /proc/self/cgroup has its paths from.
@test "on version 2 without a cgroup namespace the mount shows the tree from the host's root" {
    on_version_2
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    inside_ok "cat /proc/self/cgroup; grep -qx 1 /sys/fs/cgroup$CGROUP/cgroup.procs && echo found; cat /proc/self/mountinfo"
    contains "$stdout" "0::$CGROUP"
    contains "$stdout" found
    equal "$(root_at "$stdout" /sys/fs/cgroup)" /
    equal "$(flags_at "$stdout" /sys/fs/cgroup)" ro,nosuid,nodev,noexec,relatime
}

# The kernel lets no user namespace mount the runtime's cgroup namespace. runc 1.1.5 binds the host's whole tree.
# bats test_tags=runc-breaks, runc-breaks:older
@test "on version 2 a user namespace without a cgroup namespace gets the container's own folder bound" {
    on_version_2
    map_users
    local flag
    for flag in ro rw; do
        add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,$flag"
        check_unified "$CGROUP" "$flag,nosuid,nodev,noexec,relatime"
        config 'del(.mounts[-1])'
    done
}

@test "on version 2 user and cgroup namespace together get the namespace's root" {
    on_version_2
    map_users
    own_namespace
    local flag
    for flag in ro rw; do
        add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,$flag"
        check_unified / "$flag,nosuid,nodev,noexec,relatime"
        config 'del(.mounts[-1])'
    done
}

@test "on version 2 options of the file system are handed on" {
    on_version_2
    own_namespace
    add_mount /sys/fs/cgroup cgroup2 cgroup "$FLAGS,ro,nosuchoption"
    create_refused
    config '.mounts[-1].options[-1] = "nsdelegate"'
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(type_at "$stdout" /sys/fs/cgroup)" cgroup2
}

@test "a bind mount of the host's cgroup folder works as any other" {
    needs_v1 pids
    mkdir "/sys/fs/cgroup/pids$CGROUP-bound"
    add_mount /cg none "/sys/fs/cgroup/pids$CGROUP-bound" "bind,$FLAGS,ro"
    inside_ok 'ls /cg/pids.max; mkdir /cg/x 2>/dev/null && echo made; true'
    rmdir "/sys/fs/cgroup/pids$CGROUP-bound"
    equal "$stdout" /cg/pids.max
}

# The owner of the container's cgroup2 folder and of some of its files.
owners() {
    (cd "$(cgroup_dir)" && stat -c '%n %u' . cgroup.procs cgroup.threads cgroup.subtree_control cgroup.max.depth)
}

# runc 1.1.5 leaves it to systemd's driver.
# bats test_tags=row:L12, runc-breaks, runc-breaks:older
@test "on version 2 the user of the program gets the cgroup that he may write to, and no limits" {
    needs_v2
    map_users
    own_namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,rw"
    config '.process.user.uid = 7'
    create
    equal "$(owners)" ". 100007
cgroup.procs 100007
cgroup.threads 100007
cgroup.subtree_control 100007
cgroup.max.depth 0"
    ok delete --force "$ID"
    inside_ok 'mkdir /sys/fs/cgroup/inner && echo $$ >/sys/fs/cgroup/inner/cgroup.procs && echo moved; (echo 3 >/sys/fs/cgroup/cgroup.max.depth) 2>/dev/null || echo held'
    equal "$stdout" $'moved\nheld'
}

# bats test_tags=row:L12, runc-breaks, runc-breaks:older
@test "on version 2 a user without a user namespace gets the cgroup too" {
    needs_v2
    own_namespace
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS"
    config '.process.user.uid = 1234'
    create
    contains "$(owners)" $'. 1234\ncgroup.procs 1234'
}

# bats test_tags=row:L12
@test "on version 2 the cgroup stays the runtime's where it is not mounted, read-only, or seen by others" {
    needs_v2
    map_users
    own_namespace
    create
    lacks "$(owners)" 100000
    ok delete "$ID"
    add_mount /sys/fs/cgroup cgroup cgroup "$FLAGS,ro"
    create
    lacks "$(owners)" 100000
    ok delete "$ID"
    config '.mounts[-1].options[-1] = "rw" | .linux.namespaces |= map(select(.type != "cgroup"))'
    create
    lacks "$(owners)" 100000
}
