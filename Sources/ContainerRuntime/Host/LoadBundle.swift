import JSON
import Kernel
import KernelABI
import OCISpec

/// A bundle's config.json, read and decoded.
struct LoadedBundle: Sendable {
    /// The bundle's folder, absolute.
    let path: String
    let configBytes: [UInt8]
    let spec: Spec
}

/// Reads `<bundle>/config.json`.
///
/// The file has to be a regular one of at most 16 MiB; it is opened non-blocking, so that a fifo of that name cannot hang the runtime.
///
/// - Throws: `RuntimeError` with `.notFound` if there is no config.json, `.invalidSpec` with line and column for what it says wrongly.
func loadBundle(_ bundle: String) throws(RuntimeError) -> LoadedBundle {
    let (path, _, bytes) = try readBundle(bundle)
    do {
        return LoadedBundle(path: path, configBytes: bytes, spec: try Spec(configJSON: bytes))
    } catch {
        throw RuntimeError(error)
    }
}

/// The bundle's folder and its config.json, both absolute, and what is in the file.
func readBundle(_ bundle: String) throws(RuntimeError) -> (path: String, file: String, bytes: [UInt8]) {
    let path = try absolutePath(bundle)
    let file = path == "/" ? "/config.json" : path + "/config.json"
    return (path, file, try readConfig(file, in: path))
}

private func readConfig(_ file: String, in folder: String) throws(RuntimeError) -> [UInt8] {
    do {
        let descriptor = try Kernel.open(file, [.readOnly, .nonBlocking])
        if try Kernel.status(of: descriptor).type == .regular {
            return try Kernel.readAll(descriptor, limit: JSONLimits.configuration.size, subject: file)
        }
    } catch {
        switch error.errno {
        case .ENOENT where (try? Kernel.status(folder, followSymlinks: true)) == nil:
            throw RuntimeError(
                .notFound, doing: "open the bundle \(folder)", cause: SyscallError("open", "", error.errno), remark: missingPart(of: folder)
            )
        case .ENOENT: throw RuntimeError(.notFound, "JSON specification file config.json not found (looked for \(file))")
        case .EFBIG: throw RuntimeError(.invalidSpec, "\(file): must be at most \(JSONLimits.configuration.size) bytes")
        default: throw RuntimeError(doing: "read \(file)", cause: error)
        }
    }
    throw RuntimeError(.invalidSpec, "\(file): must be a regular file")
}

/// Makes a path absolute and takes `.`, `..` and double slashes out of it, without asking the file system.
func absolutePath(_ path: String) throws(RuntimeError) -> String {
    var whole = path
    if path.utf8.first != UInt8(ascii: "/") {
        do {
            whole = try Kernel.currentDirectory() + "/" + path
        } catch {
            throw RuntimeError(doing: "make \(path) absolute", cause: error)
        }
    }
    var components: [Substring.UTF8View] = []
    for component in whole[...].utf8.split(separator: UInt8(ascii: "/")) {
        if component.elementsEqual(".".utf8) { continue }
        if component.elementsEqual("..".utf8) {
            _ = components.popLast()
        } else {
            components.append(component)
        }
    }
    var clean = ""
    for component in components {
        clean += "/"
        clean += Substring(component)
    }
    return clean.isEmpty ? "/" : clean
}
