# What state and list print: callers parse it.

load helpers

# bats test_tags=row:R02
@test "state prints the keys of the specification, two spaces deep, without a final newline" {
    create
    ok state "$ID"
    equal "$(tail -c 1 "$out")" "}"
    equal "$(sed -n 2p "$out" | sed 's/"ociVersion": ".*"/"ociVersion": V/')" '  "ociVersion": V,'
    equal "$(jq -r 'keys_unsorted | join(" ")' "$out")" "ociVersion id pid status bundle rootfs created owner"
}

# bats test_tags=row:R04, row:R07
@test "state obeys the specification's schema" {
    create
    ok state "$ID"
    equal "$(jq -r '.ociVersion | test("^1\\.[0-9]+\\.[0-9]+")' "$out")" true
    equal "$(jq -r .id "$out")" "$ID"
    equal "$(jq -r '.pid | type' "$out")" number
    equal "$(jq -r '.pid > 0' "$out")" true
    equal "$(jq -r '.bundle | startswith("/")' "$out")" true
    equal "$(jq -r '.status | IN("creating", "created", "running", "stopped")' "$out")" true
}

@test "state tells where the root file system is" {
    create
    ok state "$ID"
    equal "$(jq -r .rootfs "$out")" "$B/rootfs"
}

@test "state tells when the container was created, in UTC" {
    create
    ok state "$ID"
    matches "$(jq -r .created "$out")" '^20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{1,9}Z$'
    local age=$(($(date +%s) - $(date -d "$(jq -r .created "$out")" +%s)))
    [ "$age" -ge -1 ] && [ "$age" -le 60 ]
}

@test "the time of creation does not change" {
    create
    ok state "$ID"
    local created
    created=$(jq -r .created "$out")
    ok start "$ID"
    wait_for_status stopped
    ok state "$ID"
    equal "$(jq -r .created "$out")" "$created"
}

# bats test_tags=row:R02
@test "the pid is the program's, in the caller's view" {
    running
    local pid
    pid=$(pid_of)
    contains "$(tr '\0' ' ' <"/proc/$pid/cmdline")" "sh -c"
    matches "$(grep NSpid "/proc/$pid/status")" '[[:space:]]1$'
}

# bats test_tags=row:R06
@test "annotations appear in state, sorted, and only when there are any" {
    config '.annotations = {"b.example": "2", "a.example": "one"}'
    create
    ok state "$ID"
    equal "$(jq -c '.annotations | to_entries | map(.key + "=" + .value)' "$out")" '["a.example=one","b.example=2"]'
    equal "$(jq -r 'keys_unsorted | join(" ")' "$out")" "ociVersion id pid status bundle rootfs created annotations owner"
}

@test "annotations keep their text, with <, > and & escaped" {
    config '.annotations = {"k": "<a> & \"ü\"\n"}'
    create
    ok state "$ID"
    equal "$(jq -r .annotations.k "$out")" $'<a> & "ü"'
    contains "$stdout" '\u003ca\u003e \u0026'
    contains "$stdout" 'ü'
}

@test "list shows a table with a header when nothing is there" {
    mkdir -p "$ROOT"
    ok list
    equal "$stdout" "ID          PID         STATUS      BUNDLE      CREATED     OWNER"
}

# bats test_tags=runc-breaks, runc-breaks:older
@test "list of a root that was named and does not exist fails" {
    fails list
}

@test "list shows each container in a line under its headings" {
    create
    ok list
    local pid created wanted
    pid=$(pid_of)
    created=$(rt state "$ID" && jq -r .created <<<"$stdout")
    equal "$(sed -n 2p "$out" | tr -s ' ')" "$ID $pid created $B $created root"
    equal "$(wc -l <"$out")" 2
    # Each column starts where its heading starts.
    local column
    for column in PID STATUS BUNDLE CREATED OWNER; do
        local head=${stdout%%$'\n'*}
        local before=${head%%"$column"*}
        matches "$(sed -n 2p "$out" | cut -c "${#before}-$((${#before} + 1))")" '^ [^ ]$'
    done
}

@test "list --quiet prints the ids alone" {
    create
    ok list --quiet
    equal "$stdout" "$ID"
    ok list -q
    equal "$stdout" "$ID"
}

@test "list as json is one line with the states, owner filled" {
    running
    ok list --format json
    equal "$(wc -l <"$out")" 1
    equal "$(jq -r '.[0] | .id + " " + .status + " " + .bundle + " " + .owner' "$out")" "$ID running $B root"
    equal "$(jq -r 'length' "$out")" 1
    ok list -f json
    equal "$(jq -r '.[0].id' "$out")" "$ID"
}

@test "list as json of nothing is null" {
    mkdir -p "$ROOT"
    ok list --format json
    equal "$stdout" null
}

@test "list refuses an unknown format" {
    mkdir -p "$ROOT"
    fails list --format yaml
}

@test "list skips a folder that is no container and says so" {
    create
    mkdir -p "$ROOT/broken"
    ok list --quiet
    contains "$stdout" "$ID"
    ok list
    contains "$stderr" broken
    equal "$(status_of)" created
    rmdir "$ROOT/broken"
}

@test "a stopped container is listed with pid 0" {
    create
    ok start "$ID"
    wait_for_status stopped
    ok list --format json
    equal "$(jq -r '.[0] | "\(.status) \(.pid)"' "$out")" "stopped 0"
}

@test "the id of a process that is reused by another is not the container's" {
    # The same pid with another start time: the record is edited, since pids cannot be reused at will.
    running
    local pid record
    pid=$(pid_of)
    kill -KILL "$pid"
    wait_for_status stopped
    sleep 100 &
    local stranger=$!
    # Every file of the state that names the old pid now names a process of ours.
    for record in $(grep -rlw --include='*.json' "$pid" "$ROOT/$ID"); do sed -i "s/\b$pid\b/$stranger/g" "$record"; done
    equal "$(status_of)" stopped
    rt kill "$ID" KILL
    ok delete --force "$ID"
    kill -0 "$stranger"
    kill -KILL "$stranger"
    nothing_left
}
