/// What an outcome is to be taken apart for.
public struct SensitivityRequest: Sendable {
  public var measure: OutcomeMeasure
  /// The first is taken apart; with two and more, what learning an unknown is worth to the choice among them.
  public var scenarios: [ScenarioDefinition]
  /// Whether the change against the baseline is looked at, or the value itself.
  public var isChange: Bool
  /// Only the estimate from ordinary draws.
  public var isQuick = false
  public var withSpider = false
  /// Points of the design, a power of two.
  public var points = 1024
  /// The widest half interval that an index may keep, as a share; nil for the given points.
  public var precision: Double?
  public static let mostPoints = 16384
  /// Draws under each position of the tornado.
  public var tornadoDraws = 512

  public init(measure: OutcomeMeasure, scenarios: [ScenarioDefinition], isChange: Bool) {
    self.measure = measure
    self.scenarios = scenarios
    self.isChange = isChange
  }
}
