# A user namespace that is joined: alone, with others that it owns, with new ones that it has to own.

load helpers

# A process in a user namespace of its own, which maps 0..9999 to 100000.. (uids) and 200000.. (gids), and in new namespaces of the given
# unshare options, which that one owns. Its pid is $holder. The image is given to the root of the namespace.
hold_users() {
    mkfifo "$T/held.go"
    unshare --user "$@" sh -c 'read line <"$0.go"; echo up >"$0"; exec sleep 300' "$T/held" 3>&- >/dev/null 2>&1 &
    holder=$!
    wait_until other_user_namespace
    echo 0 200000 10000 >"/proc/$holder/gid_map"
    echo 0 100000 10000 >"/proc/$holder/uid_map"
    echo >"$T/held.go"
    wait_until test -s "$T/held"
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    chown -hR 100000:200000 "$B/rootfs"
    join user "/proc/$holder/ns/user"
    # Older versions of runc want the mappings beside the path.
    config '.linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 10000}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 200000, "size": 10000}]'
}

other_user_namespace() { [ "$(readlink "/proc/$holder/ns/user")" != "$(readlink /proc/self/ns/user)" ]; }

let_users_go() {
    kill -KILL "$holder" 2>/dev/null
    wait "$holder" 2>/dev/null || true
}

# The user namespace that owns the namespace $2 of process $1, as readlink prints it.
owner() {
    python3 - "$1" "$2" <<'PYTHON'
import fcntl, os, sys
with open(f"/proc/{sys.argv[1]}/ns/{sys.argv[2]}") as namespace:
    print(f"user:[{os.fstat(fcntl.ioctl(namespace, 0xb701)).st_ino}]")
PYTHON
}

# bats test_tags=row:L01
@test "a user namespace is joined: its maps, its root" {
    hold_users
    inside_ok 'readlink /proc/self/ns/user; id -u; id -g; cat /proc/self/uid_map /proc/self/gid_map | tr -s " "'
    equal "$stdout" "$(readlink "/proc/$holder/ns/user")"$'\n0\n0\n 0 100000 10000\n 0 200000 10000'
    let_users_go
}

@test "the joined user namespace owns the new namespaces" {
    hold_users
    config '.linux.namespaces += [{"type": "cgroup"}]'
    running
    local pid name
    pid=$(pid_of)
    for name in pid net ipc uts mnt cgroup; do
        equal "$name $(owner "$pid" $name)" "$name $(readlink "/proc/$holder/ns/user")"
    done
    let_users_go
}

# bats test_tags=runc-breaks, runc-breaks:time
@test "the joined user namespace owns the new time namespace" {
    [ -e /proc/self/timens_offsets ] || skip "the kernel has no time namespaces"
    hold_users
    config '.linux.namespaces += [{"type": "time"}] | .linux.timeOffsets = {"monotonic": {"secs": 777}}'
    running
    equal "$(owner "$(pid_of)" time)" "$(readlink "/proc/$holder/ns/user")"
    contains "$(tr -s ' ' <"/proc/$(pid_of)/timens_offsets")" "monotonic 777 0"
    let_users_go
}

@test "the program is the first process of a new pid namespace, and the runtime's child in the joined user namespace" {
    hold_users
    inside_ok 'echo $$; ls -d /proc/[0-9]* | head -n 1'
    equal "$stdout" $'1\n/proc/1'
    let_users_go
}

@test "on the host the program has the mapped ids, and its pid is the one that state prints" {
    hold_users
    running
    local pid
    pid=$(pid_of)
    matches "$(tr '\t' ' ' <"/proc/$pid/status")" 'Uid: 100000 100000 100000 100000'
    matches "$(tr '\t' ' ' <"/proc/$pid/status")" 'Gid: 200000 200000 200000 200000'
    ok kill "$ID" KILL
    wait_for_status stopped
    ok delete "$ID"
    nothing_left
    kill -0 "$holder"
    let_users_go
}

