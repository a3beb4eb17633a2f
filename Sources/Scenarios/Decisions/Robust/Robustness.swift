/// How options hold against what nobody knows: futures that are drawn, and futures that are named.
public struct Robustness: Sendable {
  /// One goal, with every option.
  public struct Goal: Sendable {
    public let item: OutcomeItem
    /// The best first: by the share of futures in which the goal is met, then by expected regret.
    public let options: [Option]
    public let discoveries: [Discovery]
    /// Of the drawn futures by expected regret, and of the named ones by largest regret; nil without named futures.
    public let leastExpectedRegret: String
    public let minimaxRegret: String?
  }

  public struct Option: Sendable {
    public let id: String
    public let name: LocalizedText
    public let isBaseline: Bool
    /// What its result on the goal's indicator rests on; nil where it does not change that.
    public let weakestGrade: Grade?
    /// The share of the drawn futures in which the goal is met.
    public let satisficing: Estimate
    public let mean: Estimate
    /// What 95% of the futures are better than.
    public let bad95: Double
    /// Against the best option of the same future, in the indicator's unit.
    public let expectedRegret: Double
    public let regret95: Double
    /// By named future: the share in which the goal is met, the mean value, the regret of means.
    public let named: [Named]
    public let triggered: [(rule: AdaptiveRule, share: Double)]

    public var largestNamedRegret: Double? { named.map(\.regret).max() }
  }

  public struct Named: Sendable, Equatable {
    public let share: Estimate
    public let mean: Double
    public let regret: Double
  }

  public let model: CompiledModel
  public let settings: RunSettings
  public let fingerprint: Fingerprint
  public let futures: [FutureTable.Future]
  public let goals: [Goal]
}
