import KernelABI
import Testing

@testable import Planning

@Suite struct MountOptionsTests {
    /// The words that the specification requires, with what each adds to `set` or `clear`.
    @Test(arguments: [
        ("dirsync", MountFlags.dirSync), ("iversion", .iVersion), ("lazytime", .lazyTime), ("noatime", .noAccessTime), ("nodev", .noDev),
        ("nodiratime", .noDirectoryAccessTime), ("noexec", .noExec), ("nosuid", .noSuid), ("relatime", .relativeAccessTime),
        ("ro", .readOnly), ("silent", .silent), ("strictatime", .strictAccessTime), ("sync", .synchronous), ("mand", .mandatoryLock),
        ("nosymfollow", .noSymFollow),
    ])
    func aWordSetsItsFlag(_ word: String, _ flag: MountFlags) {
        let options = MountOptions([word])
        #expect(options.set == flag)
        #expect(options.clear == [])
        #expect(options.parameters == [])
    }

    @Test(arguments: [
        ("async", MountFlags.synchronous), ("atime", .noAccessTime), ("dev", .noDev), ("diratime", .noDirectoryAccessTime),
        ("exec", .noExec), ("loud", .silent), ("noiversion", .iVersion), ("nolazytime", .lazyTime), ("norelatime", .relativeAccessTime),
        ("nostrictatime", .strictAccessTime), ("rw", .readOnly), ("suid", .noSuid), ("nomand", .mandatoryLock),
        ("symfollow", .noSymFollow),
    ])
    func aWordClearsItsFlag(_ word: String, _ flag: MountFlags) {
        let options = MountOptions([word])
        #expect(options.clear == flag)
        #expect(options.set == [])
        #expect(options.parameters == [])
    }

    @Test(
        arguments: [
            ("private", MountFlags.private), ("rprivate", [.private, .recursive]), ("shared", .shared), ("rshared", [.shared, .recursive]),
            ("slave", .slave), ("rslave", [.slave, .recursive]), ("unbindable", .unbindable), ("runbindable", [.unbindable, .recursive]),
        ] as [(String, MountFlags)])
    func aPropagationWordIsKeptApart(_ word: String, _ flags: MountFlags) {
        let options = MountOptions([word])
        #expect(options.propagation == [flags])
        #expect(options.set == [])
    }

    @Test func bindAndRbindAreNoFlags() {
        #expect(MountOptions(["bind"]).isBind)
        #expect(!MountOptions(["bind"]).isRecursive)
        #expect(MountOptions(["rbind"]).isBind)
        #expect(MountOptions(["rbind"]).isRecursive)
        #expect(MountOptions(["remount"]).isRemount)
    }

    @Test func defaultsMeansNothing() {
        #expect(MountOptions(["defaults"]) == MountOptions([]))
    }

    @Test func theLastWordOfAPairCounts() {
        #expect(MountOptions(["ro", "rw"]).set == [])
        #expect(MountOptions(["ro", "rw"]).clear == .readOnly)
        #expect(MountOptions(["rw", "ro"]).set == .readOnly)
        #expect(MountOptions(["rw", "ro"]).clear == [])
    }

    @Test func theLastWayOfKeepingAccessTimesCounts() {
        #expect(MountOptions(["strictatime", "noatime"]).set == .noAccessTime)
        #expect(MountOptions(["noatime", "relatime", "nodiratime"]).set == [.relativeAccessTime, .noDirectoryAccessTime])
    }

    @Test func otherWordsAreParametersInTheirOrder() {
        let options = MountOptions(["size=64k", "nosuid", "newinstance", "mode=755"])
        #expect(options.parameters == ["size=64k", "newinstance", "mode=755"])
    }

    /// The words for a whole tree, with what each adds to `tree`.
    @Test(arguments: [
        ("rro", MountFlags.readOnly, true), ("rrw", .readOnly, false), ("rnosuid", .noSuid, true), ("rsuid", .noSuid, false),
        ("rnodev", .noDev, true), ("rdev", .noDev, false), ("rnoexec", .noExec, true), ("rexec", .noExec, false),
        ("rnosymfollow", .noSymFollow, true), ("rsymfollow", .noSymFollow, false), ("rnodiratime", .noDirectoryAccessTime, true),
        ("rdiratime", .noDirectoryAccessTime, false), ("rnoatime", .noAccessTime, true), ("ratime", .noAccessTime, false),
        ("rrelatime", .relativeAccessTime, true), ("rnorelatime", .relativeAccessTime, false),
        ("rstrictatime", .strictAccessTime, true), ("rnostrictatime", .strictAccessTime, false),
    ])
    func aWordForATreeChangesTheTreeAlone(_ word: String, _ flag: MountFlags, _ isSet: Bool) {
        let options = MountOptions(["nosuid", word])
        #expect(options.tree.set == (isSet ? flag : []))
        #expect(options.tree.clear == (isSet ? [] : flag))
        #expect(options.set == .noSuid)
    }

    @Test func aNewFileSystemHasNoTree() {
        var options = MountOptions(["ro", "rrw", "noatime", "rstrictatime", "rnosuid"])
        options.foldTree()
        #expect(options.tree.isEmpty)
        #expect(options.set == [.strictAccessTime, .noSuid])
        #expect(options.clear == .readOnly)
    }

    @Test(arguments: [
        ("tmpcopyup", MountManner.copyUp), ("copy-symlink", .copySymlink), ("src-nofollow", .sourceNoFollow),
        ("dest-nofollow", .destinationNoFollow),
    ])
    func aWordAboutTheMannerIsKept(_ word: String, _ manner: MountManner) {
        #expect(MountOptions([word]).manner == manner)
        #expect(manner.words == [word])
    }

    @Test(
        arguments: [
            ("idmap", IDMapOption(isRecursive: false, ids: nil)), ("ridmap", IDMapOption(isRecursive: true, ids: nil)),
            ("idmap=uids=0-1-2;gids=3-4-5", IDMapOption(isRecursive: false, ids: "uids=0-1-2;gids=3-4-5")),
            ("ridmap=", IDMapOption(isRecursive: true, ids: "")),
        ])
    func aWordForAnIDMapIsKept(_ word: String, _ option: IDMapOption) {
        #expect(MountOptions([word]).idMap == option)
        #expect(MountOptions([word]).parameters == [])
    }

    @Test(arguments: MountOptions.words)
    func aWordThatCanBeSuggestedIsNoParameter(_ word: String) {
        #expect(MountOptions([word]).parameters == [])
    }
}
