/// Intervals from past forecast errors instead of a distribution: split-conformal, one step ahead or many.
///
/// The errors of a ``RollingOrigin`` record, divided by a scale that makes them comparable, are the scores s. The upper
/// bound at step h is mean[h] + scale[h] q, with q the score of rank (n + 1)(1 + level) / 2 among the n scores of that
/// step (interpolated between ranks), the lower bound is made alike from the other end; a new score exchangeable with
/// the n lies inside with probability `level`. The two sides are independent, so skewed errors give skewed intervals.
///
/// ```swift
/// let own = ConformalIntervals.scores(of: record, scale: scale)
/// let conformal = ConformalIntervals(own: own, pool: ConformalPool(scoresOfAll))
/// switch conformal.interval(mean: forecast.mean, scale: scale, level: 0.95) {
/// case .interval(let bounds): use(bounds.lower, bounds.upper)
/// case .notTestable(let reason): print(reason)
/// }
/// ```
///
/// - **Pool**: scores of other series, each divided by its own series' scale. The series' own quantile then counts with
///   weight n / (n + `strength`) and the pool's with the rest, so a short series leans on the others.
/// - **Monotone**: both half-widths are made non-decreasing in the horizon by isotonic regression weighted with n.
/// - **Order**: a half-width is never negative, so lower <= mean <= upper; a bias larger than the spread ends at the
///   mean.
/// - **Not testable**: the series' own or the pool's scores must number at least ``requiredScores(level:)`` at every
///   step; there is no honest bound otherwise. A smaller pool is not used.
///
/// The guarantee is for exchangeable scores. Errors of overlapping steps are correlated and series drift, so it is
/// approximate.
///
/// Sources: Vovk, Gammerman and Shafer, "Algorithmic Learning in a Random World" (2005); Lei et al., Journal of the
/// American Statistical Association 113 (2018).
public struct ConformalIntervals: Equatable, Sendable {
  /// The scores of the series itself by step, ascending.
  public let own: [[Double]]
  /// The scores of other series; without steps if there is no pool.
  public let pool: ConformalPool
  /// How many own scores weigh as much as the pool.
  public let strength: Double

  public struct Bounds: Equatable, Sendable {
    public let lower: [Double]
    public let upper: [Double]
    /// The own scores behind each step.
    public let ownScores: [Int]
    /// The pool's scores behind each step.
    public let poolScores: [Int]
  }

  public enum Outcome: Equatable, Sendable {
    case interval(Bounds)
    case notTestable(Reason)
  }

  public enum Reason: Equatable, Sendable, CustomStringConvertible {
    /// Too few scores at this step (from 1).
    case tooFewScores(step: Int, needed: Int, found: Int)
    /// A mean, scale, score or bound of this step is not a finite number.
    case nonFinite(step: Int)
    /// The level is not strictly between 0 and 1.
    case badLevel

    public var description: String {
      switch self {
      case .tooFewScores(let step, let needed, let found):
        return "step \(step) needs \(needed) past errors for this level, found \(found)"
      case .nonFinite(let step): return "step \(step) has a value that is not a finite number"
      case .badLevel: return "the level must lie between 0 and 1"
      }
    }
  }

  /// - Parameters:
  ///   - own: scores by step, from ``scores(of:scale:)``; NaN are left out.
  ///   - pool: scores of other series, sorted once for all of them.
  ///   - strength: how many own scores weigh as much as the pool; at least 0, and 0 leaves the pool out where there are any own.
  public init(own: [[Double]], pool: ConformalPool = ConformalPool([]), strength: Double = 30) {
    self.own = ConformalPool.sorted(own)
    self.pool = pool
    self.strength = strength >= 0 ? strength : 0
  }

  /// The errors of a record by step, divided by the series' scale (for example
  /// ``AccuracyMeasures/seasonalScale(of:seasonalPeriod:)`` of its past). An infinite score stands for a miss where the
  /// scale is 0.
  public static func scores(of record: RollingOrigin.Record, scale: Double) -> [[Double]] {
    (0..<record.horizon).map { h in
      record.errors.map { $0[h] == 0 ? 0 : $0[h] / scale }.filter { !$0.isNaN }
    }
  }

