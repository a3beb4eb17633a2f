import NumericKernels

/// The seasonal random walk, or seasonal naive method: the next value is that of one season ago plus a shock.
///
///     y[t] = y[t-m] + e[t],   mean[h] = the last value of the same season,   variance[h] = ceil(h / m) sigma^2
///
/// A difference observed over k seasons has variance k sigma^2, so sigma^2 is the mean of difference^2 / k over the consecutive
/// usable observations of each season; on a complete series this is R's `snaive`. With period 1 it is ``RandomWalk``.
///
/// Edge cases: needs m + 1 usable observations and one in every season; a series that repeats itself has variance 0. If the last k
/// values of a season are missing, `parameterDeviations` at its steps is sigma sqrt(k) (one normal for all steps of a path), else 0.
public struct SeasonalNaive: ForecastModel {
  public let seasonalPeriod: Int
  /// One-step errors; after a gap of k seasons the difference divided by sqrt(k). NaN in the first season.
  public let residuals: [Double]
  private let deviation: Double
  /// The last usable value of each season, in the order of the coming steps, and the seasons since.
  private let levels: [Double]
  private let missing: [Int]

  public var name: String { Self.label(seasonalPeriod) }

  private static func label(_ period: Int) -> String { "Seasonal naive[\(period)]" }

  /// - Parameter seasonalPeriod: observations per season, at least 1.
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` for a period below 1 or a season without observation;
  ///   ``ForecastError/tooFewObservations(model:needed:found:)``; ``ForecastError/nonFinite(model:position:)``.
  public init(fitting series: [Double], seasonalPeriod: Int) throws(ForecastError) {
    guard seasonalPeriod >= 1 else {
      throw .badDesign(model: "Seasonal naive", reason: "the seasonal period must be at least 1, not \(seasonalPeriod)")
    }
    let data = try Observations(
      series, model: Self.label(seasonalPeriod), needed: min(seasonalPeriod, Int.max - 1) + 1)
    let differences = data.seasonalDifferences(period: seasonalPeriod)
    let deviation = data.rescaled(
      rootMeanSquare(differences.map(\.error), divisor: Double(max(differences.count, 1))))
    try self.init(series, data, differences, period: seasonalPeriod, deviation: deviation)
  }

  private init(
    _ series: [Double], _ data: Observations, _ differences: [(position: Int, error: Double)], period: Int,
    deviation: Double
  ) throws(ForecastError) {
    var lastBySeason = [Int?](repeating: nil, count: period)
    for position in data.positions { lastBySeason[position % period] = position }
    var levels: [Double] = []
    var missing: [Int] = []
    for step in 0..<period {
      let target = data.count + step
      guard let position = lastBySeason[target % period] else {
        throw .badDesign(
          model: Self.label(period), reason: "season \(target % period + 1) of \(period) has no observation")
      }
      levels.append(series[position])
      missing.append((target - position) / period - 1)
    }
    var residuals = [Double](repeating: .nan, count: data.count)
    for difference in differences { residuals[difference.position] = data.rescaled(difference.error) }
    seasonalPeriod = period
    self.residuals = residuals
    self.deviation = deviation
    self.levels = levels
    self.missing = missing
  }

  /// Keeps the variance.
  public func refitted(to series: [Double]) throws(ForecastError) -> SeasonalNaive {
    let data = try Observations(series, model: name, needed: 1)
    return try SeasonalNaive(
      series, data, data.seasonalDifferences(period: seasonalPeriod), period: seasonalPeriod, deviation: deviation)
  }

  public var innovationVariance: Double { deviation * deviation }

  /// The predictive distribution in the form a simulation needs.
  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    return LinearForecast(
      mean: (0..<horizon).map { levels[$0 % seasonalPeriod] },
      shockResponses: (0..<horizon).map { $0 % seasonalPeriod == 0 ? deviation : 0 },
      parameterDeviations: (0..<horizon).map { deviation * Double(missing[$0 % seasonalPeriod]).squareRoot() })
  }

  public func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    let linear = try linearForecast(horizon: horizon)
    return Prediction(mean: linear.mean, deviations: linear.standardDeviations)
  }

  public func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    try linearForecast(horizon: horizon).simulated(paths: paths, stream: stream)
  }
}

extension Observations {
  /// (difference over k seasons) / sqrt(k) of consecutive usable observations of the same season, normalised, in time order.
  fileprivate func seasonalDifferences(period: Int) -> [(position: Int, error: Double)] {
    let first = positions.first ?? 0
    var last = [Int?](repeating: nil, count: min(period, count))
    var result: [(position: Int, error: Double)] = []
    for position in positions where !last.isEmpty {
      let season = position % period
      if let earlier = last[season] {
        let steps = Double((position - earlier) / period)
        result.append((position, (normalized[position - first] - normalized[earlier - first]) / steps.squareRoot()))
      }
      last[season] = position
    }
    return result
  }
}
