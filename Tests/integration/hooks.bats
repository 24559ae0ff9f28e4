# The six hooks: when, where and with what they run, and what a failing one means. runtime-spec, config.md, POSIX-platform hooks.

load helpers

# Every hook is this script. It notes in $T/hooks/ what it was given, and ends as the third argument says.
setup() {
    prepare
    mkdir "$T/hooks"
    cat >"$T/hooks/note" <<'SH'
#!/bin/sh
folder=$1 name=$2 code=$3
cat >"$folder/$name.stdin"
pwd >"$folder/$name.cwd"
for n in mnt net ipc uts pid; do readlink /proc/self/ns/$n; done >"$folder/$name.namespaces"
env >"$folder/$name.env"
echo "$name" >>"$folder/order"
[ -z "$code" ] || echo "words of $name" >&2
exit ${code:-0}
SH
    chmod +x "$T/hooks/note"
}

# Adds a noting hook: kind, name in the notes (default: the kind), exit code.
add_note() {
    config --arg kind "$1" --arg folder "$T/hooks" --arg name "${2:-$1}" --arg code "${3:-}" \
        '.hooks[$kind] += [{path: ($folder + "/note"), args: ["note", $folder, $name, $code], env: ["PATH=/usr/bin:/bin"]}]'
}

# Adds a hook that runs a shell script on the host: kind, script, further members as JSON.
add_hook() {
    config --arg kind "$1" --arg script "$2" --argjson more "${3:-"{}"}" \
        '.hooks[$kind] += [{path: "/bin/sh", args: ["sh", "-c", $script]} + $more]'
}

# startContainer hooks run inside: make the notes' folder visible there under the same name.
notes_inside() {
    add_mount "$T/hooks" none "$T/hooks" bind
}

order() {
    [ -e "$T/hooks/order" ] && tr '\n' ' ' <"$T/hooks/order"
}

noted() {
    cat "$T/hooks/$1"
}

# ---- order ----------------------------------------------------------------------------------------------------------

# bats test_tags=row:R11, row:H03, row:H04, row:H05
@test "prestart, createRuntime and createContainer run at create, in that order" {
    add_note createContainer
    add_note createRuntime
    add_note prestart
    create
    equal "$(order)" "prestart createRuntime createContainer "
}

# bats test_tags=row:R11, row:H06, row:H08
@test "startContainer runs at start, before the program; poststop at delete" {
    notes_inside
    local kind
    for kind in prestart createRuntime createContainer startContainer poststop; do add_note "$kind"; done
    program "echo program >>'$T/hooks/order'"
    create
    equal "$(order)" "prestart createRuntime createContainer "
    ok start "$ID"
    wait_for_status stopped
    equal "$(order)" "prestart createRuntime createContainer startContainer program "
    ok delete "$ID"
    equal "$(order)" "prestart createRuntime createContainer startContainer program poststop "
}

# bats test_tags=runc-breaks, runc-breaks:R14, row:H07
@test "poststart runs at start, after the program was executed" {
    add_hook poststart "tr '\\0' ' ' </proc/\$(jq .pid)/cmdline >$T/cmdline; echo poststart >>$T/hooks/order"
    program 'sleep 100'
    create
    equal "$(order)" ""
    ok start "$ID"
    equal "$(order)" "poststart "
    contains "$(cat "$T/cmdline")" "sleep 100"
}

# bats test_tags=row:H09
@test "hooks of one kind run in their order" {
    local kind
    for kind in prestart createRuntime createContainer poststop; do
        add_note "$kind" "$kind-1"
        add_note "$kind" "$kind-2"
    done
    create
    ok delete "$ID"
    equal "$(order)" "prestart-1 prestart-2 createRuntime-1 createRuntime-2 createContainer-1 createContainer-2 poststop-1 poststop-2 "
}

@test "poststop runs when a container is deleted by force" {
    add_note poststop
    running
    ok delete --force "$ID"
    equal "$(order)" "poststop "
}

# bats test_tags=row:H08
@test "poststop runs when the container is gone" {
    add_hook poststop "ls -d $ROOT/$ID /sys/fs/cgroup/*$CGROUP >$T/left 2>/dev/null; echo done >>$T/left"
    create
    ok delete "$ID"
    equal "$(cat "$T/left")" done
}

