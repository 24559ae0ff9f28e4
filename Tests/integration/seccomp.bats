# The system call filter, seen from inside: actions, conditions, architectures, flags, who may install it, and its listener.

load helpers

setup() {
    prepare
    command -v cc >/dev/null || skip "no C compiler for the programs that call the kernel"
    [ -e "$SUITE_SCRATCH/syscalls" ] || {
        cc -static -pthread -o "$SUITE_SCRATCH/syscalls.$$" "$BATS_TEST_DIRNAME/syscalls.c"
        mv "$SUITE_SCRATCH/syscalls.$$" "$SUITE_SCRATCH/syscalls"
    }
    cp "$SUITE_SCRATCH/syscalls" "$B/rootfs/bin/syscalls"
}

# The number of a system call on this machine.
number() {
    [ -e "$SUITE_SCRATCH/numbers" ] || {
        echo '#include <sys/syscall.h>' | cc -E -dM - | awk '$2 ~ /^__NR_/ { print substr($2, 6), $3 }' >"$SUITE_SCRATCH/numbers.$$"
        mv "$SUITE_SCRATCH/numbers.$$" "$SUITE_SCRATCH/numbers"
    }
    awk -v name="$1" '$1 == name { print $2 }' "$SUITE_SCRATCH/numbers"
}

# The profile: default action, the rules as jq text, further members as jq text.
profile() {
    config --arg default "$1" ".linux.seccomp = {defaultAction: \$default, syscalls: [$2]} + {${3:-}}"
}

# The architecture's programs that need no C library: bare FILE NUMBER FIRST [option].
bare() {
    cc ${4:-} -nostdlib -static -DNUMBER="$2" -DFIRST="$3" -o "$B/rootfs/bin/$1" "$BATS_TEST_DIRNAME/bare.c"
}

needs_x86() {
    [ "$(uname -m)" = x86_64 ] || skip "sub-architectures are tested on x86"
}

# The calls of umask(2) with each of the values whose rule holds answer 99.
matching() {
    local op=$1 value=$2 more=$3 values=$4 v
    profile SCMP_ACT_ALLOW "{names: [\"umask\"], action: \"SCMP_ACT_ERRNO\", errnoRet: 99,
        args: [{index: 0, value: $value, op: \"SCMP_CMP_$op\" $more}]}"
    inside_ok "for v in $values; do echo \$v \$(syscalls $(number umask) \$v); done"
    awk '$2 == 99 { printf "%s%s", separator, $1; separator = " " }' <<<"$stdout"
}

# ---- in force -------------------------------------------------------------------------------------------------------

@test "a filter is in force inside, and the only one" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'grep -E "^(Seccomp|Seccomp_filters|NoNewPrivs):" /proc/self/status | tr -d "\t"'
    equal "$stdout" $'NoNewPrivs:1\nSeccomp:2\nSeccomp_filters:1'
}

@test "without a profile there is no filter" {
    inside_ok 'grep "^Seccomp:" /proc/self/status | tr -d "\t"'
    equal "$stdout" Seccomp:0
}

@test "a filter holds for the descendants too" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'sh -c "(mkdir /x) 2>&1"; ls -d /x 2>/dev/null; true'
    contains "$stdout" "Operation not permitted"
    [ ! -e "$B/rootfs/x" ]
}

@test "without no_new_privs root gets the filter, and no capability for it" {
    config '.process.noNewPrivileges = false'
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'grep -E "^(CapInh|CapPrm|CapEff|CapBnd|CapAmb|NoNewPrivs|Seccomp):" /proc/self/status | tr -d "\t"'
    equal "$stdout" $'CapInh:0000000000000000\nCapPrm:0000000020000420\nCapEff:0000000020000420\nCapBnd:0000000020000420\nCapAmb:0000000000000000\nNoNewPrivs:0\nSeccomp:2'
}

@test "without no_new_privs root without capabilities gets the filter" {
    config '.process.noNewPrivileges = false | del(.process.capabilities)'
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'grep -E "^(CapPrm|CapBnd|Seccomp):" /proc/self/status | tr -d "\t"'
    equal "$stdout" $'CapPrm:0000000000000000\nCapBnd:0000000000000000\nSeccomp:2'
}

