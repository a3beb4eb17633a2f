/// Two ``SmootherGrid``s of a series, on values and on logarithms, as two forecasts; and the rolling errors of both together.
struct GridMixture: Sendable {
  /// Forecasts by step, seasonally adjusted.
  let raw: [Double]
  let log: [Double]
  /// Sums of absolute errors of the joint mixture at all origins, and how many, by step.
  private(set) var errorSums: [Double]
  private(set) var errorCounts: [Double]

  /// - Parameter series: not constant, at least two values.
  init(_ series: AdjustedSeries, horizon: Int) {
    let m = series.seasonalPeriod
    let rawGrid = SmootherGrid(series, onLogs: false, horizon: horizon)
    let logGrid = series.isPositive ? SmootherGrid(series, onLogs: true, horizon: horizon) : rawGrid
    let rawPrior = GridWeights.prior(onLogs: false, seasonalPeriod: m)
    let logPrior = GridWeights.prior(onLogs: true, seasonalPeriod: m)
    let origins = rawGrid.originCount
    raw = rawGrid.forecast(
      weights: GridWeights.of(losses: rawGrid.losses, originCount: origins, prior: rawPrior)[...])
    log = logGrid.forecast(
      weights: GridWeights.of(losses: logGrid.losses, originCount: origins, prior: logPrior)[...])
    let joint = GridWeights.of(
      losses: rawGrid.losses + logGrid.losses, originCount: origins, prior: (rawPrior + logPrior).map { 0.5 * $0 })
    var forecasts = [Double](repeating: 0, count: rawGrid.origins.count * horizon)
    rawGrid.addMixture(weights: joint[..<SmootherGrid.cellCount], to: &forecasts)
    logGrid.addMixture(weights: joint[SmootherGrid.cellCount...], to: &forecasts)
    errorSums = Array(repeating: 0, count: horizon)
    errorCounts = errorSums
    for (row, origin) in rawGrid.origins.enumerated() {
      for step in 0..<min(horizon, series.count - origin) {
        errorSums[step] += abs(series.values[origin + step] - forecasts[row * horizon + step])
        errorCounts[step] += 1
      }
    }
  }
}
