import ContainerRuntime
import Kernel
import OCISpec
import Planning

/// `features`: prints what is accepted in a config.json, as JSON with an indent of four and a newline at the end.
struct FeaturesCommand: Sendable {
    func execute(_ session: Session) throws(RuntimeError) {
        var features = acceptedFeatures(syscalls: .libseccomp)
        // The only fact of the host in it, as the specification wants it.
        let supported = features.linux?.seccomp?.knownFlags?.filter { LinuxSeccompFlag(rawValue: $0).map(isAcceptedByKernel) ?? false }
        features.linux?.seccomp?.supportedFlags = supported
        features.annotations = [
            "io.github.seccomp.libseccomp.version": Kernel.libseccompVersion(),
            "org.opencontainers.runc.checkpoint.enabled": "false",
            "org.swruntime.commit": commitName(session.commit),
            "org.swruntime.version": versionNumber,
        ]
        let text: [UInt8]
        do { text = try features.json() } catch { throw RuntimeError(error) }
        try session.streams.write(text)
    }
}
