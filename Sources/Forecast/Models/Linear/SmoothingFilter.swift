import NumericKernels

/// The filter behind exponential smoothing with additive errors, a level and possibly a damped trend, exact with missing values.
///
///     y[t] = l + phi b + e[t];   l' = l + phi b + alpha e[t];   b' = phi b + beta e[t]
///
/// With all values observed, the shocks follow from the data and the initial states and the recursion is the whole filter. A
/// missing value leaves its shock unknown: from there on the filter carries the covariance of the states (in units of the shock
/// variance, Kalman 1960). The first error after a gap of k steps then has variance factor 1 + c_1^2 + ... + c_(k-1)^2, with c_j
/// the response to a shock after j steps, and its gain is not (alpha, beta) but the best one.
///
/// The errors are linear in the initial states, which are therefore solved by least squares inside every evaluation instead of
/// being searched for.
///
/// Source: Hyndman, Koehler, Ord and Snyder, Forecasting with Exponential Smoothing (2008).
struct SmoothingFilter: Equatable, Sendable {
  /// alpha
  var smoothingLevel: Double
  /// beta; 0 without a trend
  var smoothingTrend = 0.0
  /// phi; 0 without a trend
  var damping = 0.0

  /// The covariance of (level, trend) in units of the shock variance.
  struct Covariance: Equatable, Sendable {
    var level = 0.0
    var cross = 0.0
    var trend = 0.0
  }

  struct Gains {
    var level: Double
    var trend: Double
    var variance: Double
  }

  /// Initial states solved by least squares, and what they leave.
  struct Solution {
    var level: Double
    var trend: Double
    var sumOfSquares: Double
    /// The sum of the logarithms of the variance factors: 0 without gaps.
    var logVariances: Double
    var count: Int

    /// Minus the logarithm of the likelihood, with the variance replaced by its estimate, up to a constant.
    ///
    /// An exact fit would be infinitely likely; below 1e-12 of the data's mean change per error all fits count as exact.
    var objective: Double {
      0.5 * (Double(count) * VectorMath.log(max(sumOfSquares, 1e-24 * Double(count))) + logVariances)
    }
  }

  /// The outcome of a pass with given initial states.
  struct Pass {
    /// Errors of the observed values, each divided by the root of its variance factor.
    var errors: [Double] = []
    var logVariances = 0.0
    var level: Double
    var trend: Double
    var covariance = Covariance()
  }

  /// Moves the covariance one step on, and says how an error at this step moves the states.
  @inline(__always)
  func advance(_ covariance: inout Covariance, observed: Bool) -> Gains {
    let levelTerm = covariance.level + damping * covariance.cross
    let trendTerm = covariance.cross + damping * covariance.trend
    let explained = levelTerm + damping * trendTerm
    let variance = 1 + explained
    let gains = Gains(
      level: (explained + smoothingLevel) / variance, trend: (damping * trendTerm + smoothingTrend) / variance,
      variance: variance)
    let removed = observed ? variance : 0
    let carriedTrend = damping * damping * covariance.trend
    covariance.level = max(explained + smoothingLevel * smoothingLevel - removed * gains.level * gains.level, 0)
    covariance.cross = damping * trendTerm + smoothingLevel * smoothingTrend - removed * gains.level * gains.trend
    covariance.trend = max(carriedTrend + smoothingTrend * smoothingTrend - removed * gains.trend * gains.trend, 0)
    return gains
  }

  /// Runs through `series` (NaN where missing) from given states.
  func pass(_ series: [Double], level: Double, trend: Double) -> Pass {
    var result = Pass(level: level, trend: trend)
    result.errors.reserveCapacity(series.count)
    var certain = true
    for value in series {
      let observed = !value.isNaN
      if !observed { certain = false }
      var gains = Gains(level: smoothingLevel, trend: smoothingTrend, variance: 1)
      if !certain { gains = advance(&result.covariance, observed: observed) }
      let expected = result.level + damping * result.trend
      result.trend *= damping
      result.level = expected
      if observed {
        let error = value - expected
        result.level += gains.level * error
        result.trend += gains.trend * error
        result.errors.append(error / gains.variance.squareRoot())
        if gains.variance != 1 { result.logVariances += VectorMath.log(gains.variance) }
      }
    }
    return result
  }

