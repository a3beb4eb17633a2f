/// A named column of a regression: one value per observation.
public struct RegressionColumn: Equatable, Sendable {
  public var name: String
  public var values: [Double]

  public init(name: String, values: [Double]) {
    self.name = name
    self.values = values
  }
}
