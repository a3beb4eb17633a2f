/// What a comparison of options looks at.
public struct ComparisonRequest: Sendable {
  /// The one number by draw that options are ranked by; larger is better.
  public enum Objective: Equatable, Sendable {
    /// The mean improvement of the headline indicators in the last year; see ``HeadlineScale``.
    case improvement
    /// The number of official targets met.
    case targets
    /// An indicator in the last year, in its own unit and its good direction.
    case indicator(String)
  }

  /// A user's weight of a criterion: an indicator with a good direction, `targets`, `improvement` or `cost`.
  public struct Weight: Equatable, Sendable {
    public var criterion: String
    public var weight: Double

    public init(criterion: String, weight: Double) {
      self.criterion = criterion
      self.weight = weight
    }
  }

  public var objective = Objective.improvement
  /// What may be spent beyond the baseline, billion VND a year.
  public var budget: Double?
  /// Yearly, 0.08 for 8%; nil leaves costs undiscounted.
  public var discountRate: Double?
  public var weights: [Weight] = []
  /// The largest Monte Carlo standard error that a probability may have; draws are added until none is larger.
  public var precision: Double?
  /// Whether each option's improvement is split into contributions of its levers.
  public var byLever = false

  /// More draws than this are not made for a precision: they would not fit into the memory of an ordinary computer.
  public static let mostDraws = 250_000

  public init() {}
}
