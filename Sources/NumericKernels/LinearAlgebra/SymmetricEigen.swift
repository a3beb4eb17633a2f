import CLapack

/// Eigenvalues (ascending) and orthonormal eigenvectors (columns, in the same order) of a symmetric matrix.
public struct SymmetricEigen: Sendable {
  public let values: [Double]
  public let vectors: Matrix
}

extension Matrix {
  /// The eigen decomposition of a symmetric matrix (divide and conquer, LAPACK dsyevd); only the lower triangle is read.
  ///
  /// - Throws: `shapeMismatch` if not square, `nonFinite`, `noConvergence`.
  public func symmetricEigen() throws(LinearAlgebraError) -> SymmetricEigen {
    guard rowCount == columnCount else {
      throw .shapeMismatch(
        operation: "symmetric eigenvalues", expected: "a square matrix", found: "\(rowCount) x \(columnCount)")
    }
    try requireFinite("symmetric eigenvalues")
    var vectors = self
    var values = [Double](repeating: 0, count: rowCount)
    if rowCount > 0 {
      let info = LAPACKE_dsyevd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), Int32(rowCount), &vectors.storage,
        Int32(rowCount), &values)
      try checkArguments("dsyevd", info)
      if info > 0 { throw .noConvergence(routine: "dsyevd", info: Int(info)) }
    }
    return SymmetricEigen(values: values, vectors: vectors)
  }
}
