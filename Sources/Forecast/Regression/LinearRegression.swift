import NumericKernels

/// Ordinary or weighted least squares, with an intercept, fixed effects, or neither.
///
///     minimise over b the sum of w[i] (y[i] - x[i]'b - effects[i])²
///
/// Fixed effects are projected off first (Frisch and Waugh, 1933; Lovell, 1963), then the columns are solved by
/// ``RefinedLeastSquares``: coefficients, standard errors and residuals are right to nearly all 16 digits (on NIST's
/// certified linear sets 13 and more), at the price of about 8 ns per row and pair of columns. Problems of more than about
/// n p² = 3e7 are solved by pivoted Householder QR in double precision, right to about 16 - log10(condition number) digits.
///
/// Every effect counts as a parameter. Columns that are combinations of earlier ones, or of the effects, are dropped and
/// named in ``aliased``, as in R; ``aliases`` says of what they are made. A column is aliased if less than 1e-12 of its
/// length is independent of the earlier columns (1e-10 with effects, and in large problems).
///
/// ```swift
/// let fit = try LinearRegression(sample)  // unit and period effects
/// let table = try fit.table(.clustered(by: sample.units, correction: .groupsAndParameters))
/// print(table["pci"]?.standardError ?? .nan)
/// ```
///
/// Edge cases: with as many parameters as rows the fit is exact and the residual deviation NaN; a constant outcome has
/// R² NaN; rows of weight zero take no part and do not count in N.
public struct LinearRegression: Sendable {
  /// The name of the intercept's column.
  public static let interceptName = "(Intercept)"

  /// Names of the estimated columns, aliased ones left out.
  public let names: [String]
  public let coefficients: [Double]
  /// Columns that could not be told from earlier ones or from the fixed effects.
  public let aliased: [String]
  /// What each of them is aliased to.
  public let aliases: [AliasedColumn]
  /// y - fitted, for every row given; NaN for rows of weight zero in a regression with effects.
  public let residuals: [Double]
  /// Rows of positive weight, N.
  public let observationCount: Int
  /// Independent parameters, K: columns, intercept, and all fixed effects.
  public let rank: Int
  /// The sum of w e².
  public let residualSumOfSquares: Double
  /// 1 - RSS / TSS, with TSS about the weighted mean (about zero without intercept or effects).
  public let rSquared: Double
  /// One effect per level (units, periods), in the order of the sample's levels; the first period of each connected
  /// part of the panel is the base. NaN for a level without weight. Empty without such effects.
  public let unitEffects: [Double]
  public let periodEffects: [Double]

  private let logWeightSum: Double
  /// (X'WX)⁻¹ of the columns after the effects were projected off.
  let inverseGram: Matrix
  /// The estimated columns after the effects were projected off, each row times the root of its weight.
  let weightedDesign: Matrix
  /// Roots of the weights of the rows in use.
  let rootWeights: [Double]
  /// Positions in the input of the rows in use.
  let usedRows: [Int]
  let inputCount: Int
  /// The effects projected off, for the rows in use; `nil` for a regression on named columns alone.
  let effectFactors: [Factor]?
  /// Units and periods of the rows in use, for a regression on a panel.
  let panel: (units: Factor, periods: Factor)?

  /// A regression on named columns.
  ///
  /// - Parameters:
  ///   - regressors: columns of the length of `outcome`.
  ///   - weights: non-negative, inversely proportional to the variances of the rows; `nil` for equal weights.
  ///   - intercept: whether a constant, named ``interceptName``, comes first.
  /// - Throws: `badDesign` (lengths, names, weights), `nonFinite`, `tooFewObservations` if no row has weight.
  public init(
    outcome: [Double], regressors: [RegressionColumn], weights: [Double]? = nil, intercept: Bool = true
  ) throws(ForecastError) {
    var columns = regressors
    if intercept {
      let ones = [Double](repeating: 1, count: outcome.count)
      columns.insert(RegressionColumn(name: LinearRegression.interceptName, values: ones), at: 0)
    }
    try self.init(
      outcome: outcome, columns: columns, weights: weights, sets: nil, centred: intercept)
  }

  /// A regression with fixed effects, projected off. Without any effect there is an intercept, projected off as well.
  ///
  /// - Throws: as the other initialiser.
  public init(
    _ sample: PanelSample, effects: PanelEffects = .twoWay, weights: [Double]? = nil
  ) throws(ForecastError) {
    try self.init(
      outcome: sample.outcome, columns: sample.regressors, weights: weights,
      sets: (sample, effects), centred: true)
  }

  private init(
    outcome: [Double], columns: [RegressionColumn], weights: [Double]?,
    sets: (sample: PanelSample, effects: PanelEffects)?, centred: Bool
  ) throws(ForecastError) {
    let model = "least squares"
    try checkColumns(columns, count: outcome.count, model: model)
    if let position = outcome.firstIndex(where: { !$0.isFinite }) { throw .nonFinite(model: model, position: position) }
    for column in columns {
      if let position = column.values.firstIndex(where: { !$0.isFinite }) {
        throw .nonFinite(model: "\(model), column \(column.name)", position: position)
      }
      if let low = column.lowParts {
        guard low.count == outcome.count else {
          throw .badDesign(
            model: model, reason: "column \(column.name) has \(low.count) low parts for \(outcome.count) values")
        }
        if let position = low.firstIndex(where: { !$0.isFinite }) {
          throw .nonFinite(model: "\(model), low parts of column \(column.name)", position: position)
        }
      }
    }
    let allWeights = weights ?? [Double](repeating: 1, count: outcome.count)
    guard allWeights.count == outcome.count else {
      throw .badDesign(model: model, reason: "\(allWeights.count) weights for \(outcome.count) outcomes")
    }
    if let position = allWeights.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) {
      throw .badDesign(model: model, reason: "weight \(position) is \(allWeights[position]), not a finite number >= 0")
    }
    let used = allWeights.indices.filter { allWeights[$0] > 0 }
    guard !used.isEmpty else { throw .tooFewObservations(model: model, needed: 1, found: 0) }
    let w = used.map { allWeights[$0] }
    let y = used.map { outcome[$0] }
    let x = columns.map { column in used.map { column.values[$0] } }
    let roots = w.map { $0.squareRoot() }
    let lengths = x.map { column in WeightedLeastSquares.length(zip(column, roots).map { $0 * $1 }) }

