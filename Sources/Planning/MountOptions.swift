import KernelABI

/// What the words of `mounts[].options` ask for.
///
/// Of two words that contradict each other the last one counts. See runtime-spec, config, "Linux mount options"; mount(8), "FILESYSTEM-INDEPENDENT
/// MOUNT OPTIONS".
struct MountOptions: Hashable {
    /// Flags to switch on.
    var set: MountFlags = []
    /// Flags that a word takes away by name (`rw`, `exec`, `atime`), which matters where a mount already has some: bind and remount.
    var clear: MountFlags = []
    /// Propagation words, in order.
    var propagation: [MountFlags] = []
    /// The place in the list of the first word for a propagation other than private.
    var firstNotPrivate: Int?
    /// Words that are no flags, for the file system itself.
    var parameters: [String] = []
    /// `bind` or `rbind`.
    var isBind = false
    /// `rbind`.
    var isRecursive = false
    /// `remount`.
    var isRemount = false
    /// The place in the list of the first word that is known, but not built yet.
    var firstUnsupported: Int?
    /// The place in the list of the first `idmap` or `ridmap`.
    var firstIDMap: Int?

    init(_ words: [String]) {
        for (index, word) in words.enumerated() { add(word, at: index) }
    }

    private mutating func add(_ word: String, at index: Int) {
        if word.utf8.contains(UInt8(ascii: "=")) {
            parameters.append(word)
            return
        }
        // The usual words first: the cases are compared one by one.
        switch word {
        case "nosuid": on(.noSuid)
        case "noexec": on(.noExec)
        case "nodev": on(.noDev)
        case "ro": on(.readOnly)
        case "bind": isBind = true
        case "rbind": (isBind, isRecursive) = (true, true)
        case "rprivate": propagation.append([.private, .recursive])
        case "relatime": accessTimes(.relativeAccessTime)
        case "strictatime": accessTimes(.strictAccessTime)
        case "noatime": accessTimes(.noAccessTime)
        case "atime": off(.noAccessTime)
        case "norelatime": off(.relativeAccessTime)
        case "nostrictatime": off(.strictAccessTime)
        case "rw": off(.readOnly)
        case "suid": off(.noSuid)
        case "exec": off(.noExec)
        case "dev": off(.noDev)
        case "nodiratime": on(.noDirectoryAccessTime)
        case "diratime": off(.noDirectoryAccessTime)
        case "nosymfollow": on(.noSymFollow)
        case "symfollow": off(.noSymFollow)
        case "sync": on(.synchronous)
        case "async": off(.synchronous)
        case "dirsync": on(.dirSync)
        case "lazytime": on(.lazyTime)
        case "nolazytime": off(.lazyTime)
        case "iversion": on(.iVersion)
        case "noiversion": off(.iVersion)
        case "mand": on(.mandatoryLock)
        case "nomand": off(.mandatoryLock)
        case "silent": on(.silent)
        case "loud": off(.silent)
        case "defaults", "": break
        case "remount": isRemount = true
        case "private": propagation.append(.private)
        case "shared": propagate(.shared, at: index)
        case "slave": propagate(.slave, at: index)
        case "unbindable": propagate(.unbindable, at: index)
        case "rshared": propagate([.shared, .recursive], at: index)
        case "rslave": propagate([.slave, .recursive], at: index)
        case "runbindable": propagate([.unbindable, .recursive], at: index)
        case "idmap", "ridmap":
            firstIDMap = firstIDMap ?? index
            firstUnsupported = firstUnsupported ?? index
        case "rro", "rrw", "rsuid", "rnosuid", "rdev", "rnodev", "rexec", "rnoexec", "ratime", "rnoatime", "rdiratime", "rnodiratime",
            "rrelatime", "rnorelatime", "rstrictatime", "rnostrictatime", "rsymfollow", "rnosymfollow", "tmpcopyup":
            firstUnsupported = firstUnsupported ?? index
        default: parameters.append(word)
        }
    }

    private mutating func propagate(_ word: MountFlags, at index: Int) {
        propagation.append(word)
        firstNotPrivate = firstNotPrivate ?? index
    }

    private mutating func on(_ flag: MountFlags) {
        set.insert(flag)
        clear.remove(flag)
    }

    private mutating func off(_ flag: MountFlags) {
        set.remove(flag)
        clear.insert(flag)
    }

    /// One way of keeping access times, which rules out the other two.
    private mutating func accessTimes(_ flag: MountFlags) {
        set.subtract([.relativeAccessTime, .strictAccessTime, .noAccessTime])
        on(flag)
    }

    /// Every word that is a flag, for suggestions.
    static var words: [String] {
        [
            "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "idmap", "iversion", "lazytime", "loud", "mand",
            "noatime", "nodev", "nodiratime", "noexec", "noiversion", "nolazytime", "nomand", "norelatime", "nostrictatime", "nosuid",
            "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "remount", "rexec", "ridmap", "rnoatime",
            "rnodev",
            "rnodiratime", "rnoexec", "rnorelatime", "rnostrictatime", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro",
            "rrw",
            "rshared", "rslave", "rstrictatime", "rsuid", "rsymfollow", "runbindable", "rw", "shared", "silent", "slave", "strictatime",
            "suid",
            "symfollow", "sync", "tmpcopyup", "unbindable",
        ]
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
