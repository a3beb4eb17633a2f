import NumericKernels

/// Learns a file's ``CombinationConstants``: its series are held back once, and every shared constant is chosen on what came.
struct CombinationCalibration: Sendable {
  /// A series at the origin, and what came after it.
  struct Case: Sendable {
    let fit: CombinationFit
    let actuals: [Double]
    /// The scale of its absolute errors.
    let seasonalChange: Double
  }

  /// The series as it was before its last values; nil if too little would be left.
  static func heldBack(_ series: AdjustedSeries, horizon: Int) -> (AdjustedSeries, actuals: [Double])? {
    let m = series.seasonalPeriod
    let steps = min(horizon, series.count - max(2 * m + 3, 8))
    guard steps >= 1 else { return nil }
    let past = series.before(steps)
    guard !past.isConstant, past.seasonalChange > 0 else { return nil }
    return (past, Array(series.seasonal.suffix(steps)))
  }

  /// - Parameter cases: in an order that does not depend on that of the file.
  static func constants(_ cases: [Case], horizon: Int, seasonalPeriod: Int) -> CombinationConstants {
    var result = CombinationConstants(horizon: horizon, seasonalPeriod: seasonalPeriod)
    let shipped = result
    guard cases.count > 1 else { return result }
    result.seriesCount = cases.count
    let share = Double(cases.count) / (Double(cases.count) + CombinationConstants.shippedWeight)
    result.rawPrior = GridPrior.learned(cases.map(\.fit.rawEvidence), shipped: shipped.rawPrior)
    result.logPrior = GridPrior.learned(cases.map(\.fit.logEvidence), shipped: shipped.logPrior)
    result.jointPrior = GridPrior.learned(cases.map(\.fit.jointEvidence), shipped: shipped.jointPrior)
    let members = cases.map { result.memberForecasts($0.fit) }
    result.weights = memberWeights(cases, members, share)
    // Centres on the adjusted scale, without and with the pooled trend factor.
    let plain = members.map { result.trimmedMean($0) }
    let factor = best((10...32).map { Double($0) * 0.05 }) { factor in
      owa(cases) { index, step in trended(cases[index], plain[index], factor, step) }
    }
    result.trendFactor = 1 + 0.5 * share * (factor - 1)
    let strong = cases.indices.filter { !cases[$0].fit.seasonalForecast.isEmpty }
    if !strong.isEmpty {
      let subset = strong.map { cases[$0] }
      let trend = result.trendFactor
      let weight = best((0...10).map { Double($0) * 0.1 }) { weight in
        owa(subset) { index, step in
          let one = subset[index]
          let center = trended(one, plain[strong[index]], trend, step)
          let ramp = CombinationConstants.ramp(one.fit.series.indices.strength)
          return center + weight * ramp * (one.fit.seasonalForecast[step] - center)
        }
      }
      let count = Double(strong.count)
      result.seasonalWeight = shipped.seasonalWeight + count / (count + 20) * (weight - shipped.seasonalWeight)
    }
    result.errorCurve = errorCurve(cases, result, share)
    let combination = PooledCombination(constants: result, horizon: horizon, seasonalPeriod: seasonalPeriod)
    var errors: [Double] = []
    for one in cases {
      let outcome = combination.outcome(one.fit)
      for (step, actual) in one.actuals.enumerated() {
        errors.append(
          BandFactors.standardized(actual, forecast: outcome.mean[step], scale: outcome.scale[step]))
      }
    }
    result.bands = shipped.bands.blended(
      with: errors, series: cases.count, weight: CombinationConstants.shippedWeight)
    return result
  }

  private static func trended(_ one: Case, _ mean: [Double], _ factor: Double, _ step: Int) -> Double {
    let last = one.fit.series.values.last ?? 0
    return (last + factor * (mean[step] - last)) * one.fit.series.futureIndex(step)
  }

  private static func memberWeights(_ cases: [Case], _ members: [[[Double]]], _ share: Double) -> [Double] {
    let scores = (0..<8).map { member in
      owa(cases) { index, step in members[index][member][step] * cases[index].fit.series.futureIndex(step) }
    }
    let logs = scores.map { $0 > 0 && $0.isFinite ? -8 * share * VectorMath.log($0) : -50 }
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

  /// The candidate with the lowest score; the first of equal ones nearest to the middle is not needed: the first.
  private static func best(_ candidates: [Double], _ score: (Double) -> Double) -> Double {
    var (best, lowest) = (candidates[0], Double.infinity)
    for candidate in candidates {
      let value = score(candidate)
      if value < lowest { (best, lowest) = (candidate, value) }
    }
    return best
  }

  /// Median relative rolling errors by step, non-decreasing, blended with the shipped curve.
  private static func errorCurve(_ cases: [Case], _ constants: CombinationConstants, _ share: Double) -> [Double] {
    let horizon = constants.errorCurve.count
    var relative = [[Double]](repeating: [], count: horizon)
    for one in cases {
      let errors = constants.mixtureErrors(one.fit)
      for step in 0..<horizon where errors.counts[step] >= 2 {
        relative[step].append(errors.sums[step] / errors.counts[step] / one.fit.series.meanChange)
      }
    }
    var curve: [Double] = []
    for step in 0..<horizon {
      let previous = curve.last ?? 0
      if relative[step].count >= 5 {
        curve.append(max(Quantiles.median(relative[step]), previous))
      } else if step > 0 {
        curve.append(previous * (Double(step + 1) / Double(step)).squareRoot())
      } else {
        curve.append(constants.errorCurve[0])
      }
    }
    return zip(curve, constants.errorCurve).map { share * $0 + (1 - share) * $1 }
  }
}
