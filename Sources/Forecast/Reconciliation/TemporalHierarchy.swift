/// One series at several frequencies that add up: months, quarters, years.
///
/// ```swift
/// let temporal = try TemporalHierarchy(seasonalPeriod: 12)          // sums over 12, 6, 4, 3, 2 and 1 months
/// let yearly = temporal.aggregated(arrivals, over: 12)
/// // base[l]: forecasts of the series summed over temporal.factors[l], for whole years
/// let coherent = try temporal.reconciled(base, by: .structural)
/// ```
///
/// One cycle (a year) is a ``Hierarchy`` with a node for each block of each factor k, m / k of them, in time order; the
/// bottom is the m observations themselves.
///
/// Source: Athanasopoulos, Hyndman, Kourentzes and Petropoulos, European Journal of Operational Research 262 (2017).
public struct TemporalHierarchy: Equatable, Sendable {
  public let seasonalPeriod: Int
  /// How many observations each level sums, descending, the period first and 1 last.
  public let factors: [Int]
  /// The nodes of one cycle: level after level, each in time order.
  public let hierarchy: Hierarchy

  /// - Parameters:
  ///   - seasonalPeriod: observations per cycle, at least 2.
  ///   - factors: divisors of the period to use; nil for all. The period and 1 are always there.
  public init(seasonalPeriod: Int, factors: [Int]? = nil) throws(ForecastError) {
    guard seasonalPeriod >= 2, seasonalPeriod <= 10_000 else {
      throw Hierarchy.bad("a temporal hierarchy needs a period of 2 ... 10,000, not \(seasonalPeriod)")
    }
    let chosen = factors ?? (1...seasonalPeriod).filter { seasonalPeriod.isMultiple(of: $0) }
    guard chosen.allSatisfy({ $0 >= 1 && seasonalPeriod.isMultiple(of: $0) }) else {
      throw Hierarchy.bad("every factor must divide the period \(seasonalPeriod)")
    }
    let levels = Set(chosen + [1, seasonalPeriod]).sorted(by: >)
    self.seasonalPeriod = seasonalPeriod
    self.factors = levels
    hierarchy = try Hierarchy(
      bottom: (1...seasonalPeriod).map { "1x\($0)" },
      aggregates: levels.dropLast().flatMap { factor in
        (0..<seasonalPeriod / factor).map { block in
          ("\(factor)x\(block + 1)", Array(block * factor..<(block + 1) * factor))
        }
      })
  }

  /// The series summed over blocks of `factor` observations that end at its end; what does not fill a cycle at the
  /// beginning is dropped. A block with a missing value is missing.
  public func aggregated(_ series: [Double], over factor: Int) -> [Double] {
    precondition(factor >= 1 && seasonalPeriod.isMultiple(of: factor), "the factor must divide the period")
    let start = series.count % seasonalPeriod
    return stride(from: start, to: series.count, by: factor).map { block in
      series[block..<block + factor].reduce(0, +)
    }
  }

  /// How the levels' errors are weighed.
  public enum Method: Sendable {
    case bottomUp
    case ordinaryLeastSquares
    /// Variances proportional to the factor.
    case structural
    /// One variance per level, in the order of ``TemporalHierarchy/factors``.
    case levelVariances([Double])
    /// One variance per node of the cycle.
    case nodeVariances([Double])
    /// Any covariance of the nodes of a cycle, for example ``ErrorCovariance/shrunk(_:)`` of
    /// ``TemporalHierarchy/cycles(of:)``.
    case covariance(ErrorCovariance)
  }

  /// The mean square of each level's errors, for ``Method/levelVariances(_:)``; NaN are left out.
  public static func levelVariances(of residuals: [[Double]]) -> [Double] {
    residuals.map { level in
      let usable = level.filter { !$0.isNaN }
      return usable.reduce(0) { $0 + $1 * $1 / Double(usable.count) }
    }
  }

  /// The levels' series or errors by node of the cycle: nodes x whole cycles, counted from the end.
  ///
  /// - Parameter levels: one list per factor, in their order, each ending at the end of the same cycle.
  public func cycles(of levels: [[Double]]) throws(ForecastError) -> [[Double]] {
    guard levels.count == factors.count else {
      throw Hierarchy.bad("a list is needed for each of \(factors.count) levels")
    }
    let cycles = zip(levels, factors).map { $0.count / (seasonalPeriod / $1) }.min() ?? 0
    return zip(levels, factors).flatMap { level, factor in
      let blocks = seasonalPeriod / factor
      let start = level.count - cycles * blocks
      return (0..<blocks).map { block in (0..<cycles).map { level[start + $0 * blocks + block] } }
    }
  }

  /// The reconciliation of one cycle.
  public func reconciliation(by method: Method) throws(ForecastError) -> Reconciliation {
    switch method {
    case .bottomUp: return try Reconciliation(of: hierarchy, by: .bottomUp)
    case .ordinaryLeastSquares: return try Reconciliation(of: hierarchy, by: .ordinaryLeastSquares)
    case .structural: return try Reconciliation(of: hierarchy, by: .structural)
    case .nodeVariances(let values): return try Reconciliation(of: hierarchy, by: .minimumTrace(.variances(values)))
    case .covariance(let covariance): return try Reconciliation(of: hierarchy, by: .minimumTrace(covariance))
    case .levelVariances(let values):
      guard values.count == factors.count else {
        throw Hierarchy.bad("a variance is needed for each of \(factors.count) levels")
      }
      let byNode = zip(values, factors).flatMap { Array(repeating: $0, count: seasonalPeriod / $1) }
      return try Reconciliation(of: hierarchy, by: .minimumTrace(.variances(byNode)))
    }
  }

  /// Coherent forecasts of all levels, cycle by cycle.
  ///
  /// - Parameters:
  ///   - base: one list per factor, in their order, all of the same number of whole cycles.
  ///   - nonNegative: see ``Reconciliation/reconciledNonNegative(_:)``.
  /// - Returns: laid out like `base`.
  public func reconciled(
    _ base: [[Double]], by method: Method, nonNegative: Bool = false
  ) throws(ForecastError) -> [[Double]] {
    guard base.count == factors.count else { throw Hierarchy.bad("forecasts are needed of \(factors.count) levels") }
    let cycles = base[0].count
    guard zip(base, factors).allSatisfy({ $0.count == cycles * (seasonalPeriod / $1) }) else {
      throw Hierarchy.bad("every level needs forecasts of the same whole cycles")
    }
    let reconciliation = try reconciliation(by: method)
    var result = base
    for cycle in 0..<cycles {
      var nodes: [Double] = []
      for (level, factor) in zip(base, factors) {
        let blocks = seasonalPeriod / factor
        nodes += level[cycle * blocks..<(cycle + 1) * blocks]
      }
      let coherent = nonNegative ? try reconciliation.reconciledNonNegative(nodes) : reconciliation.reconciled(nodes)
      var next = 0
      for (index, factor) in factors.enumerated() {
        for block in 0..<seasonalPeriod / factor {
          result[index][cycle * (seasonalPeriod / factor) + block] = coherent[next]
          next += 1
        }
      }
    }
    return result
  }
}
