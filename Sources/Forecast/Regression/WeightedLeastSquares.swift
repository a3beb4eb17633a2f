import NumericKernels

/// Weighted least squares of a partialled-out outcome on partialled-out columns: the inner step of both estimators.
///
/// Solved by ``RefinedLeastSquares`` where that is asked for and cheap, else by pivoted QR with one step of refinement in
/// working precision. The rank decision is the same in both: columns in order, earlier ones preferred.
struct WeightedLeastSquares {
  /// Which of the given columns are independent, in order; the others are combinations of earlier columns (or of the
  /// effects).
  let independent: [Int]
  /// One coefficient per independent column.
  let coefficients: [Double]
  /// (X'WX)⁻¹ of the independent columns.
  let inverseGram: Matrix
  /// y - X b, unweighted.
  let residuals: [Double]
  /// The sum of w e².
  let residualSumOfSquares: Double
  /// Of which columns the dependent ones are made (positions among the given columns).
  let dependencies: [RefinedLeastSquares.Dependency]

  /// A column (or what is left of it after the effects and earlier columns) below this share of its original length
  /// counts as dependent.
  static let tolerance = 1e-10

  /// The refined solve is used up to this many double-double multiplications, n p (p + 10): about a quarter of a second.
  static let refinementLimit = 3e7

  /// - Parameters:
  ///   - columns: partialled-out columns.
  ///   - lengths: weighted lengths of the columns before the effects were taken out.
  ///   - refinement: `nil` for the plain solve; else the share of a column's length that must be independent.
  init(
    outcome: [Double], columns: [[Double]], lowParts: [[Double]?] = [], lengths: [Double], weights: [Double],
    refinement: Double? = nil, model: String
  ) throws(ForecastError) {
    if let refinement, WeightedLeastSquares.isCheap(rows: outcome.count, columns: columns.count) {
      try self.init(
        refining: outcome, columns: columns, lowParts: lowParts, lengths: lengths, weights: weights,
        tolerance: refinement, model: model)
    } else {
      try self.init(plain: outcome, columns: columns, lengths: lengths, weights: weights, model: model)
    }
  }

  private init(
    plain outcome: [Double], columns: [[Double]], lengths: [Double], weights: [Double], model: String
  ) throws(ForecastError) {
    let roots = weights.map { $0.squareRoot() }
    var candidates: [Int] = []
    var scaled: [[Double]] = []
    var scales: [Double] = []
    for (index, column) in columns.enumerated() {
      let weighted = zip(column, roots).map { $0 * $1 }
      let length = WeightedLeastSquares.length(weighted)
      guard length > WeightedLeastSquares.tolerance * lengths[index], length > 0 else { continue }
      candidates.append(index)
      scaled.append(weighted.map { $0 / length })
      scales.append(length)
    }
    do {
      var factor = try Matrix(columns: scaled).qr(tolerance: 0)
      let (kept, found) = try factor.independentColumns(
        tolerance: WeightedLeastSquares.tolerance, scales: scales.map { 1 / $0 })
      if !found.isEmpty { factor = try Matrix(columns: kept.map { scaled[$0] }).qr(tolerance: 0) }
      dependencies = WeightedLeastSquares.translate(found, candidates: candidates, count: columns.count)
      independent = kept.map { candidates[$0] }
      guard !kept.isEmpty else {
        coefficients = []
        inverseGram = Matrix(rowCount: 0, columnCount: 0)
        residuals = outcome
        residualSumOfSquares = Reductions.sum(outcome.indices.map { weights[$0] * outcome[$0] * outcome[$0] })
        return
      }
      var residuals = outcome
      var solution = [Double](repeating: 0, count: kept.count)
      // The second pass is iterative refinement: it restores what cancellation lost in nearly dependent columns.
      for _ in 0..<2 {
        let step = try factor.solve(zip(residuals, roots).map { $0 * $1 })
        for (position, k) in kept.enumerated() {
          let change = step[position] / scales[k]
          solution[position] += change
          let column = columns[candidates[k]]
          for row in residuals.indices { residuals[row] -= change * column[row] }
        }
      }
      var inverse = try factor.inverseGram()
      for (a, j) in kept.enumerated() { for (b, k) in kept.enumerated() { inverse[a, b] /= scales[j] * scales[k] } }
      coefficients = solution
      inverseGram = inverse
      self.residuals = residuals
      residualSumOfSquares = Reductions.sum(residuals.indices.map { weights[$0] * residuals[$0] * residuals[$0] })
    } catch {
      throw .badDesign(model: model, reason: error.description)
    }
  }

  private static func isCheap(rows: Int, columns: Int) -> Bool {
    Double(rows) * Double(columns) * Double(columns + 10) <= refinementLimit
  }

  private init(
    refining outcome: [Double], columns: [[Double]], lowParts: [[Double]?], lengths: [Double], weights: [Double],
    tolerance: Double, model: String
  ) throws(ForecastError) {
    let roots = weights.map { $0.squareRoot() }
    // What the effects left of these is rounding noise.
    let candidates = columns.indices.filter { index in
      let length = WeightedLeastSquares.length(zip(columns[index], roots).map { $0 * $1 })
      return length > WeightedLeastSquares.tolerance * lengths[index] && length > 0
    }
    do {
      let equal = weights.allSatisfy { $0 == 1 }
      let fit = try RefinedLeastSquares(
        columns: candidates.map { .init(columns[$0], low: $0 < lowParts.count ? lowParts[$0] : nil) },
        outcome: outcome, weights: equal ? nil : weights, rankTolerance: tolerance)
      independent = fit.independent.map { candidates[$0] }
      coefficients = fit.coefficients.map(\.value)
      inverseGram = fit.inverseGram
      residuals = fit.residuals.map(\.value)
      residualSumOfSquares = fit.residualSumOfSquares.value
      dependencies = WeightedLeastSquares.translate(fit.dependencies, candidates: candidates, count: columns.count)
    } catch {
      throw .badDesign(model: model, reason: error.description)
    }
  }

  /// Dependencies among the candidates, as such among all columns; what is no candidate is made by the effects alone.
  private static func translate(
    _ found: [RefinedLeastSquares.Dependency], candidates: [Int], count: Int
  ) -> [RefinedLeastSquares.Dependency] {
    var all = found.map { dependency in
      RefinedLeastSquares.Dependency(
        column: candidates[dependency.column],
        combination: dependency.combination.map { .init(column: candidates[$0.column], multiple: $0.multiple) })
    }
    let known = Set(candidates)
    for index in 0..<count where !known.contains(index) {
      all.append(RefinedLeastSquares.Dependency(column: index, combination: []))
    }
    return all.sorted { $0.column < $1.column }
  }

  static func length(_ values: [Double]) -> Double {
    // Scaled by the largest value, so that neither tiny nor huge columns under- or overflow.
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    return largest * Reductions.sum(values.map { ($0 / largest) * ($0 / largest) }).squareRoot()
  }
}
