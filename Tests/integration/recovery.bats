# What commands do with the leftovers of others: damaged records, creations that were broken off, cgroups that are somebody else's, and
# commands that come at the same time. Nothing of the container stays, and nobody else is harmed.

load helpers

# ---- at the same time -----------------------------------------------------------------------------------------------

# Calls the runtime in the background; the exit code goes to $T/code.<name>.
at_once() {
    local name=$1
    shift
    {
        local code=0
        timeout -k 2 20 "$RUNTIME" --root "$ROOT" "$@" </dev/null >"$T/$name.out" 2>&1 3>&- || code=$?
        echo "$code" >"$T/code.$name"
    } &
}

@test "a create and deletes by force at the same time leave a container or nothing" {
    local i
    for i in {1..15}; do
        at_once create create --bundle "$B" "$ID"
        at_once first delete --force "$ID"
        at_once second delete --force "$ID"
        wait
        equal "$(cat "$T/code.first" "$T/code.second")" 0$'\n'0
        if [ -e "$ROOT/$ID" ]; then
            equal "$(cat "$T/code.create")" 0
            equal "$(status_of)" created
            ok delete --force "$ID"
        fi
        nothing_left
    done
}

@test "of several deletes at the same time one deletes, and the others say that there is nothing" {
    local i n
    for i in {1..8}; do
        create
        for n in 1 2 3 4; do at_once "$n" delete "$ID"; done
        wait
        nothing_left
        equal "$(cat "$T"/code.[1-4] | sort | tr -d '\n')" 0111
        equal "$(cat "$T"/[1-4].out | grep -c "does not exist")" 3
    done
}

@test "list is not disturbed by containers that come and go" {
    mkdir -p "$ROOT"
    {
        local n
        for n in {1..10}; do
            timeout -k 2 20 "$RUNTIME" --root "$ROOT" create --bundle "$B" "$ID"
            timeout -k 2 20 "$RUNTIME" --root "$ROOT" delete "$ID"
        done
        echo done >"$T/done"
    } </dev/null >"$T/cycles" 2>&1 3>&- &
    until [ -e "$T/done" ]; do
        ok list
        equal "$stderr" ""
    done
    wait
    equal "$(cat "$T/cycles")" ""
    nothing_left
}
