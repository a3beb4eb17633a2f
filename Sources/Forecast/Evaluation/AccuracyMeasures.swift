import NumericKernels

/// Measures of how far forecasts were from what came.
///
/// ```swift
/// let scale = AccuracyMeasures.seasonalScale(of: training, seasonalPeriod: 12)
/// let mase = AccuracyMeasures.meanAbsoluteError(actuals, forecasts) / scale
/// ```
///
/// Every function takes equally long lists, one element per step. A step whose actual value is missing (NaN) is left out; a
/// forecast that is not a number makes the result NaN, so that a failed forecast cannot pass for a good one. A list without usable
/// steps gives NaN. Sums run on values divided by a power of two, so huge magnitudes do not overflow.
///
/// Sources: Hyndman and Koehler, International Journal of Forecasting 22 (2006) for MASE; Makridakis, Spiliotis and
/// Assimakopoulos, International Journal of Forecasting 36 (2020) for sMAPE, MSIS and OWA as the M4 competition used them, and 38
/// (2022) for RMSSE.
public enum AccuracyMeasures {
  /// The mean of |y - f|.
  public static func meanAbsoluteError(_ actuals: [Double], _ forecasts: [Double]) -> Double {
    scaledMean(errors(actuals, forecasts)) { abs($0) }
  }

  /// sqrt(mean of (y - f)^2).
  public static func rootMeanSquaredError(_ actuals: [Double], _ forecasts: [Double]) -> Double {
    rootMeanSquare(errors(actuals, forecasts))
  }

  /// The mean of y - f: positive if the forecasts were too low.
  public static func meanError(_ actuals: [Double], _ forecasts: [Double]) -> Double {
    scaledMean(errors(actuals, forecasts)) { $0 }
  }

  /// The mean of 100 |y - f| / |y| in percent; nil if an actual value is zero, where it is not defined.
  public static func meanAbsolutePercentageError(_ actuals: [Double], _ forecasts: [Double]) -> Double? {
    checkLengths(actuals, forecasts)
    var (sum, count) = (0.0, 0)
    for (y, f) in zip(actuals, forecasts) where !y.isNaN {
      guard y != 0 else { return nil }
      sum += 100 * (abs(y - f) / abs(y))
      count += 1
    }
    return sum / Double(count)
  }

  /// The mean of 200 |y - f| / (|y| + |f|) in percent, from 0 to 200; 0/0 counts as 0.
  public static func symmetricMeanAbsolutePercentageError(_ actuals: [Double], _ forecasts: [Double]) -> Double {
    checkLengths(actuals, forecasts)
    var (sum, count) = (0.0, 0)
    for (y, f) in zip(actuals, forecasts) where !y.isNaN {
      let size = abs(y) + abs(f)
      if size.isFinite {
        sum += size == 0 ? 0 : 200 * abs(y - f) / size
      } else {
        sum += 200 * abs(0.25 * y - 0.25 * f) / (0.25 * abs(y) + 0.25 * abs(f))
      }
      count += 1
    }
    return sum / Double(count)
  }

  /// The denominator of MASE and MSIS: the mean of |x[t] - x[t - m]| over a training series, pairs with missing values left out.
  ///
  /// - Returns: NaN if there is no pair, 0 if the series repeats itself; the scaled measures are then not defined.
  public static func seasonalScale(of training: [Double], seasonalPeriod: Int) -> Double {
    scaledMean(seasonalDifferences(training, seasonalPeriod)) { abs($0) }
  }

  /// The denominator of RMSSE: sqrt(mean of (x[t] - x[t - m])^2) over a training series.
  public static func squaredSeasonalScale(of training: [Double], seasonalPeriod: Int) -> Double {
    rootMeanSquare(seasonalDifferences(training, seasonalPeriod))
  }

  /// MASE: the mean absolute error divided by ``seasonalScale(of:seasonalPeriod:)``; nil if that is 0 or not defined.
  public static func meanAbsoluteScaledError(
    _ actuals: [Double], _ forecasts: [Double], training: [Double], seasonalPeriod: Int = 1
  ) -> Double? {
    let scale = seasonalScale(of: training, seasonalPeriod: seasonalPeriod)
    return scale > 0 ? meanAbsoluteError(actuals, forecasts) / scale : nil
  }

  /// RMSSE: the root mean squared error divided by ``squaredSeasonalScale(of:seasonalPeriod:)``; nil if that is 0 or not defined.
  public static func rootMeanSquaredScaledError(
    _ actuals: [Double], _ forecasts: [Double], training: [Double], seasonalPeriod: Int = 1
  ) -> Double? {
    let scale = squaredSeasonalScale(of: training, seasonalPeriod: seasonalPeriod)
    return scale > 0 ? rootMeanSquaredError(actuals, forecasts) / scale : nil
  }

