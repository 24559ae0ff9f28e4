# The process: user, environment, working folder, capabilities, limits, descriptors, exit codes.

load helpers

# Mapped from 100000 on.
user_namespace() {
    config '.linux.namespaces += [{"type": "user"}] | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}]
        | .linux.gidMappings = .linux.uidMappings'
    chmod 755 "$T"
}

# ---- user -----------------------------------------------------------------------------------------------------------

@test "the process has the user and group that are configured" {
    config '.process.user = {"uid": 1000, "gid": 1001}'
    inside_ok 'id -u; id -g; id -G; grep -E "^(Uid|Gid):" /proc/self/status | tr "\t" " "'
    equal "$stdout" $'1000\n1001\n1001\nUid: 1000 1000 1000 1000\nGid: 1001 1001 1001 1001'
}

@test "the process has the additional groups and no others" {
    config '.process.user = {"uid": 1000, "gid": 1001, "additionalGids": [5, 1002]}'
    inside_ok 'grep ^Groups: /proc/self/status | tr -s "\t " "  "'
    matches "$stdout" '^Groups: *5 1002 *$'
}

@test "the caller's groups are not passed on" {
    # setpriv gives the runtime supplementary groups of its own.
    program 'grep ^Groups: /proc/self/status | tr -d "\t "'
    timeout -k 2 20 setpriv --groups 77,78 "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" >"$T/out" 2>"$T/err" </dev/null 3>&-
    matches "$(cat "$T/out")" '^Groups:0?$'
}

# bats test_tags=row:C21
@test "the umask is 0022 when none is configured, whatever the caller's" {
    program 'umask'
    umask 077
    ok run --bundle "$B" "$ID"
    umask 022
    equal "$stdout" 0022
}

# bats test_tags=row:C21
@test "the umask is the configured one" {
    config '.process.user.umask = 63'
    inside_ok 'umask; touch /file; stat -c %a /file'
    equal "$stdout" $'0077\n600'
}

@test "numbers of users are never looked up as names" {
    echo '1000:x:0:0:trick:/root:/bin/sh' >>"$B/rootfs/etc/passwd"
    config '.process.user.uid = 1000'
    inside_ok 'id -u'
    equal "$stdout" 1000
}

@test "a user id that does not fit into 32 bits is refused" {
    config '.process.user.uid = 4294967296'
    create_refused
}

# ---- environment ----------------------------------------------------------------------------------------------------

@test "the environment is the configured one, with HOME of the user and nothing from the caller" {
    config '.process.args = ["env"] | .process.env = ["PATH=/bin", "B=2", "A=1", "EMPTY="]'
    export LEAK=leaked
    ok run --bundle "$B" "$ID"
    equal "$stdout" $'PATH=/bin\nB=2\nA=1\nEMPTY=\nHOME=/root'
}

@test "HOME comes from the container's passwd file" {
    config '.process.user.uid = 1000 | .process.user.gid = 1000'
    inside_ok 'echo $HOME'
    equal "$stdout" /home/user
}

@test "HOME is / for a user who is not in the passwd file" {
    config '.process.user.uid = 4242'
    inside_ok 'echo $HOME'
    equal "$stdout" /
}

@test "HOME is / without a passwd file" {
    rm "$B/rootfs/etc/passwd"
    inside_ok 'echo $HOME'
    equal "$stdout" /
}

@test "a configured HOME is kept" {
    config '.process.env += ["HOME=/elsewhere"]'
    inside_ok 'echo $HOME'
    equal "$stdout" /elsewhere
}

@test "of a name that stands twice in the environment the last value counts" {
    config '.process.args = ["env"] | .process.env = ["PATH=/bin", "A=1", "A=2", "HOME=/"]'
    ok run --bundle "$B" "$ID"
    equal "$(grep ^A= <<<"$stdout" | tail -n 1)" A=2
}

