# The mounts of config.json: types, option words, order, propagation, and targets that links lead astray.

load helpers
load mountinfo

# A source folder $1 that is a shared mount, so that propagation shows.
shared_source() {
    mkdir -p "$1"
    mount --bind "$1" "$1"
    mount --make-shared "$1"
}

# ---- option words ---------------------------------------------------------------------------------------------------

# bats test_tags=row:C08
@test "the option words set and clear the mount's flags" {
    local table='
        -                     rw,relatime
        ro                    ro,relatime
        ro,rw                 rw,relatime
        nosuid                rw,nosuid,relatime
        nosuid,suid           rw,relatime
        nodev                 rw,nodev,relatime
        nodev,dev             rw,relatime
        noexec                rw,noexec,relatime
        noexec,exec           rw,relatime
        noatime               rw,noatime
        noatime,atime         rw,relatime
        nodiratime            rw,nodiratime,relatime
        nodiratime,diratime   rw,relatime
        relatime              rw,relatime
        norelatime            rw,relatime
        strictatime           rw
        strictatime,nostrictatime  rw,relatime
        nosuid,nodev,noexec,ro  ro,nosuid,nodev,noexec,relatime'
    local words wanted got="" expected="" filter=""
    while read -r words wanted; do
        [ -n "$words" ] || continue
        filter+=" | .mounts += [{destination: \"/m/$words\", type: \"tmpfs\", source: \"tmpfs\", options: (\"${words#-}\" | split(\",\"))}]"
        expected+="$words $wanted"$'\n'
    done <<<"$table"
    config ".$filter"
    inside_ok 'cat /proc/self/mountinfo'
    while read -r words wanted; do
        [ -n "$words" ] || continue
        got+="$words $(flags_at "$stdout" "/m/$words")"$'\n'
    done <<<"$table"
    equal "$got" "$expected"
}

# bats test_tags=row:C08
@test "the option words set and clear the file system's flags" {
    local words
    for words in sync sync,async dirsync; do add_tmpfs "/m/$words" "$words"; done
    inside_ok 'cat /proc/self/mountinfo'
    matches "$(super_at "$stdout" /m/sync)" '^rw,sync'
    lacks "$(super_at "$stdout" /m/sync,async)" sync
    matches "$(super_at "$stdout" /m/dirsync)" '^rw,dirsync'
}

