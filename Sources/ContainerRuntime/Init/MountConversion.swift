import KernelABI
import Planning

extension MountFlags {
    /// The mount attributes that these flags set, and the mask that has to be cleared with them: access time is a number, not a bit.
    var attributes: (set: MountAttributes, clear: MountAttributes) {
        var set: MountAttributes = []
        if contains(.readOnly) { set.insert(.readOnly) }
        if contains(.noSuid) { set.insert(.noSuid) }
        if contains(.noDev) { set.insert(.noDev) }
        if contains(.noExec) { set.insert(.noExec) }
        if contains(.noSymFollow) { set.insert(.noSymFollow) }
        if contains(.noDirectoryAccessTime) { set.insert(.noDirectoryAccessTime) }
        if contains(.noAccessTime) { set.insert(.noAccessTime) } else if contains(.strictAccessTime) { set.insert(.strictAccessTime) }
        let hasAccessTime = !isDisjoint(with: [.noAccessTime, .strictAccessTime, .relativeAccessTime])
        return (set, hasAccessTime ? .accessTimeMask : [])
    }

    /// The mount attributes that the opposites of these flags take away (`rw`, `exec`, `atime`, …).
    var attributesToClear: MountAttributes {
        var clear: MountAttributes = []
        if contains(.readOnly) { clear.insert(.readOnly) }
        if contains(.noSuid) { clear.insert(.noSuid) }
        if contains(.noDev) { clear.insert(.noDev) }
        if contains(.noExec) { clear.insert(.noExec) }
        if contains(.noSymFollow) { clear.insert(.noSymFollow) }
        if contains(.noDirectoryAccessTime) { clear.insert(.noDirectoryAccessTime) }
        if !isDisjoint(with: [.noAccessTime, .strictAccessTime, .relativeAccessTime]) { clear.formUnion(.accessTimeMask) }
        return clear
    }

    /// The words of fsconfig(2) that set those of these flags that belong to the file system. It has none for `iversion` and `silent`.
    var filesystemWords: [String] {
        var words: [String] = []
        if contains(.readOnly) { words.append("ro") }
        if contains(.synchronous) { words.append("sync") }
        if contains(.dirSync) { words.append("dirsync") }
        if contains(.lazyTime) { words.append("lazytime") }
        if contains(.mandatoryLock) { words.append("mand") }
        return words
    }

    /// The words of fsconfig(2) that take them away.
    var filesystemWordsToClear: [String] {
        var words: [String] = []
        if contains(.readOnly) { words.append("rw") }
        if contains(.synchronous) { words.append("async") }
        if contains(.lazyTime) { words.append("nolazytime") }
        if contains(.mandatoryLock) { words.append("nomand") }
        return words
    }
}

extension MountChange {
    /// What mount_setattr(2) is asked to set and to clear.
    var attributes: (set: MountAttributes, clear: MountAttributes) {
        let added = set.attributes
        return (added.set, added.clear.union(clear.attributesToClear))
    }
}

extension MountLabel {
    /// The value of the option `context`.
    var context: String? {
        if case .option(let label) = self { label } else { nil }
    }
}

extension MountAttributes {
    /// The flags of mount(2) that stand for exactly these attributes. How access times are kept is always among them.
    var flags: MountFlags {
        var flags: MountFlags = []
        if contains(.readOnly) { flags.insert(.readOnly) }
        if contains(.noSuid) { flags.insert(.noSuid) }
        if contains(.noDev) { flags.insert(.noDev) }
        if contains(.noExec) { flags.insert(.noExec) }
        if contains(.noSymFollow) { flags.insert(.noSymFollow) }
        if contains(.noDirectoryAccessTime) { flags.insert(.noDirectoryAccessTime) }
        if contains(.noAccessTime) { return flags.union(.noAccessTime) }
        return flags.union(contains(.strictAccessTime) ? .strictAccessTime : .relativeAccessTime)
    }

    /// The attributes after a change, as mount_setattr(2) makes it.
    func changed(set: MountAttributes, clear: MountAttributes) -> MountAttributes {
        let cleared = set.isDisjoint(with: .accessTimeMask) ? clear : clear.union(.accessTimeMask)
        return subtracting(cleared).union(set)
    }
}
