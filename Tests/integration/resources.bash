# What the tests of linux.resources on both versions share.

# The value of a file of the container's cgroup: controller, file.
limit() {
    cat "$(cgroup_dir "$1")/$2"
}

# The first of the files that a cgroup of version 1 has, as $found: controller, files.
needs_file() {
    local probe="/sys/fs/cgroup/$1$CGROUP-files"
    mkdir -p "$probe"
    for found in "${@:2}"; do [ ! -e "$probe/$found" ] || break; done
    [ -e "$probe/$found" ] || found=
    rmdir "$probe"
    [ -n "$found" ] || skip "the kernel does not offer ${*:2}"
}

# Whether a cgroup of version 2 has the file: that of the controllers' own cgroups, which the root does not have.
has_in_cgroup() {
    local probe files
    probe=$(unified_tree)${CGROUP%/*}-files-$ID
    mkdir -p "$probe"
    # The controllers of systemd's cgroups are handed on already; of the root's, some have to be.
    for files in cpu io; do echo "+$files" >"$(unified_tree)/cgroup.subtree_control" || true; done 2>/dev/null
    files=$(ls "$probe")
    rmdir "$probe"
    grep -qx "$1" <<<"$files"
}

# Half a CPU for five seconds, as the shell's own account of its children has it: user and system time, 0m2.410s 0m0.090s. More is never
# right; less may be the work of others, so that the best of three counts.
half_a_cpu() {
    local tries used
    CALL_SECONDS=60
    config '.linux.resources.cpu = {"quota": 50000, "period": 100000}'
    for tries in 1 2 3; do
        inside_ok 'timeout 5 sh -c "while :; do :; done"; times'
        used=$(tail -n 1 <<<"$stdout" | awk -F '[ms ]+' '{ printf "%d", ($1 * 60 + $2 + $3 * 60 + $4) * 1000 }')
        [ "$used" -le 3000 ] || fail "the program had more than 3 of 5 seconds:" "$stdout"
        [ "$used" -lt 2000 ] || return 0
    done
    fail "the program had less than 2 of 5 seconds:" "$stdout"
}

# Of a shell with a child that waits the next fork fails.
refuses_the_fork() {
    inside 'sleep 5 & sleep 5 & sleep 5 & sleep 5 & echo forked'
    equal "$ran" yes
    lacks "$stdout" forked
    contains "$(cat "$err")" "fork"
}

# The number of a disk that is there, as $disk.
a_disk() {
    local name
    for name in /sys/block/*; do
        disk=$(cat "$name/dev")
        [ "$(cat "$name/size")" = 0 ] || return 0
    done
    new_disk
}

# A disk of its own, as $disk; gone with the test's teardown.
new_disk() {
    truncate -s 4M "$T/disk"
    loop=$(losetup --find --show "$T/disk" 2>/dev/null) || skip "there are no loop devices to make a disk of"
    disk=$(cat "/sys/block/${loop#/dev/}/dev")
    # The device may have been another test's.
    echo none >"/sys/block/${loop#/dev/}/queue/scheduler"
}

disk_with_bfq() {
    new_disk
    # The kernel loads the scheduler's module, if it has one.
    echo bfq 2>/dev/null >"/sys/dev/block/$disk/queue/scheduler" || skip "the disk cannot have the scheduler BFQ"
}

eval "helpers_$(declare -f teardown)"
teardown() {
    helpers_teardown
    local status=$?
    [ -z "${loop:-}" ] || losetup --detach "$loop" || status=1
    return $status
}

# The sizes as the controller writes them: 1GB, 2MB.
huge_page_sizes() {
    local size sizes=()
    for size in /sys/kernel/mm/hugepages/hugepages-*kB; do
        size=${size##*-}
        size=${size%kB}
        if [ "$size" -ge 1048576 ]; then sizes+=("$((size / 1048576))GB"); elif [ "$size" -ge 1024 ]; then sizes+=("$((size / 1024))MB"); else sizes+=("${size}KB"); fi
    done
    printf '%s\n' "${sizes[@]}" | sort | paste -s -d, | sed 's/,/, /g'
}

# Writes a limit of two huge pages and reads it back, that of reservations too: the file's last word.
has_huge_pages() {
    config '.linux.resources.hugepageLimits = [{"pageSize": "2MB", "limit": 4194304}]'
    create
    equal "$(limit hugetlb "hugetlb.2MB.$1")" 4194304
    # Before 5.7 there is none.
    [ ! -e "$(cgroup_dir hugetlb)/hugetlb.2MB.rsvd.$1" ] || equal "$(limit hugetlb "hugetlb.2MB.rsvd.$1")" 4194304
}

# An RDMA device that is there, as $rdma.
an_rdma_device() {
    rdma=$(ls /sys/class/infiniband 2>/dev/null | head -n 1)
    [ -n "$rdma" ] || skip "the host has no RDMA device"
}

# Creates $ID with a rate of each kind for $disk.
with_rates() {
    a_disk
    config --argjson major "${disk%:*}" --argjson minor "${disk#*:}" '.linux.resources.blockIO = {
        "throttleReadBpsDevice": [{"major": $major, "minor": $minor, "rate": 1048576}],
        "throttleWriteBpsDevice": [{"major": $major, "minor": $minor, "rate": 2097152}],
        "throttleReadIOPSDevice": [{"major": $major, "minor": $minor, "rate": 100}],
        "throttleWriteIOPSDevice": [{"major": $major, "minor": $minor, "rate": 200}]}'
    create
}
