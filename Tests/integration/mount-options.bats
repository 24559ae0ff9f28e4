# Every option word of a mount, one by one: flags of the mount and of the whole tree, links at source and target, the copy of what a tmpfs hides, labels.

load helpers
load mountinfo

ENOSYS=38
MOUNT_SETATTR=442

# A source $T/source with a mount below, both tmpfs with the host's flags $1.
source_tree() {
    mkdir -p "$T/source"
    mount -t tmpfs -o "$1" tmpfs "$T/source"
    mkdir "$T/source/sub"
    mount -t tmpfs -o "$1" tmpfs "$T/source/sub"
}

drop_source_tree() {
    umount -R "$T/source"
}

# Binds the tree once for each row of the table $1 (words, expected flags at the top, expected flags below) and compares.
check_tree() {
    local words top below got="" expected="" filter=""
    while read -r words top below; do
        [ -n "$words" ] || continue
        filter+=" | .mounts += [{destination: \"/m/$words\", source: \$source, options: ([\"rbind\"] + (\"$words\" | split(\",\")))}]"
        expected+="$words $top $below"$'\n'
    done <<<"$1"
    config --arg source "$T/source" ".$filter"
    inside_ok 'cat /proc/self/mountinfo'
    while read -r words top below; do
        [ -n "$words" ] || continue
        got+="$words $(flags_at "$stdout" "/m/$words") $(flags_at "$stdout" "/m/$words/sub")"$'\n'
    done <<<"$1"
    equal "$got" "$expected"
}

# ---- flags ----------------------------------------------------------------------------------------------------------

# bats test_tags=row:C08
@test "plain words switch flags of a bind mount on, and leave the mounts below" {
    source_tree relatime
    check_tree '
        ro            ro,relatime             rw,relatime
        nosuid        rw,nosuid,relatime      rw,relatime
        nodev         rw,nodev,relatime       rw,relatime
        noexec        rw,noexec,relatime      rw,relatime
        noatime       rw,noatime              rw,relatime
        nodiratime    rw,nodiratime,relatime  rw,relatime
        strictatime   rw                      rw,relatime
        relatime      rw,relatime             rw,relatime
        async         rw,relatime             rw,relatime
        sync          rw,relatime             rw,relatime
        dirsync       rw,relatime             rw,relatime
        silent        rw,relatime             rw,relatime
        loud          rw,relatime             rw,relatime
        iversion      rw,relatime             rw,relatime
        noiversion    rw,relatime             rw,relatime
        lazytime      rw,relatime             rw,relatime
        nolazytime    rw,relatime             rw,relatime
        defaults      rw,relatime             rw,relatime
        ro,nosuid,nodev,noexec,noatime,nodiratime  ro,nosuid,nodev,noexec,noatime,nodiratime  rw,relatime'
    drop_source_tree
}

