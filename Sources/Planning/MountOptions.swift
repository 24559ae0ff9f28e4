import KernelABI

/// What the words of `mounts[].options` ask for.
///
/// Of two words that contradict each other the last one counts. See runtime-spec, config, "Linux mount options"; mount(8), "FILESYSTEM-INDEPENDENT
/// MOUNT OPTIONS".
struct MountOptions: Hashable {
    /// What the plain words do to the mount and its file system.
    private(set) var own = MountChange()
    /// What the words with `r` in front do to the mount and all mounts below it.
    private(set) var tree = MountChange()
    /// Propagation words, in order.
    private(set) var propagation: [MountFlags] = []
    /// The place in the list of the first word for a propagation other than private.
    private(set) var firstNotPrivate: Int?
    /// Words that are no flags, for the file system itself.
    private(set) var parameters: [String] = []
    /// `bind` or `rbind`.
    var isBind = false
    /// `rbind`.
    var isRecursive = false
    /// `remount`.
    private(set) var isRemount = false
    /// `idmap` or `ridmap`, alone or with ids of its own.
    private(set) var idMap: IDMapOption?
    /// Words about how the mount is made.
    private(set) var manner: MountManner = []

    /// Flags to switch on.
    var set: MountFlags { own.set }
    /// Flags that a word takes away by name (`rw`, `exec`, `atime`), which matters where a mount already has some: bind and remount.
    var clear: MountFlags { own.clear }

    init(_ words: [String]) {
        for (index, word) in words.enumerated() { add(word, at: index) }
    }

    private mutating func add(_ word: String, at index: Int) {
        if word.utf8.contains(UInt8(ascii: "=")) {
            if let option = IDMapOption(word) { idMap = option } else { parameters.append(word) }
            return
        }
        // The usual words first: the cases are compared one by one.
        switch word {
        case "nosuid": own.on(.noSuid)
        case "noexec": own.on(.noExec)
        case "nodev": own.on(.noDev)
        case "ro": own.on(.readOnly)
        case "bind": isBind = true
        case "rbind": (isBind, isRecursive) = (true, true)
        case "rprivate": propagation.append([.private, .recursive])
        case "relatime": own.accessTimes(.relativeAccessTime)
        case "strictatime": own.accessTimes(.strictAccessTime)
        case "noatime": own.accessTimes(.noAccessTime)
        case "atime": own.off(.noAccessTime)
        case "norelatime": own.off(.relativeAccessTime)
        case "nostrictatime": own.off(.strictAccessTime)
        case "rw": own.off(.readOnly)
        case "suid": own.off(.noSuid)
        case "exec": own.off(.noExec)
        case "dev": own.off(.noDev)
        case "nodiratime": own.on(.noDirectoryAccessTime)
        case "diratime": own.off(.noDirectoryAccessTime)
        case "nosymfollow": own.on(.noSymFollow)
        case "symfollow": own.off(.noSymFollow)
        case "sync": own.on(.synchronous)
        case "async": own.off(.synchronous)
        case "dirsync": own.on(.dirSync)
        case "lazytime": own.on(.lazyTime)
        case "nolazytime": own.off(.lazyTime)
        case "iversion": own.on(.iVersion)
        case "noiversion": own.off(.iVersion)
        case "mand": own.on(.mandatoryLock)
        case "nomand": own.off(.mandatoryLock)
        case "silent": own.on(.silent)
        case "loud": own.off(.silent)
        case "defaults", "": break
        case "remount": isRemount = true
        case "private": propagation.append(.private)
        case "shared": propagate(.shared, at: index)
        case "slave": propagate(.slave, at: index)
        case "unbindable": propagate(.unbindable, at: index)
        case "rshared": propagate([.shared, .recursive], at: index)
        case "rslave": propagate([.slave, .recursive], at: index)
        case "runbindable": propagate([.unbindable, .recursive], at: index)
        default: addRare(word)
        }
    }

