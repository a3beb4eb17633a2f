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
    let roots = weights.allSatisfy { $0 == 1 } ? nil : weights.map { $0.squareRoot() }
    var candidates: [Int] = []
    var scales: [Double] = []
    for (index, column) in columns.enumerated() {
      let length = WeightedLeastSquares.weightedLength(column, roots)
      guard length > WeightedLeastSquares.tolerance * lengths[index], length > 0 else { continue }
      candidates.append(index)
      scales.append(length)
    }
    do {
      // The outcome's column of the triangle is Q'y.
      let augmented = try TallQR.triangle(
        columns: candidates.map { columns[$0] } + [outcome], scales: scales.map { 1 / $0 } + [1], roots: roots)
      let size = candidates.count
      let rows = 0..<size
      let rotated = rows.map { augmented[$0, size] }
      let all = Matrix(columns: rows.map { column in rows.map { augmented[$0, column] } })
      let (kept, found) = try all.qr(tolerance: 0).independentColumns(
        tolerance: WeightedLeastSquares.tolerance, scales: scales.map { 1 / $0 })
      dependencies = WeightedLeastSquares.translate(found, candidates: candidates, count: columns.count)
      independent = kept.map { candidates[$0] }
      guard !kept.isEmpty else {
        coefficients = []
        inverseGram = Matrix(rowCount: 0, columnCount: 0)
        residuals = outcome
        residualSumOfSquares = WeightedLeastSquares.weightedSquares(outcome, weights)
        return
      }
      let factor = try Matrix(columns: kept.map { all.column($0) }).qr(pivoting: false, tolerance: 0)
      let upper = factor.upper
      let lower = upper.transposed
      var residuals = outcome
      var solution = [Double](repeating: 0, count: kept.count)
      var step = try factor.solve(rotated)
      // The second pass is a correction by the semi-normal equations (Björck, 1987): it restores what cancellation lost in
      // nearly dependent columns.
      for pass in 0..<2 {
        if pass == 1 {
          let products = kept.map { k in
            WeightedLeastSquares.weightedProduct(columns[candidates[k]], residuals, weights) / scales[k]
          }
          step = try upper.solveTriangular(try lower.solveTriangular(products, upper: false), upper: true)
        }
        let changes = kept.enumerated().map { step[$0.offset] / scales[$0.element] }
        for position in solution.indices { solution[position] += changes[position] }
        WeightedLeastSquares.subtract(kept.map { columns[candidates[$0]] }, times: changes, from: &residuals)
      }
      var inverse = try factor.inverseGram()
      for (a, j) in kept.enumerated() { for (b, k) in kept.enumerated() { inverse[a, b] /= scales[j] * scales[k] } }
      coefficients = solution
      inverseGram = inverse
      self.residuals = residuals
      residualSumOfSquares = WeightedLeastSquares.weightedSquares(residuals, weights)
    } catch {
      throw .badDesign(model: model, reason: error.description)
    }
  }

  /// residuals -= sum of factor k times column k, by blocks of rows that stay in the cache.
  private static func subtract(_ columns: [[Double]], times factors: [Double], from residuals: inout [Double]) {
    let count = residuals.count
    residuals.withUnsafeMutableBufferPointer { residuals in
      var start = 0
      while start < count {
        let end = min(start + 2048, count)
        for (column, factor) in zip(columns, factors) {
          column.withUnsafeBufferPointer { column in
            for row in start..<end { residuals[row] -= factor * column[row] }
          }
        }
        start = end
      }
    }
  }

  private static func weightedLength(_ column: [Double], _ roots: [Double]?) -> Double {
    guard let roots else { return length(column) }
    return length(zip(column, roots).map { $0 * $1 })
  }

  /// The sum of w e², in blocks so that rounding grows slowly and no copy is made.
  private static func weightedSquares(_ values: [Double], _ weights: [Double]) -> Double {
    weightedProduct(values, values, weights)
  }

  /// The sum of w x y.
  private static func weightedProduct(_ x: [Double], _ y: [Double], _ weights: [Double]) -> Double {
    var total = 0.0
    var start = 0
    while start < x.count {
      let end = min(start + 512, x.count)
      var block = 0.0
      for row in start..<end { block += weights[row] * x[row] * y[row] }
      total += block
      start = end
    }
    return total
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
