/// The members of a ``PooledCombination`` that are models of their own: dynamic optimised theta and exponential smoothing.
struct SmoothingMembers: Sendable {
  /// Empty where a model cannot be fitted.
  var theta: [Double] = []
  var smoothing: [Double] = []
  /// Standard deviations of the exponential smoothing model's errors.
  var deviations: [Double] = []

  init(_ series: AdjustedSeries, horizon: Int) {
    if let fit = try? DynamicOptimizedTheta(fitting: series.values) { theta = fit.pointForecast(horizon: horizon) }
    if let fit = try? ETS.selected(
      fitting: series.values, allowing: ETSForm.nonSeasonal,
      estimation: .steady(seasonalPeriod: series.seasonalPeriod)),
      let forecast = try? fit.forecast(horizon: horizon), forecast.isFinite
    {
      smoothing = forecast.mean
      deviations = forecast.deviations
    }
  }

  /// The mean of seasonal exponential smoothing and complex exponential smoothing, with the season; empty if neither can be fitted.
  static func seasonal(_ series: AdjustedSeries, horizon: Int) -> [Double] {
    let m = series.seasonalPeriod
    let models: [(any ForecastModel)?] = [
      try? ETS.selected(fitting: series.seasonal, seasonalPeriod: m),
      try? ComplexExponentialSmoothing(fitting: series.seasonal, seasonalPeriod: m),
    ]
    let forecasts = models.compactMap { try? $0?.forecast(horizon: horizon).mean }
      .filter { $0.allSatisfy(\.isFinite) }
    guard let first = forecasts.first else { return [] }
    return first.indices.map { step in forecasts.reduce(0) { $0 + $1[step] } / Double(forecasts.count) }
  }
}
