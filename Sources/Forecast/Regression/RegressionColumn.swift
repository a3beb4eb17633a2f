/// A named column of a regression: one value per observation.
public struct RegressionColumn: Equatable, Sendable {
  public var name: String
  public var values: [Double]
  /// What rounding to doubles left out of each value, if that is known (see ``PolynomialColumns``); `nil` for zeros.
  /// Heeded by ``LinearRegression`` where it refines its solve, without fixed effects.
  public var lowParts: [Double]?

  public init(name: String, values: [Double], lowParts: [Double]? = nil) {
    self.name = name
    self.values = values
    self.lowParts = lowParts
  }
}
