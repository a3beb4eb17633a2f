/// Continuous levers within ranges, an objective to be made large, and what limits them.
public struct LeverProblem {
  /// Ranges by lever; `lower` below or equal to `upper`, all finite.
  public let lower: [Double]
  public let upper: [Double]
  /// What is made as large as possible.
  public let objective: ([Double]) -> Double
  /// What a setting of the levers costs.
  public let cost: ([Double]) -> Double
  /// The most that may be spent; infinite for no limit.
  public let budget: Double
  /// Further conditions, met where the function is not negative.
  public let conditions: [([Double]) -> Double]

  /// - Throws: `tooFew` (1 lever), `lengths`, `nonFinite`, `outside`.
  public init(
    lower: [Double], upper: [Double], budget: Double = .infinity, cost: @escaping ([Double]) -> Double = { _ in 0 },
    conditions: [([Double]) -> Double] = [], objective: @escaping ([Double]) -> Double
  ) throws(DecisionError) {
    let name = "the levers"
    guard !lower.isEmpty else { throw .tooFew(method: name, what: "levers", needed: 1, found: 0) }
    guard upper.count == lower.count else {
      throw .lengths(method: name, what: "the upper limits", expected: lower.count, found: upper.count)
    }
    try DecisionError.requireFinite(lower, "the lower limits", method: name)
    try DecisionError.requireFinite(upper, "the upper limits", method: name)
    guard zip(lower, upper).allSatisfy({ $0 <= $1 }), !budget.isNaN else {
      throw .outside(
        method: name, what: "ranges and budget", expected: "lower limits not above upper ones, and a number")
    }
    self.lower = lower
    self.upper = upper
    self.budget = budget
    self.cost = cost
    self.conditions = conditions
    self.objective = objective
  }

  func with(budget: Double) -> LeverProblem {
    LeverProblem(self, budget: budget)
  }

  private init(_ other: LeverProblem, budget: Double) {
    (lower, upper, objective, cost) = (other.lower, other.upper, other.objective, other.cost)
    (conditions, self.budget) = (other.conditions, budget)
  }

  /// Levers from positions in the unit cube.
  func levers(_ unit: [Double]) -> [Double] {
    unit.indices.map { min(max(lower[$0] + unit[$0] * (upper[$0] - lower[$0]), lower[$0]), upper[$0]) }
  }

  func unit(_ levers: [Double]) -> [Double] {
    lower.indices.map { i in
      guard i < levers.count, upper[i] > lower[i] else { return 0 }
      return min(max((levers[i] - lower[i]) / (upper[i] - lower[i]), 0), 1)
    }
  }

  /// All that must not be negative: the room in the budget, then the conditions; NaN counts as violated without end.
  func slacks(_ levers: [Double]) -> [Double] {
    let room = budget.isFinite ? [budget - cost(levers)] : []
    return (room + conditions.map { $0(levers) }).map { $0.isNaN ? -.infinity : $0 }
  }
}
