/// One step of a pointer: into an object by key or into an array by index.
enum PointerStep: Hashable, Sendable {
    case key(String)
    case index(Int)

    /// The step as it is written behind what precedes it: `destination`, `.destination`, `[3]`, `["a.b/c"]`.
    func text(first: Bool) -> String {
        switch self {
        case .index(let index): "[\(index)]"
        case .key(let name) where name.utf8.allSatisfy(isPlain) && !name.isEmpty: first ? name : "." + name
        case .key(let name): "[\"" + escapedForMessage(name) + "\"]"
        }
    }

    static func text(_ steps: [PointerStep]) -> String {
        var result = ""
        for step in steps { result += step.text(first: result.isEmpty) }
        return result
    }

    /// Reads a pointer as `text` writes it; `nil` if it is malformed.
    static func parse(_ pointer: String) -> [PointerStep]? {
        var rest = Array(pointer.utf8)[...]
        var steps: [PointerStep] = []
        while let first = rest.first {
            if first == UInt8(ascii: "[") {
                guard let step = bracketed(&rest) else { return nil }
                steps.append(step)
                continue
            }
            if !steps.isEmpty {
                guard first == UInt8(ascii: ".") else { return nil }
                rest = rest.dropFirst()
            }
            let name = rest.prefix { $0 != UInt8(ascii: ".") && $0 != UInt8(ascii: "[") }
            guard !name.isEmpty else { return nil }
            steps.append(.key(String(decoding: name, as: UTF8.self)))
            rest = rest.dropFirst(name.count)
        }
        return steps
    }

    /// Takes `[3]` or `["key"]` off the front.
    private static func bracketed(_ rest: inout ArraySlice<UInt8>) -> PointerStep? {
        var inner = rest.dropFirst()
        guard inner.first == UInt8(ascii: "\"") else {
            let digits = inner.prefix { $0 != UInt8(ascii: "]") }
            guard digits.count < inner.count, let index = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
            rest = inner.dropFirst(digits.count + 1)
            return .index(index)
        }
        var isEscaped = true  // the opening quote does not close
        let literal = inner.prefix { byte in
            if byte == UInt8(ascii: "\""), !isEscaped { return false }
            isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
            return true
        }
        inner = inner.dropFirst(literal.count)
        guard inner.starts(with: [UInt8(ascii: "\""), UInt8(ascii: "]")]), let text = try? JSONTape(parsing: literal + [UInt8(ascii: "\"")])
        else {
            return nil
        }
        rest = inner.dropFirst(2)
        return .key(text.string(0))
    }
}

/// Whether a key made of such bytes stands in a pointer without quotes.
private func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "_"), UInt8(ascii: "-"):
        true
    default: false
    }
}