@test "run runs the hooks too, and poststop before it returns" {
    add_note prestart
    add_note poststop
    inside_ok 'true'
    equal "$(order)" "prestart poststop "
}

# ---- what a hook is given -------------------------------------------------------------------------------------------

# bats test_tags=row:R05, row:R07, row:H10
@test "hooks get the state as one line of JSON on standard input" {
    notes_inside
    config '.annotations = {"key": "value"}'
    local kind
    for kind in prestart createRuntime createContainer startContainer poststop; do add_note "$kind"; done
    create
    local pid
    pid=$(pid_of)
    ok start "$ID"
    wait_for_status stopped
    ok delete "$ID"
    for kind in prestart createRuntime createContainer startContainer poststop; do
        [ "$(wc -l <"$T/hooks/$kind.stdin")" -le 1 ]
        equal "$kind $(noted "$kind.stdin" | jq -r '"\(.id) \(.bundle) \(.annotations.key) \(.ociVersion | test("^1[.]"))"')" "$kind $ID $B value true"
    done
    equal "$(noted prestart.stdin | jq -r '"\(.status) \(.pid)"')" "creating $pid"
    equal "$(noted createRuntime.stdin | jq -r '"\(.status) \(.pid)"')" "creating $pid"
    equal "$(noted createContainer.stdin | jq -r '"\(.status) \(.pid)"')" "creating 1"
    equal "$(noted startContainer.stdin | jq -r '"\(.status) \(.pid)"')" "created 1"
    equal "$(noted poststop.stdin | jq -r .status)" "stopped"
}

@test "the state's keys come in the order callers know, without a pid when there is none" {
    add_note createRuntime
    add_note poststop
    config '.annotations = {"key": "value"}'
    create
    ok delete "$ID"
    equal "$(noted createRuntime.stdin | jq -r 'keys_unsorted | join(" ")')" "ociVersion id status pid bundle annotations"
    equal "$(noted poststop.stdin | jq -r 'keys_unsorted | join(" ")')" "ociVersion id status bundle annotations"
}

@test "hooks of the host run in the bundle, createContainer in the root folder" {
    local kind
    for kind in prestart createRuntime createContainer; do add_note "$kind"; done
    create
    for kind in prestart createRuntime; do equal "$kind $(noted "$kind.cwd")" "$kind $B"; done
    equal "$(noted createContainer.cwd)" "$B/rootfs"
}

# bats test_tags=row:H03, row:H04, row:H08
@test "prestart, createRuntime and poststop run in the host's namespaces" {
    local kind own
    for kind in prestart createRuntime poststop; do add_note "$kind"; done
    own=$(for n in mnt net ipc uts pid; do readlink "/proc/self/ns/$n"; done)
    create
    ok delete "$ID"
    for kind in prestart createRuntime poststop; do equal "$(noted "$kind.namespaces")" "$own"; done
}

# bats test_tags=row:H05, row:H06
@test "createContainer and startContainer run in the container's namespaces" {
    notes_inside
    add_note createContainer
    add_note startContainer
    program 'for n in mnt net ipc uts pid; do readlink /proc/self/ns/$n; done'
    ok run --bundle "$B" "$ID"
    contains "$stdout" "net:["
    equal "$(noted createContainer.namespaces)" "$stdout"
    equal "$(noted startContainer.namespaces)" "$stdout"
}

# bats test_tags=row:H05
@test "createContainer runs before the pivot: it sees the host's files and the container's mounts" {
    add_hook createContainer "ls $T/b/config.json >$T/seen; grep -c ' $B/rootfs/dev/shm ' /proc/self/mountinfo >>$T/seen"
    create
    equal "$(cat "$T/seen")" "$T/b/config.json"$'\n'1
}

@test "a prestart or createRuntime hook can prepare the network of the container" {
    add_hook createRuntime 'nsenter --target $(jq .pid) --net ip addr add 127.7.7.7/32 dev lo'
    inside_ok 'ip -o -4 addr show lo'
    contains "$stdout" 127.7.7.7
}

