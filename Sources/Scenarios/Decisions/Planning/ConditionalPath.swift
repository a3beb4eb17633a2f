import NumericKernels

/// "If this indicator must be so much, what does that imply?": the baseline's futures in which it comes out near the
/// value.
///
/// The joint draws of the baseline are weighted by a normal kernel about the stated values, on the scale on which
/// headline indicators are compared (logarithm of 1 + x for amounts, logit for bounded ones), in units of each
/// indicator's spread; several conditions multiply. The weights are then tilted so that the mean of every conditioned
/// indicator on that scale is the stated value, which takes out most of the kernel's pull towards the middle. The
/// bandwidth is widened until at least ``fewestEffective`` futures count, but not beyond ``widest`` spreads: a value
/// farther out than that is not a future of this baseline, and nothing is said about it.
///
/// What moves together does so through identities and through the shared drivers of the outside world; a condition is
/// not a policy. Effective sample size: (sum of weights)² / sum of squared weights (Kish 1965). Kernel conditioning:
/// Nadaraya (1964), Watson (1964).
public struct ConditionalPath: Sendable {
  public struct Condition: Sendable {
    public let measure: OutcomeMeasure
    public let value: Double
    /// Share of the baseline's futures that reach the value or more; nil for a planner's own path, which has no
    /// probability.
    public let probabilityAtLeast: Double?
    public let median: Double
    /// The weighted mean on the compared scale, back on the indicator's own: the value, unless it could not be met.
    public let met: Double
    public let growth: RequiredGrowth?
  }

  /// The yearly growth, the same in every year, that leads from the last published figure to the stated value, or to
  /// a stated average.
  public struct RequiredGrowth: Sendable {
    public let from: Int
    public let fact: Double
    public let years: Int
    /// Percent a year.
    public let required: Double
    /// What the middle of the baseline would take.
    public let baseline: Double
    /// What the last so many years brought; nil where the figures do not go back that far.
    public let past: Double?
  }

  /// Another indicator in the last year of the conditions.
  public struct Row: Sendable {
    public let indicator: String
    public let year: Int
    /// 10%, median, 90%.
    public let baseline: [Double]
    public let conditional: [Double]
    /// Shift of the mean on the compared scale, in spreads of the baseline, with its Monte Carlo error.
    public let shift: Double
    public let shiftError: Double
  }

  public static let fewestEffective = 100.0
  public static let widest = 0.5

  public let conditions: [Condition]
  /// False where no bandwidth makes enough futures count: then there are no rows.
  public let isReachable: Bool
  public let effectiveSampleSize: Double
  public let draws: Int
  /// In spreads.
  public let bandwidth: Double
  /// All indicators of the model that vary, largest shift first.
  public let rows: [Row]

  /// - Throws: ``ScenarioError``.
  public init(
    _ given: [(measure: OutcomeMeasure, value: Double)], model: CompiledModel, run: DecisionRun
  ) throws {
    let engine = try EngineRun(
      model, draws: run.draws, seed: run.seed, threads: run.threads, isCancelled: run.isCancelled)
    let table = engine.baselineDraws
    let outcomes = given.map { $0.measure.draws(table, model) }
    let scaled = given.indices.map { k -> [Double] in
      let transform = ConditionalPath.transform(given[k].measure.indicator, model)
      return outcomes[k].map { ConditionalPath.forward($0, transform) }
    }
    let places = given.map { ConditionalPath.forward($0.value, ConditionalPath.transform($0.measure.indicator, model)) }
    let spreads = scaled.map { max(Reductions.standardDeviation($0), 1e-12) }
    let distances = given.indices.map { k in scaled[k].map { ($0 - places[k]) / spreads[k] } }
    var width = 1.06 / ConditionalPath.root(Double(max(run.draws, 1)))
    var weights = ConditionalPath.weights(distances, width)
    while ConditionalPath.effective(weights) < ConditionalPath.fewestEffective, width < ConditionalPath.widest {
      width = min(width * 1.2, ConditionalPath.widest)
      weights = ConditionalPath.weights(distances, width)
    }
    let tilted = ConditionalPath.tilted(weights, distances)
    // A tilt that leaves too few is worse than none.
    if ConditionalPath.effective(tilted) >= 0.3 * ConditionalPath.effective(weights) { weights = tilted }
    let effective = ConditionalPath.effective(weights)
    let sum = Reductions.sum(weights)
    let means = distances.map { Reductions.sum(zip($0, weights).map { $0 * $1 }) / max(sum, 1e-300) }
    let isReachable =
      effective >= min(ConditionalPath.fewestEffective, 0.1 * Double(run.draws)) * 0.5
      && means.allSatisfy { abs($0) < ConditionalPath.widest / 2 }
    self.isReachable = isReachable
    draws = run.draws
    bandwidth = width
    effectiveSampleSize = effective
    conditions = given.indices.map { k in
      let id = given[k].measure.indicator
      let share = Double(outcomes[k].count { $0 >= given[k].value }) / Double(max(run.draws, 1))
      let median = Quantiles.median(outcomes[k])
      return Condition(
        measure: given[k].measure, value: given[k].value,
        probabilityAtLeast: model.restsOnPlannersPath(id) ? nil : share, median: median,
        met: ConditionalPath.inverse(places[k] + means[k] * spreads[k], ConditionalPath.transform(id, model)),
        growth: ConditionalPath.growth(given[k].measure, given[k].value, median, model))
    }
    guard isReachable, let last = given.map(\.measure.lastYear).max(), let year = model.grid.firstIndex(of: last) else {
      rows = []
      return
    }
    let share = weights.map { $0 / sum }
    rows = model.nodes.indices.compactMap { node in
      ConditionalPath.row(node, year, table, share, effective, model)
    }.sorted { (abs($0.shift), $1.indicator) > (abs($1.shift), $0.indicator) }
  }

