import NumericKernels

/// How turbulent each period was for all series of a panel together, and how turbulent the next ones may be.
///
/// Innovation and noise of every series have their standard deviations multiplied by exp(v[t]), the same for all of
/// them: in an upheaval all are less certain. The log factor fades towards its mean of 0 with new disturbances,
///
///     v[t] = ρ v[t-1] + u[t],   u ~ N(0, ω²),
///
/// so that a forecast is a scale mixture of normal laws: tails are heavier than normal, the more so the further ahead,
/// and bands follow a quiet or a stormy present for a while only. Source: common stochastic volatility, Carriero, Clark
/// and Marcellino (2016), "Common Drifting Volatility in Large Bayesian VARs", Journal of Business & Economic
/// Statistics 34. Where they draw from the posterior, here the path is the mode of a penalised likelihood
/// (``AR1PlusNoise/fitPanelWithCommonVolatility(series:mean:prior:)``): dozens of series leave a year's factor
/// uncertain by a tenth, little beside ω.
///
/// ```swift
/// let fit = try AR1PlusNoise.fitPanelWithCommonVolatility(series: panel, prior: .init())
/// let errors = fit.volatility.forecastQuantiles([0.1, 0.9], of: fit.states[0], steps: 3)
/// ```
public struct CommonVolatility: Equatable, Sendable {
  /// What is assumed before the panel is seen.
  public struct Prior: Equatable, Sendable {
    /// ρ, between 0 and 1. It is not estimated: a dozen periods say little on it.
    public var persistence: Double
    /// The scale of ω.
    public var disturbance: Double
    /// How many periods the scale of ω counts for beside those observed.
    public var periods: Double

    public init(persistence: Double = 0.7, disturbance: Double = 0.3, periods: Double = 4) {
      self.persistence = persistence
      self.disturbance = disturbance
      self.periods = periods
    }
  }

  /// v[t] of every period of the fit. The first is confounded with how far apart the series started; the others have a
  /// mean of 0.
  public private(set) var path: [Double]
  /// ρ
  public let persistence: Double
  /// ω
  public let disturbance: Double
  /// The standard error of the last element of the path.
  public let lastError: Double

  /// From the log factors of a fit.
  ///
  /// ω² is the prior's and the path's sums of squares over their degrees of freedom less 2: the variance of the
  /// predictive law under an inverse gamma prior.
  ///
  /// - Parameters:
  ///   - path: one log factor per period, three at least.
  ///   - observations: of the last period: its standard error is 1 / √(2 n).
  /// - Throws: `badDesign` for a path that is too short or not finite, a persistence outside [0, 1) or a prior that is
  ///   not positive and of more than two periods.
  public init(path: [Double], prior: Prior, observations: Int) throws(ForecastError) {
    guard path.count >= 3, path.allSatisfy(\.isFinite), (0..<1).contains(prior.persistence), prior.disturbance > 0,
      prior.disturbance.isFinite, prior.periods > 2, prior.periods.isFinite
    else {
      throw .badDesign(
        model: "CommonVolatility",
        reason:
          "it needs three finite periods, a persistence in [0, 1), a positive disturbance and a prior of over 2 periods"
      )
    }
    self.path = path
    persistence = prior.persistence
    var squares = prior.periods * prior.disturbance * prior.disturbance
    for t in 2..<path.count {
      let disturbance = path[t] - prior.persistence * path[t - 1]
      squares += disturbance * disturbance
    }
    disturbance = (squares / (prior.periods + Double(path.count - 2) - 2)).squareRoot()
    lastError = (0.5 / Double(max(observations, 1))).squareRoot()
  }

  /// What was known after the first periods: the path to there, with the same law of what follows.
  ///
  /// - Throws: `tooFewObservations` for less than one period or more than the path has.
  public func known(periods: Int) throws(ForecastError) -> CommonVolatility {
    guard (1...path.count).contains(periods) else {
      throw .tooFewObservations(model: "CommonVolatility", needed: max(periods, 1), found: path.count)
    }
    var result = self
    result.path = Array(path[..<periods])
    return result
  }

  /// By what the variances of each period of the fit are multiplied.
  public var scales: [Double] { path.map { VectorMath.exp(2 * $0) } }

  /// The median of that factor 1 ... `steps` periods after the fit.
  public func medianScales(steps: Int) -> [Double] {
    var value = path[path.count - 1]
    return (0..<max(0, steps)).map { _ in
      value *= persistence
      return VectorMath.exp(2 * value)
    }
  }

  /// Log factors at the end of the fit, one for each standard normal.
  public func start(_ normals: [Double]) -> [Double] { normals.map { path[path.count - 1] + lastError * $0 } }

  /// Moves log factors on one period, each with the standard normal of its own.
  public func advance(_ values: inout [Double], _ normals: [Double]) {
    for d in values.indices { values[d] = persistence * values[d] + disturbance * normals[d] }
  }
}
