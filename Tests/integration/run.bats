# run: create, start, wait and delete in one; the exit code is the program's.

load helpers

@test "run prints the program's output and exits with 0" {
    inside_ok 'echo hello'
    equal "$stdout" hello
    equal "$stderr" ""
}

@test "run exits with the program's exit code" {
    local code
    for code in 0 1 3 127 255; do
        inside "exit $code"
        equal "$status" "$code"
    done
}

@test "run deletes the container when the program has ended" {
    inside 'exit 3'
    equal "$ran $status" "yes 3"
    nothing_left
}

@test "run exits with 128 and the signal's number when a signal ended the program" {
    config '.linux.namespaces |= map(select(.type != "pid"))'
    inside 'kill -TERM $$; sleep 5'
    equal "$status" 143
    inside 'kill -KILL $$; sleep 5'
    equal "$status" 137
}

@test "run exits with 137 when the container is killed" {
    program 'echo up >/up; sleep 100'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$B/rootfs/up"
    ok kill "$ID" KILL
    wait_for_background
    equal "$status" 137
    nothing_left
}

@test "run ends when it was killed by delete --force, too" {
    program 'echo up >/up; sleep 100'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$B/rootfs/up"
    ok delete --force "$ID"
    wait_for_background
    [ "$status" -ne 0 ]
    nothing_left
}

@test "signals to run are forwarded to the program" {
    program 'for s in TERM INT HUP USR1 USR2 QUIT WINCH; do trap "echo $s >>/got" $s; done; trap "exit 9" ALRM; echo up >/up; while :; do sleep 0.02; done'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$B/rootfs/up"
    local signal wanted=""
    for signal in TERM INT HUP USR1 USR2 QUIT; do
        kill -"$signal" "$background"
        wanted+=$signal$'\n'
        wait_until eval '[ "$(cat "$B/rootfs/got")" = "${wanted%?}" ]'
    done
    kill -ALRM "$background"
    wait_for_background
    equal "$status" 9
    nothing_left
}

@test "run --detach returns while the program runs" {
    program 'echo up >/up; sleep 100'
    ok run --detach --bundle "$B" "$ID"
    equal "$(status_of)" running
    wait_until test -e "$B/rootfs/up"
    ok kill "$ID" KILL
    wait_for_status stopped
    ok delete "$ID"
}

@test "run -d is run --detach" {
    program 'sleep 100'
    ok run -d -b "$B" "$ID"
    equal "$(status_of)" running
}

@test "run --pid-file names the running process" {
    program 'sleep 100'
    ok run --detach --pid-file "$T/pid" --bundle "$B" "$ID"
    [ -s "$T/pid" ]
    equal "$(cat "$T/pid")" "$(pid_of)"
}

@test "run --keep leaves the stopped container" {
    program 'exit 4'
    rt run --keep --bundle "$B" "$ID"
    equal "$status" 4
    equal "$(status_of)" stopped
    ok delete "$ID"
    nothing_left
}

@test "run with an id that is taken fails and leaves the first alone" {
    running
    fails run --bundle "$B" "$ID"
    says "container with given ID already exists"
    equal "$(status_of)" running
}

@test "run of a refused configuration fails with 1 and leaves nothing" {
    config '.process.cwd = "relative"'
    fails run --bundle "$B" "$ID"
    nothing_left
}

@test "the output of a program that ends at once is complete" {
    program 'head -c 100000 /dev/zero'
    local i
    for i in 1 2 3 4 5; do
        rt run --bundle "$B" "$ID"
        equal "$(wc -c <"$out")" 100000
    done
}

@test "the program sees the end of its standard input" {
    inside_ok 'cat; echo end'
    equal "$stdout" end
}

@test "run reaps what the container's program orphans, and itself leaves no zombie" {
    # Without a pid namespace orphans go to run, as the nearest subreaper, or to the first process.
    config '.linux.namespaces |= map(select(.type != "pid"))'
    program '(sleep 0.05 &); (sleep 0.06 &); sleep 0.3; echo up >/up; sleep 100'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$B/rootfs/up"
    local zombies
    zombies=$(cat $(printf '/proc/%s/stat ' $(</proc/"$background"/task/"$background"/children)) | grep -c ') Z ' || true)
    ok kill "$ID" KILL
    wait_for_background
    equal "$zombies" 0
}

