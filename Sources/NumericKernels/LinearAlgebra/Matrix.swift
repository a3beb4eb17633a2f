/// A dense real matrix, stored by columns as LAPACK expects; a value type.
///
/// ```swift
/// let a = Matrix(rows: [[4, 1], [1, 3]])
/// let x = try a.cholesky().solve([1, 2])
/// ```
///
/// Left out on purpose: element-wise operators, views and sparse storage. A matrix may have no rows or no columns.
public struct Matrix: Equatable, Sendable {
  public let rowCount: Int
  public let columnCount: Int
  /// The elements, column after column.
  public var storage: [Double]

  /// A matrix of zeros (or of `value`).
  public init(rowCount: Int, columnCount: Int, repeating value: Double = 0) {
    precondition(rowCount >= 0 && columnCount >= 0, "a matrix needs non-negative dimensions")
    self.rowCount = rowCount
    self.columnCount = columnCount
    storage = [Double](repeating: value, count: rowCount * columnCount)
  }

  /// A matrix from its columns, all of the same length.
  public init(columns: [[Double]]) {
    let length = columns.first?.count ?? 0
    precondition(columns.allSatisfy { $0.count == length }, "the columns differ in length")
    rowCount = length
    columnCount = columns.count
    storage = columns.flatMap { $0 }
  }

  /// A matrix from its rows, all of the same length.
  public init(rows: [[Double]]) {
    self.init(rowCount: rows.count, columnCount: rows.first?.count ?? 0)
    for (i, row) in rows.enumerated() {
      precondition(row.count == columnCount, "the rows differ in length")
      for (j, value) in row.enumerated() { self[i, j] = value }
    }
  }

  public static func identity(_ size: Int) -> Matrix {
    var result = Matrix(rowCount: size, columnCount: size)
    for i in 0..<size { result[i, i] = 1 }
    return result
  }

  public subscript(row: Int, column: Int) -> Double {
    get { storage[column * rowCount + row] }
    set { storage[column * rowCount + row] = newValue }
  }

  public func column(_ index: Int) -> [Double] { Array(storage[index * rowCount..<(index + 1) * rowCount]) }

  public func row(_ index: Int) -> [Double] { (0..<columnCount).map { self[index, $0] } }

  public var transposed: Matrix {
    var result = Matrix(rowCount: columnCount, columnCount: rowCount)
    for j in 0..<columnCount { for i in 0..<rowCount { result[j, i] = self[i, j] } }
    return result
  }

  /// The largest column sum of absolute values.
  public var oneNorm: Double {
    (0..<columnCount).map { j in column(j).reduce(0) { $0 + abs($1) } }.max() ?? 0
  }
}
