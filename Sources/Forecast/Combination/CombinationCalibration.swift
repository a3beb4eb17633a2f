import NumericKernels

/// Learns a file's ``CombinationConstants``: its series are held back once, and every shared constant is chosen on what came.
struct CombinationCalibration: Sendable {
  /// A series as it was before its last values, and what came after.
  struct Case: Sendable {
    let fit: CombinationFit
    let actuals: [Double]
    /// The scale of its absolute errors.
    let seasonalChange: Double

    /// Nil if too little would be left, or nothing to learn from.
    init?(_ values: [Double], _ settings: BatchForecast.Settings) {
      let m = settings.seasonalPeriod
      guard let series = try? AdjustedSeries(values, seasonalPeriod: m) else { return nil }
      let steps = min(settings.horizon, series.count - max(2 * m + 3, 8))
      guard steps >= 1 else { return nil }
      let past = series.before(steps)
      guard !past.isConstant, past.seasonalChange > 0 else { return nil }
      fit = CombinationFit(past, horizon: settings.horizon)
      actuals = Array(series.seasonal.suffix(steps))
      seasonalChange = past.seasonalChange
    }
  }

  /// How far the trend factor, the seasonal share and the bands follow the file, however many series it has.
  private static let (trendTrust, seasonTrust) = (0.3, 0.5)

  /// - Parameter cases: in an order that does not depend on that of the file.
  static func constants(_ cases: [Case], horizon: Int, seasonalPeriod: Int) -> CombinationConstants {
    var result = CombinationConstants(horizon: horizon, seasonalPeriod: seasonalPeriod)
    guard cases.count > 1 else { return result }
    result.seriesCount = cases.count
    let share = Double(cases.count) / (Double(cases.count) + CombinationConstants.shippedSeries)
    result.weights = memberWeights(cases, share)
    let means = cases.map { result.trimmedMean($0.fit.members) }
    let factor = best((10...32).map { Double($0) * 0.05 }) { factor in
      owa(cases) { index, step in trended(cases[index], means[index], factor, step) }
    }
    result.trendFactor = 1 + trendTrust * share * (factor - 1)
    let strong = cases.indices.filter { !cases[$0].fit.seasonalForecast.isEmpty }
    if !strong.isEmpty {
      let subset = strong.map { cases[$0] }
      let trend = result.trendFactor
      let weight = best((0...10).map { Double($0) * 0.1 }) { weight in
        owa(subset) { index, step in
          let one = subset[index]
          let ramp = CombinationConstants.ramp(one.fit.series.indices.strength)
          return CombinationConstants.joined(
            trended(one, means[strong[index]], trend, step), one.fit.seasonalForecast[step], weight * ramp)
        }
      }
      let count = Double(strong.count)
      let trust = seasonTrust * count / (count + CombinationConstants.shippedSeries)
      result.seasonalWeight += trust * (weight - result.seasonalWeight)
    }
    result.errorCurve = errorCurve(cases, shipped: result.errorCurve, share)
    let combination = PooledCombination(constants: result)
    var errors: [Double] = []
    for one in cases {
      let outcome = combination.outcome(one.fit)
      for (step, actual) in one.actuals.enumerated() {
        errors.append(
          BandFactors.standardized(
            actual, forecast: outcome.mean[step], scale: outcome.scale[step], isPositive: one.fit.series.isPositive))
      }
    }
    result.bands = result.bands.blended(with: errors, series: cases.count)
    return result
  }

  private static func trended(_ one: Case, _ mean: [Double], _ factor: Double, _ step: Int) -> Double {
    let last = one.fit.series.values.last ?? 0
    return (last + factor * (mean[step] - last)) * one.fit.series.futureIndex(step)
  }

  /// OWA^-4 of each member, to the power of the evidence's share.
  private static func memberWeights(_ cases: [Case], _ share: Double) -> [Double] {
    let scores = CombinationFit.memberNames.indices.map { member in
      owa(cases) { index, step in
        cases[index].fit.members[member][step] * cases[index].fit.series.futureIndex(step)
      }
    }
    let logs = scores.map { $0 > 0 && $0.isFinite ? -4 * share * VectorMath.log($0) : -50 }
    let largest = logs.max() ?? 0
    let raw = logs.map { VectorMath.exp($0 - largest) }
    let total = raw.reduce(0, +)
    return raw.map { $0 / total }
  }

  /// The relative accuracy of a forecast: the mean of its sMAPE and MASE, each relative to those of the naive forecast of the
  /// adjusted series.
  private static func owa(_ cases: [Case], _ forecast: (_ index: Int, _ step: Int) -> Double) -> Double {
    var (smape, naiveSmape, mase, naiveMase) = (0.0, 0.0, 0.0, 0.0)
    for (index, one) in cases.enumerated() {
      let last = one.fit.series.values.last ?? 0
      let count = Double(one.actuals.count)
      for (step, actual) in one.actuals.enumerated() {
        let value = forecast(index, step)
        let naive = last * one.fit.series.futureIndex(step)
        smape += symmetric(actual, value)
        naiveSmape += symmetric(actual, naive)
        mase += abs(actual - value) / one.seasonalChange / count
        naiveMase += abs(actual - naive) / one.seasonalChange / count
      }
    }
    guard naiveSmape > 0, naiveMase > 0 else { return 1 }
    return 0.5 * (smape / naiveSmape + mase / naiveMase)
  }

  private static func symmetric(_ actual: Double, _ forecast: Double) -> Double {
    let size = abs(actual) + abs(forecast)
    return size > 0 ? abs(actual - forecast) / size : 0
  }

  /// The candidate with the lowest score, of equal ones the first.
  private static func best(_ candidates: [Double], _ score: (Double) -> Double) -> Double {
    var (best, lowest) = (candidates[0], Double.infinity)
    for candidate in candidates {
      let value = score(candidate)
      if value < lowest { (best, lowest) = (candidate, value) }
    }
    return best
  }

  /// Median relative rolling errors by step, non-decreasing, blended with the shipped curve.
  private static func errorCurve(_ cases: [Case], shipped: [Double], _ share: Double) -> [Double] {
    var relative = [[Double]](repeating: [], count: shipped.count)
    for one in cases {
      let fit = one.fit
      for step in shipped.indices where fit.errorCounts[step] >= 2 {
        relative[step].append(fit.errorSums[step] / fit.errorCounts[step] / fit.series.meanChange)
      }
    }
    var curve: [Double] = []
    for step in shipped.indices {
      let previous = curve.last ?? 0
      if relative[step].count >= 5 {
        curve.append(max(Quantiles.median(relative[step]), previous))
      } else if step > 0 {
        curve.append(previous * (Double(step + 1) / Double(step)).squareRoot())
      } else {
        curve.append(shipped[0])
      }
    }
    return zip(curve, shipped).map { share * $0 + (1 - share) * $1 }
  }
}
