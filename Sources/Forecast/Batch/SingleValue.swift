import NumericKernels

/// One observation, carried forward: all that can be said, with a spread that comes from elsewhere.
///
/// The deviation of a step is h^(1/2) times a tenth of the observation's size: about how much the yearly series of forecasting
/// competitions change from one year to the next (see ``AdjustedSeries/typicalRelativeChange``).
struct SingleValue: ForecastModel {
  let level: Double
  let residuals: [Double]

  /// - Precondition: one value that is not NaN.
  init(_ series: [Double]) {
    level = series.first { !$0.isNaN } ?? 0
    residuals = series.map { _ in .nan }
  }

  var name: String { RandomWalk.name }

  func refitted(to series: [Double]) throws(ForecastError) -> SingleValue {
    guard series.contains(where: { !$0.isNaN }) else { throw .tooFewObservations(model: name, needed: 1, found: 0) }
    return SingleValue(series.suffix(1))
  }

  func forecast(horizon: Int) throws(ForecastError) -> Prediction {
    guard horizon >= 1 else { throw .badHorizon(horizon) }
    let spread = abs(level) * AdjustedSeries.typicalRelativeChange
    return Prediction(
      mean: Array(repeating: level, count: horizon), deviations: (1...horizon).map { spread * Double($0).squareRoot() })
  }

  func simulate(horizon: Int, paths: Int, stream: RandomStream) throws(ForecastError) -> SimulatedPaths {
    let spread = abs(level) * AdjustedSeries.typicalRelativeChange
    return LinearForecast(
      mean: Array(repeating: level, count: max(horizon, 1)),
      shockResponses: Array(repeating: spread, count: max(horizon, 1)),
      parameterDeviations: Array(repeating: 0, count: max(horizon, 1))
    ).simulated(paths: max(paths, 1), stream: stream)
  }
}
