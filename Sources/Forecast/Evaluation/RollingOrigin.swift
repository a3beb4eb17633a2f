/// Forecasting again and again from the past of a series: what a model would have missed by.
///
/// ```swift
/// let record = try RollingOrigin.errors(of: Theta.self, on: arrivals, horizon: 4, firstOrigin: 8)
/// print(record.meanAbsoluteErrors)      // by step
/// ```
public enum RollingOrigin {
  /// Errors by origin and step; see ``RollingOrigin/errors(of:on:horizon:firstOrigin:stride:)``.
  public struct Record: Equatable, Sendable {
    /// How many observations of the series (missing ones included) each forecast has seen.
    public let origins: [Int]
    public let horizon: Int
    /// `errors[i][h]` = actual - mean at step h + 1 from origin i; NaN where the actual is missing or beyond the series.
    public let errors: [[Double]]
    /// The errors divided by the forecast's standard deviation; 0/0 is 0, and a miss of a forecast without spread is infinite.
    public let standardizedErrors: [[Double]]
    /// Origins from which the model could not be fitted, with the reason.
    public let failures: [Failure]

    public struct Failure: Equatable, Sendable {
      public let origin: Int
      public let error: ForecastError
    }

    /// The mean absolute error of each step; NaN for a step without errors.
    public var meanAbsoluteErrors: [Double] { (0..<horizon).map { h in Self.mean(errors.map { abs($0[h]) }) } }

    /// The mean absolute error over all origins and steps; NaN if there are none.
    public var meanAbsoluteError: Double { Self.mean(errors.joined().map(abs)) }

    /// The share of actuals whose standardised error is at most `z` in size, and of how many.
    public func coverage(z: Double) -> (share: Double, count: Int) {
      let usable = standardizedErrors.joined().filter { !$0.isNaN }
      return (Double(usable.count { abs($0) <= z }) / Double(usable.count), usable.count)
    }

    private static func mean(_ values: [Double]) -> Double {
      let usable = values.filter { !$0.isNaN }
      return usable.reduce(0, +) / Double(usable.count)
    }
  }

  /// Fits `model` to every beginning of the series and compares its forecasts with what came.
  ///
  /// The model is fitted anew at every origin and never sees a later value. The cost is one fit per origin.
  ///
  /// - Parameters:
  ///   - series: observations in time order, NaN where missing.
  ///   - horizon: steps to forecast, at least 1; the last origins have fewer actuals.
  ///   - firstOrigin: how many observations the first forecast sees; 1 ... n - 1, others are moved there.
  ///   - stride: steps between origins, at least 1.
  /// - Throws: ``ForecastError/badHorizon(_:)``; ``ForecastError/nonFinite(model:position:)`` for an infinite value anywhere.
  public static func errors<Model: LinearForecastModel>(
    of model: Model.Type, on series: [Double], horizon: Int, firstOrigin: Int, stride: Int = 1
  ) throws(ForecastError) -> Record {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    if let position = series.firstIndex(where: \.isInfinite) {
      throw .nonFinite(model: model.name, position: position + 1)
    }
    var origins: [Int] = []
    var (errors, standardized) = ([[Double]](), [[Double]]())
    var failures: [Record.Failure] = []
    var origin = max(firstOrigin, 1)
    while origin < series.count {
      do throws(ForecastError) {
        let forecast = try model.init(fitting: Array(series[..<origin])).linearForecast(horizon: horizon)
        let deviations = forecast.standardDeviations
        let missed = (0..<horizon).map { h in
          origin + h < series.count ? series[origin + h] - forecast.mean[h] : .nan
        }
        origins.append(origin)
        errors.append(missed)
        standardized.append(zip(missed, deviations).map { $0 == 0 ? 0 : $0 / $1 })
      } catch {
        failures.append(Record.Failure(origin: origin, error: error))
      }
      origin += max(stride, 1)
    }
    return Record(
      origins: origins, horizon: horizon, errors: errors, standardizedErrors: standardized, failures: failures)
  }
}
