# --log, --log-format and --debug: the file that callers read, and standard error.

load helpers

# The last record of level error in the log file, as JSON.
last_error() {
    grep '"level":"error"' "$T/log" | tail -n 1
}

@test "a failure is the last error record of the json log, with the words callers look for" {
    config '.process.args = ["nosuchprogram"]'
    fails --log "$T/log" --log-format json create --bundle "$B" "$ID"
    equal "$(last_error | jq -r .level)" error
    contains "$(last_error | jq -r .msg)" "executable file not found in \$PATH"
    matches "$(last_error | jq -r .time)" '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}'
    # The time can be read by date(1).
    date -d "$(last_error | jq -r .time)" >/dev/null
}

@test "every line of the json log is an object with level, msg and time" {
    config '.process.args = ["nosuchprogram"] | .process.capabilities.bounding += ["CAP_NO_SUCH"]'
    fails --log "$T/log" --log-format json --debug create --bundle "$B" "$ID"
    [ "$(wc -l <"$T/log")" -ge 1 ]
    equal "$(jq -r 'has("level") and has("msg") and has("time")' "$T/log" | sort -u)" true
}

@test "a failure stands in the text log as one line" {
    fails --log "$T/log" state "$ID"
    matches "$(grep level=error "$T/log")" '^time="?[0-9T:+Z.-]+"? level=error msg=".*does not exist'
}

@test "text is the default format" {
    fails --log "$T/log" --log-format text state "$ID"
    contains "$(cat "$T/log")" "level=error"
}

@test "a failure stands on standard error too when there is a log file" {
    fails --log "$T/log" --log-format json state "$ID"
    says "does not exist"
    lacks "$stderr" '"level"'
}

@test "without a log file the failure stands on standard error" {
    fails state "$ID"
    says "does not exist"
}

@test "the log format applies to standard error without a log file" {
    fails --log-format json state "$ID"
    equal "$(grep '"level":"error"' <<<"$stderr" | tail -n 1 | jq -r .level)" error
}

@test "the log is appended to" {
    echo first >"$T/log"
    fails --log "$T/log" state "$ID"
    equal "$(head -n 1 "$T/log")" first
    [ "$(wc -l <"$T/log")" -ge 2 ]
}

@test "a success writes no error" {
    rt --log "$T/log" --log-format json create --bundle "$B" "$ID"
    equal "$status" 0
    equal "$(status_of)" created
    [ ! -e "$T/log" ] || lacks "$(cat "$T/log")" '"level":"error"'
}

@test "--debug adds records, and nothing to the output" {
    ok --debug --log "$T/log" --log-format json create --bundle "$B" "$ID"
    contains "$(cat "$T/log")" '"level":"debug"'
    equal "$(status_of)" created
    ok --log "$T/quiet" state "$ID"
    [ ! -s "$T/quiet" ]
}

@test "warnings stand in the log" {
    config '.process.capabilities.bounding += ["CAP_NO_SUCH"]'
    ok --log "$T/log" --log-format json create --bundle "$B" "$ID"
    equal "$(grep CAP_NO_SUCH "$T/log" | jq -r .level | sort -u)" warning
}

@test "a message with a line break and quotes stays one record" {
    config '.process.args = ["no\n\"such\" prog"]'
    fails --log "$T/log" --log-format json create --bundle "$B" "$ID"
    contains "$(last_error | jq -r .msg)" such
}

@test "an unknown log format is refused" {
    fails --log-format xml state "$ID"
    says "invalid log-format"
}

@test "a log file that cannot be opened is an error" {
    fails --log "$T/no/such/folder/log" create --bundle "$B" "$ID"
    nothing_left
}

@test "a running container holds no descriptor of the log" {
    program 'sleep 100'
    ok --log "$T/log" run --detach --bundle "$B" "$ID"
    local pid
    pid=$(pid_of)
    contains "$(readlink /proc/"$pid"/fd/*)" /dev/null
    lacks "$(readlink /proc/"$pid"/fd/*)" "$T/log"
}

@test "--version names the program and the version of the specification" {
    rt --version
    equal "$status" 0
    matches "$(head -n 1 <<<"$stdout")" '^[a-z]+ version [0-9]'
    matches "$stdout" $'\nspec: 1\\.'
}

@test "--help and no command print the commands and succeed" {
    rt --help
    equal "$status" 0
    local command
    for command in create start state kill delete list run; do contains "$stdout" "$command"; done
    rt
    equal "$status" 0
    contains "$stdout" create
}

@test "spec writes a configuration that runs once it has no terminal" {
    local work=$T/spec
    mkdir "$work"
    cd "$work"
    ok spec
    equal "$(stat -c %a config.json)" 644
    equal "$(jq -r '.process.args[0]' config.json)" sh
    fails spec
    says "config.json exists"
    jq --arg cgroup "$(cgroups_path)" '.process.terminal = false | .process.args = ["echo", "hello"] | .linux.cgroupsPath = $cgroup
        | .linux.maskedPaths |= .' config.json >"$T/config"
    cp "$T/config" config.json
    cp -a "$B/rootfs" rootfs
    ok run "$ID"
    equal "$stdout" hello
    rm -rf --one-file-system "$work/rootfs"
}

@test "spec --bundle writes into that folder" {
    mkdir "$T/spec"
    ok spec --bundle "$T/spec"
    [ -f "$T/spec/config.json" ]
}
