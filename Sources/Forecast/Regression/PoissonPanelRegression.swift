import NumericKernels

/// Poisson pseudo-maximum likelihood with unit and period effects.
///
///     E[y | x] = exp(x'b + unit effect + period effect)
///
/// The outcome need only be non-negative, not whole, and its variance need not equal its mean: the coefficients are
/// consistent when the mean is right, and the cluster-robust covariance holds under any dependence within a cluster.
/// Solved by iteratively reweighted least squares with the effects projected off at each step. Sources: Gourieroux,
/// Monfort and Trognon (1984); Santos Silva and Tenreyro (2006); separation: Correia, Guimarães and Zylkin (2019).
///
/// Levels of a fixed effect whose outcomes are all zero would have the effect minus infinity: their rows carry no
/// information on the coefficients and are dropped and named (``droppedUnits``, ``droppedPeriods``).
///
/// ```swift
/// let fit = try PoissonPanelRegression(sample)
/// let table = try fit.table(.clustered(by: sample.units, correction: .groups))
/// ```
public struct PoissonPanelRegression: Sendable {
  public let names: [String]
  public let coefficients: [Double]
  /// Columns that could not be told from earlier ones or from the fixed effects.
  public let aliased: [String]
  /// Units and periods left out because their outcome is always zero.
  public let droppedUnits: [String]
  public let droppedPeriods: [String]
  /// Positions, in the sample, of the rows used.
  public let usedRows: [Int]
  /// The fitted mean of each used row.
  public let fitted: [Double]
  /// Independent parameters, K: columns and all fixed effects.
  public let rank: Int
  /// 2 sum of (y log(y / mean) - (y - mean)).
  public let deviance: Double
  /// sum of (y log mean - mean - log Γ(y + 1)): the Poisson log-likelihood, with the gamma function also for an outcome
  /// that is not whole (then a pseudo-log-likelihood, as statsmodels' GLM prints).
  public let logLikelihood: Double
  public let iterations: Int

  private let inverseInformation: Matrix
  private let scores: Matrix
  private let inputCount: Int

  /// Rows used, N.
  public var observationCount: Int { usedRows.count }

  /// - Parameter maximumIterations: reweighting steps; five to ten suffice for ordinary data.
  /// - Throws: `badDesign` for a negative outcome, for an outcome that is zero everywhere, or for separation (with the
  ///   rows); `noConvergence`.
  public init(
    _ sample: PanelSample, effects: PanelEffects = .twoWay, maximumIterations: Int = 100
  ) throws(ForecastError) {
    let model = "Poisson regression"
    if let row = sample.outcome.firstIndex(where: { $0 < 0 }) {
      throw .badDesign(
        model: model,
        reason: "the outcome of row \(sample.rows[row]) (\(sample.units.levels[sample.units.codes[row]]), "
          + "\(sample.periods.levels[sample.periods.codes[row]])) is \(sample.outcome[row]); it must not be negative")
    }
    let informative = PoissonPanelRegression.informativeRows(sample, effects: effects)
    guard !informative.isEmpty, informative.contains(where: { sample.outcome[$0] > 0 }) else {
      throw .badDesign(model: model, reason: "the outcome is zero in every row; there is nothing to explain")
    }
    let used = sample.selecting(informative)
    let keptUnits = Set(used.units.levels)
    let keptPeriods = Set(used.periods.levels)
    droppedUnits = sample.units.levels.filter { !keptUnits.contains($0) }
    droppedPeriods = sample.periods.levels.filter { !keptPeriods.contains($0) }
    usedRows = informative
    inputCount = sample.count

    var iteration = Reweighting(used, sets: used.effectSets(effects), model: model)
    try iteration.run(maximumIterations: maximumIterations)
    guard let last = iteration.last else { throw .noConvergence(model: model, iterations: maximumIterations) }
    names = last.solution.independent.map { used.regressors[$0].name }
    coefficients = last.solution.coefficients
    aliased =
      used.regressors.indices.filter { !last.solution.independent.contains($0) }.map { used.regressors[$0].name }
    fitted = iteration.mean
    rank = last.solution.independent.count + last.effectParameters
    deviance = iteration.deviance
    iterations = iteration.count
    let logMean = iteration.predictor
    logLikelihood = Reductions.sum(
      used.outcome.indices.map { row in
        used.outcome[row] * logMean[row] - iteration.mean[row] - Distributions.logGamma(used.outcome[row] + 1)
      })

    // Information and scores at the solution itself, not at the weights of the step before.
    let final = try iteration.step()
    guard final.solution.independent == last.solution.independent else {
      throw .notIdentified(model: model, term: names.last ?? "a regressor")
    }
    inverseInformation = final.solution.inverseGram
    var scores = Matrix(rowCount: used.count, columnCount: names.count)
    for (position, index) in final.solution.independent.enumerated() {
      for row in used.outcome.indices {
        scores[row, position] = final.columns[index][row] * (used.outcome[row] - iteration.mean[row])
      }
    }
    self.scores = scores
  }

  /// The coefficients with a covariance; `.classical` is the inverse information with dispersion 1, too small unless
  /// the outcome really is Poisson. p values are read from the normal.
  ///
  /// - Throws: `badDesign` for clusters that do not have one row per row of the sample, fewer than two clusters in
  ///   use, and for HC2, HC3 and Newey-West, which are defined here for least squares only.
  public func table(_ estimator: CovarianceEstimator) throws(ForecastError) -> CoefficientTable {
    let model = "Poisson regression"
    let covariance: Matrix
    switch estimator {
    case .classical: covariance = inverseInformation
    default:
      let sandwich = Sandwich(
        scores: scores, bread: inverseInformation, usedRows: usedRows, inputCount: inputCount, parameters: rank,
        model: model)
      let robust = try sandwich.covariance(estimator, effectLeverages: nil)
      return CoefficientTable(
        names: names, estimates: coefficients, covariance: robust.covariance, aliased: aliased, reference: .normal,
        isRepaired: robust.isRepaired)
    }
    return CoefficientTable(
      names: names, estimates: coefficients, covariance: covariance, aliased: aliased, reference: .normal)
  }

