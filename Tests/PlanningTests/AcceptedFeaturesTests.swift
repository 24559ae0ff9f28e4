import OCISpec
import Planning
import Testing

/// What `features` lists is accepted as it would be written in a config.json (checklist F03).
@Suite struct AcceptedFeaturesTests {
    private let features = acceptedFeatures(syscalls: .complete)

    /// The configuration as text, so that the words pass through the reader too.
    private func expectAccepted(_ part: String, process: String = "", mounts: String = "[]", namespaces: String = "", _ word: String) throws
    {
        let text = """
            {"ociVersion": "1.3.0", "root": {"path": "r"}, "process": {"cwd": "/", "args": ["true"]\(process)}, "mounts": \(mounts),
            "linux": {"namespaces": [{"type": "mount"}\(namespaces)]\(part)}}
            """
        let errors = examine(configJSON: Array(text.utf8), syscalls: .complete).findings.filter { $0.severity != .note }
        #expect(errors == [], "\(word)")
    }

    @Test func theVersionsAreAccepted() throws {
        for version in [features.ociVersionMin, features.ociVersionMax] {
            #expect(SpecVersion(parsing: version)?.isSupported == true)
        }
    }

    @Test func everyHookIsAccepted() throws {
        #expect(features.hooks == ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"])
        for hook in features.hooks ?? [] {
            let text =
                #"{"ociVersion": "1.3.0", "root": {"path": "r"}, "process": {"cwd": "/", "args": ["a"]}, "hooks": {""#
                + hook + #"": [{"path": "/h"}]}, "linux": {"namespaces": [{"type": "mount"}]}}"#
            #expect(examine(configJSON: Array(text.utf8), syscalls: .complete).findings == [])
        }
    }

    @Test func everyNamespaceIsAccepted() throws {
        let names = try #require(features.linux?.namespaces)
        #expect(Set(names).isSuperset(of: ["cgroup", "ipc", "mount", "network", "pid", "user", "uts"]))
        #expect(names == names.sorted())
        let maps =
            #", "uidMappings": [{"containerID": 0, "hostID": 0, "size": 1}], "gidMappings": [{"containerID": 0, "hostID": 0, "size": 1}]"#
        for name in names where name != "mount" {
            try expectAccepted(name == "user" ? maps : "", namespaces: ", {\"type\": \"\(name)\"}", name)
        }
    }

    @Test func everyCapabilityIsAccepted() throws {
        let names = try #require(features.linux?.capabilities)
        #expect(names.count == 41)
        for name in names { try expectAccepted("", process: #", "capabilities": {"bounding": [""# + name + #""]}"#, name) }
    }

    @Test func everyMountOptionIsAccepted() throws {
        let words = try #require(features.mountOptions)
        #expect(
            Set(words).isSuperset(of: [
                "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "iversion", "lazytime", "loud", "noatime",
                "nodev",
                "nodiratime", "noexec", "noiversion", "nolazytime", "norelatime", "nostrictatime", "nosuid", "private", "rbind", "relatime",
                "remount", "ro", "rprivate", "rshared", "rslave", "runbindable", "rw", "shared", "silent", "slave", "strictatime", "suid",
                "sync", "tmpcopyup", "unbindable",
            ]))
        #expect(words == words.sorted())
        let map = #"[{"containerID": 0, "hostID": 0, "size": 1}]"#
        for word in words {
            let maps = word == "idmap" || word == "ridmap" ? #", "uidMappings": \#(map), "gidMappings": \#(map)"# : ""
            let mount = #"[{"destination": "/d", "source": "/s", "type": "bind", "options": ["bind", ""# + word + #""]"# + maps + "}]"
            let tmpfs = #"[{"destination": "/d", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}]"#
            try expectAccepted("", mounts: word == "tmpcopyup" ? tmpfs : mount, word)
        }
    }

    @Test func everyWordOfSeccompIsAccepted() throws {
        let seccomp = try #require(features.linux?.seccomp)
        #expect(seccomp.enabled == true)
        #expect(seccomp.actions?.count == 9)
        #expect(seccomp.operators?.count == 7)
        func accept(_ rest: String, _ word: String) throws {
            try expectAccepted(#", "seccomp": {"defaultAction": "SCMP_ACT_ALLOW""# + rest + "}", word)
        }
        for action in seccomp.actions ?? [] {
            let listener = action == "SCMP_ACT_NOTIFY" ? #", "listenerPath": "/run/l""# : ""
            try accept(#", "syscalls": [{"names": ["getpid"], "action": ""# + action + #""}]"# + listener, action)
        }
        for op in seccomp.operators ?? [] {
            let args = #"[{"index": 0, "value": 1, "op": ""# + op + #""}]"#
            try accept(#", "syscalls": [{"names": ["getpid"], "action": "SCMP_ACT_ERRNO", "args": "# + args + "}]", op)
        }
        for arch in seccomp.archs ?? [] { try accept(#", "architectures": [""# + arch + #""]"#, arch) }
        for flag in seccomp.knownFlags ?? [] {
            let rule = #", "listenerPath": "/run/l", "syscalls": [{"names": ["getpid"], "action": "SCMP_ACT_NOTIFY"}]"#
            try accept(#", "flags": [""# + flag + #""]"# + rule, flag)
        }
    }

    @Test func everyMemoryPolicyIsAccepted() throws {
        for mode in features.linux?.memoryPolicy?.modes ?? [] {
            let nodes = mode == "MPOL_DEFAULT" || mode == "MPOL_LOCAL" ? "" : #", "nodes": "0""#
            try expectAccepted(#", "memoryPolicy": {"mode": ""# + mode + "\"" + nodes + "}", mode)
        }
        for flag in features.linux?.memoryPolicy?.flags ?? [] {
            try expectAccepted(#", "memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0", "flags": [""# + flag + #""]}"#, flag)
        }
    }

    /// A feature is listed exactly if a configuration that uses it is not refused.
    @Test(arguments: Property.all) func whatIsNotBuiltIsNotListed(_ property: Property) throws {
        let listed: Bool?
        switch property.path {
        case "process.selinuxLabel": listed = features.linux?.selinux?.enabled
        case "process.apparmorProfile": listed = features.linux?.apparmor?.enabled
        case "linux.seccomp": listed = features.linux?.seccomp?.enabled
        case "linux.intelRdt": listed = features.linux?.intelRdt?.enabled
        case "linux.memoryPolicy": listed = features.linux?.memoryPolicy?.modes?.isEmpty == false
        case "linux.netDevices": listed = features.linux?.netDevices?.enabled
        case "mounts[0].uidMappings": listed = features.linux?.mountExtensions?.idmap?.enabled
        default: return
        }
        #expect(listed == false)
    }
}
