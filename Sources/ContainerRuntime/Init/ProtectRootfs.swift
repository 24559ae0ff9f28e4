import Kernel
import KernelABI
import Planning

/// Masked and read-only paths.
extension RootfsBuilder {
    /// Read-only and masked paths, and at last the root itself. After this nothing can be made beneath the root.
    mutating func protect() throws(RuntimeError) {
        while let mount = delayedReadOnly.removeLast() {
            do {
                try changeMount(mount, set: .readOnly, clear: [])
            } catch {
                throw RuntimeError(doing: "make a mount read-only", pointer: "mounts", cause: error)
            }
        }
        var masks = Masks(label: plan.mountLabel)
        for step in plan.protections {
            switch step {
            case .makeReadOnly(let path, let origin): try makeReadOnly(path, origin: origin)
            case .mask(let path, let origin): try mask(path, origin: origin, with: &masks)
            }
        }
        guard plan.isReadOnly else { return }
        do {
            try changeMount(root, set: .readOnly, clear: [])
        } catch {
            throw RuntimeError(doing: "make the root read-only", pointer: "root.readonly", cause: error)
        }
    }

    private func makeReadOnly(_ path: String, origin: String) throws(RuntimeError) {
        do {
            let target = try Kernel.openBeneath(root, path, [.path])
            var tree = try SourceTree(at: target, isRecursive: true)
            try tree.change(set: .readOnly, clear: [])
            _ = try attach(tree, at: path, onto: target)
        } catch {
            if error.errno == .ENOENT || error.errno == .ENOTDIR { return }
            throw RuntimeError(doing: "make \(path) read-only", pointer: origin, cause: error)
        }
    }

    private func mask(_ path: String, origin: String, with masks: inout Masks) throws(RuntimeError) {
        do {
            let target = try Kernel.openBeneath(root, path, [.path])
            if try Kernel.status(of: target).type == .directory {
                try masks.coverFolder(target)
            } else {
                try masks.coverFile(target)
            }
        } catch {
            if error.errno == .ENOENT || error.errno == .ENOTDIR { return }
            throw RuntimeError(doing: "mask \(path)", pointer: origin, cause: error)
        }
    }
}

/// What is put over masked paths. It comes from the runtime's own mount namespace, never from the container's /dev (CVE-2025-31133).
private struct Masks: ~Copyable {
    private var null: FileDescriptor?
    /// The first empty folder; the others are clones of it.
    private var empty: FileDescriptor?
    /// The SELinux label of empty folders.
    private let label: String?

    init(label: String?) {
        self.label = label
        null = nil
        empty = nil
    }

    mutating func coverFile(_ target: borrowing FileDescriptor) throws(SyscallError) {
        if null.number == nil {
            let device = try Kernel.open("/dev/null", [.path, .noFollow])
            let status = try Kernel.status(of: device)
            guard status.type == .characterDevice, status.rdev == DeviceNumber(major: 1, minor: 3) else {
                throw SyscallError("open", "/dev/null is not the null device", .ENODEV)
            }
            null = consume device
        }
        try cover(target, with: null)
    }

    mutating func coverFolder(_ target: borrowing FileDescriptor) throws(SyscallError) {
        if empty.number != nil { return try cover(target, with: empty) }
        do {
            let filesystem = try Kernel.openFilesystem("tmpfs")
            try Kernel.configure(filesystem, "mode", "555")
            if let label { try Kernel.configure(filesystem, "context", label) }
            try Kernel.createFilesystem(filesystem)
            let mount = try Kernel.mountFilesystem(filesystem, attributes: [.readOnly, .noSuid, .noDev, .noExec])
            try Kernel.moveMount(mount, onto: target)
            empty = consume mount
        } catch {
            guard error.isRefusalToConfigure else { throw error }
            try Kernel.mount(
                source: nil, at: target.pathForMount, type: "tmpfs", flags: [.readOnly, .noSuid, .noDev, .noExec],
                data: label.map { "mode=555,context=\"\($0)\"" } ?? "mode=555")
        }
    }

    private func cover(_ target: borrowing FileDescriptor, with source: borrowing FileDescriptor?) throws(SyscallError) {
        switch source {
        case .some(let place): _ = try SourceTree(at: place, isRecursive: false).attach(onto: target)
        case .none: return
        }
    }
}