@test "a user of the joined namespace who is not its root" {
    hold_users
    config '.process.user = {"uid": 1000, "gid": 1001, "additionalGids": [1002]}'
    inside_ok 'id -u; id -G; touch /tmp/file'
    equal "$stdout" $'1000\n1001 1002'
    equal "$(stat -c %u:%g "$B/rootfs/tmp/file")" 101000:201001
    let_users_go
}

@test "the capabilities are those of the joined user namespace" {
    hold_users
    config '.process.capabilities.bounding += ["CAP_SYS_ADMIN"] | .process.capabilities.effective += ["CAP_SYS_ADMIN"] | .process.capabilities.permitted += ["CAP_SYS_ADMIN"]'
    inside_ok 'hostname changed; hostname; mount -t tmpfs tmpfs /tmp && echo mounted'
    equal "$stdout" $'changed\nmounted'
    lacks "$(uname -n)" changed
    let_users_go
}

@test "devices, proc, sys and terminals are there in a joined user namespace" {
    hold_users
    inside_ok 'echo x >/dev/null; head -c 2 /dev/zero | wc -c; ls /dev/pts; ls -d /sys/class; ls -d /proc/1; stat -c "%t:%T" /dev/null'
    equal "$stdout" $'2\nptmx\n/sys/class\n/proc/1\n1:3'
    let_users_go
}

