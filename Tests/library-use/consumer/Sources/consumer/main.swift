import ContainerRuntime
import Glibc
import KernelABI
import OCISpec
import Planning

// consumer ROOT BUNDLE ID: leads one container through its life by the library's public API and prints each status it sees.
guard CommandLine.arguments.count == 4 else { exit(2) }
let factory = ContainerFactory(root: CommandLine.arguments[1], logger: Logger())
let (bundle, id) = (CommandLine.arguments[2], CommandLine.arguments[3])

let spec = try Spec(configJSON: Array(#"{"ociVersion": "1.3.0", "hostname": "consumer"}"#.utf8))
print("spec \(spec.hostname ?? "none")")

// A container is a non-copyable value: `delete` consumes it, which a global variable does not allow.
func leadThroughItsLife() throws {
    try factory.create(id: id, bundle: bundle, options: CreateOptions())
    var container = try factory.load(id: id)
    print(container.state.status)
    try container.start()
    print(container.state.status)
    try container.kill(Signal("KILL") ?? Signal(rawValue: 9))
    for _ in 1...500 where container.state.status != .stopped {
        usleep(10_000)
        try container.refresh()
    }
    print(container.state.status)
    try container.delete()
    do {
        _ = try factory.load(id: id)
        print("still there")
    } catch {
        print("deleted")
    }
}
try leadThroughItsLife()
