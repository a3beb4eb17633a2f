/// Counts of probability integral transforms in equal bins of [0, 1], with a test of uniformity.
///
/// A calibrated forecast has equal counts; a U shape says that its distributions are too narrow, a hill that they are too wide, a
/// slope that they lie to one side.
///
/// ```swift
/// let histogram = PITHistogram(record.transforms.joined(), bins: 10)
/// if let test = histogram.uniformity { print(test.pValue) }
/// ```
public struct PITHistogram: Equatable, Sendable {
  /// How many values lie in [k / K, (k + 1) / K); 1 counts in the last bin.
  public let counts: [Int]

  /// - Parameters:
  ///   - values: NaN and values outside [0, 1] are left out.
  ///   - bins: at least 1.
  public init<Values: Sequence>(_ values: Values, bins: Int = 10) where Values.Element == Double {
    precondition(bins >= 1, "a histogram needs a bin")
    var counts = [Int](repeating: 0, count: bins)
    for value in values where value >= 0 && value <= 1 { counts[min(Int(value * Double(bins)), bins - 1)] += 1 }
    self.counts = counts
  }

  public var total: Int { counts.reduce(0, +) }

  /// Counts divided by their mean: 1 everywhere for a calibrated forecast.
  public var densities: [Double] { counts.map { Double($0 * counts.count) / Double(total) } }

  /// Pearson's test that all bins are equally likely.
  public struct Uniformity: Equatable, Sendable {
    /// sum of (count - expected)^2 / expected
    public let statistic: Double
    /// bins - 1
    public let degreesOfFreedom: Int
    /// The upper tail of chi-squared.
    public let pValue: Double
  }

  /// The test; nil, "not testable", with fewer than two bins or fewer than five expected values a bin.
  ///
  /// It takes the values as independent. Those of overlapping forecasts (several steps from one origin, origins closer than the
  /// horizon) are not, and their p value is then too small: test one step at a time with a stride.
  public var uniformity: Uniformity? {
    let expected = Double(total) / Double(counts.count)
    guard counts.count >= 2, expected >= 5 else { return nil }
    let statistic = counts.reduce(0.0) { $0 + (Double($1) - expected) * (Double($1) - expected) / expected }
    let degrees = counts.count - 1
    return Uniformity(
      statistic: statistic, degreesOfFreedom: degrees,
      pValue: Distributions.chiSquaredUpperTail(statistic, degreesOfFreedom: Double(degrees)))
  }
}
