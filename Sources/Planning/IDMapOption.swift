import KernelABI
import OCISpec

/// The option `idmap` or `ridmap`.
struct IDMapOption: Hashable {
    /// `ridmap`: the mounts below are mapped too.
    var isRecursive: Bool
    /// What stands behind the equals sign, as crun has it: `uids=0-1000-10#10-5000-1;gids=@0-0-10`.
    var ids: String?

    init(isRecursive: Bool, ids: String?) {
        self.isRecursive = isRecursive
        self.ids = ids
    }

    /// Reads a word with an equals sign; `nil` if it is another option.
    init?(_ word: String) {
        let bytes = word.utf8
        // Nearly every word with an equals sign is an option of a file system.
        guard bytes.first == UInt8(ascii: "i") || bytes.first == UInt8(ascii: "r") else { return nil }
        for (name, isRecursive) in [("idmap=", false), ("ridmap=", true)] where bytes.starts(with: name.utf8) {
            self.init(isRecursive: isRecursive, ids: String(Substring(bytes.dropFirst(name.utf8.count))))
            return
        }
        return nil
    }
}

/// The ids of `idmap=…`: ranges of file system id, id outside and count, `uids=0-1000-10#10-5000-1;gids=0-1000-10`.
///
/// Behind an `@` the second number is an id in the container, and translated by the container's own id map. The form is crun's, see crun(1), "idmap
/// mount options"; there one of the two lists may be missing, which leaves the other kind of owner without a map.
struct InlineIDMap: Hashable {
    private(set) var uids: [LinuxIDMapping] = []
    private(set) var gids: [LinuxIDMapping] = []

    /// Reads the text; the error is the rule that it breaks.
    ///
    /// - Parameter linux: where the container's own id maps stand.
    init(_ text: String, in linux: Linux?) throws(InlineIDMapProblem) {
        for part in text.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 2, omittingEmptySubsequences: false) {
            if part.starts(with: "uids=".utf8), uids.isEmpty {
                uids = try InlineIDMap.ranges(part.dropFirst(5), within: linux?.uidMappings, "linux.uidMappings")
            } else if part.starts(with: "gids=".utf8), gids.isEmpty {
                gids = try InlineIDMap.ranges(part.dropFirst(5), within: linux?.gidMappings, "linux.gidMappings")
            } else {
                throw InlineIDMapProblem(rule: InlineIDMap.form)
            }
        }
        if uids.isEmpty || gids.isEmpty { throw InlineIDMapProblem(rule: InlineIDMap.form) }
    }

    private static var form: String { "must be uids=FIRST-OUTSIDE-COUNT#…;gids=…" }

    private static func ranges(
        _ list: Substring.UTF8View.SubSequence, within own: [LinuxIDMapping]?, _ ownName: String
    ) throws(InlineIDMapProblem) -> [LinuxIDMapping] {
        var ranges: [LinuxIDMapping] = []
        // As many as the kernel takes, and one that is refused later by `checkIDMap`; so the search for each stays short, too.
        let texts = list.split(separator: UInt8(ascii: "#"), maxSplits: mostMappings + 1, omittingEmptySubsequences: false)
        for text in texts.prefix(mostMappings + 1) {
            let isRelative = text.first == UInt8(ascii: "@")
            let numbers = (isRelative ? text.dropFirst() : text)
                .split(separator: UInt8(ascii: "-"), maxSplits: 3, omittingEmptySubsequences: false)
            guard numbers.count == 3, let first = number(numbers[0]), let outside = number(numbers[1]), let size = number(numbers[2]) else {
                throw InlineIDMapProblem(rule: form)
            }
            var range = LinuxIDMapping(containerID: first, hostID: outside, size: size)
            if isRelative { range.hostID = try translated(range, by: own ?? [], ownName) }
            ranges.append(range)
        }
        return ranges
    }

    private static func number(_ digits: Substring.UTF8View.SubSequence) -> UInt32? {
        digits.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") } ? UInt32(String(Substring(digits))) : nil
    }

    /// The id outside of the container that the range's second number stands for.
    private static func translated(
        _ range: LinuxIDMapping, by own: [LinuxIDMapping], _ ownName: String
    ) throws(InlineIDMapProblem) -> UInt32 {
        let first = UInt64(range.hostID)
        let end = first + UInt64(range.size)
        for entry in own where UInt64(entry.containerID) <= first && end <= UInt64(entry.containerID) + UInt64(entry.size) {
            let outside = UInt64(entry.hostID) + first - UInt64(entry.containerID)
            if let id = UInt32(exactly: outside) { return id }
        }
        throw InlineIDMapProblem(rule: "must lie in one entry of \(ownName) where it begins with @")
    }
}

/// The rule that the text of an `idmap=…` breaks.
struct InlineIDMapProblem: Error, Hashable {
    var rule: String
}