@test "a hook gets its arguments as they are, the first one as its name" {
    add_hook prestart 'true'
    config --arg out "$T/args" '.hooks.prestart = [{path: "/bin/sh", args: ["other-name", "-c", "echo \"$0|$1|$2\" >\($out)", "a b", "", "\"ü"]}]'
    create
    equal "$(cat "$T/args")" 'a b||"ü'
}

@test "a hook has the environment that is configured and no other" {
    config --arg out "$T/env" '.hooks.prestart = [{path: "/usr/bin/env", args: ["env"], env: ["A=1", "B=two words"]}]
        | .hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "/usr/bin/env >\($out)"], env: ["A=1", "B=two words"]}]'
    export LEAK=leaked
    create
    contains "$(cat "$T/env")" "A=1"
    contains "$(cat "$T/env")" "B=two words"
    lacks "$(cat "$T/env")" LEAK
    lacks "$(cat "$T/env")" PATH=/usr/local/bin
}

@test "a hook of the host without an environment has the runtime's" {
    add_hook prestart "env >$T/env"
    export VISIBLE=yes
    create
    contains "$(cat "$T/env")" "VISIBLE=yes"
    contains "$(cat "$T/env")" "PATH=$PATH"
}

@test "only standard descriptors are open in a hook" {
    exec 7<"$T/b/config.json" 9</
    config --arg out "$T/fds" '.hooks.prestart = [{path: "/bin/sh", args: ["sh", "-c", "ls /proc/self/fd >\($out)"]}]'
    create
    exec 7<&- 9<&-
    equal "$(tr '\n' ' ' <"$T/fds")" "0 1 2 3 "
}

@test "a hook that does not read its input does no harm" {
    config '.annotations = {"big": ("x" * 200000)} | .hooks.prestart = [{path: "/bin/true"}]'
    create
}

# ---- the time limit -------------------------------------------------------------------------------------------------

@test "a hook that runs past its time limit is killed and create fails" {
    add_hook prestart "echo up >$T/up; exec sleep 100" '{"timeout": 1}'
    local start=$SECONDS
    create_refused
    [ $((SECONDS - start)) -le 5 ]
    says "timeout"
    [ -e "$T/up" ]
}

# runc kills the hook alone and then waits for whoever holds its output.
# bats test_tags=runc-breaks, runc-breaks:security
@test "the children of a hook that runs past its time limit are killed with it" {
    add_hook prestart "sleep 15 & echo \$! >$T/child; sleep 100" '{"timeout": 1}'
    local start=$SECONDS
    fails create --bundle "$B" "$ID"
    [ $((SECONDS - start)) -le 6 ]
    wait_until test ! -d "/proc/$(cat "$T/child")"
    nothing_left
    [ $((SECONDS - start)) -le 8 ]
}

@test "a hook within its time limit is not disturbed" {
    add_hook prestart "sleep 0.2; echo done >$T/done" '{"timeout": 10}'
    create
    equal "$(cat "$T/done")" done
}

# ---- failing hooks --------------------------------------------------------------------------------------------------

# bats test_tags=row:R11
@test "a failing hook of create makes it fail with the hook's exit code and words, and leaves nothing" {
    local kind
    for kind in prestart createRuntime createContainer; do
        config 'del(.hooks)'
        add_note "$kind" "$kind" 3
        create_refused
        says "exit status 3"
        says "words of $kind"
    done
}

# bats test_tags=row:R11, row:H11
@test "hooks after a failing one are not run, poststop hooks are" {
    local kind
    for kind in prestart createRuntime createContainer; do
        rm -f "$T/hooks/order"
        config 'del(.hooks)'
        add_note "$kind" failing 1
        add_note "$kind" same-kind
        [ "$kind" = createContainer ] || add_note createContainer
        add_note poststop
        create_refused
        equal "$kind: $(order)" "$kind: failing poststop "
    done
}

@test "a hook that does not exist makes create fail" {
    config '.hooks.prestart = [{path: "/no/such/hook"}]'
    create_refused
    says "/no/such/hook"
}

@test "a hook that a signal ends makes create fail" {
    add_hook prestart 'kill -KILL $$'
    create_refused
}

