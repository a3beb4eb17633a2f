/// The values of a lever or a world assumption over the years, as a scenario file writes it.
public enum LeverPath: Equatable, Sendable {
  /// The same amount in every year from the start of the projection.
  case hold(Amount)
  /// From a year on, another amount.
  case step(from: Int, value: Amount)
  /// In straight line from the baseline's value in the year before `from` to `value` in `to`, and there it stays.
  case ramp(from: Int, to: Int, value: Amount)
  /// An amount in single years only.
  case pulse(years: [Int], value: Amount)
  /// Amounts year by year; between given years in straight line, before the first as the baseline, after the last constant.
  case values([Int: Amount])
  /// A dated project starts in this year (the lever is 0 before and 1 from then on, before delay and failure).
  case start(Int)

  /// The value in `year`, given the baseline's path.
  public func value(in year: Int, baseline: (Int) -> Double) -> Double {
    value(in: year, baseline: baseline, unchanged: baseline)
  }

  /// The value in `year` of a path that starts from another one, such as what a rule revises.
  ///
  /// A way between two multiples is straight in multiples: a ramp to `1.2x` is at `1.1x` half-way, whatever the baseline does. A way
  /// from or to an amount in the lever's unit is straight in that unit.
  ///
  /// - Parameters:
  ///   - baseline: what multiples refer to.
  ///   - unchanged: the value in the years of which this path says nothing.
  func value(in year: Int, baseline: (Int) -> Double, unchanged: (Int) -> Double) -> Double {
    switch self {
    case .hold(let amount): return amount.value(base: baseline(year))
    case .step(let from, let amount): return year >= from ? amount.value(base: baseline(year)) : unchanged(year)
    case .ramp(let from, let to, let amount):
      if year < from { return unchanged(year) }
      if year >= to { return amount.value(base: baseline(year)) }
      let share = Double(year - from + 1) / Double(to - from + 1)
      let before = unchanged(from - 1)
      switch amount {
      case .value(let value): return before + (value - before) * share
      case .multiple(let multiple):
        let base = baseline(from - 1)
        let start = base == 0 ? 1 : before / base
        return (start + (multiple - start) * share) * baseline(year)
      }
    case .pulse(let years, let amount):
      return years.contains(year) ? amount.value(base: baseline(year)) : unchanged(year)
    case .values(let amounts):
      if let amount = amounts[year] { return amount.value(base: baseline(year)) }
      guard let before = amounts.keys.filter({ $0 < year }).max(), let start = amounts[before] else {
        return unchanged(year)
      }
      guard let after = amounts.keys.filter({ $0 > year }).min(), let end = amounts[after] else {
        return start.value(base: baseline(year))
      }
      let share = Double(year - before) / Double(after - before)
      if case .multiple(let first) = start, case .multiple(let second) = end {
        return (first + (second - first) * share) * baseline(year)
      }
      let (first, second) = (start.value(base: baseline(before)), end.value(base: baseline(after)))
      return first + (second - first) * share
    case .start(let from): return year >= from ? 1 : 0
    }
  }

  /// A value between stated ones: in straight line between two years, constant before the first and after the last; not a number where
  /// nothing is stated.
  static func interpolated(_ values: [Int: Double], in year: Int) -> Double {
    let first = values.keys.min().flatMap { values[$0] } ?? .nan
    return LeverPath.values(values.mapValues { .value($0) }).value(in: year, baseline: { _ in first })
  }

  /// The years in which the path says something itself, for checks against the horizon.
  public var namedYears: [Int] {
    switch self {
    case .hold: return []
    case .step(let from, _), .start(let from): return [from]
    case .ramp(let from, let to, _): return [from, to]
    case .pulse(let years, _): return years
    case .values(let values): return values.keys.sorted()
    }
  }

  /// The amounts the path names, with the years of `horizon` in which it stands at them, for checks against the feasible range.
  public func namedAmounts(_ horizon: ClosedRange<Int>) -> [(amount: Amount, years: [Int])] {
    func from(_ year: Int) -> [Int] { horizon.filter { $0 >= year } }
    switch self {
    case .hold(let amount): return [(amount, Array(horizon))]
    case .step(let year, let amount), .ramp(_, let year, let amount): return [(amount, from(year))]
    case .pulse(let years, let amount): return [(amount, years)]
    case .values(let amounts):
      let last = amounts.keys.max()
      return amounts.sorted { $0.key < $1.key }.map { ($1, $0 == last ? from($0) : [$0]) }
    case .start: return []
    }
  }
}
