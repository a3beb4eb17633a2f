/// A least-squares problem that observations can join and leave: the triangular factor R and Q'y, updated by rotations.
///
///     minimise over x the sum over the observations held of w (y - a'x)²
///
/// Adding a row rotates it into R by Givens rotations (Golub and Van Loan, Matrix Computations, 4th ed., 6.5.3); removing
/// one undoes that: R'q = a is solved and the rotations that bring (q, sqrt(1 - |q|²)) to the last unit vector are applied to
/// R (LINPACK's `dchdd`; Saunders, 1972; Stewart, 1979). Both cost about 3 p² operations, against 2 n p² of a new solve, and
/// keep no observation.
///
/// A window of 60 rows rolling over a series:
///
/// ```swift
/// var window = QRUpdate(columnCount: 2)
/// for t in rows.indices {
///   try window.add(rows[t], outcome: y[t])
///   if t >= 60 { try window.remove(rows[t - 60], outcome: y[t - 60]) }
///   if t >= 59 { forecasts.append(try window.coefficients()) }
/// }
/// ```
///
/// Accuracy: adding is backward stable. Removing loses about log10(1 / (1 - |q|²)) digits, where |q|² is the leverage of the
/// row; a row of leverage above 1 - 1e-10 is refused, as the others do not determine the coefficients. After n updates of
/// well-conditioned problems coefficients agree with a new solve to about sqrt(n) κ 2⁻⁵³; the residual sum of squares to the
/// same share of the largest it has been. Start anew (or use ``RefinedLeastSquares``) where that is not enough.
public struct QRUpdate: Sendable {
  public let columnCount: Int
  /// Observations held.
  public private(set) var observationCount = 0
  /// The upper triangle, row after row; its diagonal is not negative.
  private var upper: [Double]
  private var rotated: [Double]
  /// The residual sum of squares, carried as a pair: it is a difference of large numbers after a removal.
  private var remainder = DoubleDouble.zero

  /// A row of leverage above 1 - this cannot be removed.
  public static let removalTolerance = 1e-10

  /// No observations yet; coefficients need at least `columnCount` of them.
  public init(columnCount: Int) {
    precondition(columnCount >= 0, "a number of columns is not negative")
    self.columnCount = columnCount
    upper = [Double](repeating: 0, count: columnCount * columnCount)
    rotated = [Double](repeating: 0, count: columnCount)
  }

  /// All observations of a design.
  ///
  /// - Throws: `shapeMismatch`, `nonFinite`.
  public init(_ design: Matrix, outcome: [Double]) throws(LinearAlgebraError) {
    guard outcome.count == design.rowCount else {
      throw .shapeMismatch(
        operation: "QR update", expected: "\(design.rowCount) outcomes", found: "\(outcome.count)")
    }
    self.init(columnCount: design.columnCount)
    for row in 0..<design.rowCount { try add(design.row(row), outcome: outcome[row]) }
  }

  /// The residual sum of squares of the observations held.
  public var residualSumOfSquares: Double { max(0, remainder.value) }