@test "without no_new_privs a user gets the filter, and no capability for it" {
    config '.process.noNewPrivileges = false | .process.user = {uid: 1000, gid: 1000}'
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'id -u; grep -E "^(CapPrm|CapEff|CapAmb|Seccomp):" /proc/self/status | tr -d "\t"'
    equal "$stdout" $'1000\nCapPrm:0000000000000000\nCapEff:0000000000000000\nCapAmb:0000000000000000\nSeccomp:2'
}

@test "a user keeps its ambient capabilities under a filter, with and without no_new_privs" {
    config '.process.user = {uid: 1000, gid: 1000} | .process.capabilities |= (.inheritable = ["CAP_KILL"] | .ambient = ["CAP_KILL"])'
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}'
    local privileges
    for privileges in true false; do
        config ".process.noNewPrivileges = $privileges"
        inside_ok 'grep -E "^(CapPrm|CapAmb|Seccomp):" /proc/self/status | tr -d "\t"'
        equal "$stdout" $'CapPrm:0000000000000020\nCapAmb:0000000000000020\nSeccomp:2'
    done
}

@test "a user with no_new_privs gets the filter" {
    config '.process.user = {uid: 1000, gid: 1000}'
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'id -u; grep "^Seccomp:" /proc/self/status | tr -d "\t"'
    equal "$stdout" $'1000\nSeccomp:2'
}

@test "root of a user namespace gets the filter, with and without no_new_privs" {
    config '.linux.namespaces += [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 0, "size": 10}] | .linux.gidMappings = .linux.uidMappings'
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}'
    local privileges
    for privileges in true false; do
        config ".process.noNewPrivileges = $privileges"
        inside_ok 'grep "^Seccomp:" /proc/self/status | tr -d "\t"'
        equal "$stdout" Seccomp:2
    done
}

# bats test_tags=runc-breaks, runc-breaks:late-filter
@test "a profile needs to allow what the program calls, and nothing of the runtime" {
    needs_x86
    bare quiet 3 99 # close, which says EBADF
    config '.process.args = ["/bin/quiet"]'
    local privileges
    for privileges in true false; do
        config ".process.noNewPrivileges = $privileges"
        profile SCMP_ACT_KILL_PROCESS '{names: ["execve", "close", "exit_group"], action: "SCMP_ACT_ALLOW"}'
        rt run --bundle "$B" "$ID"
        equal "$status" 9
    done
}

# bats test_tags=runc-breaks, runc-breaks:late-filter
@test "a profile that fakes changes of user and capabilities fakes them for the program alone" {
    config '.process.noNewPrivileges = false | .process.user = {uid: 1000, gid: 1000, additionalGids: [7]}'
    profile SCMP_ACT_ALLOW '{names: ["capset", "setuid", "setgid", "setgroups", "setresuid", "setresgid", "prctl"],
        action: "SCMP_ACT_ERRNO", errnoRet: 0}'
    inside_ok 'grep -E "^(Uid|Gid|CapPrm|CapBnd):" /proc/self/status | tr "\t" " "; syscalls '"$(number setgroups)"
    equal "$stdout" $'Uid: 1000 1000 1000 1000\nGid: 1000 1000 1000 1000\nCapPrm: 0000000000000000\nCapBnd: 0000000020000420\nok'
}

# bats test_tags=row:R22, runc-breaks, runc-breaks:strict-filter
@test "with --strict the filter is in force when create returns" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}'
    ok --strict create --bundle "$B" "$ID"
    equal "$(grep ^Seccomp: "/proc/$(pid_of)/status" | tr -d '\t')" Seccomp:2
    ok start "$ID"
}

@test "startContainer hooks run under the filter" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}'
    config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "grep ^Seccomp: /proc/self/status >/noted; mkdir /made 2>>/noted; true"]}]'
    inside_ok 'cat /noted'
    contains "$stdout" $'Seccomp:\t2'
    contains "$stdout" "Operation not permitted"
}

# ---- actions --------------------------------------------------------------------------------------------------------

