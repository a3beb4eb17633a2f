import NumericKernels

/// ``BatchForecast`` by single models: fitted series by series, their bands widened or narrowed by the file's own errors.
///
/// Calibration on the file holds every series back once, and pools (actual - forecast) / deviation over series and steps: the
/// quantiles of these errors take the place of the normal ones, blended with them as if the normal ones were those of twenty
/// series. This is split conformal prediction with normalised scores, pooled because one short series cannot tell its own.
///
/// Source: Lei, G'Sell, Rinaldo, Tibshirani and Wasserman, Journal of the American Statistical Association 113 (2018).
enum ModelBatch {
  static func run(
    _ series: [SeriesInput], settings: BatchForecast.Settings, isCancelled: @escaping @Sendable () -> Bool,
    progress: BatchProgress
  ) throws -> [SeriesForecast] {
    var factors: BandFactors?
    if settings.calibration == .file {
      factors = try calibrated(series, settings, isCancelled, progress)
    }
    let chosen = factors
    return try Parallel.map(series, threads: settings.threads, isCancelled: isCancelled) { one in
      let fitted = try FittedMethod(
        one, method: settings.method, seasonalPeriod: settings.seasonalPeriod, horizon: settings.horizon)
      progress.advance()
      return forecast(one, fitted, chosen, settings)
    }
  }

  private static func calibrated(
    _ series: [SeriesInput], _ settings: BatchForecast.Settings, _ isCancelled: @escaping @Sendable () -> Bool,
    _ progress: BatchProgress
  ) throws -> BandFactors? {
    let sample = CalibrationSample.chosen(series)
    let errors = try Parallel.map(sample, threads: settings.threads, isCancelled: isCancelled) { one -> [Double] in
      defer { progress.advance() }
      let values = one.values
      let steps = min(settings.horizon, values.count - max(2 * settings.seasonalPeriod + 3, 8))
      guard steps >= 1 else { return [] }
      var past = one
      past.values = Array(values.dropLast(steps))
      past.regressors = one.regressors.map {
        SeriesInput.Regressor(name: $0.name, values: Array($0.values.prefix(values.count)))
      }
      guard
        let fitted = try? FittedMethod(
          past, method: settings.method, seasonalPeriod: settings.seasonalPeriod, horizon: steps)
      else { return [] }
      let isPositive = past.values.allSatisfy { !($0 <= 0) }
      return (0..<steps).compactMap { step in
        let (actual, deviation) = (values[values.count - steps + step], fitted.prediction.deviations[step])
        guard !actual.isNaN, deviation > 0, deviation.isFinite else { return nil }
        return BandFactors.standardized(
          actual, forecast: fitted.prediction.mean[step], scale: deviation, isPositive: isPositive)
      }
    }.filter { !$0.isEmpty }
    guard errors.count > 1 else { return nil }
    return BandFactors.gaussian.blended(with: errors.flatMap { $0 }, series: errors.count)
  }

  private static func forecast(
    _ one: SeriesInput, _ fitted: FittedMethod, _ factors: BandFactors?, _ settings: BatchForecast.Settings
  ) -> SeriesForecast {
    let prediction = fitted.prediction
    var notes = fitted.notes
    let isPositive = one.values.allSatisfy { !($0 <= 0) }
    var bands: [SeriesForecast.Band] = []
    for level in settings.levels {
      var (lower, upper) = prediction.interval(level: level)
      if let factors {
        let (low, high) = (factors.factor(0.5 * (1 - level)), factors.factor(0.5 * (1 + level)))
        for step in 0..<settings.horizon {
          let (mean, deviation) = (prediction.mean[step], prediction.deviations[step])
          guard deviation.isFinite else { continue }
          lower[step] = BandFactors.bound(low, forecast: mean, scale: deviation, isPositive: isPositive)
          upper[step] = BandFactors.bound(high, forecast: mean, scale: deviation, isPositive: isPositive)
        }
      }
      bands.append(SeriesForecast.Band(level: level, lower: lower, upper: upper))
    }
    if bands.allSatisfy({ $0.lower == $0.upper }) { notes.append(BatchTexts.constant) }
    return SeriesForecast(
      id: one.id, mean: prediction.mean, bands: SeriesForecast.ordered(bands, around: prediction.mean),
      model: fitted.model.name, explanation: BatchTexts.explanation(settings.method, model: fitted.model.name),
      notes: notes, components: settings.wantsComponents ? fitted.components(horizon: settings.horizon) : [])
  }
}
