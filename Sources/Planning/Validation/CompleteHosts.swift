extension HostFacts {
    /// A host with every controller of cgroup v1, for what is judged without a host.
    static var completeV1: HostFacts {
        let controllers = [
            "cpuset", "cpu", "cpuacct", "blkio", "memory", "devices", "freezer", "net_cls", "perf_event", "net_prio", "hugetlb", "pids",
            "rdma", "misc",
        ]
        return complete(
            CgroupFacts(
                unified: nil,
                hierarchies: controllers.map { CgroupHierarchy(controllers: [$0], mountPoint: "/sys/fs/cgroup/" + $0, ownPath: "/") }))
    }

    /// A host with every controller of cgroup v2.
    static var completeV2: HostFacts {
        let controllers = ["cpuset", "cpu", "io", "memory", "hugetlb", "pids", "rdma", "misc"]
        return complete(
            CgroupFacts(unified: CgroupHierarchy(controllers: controllers, mountPoint: "/sys/fs/cgroup", ownPath: "/"), hierarchies: []))
    }

    private static func complete(_ cgroups: CgroupFacts) -> HostFacts {
        HostFacts(effectiveUserID: 0, isInitialUserNamespace: true, capabilities: .all, cgroups: cgroups, hasKernelCore: true)
    }
}
