# Cache and memory bandwidth by resctrl. What is done there is tested in a fixture tree (ResourceControlTests with
# spec-fixtures/resctrl); a machine with resctrl runs all of it.

load helpers

needs_resctrl() {
    resctrl=$(awk '$(NF - 2) == "resctrl" { print $5; exit }' /proc/self/mountinfo)
    [ -n "$resctrl" ] || skip "resctrl is not mounted here"
}

# bats test_tags=runc-breaks, runc-breaks:L21, row:L21
@test "without resctrl a container that asks for it is refused" {
    ! grep -q ' - resctrl ' /proc/self/mountinfo || skip "resctrl is mounted here"
    config '.linux.intelRdt = {"closID": "/"}'
    create_refused
    says "linux.intelRdt: needs resctrl, which is not mounted"
}

# bats test_tags=row:L21
@test "a container that does not ask for it never looks for resctrl" {
    runtime_through strace -f -qq -o "$T/trace" -e trace=openat,openat2,open,mkdir,mkdirat,statfs
    inside_ok true
    RUNTIME=$plain
    [ -s "$T/trace" ]
    lacks "$(cat "$T/trace")" resctrl
}

# bats test_tags=runc-breaks, runc-breaks:L23, row:L23
@test "a memory bandwidth schema has to start with MB: and be one line" {
    config '.linux.intelRdt = {"memBwSchema": "L3:0=f"}'
    create_refused
    says "linux.intelRdt.memBwSchema: must start with MB:"
    config '.linux.intelRdt = {"memBwSchema": "MB:0=10\nMB:1=10"}'
    create_refused
    says "linux.intelRdt.memBwSchema: must not contain a line break"
    config '.linux.intelRdt = {"schemata": ["L3:0=f\nL3:1=f"]}'
    create_refused
    says "linux.intelRdt.schemata[0]: must not contain a line break"
}

# bats test_tags=row:L21, row:L26, row:L27
@test "the process is in a group of the container's name and in a monitoring group, and both go with it" {
    needs_resctrl
    config '.linux.intelRdt = {"enableMonitoring": true}'
    running
    contains "$(cat "$resctrl/$ID/tasks")" "$(pid_of)"
    contains "$(cat "$resctrl/$ID/mon_groups/$ID/tasks")" "$(pid_of)"
    ok delete --force "$ID"
    [ ! -e "$resctrl/$ID" ]
}

# A record that names a folder which rmdir(2) refuses stands for a group that resctrl does not let go.
# bats test_tags=runc-breaks, runc-breaks:L27
@test "a group that cannot be removed makes delete fail and keeps the record; delete --force goes on and warns" {
    mkdir -p "$T/resctrl/$ID/mon_groups/$ID/kept"
    create
    ok kill "$ID" KILL
    wait_for_status stopped
    jq -c --arg group "$T/resctrl/$ID" --arg id "$ID" '.rdt = {group: $group, removesGroup: true, monitor: "\($group)/mon_groups/\($id)"}' \
        "$ROOT/$ID/record.json" >"$T/record.json"
    cp "$T/record.json" "$ROOT/$ID/record.json"
    local attempt
    for attempt in 1 2; do
        fails delete "$ID"
        says "remove the group $T/resctrl/$ID/mon_groups/$ID: unlinkat(2): ENOTEMPTY (directory not empty); delete --force leaves it"
        equal "$(status_of)" stopped
    done
    ok delete --force "$ID"
    equal "$(grep -c 'level=warning' <<<"$stderr")" 1
    says "remove the group $T/resctrl/$ID/mon_groups/$ID: unlinkat(2): ENOTEMPTY (directory not empty): left as it is"
    nothing_left
}

# bats test_tags=row:L22
@test "a slash is the root class" {
    needs_resctrl
    config '.linux.intelRdt = {"closID": "/"}'
    running
    contains "$(cat "$resctrl/tasks")" "$(pid_of)"
}

# bats test_tags=row:L25
@test "a class without schemata that is not there is refused" {
    needs_resctrl
    config '.linux.intelRdt = {"closID": "nosuchclass"}'
    create_refused
    says "linux.intelRdt.closID"
}
