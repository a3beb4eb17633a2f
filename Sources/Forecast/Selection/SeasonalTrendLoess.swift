/// A series taken apart into trend, season and remainder by loess (STL), without robustness weights.
///
/// Two passes of: smooth each season's own subseries (local constant, `seasonalWindow`), take off what is left of low frequency
/// (moving averages of m, m and 3, then loess over the next odd number from m), smooth the deseasonalised series (local line,
/// window the next odd number from 1.5 m / (1 - 1.5 / seasonalWindow)). Each loess is computed at every tenth of its window and
/// interpolated between, so the numbers are those of R's `stl(s.window = seasonalWindow)`.
///
/// Source: Cleveland, Cleveland, McRae and Terpenning, Journal of Official Statistics 6 (1990).
public struct SeasonalTrendLoess: Sendable {
  public let trend: [Double]
  public let season: [Double]
  public let remainder: [Double]

  /// - Parameters:
  ///   - series: more than two periods, finite.
  ///   - seasonalWindow: odd, at least 3; 11 is what R's `mstl` takes for a single season.
  /// - Throws: ``ForecastError/tooFewObservations(model:needed:found:)``, `nonFinite`, `badDesign`.
  public init(_ series: [Double], period: Int, seasonalWindow: Int = 11) throws(ForecastError) {
    guard period >= 2, seasonalWindow >= 3 else {
      throw .badDesign(model: "STL", reason: "needs a period of at least 2 and a window of at least 3")
    }
    if let bad = series.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(model: "STL", position: bad + 1) }
    let n = series.count
    guard n > 2 * period else { throw .tooFewObservations(model: "STL", needed: 2 * period + 1, found: n) }
    func nextOdd(_ x: Int) -> Int { x % 2 == 0 ? x + 1 : x }
    func jump(_ window: Int) -> Int { (window + 9) / 10 }
    let exact = 1.5 * Double(period) / (1 - 1.5 / Double(seasonalWindow))
    let trendWindow = max(3, nextOdd(Int(exact.rounded(.up))))
    let lowWindow = max(3, nextOdd(period))
    var trend = [Double](repeating: 0, count: n)
    var season = trend
    for _ in 0..<2 {
      let detrended = zip(series, trend).map { $0 - $1 }
      var cycle = [Double](repeating: 0, count: n + 2 * period)
      for phase in 0..<period {
        let sub = stride(from: phase, to: n, by: period).map { detrended[$0] }
        let k = sub.count
        let smooth = Self.loess(sub, window: seasonalWindow, isLine: false, jump: jump(seasonalWindow))
        let (left, right) = (min(seasonalWindow, k), max(1, k - seasonalWindow + 1))
        cycle[phase] = Self.point(sub, at: 0, from: 1, to: left, window: seasonalWindow, isLine: false) ?? smooth[0]
        for i in 0..<k { cycle[phase + (i + 1) * period] = smooth[i] }
        cycle[phase + (k + 1) * period] =
          Self.point(sub, at: Double(k + 1), from: right, to: k, window: seasonalWindow, isLine: false) ?? smooth[k - 1]
      }
      let filtered = Self.average(Self.average(Self.average(cycle, period), period), 3)
      let low = Self.loess(filtered, window: lowWindow, isLine: true, jump: jump(lowWindow))
      for t in 0..<n { season[t] = cycle[period + t] - low[t] }
      trend = Self.loess(
        zip(series, season).map { $0 - $1 }, window: trendWindow, isLine: true, jump: jump(trendWindow))
    }
    self.trend = trend
    self.season = season
    remainder = (0..<n).map { series[$0] - trend[$0] - season[$0] }
  }

  /// How much of the detrended series is season: 1 - var(remainder) / var(remainder + season), within 0 ... 1.
  ///
  /// Source: Wang, Smith and Hyndman, Data Mining and Knowledge Discovery 13 (2006).
  public var seasonalStrength: Double {
    let whole = Self.variance(zip(remainder, season).map { $0 + $1 })
    guard whole > 0 else { return 0 }
    return min(max(1 - Self.variance(remainder) / whole, 0), 1)
  }

  private static func variance(_ x: [Double]) -> Double {
    let mean = x.reduce(0, +) / Double(x.count)
    return x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(x.count - 1, 1))
  }

  private static func average(_ x: [Double], _ length: Int) -> [Double] {
    var sum = x[..<length].reduce(0, +)
    var result = [sum / Double(length)]
    for i in length..<x.count {
      sum += x[i] - x[i - length]
      result.append(sum / Double(length))
    }
    return result
  }

  /// Loess at every `jump`-th point and the last one, straight lines between.
  private static func loess(_ y: [Double], window: Int, isLine: Bool, jump: Int) -> [Double] {
    let n = y.count
    guard n >= 2 else { return y }
    let jump = min(jump, n - 1)
    var result = y
    // Positions count from 1.
    func span(_ i: Int) -> (Int, Int) {
      if window >= n { return (1, n) }
      let half = (window + 1) / 2
      if i < half { return (1, window) }
      if i >= n - half + 1 { return (n - window + 1, n) }
      return (i - half + 1, window + i - half)
    }
    func fill(from a: Int, to b: Int) {
      guard b > a + 1 else { return }
      let slope = (result[b - 1] - result[a - 1]) / Double(b - a)
      for i in a + 1..<b { result[i - 1] = result[a - 1] + slope * Double(i - a) }
    }
    var last = 1
    var range = (1, min(window, n))
    for i in stride(from: 1, through: n, by: jump) {
      range = span(i)
      result[i - 1] = point(y, at: Double(i), from: range.0, to: range.1, window: window, isLine: isLine) ?? y[i - 1]
      if i > 1 { fill(from: last, to: i) }
      last = i
    }
    if last != n {
      result[n - 1] = point(y, at: Double(n), from: range.0, to: range.1, window: window, isLine: isLine) ?? y[n - 1]
      fill(from: last, to: n)
    }
    return result
  }

  /// The tricube-weighted local mean or line at `x`; nil without any weight.
  private static func point(
    _ y: [Double], at x: Double, from: Int, to: Int, window: Int, isLine: Bool
  ) -> Double? {
    let n = y.count
    var reach = max(x - Double(from), Double(to) - x)
    if window > n { reach += Double((window - n) / 2) }
    var weights = [Double](repeating: 0, count: to - from + 1)
    var total = 0.0
    for j in from...to {
      let distance = abs(Double(j) - x)
      guard distance <= 0.999 * reach else { continue }
      var weight = 1.0
      if distance > 0.001 * reach {
        let share = distance / reach
        let cube = 1 - share * share * share
        weight = cube * cube * cube
      }
      weights[j - from] = weight
      total += weight
    }
    guard total > 0 else { return nil }
    for i in weights.indices { weights[i] /= total }
    if isLine && reach > 0 {
      var (centre, spread) = (0.0, 0.0)
      for (i, weight) in weights.enumerated() { centre += weight * Double(from + i) }
      for (i, weight) in weights.enumerated() {
        spread += weight * (Double(from + i) - centre) * (Double(from + i) - centre)
      }
      if spread.squareRoot() > 0.001 * Double(n - 1) {
        let slope = (x - centre) / spread
        for i in weights.indices { weights[i] *= slope * (Double(from + i) - centre) + 1 }
      }
    }
    var sum = 0.0
    for (i, weight) in weights.enumerated() { sum += weight * y[from - 1 + i] }
    return sum
  }
}
