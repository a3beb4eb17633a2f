import NumericKernels

/// The smallest scale of a set of levers at which every target is reached with its probability.
///
/// On draws that are held fixed (common random numbers) the probability is a step function of the scale, but "k of
/// the n draws reach the value" is the same as "the k-th best draw reaches the value", which moves smoothly: the
/// scale is the root of
///
///     margin(s) = k-th best draw at scale s - value,  k = ceil(p n)
///
/// the smallest of the margins for several targets. The scales are first looked at on a grid, so that the first
/// crossing is found even if more is not always better; the crossing is then narrowed by Brent's method (Algorithms
/// for Minimization without Derivatives, 1973) with the side kept on which all targets are met. The uncertainty from
/// the number of draws is the range of scales found with k moved by its binomial standard error.
public struct GoalSearch: Sendable {
  public enum Outcome: Equatable, Sendable {
    /// Met without doing anything.
    case alreadyMet
    /// Met from this scale on.
    case reached(scale: Double)
    /// Not met anywhere; this scale comes nearest.
    case cannotBeReached(nearest: Double)
  }

  public let outcome: Outcome
  /// The scale at which the figures below are taken: 0, the scale reached, or the nearest.
  public let scale: Double
  /// By target: the share of draws that reach it there.
  public let probabilities: [Double]
  /// By target: the value that is reached there with the wanted probability.
  public let valuesReached: [Double]
  /// The target that decides: the last to be met, or the one most missed.
  public let bindingTarget: Int
  /// Scales for one standard error more and less of the draws; infinite where such a target is out of reach.
  public let lowerScale: Double
  public let upperScale: Double
  /// The margin fell somewhere although the scale rose: more is not always better here.
  public let isMonotone: Bool
  /// How often the outcome was computed.
  public let evaluations: Int

  private static let name = "the goal search"

  /// - Parameters:
  ///   - targets: at least one; probabilities in (0, 1].
  ///   - mostScale: scales from 0 to this are looked at.
  ///   - grid: steps of the first look.
  ///   - tolerance: of the scale, as a share of `mostScale`.
  ///   - draws: by target, the outcome's draws at a scale; the same number and the same underlying draws every time.
  /// - Throws: `tooFew`, `lengths`, `nonFinite`, `outside`, and what `draws` throws.
  public init(
    targets: [GoalTarget], mostScale: Double, grid: Int = 8, tolerance: Double = 1e-9,
    draws: (Double) throws -> [[Double]]
  ) throws {
    let name = GoalSearch.name
    guard !targets.isEmpty else { throw DecisionError.tooFew(method: name, what: "targets", needed: 1, found: 0) }
    guard targets.allSatisfy({ $0.probability > 0 && $0.probability <= 1 && $0.value.isFinite }), mostScale > 0,
      mostScale.isFinite, grid >= 1, tolerance > 0
    else {
      throw DecisionError.outside(
        method: name, what: "the targets or scales",
        expected: "finite values, probabilities above 0 and at most 1, a positive largest scale")
    }
    var curve = Curve(targets: targets)
    let scales = (0...grid).map { mostScale * Double($0) / Double(grid) }
    for scale in scales { try curve.add(scale, draws) }
    let margins = scales.map { curve.margin($0, shift: 0) }
    let noise = 1e-12 * margins.reduce(0) { max($0, abs($1)) }
    isMonotone = zip(margins, margins.dropFirst()).allSatisfy { $0 <= $1 + noise }
    let width = tolerance * mostScale
    let found = try curve.crossing(scales, shift: 0, width, draws)
    if let found {
      outcome = found == 0 ? .alreadyMet : .reached(scale: found)
      scale = found
    } else {
      let best = curve.nearest()
      outcome = .cannotBeReached(nearest: best)
      scale = best
    }
    let summary = curve.summary(scale)
    (probabilities, valuesReached, bindingTarget) = (summary.shares, summary.values, summary.binding)
    lowerScale = try curve.crossing(scales, shift: -1, max(width, 1e-6 * mostScale), draws) ?? .infinity
    upperScale = try curve.crossing(scales, shift: 1, max(width, 1e-6 * mostScale), draws) ?? .infinity
    evaluations = curve.count
  }

  /// What is known of the outcome at the scales looked at: the sorted draws that matter.
  private struct Curve {
    let targets: [GoalTarget]
    /// By scale and target: margins with k one standard error lower, as wanted and higher, and the share of draws met.
    private var known: [Double: [(margins: [Double], share: Double)]] = [:]

