# pause and resume; what a paused container allows.

load helpers

# The container's program counts, so that it shows whether it runs.
counting() {
    program 'trap "exit 0" TERM; i=0; while :; do i=$((i + 1)); echo $i >/n; sleep 0.01; done'
    create
    ok start "$ID"
    wait_until test -s "$B/rootfs/n"
}

# Whether the number goes on growing.
counts() {
    local before
    before=$(cat "$B/rootfs/n")
    wait_until eval '[ "$(cat "$B/rootfs/n")" != "'"$before"'" ]'
}

# Ten calls of the runtime take longer than many of its rounds.
stands_still() {
    local before
    before=$(cat "$B/rootfs/n")
    for call in 1 2 3 4 5 6 7 8 9 10; do status_of >"$T/status"; done
    equal "$(cat "$B/rootfs/n")" "$before"
}

# bats test_tags=vm:v1
@test "pause stops every process, and resume lets them go on" {
    needs_v1 freezer
    counting
    ok pause "$ID"
    equal "$(cat "$(cgroup_dir freezer)/freezer.state")" FROZEN
    equal "$(status_of)" paused
    stands_still
    ok resume "$ID"
    equal "$(cat "$(cgroup_dir freezer)/freezer.state")" THAWED
    equal "$(status_of)" running
    counts
}

# bats test_tags=vm:v2
@test "pause freezes on cgroup v2 by cgroup.freeze" {
    needs_v2
    config 'del(.linux.resources)'
    counting
    ok pause "$ID"
    equal "$(cat "$(cgroup_dir)/cgroup.freeze")" 1
    grep -qx 'frozen 1' "$(cgroup_dir)/cgroup.events" || fail "it is not frozen yet"
    equal "$(status_of)" paused
    ok resume "$ID"
    equal "$(cat "$(cgroup_dir)/cgroup.freeze")" 0
    equal "$(status_of)" running
    counts
}

@test "a paused container keeps its pid" {
    counting
    pid=$(pid_of)
    ok pause "$ID"
    equal "$(pid_of)" "$pid"
}

@test "a created container can be paused, and starts once it is resumed" {
    program 'echo up >/up'
    create
    ok pause "$ID"
    fails start "$ID"
    says "cannot start a container in the paused state"
    ok resume "$ID"
    equal "$(status_of)" created
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
}

@test "pause of a paused container says that it is not running, and leaves it paused" {
    counting
    ok pause "$ID"
    fails pause "$ID"
    says "container not running"
    equal "$(status_of)" paused
}

@test "pause of a stopped container says that it is not running" {
    create
    ok start "$ID"
    wait_for_status stopped
    fails pause "$ID"
    says "container not running"
}

@test "resume of a running container says that it is not paused" {
    counting
    fails resume "$ID"
    says "container not paused"
    counts
}

@test "resume of a stopped container says that it is not paused" {
    create
    ok start "$ID"
    wait_for_status stopped
    fails resume "$ID"
    says "container not paused"
}

@test "pause and resume of an unknown id say that it does not exist" {
    fails pause "$ID"
    says "container does not exist"
    fails resume "$ID"
    says "container does not exist"
}

# bats test_tags=vm
@test "KILL ends a paused container" {
    counting
    ok pause "$ID"
    ok kill "$ID" KILL
    wait_for_status stopped
}

@test "a signal to a paused container is taken when it is resumed" {
    counting
    ok pause "$ID"
    ok kill "$ID" TERM
    equal "$(status_of)" paused
    ok resume "$ID"
    wait_for_status stopped
}

@test "kill --all with KILL ends a paused container" {
    counting
    ok pause "$ID"
    ok kill --all "$ID" KILL
    wait_for_status stopped
}

@test "delete of a paused container fails and leaves it paused" {
    counting
    ok pause "$ID"
    fails delete "$ID"
    says "paused"
    equal "$(status_of)" paused
}

@test "delete --force ends and removes a paused container" {
    counting
    ok pause "$ID"
    ok delete --force "$ID"
    nothing_left
}

@test "delete --force of a paused container on cgroup v2 leaves nothing" {
    needs_v2
    config 'del(.linux.resources)'
    counting
    ok pause "$ID"
    ok delete --force "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "resume of a container below a frozen cgroup says so at once" {
    needs_v1 freezer
    needs_cgroupfs
    config --arg path "$CGROUP/inner" '.linux.cgroupsPath = $path'
    counting
    echo FROZEN >"/sys/fs/cgroup/freezer$CGROUP/freezer.state"
    wait_for_status paused
    CALL_SECONDS=5
    fails resume "$ID"
    says "a cgroup above"
    echo THAWED >"/sys/fs/cgroup/freezer$CGROUP/freezer.state"
    ok delete --force "$ID"
    rmdir /sys/fs/cgroup/*"$CGROUP"
}

# bats test_tags=runc-breaks, runc-breaks:extension
@test "pause of a container without a freezer says that no cgroup can be frozen" {
    needs_cgroupfs
    cat >"$T/no-freezer" <<'SH'
umount -R -l /sys/fs/cgroup 2>/dev/null
mount -t tmpfs none /sys/fs/cgroup && mkdir /sys/fs/cgroup/empty && exec "$@"
SH
    runtime_through unshare --mount sh "$T/no-freezer"
    config 'del(.linux.resources)'
    counting
    fails pause "$ID"
    says "the container has no cgroup that can be frozen"
    equal "$(status_of)" running
}
