/// The best setting of continuous levers that was found.
public struct LeverOptimum: Equatable, Sendable {
  public let levers: [Double]
  public let objective: Double
  public let cost: Double
  /// Whether all limits are met; if none of the settings tried meets them, this is the one that comes nearest.
  public let isFeasible: Bool
  /// Levers at the lower end of their range, at its upper end.
  public let atLower: [Int]
  public let atUpper: [Int]
  /// The budget is spent (to 1e-6 of itself).
  public let spendsBudget: Bool
  /// Conditions that hold with equality (to 1e-6 of their size over the range).
  public let bindingConditions: [Int]
  /// How often objective and limits were asked.
  public let evaluations: Int
}
