public import KernelABI

/// Reads the text of /proc/pid/uid_map or gid_map: one range a line, three numbers each; `nil` if it is no such text.
public func parseIDMap(_ text: [UInt8]) -> [IDMapping]? {
    var map: [IDMapping] = []
    for line in text.split(separator: UInt8(ascii: "\n")) {
        let numbers = line.split(separator: UInt8(ascii: " ")).map { UInt32(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 3, let containerID = numbers[0], let hostID = numbers[1], let size = numbers[2] else { return nil }
        map.append(IDMapping(containerID: containerID, hostID: hostID, size: size))
    }
    return map
}

/// Whether two lists of ranges map the same ids to the same ids, however they cut them up: the kernel sorts long lists, and people split ranges.
public func mapsAlike(_ one: [IDMapping], _ other: [IDMapping]) -> Bool {
    merged(one) == merged(other)
}

/// The ranges in ascending order, those that continue each other as one.
private func merged(_ map: [IDMapping]) -> [IDMapping] {
    var result: [IDMapping] = []
    for range in map.sorted(by: { $0.containerID < $1.containerID }) {
        guard let last = result.last, last.continues(in: range) else {
            result.append(range)
            continue
        }
        result[result.count - 1].size = last.size + range.size
    }
    return result
}

extension IDMapping {
    /// Whether `next` begins where this range ends, inside and outside. The sum of both sizes is then an id, or one more at most.
    fileprivate func continues(in next: IDMapping) -> Bool {
        UInt64(containerID) + UInt64(size) == UInt64(next.containerID) && UInt64(hostID) + UInt64(size) == UInt64(next.hostID)
            && UInt64(size) + UInt64(next.size) <= UInt64(UInt32.max)
    }
}

/// The text for /proc/pid/uid_map or gid_map: one range a line, as user_namespaces(7) has it.
public func idMapText(_ map: [IDMapping]) -> String {
    var text = ""
    for range in map { text += range.line + "\n" }
    return text
}
