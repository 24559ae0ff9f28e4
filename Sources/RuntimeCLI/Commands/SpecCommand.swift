import ContainerRuntime
import JSON
import Kernel
import KernelABI
import OCISpec

/// `spec`: writes an example config.json.
struct SpecCommand: Sendable {
    /// Where config.json goes; `nil` for the current folder.
    let bundle: String?
    /// Write a configuration that needs no root.
    let isRootless: Bool

    init(_ arguments: Arguments) {
        bundle = arguments.value(.bundle)
        isRootless = arguments.isSet(.rootlessSpec)
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let path = bundle.map { $0 + "/config.json" } ?? "config.json"
        let text = try configurationText()
        do throws(SyscallError) {
            let file = try Kernel.open(path, [.writeOnly, .create, .exclusive], mode: FileMode(rawValue: 0o644))
            try Kernel.writeAll(file, text, subject: path)
        } catch {
            if error.errno == .EEXIST { throw RuntimeError(.exists, "File config.json exists. Remove it first") }
            throw RuntimeError(doing: "write \(path)", cause: error)
        }
    }

    private func configurationText() throws(RuntimeError) -> [UInt8] {
        // Where /sys/fs/cgroup cannot be asked, the namespace is left out: the configuration then runs on every host.
        let isCgroupV2 = (try? Kernel.filesystemMagic(at: "/sys/fs/cgroup")) == .cgroup2
        let ids = isRootless ? (uid: Kernel.effectiveUserID(), gid: Kernel.effectiveGroupID()) : nil
        do {
            return try JSON.encode(Spec.example(cgroupNamespace: isCgroupV2, rootless: ids), indentation: .tab)
        } catch {
            throw RuntimeError(error)
        }
    }
}
