import JSON

/// Work on text by its UTF-8 bytes: paths, words and numbers are ASCII, and walking `Character`s costs many times as much.

/// Whether `path` starts with a slash.
func isAbsolute(_ path: String) -> Bool {
    path.utf8.first == UInt8(ascii: "/")
}

/// Whether `path` lies below `folder`, both cleaned; a folder does not lie below itself.
func lies(_ path: String, strictlyBelow folder: String) -> Bool {
    let path = path.utf8
    let folder = folder.utf8
    guard path.count > folder.count + 1, path.starts(with: folder) else { return false }
    return path[path.index(path.startIndex, offsetBy: folder.count)] == UInt8(ascii: "/")
}

/// Cleans a path by its letters alone: one leading slash, no empty part, no `.`, and `..` taken from the part before it, never from above `/`.
///
/// A relative path counts from `/`. What the kernel finds there may be a symbolic link; the executor resolves it inside the root.
func cleanPath(_ path: String) -> String {
    if isClean(path) { return path }
    var result: [UInt8] = []
    var part: [UInt8] = []
    func appendPart() {
        if part.isEmpty || part == [UInt8(ascii: ".")] { return }
        if part == [UInt8(ascii: "."), UInt8(ascii: ".")] {
            result.removeLast(result.count - (result.lastIndex(of: UInt8(ascii: "/")) ?? 0))
            return
        }
        result.append(UInt8(ascii: "/"))
        result += part
    }
    for byte in path.utf8 {
        if byte != UInt8(ascii: "/") {
            part.append(byte)
            continue
        }
        appendPart()
        part.removeAll(keepingCapacity: true)
    }
    appendPart()
    return result.isEmpty ? "/" : String(decoding: result, as: UTF8.self)
}

/// Whether `cleanPath` would return the path unchanged; spares nearly all configurations the copying.
private func isClean(_ path: String) -> Bool {
    guard isAbsolute(path) else { return false }
    let bytes = path.utf8.span
    if bytes.count == 1 { return true }
    var partStart = 1
    for index in 1..<bytes.count where bytes[index] == UInt8(ascii: "/") {
        if !isPlainPart(bytes, partStart, index) { return false }
        partStart = index + 1
    }
    return isPlainPart(bytes, partStart, bytes.count)
}

/// Whether the bytes from `start` up to `end` are neither empty nor `.` nor `..`.
private func isPlainPart(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    let dot = UInt8(ascii: ".")
    switch end - start {
    case 0: return false
    case 1: return bytes[start] != dot
    case 2: return bytes[start] != dot || bytes[start + 1] != dot
    default: return true
    }
}

/// `, did you mean "x"?` if one of `candidates` is close to `word`, else nothing.
func suggestion(for word: String, among candidates: [String]) -> String {
    guard let candidate = neighbour(of: word, among: candidates) else { return "" }
    return ", did you mean \"\(candidate)\"?"
}

/// The JSON path of `key` in the object at `object`: a plain key after a dot, any other in brackets and quotes.
func path(_ object: String, _ key: String) -> String {
    let isPlain =
        !key.isEmpty
        && key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    return isPlain ? "\(object).\(key)" : "\(object)[\"\(escapedForMessage(key))\"]"
}

/// The JSON path of one entry of the list at `list`.
func path(_ list: String, _ index: Int) -> String {
    // Added up and not interpolated, the short part first: a plan holds one such text a step, and interpolation costs several times as much.
    list + ("[" + String(index) + "]")
}