# bats test_tags=row:C08
@test "lazytime and nolazytime set and clear the file system's flag" {
    add_tmpfs /m/lazy lazytime
    add_tmpfs /m/busy lazytime,nolazytime
    inside_ok 'cat /proc/self/mountinfo'
    contains "$(super_at "$stdout" /m/lazy)" lazytime
    lacks "$(super_at "$stdout" /m/busy)" lazytime
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "defaults changes nothing" {
    add_tmpfs /m defaults,nosuid
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(flags_at "$stdout" /m)" rw,nosuid,relatime
}

# bats test_tags=row:C08
@test "words without a visible effect are accepted" {
    add_tmpfs /m/1 loud
    add_tmpfs /m/2 silent
    add_tmpfs /m/3 iversion
    add_tmpfs /m/4 noiversion
    inside_ok 'grep -c " /m/" /proc/self/mountinfo'
    equal "$stdout" 4
}

@test "mand and nomand are accepted" {
    add_tmpfs /m/1 nomand
    inside_ok 'grep -c " /m/" /proc/self/mountinfo'
    equal "$stdout" 1
}

@test "nosymfollow and symfollow set and clear the mount's flag" {
    add_tmpfs /m/no nosymfollow
    add_tmpfs /m/yes nosymfollow,symfollow
    inside_ok 'cat /proc/self/mountinfo'
    contains "$(flags_at "$stdout" /m/no)" nosymfollow
    equal "$(flags_at "$stdout" /m/yes)" rw,relatime
}

@test "an option that the file system does not know is refused" {
    add_tmpfs /m nosuchoption=1
    create_refused
}

# bats test_tags=row:C12
@test "words that are no flags go to the file system" {
    add_tmpfs /m size=4m,nr_inodes=77
    inside_ok 'cat /proc/self/mountinfo'
    contains "$(super_at "$stdout" /m)" size=4096k
    contains "$(super_at "$stdout" /m)" nr_inodes=77
}

# As runc 1.1.5 and crun 1.8.1 do, which say nothing; newer versions of runc refuse it.
@test "file system options at a bind mount have no effect" {
    mkdir "$T/source"
    chmod 710 "$T/source"
    add_mount /m none "$T/source" bind,ro,mode=755,size=4m
    inside_ok 'stat -c %a /m; cat /proc/self/mountinfo'
    equal "$(head -n 1 <<<"$stdout")" 710
    matches "$(flags_at "$stdout" /m)" '^ro'
}

# bats test_tags=runc-breaks, runc-breaks:silent
@test "file system options at a bind mount are warned about once" {
    mkdir "$T/source"
    add_mount /m none "$T/source" bind,mode=755,size=4m
    create
    says 'mounts[6].options: no effect on a bind mount: "mode=755", "size=4m"'
    equal "$(grep -c 'no effect' <<<"$stderr")" 1
}

# bats test_tags=row:C08
@test "remount changes a mount that is there" {
    add_tmpfs /m rw
    add_tmpfs /m remount,ro
    inside_ok 'cat /proc/self/mountinfo'
    matches "$(flags_at "$stdout" /m)$(super_at "$stdout" /m)" ro
    inside 'echo x >/m/file'
    [ "$status" -ne 0 ]
}

# runc remounts the mount alone, whatever the words say.
# bats test_tags=runc-breaks, runc-breaks:remount
@test "remount changes the options of the file system, and keeps what it does not name" {
    add_tmpfs /m nosuid,size=8m,nr_inodes=77
    add_tmpfs /m remount,noexec,size=4m
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(flags_at "$stdout" /m)" rw,nosuid,noexec,relatime
    contains "$(super_at "$stdout" /m)" size=4096k
    contains "$(super_at "$stdout" /m)" nr_inodes=77
}

# bats test_tags=runc-breaks, runc-breaks:remount
@test "remount makes the file system read-only, with bind only the mount" {
    add_tmpfs /a rw
    add_tmpfs /b rw
    add_tmpfs /a remount,ro
    add_mount /b none tmpfs remount,bind,ro
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(flags_at "$stdout" /a) $(super_at "$stdout" /a)" "ro,relatime ro"
    equal "$(flags_at "$stdout" /b) $(super_at "$stdout" /b)" "ro,relatime rw"
}

# bats test_tags=runc-breaks, runc-breaks:remount
@test "remount makes a read-only file system writable" {
    add_tmpfs /m ro
    add_tmpfs /m remount,rw
    inside_ok 'echo x >/m/file'
}

# bats test_tags=runc-breaks, runc-breaks:remount
@test "an option that the file system does not know makes a remount fail" {
    add_tmpfs /m rw
    add_tmpfs /m remount,size=some
    create_refused
    says "remount /m"
    says "Bad value for 'size'"
}

@test "the words with r in front apply to the mounts below too" {
    mkdir -p "$T/source/sub"
    add_mount /a none "$T/source" rbind,rro
    add_mount /b none "$T/source" rbind,ro
    add_mount /c none "$T/source" rbind,rnosuid,rnodev,rnoexec,rnoatime
    mount -t tmpfs tmpfs "$T/source/sub"
    inside_ok 'cat /proc/self/mountinfo'
    umount "$T/source/sub"
    equal "$(flags_at "$stdout" /a/sub)" ro,relatime
    matches "$(flags_at "$stdout" /b)" '^ro'
    equal "$(flags_at "$stdout" /b/sub)" rw,relatime
    equal "$(flags_at "$stdout" /c/sub)" rw,nosuid,nodev,noexec,noatime
}

# ---- bind mounts ----------------------------------------------------------------------------------------------------

@test "a folder is bound" {
    mkdir "$T/source"
    echo hello >"$T/source/file"
    add_mount /mnt none "$T/source" bind
    inside_ok 'cat /mnt/file; echo back >/mnt/answer'
    equal "$stdout" hello
    equal "$(cat "$T/source/answer")" back
}

@test "a file is bound" {
    echo hello >"$T/file"
    add_mount /etc/passwd none "$T/file" bind
    inside_ok 'cat /etc/passwd'
    equal "$stdout" hello
}

@test "a missing target folder is made, with its parents" {
    mkdir "$T/source"
    echo hello >"$T/source/file"
    add_mount /a/b/c none "$T/source" bind
    inside_ok 'cat /a/b/c/file'
    equal "$stdout" hello
}

@test "a missing target file is made, with its parents" {
    echo hello >"$T/file"
    add_mount /a/b/file none "$T/file" bind
    inside_ok 'cat /a/b/file'
    equal "$stdout" hello
}

@test "a relative source starts at the bundle" {
    mkdir "$B/data"
    echo hello >"$B/data/file"
    add_mount /mnt none data bind
    cd /
    inside_ok 'cat /mnt/file'
    equal "$stdout" hello
}

@test "a bind mount may be read-only while its source is not" {
    mkdir "$T/source"
    add_mount /mnt none "$T/source" bind,ro,nosuid,nodev,noexec
    inside_ok 'cat /proc/self/mountinfo; echo x 2>/dev/null >/mnt/file && echo written; true'
    equal "$(flags_at "$stdout" /mnt)" ro,nosuid,nodev,noexec,relatime
    lacks "$stdout" written
    touch "$T/source/file"
}

# bats test_tags=row:C08
@test "bind takes the folder alone, rbind the mounts below it too" {
    mkdir -p "$T/source/sub"
    mount -t tmpfs tmpfs "$T/source/sub"
    touch "$T/source/sub/below"
    add_mount /one none "$T/source" bind
    add_mount /all none "$T/source" rbind
    inside_ok 'ls /one/sub /all/sub'
    umount "$T/source/sub"
    equal "$stdout" $'/all/sub:\nbelow\n\n/one/sub:'
}

@test "a source that is a symbolic link is followed on the host" {
    mkdir "$T/source"
    echo hello >"$T/source/file"
    ln -s "$T/source" "$T/link"
    add_mount /mnt none "$T/link" bind
    inside_ok 'cat /mnt/file'
    equal "$stdout" hello
}

@test "a target of the wrong kind is refused" {
    mkdir "$T/source"
    add_mount /etc/passwd none "$T/source" bind
    create_refused
}

# ---- file systems ---------------------------------------------------------------------------------------------------

@test "a tmpfs has its size and its mode" {
    add_tmpfs /mnt size=1m,mode=1770
    inside_ok 'stat -c %a /mnt; df -k /mnt | tail -n 1; dd if=/dev/zero of=/mnt/big bs=64k count=64 2>&1 | tail -n 1'
    equal "$(sed -n 1p <<<"$stdout")" 1770
    matches "$(sed -n 2p <<<"$stdout")" 'tmpfs +1024 '
    lacks "$stdout" "4194304 bytes"
}

@test "a tmpfs starts empty over what the image has there" {
    add_tmpfs /etc ''
    inside_ok 'ls -A /etc'
    equal "$stdout" ""
}

@test "a tmpfs with tmpcopyup starts with what the image has there" {
    add_tmpfs /etc tmpcopyup
    inside_ok 'ls -A /etc; echo more >>/etc/passwd'
    equal "$stdout" $'group\npasswd'
    lacks "$(cat "$B/rootfs/etc/passwd")" more
}

@test "proc shows the container's processes alone" {
    inside_ok 'ls -d /proc/[0-9]*; awk "\$5 == \"/proc\" { print \$6 }" /proc/self/mountinfo'
    equal "$(head -n 1 <<<"$stdout")" /proc/1
    [ "$(grep -c '^/proc/' <<<"$stdout")" -le 3 ]
}

@test "sysfs is mounted read-only as asked" {
    inside_ok 'cat /proc/self/mountinfo; ls /sys/class >/dev/null'
    equal "$(type_at "$stdout" /sys)" sysfs
    equal "$(flags_at "$stdout" /sys)" ro,nosuid,nodev,noexec,relatime
}

@test "devpts is a new instance with the modes asked for" {
    inside_ok 'cat /proc/self/mountinfo; ls /dev/pts; stat -c %a /dev/pts/ptmx'
    equal "$(type_at "$stdout" /dev/pts)" devpts
    contains "$(super_at "$stdout" /dev/pts)" gid=5
    contains "$(super_at "$stdout" /dev/pts)" mode=620
    contains "$(super_at "$stdout" /dev/pts)" ptmxmode=666
    equal "$(tail -n 2 <<<"$stdout")" $'ptmx\n666'
}

@test "mqueue and shm are mounted" {
    inside_ok 'cat /proc/self/mountinfo; touch /dev/mqueue/q /dev/shm/s; stat -c %a /dev/shm'
    equal "$(type_at "$stdout" /dev/mqueue)" mqueue
    equal "$(type_at "$stdout" /dev/shm)" tmpfs
    equal "$(tail -n 1 <<<"$stdout")" 1777
}

@test "a cgroup mount shows the container its own cgroups, read-only" {
    add_mount /sys/fs/cgroup cgroup cgroup nosuid,noexec,nodev,relatime,ro
    inside_ok 'cat /sys/fs/cgroup/memory/cgroup.procs /sys/fs/cgroup/pids/cgroup.procs; mkdir /sys/fs/cgroup/memory/x 2>/dev/null && echo made; cat /proc/self/mountinfo'
    equal "$(sed -n 1p <<<"$stdout")" 1
    lacks "$stdout" made
    equal "$(type_at "$stdout" /sys/fs/cgroup/memory)" cgroup
    matches "$(flags_at "$stdout" /sys/fs/cgroup/memory)" '^ro,nosuid,nodev,noexec'
}

@test "a cgroup mount works with a cgroup namespace too" {
    config '.linux.namespaces += [{"type": "cgroup"}]'
    add_mount /sys/fs/cgroup cgroup cgroup nosuid,noexec,nodev,relatime,ro
    inside_ok 'cat /sys/fs/cgroup/memory/cgroup.procs; cat /proc/self/mountinfo'
    equal "$(sed -n 1p <<<"$stdout")" 1
    equal "$(type_at "$stdout" /sys/fs/cgroup/pids)" cgroup
}

@test "an overlay is mounted with its layers" {
    mkdir "$T"/{lower1,lower2,upper,work}
    echo one >"$T/lower1/one"
    echo two >"$T/lower2/two"
    add_mount /mnt overlay overlay "lowerdir=$T/lower1:$T/lower2,upperdir=$T/upper,workdir=$T/work"
    inside_ok 'cat /mnt/one /mnt/two; echo new >/mnt/new'
    equal "$stdout" $'one\ntwo'
    equal "$(cat "$T/upper/new")" new
}

@test "an overlay on / is the container's root" {
    mkdir "$T"/{upper,work}
    config --arg options "lowerdir=$B/rootfs,upperdir=$T/upper,workdir=$T/work" \
        '.mounts = [{destination: "/", type: "overlay", source: "overlay", options: ($options | split(","))}] + .mounts'
    inside_ok 'echo new >/new; cat /etc/group | head -n 1; awk "\$5 == \"/\" { print \$(NF - 2) }" /proc/self/mountinfo'
    equal "$stdout" $'root:x:0:\noverlay'
    equal "$(cat "$T/upper/new")" new
    [ ! -e "$B/rootfs/new" ]
}

@test "a mount without type and options that say what to do is refused" {
    config '.mounts += [{"destination": "/mnt", "source": "/tmp"}]'
    create_refused
}

# ---- order ----------------------------------------------------------------------------------------------------------

# bats test_tags=row:C06
@test "mounts are made in their order: a later one lies in an earlier one" {
    mkdir "$T/source"
    echo hello >"$T/source/file"
    add_tmpfs /mnt mode=755
    add_mount /mnt/sub none "$T/source" bind
    inside_ok 'cat /mnt/sub/file'
    equal "$stdout" hello
}

# bats test_tags=row:C06
@test "mounts are made in their order: a later one hides an earlier one" {
    mkdir "$T/source"
    echo hello >"$T/source/file"
    add_mount /mnt/sub none "$T/source" bind
    add_tmpfs /mnt mode=755
    inside_ok 'ls -A /mnt'
    equal "$stdout" ""
}

# bats test_tags=row:C07
@test "a relative target starts at the root" {
    add_tmpfs mnt/rel mode=755
    inside_ok 'grep -c " /mnt/rel " /proc/self/mountinfo'
    equal "$stdout" 1
}

# ---- propagation ----------------------------------------------------------------------------------------------------

# bats test_tags=row:C08
@test "the propagation words are visible in mountinfo" {
    shared_source "$T/source"
    local word
    for word in shared rshared slave rslave private rprivate unbindable runbindable; do
        add_mount "/m/$word" none "$T/source" "bind,$word"
    done
    inside_ok 'cat /proc/self/mountinfo'
    umount "$T/source"
    matches "$(propagation_at "$stdout" /m/shared)" shared
    matches "$(propagation_at "$stdout" /m/rshared)" shared
    equal "$(propagation_at "$stdout" /m/slave)" master
    equal "$(propagation_at "$stdout" /m/rslave)" master
    equal "$(propagation_at "$stdout" /m/private)" ""
    equal "$(propagation_at "$stdout" /m/rprivate)" ""
    equal "$(propagation_at "$stdout" /m/unbindable)" unbindable
    equal "$(propagation_at "$stdout" /m/runbindable)" unbindable
}

@test "a bind mount without a word is private" {
    shared_source "$T/source"
    add_mount /mnt none "$T/source" rbind
    inside_ok 'cat /proc/self/mountinfo'
    umount "$T/source"
    lacks "$(propagation_at "$stdout" /mnt)" shared
}

@test "a later mount on the host appears in a slave, not in a private mount" {
    shared_source "$T/source"
    mkdir "$T/source/sub"
    add_mount /slave none "$T/source" rbind,rslave
    add_mount /private none "$T/source" rbind,rprivate
    running
    local root
    root=/proc/$(pid_of)/root
    mount -t tmpfs tmpfs "$T/source/sub"
    touch "$T/source/sub/late"
    local slave private
    slave=$(ls "$root/slave/sub")
    private=$(ls "$root/private/sub")
    ok delete --force "$ID"
    umount "$T/source/sub" "$T/source"
    equal "$slave" late
    equal "$private" ""
}

@test "a mount made inside appears on the host through a shared mount" {
    shared_source "$T/source"
    mkdir "$T/source/sub"
    add_mount /shared none "$T/source" rbind,rshared
    config '.linux.rootfsPropagation = "rshared" | .process.capabilities.bounding += ["CAP_SYS_ADMIN"] | .process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.capabilities.permitted += ["CAP_SYS_ADMIN"]'
    program 'mount -t tmpfs tmpfs /shared/sub && touch /shared/sub/inner; echo up >/up; sleep 100'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
    local seen
    seen=$(ls "$T/source/sub")
    ok delete --force "$ID"
    umount -R "$T/source"
    equal "$seen" inner
}

@test "the container's own mounts do not appear on the host, even when its root folder is a shared mount" {
    shared_source "$B/rootfs"
    local before
    before=$(mount_points)
    create
    equal "$(mount_points)" "$before"
    ok delete "$ID"
    equal "$(mount_points)" "$before"
    umount "$B/rootfs"
}

# bats test_tags=row:L29
@test "rootfsPropagation private and slave leave the root unshared" {
    shared_source "$B/rootfs"
    local word
    for word in private slave; do
        config --arg word "$word" '.linux.rootfsPropagation = $word'
        inside_ok 'cat /proc/self/mountinfo'
        lacks "$(propagation_at "$stdout" /)" shared
    done
    umount "$B/rootfs"
}

# bats test_tags=runc-breaks, runc-breaks:older, row:L29
@test "rootfsPropagation shared makes the root a shared mount" {
    config '.linux.rootfsPropagation = "shared"'
    inside_ok 'cat /proc/self/mountinfo'
    contains "$(propagation_at "$stdout" /)" shared
}

# bats test_tags=runc-breaks, runc-breaks:older, row:L29
@test "rootfsPropagation unbindable makes the root unbindable" {
    config '.linux.rootfsPropagation = "unbindable"'
    inside_ok 'cat /proc/self/mountinfo'
    equal "$(propagation_at "$stdout" /)" unbindable
}

@test "the root is no peer of the host's mounts when nothing is said" {
    shared_source "$B/rootfs"
    inside_ok 'cat /proc/self/mountinfo'
    umount "$B/rootfs"
    lacks "$(propagation_at "$stdout" /)" shared
}