    var projectedOutcome = y
    var projectedColumns = x
    var effectParameters = 0
    if let sets {
      let factors = sets.sample.effectSets(sets.effects).map { $0.selecting(rows: used) }
      let projection = try EffectsProjection(sets: factors, weights: w, model: model)
      effectParameters = projection.parameters
      projectedOutcome = try projection.project(y).residuals
      for index in projectedColumns.indices {
        projectedColumns[index] = try projection.project(x[index]).residuals
      }
    }
    // What is left after the effects has the rounding errors of their projection.
    let lowParts = sets == nil ? columns.map { column in column.lowParts.map { low in used.map { low[$0] } } } : []
    let solution = try WeightedLeastSquares(
      outcome: projectedOutcome, columns: projectedColumns, lowParts: lowParts, lengths: lengths, weights: w,
      refinement: sets == nil ? RefinedLeastSquares.defaultRankTolerance : WeightedLeastSquares.tolerance, model: model)
    let kept = solution.independent
    names = kept.map { columns[$0].name }
    coefficients = solution.coefficients
    aliased = columns.indices.filter { !kept.contains($0) }.map { columns[$0].name }
    let withEffects = sets != nil
    aliases = solution.dependencies.map { dependency in
      AliasedColumn(
        name: columns[dependency.column].name,
        combination: dependency.combination.map { .init(name: columns[$0.column].name, multiple: $0.multiple) },
        upToEffects: withEffects)
    }
    observationCount = used.count
    rank = kept.count + effectParameters
    inverseGram = solution.inverseGram
    usedRows = used
    inputCount = outcome.count

    if let sets {
      var remainder = y
      for (position, index) in kept.enumerated() {
        for row in remainder.indices { remainder[row] -= coefficients[position] * x[index][row] }
      }
      let factors = sets.sample.effectSets(sets.effects).map { $0.selecting(rows: used) }
      let decomposition = try PanelEffectsEstimate(
        remainder, factors: factors, effects: sets.effects, weights: w, model: model)
      unitEffects = LinearRegression.spread(
        decomposition.unit, from: sets.sample.units.selecting(rows: used), to: sets.sample.units)
      periodEffects = LinearRegression.spread(
        decomposition.period, from: sets.sample.periods.selecting(rows: used), to: sets.sample.periods)
    } else {
      unitEffects = []
      periodEffects = []
    }
    var all = [Double](repeating: .nan, count: outcome.count)
    if sets == nil {
      for row in outcome.indices {
        all[row] = outcome[row]
        for (position, index) in kept.enumerated() { all[row] -= coefficients[position] * columns[index].values[row] }
      }
    }
    for (position, row) in used.enumerated() { all[row] = solution.residuals[position] }
    residuals = all

    let e = solution.residuals
    residualSumOfSquares = solution.residualSumOfSquares
    var center = 0.0
    if centred { center = Reductions.sum(y.indices.map { w[$0] * y[$0] }) / Reductions.sum(w) }
    let total = Reductions.sum(y.indices.map { w[$0] * (y[$0] - center) * (y[$0] - center) })
    let outcomeLength = WeightedLeastSquares.length(zip(y, roots).map { $0 * $1 })
    // A constant outcome leaves only rounding errors in the total.
    rSquared = total.squareRoot() > 1e-13 * outcomeLength ? 1 - residualSumOfSquares / total : .nan
    logWeightSum = Reductions.sum(VectorMath.log(w))
    var design = Matrix(rowCount: used.count, columnCount: kept.count)
    for (position, index) in kept.enumerated() {
      for row in e.indices { design[row, position] = projectedColumns[index][row] * roots[row] }
    }
    weightedDesign = design
    rootWeights = roots
    effectFactors = sets.map { sets in sets.sample.effectSets(sets.effects).map { $0.selecting(rows: used) } }
    panel = sets.map { ($0.sample.units.selecting(rows: used), $0.sample.periods.selecting(rows: used)) }
  }

  /// Values of the levels in use, at their places among all levels; NaN elsewhere.
  private static func spread(_ values: [Double], from used: Factor, to all: Factor) -> [Double] {
    guard !values.isEmpty else { return [] }
    var place: [String: Double] = [:]
    for (level, value) in zip(used.levels, values) { place[level] = value }
    return all.levels.map { place[$0] ?? .nan }
  }

  /// N - K.
  public var degreesOfFreedom: Int { observationCount - rank }

  /// sqrt(RSS / (N - K)); NaN when N = K.
  public var residualStandardDeviation: Double {
    degreesOfFreedom > 0 ? (residualSumOfSquares / Double(degreesOfFreedom)).squareRoot() : .nan
  }

  /// The Gaussian log-likelihood at variance RSS / N, constants included (and half the sum of log weights).
  public var logLikelihood: Double {
    let n = Double(observationCount)
    let logTwoPi = 1.837877066409345484
    return -0.5 * n * (logTwoPi + VectorMath.log(residualSumOfSquares / n) + 1) + 0.5 * logWeightSum
  }
}
