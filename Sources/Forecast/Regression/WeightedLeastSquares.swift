import NumericKernels

/// Weighted least squares of a partialled-out outcome on partialled-out columns: the inner step of both estimators.
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

  /// A column (or what is left of it after the effects and earlier columns) below this share of its original length
  /// counts as dependent.
  static let tolerance = 1e-10

  /// - Parameters:
  ///   - columns: partialled-out columns.
  ///   - lengths: weighted lengths of the columns before the effects were taken out.
  init(
    outcome: [Double], columns: [[Double]], lengths: [Double], weights: [Double], model: String
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
      var kept = Array(candidates.indices)
      var factor = try Matrix(columns: scaled).qr(tolerance: WeightedLeastSquares.tolerance)
      if factor.rank < candidates.count {
        // Pivoting says how many columns are redundant; adding them in order says which, with earlier columns
        // preferred.
        kept = []
        for k in candidates.indices {
          let trial = kept + [k]
          let trialFactor = try Matrix(columns: trial.map { scaled[$0] }).qr(tolerance: WeightedLeastSquares.tolerance)
          if trialFactor.rank == trial.count { kept = trial }
        }
        factor = try Matrix(columns: kept.map { scaled[$0] }).qr(tolerance: WeightedLeastSquares.tolerance)
      }
      independent = kept.map { candidates[$0] }
      guard !kept.isEmpty else {
        coefficients = []
        inverseGram = Matrix(rowCount: 0, columnCount: 0)
        residuals = outcome
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
    } catch {
      throw .badDesign(model: model, reason: error.description)
    }
  }

  static func length(_ values: [Double]) -> Double {
    // Scaled by the largest value, so that neither tiny nor huge columns under- or overflow.
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    return largest * Reductions.sum(values.map { ($0 / largest) * ($0 / largest) }).squareRoot()
  }
}
