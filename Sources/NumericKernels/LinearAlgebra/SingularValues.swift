import CLapack

/// The thin singular value decomposition A = U diag(s) Vᵀ, with s descending.
public struct SingularValueDecomposition: Sendable {
  /// rows x min(rows, columns)
  public let left: Matrix
  public let values: [Double]
  /// min(rows, columns) x columns
  public let rightTransposed: Matrix

  /// The number of singular values above `tolerance` times the largest; the default tolerance is max(rows, columns) ulp.
  public func rank(tolerance: Double? = nil) -> Int {
    let relative = tolerance ?? Double(max(left.rowCount, rightTransposed.columnCount)) * Double.ulpOfOne
    guard let largest = values.first, largest > 0 else { return 0 }
    return values.count { $0 > relative * largest }
  }

  /// The 2-norm condition number: infinite for a singular matrix, 1 for an empty one.
  public var condition: Double {
    guard let largest = values.first, let smallest = values.last else { return 1 }
    return smallest > 0 ? largest / smallest : .infinity
  }

  /// The least-squares solution of smallest norm, from the singular values above the tolerance of ``rank(tolerance:)``.
  public func minimumNormSolution(_ right: [Double], tolerance: Double? = nil) throws(LinearAlgebraError) -> [Double] {
    var projected = try left.multiplied(by: right, transposed: true)
    let rank = rank(tolerance: tolerance)
    for k in projected.indices { projected[k] = k < rank ? projected[k] / values[k] : 0 }
    return try rightTransposed.multiplied(by: projected, transposed: true)
  }
}

extension Matrix {
  /// The thin singular value decomposition (divide and conquer, LAPACK dgesdd).
  ///
  /// - Throws: `nonFinite`, `noConvergence`.
  public func singularValueDecomposition() throws(LinearAlgebraError) -> SingularValueDecomposition {
    try requireFinite("singular values")
    let size = min(rowCount, columnCount)
    var left = Matrix(rowCount: rowCount, columnCount: size)
    var right = Matrix(rowCount: size, columnCount: columnCount)
    var values = [Double](repeating: 0, count: size)
    if size > 0 {
      var work = storage
      let info = LAPACKE_dgesdd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), Int32(rowCount), Int32(columnCount), &work, Int32(rowCount),
        &values, &left.storage, Int32(rowCount), &right.storage, Int32(size))
      try checkArguments("dgesdd", info)
      if info > 0 { throw .noConvergence(routine: "dgesdd", info: Int(info)) }
    }
    return SingularValueDecomposition(left: left, values: values, rightTransposed: right)
  }
}
