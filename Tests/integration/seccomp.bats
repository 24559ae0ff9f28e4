# The system call filter: its effect seen from inside.

load helpers

# Sets the profile: default action, then rules as jq text.
profile() {
    config --arg default "$1" ".linux.seccomp = {defaultAction: \$default, syscalls: [$2]}"
}

@test "a filter is in force inside, and the only one" {
    profile SCMP_ACT_ALLOW '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}'
    inside_ok 'grep -E "^(Seccomp|Seccomp_filters|NoNewPrivs):" /proc/self/status | tr -d "\t"'
    equal "$stdout" $'NoNewPrivs:1\nSeccomp:2\nSeccomp_filters:1'
}