    private mutating func addRare(_ word: String) {
        switch word {
        case "rro": tree.on(.readOnly)
        case "rrw": tree.off(.readOnly)
        case "rnosuid": tree.on(.noSuid)
        case "rsuid": tree.off(.noSuid)
        case "rnodev": tree.on(.noDev)
        case "rdev": tree.off(.noDev)
        case "rnoexec": tree.on(.noExec)
        case "rexec": tree.off(.noExec)
        case "rnosymfollow": tree.on(.noSymFollow)
        case "rsymfollow": tree.off(.noSymFollow)
        case "rnodiratime": tree.on(.noDirectoryAccessTime)
        case "rdiratime": tree.off(.noDirectoryAccessTime)
        case "rnoatime": tree.accessTimes(.noAccessTime)
        case "ratime": tree.off(.noAccessTime)
        case "rrelatime": tree.accessTimes(.relativeAccessTime)
        case "rnorelatime": tree.off(.relativeAccessTime)
        case "rstrictatime": tree.accessTimes(.strictAccessTime)
        case "rnostrictatime": tree.off(.strictAccessTime)
        case "idmap": idMap = IDMapOption(isRecursive: false, ids: nil)
        case "ridmap": idMap = IDMapOption(isRecursive: true, ids: nil)
        case "tmpcopyup": manner.insert(.copyUp)
        case "copy-symlink": manner.insert(.copySymlink)
        case "src-nofollow": manner.insert(.sourceNoFollow)
        case "dest-nofollow": manner.insert(.destinationNoFollow)
        default: parameters.append(word)
        }
    }

    private mutating func propagate(_ word: MountFlags, at index: Int) {
        propagation.append(word)
        firstNotPrivate = firstNotPrivate ?? index
    }

    /// A new file system has no mounts below it: what is asked for the tree is asked for its one mount.
    mutating func foldTree() {
        own.apply(tree)
        tree = MountChange()
    }

    /// Every word that is a flag, for suggestions.
    static var words: [String] {
        [
            "async", "atime", "bind", "copy-symlink", "defaults", "dest-nofollow", "dev", "diratime", "dirsync", "exec", "idmap",
            "iversion",
            "lazytime", "loud", "mand", "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime",
            "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec",
            "ridmap", "rnoatime", "rnodev", "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro",
            "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw",
            "shared", "silent", "slave", "src-nofollow", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
        ]
    }
}

/// Words about how a mount is made.
struct MountManner: OptionSet, Hashable {
    let rawValue: UInt8

    /// `tmpcopyup`: a tmpfs starts with what it hides.
    static var copyUp: MountManner { MountManner(rawValue: 1) }
    /// `copy-symlink`: a source that is a symbolic link is made anew at the target.
    static var copySymlink: MountManner { MountManner(rawValue: 2) }
    /// `src-nofollow`: a source that is a symbolic link is itself bound.
    static var sourceNoFollow: MountManner { MountManner(rawValue: 4) }
    /// `dest-nofollow`: a target that is a symbolic link is itself mounted on.
    static var destinationNoFollow: MountManner { MountManner(rawValue: 8) }

    /// The words, in the order of the bits.
    var words: [String] {
        let all: [(MountManner, String)] = [
            (.copyUp, "tmpcopyup"), (.copySymlink, "copy-symlink"), (.sourceNoFollow, "src-nofollow"),
            (.destinationNoFollow, "dest-nofollow"),
        ]
        return all.filter { contains($0.0) }.map(\.1)
    }
}

extension MountFlags {
    /// The flags that belong to one mount; the others belong to the file system and reach every mount of it.
    static var ofOneMount: MountFlags {
        [
            .readOnly, .noSuid, .noDev, .noExec, .noAccessTime, .noDirectoryAccessTime, .relativeAccessTime, .strictAccessTime,
            .noSymFollow,
        ]
    }
}
