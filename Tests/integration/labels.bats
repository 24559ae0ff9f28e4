# process.selinuxLabel, process.apparmorProfile and linux.mountLabel. Few machines have both modules: a test for one that is not there says so
# and is skipped; Tests/vm/labels runs all of them.

load helpers
load mountinfo
eval "helpers_$(declare -f teardown)"

has_apparmor() { [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ]; }
has_selinux() { [ "$(stat -f -c %T /sys/fs/selinux 2>/dev/null)" = selinux ]; }

# bats test_tags=row:C24, row:R23
@test "an SELinux label without SELinux is refused with pointer and value" {
    has_selinux && skip "the kernel has SELinux"
    config '.process.selinuxLabel = "system_u:system_r:container_t:s0"'
    create_refused
    [ "$plain" != "$(command -v runc)" ] || return 0 # in words of its own
    says 'process.selinuxLabel: must be absent where SELinux is disabled or not supported, is "system_u:system_r:container_t:s0"'
}

# bats test_tags=row:C24, row:R23
@test "an AppArmor profile without AppArmor is refused with pointer and value" {
    has_apparmor && skip "the kernel has AppArmor"
    config '.process.apparmorProfile = "docker-default"'
    create_refused
    [ "$plain" != "$(command -v runc)" ] || return 0 # in words of its own
    says 'process.apparmorProfile: must be absent or unconfined where AppArmor is disabled or not supported, is "docker-default"'
}

# Callers written in Go send an empty text for none.
@test "empty labels are none" {
    config '.process.selinuxLabel = "" | .process.apparmorProfile = "" | .linux.mountLabel = ""'
    inside_ok 'echo ran'
    equal "$stdout" ran
}

# bats test_tags=runc-breaks
@test "the profile unconfined is accepted without AppArmor, where everything is" {
    has_apparmor && skip "the kernel has AppArmor"
    config '.process.apparmorProfile = "unconfined"'
    inside_ok 'echo ran'
    equal "$stdout" ran
}

# bats test_tags=runc-breaks
@test "no file of a security module is looked at without a label" {
    config '.process.selinuxLabel = ""'
    command -v strace >/dev/null || skip "no strace"
    runtime_through strace -f -qq -o "$T/trace" -e trace=openat,openat2,statfs
    ok run --bundle "$B" "$ID"
    grep -q config.json "$T/trace" || fail "nothing is traced"
    ! grep -E 'apparmor|selinux|attr/' "$T/trace" || fail "it is looked at"
}

# bats test_tags=runc-breaks
@test "an SELinux label that is no context is refused with pointer and rule" {
    config '.process.selinuxLabel = "container_t"'
    create_refused
    says 'process.selinuxLabel: must be user:role:type or user:role:type:level, is "container_t"'
}

# ---- with AppArmor --------------------------------------------------------------------------------------------------

# Loads a profile of this test that lets everything be done but writing to /denied.
load_profile() {
    has_apparmor || skip "the kernel has no AppArmor"
    command -v apparmor_parser >/dev/null || skip "no apparmor_parser"
    profile=swruntime-test-$SUITE_NAME-$BATS_SUITE_TEST_NUMBER
    printf 'profile %s flags=(attach_disconnected) {\n capability, network, mount, umount, signal, ptrace, unix,\n file,\n deny /denied w,\n}\n' "$profile" |
        apparmor_parser --replace --skip-cache
}

unload_profile() {
    [ -z "${profile:-}" ] || printf 'profile %s { }\n' "$profile" | apparmor_parser --remove
}

teardown() {
    unload_profile
    helpers_teardown
}

@test "the program runs under the AppArmor profile" {
    load_profile
    config --arg profile "$profile" '.process.apparmorProfile = $profile | .process.noNewPrivileges = false'
    inside_ok 'cat /proc/self/attr/current; echo x >/allowed; echo x >/denied || echo refused'
    equal "$stdout" "$profile (enforce)"$'\nrefused'
}

@test "the AppArmor profile is set under no_new_privs and as another user" {
    load_profile
    config --arg profile "$profile" '.process.apparmorProfile = $profile | .process.user = {"uid": 1000, "gid": 1000}'
    inside_ok 'cat /proc/self/attr/current; grep NoNewPrivs /proc/self/status | cut -f 2'
    equal "$stdout" "$profile (enforce)"$'\n1'
}

@test "an AppArmor profile that is not loaded is refused by its name" {
    has_apparmor || skip "the kernel has no AppArmor"
    config '.process.apparmorProfile = "no-such-profile"'
    create_refused
    [ "$plain" != "$(command -v runc)" ] || return 0 # in words of its own
    says "process.apparmorProfile: set the AppArmor profile no-such-profile (no such profile is loaded; apparmor_parser loads one)"
}

@test "the profile unconfined is set with AppArmor" {
    has_apparmor || skip "the kernel has no AppArmor"
    config '.process.apparmorProfile = "unconfined"'
    inside_ok 'cat /proc/self/attr/current'
    equal "$stdout" unconfined
}

# ---- with SELinux ---------------------------------------------------------------------------------------------------

# A label that the loaded policy knows.
label=system_u:system_r:container_t:s0

@test "the program runs with the SELinux label" {
    has_selinux || skip "the kernel has no SELinux"
    config --arg context "$label" '.process.selinuxLabel = $context'
    inside_ok 'cat /proc/self/attr/current | tr -d "\0"; echo'
    equal "$stdout" "$label"
}

