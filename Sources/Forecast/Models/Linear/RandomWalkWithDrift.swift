/// The random walk with drift: every step adds the mean change of the sample.
///
///     y[t] = y[t-1] + d + e[t],   mean[h] = y[n] + h d,   variance[h] = h sigma^2 + (h se)^2
///
/// d = (last - first) / T with T the steps between the first and the last usable observation: the generalised least-squares
/// estimate also where values are missing. sigma^2 = sum of (difference - k d)^2 / k over the m observed differences, divided by
/// m - 1; se = sigma / sqrt(T). On a complete series this is R's `rwf(drift = TRUE)`.
///
/// Edge cases: needs three usable observations; on an exact line or a constant the variance is 0. If the series ends in k missing
/// values, the mean is carried over them and `parameterDeviations` is sqrt(k sigma^2 + ((k + h) se)^2), else h se.
public struct RandomWalkWithDrift: LinearForecastModel {
  public static let name = "Random walk with drift"

  /// The last usable observation.
  public let level: Double
  /// The change per step.
  public let drift: Double
  /// The standard error of ``drift``.
  public let driftStandardError: Double
  /// One-step errors; after a gap of k steps divided by sqrt(k).
  public let residuals: [Double]
  private let deviation: Double
  private let trailingMissing: Int

  public init(fitting series: [Double]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 3)
    let steps = Double(data.span)
    let last = data.normalized[data.span]
    let drift = last / steps
    let errors = data.standardizedDifferences(drift: drift)
    let deviation = rootMeanSquare(errors, divisor: Double(errors.count - 1))
    self.init(
      data, drift: data.rescaled(drift), standardError: data.rescaled(deviation / steps.squareRoot()),
      deviation: data.rescaled(deviation), residuals: errors.map(data.rescaled))
  }

  private init(
    _ data: Observations, drift: Double, standardError: Double, deviation: Double, residuals: [Double]
  ) {
    level = data.values.last ?? data.origin
    self.drift = drift
    driftStandardError = standardError
    self.residuals = data.placed(residuals, skipping: 1)
    self.deviation = deviation
    trailingMissing = data.trailingMissing
  }

  public func refitted(to series: [Double]) throws(ForecastError) -> RandomWalkWithDrift {
    let data = try Observations(series, model: Self.name, needed: 1)
    let errors = zip(zip(data.positions, data.positions.dropFirst()), zip(data.values, data.values.dropFirst())).map {
      let steps = Double($0.1 - $0.0)
      return ($1.1 - $1.0 - steps * drift) / steps.squareRoot()
    }
    return RandomWalkWithDrift(
      data, drift: drift, standardError: driftStandardError, deviation: deviation, residuals: errors)
  }

  public var innovationVariance: Double { deviation * deviation }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let carried = deviation * Double(trailingMissing).squareRoot()
    let steps = (1...horizon).map { Double(trailingMissing + $0) }
    return LinearForecast(
      mean: steps.map { level + $0 * drift }, shockResponses: Array(repeating: deviation, count: horizon),
      parameterDeviations: steps.map { hypotenuse(carried, $0 * driftStandardError) })
  }
}

/// sqrt(a^2 + b^2) without overflow or underflow on the way.
func hypotenuse(_ a: Double, _ b: Double) -> Double {
  let larger = max(abs(a), abs(b))
  guard larger > 0, larger.isFinite else { return larger }
  let ratio = min(abs(a), abs(b)) / larger
  return larger * (1 + ratio * ratio).squareRoot()
}
