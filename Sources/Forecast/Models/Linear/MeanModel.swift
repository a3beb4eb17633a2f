/// A constant mean: every value is the mean plus a shock.
///
///     y[t] = mu + e[t],   mean[h] = m,   variance[h] = s^2 (1 + 1 / n)
///
/// with m the mean and s^2 the variance (divisor n - 1) of the n usable observations. s / sqrt(n), the standard error of the mean,
/// is the parameter deviation of every step; the shocks have no after-effect. Means and deviations are those of R's `meanf`; its
/// bands take Student's quantile with n - 1 degrees of freedom where ours, like all of this library's, are Gaussian.
///
/// Edge cases: needs two usable observations; missing ones are left out; a constant series has variance 0.
public struct MeanModel: LinearForecastModel {
  public static let name = "Mean"

  public let mean: Double
  /// y - mean, NaN where missing.
  public let residuals: [Double]
  private let deviation: Double
  private let meanDeviation: Double

  public init(fitting series: [Double]) throws(ForecastError) {
    let data = try Observations(series, model: Self.name, needed: 2)
    let first = data.positions.first ?? 0
    let values = data.positions.map { data.normalized[$0 - first] }
    let count = Double(values.count)
    let centre = values.reduce(0, +) / count
    let errors = values.map { $0 - centre }
    let deviation = rootMeanSquare(errors, divisor: count - 1)
    mean = data.origin + data.rescaled(centre)
    residuals = data.placed(errors.map(data.rescaled))
    self.deviation = data.rescaled(deviation)
    meanDeviation = data.rescaled(deviation / count.squareRoot())
  }

  private init(mean: Double, residuals: [Double], deviation: Double, meanDeviation: Double) {
    self.mean = mean
    self.residuals = residuals
    self.deviation = deviation
    self.meanDeviation = meanDeviation
  }

  /// Keeps the mean, its standard error and the variance.
  public func refitted(to series: [Double]) throws(ForecastError) -> MeanModel {
    let data = try Observations(series, model: Self.name, needed: 1)
    return MeanModel(
      mean: mean, residuals: data.placed(data.values.map { $0 - mean }), deviation: deviation,
      meanDeviation: meanDeviation)
  }

  /// s / sqrt(n).
  public var meanStandardError: Double { meanDeviation }

  public var innovationVariance: Double { deviation * deviation }

  public func linearForecast(horizon: Int) throws(ForecastError) -> LinearForecast {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    return LinearForecast(
      mean: Array(repeating: mean, count: horizon),
      shockResponses: [deviation] + Array(repeating: 0, count: horizon - 1),
      parameterDeviations: Array(repeating: meanDeviation, count: horizon))
  }
}
