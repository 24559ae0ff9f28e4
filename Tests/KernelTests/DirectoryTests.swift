import Kernel
import KernelABI
import Testing

@Suite struct DirectoryTests {
    @Test func directoriesAreMadeAndRemoved() throws {
        let scratch = try Scratch()
        try makeDirectory("one", at: scratch.directory, mode: 0o700)
        try makeDirectory(scratch.path + "/two", mode: 0o700)
        #expect(try scratch.names() == ["one", "two"])
        try removeDirectory("one", at: scratch.directory)
        try removeDirectory(scratch.path + "/two")
        #expect(try scratch.names() == [])
    }

    @Test func aDirectoryThatExistsIsAnError() throws {
        let scratch = try Scratch()
        try makeDirectory("one", at: scratch.directory, mode: 0o700)
        #expect(errno { () throws(SyscallError) in try makeDirectory("one", at: scratch.directory, mode: 0o700) } == .EEXIST)
    }

    @Test func aDirectoryWithContentsIsNotRemoved() throws {
        let scratch = try Scratch()
        try scratch.makeDirectory("one/two")
        #expect(errno { () throws(SyscallError) in try removeDirectory("one", at: scratch.directory) } == .ENOTEMPTY)
    }

    @Test func entriesAreListedWithTheirTypes() throws {
        let scratch = try Scratch()
        try scratch.makeDirectory("directory")
        try scratch.write("file", "")
        try makeFIFO("fifo", at: scratch.directory, mode: 0o600)
        try makeSymlink("nowhere", "link", at: scratch.directory)
        let entries = try directoryEntries(try Kernel.open(".", at: scratch.directory, .directory))
        #expect(Set(entries.map(\.name)) == ["directory", "file", "fifo", "link"])
        let types = Dictionary(uniqueKeysWithValues: entries.map { ($0.name, $0.type) })
        #expect(types == ["directory": .directory, "file": .regular, "fifo": .fifo, "link": .symlink])
    }

    @Test func aLargeDirectoryIsListedWhole() throws {
        let scratch = try Scratch()
        let names = (0..<1000).map { "a-name-of-some-length-\($0)" }
        for name in names { try createFile(name, at: scratch.directory, mode: 0o600) }
        let entries = try directoryEntries(try Kernel.open(".", at: scratch.directory, .directory))
        #expect(entries.map(\.name).sorted() == names.sorted())
    }

    @Test func anEmptyDirectoryHasNoEntries() throws {
        let scratch = try Scratch()
        #expect(try directoryEntries(try Kernel.open(".", at: scratch.directory, .directory)).isEmpty)
    }

    @Test func aLinkIsReadAsItWasMade() throws {
        let scratch = try Scratch()
        let target = String(repeating: "long/", count: 500)
        try makeSymlink(target, "link", at: scratch.directory)
        #expect(try readLink("link", at: scratch.directory) == target)
        #expect(try readLink(scratch.path + "/link") == target)
        let opened = try Kernel.open("link", at: scratch.directory, [.path, .noFollow])
        #expect(try readLink("", at: opened) == target)
    }

    @Test(.enabled(if: isRoot, "making devices wants root")) func aDeviceHasItsNumberAndPermissions() throws {
        let scratch = try Scratch()
        try makeNode("null", at: scratch.directory, type: .characterDevice, permissions: 0o600, device: DeviceNumber(major: 1, minor: 3))
        let made = try status("null", at: scratch.directory, followSymlinks: false)
        #expect(made.type == .characterDevice)
        #expect(made.rdev == DeviceNumber(major: 1, minor: 3))
        #expect(made.permissions == 0o600)
    }