@test "ERRNO fails the call with EPERM, or with its number" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}, {names: ["getppid"], action: "SCMP_ACT_ERRNO", errnoRet: 42}'
    inside_ok "syscalls $(number umask) 18; syscalls $(number getppid)"
    equal "$stdout" $'1\n42'
}

# bats test_tags=row:S01
@test "ERRNO as default fails what is not named, with EPERM or with its number" {
    # All calls are allowed by name but one.
    number read >/dev/null
    config --arg names "$(awk '{ print $1 }' "$SUITE_SCRATCH/numbers")" '.linux.seccomp = {defaultAction: "SCMP_ACT_ERRNO",
        syscalls: [{names: ($names | split("\n") | map(select(. != "getppid"))), action: "SCMP_ACT_ALLOW"}]}'
    inside_ok "syscalls $(number getppid); syscalls $(number umask) 18"
    equal "$stdout" $'1\nok'
    config '.linux.seccomp.defaultErrnoRet = 42'
    inside_ok "syscalls $(number getppid); syscalls $(number umask) 18"
    equal "$stdout" $'42\nok'
}

@test "KILL and KILL_THREAD end the thread alone" {
    local action
    for action in KILL KILL_THREAD; do
        profile SCMP_ACT_ALLOW "{names: [\"umask\"], action: \"SCMP_ACT_$action\"}"
        inside_ok "syscalls thread $(number umask) 18"
        equal "$stdout" alive
    done
}

@test "KILL_PROCESS ends the process with SIGSYS" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_KILL_PROCESS"}'
    inside_ok "syscalls thread $(number umask) 18; echo \$?"
    lacks "$stdout" alive
    contains "$stdout" 159
}

@test "TRAP sends SIGSYS, with the number of the call" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_TRAP"}'
    inside_ok "syscalls trap $(number umask) 18"
    matches "$stdout" "^signal 31 code 1 call $(number umask) "
}

@test "TRACE without a tracer fails the call with ENOSYS" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_TRACE", errnoRet: 7}'
    inside_ok "syscalls $(number umask) 18"
    equal "$stdout" 38
}

@test "ALLOW and LOG let the call through" {
    profile SCMP_ACT_LOG '{names: ["umask"], action: "SCMP_ACT_ALLOW"}'
    inside_ok "syscalls $(number umask) 18; syscalls $(number getppid)"
    equal "$stdout" $'ok\nok'
}

# ---- rules ----------------------------------------------------------------------------------------------------------

@test "NE holds for every other value, in both halves" {
    equal "$(matching NE 4294967301 "" "5 4294967301 4294967300 8589934597")" "5 4294967300 8589934597"
}

@test "LT holds below the value, in both halves" {
    equal "$(matching LT 4294967301 "" "0 5 6 4294967300 4294967301 4294967302 8589934592")" "0 5 6 4294967300"
}

@test "LE holds up to the value, in both halves" {
    equal "$(matching LE 4294967301 "" "0 6 4294967300 4294967301 4294967302 8589934592")" "0 6 4294967300 4294967301"
}

@test "EQ holds for the value alone, in both halves" {
    equal "$(matching EQ 4294967301 "" "5 4294967300 4294967301 4294967302 8589934597")" "4294967301"
}

@test "GE holds from the value on, in both halves" {
    equal "$(matching GE 4294967301 "" "6 4294967300 4294967301 4294967302 8589934592")" "4294967301 4294967302 8589934592"
}

@test "GT holds above the value, in both halves" {
    equal "$(matching GT 4294967301 "" "6 4294967300 4294967301 4294967302 8589934592")" "4294967302 8589934592"
}

@test "MASKED_EQ compares what the mask leaves" {
    equal "$(matching MASKED_EQ 4294967298 ', valueTwo: 4294967296' "0 2 4294967296 4294967297 4294967298 4294967301 12884901888")" \
        "4294967296 4294967297 4294967301 12884901888"
}

