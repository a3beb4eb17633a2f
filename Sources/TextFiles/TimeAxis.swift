/// The equally spaced times of a series, which go on beyond its last one.
///
/// Days that lie a month, a quarter or a year apart are counted in months, whatever the day of the month: the ends of months are
/// as regular as their first days. Other days are counted in days.
public struct TimeAxis: Sendable, Equatable {
  /// What is wrong with a time, by its place among the sorted times.
  public enum Problem: Sendable, Equatable {
    /// The same time as the one before.
    case duplicate(Int)
    /// So many times are missing before this one; the first of them.
    case gap(Int, missing: Int, first: String)
    /// Nearer to the time before than others are, or between two regular times.
    case irregular(Int)

    public var place: Int {
      switch self {
      case .duplicate(let place), .gap(let place, _, _), .irregular(let place): place
      }
    }
  }

  private enum Unit: Sendable, Equatable {
    case label(TimeLabel.Kind)
    /// Months written as days, on this day of the month or on the last one.
    case monthsAsDays(dayOfMonth: Int)
  }

  private let unit: Unit
  private let first: Int
  /// How many numbers, quarters, months or days lie between two times.
  public let spacing: Int

  /// Finds the spacing, the commonest one, and everything that deviates from it.
  ///
  /// - Parameter times: in order, all of one kind, at least one.
  public static func find(in times: [TimeLabel]) -> (axis: TimeAxis, problems: [Problem]) {
    guard let start = times.first else {
      return (TimeAxis(unit: .label(.number), first: 1, spacing: 1), [])
    }
    var unit = Unit.label(start.kind)
    var positions = times.map(\.position)
    if start.kind == .day, let dayOfMonth = monthly(positions) {
      unit = .monthsAsDays(dayOfMonth: dayOfMonth)
      positions = positions.map(monthNumber)
    }
    let spacing = commonest(positions)
    let axis = TimeAxis(unit: unit, first: positions[0], spacing: spacing)
    var problems: [Problem] = []
    for place in positions.indices.dropFirst() {
      let step = positions[place] - positions[place - 1]
      if step == spacing { continue }
      if step == 0 {
        problems.append(.duplicate(place))
      } else if step > spacing, step.isMultiple(of: spacing) {
        problems.append(
          .gap(place, missing: step / spacing - 1, first: axis.text(positions[place - 1] + spacing)))
      } else {
        problems.append(.irregular(place))
      }
    }
    return (axis, problems)
  }

  /// The time `index` spacings after the first one, as text in the form of the file.
  public func text(at index: Int) -> String { text(first + index * spacing) }

  /// The day on which the time starts, as ISO text; nil for numbers.
  public func day(at index: Int) -> String? {
    let position = first + index * spacing
    switch unit {
    case .label(.number): return nil
    case .label(.quarter): return TimeLabel.dayText((position / 4, position % 4 * 3 + 1, 1))
    case .label(.month): return TimeLabel.dayText((position / 12, position % 12 + 1, 1))
    case .label(.day), .monthsAsDays: return text(position)
    }
  }

  /// How many spacings a time lies after the first one; nil if it is of another kind or lies between two times.
  public func index(of time: TimeLabel) -> Int? {
    var position = time.position
    switch unit {
    case .label(let kind): guard kind == time.kind else { return nil }
    case .monthsAsDays:
      guard time.kind == .day else { return nil }
      position = Self.monthNumber(position)
    }
    let (index, rest) = (position - first).quotientAndRemainder(dividingBy: spacing)
    return rest == 0 ? index : nil
  }

  /// How many times make a year: 12 for months, 4 for quarters, 2 for half-years; 1 for years, days and numbers.
  public var timesPerYear: Int {
    let perYear =
      switch unit {
      case .label(.quarter): 4
      case .label(.month), .monthsAsDays: 12
      case .label(.number), .label(.day): 1
      }
    return perYear.isMultiple(of: spacing) ? perYear / spacing : 1
  }

  /// How many months lie between two times; nil for numbers and days.
  public var monthsApart: Int? {
    switch unit {
    case .label(.quarter): 3 * spacing
    case .label(.month), .monthsAsDays: spacing
    case .label(.number), .label(.day): nil
    }
  }

  /// Whether the times are written as quarters.
  public var isQuarters: Bool { unit == .label(.quarter) }

  private func text(_ position: Int) -> String {
    switch unit {
    case .label(let kind): return TimeLabel(kind: kind, position: position).description
    case .monthsAsDays(let dayOfMonth):
      let (year, month) = (position / 12, position % 12 + 1)
      return TimeLabel.dayText((year, month, min(dayOfMonth, Calendar.days(inMonth: month, year))))
    }
  }

  private static func monthNumber(_ day: Int) -> Int {
    let date = Calendar.date(day)
    return 12 * date.year + date.month - 1
  }

  /// The day of the month of days that lie months apart; nil if they do not.
  private static func monthly(_ days: [Int]) -> Int? {
    var steps: [Int] = []
    for (before, day) in zip(days, days.dropFirst()) where day > before { steps.append(day - before) }
    guard let least = steps.min(), let most = steps.max() else { return nil }
    // Months are never of one length four times running; years are.
    if least == most, steps.count > 2, most < 300 { return nil }
    guard steps.sorted()[steps.count / 2] >= 28 else { return nil }
    let dates = days.map(Calendar.date)
    if dates.allSatisfy({ $0.day == Calendar.days(inMonth: $0.month, $0.year) }) { return 31 }
    return dates.map(\.day).max()
  }

  /// The commonest step, among equals the smallest; 1 for a single time.
  private static func commonest(_ positions: [Int]) -> Int {
    var steps: [Int] = []
    steps.reserveCapacity(positions.count)
    for (before, position) in zip(positions, positions.dropFirst()) where position > before {
      steps.append(position - before)
    }
    guard let first = steps.first else { return 1 }
    if steps.allSatisfy({ $0 == first }) { return first }
    steps.sort()
    var (best, bestCount) = (first, 0)
    var start = 0
    while start < steps.count {
      var end = start
      while end < steps.count, steps[end] == steps[start] { end += 1 }
      if end - start > bestCount { (best, bestCount) = (steps[start], end - start) }
      start = end
    }
    return best
  }
}
