# Error messages, word for word: every case of spec-fixtures/messages, grouped by its first word. See Tests/messages.

load helpers
. "$BATS_TEST_DIRNAME/../messages/cases.bash"

# Tries all cases whose name begins with one of the words, and names those whose message, exit code or leftovers are wrong.
tries() {
    local word dir name work expected id=$ID wrong=0 number=0
    prepare_cases "$T"
    for word; do
        for dir in "$cases/$word"-*/; do
            name=$(basename "$dir")
            number=$((number + 1))
            if ! case_applies "$name"; then
                echo "# $name is not tried: needs $(cat "$dir/needs")" >&3
                continue
            fi
            work=$T/$number
            try_case "$name" "$work" "$id-$number" >/dev/null
            expected=$(fill_in <"$dir/message" | sed "s|@ABOVE_NR_OPEN@|$((nr_open + 1))|; s|@RUNTIME@|$RUNTIME|")
            line=$(sed 's|/proc/[0-9]\+/|/proc/@PID@/|g' <<<"$line")
            if [ "$line" != "$expected" ] || [ "$code" -eq 0 ] || [ "$code" -gt 3 ]; then
                wrong=$((wrong + 1))
                printf '%s (exit code %s)\n  expected: %s\n       got: %s\n' "$name" "$code" "$expected" "$line" >&2
            elif [ "$name" != host-log-folder-missing ] && [ "$(sed 's|/proc/[0-9]\+/|/proc/@PID@/|g' <<<"$logged")" != "$line" ]; then
                wrong=$((wrong + 1))
                printf '%s: the log says otherwise: %s\n' "$name" "$logged" >&2
            fi
            if [ -n "$(ls -A "$work/r" 2>/dev/null)" ] && [ "$name" != call-record-missing ]; then
                wrong=$((wrong + 1))
                printf '%s leaves %s\n' "$name" "$(ls -A "$work/r")" >&2
            fi
            rm -rf --one-file-system "${work:?}"
        done
    done
    [ "$number" -gt 0 ]
    [ "$wrong" -eq 0 ] || fail "$wrong of $number messages are not as in spec-fixtures/messages"
    nothing_left
}

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: the text is no JSON" { tries json; }

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: wrong types, words and missing keys" { tries type word missing version; }

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: rules of process, names and namespaces" {
    tries cwd args env oom umask uid rlimit hostname domainname namespace maps map user io nice annotation
}

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: rules of mounts, devices, hooks, sysctl and paths" { tries bind mount device hook sysctl masked readonly; }

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: rules of resources, seccomp and the rest" {
    tries block hugepage unified cpus swap burst rdt seccomp time network memory
}

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: the host refuses" { tries host; }

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: the program cannot be executed" { tries exec; }

# bats test_tags=runc-breaks, runc-breaks:messages
@test "messages: calls" { tries call; }

@test "messages: every case is tried" {
    local dir count=0
    for dir in "$cases"/*/; do
        count=$((count + 1))
        grep -qE "\btries\b.* ?\b$(basename "$dir" | cut -d - -f 1)\b" "$BATS_TEST_FILENAME" || fail "$(basename "$dir") is not tried"
        [ -e "$dir/message" ] || fail "$(basename "$dir") has no message"
    done
    [ "$count" -ge 120 ]
}
