# Device rules, as the container meets them: the files of version 1 or the program of version 2 decide.

load helpers

# A node of the major and minor number in the bundle, as the container's /NAME: name, type, major, minor.
node() {
    mknod "$B/rootfs/$1" "$2" "$3" "$4"
}

# Both versions get the same tests; version 2 of this host need not hold any controller.
each_version() {
    if [ "$1" = 2 ]; then needs_v2; else needs_v1 devices; fi
}

# Has the runtime run by way of one more command.
also_through() {
    if [ "$RUNTIME" != "$plain" ]; then
        cp "$RUNTIME" "$T/below"
        plain=$T/below
    fi
    "$@"
}

denies_what_is_not_listed() {
    each_version "$1"
    node secret c 1 1
    node disk b 7 99
    inside 'for d in secret disk; do head -c 1 /$d 2>&1; done; head -c 3 /dev/zero | wc -c; echo x >/dev/null && echo null'
    contains "$stdout" "/secret: Operation not permitted"
    contains "$stdout" "/disk: Operation not permitted"
    contains "$stdout" $'3\nnull'
}

# bats test_tags=row:L13, vm:v1
@test "version 1: a device that no rule allows is refused, the default ones work" { denies_what_is_not_listed 1; }
# bats test_tags=row:L13, vm:v2
@test "version 2: a device that no rule allows is refused, the default ones work" { denies_what_is_not_listed 2; }

allows_what_is_listed() {
    each_version "$1"
    node kmsg c 1 11
    node mem c 1 1
    config '.linux.resources.devices += [{"allow": true, "type": "c", "major": 1, "minor": 11, "access": "w"}]'
    inside 'exec 3>/kmsg && echo writes; head -c 1 /kmsg 2>&1; head -c 1 /mem 2>&1; true'
    equal "$stdout" "writes
head: /kmsg: Operation not permitted
head: /mem: Operation not permitted"
}

# bats test_tags=row:L13
@test "version 1: a device may be used as its rule says and no further" { allows_what_is_listed 1; }
# bats test_tags=row:L13
@test "version 2: a device may be used as its rule says and no further" { allows_what_is_listed 2; }

has_rules_without_any() {
    each_version "$1"
    node mem c 1 1
    config 'del(.linux.resources)'
    inside 'head -c 1 /mem 2>&1; head -c 3 /dev/zero | wc -c'
    equal "$stdout" $'head: /mem: Operation not permitted\n3'
}

@test "version 1: a container without rules may use the default devices alone" { has_rules_without_any 1; }
@test "version 2: a container without rules may use the default devices alone" { has_rules_without_any 2; }

# bats test_tags=row:L13, runc-breaks, runc-breaks:L13
@test "version 2: a rule may take a device out of an earlier one, and another one give it back" {
    needs_v2
    node full c 1 7
    node mem c 1 1
    node kmsg c 1 11
    config '.linux.resources.devices = [{"allow": true, "access": "rwm"}, {"allow": false, "type": "c", "major": 1, "access": "rwm"},
        {"allow": true, "type": "c", "major": 1, "minor": 11, "access": "rw"}]'
    inside 'head -c 1 /mem 2>&1; exec 3>/kmsg && echo kmsg; head -c 3 /full | wc -c'
    equal "$stdout" $'head: /mem: Operation not permitted\nkmsg\n3'
}

@test "version 2: a node that the container makes is judged as its device is" {
    needs_v2
    config '.process.capabilities |= map_values(. + ["CAP_MKNOD"])'
    inside 'mknod /own c 1 1 && echo made; head -c 1 /own 2>&1; true'
    equal "$stdout" $'made\nhead: /own: Operation not permitted'
}

# bats test_tags=runc-breaks, runc-breaks:own
@test "version 2: rules that allow everything need no program" {
    needs_v2
    command -v strace >/dev/null || skip "no strace to look with"
    node mem c 1 11
    config '.linux.resources.devices = [{"allow": true, "access": "rwm"}]'
    also_through runtime_through strace -f -e trace=bpf -o "$T/calls"
    inside 'exec 3>/mem && echo writes'
    equal "$stdout" writes
    lacks "$(cat "$T/calls")" "bpf("
}

# bats test_tags=runc-breaks, runc-breaks:C24, row:C24
@test "a malformed rule is refused with its place, on version 2 too" {
    needs_v2
    config '.linux.resources.devices += [{"allow": true, "type": "c", "major": 1, "minor": 3, "access": "x"}]'
    create_refused
    says "linux.resources.devices[1].access"
}

# runc takes the folder away.
# bats test_tags=runc-breaks, runc-breaks:own
@test "version 2: a folder that was there with an older program gets the new one instead" {
    needs_v2
    node mem c 1 11
    local folder
    folder=$(cgroup_dir)
    mkdir -p "$folder"
    inside 'head -c 1 /mem 2>&1 >/dev/null; true'
    equal "$stdout" "head: /mem: Operation not permitted"
    [ -d "$folder" ]
    config '.linux.resources.devices = [{"allow": true, "access": "rwm"}]'
    inside 'exec 3>/mem && echo writes'
    equal "$stdout" writes
    rmdir "$folder"
}

# bats test_tags=runc-breaks, runc-breaks:messages
@test "version 2: a kernel without device programs is an error where rules are asked for, and none where not" {
    needs_v2
    also_through refuse 38 321 # ENOSYS for bpf(2), which has this number on 64-bit x86
    create_refused
    says "linux.resources.devices: "
    config 'del(.linux.resources)'
    inside_ok 'echo runs'
}

# runc changes no devices.
# bats test_tags=runc-breaks, runc-breaks:extension
@test "version 2: an update changes the rules, and one that is refused leaves them" {
    needs_v2
    node kmsg c 1 11
    program 'while :; do if (exec 3>/kmsg) 2>/dev/null; then echo yes >/opens; else echo no >/opens; fi; sleep 0.02; done'
    create
    ok start "$ID"
    opens() { [ "$(cat "$B/rootfs/opens" 2>/dev/null)" = "$1" ]; }
    wait_until opens no
    echo '{"devices":[{"allow":false,"access":"rwm"},{"allow":true,"type":"c","major":1,"minor":11,"access":"w"}]}' >"$T/allow"
    ok update --resources "$T/allow" "$ID"
    wait_until opens yes
    echo '{"devices":[{"allow":false,"access":"rwm"}],"unified":{"cgroup.max.depth":"nonsense"}}' >"$T/refused"
    fails update --resources "$T/refused" "$ID"
    rm "$B/rootfs/opens"
    wait_until opens yes
    echo '{"devices":[{"allow":false,"access":"rwm"}]}' >"$T/deny"
    ok update --resources "$T/deny" "$ID"
    wait_until opens no
}
