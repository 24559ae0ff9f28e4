import JSON
import KernelABI
import OCISpec
import Planning

extension HostFacts {
    /// A host with v1 hierarchies and the named one of systemd.
    static let v1 = HostFacts(
        effectiveUserID: 0, isInitialUserNamespace: true, capabilities: .all,
        cgroups: CgroupFacts(
            unified: nil,
            hierarchies: [
                CgroupHierarchy(controllers: ["cpu", "cpuacct"], mountPoint: "/sys/fs/cgroup/cpu,cpuacct", ownPath: "/"),
                CgroupHierarchy(controllers: ["cpuset"], mountPoint: "/sys/fs/cgroup/cpuset", ownPath: "/"),
                CgroupHierarchy(controllers: ["devices"], mountPoint: "/sys/fs/cgroup/devices", ownPath: "/"),
                CgroupHierarchy(controllers: ["pids"], mountPoint: "/sys/fs/cgroup/pids", ownPath: "/"),
                CgroupHierarchy(controllers: ["memory"], mountPoint: "/sys/fs/cgroup/memory", ownPath: "/user.slice"),
                CgroupHierarchy(controllers: ["name=systemd"], mountPoint: "/sys/fs/cgroup/systemd", ownPath: "/"),
            ]),
        hasKernelCore: true)

    /// A host with cgroup v2 alone.
    static let v2 = HostFacts(
        effectiveUserID: 0, isInitialUserNamespace: true, capabilities: .all,
        cgroups: CgroupFacts(
            unified: CgroupHierarchy(controllers: ["cpu", "memory", "pids"], mountPoint: "/sys/fs/cgroup", ownPath: "/"), hierarchies: []),
        hasKernelCore: false)
}

extension Spec {
    /// The smallest configuration that breaks no rule.
    static var smallest: Spec {
        Spec(
            process: Process(args: ["true"], cwd: "/"), root: Root(path: "rootfs"),
            linux: Linux(namespaces: [LinuxNamespace(type: .mount)]))
    }
}

/// Plans `spec` as container `web1` of the bundle `/b`.
func plan(_ spec: Spec, options: CreateOptions = CreateOptions(), on host: HostFacts = .v1) throws -> ContainerPlan {
    try planContainer(validate(spec, on: host), id: "web1", bundle: "/b", options: options, on: host, syscalls: .sample)
}

extension SyscallTable {
    /// Five calls of 64-bit x86.
    static let sample = SyscallTable(native: .amd64) { name, architecture in
        guard architecture == .amd64 else { return nil }
        let numbers: [String: Int32] = ["read": 0, "write": 1, "mkdir": 83, "chmod": 90, "personality": 135]
        return numbers[name]
    }

    /// Knows every name on every architecture; what the numbers are does not matter.
    static let complete = SyscallTable(native: .amd64) { name, _ in
        Int32(name.utf8.reduce(0) { ($0 &* 31 &+ Int($1)) & 0x1ff })
    }
}