  /// Rows outside units and periods whose outcomes are all zero. Dropping a unit can empty a period, so it repeats to a
  /// fixed point.
  private static func informativeRows(_ sample: PanelSample, effects: PanelEffects) -> [Int] {
    var rows = Array(0..<sample.count)
    let sets = sample.effectSets(effects)
    while true {
      var next = rows
      for set in sets {
        var positive = [Bool](repeating: false, count: set.levels.count)
        for row in next where sample.outcome[row] > 0 { positive[set.codes[row]] = true }
        next = next.filter { positive[set.codes[$0]] }
      }
      if next.count == rows.count { return next }
      rows = next
    }
  }
}

/// Iteratively reweighted least squares for the Poisson mean.
private struct Reweighting {
  struct Step {
    var solution: WeightedLeastSquares
    /// Columns after the effects, under the weights of this step.
    var columns: [[Double]]
    var predictor: [Double]
    var effectParameters: Int
  }

  let sample: PanelSample
  let sets: [Factor]
  let model: String
  private(set) var predictor: [Double]
  private(set) var mean: [Double]
  private(set) var deviance: Double
  private(set) var count = 0
  private(set) var last: Step?

  init(_ sample: PanelSample, sets: [Factor], model: String) {
    self.sample = sample
    self.sets = sets
    self.model = model
    let average = Reductions.mean(sample.outcome)
    // Halfway to the average: positive, and already ordered as the data.
    mean = sample.outcome.map { 0.5 * ($0 + average) }
    predictor = VectorMath.log(mean)
    deviance = Reweighting.deviance(sample.outcome, mean: mean)
  }

  /// One weighted least-squares step from the current mean.
  func step() throws(ForecastError) -> Step {
    let y = sample.outcome
    let working = y.indices.map { predictor[$0] + (y[$0] - mean[$0]) / mean[$0] }
    let projection = try EffectsProjection(sets: sets, weights: mean, model: model)
    let outcome = try projection.project(working).residuals
    var columns: [[Double]] = []
    var lengths: [Double] = []
    let roots = mean.map { $0.squareRoot() }
    for column in sample.regressors {
      lengths.append(WeightedLeastSquares.length(zip(column.values, roots).map { $0 * $1 }))
      columns.append(try projection.project(column.values).residuals)
    }
    let solution = try WeightedLeastSquares(
      outcome: outcome, columns: columns, lengths: lengths, weights: mean, model: model)
    return Step(
      solution: solution, columns: columns, predictor: zip(working, solution.residuals).map { $0 - $1 },
      effectParameters: projection.parameters)
  }

  /// Steps until the deviance changes by less than 1e-10 of itself and no predictor moves by more than 1e-6, then two
  /// more steps: the convergence is quadratic, so these reach rounding error.
  ///
  /// Under separation the deviance converges while the predictors of some zero outcomes fall by about one per step for
  /// ever; that is how it is recognised.
  mutating func run(maximumIterations: Int) throws(ForecastError) {
    var polishing = 0
    var drifting = 0
    while count < maximumIterations {
      count += 1
      let step = try self.step()
      var next = step.predictor
      var nextMean = VectorMath.exp(next)
      var nextDeviance = Reweighting.deviance(sample.outcome, mean: nextMean)
      // The first step starts from no estimate, so there is nothing to fall back on.
      var halvings = 0
      while last != nil, !(nextDeviance <= deviance * (1 + 1e-8) + 1e-8), halvings < 30 {
        for row in next.indices { next[row] = 0.5 * (next[row] + predictor[row]) }
        nextMean = VectorMath.exp(next)
        nextDeviance = Reweighting.deviance(sample.outcome, mean: nextMean)
        halvings += 1
      }
      guard nextDeviance.isFinite else { throw .noConvergence(model: model, iterations: count) }
      var largestMove = 0.0
      for row in next.indices { largestMove = max(largestMove, abs(next[row] - predictor[row])) }
      let settled = abs(nextDeviance - deviance) <= 1e-10 * max(1, nextDeviance)
      let falling = next.indices.filter { sample.outcome[$0] == 0 && next[$0] < predictor[$0] - 0.1 }
      predictor = next
      mean = nextMean
      deviance = nextDeviance
      last = step
      drifting = settled && !falling.isEmpty ? drifting + 1 : 0
      if drifting >= 3 {
        let named = falling.prefix(5).map { row in
          "\(sample.units.levels[sample.units.codes[row]]) \(sample.periods.levels[sample.periods.codes[row]])"
        }
        throw .badDesign(
          model: model,
          reason: "separation: the regressors and effects predict \(falling.count) zero outcome(s) perfectly, "
            + "so a coefficient has no finite estimate; drop those rows or the regressor (rows: "
            + "\(named.joined(separator: ", "))\(falling.count > 5 ? ", ..." : ""))")
      }
      if polishing > 0 || (settled && largestMove < 1e-6) {
        polishing += 1
        if polishing == 3 { return }
      }
    }
    throw .noConvergence(model: model, iterations: count)
  }

  private static func deviance(_ outcome: [Double], mean: [Double]) -> Double {
    2
      * Reductions.sum(
        outcome.indices.map { row in
          let y = outcome[row]
          return (y > 0 ? y * VectorMath.log(y / mean[row]) : 0) - (y - mean[row])
        })
  }
}
