/// Finds the candidate that a misspelt word most likely stands for, to be suggested in a message; `nil` if none is near.
///
/// Near is an edit distance (letters inserted, removed, replaced) of at most a third of the word's length; case counts. If several are
/// equally near, the first is taken.
public func neighbour(of word: String, among candidates: [String]) -> String? {
    let letters = Array(word.unicodeScalars)
    guard letters.count <= longestWordCompared else { return nil }
    var best: (word: String, distance: Int)?
    for candidate in candidates {
        let other = Array(candidate.unicodeScalars)
        guard abs(other.count - letters.count) <= letters.count / 3 else { continue }
        let distance = editDistance(letters, other)
        if distance <= letters.count / 3, distance < best?.distance ?? .max { best = (candidate, distance) }
    }
    return best?.word
}

/// Longer words are no names; the comparison takes quadratic time.
private let longestWordCompared = 64

/// The edit distance after Levenshtein, one row of the table at a time.
private func editDistance(_ a: [UnicodeScalar], _ b: [UnicodeScalar]) -> Int {
    var row = Array(0...b.count)
    for (i, letter) in a.enumerated() {
        var diagonal = row[0]
        row[0] = i + 1
        for (j, other) in b.enumerated() {
            let replaced = diagonal + (letter == other ? 0 : 1)
            diagonal = row[j + 1]
            row[j + 1] = min(replaced, row[j] + 1, diagonal + 1)
        }
    }
    return row[b.count]
}
