/// The states of an ``ETS`` at every observation, in the unit of the series (multiplicative seasons: factors).
///
/// Element t is the state after observation t, NaN before the first usable one; after the last usable one the states move on
/// without errors. The season at t belongs to the season of observation t.
public struct ETSComponents: Equatable, Sendable {
  public let levels: [Double]
  /// Empty without a trend.
  public let trends: [Double]
  /// Empty without a season.
  public let seasons: [Double]

  /// - Parameters:
  ///   - leading: how many missing values precede the first state.
  ///   - levels, trends, seasons: after each observation from the first usable one on.
  init(form: ETSForm, leading: Int, count: Int, levels: [Double], trends: [Double], seasons: [Double]) {
    func padded(_ values: [Double]) -> [Double] {
      let missing = [Double](repeating: .nan, count: leading)
      let rest = [Double](repeating: .nan, count: max(count - leading - values.count, 0))
      return missing + values + rest
    }
    self.levels = padded(levels)
    self.trends = form.hasTrend ? padded(trends) : []
    self.seasons = form.isSeasonal ? padded(seasons) : []
  }
}
