/// A value that is to be reached in a period with a probability.
public struct GoalAim: Sendable, Equatable {
  public let measure: OutcomeMeasure
  public let target: GoalTarget
  /// The indicator rests on a planner's own path: there is no probability, and the middle of the path is what is to
  /// reach the value.
  public let isAssumed: Bool

  /// - Parameter probability: nil for one half.
  public init(
    _ measure: OutcomeMeasure, value: Double, direction: GoalTarget.Direction, probability: Double?,
    in model: CompiledModel
  ) {
    self.measure = measure
    isAssumed = model.restsOnPlannersPath(measure.indicator)
    target = GoalTarget(value: value, probability: isAssumed ? 0.5 : probability ?? 0.5, direction: direction)
  }
}

/// What it takes: which values are to be reached, with which levers.
public struct GoalRequest: Sendable {
  /// What is to be small.
  public enum Yardstick: String, Sendable, CaseIterable {
    /// Extra cost in billion VND a year.
    case cost
    /// The length of the moves together, each as a share of the way to the end of the lever's feasible range:
    /// the root of the sum of their squares.
    case effort
  }

  public var aims: [GoalAim]
  public var plan: LeverPlan
  public var yardstick: Yardstick
  /// The most that may be spent, billion VND a year; nil for no limit.
  public var budget: Double?
  /// Draws of the search; the result is checked on all draws.
  public var searchDraws = 1000

  public init(aims: [GoalAim], plan: LeverPlan, yardstick: Yardstick = .effort, budget: Double? = nil) {
    self.aims = aims
    self.plan = plan
    self.yardstick = yardstick
    self.budget = budget
  }
}

/// Settings of a run of a decision method.
public struct DecisionRun: Sendable {
  public var draws: Int
  public var seed: UInt64
  public var threads: Int
  public var isCancelled: @Sendable () -> Bool

  public init(
    draws: Int, seed: UInt64, threads: Int, isCancelled: @escaping @Sendable () -> Bool = { false }
  ) {
    self.draws = draws
    self.seed = seed
    self.threads = threads
    self.isCancelled = isCancelled
  }
}