@test "values of the environment are passed on byte by byte" {
    config '.process.env += ["TEXT=a b\nc\t\"=ü"]'
    inside_ok 'echo "$TEXT"'
    equal "$stdout" $'a b\nc\t"=ü'
}

@test "a large environment is passed on" {
    config '.process.env += [range(1000) | "V\(.)=" + ("x" * 60)]'
    inside_ok 'env | grep -c ^V'
    equal "$stdout" 1000
}

# ---- program and arguments ------------------------------------------------------------------------------------------

@test "arguments are passed on byte by byte" {
    config '.process.args = ["printf", "[%s]", "a b", "", "\n", "ü\"$x"]'
    ok run --bundle "$B" "$ID"
    equal "$stdout" $'[a b][][\n][ü"$x]'
}

# bats test_tags=row:C14
@test "the program is looked up in the configured PATH, in order" {
    printf '#!/bin/sh\necho local\n' >"$B/rootfs/usr/local/bin/tool"
    printf '#!/bin/sh\necho other\n' >"$B/rootfs/bin/tool"
    chmod +x "$B/rootfs/usr/local/bin/tool" "$B/rootfs/bin/tool"
    config '.process.args = ["tool"]'
    ok run --bundle "$B" "$ID"
    equal "$stdout" local
}

@test "files that cannot be executed are passed over in the lookup" {
    echo data >"$B/rootfs/usr/local/bin/tool"
    printf '#!/bin/sh\necho other\n' >"$B/rootfs/bin/tool"
    chmod +x "$B/rootfs/bin/tool"
    config '.process.args = ["tool"]'
    ok run --bundle "$B" "$ID"
    equal "$stdout" other
}

@test "a program with a slash is taken from the working folder" {
    printf '#!/bin/sh\necho here\n' >"$B/rootfs/tmp/tool"
    chmod +x "$B/rootfs/tmp/tool"
    config '.process.args = ["./tool"] | .process.cwd = "/tmp"'
    ok run --bundle "$B" "$ID"
    equal "$stdout" here
}

@test "a missing program makes run fail with the words callers look for" {
    config '.process.args = ["nosuchprogram"]'
    fails run --bundle "$B" "$ID"
    says "executable file not found in \$PATH"
    nothing_left
}

# ---- working folder -------------------------------------------------------------------------------------------------

@test "the working folder is the configured one" {
    config '.process.cwd = "/usr/local"'
    inside_ok 'pwd; readlink /proc/self/cwd'
    equal "$stdout" $'/usr/local\n/usr/local'
}

@test "a working folder that is not there is made" {
    config '.process.cwd = "/new/folder"'
    inside_ok 'pwd'
    equal "$stdout" /new/folder
}

@test "a working folder that is a file is refused" {
    config '.process.cwd = "/etc/passwd"'
    create_refused
}

@test "a working folder that only its user may enter is entered as that user" {
    mkdir -m 700 "$B/rootfs/closed"
    chown 1000:1000 "$B/rootfs/closed"
    config '.process.cwd = "/closed" | .process.user = {"uid": 1000, "gid": 1000}'
    inside_ok 'pwd'
    equal "$stdout" /closed
}

# ---- capabilities ---------------------------------------------------------------------------------------------------

@test "each of the five capability sets is the configured one" {
    config '.process.capabilities = {
        "bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_SETPCAP", "CAP_SYS_CHROOT"],
        "permitted": ["CAP_CHOWN", "CAP_KILL", "CAP_SYS_CHROOT"],
        "effective": ["CAP_CHOWN", "CAP_KILL"],
        "inheritable": ["CAP_KILL", "CAP_SYS_CHROOT"],
        "ambient": ["CAP_KILL"]} | .process.user = {"uid": 1000, "gid": 1000}'
    config '.process.args = ["grep", "^Cap", "/proc/self/status"]'
    ok run --bundle "$B" "$ID"
    # As a user who is not root the program keeps across execve what is ambient: KILL (5). The bounding set is CHOWN 0,
    # KILL 5, SETPCAP 8, SYS_CHROOT 18; the inheritable one KILL and SYS_CHROOT.
    equal "$(tr -d '\t' <<<"$stdout")" "CapInh:0000000000040020
