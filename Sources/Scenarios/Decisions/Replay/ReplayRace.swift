import Forecast

/// The bands of provinces' scores after one edition, from one fit.
///
/// The law of an error depends on the variances at which a province's filter stands, the same for all provinces whose
/// scores were published in the same years: it is worked out once for all of them.
struct ReplayRace {
  let model: AR1PlusNoise
  /// To the last edition known.
  let volatility: CommonVolatility
  private var errors: [[Double]: [[Double]]] = [:]

  init(model: AR1PlusNoise, volatility: CommonVolatility) {
    self.model = model
    self.volatility = volatility
  }

  /// Forecasts of one province from its deviations.
  ///
  /// - Parameters:
  ///   - history: deviations in the years of the volatility, NaN where missing.
  ///   - actual: later years with their deviations.
  ///   - unit: by which deviations are multiplied in what is returned.
  mutating func forecasts(
    history: [Double], lastYear: Int, actual: [(year: Int, value: Double)], unit: Double, indicator: String,
    pool: ReplayPool, area: String, asOf: CalendarDate
  ) throws -> [ReplayForecast] {
    guard let furthest = actual.map(\.year).max(), let naive = history.last, !naive.isNaN else { return [] }
    let state = try model.filtered(history, scales: volatility.scales)
    let steps = furthest - lastYear
    let predictions = state.predictions(steps: steps)
    let key = [state.levelVariance, state.shockVariance, state.covariance, Double(steps)]
    let errors = self.errors[key] ?? volatility.forecastQuantiles(NodeStatistics.probabilities, of: state, steps: steps)
    self.errors[key] = errors
    let changes = zip(history, history.dropFirst()).map { abs($1 - $0) }.filter { !$0.isNaN }
    return actual.map { year, value in
      let step = year - lastYear - 1
      return ReplayForecast(
        indicator: indicator, pool: pool, area: area, asOf: asOf, lastKnownYear: lastYear, lastKnown: unit * naive,
        year: year, quantiles: errors[step].map { unit * (predictions[step].mean + $0) }, actual: unit * value,
        scale: changes.isEmpty ? .nan : unit * changes.reduce(0, +) / Double(changes.count), isBreak: false)
    }
  }
}
