import Kernel
import KernelABI

func aFilesystemIsConfiguredAndAttached() throws {
    let scratch = try privateScratch()
    let filesystem = try openFilesystem("tmpfs")
    try configure(filesystem, "size", "1m")
    try configure(filesystem, "mode", "0750")
    try createFilesystem(filesystem)
    let made = try mountFilesystem(filesystem, attributes: [.noSuid, .noDev, .noExec])
    try makeDirectory(scratch + "/target", mode: 0o755)
    let target = try open(scratch + "/target", [.path, .directory])
    try moveMount(made, onto: target)
    let found = try status(scratch + "/target", followSymlinks: false)
    expectEqual(found.isMountRoot, true, "whether it is the root of a mount")
    let root = try open(scratch + "/target", [.path, .directory])
    expectEqual(try mountIDFromProc(of: root), found.mountID, "the mount's id in /proc")
    expectEqual(found.permissions, 0o750, "the permissions")
    let line = try mountLine(scratch + "/target")
    expect(line.contains("nosuid,nodev,noexec"), "attributes in \(line)")
    expect(line.contains("size=1024k"), "size in \(line)")
    try unmount(scratch + "/target", .detach)
    expectEqual(try status(scratch + "/target", followSymlinks: false).isMountRoot, false, "whether it still is")
}

func aFilesystemIsAttachedByPath() throws {
    let scratch = try privateScratch()
    try makeDirectory(scratch + "/target", mode: 0o755)
    try mount(source: "name", at: scratch + "/target", type: "tmpfs", flags: [.noSuid, .readOnly], data: "mode=0700")
    expect(try mountLine(scratch + "/target").contains(" ro,nosuid,"), "attributes")
    expectFailure(.EROFS, "making a directory") { () throws(SyscallError) in try makeDirectory(scratch + "/target/x", mode: 0o755) }
    try mount(source: nil, at: scratch + "/target", type: nil, flags: .remount, data: nil)
    try makeDirectory(scratch + "/target/x", mode: 0o755)
    expectFailure(.ENODEV, "an unknown type") { () throws(SyscallError) in
        try mount(source: nil, at: scratch, type: "nosuchfs", flags: [], data: nil)
    }
    try unmount(scratch + "/target")
    expectFailure(.EINVAL, "unmounting what is no mount") { () throws(SyscallError) in try unmount(scratch + "/target") }
}

func attributesOfMountsChange() throws {
    let scratch = try privateScratch()
    let root = try open(scratch, [.path, .directory])
    try makeDirectory(scratch + "/below", mode: 0o755)
    try mount(source: "below", at: scratch + "/below", type: "tmpfs", flags: [], data: nil)
    try setMountAttributes(root, set: [.readOnly, .noAccessTime], recursive: true)
    expect(try mountLine(scratch).contains(" ro,noatime "), "attributes of the mount")
    expect(try mountLine(scratch + "/below").contains(" ro,noatime "), "attributes of the mount below")
    // Only this mount: what is below stays read-only.
    try setMountAttributes(root, set: .strictAccessTime, clear: .readOnly, recursive: false)
    let line = try mountLine(scratch)
    expect(line.contains(" rw ") && !line.contains("noatime"), "attributes in \(line)")
    expect(try mountLine(scratch + "/below").contains(" ro,noatime "), "attributes of the mount below")
    try setMountAttributes(root, propagation: .shared, recursive: false)
    expect(try mountLine(scratch).contains("shared:"), "propagation")
    try setMountAttributes(at: scratch, propagation: .unbindable, recursive: false)
    expect(try mountLine(scratch).contains("unbindable"), "propagation")
}

func aTreeIsCopied() throws {
    let scratch = try privateScratch()
    for name in ["from", "from/folder", "to"] { try makeDirectory("\(scratch)/\(name)", mode: 0o755) }
    let from = try open(scratch + "/from", [.path, .directory])
    let to = try open(scratch + "/to", [.path, .directory])
    try createFile("file", at: from, contents: Array("text".utf8), mode: 0o640)
    try makeSymlink("/no/where", "link", at: from)
    try makeFIFO("fifo", at: from, mode: 0o600)
    try changeOwner("file", at: from, uid: 7, gid: 8)
    try mount(source: "below", at: scratch + "/from/folder", type: "tmpfs", flags: [], data: nil)
    try createFile("hidden", at: open(scratch + "/from/folder", [.path, .directory]), mode: 0o600)
    try copyTree(from: from, to: to)
    expectEqual(try readFile("file", at: to, limit: 10), Array("text".utf8), "the contents")
    let file = try status("file", at: to, followSymlinks: false)
    expectEqual([file.uid, file.gid, file.permissions.rawValue], [7, 8, 0o640], "owner and mode")
    expectEqual(try readLink("link", at: to), "/no/where", "the link")
    expectEqual(try status("fifo", at: to, followSymlinks: false).type, .fifo, "the fifo")
    expectEqual(try directoryEntries(open("folder", at: to, .directory)), [], "what is mounted")
    expectFailure(.EEXIST, "copying twice") { () throws(SyscallError) in try copyTree(from: from, to: to) }
}