CapPrm:0000000000000020
CapEff:0000000000000020
CapBnd:0000000000040121
CapAmb:0000000000000020"
}

@test "root has the capabilities of the bounding set and no others" {
    config '.process.capabilities = {
        "bounding": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_CHOWN", "CAP_KILL"]}'
    config '.process.args = ["grep", "^Cap", "/proc/self/status"]'
    ok run --bundle "$B" "$ID"
    equal "$(tr -d '\t' <<<"$stdout")" "CapInh:0000000000000000
CapPrm:0000000000000021
CapEff:0000000000000021
CapBnd:0000000000000021
CapAmb:0000000000000000"
}

@test "without capabilities there are none" {
    config 'del(.process.capabilities)'
    inside_ok 'grep ^Cap /proc/self/status | cut -f 2 | sort -u'
    equal "$stdout" 0000000000000000
}

# bats test_tags=row:C18
@test "in a user namespace each of the five capability sets is the configured one, for root and for others" {
    user_namespace
    config '.process.capabilities = {
        "bounding": ["CAP_KILL", "CAP_SYS_ADMIN", "CAP_SYS_RESOURCE"],
        "permitted": ["CAP_KILL", "CAP_SYS_ADMIN"], "effective": ["CAP_KILL", "CAP_SYS_ADMIN"],
        "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]}'
    config '.process.args = ["grep", "^Cap", "/proc/self/status"] | .process.user = {"uid": 1000, "gid": 1000}'
    ok run --bundle "$B" "$ID"
    # KILL is 5, SYS_ADMIN 21, SYS_RESOURCE 24.
    equal "$(cut -f 2 <<<"$stdout" | tr '\n' ' ')" "0000000000000020 0000000000000020 0000000000000020 0000000001200020 0000000000000020 "
    config '.process.user = {"uid": 0, "gid": 0} | .process.capabilities.ambient = [] | .process.capabilities.inheritable = []'
    ok run --bundle "$B" "$ID"
    equal "$(cut -f 2 <<<"$stdout" | tr '\n' ' ')" "0000000000000000 0000000000200020 0000000000200020 0000000001200020 0000000000000000 "
}

@test "in a user namespace without capabilities there are none" {
    user_namespace
    config 'del(.process.capabilities)'
    inside_ok 'grep ^Cap /proc/self/status | cut -f 2 | sort -u'
    equal "$stdout" 0000000000000000
}

# bats test_tags=runc-breaks, runc-breaks:securebits
@test "the caller's secure bits are not passed on" {
    attributes
    # With this one a change of the user drops no capabilities.
    runtime_through setpriv --securebits +no_setuid_fixup
    equal "$(attribute securebits)" "securebits 0"
}

@test "capabilities are not kept by the program's own changes of its user" {
    attributes
    config '.process.user = {"uid": 1000, "gid": 1000}'
    equal "$(attribute securebits)" "securebits 0"
    equal "$(attribute keepcaps)" "keepcaps 0"
}

@test "a capability that is not given is refused by the kernel" {
    inside 'chown 5:5 /etc/passwd'
    [ "$status" -ne 0 ]
    config '.process.capabilities.bounding += ["CAP_CHOWN"] | .process.capabilities.effective += ["CAP_CHOWN"] | .process.capabilities.permitted += ["CAP_CHOWN"]'
    inside_ok 'chown 5:5 /etc/passwd'
}

# bats test_tags=row:C18, row:R18
@test "an unknown capability is a warning, not an error" {
    config '.process.capabilities.bounding += ["CAP_NO_SUCH"]'
    create
    contains "$stderr" CAP_NO_SUCH
    contains "$stderr" warn
}

