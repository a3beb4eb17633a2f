import NumericKernels

/// What a ``PooledCombination`` takes from all series of a file.
struct CombinationConstants: Sendable {
  /// Series that could be held back.
  var seriesCount = 0
  var rawPrior: [Double]
  var logPrior: [Double]
  var jointPrior: [Double]
  var weights = [Double](repeating: 0.125, count: 8)
  var trendFactor = 1.0
  var seasonalWeight = 0.4
  /// Mean absolute error of the mixture by step, in units of the mean change.
  var errorCurve: [Double]
  var bands = BandFactors.shipped

  static let memberNames = [
    "dynamic optimised theta", "ETS", "damped trend (logs)", "damped trend (absolute)", "theta (logs)", "median drift",
    "smoother grid", "smoother grid (logs)",
  ]

  /// How many series the shipped constants count for.
  static let shippedWeight = 20.0

  init(horizon: Int, seasonalPeriod: Int) {
    rawPrior = GridPrior.shipped(onLogs: false, seasonalPeriod: seasonalPeriod)
    logPrior = GridPrior.shipped(onLogs: true, seasonalPeriod: seasonalPeriod)
    jointPrior = (rawPrior + logPrior).map { 0.5 * $0 }
    errorCurve = Self.shippedCurve(horizon: horizon, seasonalPeriod: seasonalPeriod)
  }

  static func shippedCurve(horizon: Int, seasonalPeriod: Int) -> [Double] {
    let (start, power) = seasonalPeriod >= 12 ? (0.87, 0.2) : (0.905, 0.5)
    return (1...horizon).map { start * VectorMath.exp(power * VectorMath.log(Double($0))) }
  }

  /// Forecasts of all eight members, seasonally adjusted.
  func memberForecasts(_ fit: CombinationFit) -> [[Double]] {
    fit.members + [
      fit.rawGrid.forecast(weights: fit.rawEvidence.weights(prior: rawPrior)[...]),
      fit.logGrid.forecast(weights: fit.logEvidence.weights(prior: logPrior)[...]),
    ]
  }

  /// The weighted mean of each step without its smallest and its largest forecast.
  func trimmedMean(_ members: [[Double]]) -> [Double] {
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

  /// The share of the seasonal models at a strength of the season.
  func seasonalShare(step: Int, strength: Double) -> Double {
    seasonalWeight * Self.ramp(strength)
  }

  static func ramp(_ strength: Double) -> Double { min(max((strength - 0.3) / 0.5, 0), 1) }

  /// The scale of a series' errors by step: B^0.4 E^0.4 A^0.2 of the ETS band, the mixture's errors and the disagreement.
  func scale(_ fit: CombinationFit, members: [[Double]], season: [Double]) -> [Double] {
    let q = fit.series.meanChange
    let errors = mixtureErrors(fit)
    var expected = [Double](repeating: 0, count: fit.horizon)
    var (seen, weighed) = (0.0, 0.0)
    let curveMean = errorCurve.reduce(0, +) / Double(errorCurve.count)
    for step in 0..<fit.horizon {
      seen += errors.sums[step] / q
      weighed += errors.counts[step] * errorCurve[step]
    }
    let level = (seen + 3 * curveMean) / (weighed + 3 * curveMean)
    var largest = 0.0
    for step in 0..<fit.horizon {
      largest = max(largest, (errors.sums[step] / q + 6 * level * errorCurve[step]) / (errors.counts[step] + 6))
      expected[step] = q * largest
    }
    return (0..<fit.horizon).map { step in
      let e = expected[step]
      let values = members.map { $0[step] }
      let centre = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / Double(values.count)
      var spread = max(variance.squareRoot(), q / 20) * season[step]
      var band = (fit.smoothingDeviations.isEmpty ? e : max(fit.smoothingDeviations[step], q / 1000)) * season[step]
      spread = min(max(spread, 0.02 * e), 50 * e)
      band = min(max(band, 0.02 * e), 50 * e)
      return VectorMath.exp(0.4 * VectorMath.log(band) + 0.4 * VectorMath.log(e) + 0.2 * VectorMath.log(spread))
    }
  }

  /// Sums of the absolute rolling errors of the joint mixture, and how many, by step.
  func mixtureErrors(_ fit: CombinationFit) -> (sums: [Double], counts: [Double]) {
    let h = fit.horizon
    let origins = fit.rawGrid.origins
    var forecasts = [Double](repeating: 0, count: origins.count * h)
    let weights = fit.jointEvidence.weights(prior: jointPrior)
    fit.rawGrid.addMixture(weights: weights[..<SmootherGrid.cellCount], to: &forecasts)
    fit.logGrid.addMixture(weights: weights[SmootherGrid.cellCount...], to: &forecasts)
    var (sums, counts) = ([Double](repeating: 0, count: h), [Double](repeating: 0, count: h))
    for (row, origin) in origins.enumerated() {
      for step in 0..<min(h, fit.series.count - origin) {
        sums[step] += abs(fit.series.values[origin + step] - forecasts[row * h + step])
        counts[step] += 1
      }
    }
    return (sums, counts)
  }
}
