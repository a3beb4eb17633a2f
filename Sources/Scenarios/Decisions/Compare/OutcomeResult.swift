import NumericKernels

/// What an option does to one of the things that options are judged by.
public struct OutcomeResult: Sendable {
  /// The draw-by-draw difference to the baseline.
  public struct Change: Sendable, Equatable {
    public var median: Double
    /// The ends of its 80% band.
    public var low: Double
    public var high: Double
    public var mean: Estimate

    static let none = Change(median: 0, low: 0, high: 0, mean: Estimate(value: 0, error: 0))

    init(median: Double, low: Double, high: Double, mean: Estimate) {
      self.median = median
      self.low = low
      self.high = high
      self.mean = mean
    }

    init(_ differences: [Double]) {
      let quantiles = Quantiles.of(differences, [0.1, 0.5, 0.9])
      self.init(median: quantiles[1], low: quantiles[0], high: quantiles[2], mean: Estimate(differences))
    }
  }

  /// The value itself: median and 80% band.
  public var median: Double
  public var low: Double
  public var high: Double
  /// Of the value, and of the sum over all projected years; nil for the baseline.
  public var change: Change?
  public var cumulated: Change?
  /// P(the target is met), and how much that is above the baseline's; nil where there is none to speak of.
  public var probability: Estimate?
  public var probabilityGain: Estimate?
  /// The mean amount by which the target is missed, draws that meet it counting 0.
  public var shortfall: Double?
  public var firstMet: FirstMet?
  /// Years of data before and after until the change could be told from chance; nil where nothing changes.
  public var detectableYears: Double?
}
