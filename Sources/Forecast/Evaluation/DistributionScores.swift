import NumericKernels

/// Scores of whole predictive distributions: the continuous ranked probability score and the probability integral transform.
///
/// The score of a distribution F at the actual value y is the integral of (F(x) - [x >= y])^2 over x, in the unit of the series;
/// of a distribution without spread it is the absolute error, so it can be compared with point forecasts.
///
/// Source: Gneiting and Raftery, Journal of the American Statistical Association 102 (2007).
public enum DistributionScores {
  /// The score of a Gaussian, in closed form:
  ///
  ///     sigma (z (2 Phi(z) - 1) + 2 phi(z) - 1 / sqrt(pi)),   z = (y - mean) / sigma
  ///
  /// A deviation of 0 gives |y - mean|, an infinite one infinity, a negative one or NaN gives NaN.
  public static func gaussianCRPS(actual: Double, mean: Double, deviation: Double) -> Double {
    let error = actual - mean
    if deviation == 0 { return abs(error) }
    guard deviation > 0 else { return .nan }
    guard deviation.isFinite else { return error.isNaN ? .nan : .infinity }
    let z = abs(error) / deviation
    if z.isNaN { return .nan }
    // Beyond this the normal is all on one side; the product below would lose an infinite z.
    guard z < 40 else { return abs(error) - deviation * inverseRootPi }
    let centre = 1 - 2 * StandardNormal.cumulative(-z)
    let density = inverseRootTwoPi * VectorMath.exp(-0.5 * z * z)
    return deviation * (z * centre + 2 * density - inverseRootPi)
  }

  /// The score of a sample of m draws, by sorting: O(m log m).
  ///
  ///     mean |x[i] - y| - (1 / (2 d)) sum over i, j of |x[i] - x[j]|
  ///
  /// - Parameter fair: d = m (m - 1), the unbiased score of the distribution the draws come from (Ferro, Quarterly Journal of the
  ///   Royal Meteorological Society 140, 2014); it may be negative and needs two draws. Else d = m^2, the score of the empirical
  ///   distribution itself.
  /// - Returns: NaN for too few draws or if one of them or the actual value is NaN.
  public static func sampleCRPS(actual: Double, draws: [Double], fair: Bool = true) -> Double {
    let count = draws.count
    guard count >= (fair ? 2 : 1), !actual.isNaN, !draws.contains(where: \.isNaN) else { return .nan }
    let sorted = draws.sorted()
    // Differences to the actual value keep the digits of a series far from zero.
    var (distance, spread) = (0.0, 0.0)
    for i in 0..<count {
      let difference = sorted[i] - actual
      distance += abs(difference)
      spread += Double(2 * i - count + 1) * difference
    }
    let m = Double(count)
    return distance / m - spread / (m * (fair ? m - 1 : m))
  }

  /// The score from quantile forecasts: 2 sum of w[k] * pinball loss at p[k].
  ///
  /// w[k] is the width of the part of [0, 1] that is nearer to p[k] than to any other probability. For p[k] = (k - 1/2) / K that is
  /// 1 / K, and the result is the score of the K quantiles as a sample.
  ///
  /// - Parameter probabilities: strictly ascending, inside (0, 1); one per quantile. Others give NaN.
  public static func quantileCRPS(actual: Double, quantiles: [Double], probabilities: [Double]) -> Double {
    guard !quantiles.isEmpty, quantiles.count == probabilities.count, let first = probabilities.first, first > 0,
      let last = probabilities.last, last < 1, zip(probabilities, probabilities.dropFirst()).allSatisfy({ $0 < $1 })
    else { return .nan }
    var score = 0.0
    for k in quantiles.indices {
      let lower = k == 0 ? 0 : 0.5 * (probabilities[k - 1] + probabilities[k])
      let upper = k == quantiles.count - 1 ? 1 : 0.5 * (probabilities[k] + probabilities[k + 1])
      score +=
        (upper - lower)
        * AccuracyMeasures.pinballLoss(actual: actual, quantile: quantiles[k], probability: probabilities[k])
    }
    return 2 * score
  }

  /// The probability integral transform of a Gaussian, Phi((y - mean) / sigma).
  ///
  /// Without spread: 0 below the mean, 1/2 at it, 1 above it.
  public static func gaussianPIT(actual: Double, mean: Double, deviation: Double) -> Double {
    let error = actual - mean
    if error.isNaN || !(deviation >= 0) { return .nan }
    return error == 0 ? 0.5 : StandardNormal.cumulative(error / deviation)
  }

  /// The probability integral transform by rank: (draws below y + half of those equal to y + 1/2) / (m + 1).
  ///
  /// If y is one more draw of the same distribution, its rank is uniform over m + 1 cells, whose midpoints these values are.
  public static func samplePIT<Draws: Sequence>(actual: Double, draws: Draws) -> Double where Draws.Element == Double {
    var (below, equal, count) = (0, 0, 0)
    for draw in draws {
      if draw.isNaN { return .nan }
      if draw < actual { below += 1 }
      if draw == actual { equal += 1 }
      count += 1
    }
    if actual.isNaN { return .nan }
    return (Double(below) + 0.5 * Double(equal) + 0.5) / Double(count + 1)
  }

  private static let inverseRootPi = 0.5641895835477563
  private static let inverseRootTwoPi = 0.3989422804014327
}

extension Prediction {
  /// The continuous ranked probability score of each step: of the paths (fair estimator) if there are any, else Gaussian.
  ///
  /// - Parameter actuals: at most as many values as the horizon; NaN where missing, and NaN in the result.
  public func crps(_ actuals: [Double]) -> [Double] {
    zip(actuals.indices, actuals).prefix(horizon).map { step, actual in
      guard let paths else {
        return DistributionScores.gaussianCRPS(actual: actual, mean: mean[step], deviation: deviations[step])
      }
      return DistributionScores.sampleCRPS(actual: actual, draws: Array(paths.step(step)), fair: paths.count > 1)
    }
  }

  /// The probability integral transform of each step: by rank among the paths if there are any, else Gaussian.
  public func pit(_ actuals: [Double]) -> [Double] {
    zip(actuals.indices, actuals).prefix(horizon).map { step, actual in
      guard let paths else {
        return DistributionScores.gaussianPIT(actual: actual, mean: mean[step], deviation: deviations[step])
      }
      return DistributionScores.samplePIT(actual: actual, draws: paths.step(step))
    }
  }
}
