# validate: every finding with its place, exit codes, JSON, and what --host looks at. Ours alone: runc has no such command.

load helpers

# Validates $B; the findings are in $stdout. The first argument is the expected exit code.
validate() {
    local expected=$1
    shift
    rt "$@" validate --bundle "$B"
    [ "$status" -eq "$expected" ] || fail "'$call' should exit with $expected, exits $status" "$stdout" "$stderr"
}

validate_host() {
    rt validate --host --bundle "$B" "$@"
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "validate is silent about a good bundle and exits with 0" {
    validate 0
    equal "$stdout$stderr" ""
    validate_host
    equal "$status$stdout" 0
    validate_host --format json
    equal "$(jq -c '[.findings, .more]' <<<"$stdout")" '[[],false]'
}

# bats test_tags=runc-breaks, runc-breaks:validate, row:C23
@test "validate names an unknown key with line, column and neighbour, and exits with 0" {
    config '.process.noNewPrivilege = true | del(.process.noNewPrivileges)'
    validate 0
    local line
    line=$(grep -n noNewPrivilege "$B/config.json" | cut -d : -f 1)
    equal "$stdout" "$B/config.json:$line:5: warning: process.noNewPrivilege: unknown key, ignored (did you mean \"noNewPrivileges\"?) [config.md, \"Process\"]"
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "with --strict or SWRUNTIME_STRICT=1 a warning fails too" {
    config '.foo = 1'
    validate 0
    validate 1 --strict
    says "1 warning"
    export SWRUNTIME_STRICT=1
    validate 1
    validate 0 --strict=false
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "validate lists all errors at once and create the first of them" {
    config '.process.cwd = "rel" | .process.user.uid = "x" | .mounts += [{destination: 5}] | .linux.sysctl = {"kernel.panic": "1"} | .annotations[""] = "e"'
    validate 1
    equal "$(grep -c ': error: ' <<<"$stdout")" 5
    says "5 errors"
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:validate, row:C02
@test "validate lists every key that stands twice" {
    sed -i 's/"hostname": "box"/"hostname": "box", "hostname": "other", "root": {"path": "x", "path": "y"}/' "$B/config.json"
    validate 1
    equal "$(grep -c 'duplicate key' <<<"$stdout")" 3
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "a syntax error is the only finding" {
    sed -i 's/"hostname": "box",/"hostname": "box"/' "$B/config.json"
    validate 1
    equal "$(wc -l <<<"$stdout")" 1
    contains "$stdout" 'must have "," or "}" here'
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "the JSON report is one document with the same findings" {
    config '.hostnam = "x" | .process.cwd = "rel" | .windows = {}'
    rt validate --bundle "$B" --format json
    equal "$status" 1
    equal "$(jq -c '[.errors, .warnings, .notes, .host, (.findings | length)]' <<<"$stdout")" '[1,1,1,false,3]'
    equal "$(jq -r .file <<<"$stdout")" "$B/config.json"
    equal "$(jq -c '.findings[] | select(.severity == "error") | [.pointer, .rule, .value, .fix, .spec.chapter, .spec.heading]' <<<"$stdout")" \
        '["process.cwd","must be absolute, is \"rel\"","\"rel\"","begin it with \"/\"","config.md","Process"]'
    equal "$(jq -c '.findings[] | has("line") and has("column")' <<<"$stdout" | sort -u)" true
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "validate says that there is no config.json" {
    rm "$B/config.json"
    validate 1
    says "config.json not found"
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "--host finds what is not there: root, bind source, hook, namespace file" {
    config --arg b "$B" '.root.path = "nowhere" | .mounts += [{destination: "/m", type: "bind", source: ($b + "/no/such"), options: ["bind"]}]
        | .hooks.prestart = [{path: "/no/such/hook"}, {path: ($b + "/config.json")}]
        | .linux.namespaces += [{type: "cgroup", path: "/run/netns/none-\($b | length)"}]'
    validate 0
    validate_host
    equal "$status" 1
    contains "$stdout" "error: root.path: does not exist on this host, looked for $B/nowhere"
    contains "$stdout" "error: mounts[6].source: does not exist on this host, looked for $B/no/such: $B/no does not exist"
    contains "$stdout" "error: hooks.prestart[0].path: does not exist on this host"
    contains "$stdout" "error: hooks.prestart[1].path: cannot be executed by the runtime: no execute bit is set (mode 0"
    contains "$stdout" "error: linux.namespaces[5].path: does not exist on this host"
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "--host does not say that something is not there where it cannot tell" {
    ln -s circle "$B/circle"
    config --arg b "$B" '.root.path = "circle" | .mounts += [{destination: "/m", type: "bind", source: "\($b)/circle", options: ["bind"]}]
        | .hooks.prestart = [{path: "\($b)/circle"}]'
    validate_host
    equal "$status" 1
    local pointer
    for pointer in root.path mounts[6].source hooks.prestart[0].path; do
        contains "$stdout" "error: $pointer: cannot be looked at on this host: $B/circle: ELOOP (too many levels of symbolic links)"
    done
    lacks "$stdout" "does not exist"
}

# bats test_tags=runc-breaks, runc-breaks:validate, row:L02
@test "--host finds a namespace file of another kind" {
    join network /proc/self/ns/uts
    validate 0
    validate_host
    contains "$stdout" "must be a namespace of its type: it is a uts namespace"
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "--host finds limits above the kernel's bound and the caller's own" {
    config --argjson n "$(($(cat /proc/sys/fs/nr_open) + 1))" '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 1, hard: $n}]'
    validate 0
    validate_host
    contains "$stdout" "process.rlimits[0].hard: must be at most $(cat /proc/sys/fs/nr_open) (fs.nr_open)"
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "--host finds CPUs that are not there, and file systems that the kernel does not know" {
    config '.linux.resources.cpu = {cpus: "0-4095"} | .mounts += [{destination: "/x", type: "tmpf", source: "x"}]'
    validate_host
    contains "$stdout" "error: linux.resources.cpu.cpus: this host has the CPUs $(cat /sys/devices/system/cpu/online)"
    contains "$stdout" 'warning: mounts[6].type: this kernel has no file system "tmpf" without a module: /proc/filesystems does not list it, did you mean tmpfs?'
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "--host changes nothing" {
    config '.foo = 1'
    find "$B" -printf '%p %m %T@\n' >"$T/before"
    validate_host
    equal "$status" 0
    contains "$stdout" 'foo: unknown key'
    find "$B" -printf '%p %m %T@\n' | cmp - "$T/before"
    nothing_left
}

# Replaces $B/config.json with one that holds the members that awk prints for 1 to 100,000; what is given comes before and behind them.
many() {
    local before=$1 behind=$3
    {
        printf '{"ociVersion": "1.3.0", "process": {"cwd": "/", "args": ["a"]}, "root": {"path": "rootfs"}, "linux": {"namespaces": [{"type": "mount"}]}%s' "$before"
        awk "BEGIN { for (i = 1; i <= 100000; i++) { if (i > 1) print \",\"; printf $2 } }"
        printf '%s}' "$behind"
    } >"$B/config.json"
    jq -e . "$B/config.json" >"$T/is-json"
}

# Validates in both forms, with and without the host; each answer is cut, bounded and the same. The first argument is the exit code.
cut_short() {
    local expected=$1 host
    for host in --host=false --host; do
        rt validate "$host" --bundle "$B"
        equal "$status $(wc -l <<<"$stdout")" "$expected 1001"
        equal "$(tail -n 1 <<<"$stdout")" "$B/config.json: note: only 1000 findings are listed, there are more"
        rt validate "$host" --bundle "$B" --format json
        equal "$status $(jq -c '[.more, (.findings | length)]' <<<"$stdout")" "$expected [true,1000]"
    done
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "100,000 unknown keys are told at once, and hide no error behind them" {
    many , '"\"k%d\": 1", i' ', "hostname": 5'
    cut_short 1
    validate 1
    contains "$stdout" "error: hostname: must be a string, is a number"
    says "1 error, 999 warnings, and more"
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "100,000 duplicates of one key are told at once" {
    many , '"\"hostname\": \"x\""' ''
    cut_short 1
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "100,000 values of the wrong type are told at once" {
    many ', "mounts": [' '"5"' ']'
    cut_short 1
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "100,000 annotations are no reason to wait" {
    many ', "annotations": {' '"\"k%d\": \"\"", i' '}, "foo": 1'
    validate 0
    contains "$stdout" 'foo: unknown key'
    equal "$(wc -l <<<"$stdout")" 1
}

# bats test_tags=runc-breaks, runc-breaks:validate
@test "a list of findings that is whole says so" {
    config '.foo = 1'
    rt validate --bundle "$B" --format json
    equal "$(jq -c .more <<<"$stdout")" false
}