  /// The interval score of one step: width + (2 / a) * the miss, with a = 1 - level.
  ///
  /// It is the proper score of a central interval (Gneiting and Raftery, Journal of the American Statistical Association 102,
  /// 2007): lowest on average for the true quantiles.
  ///
  /// - Parameter level: strictly between 0 and 1, for example 0.95; others give NaN.
  public static func intervalScore(actual: Double, lower: Double, upper: Double, level: Double) -> Double {
    guard level > 0, level < 1 else { return .nan }
    let penalty = 2 / (1 - level)
    // A NaN bound fails both comparisons, and the width carries it into the result.
    return (upper - lower) + penalty * (actual < lower ? lower - actual : 0)
      + penalty * (actual > upper ? actual - upper : 0)
  }

  /// The mean ``intervalScore(actual:lower:upper:level:)``; divided by ``seasonalScale(of:seasonalPeriod:)`` it is MSIS.
  public static func meanIntervalScore(_ actuals: [Double], lower: [Double], upper: [Double], level: Double) -> Double {
    checkLengths(actuals, lower)
    checkLengths(actuals, upper)
    var scores: [Double] = []
    for i in actuals.indices where !actuals[i].isNaN {
      scores.append(intervalScore(actual: actuals[i], lower: lower[i], upper: upper[i], level: level))
    }
    return scaledMean(scores) { $0 }
  }

  /// The share of actual values in [lower, upper], bounds included. A bound that is not a number does not cover.
  public static func coverage(_ actuals: [Double], lower: [Double], upper: [Double]) -> Double {
    checkLengths(actuals, lower)
    checkLengths(actuals, upper)
    let usable = actuals.indices.filter { !actuals[$0].isNaN }
    let covered = usable.count { actuals[$0] >= lower[$0] && actuals[$0] <= upper[$0] }
    return Double(covered) / Double(usable.count)
  }

  /// The pinball (quantile) loss: p (y - q) above the quantile forecast q, (1 - p) (q - y) below it.
  public static func pinballLoss(actual: Double, quantile: Double, probability: Double) -> Double {
    let error = actual - quantile
    return error >= 0 ? probability * error : (probability - 1) * error
  }

  /// The mean pinball loss of the quantile forecasts of one probability.
  public static func meanPinballLoss(_ actuals: [Double], quantiles: [Double], probability: Double) -> Double {
    checkLengths(actuals, quantiles)
    return scaledMean(errors(actuals, quantiles)) { pinballLoss(actual: $0, quantile: 0, probability: probability) }
  }

  /// OWA of a set: the mean of its sMAPE and its MASE, each divided by Naive2's on the same series.
  ///
  /// The ratios are of averages over the set, not averages of ratios.
  public static func overallWeightedAverage(
    smape: Double, mase: Double, naive2Smape: Double, naive2Mase: Double
  ) -> Double {
    0.5 * (smape / naive2Smape + mase / naive2Mase)
  }

  // MARK: Sums

  private static func checkLengths(_ a: [Double], _ b: [Double]) {
    precondition(a.count == b.count, "actual values and forecasts differ in number")
  }

  private static func errors(_ actuals: [Double], _ forecasts: [Double]) -> [Double] {
    checkLengths(actuals, forecasts)
    var result: [Double] = []
    result.reserveCapacity(actuals.count)
    for (y, f) in zip(actuals, forecasts) where !y.isNaN { result.append(y - f) }
    return result
  }

  private static func seasonalDifferences(_ series: [Double], _ period: Int) -> [Double] {
    let lag = max(period, 1)
    guard series.count > lag else { return [] }
    return (lag..<series.count).map { series[$0] - series[$0 - lag] }.filter { !$0.isNaN }
  }

  /// The mean of `term` of each value, worked out on values divided by the power of two of the largest.
  private static func scaledMean(_ values: [Double], _ term: (Double) -> Double) -> Double {
    let unit = unit(of: values)
    var sum = 0.0
    for value in values { sum += term(value / unit) }
    return sum / Double(values.count) * unit
  }

  private static func rootMeanSquare(_ values: [Double]) -> Double {
    let unit = unit(of: values)
    var sum = 0.0
    for value in values { sum += (value / unit) * (value / unit) }
    return (sum / Double(values.count)).squareRoot() * unit
  }

  private static func unit(of values: [Double]) -> Double {
    var largest = 0.0
    for value in values { largest = max(largest, abs(value)) }
    return largest > 0 && largest.isFinite ? largest.binade : 1
  }
}
