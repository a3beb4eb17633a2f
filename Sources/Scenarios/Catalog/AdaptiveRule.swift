import TextFiles

/// A decision that waits: "if rooms are below x in 2027, add ...".
///
/// The condition looks at one indicator in one year, draw by draw, and knows nothing that comes later; what it decides acts from the
/// year after on. Draws in which the condition does not hold are those of the option without the rule.
public struct AdaptiveRule: Sendable {
  public enum Trigger: Equatable, Sendable {
    case below(Double)
    case above(Double)

    public func holds(_ value: Double) -> Bool {
      switch self {
      case .below(let limit): return value < limit
      case .above(let limit): return value > limit
      }
    }
  }

  public var indicator: String
  public var year: Int
  public var trigger: Trigger
  /// Levers that are moved, or moved further, from the year after on.
  public var levers: [ScenarioDefinition.LeverChoice]
  public var location: SourceLocation

  /// The name under which attribution shows what the rule brings.
  public var id: String { "when-\(indicator)-\(year)" }
}
