import Kernel
import KernelABI
public import Planning

/// How many processes of the container the kernel has killed because its memory limit was reached; 0 where that cannot be told.
///
/// For the message about an init that was killed: asked before the cgroup is removed, and only then.
///
/// KERNEL: in memory.oom_control of cgroup v1 since 4.13, in memory.events of v2 since 4.13.
public func outOfMemoryKills(in handle: CgroupHandle) -> UInt64 {
    var file = handle.unified.map { $0.absolutePath + "/memory.events" }
    for directory in handle.hierarchies where directory.controllers.contains("memory") {
        file = directory.absolutePath + "/memory.oom_control"
    }
    guard let file, let text = try? value(of: file) else { return 0 }
    let key = "oom_kill ".utf8
    for line in text.utf8.split(separator: UInt8(ascii: "\n")) where line.starts(with: key) {
        return UInt64(Substring(line.dropFirst(key.count))) ?? 0
    }
    return 0
}