# The example that `runc spec` writes asks for that.
@test "ambient capabilities that are not inheritable are left out without a word" {
    config '.process.capabilities.ambient = .process.capabilities.permitted'
    config '.process.args = ["grep", "^CapAmb", "/proc/self/status"]'
    ok run --bundle "$B" "$ID"
    equal "$(tr -d '\t' <<<"$stdout")" CapAmb:0000000000000000
    equal "$stderr" ""
}

# bats test_tags=runc-breaks, runc-breaks:silent
@test "ambient capabilities that are left out are named with --debug" {
    config '.process.capabilities.ambient = ["CAP_KILL"]'
    ok --debug create --bundle "$B" "$ID"
    says "level=debug"
    says "left out: ambient but not inheritable: CAP_KILL"
}

# ---- limits and other attributes ------------------------------------------------------------------------------------

# bats test_tags=row:C17
@test "resource limits are the configured ones" {
    config '.process.rlimits = [
        {"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
        {"type": "RLIMIT_CORE", "soft": 0, "hard": 0},
        {"type": "RLIMIT_STACK", "soft": 1048576, "hard": 2097152},
        {"type": "RLIMIT_MEMLOCK", "soft": 4096, "hard": 8192}]'
    inside_ok 'awk "/open files|core file|stack size|locked memory/ { print \$(NF-2), \$(NF-1) }" /proc/self/limits'
    equal "$stdout" $'1048576 2097152\n0 0\n100 200\n4096 8192'
}

# Each below what the caller has. RLIMIT_NICE and RLIMIT_RTPRIO are 0 for most callers, who cannot raise them.
# bats test_tags=row:C17
@test "each of the sixteen resource limits has both values inside" {
    config '.process.rlimits = [
        {"type": "RLIMIT_CPU", "soft": 101, "hard": 201}, {"type": "RLIMIT_FSIZE", "soft": 1000002, "hard": 2000002},
        {"type": "RLIMIT_DATA", "soft": 500000003, "hard": 600000003}, {"type": "RLIMIT_STACK", "soft": 4000004, "hard": 5000004},
        {"type": "RLIMIT_CORE", "soft": 5, "hard": 105}, {"type": "RLIMIT_RSS", "soft": 1006, "hard": 2006},
        {"type": "RLIMIT_NPROC", "soft": 20007, "hard": 30007}, {"type": "RLIMIT_NOFILE", "soft": 108, "hard": 208},
        {"type": "RLIMIT_MEMLOCK", "soft": 4009, "hard": 5009}, {"type": "RLIMIT_AS", "soft": 3000000010, "hard": 4000000010},
        {"type": "RLIMIT_LOCKS", "soft": 111, "hard": 211}, {"type": "RLIMIT_SIGPENDING", "soft": 112, "hard": 212},
        {"type": "RLIMIT_MSGQUEUE", "soft": 4013, "hard": 5013}, {"type": "RLIMIT_NICE", "soft": 0, "hard": 0},
        {"type": "RLIMIT_RTPRIO", "soft": 0, "hard": 0}, {"type": "RLIMIT_RTTIME", "soft": 1000016, "hard": 2000016}]'
    config '.process.args = ["cat", "/proc/self/limits"]'
    ok run --bundle "$B" "$ID"
    equal "$(tail -n +2 <<<"$stdout" | sed -E 's/^Max //; s/ +/ /g; s/ ([a-z]+ )?$//')" "cpu time 101 201
file size 1000002 2000002
data size 500000003 600000003
stack size 4000004 5000004
core file size 5 105
resident set 1006 2006
processes 20007 30007
open files 108 208
locked memory 4009 5009
address space 3000000010 4000000010
file locks 111 211
pending signals 112 212
msgqueue size 4013 5013
nice priority 0 0
realtime priority 0 0
realtime timeout 1000016 2000016"
}

