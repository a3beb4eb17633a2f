/// A span of time that an observation, a result or a target refers to.
///
/// Written `2024`, `2024-Q1`, `2024-06`, `2024-01/2024-05` (months, inclusive), `2021/2025` (years, inclusive) or
/// `2024-04-27/2024-05-01` (days, inclusive).
public struct Period: Hashable, Sendable, Comparable, CustomStringConvertible {
  public enum Kind: UInt8, Sendable, Comparable {
    case year, quarter, month, months, years, days
    public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  public let kind: Kind
  /// The first and last day as year * 10000 + month * 100 + day.
  public let firstDay: Int
  public let lastDay: Int
  public let description: String

  public static func year(_ year: Int) -> Period {
    Period(kind: .year, firstDay: year * 10000 + 101, lastDay: year * 10000 + 1231, description: "\(year)")
  }

  private init(kind: Kind, firstDay: Int, lastDay: Int, description: String) {
    self.kind = kind
    self.firstDay = firstDay
    self.lastDay = lastDay
    self.description = description
  }

  /// Nil if the text is none of the forms or names no real month, quarter or day, or ends before it starts.
  public init?(_ text: String) {
    // Most periods are years: no need to take them apart.
    if text.utf8.count == 4, text.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let year = Int(text),
      (1900...2200).contains(year)
    {
      self = .year(year)
      return
    }
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let first = Period.part(parts[0]) else { return nil }
    guard parts.count == 2 else {
      guard first.kind != .days else { return nil }
      self.init(kind: first.kind, firstDay: first.first, lastDay: first.last, description: text)
      return
    }
    guard let last = Period.part(parts[1]), last.kind == first.kind, last.last >= first.last else { return nil }
    let kind: Kind
    switch first.kind {
    case .year: kind = .years
    case .month: kind = .months
    case .days: kind = .days
    default: return nil
    }
    self.init(kind: kind, firstDay: first.first, lastDay: last.last, description: text)
  }

  private static func part(_ text: Substring) -> (kind: Kind, first: Int, last: Int)? {
    let fields = text.split(separator: "-", omittingEmptySubsequences: false)
    // Int would accept a sign.
    guard text.utf8.allSatisfy({ ($0 >= 48 && $0 <= 57) || "-Q".utf8.contains($0) }) else { return nil }
    guard fields[0].count == 4, let year = Int(fields[0]), year >= 1900, year <= 2200 else { return nil }
    let base = year * 10000
    if fields.count == 1 { return (.year, base + 101, base + 1231) }
    if fields.count == 2, fields[1].count == 2, fields[1].first == "Q", let quarter = Int(fields[1].dropFirst()),
      (1...4).contains(quarter)
    {
      return (.quarter, base + (3 * quarter - 2) * 100 + 1, base + 300 * quarter + daysIn(month: 3 * quarter, year))
    }
    guard fields[1].count == 2, let month = Int(fields[1]), (1...12).contains(month) else { return nil }
    if fields.count == 2 { return (.month, base + month * 100 + 1, base + month * 100 + daysIn(month: month, year)) }
    guard fields.count == 3, fields[2].count == 2, let day = Int(fields[2]), day >= 1, day <= daysIn(month: month, year)
    else { return nil }
    return (.days, base + month * 100 + day, base + month * 100 + day)
  }

  static func daysIn(month: Int, _ year: Int) -> Int {
    switch month {
    case 4, 6, 9, 11: return 30
    case 2: return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
    default: return 31
    }
  }

  /// The year, for a period of exactly one calendar year.
  public var calendarYear: Int? { kind == .year ? firstDay / 10000 : nil }
  public var firstYear: Int { firstDay / 10000 }
  public var lastYear: Int { lastDay / 10000 }

  public static func < (a: Period, b: Period) -> Bool {
    (a.firstDay, a.lastDay, a.kind.rawValue) < (b.firstDay, b.lastDay, b.kind.rawValue)
  }
}