# bats test_tags=runc-breaks, runc-breaks:R12
@test "a failing startContainer hook makes start fail, ends the container and runs poststop" {
    notes_inside
    add_note startContainer startContainer 3
    add_note poststop
    program "echo program >>'$T/hooks/order'"
    create
    fails start "$ID"
    says "exit status 3"
    equal "$(order)" "startContainer poststop "
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:R14
@test "a failing poststart hook makes start fail, ends the container and runs poststop" {
    add_note poststart poststart 3
    add_note poststart second
    add_note poststop
    program 'sleep 100'
    create
    fails start "$ID"
    says "exit status 3"
    equal "$(order)" "poststart poststop "
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:R16
@test "a failing poststop hook is a warning: the others run and delete succeeds" {
    add_note poststop first 3
    add_note poststop second
    create
    ok delete "$ID"
    equal "$(order)" "first second "
    contains "$stderr" warn
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:H01
@test "a hook path that is not absolute is refused as such" {
    config '.hooks.prestart = [{path: "bin/true"}]'
    create_refused
    says "hooks.prestart[0].path"
    config '.hooks = {poststop: [{path: "true"}]}'
    create_refused
    says "hooks.poststop[0].path"
}

# bats test_tags=runc-breaks, runc-breaks:H02
@test "a time limit of zero or less is refused as such" {
    local limit
    for limit in 0 -1; do
        config --argjson limit "$limit" '.hooks = {poststop: [{path: "/bin/true", timeout: $limit}]}'
        create_refused
        says "hooks.poststop[0].timeout"
    done
}

# ---- hooks that misbehave -------------------------------------------------------------------------------------------

@test "a hook that prints 100 MB does not hang create" {
    add_hook prestart 'head -c 100000000 /dev/zero; head -c 1000000 /dev/zero >&2'
    CALL_SECONDS=15
    create
}

@test "of a failing hook that prints 100 MB the message is short" {
    add_hook prestart 'yes words | head -c 100000000 >&2; exit 1'
    CALL_SECONDS=15
    fails create --bundle "$B" "$ID"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:security
@test "the message of a failing hook that prints much stays below 64 KiB" {
    add_hook prestart 'yes words | head -c 10000000 >&2; exit 1'
    CALL_SECONDS=15
    fails create --bundle "$B" "$ID"
    [ "$(wc -c <"$err")" -lt 65536 ]
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:security
@test "a child of a hook that keeps its output open does not hang create" {
    add_hook prestart "sleep 4 & echo \$! >$T/child; exit 0"
    local start=$SECONDS
    create
    local took=$((SECONDS - start))
    kill -KILL "$(cat "$T/child")" 2>/dev/null || true
    [ "$took" -le 2 ] || fail "create took $took seconds"
}

# bats test_tags=runc-breaks, runc-breaks:R14
@test "a hook may ask for the state of its container" {
    add_hook poststart "'$RUNTIME' --root '$ROOT' state '$ID' >$T/state.poststart"
    add_hook poststop "'$RUNTIME' --root '$ROOT' state '$ID' >$T/state.poststop 2>&1; true"
    program 'sleep 100'
    create
    CALL_SECONDS=10
    ok start "$ID"
    equal "$(jq -r .status "$T/state.poststart")" running
    ok delete --force "$ID"
    contains "$(cat "$T/state.poststop")" "does not exist"
}

# runc has no state before the hooks have run.
# bats test_tags=runc-breaks, runc-breaks:security
@test "a hook of create may ask for the state, which is creating" {
    add_hook createRuntime "'$RUNTIME' --root '$ROOT' state '$ID' >$T/state"
    CALL_SECONDS=10
    create
    equal "$(jq -r .status "$T/state")" creating
}

# runc has its own working folder there.
# bats test_tags=runc-breaks
@test "poststop hooks run also where the bundle is gone" {
    config --arg done "$T/done" '.hooks.poststop = [{path: "/bin/sh", args: ["sh", "-c", "pwd >\($done)"]}]'
    create
    mv "$B" "$B-gone"
    ok delete "$ID"
    mv "$B-gone" "$B"
    equal "$stderr" ""
    equal "$(cat "$T/done")" /
}

# runc's count of nanoseconds overflows.
# bats test_tags=runc-breaks
@test "a timeout of hundreds of years is not over at once" {
    config '.hooks.prestart = [{path: "/bin/sleep", args: ["sleep", "0.5"], timeout: 18446744074}]'
    create
}
