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
    equal "$(jq -c '.linux.cgroup | [.v1, .v2, .systemd, .systemdUser, .rdma]' <<<"$stdout")" '[true,true,true,false,true]'
}

# bats test_tags=row:F06
@test "features does not depend on where it is called" {
    ok features
    cp "$out" "$T/first"
    runtime_through unshare -m sh -c 'mount -t tmpfs none /sys/fs/cgroup && exec "$0" "$@"'
    ok features
    RUNTIME=$plain
    cmp "$T/first" "$out"
    contains "$(<"$T/first")" '"ociVersionMax": "1.'
}

# bats test_tags=row:F02, row:F04
@test "features holds nothing that the specification's version does not define" {
    ok features
    local unknown
    unknown=$(jq -r '[paths(type != "object") | map(select(type == "string")) | join(".")] | unique | .[]' <<<"$stdout" |
        grep -vxE 'ociVersionM(in|ax)|hooks|mountOptions|annotations\..*|potentiallyUnsafeConfigAnnotations|linux\.(namespaces|capabilities|cgroup\.(v1|v2|systemd|systemdUser|rdma)|seccomp\.(enabled|actions|operators|archs|knownFlags|supportedFlags)|(apparmor|selinux|netDevices|mountExtensions\.idmap)\.enabled|intelRdt\.(enabled|schemata|monitoring)|memoryPolicy\.(modes|flags))' || true)
    equal "$unknown" ""
    equal "$(jq '[.. | nulls] | length' <<<"$stdout")" 0
}

# runc lists "defaults" and hands it to the file system.
# bats test_tags=runc-breaks, runc-breaks:F03
@test "every listed mount option is accepted" {
    ok features
    cp "$out" "$T/features"
    mkdir -p "$T/source"
    config --slurpfile f "$T/features" --arg source "$T/source" '
        .mounts += [{destination: "/again", type: "tmpfs", source: "tmpfs"}]
        | .mounts += ($f[0].mountOptions | map(
            if . == "remount" then {destination: "/again", type: "tmpfs", source: "tmpfs", options: [.]}
            elif . == "bind" or . == "rbind" then {destination: "/option-\(.)", source: $source, options: [.]}
            elif test("^(copy-symlink|src-nofollow|dest-nofollow)$") then {destination: "/option-\(.)", source: $source, options: ["bind", .]}
            elif . == "idmap" or . == "ridmap" then {destination: "/option-\(.)", source: $source, options: ["rbind", .],
                uidMappings: [{containerID: 0, hostID: 1000, size: 1}], gidMappings: [{containerID: 0, hostID: 1000, size: 1}]}
            else {destination: "/option-\(.)", type: "tmpfs", source: "tmpfs", options: [.]} end))'
    create
    equal "$(grep -c ' /option-' "/proc/$(pid_of)/mountinfo")" "$(jq '.mountOptions | length - 1' "$T/features")"
}

# runc lists architectures of the other byte order, which it cannot put beside the machine's own.
# bats test_tags=runc-breaks, runc-breaks:F03
@test "every listed action, operator and flag of seccomp is accepted, and every architecture" {
    ok features
    cp "$out" "$T/features"
    # Notification needs a listener; the flag that goes with it too.
    config --slurpfile f "$T/features" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
        flags: (($f[0].linux.seccomp.supportedFlags // $f[0].linux.seccomp.knownFlags // []) - ["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", "SECCOMP_FILTER_FLAG_NEW_LISTENER"]),
        syscalls: (($f[0].linux.seccomp.actions - ["SCMP_ACT_NOTIFY", "SCMP_ACT_ALLOW"] | to_entries
            | map({names: [["acct", "reboot", "swapon", "swapoff", "kexec_load", "quotactl", "vhangup", "init_module"][.key]], action: .value}))
            + ($f[0].linux.seccomp.operators | to_entries
            | map({names: ["setdomainname"], action: "SCMP_ACT_ERRNO", args: [{index: (.key % 6), value: 7, valueTwo: 7, op: .value}]})))}'
    create
    ok delete "$ID"
    local architecture
    for architecture in $(jq -r '.linux.seccomp.archs[]' "$T/features"); do
        config --arg a "$architecture" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", architectures: [$a], syscalls: [{names: ["acct"], action: "SCMP_ACT_ERRNO"}]}'
        create
        ok delete "$ID"
    done
}
