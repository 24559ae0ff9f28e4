import Kernel
import KernelABI
import Planning

/// systemd as it is reached over D-Bus: starts, changes and stops units.
///
/// See org.freedesktop.systemd1(5).
struct SystemdManager: ~Copyable {
    private var connection: BusConnection

    /// Connects to the system's systemd, or to that of the user.
    ///
    /// The system's is reached over the system bus, as runc and crun do, or where that is not there over systemd's own socket, which only root may
    /// use; the user's over the bus of the session.
    init(isUser: Bool) throws(CgroupError) {
        let booted = "/run/systemd/system"
        if (try? Kernel.status(booted, followSymlinks: false)) == nil { throw .noSystemd("\(booted) is not there") }
        let found = isUser ? try connectToUser() : try connectToSystem()
        let isBus = found.isBus
        try self.init(found.keepSocket(), isBus: isBus, timeoutMilliseconds: patienceMilliseconds)
    }

    /// Talks to systemd on a connected socket.
    ///
    /// - Parameter isBus: whether there is a bus between, and not systemd itself.
    init(_ socket: consuming FileDescriptor, isBus: Bool, timeoutMilliseconds: Int) throws(CgroupError) {
        connection = try greeted(socket, isBus: isBus, timeoutMilliseconds: timeoutMilliseconds)
    }

    /// What has to be known before a unit can be planned.
    mutating func facts(isUser: Bool) throws(CgroupError) -> SystemdFacts {
        let version = try startProperty("Version")
        let group = try startProperty("ControlGroup")
        return SystemdFacts(
            version: majorVersion(try property(version)), controlGroup: try property(group), isUser: isUser)
    }

    mutating func version() throws(CgroupError) -> Int {
        majorVersion(try property(try startProperty("Version")))
    }

    /// Starts a unit that lasts until it is stopped or its last process ends, and waits until it runs.
    ///
    /// One of that name that has failed is in the way until it is reset: that is tried once.
    mutating func startTransientUnit(_ name: String, _ properties: [UnitProperty]) throws(CgroupError) {
        let arguments: [BusValue] = [.string(name), .string("replace"), list(properties), .array(element: "(sa(sv))", [])]
        try watchJobs()
        let reply: BusMessage
        do {
            reply = try callManager("StartTransientUnit", arguments)
        } catch {
            guard error.busName == "org.freedesktop.systemd1.UnitExists" else { throw error }
            try resetFailedUnit(name)
            reply = try callManager("StartTransientUnit", arguments)
        }
        let result = try awaitJob(reply)
        guard result == "done" else {
            try? resetFailedUnit(name)
            throw .bus(name: "", text: "the result of its job is \(result), not done")
        }
    }

    /// Changes properties of a running unit, until it is stopped.
    mutating func setUnitProperties(_ name: String, _ properties: [UnitProperty]) throws(CgroupError) {
        _ = try callManager("SetUnitProperties", [.string(name), .boolean(true), list(properties)])
    }

    /// Stops a unit, waits for it, and has systemd forget that it failed. One that is gone is fine.
    mutating func stopUnit(_ name: String) throws(CgroupError) {
        try watchJobs()
        do {
            let reply = try callManager("StopUnit", [.string(name), .string("replace")])
            _ = try awaitJob(reply)
        } catch {
            guard error.isUnitGone else { throw error }
        }
        try resetFailedUnit(name)
    }

    private mutating func resetFailedUnit(_ name: String) throws(CgroupError) {
        do {
            _ = try callManager("ResetFailedUnit", [.string(name)])
        } catch {
            guard error.isUnitGone else { throw error }
        }
    }

    // MARK: Jobs

    /// Has the bus hand on which jobs are done. Without a bus systemd tells everything to everybody.
    private mutating func watchJobs() throws(CgroupError) {
        guard connection.isBus else { return }
        let rule = "type='signal',sender='\(managerName)',path='\(managerPath)',interface='\(managerInterface)',member='JobRemoved'"
        _ = try connection.start("AddMatch", of: busName, at: busPath, of: busName, [.string(rule)])
    }

