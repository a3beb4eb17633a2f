import NumericKernels

/// What a ``PooledCombination`` takes from all series of a file.
package struct CombinationConstants: Sendable {
  /// Series that could be held back.
  var seriesCount = 0
  /// Weights of the members; they add up to 1.
  var weights = [Double](repeating: 0.125, count: 8)
  /// What the distance to the naive forecast is multiplied by.
  var trendFactor = 1.0
  /// The share of the seasonal models where the season is strongest.
  var seasonalWeight = 0.4
  /// Mean absolute error of the mixture by step, in units of the mean change.
  var errorCurve: [Double]
  var bands: BandFactors

  /// How many series the shipped constants count for.
  static let shippedSeries = 20.0

  package init(horizon: Int, seasonalPeriod: Int) {
    errorCurve = Self.shippedCurve(horizon: horizon, seasonalPeriod: seasonalPeriod)
    bands = .shipped(seasonalPeriod: seasonalPeriod)
  }

  static func shippedCurve(horizon: Int, seasonalPeriod: Int) -> [Double] {
    let (start, power) = seasonalPeriod >= 12 ? (0.87, 0.2) : (0.905, 0.5)
    return (1...horizon).map { start * VectorMath.exp(power * VectorMath.log(Double($0))) }
  }

  /// The weighted mean of each step without its smallest and its largest forecast.
  package func trimmedMean(_ members: [[Double]]) -> [Double] {
    members[0].indices.map { step in
      var (low, high) = (0, 0)
      for member in members.indices {
        if members[member][step] < members[low][step] { low = member }
        // The last of equal ones, so that equal forecasts lose two members and not one.
        if members[member][step] >= members[high][step] { high = member }
      }
      var (sum, total) = (0.0, 0.0)
      for member in members.indices where member != low && member != high {
        sum += weights[member] * members[member][step]
        total += weights[member]
      }
      return total > 0 ? sum / total : members[low][step]
    }
  }

  /// A forecast moved towards that of the seasonal models, which are not trusted to halve or double a positive one.
  static func joined(_ center: Double, _ seasonal: Double, _ share: Double) -> Double {
    let limited = center > 0 ? min(max(seasonal, 0.5 * center), 2 * center) : seasonal
    return center + share * (limited - center)
  }

  /// How much of their share the seasonal models get: none up to a strength of 0.7, all of it from 0.9 on.
  static func ramp(_ strength: Double) -> Double { min(max((strength - 0.7) / 0.2, 0), 1) }

  /// The error curve at a step from 0, continued like the root of time.
  private func curve(_ step: Int) -> Double {
    guard step >= errorCurve.count else { return errorCurve[step] }
    let count = Double(errorCurve.count)
    return errorCurve[errorCurve.count - 1] * (Double(step + 1) / count).squareRoot()
  }

  /// The scale of a series' errors by step: B^0.4 E^0.4 A^0.2 of the ETS band, the mixture's errors and the disagreement.
  func scale(_ fit: CombinationFit) -> [Double] {
    let q = fit.series.meanChange
    guard q > 0 else { return Array(repeating: 0, count: fit.horizon) }
    let season = (0..<fit.horizon).map { fit.series.futureIndex($0) }
    var expected = [Double](repeating: 0, count: fit.horizon)
    var (seen, weighed) = (0.0, 0.0)
    let curveMean = errorCurve.reduce(0, +) / Double(errorCurve.count)
    for step in 0..<fit.horizon {
      seen += fit.errorSums[step] / q
      weighed += fit.errorCounts[step] * curve(step)
    }
    let level = (seen + 3 * curveMean) / (weighed + 3 * curveMean)
    var largest = 0.0
    for step in 0..<fit.horizon {
      largest = max(largest, (fit.errorSums[step] / q + 6 * level * curve(step)) / (fit.errorCounts[step] + 6))
      expected[step] = q * largest
    }
    return (0..<fit.horizon).map { step in
      let e = expected[step]
      let values = fit.members.map { $0[step] }
      let centre = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count)
      var spread = max(variance.squareRoot(), q / 20) * season[step]
      var band = (fit.smoothingDeviations.isEmpty ? e : max(fit.smoothingDeviations[step], q / 1000)) * season[step]
      spread = min(max(spread, 0.02 * e), 50 * e)
      band = min(max(band, 0.02 * e), 50 * e)
      return VectorMath.exp(0.4 * VectorMath.log(band) + 0.4 * VectorMath.log(e) + 0.2 * VectorMath.log(spread))
    }
  }
}
