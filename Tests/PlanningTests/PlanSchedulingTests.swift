import KernelABI
import OCISpec
import Planning
import Testing

@Suite struct PlanSchedulingTests {
    @Test func withoutPropertiesNothingIsPlanned() throws {
        let plan = try plan(.smallest).scheduling
        #expect(plan.processor == nil && plan.inputOutput == nil && plan.memory == nil && plan.domain == nil)
    }

    @Test func whatASchedulerLeavesOutIsZero() throws {
        let plan = try plan(Spec.with(Scheduler(policy: .batch)))
        #expect(
            plan.scheduling.processor
                == SchedulingAttributes(
                    policy: .batch, flags: [], nice: 0, priority: 0, runtimeNanoseconds: 0, deadlineNanoseconds: 0, periodNanoseconds: 0))
    }

    @Test(arguments: [
        (LinuxSchedulerPolicy.other, SchedulingPolicy.other), (.batch, .batch), (.idle, .idle), (.fifo, .fifo), (.roundRobin, .roundRobin),
    ]) func aPolicyIsTheKernels(_ name: LinuxSchedulerPolicy, _ policy: SchedulingPolicy) throws {
        let priority: Int32 = name == .fifo || name == .roundRobin ? 1 : 0
        #expect(try plan(Spec.with(Scheduler(policy: name, priority: priority))).scheduling.processor?.policy == policy)
    }

    @Test func everyFlagIsTheKernels() throws {
        let flags: [(LinuxSchedulerFlag, UInt64)] = [
            (.resetOnFork, 1), (.reclaim, 2), (.deadlineOverrun, 4), (.keepPolicy, 8), (.keepParameters, 16),
            (.utilizationClampMinimum, 32),
            (.utilizationClampMaximum, 64),
        ]
        for (flag, bit) in flags {
            #expect(try plan(Spec.with(Scheduler(policy: .other, flags: [flag]))).scheduling.processor?.flags.rawValue == bit)
        }
    }

    @Test func anIOPriorityWithoutALevelIsTheFirst() throws {
        var spec = Spec.smallest
        spec.process?.ioPriority = LinuxIOPriority(class: .bestEffort)
        #expect(try plan(spec).scheduling.inputOutput == IOPriority(class: .bestEffort, level: 0))
    }

    @Test func theRuntimeSetsTheSchedulerOnlyWithThePrivilege() throws {
        var host = HostFacts.v1
        #expect(try plan(.smallest, on: host).scheduling.isSetFromOutside)
        host.isInitialUserNamespace = false
        #expect(try !plan(.smallest, on: host).scheduling.isSetFromOutside)
        host.isInitialUserNamespace = true
        host.capabilities.remove(CapabilitySet(.sysNice))
        #expect(try !plan(.smallest, on: host).scheduling.isSetFromOutside)
    }

    @Test func memoryNodesAreBits() throws {
        let policy = try memory(LinuxMemoryPolicy(mode: .bind, nodes: "0,2-3, 64,1023"))
        #expect(policy?.nodes.count == 16)
        #expect(policy?.nodes[0] == 0b1101)
        #expect(policy?.nodes[1] == 1)
        #expect(policy?.nodes[15] == 1 << 63)
        #expect(policy?.words == "MPOL_BIND nodes 0,2,3,64,1023")
    }

    @Test func aMemoryPolicyWithoutNodesHasNoBits() throws {
        #expect(try memory(LinuxMemoryPolicy(mode: .local, nodes: "")) == MemoryPolicy(mode: .local, flags: [], nodes: []))
    }

    @Test func memoryFlagsAreTheKernels() throws {
        let policy = try memory(LinuxMemoryPolicy(mode: .bind, nodes: "0", flags: [.staticNodes, .numaBalancing]))
        #expect(policy?.flags.rawValue == 0xa000)
    }

    @Test func theDomainIsTheKernels() throws {
        var spec = Spec.smallest
        spec.linux?.personality = LinuxPersonality(domain: .linux)
        #expect(try plan(spec).scheduling.domain == .linux)
        spec.linux?.personality = LinuxPersonality(domain: .linux32, flags: [])
        #expect(try plan(spec).scheduling.domain == .linux32)
        #expect(try plan(spec).warnings == [])
    }

    @Test func flagsOfAPersonalityAreLeftOutWithAWarning() throws {
        var spec = Spec.smallest
        spec.linux?.personality = LinuxPersonality(domain: .linux, flags: ["A", "B"])
        #expect(
            try plan(spec).warnings == ["linux.personality.flags: left out, because the specification defines none: \"A\", \"B\""])
    }

    private func memory(_ policy: LinuxMemoryPolicy) throws -> MemoryPolicy? {
        var spec = Spec.smallest
        spec.linux?.memoryPolicy = policy
        return try plan(spec).scheduling.memory
    }
}

