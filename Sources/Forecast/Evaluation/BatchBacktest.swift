/// What ``BatchForecast`` would have missed by: its methods, run again from the past of every series of a file.
///
/// From each of the last origins every method forecasts the series as they were then, exactly as a user would have got it, and is
/// compared with what came. The last origin lies `horizon` observations before the end, each earlier one a step before it, so
/// that every forecast has all its actual values. The naive method is always among them, first: it is what a method must beat.
///
/// ```swift
/// var settings = BatchBacktest.Settings(forecast: BatchForecast.Settings(horizon: 4))
/// settings.methods = [.naive, .ets, .combination]
/// let test = try BatchBacktest.run(series, settings: settings)
/// print(test.overall[1].accuracy.mase, test.overall[1].pValue ?? .nan)
/// ```
///
/// Costs methods times origins runs of ``BatchForecast``.
public struct BatchBacktest: Equatable, Sendable {
  public struct Settings: Sendable {
    /// Horizon, season, calibration, threads and seed of the forecasts; its method and levels are not used.
    public var forecast: BatchForecast.Settings
    /// Doubled ones count once.
    public var methods: [BatchForecast.Method] = [.naive]
    /// How many origins at most; a short series has fewer.
    public var origins = 10
    /// Every forecast sees so many last observations; all if nil.
    public var window: Int?

    public init(forecast: BatchForecast.Settings) { self.forecast = forecast }

    /// How many observations a forecast must see: the window, else two seasons, at least 4.
    public var shortestSample: Int { window ?? max(2 * forecast.seasonalPeriod, 4) }
  }

  /// How one method did.
  public struct MethodResult: Equatable, Sendable {
    public let method: BatchForecast.Method
    /// Over all origins (and series); intervals of 80% and 95%.
    public let accuracy: SetAccuracy
    /// The mean continuous ranked probability score divided by the scale of MASE, from 14 quantiles with the point forecast as
    /// the median; NaN without a scale.
    public let crps: Double
    /// Of the two-sided test of Diebold and Mariano against the naive method: on the mean absolute error of each origin, or over
    /// ``seriesForTest`` series or more on that of each series in units of its naive error. Nil for naive and where too few
    /// origins (series) make a test impossible.
    public let pValue: Double?
  }

  public struct SeriesResult: Equatable, Sendable {
    public let id: String
    /// How many forecasts each method made; 0 for a series that is too short.
    public let origins: Int
    /// In the order of ``BatchBacktest/methods``; empty for a series that is too short.
    public let results: [MethodResult]
  }

  /// From so many series on the overall test compares series, below it origins.
  public static let seriesForTest = 8

  public let methods: [BatchForecast.Method]
  public let horizon: Int
  public let overall: [MethodResult]
  public let series: [SeriesResult]