# bats test_tags=row:C17
@test "resource limits are set in a user namespace too" {
    user_namespace
    config '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200}]'
    inside_ok 'ulimit -S -n; ulimit -H -n'
    equal "$stdout" $'100\n200'
}

# bats test_tags=row:C17
@test "a limit without bounds is the largest number" {
    [ "$(ulimit -H -c)" = unlimited ] || skip "the caller's own core files are bounded"
    program 'ulimit -S -c; ulimit -H -c'
    config '.process.rlimits = [{"type": "RLIMIT_CORE", "soft": 0, "hard": 0}]'
    # jq has no such number.
    sed -Ei 's/"(soft|hard)": 0/"\1": 18446744073709551615/' "$B/config.json"
    ok run --bundle "$B" "$ID"
    equal "$stdout" $'unlimited\nunlimited'
}

# bats test_tags=row:C17, runc-breaks, runc-breaks:limit-message
@test "a hard limit above the caller's is refused with the limit, both values and the way out" {
    [ $((0x$(awk '$1 == "CapEff:" { print $2 }' /proc/self/status) >> 24 & 1)) -eq 0 ] || runtime_through setpriv --bounding-set -sys_resource
    local own
    own=$(ulimit -H -u)
    config --argjson above $((own + 1)) '.process.rlimits = [{"type": "RLIMIT_NPROC", "soft": 100, "hard": $above}]'
    create_refused
    says "process.rlimits[0]: set RLIMIT_NPROC to soft 100, hard $((own + 1)): prlimit(2): EPERM (operation not permitted); raising the hard limit of $own needs CAP_SYS_RESOURCE"
}

# Asks for one open file more than any process may have, which is $most.
limit_above_most() {
    most=$(cat /proc/sys/fs/nr_open)
    config --argjson above $((most + 1)) '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": $above}]'
}

# bats test_tags=row:C17, runc-breaks, runc-breaks:limit-message
@test "a limit of open files above fs.nr_open is refused with it" {
    limit_above_most
    create_refused
    says "process.rlimits[0]: set RLIMIT_NOFILE to soft 100, hard $((most + 1)): prlimit(2): EPERM (operation not permitted); must be at most $most (fs.nr_open)"
}

# bats test_tags=row:C17, runc-breaks, runc-breaks:limit-message
@test "in a user namespace a hard limit above the caller's is refused as clearly" {
    user_namespace
    limit_above_most
    create_refused
    says "prlimit(2): EPERM (operation not permitted); must be at most $most (fs.nr_open)"
}

@test "resource limits that are not configured are the caller's" {
    program 'grep "stack size" /proc/self/limits'
    (
        ulimit -S -s 4321
        ok run --bundle "$B" "$ID"
        matches "$stdout" ' 4424704 '
    )
}

@test "no_new_privs is set when it is configured, and only then" {
    inside_ok 'grep NoNewPrivs /proc/self/status | cut -f 2'
    equal "$stdout" 1
    config '.process.noNewPrivileges = false'
    inside_ok 'grep NoNewPrivs /proc/self/status | cut -f 2'
    equal "$stdout" 0
}

# bats test_tags=row:C19
@test "oomScoreAdj is written when it is configured, and only then" {
    config '.process.oomScoreAdj = 500'
    inside_ok 'cat /proc/self/oom_score_adj'
    equal "$stdout" 500
    config 'del(.process.oomScoreAdj)'
    local own
    own=$(cat /proc/self/oom_score_adj)
    inside_ok 'cat /proc/self/oom_score_adj'
    equal "$stdout" "$own"
}

@test "no signal is ignored inside" {
    program 'grep -E "^Sig(Blk|Ign)" /proc/self/status | cut -f 2 | sort -u'
    # The shell passes on what it ignores.
    (
        trap '' USR1 HUP PIPE
        ok run --bundle "$B" "$ID"
        equal "$stdout" 0000000000000000
    )
}