  private static func row(
    _ node: Int, _ year: Int, _ table: ScenarioDraws, _ weights: [Double], _ effective: Double, _ model: CompiledModel
  ) -> Row? {
    let draws = Array(table.draws(node, year))
    let transform = model.nodes[node].transform
    let scale = draws.map { forward($0, transform) }
    let spread = Reductions.standardDeviation(scale)
    guard spread > 1e-12, spread.isFinite else { return nil }
    let mean = Reductions.mean(scale)
    let conditional = Reductions.sum(zip(scale, weights).map { $0 * $1 })
    let variance = Reductions.sum(zip(scale, weights).map { ($0 - conditional) * ($0 - conditional) * $1 })
    return Row(
      indicator: model.nodes[node].id, year: model.grid[year], baseline: Quantiles.of(draws, [0.1, 0.5, 0.9]),
      conditional: weightedQuantiles(draws, weights, [0.1, 0.5, 0.9]), shift: (conditional - mean) / spread,
      shiftError: (variance / max(effective, 1)).squareRoot() / spread)
  }

  // MARK: weights

  private static func weights(_ distances: [[Double]], _ width: Double) -> [Double] {
    (distances.first ?? []).indices.map { d in
      var square = 0.0
      for distance in distances { square += distance[d] * distance[d] }
      return VectorMath.exp(max(-0.5 * square / (width * width), -700))
    }
  }

  static func effective(_ weights: [Double]) -> Double {
    let (sum, squares) = (Reductions.sum(weights), Reductions.sum(weights.map { $0 * $0 }))
    return squares > 0 ? sum * sum / squares : 0
  }

  /// Multiplies the weights by exp(tilt · distance), so that every weighted mean distance is zero: Newton's method,
  /// one condition after the other.
  private static func tilted(_ weights: [Double], _ distances: [[Double]]) -> [Double] {
    var result = weights
    for _ in 0..<12 {
      for distance in distances {
        let sum = Reductions.sum(result)
        guard sum > 0 else { return weights }
        let mean = Reductions.sum(zip(distance, result).map { $0 * $1 }) / sum
        let variance = Reductions.sum(zip(distance, result).map { ($0 - mean) * ($0 - mean) * $1 }) / sum
        guard variance > 1e-12 else { continue }
        let tilt = min(max(-mean / variance, -20), 20)
        for d in result.indices { result[d] *= VectorMath.exp(min(max(tilt * distance[d], -50), 50)) }
      }
      let largest = result.max() ?? 1
      guard largest > 0, largest.isFinite else { return weights }
      for d in result.indices { result[d] /= largest }
    }
    return result
  }

  static func weightedQuantiles(_ values: [Double], _ weights: [Double], _ probabilities: [Double]) -> [Double] {
    let order = values.indices.sorted { (values[$0], $0) < (values[$1], $1) }
    let total = Reductions.sum(weights)
    return probabilities.map { probability in
      var cumulated = 0.0
      for index in order {
        cumulated += weights[index]
        if cumulated >= probability * total { return values[index] }
      }
      return order.last.map { values[$0] } ?? .nan
    }
  }

  // MARK: scale and growth

  private static func transform(_ id: String, _ model: CompiledModel) -> RangeTransform {
    model.nodeIndex(id).map { model.nodes[$0].transform } ?? RangeTransform(.real)
  }

  private static func forward(_ value: Double, _ transform: RangeTransform) -> Double {
    if transform.range == .positive { return VectorMath.log(1 + max(value, 0)) }
    return transform.contains(value) ? transform.forward(value) : value
  }

  private static func inverse(_ scaled: Double, _ transform: RangeTransform) -> Double {
    transform.range == .positive ? VectorMath.exp(scaled) - 1 : transform.inverse(scaled)
  }

  /// n^(1/5).
  private static func root(_ n: Double) -> Double { VectorMath.exp(VectorMath.log(n) / 5) }

  private static func growth(
    _ measure: OutcomeMeasure, _ value: Double, _ median: Double, _ model: CompiledModel
  ) -> RequiredGrowth? {
    guard let node = model.nodeIndex(measure.indicator), model.nodes[node].definition.range == .positive else {
      return nil
    }
    let facts = model.nodes[node].facts
    guard let last = facts.keys.max(), let fact = facts[last], fact > 0, value > 0, median > 0, last < measure.lastYear
    else { return nil }
    let years = measure.lastYear - last
    /// Percent a year, the same in every year, at which the period's average comes out at `goal`.
    func rate(_ goal: Double) -> Double {
      func average(_ factor: Double) -> Double {
        let values = (measure.firstYear...measure.lastYear).map { year in
          year <= last ? facts[year] ?? fact : fact * ConditionalPath.power(factor, year - last)
        }
        return values.reduce(0, +) / Double(values.count)
      }
      var (low, high) = (0.0, 2.0)
      while average(high) < goal, high < 1e6 { high *= 2 }
      for _ in 0..<200 {
        let middle = (low + high) / 2
        if average(middle) < goal { low = middle } else { high = middle }
      }
      return 100 * ((low + high) / 2 - 1)
    }
    let past = facts[last - years].flatMap { past -> Double? in
      past > 0 ? 100 * (VectorMath.exp(VectorMath.log(fact / past) / Double(years)) - 1) : nil
    }
    return RequiredGrowth(
      from: last, fact: fact, years: years, required: rate(value), baseline: rate(median), past: past)
  }

  private static func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<max(exponent, 0)).reduce(1) { product, _ in product * base }
  }
}
