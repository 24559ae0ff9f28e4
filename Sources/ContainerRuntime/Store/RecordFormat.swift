import JSON
import Planning

// How the record is written and read. By hand: every command reads it, and a synthesised `Codable` costs more than all the rest of `state`
// (half of the instructions of `create` went into encoding this one file).

extension ContainerRecord {
    /// The bytes of record.json: one line.
    var json: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.member("id", id)
            json.member("bundle", bundle)
            json.member("rootfs", rootfs)
            json.member("phase", phase.rawValue)
            json.member("created", created)
            json.object("creator") { creator.write(to: &$0) }
            if let process { json.object("process") { process.write(to: &$0) } }
            json.member("annotations", annotations)
            // What `list` does not show stands from here on: see `Summary`.
            json.object("cgroup") { cgroup.write(to: &$0) }
            if let madeCgroup { json.object("madeCgroup") { madeCgroup.write(to: &$0) } }
            if let rdt { json.object("rdt") { rdt.write(to: &$0) } }
            json.member("hasOwnPIDNamespace", hasOwnPIDNamespace)
            json.member("hasProgram", hasProgram)
            json.array("poststart") { json in poststart.forEach { $0.write(to: &json) } }
            json.array("poststop") { json in poststop.forEach { $0.write(to: &json) } }
        }
        return json.bytes
    }

    init(_ json: JSONValue) throws(JSONError) {
        id = try json.required("id").string()
        bundle = try json.required("bundle").string()
        rootfs = try json.required("rootfs").string()
        phase = try json.required("phase").string() == Phase.created.rawValue ? .created : .creating
        created = try json.required("created").string()
        creator = try ProcessIdentity(json.required("creator"))
        process = try json.optional("process", ProcessIdentity.init)
        cgroup = try CgroupHandle(json.required("cgroup"))
        madeCgroup = try json.optional("madeCgroup", CgroupHandle.init)
        rdt = try json.optional("rdt", RdtHandle.init)
        hasOwnPIDNamespace = try json.required("hasOwnPIDNamespace").boolean()
        hasProgram = try json.required("hasProgram").boolean()
        poststart = try json.required("poststart").list(HookStep.init)
        poststop = try json.required("poststop").list(HookStep.init)
        annotations = try annotationsOf(json)
    }
}

extension ContainerRecord {
    /// What `list` shows of a container that was created.
    struct Summary {
        let id: String
        let bundle: String
        let rootfs: String
        let created: String
        let process: ProcessIdentity
        let annotations: [String: String]

        /// Reads what stands in front of the cgroup, which makes up most of a record; `nil` for a container that is being made, or where the
        /// record has another order or breaks off.
        init?(record: ArraySlice<UInt8>) throws(JSONError) {
            guard record.last == UInt8(ascii: "}"), let end = Summary.end(in: record) else { return nil }
            let json = JSONValue(try JSONTape(parsing: Array(record[..<end]) + [UInt8(ascii: "}")]))
            guard try json.required("phase").string() == Phase.created.rawValue else { return nil }
            id = try json.required("id").string()
            bundle = try json.required("bundle").string()
            rootfs = try json.required("rootfs").string()
            created = try json.required("created").string()
            process = try ProcessIdentity(json.required("process"))
            annotations = try annotationsOf(json)
        }

        /// Where the cgroup begins. No string holds this text, because a quotation mark has a backslash there, and no annotation, because
        /// its value is a string.
        private static func end(in record: ArraySlice<UInt8>) -> Int? {
            let text = ",\"cgroup\":{".utf8
            var rest = record
            while let comma = rest.firstIndex(of: UInt8(ascii: ",")) {
                rest = rest[comma...]
                if rest.starts(with: text) { return comma }
                rest = rest.dropFirst()
            }
            return nil
        }
    }

    /// The cgroup alone.
    static func cgroup(_ json: JSONValue) throws(JSONError) -> CgroupHandle {
        try CgroupHandle(json.required("cgroup"))
    }
}

private func annotationsOf(_ json: JSONValue) throws(JSONError) -> [String: String] {
    var annotations: [String: String] = [:]
    for (key, value) in try json.required("annotations").members() { annotations[key] = try value.string() }
    return annotations
}

extension ProcessIdentity {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("pid", pid)
        json.member("startTime", startTime)
    }

    fileprivate init(_ json: JSONValue) throws(JSONError) {
        pid = try json.required("pid").integer()
        startTime = try json.required("startTime").integer()
    }
}

extension RdtHandle {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("group", group)
        json.member("removesGroup", removesGroup)
        if let monitor { json.member("monitor", monitor) }
    }

    fileprivate init(_ json: JSONValue) throws(JSONError) {
        self.init(
            group: try json.required("group").string(), removesGroup: try json.required("removesGroup").boolean(),
            monitor: try json.optional("monitor") { (text) throws(JSONError) in try text.string() })
    }
}

extension CgroupHandle {
    fileprivate func write(to json: inout JSONWriter) {
        json.array("hierarchies") { json in
            for directory in hierarchies { json.object { directory.write(to: &$0) } }
        }
        if let unified { json.object("unified") { unified.write(to: &$0) } }
        if let unit {
            json.object("unit") { json in
                json.member("name", unit.name)
                json.member("isUser", unit.isUser)
            }
        }
    }

    fileprivate init(_ json: JSONValue) throws(JSONError) {
        self.init(
            hierarchies: try json.required("hierarchies").list(CgroupDirectory.init),
            unified: try json.optional("unified", CgroupDirectory.init),
            unit: try json.optional("unit") { (unit) throws(JSONError) in
                SystemdUnit(name: try unit.required("name").string(), isUser: try unit.required("isUser").boolean())
            })
    }
}

extension CgroupDirectory {
    fileprivate func write(to json: inout JSONWriter) {
        json.member("controllers", controllers)
        json.member("mountPoint", mountPoint)
        json.member("path", path)
    }

    fileprivate init(_ json: JSONValue) throws(JSONError) {
        self.init(
            controllers: try json.required("controllers").strings(), mountPoint: try json.required("mountPoint").string(),
            path: try json.required("path").string())
    }
}

extension HookStep {
    fileprivate func write(to json: inout JSONWriter) {
        json.object { json in
            json.member("origin", origin)
            json.member("path", path)
            json.member("arguments", arguments)
            if let environment { json.member("environment", environment) }
            if let timeoutSeconds { json.member("timeoutSeconds", timeoutSeconds) }
        }
    }

    fileprivate init(_ json: JSONValue) throws(JSONError) {
        self.init(
            origin: try json.required("origin").string(), path: try json.required("path").string(),
            arguments: try json.required("arguments").strings(),
            environment: try json.optional("environment") { (list) throws(JSONError) in try list.strings() },
            timeoutSeconds: try json.optional("timeoutSeconds") { (number) throws(JSONError) in try number.integer() })
    }
}

extension JSONValue {
    /// A member that may be absent.
    fileprivate func optional<T>(_ key: String, _ read: (JSONValue) throws(JSONError) -> T) throws(JSONError) -> T? {
        guard let value = member(key) else { return nil }
        return try read(value)
    }

    fileprivate func list<T>(_ read: (JSONValue) throws(JSONError) -> T) throws(JSONError) -> [T] {
        var list: [T] = []
        for element in try elements() { list.append(try read(element)) }
        return list
    }

    fileprivate func strings() throws(JSONError) -> [String] {
        try list { (element) throws(JSONError) in try element.string() }
    }
}
