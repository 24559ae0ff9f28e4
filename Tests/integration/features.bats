# features: the document, and that what it lists is accepted.

load helpers

# bats test_tags=row:F01, runc-breaks, runc-breaks:F01
@test "features prints the versions, and both are accepted" {
    ok features
    local low high
    low=$(jq -r .ociVersionMin <<<"$stdout")
    high=$(jq -r .ociVersionMax <<<"$stdout")
    equal "$low $high" "1.0.0 1.3.0"
    for version in "$low" "$high"; do
        config --arg v "$version" '.ociVersion = $v'
        create
        ok delete "$ID"
    done
}

@test "features prints runc's keys in runc's order" {
    ok features
    equal "$(jq -r 'keys_unsorted[0:5] | join(" ")' <<<"$stdout")" "ociVersionMin ociVersionMax hooks mountOptions linux"
    matches "$(jq -r '.linux | keys_unsorted | join(" ")' <<<"$stdout")" '^namespaces capabilities cgroup seccomp apparmor selinux'
    equal "$(sed -n 2p "$out")" '    "ociVersionMin": "1.0.0",'
    equal "$(tail -c 2 "$out")" '}'
}

# bats test_tags=row:F03
@test "a bundle with every listed hook, namespace and capability is created" {
    ok features
    local features=$T/features
    cp "$out" "$features"
    config --slurpfile f "$features" '.hooks = ($f[0].hooks | map({key: ., value: [{path: "/bin/true"}]}) | from_entries)
        | .linux.namespaces = ($f[0].linux.namespaces | map(select(. != "user" and . != "time") | {type: .}))
        | .process.capabilities.bounding = $f[0].linux.capabilities'
    create
    ok delete "$ID"
}

# bats test_tags=row:F02, row:F04, row:F05, runc-breaks, runc-breaks:F02
@test "features says of every part of version 1.3 whether it is there" {
    ok features
    equal "$(jq -c '.linux | [.intelRdt, .memoryPolicy, .mountExtensions, .netDevices] | map(type)' <<<"$stdout")" \
        '["object","object","object","object"]'
    equal "$(jq -c '.linux.mountExtensions.idmap.enabled | type' <<<"$stdout")" '"boolean"'
    equal "$(jq -c '.linux.cgroup | [.v1, .v2, .systemd, .systemdUser, .rdma]' <<<"$stdout")" '[true,true,false,false,false]'
}

# bats test_tags=row:F06
@test "features does not depend on where it is called" {
    ok features
    cp "$out" "$T/first"
    runtime_through unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$0" "$@"'
    ok features
    RUNTIME=$plain
    cmp "$T/first" "$out"
}
