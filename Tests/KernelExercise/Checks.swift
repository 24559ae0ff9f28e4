import Kernel
import KernelABI

/// Says why and ends the exercise.
func fail(_ reason: String) -> Never {
    try? writeAll(2, Array((reason + "\n").utf8), subject: "stderr")
    exitNow(1)
}

func expect(_ holds: Bool, _ what: String, line: Int = #line) {
    if !holds { fail("line \(line): \(what)") }
}

func expectEqual<Value: Equatable>(_ value: Value, _ expected: Value, _ what: String, line: Int = #line) {
    if value != expected { fail("line \(line): \(what) is \(value) and not \(expected)") }
}

func expectFailure(_ errno: Errno, _ what: String, line: Int = #line, _ call: () throws(SyscallError) -> Void) {
    do {
        try call()
    } catch {
        return expectEqual(error.errno, errno, what, line: line)
    }
    fail("line \(line): \(what) did not fail")
}

/// Runs `body` in a child made by `make` and returns how the child ended.
func inChild(
    _ flags: CloneFlags = [], by make: (CloneArguments) throws(SyscallError) -> CloneOutcome = Kernel.clone, _ body: () throws -> Int32
) throws -> WaitStatus {
    switch try make(CloneArguments(flags: flags)) {
    case .parent(let child): return try wait(child.pidfd)
    case .child:
        do {
            exitNow(try body())
        } catch {
            fail("child: \(error)")
        }
    }
}

/// A mount namespace of its own, from which nothing travels back, and a tmpfs to work in.
func privateScratch() throws -> String {
    try unshare(.newMount)
    try setMountAttributes(at: "/", propagation: .private, recursive: true)
    try mount(source: "scratch", at: "/tmp", type: "tmpfs", flags: [], data: nil)
    return "/tmp"
}

func text(_ path: String) throws -> String {
    String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
}

/// The value of a line of /proc/self/status, such as `CapEff`.
func statusLine(_ name: String) throws -> String {
    for line in try text("/proc/self/status").split(separator: "\n") where line.hasPrefix(name + ":") {
        return String(line.dropFirst(name.count + 1).drop { $0 == "\t" || $0 == " " })
    }
    fail("no line \(name)")
}
