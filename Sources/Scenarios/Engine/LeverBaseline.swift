/// What the baseline implies for a lever, by year: its ``BaselinePath`` with the fitted baseline that it may follow.
public struct LeverBaseline: Sendable, Equatable {
  /// The year before the projection, from which ramps may start.
  private let firstYear: Int
  private let values: [Double]

  /// - Parameter values: by year from `firstYear` on; at least one.
  init(firstYear: Int, values: [Double]) {
    self.firstYear = firstYear
    self.values = values
  }

  /// The value in a year; before the first known year and after the last it stays as it is there.
  public func value(in year: Int) -> Double { values[min(max(year - firstYear, 0), values.count - 1)] }

  /// Whether it is the same in all of some years.
  func isConstant(_ years: some Collection<Int>) -> Bool {
    guard let first = years.first.map(value(in:)) else { return true }
    return years.allSatisfy { value(in: $0) == first }
  }
}
