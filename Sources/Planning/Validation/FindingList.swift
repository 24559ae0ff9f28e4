/// Findings in the making, a bounded number of them: a hostile configuration has millions.
///
/// Of each severity 1,000 are kept, so that no number of warnings hides an error.
public struct FindingList: Sendable {
    /// The findings kept, in the order in which they were added.
    public private(set) var found: [Finding] = []
    /// Whether there are more.
    public internal(set) var isCut = false
    private var counts = [0, 0, 0]

    /// How many findings a report has, and how many of each severity are kept until it is put together.
    static var most: Int { 1000 }

    /// Makes an empty list.
    public init() {}

    /// Adds a finding, or notes that there are more.
    public mutating func append(_ finding: @autoclosure () -> Finding, _ severity: Finding.Severity) {
        guard counts[severity.rank] < FindingList.most else { return isCut = true }
        counts[severity.rank] += 1
        found.append(finding())
    }

    /// Adds a finding, or notes that there are more.
    public mutating func append(_ finding: Finding) { append(finding, finding.severity) }

    mutating func append(contentsOf list: FindingList) {
        for finding in list.found { append(finding) }
        if list.isCut { isCut = true }
    }

    mutating func append(errors problems: ProblemList) {
        for problem in problems.found { append(Finding(error: problem)) }
        if problems.isCut { isCut = true }
    }
}

extension Finding.Severity {
    /// 0 for what matters most.
    var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .note: 2
        }
    }
}
