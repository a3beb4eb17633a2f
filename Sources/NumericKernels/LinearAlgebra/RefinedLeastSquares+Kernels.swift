/// A matrix in double-double, column after column, weighted and scaled: the design of ``RefinedLeastSquares``.
struct ExtendedMatrix {
  let rowCount: Int
  let columnCount: Int
  /// One power of two per column, by which it was multiplied.
  let scales: [Double]
  private let high: [Double]
  private let low: [Double]

  init(
    _ columns: [RefinedLeastSquares.Column], rowCount: Int, roots: [DoubleDouble]?
  ) throws(LinearAlgebraError) {
    var high: [Double] = []
    var low: [Double] = []
    var scales: [Double] = []
    high.reserveCapacity(columns.count * rowCount)
    low.reserveCapacity(columns.count * rowCount)
    for column in columns {
      guard column.high.count == rowCount, (column.low?.count ?? rowCount) == rowCount else {
        throw .shapeMismatch(
          operation: "least squares", expected: "columns of \(rowCount)",
          found: "\(column.high.count)\(column.low.map { " and \($0.count)" } ?? "")")
      }
      let largest = column.high.reduce(0) { max($0, abs($1)) }
      guard largest.isFinite else { throw .nonFinite(operation: "least squares") }
      // First to a largest value about 1, so that squares and weighted values stay in range.
      let first = ExtendedMatrix.powerOfTwo(below: largest)
      let start = high.count
      var square = 0.0
      for row in 0..<rowCount {
        var value = DoubleDouble(high: column.high[row] * first, low: (column.low?[row] ?? 0) * first)
        if let roots { value = value * roots[row] }
        guard value.isFinite else { throw .nonFinite(operation: "least squares") }
        high.append(value.high)
        low.append(value.low)
        square += value.high * value.high
      }
      let second = ExtendedMatrix.powerOfTwo(below: square.squareRoot())
      for index in start..<high.count {
        high[index] *= second
        low[index] *= second
      }
      scales.append(first * second)
    }
    self.rowCount = rowCount
    columnCount = columns.count
    self.high = high
    self.low = low
    self.scales = scales
  }

  private init(_ other: ExtendedMatrix, columns: [Int]) {
    rowCount = other.rowCount
    columnCount = columns.count
    scales = columns.map { other.scales[$0] }
    let n = other.rowCount
    high = columns.flatMap { other.high[$0 * n..<($0 + 1) * n] }
    low = columns.flatMap { other.low[$0 * n..<($0 + 1) * n] }
  }

  /// A power of two that brings `size` to between 1/2 and 1 (subnormal numbers: as close as a double allows); 1 for 0.
  private static func powerOfTwo(below size: Double) -> Double {
    guard size > 0, size.isFinite else { return 1 }
    return Double(sign: .plus, exponent: min(1000, max(-1000, -Int(size.exponent) - 1)), significand: 1)
  }

  func column(_ index: Int) -> [DoubleDouble] {
    (index * rowCount..<(index + 1) * rowCount).map { DoubleDouble(normal: high[$0], low[$0]) }
  }

  /// The columns that are independent of those before them, their QR, and of what the others are made.
  func independentColumns(
    tolerance: Double
  ) throws(LinearAlgebraError) -> (
    kept: ExtendedMatrix, factor: QRFactor, independent: [Int], dependencies: [RefinedLeastSquares.Dependency]
  ) {
    var rounded = Matrix(rowCount: rowCount, columnCount: columnCount)
    rounded.storage = high
    let factor = try rounded.qr(tolerance: 0)
    let (kept, dependencies) = try factor.independentColumns(tolerance: tolerance, scales: scales)
    guard !dependencies.isEmpty else { return (self, factor, kept, []) }
    // The columns of R have the same triangular factor as those of A.
    let reduced = try factor.unpivotedUpper.selecting(kept).qr(tolerance: 0)
    return (ExtendedMatrix(self, columns: kept), reduced, kept, dependencies)
  }

  /// right -= A x
  func subtractProduct(_ x: [DoubleDouble], from right: inout [DoubleDouble]) {
    high.withUnsafeBufferPointer { high in
      low.withUnsafeBufferPointer { low in
        right.withUnsafeMutableBufferPointer { right in
          for j in 0..<columnCount {
            let factor = -x[j]
            let start = j * rowCount
            for i in 0..<rowCount {
              right[i] += DoubleDouble(normal: high[start + i], low[start + i]) * factor
            }
          }
        }
      }
    }
  }

  /// A'r
  func transposedProduct(_ r: [DoubleDouble]) -> [DoubleDouble] {
    high.withUnsafeBufferPointer { high in
      low.withUnsafeBufferPointer { low in
        r.withUnsafeBufferPointer { r in
          (0..<columnCount).map { j in
            var total = DoubleDouble.zero
            let start = j * rowCount
            for i in 0..<rowCount { total += DoubleDouble(normal: high[start + i], low[start + i]) * r[i] }
            return total
          }
        }
      }
    }
  }

