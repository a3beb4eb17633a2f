import NumericKernels

extension ETS {
  /// Means and 95% half widths of the best form without a season, for members of a combination.
  ///
  /// - Parameters:
  ///   - series: seasonally adjusted; forms with multiplicative errors take part only if it is positive.
  ///   - seasonalPeriod: of the original series; it only sets how fast the trend may change
  ///     (``ETSEstimation/steady(seasonalPeriod:)``).
  package static func nonSeasonalForecast(
    fitting series: [Double], horizon: Int, seasonalPeriod: Int = 1
  ) throws(ForecastError) -> (mean: [Double], halfWidths: [Double], model: ETS) {
    let model = try selected(
      fitting: series, allowing: ETSForm.nonSeasonal, estimation: .steady(seasonalPeriod: seasonalPeriod))
    let forecast = try model.forecast(horizon: horizon)
    let z = VectorMath.normalQuantile(0.975)
    return (forecast.mean, forecast.deviations.map { z * $0 }, model)
  }
}
