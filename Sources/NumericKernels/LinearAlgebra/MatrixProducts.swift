import CLapack

extension Matrix {
  /// The matrix product `self * other`, of shape (rows of self) x (columns of other).
  public func multiplied(by other: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard columnCount == other.rowCount else {
      throw .shapeMismatch(
        operation: "matrix product", expected: "\(columnCount) rows on the right", found: "\(other.rowCount)")
    }
    var result = Matrix(rowCount: rowCount, columnCount: other.columnCount)
    guard rowCount > 0, columnCount > 0, other.columnCount > 0 else { return result }
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(rowCount), Int32(other.columnCount), Int32(columnCount), 1,
      storage, Int32(rowCount), other.storage, Int32(other.rowCount), 0, &result.storage, Int32(rowCount))
    return result
  }

  /// The product with a vector; with `transposed`, of the transposed matrix.
  public func multiplied(by vector: [Double], transposed: Bool = false) throws(LinearAlgebraError) -> [Double] {
    let inner = transposed ? rowCount : columnCount
    guard vector.count == inner else {
      throw .shapeMismatch(
        operation: "matrix-vector product", expected: "a vector of \(inner)", found: "\(vector.count)")
    }
    var result = [Double](repeating: 0, count: transposed ? columnCount : rowCount)
    guard rowCount > 0, columnCount > 0 else { return result }
    cblas_dgemv(
      CblasColMajor, transposed ? CblasTrans : CblasNoTrans, Int32(rowCount), Int32(columnCount), 1, storage,
      Int32(rowCount), vector, 1, 0, &result, 1)
    return result
  }

  /// The Gram matrix `transpose(self) * self`, symmetric, of order `columnCount`.
  public var gram: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: columnCount)
    guard rowCount > 0, columnCount > 0 else { return result }
    cblas_dsyrk(
      CblasColMajor, CblasUpper, CblasTrans, Int32(columnCount), Int32(rowCount), 1, storage, Int32(rowCount), 0,
      &result.storage, Int32(columnCount))
    for j in 0..<columnCount { for i in 0..<j { result[j, i] = result[i, j] } }
    return result
  }

  func requireFinite(_ operation: String) throws(LinearAlgebraError) {
    guard storage.allSatisfy(\.isFinite) else { throw .nonFinite(operation: operation) }
  }
}

/// Turns LAPACK's `info` of a routine that can only refuse an argument into an error.
func checkArguments(_ routine: String, _ info: Int32) throws(LinearAlgebraError) {
  if info < 0 { throw .illegalArgument(routine: routine, argument: Int(-info)) }
}

/// Sets the number of threads that OpenBLAS may use, for the whole process. Call it once, at the start of `main`, with 1: the
/// toolkit parallelises over draws and series itself, and one BLAS thread keeps results independent of the number of cores.
public func setBlasThreadCount(_ count: Int) { openblas_set_num_threads(Int32(clamping: count)) }

/// The name of the OpenBLAS kernel chosen for this CPU ("Haswell", "SkylakeX", ...): fits may differ in their last bits between
/// kernels, so a run's fingerprint records it.
public var blasKernelName: String { openblas_get_corename().map { String(cString: $0) } ?? "unknown" }
