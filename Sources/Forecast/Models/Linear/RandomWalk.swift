/// The random walk, or naive method: the next value is the last one plus a shock.
///
///     y[t] = y[t-1] + e[t],   mean[h] = y[n],   variance[h] = h sigma^2
///
/// A difference observed over a gap of k steps has variance k sigma^2, so sigma^2 is the mean of difference^2 / k over the
/// observed differences; without gaps this is the mean square of the first differences, as in R's `naive`. It is not corrected
/// for estimated parameters, because there are none.
///
/// Edge cases: two usable observations are enough; a constant series has variance 0. If the series ends in k missing values,
/// their shocks are part of what is not known about the level: `parameterDeviations` is then sigma sqrt(k), else 0.
public struct RandomWalk: LinearForecastModel {
  public static let name = "Random walk"

  /// The last usable observation.
  public let level: Double
  /// One-step errors; after a gap of k steps the difference divided by sqrt(k).
  public let residuals: [Double]
  private let deviation: Double
  private let trailingMissing: Int

  public init(fitting series: [Double]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 2)
    let errors = data.standardizedDifferences(drift: 0)
    self.init(data, deviation: data.rescaled(rootMeanSquare(errors, divisor: Double(errors.count))))
  }

  private init(_ data: Observations, deviation: Double) {
    level = data.values.last ?? data.origin
    residuals = data.placed(data.standardizedDifferences(drift: 0).map(data.rescaled), skipping: 1)
    self.deviation = deviation
    trailingMissing = data.trailingMissing
  }

  public func refitted(to series: [Double]) throws(ForecastError) -> RandomWalk {
    RandomWalk(try Observations(series, model: Self.name, needed: 1), deviation: deviation)
  }

  public var innovationVariance: Double { deviation * deviation }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    return LinearForecast(
      mean: Array(repeating: level, count: horizon), shockResponses: Array(repeating: deviation, count: horizon),
      parameterDeviations: Array(repeating: deviation * Double(trailingMissing).squareRoot(), count: horizon))
  }
}

extension Observations {
  /// (difference - k drift) / sqrt(k) of consecutive usable observations k steps apart, normalised like `drift`.
  func standardizedDifferences(drift: Double) -> [Double] {
    let first = positions.first ?? 0
    return zip(positions, positions.dropFirst()).map { earlier, later in
      let steps = Double(later - earlier)
      return (normalized[later - first] - normalized[earlier - first] - steps * drift) / steps.squareRoot()
    }
  }
}

/// sqrt(sum of squares / divisor); the sum of squares of normalised errors can neither overflow nor vanish.
func rootMeanSquare(_ errors: [Double], divisor: Double) -> Double {
  (errors.reduce(0) { $0 + $1 * $1 } / divisor).squareRoot()
}
