/// The downhill simplex of Nelder and Mead (The Computer Journal 7, 1965) in up to four dimensions.
///
/// Deterministic, and free of allocation per step: points are SIMD vectors whose unused lanes stay 0.
enum NelderMead {
  /// The lowest point found from `start` and its value.
  ///
  /// - Parameters:
  ///   - dimensions: 1 ... 4.
  ///   - step: the edge of the first simplex.
  ///   - pointTolerance, valueTolerance: the search ends when both the simplex's extent and the spread of its values are below.
  static func minimize(
    _ function: (SIMD4<Double>) -> Double, from start: SIMD4<Double>, dimensions: Int, step: Double,
    pointTolerance: Double, valueTolerance: Double, evaluations: Int
  ) -> (point: SIMD4<Double>, value: Double) {
    var points = [start]
    for axis in 0..<dimensions {
      var corner = start
      corner[axis] += step
      points.append(corner)
    }
    var values = points.map(function)
    var used = points.count
    while used < evaluations {
      sortByValue(&points, &values)
      let spread = values[dimensions] - values[0]
      let extent = points.reduce(0) { max($0, (($1 - points[0]) * ($1 - points[0])).sum()) }.squareRoot()
      if extent < pointTolerance && spread < valueTolerance { break }
      let centre = points[..<dimensions].reduce(SIMD4<Double>.zero, +) / Double(dimensions)
      let direction = centre - points[dimensions]
      func tried(_ length: Double) -> (SIMD4<Double>, Double) {
        used += 1
        let point = centre + length * direction
        return (point, function(point))
      }
      var (candidate, value) = tried(1)
      if value < values[0] {
        let (further, furtherValue) = tried(2)
        if furtherValue < value { (candidate, value) = (further, furtherValue) }
      } else if value >= values[dimensions - 1] {
        (candidate, value) = tried(value < values[dimensions] ? 0.5 : -0.5)
      }
      if value < values[dimensions] {
        (points[dimensions], values[dimensions]) = (candidate, value)
        continue
      }
      for k in 1...dimensions {
        points[k] = points[0] + 0.5 * (points[k] - points[0])
        values[k] = function(points[k])
      }
      used += dimensions
    }
    sortByValue(&points, &values)
    return (points[0], values[0])
  }

  private static func sortByValue(_ points: inout [SIMD4<Double>], _ values: inout [Double]) {
    for i in 1..<values.count {
      var j = i
      while j > 0 && values[j] < values[j - 1] {
        values.swapAt(j, j - 1)
        points.swapAt(j, j - 1)
        j -= 1
      }
    }
  }
}

/// A number of the whole line taken to 0 ... 1, smooth and flat at both ends: an optimum on a bound becomes an ordinary minimum.
///
/// The line is folded into the interval (period 2), then bent by 3 x^2 - 2 x^3.
func boxCoordinate(_ x: Double) -> Double {
  let folded = abs(x - 2 * (x / 2).rounded())
  return folded * folded * (3 - 2 * folded)
}