# runc 1.1.5 sets all flags anew where one is named, and leaves them where none is.
# bats test_tags=row:C08, runc-breaks, runc-breaks:older
@test "plain words take flags of a bind mount away, and leave the others and the mounts below" {
    source_tree nosuid,nodev,noexec,noatime,nodiratime
    local rest=rw,nosuid,nodev,noexec,noatime,nodiratime
    check_tree "
        rw             $rest                                          $rest
        suid           rw,nodev,noexec,noatime,nodiratime             $rest
        dev            rw,nosuid,noexec,noatime,nodiratime            $rest
        exec           rw,nosuid,nodev,noatime,nodiratime             $rest
        atime          rw,nosuid,nodev,noexec,nodiratime,relatime     $rest
        diratime       rw,nosuid,nodev,noexec,noatime                 $rest
        norelatime     rw,nosuid,nodev,noexec,nodiratime,relatime     $rest
        nostrictatime  rw,nosuid,nodev,noexec,nodiratime,relatime     $rest
        relatime       rw,nosuid,nodev,noexec,nodiratime,relatime     $rest
        strictatime    rw,nosuid,nodev,noexec,nodiratime              $rest"
    drop_source_tree
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:older
@test "words with r in front switch flags of a whole tree on" {
    source_tree strictatime
    check_tree '
        rro            ro             ro
        rnosuid        rw,nosuid      rw,nosuid
        rnodev         rw,nodev       rw,nodev
        rnoexec        rw,noexec      rw,noexec
        rnoatime       rw,noatime     rw,noatime
        rnodiratime    rw,nodiratime  rw,nodiratime
        rrelatime      rw,relatime    rw,relatime
        rstrictatime   rw             rw
        rnosymfollow   rw,nosymfollow  rw,nosymfollow
        rro,rnosuid,rnodev,rnoexec,rnoatime  ro,nosuid,nodev,noexec,noatime  ro,nosuid,nodev,noexec,noatime
        ro,rnosuid     ro,nosuid      rw,nosuid
        ro,rrw         rw             rw
        rro,rrw        rw             rw'
    drop_source_tree
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:older
@test "words with r in front take flags of a whole tree away" {
    source_tree nosuid,nodev,noexec,noatime,nodiratime
    mount -o remount,bind,ro,nosuid,nodev,noexec,noatime,nodiratime "$T/source"
    mount -o remount,bind,ro,nosuid,nodev,noexec,noatime,nodiratime "$T/source/sub"
    local all=ro,nosuid,nodev,noexec,noatime,nodiratime
    check_tree "
        rrw            rw,nosuid,nodev,noexec,noatime,nodiratime      rw,nosuid,nodev,noexec,noatime,nodiratime
        rsuid          ro,nodev,noexec,noatime,nodiratime             ro,nodev,noexec,noatime,nodiratime
        rdev           ro,nosuid,noexec,noatime,nodiratime            ro,nosuid,noexec,noatime,nodiratime
        rexec          ro,nosuid,nodev,noatime,nodiratime             ro,nosuid,nodev,noatime,nodiratime
        ratime         ro,nosuid,nodev,noexec,nodiratime,relatime     ro,nosuid,nodev,noexec,nodiratime,relatime
        rdiratime      ro,nosuid,nodev,noexec,noatime                 ro,nosuid,nodev,noexec,noatime
        rnorelatime    ro,nosuid,nodev,noexec,nodiratime,relatime     ro,nosuid,nodev,noexec,nodiratime,relatime
        rnostrictatime ro,nosuid,nodev,noexec,nodiratime,relatime     ro,nosuid,nodev,noexec,nodiratime,relatime
        rsymfollow     $all                                           $all
        rnosymfollow,rsymfollow $all                                  $all"
    drop_source_tree
}

# bats test_tags=row:C09
@test "a mount that does not follow symbolic links refuses them, and symfollow brings them back" {
    mkdir "$T/links"
    echo hello >"$T/links/file"
    ln -s file "$T/links/link"
    add_mount /no none "$T/links" bind,nosymfollow
    add_mount /yes none "$T/links" bind,nosymfollow,symfollow
    add_mount /tree none "$T/links" rbind,rnosymfollow
    add_tmpfs /new nosymfollow
    inside_ok 'for d in no yes tree; do cat /$d/link 2>/dev/null || echo "$d refused"; done; cat /no/file; ln -s /etc/passwd /new/link; cat /new/link 2>/dev/null || echo "new refused"'
    equal "$stdout" $'no refused\nhello\ntree refused\nhello\nnew refused'
}

# bats test_tags=row:C08
@test "the flags do what they say" {
    mkdir "$T/data"
    cp "$SUITE_SCRATCH/busybox" "$T/data/true"
    mknod -m 666 "$T/data/null" c 1 3
    add_mount /free none "$T/data" bind
    add_mount /noexec none "$T/data" bind,noexec
    add_mount /nodev none "$T/data" bind,nodev
    add_mount /ro none "$T/data" bind,ro
    config '.linux.resources.devices = [{allow: true, access: "rwm"}]'
    inside_ok 'for d in free noexec nodev ro; do
        /$d/true 2>/dev/null && echo "$d runs"; cat /$d/null 2>/dev/null && echo "$d opens"; touch /$d/new 2>/dev/null && echo "$d writes"; done; true'
    equal "$stdout" "free runs
free opens
free writes
noexec opens
noexec writes
nodev runs
nodev writes
ro runs
ro opens"
}

# bats test_tags=row:C08
@test "strictatime keeps access times, noatime does not" {
    mkdir "$T/data"
    echo x >"$T/data/a"
    echo x >"$T/data/b"
    touch -a -d 2020-01-01 "$T/data/a" "$T/data/b"
    touch -m -d 2010-01-01 "$T/data/a" "$T/data/b"
    mount -t tmpfs -o strictatime tmpfs "$T/data" && cp -a "$B/rootfs/etc/passwd" "$T/data/a" && cp -a "$T/data/a" "$T/data/b"
    touch -a -d 2020-01-01 "$T/data/a" "$T/data/b"
    add_mount /strict none "$T/data" bind,strictatime
    add_mount /no none "$T/data" bind,noatime
    inside_ok 'cat /strict/a /no/b >/dev/null'
    local a b
    a=$(stat -c %x "$T/data/a") b=$(stat -c %x "$T/data/b")
    umount "$T/data"
    lacks "$a" 2020-01-01
    contains "$b" 2020-01-01
}

# runc 1.1.5 and crun apply them to bind mounts alone.
# bats test_tags=row:C09, runc-breaks, runc-breaks:older
@test "words with r in front work at new file systems and at a remount" {
    mkdir -p "$T/data/sub"
    mount -t tmpfs tmpfs "$T/data/sub"
    add_tmpfs /new rro,rnosuid,rnodev,rnoexec,rnoatime
    add_tmpfs /back ro,nosuid,rrw,rsuid
    add_mount /bound none "$T/data" rbind
    add_mount /bound none none remount,bind,rro,rnosuid
    inside_ok 'cat /proc/self/mountinfo'
    umount "$T/data/sub"
    equal "$(flags_at "$stdout" /new)" ro,nosuid,nodev,noexec,noatime
    equal "$(flags_at "$stdout" /back)" rw,relatime
    matches "$(flags_at "$stdout" /bound)" '^ro,nosuid,'
    matches "$(flags_at "$stdout" /bound/sub)" '^ro,nosuid,'
}

# bats test_tags=row:C09
@test "a read-only tree stays so for everything that is made in the container" {
    mkdir -p "$T/data/sub"
    mount -t tmpfs tmpfs "$T/data/sub"
    add_mount /mnt none "$T/data" rbind,rro
    inside_ok 'for f in /mnt/a /mnt/sub/b; do touch $f 2>/dev/null && echo "$f written"; done; true'
    equal "$stdout" ""
    touch "$T/data/sub/from-host"
    umount "$T/data/sub"
}

# runc says so too, but with other words.
# bats test_tags=row:C09, runc-breaks
@test "where the kernel cannot change a whole tree the words for it are refused" {
    command -v cc >/dev/null || skip "no C compiler for the filter"
    cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    mkdir "$T/data"
    add_mount /mnt none "$T/data" rbind,rro
    runtime_through "$T/refuse" $ENOSYS $MOUNT_SETATTR
    create_refused
    says "mounts[6].options[1]: change all mounts at /mnt and below, which needs Linux 5.12: mount_setattr(2)"
    config '.mounts[-1].options = ["rbind"] | .mounts += [{destination: "/mnt", options: ["remount", "rnosuid"]}]'
    create_refused
    says "mounts[7].options[1]: change all mounts at /mnt and below, which needs Linux 5.12: mount_setattr(2)"
    # New file systems have no tree, and need no such call.
    config '.mounts = .mounts[:-2] + [{destination: "/mnt", type: "tmpfs", options: ["rro", "rnosuid"]}]'
    inside_ok 'cat /proc/self/mountinfo'
    RUNTIME=$plain
    matches "$(flags_at "$stdout" /mnt)" '^ro,nosuid,'
}

# The kernel keeps the flag, and since Linux 5.15 nothing else: there are no mandatory locks any more.
# bats test_tags=row:C09
@test "mand and nomand set and clear the file system's flag" {
    add_tmpfs /m/yes mand
    add_tmpfs /m/no mand,nomand
    inside_ok 'cat /proc/self/mountinfo'
    matches "$(super_at "$stdout" /m/yes)" '^rw,mand'
    lacks "$(super_at "$stdout" /m/no)" mand
}

# bats test_tags=row:C07
@test "a relative destination counts from the root, with a warning" {
    add_tmpfs mnt/rel mode=755
    program 'grep -c " /mnt/rel " /proc/self/mountinfo'
    ok run --bundle "$B" "$ID"
    equal "$stdout" 1
    says mnt/rel
}

@test "sources relative to the bundle do not depend on the working directory" {
    mkdir -p "$B/data/sub" "$T/elsewhere/data"
    echo bundle >"$B/data/file"
    echo elsewhere >"$T/elsewhere/data/file"
    cd "$T/elsewhere"
    add_mount /a none data bind
    add_mount /b none ./data/../data/file bind
    inside_ok 'cat /a/file /b'
    equal "$stdout" $'bundle\nbundle'
}

# ---- modes of a tmpfs -----------------------------------------------------------------------------------------------

@test "a tmpfs without a mode has that of the folder it hides" {
    mkdir -m 710 "$B/rootfs/hidden"
    mkdir -m 1777 "$B/rootfs/sticky"
    add_tmpfs /hidden size=1m
    add_tmpfs /sticky size=1m
    inside_ok 'stat -c %a /hidden /sticky'
    equal "$stdout" $'710\n1777'
}

# runc 1.1.5 gives it that of the folder in any case.
# bats test_tags=runc-breaks, runc-breaks:older
@test "the mode of a tmpfs is the one asked for" {
    mkdir -m 710 "$B/rootfs/hidden"
    add_tmpfs /hidden size=1m,mode=705
    add_tmpfs /more mode=1777
    inside_ok 'stat -c %a /hidden /more'
    equal "$stdout" $'705\n1777'
}

# ---- tmpcopyup ------------------------------------------------------------------------------------------------------

# What the copies have to be like, and what they are: type, mode, owner, size, name and text of links, beneath $1.
describe_tree() {
    (cd "$1" && find . -mindepth 1 | LC_ALL=C sort | while IFS= read -r file; do stat -c '%F %a %u:%g %n' "$file"; readlink "$file" || true; done)
}

# runc 1.1.5 has no copies of fifos, and follows some links.
# bats test_tags=row:C09, runc-breaks, runc-breaks:own
@test "tmpcopyup copies files, folders, links, fifos and devices with owners and modes" {
    local tree=$B/rootfs/data
    mkdir -p "$tree/dir/empty"
    echo one >"$tree/dir/one"
    : >"$tree/nothing"
    chmod 4711 "$tree/dir/one"
    chmod 2750 "$tree/dir"
    chown 7:8 "$tree/dir/one" "$tree/dir/empty"
    ln -s /etc/passwd "$tree/absolute"
    ln -s nowhere "$tree/dir/dangling"
    chown -h 9:10 "$tree/absolute"
    mkfifo -m 620 "$tree/fifo"
    mknod -m 640 "$tree/null" c 1 3
    touch -h -d 2001-02-03 "$tree/dir/one" "$tree/absolute" "$tree/dir"
    describe_tree "$tree" >"$T/expected"
    add_tmpfs /data tmpcopyup,mode=755
    running
    describe_tree "/proc/$(pid_of)/root/data" >"$T/got"
    diff "$T/expected" "$T/got" || fail "the copy differs"
    equal "$(stat -c %Y "/proc/$(pid_of)/root/data/dir/one" "/proc/$(pid_of)/root/data/dir")" "$(stat -c %Y "$tree/dir/one" "$tree/dir")"
    equal "$(stat -f -c %T "/proc/$(pid_of)/root/data/dir")" tmpfs
    equal "$(cat "/proc/$(pid_of)/root/data/dir/one")" one
}

# bats test_tags=row:C09
@test "what is written to the copy of tmpcopyup does not reach the image" {
    mkdir "$B/rootfs/data"
    echo image >"$B/rootfs/data/file"
    add_tmpfs /data tmpcopyup
    inside_ok 'cat /data/file; echo changed >/data/file; echo new >/data/new; cat /data/file'
    equal "$stdout" $'image\nchanged'
    equal "$(cat "$B/rootfs/data/file")" image
    [ ! -e "$B/rootfs/data/new" ]
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:own
@test "tmpcopyup copies capabilities and other attributes of files" {
    command -v setcap >/dev/null || skip "setcap is missing"
    mkdir "$B/rootfs/data"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/data/tool"
    setcap cap_net_raw+ep "$B/rootfs/data/tool"
    add_tmpfs /data tmpcopyup
    running
    contains "$(getcap "/proc/$(pid_of)/root/data/tool")" cap_net_raw
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:own
@test "tmpcopyup copies names that are no UTF-8, and files of holes without filling them" {
    mkdir "$B/rootfs/data"
    echo x >"$B/rootfs/data/"$'\xff\xfe'
    ln -s $'\xe4' "$B/rootfs/data/link"
    truncate -s 1T "$B/rootfs/data/holes"
    printf hello | dd of="$B/rootfs/data/holes" bs=1 seek=1000000000 conv=notrunc 2>/dev/null
    add_tmpfs /data tmpcopyup,size=1m
    inside_ok 'dd if=/data/holes bs=100000 skip=10000 count=1 2>/dev/null | head -c 5; echo; stat -c %s /data/holes; cat /data/$(printf "\377\376"); readlink /data/link | od -An -tx1'
    equal "$stdout" $'hello\n1099511627776\nx\n e4 0a'
}

# bats test_tags=row:C09
@test "tmpcopyup follows no link out of the folder" {
    mkdir "$B/rootfs/data" "$T/outside"
    echo secret >"$T/outside/secret"
    ln -s "$T/outside" "$B/rootfs/data/folder"
    ln -s ../../../../../../../../../etc/hostname "$B/rootfs/data/up"
    add_tmpfs /data tmpcopyup
    inside 'for l in folder up; do [ -L /data/$l ] && echo "$l is a link"; done; cat /data/folder/secret'
    lacks "$stdout" secret
    contains "$stdout" "folder is a link"
    contains "$stdout" "up is a link"
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:own
@test "what does not fit into the tmpfs of tmpcopyup is refused, and nothing is left" {
    mkdir "$B/rootfs/data"
    head -c 3000000 /dev/zero | tr '\0' x >"$B/rootfs/data/big"
    add_tmpfs /data tmpcopyup,size=1m
    create_refused
    says "mounts[6]: attach tmpfs at /data"
    says "big: what tmpcopyup copies does not fit into the tmpfs (size, nr_inodes): ENOSPC"
    rm "$B/rootfs/data/big"
    (cd "$B/rootfs/data" && seq 200 | xargs touch)
    config '.mounts[-1].options = ["tmpcopyup", "nr_inodes=50"]'
    create_refused
    says "does not fit into the tmpfs"
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:own
@test "tmpcopyup refuses a tree that is too deep, within seconds" {
    python3 - "$B/rootfs/data" <<'PY'
import os, sys
os.mkdir(sys.argv[1])
os.chdir(sys.argv[1])
for _ in range(2000):
    os.mkdir("d")
    os.chdir("d")
PY
    add_tmpfs /data tmpcopyup
    create_refused
    says ENAMETOOLONG
    rm -rf --one-file-system "$B/rootfs/data"
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:own
@test "tmpcopyup leaves out what is mounted in the folder" {
    mkdir -p "$B/rootfs/data/sub" "$T/other"
    touch "$T/other/file"
    add_mount /data/sub none "$T/other" bind
    add_tmpfs /data tmpcopyup
    inside_ok 'ls -A /data /data/sub'
    equal "$stdout" $'/data:\nsub\n\n/data/sub:'
}

# bats test_tags=row:C09
@test "a tmpfs with tmpcopyup may be read-only" {
    mkdir "$B/rootfs/data"
    echo x >"$B/rootfs/data/file"
    add_tmpfs /data tmpcopyup,ro
    inside_ok 'cat /data/file; touch /data/new 2>/dev/null && echo written; true'
    equal "$stdout" x
}

# bats test_tags=row:C09
@test "tmpcopyup over what is not there gives an empty tmpfs" {
    add_tmpfs /no/such/folder tmpcopyup
    inside_ok 'ls -A /no/such/folder; grep -c " /no/such/folder " /proc/self/mountinfo'
    equal "$stdout" 1
}

# runc ignores it there.
# bats test_tags=row:C09, runc-breaks, runc-breaks:silent
@test "tmpcopyup is refused where there is no tmpfs" {
    add_mount /mnt none /tmp bind,tmpcopyup
    create_refused
    says "mounts[6].options[1]: must stand at a tmpfs"
}

# ---- symbolic links at source and target ----------------------------------------------------------------------------

# The words are crun's.
# bats test_tags=runc-breaks, runc-breaks:own
@test "copy-symlink makes a source that is a link anew, and binds any other" {
    ln -s ../some/where "$T/link"
    mkdir "$T/folder"
    echo x >"$T/folder/file"
    add_mount /a/link none "$T/link" bind,copy-symlink
    add_mount /b none "$T/folder" bind,copy-symlink
    ln -s ../some/where "$B/rootfs/there"
    add_mount /there none "$T/link" bind,copy-symlink
    inside_ok 'readlink /a/link; readlink /there; cat /b/file; grep -c " /a/link " /proc/self/mountinfo; true'
    equal "$stdout" $'../some/where\n../some/where\nx\n0'
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "copy-symlink refuses a target that is something else" {
    ln -s ../some/where "$T/link"
    echo mine >"$B/rootfs/there"
    add_mount /there none "$T/link" bind,copy-symlink
    create_refused
    says "/there is there and no link to ../some/where"
    equal "$(cat "$B/rootfs/there")" mine
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "copy-symlink stays inside of the root" {
    mkdir "$T/outside"
    ln -s "$T/outside" "$B/rootfs/way"
    ln -s text "$T/link"
    add_mount /way/link none "$T/link" bind,copy-symlink
    inside_ok 'readlink /way/link'
    equal "$stdout" text
    equal "$(ls -A "$T/outside")" ""
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "src-nofollow binds the link itself, dest-nofollow mounts on the link itself" {
    ln -s source-text "$T/link"
    ln -s /etc/group "$B/rootfs/target"
    echo from-host >"$T/file"
    ln -s /etc/group "$B/rootfs/other"
    add_mount /target none "$T/link" bind,src-nofollow,dest-nofollow
    add_mount /other none "$T/file" bind,dest-nofollow
    inside_ok 'readlink /target; cat /other; head -n 1 /etc/group'
    equal "$stdout" $'source-text\nfrom-host\nroot:x:0:'
    equal "$(readlink "$B/rootfs/target")" /etc/group
}

@test "without dest-nofollow a link at the target is followed inside of the root" {
    ln -s /etc/group "$B/rootfs/other"
    echo from-host >"$T/file"
    add_mount /other none "$T/file" bind
    inside_ok 'cat /etc/group; readlink /other'
    equal "$stdout" $'from-host\n/etc/group'
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "dest-nofollow does not hide the links of proc" {
    echo x >"$T/file"
    add_mount /proc/self none "$T/file" bind,dest-nofollow
    create_refused
    config '.mounts[-1].destination = "/dev/../proc/cpuinfo"'
    create_refused
    says "is inside proc, sysfs or devpts"
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "words about links contradict each other, and want a bind mount" {
    add_mount /mnt none /tmp bind,copy-symlink,src-nofollow
    create_refused
    says 'mounts[6].options[2]: must not stand beside copy-symlink, is "src-nofollow"'
    config '.mounts[-1] |= (.type = "tmpfs" | .options = ["dest-nofollow"])'
    create_refused
    says "mounts[6].options[0]: must stand at a bind mount"
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "links at the source are copied and kept in a user namespace too" {
    config '.linux.namespaces += [{type: "user"}]
        | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
        | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]'
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:100000 "$B/rootfs"
    mkdir -m 700 "$T/private"
    ln -s some/where "$T/private/link"
    echo x >"$T/private/file"
    chmod 644 "$T/private/file"
    ln -s /etc/group "$B/rootfs/target"
    add_mount /a none "$T/private/link" bind,copy-symlink
    add_mount /file none "$T/private/file" bind
    add_mount /target none "$T/private/link" bind,src-nofollow,dest-nofollow
    mkdir "$B/rootfs/data"
    echo y >"$B/rootfs/data/file"
    chown -R 100007:100008 "$B/rootfs/data"
    add_tmpfs /data tmpcopyup
    inside_ok 'readlink /a; readlink /target; cat /file; stat -c %u:%g /data/file; cat /data/file'
    equal "$stdout" $'some/where\nsome/where\nx\n7:8\ny'
}

# ---- labels ---------------------------------------------------------------------------------------------------------

# bats test_tags=row:C24
@test "a mount label is refused where there is no SELinux" {
    [ ! -d /sys/fs/selinux ] || skip "the host has SELinux"
    config '.linux.mountLabel = "system_u:object_r:container_file_t:s0:c1,c2"'
    create_refused
}

# runc names the mount and the options only.
# bats test_tags=row:C24, runc-breaks
@test "the refusal of a mount label names it" {
    [ ! -d /sys/fs/selinux ] || skip "the host has SELinux"
    config '.linux.mountLabel = "system_u:object_r:container_file_t:s0:c1,c2"'
    create_refused
    local words='linux.mountLabel: must be absent where SELinux is disabled or not supported, is "system_u:object_r:container_file_t:s0:c1,c2"'
    says "$words"
    rt validate --host --bundle "$B"
    contains "$stdout" "$words"
}

# ---- flags that a user namespace locks ------------------------------------------------------------------------------

# Gives the container a user namespace, and a source $T/locked, a tree of two mounts with the host's flags $1, and $2 once it is made.
locked_source() {
    config '.linux.namespaces += [{type: "user"}]
        | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
        | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]'
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:100000 "$B/rootfs"
    mkdir -m 755 "$T/locked"
    mount -t tmpfs -o "$1,mode=755" tmpfs "$T/locked"
    mkdir -m 755 "$T/locked/sub"
    mount -t tmpfs -o "$1,mode=755" tmpfs "$T/locked/sub"
    [ -z "${2:-}" ] || mount -o "remount,bind,$1,$2" "$T/locked"
    [ -z "${2:-}" ] || mount -o "remount,bind,$1,$2" "$T/locked/sub"
    mounts_before=$(mount_points)
}

# runc 1.1.5 asks for the flags without those that are locked.
# bats test_tags=row:C08, runc-breaks, runc-breaks:older
@test "in a user namespace a bind mount gets more flags and keeps those that are locked" {
    locked_source nosuid,nodev,noatime
    add_mount /ro none "$T/locked" rbind,ro
    add_mount /more none "$T/locked" rbind,noexec
    inside_ok 'cat /proc/self/mountinfo'
    umount -R "$T/locked"
    equal "$(flags_at "$stdout" /ro) $(flags_at "$stdout" /ro/sub)" "ro,nosuid,nodev,noatime rw,nosuid,nodev,noatime"
    equal "$(flags_at "$stdout" /more)" rw,nosuid,nodev,noexec,noatime
}

# runc 1.1.5 loses them at a remount.
# bats test_tags=row:C09, runc-breaks, runc-breaks:older
@test "in a user namespace a whole tree and a remount keep what is locked" {
    locked_source nosuid,nodev,noatime
    add_mount /tree none "$T/locked" rbind,rro,rnoexec
    add_mount /later none "$T/locked" rbind
    add_mount /later none none remount,bind,ro
    config '.linux.readonlyPaths += ["/last"] | .linux.maskedPaths += ["/last/sub"]'
    add_mount /last none "$T/locked" rbind
    inside_ok 'cat /proc/self/mountinfo'
    umount -R "$T/locked"
    equal "$(flags_at "$stdout" /tree) $(flags_at "$stdout" /tree/sub)" "ro,nosuid,nodev,noexec,noatime ro,nosuid,nodev,noexec,noatime"
    equal "$(flags_at "$stdout" /later)" ro,nosuid,nodev,noatime
    equal "$(flags_at "$stdout" /last)" ro,nosuid,nodev,noatime
}

# runc 1.1.5 leaves it without a word.
# bats test_tags=row:C08, runc-breaks, runc-breaks:silent
@test "in a user namespace a flag that is locked cannot be taken away" {
    locked_source nosuid,nodev ro
    local word
    for word in rw suid dev; do
        config --arg source "$T/locked" --arg word "$word" \
            '.mounts = .mounts[:6] + [{destination: "/mnt", source: $source, options: ["rbind", $word]}]'
        create_refused
    done
    umount -R "$T/locked"
}

# bats test_tags=row:C09, runc-breaks, runc-breaks:older
@test "in a user namespace a flag that is locked cannot be taken from a tree, and the error names the word" {
    locked_source nosuid,nodev ro
    add_mount /mnt none "$T/locked" rbind,nodev,rrw
    create_refused
    umount -R "$T/locked"
    says "mounts[6].options[2]: change all mounts at /mnt and below: mount_setattr(2)"
    says EPERM
}

# bats test_tags=row:C08, runc-breaks, runc-breaks:older
@test "in a user namespace what is locked is kept without mount_setattr too" {
    command -v cc >/dev/null || skip "no C compiler for the filter"
    cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    locked_source nosuid,nodev,noatime
    add_mount /ro none "$T/locked" rbind,ro
    add_mount /noexec none "$T/locked" rbind,noexec
    runtime_through "$T/refuse" $ENOSYS $MOUNT_SETATTR
    inside_ok 'cat /proc/self/mountinfo'
    RUNTIME=$plain
    umount -R "$T/locked"
    equal "$(flags_at "$stdout" /ro)" ro,nosuid,nodev,noatime
    equal "$(flags_at "$stdout" /noexec)" rw,nosuid,nodev,noexec,noatime
}

# Debian's runc gives the kernel's bare error.
# bats test_tags=row:C08, runc-breaks
@test "in a user namespace a folder with mounts below is refused without rbind, and the error says so" {
    locked_source nosuid
    add_mount /mnt none "$T/locked" bind
    create_refused
    umount -R "$T/locked"
    says "mounts[6]: bind $T/locked at /mnt: open_tree(2): EINVAL (invalid argument); mounts below it may come into a user namespace all together only, with rbind"
}

# ---- masks ----------------------------------------------------------------------------------------------------------

# runc 1.1.5 makes a file system for each.
# bats test_tags=row:L30, runc-breaks, runc-breaks:older
@test "masked folders share one empty file system, which is read-only" {
    mkdir "$B/rootfs/a" "$B/rootfs/b"
    touch "$B/rootfs/a/secret" "$B/rootfs/b/secret"
    config '.linux.maskedPaths = ["/a", "/b"]'
    allow='.process.capabilities.bounding += ["CAP_DAC_OVERRIDE"] | .process.capabilities.effective += ["CAP_DAC_OVERRIDE"] | .process.capabilities.permitted += ["CAP_DAC_OVERRIDE"]'
    config "$allow"
    inside_ok 'ls -A /a /b; touch /a/x 2>/dev/null && echo written; stat -c %d /a /b; cat /proc/self/mountinfo'
    equal "$(sed -n 1,3p <<<"$stdout")" $'/a:\n\n/b:'
    lacks "$stdout" written
    local numbers
    numbers=$(grep -E '^[0-9]+$' <<<"$stdout" | sort | uniq -c | awk '{ print $1 }')
    equal "$numbers" 2
    equal "$(flags_at "$stdout" /b)" "$(flags_at "$stdout" /a)"
    matches "$(flags_at "$stdout" /a)" '^ro,nosuid,nodev,noexec'
}

# As with runc: what is mounted below a read-only path keeps its own flags.
# bats test_tags=row:L30
@test "a read-only path makes its own mount read-only, and those below it not" {
    add_tmpfs /dir mode=755
    add_tmpfs /dir/sub mode=755
    config '.linux.readonlyPaths = ["/dir"]'
    inside_ok 'touch /dir/x 2>/dev/null && echo "dir written"; touch /dir/sub/x && echo "sub written"'
    equal "$stdout" "sub written"
}
