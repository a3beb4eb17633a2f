import CLapack

/// The Householder QR factorisation A P = Q R with column pivoting (or P = I without), and what least squares needs of it.
///
/// With pivoting, the diagonal of R falls in size: the rank is the number of diagonal elements above `tolerance` times the
/// largest (default max(rows, columns) ulp), and the pivots name which columns are independent.
public struct QRFactor: Sendable {
  let packed: Matrix
  let reflectors: [Double]
  /// `pivots[k]` is the original index of the column in position k.
  public let pivots: [Int]
  public let rank: Int

  /// The upper triangular (or trapezoidal) factor, min(rows, columns) x columns, in pivoted order.
  public var upper: Matrix {
    let size = min(packed.rowCount, packed.columnCount)
    var result = Matrix(rowCount: size, columnCount: packed.columnCount)
    for j in 0..<packed.columnCount { for i in 0..<min(j + 1, size) { result[i, j] = packed[i, j] } }
    return result
  }

  /// Qᵀ b.
  public func applyTransposed(_ right: [Double]) throws(LinearAlgebraError) -> [Double] {
    guard right.count == packed.rowCount else {
      throw .shapeMismatch(
        operation: "QR solve", expected: "a vector of \(packed.rowCount)", found: "\(right.count)")
    }
    var result = right
    guard !reflectors.isEmpty else { return result }
    let info = LAPACKE_dormqr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), CChar(UInt8(ascii: "T")), Int32(packed.rowCount), 1,
      Int32(reflectors.count), packed.storage, Int32(packed.rowCount), reflectors, &result, Int32(packed.rowCount))
    try checkArguments("dormqr", info)
    return result
  }

  /// The least-squares solution in the original column order; redundant columns (beyond the rank) get 0.
  public func solve(_ right: [Double]) throws(LinearAlgebraError) -> [Double] {
    let rotated = try applyTransposed(right)
    var x = [Double](repeating: 0, count: packed.columnCount)
    for k in stride(from: rank - 1, through: 0, by: -1) {
      var value = rotated[k]
      for j in (k + 1)..<max(rank, k + 1) { value -= packed[k, j] * x[pivots[j]] }
      x[pivots[k]] = value / packed[k, k]
    }
    return x
  }

  /// The reciprocal condition number in the 1-norm of the triangular factor of the independent columns.
  public func reciprocalCondition() throws(LinearAlgebraError) -> Double {
    guard rank > 0 else { return 0 }
    var reciprocal = 0.0
    let info = LAPACKE_dtrcon(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "1")), CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")), Int32(rank),
      packed.storage, Int32(packed.rowCount), &reciprocal)
    try checkArguments("dtrcon", info)
    return reciprocal
  }

  /// (AᵀA)⁻¹ of the independent columns, in original column order; rows and columns of redundant columns are 0.
  public func inverseGram() throws(LinearAlgebraError) -> Matrix {
    var inverse = Matrix(rowCount: rank, columnCount: rank)
    for j in 0..<rank { for i in 0...j { inverse[i, j] = packed[i, j] } }
    if rank > 0 {
      let info = LAPACKE_dtrtri(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), CChar(UInt8(ascii: "N")), Int32(rank), &inverse.storage,
        Int32(rank))
      try checkArguments("dtrtri", info)
      if info > 0 { throw .singular(position: Int(info)) }
    }
    let product = try inverse.multiplied(by: inverse.transposed)
    var result = Matrix(rowCount: packed.columnCount, columnCount: packed.columnCount)
    for i in 0..<rank { for j in 0..<rank { result[pivots[i], pivots[j]] = product[i, j] } }
    return result
  }
}

/// What a least-squares solve found.
public struct LeastSquaresSolution: Sendable {
  /// One coefficient per column.
  public let coefficients: [Double]
  /// right - A * coefficients
  public let residuals: [Double]
  public let rank: Int
  /// 1-norm reciprocal condition number of the independent columns (0 when there is none).
  public let reciprocalCondition: Double
}

