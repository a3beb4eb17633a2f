import NumericKernels

/// Γ(0) + sum of (1 - l / (L + 1)) (Γ(l) + Γ(l)') over one or more series of scores.
///
/// Lags are differences of `times` (by row), or of places when there are none. Cost: O(rows * columns * lags) and one
/// matrix product.
struct BartlettSum {
  let value: Matrix

  init(scores: Matrix, series: [[Int]], times: [Int]? = nil, lags: Int, model: String) throws {
    guard lags >= 0 else {
      throw ForecastError.badDesign(model: model, reason: "the number of Newey-West lags is \(lags); give 0 or more")
    }
    var smoothed = Matrix(rowCount: scores.rowCount, columnCount: scores.columnCount)
    for j in 0..<scores.columnCount {
      for rows in series {
        for (place, row) in rows.enumerated() {
          var sum = 0.0
          for back in stride(from: 1, through: place, by: 1) {
            let earlier = rows[place - back]
            let lag = times.map { $0[row] - $0[earlier] } ?? back
            if lag > lags { break }
            sum += (1 - Double(lag) / Double(lags + 1)) * scores[earlier, j]
          }
          smoothed[row, j] = sum
        }
      }
    }
    let cross = try scores.transposed.multiplied(by: smoothed)
    let crossTransposed = cross.transposed
    var result = scores.gram
    for index in result.storage.indices {
      result.storage[index] += cross.storage[index] + crossTransposed.storage[index]
    }
    value = result
  }
}

/// The automatic bandwidth of Newey and West (1994) for Bartlett weights.
enum NeweyWestBandwidth {
  /// 1.1447 (s1/s0)^(2/3) n^(1/3), with s0 = σ(0) + 2 sum of σ(j), s1 = 2 sum of j σ(j), j = 1...m, of the sum of the
  /// score columns; the intercept's column does not count unless it is the only one.
  static func plugIn(_ scores: Matrix, excluding intercept: Int?, prewhitened: Bool) -> Double {
    let n = scores.rowCount
    let full = Double(prewhitened ? n + 1 : n)
    var combined = [Double](repeating: 0, count: n)
    for j in 0..<scores.columnCount where j != intercept || scores.columnCount == 1 {
      for row in 0..<n { combined[row] += scores[row, j] }
    }
    let reach = (prewhitened ? 3 : 4) * VectorMath.exp(VectorMath.log(full / 100) * 2 / 9)
    let truncation = min(Int(reach.rounded(.down)), n - 1)
    func autocovariance(_ lag: Int) -> Double {
      Reductions.sum((lag..<n).map { combined[$0] * combined[$0 - lag] }) / Double(n)
    }
    var level = autocovariance(0)
    var slope = 0.0
    for lag in stride(from: 1, through: truncation, by: 1) {
      let value = autocovariance(lag)
      level += 2 * value
      slope += 2 * Double(lag) * value
    }
    let ratio = (slope / level) * (slope / level)
    guard ratio > 0, ratio.isFinite else { return 0 }
    return min(1.1447 * VectorMath.exp(VectorMath.log(ratio * full) / 3), Double(n - 1))
  }
}

/// A first-order vector autoregression of the scores without intercept: s[t] = A s[t-1] + u[t], by least squares.
struct Prewhitening {
  /// u, one row fewer than the scores.
  let residuals: Matrix
  /// (I - A)⁻¹, which carries the covariance of u back to that of s.
  let recolouring: Matrix

  init(_ scores: Matrix) throws {
    let (n, k) = (scores.rowCount, scores.columnCount)
    var lagged = Matrix(rowCount: n - 1, columnCount: k)
    for j in 0..<k { for row in 0..<(n - 1) { lagged[row, j] = scores[row, j] } }
    var left = Matrix(rowCount: n - 1, columnCount: k)
    var difference = Matrix.identity(k)
    for j in 0..<k {
      let target = Array(scores.column(j).dropFirst())
      let solution = try lagged.leastSquares(target)
      for (row, value) in solution.residuals.enumerated() { left[row, j] = value }
      for (i, value) in solution.coefficients.enumerated() { difference[j, i] -= value }
    }
    residuals = left
    var inverse = Matrix(rowCount: k, columnCount: k)
    for j in 0..<k {
      let solution = try difference.leastSquares((0..<k).map { $0 == j ? 1 : 0 })
      guard solution.rank == k else { throw LinearAlgebraError.rankDeficient(rank: solution.rank, needed: k) }
      for (i, value) in solution.coefficients.enumerated() { inverse[i, j] = value }
    }
    recolouring = inverse
  }
}
