import Kernel
import KernelABI
import Testing

@Suite struct FileTests {
    @Test func aFileIsReadWhole() throws {
        let scratch = try Scratch()
        try scratch.write("file", "some text")
        #expect(try readFile(scratch.path + "/file", limit: 100) == Array("some text".utf8))
        #expect(try readFile("file", at: scratch.directory, limit: 100) == Array("some text".utf8))
    }

    @Test(arguments: [0, 1, 4095, 4096, 4097, 8192, 100_000])
    func everyLengthIsReadWhole(_ length: Int) throws {
        let scratch = try Scratch()
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try createFile("file", at: scratch.directory, contents: bytes, mode: 0o600)
        #expect(try readFile("file", at: scratch.directory, limit: 100_000) == bytes)
    }

    @Test func aFileMayHaveExactlyTheLimit() throws {
        let scratch = try Scratch()
        try scratch.write("file", "12345")
        #expect(try readFile("file", at: scratch.directory, limit: 5).count == 5)
        #expect(errno { () throws(SyscallError) in _ = try readFile("file", at: scratch.directory, limit: 4) } == .EFBIG)
    }

    @Test func anEndlessFileIsRefused() {
        #expect(errno { () throws(SyscallError) in _ = try readFile("/dev/zero", limit: 1 << 20) } == .EFBIG)
    }

    @Test func aDirectoryCannotBeRead() {
        #expect(errno { () throws(SyscallError) in _ = try readFile("/", limit: 10) } == .EISDIR)
    }

    @Test func anErrorNamesThePath() {
        do throws(SyscallError) {
            _ = try readFile("/no/such", limit: 10)
            Issue.record("a missing file was read")
        } catch {
            #expect("\(error)" == "openat(2) /no/such: ENOENT (no such file or directory)")
        }
    }

    @Test func aNameInADirectoryIsNotFollowedThroughALink() throws {
        let scratch = try Scratch()
        try scratch.link("link", to: "/etc/passwd")
        #expect(errno { () throws(SyscallError) in _ = try readFile("link", at: scratch.directory, limit: 10) } == .ELOOP)
        #expect(errno { () throws(SyscallError) in try writeFile("link", at: scratch.directory, "x") } == .ELOOP)
        #expect(errno { () throws(SyscallError) in try createFile("link", at: scratch.directory, mode: 0o600, exclusive: false) } == .ELOOP)
    }

    @Test func aTextIsWrittenIntoAnExistingFileOnly() throws {
        let scratch = try Scratch()
        try scratch.write("file", "")
        try writeFile(scratch.path + "/file", "a text that does not fit into a register")
        #expect(try scratch.read("file") == "a text that does not fit into a register")
        #expect(errno { () throws(SyscallError) in try writeFile("missing", at: scratch.directory, "x") } == .ENOENT)
    }

    @Test func whatIsBehindAWrittenTextStays() throws {
        let scratch = try Scratch()
        try scratch.write("file", "0123")
        try writeFile("file", at: scratch.directory, "ab")
        #expect(try scratch.read("file") == "ab23")
    }

    @Test func anExclusiveFileMustNotExist() throws {
        let scratch = try Scratch()
        try createFile("file", at: scratch.directory, contents: [1], mode: 0o640)
        #expect(errno { () throws(SyscallError) in try createFile("file", at: scratch.directory, mode: 0o640) } == .EEXIST)
        #expect(try status("file", at: scratch.directory, followSymlinks: false).permissions == 0o640)
    }

    @Test func anotherFileIsEmptiedFirst() throws {
        let scratch = try Scratch()
        try scratch.write("file", "long content")
        try createFile("file", at: scratch.directory, contents: Array("short".utf8), mode: 0o600, exclusive: false)
        #expect(try scratch.read("file") == "short")
    }

    @Test(arguments: [false, true])
    func aReplacedFileIsWholeAndAlone(_ sync: Bool) throws {
        let scratch = try Scratch()
        try scratch.write("file", "old")
        try replaceFile("file", at: scratch.directory, contents: Array("new".utf8), mode: 0o600, sync: sync)
        #expect(try scratch.read("file") == "new")
        #expect(try scratch.names() == ["file"])
    }

