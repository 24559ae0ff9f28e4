import Foundation
import KernelABI
import Planning
import Testing

@testable import ContainerRuntime

@Suite struct AbsolutePathTests {
    @Test(arguments: [
        ("/", "/"), ("/b", "/b"), ("/b/", "/b"), ("//b//c", "/b/c"), ("/b/./c", "/b/c"), ("/b/../c", "/c"), ("/../..", "/"),
        ("/a/b/..", "/a"),
    ])
    func anAbsolutePathIsCleaned(_ path: String, _ clean: String) throws {
        #expect(try absolutePath(path) == clean)
    }

    @Test func aRelativePathIsTakenFromTheWorkingDirectory() throws {
        let here = try absolutePath(".")
        #expect(here.hasPrefix("/"))
        #expect(try absolutePath("x") == (here == "/" ? "/x" : here + "/x"))
    }
}

@Suite struct SecondLookTests {
    @Test func aLinkThatLeadsInACircleIsNotSaidToBeAbsent() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("swruntime-look-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createSymbolicLink(atPath: folder + "/circle", withDestinationPath: "circle")
        try FileManager.default.createSymbolicLink(atPath: folder + "/dangling", withDestinationPath: "nothing")
        #expect(
            missingPart(of: folder + "/circle/x")?.hasSuffix(
                "/circle is a link to circle, which cannot be followed: ELOOP (too many levels of symbolic links)") == true)
        #expect(missingPart(of: folder + "/dangling/x")?.hasSuffix("/dangling is a link to nothing, which does not exist") == true)
    }
}

@Suite struct TimestampTests {
    @Test(arguments: [
        (0, 0, "1970-01-01T00:00:00Z"), (951_782_400, 0, "2000-02-29T00:00:00Z"),
        (1_764_000_000, 692_418_049, "2025-11-24T16:00:00.692418049Z"),
        (1_709_251_199, 500_000_000, "2024-02-29T23:59:59.5Z"), (4_102_444_800, 1, "2100-01-01T00:00:00.000000001Z"),
    ])
    func secondsBecomeADate(_ seconds: Int64, _ nanoseconds: Int64, _ text: String) {
        #expect(timestamp(seconds: seconds, nanoseconds: nanoseconds) == text)
    }
}

@Suite struct RuntimeErrorTests {
    @Test func aFailedCallIsToldWithPlaceObjectCallAndErrno() {
        var error = RuntimeError(
            doing: "bind /no/such/data at /mnt", pointer: "mounts[3]", cause: SyscallError("open_tree", "/no/such/data", .ENOENT))
        error.line = 41
        error.column = 5
        #expect(
            error.message
                == "config.json:41:5: mounts[3]: bind /no/such/data at /mnt: open_tree(2): ENOENT (no such file or directory)")
    }

    @Test func theCallsObjectIsNamedWhereTheSentenceDoesNot() {
        let error = RuntimeError(doing: "make the cgroup", cause: SyscallError("mkdir", "/sys/fs/cgroup/x", .EACCES))
        #expect(error.message == "make the cgroup: mkdir(2) /sys/fs/cgroup/x: EACCES (permission denied)")
    }

    @Test func aBrokenRuleIsToldWithItsPath() {
        #expect(RuntimeError(SpecProblem("process.cwd", "must be absolute, is \"x\"")).message == "process.cwd: must be absolute, is \"x\"")
    }

    @Test func lineAndColumnAreFoundInTheText() {
        let text = "{\n  \"process\": {\n    \"cwd\": \"x\"\n  }\n}"
        let error = RuntimeError(SpecProblem("process.cwd", "must be absolute")).located(in: Array(text.utf8))
        #expect(error.line == 3)
        #expect(error.column == 12)
    }
}

@Suite struct MountConversionTests {
    @Test func perMountFlagsBecomeAttributes() {
        let flags: MountFlags = [.readOnly, .noSuid, .noDev, .noExec, .noSymFollow, .noDirectoryAccessTime]
        #expect(flags.attributes.set == [.readOnly, .noSuid, .noDev, .noExec, .noSymFollow, .noDirectoryAccessTime])
        #expect(flags.attributes.clear == [])
    }

    @Test(arguments: [
        (MountFlags.noAccessTime, MountAttributes.noAccessTime), (.strictAccessTime, .strictAccessTime),
        (.relativeAccessTime, MountAttributes()),
    ])
    func anAccessTimeClearsTheWholeNumberFirst(_ flag: MountFlags, _ attribute: MountAttributes) {
        #expect(flag.attributes.set == attribute)
        #expect(flag.attributes.clear == .accessTimeMask)
    }

    @Test func takenAwayFlagsAreCleared() {
        let flags: MountFlags = [.readOnly, .noExec, .noAccessTime]
        #expect(flags.attributesToClear == [.readOnly, .noExec, .accessTimeMask])
    }
}