    /// Waits for the end of the job that the answer names.
    ///
    /// - Returns: `done`, or how it went wrong: `failed`, `timeout`, `canceled`, `dependency`, `skipped`.
    private mutating func awaitJob(_ reply: BusMessage) throws(CgroupError) -> String {
        guard case .objectPath(let job)? = try values(of: reply).first else { throw .bus(name: "", text: "the answer names no job") }
        while true {
            let signal = try connection.nextSignal()
            guard signal.member == "JobRemoved", signal.interface == managerInterface, signal.sender == reply.sender else { continue }
            let values = try values(of: signal)
            guard values.count == 4, values[1] == .objectPath(job), case .string(let result) = values[3] else { continue }
            return result
        }
    }

    // MARK: Calls

    private mutating func callManager(_ member: String, _ arguments: [BusValue]) throws(CgroupError) -> BusMessage {
        try connection.call(member, of: managerInterface, at: managerPath, of: managerName, arguments)
    }

    private mutating func startProperty(_ name: String) throws(CgroupError) -> UInt32 {
        try connection.start(
            "Get", of: "org.freedesktop.DBus.Properties", at: managerPath, of: managerName,
            [.string(managerInterface), .string(name)])
    }

    private mutating func property(_ serial: UInt32) throws(CgroupError) -> String {
        let reply = try connection.answer(to: serial)
        guard case .variant(.string(let text))? = try values(of: reply).first else {
            throw .bus(name: "", text: "a property of systemd's manager is no text")
        }
        return text
    }

    private func values(of message: BusMessage) throws(CgroupError) -> [BusValue] {
        do { return try message.values() } catch { throw .bus(name: "", text: "the answer is \(error)") }
    }
}

/// A bus wants a greeting before anything else, and gives the connection its name.
private func greeted(
    _ socket: consuming FileDescriptor, isBus: Bool, timeoutMilliseconds: Int
) throws(CgroupError) -> BusConnection {
    var connection = try BusConnection(socket, isBus: isBus, timeoutMilliseconds: timeoutMilliseconds)
    if isBus { _ = try connection.call("Hello", of: busName, at: busPath, of: busName) }
    return connection
}

/// How long one command waits for systemd, in all: as runc does.
private let patienceMilliseconds = 30_000

private let busName = "org.freedesktop.DBus"
private let busPath = "/org/freedesktop/DBus"
private let managerName = "org.freedesktop.systemd1"
private let managerPath = "/org/freedesktop/systemd1"
private let managerInterface = "org.freedesktop.systemd1.Manager"

private func list(_ properties: [UnitProperty]) -> BusValue {
    .array(element: "(sv)", properties.map { .structure([.string($0.name), .variant($0.value)]) })
}

/// The first number of a version such as `252.39-1~deb12u1` or `v257-rc1`; 0 where there is none.
private func majorVersion(_ text: String) -> Int {
    let digits = text.utf8.drop { !isDigit($0) }.prefix { isDigit($0) }
    return Int(String(Substring(digits))) ?? 0
}

private func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

// MARK: Sockets

private struct FoundSocket: ~Copyable {
    let socket: FileDescriptor
    let isBus: Bool

    consuming func keepSocket() -> FileDescriptor { socket }
}

private let sendSeconds = 30

private func connectToSystem() throws(CgroupError) -> FoundSocket {
    let bus = "/run/dbus/system_bus_socket"
    do {
        return FoundSocket(socket: try Kernel.connectStream(bus, timeoutSeconds: sendSeconds), isBus: true)
    } catch {
        let own = "/run/systemd/private"
        if let socket = try? Kernel.connectStream(own, timeoutSeconds: sendSeconds) { return FoundSocket(socket: socket, isBus: false) }
        throw .system(error)
    }
}

private func connectToUser() throws(CgroupError) -> FoundSocket {
    var addresses = busAddresses(Kernel.environmentVariable("DBUS_SESSION_BUS_ADDRESS") ?? "")
    if addresses.isEmpty, let folder = Kernel.environmentVariable("XDG_RUNTIME_DIR"), !folder.isEmpty {
        addresses.append(.path(folder + "/bus"))
    }
    guard !addresses.isEmpty else {
        throw .noSystemd("no bus of the user: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set")
    }
    var failure: SyscallError?
    for address in addresses {
        do {
            switch address {
            case .path(let path):
                return FoundSocket(socket: try Kernel.connectStream(path, timeoutSeconds: sendSeconds), isBus: true)
            case .abstract(let name):
                return FoundSocket(socket: try Kernel.connectAbstractStream(name, timeoutSeconds: sendSeconds), isBus: true)
            }
        } catch {
            failure = failure ?? error
        }
    }
    throw .system(failure ?? SyscallError("connect", "", .ENOENT))
}
