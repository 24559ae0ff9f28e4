import Foundation
import Kernel
import KernelABI

/// A folder of its own for one test, removed with everything in it.
struct Scratch: ~Copyable {
    let path: String
    let directory: FileDescriptor

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("kernel-tests-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        directory = try Kernel.open(path, [.path, .directory])
    }

    func write(_ name: String, _ text: String) throws {
        try text.write(toFile: path + "/" + name, atomically: false, encoding: .utf8)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    func makeDirectory(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
    }

    func link(_ name: String, to target: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target)
    }

    func names(in name: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + name).sorted()
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

/// Which errno a call fails with; `nil` if it succeeds.
func errno(of call: () throws(SyscallError) -> Void) -> Errno? {
    do {
        try call()
        return nil
    } catch {
        return error.errno
    }
}

/// Why a test of root's calls does not run.
let isRoot = Kernel.effectiveUserID() == 0
