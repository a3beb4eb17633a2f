/// What is to be made as large as possible under a budget.
public struct OptimiseRequest: Sendable {
  public enum Objective: Sendable {
    /// The probability of reaching a value.
    case probability(GoalAim)
    /// The mean of an indicator, turned round where less is better.
    case mean(OutcomeMeasure, GoalTarget.Direction)
    /// A weighted sum of mean changes, each in standard deviations of its baseline; a negative weight, or an
    /// indicator of which less is better, turns it round.
    case weighted([(measure: OutcomeMeasure, weight: Double, direction: GoalTarget.Direction)])

    public var measures: [OutcomeMeasure] {
      switch self {
      case .probability(let aim): return [aim.measure]
      case .mean(let measure, _): return [measure]
      case .weighted(let parts): return parts.map(\.measure)
      }
    }
  }

  public var objective: Objective
  public var plan: LeverPlan
  /// Billion VND a year; nil for the front only.
  public var budget: Double?
  /// Draws of the search; every package of the front is valued on all draws.
  public var searchDraws = 1000

  public init(objective: Objective, plan: LeverPlan, budget: Double? = nil) {
    self.objective = objective
    self.plan = plan
    self.budget = budget
  }
}
