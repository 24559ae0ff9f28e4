import Cgroups
import Kernel
import KernelABI
import OCISpec
import Planning

/// Gathers what the planner may know of the host. Runs at every create, so each fact costs at most one or two calls.
///
/// What only few configurations ask for is looked up for those alone.
///
/// - Parameter manager: who makes the cgroup; systemd is talked to only where it does.
func probeHost(for spec: Spec, manager: CgroupManager = .cgroupfs) throws(RuntimeError) -> HostFacts {
    var host = try probeHost(spec)
    guard manager == .systemd else { return host }
    let isUser = host.effectiveUserID != 0 || !host.isInitialUserNamespace
    do { host.systemd = try probeSystemd(isUser: isUser) } catch { throw RuntimeError(error, doing: "ask systemd") }
    return host
}

private func probeHost(_ spec: Spec) throws(RuntimeError) -> HostFacts {
    do {
        let hasSELinux = needsSELinux(spec) ? Kernel.isSELinuxEnabled() : nil
        return HostFacts(
            effectiveUserID: Kernel.effectiveUserID(),
            isInitialUserNamespace: try isInitialUserNamespace(),
            capabilities: try Kernel.capabilities().permitted,
            cgroups: try probeCgroups(),
            hasKernelCore: (try? Kernel.status("/proc/kcore", followSymlinks: false)) != nil,
            hasSELinux: hasSELinux,
            knowsMountLabel: hasSELinux == true ? mountLabel(of: spec).flatMap(Kernel.isKnownToSELinux) : nil,
            hasAppArmor: needsAppArmor(spec) ? Kernel.isAppArmorEnabled() : nil)
    } catch {
        throw RuntimeError(doing: "look at this host", cause: error)
    }
}

/// The map of the initial user namespace is the one that maps every id to itself.
private func isInitialUserNamespace() throws(SyscallError) -> Bool {
    let map = try Kernel.readFile("/proc/self/uid_map", limit: 64 << 10)
    var numbers = map.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }.map { Array($0) }
    guard numbers.count == 3, let size = numbers.popLast() else { return false }
    return numbers == [[UInt8(ascii: "0")], [UInt8(ascii: "0")]] && size == Array("4294967295".utf8)
}
