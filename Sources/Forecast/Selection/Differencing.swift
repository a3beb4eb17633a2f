/// How many differences a series needs before a stationary model fits it, as R's `ndiffs` and `nsdiffs` decide.
public enum Differencing {
  /// Differences until the KPSS test keeps stationarity about a level, at most `maximum`.
  ///
  /// Missing values are left out. A series that is or becomes constant needs no (more) differences.
  public static func count(_ series: [Double], level: Double = 0.05, maximum: Int = 2) -> Int {
    var x = series.filter(\.isFinite)
    var d = 0
    while d <= maximum {
      if isConstant(x) { return d }
      guard let test = try? KPSSTest(x) else { return d }
      if test.statistic.isNaN { return max(d - 1, 0) }
      guard test.rejects(level: level), d < maximum else { return d }
      d += 1
      x = ARIMASample.differenced(x, d: 1, seasonalD: 0, period: 1)
    }
    return d
  }

  /// One seasonal difference if the seasonal strength by STL exceeds 0.64, else none.
  ///
  /// - Parameter series: complete (fill gaps first).
  public static func seasonalCount(_ series: [Double], period: Int, threshold: Double = 0.64) -> Int {
    guard period > 1, series.count > 2 * period, !isConstant(series),
      let parts = try? SeasonalTrendLoess(series, period: period)
    else { return 0 }
    return parts.seasonalStrength > threshold ? 1 : 0
  }

  /// Whether all values equal the first up to 1.5e-8 of their mean size (the tolerance of R's `all.equal`).
  static func isConstant(_ x: [Double]) -> Bool {
    guard let first = x.first else { return true }
    let change = x.reduce(0) { $0 + abs($1 - first) }
    return !(change > 1.5e-8 * x.reduce(0) { $0 + abs($1) })
  }
}
