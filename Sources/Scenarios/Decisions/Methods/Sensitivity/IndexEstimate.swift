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
}
