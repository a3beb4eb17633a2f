import NumericKernels
import ReferenceValues
import Testing

/// Against answers of mpmath: `Tests/Fixtures/refined_least_squares.json`.
@Suite struct RefinedLeastSquaresTests {
  let fixture: ReferenceTree.Node

  init() throws { fixture = try ReferenceTree("refined_least_squares").root }

  static let names = ["10x6", "14x9", "16x11", "16x12"].flatMap {
    ["hilbert_\($0)_small_residual", "hilbert_\($0)_large_residual"]
  }

  private func problem(
    _ name: String
  ) throws -> (
    columns: [RefinedLeastSquares.Column], outcome: [Double], node: ReferenceTree.Node
  ) {
    let node = try #require(fixture["least_squares"].list.first { $0["name"].text == name })
    let matrix = Matrix(rows: node["rows"].list.map(\.hexadecimals))
    return ((0..<matrix.columnCount).map { .init(matrix.column($0)) }, node["rhs"].hexadecimals, node)
  }

  /// The digits promised by the documentation: 31 - 2 log10(κ) - log10(|r| / |A x|), less two for the constants, at most 15.
  @Test(arguments: names)
  func illConditioned(name: String) throws {
    let (columns, outcome, node) = try problem(name)
    let fit = try RefinedLeastSquares(columns: columns, outcome: outcome, rankTolerance: 1e-16)
    #expect(fit.independent.count == columns.count && fit.dependencies.isEmpty)
    let condition = try #require(node["condition"].number)
    let share = name.hasSuffix("small_residual") ? 1e-15 : 1.0
    let promised = min(1e-15, max(1e-29 * condition * condition * share, 1e-29 * condition))
    let expected = node["coefficients"].list.map(\.hexadecimals)
    let largest = expected.map { abs($0[0]) }.max() ?? 0
    for (found, pair) in zip(fit.coefficients, expected) {
      #expect(abs((found - DoubleDouble(high: pair[0], low: pair[1])).value) <= max(promised, 1e-15) * largest)
    }
    let inverse = node["inverse_gram_diagonal"].numbers
    for k in inverse.indices { #expect(relativeDistance(fit.inverseGram[k, k], inverse[k]) < 1e-15) }
    let rss = node["rss"].hexadecimals
    #expect(relativeDistance(fit.residualSumOfSquares.value, rss[0]) < (share == 1 ? 1e-15 : 1e-3))
    #expect(fit.iterations < 8 && fit.lastCorrection < 1e-12)
    #expect(fit.reciprocalCondition * condition > 0.01 && fit.reciprocalCondition * condition < 100)
  }

  @Test func lowPartsCount() throws {
    // y = (1/3) x with 1/3 as a pair: the coefficient is 1 beyond the double.
    let thirds = (1...5).map { DoubleDouble(Double($0)) / 3 }
    let column = RefinedLeastSquares.Column(thirds.map(\.high), low: thirds.map(\.low))
    let fit = try RefinedLeastSquares(columns: [column], outcome: [1, 2, 3, 4, 5])
    #expect(abs((fit.coefficients[0] - 3).value) < 1e-30)
    let rounded = try RefinedLeastSquares(columns: [.init(thirds.map(\.high))], outcome: [1, 2, 3, 4, 5])
    #expect(abs((rounded.coefficients[0] - 3).value) > 1e-18)
  }

  @Test func dependentColumnsAreExplained() throws {
    let ones = [Double](repeating: 1, count: 6)
    let a = [1.0, 2, 3, 5, 8, 13]
    let b = [2.0, -1, 0, 4, 1, 7]
    let c = a.indices.map { 2 * a[$0] - 0.5 * b[$0] + 3 }
    let fit = try RefinedLeastSquares(
      columns: [ones, a, [Double](repeating: 0, count: 6), b, c, [1, 0, 0, 0, 0, 0]].map { .init($0) },
      outcome: [1, 2, 3, 4, 5, 7])
    #expect(fit.independent == [0, 1, 3, 5])
    #expect(fit.dependencies.map(\.column) == [2, 4] && fit.dependencies[0].combination.isEmpty)
    let terms = fit.dependencies[1].combination
    #expect(terms.map(\.column) == [0, 1, 3])
    #expect(zip(terms.map(\.multiple), [3, 2, -0.5]).allSatisfy { abs($0 - $1) < 1e-13 })
    let alone = try RefinedLeastSquares(
      columns: [ones, a, b, [1, 0, 0, 0, 0, 0]].map { .init($0) }, outcome: [1, 2, 3, 4, 5, 7])
    for (x, y) in zip(fit.coefficients, alone.coefficients) { #expect(abs((x - y).value) < 1e-25) }
  }

  @Test func rescalingChangesNothing() throws {
    let (columns, outcome, _) = try problem("hilbert_14x9_large_residual")
    let fit = try RefinedLeastSquares(columns: columns, outcome: outcome)
    let scaled = try RefinedLeastSquares(
      columns: columns.enumerated().map { index, column in
        .init(column.high.map { $0 * Double(sign: .plus, exponent: 37 * index - 150, significand: 1) })
      }, outcome: outcome.map { $0 * 0x1p200 })
    for (index, (x, y)) in zip(fit.coefficients, scaled.coefficients).enumerated() {
      #expect(x.value == y.value * Double(sign: .plus, exponent: 37 * index - 350, significand: 1))
    }
  }

  @Test func weightsAreRepeatedRows() throws {
    let x = [1.0, 2, 4, 7]
    let y = [1.5, 1, 3, 8]
    let ones = [1.0, 1, 1, 1]
    let weighted = try RefinedLeastSquares(columns: [.init(ones), .init(x)], outcome: y, weights: [1, 2, 1, 3])
    let rows = [0, 1, 1, 2, 3, 3, 3]
    let repeated = try RefinedLeastSquares(
      columns: [.init(rows.map { ones[$0] }), .init(rows.map { x[$0] })], outcome: rows.map { y[$0] })
    for k in 0..<2 { #expect(abs((weighted.coefficients[k] - repeated.coefficients[k]).value) < 1e-28) }
    #expect(abs((weighted.residualSumOfSquares - repeated.residualSumOfSquares).value) < 1e-28)
    #expect(abs((weighted.residuals[3] - repeated.residuals[6]).value) < 1e-28)
  }

  @Test func smallAndBadInput() throws {
    let none = try RefinedLeastSquares(columns: [], outcome: [1, 2])
    #expect(none.coefficients.isEmpty && none.residualSumOfSquares == 5 && none.iterations == 0)
    let empty = try RefinedLeastSquares(columns: [.init([])], outcome: [])
    #expect(empty.independent.isEmpty)
    let exact = try RefinedLeastSquares(columns: [.init([1, 1]), .init([0, 3]), .init([5, 4])], outcome: [1, 2])
    #expect(exact.independent == [0, 1] && abs(exact.coefficients[1].value - 1.0 / 3) < 1e-16)
    #expect(exact.residualSumOfSquares.value < 1e-60)
    let zero = try RefinedLeastSquares(columns: [.init([1, 2])], outcome: [0, 0])
    #expect(zero.coefficients == [0] && zero.lastCorrection == 0)
    #expect(throws: LinearAlgebraError.nonFinite(operation: "least squares")) {
      try RefinedLeastSquares(columns: [.init([1, .nan])], outcome: [1, 2])
    }
    #expect(throws: LinearAlgebraError.nonFinite(operation: "least squares")) {
      try RefinedLeastSquares(columns: [.init([1, 2])], outcome: [1, .infinity])
    }
    #expect(throws: LinearAlgebraError.self) { try RefinedLeastSquares(columns: [.init([1])], outcome: [1, 2]) }
    #expect(throws: LinearAlgebraError.self) {
      try RefinedLeastSquares(columns: [.init([1, 2])], outcome: [1, 2], weights: [1, 0])
    }
    #expect(throws: LinearAlgebraError.self) {
      try RefinedLeastSquares(columns: [.init([1, 2], low: [0])], outcome: [1, 2])
    }
  }
}

