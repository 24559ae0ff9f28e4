# ps: the container's processes as ps(1) prints them, and as numbers.

load helpers

# A container with three processes below init, one of them in a cgroup of its own below the container's where that can be made.
running_three() {
    program 'sleep 300 & sleep 301 & echo up >/up; wait'
    create
    ok start "$ID"
    wait_until test -e "$B/rootfs/up"
}

@test "ps prints ps(1)'s heading and the lines of the container's processes" {
    running_three
    ok ps "$ID"
    equal "$(head -n 1 <<<"$stdout")" "$(ps -ef | head -n 1)"
    equal "$(tail -n +2 <<<"$stdout" | awk '{ print $2 }' | sort -n | xargs)" "$(sort -n "$(cgroup_dir pids)/cgroup.procs" | xargs)"
    equal "$(tail -n +2 <<<"$stdout" | wc -l)" 3
    contains "$stdout" "sleep 301"
    equal "$stderr" ""
}

@test "ps --format json prints the numbers as one line" {
    running_three
    ok ps --format json "$ID"
    matches "$stdout" '^\[[0-9]+,[0-9]+,[0-9]+\]$'
    equal "$(jq -r '.[]' <<<"$stdout" | sort -n | xargs)" "$(sort -n "$(cgroup_dir pids)/cgroup.procs" | xargs)"
    equal "$(wc -l <"$out")" 1
}

@test "ps hands what stands behind the id to ps(1)" {
    running_three
    ok ps "$ID" -o pid,args -e
    matches "$(head -n 1 <<<"$stdout")" '^ *PID COMMAND$'
    equal "$(tail -n +2 <<<"$stdout" | wc -l)" 3
}

@test "ps of a created container lists its init" {
    create
    ok ps --format json "$ID"
    equal "$stdout" "[$(pid_of)]"
}

@test "ps also lists processes of cgroups below the container's" {
    running_three
    local below pid
    below=$(cgroup_dir pids)/below
    pid=$(pid_of)
    mkdir "$below"
    sed -n 2p "$(cgroup_dir pids)/cgroup.procs" >"$below/cgroup.procs"
    # Debian's runc looks at the hierarchy of devices, ours at the freezer's: all processes are in both.
    ok ps --format json "$ID"
    equal "$(jq length <<<"$stdout")" 3
    contains ",${stdout//[\[\]]/,}," ",$pid,"
}

@test "ps of a stopped container prints the heading, as json null" {
    program true
    create
    ok start "$ID"
    wait_for_status stopped
    ok ps "$ID"
    equal "$stdout" "$(ps -ef | head -n 1)"
    ok ps -f json "$ID"
    equal "$stdout" null
}

@test "ps of an unknown container says so" {
    fails ps nobody
    says "container does not exist"
}

@test "ps says what is wrong with its words" {
    running_three
    fails ps --format yaml "$ID"
    says "invalid format option"
    fails ps "$ID" -eo args
    says "couldn't find PID field in ps output"
}

# bats test_tags=runc-breaks, runc-breaks:ps
@test "ps says what is missing where there is no ps(1), and json needs none" {
    running_three
    RUNTIME=$(command -v "$RUNTIME")
    mkdir "$T/empty"
    PATH=$T/empty:$PATH runtime_through env "PATH=$T/empty"
    fails ps "$ID"
    says "run ps: executable file not found in \$PATH; ps --format json needs no ps(1)"
    ok ps --format json "$ID"
    equal "$(jq length <<<"$stdout")" 3
}
