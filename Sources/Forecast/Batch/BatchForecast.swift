import NumericKernels

/// Forecasting the series of a file, all with one method.
///
/// ```swift
/// var settings = BatchForecast.Settings(horizon: 6)
/// settings.method = .combination
/// let forecasts = try BatchForecast.run(series, settings: settings)
/// ```
///
/// Every series gets a forecast: where the method cannot be fitted a simpler one takes its place, and the notes say so. The result
/// does not depend on the number of threads, and, but for the order of the results, not on that of the series.
public enum BatchForecast {
  public enum Method: String, CaseIterable, Sendable {
    case naive, snaive, drift, mean, ses, ets, theta, ces, arima, structural, combination
  }

  /// What the bands are calibrated on.
  public enum Calibration: String, CaseIterable, Sendable {
    /// Errors pooled over the file's series: two passes.
    case file
    /// Every series alone: its result does not depend on the others.
    case series
  }

  public struct Settings: Sendable {
    public var horizon: Int
    /// Observations per season: 12 for months, 4 for quarters, 1 for none.
    public var seasonalPeriod = 1
    public var method = Method.combination
    /// Levels of the bands, each between 0 and 1.
    public var levels = [0.8, 0.95]
    public var calibration = Calibration.file
    public var wantsComponents = false
    public var threads = 1
    public var seed: UInt64 = 1

    public init(horizon: Int) { self.horizon = horizon }
  }

  /// - Parameters:
  ///   - series: ids must differ.
  ///   - isCancelled: looked at for every series; a cancelled run throws `CancellationError`.
  ///   - progress: called now and then with the share of the work done, from several threads.
  /// - Throws: ``ForecastError`` for unusable settings or a series without a finite value.
  /// - Returns: one forecast per series, in their order.
  public static func run(
    _ series: [SeriesInput], settings: Settings, isCancelled: @escaping @Sendable () -> Bool = { false },
    progress: @escaping @Sendable (Double) -> Void = { _ in }
  ) throws -> [SeriesForecast] {
    guard settings.horizon >= 1 else { throw ForecastError.badHorizon(settings.horizon) }
    let calibrated = settings.calibration == .file ? min(series.count, CalibrationSample.limit) : 0
    let counter = BatchProgress(total: series.count + calibrated, report: progress)
    return settings.method == .combination
      ? try CombinationBatch.run(series, settings: settings, isCancelled: isCancelled, progress: counter)
      : try ModelBatch.run(series, settings: settings, isCancelled: isCancelled, progress: counter)
  }
}