@test "all conditions of a rule have to hold, on different arguments" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO", errnoRet: 99,
        args: [{index: 0, value: 1, op: "SCMP_CMP_EQ"}, {index: 5, value: 2, op: "SCMP_CMP_EQ"}]}'
    local umask
    umask=$(number umask)
    inside_ok "syscalls $umask 1 0 0 0 0 2; syscalls $umask 1 0 0 0 0 3; syscalls $umask 0 0 0 0 0 2"
    equal "$stdout" $'99\nok\nok'
}

@test "one of several rules for a call has to hold" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO", errnoRet: 99, args: [{index: 0, value: 1, op: "SCMP_CMP_EQ"}]},
        {names: ["umask"], action: "SCMP_ACT_ERRNO", errnoRet: 99, args: [{index: 0, value: 3, op: "SCMP_CMP_EQ"}]}'
    local umask
    umask=$(number umask)
    inside_ok "for v in 0 1 2 3 4; do syscalls $umask \$v; done"
    equal "$stdout" $'ok\n99\nok\n99\nok'
}

@test "conditions on the same argument in one rule are alternatives" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO", errnoRet: 99,
        args: [{index: 0, value: 1, op: "SCMP_CMP_EQ"}, {index: 0, value: 3, op: "SCMP_CMP_EQ"}]}'
    local umask
    umask=$(number umask)
    inside_ok "for v in 0 1 2 3 4; do syscalls $umask \$v; done"
    equal "$stdout" $'ok\n99\nok\n99\nok'
}

# bats test_tags=row:S06
@test "names of system calls that nobody knows are passed over" {
    profile SCMP_ACT_ALLOW '{names: ["no_such_call", "umask", "another_one"], action: "SCMP_ACT_ERRNO"}'
    inside_ok "syscalls $(number umask) 18"
    equal "$stdout" 1
}

@test "calls that are newer than all that the profile names fail with ENOSYS" {
    needs_x86
    number read >/dev/null
    config --arg names "$(awk '$2 <= 440 { print $1 }' "$SUITE_SCRATCH/numbers")" '.linux.seccomp = {defaultAction: "SCMP_ACT_ERRNO",
        architectures: ["SCMP_ARCH_X86_64"],
        syscalls: [{names: ($names | split("\n") | map(select(. != "getppid"))), action: "SCMP_ACT_ALLOW"}]}'
    inside_ok "syscalls $(number getppid); syscalls 447; syscalls 4095"
    equal "$stdout" $'1\n38\n38'
}

# ---- architectures --------------------------------------------------------------------------------------------------

@test "a profile for 32-bit x86 holds for calls by int 0x80" {
    needs_x86
    bare call32 60 18 -m32 # umask
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO", errnoRet: 99}' 'architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]'
    inside_ok "/bin/call32; echo \$?; syscalls $(number umask) 18"
    equal "$stdout" $'99\n99'
    profile SCMP_ACT_ALLOW '{names: ["getppid"], action: "SCMP_ACT_ERRNO", errnoRet: 99}' 'architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"]'
    inside_ok "/bin/call32; echo \$?; syscalls $(number umask) 18"
    equal "$stdout" $'0\nok'
}

@test "calls of an architecture that the profile does not name are not let through" {
    needs_x86
    bare call32 60 18 -m32
    profile SCMP_ACT_ALLOW '{names: ["getppid"], action: "SCMP_ACT_ERRNO"}' 'architectures: ["SCMP_ARCH_X86_64"]'
    inside_ok "/bin/call32; echo \$?; syscalls $(number umask) 18"
    equal "$stdout" $'159\nok'
}

@test "x32 calls are not let through unless the profile names their architecture" {
    needs_x86
    profile SCMP_ACT_ALLOW '{names: ["getppid"], action: "SCMP_ACT_ERRNO"}' 'architectures: ["SCMP_ARCH_X86_64"]'
    inside_ok "syscalls $((0x40000000 + $(number umask))) 18; echo \$?"
    [ "$stdout" = 159 ] || equal "$stdout" $'38\n0'
}

@test "a profile for x32 holds for x32 calls" {
    needs_x86
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO", errnoRet: 99}' 'architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X32"]'
    inside_ok "syscalls $((0x40000000 + $(number umask))) 18"
    equal "$stdout" 99
}

# ---- flags ----------------------------------------------------------------------------------------------------------

