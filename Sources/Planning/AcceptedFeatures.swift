import JSON
import KernelABI
public import OCISpec

/// What of a configuration is accepted, as `features` lists it, whatever the host can do.
///
/// Found by asking the validator itself about each word, so that the list promises no more than is kept, and grows with what is built.
/// `linux.seccomp.supportedFlags` and `annotations` are left to the caller. See runtime-spec, features and features-linux.
///
/// - Parameter syscalls: what knows the numbers of system calls, which is part of the build; architectures that it lacks are not listed.
public func acceptedFeatures(syscalls: SyscallTable) -> Features {
    Features(
        ociVersionMin: oldestSpecVersion,
        ociVersionMax: supportedSpecVersion,
        hooks: JSON.knownKeys(of: Hooks.self),
        mountOptions: MountOptions.words.filter { accepts(mountOption: $0) }.sorted(),
        linux: LinuxFeatures(
            namespaces: acceptedNamespaces(),
            capabilities: Capability.allCases.map(\.name),
            cgroup: CgroupFeatures(v1: true, v2: true, systemd: true, systemdUser: false, rdma: acceptsRdma()),
            seccomp: seccompFeatures(syscalls),
            apparmor: EnabledFeature(enabled: accepts { $0.process?.apparmorProfile = "unconfined" }),
            selinux: EnabledFeature(enabled: accepts { $0.process?.selinuxLabel = "system_u:system_r:container_t:s0" }),
            intelRdt: intelRdtFeatures(),
            memoryPolicy: memoryPolicyFeatures(),
            mountExtensions: MountExtensionsFeatures(idmap: EnabledFeature(enabled: acceptsMappedMounts())),
            netDevices: EnabledFeature(enabled: acceptsNetDevices())),
        potentiallyUnsafeConfigAnnotations: interpretedAnnotations)
}

/// The lowest `ociVersion` that is accepted.
private let oldestSpecVersion = "1.0.0"

/// The annotations of config.json that change what is done; one that ends in a full stop is a prefix.
private let interpretedAnnotations: [String] = [systemdAnnotationPrefix]

private func accepts(mountOption word: String) -> Bool {
    // A word that reaches the file system as data is not one of ours, though nothing refuses it.
    guard MountOptions([word]).parameters.isEmpty else { return false }
    let isMap = word == "idmap" || word == "ridmap"
    if accepts({ $0.mounts = [bindMount(options: ["bind", word], isMapped: isMap)] }) { return true }
    // What makes sense at a new file system alone.
    return accepts { $0.mounts = [Mount(destination: "/data", type: "tmpfs", source: "tmpfs", options: [word])] }
}

private func acceptsMappedMounts() -> Bool {
    accepts { $0.mounts = [bindMount(options: ["bind"], isMapped: true)] }
}

private func bindMount(options: [String], isMapped: Bool) -> Mount {
    let map = isMapped ? [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)] : nil
    return Mount(destination: "/data", type: "bind", source: "/srv", options: options, uidMappings: map, gidMappings: map)
}

private func acceptedNamespaces() -> [String] {
    names(of: LinuxNamespaceType.self) { spec, type in
        if type == .mount { return }
        spec.linux?.namespaces?.append(LinuxNamespace(type: type))
        guard type == .user else { return }
        let map = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
        spec.linux?.uidMappings = map
        spec.linux?.gidMappings = map
    }
}

private func acceptsNetDevices() -> Bool {
    accepts {
        $0.linux?.namespaces?.append(LinuxNamespace(type: .network))
        $0.linux?.netDevices = ["eth1": LinuxNetDevice()]
    }
}

private func acceptsRdma() -> Bool {
    let limits = ["mlx5_0": LinuxRdma(hcaHandles: 1)]
    return (try? planCgroup(Spec(linux: Linux(resources: LinuxResources(rdma: limits))), id: "container", on: .completeV2)) != nil
}

private func seccompFeatures(_ syscalls: SyscallTable) -> SeccompFeatures {
    guard accepts({ $0.linux?.seccomp = LinuxSeccomp(defaultAction: .allow) }) else { return SeccompFeatures(enabled: false) }
    let flags = LinuxSeccompFlag.allCases.filter { flag in
        // Waiting for a listener is refused where no rule asks one.
        accepts { $0.linux?.seccomp = seccomp(action: flag == .waitKillable ? .notify : .errno, flags: [flag]) }
    }
    return SeccompFeatures(
        enabled: true,
        actions: names(of: LinuxSeccompAction.self) { $0.linux?.seccomp = seccomp(action: $1) },
        operators: names(of: LinuxSeccompOperator.self) {
            $0.linux?.seccomp = seccomp(action: .errno, arguments: [LinuxSeccompArg(index: 0, value: 1, op: $1)])
        },
        archs: names(of: LinuxSeccompArchitecture.self) {
            $0.linux?.seccomp = LinuxSeccomp(defaultAction: .allow, architectures: [$1])
        }.filter { LinuxSeccompArchitecture(rawValue: $0).map { syscalls.knows(SeccompArchitecture($0)) } ?? false },
        // In runc's order, which is that of the kernel's bits.
        knownFlags: flags.map(\.rawValue))
}

private func seccomp(
    action: LinuxSeccompAction, arguments: [LinuxSeccompArg]? = nil, flags: [LinuxSeccompFlag]? = nil
) -> LinuxSeccomp {
    LinuxSeccomp(
        defaultAction: .allow, flags: flags, listenerPath: action == .notify ? "/run/listener.sock" : nil,
        syscalls: [LinuxSyscall(names: ["getpid"], action: action, args: arguments)])
}

private func intelRdtFeatures() -> IntelRdtFeatures {
    IntelRdtFeatures(
        enabled: accepts { $0.linux?.intelRdt = LinuxIntelRdt(closID: "a") },
        schemata: accepts { $0.linux?.intelRdt = LinuxIntelRdt(closID: "a", schemata: ["L3:0=f"]) },
        monitoring: accepts { $0.linux?.intelRdt = LinuxIntelRdt(closID: "a", enableMonitoring: true) })
}

private func memoryPolicyFeatures() -> MemoryPolicyFeatures {
    MemoryPolicyFeatures(
        modes: names(of: LinuxMemoryPolicyMode.self) {
            $0.linux?.memoryPolicy = LinuxMemoryPolicy(mode: $1, nodes: $1 == .systemDefault || $1 == .local ? nil : "0")
        },
        flags: names(of: LinuxMemoryPolicyFlag.self) {
            $0.linux?.memoryPolicy = LinuxMemoryPolicy(mode: .bind, nodes: "0", flags: [$1])
        })
}

/// The names of a closed list whose use is accepted, sorted as runc sorts them.
private func names<Name: JSONName>(of type: Name.Type, _ use: (inout Spec, Name) -> Void) -> [String] {
    var accepted: [String] = []
    for name in Name.allCases where accepts({ use(&$0, name) }) { accepted.append(name.rawValue) }
    return accepted.sorted()
}

/// Whether the smallest configuration is accepted as `change` leaves it.
private func accepts(_ change: (inout Spec) -> Void) -> Bool {
    var spec = Spec(
        process: Process(args: ["true"], cwd: "/"), root: Root(path: "rootfs"),
        linux: Linux(namespaces: [LinuxNamespace(type: .mount)]))
    change(&spec)
    return brokenRules(in: ValidatedSpec(unchecked: spec)).found.isEmpty && unsupportedProperties(in: spec).isEmpty
}
