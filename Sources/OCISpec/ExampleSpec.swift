extension Spec {
    /// The configuration that `swruntime spec` writes: a shell on a terminal, five namespaces, three capabilities, a read-only root.
    ///
    /// - Parameters:
    ///   - cgroupNamespace: whether a cgroup namespace is asked for too, as it should be on a host with cgroup v2.
    ///   - rootless: the caller's own ids for a configuration that needs no root: they become root of a user namespace, the network and /sys are the
    ///     host's, and no cgroup is limited.
    ///
    /// The values are those of runc, so that tools that edit its output work on ours.
    public static func example(cgroupNamespace: Bool = false, rootless: (uid: UInt32, gid: UInt32)? = nil) -> Spec {
        Spec(
            ociVersion: supportedSpecVersion,
            process: .example,
            root: Root(path: "rootfs", readonly: true),
            hostname: "swruntime",
            mounts: exampleMounts(rootless: rootless != nil),
            linux: .example(cgroupNamespace: cgroupNamespace, rootless: rootless))
    }

    private static func exampleMounts(rootless: Bool) -> [Mount] {
        // Group 5 (tty) is not mapped without root, and a sysfs can be mounted only by the owner of the network namespace.
        let terminals = ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] + (rootless ? [] : ["gid=5"])
        let sys =
            rootless
            ? Mount(destination: "/sys", type: "none", source: "/sys", options: ["rbind", "nosuid", "noexec", "nodev", "ro"])
            : Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"])
        return [
            Mount(destination: "/proc", type: "proc", source: "proc"),
            Mount(destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
            Mount(destination: "/dev/pts", type: "devpts", source: "devpts", options: terminals),
            Mount(
                destination: "/dev/shm", type: "tmpfs", source: "shm", options: ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
            Mount(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]),
            sys,
            Mount(
                destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]),
        ]
    }
}

extension Process {
    fileprivate static var example: Process {
        let capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
        return Process(
            terminal: true,
            user: User(uid: 0, gid: 0),
            args: ["sh"],
            env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            cwd: "/",
            capabilities: LinuxCapabilities(bounding: capabilities, effective: capabilities, permitted: capabilities),
            rlimits: [POSIXRlimit(type: .openFiles, hard: 1024, soft: 1024)],
            noNewPrivileges: true)
    }
}

extension Linux {
    fileprivate static func example(cgroupNamespace: Bool, rootless: (uid: UInt32, gid: UInt32)?) -> Linux {
        let network: [LinuxNamespace] = rootless == nil ? [LinuxNamespace(type: .network)] : []
        let cgroup: [LinuxNamespace] = cgroupNamespace ? [LinuxNamespace(type: .cgroup)] : []
        let user: [LinuxNamespace] = rootless == nil ? [] : [LinuxNamespace(type: .user)]
        return Linux(
            uidMappings: rootless.map { [LinuxIDMapping(containerID: 0, hostID: $0.uid, size: 1)] },
            gidMappings: rootless.map { [LinuxIDMapping(containerID: 0, hostID: $0.gid, size: 1)] },
            resources: rootless == nil ? LinuxResources(devices: [LinuxDeviceCgroup(allow: false, access: "rwm")]) : nil,
            namespaces: [LinuxNamespace(type: .pid)] + network
                + [LinuxNamespace(type: .ipc), LinuxNamespace(type: .uts), LinuxNamespace(type: .mount)] + cgroup + user,
            maskedPaths: [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"])
    }
}