# bats test_tags=runc-breaks, runc-breaks:signal-mask
@test "no signal is blocked, ignored or handled inside, whatever the caller's" {
    config '.process.args = ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"]'
    runtime_through env --block-signal --ignore-signal=USR1,HUP,PIPE,CHLD,INT,RTMIN+3
    ok run --bundle "$B" "$ID"
    equal "$(tr -d '\t' <<<"$stdout")" $'SigBlk:0000000000000000\nSigIgn:0000000000000000\nSigCgt:0000000000000000'
}

# bats test_tags=runc-breaks, runc-breaks:signal-mask
@test "no signal is blocked or ignored in a container that was created and started" {
    config '.process.args = ["sleep", "30"]'
    runtime_through env --block-signal=USR2,TERM,RTMIN+1 --ignore-signal=USR1,HUP,QUIT
    create
    ok start "$ID"
    equal "$(grep -E '^Sig(Blk|Ign)' "/proc/$(pid_of)/status" | cut -f 2 | sort -u)" 0000000000000000
}

@test "the program is not ended by the end of who made it" {
    attributes
    equal "$(attribute pdeathsig)" "pdeathsig 0"
}

@test "the program can be traced by its user again" {
    attributes
    equal "$(attribute dumpable)" "dumpable 1"
}

# ---- session keyring ------------------------------------------------------------------------------------------------

@test "the program has a session keyring of its own" {
    [ -e /proc/keys ] || skip "the kernel has no keys, or hides them"
    attributes
    equal "$(attribute session)" "session _ses.$ID"
}

# bats test_tags=runc-breaks, runc-breaks:keyring
@test "two containers of one id under two roots have session keyrings of their own" {
    [ -e /proc/keys ] || skip "the kernel has no keys, or hides them"
    attributes
    program 'attributes; exec sleep 30'
    create
    local first=$out
    ok start "$ID"
    wait_until grep -q session-serial "$first"
    config --arg path "$(cgroups_path -2)" '.process.args = ["attributes"] | .linux.cgroupsPath = $path'
    (
        ROOT=$T/r2
        ok run --bundle "$B" "$ID"
        [ "$(grep session-serial "$first")" != "$(grep session-serial <<<"$stdout")" ] || fail "they share one"
    )
}

@test "with --no-new-keyring the program has the caller's session keyring" {
    [ -e /proc/keys ] || skip "the kernel has no keys, or hides them"
    attributes
    ok run --no-new-keyring --bundle "$B" "$ID"
    equal "$(grep ^session <<<"$stdout")" "$("$B/rootfs/bin/attributes" | grep ^session)"
    lacks "$stdout" "_ses.$ID"
}

@test "the program leads its own session" {
    inside_ok 'cut -d " " -f 6 /proc/self/stat; cut -d " " -f 5 /proc/1/stat'
    equal "$stdout" $'1\n1'
}

# bats test_tags=row:C13
@test "a console size has no effect without a terminal" {
    config '.process.terminal = false | .process.consoleSize = {height: 24, width: 80}'
    inside_ok 'for n in 0 1 2; do [ ! -t $n ] || echo "$n is a terminal"; done; ls /dev/console 2>/dev/null || true'
    equal "$stdout" ""
}

# ---- descriptors ----------------------------------------------------------------------------------------------------

# bats test_tags=row:R35
@test "only standard input, output and error are open inside" {
    exec 4</etc/passwd 7</ 12>"$T/leak" 200</etc/passwd
    config '.process.args = ["ls", "/proc/self/fd"]'
    ok run --bundle "$B" "$ID"
    exec 4<&- 7<&- 12>&- 200<&-
    # One more is the folder that ls reads.
    equal "$stdout" $'0\n1\n2\n3'
}

