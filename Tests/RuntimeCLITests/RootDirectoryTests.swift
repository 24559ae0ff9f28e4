import Testing

@testable import RuntimeCLI

private func user(_ id: UInt32, initial: Bool = true, folder: String?, name: String? = nil) -> UserFacts {
    UserFacts(effectiveUserID: id, isInitialUserNamespace: initial, runtimeDirectory: folder, userName: name)
}

struct RootDirectoryTests {
    private let builtIn = RootDirectory(path: "/run/swruntime", origin: .builtIn)
    private let own = RootDirectory(path: "/run/user/7/swruntime", origin: .runtimeDirectory)

    @Test func rootUsesTheBuiltInRoot() {
        #expect(defaultRoot(for: user(0, folder: nil)) == builtIn)
        #expect(defaultRoot(for: user(0, folder: "/run/user/7")) == builtIn)
    }

    @Test func anOrdinaryUserUsesTheRuntimeDirectory() {
        #expect(defaultRoot(for: user(1000, folder: "/run/user/7")) == own)
        #expect(defaultRoot(for: user(1000, folder: "/run/user/7/")) == own)
    }

    @Test func withoutARuntimeDirectoryTheBuiltInRootIsLeft() {
        #expect(defaultRoot(for: user(1000, folder: nil)) == builtIn)
        #expect(defaultRoot(for: user(1000, folder: "")) == builtIn)
    }

    @Test func rootOfAUserNamespaceUsesTheRuntimeDirectoryUnlessItIsCalledRoot() {
        #expect(defaultRoot(for: user(0, initial: false, folder: "/run/user/7", name: "web")) == own)
        #expect(defaultRoot(for: user(0, initial: false, folder: "/run/user/7", name: nil)) == own)
        #expect(defaultRoot(for: user(0, initial: false, folder: "/run/user/7", name: "root")) == builtIn)
    }

    @Test(arguments: [("/r", "/r"), ("r", "/w/r"), ("./r//s/", "/w/r/s"), ("../r", "/r"), ("/a/../r/.", "/r")])
    func aGivenRootIsMadeAbsolute(option: String, path: String) {
        #expect(givenRoot(option, currentDirectory: "/w") == RootDirectory(path: path, origin: .option))
    }

    @Test(arguments: ["/", "", "..", "../..", "/..", "//", "/a/.."])
    func theRootOfTheFileSystemIsRefused(option: String) {
        #expect(givenRoot(option, currentDirectory: "/w") == nil)
    }
}
