import NumericKernels

/// ``BatchForecast`` by ``PooledCombination``: one pass to calibrate on held-back series, one to forecast.
enum CombinationBatch {
  static func run(
    _ series: [SeriesInput], settings: BatchForecast.Settings, isCancelled: @escaping @Sendable () -> Bool,
    progress: BatchProgress
  ) throws -> [SeriesForecast] {
    var constants = CombinationConstants(horizon: settings.horizon, seasonalPeriod: settings.seasonalPeriod)
    if settings.calibration == .file {
      let sample = CalibrationSample.chosen(series)
      let cases = try Parallel.map(sample, threads: settings.threads, isCancelled: isCancelled) { one in
        defer { progress.advance() }
        return CombinationCalibration.Case(one.values, settings)
      }
      constants = CombinationCalibration.constants(
        cases.compactMap { $0 }, horizon: settings.horizon, seasonalPeriod: settings.seasonalPeriod)
    }
    let combination = PooledCombination(constants: constants)
    return try Parallel.map(series, threads: settings.threads, isCancelled: isCancelled) { one in
      defer { progress.advance() }
      return try forecast(one, combination, settings)
    }
  }

  private static func forecast(
    _ one: SeriesInput, _ combination: PooledCombination, _ settings: BatchForecast.Settings
  ) throws -> SeriesForecast {
    let series = try AdjustedSeries(one.values, seasonalPeriod: settings.seasonalPeriod)
    let total = settings.horizon + series.trailing
    let fit = CombinationFit(series, horizon: total)
    let outcome = combination.outcome(fit)
    let steps = series.trailing..<total
    let mean = steps.map { outcome.mean[$0] * series.unit }
    let factors = combination.constants.bands
    let bands = settings.levels.map { level -> SeriesForecast.Band in
      func bounds(_ factor: Double) -> [Double] {
        steps.map {
          series.unit
            * BandFactors.bound(
              factor, forecast: outcome.mean[$0], scale: outcome.scale[$0], isPositive: series.isPositive)
        }
      }
      return SeriesForecast.Band(
        level: level, lower: bounds(factors.factor(0.5 * (1 - level))), upper: bounds(factors.factor(0.5 * (1 + level)))
      )
    }
    var notes: [BilingualSentence] = []
    if series.bridged > 0 { notes.append(BatchTexts.bridged(series.bridged)) }
    if series.count == 1 {
      notes.append(BatchTexts.single)
    } else if series.isConstant {
      notes.append(BatchTexts.constant)
    } else if series.count < 5 {
      notes.append(BatchTexts.short(series.count))
    }
    return SeriesForecast(
      id: one.id, mean: mean, bands: SeriesForecast.ordered(bands, around: mean), model: PooledCombination.name,
      explanation: BatchTexts.combination(fit, combination), notes: notes,
      components: settings.wantsComponents ? components(fit, outcome, steps) : [])
  }

  /// Season and seasonally adjusted part; their product is the series, and the forecast.
  private static func components(
    _ fit: CombinationFit, _ outcome: PooledCombination.Outcome, _ steps: Range<Int>
  ) -> [SeriesForecast.Component] {
    let series = fit.series
    let season = steps.map { series.futureIndex($0) }
    return [
      SeriesForecast.Component(
        name: "adjusted", sample: series.values.map { $0 * series.unit },
        forecast: zip(steps, season).map { outcome.mean[$0] / $1 * series.unit }),
      SeriesForecast.Component(
        name: "season", sample: series.values.indices.map { series.indices.index(at: $0) }, forecast: season),
    ]
  }
}
