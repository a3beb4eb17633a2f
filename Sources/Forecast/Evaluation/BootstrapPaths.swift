import NumericKernels

/// Sample paths whose shocks are drawn from a model's past errors instead of a Gaussian.
///
/// The residuals (NaN left out) are centred and drawn with replacement, one per step and path. In the linear form a
/// drawn residual is divided by the residuals' standard deviation, because shock responses carry the innovation
/// deviation; the paths then have the variance of the Gaussian ones and the shape of the errors.
///
/// Source: Hyndman and Athanasopoulos, "Forecasting: Principles and Practice", 3rd edition (2021), section 5.5.
public enum BootstrapPaths {
  /// Paths of a model in linear form.
  ///
  /// - Parameters:
  ///   - stream: step h takes the uniforms of item h, the error of the parameters the normals of item 0.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)`` with fewer than two residuals. Residuals
  ///   without spread give paths without shocks.
  public static func paths(
    of model: some LinearForecastModel, horizon: Int, paths: Int, stream: RandomStream
  ) throws(ForecastError) -> SimulatedPaths {
    try Self.paths(
      of: try model.linearForecast(horizon: horizon), residuals: model.residuals, paths: paths, stream: stream,
      name: model.name)
  }

  /// Paths of a predictive distribution in linear form, with the residuals of its model.
  public static func paths(
    of forecast: LinearForecast, residuals: [Double], paths: Int, stream: RandomStream, name: String = "Bootstrap"
  ) throws(ForecastError) -> SimulatedPaths {
    let shocks = try centred(residuals, name)
    let largest = shocks.reduce(0) { max($0, abs($1)) }
    let unit = largest > 0 ? largest.binade : 1
    let deviation = rootMeanSquare(shocks.map { $0 / unit }, divisor: Double(shocks.count))
    let standard = shocks.map { deviation > 0 ? $0 / unit / deviation : 0 }
    var result = SimulatedPaths(horizon: forecast.horizon, count: paths)
    var parameterShock = [Double](repeating: 0, count: paths)
    parameterShock.withUnsafeMutableBufferPointer { stream.normals(item: 0, firstDraw: 0, into: $0) }
    var drawn: [[Double]] = []
    for h in 0..<forecast.horizon {
      drawn.append(draws(of: standard, count: paths, item: h + 1, stream: stream))
      for path in 0..<paths {
        var value = forecast.mean[h] + forecast.parameterDeviations[h] * parameterShock[path]
        for j in 0...h { value += forecast.shockResponses[h - j] * drawn[j][path] }
        result[h, path] = value
      }
    }
    return result
  }

  /// Paths of any model: each step's one-step forecast plus a drawn residual, after which the model takes that value
  /// in.
  ///
  /// The cost is a refit (without search) of the whole series per step and path. The error of the parameters is not
  /// part of it.
  ///
  /// - Parameter series: what the model was fitted to.
  /// - Throws: as ``ForecastModel/refitted(to:)`` and ``ForecastModel/forecast(horizon:)`` do, and
  ///   ``ForecastError/tooFewObservations(model:needed:found:)`` with fewer than two residuals.
  public static func refittedPaths<Model: ForecastModel>(
    of model: Model, series: [Double], horizon: Int, paths: Int, stream: RandomStream
  ) throws(ForecastError) -> SimulatedPaths {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let shocks = try centred(model.residuals, model.name)
    let drawn = (0..<horizon).map { draws(of: shocks, count: paths, item: $0 + 1, stream: stream) }
    var result = SimulatedPaths(horizon: horizon, count: paths)
    let first = try model.forecast(horizon: 1).mean[0]
    for path in 0..<paths {
      var extended = series
      for h in 0..<horizon {
        let mean = h == 0 ? first : try model.refitted(to: extended).forecast(horizon: 1).mean[0]
        extended.append(mean + drawn[h][path])
        result[h, path] = mean + drawn[h][path]
      }
    }
    return result
  }

  private static func centred(_ residuals: [Double], _ name: String) throws(ForecastError) -> [Double] {
    let usable = residuals.filter(\.isFinite)
    guard usable.count >= 2 else { throw .tooFewObservations(model: name, needed: 2, found: usable.count) }
    let mean = usable.reduce(0) { $0 + $1 / Double(usable.count) }
    return usable.map { $0 - mean }
  }

  private static func draws(of values: [Double], count: Int, item: Int, stream: RandomStream) -> [Double] {
    var uniforms = [Double](repeating: 0, count: count)
    uniforms.withUnsafeMutableBufferPointer { stream.uniforms(item: item, firstDraw: 0, into: $0) }
    return uniforms.map { values[min(Int($0 * Double(values.count)), values.count - 1)] }
  }
}
