import Foundation
import Testing

@testable import Planning

/// A folder of spec-fixtures/mountinfo: `cgroup` and `mountinfo` as /proc/self has them, `expect` with one hierarchy a line.
struct MountinfoFixture: Sendable, CustomTestStringConvertible {
    let url: URL

    var testDescription: String { url.lastPathComponent }

    func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: url.appendingPathComponent(name))) }

    var expected: [String] {
        get throws { String(decoding: try bytes("expect"), as: UTF8.self).split(separator: "\n").map { String($0) } }
    }

    func found() throws -> [String] {
        let facts = cgroupFacts(parseCgroupMembership(try bytes("cgroup")), mounts: parseCgroupMounts(mountinfo: try bytes("mountinfo")))
        return facts.hierarchies.map { "v1 \($0.controllers.joined(separator: ",")) at \($0.mountPoint) in \($0.ownPath)" }
            + (facts.unified.map { ["v2 at \($0.mountPoint) in \($0.ownPath)"] } ?? [])
    }

    static let all = Fixture.files(in: Fixture.root.appendingPathComponent("mountinfo")).map { MountinfoFixture(url: $0) }
}

@Test(arguments: MountinfoFixture.all)
func hierarchiesAreFoundInMountinfo(_ fixture: MountinfoFixture) throws {
    #expect(try fixture.found() == fixture.expected)
}

@Test func thereAreFixturesForMountinfo() {
    #expect(MountinfoFixture.all.count >= 9)
}

@Test func membershipsAreBounded() {
    let lines = (0..<5000).map { "\($0):c\($0):/\n" }.joined()
    #expect(parseCgroupMembership([UInt8](lines.utf8)).count == 128)
}

/// Whatever a byte is changed to, the parsers answer without a trap.
@Test(arguments: MountinfoFixture.all)
func damagedTextsAreSurvived(_ fixture: MountinfoFixture) throws {
    let texts = try ["cgroup", "mountinfo"].map { try fixture.bytes($0) }
    for text in texts {
        for position in text.indices {
            for byte in [0, UInt8(ascii: "\n"), UInt8(ascii: " "), UInt8(ascii: "\\"), UInt8(ascii: ":"), 0xff] {
                var damaged = text
                damaged[position] = byte
                _ = cgroupFacts(parseCgroupMembership(damaged), mounts: parseCgroupMounts(mountinfo: damaged))
            }
            let cut = [UInt8](text[..<position])
            _ = cgroupFacts(parseCgroupMembership(cut), mounts: parseCgroupMounts(mountinfo: cut))
        }
    }
}