  /// The factor of `factor` brought to double-double: chol(G) R, with G the Gram matrix of A R⁻¹.
  ///
  /// n p² double-double multiplications.
  func improvedTriangle(_ factor: QRFactor, needed: Int) throws(LinearAlgebraError) -> ExtendedTriangle {
    let p = columnCount
    // Row after row, so that the inner loops run along memory.
    var r = [Double](repeating: 0, count: p * p)
    let upper = factor.upper
    for i in 0..<p { for j in i..<p { r[i * p + j] = upper[i, j] } }
    guard (0..<p).allSatisfy({ r[$0 * p + $0] != 0 }) else { throw .rankDeficient(rank: p - 1, needed: needed) }
    let gram = orthonormalGram(r, order: factor.pivots)
    return try ExtendedTriangle(gram: gram, upper: r, order: p)
  }

  /// The upper triangle of the Gram matrix of A R⁻¹, row after row.
  private func orthonormalGram(_ r: [Double], order: [Int]) -> [DoubleDouble] {
    let p = columnCount
    var gram = [DoubleDouble](repeating: .zero, count: p * p)
    let reciprocals = (0..<p).map { DoubleDouble(1) / DoubleDouble(r[$0 * p + $0]) }
    var row = [DoubleDouble](repeating: .zero, count: p)
    row.withUnsafeMutableBufferPointer { row in
      gram.withUnsafeMutableBufferPointer { gram in
        r.withUnsafeBufferPointer { r in
          for i in 0..<rowCount {
            for k in 0..<p {
              row[k] = DoubleDouble(normal: high[order[k] * rowCount + i], low[order[k] * rowCount + i])
            }
            for k in 0..<p {
              let value = row[k] * reciprocals[k]
              row[k] = value
              for j in (k + 1)..<max(p, k + 1) { row[j] -= value * r[k * p + j] }
            }
            for k in 0..<p { for j in k..<p { gram[k * p + j] += row[k] * row[j] } }
          }
        }
      }
    }
    return gram
  }
}

/// An upper triangular matrix in double-double, row after row.
struct ExtendedTriangle {
  let order: Int
  let elements: [DoubleDouble]

  /// chol(gram) * upper
  init(gram: [DoubleDouble], upper: [Double], order p: Int) throws(LinearAlgebraError) {
    var c = gram
    for k in 0..<p {
      let pivot = c[k * p + k]
      guard pivot.high > 0, pivot.isFinite else { throw .rankDeficient(rank: k, needed: p) }
      let root = pivot.squareRoot()
      for j in k..<p { c[k * p + j] = c[k * p + j] / root }
      for i in (k + 1)..<max(p, k + 1) { for j in i..<p { c[i * p + j] -= c[k * p + i] * c[k * p + j] } }
    }
    var result = [DoubleDouble](repeating: .zero, count: p * p)
    for i in 0..<p {
      for k in i..<p { for j in k..<p { result[i * p + j] += c[i * p + k] * upper[k * p + j] } }
    }
    order = p
    elements = result
  }

  /// x of R'R x = right, where position k of R belongs to element `order[k]` of x and of the right side.
  func solveNormal(_ right: [DoubleDouble], order pivots: [Int]) -> [DoubleDouble] {
    let p = order
    var z = pivots.map { right[$0] }
    for k in 0..<p {
      z[k] = z[k] / elements[k * p + k]
      for j in (k + 1)..<max(p, k + 1) { z[j] -= elements[k * p + j] * z[k] }
    }
    for k in stride(from: p - 1, through: 0, by: -1) {
      for j in (k + 1)..<max(p, k + 1) { z[k] -= elements[k * p + j] * z[j] }
      z[k] = z[k] / elements[k * p + k]
    }
    var x = z
    for (position, index) in pivots.enumerated() { x[index] = z[position] }
    return x
  }

  /// R⁻¹R⁻ᵀ, row after row.
  func inverseGram() -> [DoubleDouble] {
    let p = order
    var inverse = [DoubleDouble](repeating: .zero, count: p * p)
    for j in 0..<p {
      inverse[j * p + j] = DoubleDouble(1) / elements[j * p + j]
      for i in stride(from: j - 1, through: 0, by: -1) {
        var total = DoubleDouble.zero
        for k in (i + 1)...j { total -= elements[i * p + k] * inverse[k * p + j] }
        inverse[i * p + j] = total / elements[i * p + i]
      }
    }
    var product = [DoubleDouble](repeating: .zero, count: p * p)
    for i in 0..<p {
      for j in i..<p {
        var total = DoubleDouble.zero
        for k in j..<p { total += inverse[i * p + k] * inverse[j * p + k] }
        product[i * p + j] = total
        product[j * p + i] = total
      }
    }
    return product
  }
}
