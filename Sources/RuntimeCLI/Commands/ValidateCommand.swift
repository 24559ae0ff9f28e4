import ContainerRuntime
import JSON
import Planning

/// `validate`: lists all that is wrong with a bundle's config.json, and with `--host` what this host cannot do of it.
struct ValidateCommand: Sendable {
    let bundle: String
    /// Look at this host too.
    let isForHost: Bool
    let format: Format

    enum Format: Sendable { case text, json }

    init(_ arguments: Arguments) throws(UsageProblem) {
        bundle = arguments.value(.bundle) ?? "."
        isForHost = arguments.isSet(.host)
        switch arguments.value(.reportFormat) {
        case nil, "text": format = .text
        case "json": format = .json
        case let other?: throw .invalidValue("invalid format option: \(other) (text or json)")
        }
    }

    func execute(_ session: Session) throws(RuntimeError) {
        let report = try validateBundle(bundle, onHost: isForHost)
        switch format {
        case .text: try session.streams.write(lines(of: report))
        case .json: try session.streams.write(document(of: report))
        }
        let (errors, warnings) = (report.count(.error), report.count(.warning))
        guard errors > 0 || session.isStrict && warnings > 0 else { return }
        var counts = errors > 0 ? ["\(errors) error\(errors == 1 ? "" : "s")"] : []
        if warnings > 0 { counts.append("\(warnings) warning\(warnings == 1 ? "" : "s")") }
        if report.isCut { counts.append("and more") }
        throw RuntimeError(.invalidSpec, "\(report.file): \(counts.joined(separator: ", "))")
    }

    /// One line a finding: `config.json:41:5: error: mounts[3].source: must be … (fix) [config.md, "Mounts"]`.
    func lines(of report: BundleReport) -> [UInt8] {
        // The file as the user named it, so that an editor finds it.
        let file = bundle == "." ? "config.json" : bundle + (bundle.hasSuffix("/") ? "" : "/") + "config.json"
        var text = ""
        for finding in report.findings {
            var line = file
            if let number = finding.line, let column = finding.column { line += ":\(number):\(column)" }
            line += ": \(finding.severity.rawValue): "
            if !finding.pointer.isEmpty { line += shortened(finding.pointer, to: 160) + ": " }
            line += finding.rule
            if let fix = finding.fix { line += " (\(fix))" }
            if let section = finding.section { line += " [\(section.chapter), \"\(section.heading)\"]" }
            text += escaped(line) + "\n"
        }
        if report.isCut { text += escaped("\(file): note: only \(report.findings.count) findings are listed, there are more") + "\n" }
        return Array(text.utf8)
    }

    /// One object; see the man page.
    func document(of report: BundleReport) -> [UInt8] {
        var json = JSONWriter(indentation: .spaces(2))
        json.object { json in
            json.member("file", report.file)
            json.member("host", isForHost)
            json.member("errors", report.count(.error))
            json.member("warnings", report.count(.warning))
            json.member("notes", report.count(.note))
            json.member("more", report.isCut)
            json.array("findings") { json in
                for finding in report.findings { json.object { write(finding, to: &$0) } }
            }
        }
        return json.bytes + [UInt8(ascii: "\n")]
    }

    private func write(_ finding: Finding, to json: inout JSONWriter) {
        json.member("severity", finding.severity.rawValue)
        if let line = finding.line { json.member("line", line) }
        if let column = finding.column { json.member("column", column) }
        json.member("pointer", finding.pointer)
        json.member("rule", finding.rule)
        if let value = finding.value { json.member("value", value) }
        if let fix = finding.fix { json.member("fix", fix) }
        guard let section = finding.section else { return }
        json.object("spec") { json in
            json.member("chapter", section.chapter)
            json.member("heading", section.heading)
        }
    }
}
