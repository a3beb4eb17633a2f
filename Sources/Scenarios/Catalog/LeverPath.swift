/// The values of a lever or a world assumption over the years, as a scenario file writes it.
public enum LeverPath: Equatable, Sendable {
  /// The same value in every year from the start of the projection.
  case hold(Double)
  /// From a year on, another value.
  case step(from: Int, value: Double)
  /// In straight line from the baseline's value in the year before `from` to `value` in `to`, and there it stays.
  case ramp(from: Int, to: Int, value: Double)
  /// A value in single years only.
  case pulse(years: [Int], value: Double)
  /// Values year by year; between given years in straight line, before the first as the baseline, after the last constant.
  case values([Int: Double])
  /// A dated project starts in this year (the lever is 0 before and 1 from then on, before delay and failure).
  case start(Int)

  /// The value in `year`, given the baseline's path.
  public func value(in year: Int, baseline: (Int) -> Double) -> Double {
    switch self {
    case .hold(let value): return value
    case .step(let from, let value): return year >= from ? value : baseline(year)
    case .ramp(let from, let to, let value):
      if year < from { return baseline(year) }
      if year >= to { return value }
      let start = baseline(from - 1)
      return start + (value - start) * Double(year - from + 1) / Double(to - from + 1)
    case .pulse(let years, let value): return years.contains(year) ? value : baseline(year)
    case .values(let values):
      if let value = values[year] { return value }
      let before = values.keys.filter { $0 < year }.max()
      let after = values.keys.filter { $0 > year }.min()
      guard let before, let start = values[before] else { return baseline(year) }
      guard let after, let end = values[after] else { return start }
      return start + (end - start) * Double(year - before) / Double(after - before)
    case .start(let from): return year >= from ? 1 : 0
    }
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

  /// The values the path names, for checks against the feasible range.
  public var namedValues: [Double] {
    switch self {
    case .hold(let value), .step(_, let value), .ramp(_, _, let value), .pulse(_, let value): return [value]
    case .values(let values): return Array(values.values)
    case .start: return []
    }
  }
}