  /// The triangular factor, R'R = A'WA.
  public var triangle: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: columnCount)
    for i in 0..<columnCount { for j in i..<columnCount { result[i, j] = upper[i * columnCount + j] } }
    return result
  }

  /// The least-squares coefficients of the observations held: p² / 2 operations.
  ///
  /// - Throws: `rankDeficient` if they do not determine them (a diagonal element of R below p ulp of its column's length).
  public func coefficients() throws(LinearAlgebraError) -> [Double] {
    try requireFullRank()
    let p = columnCount
    var x = rotated
    for k in stride(from: p - 1, through: 0, by: -1) {
      for j in (k + 1)..<max(p, k + 1) { x[k] -= upper[k * p + j] * x[j] }
      x[k] /= upper[k * p + k]
    }
    return x
  }

  /// Takes in one observation.
  ///
  /// - Throws: `shapeMismatch` (also for a negative weight), `nonFinite`; the state is then unchanged.
  public mutating func add(_ row: [Double], outcome: Double, weight: Double = 1) throws(LinearAlgebraError) {
    var (row, outcome) = try checked(row, outcome, weight)
    let p = columnCount
    upper.withUnsafeMutableBufferPointer { upper in
      for k in 0..<p where row[k] != 0 {
        let diagonal = upper[k * p + k]
        let length = hypotenuse(diagonal, row[k])
        let (c, s) = (diagonal / length, row[k] / length)
        upper[k * p + k] = length
        for j in (k + 1)..<max(p, k + 1) {
          let above = upper[k * p + j]
          upper[k * p + j] = c * above + s * row[j]
          row[j] = c * row[j] - s * above
        }
        let above = rotated[k]
        rotated[k] = c * above + s * outcome
        outcome = c * outcome - s * above
      }
    }
    remainder += DoubleDouble.product(outcome, outcome)
    observationCount += 1
  }

  /// Takes out one observation that had been added with the same weight.
  ///
  /// - Throws: `shapeMismatch`, `nonFinite`; `rankDeficient` if the other observations do not determine the coefficients
  ///   (or the row was never added). The state is then unchanged.
  public mutating func remove(_ row: [Double], outcome: Double, weight: Double = 1) throws(LinearAlgebraError) {
    let (row, outcome) = try checked(row, outcome, weight)
    try requireFullRank()
    let p = columnCount
    guard observationCount > p else { throw .rankDeficient(rank: max(0, observationCount - 1), needed: p) }
    var q = [Double](repeating: 0, count: p)
    var square = DoubleDouble.zero
    for k in 0..<p {
      var value = row[k]
      for i in 0..<k { value -= upper[i * p + k] * q[i] }
      q[k] = value / upper[k * p + k]
      square += DoubleDouble.product(q[k], q[k])
    }
    // 1 - leverage
    let rest = (DoubleDouble(1) - square).value
    guard rest > QRUpdate.removalTolerance else { throw .rankDeficient(rank: p - 1, needed: p) }

    // Rotations from the last position up bring (q, alpha) to (0, 1).
    var alpha = rest.squareRoot()
    var cosines = [Double](repeating: 1, count: p)
    var sines = [Double](repeating: 0, count: p)
    for k in stride(from: p - 1, through: 0, by: -1) {
      let length = hypotenuse(alpha, q[k])
      cosines[k] = alpha / length
      sines[k] = q[k] / length
      alpha = length
    }
    upper.withUnsafeMutableBufferPointer { upper in
      for j in 0..<p {
        var below = 0.0
        for i in stride(from: j, through: 0, by: -1) {
          let value = upper[i * p + j]
          upper[i * p + j] = cosines[i] * value - sines[i] * below
          below = cosines[i] * below + sines[i] * value
        }
      }
    }
    // The outcome's column, where `below` starts from the part of the outcome that no coefficient explains.
    var explained = 0.0
    for k in 0..<p { explained += q[k] * rotated[k] }
    let unexplained = (outcome - explained) / rest.squareRoot()
    var below = unexplained
    for i in stride(from: p - 1, through: 0, by: -1) {
      let value = rotated[i]
      rotated[i] = cosines[i] * value - sines[i] * below
      below = cosines[i] * below + sines[i] * value
    }
    remainder -= DoubleDouble.product(unexplained, unexplained)
    if remainder.value < 0 { remainder = .zero }
    observationCount -= 1
  }

  private func requireFullRank() throws(LinearAlgebraError) {
    let p = columnCount
    var rank = 0
    for k in 0..<p {
      var square = 0.0
      for i in 0...k { square += upper[i * p + k] * upper[i * p + k] }
      if upper[k * p + k] > Double(p) * Double.ulpOfOne * square.squareRoot() { rank += 1 }
    }
    if rank < p { throw .rankDeficient(rank: rank, needed: p) }
  }

  private func checked(
    _ row: [Double], _ outcome: Double, _ weight: Double
  ) throws(LinearAlgebraError) -> ([Double], Double) {
    guard row.count == columnCount else {
      throw .shapeMismatch(operation: "QR update", expected: "a row of \(columnCount)", found: "\(row.count)")
    }
    guard outcome.isFinite, weight.isFinite, row.allSatisfy(\.isFinite) else {
      throw .nonFinite(operation: "QR update")
    }
    guard weight >= 0 else {
      throw .shapeMismatch(operation: "QR update", expected: "a weight >= 0", found: "\(weight)")
    }
    if weight == 1 { return (row, outcome) }
    let root = weight.squareRoot()
    return (row.map { $0 * root }, outcome * root)
  }
}

/// sqrt(a² + b²) without overflow.
@inline(__always)
private func hypotenuse(_ a: Double, _ b: Double) -> Double {
  let (large, small) = (max(abs(a), abs(b)), min(abs(a), abs(b)))
  guard large > 0 else { return 0 }
  let ratio = small / large
  return large * (1 + ratio * ratio).squareRoot()
}
