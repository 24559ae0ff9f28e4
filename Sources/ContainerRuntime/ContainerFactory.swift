import Kernel
import KernelABI
import OCISpec
public import Planning

/// Makes containers, finds them again, and removes them.
public struct ContainerFactory: Sendable {
    /// The folder that holds one folder a container, absolute: `/run/swruntime`.
    public let root: String
    let logger: Logger

    /// - Parameters:
    ///   - root: absolute; made with mode 0700 when the first container is.
    ///   - logger: takes warnings; errors are thrown, never logged here.
    public init(root: String, logger: Logger) {
        self.root = root
        self.logger = logger
    }

    /// Checks an id: `[A-Za-z0-9_+.-]`, 1 to 255 bytes (a file name's limit), not `.` or `..`, no leading dash.
    public static func checkID(_ id: String) throws(RuntimeError) {
        if id.isEmpty { throw RuntimeError(.invalidArgument, "container id cannot be empty") }
        let longest = 255
        guard id.utf8.count <= longest else {
            throw RuntimeError(.invalidArgument, "invalid container ID format: must be at most \(longest) bytes, is \(id.utf8.count)")
        }
        let isValid = id.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            case UInt8(ascii: "_"), UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "-"): true
            default: false
            }
        }
        guard isValid, id != ".", id != "..", id.utf8.first != UInt8(ascii: "-") else {
            throw RuntimeError(
                .invalidArgument, "invalid container ID format: \"\(id)\" (letters, digits, _ + . and -; not . or .., no leading dash)")
        }
    }

    /// The plan of a container, without touching anything: `create --dry-run`.
    public func plan(id: String, bundle: String, options: CreateOptions) throws(RuntimeError) -> ContainerPlan {
        try plan(try loadBundle(bundle, id: id), id: id, options: options)
    }

    func loadBundle(_ bundle: String, id: String) throws(RuntimeError) -> LoadedBundle {
        try ContainerFactory.checkID(id)
        return try ContainerRuntime.loadBundle(bundle)
    }

    func plan(_ loaded: LoadedBundle, id: String, options: CreateOptions) throws(RuntimeError) -> ContainerPlan {
        let host = try probeHost(for: loaded.spec, manager: options.cgroupManager)
        do {
            let valid = try validate(loaded.spec, on: host)
            return try planContainer(valid, id: id, bundle: loaded.path, options: options, on: host, syscalls: .libseccomp)
        } catch {
            throw RuntimeError(error).located(in: loaded.configBytes)
        }
    }

    /// Finds a container.
    ///
    /// - Throws: `RuntimeError` with `.notFound` and the words `container does not exist`.
    public func load(id: String) throws(RuntimeError) -> Container {
        Container(factory: self, id: id, state: try observe(id: id))
    }

    /// All containers under the root, by id. A folder that cannot be understood is a problem of its own and does not hide the others.
    public func list() throws(RuntimeError) -> (states: [ContainerState], problems: [(id: String, error: RuntimeError)]) {
        var states: [ContainerState] = []
        var problems: [(id: String, error: RuntimeError)] = []
        let ids = try ids()
        var glance = Glance(root: root)
        states.reserveCapacity(ids.count)
        for id in ids {
            if let state = glance?.observe(id: id) {
                states.append(state)
                continue
            }
            do {
                states.append(try observe(id: id))
            } catch {
                if error.kind == .notFound, StateDirectory.isPassing(root: root, id: id) { continue }
                problems.append((id, error))
            }
        }
        return (states, problems)
    }

    func ids() throws(RuntimeError) -> [String] {
        do {
            let folder = try Kernel.open(root, [.readOnly, .directory])
            return try Kernel.directoryEntries(folder).filter { $0.type == .directory }.map(\.name).sorted()
        } catch {
            throw RuntimeError(error.errno == .ENOENT ? .notFound : .system, doing: "list \(root)", cause: error)
        }
    }

    /// What a container is doing now. Takes no lock.
    func observe(id: String) throws(RuntimeError) -> ContainerState {
        try ContainerFactory.checkID(id)
        let store = try StateDirectory.open(root: root, id: id)
        let record = try ContainerRecord.read(in: store)
        let status = try record.observeStatus()
        let owner: UInt32
        do {
            owner = try Kernel.status(of: store.descriptor).uid
        } catch {
            throw RuntimeError(doing: "look at \(store.path)", cause: error)
        }
        return ContainerState(
            id: id, pid: status == .stopped ? 0 : record.process?.pid ?? 0, status: status, bundle: record.bundle, rootfs: record.rootfs,
            created: record.created, annotations: record.annotations, ownerUID: owner)
    }
}