# The flags that the kernel got, as strace names them.
flags_of_filter() {
    runtime_through strace -f -o "$T/trace" -e trace=seccomp,prctl
    inside_ok true
    RUNTIME=$plain
    # prctl(2) has no flags: runc takes it where there are none.
    sed -n -e 's/.*seccomp(SECCOMP_SET_MODE_FILTER, \([^,]*\), {.*= [0-9]*$/\1/p' \
        -e 's/.*prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {.*= 0$/0/p' "$T/trace" | tail -n 1
}

# bats test_tags=row:S07, runc-breaks, runc-breaks:S07
@test "without flags speculation is allowed" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}'
    contains "$(flags_of_filter)" SECCOMP_FILTER_FLAG_SPEC_ALLOW
}

# bats test_tags=row:S07, runc-blind
@test "with an empty list of flags speculation is not allowed" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}' 'flags: []'
    equal "$(flags_of_filter)" 0
}

# bats test_tags=runc-breaks, runc-breaks:seccomp-flags
@test "the listed flags are set" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}' \
        'flags: ["SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_TSYNC"]'
    local flags
    flags=$(flags_of_filter)
    contains "$flags" SECCOMP_FILTER_FLAG_LOG
    contains "$flags" SECCOMP_FILTER_FLAG_TSYNC
    lacks "$flags" SECCOMP_FILTER_FLAG_SPEC_ALLOW
}

# bats test_tags=runc-breaks, runc-breaks:seccomp-flags
@test "a flag that the kernel does not know is refused by name" {
    cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    runtime_through "$T/refuse" 22 "$(number seccomp)" # EINVAL
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}' 'flags: ["SECCOMP_FILTER_FLAG_LOG"]'
    create_refused
    says 'linux.seccomp.flags: the kernel does not know SECCOMP_FILTER_FLAG_LOG'
}

@test "a profile is refused where the kernel has no filters" {
    cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    runtime_through "$T/refuse" 38 "$(number seccomp),$(number prctl)" # ENOSYS
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}'
    create_refused
}

# ---- refusals -------------------------------------------------------------------------------------------------------

# refused WORDS PROFILE-ARGUMENTS...: create refuses the profile, names the place and leaves nothing.
refused() {
    local words=$1
    shift
    profile "$@"
    create_refused
    says "$words"
}

# bats test_tags=row:S01, runc-breaks, runc-breaks:S01
@test "a number for an action that returns none is refused" {
    refused 'linux.seccomp.syscalls[0].errnoRet: must be absent for SCMP_ACT_KILL' SCMP_ACT_ALLOW \
        '{names: ["umask"], action: "SCMP_ACT_KILL", errnoRet: 1}'
    refused 'linux.seccomp.defaultErrnoRet: must be absent for SCMP_ACT_ALLOW' SCMP_ACT_ALLOW '' 'defaultErrnoRet: 1'
}

# bats test_tags=row:S02, runc-breaks, runc-breaks:S02
@test "a rule without names is refused" {
    refused 'linux.seccomp.syscalls[0].names: must have at least 1 entry' SCMP_ACT_ALLOW '{names: [], action: "SCMP_ACT_ERRNO"}'
}

# bats test_tags=row:S04, runc-breaks, runc-breaks:S04
@test "metadata without a listener is refused" {
    refused 'linux.seccomp.listenerMetadata: needs listenerPath' SCMP_ACT_ALLOW '' 'listenerMetadata: "x"'
}

# bats test_tags=row:S03
@test "notification without a listener is refused" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir"], action: "SCMP_ACT_NOTIFY"}'
    create_refused
}

# bats test_tags=row:S08
@test "notification of write, or of everything, is refused" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir", "write"], action: "SCMP_ACT_NOTIFY"}' 'listenerPath: "/run/agent.sock"'
    create_refused
    profile SCMP_ACT_NOTIFY '{names: ["write"], action: "SCMP_ACT_ALLOW"}' 'listenerPath: "/run/agent.sock"'
    create_refused
}

@test "an argument beyond the sixth is refused" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO", args: [{index: 6, value: 0, op: "SCMP_CMP_EQ"}]}'
    create_refused
}