@Suite struct RefinedDoubleDoubleTests {
  private func pair(_ node: ReferenceTree.Node) -> DoubleDouble {
    let parts = node.hexadecimals
    return DoubleDouble(high: parts[0], low: parts[1])
  }

  @Test func againstMpmath() throws {
    let cases = try ReferenceTree("refined_least_squares").root["arithmetic"].list
    #expect(cases.count == 40)
    let u2 = 0x1p-106
    for one in cases {
      let (a, b) = (pair(one["a"]), pair(one["b"]))
      for (found, name, bound) in [
        (a + b, "sum", 3.1), (a - b, "difference", 3.1), (a * b, "product", 5), (a / b, "quotient", 15),
        (a.magnitude.squareRoot(), "root", 16),
      ] {
        let expected = pair(one[name])
        // The reference itself is rounded to a pair: half a unit more.
        #expect(abs((found - expected).value) <= (bound + 1) * u2 * abs(expected.value))
      }
    }
  }

  @Test func exactCases() {
    #expect(DoubleDouble.sum(1, 0x1p-80) == DoubleDouble(high: 1, low: 0x1p-80))
    #expect((DoubleDouble.sum(1, 0x1p-80) - 1).value == 0x1p-80)
    // (2^27 + 1)² = 2^54 + 2^28 + 1 needs 55 bits.
    #expect(DoubleDouble.product(134_217_729, 134_217_729) == DoubleDouble(high: 18_014_398_777_917_440, low: 1))
    #expect(DoubleDouble(1) / 3 * 3 - 1 <= DoubleDouble(0x1p-104))
    #expect(DoubleDouble(integerLiteral: 9_007_199_254_740_993) == DoubleDouble(high: 9_007_199_254_740_992, low: 1))
    #expect(DoubleDouble(integerLiteral: .max) == DoubleDouble(high: 0x1p63, low: -1))
    #expect(DoubleDouble(integerLiteral: .min) == DoubleDouble(-0x1p63))
    #expect(DoubleDouble(4).squareRoot() == 2 && DoubleDouble(0).squareRoot() == 0)
    #expect(DoubleDouble(-1).squareRoot().value.isNaN && !(DoubleDouble(1) / 0).isFinite)
    #expect(DoubleDouble(high: 1, low: -1e-20) < 1 && -DoubleDouble(2) == DoubleDouble(-2))
    #expect(DoubleDouble.sum([1e100, 1, -1e100]).value == 1)
  }

  @Test func anIllConditionedDotProduct() throws {
    let node = try ReferenceTree("refined_least_squares").root["dot"]
    let found = DoubleDouble.dot(node["x"].hexadecimals, node["y"].hexadecimals)
    let condition = try #require(node["condition"].number)
    #expect(abs((found - pair(node["value"])).value) < 61 * 0x1p-104 * condition)
    #expect(relativeDistance(found.value, node["value"].hexadecimals[0]) < 1e-9)
  }
}
