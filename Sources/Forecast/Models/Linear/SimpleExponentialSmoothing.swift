import NumericKernels

/// Simple exponential smoothing, ETS(A,N,N): a level that follows the data.
///
///     y[t] = l + e[t];   l' = l + alpha e[t];   mean[h] = l;   variance[h] = sigma^2 (1 + (h - 1) alpha^2)
///
/// alpha in [0.0001, 0.9999] and the initial level maximise the Gaussian likelihood, which for given alpha is least squares in
/// the level. alpha comes from a grid of 25 values refined by golden section, so it is the best of all local optima that the grid
/// tells apart. sigma^2 = sum of squared errors / max(n - 2, 1), as in R's `ets` for n of 3 and more.
///
/// Edge cases: needs three usable observations; missing ones are filtered exactly, and an error after a gap is divided by the
/// root of its variance factor; a constant series gets alpha = 0.0001 and variance 0.
///
/// Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008).
public struct SimpleExponentialSmoothing: LinearForecastModel {
  public static let name = "ETS(A,N,N)"

  public let smoothingLevel: Double
  /// The level before the first usable observation.
  public let initialLevel: Double
  /// The level after the last observation.
  public let level: Double
  public let residuals: [Double]
  /// -n/2 log(sum of squared errors), less half the logarithms of the variance factors where values are missing; infinite for
  /// an exact fit. The same constant is left out as in R's `ets`.
  public let logLikelihood: Double
  let deviation: Double
  let stateCovariance: SmoothingFilter.Covariance

  /// The range of alpha.
  static let bounds = (1e-4, 0.9999)

  public init(fitting series: [Double]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 3)
    let alpha = data.isConstant ? Self.bounds.0 : Self.bestSmoothingLevel(data.rounded)
    self.init(data, smoothingLevel: alpha, initialLevel: nil, deviation: nil)
  }

  /// The model with a given alpha and initial level; only the variance is estimated.
  ///
  /// - Parameter smoothingLevel: clamped to [0, 1].
  public init(fitting series: [Double], smoothingLevel: Double, initialLevel: Double) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 3)
    guard smoothingLevel.isFinite, initialLevel.isFinite else {
      throw .badDesign(model: Self.name, reason: "the given parameters must be finite numbers")
    }
    self.init(data, smoothingLevel: min(max(smoothingLevel, 0), 1), initialLevel: initialLevel, deviation: nil)
  }

  private init(_ data: Observations, smoothingLevel: Double, initialLevel: Double?, deviation: Double?) {
    let filter = SmoothingFilter(smoothingLevel: smoothingLevel)
    let fit = SmoothingFit(data, filter: filter, initial: initialLevel.map { ($0, 0) })
    self.smoothingLevel = smoothingLevel
    self.initialLevel = fit.initialLevel
    level = fit.level
    residuals = fit.residuals
    logLikelihood = fit.logLikelihood
    stateCovariance = fit.covariance
    self.deviation = deviation ?? fit.deviation(parameters: 2)
  }

  /// Keeps alpha and the variance; the initial level belongs to the series and is solved anew.
  public func refitted(to series: [Double]) throws(ForecastError) -> SimpleExponentialSmoothing {
    let data = try Observations(series, model: Self.name, needed: 1)
    return SimpleExponentialSmoothing(data, smoothingLevel: smoothingLevel, initialLevel: nil, deviation: deviation)
  }

  public var innovationVariance: Double { deviation * deviation }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let filter = SmoothingFilter(smoothingLevel: smoothingLevel)
    let outlook = filter.outlook(level: level, trend: 0, covariance: stateCovariance, horizon: horizon)
    return LinearForecast(
      mean: outlook.mean, shockResponses: filter.responses(horizon: horizon).map { $0 * deviation },
      parameterDeviations: outlook.stateDeviations.map { $0 * deviation })
  }

  private static func bestSmoothingLevel(_ series: [Double]) -> Double {
    var scratch = [SIMD4<Double>](repeating: .zero, count: series.count)
    func alpha(_ x: Double) -> Double { bounds.0 + (bounds.1 - bounds.0) * boxCoordinate(x) }
    func objective(_ x: Double) -> Double {
      SmoothingFilter(smoothingLevel: alpha(x)).solved(series, scratch: &scratch).objective
    }
    let cells = 24
    var (best, lowest) = (0, Double.infinity)
    for cell in 0...cells {
      let value = objective(Double(cell) / Double(cells))
      if value < lowest { (best, lowest) = (cell, value) }
    }
    let golden = 0.5 * (5.0.squareRoot() - 1)
    // boxCoordinate is symmetric about its ends, so a bracket may reach over them and a bound can be found exactly.
    var (low, high) = (Double(best - 1) / Double(cells), Double(best + 1) / Double(cells))
    var (left, right) = (high - golden * (high - low), low + golden * (high - low))
    var (leftValue, rightValue) = (objective(left), objective(right))
    while high - low > 1e-9 {
      if leftValue <= rightValue {
        (high, right, rightValue) = (right, left, leftValue)
        left = high - golden * (high - low)
        leftValue = objective(left)
      } else {
        (low, left, leftValue) = (left, right, rightValue)
        right = low + golden * (high - low)
        rightValue = objective(right)
      }
    }
    let found = 0.5 * (low + high)
    return alpha(objective(found) <= lowest ? found : Double(best) / Double(cells))
  }
}
