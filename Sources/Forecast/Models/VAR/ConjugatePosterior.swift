import NumericKernels

/// The normal-inverse-Wishart distribution of the coefficients B (m x k) and the covariance Σ (k x k) of Y = X B + U.
///
///     B | Σ ~ N(mean, Σ ⊗ (R'R)^-1),   Σ ~ IW(S, ν)
///
/// It is what flat-prior least squares makes of rows of data, so prior and posterior are the triangles of two QR factorisations:
/// of the dummy observations, and of these with the data.
struct ConjugatePosterior: Sendable {
  /// m x k
  let mean: Matrix
  /// R, upper triangular.
  let triangle: Matrix
  /// L, lower triangular with S = L L'.
  let scaleRoot: Matrix
  let degreesOfFreedom: Int
  /// log |R'R| and log |S|
  let logPrecision: Double
  let logScale: Double

  /// - Parameters:
  ///   - rows: x then y, one row after the other.
  ///   - degreesOfFreedom: ν
  /// - Returns: nil if the rows do not determine B and Σ.
  init?(rows: [[Double]], regressors m: Int, variables k: Int, degreesOfFreedom: Int) {
    guard rows.count >= m + k, let upper = try? Matrix(rows: rows).qr(pivoting: false).upper else { return nil }
    var (logPrecision, logScale) = (0.0, 0.0)
    for i in 0..<m + k {
      let size = abs(upper[i, i])
      guard size > 0, size.isFinite else { return nil }
      if i < m { logPrecision += 2 * VectorMath.log(size) } else { logScale += 2 * VectorMath.log(size) }
    }
    var triangle = Matrix(rowCount: m, columnCount: m)
    for j in 0..<m { for i in 0...j { triangle[i, j] = upper[i, j] } }
    var mean = Matrix(rowCount: m, columnCount: k)
    for j in 0..<k {
      let solved = Self.backSubstituted(triangle, (0..<m).map { upper[$0, m + j] })
      for i in 0..<m { mean[i, j] = solved[i] }
    }
    var root = Matrix(rowCount: k, columnCount: k)
    for j in 0..<k { for i in 0...j { root[j, i] = upper[m + i, m + j] } }
    self.mean = mean
    self.triangle = triangle
    scaleRoot = root
    self.degreesOfFreedom = degreesOfFreedom
    self.logPrecision = logPrecision
    self.logScale = logScale
  }

  /// E(Σ)
  var covariance: Matrix {
    let k = scaleRoot.rowCount
    var result = Matrix(rowCount: k, columnCount: k)
    let divisor = Double(degreesOfFreedom - k - 1)
    for i in 0..<k {
      for j in 0..<k {
        var sum = 0.0
        for l in 0...min(i, j) { sum += scaleRoot[i, l] * scaleRoot[j, l] }
        result[i, j] = sum / divisor
      }
    }
    return result
  }

  /// log p(Y) of the data between prior and posterior.
  static func logMarginalLikelihood(prior: ConjugatePosterior, posterior: ConjugatePosterior) -> Double {
    let k = prior.scaleRoot.rowCount
    let added = Double(posterior.degreesOfFreedom - prior.degreesOfFreedom)
    let logPi = 1.1447298858494002
    var result = -0.5 * Double(k) * added * logPi
    for j in 0..<k {
      result += Distributions.logGamma(0.5 * Double(posterior.degreesOfFreedom - j))
      result -= Distributions.logGamma(0.5 * Double(prior.degreesOfFreedom - j))
    }
    result += 0.5 * Double(k) * (prior.logPrecision - posterior.logPrecision)
    result += 0.5 * Double(prior.degreesOfFreedom) * prior.logScale
    result -= 0.5 * Double(posterior.degreesOfFreedom) * posterior.logScale
    return result
  }

  /// x with U x = b.
  static func backSubstituted(_ upper: Matrix, _ right: [Double]) -> [Double] {
    var x = right
    for i in stride(from: right.count - 1, through: 0, by: -1) {
      var sum = x[i]
      for j in i + 1..<max(right.count, i + 1) { sum -= upper[i, j] * x[j] }
      x[i] = sum / upper[i, i]
    }
    return x
  }
}
