import OCISpec
import Planning
import Testing

@Suite struct PlanContainerTests {
    @Test func aTerminalIsRefusedByName() throws {
        var spec = Spec.smallest
        spec.process?.terminal = true
        #expect(throws: SpecProblem("process.terminal", "not supported yet")) { try plan(spec) }
    }

    @Test func theRootIsTakenFromTheBundle() throws {
        #expect(try plan(.smallest).rootfs.path == "/b/rootfs")
    }

    @Test func anAbsoluteRootStaysAsItIs() throws {
        var spec = Spec.smallest
        spec.root?.path = "/images/../web"
        #expect(try plan(spec).rootfs.path == "/web")
    }

    @Test func aContainerCanBePlannedWithoutAProcess() throws {
        var spec = Spec.smallest
        spec.process = nil
        #expect(try plan(spec).program == nil)
    }
}
