import NumericKernels

/// The members of a ``PooledCombination`` fitted to one series, before anything that the file's series share.
struct CombinationFit: Sendable {
  let series: AdjustedSeries
  let horizon: Int
  /// Forecasts by member and step, seasonally adjusted; all finite.
  let members: [[Double]]
  /// Standard deviations of the exponential smoothing model's errors by step, seasonally adjusted; empty if it has none.
  let smoothingDeviations: [Double]
  /// Sums of the absolute rolling errors of the mixture of both grids, seasonally adjusted, and how many, by step.
  let errorSums: [Double]
  let errorCounts: [Double]
  /// Mean of the seasonal models' forecasts with the season; empty where the season is not strong.
  let seasonalForecast: [Double]

  static let memberNames = [
    BilingualSentence(vi: "theta động tối ưu", en: "dynamic optimised theta"),
    BilingualSentence(vi: "san bằng mũ (ETS)", en: "exponential smoothing (ETS)"),
    BilingualSentence(vi: "xu hướng tắt dần trên logarit", en: "damped trend on logarithms"),
    BilingualSentence(vi: "xu hướng tắt dần (sai số tuyệt đối)", en: "damped trend (absolute errors)"),
    BilingualSentence(vi: "theta trên logarit", en: "theta on logarithms"),
    BilingualSentence(vi: "giá trị cuối với mức thay đổi trung vị", en: "last value with the median change"),
    BilingualSentence(vi: "lưới san bằng", en: "grid of smoothers"),
    BilingualSentence(vi: "lưới san bằng trên logarit", en: "grid of smoothers on logarithms"),
  ]

  init(_ series: AdjustedSeries, horizon: Int) {
    self.series = series
    self.horizon = horizon
    let naive = Array(repeating: series.values.last ?? 0, count: horizon)
    guard !series.isConstant, series.count > 1 else {
      members = Self.memberNames.map { _ in naive }
      smoothingDeviations = []
      (errorSums, errorCounts) = (Array(repeating: 0, count: horizon), Array(repeating: 0, count: horizon))
      seasonalForecast = []
      return
    }
    let grids = GridMixture(series, horizon: horizon)
    let models = SmoothingMembers(series, horizon: horizon)
    let candidates = [
      models.theta, models.smoothing,
      Self.back(TrendMembers.dampedTrend(series.logs, loss: .squares, horizon: horizon), series),
      TrendMembers.dampedTrend(series.values, loss: .magnitudes, horizon: horizon),
      Self.back(TrendMembers.theta(series.logs, horizon: horizon), series),
      TrendMembers.medianDrift(series.values, horizon: horizon), grids.raw, grids.log,
    ]
    members = candidates.map { $0.count == horizon && $0.allSatisfy(\.isFinite) ? $0 : naive }
    smoothingDeviations = models.deviations
    (errorSums, errorCounts) = (grids.errorSums, grids.errorCounts)
    seasonalForecast =
      CombinationConstants.ramp(series.indices.strength) > 0 ? SmoothingMembers.seasonal(series, horizon: horizon) : []
  }

  /// From logarithms, kept near the range of the data.
  private static func back(_ logs: [Double], _ series: AdjustedSeries) -> [Double] {
    guard series.isPositive else { return logs }
    let (low, high) = ((series.logs.min() ?? 0) - 3, (series.logs.max() ?? 0) + 1.5)
    return VectorMath.exp(logs.map { min(max($0, low), high) })
  }
}