    @Test func aDeviceNumberTheKernelWouldCutIsRefused() throws {
        let scratch = try Scratch()
        #expect(
            errno { () throws(SyscallError) in
                try makeNode(
                    "null", at: scratch.directory, type: .characterDevice, permissions: 0o600, device: DeviceNumber(major: 4097, minor: 3))
            } == .EINVAL)
        #expect(try scratch.names() == [])
    }

    @Test func theWorkingDirectoryIsAnAbsolutePath() throws {
        #expect(try currentDirectory().hasPrefix("/"))
    }

    @Test func namesAreRenamedAndRemoved() throws {
        let scratch = try Scratch()
        try scratch.write("old", "text")
        try rename("old", to: "fresh", at: scratch.directory)
        #expect(try scratch.names() == ["fresh"])
        try unlink("fresh", at: scratch.directory)
        #expect(try scratch.names() == [])
        #expect(errno { () throws(SyscallError) in try unlink(scratch.path + "/fresh") } == .ENOENT)
    }
}

@Suite struct FileStatusTests {
    @Test func aFileIsDescribed() throws {
        let scratch = try Scratch()
        try createFile("file", at: scratch.directory, contents: [1, 2, 3], mode: 0o640)
        let found = try status("file", at: scratch.directory, followSymlinks: false)
        #expect(found.type == .regular)
        #expect(found.size == 3)
        #expect(found.permissions == 0o640)
        #expect(found.uid == effectiveUserID())
        #expect(found.linkCount == 1)
        #expect(found == (try status(of: try Kernel.open("file", at: scratch.directory, .path))))
    }

    @Test func aLinkIsFollowedOrNot() throws {
        let scratch = try Scratch()
        try scratch.link("link", to: "/")
        #expect(try status(scratch.path + "/link", followSymlinks: false).type == .symlink)
        #expect(try status(scratch.path + "/link", followSymlinks: true).type == .directory)
        #expect(try status("link", at: scratch.directory, followSymlinks: true).isMountRoot == true)
    }

    @Test func theNullDeviceIsOneThree() throws {
        let null = try status("/dev/null", followSymlinks: true)
        #expect(null.type == .characterDevice)
        #expect(null.rdev == DeviceNumber(major: 1, minor: 3))
    }

    @Test func theMountIDIsThatOfTheMountTable() throws {
        let proc = try status("/proc", followSymlinks: true)
        let table = String(decoding: try readFile("/proc/self/mountinfo", limit: 1 << 20), as: UTF8.self).split(separator: "\n")
        let line = try #require(table.last { $0.split(separator: " ").dropFirst(4).first == "/proc" })
        #expect(line.split(separator: " ").first.flatMap { UInt64($0) } == proc.mountID)
    }

    @Test func filesystemsAreKnownByTheirMagic() throws {
        #expect(try filesystemMagic(at: "/proc") == .proc)
        #expect(try filesystemMagic(at: "/sys") == .sysfs)
        #expect(try filesystemMagic(of: try Kernel.open("/proc/self/ns/mnt", .readOnly)) == .nsfs)
    }

    @Test func permissionsAreChanged() throws {
        let scratch = try Scratch()
        try scratch.write("file", "")
        try changeMode("file", at: scratch.directory, 0o600)
        #expect(try status("file", at: scratch.directory, followSymlinks: false).permissions == 0o600)
        try changeMode(try Kernel.open("file", at: scratch.directory, .readOnly), 0o4755)
        #expect(try status("file", at: scratch.directory, followSymlinks: false).permissions == 0o4755)
    }

    @Test(.enabled(if: isRoot, "changing owners wants root")) func ownersAreChanged() throws {
        let scratch = try Scratch()
        try scratch.link("link", to: "/etc/passwd")
        try changeOwner("link", at: scratch.directory, uid: 1234, gid: nil)
        let link = try Kernel.open("link", at: scratch.directory, [.path, .noFollow])
        try changeOwner(link, uid: nil, gid: 4321)
        #expect(try status(of: link).uid == 1234)
        #expect(try status(of: link).gid == 4321)
        #expect(try status("/etc/passwd", followSymlinks: false).uid == 0)
    }

    @Test func onlyProgramsAreExecutable() throws {
        #expect(isExecutable("/bin/sh"))
        #expect(!isExecutable("/etc/passwd"))
        #expect(!isExecutable("/no/such"))
    }
}
