import Kernel
import KernelABI
import Testing

@testable import ContainerRuntime

/// The parent's hold on an init that does nothing but what the test says on the other end of `sync`.
private func holdOn(_ sync: consuming FileDescriptor) throws -> InitLink {
    let process = try Kernel.pipe().keepFirst()
    return InitLink(
        child: Child(pid: Kernel.ownPID(), pidfd: process), sync: SyncSocket(sync), expectsListener: true, cancellation: .none)
}

@Suite(.timeLimit(.minutes(1))) struct InitLinkTests {
    @Test func anInitWhoseCallsNobodyAnswersIsNotWaitedForLonger() throws {
        let pair = try Kernel.socketPair()
        let initsEnd = try Kernel.duplicate(pair.second, atLeast: 0)
        var link = try holdOn(pair.keepFirst())
        var failure: RuntimeError?
        do { try awaitReady(of: &link, listenerAt: "/run/agent.sock", seconds: 0) } catch { failure = error }
        #expect(
            failure?.message
                == "linux.seccomp.listenerPath: init is not ready 0 s after the listener went to /run/agent.sock; "
                + "whoever listens there has to answer the calls of init too")
        _ = consume initsEnd
    }

    @Test func anInitThatIsReadyInTimeIsReady() throws {
        let pair = try Kernel.socketPair()
        for message in [SyncMessage(.rootfsReady), SyncMessage(.listener, listener: 5), SyncMessage(.ready)] {
            try Kernel.send(pair.second, message.bytes)
        }
        var link = try holdOn(pair.keepFirst())
        try link.expect(.rootfsReady)
        try link.expect(.listener)
        try awaitReady(of: &link, listenerAt: "/run/agent.sock", seconds: 10)
    }
}
