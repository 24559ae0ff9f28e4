import KernelABI
import OCISpec
import Planning
import Testing

/// What is decided about a filter beside its program.
@Suite struct SeccompPlanTests {
    private static let notifyMkdir = LinuxSyscall(names: ["mkdir"], action: .notify)

    /// The plan of the smallest configuration with `profile`.
    private func planned(
        _ profile: LinuxSeccomp, noNewPrivileges: Bool? = true, on host: HostFacts = .v1, _ change: (inout Spec) -> Void = { _ in }
    ) throws -> SeccompPlan {
        var spec = Spec.smallest
        spec.process?.noNewPrivileges = noNewPrivileges
        spec.linux?.seccomp = profile
        change(&spec)
        return try #require(try plan(spec, on: host).security.seccomp)
    }

    @Test func withoutAProfileThereIsNoFilter() throws {
        #expect(try plan(.smallest).security.seccomp == nil)
    }

    @Test func withoutAProcessThereIsNoFilter() throws {
        var spec = Spec.smallest
        spec.process = nil
        spec.linux?.seccomp = LinuxSeccomp(defaultAction: .allow)
        #expect(try plan(spec).security.seccomp == nil)
    }

    @Test func absentFlagsAllowSpeculationWhereTheKernelKnowsIt() throws {
        let seccomp = try planned(LinuxSeccomp(defaultAction: .allow))
        #expect(seccomp.flags == [])
        #expect(seccomp.flagsIfKnown == .allowSpeculation)
    }

    @Test func anEmptyListOfFlagsMeansNone() throws {
        let seccomp = try planned(LinuxSeccomp(defaultAction: .allow, flags: []))
        #expect(seccomp.flags == [])
        #expect(seccomp.flagsIfKnown == [])
    }

    @Test func listedFlagsAreRequired() throws {
        let seccomp = try planned(LinuxSeccomp(defaultAction: .allow, flags: [.log, .synchronizeThreads, .allowSpeculation]))
        #expect(seccomp.flags == [.log, .synchronizeThreads, .allowSpeculation])
        #expect(seccomp.flagsIfKnown == [])
    }

    @Test func withAListenerThreadsThatCannotFollowAreAnError() throws {
        let profile = LinuxSeccomp(
            defaultAction: .allow, flags: [.synchronizeThreads, .waitKillable], listenerPath: "/run/agent.sock",
            syscalls: [Self.notifyMkdir])
        #expect(try planned(profile).flags == [.synchronizeThreads, .synchronizeThreadsOrFail, .waitKillable])
    }

    @Test func waitingForAListenerThatIsNotThereIsLeftOutWithAWarning() throws {
        var spec = Spec.smallest
        spec.process?.noNewPrivileges = true
        spec.linux?.seccomp = LinuxSeccomp(defaultAction: .allow, flags: [.waitKillable])
        let plan = try plan(spec)
        #expect(plan.security.seccomp?.flags == [])
        #expect(plan.warnings == ["linux.seccomp.flags[0]: left out: no rule has SCMP_ACT_NOTIFY"])
    }

    @Test func theListenerIsTheConfiguredOne() throws {
        let profile = LinuxSeccomp(
            defaultAction: .allow, listenerPath: "/run/agent.sock", listenerMetadata: "policy", syscalls: [Self.notifyMkdir])
        #expect(try planned(profile).listener == SeccompListener(path: "/run/agent.sock", metadata: "policy"))
    }

    @Test func aRelativeListenerLiesInTheBundle() throws {
        let profile = LinuxSeccomp(defaultAction: .allow, listenerPath: "agent.sock", syscalls: [Self.notifyMkdir])
        #expect(try planned(profile).listener?.path == "/b/agent.sock")
    }

    @Test func aFilterWaitsForStartUnlessItHasAListener() throws {
        #expect(try !planned(LinuxSeccomp(defaultAction: .allow)).isInstalledAtCreate)
        let profile = LinuxSeccomp(defaultAction: .allow, listenerPath: "/run/agent.sock", syscalls: [Self.notifyMkdir])
        #expect(try planned(profile).isInstalledAtCreate)
    }

    // row: R22
    @Test func underStrictTheFilterIsInstalledAtCreate() throws {
        var spec = Spec.smallest
        spec.linux?.seccomp = LinuxSeccomp(defaultAction: .allow)
        var options = CreateOptions()
        options.isStrict = true
        #expect(try plan(spec, options: options).security.seccomp?.isInstalledAtCreate == true)
    }

