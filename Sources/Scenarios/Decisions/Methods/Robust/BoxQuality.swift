/// How well a box describes the cases of interest.
public struct BoxQuality: Equatable, Sendable {
  /// Futures inside.
  public let count: Int
  /// Cases of interest inside.
  public let cases: Int
  /// The share of all cases of interest that lie inside.
  public let coverage: Double
  /// The share of cases of interest among the futures inside; 0 for an empty box.
  public let density: Double
  /// The share of all futures that lie inside.
  public let mass: Double

  init(count: Int, cases: Int, of total: Int, cases totalCases: Int) {
    self.count = count
    self.cases = cases
    coverage = totalCases > 0 ? Double(cases) / Double(totalCases) : 0
    density = count > 0 ? Double(cases) / Double(count) : 0
    mass = total > 0 ? Double(count) / Double(total) : 0
  }

  /// 2 coverage density / (coverage + density): one number that is high only if both are.
  public var harmonicMean: Double {
    coverage + density > 0 ? 2 * coverage * density / (coverage + density) : 0
  }
}