@Suite struct PlanLabelsTests {
    @Test func labelsArePlannedWhereTheirModulesAre() throws {
        var host = HostFacts.v1
        host.hasSELinux = true
        host.hasAppArmor = true
        let security = try plan(.labelled, on: host).security
        #expect(security.selinuxLabel == "system_u:system_r:container_t:s0")
        #expect(security.apparmorProfile == "docker-default")
    }

    @Test func aLabelWithoutSELinuxIsRefused() throws {
        var host = HostFacts.v1
        host.hasSELinux = false
        let problem = SpecProblem(
            "process.selinuxLabel", "must be absent where SELinux is disabled or not supported, is \"system_u:system_r:container_t:s0\"")
        #expect(throws: problem) { try plan(.labelled, on: host) }
        #expect(problems(in: .labelled, on: host) == [problem])
    }

    @Test func aMountLabelWithoutSELinuxIsRefusedInTheSameWords() throws {
        var host = HostFacts.v1
        host.hasSELinux = false
        var spec = Spec.smallest
        spec.linux?.mountLabel = "system_u:object_r:container_file_t:s0"
        let problem = SpecProblem(
            "linux.mountLabel", "must be absent where SELinux is disabled or not supported, is \"system_u:object_r:container_file_t:s0\"")
        #expect(throws: problem) { try plan(spec, on: host) }
    }

    @Test func aProfileWithoutAppArmorIsRefused() throws {
        var host = HostFacts.v1
        host.hasAppArmor = false
        let problem = SpecProblem(
            "process.apparmorProfile", "must be absent or unconfined where AppArmor is disabled or not supported, is \"docker-default\"")
        #expect(throws: problem) { try plan(.labelled, on: host) }
        #expect(problems(in: .labelled, on: host) == [problem])
    }

    @Test func aMountLabelThatThePolicyDoesNotKnowIsRefused() throws {
        var host = HostFacts.v1
        host.hasSELinux = true
        host.knowsMountLabel = false
        var spec = Spec.smallest
        spec.linux?.mountLabel = "system_u:object_r:no_such_type_t:s0"
        let problem = SpecProblem(
            "linux.mountLabel", "must be a context of the policy that this host has loaded, is \"system_u:object_r:no_such_type_t:s0\"")
        #expect(throws: problem) { try plan(spec, on: host) }
        host.knowsMountLabel = nil
        #expect(try plan(spec, on: host).rootfs.mountLabel == "system_u:object_r:no_such_type_t:s0")
    }

    @Test func withoutAppArmorTheProcessIsUnconfinedAsItIs() throws {
        var spec = Spec.smallest
        spec.process?.apparmorProfile = "unconfined"
        var host = HostFacts.v1
        host.hasAppArmor = false
        #expect(try plan(spec, on: host).security.apparmorProfile == nil)
        host.hasAppArmor = true
        #expect(try plan(spec, on: host).security.apparmorProfile == "unconfined")
    }

    @Test func modulesAreLookedForOnlyWhereALabelAsksForThem() {
        var spec = Spec.smallest
        spec.process?.selinuxLabel = ""
        spec.process?.apparmorProfile = ""
        #expect(!needsSELinux(spec) && !needsAppArmor(spec))
        #expect(needsSELinux(.labelled) && needsAppArmor(.labelled))
        spec.linux?.mountLabel = "system_u:object_r:container_file_t:s0"
        #expect(needsSELinux(spec))
    }
}

extension Spec {
    fileprivate static func with(_ scheduler: Scheduler) -> Spec {
        var spec = Spec.smallest
        spec.process?.scheduler = scheduler
        return spec
    }

    fileprivate static var labelled: Spec {
        var spec = Spec.smallest
        spec.process?.selinuxLabel = "system_u:system_r:container_t:s0"
        spec.process?.apparmorProfile = "docker-default"
        return spec
    }
}