    @Test func aListenerPathIsIgnoredWhereNoRuleNotifies() throws {
        #expect(try planned(LinuxSeccomp(defaultAction: .allow, listenerPath: "/run/agent.sock")).listener == nil)
    }

    @Test func actionsThatNotEveryKernelHasAreAskedForOnce() throws {
        let profile = LinuxSeccomp(
            defaultAction: .errno,
            syscalls: [
                LinuxSyscall(names: ["read"], action: .allow), LinuxSyscall(names: ["mkdir"], action: .log),
                LinuxSyscall(names: ["chmod"], action: .log), LinuxSyscall(names: ["personality"], action: .killProcess),
            ])
        #expect(
            try planned(profile).actions == [
                SeccompAction(action: .log, origin: "linux.seccomp.syscalls[1].action"),
                SeccompAction(action: .killProcess, origin: "linux.seccomp.syscalls[3].action"),
            ])
    }

    @Test func withNoNewPrivilegesNothingIsHeld() throws {
        #expect(try planned(LinuxSeccomp(defaultAction: .allow)).heldCapabilities == [])
    }

    @Test func withoutNoNewPrivilegesTheCapabilityIsHeldThatTheKernelAsksFor() throws {
        #expect(try planned(LinuxSeccomp(defaultAction: .allow), noNewPrivileges: nil).heldCapabilities == CapabilitySet(.sysAdmin))
    }

    @Test func aRuntimeWithoutThatCapabilityNeedsNoNewPrivileges() throws {
        var host = HostFacts.v1
        host.capabilities = CapabilitySet.all.subtracting(CapabilitySet(.sysAdmin))
        let profile = LinuxSeccomp(defaultAction: .allow)
        #expect(throws: SpecProblem("linux.seccomp", "needs process.noNewPrivileges, because the runtime does not have CAP_SYS_ADMIN")) {
            try planned(profile, noNewPrivileges: false, on: host)
        }
        #expect(try planned(profile, on: host).heldCapabilities == [])
    }

    @Test func aNewUserNamespaceGivesTheCapability() throws {
        var host = HostFacts.v1
        host.capabilities = []
        let seccomp = try planned(LinuxSeccomp(defaultAction: .allow), noNewPrivileges: false, on: host) { spec in
            spec.linux?.namespaces?.append(LinuxNamespace(type: .user))
            spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
            spec.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
        }
        #expect(seccomp.heldCapabilities == CapabilitySet(.sysAdmin))
    }

    @Test(arguments: [
        LinuxSeccomp(defaultAction: .errno, listenerPath: "/s", syscalls: [notifyMkdir]),
        LinuxSeccomp(
            defaultAction: .allow, listenerPath: "/s",
            syscalls: [notifyMkdir, LinuxSyscall(names: ["read", "write"], action: .killProcess)]),
    ])
    func aProfileThatNotifiesHasToAllowTheAnnouncement(_ profile: LinuxSeccomp) {
        let rule = "must allow \"write\", by which the listener of SCMP_ACT_NOTIFY is announced"
        #expect(throws: SpecProblem("linux.seccomp.syscalls", rule)) { try planned(profile) }
    }

    @Test func aProfileThatNotifiesMayRefuseSomeWrites() throws {
        let standardError = LinuxSeccompArg(index: 0, value: 2, op: .equal)
        let profile = LinuxSeccomp(
            defaultAction: .allow, listenerPath: "/s",
            syscalls: [Self.notifyMkdir, LinuxSyscall(names: ["write"], action: .errno, args: [standardError])])
        #expect(try planned(profile).listener != nil)
    }

    @Test func theDescriptionSumsTheFilterUp() throws {
        var spec = Spec.smallest
        spec.linux?.seccomp = LinuxSeccomp(
            defaultAction: .allow, flags: [.log], listenerPath: "/run/agent.sock", listenerMetadata: "two words",
            syscalls: [Self.notifyMkdir])
        let plan = try plan(spec)
        let count = try #require(plan.security.seccomp?.program.count)
        #expect(
            PlanDescription(plan).lines.filter { $0.phase == "security" }.map(\.step) == [
                "seccomp \(count) instructions, else SCMP_ACT_ALLOW, flags LOG, held until execve: sys_admin, at create",
                "seccomp listener to /run/agent.sock with metadata \"two words\"",
            ])
    }
}
