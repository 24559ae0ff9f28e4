import KernelABI

/// A rule of one system call on one architecture: what happens where all conditions hold.
struct SeccompRule {
    /// By argument, at most one each.
    var conditions: [SeccompCondition]
    var result: SeccompReturn
    /// Its place in the profile's list.
    var place: Int
}

/// The conditional rules of one system call, in the order in which they are tried.
///
/// libseccomp keeps them as a tree that is walked from the first question to the last, whatever their order in the profile; here the tree only
/// says the order. docs/decisions/0016-seccomp-compiler.md
struct SeccompRuleOrder {
    private struct Node {
        let word: SeccompWord
        var next = -1
        var ifTrue = Branch()
        var ifFalse = Branch()
    }

    /// What hangs on one answer: a rule that is complete there, or the first of the questions that follow.
    private struct Branch {
        var rule = -1
        var first = -1
    }

    private var nodes: [Node] = []
    private var root = Branch()
    private var rules: [SeccompRule] = []

    /// How many rules it took.
    var count: Int { rules.count }

    /// Adds a rule with at least one condition.
    ///
    /// - Returns: the earlier rule that wants another result under conditions that this one holds or widens; `nil` is well.
    mutating func add(_ rule: SeccompRule) -> SeccompRule? {
        var path: [SeccompWord] = []
        for condition in rule.conditions {
            let words = condition.words
            if let high = words.high { path.append(high) }
            path.append(words.low)
        }
        var top = root
        let earlier = add(rule, path[...], to: &top)
        root = top
        return earlier
    }

    private mutating func add(_ rule: SeccompRule, _ path: ArraySlice<SeccompWord>, to branch: inout Branch) -> SeccompRule? {
        if branch.rule >= 0 {
            // A wider rule stands there already; only the same conditions with another result are at odds with it.
            let earlier = rules[branch.rule]
            return path.isEmpty && earlier.result != rule.result ? earlier : nil
        }
        guard let word = path.first else {
            if let other = first(below: branch, with: rule.result) { return other }
            branch = Branch(rule: rules.count)
            rules.append(rule)
            return nil
        }
        let node = place(for: word, in: &branch)
        var below = word.goesOnIfTrue ? nodes[node].ifTrue : nodes[node].ifFalse
        let earlier = add(rule, path.dropFirst(), to: &below)
        if word.goesOnIfTrue { nodes[node].ifTrue = below } else { nodes[node].ifFalse = below }
        return earlier
    }

    /// The node that asks `word` among those of `branch`, made where it belongs if there is none.
    private mutating func place(for word: SeccompWord, in branch: inout Branch) -> Int {
        var previous = -1
        var current = branch.first
        while current >= 0 {
            if nodes[current].word.asksTheSame(as: word) { return current }
            if word.comesBefore(nodes[current].word) { break }
            previous = current
            current = nodes[current].next
        }
        nodes.append(Node(word: word, next: current))
        let made = nodes.count - 1
        if previous >= 0 { nodes[previous].next = made } else { branch.first = made }
        return made
    }

    /// The first rule below `branch` whose result is not `result`.
    private func first(below branch: Branch, with result: SeccompReturn) -> SeccompRule? {
        ordered(branch).first { $0.result != result }
    }

    /// The rules in the order in which they are tried; the first whose conditions all hold decides.
    var ordered: [SeccompRule] { ordered(root) }

    private func ordered(_ branch: Branch) -> [SeccompRule] {
        if branch.rule >= 0 { return [rules[branch.rule]] }
        var found: [SeccompRule] = []
        var current = branch.first
        while current >= 0 {
            found += ordered(nodes[current].ifTrue)
            found += ordered(nodes[current].ifFalse)
            current = nodes[current].next
        }
        return found
    }
}
