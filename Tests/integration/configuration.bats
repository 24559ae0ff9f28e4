# The rules of config.json: what is refused, that a refusal leaves nothing behind, and what has to be accepted.

load helpers

# Each refused configuration is named by the jq filter that makes it. All are tried; one create each.
refused_each() {
    local filter
    cp "$B/config.json" "$T/good.json"
    for filter; do
        cp "$T/good.json" "$B/config.json"
        config "$filter"
        rt create --bundle "$B" "$ID"
        [ "$status" -eq 1 ] || fail "create should refuse '$filter', exits $status"
        [ -n "$stderr" ] || fail "create refuses '$filter' without a word"
        nothing_left
    done
}

accepted_each() {
    local filter
    cp "$B/config.json" "$T/good.json"
    for filter; do
        cp "$T/good.json" "$B/config.json"
        config "$filter"
        create
        ok delete "$ID"
        nothing_left
    done
}

@test "a config.json that is no JSON is refused" {
    local text
    for text in '' '{' 'nonsense' '[]' '"text"' '{"ociVersion":"1.0.2",}'; do
        printf '%s' "$text" >"$B/config.json"
        create_refused
    done
}

# bats test_tags=runc-breaks, runc-breaks:strict
@test "text behind the JSON value is refused" {
    echo 'trailing' >>"$B/config.json"
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:C02
@test "a key that stands twice in an object is refused" {
    sed -i 's/"hostname": "box"/"hostname": "box", "hostname": "other"/' "$B/config.json"
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:C02
@test "text that is not UTF-8 is refused" {
    sed -i 's/"hostname": "box"/"hostname": "b\xff\xfex"/' "$B/config.json"
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:strict
@test "keys in the wrong case are not taken for the right ones" {
    sed -i 's/"hostname": "box"/"Hostname": "other"/' "$B/config.json"
    inside_ok 'hostname'
    [ "$stdout" != other ]
}

# bats test_tags=row:C24
@test "a wrong type of a value is refused" {
    refused_each '.process.args = "true"' '.process.user.uid = "0"' '.mounts = {}' '.process.terminal = "no"' '.linux.namespaces = "pid"'
}

# bats test_tags=runc-breaks, runc-breaks:strict
@test "a config.json that is a pipe is refused at once" {
    rm "$B/config.json"
    mkfifo "$B/config.json"
    CALL_SECONDS=5
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:C03
@test "a missing ociVersion is refused" {
    config 'del(.ociVersion)'
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:C03
@test "an ociVersion that is no version is refused" {
    config '.ociVersion = "banana"'
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:C03
@test "an ociVersion of another major version is refused" {
    config '.ociVersion = "2.0.0"'
    create_refused
}

# bats test_tags=row:C03
@test "every ociVersion 1.x is accepted" {
    accepted_each '.ociVersion = "1.0.0"' '.ociVersion = "1.0.2-dev"' '.ociVersion = "1.2.1"' '.ociVersion = "1.3.0"'
}

# bats test_tags=row:C23
@test "unknown keys are accepted" {
    accepted_each '.unknown = {"a": 1}' '.process.unknown = true' '.linux.unknown = ["x"]'
}

# bats test_tags=row:C04
@test "root is required and has to be an existing folder" {
    refused_each 'del(.root)' '.root.path = "nowhere"' '.root.path = "config.json"'
}

# bats test_tags=row:C01, row:C04
@test "the root path may be absolute" {
    config --arg path "$B/rootfs" '.root.path = $path'
    inside_ok 'ls /bin/busybox'
    equal "$stdout" /bin/busybox
}

# bats test_tags=row:C14
@test "args have to be there" {
    refused_each '.process.args = []' 'del(.process.args)'
}

# bats test_tags=row:C14
@test "cwd has to be absolute" {
    refused_each '.process.cwd = "tmp"' '.process.cwd = ""' 'del(.process.cwd)'
}

# bats test_tags=row:C15
@test "an unknown rlimit is refused" {
    refused_each '.process.rlimits = [{"type": "RLIMIT_NOSUCH", "soft": 1, "hard": 1}]'
}

# bats test_tags=runc-breaks, runc-breaks:C16
@test "an rlimit that stands twice is refused" {
    config '.process.rlimits = [{"type": "RLIMIT_CORE", "soft": 0, "hard": 0}, {"type": "RLIMIT_CORE", "soft": 0, "hard": 0}]'
    create_refused
}

# bats test_tags=row:L04
@test "a namespace that stands twice is refused" {
    refused_each '.linux.namespaces += [{"type": "ipc"}]' '.linux.namespaces += [{"type": "mount"}]'
}

# bats test_tags=row:C24
@test "an unknown namespace is refused" {
    refused_each '.linux.namespaces += [{"type": "nosuch"}]'
}

@test "a hostname without an own uts namespace is refused" {
    refused_each '.linux.namespaces |= map(select(.type != "uts"))'
}

# bats test_tags=row:C24, row:L29
@test "an unknown rootfs propagation is refused" {
    refused_each '.linux.rootfsPropagation = "nosuch"'
}

@test "a mount of an unknown file system is refused" {
    refused_each '.mounts += [{"destination": "/mnt", "type": "nosuchfs", "source": "none"}]'
}

# bats test_tags=row:R08
@test "a bind mount of a source that does not exist is refused" {
    refused_each '.mounts += [{"destination": "/mnt", "source": "/no/such/source", "options": ["bind"]}]'
}

# bats test_tags=row:C24
@test "a device of an unknown type is refused" {
    refused_each '.linux.devices = [{"path": "/dev/x", "type": "q", "major": 1, "minor": 3}]'
}

@test "an unknown program is refused at create, with the words callers look for" {
    config '.process.args = ["nosuchprogram"]'
    create_refused
    says 'exec: "nosuchprogram": executable file not found in $PATH'
    config '.process.args = ["/no/such/program"]'
    create_refused
    says 'exec: "/no/such/program": stat /no/such/program: no such file or directory'
}

@test "a program that is a folder or cannot be executed is refused" {
    config '.process.args = ["/etc"]'
    create_refused
    says 'exec: "/etc":'
    matches "$stderr" '(is a directory|permission denied)'
    config '.process.args = ["/etc/passwd"]'
    create_refused
    says "permission denied"
}

@test "a value of the environment without a name is refused" {
    refused_each '.process.env = ["=x"]'
}

@test "an entry of the environment without = is refused" {
    config '.process.env = ["NOTHING"]'
    create_refused
}

@test "a sysctl of the host that no namespace holds is refused" {
    refused_each '.linux.sysctl = {"kernel.panic": "1"}' '.linux.sysctl = {"vm.swappiness": "10"}'
}

@test "a sysctl of the network without an own network namespace is refused" {
    refused_each '.linux.sysctl = {"net.ipv4.ip_forward": "1"} | .linux.namespaces |= map(select(.type != "network"))'
}

# bats test_tags=runc-breaks, runc-breaks:C22
@test "an annotation without a key is refused" {
    config '.annotations = {"": "x"}'
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:L30
@test "masked and read-only paths have to be absolute" {
    config '.linux.maskedPaths = ["proc/keys"]'
    create_refused
    config '.linux.maskedPaths = [] | .linux.readonlyPaths = ["proc/bus"]'
    create_refused
}

@test "an unknown seccomp action is refused" {
    refused_each '.linux.seccomp = {"defaultAction": "SCMP_ACT_NOSUCH"}'
}

@test "after a refused create the id is free" {
    config '.process.args = ["nosuchprogram"]'
    create_refused
    config '.process.args = ["true"]'
    create
    equal "$(status_of)" created
}

# bats test_tags=runc-breaks, runc-breaks:strict
@test "a refusal names the place in config.json" {
    config '.process.rlimits = [{"type": "RLIMIT_NOSUCH", "soft": 1, "hard": 1}]'
    create_refused
    says "process.rlimits[0]"
    config '.process.rlimits = [] | .linux.namespaces += [{"type": "nosuch"}]'
    create_refused
    says "linux.namespaces[5]"
}