# ---- the listener ---------------------------------------------------------------------------------------------------

# Starts the one who decides: agent [NUMBER=ANSWER...]; notes in $T/agent, socket $T/agent/socket.
agent() {
    mkdir -p "$T/agent"
    python3 "$BATS_TEST_DIRNAME/agent.py" "$T/agent/socket" "$T/agent" "$@" </dev/null >"$T/agent/log" 2>&1 3>&- &
    agent=$!
    wait_until test -e "$T/agent/listening"
}

# The profile that notifies the named calls and allows all others; further members as jq text.
notify() {
    config --arg names "$1" --arg socket "$T/agent/socket" ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", listenerPath: \$socket,
        syscalls: [{names: (\$names | split(\" \")), action: \"SCMP_ACT_NOTIFY\"}]} + {${2:-}}"
}

dismiss_agent() {
    kill -KILL "$agent" 2>/dev/null || true
    wait "$agent" 2>/dev/null || true
}

# bats test_tags=row:S03
@test "the listener decides about the calls that are notified, and about no others" {
    agent "$(number umask)=42" "$(number getppid)=ok"
    notify "umask getppid sched_yield"
    inside_ok "syscalls $(number umask) 18; syscalls $(number getppid); syscalls $(number sched_yield); syscalls $(number getuid)"
    dismiss_agent
    equal "$stdout" $'42\nok\nok\nok'
    equal "$(sort -u "$T/agent/calls")" "$({ number umask; number getppid; number sched_yield; } | sort -u)"
}

# bats test_tags=row:S03, row:S05
@test "the listener gets one process state, with its descriptor in the first message" {
    agent
    notify umask 'listenerMetadata: "the policy"'
    config '.annotations = {"key": "value"}'
    create
    wait_until test -e "$T/agent/state.1"
    local pid
    pid=$(pid_of)
    ok delete --force "$ID"
    dismiss_agent
    equal "$(jq -S -c 'del(.ociVersion, .state.ociVersion)' "$T/agent/state.1")" "$(jq -S -c -n --argjson pid "$pid" --arg id "$ID" --arg bundle "$B" '
        {fds: ["seccompFd"], pid: $pid, metadata: "the policy",
        state: {id: $id, status: "creating", pid: $pid, bundle: $bundle, annotations: {key: "value"}}}')"
    matches "$(jq -r '.ociVersion + " " + .state.ociVersion' "$T/agent/state.1")" '^1\.[0-9.]+[^ ]* 1\.[0-9.]+'
    equal "$(cat "$T/agent/rest.1")" "1 0"
    [ ! -e "$T/agent/state.2" ]
}

# bats test_tags=row:S03, runc-breaks, runc-breaks:S03
@test "the connection is closed behind the state, while the runtime goes on" {
    agent
    notify umask
    program 'sleep 30'
    rt_in_background run --bundle "$B" "$ID"
    wait_for_status running
    wait_until test -e "$T/agent/end.1"
    ok delete --force "$ID"
    wait_for_background
    dismiss_agent
    equal "$(cat "$T/agent/end.1")" ""
}

# bats test_tags=row:S03
@test "each container has a connection of its own" {
    agent "$(number umask)=42"
    notify umask
    program "syscalls $(number umask) 18"
    local container
    for container in "$ID" "$ID-b"; do
        ok run --bundle "$B" "$container"
        equal "$stdout" 42
    done
    dismiss_agent
    equal "$(jq -r .state.id "$T/agent/state.1" "$T/agent/state.2")" "$ID"$'\n'"$ID-b"
}

@test "the listener may decide about nearly all calls, those of the runtime too" {
    agent
    notify "$(awk '$1 != "write" { printf "%s%s", separator, $1; separator = " " }' <(number read >/dev/null; cat "$SUITE_SCRATCH/numbers"))"
    local privileges
    for privileges in true false; do
        config ".process.noNewPrivileges = $privileges"
        inside_ok 'mkdir /tmp/made; ls -d /tmp/made; rmdir /tmp/made'
        equal "$stdout" /tmp/made
    done
    dismiss_agent
}

@test "the listener decides for a user, and in a user namespace" {
    agent "$(number umask)=42"
    notify umask
    config '.process.user = {uid: 1000, gid: 1000} | .process.args = ["syscalls", "'"$(number umask)"'", "18"]'
    ok run --bundle "$B" "$ID"
    equal "$stdout" 42
    config '.linux.namespaces += [{"type": "user"}]
        | .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 2000}] | .linux.gidMappings = .linux.uidMappings'
    chmod 755 "$B" "$T"
    ok run --bundle "$B" "$ID"
    dismiss_agent
    equal "$stdout" 42
}

# bats test_tags=runc-breaks, runc-breaks:listener-without-pidfd-getfd
@test "where the listener cannot be taken out of init, init sends it" {
    cc -o "$T/refuse" "$BATS_TEST_DIRNAME/refuse.c"
    agent "$(number umask)=42"
    notify umask
    program "syscalls $(number umask) 18"
    local error
    for error in 1 38; do
        runtime_through "$T/refuse" "$error" 438 # pidfd_getfd
        ok run --bundle "$B" "$ID"
        RUNTIME=$plain
        equal "$stdout" 42
    done
    dismiss_agent
}

@test "nobody keeps a copy of the listener: without one who listens the calls fail" {
    local CALL_SECONDS=5
    agent die=now
    notify umask
    inside_ok "syscalls $(number umask) 18"
    dismiss_agent
    equal "$stdout" 38
}

# Has the runtime begin with the given disposition (DFL, IGN) of the signals: a shell ignores some for what it runs in the background.
with_signals() {
    cat >"$T/signals.py" <<'PY'
import os, signal, sys
disposition, signals, *command = sys.argv[1:]
for name in signals.split():
    signal.signal(signal.Signals["SIG" + name], signal.Handlers["SIG_" + disposition])
os.execv(command[0], command)
PY
    runtime_through python3 "$T/signals.py" "$1" "$2"
}

# bats test_tags=runc-breaks, runc-breaks:listener-without-an-answer
@test "where the listener never answers, a signal ends create, which leaves nothing" {
    local signal
    with_signals DFL "TERM INT HUP"
    for signal in TERM INT HUP; do
        agent "$(number close)=never"
        notify close
        rt_in_background create --bundle "$B" "$ID"
        wait_until grep -qx "$(number close)" "$T/agent/calls"
        kill -s "$signal" "$background"
        wait_for_background
        dismiss_agent
        equal "$status" 1
        contains "$(cat "$T/background.err")" "cancelled by SIG$signal"
        call=create
        nothing_left
        rm -r "$T/agent"
    done
    RUNTIME=$plain
}

# bats test_tags=runc-breaks, runc-breaks:listener-without-an-answer
@test "create that is to ignore a signal does so while it waits for the listener" {
    with_signals IGN HUP
    agent "$(number close)=never"
    notify close
    rt_in_background create --bundle "$B" "$ID"
    wait_until grep -qx "$(number close)" "$T/agent/calls"
    kill -s HUP "$background"
    kill -s TERM "$background"
    wait_for_background
    RUNTIME=$plain
    dismiss_agent
    contains "$(cat "$T/background.err")" "cancelled by SIGTERM"
}

# bats test_tags=row:S03
@test "without one who listens create fails and leaves nothing" {
    mkdir "$T/agent"
    notify umask
    create_refused
}

# bats test_tags=row:S03
@test "a listener's socket of another kind makes create fail" {
    mkdir "$T/agent"
    python3 -c 'import socket, sys, time
s = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET); s.bind(sys.argv[1]); s.listen(1); time.sleep(60)' "$T/agent/socket" 3>&- &
    local holder=$!
    wait_until test -S "$T/agent/socket"
    notify umask
    create_refused
    kill -KILL "$holder"
}

# bats test_tags=row:S03
@test "a listener's path has no effect where no rule notifies" {
    profile SCMP_ACT_ALLOW '{names: ["umask"], action: "SCMP_ACT_ERRNO"}' 'listenerPath: "/nowhere/socket", listenerMetadata: "x"'
    inside_ok "syscalls $(number umask) 18"
    equal "$stdout" 1
}
