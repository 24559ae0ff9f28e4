import KernelABI
import OCISpec
import Planning
import Testing

@Suite struct PlanIdentityTests {
    @Test func absentCapabilitiesMeansNone() throws {
        let sets = try plan(.smallest).identity.capabilities
        #expect(sets == CapabilityPlan(bounding: [], effective: [], permitted: [], inheritable: [], ambient: []))
    }

    @Test func anUnknownCapabilityIsLeftOutWithAWarning() throws {
        let plan = try plan(Spec.with(LinuxCapabilities(bounding: ["CAP_CHOWN", "CAP_FLY"], permitted: ["CAP_FLY"])))
        #expect(plan.identity.capabilities.bounding == CapabilitySet(.chown))
        #expect(plan.warnings == ["process.capabilities: left out: unknown: \"CAP_FLY\""])
    }

    @Test func aCapabilityThatTheRuntimeLacksIsLeftOutWithAWarning() throws {
        var host = HostFacts.v1
        host.capabilities.remove(CapabilitySet(.sysResource))
        let plan = try plan(Spec.with(LinuxCapabilities(bounding: ["CAP_SYS_RESOURCE", "CAP_KILL"])), on: host)
        #expect(plan.identity.capabilities.bounding == CapabilitySet(.kill))
        #expect(plan.warnings == ["process.capabilities: left out: not held by the runtime: CAP_SYS_RESOURCE"])
    }

    @Test func aNewUserNamespaceGrantsEveryCapability() throws {
        var host = HostFacts.v1
        host.capabilities = []
        var spec = Spec.with(LinuxCapabilities(bounding: ["CAP_SYS_ADMIN"]))
        spec.linux?.namespaces?.append(LinuxNamespace(type: .user))
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
        spec.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
        #expect(try plan(spec, on: host).identity.capabilities.bounding == CapabilitySet(.sysAdmin))
    }

    @Test func ambientNeedsPermitted() throws {
        let names = ["CAP_CHOWN"]
        let plan = try plan(Spec.with(LinuxCapabilities(bounding: names, inheritable: names, ambient: names)))
        #expect(plan.identity.capabilities.ambient == [])
        #expect(plan.warnings == ["process.capabilities: left out: ambient but not permitted: CAP_CHOWN"])
    }

    @Test func ambientWithoutInheritableIsANoteBecauseRuncsExampleHasIt() throws {
        let names = ["CAP_CHOWN"]
        let plan = try plan(Spec.with(LinuxCapabilities(bounding: names, permitted: names, ambient: names)))
        #expect(plan.identity.capabilities.ambient == [])
        #expect(plan.warnings == [])
        #expect(plan.notes == ["process.capabilities: left out: ambient but not inheritable: CAP_CHOWN"])
    }

    @Test func effectiveNeedsPermitted() throws {
        let plan = try plan(Spec.with(LinuxCapabilities(effective: ["CAP_CHOWN", "CAP_KILL"], permitted: ["CAP_KILL"])))
        #expect(plan.identity.capabilities.effective == CapabilitySet(.kill))
    }

    @Test func inheritableIsEmptyUnlessAskedFor() throws {
        let names = ["CAP_CHOWN"]
        let plan = try plan(Spec.with(LinuxCapabilities(bounding: names, effective: names, permitted: names)))
        #expect(plan.identity.capabilities.inheritable == [])
    }

    @Test func umaskIs022UnlessSet() throws {
        var spec = Spec.smallest
        #expect(try plan(spec).identity.umask == 0o022)
        spec.process?.user = User(uid: 0, gid: 0, umask: 0)
        #expect(try plan(spec).identity.umask == 0)
    }

    @Test func theCallersGroupsAreNeverKeptWhereTheyCanBeDropped() throws {
        #expect(try plan(.smallest).identity.additionalGids == [])
    }

    @Test func anUnprivilegedRuntimeCannotSetGroups() throws {
        var host = HostFacts.v2
        host.capabilities = []
        var spec = Spec.smallest
        spec.linux?.namespaces?.append(LinuxNamespace(type: .user))
        spec.linux?.uidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 1)]
        spec.linux?.gidMappings = [LinuxIDMapping(containerID: 0, hostID: 1000, size: 2)]
        let rootless = try plan(spec, on: host)
        #expect(rootless.spawn.userMapping?.allowsSetGroups == false)
        #expect(rootless.identity.additionalGids == nil)
        spec.process?.user = User(uid: 0, gid: 0, additionalGids: [1])
        #expect(throws: SpecProblem.self) { try plan(spec, on: host) }
    }

    @Test func aLimitKeepsItsNumbersAndItsPlace() throws {
        var spec = Spec.smallest
        spec.process?.rlimits = [POSIXRlimit(type: .core, hard: .max, soft: 0)]
        #expect(
            try plan(spec).identity.limits == [LimitStep(limit: .core, soft: 0, hard: ResourceLimit.infinity, origin: "process.rlimits[0]")]
        )
    }
}

@Suite struct PlanProgramTests {
    @Test func theLastValueOfAVariableStandsAtThePlaceOfTheFirst() throws {
        #expect(try environment(["A=1", "B=2", "A=3", "AB=4", "A=5"]) == ["A=5", "B=2", "AB=4"])
    }

    @Test func manyVariablesAreTreatedAsFewAre() throws {
        let many = (0..<500).map { "V\($0 % 250)=\($0)" }
        #expect(try environment(many) == (250..<500).map { "V\($0 - 250)=\($0)" })
    }

    @Test func anEmptyHomeIsLookedUp() throws {
        let program = try program(["HOME=", "A=1"])
        #expect(program.needsHome)
        #expect(program.environment == ["A=1"])
    }

    @Test func aHomeIsKept() throws {
        #expect(try !program(["HOME=/root"]).needsHome)
    }

    @Test func anEmptyPartOfPathIsTheWorkingFolder() throws {
        #expect(try program(["PATH=/bin::/usr/bin:"]).searchPath == ["/bin", ".", "/usr/bin", "."])
    }

    @Test(arguments: [[], ["PATH="], ["PATHS=/bin", "XPATH=/bin"]]) func withoutAPathNothingIsSearched(_ environment: [String]) throws {
        #expect(try program(environment).searchPath == [])
    }

    private func environment(_ entries: [String]) throws -> [String] { try program(entries).environment }

    private func program(_ entries: [String]) throws -> ProgramPlan {
        var spec = Spec.smallest
        spec.process?.env = entries
        return try #require(try plan(spec).program)
    }
}

extension Spec {
    fileprivate static func with(_ capabilities: LinuxCapabilities) -> Spec {
        var spec = Spec.smallest
        spec.process?.capabilities = capabilities
        return spec
    }
}
