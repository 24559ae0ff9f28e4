/// Finds the candidate that a misspelt word most likely stands for, to be suggested in a message; `nil` if none is near.
///
/// Near is an edit distance (letters inserted, removed, replaced, or changed places with the next) of at most a third of the word's length; case counts. If several are
/// equally near, the first is taken.
public func neighbour(of word: String, among candidates: [String]) -> String? {
    guard word.utf8.count <= 4 * longestWordCompared else { return nil }
    let letters = Array(word.unicodeScalars)
    guard letters.count <= longestWordCompared else { return nil }
    let kinds = kinds(letters)
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        guard candidate.utf8.count <= 4 * longestWordCompared else { continue }
        let other = Array(candidate.unicodeScalars)
        guard abs(other.count - letters.count) <= letters.count / 3 else { continue }
        // Spares nearly all comparisons: each change brings one kind of letter at most.
        let otherKinds = JSON.kinds(other)
        guard (kinds & ~otherKinds).nonzeroBitCount <= letters.count / 3, (otherKinds & ~kinds).nonzeroBitCount <= letters.count / 3 else {
            continue
        }
        let distance = editDistance(letters, other)
        if distance <= letters.count / 3, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// The kinds of letters that a word has, as bits; some share one.
private func kinds(_ letters: [UnicodeScalar]) -> UInt64 {
    var kinds: UInt64 = 0
    for letter in letters { kinds |= 1 << UInt64(letter.value & 63) }
    return kinds
}

/// Longer words are no names; the comparison takes quadratic time.
let longestWordCompared = 64

/// The edit distance after Levenshtein, with two letters that changed places counted as one change; three rows of the table at a time.
private func editDistance(_ a: [UnicodeScalar], _ b: [UnicodeScalar]) -> Int {
    var before = Array(0...b.count)
    var row = before
    for (i, letter) in a.enumerated() {
        let last = row
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            row[j + 1] = min(last[j] + (letter == other ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, letter == b[j - 1], other == a[i - 1] { row[j + 1] = min(row[j + 1], before[j - 1] + 1) }
        }
        before = last
    }
    return row[b.count]
}
