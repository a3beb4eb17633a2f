/// What has to hold, for a question about robustness.
public struct RobustRequest: Sendable {
  /// An indicator; nil for every official target that can have a probability.
  public var indicator: String?
  /// The year of the goal; nil for the official target's period, or the last year.
  public var year: Int?
  /// The value to reach; nil for the official target's.
  public var reach: Double?
  /// Whether the value is not to be exceeded; nil for what the indicator's good direction says.
  public var isAtMost: Bool?
  /// Options whose failures are explained; empty for the one that meets the goal most often.
  public var explain: [String] = []

  public init() {}
}
