import NumericKernels

/// The minimum of x' Q x / 2 - q' x over x >= 0, for a positive definite Q: non-negative least squares from its normal
/// equations.
///
/// Block principal pivoting: the variables are split into free ones and zeros; the free ones solve their equations,
/// every variable on the wrong side of its condition changes sides at once, and if the number of wrong ones has not
/// fallen for three rounds, only the last of them does. That rule ends in finitely many rounds at the only minimum,
/// where
///
///     x >= 0,   gradient Q x - q >= 0,   x[i] gradient[i] = 0
///
/// Source: Portugal, Judice and Vicente, Mathematics of Computation 63 (1994); Wickramasuriya, Turlach and Hyndman,
/// Statistics and Computing 30 (2020) for reconciliation.
enum NonNegativeLeastSquares {
  /// - Throws: `LinearAlgebraError` if Q is not positive definite; `noConvergence` after too many rounds.
  static func solve(_ quadratic: Matrix, _ linear: [Double]) throws(LinearAlgebraError) -> [Double] {
    let count = linear.count
    // Unit diagonal: signs of x and of the gradient are kept, tolerances get a meaning.
    let scales = (0..<count).map { quadratic[$0, $0].squareRoot() }
    guard scales.allSatisfy({ $0 > 0 }) else { throw .notPositiveDefinite(order: count) }
    var free = [Bool](repeating: true, count: count)
    var (best, patience) = (count + 1, 3)
    let tolerance = 1e-12 * (0..<count).reduce(0) { max($0, abs(linear[$1] / scales[$1])) }
    for _ in 0..<(100 + 20 * count) {
      let places = (0..<count).filter { free[$0] }
      var matrix = Matrix(rowCount: places.count, columnCount: places.count)
      for (j, column) in places.enumerated() {
        for (i, row) in places.enumerated() { matrix[i, j] = quadratic[row, column] / (scales[row] * scales[column]) }
      }
      let solution = try matrix.cholesky().solve(places.map { linear[$0] / scales[$0] })
      var x = [Double](repeating: 0, count: count)
      for (i, place) in places.enumerated() { x[place] = solution[i] }
      let wrong = (0..<count).filter { i in
        if free[i] { return x[i] < -tolerance }
        let gradient = places.reduce(-linear[i] / scales[i]) {
          $0 + quadratic[i, $1] / (scales[i] * scales[$1]) * x[$1]
        }
        return gradient < -tolerance
      }
      guard let last = wrong.last else { return zip(x, scales).map { max($0, 0) / $1 } }
      if wrong.count < best {
        (best, patience) = (wrong.count, 3)
      } else {
        patience -= 1
      }
      for i in patience >= 0 ? wrong : [last] { free[i].toggle() }
    }
    throw .noConvergence(routine: "non-negative least squares", info: count)
  }
}

extension Reconciliation {
  /// Coherent forecasts without negative bottom values: the minimum of (base - S b)' W^-1 (base - S b) over b >= 0.
  ///
  /// Where ``reconciled(_:)`` has no negative bottom value this is the same. Methods without a covariance (bottom-up,
  /// top-down) set negative bottom values to 0.
  ///
  /// - Throws: ``ForecastError/badDesign(model:reason:)`` if W is singular (a sample covariance of few times, a
  ///   variance of 0).
  public func reconciledNonNegative(_ base: [Double]) throws(ForecastError) -> [Double] {
    let bottom = reconciledBottom(base)
    guard bottom.contains(where: { $0 < 0 }) else { return hierarchy.aggregated(bottom) }
    guard let weights else { return hierarchy.aggregated(bottom.map { max($0, 0) }) }
    guard bottom.allSatisfy(\.isFinite), base.allSatisfy(\.isFinite) else {
      throw Hierarchy.bad("a base forecast is not a finite number")
    }
    let largest = base.reduce(0) { max($0, abs($1)) }
    let unit = largest > 0 ? largest.binade : 1
    do {
      // W^-1 S column by column, scaled to unit variances.
      let scales = (0..<hierarchy.count).map { weights.matrix[$0, $0].squareRoot() }
      guard scales.allSatisfy({ $0 > 0 }) else { throw LinearAlgebraError.notPositiveDefinite(order: hierarchy.count) }
      var correlation = weights.matrix
      for j in scales.indices { for i in scales.indices { correlation[i, j] /= scales[i] * scales[j] } }
      let factor = try correlation.cholesky()
      guard try factor.reciprocalCondition(oneNorm: correlation.oneNorm) > 1e-13 else {
        throw LinearAlgebraError.notPositiveDefinite(order: hierarchy.count)
      }
      let summing = hierarchy.summing
      var columns: [[Double]] = []
      for j in 0..<hierarchy.bottomCount {
        let solved = try factor.solve(zip(summing.column(j), scales).map { $0 / $1 })
        columns.append(zip(solved, scales).map { $0 / $1 })
      }
      let inverseTimesS = Matrix(columns: columns)
      let quadratic = try summing.transposed.multiplied(by: inverseTimesS)
      let linear = try inverseTimesS.multiplied(by: base.map { $0 / unit }, transposed: true)
      let solution = try NonNegativeLeastSquares.solve(quadratic, linear)
      return hierarchy.aggregated(solution.map { $0 * unit })
    } catch {
      throw Hierarchy.bad("non-negative reconciliation needs an invertible covariance (\(error)); use a shrunk one")
    }
  }
}
