import Foundation
import Kernel
import KernelABI
import Testing

/// Every test runs with openat2(2) and with the walk that replaces it.
@Suite(.timeLimit(.minutes(1))) struct SafePathTests {
    enum Resolution: CaseIterable, CustomTestStringConvertible {
        case openat2, walk
        var forceWalk: Bool { self == .walk }
        var testDescription: String { self == .openat2 ? "openat2" : "walk" }
    }

    /// A root with files and links; `outside` lies beside the root and must never be reached.
    struct Tree: ~Copyable {
        let scratch: Scratch
        let root: FileDescriptor

        init() throws {
            let scratch = try Scratch()
            try scratch.makeDirectory("root/etc")
            try scratch.makeDirectory("root/dir/sub")
            try scratch.makeDirectory("outside")
            try scratch.write("root/etc/passwd", "inside")
            try scratch.write("root/dir/sub/deep", "deep")
            try scratch.write("outside/secret", "outside")
            try scratch.write("secret", "outside")
            try scratch.link("root/absolute", to: "/etc/passwd")
            try scratch.link("root/relative", to: "dir/../etc/passwd")
            try scratch.link("root/escape", to: "../secret")
            try scratch.link("root/escapeFar", to: "../../../../../../../../etc/passwd")
            try scratch.link("root/dir/up", to: "../../outside")
            try scratch.link("root/dir/sub/absolute", to: "/etc/passwd")
            try scratch.link("root/dir/home", to: "/")
            try scratch.link("root/dirlink", to: "/dir")
            try scratch.link("root/slashlink", to: "dir/")
            try scratch.link("root/fileslash", to: "etc/passwd/")
            try scratch.link("root/self", to: "self")
            try scratch.link("root/ping", to: "pong")
            try scratch.link("root/pong", to: "ping")
            try scratch.link("root/dangling", to: "/missing/target")
            try scratch.link("root/rootlink", to: "/")
            root = try Kernel.open(scratch.path + "/root", [.path, .directory])
            self.scratch = scratch
        }

        func contents(_ path: String, _ resolution: Resolution) throws -> String {
            let file = try openBeneath(root, path, .readOnly, mode: .none, forceWalk: resolution.forceWalk)
            return String(decoding: try readAll(file, limit: 100, subject: path), as: UTF8.self)
        }

        func failure(_ path: String, _ resolution: Resolution, _ flags: OpenFlags = .path) -> Errno? {
            errno { () throws(SyscallError) in _ = try openBeneath(root, path, flags, mode: .none, forceWalk: resolution.forceWalk) }
        }

        func inode(_ path: String, _ resolution: Resolution) throws -> UInt64 {
            try status(of: try openBeneath(root, path, .path, mode: .none, forceWalk: resolution.forceWalk)).inode
        }
    }

    static let readable: [(String, String)] = [
        ("etc/passwd", "inside"), ("/etc/passwd", "inside"), ("//etc///passwd", "inside"), ("./etc/./passwd", "inside"),
        ("dir/../etc/passwd", "inside"), ("../etc/passwd", "inside"), ("../../../../etc/passwd", "inside"), ("absolute", "inside"),
        ("relative", "inside"), ("escapeFar", "inside"), ("dirlink/sub/deep", "deep"), ("dirlink/../etc/passwd", "inside"),
        ("slashlink/sub/deep", "deep"), ("rootlink/rootlink/etc/passwd", "inside"), ("dir/sub/../../etc/passwd", "inside"),
        ("dir/sub/absolute", "inside"), ("dir/home/etc/passwd", "inside"),
    ]

    @Test(arguments: readable, Resolution.allCases)
    func aPathIsResolvedInsideTheRoot(_ expected: (path: String, text: String), _ resolution: Resolution) throws {
        #expect(try Tree().contents(expected.path, resolution) == expected.text)
    }

    static let refused: [(String, Errno)] = [
        ("", .ENOENT), ("missing", .ENOENT), ("missing/below", .ENOENT), ("dangling", .ENOENT), ("dir/up/secret", .ENOENT),
        ("escape", .ENOENT), ("../secret", .ENOENT), ("../outside/secret", .ENOENT), ("self", .ELOOP), ("ping", .ELOOP),
        ("ping/below", .ELOOP), ("etc/passwd/", .ENOTDIR), ("etc/passwd/.", .ENOTDIR), ("etc/passwd/..", .ENOTDIR),
        ("etc/passwd/below", .ENOTDIR), ("absolute/below", .ENOTDIR), ("fileslash", .ENOTDIR),
        (String(repeating: "x", count: 256), .ENAMETOOLONG), (String(repeating: "./", count: 5000), .ENAMETOOLONG),
        (String(repeating: "dir/../", count: 600), .ENAMETOOLONG),
    ]

    @Test(arguments: refused, Resolution.allCases)
    func aPathThatLeadsNowhereIsRefused(_ expected: (path: String, errno: Errno), _ resolution: Resolution) throws {
        #expect(try Tree().failure(expected.path, resolution) == expected.errno)
    }

    static let directories = ["/", ".", "..", "../..", "dir/..", "rootlink", "dirlink/..", "/.", "./", "rootlink/"]

    @Test(arguments: directories, Resolution.allCases)
    func theRootIsItsOwnParent(_ path: String, _ resolution: Resolution) throws {
        let tree = try Tree()
        #expect(try tree.inode(path, resolution) == status(of: tree.root).inode)
    }

    @Test(arguments: Resolution.allCases)
    func aLongPathOfManyComponentsIsResolved(_ resolution: Resolution) throws {
        let path = String(repeating: "dir/../", count: 500) + "etc/passwd"
        #expect(try Tree().contents(path, resolution) == "inside")
    }

    @Test(arguments: Resolution.allCases)
    func fortyLinksAreFollowedAndNotOneMore(_ resolution: Resolution) throws {
        let tree = try Tree()
        try tree.scratch.link("root/link1", to: "etc/passwd")
        for number in 2...41 { try tree.scratch.link("root/link\(number)", to: "link\(number - 1)") }
        #expect(try tree.contents("link40", resolution) == "inside")
        #expect(tree.failure("link41", resolution) == .ELOOP)
    }

    @Test(arguments: Resolution.allCases)
    func linksThatAreNoTextAreRefused(_ resolution: Resolution) throws {
        let root = try Kernel.open("/", [.path, .directory])
        let file = try Kernel.open("/etc/passwd", .readOnly)
        for path in ["/proc/\(ownPID())/fd/\(file.number)", "/proc/\(ownPID())/root/etc/passwd", "/proc/\(ownPID())/exe"] {
            #expect(
                errno { () throws(SyscallError) in
                    _ = try openBeneath(root, path, .readOnly, mode: .none, forceWalk: resolution.forceWalk)
                } == .ELOOP, "\(path)")
        }
    }

    @Test(arguments: Resolution.allCases)
    func aLinkAtTheEndIsNotFollowedIfNotWanted(_ resolution: Resolution) throws {
        let tree = try Tree()
        let link = try openBeneath(tree.root, "absolute", [.path, .noFollow], mode: .none, forceWalk: resolution.forceWalk)
        #expect(try status(of: link).type == .symlink)
        #expect(tree.failure("absolute", resolution, .noFollow) == .ELOOP)
        #expect(tree.failure("absolute", resolution, [.path, .noFollow, .directory]) == .ENOTDIR)
    }

    @Test(arguments: Resolution.allCases)
    func aSlashAtTheEndFollowsALink(_ resolution: Resolution) throws {
        let tree = try Tree()
        let directory = try openBeneath(tree.root, "dirlink/", [.path, .noFollow], mode: .none, forceWalk: resolution.forceWalk)
        #expect(try status(of: directory).type == .directory)
    }

    @Test(arguments: Resolution.allCases)
    func aFileIsMadeInsideTheRootOnly(_ resolution: Resolution) throws {
        let tree = try Tree()
        try tree.scratch.link("root/maker", to: "/../../made")
        let file = try openBeneath(tree.root, "maker", [.writeOnly, .create], mode: 0o600, forceWalk: resolution.forceWalk)
        try writeAll(file, Array("new".utf8), subject: "made")
        #expect(try tree.scratch.read("root/made") == "new")
        #expect(try tree.scratch.names() == ["outside", "root", "secret"])
    }

    @Test(arguments: Resolution.allCases)
    func anExclusiveFileIsNotMadeThroughALink(_ resolution: Resolution) throws {
        #expect(try Tree().failure("dangling", resolution, [.writeOnly, .create, .exclusive]) == .EEXIST)
    }

    @Test(arguments: Resolution.allCases)
    func aDirectoryIsNotOpenedForAFileAndTheOtherWayRound(_ resolution: Resolution) throws {
        let tree = try Tree()
        #expect(tree.failure("etc/passwd", resolution, [.path, .directory]) == .ENOTDIR)
        #expect(tree.failure("dir", resolution, [.writeOnly]) == .EISDIR)
        #expect(tree.failure("dir/sub/..", resolution, [.writeOnly]) == .EISDIR)
    }

    // Making what is missing.

    @Test(arguments: Resolution.allCases)
    func missingDirectoriesAreMade(_ resolution: Resolution) throws {
        let tree = try Tree()
        let made = try directoryBeneath(tree.root, "/dir/one/two/", createMissing: 0o700, forceWalk: resolution.forceWalk)
        #expect(try status(of: made).permissions == FileMode(rawValue: 0o700))
        #expect(try tree.scratch.names(in: "root/dir") == ["home", "one", "sub", "up"])
        #expect(try tree.scratch.names(in: "root/dir/one") == ["two"])
    }

    @Test(arguments: Resolution.allCases)
    func withoutPermissionNothingIsMade(_ resolution: Resolution) throws {
        let tree = try Tree()
        #expect(
            errno { () throws(SyscallError) in
                _ = try directoryBeneath(tree.root, "one/two", createMissing: nil, forceWalk: resolution.forceWalk)
            } == .ENOENT)
        #expect(try !tree.scratch.names(in: "root").contains("one"))
    }

    @Test(arguments: Resolution.allCases)
    func missingDirectoriesBehindAnEscapingLinkAreMadeInside(_ resolution: Resolution) throws {
        let tree = try Tree()
        _ = try directoryBeneath(tree.root, "dir/up/new", createMissing: 0o755, forceWalk: resolution.forceWalk)
        #expect(try tree.scratch.names(in: "root/outside") == ["new"])
        #expect(try tree.scratch.names(in: "outside") == ["secret"])
    }

    @Test(arguments: Resolution.allCases)
    func theTargetOfALinkToNothingIsMadeInside(_ resolution: Resolution) throws {
        let tree = try Tree()
        _ = try directoryBeneath(tree.root, "dangling", createMissing: 0o755, forceWalk: resolution.forceWalk)
        #expect(try tree.scratch.names(in: "root/missing") == ["target"])
    }

    @Test(arguments: Resolution.allCases)
    func aFileInTheWayOfADirectoryIsRefused(_ resolution: Resolution) throws {
        let tree = try Tree()
        for path in ["etc/passwd", "etc/passwd/below", "absolute/below"] {
            #expect(
                errno { () throws(SyscallError) in
                    _ = try directoryBeneath(tree.root, path, createMissing: 0o755, forceWalk: resolution.forceWalk)
                } == .ENOTDIR, "\(path)")
        }
    }

    @Test(arguments: Resolution.allCases)
    func aMissingFileIsMadeWithItsParents(_ resolution: Resolution) throws {
        let tree = try Tree()
        let file = try fileBeneath(tree.root, "/run/secrets/key", createMissing: true, forceWalk: resolution.forceWalk)
        let found = try status(of: file)
        #expect(found.type == .regular)
        #expect(found.size == 0)
        #expect(try tree.scratch.names(in: "root/run/secrets") == ["key"])
    }

    @Test(arguments: Resolution.allCases)
    func anExistingFileIsLeftAsItIs(_ resolution: Resolution) throws {
        let tree = try Tree()
        _ = try fileBeneath(tree.root, "absolute", createMissing: true, forceWalk: resolution.forceWalk)
        #expect(try tree.scratch.read("root/etc/passwd") == "inside")
    }

    @Test(arguments: Resolution.allCases)
    func aFileIsNotMadeForASlashAtTheEnd(_ resolution: Resolution) throws {
        let tree = try Tree()
        for path in ["new/", "new/.", "new/.."] {
            #expect(
                errno { () throws(SyscallError) in
                    _ = try fileBeneath(tree.root, path, createMissing: true, forceWalk: resolution.forceWalk)
                } == .EISDIR, "\(path)")
        }
        #expect(try !tree.scratch.names(in: "root").contains("new"))
    }

    @Test(arguments: Resolution.allCases)
    func aParentComesWithThePlainName(_ resolution: Resolution) throws {
        let tree = try Tree()
        let parent = try parentBeneath(tree.root, "/dirlink/sub/name/", createMissing: nil, forceWalk: resolution.forceWalk)
        #expect(parent.name == "name")
        #expect(try status(of: parent.directory).inode == tree.inode("dir/sub", resolution))
    }

    @Test(arguments: Resolution.allCases)
    func theParentOfATopLevelNameIsTheRoot(_ resolution: Resolution) throws {
        let tree = try Tree()
        let parent = try parentBeneath(tree.root, "name", createMissing: nil, forceWalk: resolution.forceWalk)
        #expect(try status(of: parent.directory).inode == status(of: tree.root).inode)
    }

    @Test(arguments: ["/", "", ".", "..", "a/..", "a/."], Resolution.allCases)
    func withoutAPlainNameThereIsNoParent(_ path: String, _ resolution: Resolution) throws {
        let tree = try Tree()
        #expect(
            errno { () throws(SyscallError) in
                _ = try parentBeneath(tree.root, path, createMissing: nil, forceWalk: resolution.forceWalk)
            } == .EINVAL)
    }

    // Both at once.

    @Test func bothResolutionsAgreeOnRandomPaths() throws {
        let tree = try Tree()
        let parts = [
            "dir", "sub", "etc", "passwd", "..", ".", "", "absolute", "relative", "escape", "up", "dirlink", "slashlink", "rootlink",
            "self", "home",
            "dangling", "missing", "deep", "fileslash", "outside", "secret",
        ]
        let flagSets: [OpenFlags] = [
            .path, [.path, .noFollow], [.path, .directory], .readOnly, .noFollow, [.path, .noFollow, .directory],
        ]
        // A fixed sequence, so that a failure can be repeated.
        var state: UInt64 = 0x5eed
        func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((state >> 33) % UInt64(bound))
        }
        for _ in 0..<4000 {
            let path = (0...next(6)).map { _ in parts[next(parts.count)] }.joined(separator: "/")
            let flags = flagSets[next(flagSets.count)]
            let answers = Resolution.allCases.map { resolution in
                do throws(SyscallError) {
                    let found = try openBeneath(tree.root, path, flags, mode: .none, forceWalk: resolution.forceWalk)
                    return "\(try status(of: found).inode)"
                } catch {
                    return "\(error.errno)"
                }
            }
            #expect(answers[0] == answers[1], "\(path) with flags \(flags.rawValue)")
        }
    }

    @Test(arguments: Resolution.allCases)
    func aDirectoryThatIsSwappedForALinkNeverLeadsOutside(_ resolution: Resolution) throws {
        let tree = try Tree()
        try tree.scratch.makeDirectory("root/victim")
        try tree.scratch.write("root/victim/secret", "inside")
        try tree.scratch.link("root/attack", to: "../outside")
        let base = tree.scratch.path + "/root/"
        let stop = try Kernel.pipe()
        let stopNumber = stop.first.number
        let swapper = Thread {
            // Ends when the writing end of the pipe is closed.
            while (try? poll([PollRequest(number: stopNumber, events: .readable)], timeoutMilliseconds: 0))?.first == [] {
                rename(base + "victim", base + "kept")
                rename(base + "attack", base + "victim")
                rename(base + "victim", base + "attack")
                rename(base + "kept", base + "victim")
            }
            try? Kernel.duplicate(stopNumber, to: stopNumber, closeOnExec: true)
        }
        swapper.start()
        var seen = 0
        for _ in 0..<3000 {
            if let text = try? tree.contents("victim/secret", resolution) {
                #expect(text == "inside")
                seen += 1
            }
            _ = try? directoryBeneath(tree.root, "victim/made", createMissing: 0o755, forceWalk: resolution.forceWalk)
        }
        _ = consume stop.second
        while !swapper.isFinished { sched_yield() }
        #expect(seen > 0)
        #expect(try tree.scratch.names(in: "outside") == ["secret"])
    }
}
