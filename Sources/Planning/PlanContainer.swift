import OCISpec

/// Plans everything that is done to make one container; pure: the same arguments give the same plan.
///
/// - Parameters:
///   - spec: a configuration that `validate` passed.
///   - id: the container's id.
///   - bundle: the bundle's folder, absolute.
///   - options: what the caller asked for beyond config.json.
///   - host: what is known of the host.
///   - syscalls: names and numbers of system calls; asked for only where there is a seccomp profile.
/// - Throws: `SpecProblem` for what this version does not do yet, by name, and for what this host cannot do.
public func planContainer(
    _ spec: ValidatedSpec, id: String, bundle: String, options: CreateOptions, on host: HostFacts,
    syscalls: @autoclosure () -> SyscallTable
) throws(SpecProblem) -> ContainerPlan {
    try refuseUnsupported(spec)
    let mountOptions = spec.mountOptions
    let namespaces = spec.namespaces
    let spec = spec.spec
    var warnings: [String] = []
    var notes: [String] = []
    if let warning = warning(ofVersion: spec.ociVersion) { warnings.append(warning) }
    let spawn = planSpawn(spec, namespaces, on: host)
    if spawn.expectedMapping != nil {
        warnings.append(
            "linux.uidMappings, linux.gidMappings: have no effect beside the path of a user namespace, whose own ones they must equal")
    }
    let cgroup = try planCgroup(spec, id: id, on: host)
    warnings += cgroup.warnings
    let rootfs = try planRootfs(
        spec, mountOptions, bundle: bundle, namespaces: namespaces, cgroup: cgroup.handle, options: options, on: host, warnings: &warnings)
    let identity = try planIdentity(
        spec.process, spawn, options: options, on: host, warnings: &warnings, notes: &notes)
    var seccomp: SeccompPlan?
    if let profile = spec.linux?.seccomp, let process = spec.process {
        seccomp = try planSeccomp(
            profile, process, spawn, bundle: bundle, options: options, syscalls: syscalls(), on: host, warnings: &warnings, notes: &notes)
    }
    let scheduling = planScheduling(spec, on: host, warnings: &warnings)
    return ContainerPlan(
        id: id,
        bundle: bundle,
        spawn: spawn,
        cgroup: cgroup,
        rdt: try planRdt(spec, id: id),
        netDevices: planNetDevices(spec),
        network: planNetwork(namespaces),
        rootfs: rootfs,
        settings: planSettings(spec),
        identity: identity,
        scheduling: scheduling,
        security: try planSecurity(spec.process, seccomp: seccomp, on: host),
        program: spec.process.map(planProgram),
        hooks: planHooks(spec.hooks),
        annotations: spec.annotations ?? [:],
        warnings: warnings,
        notes: notes)
}

/// A later minor version only adds to the specification; what it adds is an unknown property here and passed over.
func warning(ofVersion text: String) -> String? {
    if text == supportedSpecVersion { return nil }
    guard let version = SpecVersion(parsing: text), let own = SpecVersion(parsing: supportedSpecVersion), version.minor > own.minor else {
        return nil
    }
    return "ociVersion: is \(text), newer than \(supportedSpecVersion); what it adds is ignored"
}
