/// The correlation of two columns of a panel over the rows that have both, with a standard error that trusts neither the rows of one
/// unit nor those of one period to be independent.
///
/// With a and b the columns divided by their standard deviations over the n common rows, the correlation is r = mean(a b), and a row
/// contributes
///
///     psi = a b - r (a^2 + b^2) / 2
///
/// to its error (the influence function of Pearson's r). The variance is the largest of four: that of Schaefer and Strimmer for
/// independent rows (``CorrelationShrinkage/variance(_:_:)``), the sums of psi clustered by unit, clustered by period, and by both
/// (unit + period - rows). Each clustered one carries G / (G - 1).
///
/// Edge cases: nil for fewer than three common rows, or a column that does not vary over them. One period alone gives no clustered
/// variance by period; callers ask for several.
///
/// Source: Cameron, Gelbach and Miller, Journal of Business and Economic Statistics 29 (2011), for clustering in two ways.
public struct PairCorrelation: Sendable, Equatable {
  public let value: Double
  public let standardError: Double
  /// Common rows, and the units and periods among them.
  public let rows: Int
  public let units: Int
  public let periods: Int

  /// - Parameters:
  ///   - x: the first column; NaN where missing.
  ///   - y: the second column, as long.
  ///   - units: the unit of each row, as small non-negative numbers.
  ///   - periods: the period of each row, likewise.
  public init?(_ x: [Double], _ y: [Double], units: [Int], periods: [Int]) {
    let common = x.indices.filter { !x[$0].isNaN && !y[$0].isNaN }
    let count = Double(common.count)
    let (commonX, commonY) = (common.map { x[$0] }, common.map { y[$0] })
    guard common.count >= 3, let a = PairCorrelation.standardised(commonX),
      let b = PairCorrelation.standardised(commonY)
    else { return nil }
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    let r = sum / count
    var byUnit = Clusters(units)
    var byPeriod = Clusters(periods)
    var squares = 0.0
    for (i, row) in common.enumerated() {
      let influence = a[i] * b[i] - 0.5 * r * (a[i] * a[i] + b[i] * b[i])
      byUnit.add(influence, to: units[row])
      byPeriod.add(influence, to: periods[row])
      squares += influence * influence
    }
    let (unit, period) = (byUnit.variance / (count * count), byPeriod.variance / (count * count))
    let independent = CorrelationShrinkage.variance(commonX, commonY)
    value = min(max(r, -1), 1)
    standardError = max(unit, period, unit + period - squares / (count * count), independent).squareRoot()
    rows = common.count
    self.units = byUnit.count
    self.periods = byPeriod.count
  }

  /// Sums by cluster; an array, because a table of a model has a hundred pairs of a thousand rows.
  private struct Clusters {
    private var sums: [Double]
    private var isUsed: [Bool]

    init(_ labels: [Int]) {
      sums = [Double](repeating: 0, count: (labels.max() ?? -1) + 1)
      isUsed = [Bool](repeating: false, count: sums.count)
    }

    mutating func add(_ value: Double, to cluster: Int) {
      sums[cluster] += value
      isUsed[cluster] = true
    }

    var count: Int { isUsed.count { $0 } }

    /// The sum of squares with the factor G / (G - 1); 0 for one cluster.
    var variance: Double {
      let groups = Double(count)
      return groups > 1 ? sums.reduce(0) { $0 + $1 * $1 } * groups / (groups - 1) : 0
    }
  }

  /// The two-sided probability of a correlation at least this far from zero if there is none: Student's t with one degree of freedom
  /// less than the smaller number of clusters.
  public var pValue: Double {
    guard standardError > 0 else { return value == 0 ? 1 : 0 }
    return Distributions.studentTTwoSided(
      value / standardError, degreesOfFreedom: Double(max(min(units, periods) - 1, 1)))
  }

  /// Centred and divided by the root mean square; nil if nothing varies.
  private static func standardised(_ values: [Double]) -> [Double]? {
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let centred = values.map { $0 - mean }
    let deviation = (centred.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    guard deviation > 1e-12 * max(abs(mean), 1e-300) else { return nil }
    return centred.map { $0 / deviation }
  }
}
