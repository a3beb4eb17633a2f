import NumericKernels

/// The best setting of continuous levers under a budget and conditions.
///
/// Deterministic, in three steps. The objective is looked at on Sobol points over the ranges. From the best of them,
/// and from settings that are handed in, NLopt's COBYLA (BOBYQA where nothing limits) searches without derivatives,
/// so that steps and corners of quantiles and ranks do not stop it. What violates a limit is drawn back to a setting
/// that meets all, along a straight line, and the best is searched from again in its surroundings.
///
/// A global optimum is not guaranteed for objectives with several peaks: more points and starts make it likelier.
public enum LeverSearch {
  public struct Settings: Sendable {
    /// Sobol points that are looked at (a power of two keeps them even).
    public var points = 32
    /// Points from which a search starts, the best of those looked at and of those handed in; 0 only with settings
    /// handed in.
    public var starts = 3
    /// Whether a search in small steps starts from every setting handed in as well.
    public var searchesFromKnown = true
    /// How often one search may ask for the objective.
    public var evaluations = 400
    /// Searches around the best at the end, as long as they help.
    public var polishings = 4
    /// A search ends with steps of this share of the ranges.
    public var finestStep = 1e-7

    public init() {}
  }

  /// - Parameter known: settings to start from as well; the result is at least as good as the best of them that meets
  ///   the limits.
  /// - Throws: `outside` for settings that make no sense.
  public static func maximize(
    _ problem: LeverProblem, settings: Settings = Settings(), known: [[Double]] = [], seed: UInt64 = 0,
    id: String = ""
  ) throws(DecisionError) -> LeverOptimum {
    guard settings.points > 0, settings.starts > 0 || (settings.starts == 0 && !known.isEmpty),
      settings.evaluations > 0, settings.polishings >= 0,
      settings.finestStep > 0
    else { throw .outside(method: "the lever search", what: "the settings", expected: "positive") }
    let count = problem.lower.count
    let sequence = try SobolSequence(
      dimensions: min(count, SobolSequence.maximumDimensions), seed: seed, id: "levers/" + id)
    let columns = sequence.columns(count: settings.points)
    var points = (0..<settings.points).map { point in (0..<count).map { columns[$0 % columns.count][point] } }
    points += [[Double](repeating: 0, count: count), [Double](repeating: 1, count: count)]
    points += known.map { problem.unit($0) }
    var work = LeverWork(problem, points: points)
    for start in work.bestPoints(settings.starts) { work.descend(start, firstStep: 0.25, settings) }
    for start in points.suffix(settings.searchesFromKnown ? known.count : 0) {
      work.descend(start, firstStep: 0.05, settings)
    }
    work.polish(settings)
    return work.optimum()
  }

  /// The optimum for each budget, each search starting from the optimum of the next smaller one as well, so that a
  /// bigger budget is never worse.
  ///
  /// - Returns: in the order of `budgets`.
  public static func front(
    _ problem: LeverProblem, budgets: [Double], settings: Settings = Settings(), seed: UInt64 = 0, id: String = ""
  ) throws(DecisionError) -> [LeverOptimum] {
    var result = [LeverOptimum?](repeating: nil, count: budgets.count)
    var known: [[Double]] = []
    for place in budgets.indices.sorted(by: { (budgets[$0], $0) < (budgets[$1], $1) }) {
      let optimum = try maximize(
        problem.with(budget: budgets[place]), settings: settings, known: known, seed: seed, id: id)
      if optimum.isFeasible { known = [optimum.levers] }
      result[place] = optimum
    }
    return result.compactMap { $0 }
  }

  /// What one more unit of budget is worth at an optimum, from a search around it with a slightly larger budget; never
  /// negative.
  ///
  /// - Parameter share: by which the budget grows.
  public static func shadowPrice(
    _ problem: LeverProblem, at optimum: LeverOptimum, share: Double = 1e-3
  ) -> Double {
    let extra = share * abs(problem.budget)
    guard optimum.isFeasible, extra > 0, extra.isFinite else { return 0 }
    var work = LeverWork(problem.with(budget: problem.budget + extra), points: [problem.unit(optimum.levers)])
    var settings = Settings()
    settings.finestStep = 1e-9
    work.polish(settings, firstStep: 0.02)
    return max((work.optimum().objective - optimum.objective) / extra, 0)
  }
}
