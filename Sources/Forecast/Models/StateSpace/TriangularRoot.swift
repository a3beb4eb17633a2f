/// Kernels on an upper triangular root U of a covariance matrix U U', stored by columns with a stride of `size`.
///
/// All are Givens rotations of pairs of columns, restricted to rows that can be non-zero, so a transition that is almost triangular
/// (trends, lagged seasons, constants) costs O(size²) operations a step and not O(size³).
enum TriangularRoot {
  /// Rotations for entries below this leave nothing to see and their squares would underflow.
  private static let negligible = 1e-150

  @inline(__always)
  static func rotate(
    _ x: UnsafeMutablePointer<Double>, _ y: UnsafeMutablePointer<Double>, rows: Int, cosine: Double, sine: Double
  ) {
    var i = 0
    while i < rows {
      let (a, b) = (x[i], y[i])
      x[i] = cosine * a + sine * b
      y[i] = cosine * b - sine * a
      i &+= 1
    }
  }

  /// Brings `columns >= size` columns into upper triangular form: X Θ = [U, 0] with Θ orthogonal.
  ///
  /// Rows are cleared from the last to the first, each into its diagonal entry.
  static func triangularize(_ x: UnsafeMutablePointer<Double>, size: Int, columns: Int) {
    var i = size - 1
    while i >= 0 {
      let target = x + i &* size
      var l = 0
      while l < columns {
        if l == i {
          // Columns i + 1 ..< size are finished: they hold the rows below.
          l = size
          continue
        }
        let column = x + l &* size
        let entry = column[i]
        if entry != 0 {
          if abs(entry) > negligible {
            let inverse = 1 / (target[i] * target[i] + entry * entry).squareRoot()
            rotate(target, column, rows: i &+ 1, cosine: target[i] * inverse, sine: entry * inverse)
          }
          column[i] = 0
        }
        l &+= 1
      }
      i &-= 1
    }
  }

  /// Conditions U U' on an observation with variance `noise`, given u = U' z; the variance F of its error.
  ///
  /// `gain` becomes U u / F, the regression of the states on the error. Source: Carlson, AIAA Journal 11 (1973).
  static func condition(
    _ root: UnsafeMutablePointer<Double>, on u: UnsafePointer<Double>, noise: Double, size: Int,
    gain: UnsafeMutablePointer<Double>
  ) -> Double {
    for i in 0..<size { gain[i] = 0 }
    var (variance, deviation) = (noise, noise.squareRoot())
    for j in 0..<size where abs(u[j]) > negligible {
      variance += u[j] * u[j]
      let next = variance.squareRoot()
      let inverse = 1 / next
      rotate(gain, root + j &* size, rows: j &+ 1, cosine: deviation * inverse, sine: u[j] * inverse)
      deviation = next
    }
    guard variance > 0 else { return 0 }
    for i in 0..<size { gain[i] /= deviation }
    return variance
  }
}