@test "only standard descriptors are open in a container that was created and started" {
    exec 4</etc/passwd 9</
    running
    exec 4<&- 9<&-
    local pid
    pid=$(pid_of)
    equal "$(ls "/proc/$pid/fd" | grep -v '^10$' | tr '\n' ' ')" "0 1 2 "
}

@test "the waiting process holds no descriptor of the host's folders" {
    exec 9</
    create
    exec 9<&-
    local pid number mount
    pid=$(pid_of)
    for number in /proc/"$pid"/fd/*; do
        [ -d "$number" ] || continue
        # A folder is the host's if its mount is one of the host's.
        mount=$(awk '$1 == "mnt_id:" { print $2 }' "/proc/$pid/fdinfo/${number##*/}")
        ! grep -q "^$mount " /proc/self/mountinfo || fail "descriptor ${number##*/} is the folder $(readlink "$number") of the host's mount $mount"
    done
}

@test "standard input, output and error are the caller's" {
    echo question >"$T/stdin"
    program 'read line; echo "answer to $line"; echo problem >&2'
    STDIN=$T/stdin ok run --bundle "$B" "$ID"
    equal "$stdout" "answer to question"
    contains "$(cat "$err")" problem
}

@test "a created container keeps the descriptors of its create" {
    echo question >"$T/stdin"
    program 'read line; echo "answer to $line"; echo problem >&2'
    STDIN=$T/stdin create
    local out_of_create=$out err_of_create=$err
    ok start "$ID"
    wait_for_status stopped
    equal "$(cat "$out_of_create")" "answer to question"
    equal "$(cat "$err_of_create")" problem
}

@test "data flows through a pipe in both directions, all of it" {
    config '.process.args = ["cat"]'
    head -c 3000000 /dev/urandom >"$T/data"
    timeout 20 cat "$T/data" | timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" 3>&- | cat >"$T/copy"
    cmp "$T/data" "$T/copy"
}

@test "standard descriptors that the caller has closed do not harm" {
    program 'echo fine >/marker'
    timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" <&- >&- 2>&- 3>&-
    equal "$(cat "$B/rootfs/marker")" fine
}

# As strace(1) saw it: the process that joins has made itself undumpable before, so that nothing in there can open its files in /proc.
@test "the first process hides from others before it joins anything" {
    hold --net
    join network "/proc/$holder/ns/net"
    program true
    timeout -k 2 20 strace -f -qq -e trace=prctl,setns,clone,clone3,fork,vfork,execve -o "$T/calls" "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" </dev/null >"$T/o" 2>&1 3>&-
    let_go
    # A child is what its parent was; a program that is executed begins anew.
    awk '/PR_SET_DUMPABLE, SUID_DUMP_DISABLE\) = 0/ { hidden[$1] = 1 }
        /(clone|clone3|fork|vfork)(\(| resumed).* = [0-9]+$/ { hidden[$NF] = hidden[$1] }
        /execve(\(| resumed).* = 0$/ { hidden[$1] = 0 }
        /setns\([0-9]+, CLONE_NEWNET\) += 0/ { joined = 1; if (!hidden[$1]) { print; bad = 1 } }
        END { if (!joined) print "nobody joined"; exit bad || !joined }' "$T/calls"
}

@test "the waiting process is closed to other processes of its user" {
    config '.process.user = {uid: 1000, gid: 1000} | .linux.namespaces |= map(select(.type != "pid"))'
    create
    local pid
    pid=$(pid_of)
    equal "$(awk '/^Uid:/ { print $2 }' "/proc/$pid/status")" 1000
    equal "$(stat -c %u:%g "/proc/$pid/fd")" 0:0
    run setpriv --reuid 1000 --regid 1000 --clear-groups ls "/proc/$pid/fd"
    [ "$status" -ne 0 ]
    run setpriv --reuid 1000 --regid 1000 --clear-groups cat "/proc/$pid/exe"
    [ "$status" -ne 0 ]
}
