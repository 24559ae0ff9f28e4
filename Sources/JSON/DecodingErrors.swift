extension PointerStep: CodingKey {
    init?(stringValue: String) { self = .key(stringValue) }
    init?(intValue: Int) { self = .index(intValue) }

    var stringValue: String {
        switch self {
        case .key(let name): name
        case .index(let index): String(index)
        }
    }

    var intValue: Int? {
        guard case .index(let index) = self else { return nil }
        return index
    }
}

extension JSONTape {
    func mismatch(_ wanted: String, _ node: Int) -> JSONError {
        let found =
            switch nodes[node].kind {
            case .null: "null"
            case .true: "true"
            case .false: "false"
            case .integer, .decimal: "a number"
            case .string, .escapedString: "a string"
            case .array: "an array"
            case .object: "an object"
            }
        return error("must be \(wanted), is \(found)", at: node)
    }

    func keys(of object: Int, atMost limit: Int) -> [String] {
        var keys: [String] = []
        var key = object + 1
        while key < Int(nodes[object].next), keys.count < limit {
            keys.append(string(key))
            key = Int(nodes[key + 1].next)
        }
        return keys
    }

    /// Gives whatever a model threw its place in the text.
    func jsonError(_ error: any Error) -> JSONError {
        if let error = error as? JSONError { return error }
        guard let error = error as? DecodingError else { return self.error(oneLine("\(error)"), at: 0) }
        switch error {
        case .dataCorrupted(let context):
            let (steps, node) = place(context.codingPath)
            // What the standard library says of an enum with a raw value; it names the Swift type.
            if context.debugDescription.hasPrefix("Cannot initialize ") { return unknownValue(node, steps) }
            return located(oneLine(context.debugDescription), node, steps)
        case .keyNotFound(let key, let context):
            let (steps, node) = place(context.codingPath + [key])
            return located("is missing", node, steps)
        case .valueNotFound(_, let context), .typeMismatch(_, let context):
            let (steps, node) = place(context.codingPath)
            return located(oneLine(context.debugDescription), node, steps)
        @unknown default:
            return self.error(oneLine("\(error)"), at: 0)
        }
    }

    private func unknownValue(_ node: Int, _ steps: [PointerStep]) -> JSONError {
        switch nodes[node].kind {
        case .string, .escapedString: located("unknown value \(quoted(string(node)))", node, steps)
        case .integer, .decimal: located("unknown value \(numberText(node))", node, steps)
        default: located("unknown value", node, steps)
        }
    }

    /// Follows a coding path from the top. A key may look like a number and yet be one of an object.
    private func place(_ path: [any CodingKey]) -> (steps: [PointerStep], node: Int) {
        var steps: [PointerStep] = []
        for key in path {
            let parent = deepestNode(along: steps)
            let isIndex = !parent.isComplete || nodes[parent.node].kind == .array
            steps.append(isIndex && key.intValue != nil ? .index(key.intValue ?? 0) : .key(key.stringValue))
        }
        return (steps, deepestNode(along: steps).node)
    }

    private func located(_ rule: String, _ node: Int, _ steps: [PointerStep]) -> JSONError {
        let offset = Int(nodes[node].start)
        let place = position(atOffset: offset)
        return JSONError(rule: rule, pointer: PointerStep.text(steps), offset: offset, line: place.line, column: place.column)
    }
}