# bats test_tags=row:L01
@test "namespaces that the joined user namespace owns are joined with it" {
    hold_users --net --ipc --uts
    nsenter --target "$holder" --uts hostname held-name
    join network "/proc/$holder/ns/net"
    join ipc "/proc/$holder/ns/ipc"
    join uts "/proc/$holder/ns/uts"
    config 'del(.hostname)'
    inside_ok 'for n in user net ipc uts; do readlink /proc/self/ns/$n; done; uname -n'
    equal "$stdout" "$(for n in user net ipc uts; do readlink "/proc/$holder/ns/$n"; done; echo held-name)"
    let_users_go
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "a network namespace that the host owns is joined beside a joined user namespace" {
    hold_users
    config '.mounts |= map(select(.type != "sysfs"))'
    ip netns add "$ID"
    join network "/run/netns/$ID"
    inside_ok 'readlink /proc/self/ns/net; readlink /proc/self/ns/user'
    equal "$stdout" "net:[$(stat -Lc %i "/run/netns/$ID")]"$'\n'"$(readlink "/proc/$holder/ns/user")"
    ip netns del "$ID"
    let_users_go
}

@test "a network namespace that the host owns is joined beside a new user namespace" {
    hold_users
    let_users_go
    config '.mounts |= map(select(.type != "sysfs"))'
    ip netns add "$ID"
    join network "/run/netns/$ID"
    config '.linux.namespaces |= map(select(.type != "user")) + [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 10000}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 200000, "size": 10000}]'
    inside_ok 'readlink /proc/self/ns/net; cat /proc/self/uid_map | tr -s " "'
    equal "$stdout" "net:[$(stat -Lc %i "/run/netns/$ID")]"$'\n 0 100000 10000'
    ip netns del "$ID"
}

@test "user and pid namespace of a process are joined together" {
    hold_users --pid --fork --kill-child
    local child
    child=$(cat "/proc/$holder/task/$holder/children")
    join pid "/proc/${child% }/ns/pid"
    inside_ok 'readlink /proc/self/ns/pid; [ $$ -gt 1 ] && echo not first; readlink /proc/self/ns/user'
    equal "$stdout" "$(readlink "/proc/${child% }/ns/pid")"$'\nnot first\n'"$(readlink "/proc/$holder/ns/user")"
    let_users_go
}

@test "a second container joins the first one's user, network, ipc and pid namespaces" {
    hold_users
    running
    local pid
    pid=$(pid_of)
    make_bundle "$T/second"
    rm -r "$T/second/rootfs"
    jq --arg cgroup "$(cgroups_path -second)" --arg ns "/proc/$pid/ns" --arg root "$B/rootfs" '.linux.cgroupsPath = $cgroup | .root.path = $root
        | .linux.namespaces = [{type: "mount"}, {type: "uts"}, {type: "user", path: "\($ns)/user"}, {type: "network", path: "\($ns)/net"},
            {type: "ipc", path: "\($ns)/ipc"}, {type: "pid", path: "\($ns)/pid"}]
        | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10000}] | .linux.gidMappings = [{containerID: 0, hostID: 200000, size: 10000}]
        | .process.args = ["sh", "-c", "for n in user net ipc pid; do readlink /proc/self/ns/$n; done"]' "$T/second/config.json" >"$T/config"
    cp "$T/config" "$T/second/config.json"
    ok run --bundle "$T/second" "$ID-second"
    equal "$stdout" "$(for n in user net ipc pid; do readlink "/proc/$pid/ns/$n"; done)"
    let_users_go
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "mappings are not needed beside the path of a user namespace" {
    hold_users
    config 'del(.linux.uidMappings, .linux.gidMappings)'
    inside_ok 'cat /proc/self/uid_map | tr -s " "'
    equal "$stdout" " 0 100000 10000"
    let_users_go
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "mappings that differ from those of the joined namespace are refused" {
    hold_users
    config '.linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 9999}]
        | .linux.gidMappings = [{"containerID": 0, "hostID": 200000, "size": 10000}]'
    create_refused
    says "linux.uidMappings: must be absent or equal that of the joined user namespace, which is 0 100000 10000"
    let_users_go
}

@test "a user who is not mapped in the joined namespace is refused" {
    hold_users
    config '.process.user.uid = 60000'
    create_refused
    let_users_go
}

@test "the runtime's own user namespace by path is refused" {
    join user /proc/self/ns/user
    create_refused
}

# bats test_tags=row:L02
@test "another kind of namespace for the user namespace is refused" {
    join user /proc/self/ns/uts
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "groups of the container are refused where the joined namespace denies setgroups" {
    hold_users
    let_users_go
    rm "$T/held.go" "$T/held"
    setpriv --reuid 100000 --regid 200000 --clear-groups unshare --user --map-root-user sleep 300 3>&- >/dev/null 2>&1 &
    holder=$!
    wait_until grep -q deny "/proc/$holder/setgroups"
    join user "/proc/$holder/ns/user"
    # Group 5 is not mapped there.
    config 'del(.linux.uidMappings, .linux.gidMappings) | .mounts |= map(select(.type != "devpts"))'
    inside_ok 'id -u; cat /proc/self/setgroups'
    equal "$stdout" $'0\ndeny'
    config '.process.user.additionalGids = [0]'
    create_refused
    let_users_go
}

# bats test_tags=runc-breaks, runc-breaks:middle
@test "a process that makes init and is killed before it hands it over leaves nothing" {
    hold_users
    # Nobody else sends a message with a descriptor.
    runtime_through strace -f -qq -o "$T/trace" -e trace=sendmsg -e inject=sendmsg:signal=KILL
    create_refused
    RUNTIME=$plain
    contains "$(cat "$T/trace")" "killed by SIGKILL"
    let_users_go
}

# bats test_tags=runc-breaks, runc-breaks:R17
@test "runtimes that are killed at any moment of joining a user namespace leave nothing that delete cannot remove" {
    hold_users
    local i
    for ((i = 0; i < ${KILLS:-20}; i++)); do
        rt_in_background create --bundle "$B" "$ID"
        sleep "0.0$((RANDOM % 30 + 10))"
        kill_background
        ok delete --force "$ID"
        nothing_left
    done
    let_users_go
}

# CVE-2016-9962: root of the joined user namespace could trace it and take its descriptors.
@test "whoever enters the joined user namespace is hidden from those in there before" {
    hold_users
    runtime_through strace -f -qq -o "$T/trace" -e trace=prctl,setns
    inside_ok true
    RUNTIME=$plain
    awk '/prctl\(PR_SET_DUMPABLE, SUID_DUMP_DISABLE\) += 0/ { hidden = 1 } # children inherit it
        /setns\([0-9]+, CLONE_NEWUSER\)/ { entered++; if (! hidden) early++ }
        END { exit ! entered || early }' "$T/trace" || fail "$(grep -E 'DUMPABLE|NEWUSER' "$T/trace")"
    let_users_go
}

# ---- a runtime that is not root ---------------------------------------------------------------------------------------

# Has the runtime run as user 4711, who owns the joined user namespace, the bundle and the folder of the cgroups, and has the one capability that
# devices of cgroup version 1 take. Not root's files: CAP_DAC_OVERRIDE is missing.
as_a_user() {
    needs_cgroupfs
    setpriv --reuid 4711 --regid 4711 --clear-groups unshare --user --map-root-user sleep 300 3>&- >/dev/null 2>&1 &
    holder=$!
    wait_until grep -q 4711 "/proc/$holder/uid_map"
    join user "/proc/$holder/ns/user"
    config --arg cgroup "$CGROUP/inner" '.linux.cgroupsPath = $cgroup | .mounts |= map(select(.type != "devpts"))'
    rm "$B/rootfs/bin/busybox"
    cp "$SUITE_SCRATCH/busybox" "$B/rootfs/bin/busybox"
    mkdir -p "$ROOT"
    chmod 755 "$T"
    chown -hR 4711:4711 "$B" "$ROOT"
    local hierarchy
    for hierarchy in /sys/fs/cgroup/*/; do
        [ -e "$hierarchy/cgroup.procs" ] && [ ! -L "${hierarchy%/}" ] || continue
        mkdir -p "$hierarchy$CGROUP"
        if [ -e "$hierarchy/cpuset.cpus" ]; then
            local folder file
            for folder in "$hierarchy${CGROUP%/*}" "$hierarchy$CGROUP"; do
                for file in cpuset.cpus cpuset.mems; do cat "$hierarchy/$file" >"$folder/$file"; done
            done
        fi
        chown -R 4711:4711 "$hierarchy$CGROUP"
    done
    # Whoever makes a process in a cgroup has to have the rights for the way from its own one.
    echo "[ ! -d /sys/fs/cgroup/unified$CGROUP ] || echo \$\$ >/sys/fs/cgroup/unified$CGROUP/cgroup.procs; exec \"\$@\"" >"$T/move"
    runtime_through sh "$T/move" setpriv --reuid 4711 --regid 4711 --clear-groups --inh-caps +sys_admin --ambient-caps +sys_admin
}

end_of_the_user() {
    RUNTIME=$plain
    let_users_go
    find /sys/fs/cgroup/*"$CGROUP" -depth -type d -exec rmdir {} \;
}

# bats test_tags=runc-breaks, runc-breaks:join-userns-as-a-user
@test "a runtime that is not root gives the process its OOM score in a joined user namespace" {
    needs_v1 devices
    as_a_user
    config '.process.oomScoreAdj = 321'
    inside_ok 'cat /proc/self/oom_score_adj'
    end_of_the_user
    equal "$stdout" 321
}

# bats test_tags=runc-breaks, runc-breaks:time
@test "a runtime that is not root says why it cannot set the clocks off in a joined user namespace" {
    needs_v1 devices
    [ -e /proc/self/timens_offsets ] || skip "the kernel has no time namespaces"
    as_a_user
    config '.linux.namespaces += [{"type": "time"}] | .linux.timeOffsets = {"monotonic": {"secs": 777}}'
    fails create --bundle "$B" "$ID"
    end_of_the_user
    nothing_left
    says "linux.timeOffsets.monotonic: set the clock monotonic off by 777 s 0 ns: open"
    says "EACCES (permission denied); where a user namespace is joined this takes a runtime that is root"
}
