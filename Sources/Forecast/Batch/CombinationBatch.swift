import NumericKernels

/// ``BatchForecast`` by ``PooledCombination``: one pass to calibrate on held-back series, one to forecast.
enum CombinationBatch {
  /// So many series are held back at most; the pooled constants hardly change beyond a few hundred.
  static let calibrationSeries = 1000

  static func run(
    _ series: [SeriesInput], settings: BatchForecast.Settings, isCancelled: @escaping @Sendable () -> Bool,
    progress: @escaping @Sendable (Double) -> Void
  ) throws -> [SeriesForecast] {
    let constants =
      settings.calibration == .file
      ? try calibrate(series, settings, isCancelled)
      : CombinationConstants(horizon: settings.horizon, seasonalPeriod: settings.seasonalPeriod)
    return try Parallel.map(series, threads: settings.threads, isCancelled: isCancelled) { one in
      try forecast(one, constants, settings)
    }
  }

  private static func calibrate(
    _ series: [SeriesInput], _ settings: BatchForecast.Settings, _ isCancelled: @escaping @Sendable () -> Bool
  ) throws -> CombinationConstants {
    // A sample and an order that depend on the ids only.
    let keyed = series.indices.map { index -> (key: UInt64, index: Int) in
      var hash = StableHash()
      hash.combine(series[index].id)
      return (hash.value, index)
    }
    let chosen = keyed.sorted { ($0.key, series[$0.index].id) < ($1.key, series[$1.index].id) }.prefix(calibrationSeries)
    let sample = chosen.map { series[$0.index].values }
    let cases = try Parallel.map(sample, threads: settings.threads, isCancelled: isCancelled) {
      values -> CombinationCalibration.Case? in
      guard let adjusted = try? AdjustedSeries(values, seasonalPeriod: settings.seasonalPeriod),
        let (past, actuals) = CombinationCalibration.heldBack(adjusted, horizon: settings.horizon)
      else { return nil }
      return CombinationCalibration.Case(
        fit: CombinationFit(past, horizon: settings.horizon), actuals: actuals, seasonalChange: past.seasonalChange)
    }.compactMap { $0 }
    return CombinationCalibration.constants(
      cases, horizon: settings.horizon, seasonalPeriod: settings.seasonalPeriod)
  }

  private static func forecast(
    _ one: SeriesInput, _ constants: CombinationConstants, _ settings: BatchForecast.Settings
  ) throws -> SeriesForecast {
    let series = try AdjustedSeries(one.values, seasonalPeriod: settings.seasonalPeriod)
    let combination = PooledCombination(
      constants: constants, horizon: settings.horizon, seasonalPeriod: settings.seasonalPeriod)
    let fit = CombinationFit(series, horizon: settings.horizon)
    let outcome = combination.outcome(fit)
    let bands = settings.levels.map { level -> SeriesForecast.Band in
      let (low, high) = (constants.bands.factor(0.5 * (1 - level)), constants.bands.factor(0.5 * (1 + level)))
      func bounds(_ factor: Double) -> [Double] {
        (0..<settings.horizon).map {
          BandFactors.bound(factor, forecast: outcome.mean[$0], scale: outcome.scale[$0], isPositive: series.isPositive)
            * series.unit
        }
      }
      return SeriesForecast.Band(level: level, lower: bounds(low), upper: bounds(high))
    }
    return SeriesForecast(
      id: one.id, mean: outcome.mean.map { $0 * series.unit }, bands: bands, model: PooledCombination.name,
      explanation: BilingualSentence(vi: "", en: ""))
  }
}
