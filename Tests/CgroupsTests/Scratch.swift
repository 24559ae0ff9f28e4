import Foundation
import Kernel
import Planning

@testable import Cgroups

/// A folder that stands for mounted hierarchies, removed at the end. Its "cgroups" hold the files that a test puts there.
final class Scratch: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("swruntime-cgroups-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Makes an empty mount point and names the container's folder in it.
    func hierarchy(_ controllers: [String], path folder: String = "web1") throws -> CgroupDirectory {
        let mountPoint = path + "/" + controllers.joined(separator: ",")
        try FileManager.default.createDirectory(atPath: mountPoint, withIntermediateDirectories: true)
        return CgroupDirectory(controllers: controllers, mountPoint: mountPoint, path: folder)
    }

    /// Makes a file with the folders above it.
    func put(_ text: String, at file: String) throws {
        try FileManager.default.createDirectory(atPath: parent(of: file), withIntermediateDirectories: true)
        try text.write(toFile: file, atomically: false, encoding: .utf8)
    }

    func text(of file: String) throws -> String {
        try String(contentsOfFile: file, encoding: .utf8)
    }

    static func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }
}

extension CgroupDriver {
    /// Makes a cgroup with a claim that ends at once.
    func create(_ plan: CgroupPlan) throws(CgroupError) -> CreatedCgroup {
        let claim = try claimCgroup(plan.handle)
        do {
            return try create(plan, claim)
        } catch {
            claim.removeFolders()
            throw error
        }
    }
}

func write(_ controller: String, _ file: String, _ value: String, ifMissing: MissingFilePolicy = .fail) -> CgroupWrite {
    CgroupWrite(controller: controller, file: file, value: value, ifMissing: ifMissing, origin: "linux.resources.\(file)")
}

/// A cgroup of the real host, with a name that nobody else has.
struct HostCgroup {
    let facts: CgroupFacts
    let name: String

    init(_ purpose: String) throws {
        facts = try probeCgroups()
        name = "swruntime-test-\(ProcessInfo.processInfo.processIdentifier)-\(purpose)"
    }

    func plan(_ writes: [CgroupWrite] = [], below: String = "") -> CgroupPlan {
        func directory(_ hierarchy: CgroupHierarchy) -> CgroupDirectory {
            CgroupDirectory(controllers: hierarchy.controllers, mountPoint: hierarchy.mountPoint, path: name + below)
        }
        return CgroupPlan(
            handle: CgroupHandle(hierarchies: facts.hierarchies.map(directory), unified: facts.unified.map(directory)), writes: writes)
    }

    static var isUsable: Bool {
        guard geteuid() == 0, let facts = try? probeCgroups() else { return false }
        return facts.hierarchies.contains { $0.controllers.contains("freezer") } && access("/sys/fs/cgroup/freezer", W_OK) == 0
    }

    static var unified: CgroupHierarchy? { (try? probeCgroups())?.unified }

    static var isUnifiedUsable: Bool { geteuid() == 0 && unified.map { access($0.mountPoint, W_OK) == 0 } == true }
}

/// Starts a shell that moves itself into the cgroup and becomes `sleep`, or runs `script` there.
func startProcess(in entrances: [String], script: String = "exec sleep 300") throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    let moves = entrances.map { "echo 0 > '\($0)' || exit 9" }
    process.arguments = ["-c", (moves + ["echo ready", script]).joined(separator: "\n")]
    let pipe = Pipe()
    process.standardOutput = pipe
    // A process that is left over after a failure must not keep the test run's own streams open: whoever reads them would wait for it.
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The line tells that the process is where it should be: nothing to wait for by the clock.
    _ = pipe.fileHandleForReading.availableData
    return process
}
