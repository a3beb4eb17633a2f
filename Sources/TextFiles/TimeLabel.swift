/// A point of time as it stands in a column: a number such as `12` or a year, `2027-Q1`, `2027-06` or `2027-06-30`.
///
/// Also read: `2027Q1`, a lower-case `q`, and a day that ends in midnight (`2027-06-30T00:00:00`, `2027-06-30 00:00:00`).
public struct TimeLabel: Hashable, Sendable, Comparable, CustomStringConvertible {
  public enum Kind: UInt8, Sendable {
    case number, quarter, month, day
  }

  public let kind: Kind
  /// The number itself, quarters or months since year 0, or days since 1970-01-01.
  public let position: Int

  public init(kind: Kind, position: Int) {
    self.kind = kind
    self.position = position
  }

  public var description: String {
    switch kind {
    case .number: position.description
    case .quarter: Self.padded(position / 4, 4) + "-Q\(position % 4 + 1)"
    case .month: Self.padded(position / 12, 4) + "-" + Self.padded(position % 12 + 1, 2)
    case .day: Self.dayText(Calendar.date(position))
    }
  }

  public static func < (a: TimeLabel, b: TimeLabel) -> Bool {
    (a.kind.rawValue, a.position) < (b.kind.rawValue, b.position)
  }

  static func dayText(_ date: (year: Int, month: Int, day: Int)) -> String {
    padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2)
  }

  static func padded(_ number: Int, _ width: Int) -> String {
    let text = number.description
    return String(repeating: "0", count: max(width - text.utf8.count, 0)) + text
  }
}

// MARK: - Reading

extension TimeLabel {
  /// Why a text is not a time.
  public enum Problem: Error, Sendable, Equatable {
    case empty
    case unknownForm(String)
    case noSuchDate(String)

    public var code: String { if case .empty = self { "empty" } else { "not_a_time" } }

    public var message: String {
      switch self {
      case .empty: "a time is expected, the field is empty"
      case .unknownForm(let text): "'\(text)' is not a time"
      case .noSuchDate(let text): "the calendar has no '\(text)'"
      }
    }

    public var hint: String? {
      switch self {
      case .unknownForm: "write a whole number such as 12 or 2027, or 2027-Q1, 2027-06, 2027-06-30"
      default: nil
      }
    }
  }

  public static func parse(_ text: String) -> Result<TimeLabel, Problem> {
    var text = text
    return text.withUTF8 { parse($0) }
  }

  /// Spaces around the time are tolerated.
  public static func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<TimeLabel, Problem> {
    var all = bytes[...]
    while let first = all.first, first == 0x20 || first == 0x09 { all = all.dropFirst() }
    while let last = all.last, last == 0x20 || last == 0x09 { all = all.dropLast() }
    if all.isEmpty { return .failure(.empty) }
    if let number = digits(all) { return .success(TimeLabel(kind: .number, position: number)) }
    let text = { shortened(String(decoding: all, as: UTF8.self)) }
    let tail = all.dropFirst(4)
    if all.count >= 6, let year = digits(all.prefix(4)), let mark = tail.first {
      if mark | 0x20 == UInt8(ascii: "q") { return quarter(year, tail.dropFirst(), text) }
      if mark == UInt8(ascii: "-") {
        let rest = tail.dropFirst()
        if let next = rest.first, next | 0x20 == UInt8(ascii: "q") { return quarter(year, rest.dropFirst(), text) }
        if let found = calendar(year, rest, text) { return found }
      }
    }
    if case .success(let whole) = NumberText.parseInteger(UnsafeBufferPointer(rebasing: all)), whole.magnitude < 1 << 53
    {
      return .success(TimeLabel(kind: .number, position: whole))
    }
    return .failure(.unknownForm(text()))
  }

  private static func quarter(
    _ year: Int, _ rest: Slice<UnsafeBufferPointer<UInt8>>, _ text: () -> String
  ) -> Result<TimeLabel, Problem> {
    guard rest.count == 1, let quarter = digits(rest) else { return .failure(.unknownForm(text())) }
    guard (1...4).contains(quarter), year > 0 else { return .failure(.noSuchDate(text())) }
    return .success(TimeLabel(kind: .quarter, position: 4 * year + quarter - 1))
  }

  /// `MM` or `MM-DD`, the latter perhaps with midnight behind it; nil if the text is none of these.
  private static func calendar(
    _ year: Int, _ rest: Slice<UnsafeBufferPointer<UInt8>>, _ text: () -> String
  ) -> Result<TimeLabel, Problem>? {
    guard rest.count >= 2, let month = digits(rest.prefix(2)) else { return nil }
    let isMonth = (1...12).contains(month) && year > 0
    let tail = rest.dropFirst(2)
    if tail.isEmpty {
      guard isMonth else { return .failure(.noSuchDate(text())) }
      return .success(TimeLabel(kind: .month, position: 12 * year + month - 1))
    }
    guard tail.count >= 3, tail.first == UInt8(ascii: "-"), let day = digits(tail.dropFirst().prefix(2)),
      isMidnight(tail.dropFirst(3))
    else { return nil }
    guard isMonth, day >= 1, day <= Calendar.days(inMonth: month, year) else { return .failure(.noSuchDate(text())) }
    return .success(TimeLabel(kind: .day, position: Calendar.dayNumber(year, month, day)))
  }

  private static func isMidnight(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
    guard let first = bytes.first else { return true }
    guard first == 0x20 || first | 0x20 == UInt8(ascii: "t"), bytes.count >= 6 else { return false }
    return bytes.dropFirst().allSatisfy { "0:.+Zz".utf8.contains($0) }
  }

  /// Up to 15 digits.
  private static func digits(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 15 else { return nil }
    var number = 0
    for byte in bytes {
      guard case let digit = byte &- 48, digit < 10 else { return nil }
      number = 10 * number + Int(digit)
    }
    return number
  }

  private static func shortened(_ text: String) -> String { text.count > 40 ? text.prefix(39) + "…" : text }
}

/// Days of the Gregorian calendar, counted from 1970-01-01.
enum Calendar {
  static func days(inMonth month: Int, _ year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: 30
    case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: 31
    }
  }

  /// Years start in March here, so that the leap day is a year's last.
  static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let year = month < 3 ? year - 1 : year
    let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
    return 365 * year + floored(year, 4) - floored(year, 100) + floored(year, 400) + dayOfYear - 719_468
  }

  static func date(_ dayNumber: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = dayNumber + 719_468
    let era = floored(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    return (yearOfEra + 400 * era + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
  }

  private static func floored(_ number: Int, _ divisor: Int) -> Int {
    number >= 0 ? number / divisor : -((divisor - 1 - number) / divisor)
  }
}
