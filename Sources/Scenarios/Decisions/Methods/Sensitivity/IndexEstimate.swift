import NumericKernels

/// A sensitivity index with its sampling error.
public struct IndexEstimate: Equatable, Sendable {
  public let value: Double
  /// NaN without resamples.
  public let standardError: Double
  /// Limits of the interval; NaN without resamples.
  public let lower: Double
  public let upper: Double

  init(_ value: Double, samples: [Double], level: Double, isExact: Bool = false) {
    self.value = value
    if isExact {
      (standardError, lower, upper) = (0, value, value)
    } else if samples.count < 2 {
      (standardError, lower, upper) = (.nan, .nan, .nan)
    } else {
      standardError = Reductions.standardDeviation(samples)
      let limits = Quantiles.of(samples, [(1 - level) / 2, (1 + level) / 2])
      (lower, upper) = (limits[0], limits[1])
    }
  }

  private init(value: Double, standardError: Double, lower: Double, upper: Double) {
    (self.value, self.standardError, self.lower, self.upper) = (value, standardError, lower, upper)
  }

  /// The sum of estimates whose errors are independent, with a normal 95% interval: resamples of classes lie too
  /// high, their spread is right.
  static func sum(_ estimates: [IndexEstimate]) -> IndexEstimate {
    let value = estimates.reduce(0) { $0 + $1.value }
    let error = estimates.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot()
    return IndexEstimate(
      value: value, standardError: error, lower: value - 1.959964 * error, upper: value + 1.959964 * error)
  }
}
