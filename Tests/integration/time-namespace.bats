# The time namespace: new ones with offsets, joined ones.

load helpers

setup() {
    prepare
    [ -e /proc/self/timens_offsets ] || skip "the kernel has no time namespaces"
    config '.linux.namespaces += [{"type": "time"}]'
}

# The offsets of the namespace that the program is in, one clock a line: "monotonic 86400 5".
offsets='tr -s " \t" " " </proc/self/timens_offsets'

# bats test_tags=runc-breaks, runc-breaks:time, row:L03
@test "a new time namespace without offsets has the host's clocks" {
    inside_ok "$offsets; readlink /proc/self/ns/time; readlink /proc/self/ns/time_for_children; cut -d . -f 1 /proc/uptime"
    local before
    before=$(cut -d . -f 1 /proc/uptime)
    equal "$(sed -n 1,2p <<<"$stdout")" $'monotonic 0 0\nboottime 0 0'
    [ "$(sed -n 3p <<<"$stdout")" != "$(readlink /proc/self/ns/time)" ]
    equal "$(sed -n 4p <<<"$stdout")" "$(sed -n 3p <<<"$stdout")"
    [ "$(sed -n 5p <<<"$stdout")" -le "$before" ]
    [ "$(sed -n 5p <<<"$stdout")" -gt $((before - 60)) ]
}

# bats test_tags=runc-breaks, runc-breaks:time, row:L32
@test "both clocks of a new time namespace are set off" {
    config '.linux.timeOffsets = {"monotonic": {"secs": 86400, "nanosecs": 5}, "boottime": {"secs": 1000000}}'
    inside_ok "$offsets; cut -d . -f 1 /proc/uptime"
    equal "$(sed -n 1,2p <<<"$stdout")" $'monotonic 86400 5\nboottime 1000000 0'
    local outside inside
    outside=$(cut -d . -f 1 /proc/uptime)
    inside=$(sed -n 3p <<<"$stdout")
    [ "$inside" -gt $((outside + 1000000 - 60)) ]
    [ "$inside" -le $((outside + 1000000)) ]
}

# bats test_tags=runc-breaks, runc-breaks:time, row:L32
@test "a clock can be set back" {
    [ "$(cut -d . -f 1 /proc/uptime)" -gt 200 ] || skip "the machine runs for less than 200 seconds"
    config '.linux.timeOffsets = {"boottime": {"secs": -101, "nanosecs": 500000000}}'
    inside_ok "$offsets; cut -d . -f 1 /proc/uptime"
    equal "$(sed -n 1,2p <<<"$stdout")" $'monotonic 0 0\nboottime -101 500000000'
    [ "$(sed -n 3p <<<"$stdout")" -lt "$(($(cut -d . -f 1 /proc/uptime) - 99))" ]
}

# bats test_tags=runc-breaks, runc-breaks:time
@test "what the program starts is in the time namespace too" {
    config '.linux.timeOffsets = {"monotonic": {"secs": 7777}}'
    inside_ok 'sh -c "readlink /proc/self/ns/time; tr -s \" \" </proc/self/timens_offsets" & wait; readlink /proc/1/ns/time'
    contains "$stdout" "monotonic 7777 0"
    equal "$(sed -n 1p <<<"$stdout")" "$(sed -n 4p <<<"$stdout")"
}

# bats test_tags=runc-breaks, runc-breaks:time
@test "hooks of the runtime's namespaces are not born in the container's time namespace, those of the container are" {
    config --arg t "$T" '.linux.timeOffsets = {"boottime": {"secs": 5000000}}
        | .hooks = {
            createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "readlink /proc/self/ns/time >\($t)/runtime"]}],
            createContainer: [{path: "/bin/sh", args: ["sh", "-c", "readlink /proc/self/ns/time >\($t)/container"]}],
            poststart: [{path: "/bin/sh", args: ["sh", "-c", "readlink /proc/self/ns/time >\($t)/poststart"]}]}'
    inside_ok 'readlink /proc/self/ns/time'
    equal "$(cat "$T/runtime" "$T/poststart")" "$(readlink /proc/self/ns/time /proc/self/ns/time)"
    equal "$(cat "$T/container")" "$stdout"
}

# bats test_tags=runc-breaks, runc-breaks:time
@test "state, start, kill and delete know a container whose clocks are set off" {
    config '.linux.timeOffsets = {"monotonic": {"secs": 100000}, "boottime": {"secs": 100000}}'
    running
    equal "$(status_of)" running
    ok kill "$ID" TERM
    wait_for_status stopped
    ok delete "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:time, row:L01, row:L32
@test "the time namespace of another process is joined" {
    unshare --fork --kill-child --time --boottime 3000000 sh -c 'echo $$ >"$0"; exec sleep 300' "$T/held" 3>&- >/dev/null 2>&1 &
    unsharer=$!
    wait_until test -s "$T/held"
    holder=$(cat "$T/held")
    join time "/proc/$holder/ns/time"
    inside_ok "$offsets; readlink /proc/self/ns/time"
    equal "$stdout" "$(printf 'monotonic 0 0\nboottime 3000000 0\n%s' "$(readlink "/proc/$holder/ns/time")")"
    let_go
}

# bats test_tags=runc-breaks, runc-breaks:time
@test "a new user namespace owns the new time namespace" {
    config '.linux.namespaces += [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 1000}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 100000, "size": 1000}]
        | .linux.timeOffsets = {"boottime": {"secs": 2000000}}'
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:100000 "$B/rootfs"
    running
    local pid
    pid=$(pid_of)
    contains "$(tr -s ' ' <"/proc/$pid/timens_offsets")" "boottime 2000000 0"
    # NS_GET_USERNS: the owner of the time namespace, as inode number.
    equal "$(python3 - "$pid" <<'PYTHON'
import fcntl, os, sys
with open(f"/proc/{sys.argv[1]}/ns/time") as namespace:
    print(f"user:[{os.fstat(fcntl.ioctl(namespace, 0xb701)).st_ino}]")
PYTHON
    )" "$(readlink "/proc/$pid/ns/user")"
}

# bats test_tags=runc-breaks, runc-breaks:time, row:L32
@test "offsets without a time namespace are refused" {
    config '.linux.namespaces |= map(select(.type != "time")) | .linux.timeOffsets = {"monotonic": {"secs": 1}}'
    create_refused
}

# bats test_tags=row:L32, runc-blind
@test "offsets for a joined time namespace are refused" {
    join time /proc/self/ns/time
    config '.linux.timeOffsets = {"monotonic": {"secs": 1}}'
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:time, row:L32
@test "an offset that would set a clock back before zero is refused, and the clock is named" {
    config '.linux.timeOffsets = {"monotonic": {"secs": 1}, "boottime": {"secs": -90000000}}'
    create_refused
    says "linux.timeOffsets.boottime: set the clock boottime off by -90000000 s 0 ns"
    says "ERANGE"
}

@test "an unknown clock is refused" {
    config '.linux.timeOffsets = {"realtime": {"secs": 1}}'
    create_refused
}
