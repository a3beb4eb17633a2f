/// What an outcome depends on.
public struct SensitivityResult: Sendable {
  /// The mean of the outcome with one input held at percentiles, everything else varying.
  public struct Arm: Sendable {
    public let input: SensitivityInput
    public let probabilities: [Double]
    public let means: [Double]
    /// Monte Carlo error of the difference between the last and the first.
    public let swingError: Double
    public var swing: Double { (means.last ?? 0) - (means.first ?? 0) }
    public var range: Double { (means.max() ?? 0) - (means.min() ?? 0) }
    public var isClear: Bool { abs(swing) > 2 * swingError }
    /// Nothing but rounding moves.
    public var isNothing: Bool { range <= 1e-10 * means.reduce(0) { max($0, abs($1)) } }
  }

  /// Sobol indices of one input; chance is one of them.
  public struct Share: Sendable {
    public let input: SensitivityInput
    public let first: IndexEstimate
    /// Nil from ordinary draws.
    public let total: IndexEstimate?
    /// Places it may have among the inputs, as far as the intervals tell.
    public let places: ClosedRange<Int>
  }

  /// What learning an input would be worth to the choice among the scenarios.
  public struct Worth: Sendable {
    public let input: SensitivityInput
    public let worth: ValueOfInformation.Worth
    /// What remains after the bias of the largest of noisy means; not below zero.
    public var value: Double { max(worth.value - worth.upwardBias, 0) }
    public var isClear: Bool { worth.value > worth.upwardBias + 2 * worth.standardError && value > 0 }
  }

  public struct Information: Sendable {
    public let scenarios: [String]
    public let means: [Double]
    public let choice: Int
    public let perfect: ValueOfInformation.Worth
    /// Largest first.
    public let worths: [Worth]
  }

  public let measure: OutcomeMeasure
  public let scenario: String?
  public let isChange: Bool
  /// Mean, standard deviation, 10%, 50% and 90% of the outcome in ordinary draws.
  public let mean: Double
  public let deviation: Double
  public let quantiles: [Double]
  public let inputs: [SensitivityInput]
  /// Inputs that were not told apart from chance, because there are too many.
  public let merged: [SensitivityInput]
  /// Largest range first; empty in a quick estimate.
  public let tornado: [Arm]
  /// Largest total first.
  public let shares: [Share]
  /// One less all first-order indices: what inputs do only together (with chance, in a quick estimate).
  public let interaction: Double
  public let isQuick: Bool
  public let points: Int
  public let runs: Int
  public let information: Information?
  public let draws: Int
}