  /// - Parameters:
  ///   - isCancelled: looked at for every series; a cancelled run throws `CancellationError`.
  ///   - progress: called now and then with the share of the work done, from several threads.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)`` if every series is too short, and what
  ///   ``BatchForecast`` throws.
  public static func run(
    _ series: [SeriesInput], settings: Settings, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> BatchBacktest {
    let horizon = settings.forecast.horizon
    guard horizon >= 1 else { throw ForecastError.badHorizon(horizon) }
    let methods = [.naive] + BatchForecast.Method.allCases.filter { $0 != .naive && settings.methods.contains($0) }
    let origins = max(settings.origins, 1)
    let folds = (0..<origins).reversed().map { Fold(series, settings, shift: $0) }.filter { !$0.inputs.isEmpty }
    guard !folds.isEmpty else {
      throw ForecastError.tooFewObservations(
        model: "a backtest of horizon \(horizon)", needed: max(settings.shortestSample, 1) + horizon,
        found: series.map(\.values.count).max() ?? 0)
    }
    let runs = Double(folds.count * methods.count)
    var scores = methods.map { _ in [[Score]](repeating: [], count: series.count) }
    var forecast = settings.forecast
    forecast.levels = levels
    forecast.wantsComponents = false
    for (foldIndex, fold) in folds.enumerated() {
      for (index, method) in methods.enumerated() {
        if isCancelled() { throw CancellationError() }
        let done = Double(foldIndex * methods.count + index) / runs
        forecast.method = method
        let results = try BatchForecast.run(
          fold.inputs, settings: forecast, isCancelled: isCancelled, progress: { progress(done + $0 / runs) })
        for (place, result) in zip(fold.places, results) {
          let values = series[place.series].values
          scores[index][place.series].append(
            Score(
              result, training: Array(values[place.sample]),
              actuals: Array(values[place.sample.upperBound..<place.sample.upperBound + horizon]),
              seasonalPeriod: forecast.seasonalPeriod))
        }
      }
    }
    return BatchBacktest(series.map(\.id), methods, scores, horizon: horizon)
  }

  /// The levels whose bounds stand for the distribution; 80% and 95% are reported.
  private static let levels = [0.2, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98]
  static let reportedLevels = [0.8, 0.95]

  private init(_ ids: [String], _ methods: [BatchForecast.Method], _ scores: [[[Score]]], horizon: Int) {
    self.methods = methods
    self.horizon = horizon
    series = ids.indices.map { index in
      let naive = scores[0][index]
      guard !naive.isEmpty else { return SeriesResult(id: ids[index], origins: 0, results: []) }
      let results = methods.indices.map { method in
        let own = scores[method][index]
        return MethodResult(
          methods[method], own,
          pValue: method == 0
            ? nil : Self.pValue(own.map(\.absoluteError), naive.map(\.absoluteError), horizon: horizon))
      }
      return SeriesResult(id: ids[index], origins: naive.count, results: results)
    }
    overall = methods.indices.map { method in
      MethodResult(
        methods[method], scores[method].flatMap { $0 },
        pValue: method == 0 ? nil : Self.overallPValue(scores[method], scores[0], horizon: horizon))
    }
  }

  private static func pValue(_ own: [Double], _ naive: [Double], horizon: Int) -> Double? {
    // With few origins the correction for overlapping forecasts leaves nothing to test.
    let n = Double(own.count)
    let h = Double(horizon)
    guard n + 1 - 2 * h + h * (h - 1) / n > 0 else { return nil }
    return (try? DieboldMariano(own, naive, horizon: horizon, loss: .absolute))?.pValue()
  }

  private static func overallPValue(_ own: [[Score]], _ naive: [[Score]], horizon: Int) -> Double? {
    // In units of the series' naive error, so that series of any size weigh alike.
    var (mine, theirs) = ([[Double]](), [[Double]]())
    for (a, b) in zip(own, naive) where !a.isEmpty {
      let errors = b.map(\.absoluteError).filter(\.isFinite)
      let unit = errors.reduce(0) { $0 + $1 / Double(errors.count) }
      guard unit > 0, unit.isFinite else { continue }
      mine.append(a.map { $0.absoluteError / unit })
      theirs.append(b.map { $0.absoluteError / unit })
    }
    if mine.count >= seriesForTest {
      return pValue(mine.map(mean), theirs.map(mean), horizon: 1)
    }
    return pValue(perOrigin(mine), perOrigin(theirs), horizon: horizon)
  }

  /// The mean over the series of each origin, which are counted from the last one.
  private static func perOrigin(_ errors: [[Double]]) -> [Double] {
    let count = errors.map(\.count).max() ?? 0
    return (0..<count).reversed().map { back in
      mean(errors.compactMap { $0.count > back ? $0[$0.count - 1 - back] : nil })
    }
  }

  private static func mean(_ values: [Double]) -> Double {
    let usable = values.filter { !$0.isNaN }
    return usable.reduce(0, +) / Double(usable.count)
  }

  /// The series as they were `shift` steps before the last origin.
  private struct Fold {
    var inputs: [SeriesInput] = []
    var places: [(series: Int, sample: Range<Int>)] = []

    init(_ series: [SeriesInput], _ settings: Settings, shift: Int) {
      for (index, one) in series.enumerated() {
        let end = one.values.count - settings.forecast.horizon - shift
        let shortest = max(settings.shortestSample, 1)
        guard end >= shortest else { continue }
        let sample = (settings.window == nil ? 0 : end - shortest)..<end
        let actuals = one.values[end..<end + settings.forecast.horizon]
        guard one.values[sample].contains(where: { !$0.isNaN }), actuals.contains(where: { !$0.isNaN }) else {
          continue
        }
        inputs.append(SeriesInput(id: one.id, values: Array(one.values[sample])))
        places.append((index, sample))
      }
    }
  }

  /// One forecast against what came.
  fileprivate struct Score {
    let accuracy: SeriesAccuracy
    let crps: Double
    var absoluteError: Double { accuracy.meanAbsoluteError }

    init(_ forecast: SeriesForecast, training: [Double], actuals: [Double], seasonalPeriod: Int) {
      let intervals = forecast.bands.filter { BatchBacktest.reportedLevels.contains($0.level) }.map {
        SeriesAccuracy.Interval(level: $0.level, lower: $0.lower, upper: $0.upper)
      }
      accuracy = SeriesAccuracy(
        actuals: actuals, mean: forecast.mean, intervals: intervals, training: training, seasonalPeriod: seasonalPeriod)
      let bands = forecast.bands.sorted { $0.level > $1.level }
      let probabilities =
        bands.map { 0.5 * (1 - $0.level) } + [0.5] + bands.reversed().map { 0.5 * (1 + $0.level) }
      var scores: [Double] = []
      for step in actuals.indices where !actuals[step].isNaN {
        let quantiles =
          bands.map { $0.lower[step] } + [forecast.mean[step]] + bands.reversed().map { $0.upper[step] }
        scores.append(
          DistributionScores.quantileCRPS(actual: actuals[step], quantiles: quantiles, probabilities: probabilities))
      }
      let scale = AccuracyMeasures.seasonalScale(of: training, seasonalPeriod: seasonalPeriod)
      crps = scale > 0 ? scores.reduce(0, +) / Double(scores.count) / scale : .nan
    }
  }
}

extension BatchBacktest.MethodResult {
  fileprivate init(_ method: BatchForecast.Method, _ scores: [BatchBacktest.Score], pValue: Double?) {
    self.method = method
    accuracy = SetAccuracy(scores.map(\.accuracy))
    let usable = scores.map(\.crps).filter { !$0.isNaN }
    crps = usable.reduce(0, +) / Double(usable.count)
    self.pValue = pValue
  }

