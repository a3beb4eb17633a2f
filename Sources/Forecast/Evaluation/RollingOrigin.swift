/// Forecasting again and again from the past of a series: what a model would have missed by.
///
/// ```swift
/// let record = try RollingOrigin.record(of: arrivals, horizon: 4, firstOrigin: 24) { past throws(ForecastError) in
///   try SeasonalNaive(fitting: past, seasonalPeriod: 4)
/// }
/// for step in record.steps { print(step.step, step.meanAbsoluteError, step.coverage) }
/// ```
public enum RollingOrigin {
  /// What one origin after another missed by.
  public struct Record: Equatable, Sendable {
    /// How many observations of the series (missing ones included) lie before each forecast.
    public let origins: [Int]
    public let horizon: Int
    /// `errors[i][h]` = actual - mean at step h + 1 from origin i; NaN where the actual is missing or beyond the
    /// series.
    public let errors: [[Double]]
    /// The errors divided by the forecast's standard deviation; 0/0 is 0, and a miss of a forecast without spread is
    /// infinite.
    public let standardizedErrors: [[Double]]
    /// The levels of the intervals looked at.
    public let levels: [Double]
    /// `hits[l][i][h]`: whether the interval of level l held the actual value; nil where that is missing.
    public let hits: [[[Bool?]]]
    /// The continuous ranked probability score, in the unit of the series, laid out like ``errors``.
    public let scores: [[Double]]
    /// The probability integral transforms, laid out like ``errors``; see ``PITHistogram``.
    public let transforms: [[Double]]
    /// Origins from which the model could not be fitted, with the reason.
    public let failures: [Failure]

    public struct Failure: Equatable, Sendable {
      public let origin: Int
      public let error: ForecastError
    }

    /// The mean absolute error of each step; NaN for a step without errors.
    public var meanAbsoluteErrors: [Double] { steps.map(\.meanAbsoluteError) }

    /// The mean absolute error over all origins and steps; NaN if there are none.
    public var meanAbsoluteError: Double { Self.mean(errors.joined().map { abs($0) }) }

    /// The share of actuals whose standardised error is at most `z` in size, and of how many.
    public func coverage(z: Double) -> (share: Double, count: Int) {
      let usable = standardizedErrors.joined().filter { !$0.isNaN }
      return (Double(usable.count { abs($0) <= z }) / Double(usable.count), usable.count)
    }

    /// The figures of each step; those of a step without actual values are NaN.
    public var steps: [Step] {
      (0..<horizon).map { h in
        let missed = errors.map { $0[h] }.filter { !$0.isNaN }
        let zeros = [Double](repeating: 0, count: missed.count)
        return Step(
          step: h + 1, count: missed.count, meanError: AccuracyMeasures.meanError(missed, zeros),
          meanAbsoluteError: AccuracyMeasures.meanAbsoluteError(missed, zeros),
          rootMeanSquaredError: AccuracyMeasures.rootMeanSquaredError(missed, zeros),
          meanScore: Self.mean(scores.map { $0[h] }),
          coverage: hits.map { level in
            let usable = level.compactMap { $0[h] }
            return Double(usable.count { $0 }) / Double(usable.count)
          })
      }
    }

    private static func mean(_ values: [Double]) -> Double {
      let usable = values.filter { !$0.isNaN }
      return usable.reduce(0, +) / Double(usable.count)
    }
  }

  /// The figures of one step over all origins.
  public struct Step: Equatable, Sendable {
    /// 1, 2, ...
    public let step: Int
    /// How many actual values there were.
    public let count: Int
    public let meanError: Double
    public let meanAbsoluteError: Double
    public let rootMeanSquaredError: Double
    /// The mean continuous ranked probability score.
    public let meanScore: Double
    /// The share of actual values inside the interval, for each of the record's levels.
    public let coverage: [Double]
  }

  /// Fits a model to every beginning of the series, or to the window before each origin, and compares its forecasts
  /// with what came.
  ///
  /// The model is fitted anew at every origin and never sees a later value. The cost is one fit per origin.
  ///
  /// - Parameters:
  ///   - series: observations in time order, NaN where missing.
  ///   - horizon: steps to forecast, at least 1; the last origins have fewer actuals.
  ///   - firstOrigin: how many observations lie before the first forecast; 1 ... n - 1, others are moved there.
  ///   - stride: steps between origins, at least 1.
  ///   - window: how many observations before an origin the model sees; nil for all of them.
  ///   - levels: of the central intervals, strictly between 0 and 1; others are left out.
  ///   - name: the model's, for the error about an infinite value.
  ///   - fit: fits the model to a past; an error it throws goes into ``Record/failures``.
  /// - Throws: ``ForecastError/badHorizon(_:)``; ``ForecastError/nonFinite(model:position:)`` for an infinite value
  ///   anywhere.
  public static func record(
    of series: [Double], horizon: Int, firstOrigin: Int, stride: Int = 1, window: Int? = nil,
    levels: [Double] = [0.8, 0.95], name: String = "Rolling origin",
    fit: ([Double]) throws(ForecastError) -> any ForecastModel
  ) throws(ForecastError) -> Record {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    if let position = series.firstIndex(where: \.isInfinite) { throw .nonFinite(model: name, position: position + 1) }
    let levels = levels.filter { $0 > 0 && $0 < 1 }
    var origins: [Int] = []
    var (errors, standardized) = ([[Double]](), [[Double]]())
    var (scores, transforms) = ([[Double]](), [[Double]]())
    var hits = [[[Bool?]]](repeating: [], count: levels.count)
    var failures: [Record.Failure] = []
    var origin = max(firstOrigin, 1)
    while origin < series.count {
      do throws(ForecastError) {
        let start = window.map { max(origin - max($0, 1), 0) } ?? 0
        let forecast = try fit(Array(series[start..<origin])).forecast(horizon: horizon)
        let actuals = (0..<horizon).map { $0 < series.count - origin ? series[origin + $0] : .nan }
        let missed = zip(actuals, forecast.mean).map { $0 - $1 }
        origins.append(origin)
        errors.append(missed)
        standardized.append(zip(missed, forecast.deviations).map { $0 == 0 ? 0 : $0 / $1 })
        scores.append(forecast.crps(actuals))
        transforms.append(forecast.pit(actuals))
        for (l, level) in levels.enumerated() {
          let (lower, upper) = forecast.interval(level: level)
          hits[l].append(
            actuals.indices.map { actuals[$0].isNaN ? nil : actuals[$0] >= lower[$0] && actuals[$0] <= upper[$0] })
        }
      } catch {
        failures.append(Record.Failure(origin: origin, error: error))
      }
      origin += min(max(stride, 1), series.count)
    }
    return Record(
      origins: origins, horizon: horizon, errors: errors, standardizedErrors: standardized, levels: levels,
      hits: hits, scores: scores, transforms: transforms, failures: failures)
  }

  /// ``record(of:horizon:firstOrigin:stride:window:levels:name:fit:)`` of a model that needs only the series.
  public static func errors<Model: LinearForecastModel>(
    of model: Model.Type, on series: [Double], horizon: Int, firstOrigin: Int, stride: Int = 1, window: Int? = nil
  ) throws(ForecastError) -> Record {
    try record(
      of: series, horizon: horizon, firstOrigin: firstOrigin, stride: stride, window: window, name: model.name
    ) { past throws(ForecastError) in try model.init(fitting: past) }
  }
}
