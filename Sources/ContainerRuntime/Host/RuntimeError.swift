import Cgroups
public import JSON
public import KernelABI
public import Planning

/// The one error of the runtime: what was being done with which object, where in config.json it comes from, and the cause.
///
/// `message` is the line for people, without the leading operation and id (`create web1: `), which the command line adds.
public struct RuntimeError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What callers branch on.
    public enum Kind: UInt8, Sendable, Hashable, CaseIterable {
        case invalidSpec, invalidArgument, exists, notFound, wrongState, unsupported, hookFailed, system
    }

    public let kind: Kind
    /// The JSON path in config.json, for example `mounts[3].source`.
    public var pointer: String?
    /// Position in config.json, from 1, where the text was still at hand.
    public var line: Int?
    public var column: Int?
    /// The file in which `pointer`, `line` and `column` are; `nil` for config.json.
    public var document: String?
    /// What was being done, or the whole sentence where no call failed: `bind /no/such/data at /mnt`.
    public var doing: String
    /// The system call that failed, for example `mount`.
    public var call: String?
    /// What the call was given, where `doing` does not say it.
    public var path: String?
    /// The call's error number.
    public var errno: Int32?
    /// What a second look found after the failure, or the way out: `its interpreter /bin/bash does not exist`.
    public var remark: String?

    public init(
        _ kind: Kind, _ doing: String, pointer: String? = nil, line: Int? = nil, column: Int? = nil, call: String? = nil,
        path: String? = nil,
        errno: Int32? = nil,
        remark: String? = nil
    ) {
        self.kind = kind
        self.doing = doing
        self.pointer = pointer
        self.line = line
        self.column = column
        self.call = call
        self.path = path
        self.errno = errno
        self.remark = remark
    }

    /// Wraps a failed system call.
    ///
    /// - Parameter remark: what a second look found; the look is taken here, after the failure.
    public init(
        _ kind: Kind = .system, doing: String, pointer: String? = nil, cause: SyscallError, remark: @autoclosure () -> String? = nil
    ) {
        self.init(
            kind, doing, pointer: pointer, call: cause.call.description, path: cause.subject.isEmpty ? nil : cause.subject,
            errno: cause.errno.rawValue, remark: remark())
    }

    /// Wraps a broken rule of the specification.
    public init(_ problem: SpecProblem) {
        self.init(.invalidSpec, problem.rule, pointer: problem.path)
    }

    /// Wraps an error of the JSON parser or of the typed models.
    public init(_ error: JSONError) {
        self.init(.invalidSpec, error.rule, pointer: error.pointer, line: error.line, column: error.column)
    }

    /// Wraps what a cgroup driver says.
    init(_ error: CgroupError, doing: String) {
        guard let cause = error.cause else {
            self.init(.system, error.description)
            return
        }
        self.init(doing: doing, pointer: error.origin, cause: cause)
        if case .write(_, _, let explanation) = error { remark = explanation }
    }

    /// Fills in line and column, while the text of config.json, or of `document`, is still at hand.
    public func located(in bytes: [UInt8]) -> RuntimeError {
        guard line == nil, let pointer, !pointer.isEmpty, let position = try? JSONTape(parsing: bytes).position(of: pointer) else {
            return self
        }
        var located = self
        located.line = position.line
        located.column = position.column
        return located
    }

    /// `config.json:41:5: mounts[3]: bind /no/such/data at /mnt: open_tree(2): ENOENT (no such file or directory); /no/such does not exist`
    public var message: String {
        var text = ""
        if let line, let column { text += "\(document ?? "config.json"):\(line):\(column): " }
        if let pointer, !pointer.isEmpty { text += shortened(pointer, to: longestPointerShown) + ": " }
        text += doing
        if let call {
            text += ": \(call)(2)"
            if let path, !contains(doing, path) { text += " " + path }
        }
        if let errno { text += ": \(Errno(rawValue: errno))" }
        if let remark { text += "; " + remark }
        return text
    }

    public var description: String { message }
}

/// How much of a pointer a message shows, so that the cause has room.
private let longestPointerShown = 160

/// Whether `text` holds `part`, byte for byte.
func contains(_ text: String, _ part: String) -> Bool {
    let text = Array(text.utf8)
    let part = Array(part.utf8)
    guard !part.isEmpty, part.count <= text.count else { return part.isEmpty }
    for start in 0...(text.count - part.count) where text[start..<(start + part.count)].elementsEqual(part) { return true }
    return false
}
