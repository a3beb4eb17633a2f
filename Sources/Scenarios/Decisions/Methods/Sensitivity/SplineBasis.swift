import NumericKernels

/// Columns that span smooth functions of a few inputs: a constant, natural cubic splines of each, and products of
/// their straight parts.
///
/// The spline has its knots at six quantiles and is straight beyond the outer two (Harrell, Regression Modeling
/// Strategies, 2001, the truncated power form). An input with few values gets fewer knots.
struct SplineBasis {
  /// The columns made orthonormal, those that depend on earlier ones left out.
  let orthonormal: [[Double]]

  private static let probabilities = [0.05, 0.23, 0.41, 0.59, 0.77, 0.95]

  init(_ inputs: [[Double]]) {
    let rows = inputs[0].count
    var columns = [[Double](repeating: 1, count: rows)]
    var straight: [[Double]] = []
    for input in inputs {
      let center = Reductions.mean(input)
      let spread = Reductions.standardDeviation(input)
      guard spread > 0, spread.isFinite else { continue }
      let scaled = input.map { ($0 - center) / spread }
      straight.append(scaled)
      columns.append(scaled)
      columns += SplineBasis.curved(scaled)
    }
    for i in straight.indices {
      for j in 0..<i { columns.append(zip(straight[i], straight[j]).map { $0 * $1 }) }
    }
    orthonormal = SplineBasis.orthonormalized(columns)
  }

  private static func curved(_ x: [Double]) -> [[Double]] {
    let knots = Array(Set(Quantiles.of(x, probabilities))).sorted()
    guard knots.count >= 3 else { return [] }
    let (last, before) = (knots[knots.count - 1], knots[knots.count - 2])
    func cube(_ value: Double) -> Double { value > 0 ? value * value * value : 0 }
    return knots.dropLast(2).map { knot in
      let left = (last - knot) / (last - before)
      let right = (before - knot) / (last - before)
      return x.map { value in
        cube(value - knot) - left * cube(value - before) + right * cube(value - last)
      }
    }
  }

  /// Gram and Schmidt, each column twice so that rounding does not spoil it.
  private static func orthonormalized(_ columns: [[Double]]) -> [[Double]] {
    var result: [[Double]] = []
    for column in columns {
      let before = Bootstrap.dot(column, column)
      var rest = column
      for _ in 0..<2 {
        for earlier in result {
          let share = Bootstrap.dot(earlier, rest)
          for row in rest.indices { rest[row] -= share * earlier[row] }
        }
      }
      let after = Bootstrap.dot(rest, rest)
      guard after > 1e-18 * before, after > 0 else { continue }
      let scale = 1 / after.squareRoot()
      result.append(rest.map { $0 * scale })
    }
    return result
  }
}
