import Testing

@testable import Planning

@Suite struct TextTests {
    @Test(arguments: [
        ("/", "/"), ("/a", "/a"), ("/a/b.c/..d", "/a/b.c/..d"), ("/a/", "/a"), ("//a", "/a"), ("/a//b", "/a/b"), ("/a/./b", "/a/b"),
        ("/a/../b", "/b"), ("/a/..", "/"), ("/..", "/"), ("/../../etc", "/etc"), ("a/b", "/a/b"), ("../a", "/a"), ("", "/"), (".", "/"),
        ("./rootfs", "/rootfs"), ("/...", "/..."), ("/a/b/../../c/.", "/c"),
    ])
    func aPathIsCleanedWithoutEverLeavingTheRoot(_ path: String, _ cleaned: String) {
        #expect(cleanPath(path) == cleaned)
    }

    @Test(arguments: [("/proc/a", true), ("/proc", false), ("/process", false), ("/proc/", false), ("/pro", false), ("/a/proc/b", false)])
    func onlyALongerPathBehindASlashLiesBelow(_ path: String, _ expected: Bool) {
        #expect(lies(path, strictlyBelow: "/proc") == expected)
    }

    @Test func aKeyWithOtherLettersStandsInBrackets() {
        #expect(path("linux.sysctl", "net.ipv4.ip_forward") == "linux.sysctl[\"net.ipv4.ip_forward\"]")
        #expect(path("annotations", "") == "annotations[\"\"]")
        #expect(path("linux.rdma", "mlx5_0") == "linux.rdma.mlx5_0")
    }

    @Test func aNearWordIsSuggestedAndAFarOneIsNot() {
        #expect(suggestion(for: "nosiud", among: MountOptions.words) == ", did you mean \"nosuid\"?")
        #expect(suggestion(for: "mode=755", among: MountOptions.words) == "")
    }
}
