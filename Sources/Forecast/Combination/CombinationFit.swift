import NumericKernels

/// The members of a ``PooledCombination`` fitted to one series, before anything that the file's series share.
struct CombinationFit: Sendable {
  let series: AdjustedSeries
  let horizon: Int
  /// Forecasts of the members that need no prior, seasonally adjusted, by member and step.
  let members: [[Double]]
  /// Standard deviations of the exponential smoothing model's errors by step, seasonally adjusted; empty if it has none.
  let smoothingDeviations: [Double]
  let rawGrid: SmootherGrid
  let logGrid: SmootherGrid
  let rawEvidence: GridPrior.Evidence
  let logEvidence: GridPrior.Evidence
  let jointEvidence: GridPrior.Evidence
  /// Mean of the seasonal models' forecasts with the season; empty where the season is not strong.
  let seasonalForecast: [Double]

  /// Seasons weaker than this need no seasonal model.
  static let seasonalThreshold = 0.3

  init(_ series: AdjustedSeries, horizon: Int) {
    self.series = series
    self.horizon = horizon
    rawGrid = SmootherGrid(series, onLogs: false, horizon: horizon)
    logGrid = series.isPositive ? SmootherGrid(series, onLogs: true, horizon: horizon) : rawGrid
    rawEvidence = GridPrior.Evidence(losses: rawGrid.losses, originCount: rawGrid.originCount)
    logEvidence = GridPrior.Evidence(losses: logGrid.losses, originCount: logGrid.originCount)
    jointEvidence = GridPrior.Evidence(losses: rawGrid.losses + logGrid.losses, originCount: rawGrid.originCount)
    let fitted = SmoothingMembers(series, horizon: horizon)
    let naive = Array(repeating: series.values.last ?? 0, count: horizon)
    let candidates = [
      fitted.theta, fitted.smoothing,
      Self.back(TrendMembers.dampedTrend(series.logs, loss: .squares, horizon: horizon), series),
      TrendMembers.dampedTrend(series.values, loss: .magnitudes, horizon: horizon),
      Self.back(TrendMembers.theta(series.logs, horizon: horizon), series),
      TrendMembers.medianDrift(series.values, horizon: horizon),
    ]
    members = candidates.map { $0.count == horizon && $0.allSatisfy(\.isFinite) ? $0 : naive }
    smoothingDeviations = fitted.deviations
    seasonalForecast =
      series.indices.strength > Self.seasonalThreshold ? SmoothingMembers.seasonal(series, horizon: horizon) : []
  }

  /// From logarithms, kept near the range of the data.
  private static func back(_ logs: [Double], _ series: AdjustedSeries) -> [Double] {
    guard series.isPositive else { return logs }
    let (low, high) = ((series.logs.min() ?? 0) - 3, (series.logs.max() ?? 0) + 1.5)
    return VectorMath.exp(logs.map { min(max($0, low), high) })
  }
}
