/// Level, trend and season of an ``ETS`` at one time.
public struct ETSStates: Equatable, Sendable {
  public var level: Double
  /// Change per step; 0 without a trend.
  public var trend: Double
  /// One state for each of the coming steps of a period, in time order; empty without a season.
  public var season: [Double]

  public init(level: Double, trend: Double = 0, season: [Double] = []) {
    self.level = level
    self.trend = trend
    self.season = season
  }
}
