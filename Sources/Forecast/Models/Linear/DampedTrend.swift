import NumericKernels

/// Exponential smoothing with a damped trend, ETS(A,Ad,N).
///
///     y[t] = l + phi b + e[t];   l' = l + phi b + alpha e[t];   b' = phi b + beta e[t]
///     mean[h] = l + (phi + ... + phi^h) b;   c_0 = 1, c_k = alpha + beta (phi + ... + phi^k)
///     variance[h] = sigma^2 (c_0^2 + ... + c_(h-1)^2)
///
/// alpha in [0.0001, 0.9999], beta in [0.0001, alpha], phi in [0.8, 0.98] and the initial states l0, b0 maximise the Gaussian
/// likelihood. For given alpha, beta, phi the states are least squares; the three are searched for by simplex from the three best
/// cells of a grid, without random numbers. The search sees the series without its unit and origin, so a change of either does
/// not change the parameters. sigma^2 = sum of squared errors / max(n - 5, 1), as in R's `ets` for n above 5.
///
/// Edge cases: needs five usable observations, and with fewer than about ten the five parameters follow the data too closely: the
/// variance is then too small (``Combination`` asks for eight). Missing values are filtered exactly, and an error after a gap is
/// divided by the root of its variance factor. A constant series gets no trend and variance 0.
///
/// Source: Gardner and McKenzie, Management Science 31 (1985); Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential
/// Smoothing (2008).
public struct DampedTrend: LinearForecastModel {
  public static let name = "ETS(A,Ad,N)"

  /// alpha, beta and phi
  public struct Parameters: Equatable, Sendable {
    public var smoothingLevel: Double
    public var smoothingTrend: Double
    public var damping: Double

    public init(smoothingLevel: Double, smoothingTrend: Double, damping: Double) {
      self.smoothingLevel = smoothingLevel
      self.smoothingTrend = smoothingTrend
      self.damping = damping
    }

    var filter: SmoothingFilter {
      SmoothingFilter(smoothingLevel: smoothingLevel, smoothingTrend: smoothingTrend, damping: damping)
    }
  }

  public let parameters: Parameters
  /// The states before the first usable observation.
  public let initialLevel: Double
  public let initialTrend: Double
  /// The states after the last observation.
  public let level: Double
  public let trend: Double
  public let residuals: [Double]
  /// -n/2 log(sum of squared errors), less half the logarithms of the variance factors where values are missing; infinite for
  /// an exact fit. The same constant is left out as in R's `ets`.
  public let logLikelihood: Double
  private let deviation: Double
  private let stateCovariance: SmoothingFilter.Covariance

  public init(fitting series: [Double]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 5)
    self.init(data, parameters: Self.bestParameters(data), initial: nil, deviation: nil)
  }

  /// The model with given parameters and initial states; only the variance is estimated.
  ///
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` unless 0 <= beta <= alpha <= 1, 0 <= phi <= 1 and the states are finite.
  public init(
    fitting series: [Double], parameters: Parameters, initialLevel: Double, initialTrend: Double
  ) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 5)
    guard parameters.smoothingTrend >= 0, parameters.smoothingTrend <= parameters.smoothingLevel,
      parameters.smoothingLevel <= 1, parameters.damping >= 0, parameters.damping <= 1, initialLevel.isFinite,
      initialTrend.isFinite
    else {
      throw .badDesign(model: Self.name, reason: "needs 0 <= beta <= alpha <= 1, 0 <= phi <= 1 and finite states")
    }
    self.init(data, parameters: parameters, initial: (initialLevel, initialTrend), deviation: nil)
  }

  private init(
    _ data: Observations, parameters: Parameters, initial: (level: Double, trend: Double)?, deviation: Double?
  ) {
    let fit = SmoothingFit(data, filter: parameters.filter, initial: initial)
    self.parameters = parameters
    initialLevel = fit.initialLevel
    initialTrend = fit.initialTrend
    level = fit.level
    trend = fit.trend
    residuals = fit.residuals
    logLikelihood = fit.logLikelihood
    stateCovariance = fit.covariance
    self.deviation = deviation ?? fit.deviation(parameters: 5)
  }

  /// Keeps alpha, beta, phi and the variance; the initial states belong to the series and are solved anew.
  public func refitted(to series: [Double]) throws(ForecastError) -> DampedTrend {
    let data = try Observations(series, model: Self.name, needed: 2)
    return DampedTrend(data, parameters: parameters, initial: nil, deviation: deviation)
  }

  public var innovationVariance: Double { deviation * deviation }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let filter = parameters.filter
    let outlook = filter.outlook(level: level, trend: trend, covariance: stateCovariance, horizon: horizon)
    return LinearForecast(
      mean: outlook.mean, shockResponses: filter.responses(horizon: horizon).map { $0 * deviation },
      parameterDeviations: outlook.stateDeviations.map { $0 * deviation })
  }

  private static func parameters(at point: SIMD4<Double>) -> Parameters {
    let alpha = 1e-4 + (0.9999 - 1e-4) * boxCoordinate(point[0])
    return Parameters(
      smoothingLevel: alpha, smoothingTrend: 1e-4 + (alpha - 1e-4) * boxCoordinate(point[1]),
      damping: 0.8 + 0.18 * boxCoordinate(point[2]))
  }

  private static func bestParameters(_ data: Observations) -> Parameters {
    guard !data.isConstant else { return parameters(at: .zero) }
    let series = data.rounded
    var scratch = [SIMD4<Double>](repeating: .zero, count: series.count)
    func objective(_ point: SIMD4<Double>) -> Double {
      parameters(at: point).filter.solved(series, scratch: &scratch).objective
    }
    var starts: [(point: SIMD4<Double>, value: Double)] = []
    for x in [0.0, 0.2, 0.4, 0.6, 0.8, 1.0] {
      for y in [0.0, 0.3, 0.6, 0.9] {
        for z in [0.1, 0.5, 0.9] {
          let point = SIMD4(x, y, z, 0)
          starts.append((point, objective(point)))
        }
      }
    }
    // Stable, so that equal values keep the order of the grid.
    starts.sort { $0.value < $1.value }
    var best = starts[0]
    for start in starts.prefix(3) {
      let found = NelderMead.minimize(
        objective, from: start.point, dimensions: 3, step: 0.15, pointTolerance: 1e-4, valueTolerance: 1e-7,
        evaluations: 200)
      if found.value < best.value { best = found }
    }
    // A fresh simplex: the old one may have collapsed short of the optimum.
    let polished = NelderMead.minimize(
      objective, from: best.point, dimensions: 3, step: 0.05, pointTolerance: 1e-7, valueTolerance: 1e-12,
      evaluations: 300)
    return parameters(at: polished.value < best.value ? polished.point : best.point)
  }
}
