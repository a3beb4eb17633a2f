/// A day of the calendar, or the last day of a month when only the month is known.
public struct CalendarDate: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// year * 10000 + month * 100 + day
  public let number: Int
  public var year: Int { number / 10000 }

  /// Nil unless the text is `YYYY-MM-DD` or `YYYY-MM` (read as the month's last day: known by then).
  public init?(_ text: String) {
    if text.count == 10, let period = Period(text + "/" + text) {
      number = period.lastDay
    } else if text.count == 7, let period = Period(text), period.kind == .month {
      number = period.lastDay
    } else {
      return nil
    }
  }

  private init(number: Int) { self.number = number }

  /// The last day of the month that lies `months` after the month of `day` (a number as in ``number``).
  public static func months(_ months: Int, after day: Int) -> CalendarDate {
    let index = (day / 10000) * 12 + (day / 100) % 100 - 1 + months
    let (year, month) = (index / 12, index % 12 + 1)
    return CalendarDate(number: year * 10000 + month * 100 + Period.daysIn(month: month, year))
  }

  public var description: String {
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    return "\(number / 10000)-\(two(number / 100 % 100))-\(two(number % 100))"
  }

  public static func < (a: CalendarDate, b: CalendarDate) -> Bool { a.number < b.number }
}
