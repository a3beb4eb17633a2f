/// Which components a ``StructuralModel`` is made of.
///
///     y[t] = level[t] + season[t] + cycle[t] + x[t]'β + irregular[t]
///     level[t+1] = level[t] + slope[t] + N(0, levelVariance)
///     slope[t+1] = φ slope[t] + N(0, slopeVariance)
///
/// Source: Harvey, Forecasting, Structural Time Series Models and the Kalman Filter (1989), chapter 2.
public struct StructuralForm: Equatable, Hashable, Sendable {
  public enum Trend: String, CaseIterable, Sendable {
    /// A constant.
    case fixedLevel
    /// A random walk, no slope.
    case localLevel
    /// A random walk with a constant slope.
    case fixedSlope
    /// The slope is a random walk, the level has no variance of its own (an integrated random walk).
    case smooth
    /// Level and slope are random walks.
    case localLinear
    /// Like ``localLinear``, with a slope that fades by φ, between 0.7 and 0.98, a step.
    case damped
  }

  public enum Season: Equatable, Hashable, Sendable {
    case none
    /// Effects that sum to a random disturbance over each `period`.
    case dummy(period: Int)
    /// All harmonics of `period`, each rotating, with one variance.
    case trigonometric(period: Int)

    public var period: Int {
      switch self {
      case .none: return 1
      case .dummy(let period), .trigonometric(let period): return period
      }
    }
  }

  public var trend: Trend
  public var season: Season
  /// Whether there is a stochastic cycle: (c, c*) is turned by a frequency and shrunk by a factor below 1 at each step, with
  /// equal disturbances in both; it starts in its stationary distribution.
  public var hasCycle: Bool

  public init(trend: Trend, season: Season = .none, hasCycle: Bool = false) {
    self.trend = trend
    self.season = season
    self.hasCycle = hasCycle
  }

  /// For example "Structural(damped trend, dummy seasonal [12])".
  public var name: String {
    var parts: [String]
    switch trend {
    case .fixedLevel: parts = ["fixed level"]
    case .localLevel: parts = ["local level"]
    case .fixedSlope: parts = ["local level with fixed slope"]
    case .smooth: parts = ["smooth trend"]
    case .localLinear: parts = ["local linear trend"]
    case .damped: parts = ["damped trend"]
    }
    switch season {
    case .none: break
    case .dummy(let period): parts.append("dummy seasonal [\(period)]")
    case .trigonometric(let period): parts.append("trigonometric seasonal [\(period)]")
    }
    if hasCycle { parts.append("cycle") }
    return "Structural(\(parts.joined(separator: ", ")))"
  }

  package var hasSlope: Bool { trend != .fixedLevel && trend != .localLevel }
  package var hasLevelVariance: Bool { trend != .fixedLevel && trend != .smooth }
  package var hasSlopeVariance: Bool { trend == .smooth || trend == .localLinear || trend == .damped }
  package var hasSeason: Bool { season.period > 1 }
  /// States of trend and season: all diffuse at the start.
  package var diffuseCount: Int { 1 + (hasSlope ? 1 : 0) + (season.period - 1) }
  package var varianceCount: Int {
    1 + (hasLevelVariance ? 1 : 0) + (hasSlopeVariance ? 1 : 0) + (hasSeason ? 1 : 0) + (hasCycle ? 1 : 0)
  }
  /// Estimated parameters: variances, φ, and the cycle's two.
  package var parameterCount: Int { varianceCount + (trend == .damped ? 1 : 0) + (hasCycle ? 2 : 0) }
}

/// The parameters of a ``StructuralModel``; what its form does not have is ignored.
public struct StructuralParameters: Equatable, Sendable {
  /// Variances of the disturbances, in the squared unit of the series.
  public var irregularVariance: Double
  public var levelVariance: Double
  public var slopeVariance: Double
  public var seasonalVariance: Double
  public var cycleVariance: Double
  /// φ
  public var damping: Double
  /// The factor by which the cycle shrinks, between 0 and 1.
  public var cycleDamping: Double
  /// In radians a step: 2π over the cycle's period.
  public var cycleFrequency: Double

  public init(
    irregularVariance: Double, levelVariance: Double = 0, slopeVariance: Double = 0, seasonalVariance: Double = 0,
    cycleVariance: Double = 0, damping: Double = 1, cycleDamping: Double = 0.9, cycleFrequency: Double = 0.5
  ) {
    self.irregularVariance = irregularVariance
    self.levelVariance = levelVariance
    self.slopeVariance = slopeVariance
    self.seasonalVariance = seasonalVariance
    self.cycleVariance = cycleVariance
    self.damping = damping
    self.cycleDamping = cycleDamping
    self.cycleFrequency = cycleFrequency
  }

  package func scaled(_ factor: Double) -> StructuralParameters {
    var result = self
    result.irregularVariance *= factor
    result.levelVariance *= factor
    result.slopeVariance *= factor
    result.seasonalVariance *= factor
    result.cycleVariance *= factor
    return result
  }
}