func theKernelTellsWhatWasWrong() throws {
    expectFailure(.ENODEV, "an unknown type") { () throws(SyscallError) in _ = try openFilesystem("nosuchfs") }
    let filesystem = try openFilesystem("tmpfs")
    expect(filesystemLog(filesystem) == nil, "there is a message at first")
    expectFailure(.EINVAL, "a wrong size") { () throws(SyscallError) in try configure(filesystem, "size", "huge") }
    let message = filesystemLog(filesystem) ?? ""
    expect(message.contains("size") && !message.contains("\n") && !message.hasPrefix("e "), "message \(message)")
    expectFailure(.EINVAL, "an unknown option") { () throws(SyscallError) in try configure(filesystem, flag: "nosuchoption") }
    expect(filesystemLog(filesystem)?.contains("nosuchoption") == true, "the message names the option")
    expect(filesystemLog(filesystem) == nil, "a message is told twice")
}

func treesAreClonedAndMoved() throws {
    let scratch = try privateScratch()
    for name in ["/source", "/source/below", "/first", "/second"] { try makeDirectory(scratch + name, mode: 0o755) }
    try mount(source: "below", at: scratch + "/source/below", type: "tmpfs", flags: [], data: nil)
    try makeDirectory(scratch + "/source/below/deep", mode: 0o755)
    let source = try open(scratch + "/source", [.path, .directory])
    // The top only, and the whole tree.
    try moveMount(try openTree(source, .clone), onto: try open(scratch + "/first", [.path, .directory]))
    try moveMount(try openTree(scratch + "/source", [.clone, .recursive]), onto: scratch + "/second")
    expectFailure(.ENOENT, "a mount below a clone of the top") { () throws(SyscallError) in
        _ = try status(scratch + "/first/below/deep", followSymlinks: false)
    }
    expectEqual(try status(scratch + "/second/below/deep", followSymlinks: false).type, .directory, "the clone of the tree")
    // A file too.
    let directory = try open(scratch, [.path, .directory])
    try createFile("null", at: directory, mode: 0o600)
    try moveMount(try openTree("null", at: try open("/dev", [.path, .directory]), .clone), onto: scratch + "/null")
    expectEqual(try status(scratch + "/null", followSymlinks: false).rdev, DeviceNumber(major: 1, minor: 3), "the device")
}

func theRootIsExchanged() throws {
    let scratch = try privateScratch()
    try makeDirectory(scratch + "/inside", mode: 0o755)
    try changeDirectory(scratch)
    try pivotRoot(".", putOld: ".")
    try unmount(".", .detach)
    try changeDirectory("/")
    expectEqual(try directoryEntries(try open("/", .directory)).map(\.name), ["inside"], "the names in the new root")
    try changeRoot("/inside")
    try changeDirectory(to: try open("/", .directory))
    expectEqual(try currentDirectory(), "/", "the working directory")
    expect(try directoryEntries(try open("/", .directory)).isEmpty, "something is in the changed root")
}

func aDirectoryOutsideOfTheRootIsTold() throws {
    let scratch = try privateScratch()
    try makeDirectory(scratch + "/root", mode: 0o755)
    try changeDirectory("/usr")
    expectEqual(try currentDirectory(), "/usr", "the working directory")
    try changeRoot(scratch + "/root")
    expect(try currentDirectory().hasPrefix("(unreachable)"), "the working directory seems to be inside")
}

func pathsCrossMounts() throws {
    let scratch = try privateScratch()
    for name in ["/root", "/root/proc", "/root/mount"] { try makeDirectory(scratch + name, mode: 0o755) }
    try mount(source: "proc", at: scratch + "/root/proc", type: "proc", flags: [], data: nil)
    try mount(source: "mount", at: scratch + "/root/mount", type: "tmpfs", flags: [], data: nil)
    try createFile("file", at: try open(scratch + "/root/mount", .path), contents: [1, 2, 3], mode: 0o600)
    let root = try open(scratch + "/root", [.path, .directory])
    for forceWalk in [false, true] {
        let file = try openBeneath(root, "proc/../mount/file", .path, mode: .none, forceWalk: forceWalk)
        expectEqual(try status(of: file).size, 3, "the size")
        let made = try directoryBeneath(root, "mount/new\(forceWalk)/deep", createMissing: 0o755, forceWalk: forceWalk)
        expectEqual(try filesystemMagic(of: made), .tmpfs, "the filesystem")
        expectFailure(.ELOOP, "a link that is no text") { () throws(SyscallError) in
            _ = try openBeneath(root, "proc/\(ownPID())/root/etc", .path, mode: .none, forceWalk: forceWalk)
        }
        // Nothing can be made on procfs; the kernel says ENOENT there.
        expectFailure(.ENOENT, "a new file in proc") { () throws(SyscallError) in
            _ = try fileBeneath(root, "proc/new", createMissing: true, forceWalk: forceWalk)
        }
    }
}

/// The last line about a mount point in /proc/self/mountinfo.
private func mountLine(_ path: String) throws -> String {
    let lines = try text("/proc/self/mountinfo").split(separator: "\n")
    guard let line = lines.last(where: { $0.split(separator: " ").dropFirst(4).first == Substring(path) }) else {
        fail("nothing is mounted at \(path)")
    }
    return String(line)
}
