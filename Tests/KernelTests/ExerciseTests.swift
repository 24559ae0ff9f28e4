import Foundation
import KernelABI
import Testing

/// Calls that change the process or make a child.
@Suite(.timeLimit(.minutes(1))) struct ProcessExerciseTests {
    @Test func aCloneStartsWithoutSignalHandlers() throws { try exercise("clone-fallback-signals") }
    @Test func programsAreExecuted() throws { try exercise("execute") }
    @Test func openFilesAreExecuted() throws { try exercise("execute-descriptor") }
    @Test func aSubreaperAdoptsOrphans() throws { try exercise("orphans") }
    @Test func aWaitingChildIsLeftWaiting() throws { try exercise("waiting-child") }
    @Test func aDescriptorIsTakenFromAnotherProcess() throws { try exercise("take-descriptor") }
    @Test func aChildDiesWithItsParent() throws { try exercise("parent-death") }
    @Test func aProcessGroupIsEndedAsAWhole() throws { try exercise("process-group") }
    @Test func nothingOfTheCallersSignalsStays() throws { try exercise("reset-signals") }
    @Test func signalsAreRead() throws { try exercise("signal-descriptor") }
    @Test func limitsAreSet() throws { try exercise("limits") }
    @Test func aFilterJudgesSystemCalls() throws { try exercise("filter") }
    @Test func aFilterWantsPrivilegeOrNone() throws { try exercise("filter-privilege") }
    @Test func whatTheKernelKnowsOfFiltersIsAsked() throws { try exercise("filter-knowledge") }
    @Test func aListenerIsAnnounced() throws { try exercise("filter-listener") }
    @Test(.enabled(if: hasKeys, "the kernel has no keys, or hides them")) func aSessionKeyringIsJoined() throws { try exercise("keyring") }

    private static let hasKeys = FileManager.default.fileExists(atPath: "/proc/keys")
}

/// Calls that change namespaces, mounts or identities.
@Suite(.enabled(if: isRoot, "namespaces, mounts and identities want root"), .timeLimit(.minutes(1))) struct NamespaceExerciseTests {
    @Test func aCloneTellsParentAndChildApart() throws { try exercise("clone") }
    @Test func aCloneWorksWithoutClone3() throws { try exercise("clone-fallback") }
    @Test(.enabled(if: hasCgroup2, "no cgroup v2 hierarchy is mounted")) func aCloneIsBornInACgroup() throws {
        try exercise("clone-cgroup")
    }
    @Test func aCloneGetsItsIDsFromTheParent() throws { try exercise("clone-user") }
    @Test func aFirstProcessEndsOnTermination() throws { try exercise("termination") }
    @Test func aFilesystemIsConfiguredAndAttached() throws { try exercise("new-mount") }
    @Test func aFilesystemIsAttachedByPath() throws { try exercise("old-mount") }
    @Test func attributesOfMountsChange() throws { try exercise("mount-attributes") }
    @Test func aTreeIsCopied() throws { try exercise("copy-tree") }
    @Test func theKernelTellsWhatWasWrong() throws { try exercise("mount-log") }
    @Test func treesAreClonedAndMoved() throws { try exercise("bind") }
    @Test func theRootIsExchanged() throws { try exercise("pivot") }
    @Test func aDirectoryOutsideOfTheRootIsTold() throws { try exercise("unreachable") }
    @Test func pathsBeneathARootCrossMounts() throws { try exercise("safe-path") }
    @Test func hostNamesBelongToTheNamespace() throws { try exercise("hostname") }
    @Test func theLoopbackInterfaceComesUp() throws { try exercise("loopback") }
    @Test func usersGroupsAndCapabilitiesAreSet() throws { try exercise("identity") }
    @Test func attributesOfTheProcessAreSet() throws { try exercise("attributes") }

    private static let hasCgroup2 = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8))?.contains(" cgroup2 ") == true
}

/// Runs one exercise of KernelExercise as a process of its own.
private func exercise(_ name: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
    // Built into the folder the test program lies in.
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let program = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("KernelExercise").path
    process.arguments = ["--signal=KILL", "30", program, name]
    let output = Pipe()
    process.standardInput = FileHandle.nullDevice
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(name): \(text)")
}
