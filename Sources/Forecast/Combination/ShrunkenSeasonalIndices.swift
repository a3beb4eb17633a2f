import NumericKernels

/// Multiplicative seasonal indices, shrunk towards 1 by how much of their spread may be chance.
///
/// No significance test decides between all and nothing: the weight of the season grows with the evidence. Ratios of the series
/// to its centred moving average (2 x m) are averaged by season, older ones counting less (half-life in years), the smallest and
/// the largest of five or more left out. With V the variance of the indices between seasons and v the variance that chance alone
/// gives them, the shrinkage is
///
///     W = max(0, 1 - (m - 3)/(m - 1) v / V)^2,   index <- 1 + W (index - 1)
///
/// the positive-part James-Stein factor, squared because small seasons hurt more than they help.
///
/// Edge cases: no season (all indices 1) for m = 1, for fewer than 2 m + 2 observations, and if an observation is not positive.
///
/// Source: Miller and Williams, International Journal of Forecasting 19 (2003), for shrunken indices.
public struct ShrunkenSeasonalIndices: Equatable, Sendable {
  /// One index per season, beginning with the season of the first observation; their mean is 1 before shrinking.
  public let indices: [Double]
  /// 1 - the variance of the ratios within the seasons over that of all: 0 without a season, 1 for a fixed one.
  public let strength: Double
  /// How much of the raw season was kept.
  public let weight: Double

  /// - Parameters:
  ///   - series: positive observations without gaps.
  ///   - halfLife: years after which a ratio counts half.
  public init(_ series: [Double], seasonalPeriod m: Int, halfLife: Double = 3) {
    let n = series.count
    guard m > 1, n >= 2 * m + 2, series.allSatisfy({ $0 > 0 }) else {
      self.init(indices: Array(repeating: 1, count: max(m, 1)), strength: 0, weight: 0)
      return
    }
    let ratios = Self.ratiosToMovingAverage(series, m)
    let half = m / 2
    let decay = Self.power(0.5, 1 / halfLife)
    var indices = [Double](repeating: 1, count: m)
    var (withinSum, effectiveSum, seasons) = (0.0, 0.0, 0.0)
    var (withinSquares, ratioCount, ratioSum, ratioSquares) = (0.0, 0.0, 0.0, 0.0)
    for season in 0..<m {
      // Ratios of this season, oldest first; ratios[k] belongs to observation k + half.
      var values: [Double] = []
      var weights: [Double] = []
      for k in stride(from: ((season - half) % m + m) % m, to: ratios.count, by: m) {
        values.append(ratios[k])
        weights.append(Self.power(decay, Double(n - 1 - (k + half)) / Double(m)))
      }
      guard !values.isEmpty else { continue }
      let plainMean = values.reduce(0, +) / Double(values.count)
      for value in values {
        withinSquares += (value - plainMean) * (value - plainMean)
        ratioSum += value
        ratioSquares += value * value
        ratioCount += 1
      }
      if values.count >= 5 {
        // The first of equal extremes goes.
        for pick in [values.min(), values.max()] {
          if let pick, let place = values.firstIndex(of: pick) {
            values.remove(at: place)
            weights.remove(at: place)
          }
        }
      }
      let total = weights.reduce(0, +)
      let mean = zip(values, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
      indices[season] = mean
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      if values.count > 1 {
        withinSum += squares / Double(values.count - 1)
        effectiveSum += total * total / weights.reduce(0) { $0 + $1 * $1 }
        seasons += 1
      }
    }
    let centre = indices.reduce(0, +) / Double(m)
    guard centre > 0, centre.isFinite, seasons > 0 else {
      self.init(indices: Array(repeating: 1, count: m), strength: 0, weight: 0)
      return
    }
    for season in 0..<m { indices[season] /= centre }
    let between = indices.reduce(0) { $0 + ($1 - 1) * ($1 - 1) } / Double(m - 1)
    let chance = withinSum / seasons / max(effectiveSum / seasons, 1)
    var kept = 0.0
    if between > 0 {
      let share = max(0, 1 - Double(m - 3) / Double(m - 1) * chance / between)
      kept = share * share
    }
    let totalSquares = ratioSquares - ratioSum * ratioSum / ratioCount
    self.init(
      indices: indices.map { 1 + kept * ($0 - 1) },
      strength: totalSquares > 1e-24 * ratioSquares ? max(0, 1 - withinSquares / totalSquares) : 0, weight: kept)
  }

  private init(indices: [Double], strength: Double, weight: Double) {
    self.indices = indices
    self.strength = strength
    self.weight = weight
  }

  /// The index of an observation, counted from the first one; the future follows on.
  public func index(at time: Int) -> Double { indices[time % indices.count] }

  private static func ratiosToMovingAverage(_ x: [Double], _ m: Int) -> [Double] {
    let half = m / 2
    var result: [Double] = []
    result.reserveCapacity(x.count - 2 * half)
    for t in half..<(x.count - half) {
      var sum = 0.0
      for j in (t - half + (m.isMultiple(of: 2) ? 1 : 0))..<(t + half) { sum += x[j] }
      sum += m.isMultiple(of: 2) ? 0.5 * (x[t - half] + x[t + half]) : x[t + half]
      result.append(x[t] / (sum / Double(m)))
    }
    return result
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    VectorMath.exp(exponent * VectorMath.log(base))
  }
}