  /// What the measures compare by: MASE, or without a scale sMAPE.
  var loss: Double { accuracy.mase.isFinite ? accuracy.mase : accuracy.smape }
}

// MARK: - What it says

extension BatchBacktest {
  /// What a reader wants to know of the results of a series, or of all.
  public struct Verdict: Equatable, Sendable {
    /// How wide a band proved to be.
    public enum Width: Sendable {
      case asPromised, tooNarrow, tooWide
    }

    /// The method with the least error; among equals the first.
    public let best: MethodResult
    public let naive: MethodResult
    /// The share by which the error of ``best`` is smaller than that of naive; 0 if naive is best.
    public let gain: Double
    /// The method whose bands are judged: the combination if it took part, else ``best``.
    public let fan: MethodResult
    /// Of the 80% band.
    public let width: Width

    /// - Parameter forecasts: how many forecasts there were; steps of one forecast miss together, so they count as one.
    public init?(_ results: [MethodResult], forecasts: Int) {
      guard let naive = results.first, let best = results.min(by: { $0.loss < $1.loss }) else { return nil }
      self.best = best
      self.naive = naive
      gain = best.method == naive.method || !(naive.loss > 0) ? 0 : 1 - best.loss / naive.loss
      fan = results.first { $0.method == .combination } ?? best
      let level = 0.8
      let covered = fan.accuracy.intervals.first { $0.level == level }?.coverage ?? .nan
      let reach = 2 * (level * (1 - level) / Double(max(forecasts, 1))).squareRoot()
      width = covered < level - reach ? .tooNarrow : covered > level + reach ? .tooWide : .asPromised
    }
  }
}
