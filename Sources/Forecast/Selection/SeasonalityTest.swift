/// Sample autocorrelations and the seasonality test of the M4 competition.
public enum SeasonalityTest {
  /// The autocorrelations of lags 1 ... `lags`, with the usual divisor: sum z[t] z[t - k] / sum z[t]^2, z = y - mean.
  ///
  /// Missing observations (NaN) add nothing to either sum. Empty where the series does not vary or has no more than
  /// `lags` steps.
  public static func autocorrelations(_ series: [Double], lags: Int) -> [Double] {
    guard lags >= 1, series.count > lags else { return [] }
    // A power of two keeps the squares of huge and tiny values in range and rounds nothing.
    let largest = series.reduce(0) { $1.isNaN ? $0 : max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return [] }
    let unit = largest.binade
    var (sum, usable) = (0.0, 0)
    for value in series where !value.isNaN {
      sum += value / unit
      usable += 1
    }
    let mean = sum / Double(usable)
    let deviations = series.map { $0.isNaN ? 0 : $0 / unit - mean }
    let variation = deviations.reduce(0) { $0 + $1 * $1 }
    // Equal observations leave only the rounding of their mean.
    guard variation > 0, variation > Double(usable) * 0x1p-100 else { return [] }
    return (1...lags).map { lag in
      var cross = 0.0
      for t in lag..<deviations.count { cross += deviations[t] * deviations[t - lag] }
      return cross / variation
    }
  }

  /// Whether the autocorrelation at the seasonal lag lies outside its 90% limits under no seasonality.
  ///
  /// The limit is Bartlett's: 1.645 sqrt((1 + 2 (r[1]^2 + ... + r[m - 1]^2)) / n), n the number of usable observations.
  ///
  /// - Parameters:
  ///   - seasonalPeriod: m; no series is seasonal with m of 1 or less.
  ///   - seasons: how many whole seasons a series must cover to be tested; 3 in the M4 competition.
  /// - Returns: false for a series too short or without variation.
  ///
  /// Source: Makridakis, Spiliotis and Assimakopoulos, International Journal of Forecasting 36 (2020).
  public static func isSeasonal(_ series: [Double], seasonalPeriod: Int, seasons: Int = 3) -> Bool {
    let usable = series.reduce(0) { $1.isNaN ? $0 : $0 + 1 }
    guard seasonalPeriod > 1, usable / seasonalPeriod >= seasons else { return false }
    let r = autocorrelations(series, lags: seasonalPeriod)
    guard let seasonal = r.last else { return false }
    let squares = r.dropLast().reduce(0) { $0 + $1 * $1 }
    return abs(seasonal) > 1.645 * ((1 + 2 * squares) / Double(usable)).squareRoot()
  }
}
