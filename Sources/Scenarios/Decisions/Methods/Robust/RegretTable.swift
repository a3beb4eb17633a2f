import NumericKernels

/// Options against futures: what each option gives up in each future compared with the best option there.
///
///     regret(option, future) = max over options of the outcome in that future - outcome(option, future)
///
/// The largest regret grows with the number of futures when these are random draws, so it belongs to a few named
/// futures; for draws the expected and the 95th percentile regret are the ones to read. Sources: Savage (1951);
/// Lempert, Popper and Bankes (2003).
public struct RegretTable: Sendable {
  public struct Row: Equatable, Sendable {
    public let option: Int
    public let expectedOutcome: Double
    public let worstOutcome: Double
    public let expectedRegret: Double
    /// Regret that 5% of the futures exceed (type 7 quantile; with probabilities, the smallest regret that 95% do not
    /// exceed).
    public let regret95: Double
    public let largestRegret: Double
    /// The future of the largest regret; the first of several.
    public let worstFuture: Int
  }

  /// By option.
  public let rows: [Row]
  /// By option and future, in the outcome's unit; never negative.
  public let regrets: [[Double]]
  private let outcomes: [[Double]]
  private let probabilities: [Double]?
  private static let name = "the regret table"

  /// - Parameters:
  ///   - outcomes: by option and future; larger is better.
  ///   - probabilities: of the futures, not negative, adding up to 1; nil for equal ones.
  /// - Throws: `tooFew` (1 option, 1 future), `lengths`, `nonFinite`, `outside`.
  public init(_ outcomes: [[Double]], probabilities: [Double]? = nil) throws(DecisionError) {
    let name = RegretTable.name
    let futures = try DecisionError.requireColumns(outcomes, "option", rows: 1, method: name)
    if let probabilities {
      guard probabilities.count == futures else {
        throw .lengths(method: name, what: "the probabilities", expected: futures, found: probabilities.count)
      }
      guard probabilities.allSatisfy({ $0 >= 0 }), abs(Reductions.sum(probabilities) - 1) < 1e-9 else {
        throw .outside(method: name, what: "the probabilities", expected: "not negative and add up to 1")
      }
    }
    let best = (0..<futures).map { future in outcomes.reduce(-Double.infinity) { max($0, $1[future]) } }
    let regrets = outcomes.map { option in zip(best, option).map { $0 - $1 } }
    func mean(_ values: [Double]) -> Double {
      guard let probabilities else { return Reductions.mean(values) }
      return Reductions.sum(zip(values, probabilities).map { $0 * $1 })
    }
    rows = outcomes.indices.map { option in
      var worst = 0
      for future in 0..<futures where regrets[option][future] > regrets[option][worst] { worst = future }
      return Row(
        option: option, expectedOutcome: mean(outcomes[option]), worstOutcome: outcomes[option].min() ?? .nan,
        expectedRegret: mean(regrets[option]), regret95: RegretTable.percentile95(regrets[option], probabilities),
        largestRegret: regrets[option][worst], worstFuture: worst)
    }
    self.regrets = regrets
    self.outcomes = outcomes
    self.probabilities = probabilities
  }

  /// The option whose largest regret is smallest; the first of several.
  public var minimaxRegret: Int {
    rows.reduce(0) { $1.largestRegret < rows[$0].largestRegret ? $1.option : $0 }
  }

  /// Hurwicz's rule by option: `optimism` times the best outcome plus the rest times the worst.
  public func hurwicz(optimism: Double) throws(DecisionError) -> [Double] {
    guard optimism >= 0, optimism <= 1 else {
      throw .outside(method: "Hurwicz's rule", what: "the optimism", expected: "from 0 to 1")
    }
    return outcomes.map { option in
      optimism * (option.max() ?? .nan) + (1 - optimism) * (option.min() ?? .nan)
    }
  }

  /// By option: the share (or probability) of futures whose outcome is at least `threshold`.
  public func satisficing(threshold: Double) -> [Double] {
    outcomes.map { option in
      guard let probabilities else {
        return Double(option.count { $0 >= threshold }) / Double(option.count)
      }
      return Reductions.sum(zip(option, probabilities).map { $0 >= threshold ? $1 : 0 })
    }
  }

  private static func percentile95(_ values: [Double], _ probabilities: [Double]?) -> Double {
    guard let probabilities else { return Quantiles.of(values, [0.95])[0] }
    var sum = 0.0
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    for future in order {
      sum += probabilities[future]
      if sum >= 0.95 - 1e-12 { return values[future] }
    }
    return values.max() ?? .nan
  }
}