  /// The least-squares initial states. Costs about 40 flops per observation; `errors` is scratch space of the series' length.
  ///
  /// Three recursions run side by side in the lanes of a vector: the data from states 0, and the effect of one unit of each state.
  func solved(_ series: [Double], scratch errors: inout [SIMD4<Double>]) -> Solution {
    var covariance = Covariance()
    var certain = true
    var level = SIMD4<Double>(0, 1, 0, 0)
    var trend = SIMD4<Double>(0, 0, 1, 0)
    var count = 0
    var logVariances = 0.0
    for value in series {
      let observed = !value.isNaN
      if !observed { certain = false }
      var gains = Gains(level: smoothingLevel, trend: smoothingTrend, variance: 1)
      if !certain { gains = advance(&covariance, observed: observed) }
      let expected = level + damping * trend
      trend *= damping
      level = expected
      guard observed else { continue }
      let error = SIMD4(value, 0, 0, 0) - expected
      level += gains.level * error
      trend += gains.trend * error
      if certain {
        errors[count] = error
      } else {
        errors[count] = error / gains.variance.squareRoot()
        logVariances += VectorMath.log(gains.variance)
      }
      count += 1
    }
    return Self.leastSquares(errors[..<count], logVariances: logVariances)
  }

  /// Modified Gram-Schmidt on the two columns of effects; unlike normal equations it keeps a near-exact fit's small errors.
  private static func leastSquares(_ errors: ArraySlice<SIMD4<Double>>, logVariances: Double) -> Solution {
    var (levelSquares, levelTrend, levelData, trendSquares) = (0.0, 0.0, 0.0, 0.0)
    for e in errors {
      levelSquares += e[1] * e[1]
      levelTrend += e[1] * e[2]
      levelData += e[1] * e[0]
      trendSquares += e[2] * e[2]
    }
    let overlap = levelSquares > 0 ? levelTrend / levelSquares : 0
    let levelPart = levelSquares > 0 ? levelData / levelSquares : 0
    var (remainingSquares, remainingData) = (0.0, 0.0)
    for e in errors {
      let trend = e[2] - overlap * e[1]
      remainingSquares += trend * trend
      remainingData += trend * (e[0] - levelPart * e[1])
    }
    let trendPart = remainingSquares > 1e-20 * trendSquares ? remainingData / remainingSquares : 0
    var sum = 0.0
    for e in errors {
      let left = e[0] - levelPart * e[1] - trendPart * (e[2] - overlap * e[1])
      sum += left * left
    }
    return Solution(
      level: trendPart * overlap - levelPart, trend: -trendPart, sumOfSquares: sum, logVariances: logVariances,
      count: errors.count)
  }

  /// Responses c_0 ... c_(horizon-1) of the observed value to a unit shock: 1, then alpha + beta (phi + ... + phi^k).
  func responses(horizon: Int) -> [Double] {
    var result = [1.0]
    result.reserveCapacity(horizon)
    var (power, sum) = (1.0, 0.0)
    while result.count < horizon {
      power *= damping
      sum += power
      result.append(smoothingLevel + smoothingTrend * sum)
    }
    return result
  }

  /// Means of the coming steps, and the deviations that the uncertainty of the states gives them (per unit of shock deviation).
  func outlook(
    level: Double, trend: Double, covariance: Covariance, horizon: Int
  ) -> (mean: [Double], stateDeviations: [Double]) {
    var (power, sum) = (1.0, 0.0)
    var (mean, deviations) = ([Double](), [Double]())
    for _ in 0..<horizon {
      power *= damping
      sum += power
      mean.append(level + sum * trend)
      let variance = covariance.level + 2 * sum * covariance.cross + sum * sum * covariance.trend
      deviations.append(max(variance, 0).squareRoot())
    }
    return (mean, deviations)
  }
}
