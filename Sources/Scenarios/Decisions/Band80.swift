import NumericKernels

/// A figure with the range in which it falls in 8 of 10 draws.
public struct Band80: Sendable, Equatable {
  /// The value at the medians of everything it rests on, or a published or arithmetic value.
  public var central: Double
  /// The 10th and 90th percentile over the draws; nil where nothing in it is drawn.
  public var low: Double?
  public var high: Double?

  public init(central: Double, low: Double? = nil, high: Double? = nil) {
    self.central = central
    self.low = low
    self.high = high
  }

  /// A band from draws, its middle given or their median.
  init(_ draws: [Double], central: Double? = nil) {
    let quantiles = Quantiles.of(draws, [0.1, 0.5, 0.9])
    self.central = central ?? quantiles[1]
    let isSpread = quantiles[2] - quantiles[0] > 1e-9 * max(abs(quantiles[1]), 1)
    low = isSpread ? quantiles[0] : nil
    high = isSpread ? quantiles[2] : nil
  }
}