@test "what the program leaves running without a pid namespace is ended" {
    config '.linux.namespaces |= map(select(.type != "pid"))'
    inside_ok 'sleep 100 >/dev/null 2>&1 & exit 0'
    nothing_left
}

@test "what the program leaves running is ended" {
    inside_ok 'sleep 100 >/dev/null 2>&1 & exit 0'
    nothing_left
}

@test "run --no-new-keyring and --no-subreaper are accepted" {
    program 'echo hello'
    ok run --no-new-keyring --no-subreaper --bundle "$B" "$ID"
    equal "$stdout" hello
}

@test "run passes on descriptors with --preserve-fds" {
    echo kept >"$T/kept"
    program 'cat <&3; ls /proc/self/fd | tr "\n" " "'
    status=0
    timeout -k 2 20 "$RUNTIME" --root "$ROOT" run --preserve-fds 1 --bundle "$B" "$ID" 3<"$T/kept" 4</ >"$T/out" 2>"$T/err" </dev/null || status=$?
    ! grep -q "not supported yet" "$T/err" || skip "--preserve-fds is not supported yet"
    equal "$status" 0
    equal "$(cat "$T/out")" "kept"$'\n'"0 1 2 3 4 "
}

@test "TERM to run before the program has started cancels and leaves nothing" {
    cat >"$T/hook" <<'SH'
#!/bin/sh
echo up >"$1"
exec sleep 1
SH
    chmod +x "$T/hook"
    config --arg hook "$T/hook" --arg up "$T/up" '.hooks.createRuntime = [{path: $hook, args: ["hook", $up]}]'
    program 'echo ran >/marker; sleep 100'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$T/up"
    kill -TERM "$background"
    sleep 0.1
    wait_until eval '[ -e "$B/rootfs/marker" ] || ! kill -0 "$background"'
    kill -TERM "$background" 2>/dev/null || true
    kill -KILL "$(pid_of)" 2>/dev/null || true
    wait_for_background
    [ "$status" -ne 0 ]
}

# runc has all signals held back until the program runs.
# bats test_tags=runc-breaks
@test "TERM to run while a hook of the start hangs cancels and leaves nothing" {
    local kind
    program 'sleep 100'
    for kind in startContainer poststart; do
        rm -f "$T/up" "$B/rootfs/up"
        # One finds the container's root, the other the host's.
        config --arg kind "$kind" --arg up "$T/up" 'del(.hooks)
            | .hooks[$kind] = [{path: "/bin/sh", args: ["sh", "-c", "echo up >\(if $kind == "poststart" then $up else "/up" end); sleep 30; true"]}]'
        rt_in_background run --bundle "$B" "$ID"
        wait_until eval '[ -e "$T/up" ] || [ -e "$B/rootfs/up" ]'
        kill -TERM "$background"
        wait_for_background
        equal "$status" 1
        contains "$(cat "$T/background.err")" "cancelled by SIGTERM"
        nothing_left
    done
}

# runc loses it now and then.
# bats test_tags=runc-breaks, racy
@test "a signal that comes while the container is made goes to the program" {
    config --arg up "$T/up" '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "echo up >\($up); sleep 0.3"]}]'
    program 'trap "exit 7" USR1; while :; do sleep 0.02; done'
    # The program catches it only once it has set its trap: before that, the signal would be dropped by a process 1 without a handler.
    config '.linux.namespaces |= map(select(.type != "pid"))'
    rt_in_background run --bundle "$B" "$ID"
    wait_until test -e "$T/up"
    kill -USR1 "$background"
    wait_for_background
    # 138 is also the exit code of a runtime that dies of the signal itself, but that one leaves the container.
    [ "$status" -eq 7 ] || equal "$status" 138
    nothing_left
}

@test "run and its hooks work where the caller ignores SIGCHLD" {
    config '.hooks.prestart = [{path: "/bin/true"}]'
    program 'exit 7'
    status=0
    timeout -k 2 20 python3 -c 'import os, signal, sys; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execv(sys.argv[1], sys.argv[1:])' \
        "$RUNTIME" --root "$ROOT" run --bundle "$B" "$ID" </dev/null >"$T/o" 2>&1 3>&- || status=$?
    equal "$(cat "$T/o")" ""
    equal "$status" 7
    nothing_left
}
