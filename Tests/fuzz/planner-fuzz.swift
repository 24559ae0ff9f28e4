// modules: KernelABI JSON OCISpec Planning
import JSON
import KernelABI
import OCISpec
import Planning

/// Reads any bytes as a config.json, validates and plans it on several hosts. Nothing may trap, and what is printed must be lines.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: data, count: count))
    guard let tape = try? JSONTape(parsing: bytes), let spec = try? Spec(configuration: tape) else { return 0 }
    for host in hosts {
        for problem in problems(in: spec, on: host) + unsupportedProperties(in: spec) { check(problem, tape) }
        check(spec, on: host, tape)
    }
    return 0
}

private func check(_ spec: Spec, on host: HostFacts, _ tape: JSONTape) {
    do {
        let plan = try planContainer(
            validate(spec, on: host), id: "web1", bundle: "/b", options: CreateOptions(), on: host, syscalls: syscalls)
        check(plan)
    } catch {
        check(error, tape)
    }
}

/// A problem must name a place in the text and fit a line.
private func check(_ problem: SpecProblem, _ tape: JSONTape) {
    precondition(!problem.path.isEmpty && tape.position(of: problem.path) != nil, "no position for \(problem.path)")
    checkLine(problem.description)
    precondition(problem.description.unicodeScalars.count <= 400, "longer than a message may be: \(problem)")
}

private func check(_ plan: ContainerPlan) {
    for step in plan.rootfs.mounts { checkTarget(step.target) }
    for case .bind(let mount) in plan.rootfs.mounts { precondition(mount.source.utf8.first == slash, "relative source \(mount.source)") }
    precondition(plan.rootfs.path.utf8.first == slash, "relative root \(plan.rootfs.path)")
    for line in PlanDescription(plan).lines { checkLine(line.description) }
}

/// A target must be absolute and must not climb.
private func checkTarget(_ target: String) {
    precondition(target.utf8.first == slash, "relative target \(target)")
    let parts = target.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    precondition(target == "/" || parts.allSatisfy { !$0.isEmpty && $0 != "." && $0 != ".." }, "unclean target \(target)")
}

private func checkLine(_ line: String) {
    precondition(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }, "not one line: \(line)")
}

private let slash = UInt8(ascii: "/")

extension RootfsStep {
    fileprivate var target: String {
        switch self {
        case .attach(let mount): mount.target
        case .bind(let mount): mount.target
        case .reconfigure(let mount): mount.target
        case .attachCgroupHierarchies(let mount): mount.target
        case .makeNode(let node): node.path
        case .makeLink(let link): link.path
        }
    }
}

/// Any name is a call, unless it begins with an x.
private let syscalls = SyscallTable(native: .amd64) { name, _ in
    name.utf8.first == UInt8(ascii: "x") ? nil : name.utf8.reduce(Int32(0)) { ($0 &* 31 &+ Int32($1)) & 511 }
}

private let hosts = [
    HostFacts(
        effectiveUserID: 0, isInitialUserNamespace: true, capabilities: .all,
        cgroups: CgroupFacts(
            unified: CgroupHierarchy(controllers: ["cpu", "memory"], mountPoint: "/sys/fs/cgroup", ownPath: "/a.slice"), hierarchies: []),
        hasKernelCore: true),
    HostFacts(
        effectiveUserID: 1000, isInitialUserNamespace: false, capabilities: [],
        cgroups: CgroupFacts(
            unified: nil,
            hierarchies: ["memory", "devices", "pids", "cpuset", "cpu"].map {
                CgroupHierarchy(controllers: [$0], mountPoint: "/sys/fs/cgroup/" + $0, ownPath: "/")
            }),
        hasKernelCore: false),
]
