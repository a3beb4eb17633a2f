import NumericKernels

/// The independent columns of a regression, checked, with what several estimators need of them.
struct LinearDesign {
  let model: String
  let outcome: [Double]
  /// The ordinary least-squares fit that chose the columns.
  let leastSquares: LinearRegression
  let names: [String]
  let aliased: [String]
  /// The independent columns, the intercept first where there is one.
  let columns: [[Double]]
  /// Euclidean length of each column.
  let lengths: [Double]
  let hasIntercept: Bool

  /// - Throws: `badDesign`, `nonFinite`, `tooFewObservations` as ``LinearRegression``; `badDesign` when no independent
  ///   column is left.
  init(
    outcome: [Double], regressors: [RegressionColumn], intercept: Bool, model: String
  ) throws(ForecastError) {
    let fit = try LinearRegression(outcome: outcome, regressors: regressors, intercept: intercept)
    var byName: [String: [Double]] = [:]
    for column in regressors { byName[column.name] = column.values }
    if intercept { byName[LinearRegression.interceptName] = [Double](repeating: 1, count: outcome.count) }
    self.model = model
    self.outcome = outcome
    leastSquares = fit
    names = fit.names
    aliased = fit.aliased
    columns = fit.names.map { byName[$0] ?? [] }
    lengths = columns.map(LinearDesign.length)
    hasIntercept = intercept
    guard !names.isEmpty else {
      throw .badDesign(model: model, reason: "no column is left to estimate; give an intercept or a column that varies")
    }
  }

  var rowCount: Int { outcome.count }
  var columnCount: Int { columns.count }

  /// The columns divided by their lengths.
  var scaled: Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: columnCount)
    for (j, column) in columns.enumerated() {
      for (i, value) in column.enumerated() { result[i, j] = value / lengths[j] }
    }
    return result
  }

  func fitted(_ coefficients: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount)
    for (j, column) in columns.enumerated() {
      for (i, value) in column.enumerated() { result[i] += value * coefficients[j] }
    }
    return result
  }

  func residuals(_ coefficients: [Double]) -> [Double] { zip(outcome, fitted(coefficients)).map { $0 - $1 } }

  /// Weighted least squares on the same columns, refined once; columns that the weights make dependent get 0.
  func weightedSolution(_ weights: [Double]) throws(ForecastError) -> [Double] {
    let roots = weights.map { $0.squareRoot() }
    let matrix = weightedMatrix(roots)
    do {
      let factor = try matrix.qr(tolerance: 1e-12)
      var solution = [Double](repeating: 0, count: columnCount)
      for _ in 0..<2 {
        let step = try factor.solve(zip(residuals(solution), roots).map { $0 * $1 })
        for j in step.indices { solution[j] += step[j] / lengths[j] }
      }
      return solution
    } catch { throw .badDesign(model: model, reason: error.description) }
  }

  /// (X' diag(w) X)⁻¹.
  func inverseGram(_ weights: [Double]? = nil) throws(ForecastError) -> Matrix {
    let roots = weights.map { $0.map { $0.squareRoot() } } ?? [Double](repeating: 1, count: rowCount)
    do {
      let factor = try weightedMatrix(roots).qr(tolerance: 1e-14)
      guard factor.rank == columnCount else {
        throw ForecastError.notIdentified(model: model, term: names[factor.pivots[factor.rank]])
      }
      var inverse = try factor.inverseGram()
      for a in 0..<columnCount { for b in 0..<columnCount { inverse[a, b] /= lengths[a] * lengths[b] } }
      return inverse
    } catch let error as ForecastError {
      throw error
    } catch { throw .badDesign(model: model, reason: "\(error)") }
  }

  private func weightedMatrix(_ roots: [Double]) -> Matrix {
    var matrix = scaled
    for j in 0..<columnCount { for i in 0..<rowCount { matrix[i, j] *= roots[i] } }
    return matrix
  }

  /// The singular value decomposition of the columns divided by their lengths.
  func decomposition() throws(ForecastError) -> SingularValueDecomposition {
    do { return try scaled.singularValueDecomposition() } catch {
      throw .badDesign(model: model, reason: error.description)
    }
  }

  /// The Euclidean length, scaled by the largest value against under- and overflow.
  static func length(_ values: [Double]) -> Double {
    let largest = values.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return 0 }
    return largest * Reductions.sum(values.map { ($0 / largest) * ($0 / largest) }).squareRoot()
  }
}
