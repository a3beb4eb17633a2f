import NumericKernels
import TextFiles

/// Draws the baseline as stated, without correlations, without loadings and with stronger ones, on the same dice, and compares what
/// planners read: the intervals of headline indicators and the probabilities of targets (MODEL 2).
///
/// The loadings are assumed and the correlations estimated: this says how much either matters, so that nobody has to trust them more
/// than that.
public enum JointStudy {
  /// How much the stronger loadings exceed the stated ones.
  public static let strongerFactor = 1.5
  /// Parts of the draws from which Monte Carlo errors come.
  private static let parts = 10
  private static let mostPairs = 8
  private static let smallestSpread = 0.05

  /// - Parameter year: the year of the intervals, within the projection.
  /// - Throws: a ``Diagnostic`` for a year outside the projection, ``ScenarioError``.
  public static func run(_ model: CompiledModel, year: Int, run: DecisionRun) throws -> JointResult {
    guard let position = model.grid.firstIndex(of: year) else {
      throw Diagnostic(
        .wrongUse, code: "outside_horizon",
        "the year \(year) is not projected; choose \(model.grid.first ?? 0) to \(model.grid.last ?? 0)",
        hint: "extend the projection with --until")
    }
    let headlines = model.nodes.indices.filter { node in
      model.nodes[node].definition.headline && (model.nodes[node].facts.keys.max() ?? .min) < year
    }
    var values: [[[Double]]] = []
    var results: [[TargetResult]] = []
    for variant in JointResult.Variant.allCases {
      let engine = try EngineRun(
        model.varied(variant), draws: run.draws, seed: run.seed, threads: run.threads, isCancelled: run.isCancelled)
      values.append(headlines.map { Array(engine.baselineDraws.draws($0, position)) })
      results.append(try TargetEvaluator(engine.model).evaluate(engine.baselineDraws, scenario: "", on: engine))
    }
    let outcomes = headlines.enumerated().map { place, node in
      JointResult.Outcome(
        indicator: model.nodes[node].id, isScenarioOnly: model.restsOnPlannersPath(model.nodes[node].id),
        bands: values.map { band($0[place], stated: values[0][place]) })
    }
    let targets = results[0].indices.filter { !results[0][$0].isScenarioOnly }.map { place in
      JointResult.Target(
        target: results[0][place].target, period: results[0][place].period,
        probabilities: results.map { $0[place].probability })
    }
    return JointResult(
      year: year, draws: run.draws, outcomes: outcomes, targets: targets,
      pairs: pairs(headlines.map { model.nodes[$0].id }, values))
  }

  private static func width(_ draws: ArraySlice<Double>) -> Double {
    let quantiles = Quantiles.of(Array(draws), [0.1, 0.9])
    return quantiles[1] - quantiles[0]
  }

  private static func band(_ draws: [Double], stated: [Double]) -> JointResult.Band {
    let quantiles = Quantiles.of(draws, [0.1, 0.5, 0.9])
    let whole = width(stated[...])
    var (ratio, error): (Double?, Double?) = (nil, nil)
    if whole > 0 {
      ratio = (quantiles[2] - quantiles[0]) / whole
      let size = draws.count / parts
      let ratios = (0..<parts).compactMap { part -> Double? in
        let range = part * size..<(part + 1) * size
        let base = width(stated[range])
        return base > 0 ? width(draws[range]) / base : nil
      }
      if ratios.count == parts { error = Reductions.standardDeviation(ratios) / Double(parts).squareRoot() }
    }
    return JointResult.Band(
      low: quantiles[0], median: quantiles[1], high: quantiles[2], widthRatio: ratio, ratioError: error)
  }

  private static func pairs(_ ids: [String], _ values: [[[Double]]]) -> [JointResult.OutcomePair] {
    let ranks = values.map { $0.map(centredRanks) }
    var result: [JointResult.OutcomePair] = []
    for j in ids.indices {
      for i in 0..<j {
        result.append(
          .init(first: ids[i], second: ids[j], correlations: ranks.map { correlation($0[i], $0[j]) }))
      }
    }
    return Array(
      result.filter { $0.spread >= smallestSpread }
        .sorted { ($1.spread, $0.first, $0.second) < ($0.spread, $1.first, $1.second) }.prefix(mostPairs))
  }

  /// Ranks less their mean; ties share the mean of theirs.
  private static func centredRanks(_ values: [Double]) -> [Double] {
    let middle = 0.5 * Double(values.count + 1)
    return Ranks.midranks(values).map { $0 - middle }
  }

  private static func correlation(_ x: [Double], _ y: [Double]) -> Double {
    let scale = Reductions.sum(x.map { $0 * $0 }) * Reductions.sum(y.map { $0 * $0 })
    return scale > 0 ? Reductions.sum(zip(x, y).map { $0 * $1 }) / scale.squareRoot() : 0
  }
}
