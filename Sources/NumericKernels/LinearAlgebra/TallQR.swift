import CLapack

/// The triangular factor of a tall matrix by blocks of rows: no copy of the matrix is made.
///
/// Each block is stacked under the triangle of the rows before it and triangulated again by Householder reflections (LAPACK dgeqrf),
/// which is as stable as a QR of the whole. Source: Demmel, Grigori, Hoemmen and Langou, SIAM J. Sci. Comput. 34 (2012), the
/// sequential form.
public enum TallQR {
  /// Rows per block: a block of twenty columns fits the second-level cache.
  static let blockRows = 1024

  /// The triangle R, one row and column per given column, of the matrix with rows `scales[k] * roots[i] * columns[k][i]`.
  ///
  /// - Parameters:
  ///   - columns: of equal length; the last may be an outcome, whose part of R is then Qᵀ y.
  ///   - roots: a factor per row (the square root of its weight); nil for 1.
  /// - Throws: `shapeMismatch` for columns of different lengths, `nonFinite`.
  public static func triangle(
    columns: [[Double]], scales: [Double], roots: [Double]? = nil
  ) throws(LinearAlgebraError) -> Matrix {
    let size = columns.count
    let rows = columns.first?.count ?? 0
    guard columns.allSatisfy({ $0.count == rows }), scales.count == size, roots.map({ $0.count == rows }) ?? true else {
      throw .shapeMismatch(operation: "tall QR", expected: "columns of \(rows) rows", found: "other lengths")
    }
    var work = Matrix(rowCount: size + blockRows, columnCount: size)
    var reflectors = [Double](repeating: 0, count: size)
    var result = Matrix(rowCount: size, columnCount: size)
    var start = 0
    while start < rows {
      let count = min(blockRows, rows - start)
      for k in 0..<size {
        let offset = k * work.rowCount
        for i in 0..<size { work.storage[offset + i] = i <= k ? result[i, k] : 0 }
        let column = columns[k]
        let scale = scales[k]
        if let roots {
          for i in 0..<count { work.storage[offset + size + i] = scale * roots[start + i] * column[start + i] }
        } else {
          for i in 0..<count { work.storage[offset + size + i] = scale * column[start + i] }
        }
      }
      let info = LAPACKE_dgeqrf(
        LAPACK_COL_MAJOR, Int32(size + count), Int32(size), &work.storage, Int32(work.rowCount), &reflectors)
      try checkArguments("dgeqrf", info)
      for k in 0..<size { for i in 0...k { result[i, k] = work[i, k] } }
      start += count
    }
    try result.requireFinite("tall QR")
    return result
  }
}
