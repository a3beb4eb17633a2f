extension QRFactor {
  /// Which columns are independent of those before them, and of what the others are made.
  ///
  /// Decided on R alone, whose columns have the same inner products as those of the matrix: p³ operations. A column whose
  /// part orthogonal to the columns kept before it is not longer than `tolerance` of its length is dependent; tolerances
  /// below the rounding errors of the factorisation, 8 sqrt(p) ulp, are raised to them.
  ///
  /// - Parameter scales: what each column had been multiplied by before the factorisation; multiples are given for the
  ///   columns before.
  public func independentColumns(
    tolerance: Double, scales: [Double]
  ) throws(LinearAlgebraError) -> (independent: [Int], dependencies: [RefinedLeastSquares.Dependency]) {
    let small = unpivotedUpper
    guard scales.count == small.columnCount else {
      throw .shapeMismatch(operation: "rank", expected: "\(small.columnCount) scales", found: "\(scales.count)")
    }
    let threshold = max(tolerance, 8 * Double.ulpOfOne * Double(max(small.columnCount, 1)).squareRoot())
    var kept: [Int] = []
    var basis: [[Double]] = []
    var dependent: [Int] = []
    for column in 0..<small.columnCount {
      var rest = small.column(column)
      let length = QRFactor.length(rest)
      // Twice is enough (Giraud, Langou and Rozložník, 2005) for orthogonality to rounding.
      for _ in 0..<2 {
        for direction in basis {
          var product = 0.0
          for row in rest.indices { product += direction[row] * rest[row] }
          for row in rest.indices { rest[row] -= product * direction[row] }
        }
      }
      let remaining = QRFactor.length(rest)
      if remaining > threshold * length, basis.count < small.rowCount {
        kept.append(column)
        basis.append(rest.map { $0 / remaining })
      } else {
        dependent.append(column)
      }
    }
    var dependencies: [RefinedLeastSquares.Dependency] = []
    for column in dependent {
      let before = Array(kept.prefix { $0 < column })
      let multiples = try small.selecting(before).qr(tolerance: 0).solve(small.column(column))
      let largest = multiples.reduce(0) { max($0, abs($1)) }
      let terms = zip(before, multiples).filter { abs($0.1) > 1e-9 * largest }.map {
        RefinedLeastSquares.Dependency.Term(column: $0.0, multiple: $0.1 * scales[$0.0] / scales[column])
      }
      dependencies.append(.init(column: column, combination: terms))
    }
    return (kept, dependencies)
  }

  /// R with its columns in the order of the matrix.
  var unpivotedUpper: Matrix {
    let upper = self.upper
    var result = Matrix(rowCount: upper.rowCount, columnCount: upper.columnCount)
    for (position, column) in pivots.enumerated() {
      for row in 0..<upper.rowCount { result[row, column] = upper[row, position] }
    }
    return result
  }

  private static func length(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
}

extension Matrix {
  /// The columns at these positions.
  func selecting(_ columns: [Int]) -> Matrix {
    var result = Matrix(rowCount: rowCount, columnCount: columns.count)
    result.storage = columns.flatMap { column($0) }
    return result
  }
}
