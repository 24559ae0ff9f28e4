# linux.memoryPolicy: read back inside from /proc/self/numa_maps. The machine may have one memory node only.

load helpers

needs_memory_nodes() {
    [ -e /proc/self/numa_maps ] || skip "the kernel is built without memory nodes"
}

needs_kernel() {
    printf '%s\n' "$1" "$(uname -r)" | sort -VC || skip "the kernel is older than $1"
}

# Makes it the container's policy, and checks how the kernel writes that of the program's stack: policy in JSON, words.
has_policy() {
    config --argjson policy "$1" '.linux.memoryPolicy = $policy'
    inside_ok 'sed -n "s/^[0-9a-f]* \(.*\) stack .*/\1/p" /proc/self/numa_maps'
    equal "$stdout" "$2"
}

# bats test_tags=row:L28, runc-breaks, runc-breaks:L28
@test "the memory policy is the configured one" {
    needs_memory_nodes
    has_policy '{"mode": "MPOL_BIND", "nodes": "0"}' bind:0
    has_policy '{"mode": "MPOL_INTERLEAVE", "nodes": "0"}' interleave:0
    has_policy '{"mode": "MPOL_PREFERRED", "nodes": "0"}' prefer:0
    has_policy '{"mode": "MPOL_PREFERRED"}' local
    has_policy '{"mode": "MPOL_LOCAL"}' local
    has_policy '{"mode": "MPOL_LOCAL", "nodes": ""}' local
}

# bats test_tags=row:L28
@test "the memory policy MPOL_DEFAULT is the system's" {
    needs_memory_nodes
    has_policy '{"mode": "MPOL_DEFAULT"}' default
}

# bats test_tags=row:L28, runc-breaks, runc-breaks:L28
@test "the memory policy can be MPOL_PREFERRED_MANY" {
    needs_memory_nodes
    needs_kernel 5.15
    has_policy '{"mode": "MPOL_PREFERRED_MANY", "nodes": "0"}' 'prefer (many):0'
}

# bats test_tags=row:L28, runc-breaks, runc-breaks:L28
@test "the memory policy can be MPOL_WEIGHTED_INTERLEAVE" {
    needs_memory_nodes
    needs_kernel 6.9
    has_policy '{"mode": "MPOL_WEIGHTED_INTERLEAVE", "nodes": "0"}' 'weighted interleave:0'
}

# bats test_tags=row:L28, runc-breaks, runc-breaks:L28
@test "the memory policy has the configured flags" {
    needs_memory_nodes
    needs_kernel 5.12
    has_policy '{"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES"]}' bind=static:0
    has_policy '{"mode": "MPOL_INTERLEAVE", "nodes": "0", "flags": ["MPOL_F_RELATIVE_NODES"]}' interleave=relative:0
    has_policy '{"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_NUMA_BALANCING"]}' bind=balancing:0
}

# bats test_tags=row:L28, runc-breaks, runc-breaks:L28
@test "the kernel counts only nodes that are there, and a long list is passed on whole" {
    needs_memory_nodes
    has_policy '{"mode": "MPOL_BIND", "nodes": "0-1023"}' "bind:$(cat /sys/devices/system/node/has_memory)"
    has_policy '{"mode": "MPOL_BIND", "nodes": "0,64, 128-130"}' bind:0
}

# bats test_tags=row:L28, runc-breaks, runc-breaks:L28
@test "a memory policy with nodes that are not there is refused with those that are" {
    needs_memory_nodes
    config '.linux.memoryPolicy = {"mode": "MPOL_BIND", "nodes": "1000-1001"}'
    create_refused
    says "linux.memoryPolicy: set the memory policy MPOL_BIND nodes 1000,1001 (the process may use the memory nodes $(
        awk '$1 == "Mems_allowed_list:" { print $2 }' /proc/self/status)): set_mempolicy(2): EINVAL"
}

# bats test_tags=row:L28, row:C24, runc-breaks, runc-breaks:L28
@test "a memory policy that the kernel would not understand is refused with pointer and rule" {
    local policy rule
    while IFS='|' read -r policy rule; do
        config --argjson policy "$policy" '.linux.memoryPolicy = $policy'
        create_refused
        says "linux.memoryPolicy.$rule"
    done <<'RULES'
{"mode": "MPOL_BIND"}|nodes: must be present for MPOL_BIND
{"mode": "MPOL_INTERLEAVE", "nodes": ""}|nodes: must be present for MPOL_INTERLEAVE
{"mode": "MPOL_DEFAULT", "nodes": "0"}|nodes: must be absent for MPOL_DEFAULT
{"mode": "MPOL_LOCAL", "nodes": "0"}|nodes: must be absent for MPOL_LOCAL
{"mode": "MPOL_BIND", "nodes": "3-1"}|nodes: must be a list such as 0-3,7, is "3-1"
{"mode": "MPOL_BIND", "nodes": "0-1024"}|nodes: must be numbers up to 1023, is "0-1024"
{"mode": "MPOL_BIND", "nodes": "99999999999"}|nodes: must be a list such as 0-3,7, is "99999999999"
{"mode": "MPOL_INTERLEAVE", "nodes": "0", "flags": ["MPOL_F_NUMA_BALANCING"]}|flags[0]: must stand with MPOL_BIND or MPOL_PREFERRED_MANY, stands with MPOL_INTERLEAVE
{"mode": "MPOL_LOCAL", "flags": ["MPOL_F_STATIC_NODES"]}|flags[0]: must stand with nodes, MPOL_LOCAL has none
{"mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_STATIC_NODES", "MPOL_F_RELATIVE_NODES"]}|flags[1]: must not stand together with MPOL_F_STATIC_NODES
{"mode": "MPOL_MAGIC"}|mode: 
RULES
}