    init(targets: [GoalTarget]) { self.targets = targets }

    var count: Int { known.count }

    mutating func add(_ scale: Double, _ draws: (Double) throws -> [[Double]]) throws {
      guard known[scale] == nil else { return }
      let outcomes = try draws(scale)
      guard outcomes.count == targets.count else {
        throw DecisionError.lengths(
          method: GoalSearch.name, what: "the outcomes", expected: targets.count, found: outcomes.count)
      }
      known[scale] = try zip(targets, outcomes).map { target, outcome in
        guard !outcome.isEmpty else {
          throw DecisionError.tooFew(method: GoalSearch.name, what: "draws", needed: 1, found: 0)
        }
        try DecisionError.requireFinite(outcome, "the outcome", method: GoalSearch.name)
        let n = outcome.count
        let error = (target.probability * (1 - target.probability) * Double(n)).squareRoot()
        // Turned round for "at most", so that more is better and the k-th best is wanted.
        let sign = target.direction == .atLeast ? 1.0 : -1.0
        let ranks = [-1.0, 0, 1].map { shift in
          min(max(target.needed(of: n) + Int((shift * error).rounded()), 1), n)
        }
        let margins = Quantiles.orderStatistics(of: outcome.map { sign * $0 }, ranks: ranks.map { n - $0 })
          .map { $0 - sign * target.value }
        return (margins, target.share(outcome))
      }
    }

    func margin(_ scale: Double, shift: Int) -> Double {
      (known[scale] ?? []).reduce(.infinity) { min($0, $1.margins[shift + 1]) }
    }

    /// The smallest scale at which the margin is not negative; nil if there is none on the grid.
    mutating func crossing(
      _ scales: [Double], shift: Int, _ width: Double, _ draws: (Double) throws -> [[Double]]
    ) throws -> Double? {
      guard let end = scales.firstIndex(where: { margin($0, shift: shift) >= 0 }) else { return nil }
      guard end > 0 else { return scales[0] }
      return try narrowed(scales[end - 1], scales[end], shift, width, draws)
    }

    /// Brent's method between a scale that misses and one that meets.
    private mutating func narrowed(
      _ low: Double, _ high: Double, _ shift: Int, _ width: Double, _ draws: (Double) throws -> [[Double]]
    ) throws -> Double {
      var (misses, meets) = (low, high)
      var (a, fa) = (misses, margin(misses, shift: shift))
      var (b, fb) = (meets, margin(meets, shift: shift))
      var (c, fc) = (a, fa)
      for step in 0..<200 where meets - misses > width {
        var next = (misses + meets) / 2
        // Secant or inverse quadratic step, each third step halving.
        if step % 3 != 2, fa != fb {
          let guess =
            fa != fc && fb != fc
            ? a * fb * fc / ((fa - fb) * (fa - fc)) + b * fa * fc / ((fb - fa) * (fb - fc))
              + c * fa * fb / ((fc - fa) * (fc - fb))
            : b - fb * (b - a) / (fb - fa)
          // A little beyond the guess, towards the far end, so that both ends close in.
          let inset = 0.25 * width
          if guess > misses, guess < meets {
            next =
              guess - misses < meets - guess ? min(guess + inset, meets - inset) : max(guess - inset, misses + inset)
          }
        }
        guard next > misses, next < meets else { break }
        try add(next, draws)
        let value = margin(next, shift: shift)
        if value >= 0 { meets = next } else { misses = next }
        (c, fc) = (a, fa)
        (a, fa) = (b, fb)
        (b, fb) = (next, value)
        if value == 0 { break }
      }
      return meets
    }

    /// The scale with the largest margin; the smallest of several.
    func nearest() -> Double {
      known.keys.sorted().reduce((scale: 0.0, margin: -Double.infinity)) { best, scale in
        let own = margin(scale, shift: 0)
        return own > best.margin ? (scale, own) : best
      }.scale
    }

    func summary(_ scale: Double) -> (shares: [Double], values: [Double], binding: Int) {
      let rows = known[scale] ?? []
      let values = zip(targets, rows).map { target, row in
        target.direction == .atLeast ? target.value + row.margins[1] : target.value - row.margins[1]
      }
      let binding = rows.indices.reduce(0) { rows[$1].margins[1] < rows[$0].margins[1] ? $1 : $0 }
      return (rows.map(\.share), values, binding)
    }
  }
}
