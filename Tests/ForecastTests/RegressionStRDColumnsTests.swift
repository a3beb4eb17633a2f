import Forecast
import NumericKernels
import Testing

/// Powers in double-double, aliased columns explained, and the solve of large problems.
@Suite struct RegressionStRDColumnsTests {
  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5])
  private let y = [2.0, 4, 5, 4, 5]

  @Test func powersAreExact() {
    // (2^40 + 1)² = 2^80 + 2^41 + 1: the one is in the low part.
    let column = RegressionColumn(name: "t", values: [0x1p40 + 1, 3, -2])
    let powers = PolynomialColumns.powers(of: column, degree: 3)
    #expect(powers.map(\.name) == ["t", "t^2", "t^3"] && powers[0] == column)
    #expect(powers[1].values == [0x1p80 + 0x1p41, 9, 4] && powers[1].lowParts == [1, 0, 0])
    #expect(powers[2].values[1...] == [27, -8])
    #expect(PolynomialColumns.powers(of: column, degree: 0).isEmpty)
    // A column's own low part is raised with it: (1 + e)² = 1 + 2 e + e².
    let fine = RegressionColumn(name: "t", values: [1], lowParts: [0x1p-60])
    #expect(PolynomialColumns.powers(of: fine, degree: 2)[1].lowParts == [0x1p-59])
    let huge = PolynomialColumns.powers(of: RegressionColumn(name: "t", values: [1e200, 1]), degree: 2)
    #expect(huge[1].values == [.infinity, 1])
    #expect(throws: ForecastError.self) { try LinearRegression(outcome: [1, 2], regressors: huge) }
  }

  @Test func anAliasIsExplained() throws {
    let copy = RegressionColumn(name: "copy", values: x.values.map { 1000 * $0 - 7 })
    let zero = RegressionColumn(name: "none", values: [0, 0, 0, 0, 0])
    let fit = try LinearRegression(outcome: y, regressors: [x, zero, copy])
    #expect(fit.aliased == ["none", "copy"] && fit.aliases.map(\.name) == fit.aliased)
    #expect(fit.aliases.map(\.description) == ["none = 0", "copy = -7 * (Intercept) + 1000 * x"])
    let third = RegressionColumn(name: "third", values: x.values.map { $0 / 3 })
    #expect(
      try LinearRegression(outcome: y, regressors: [x, third]).aliases.map(\.description) == ["third = 0.333333 * x"])
  }

  @Test func lowPartsAreChecked() throws {
    var column = x
    column.lowParts = [0]
    #expect(throws: ForecastError.self) { try LinearRegression(outcome: y, regressors: [column]) }
    column.lowParts = [0, 0, .nan, 0, 0]
    #expect(throws: ForecastError.self) { try LinearRegression(outcome: y, regressors: [column]) }
    column.lowParts = [0, 0, 0, 0, 0]
    let (a, b) = (
      try LinearRegression(outcome: y, regressors: [column]), try LinearRegression(outcome: y, regressors: [x])
    )
    #expect(a.coefficients == b.coefficients)
  }

  /// Ten thousand copies of a problem, beyond the limit of the refined solve, have its coefficients, and name its aliases.
  @Test func largeProblemsAreSolvedPlainly() throws {
    let count = 500_000
    func repeated(_ values: [Double]) -> [Double] { (0..<count).map { values[$0 % values.count] } }
    let columns = [
      x, RegressionColumn(name: "a", values: [1, 4, 2, 8, 5]), RegressionColumn(name: "b", values: [3, 1, 4, 1, 6]),
      RegressionColumn(name: "c", values: [5, 7, 9, 13, 16]),
    ]
    let small = try LinearRegression(outcome: y, regressors: columns)
    let large = try LinearRegression(
      outcome: repeated(y), regressors: columns.map { RegressionColumn(name: $0.name, values: repeated($0.values)) })
    #expect(small.aliased == ["c"] && large.aliased == ["c"])
    for fit in [small, large] { #expect(fit.aliases.map(\.description) == ["c = x + a + b"]) }
    for k in small.coefficients.indices { #expect(abs(small.coefficients[k] - large.coefficients[k]) < 1e-11) }
  }
}
