import NumericKernels

/// Coefficients and a root of the covariance, Σ = C C'.
struct VectorCoefficients {
  /// m x k, lag by lag, then the constant.
  var coefficients: Matrix
  /// k x k
  var root: Matrix
}

/// Draws from a ``ConjugatePosterior``, made of addressed normals.
///
/// Item 0 of the stream holds the normals of the coefficients (substream row * k + column), item -1 those of the covariance:
/// Bartlett's decomposition, with chi-squares as sums of squares since their degrees of freedom are whole.
struct CoefficientDraws {
  private let posterior: ConjugatePosterior
  private var coefficientNormals: [[Double]] = []
  private var covarianceNormals: [[Double]] = []
  private var chiSquares: [[Double]] = []

  init(_ posterior: ConjugatePosterior, count: Int, stream: RandomStream) {
    self.posterior = posterior
    let (m, k) = (posterior.mean.rowCount, posterior.mean.columnCount)
    func normals(_ item: Int, _ substream: Int) -> [Double] {
      var result = [Double](repeating: 0, count: count)
      result.withUnsafeMutableBufferPointer {
        stream.normals(item: item, substream: substream, firstDraw: 0, into: $0)
      }
      return result
    }
    for s in 0..<m * k { coefficientNormals.append(normals(0, s)) }
    for s in 0..<k * k { covarianceNormals.append(normals(-1, s)) }
    var next = k * k
    for j in 0..<k {
      var sum = [Double](repeating: 0, count: count)
      for _ in 0..<posterior.degreesOfFreedom - j {
        let one = normals(-1, next)
        next += 1
        for d in 0..<count { sum[d] += one[d] * one[d] }
      }
      chiSquares.append(sum)
    }
  }

  subscript(draw: Int) -> VectorCoefficients {
    let (m, k) = (posterior.mean.rowCount, posterior.mean.columnCount)
    // Σ^-1 = L'^-1 A A' L^-1, so C = L A'^-1: the rows of C solve A c = l.
    var root = Matrix(rowCount: k, columnCount: k)
    for r in 0..<k {
      for i in 0..<k {
        var value = posterior.scaleRoot[r, i]
        for j in 0..<i { value -= covarianceNormals[i * k + j][draw] * root[r, j] }
        root[r, i] = value / chiSquares[i][draw].squareRoot()
      }
    }
    var coefficients = posterior.mean
    for i in 0..<k {
      var shock = [Double](repeating: 0, count: m)
      for l in 0..<k where root[i, l] != 0 {
        for r in 0..<m { shock[r] += coefficientNormals[r * k + l][draw] * root[i, l] }
      }
      let moved = ConjugatePosterior.backSubstituted(posterior.triangle, shock)
      for r in 0..<m { coefficients[r, i] += moved[r] }
    }
    return VectorCoefficients(coefficients: coefficients, root: root)
  }
}