@test "the session keyring has the SELinux label" {
    has_selinux || skip "the kernel has no SELinux"
    attributes
    config --arg context "$label" '.process.selinuxLabel = $context'
    equal "$(attribute session-label)" "session-label $label"
    equal "$(attribute session)" "session _ses.$ID"
}

@test "an SELinux label that the policy does not know is refused by its name" {
    has_selinux || skip "the kernel has no SELinux"
    config '.process.selinuxLabel = "system_u:system_r:no_such_type_t:s0"'
    create_refused
    [ "$plain" != "$(command -v runc)" ] || return 0 # in words of its own
    says "process.selinuxLabel: set the SELinux label system_u:system_r:no_such_type_t:s0"
    says "(the loaded policy has no such context)"
}

# ---- the labels of mounts -------------------------------------------------------------------------------------------

# With a comma: mount(2) and the calls after it each tell it from the end of an option in a way of their own.
mount_label=system_u:object_r:container_file_t:s0:c1,c2

# bats test_tags=runc-breaks
@test "a mount label that is no context is refused with pointer and rule" {
    config '.linux.mountLabel = "container_file_t"'
    create_refused
    says 'linux.mountLabel: must be user:role:type or user:role:type:level, is "container_file_t"'
}

@test "a mount label that the policy does not know is refused with pointer and rule" {
    has_selinux || skip "the kernel has no SELinux"
    config '.linux.mountLabel = "system_u:object_r:no_such_type_t:s0"'
    create_refused
    [ "$plain" != "$(command -v runc)" ] || return 0 # in words of its own
    says 'linux.mountLabel: must be a context of the policy that this host has loaded, is "system_u:object_r:no_such_type_t:s0"'
}

# bats test_tags=runc-breaks
@test "validate tells of a mount label that the policy does not know" {
    has_selinux || skip "the kernel has no SELinux"
    config '.linux.mountLabel = "system_u:object_r:no_such_type_t:s0"'
    rt validate --host --bundle "$B"
    [ "$status" -eq 1 ] || fail "validate exits with $status" "$stdout"
    contains "$stdout" 'linux.mountLabel: must be a context of the policy that this host has loaded, is "system_u:object_r:no_such_type_t:s0"'
}

# Starts $ID with a mount label and mounts of every kind. It makes files in those that are its own, and leaves its mountinfo in $mounts and
# the way to its files in $inside.
running_labelled() {
    has_selinux || skip "the kernel has no SELinux"
    mkdir -p "$T/source"
    echo x >"$T/source/file"
    add_mount /data tmpfs tmpfs size=1m
    add_mount /bound bind "$T/source" bind
    config --arg context "$mount_label" '.linux.mountLabel = $context'
    program 'trap "exit 0" TERM; echo x >/data/made; echo x >/dev/shm/made; cat /proc/self/mountinfo >/dev/shm/mounts; echo up >/dev/shm/up
        while :; do sleep 0.05; done'
    create
    inside=/proc/$(pid_of)/root
    ok start "$ID"
    wait_until test -e "$inside/dev/shm/up"
    mounts=$(<"$inside/dev/shm/mounts")
}

# The context of a file, from the kernel.
context_of() {
    python3 -c 'import os, sys; print(os.getxattr(sys.argv[1], "security.selinux").decode().rstrip("\0"))' "$1"
}

new_filesystems_are_labelled() {
    local path
    for path in /data /data/made /dev /dev/pts /dev/shm /dev/shm/made /dev/mqueue; do
        equal "$path $(context_of "$inside$path")" "$path $mount_label"
    done
    for path in /data /dev /dev/pts /dev/shm; do
        contains "$path $(super_at "$mounts" "$path")" "context=\"$mount_label\""
    done
}

@test "new file systems and their files carry the mount label" {
    running_labelled
    new_filesystems_are_labelled
}

@test "the empty folder over a masked one carries the mount label" {
    running_labelled
    equal "$(context_of "$inside/sys/firmware")" "$mount_label"
}

@test "bind mounts and the root file system keep their labels" {
    running_labelled
    equal "$(context_of "$inside/bound/file")" "$(context_of "$T/source/file")"
    equal "$(context_of "$inside/")" "$(context_of "$T")"
    lacks "$(context_of "$inside/bound/file") $(context_of "$inside/")" "$mount_label"
    lacks "$(super_at "$mounts" /bound)" context=
}

@test "proc and sysfs keep the labels that the kernel gives their files" {
    running_labelled
    equal "$(context_of "$inside/proc/version")" system_u:object_r:proc_t:s0
    equal "$(context_of "$inside/sys/kernel")" system_u:object_r:sysfs_t:s0
}

@test "new file systems carry the mount label below a user namespace" {
    has_selinux || skip "the kernel has no SELinux"
    map_users
    running_labelled
    new_filesystems_are_labelled
}

@test "new file systems carry the mount label on a kernel without the newer mount calls" {
    has_selinux || skip "the kernel has no SELinux"
    refuse 38 428,429,430,431,432,433,442 # ENOSYS: open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr
    running_labelled
    new_filesystems_are_labelled
}

@test "a program with a label reads and writes mounts with a label" {
    has_selinux || skip "the kernel has no SELinux"
    add_mount /data tmpfs tmpfs size=1m
    config --arg process "$label" --arg mount "$mount_label" '.process.selinuxLabel = $process | .linux.mountLabel = $mount'
    inside_ok 'tr -d "\0" </proc/self/attr/current; echo; echo x >/data/made; cat /data/made'
    equal "$stdout" "$label"$'\nx'
}