  /// The errors by step divided by the model's deviations; intervals then take the forecast's deviations as scale.
  public static func standardizedScores(of record: RollingOrigin.Record) -> [[Double]] {
    (0..<record.horizon).map { h in record.standardizedErrors.map { $0[h] }.filter { !$0.isNaN } }
  }

  /// The smallest number of scores with which both bounds of a level are inside the sample: 2 / (1 - level) - 1,
  /// rounded up.
  public static func requiredScores(level: Double) -> Int {
    // A level such as 0.95 is not exact in binary: what is a whole number but for rounding is that number.
    let exact = 2 / (1 - level) - 1
    let near = exact.rounded()
    let needed = abs(exact - near) < 1e-9 * exact ? near : exact.rounded(.up)
    return needed < 0x1p62 ? max(Int(needed), 1) : Int.max
  }

  /// The central interval around a forecast.
  ///
  /// - Parameters:
  ///   - mean: the point forecasts of steps 1, 2, ...
  ///   - scale: the unit of the scores at each step.
  public func interval(mean: [Double], scale: [Double], level: Double) -> Outcome {
    guard level > 0, level < 1 else { return .notTestable(.badLevel) }
    precondition(mean.count == scale.count, "a scale is needed for every step")
    let needed = Self.requiredScores(level: level)
    let tail = 0.5 * (1 - level)
    var (below, above, weights) = ([Double](), [Double](), [Double]())
    var (ownCounts, poolCounts) = ([Int](), [Int]())
    for h in mean.indices {
      let mine = h < own.count ? own[h] : []
      let offered = h < pool.steps.count ? pool.steps[h] : []
      let found = max(mine.count, offered.count)
      guard found >= needed else {
        return .notTestable(.tooFewScores(step: h + 1, needed: needed, found: found))
      }
      // A pool too small for the level would only add noise to the series' own quantile.
      let others = offered.count >= needed ? offered : []
      let half = (
        below: max(0, -quantile(tail, mine, others)) * scale[h],
        above: max(0, quantile(1 - tail, mine, others)) * scale[h]
      )
      guard mean[h].isFinite, scale[h] >= 0, half.below.isFinite, half.above.isFinite else {
        return .notTestable(.nonFinite(step: h + 1))
      }
      below.append(half.below)
      above.append(half.above)
      weights.append(Double(mine.count) + (others.isEmpty ? 0 : strength + 1))
      ownCounts.append(mine.count)
      poolCounts.append(others.count)
    }
    let widths = (
      below: IsotonicRegression.fit(below, weights: weights), above: IsotonicRegression.fit(above, weights: weights)
    )
    let lower = zip(mean, widths.below).map { $0 - $1 }
    let upper = zip(mean, widths.above).map { $0 + $1 }
    for h in mean.indices where !lower[h].isFinite || !upper[h].isFinite {
      return .notTestable(.nonFinite(step: h + 1))
    }
    return .interval(Bounds(lower: lower, upper: upper, ownScores: ownCounts, poolScores: poolCounts))
  }

  /// ``interval(mean:scale:level:)`` with one scale for all steps.
  public func interval(mean: [Double], scale: Double, level: Double) -> Outcome {
    interval(mean: mean, scale: Array(repeating: scale, count: mean.count), level: level)
  }

  private func quantile(_ probability: Double, _ mine: [Double], _ others: [Double]) -> Double {
    if others.isEmpty { return Self.conformalQuantile(mine, probability) }
    let pooled = Self.conformalQuantile(others, probability)
    let count = Double(mine.count)
    guard count > 0 else { return pooled }
    let weight = count / (count + strength)
    let alone = Self.conformalQuantile(mine, probability)
    return alone == pooled ? alone : weight * alone + (1 - weight) * pooled
  }

  /// The value of rank (n + 1) p, interpolated, and the outermost one where that rank is outside the sample.
  private static func conformalQuantile(_ sorted: [Double], _ probability: Double) -> Double {
    let rank = Double(sorted.count + 1) * probability - 1
    if rank <= 0 { return sorted[0] }
    let lower = min(Int(rank), sorted.count - 1)
    let fraction = rank - Double(lower)
    guard lower + 1 < sorted.count, fraction > 0, sorted[lower] != sorted[lower + 1] else { return sorted[lower] }
    return sorted[lower] + fraction * (sorted[lower + 1] - sorted[lower])
  }
}
