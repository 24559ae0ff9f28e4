# process.selinuxLabel and process.apparmorProfile. Few machines have both modules: a test for one that is not there says so and is skipped.

load helpers
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
