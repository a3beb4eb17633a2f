import CLapack

/// The Cholesky factorisation A = L Lᵀ of a symmetric positive definite matrix.
public struct CholeskyFactor: Sendable {
  /// The lower triangular factor, with zeros above the diagonal.
  public let lower: Matrix

  /// Solves A x = b.
  public func solve(_ right: [Double]) throws(LinearAlgebraError) -> [Double] {
    guard right.count == lower.rowCount else {
      throw .shapeMismatch(
        operation: "Cholesky solve", expected: "a vector of \(lower.rowCount)", found: "\(right.count)")
    }
    guard !right.isEmpty else { return [] }
    var x = right
    let order = Int32(lower.rowCount)
    let info = LAPACKE_dpotrs(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, 1, lower.storage, order, &x, order)
    try checkArguments("dpotrs", info)
    return x
  }

  /// The inverse of A.
  public func inverse() throws(LinearAlgebraError) -> Matrix {
    var result = lower
    let order = Int32(lower.rowCount)
    guard order > 0 else { return result }
    let info = LAPACKE_dpotri(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, &result.storage, order)
    try checkArguments("dpotri", info)
    if info > 0 { throw .singular(position: Int(info)) }
    for j in 0..<result.columnCount { for i in 0..<j { result[i, j] = result[j, i] } }
    return result
  }

  /// log det A.
  public var logDeterminant: Double {
    2 * Reductions.sum((0..<lower.rowCount).map { VectorMath.log(lower[$0, $0]) })
  }

  /// The reciprocal condition number of A in the 1-norm, estimated by LAPACK; `oneNorm` is that of A.
  public func reciprocalCondition(oneNorm: Double) throws(LinearAlgebraError) -> Double {
    guard lower.rowCount > 0 else { return 1 }
    var reciprocal = 0.0
    let order = Int32(lower.rowCount)
    let info = LAPACKE_dpocon(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), order, lower.storage, order, oneNorm, &reciprocal)
    try checkArguments("dpocon", info)
    return reciprocal
  }
}

extension Matrix {
  /// The Cholesky factor of a symmetric positive definite matrix; only the lower triangle is read.
  ///
  /// - Throws: `shapeMismatch` if not square, `nonFinite`, `notPositiveDefinite`.
  public func cholesky() throws(LinearAlgebraError) -> CholeskyFactor {
    guard rowCount == columnCount else {
      throw .shapeMismatch(
        operation: "Cholesky", expected: "a square matrix", found: "\(rowCount) x \(columnCount)")
    }
    try requireFinite("Cholesky")
    var factor = self
    if rowCount > 0 {
      let info = LAPACKE_dpotrf(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), Int32(rowCount), &factor.storage, Int32(rowCount))
      try checkArguments("dpotrf", info)
      if info > 0 { throw .notPositiveDefinite(order: Int(info)) }
    }
    for j in 0..<columnCount { for i in 0..<j { factor[i, j] = 0 } }
    return CholeskyFactor(lower: factor)
  }
}
