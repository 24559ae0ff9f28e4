import Kernel

/// The present time as RFC 3339 in UTC with nanoseconds and without trailing zeros: `2026-11-22T03:24:25.692418049Z`.
public func presentTimestamp() -> String {
    let now = Kernel.realTime()
    return timestamp(seconds: now.seconds, nanoseconds: now.nanoseconds)
}

/// Formats seconds since 1970 and a fraction.
func timestamp(seconds: Int64, nanoseconds: Int64) -> String {
    let secondsADay: Int64 = 86_400
    let (day, second) = seconds.quotientAndRemainder(dividingBy: secondsADay)
    let date = civilDate(daysSinceEpoch: Int(day))
    var text = "\(padded(date.year, 4))-\(padded(date.month, 2))-\(padded(date.day, 2))T"
    text += "\(padded(Int(second) / 3600, 2)):\(padded(Int(second) / 60 % 60, 2)):\(padded(Int(second) % 60, 2))"
    var digits = Array(padded(Int(nanoseconds), 9).utf8)
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if !digits.isEmpty { text += "." + String(decoding: digits, as: UTF8.self) }
    return text + "Z"
}

/// The Gregorian date of a day number. Counts in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
private func civilDate(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
    let daysToEpoch = 719_468
    let daysAnEra = 146_097
    let shifted = daysSinceEpoch + daysToEpoch
    let era = shifted / daysAnEra
    let dayOfEra = shifted % daysAnEra
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
}

private func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
}