extension Matrix {
  /// The QR factorisation (LAPACK dgeqp3 with pivoting, dgeqrf without).
  ///
  /// - Throws: `nonFinite`.
  public func qr(pivoting: Bool = true, tolerance: Double? = nil) throws(LinearAlgebraError) -> QRFactor {
    try requireFinite("QR")
    let size = min(rowCount, columnCount)
    var packed = self
    var reflectors = [Double](repeating: 0, count: size)
    var pivots = [Int32](repeating: 0, count: columnCount)
    if size > 0 {
      let info =
        pivoting
        ? LAPACKE_dgeqp3(
          LAPACK_COL_MAJOR, Int32(rowCount), Int32(columnCount), &packed.storage, Int32(rowCount), &pivots,
          &reflectors)
        : LAPACKE_dgeqrf(
          LAPACK_COL_MAJOR, Int32(rowCount), Int32(columnCount), &packed.storage, Int32(rowCount), &reflectors)
      try checkArguments(pivoting ? "dgeqp3" : "dgeqrf", info)
    }
    let diagonal = (0..<size).map { abs(packed[$0, $0]) }
    let threshold = (tolerance ?? Double(max(rowCount, columnCount)) * Double.ulpOfOne) * (diagonal.max() ?? 0)
    let rank = diagonal.firstIndex { !($0 > threshold) } ?? size
    let order = pivoting && size > 0 ? pivots.map { Int($0) - 1 } : Array(0..<columnCount)
    return QRFactor(packed: packed, reflectors: reflectors, pivots: order, rank: rank)
  }

  /// The least-squares solution of `self * x = right` by pivoted Householder QR, columns scaled to unit length first.
  ///
  /// - Parameter minimumNorm: for a rank-deficient matrix, the solution of smallest norm (by SVD) instead of one with zeros.
  /// - Throws: `shapeMismatch`, `nonFinite`.
  public func leastSquares(
    _ right: [Double], minimumNorm: Bool = false
  ) throws(LinearAlgebraError)
    -> LeastSquaresSolution
  {
    guard right.count == rowCount else {
      throw .shapeMismatch(operation: "least squares", expected: "a vector of \(rowCount)", found: "\(right.count)")
    }
    guard right.allSatisfy(\.isFinite) else { throw .nonFinite(operation: "least squares") }
    try requireFinite("least squares")
    var scaled = self
    var scales = [Double](repeating: 1, count: columnCount)
    for j in 0..<columnCount {
      let length = cblas_dnrm2(Int32(rowCount), column(j), 1)
      guard length > 0 else { continue }
      scales[j] = 1 / length
      for i in 0..<rowCount { scaled[i, j] *= scales[j] }
    }
    let factor = try scaled.qr()
    var coefficients: [Double]
    if minimumNorm && factor.rank < columnCount {
      coefficients = try singularValueDecomposition().minimumNormSolution(right)
    } else {
      coefficients = try factor.solve(right)
      for j in coefficients.indices { coefficients[j] *= scales[j] }
    }
    let fitted = try multiplied(by: coefficients)
    return LeastSquaresSolution(
      coefficients: coefficients, residuals: zip(right, fitted).map { $0 - $1 }, rank: factor.rank,
      reciprocalCondition: try factor.reciprocalCondition())
  }

  /// Solves a triangular system `self * x = right`.
  ///
  /// - Parameter upper: whether the upper triangle is read (else the lower one).
  /// - Throws: `shapeMismatch`, `singular` with the position of the zero on the diagonal.
  public func solveTriangular(_ right: [Double], upper: Bool) throws(LinearAlgebraError) -> [Double] {
    guard rowCount == columnCount, right.count == rowCount else {
      throw .shapeMismatch(
        operation: "triangular solve", expected: "a square matrix and a vector of its order",
        found: "\(rowCount) x \(columnCount) and \(right.count)")
    }
    guard rowCount > 0 else { return [] }
    var x = right
    let order = Int32(rowCount)
    let info = LAPACKE_dtrtrs(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: upper ? "U" : "L")), CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "N")),
      order, 1, storage, order, &x, order)
    try checkArguments("dtrtrs", info)
    if info > 0 { throw .singular(position: Int(info)) }
    return x
  }
}
