import Kernel
import KernelABI
import Planning

/// Device nodes and links.
extension RootfsBuilder {
    mutating func makeNode(_ node: DeviceNode) throws(RuntimeError) {
        if node.bindsHostNode { return try bindNode(node) }
        do throws(SyscallError) {
            let place = try Kernel.parentBeneath(root, node.path, createMissing: .worldSearchable)
            do throws(SyscallError) {
                try Kernel.makeNode(
                    place.name, at: place.directory, type: node.type, permissions: node.permissions, device: node.device)
            } catch {
                guard error.errno == .EEXIST else { throw error }
                if try isNode(node, at: place.name, in: place.directory) { return }
                guard node.ifOccupied == .replace else { throw SyscallError("mknod", "another file stands there already", .EEXIST) }
                try Kernel.unlink(place.name, at: place.directory)
                try Kernel.makeNode(
                    place.name, at: place.directory, type: node.type, permissions: node.permissions, device: node.device)
            }
            if node.uid != 0 || node.gid != 0 {
                try Kernel.changeOwner(place.name, at: place.directory, uid: node.uid, gid: node.gid)
            }
        } catch {
            throw RuntimeError(doing: "make the device \(node.path)", pointer: node.origin, cause: error)
        }
    }

    /// Whether the very device stands at a name already.
    private func isNode(_ node: DeviceNode, at name: String, in directory: borrowing FileDescriptor) throws(SyscallError) -> Bool {
        let found = try Kernel.status(name, at: directory, followSymlinks: false)
        return found.type == node.type && (node.type == .fifo || found.rdev == node.device)
    }

    private mutating func bindNode(_ node: DeviceNode) throws(RuntimeError) {
        let tree: SourceTree
        if let opened = sources.removeFirst() {
            tree = SourceTree(opened, isDetached: sourcesAreDetached, isRecursive: false)
        } else {
            tree = try sourceNode(of: node)
        }
        do {
            _ = try tree.attach(onto: file(node.path, policy: .anywhere))
        } catch {
            throw RuntimeError(doing: "bind the host's device \(node.path)", pointer: node.origin, cause: error)
        }
    }

    func sourceNode(of node: DeviceNode) throws(RuntimeError) -> SourceTree {
        do throws(SyscallError) {
            let tree = try SourceTree(node.path, isRecursive: false)
            let found = try Kernel.status(of: tree.descriptor)
            guard found.type == node.type, found.rdev == node.device else {
                throw SyscallError("open_tree", "the host has another file there", .ENODEV)
            }
            return tree
        } catch {
            throw RuntimeError(doing: "bind the host's device \(node.path)", pointer: node.origin, cause: error)
        }
    }

    func makeLink(_ link: DeviceLink) throws(RuntimeError) {
        do throws(SyscallError) {
            let place = try Kernel.parentBeneath(root, link.path, createMissing: .worldSearchable)
            do throws(SyscallError) {
                try Kernel.makeSymlink(link.target, place.name, at: place.directory)
            } catch {
                guard error.errno == .EEXIST else { throw error }
                guard link.replaces, !isLink(link, at: place.name, in: place.directory) else { return }
                try replace(at: place.name, in: place.directory, by: link)
            }
        } catch {
            throw RuntimeError(doing: "make the link \(link.path)", cause: error)
        }
    }

    /// Containers that are made at the same time may share a root: another one may be faster with each step.
    private func replace(at name: String, in directory: borrowing FileDescriptor, by link: DeviceLink) throws(SyscallError) {
        do {
            try Kernel.unlink(name, at: directory)
        } catch {
            guard error.errno == .ENOENT else { throw error }
        }
        do {
            try Kernel.makeSymlink(link.target, name, at: directory)
        } catch {
            guard error.errno == .EEXIST, isLink(link, at: name, in: directory) else { throw error }
        }
    }

    private func isLink(_ link: DeviceLink, at name: String, in directory: borrowing FileDescriptor) -> Bool {
        (try? Kernel.readLink(name, at: directory)) == link.target
    }
}
