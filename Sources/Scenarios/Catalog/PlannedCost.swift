/// What a planner says a measure costs in one scenario (grade D), in billion VND.
public struct PlannedCost: Equatable, Sendable {
  /// Once, in the first year in which the lever leaves its baseline.
  public var capital: Double
  /// In every year in which the lever is away from its baseline.
  public var yearly: Double
}
