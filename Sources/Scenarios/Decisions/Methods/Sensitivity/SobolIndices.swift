import NumericKernels

/// First-order and total Sobol indices from the runs of a ``SaltelliDesign``, with bootstrap intervals.
///
/// The first-order index S of a group is the share of the output's variance that would vanish on average if the group
/// were known, Var(E[Y | X_g]) / Var(Y). The total index T is the share that would remain if everything else were
/// known; T - S is what the group does together with others. With A, B and AB_g the outputs of the blocks (centred at
/// the mean of all runs) and V the variance of A and B together:
///
///     S = mean(B (AB_g - A)) / V        T = mean((A - AB_g)^2) / (2 V)
///
/// Small negative S are sampling noise and are not cut off. Intervals are percentiles of a bootstrap over rows, the
/// same resamples for all indices; for scrambled points they are on the wide side, since they ignore the points'
/// balance.
///
/// Sources: Saltelli et al. (2010) for S, Jansen (1999) for T and for the alternative S = 1 - mean((B - AB_g)^2) / (2
/// V).
public struct SobolIndices: Sendable {
  public enum FirstOrderEstimator: Sendable {
    /// Better for small indices; the usual choice.
    case saltelli
    /// Better for large indices.
    case jansen
  }

  /// By group.
  public let firstOrder: [IndexEstimate]
  /// By group.
  public let total: [IndexEstimate]
  /// Mean of A and B.
  public let mean: Double
  /// Variance of A and B together, with n in the denominator.
  public let variance: Double
  /// The output never changed: there is nothing to explain, all indices are 0.
  public var isConstant: Bool { variance == 0 }

  /// Runs a model on all blocks of a design.
  ///
  /// - Parameter evaluate: outputs for points given by input; called once per block.
  /// - Throws: what `evaluate` throws, and as below.
  public init(
    _ design: SaltelliDesign, estimator: FirstOrderEstimator = .saltelli, resamples: Int = 500, level: Double = 0.95,
    seed: UInt64 = 0, id: String = "", evaluate: ([[Double]]) throws -> [Double]
  ) throws {
    let outputs = try design.blocks.map { try evaluate(design.columns($0)) }
    try self.init(
      base: outputs[0], alternate: outputs[1], mixed: Array(outputs[2...]), estimator: estimator,
      resamples: resamples, level: level, seed: seed, id: id)
  }

  /// - Parameters:
  ///   - base, alternate: outputs of A and B.
  ///   - mixed: outputs of AB_g by group.
  ///   - resamples: bootstrap resamples; 0 leaves errors and limits NaN.
  ///   - level: of the intervals, in (0, 1).
  /// - Throws: `tooFew` (2 rows), `lengths`, `nonFinite`, `outside`.
  public init(
    base: [Double], alternate: [Double], mixed: [[Double]], estimator: FirstOrderEstimator = .saltelli,
    resamples: Int = 500, level: Double = 0.95, seed: UInt64 = 0, id: String = ""
  ) throws(DecisionError) {
    let name = "Sobol indices"
    guard !mixed.isEmpty else { throw .tooFew(method: name, what: "groups", needed: 1, found: 0) }
    let rows = try DecisionError.requireColumns([base, alternate] + mixed, "outputs of block", rows: 2, method: name)
    guard level > 0, level < 1 else { throw .outside(method: name, what: "the level", expected: "between 0 and 1") }
    let both = Double(2 * rows)
    mean = (Reductions.sum(base) + Reductions.sum(alternate)) / both
    // Centring at the mean of all runs makes S less noisy without a bias worth the name.
    let all = mixed.reduce(mean * both) { $0 + Reductions.sum($1) }
    let centre = all / Double(rows * (mixed.count + 2))
    let a = base.map { $0 - centre }
    let b = alternate.map { $0 - centre }
    var columns: [[Double]] = [
      zip(a, b).map { $0 + $1 }, zip(a, b).map { $0 * $0 + $1 * $1 },
    ]
    for output in mixed {
      var first = output
      var total = output
      for row in 0..<rows {
        let ab = output[row] - centre
        let (own, others) = (b[row] - ab, a[row] - ab)
        first[row] = estimator == .saltelli ? -b[row] * others : own * own / 2
        total[row] = others * others / 2
      }
      columns += [first, total]
    }
    let groups = mixed.count
    func indices(_ sums: [Double]) -> (variance: Double, values: [Double]) {
      let shift = sums[0] / both
      let variance = max(sums[1] / both - shift * shift, 0)
      guard variance > 0 else { return (0, [Double](repeating: 0, count: 2 * groups)) }
      return (
        variance,
        (0..<2 * groups).map { k in
          let share = sums[k + 2] / Double(rows) / variance
          return estimator == .jansen && k % 2 == 0 ? 1 - share : share
        }
      )
    }
    // An output that only rounding moves counts as constant.
    let scale = (base + alternate).reduce(0) { max($0, abs($1)) }
    let found = indices(columns.map { Reductions.sum($0) })
    let isConstant = found.variance <= 1e-28 * scale * scale
    variance = isConstant ? 0 : found.variance
    let values = isConstant ? [Double](repeating: 0, count: 2 * groups) : found.values
    let samples =
      isConstant
      ? []
      : Bootstrap.sums(columns, resamples: resamples, seed: seed, id: id)
        .map { indices($0).values }
    let estimates = values.indices.map { k in
      IndexEstimate(values[k], samples: samples.map { $0[k] }, level: level, isExact: isConstant)
    }
    firstOrder = (0..<groups).map { estimates[2 * $0] }
    total = (0..<groups).map { estimates[2 * $0 + 1] }
  }
}
