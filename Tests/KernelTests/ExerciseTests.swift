import Foundation
import KernelABI
import Testing

/// Calls that change the process or make a child: each test runs one exercise of KernelExercise as a process of its own.
@Suite(.enabled(if: isRoot, "namespaces, mounts and identities want root"), .timeLimit(.minutes(1))) struct ExerciseTests {
    @Test func aCloneTellsParentAndChildApart() throws { try run("clone") }
    @Test func aCloneWorksWithoutClone3() throws { try run("clone-fallback") }
    @Test func aCloneStartsWithoutSignalHandlers() throws { try run("clone-fallback-signals") }
    @Test(.enabled(if: hasCgroup2, "no cgroup v2 hierarchy is mounted")) func aCloneIsBornInACgroup() throws { try run("clone-cgroup") }
    @Test func aCloneGetsItsIDsFromTheParent() throws { try run("clone-user") }
    @Test func programsAreExecuted() throws { try run("execute") }
    @Test func openFilesAreExecuted() throws { try run("execute-descriptor") }
    @Test func aSubreaperAdoptsOrphans() throws { try run("orphans") }
    @Test func aChildDiesWithItsParent() throws { try run("parent-death") }
    @Test func aProcessGroupIsEndedAsAWhole() throws { try run("process-group") }
    @Test func aFirstProcessEndsOnTermination() throws { try run("termination") }
    @Test func nothingOfTheCallersSignalsStays() throws { try run("reset-signals") }
    @Test func signalsAreRead() throws { try run("signal-descriptor") }
    @Test func aFilesystemIsConfiguredAndAttached() throws { try run("new-mount") }
    @Test func aFilesystemIsAttachedByPath() throws { try run("old-mount") }
    @Test func attributesOfMountsChange() throws { try run("mount-attributes") }
    @Test func theKernelTellsWhatWasWrong() throws { try run("mount-log") }
    @Test func treesAreClonedAndMoved() throws { try run("bind") }
    @Test func theRootIsExchanged() throws { try run("pivot") }
    @Test func aDirectoryOutsideOfTheRootIsTold() throws { try run("unreachable") }
    @Test func pathsBeneathARootCrossMounts() throws { try run("safe-path") }
    @Test func hostNamesBelongToTheNamespace() throws { try run("hostname") }
    @Test func theLoopbackInterfaceComesUp() throws { try run("loopback") }
    @Test func usersGroupsAndCapabilitiesAreSet() throws { try run("identity") }
    @Test func attributesOfTheProcessAreSet() throws { try run("attributes") }
    @Test func limitsAreSet() throws { try run("limits") }
    @Test(.enabled(if: hasKeys, "the kernel has no keys, or hides them")) func aSessionKeyringIsJoined() throws { try run("keyring") }

    private func run(_ exercise: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/timeout")
        // Built into the folder the test program lies in.
        let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let program = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("KernelExercise").path
        process.arguments = ["--signal=KILL", "30", program, exercise]
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardError = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(exercise): \(text)")
    }

    private static let hasCgroup2 = (try? String(contentsOfFile: "/proc/self/mounts", encoding: .utf8))?.contains(" cgroup2 ") == true
    private static let hasKeys = FileManager.default.fileExists(atPath: "/proc/keys")
}