    @Test func aLeftoverOfAKilledProcessDoesNotMatter() throws {
        let scratch = try Scratch()
        try scratch.write(".file.\(ownPID()).0", "left over")
        try replaceFile("file", at: scratch.directory, contents: Array("new".utf8), mode: 0o600)
        #expect(try scratch.read("file") == "new")
    }

    @Test func aFailedReplacementLeavesNothing() throws {
        let scratch = try Scratch()
        try scratch.makeDirectory("file")
        #expect(
            errno { () throws(SyscallError) in
                try replaceFile("file", at: scratch.directory, contents: [1], mode: 0o600)
            } == .EISDIR)
        #expect(try scratch.names() == ["file"])
    }

    @Test func theFileBeforeTheReplacedOneIsKept() throws {
        let scratch = try Scratch()
        for contents in ["first", "second", "third"] {
            try replaceFile("file", keeping: "before", at: scratch.directory, contents: Array(contents.utf8), mode: 0o600)
        }
        #expect(try scratch.read("file") == "third")
        #expect(try scratch.read("before") == "second")
        #expect(try scratch.names() == ["before", "file"])
    }

    @Test func whereThereWasNoFileNoneIsKept() throws {
        let scratch = try Scratch()
        try replaceFile("file", keeping: "before", at: scratch.directory, contents: Array("first".utf8), mode: 0o600)
        #expect(try scratch.names() == ["file"])
    }

    @Test func aDirectoryCanBeLocked() throws {
        let scratch = try Scratch()
        let first = try Kernel.open(scratch.path, [.readOnly, .directory])
        let second = try Kernel.open(scratch.path, [.readOnly, .directory])
        #expect(try lock(first, exclusive: true, wait: false))
        #expect(try !lock(second, exclusive: true, wait: false))
    }

    @Test func anExclusiveLockKeepsOthersOut() throws {
        let scratch = try Scratch()
        try scratch.write("lock", "")
        let first = try Kernel.open("lock", at: scratch.directory, .readWrite)
        let second = try Kernel.open("lock", at: scratch.directory, .readWrite)
        #expect(try lock(first, exclusive: true, wait: false))
        #expect(try !lock(second, exclusive: true, wait: false))
        #expect(try !lock(second, exclusive: false, wait: false))
    }

    @Test func aLockEndsWithItsDescriptor() throws {
        let scratch = try Scratch()
        try scratch.write("lock", "")
        let second = try Kernel.open("lock", at: scratch.directory, .readWrite)
        do {
            let first = try Kernel.open("lock", at: scratch.directory, .readWrite)
            #expect(try lock(first, exclusive: true, wait: true))
        }
        #expect(try lock(second, exclusive: true, wait: false))
    }

    @Test func sharedLocksAreShared() throws {
        let scratch = try Scratch()
        try scratch.write("lock", "")
        let first = try Kernel.open("lock", at: scratch.directory, .readWrite)
        let second = try Kernel.open("lock", at: scratch.directory, .readWrite)
        #expect(try lock(first, exclusive: false, wait: false))
        #expect(try lock(second, exclusive: false, wait: false))
    }

    @Test func whatAPipeHoldsIsReadWithoutWaitingForMore() throws {
        let pipe = try Kernel.pipe()
        try writeAll(pipe.second, Array("some".utf8), subject: "pipe")
        #expect(try readSome(pipe.first, limit: 3) == Array("som".utf8))
        #expect(try readSome(pipe.first, limit: 100) == Array("e".utf8))
    }

    @Test func aFileInMemoryStandsAtItsBeginning() throws {
        let file = try memoryFile(named: "test", contents: Array("contents".utf8))
        #expect(try readAll(file, limit: 100, subject: "test") == Array("contents".utf8))
        #expect(try readLink("/proc/self/fd/\(file.number)").hasPrefix("/memfd:test"))
    }

    @Test func aPipeCarriesBytesFromItsSecondToItsFirstEnd() throws {
        let pipe = try Kernel.pipe()
        try writeAll(pipe.second, Array("through".utf8), subject: "pipe")
        // Without its writing end the pipe has an end of file.
        let first = pipe.keepFirst()
        #expect(try readAll(first, limit: 100, subject: "pipe") == Array("through".utf8))
    }
}
