import Kernel
import KernelABI
import Planning

/// Makes a time namespace, sets its clocks and enters it.
///
/// ORDER: the offsets can be set as long as nobody has entered the namespace (EACCES after that), so it is made by unshare(2), which puts only
/// children into it, and entered by setns(2). Before init is hidden, because its files in /proc belong to root from then on; as init itself and not by
/// the runtime, so that a new user namespace owns it and nothing has to be undone.
/// Behind a middle process init is hidden from its first moment, and stays so: its files are root's then. Shown for a moment, it could be traced by whoever
/// has the joined user namespace, while it still is a copy of the runtime (CVE-2016-9962).
/// KERNEL: 5.6. See time_namespaces(7).
func makeTimeNamespace(_ offsets: [TimeOffset], isHidden: Bool) throws(RuntimeError) {
    do {
        try Kernel.unshare(.newTime)
    } catch {
        throw RuntimeError(doing: "make a time namespace", pointer: "linux.namespaces", cause: error)
    }
    for offset in offsets {
        do {
            try Kernel.writeFile("/proc/self/timens_offsets", offset.line)
        } catch {
            let reason = error.errno == .ERANGE ? " (the clock would leave the range that the kernel allows)" : ""
            let doing = "set the clock \(offset.clock) off by \(offset.seconds) s \(offset.nanoseconds) ns\(reason)"
            let remark = isHidden && error.errno == .EACCES ? "where a user namespace is joined this takes a runtime that is root" : nil
            throw RuntimeError(doing: doing, pointer: offset.origin, cause: error, remark: remark)
        }
    }
    do throws(SyscallError) {
        let namespace = try Kernel.open("/proc/self/ns/time_for_children", [.readOnly])
        try Kernel.setNamespace(namespace, kinds: .newTime)
    } catch {
        throw RuntimeError(doing: "enter the new time namespace", pointer: "linux.namespaces", cause: error)
    }
}
