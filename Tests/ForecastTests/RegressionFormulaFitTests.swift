import Forecast
import Foundation
import ReferenceValues
import Testing

/// Designs and fits from formulas against R (`Fixtures/formula_fit.json` states the origin) and by hand.
@Suite struct RegressionFormulaFitTests {
  struct Reference: Decodable, Sendable {
    struct Fit: Decodable, Sendable {
      var formula: String
      var names: [String]
      var estimate, stdError, p: [Double]
      var residualSd, rSquared, adjustedRSquared, logLikelihood, aic, bic: [Double?]
      var f: [Double?]
      var n, df: Int
      var matrix: [[Double]]
    }
    struct Other: Decodable, Sendable {
      var estimate, stdError: [Double]
      var deviance, logLikelihood, rSquared, residualSd: [Double]?
    }
    struct Prediction: Decodable, Sendable { var value, prediction, lower, upper: [Double] }
    var fits: [Fit]
    var poisson, weighted: Other
    var hc0, hc1: [Double]
    var prediction: Prediction
  }

  private let table: FormulaTable
  private let header: [String]
  private let reference: Reference

  init() throws {
    let text = try String(contentsOf: ReferenceFile.url("formula_fit.csv"), encoding: .utf8)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    header = lines[0]
    var columns: [String: FormulaTable.Column] = [:]
    for (index, name) in lines[0].enumerated() {
      let cells = lines.dropFirst().map { $0[index] }
      columns[name] =
        ["g", "h"].contains(name)
        ? .categories(FormulaTable.Categories(cells)) : .numbers(cells.map { Double($0) ?? .nan })
    }
    table = try FormulaTable(columns)
    reference = try ReferenceFile.decode(Reference.self, from: "formula_fit.json")
  }

  private func design(
    _ formula: String, unit: String? = nil, time: String? = nil, weights: String? = nil, clusters: [String] = []
  ) throws -> DesignMatrix {
    try DesignMatrix(
      Formula(formula, columns: header), table: table, unit: unit, time: time, weights: weights, clusters: clusters)
  }

  private func agrees(_ found: Double?, _ expected: Double?, _ tolerance: Double = 1e-10) -> Bool {
    guard let found, let expected, found.isFinite else { return (found?.isFinite ?? false) == (expected != nil) }
    return abs(found - expected) <= tolerance * max(1, abs(expected))
  }

  @Test func designsAndFitsAreThoseOfR() throws {
    #expect(reference.fits.count == 12)
    for expected in reference.fits {
      let design = try design(expected.formula)
      var columns = design.columns
      if design.hasIntercept {
        let ones = [Double](repeating: 1, count: design.outcome.count)
        columns.insert(RegressionColumn(name: "(Intercept)", values: ones), at: 0)
      }
      #expect(columns.map(\.name) == expected.names, "\(expected.formula)")
      for (column, values) in zip(columns, expected.matrix) {
        #expect(column.values.count == values.count)
        #expect(zip(column.values, values).allSatisfy { agrees($0, $1, 1e-14) }, "\(expected.formula) \(column.name)")
      }
      let fit = try FormulaFit(design)
      #expect(fit.observationCount == expected.n && fit.degreesOfFreedom == expected.df)
      for (row, index) in zip(fit.coefficients, expected.estimate.indices) {
        #expect(agrees(row.coefficient, expected.estimate[index]), "\(expected.formula) \(row.name)")
        #expect(agrees(row.standardError, expected.stdError[index]), "\(expected.formula) \(row.name)")
        #expect(agrees(row.pValue, expected.p[index]), "\(expected.formula) \(row.name)")
      }
      #expect(agrees(fit.residualStandardDeviation, expected.residualSd[0]))
      #expect(agrees(fit.rSquared, expected.rSquared[0]), "\(expected.formula)")
      #expect(agrees(fit.adjustedRSquared, expected.adjustedRSquared[0]))
      #expect(agrees(fit.logLikelihood, expected.logLikelihood[0]))
      #expect(agrees(fit.aic, expected.aic[0]) && agrees(fit.bic, expected.bic[0]))
      #expect(agrees(fit.jointTest?.statistic, expected.f[0], 1e-9), "\(expected.formula)")
    }
  }

  @Test func otherEstimatorsAreThoseOfR() throws {
    let robust0 = try FormulaFit(design("y ~ x + g"), standardErrors: .hc0)
    let robust1 = try FormulaFit(design("y ~ x + g"), standardErrors: .hc1)
    #expect(zip(robust0.table.standardErrors, reference.hc0).allSatisfy { agrees($0, $1) })
    #expect(zip(robust1.table.standardErrors, reference.hc1).allSatisfy { agrees($0, $1) })
    #expect(robust1.table.reference == .studentT(degreesOfFreedom: 8))
    let weighted = try FormulaFit(design("y ~ x + h", weights: "w"))
    #expect(zip(weighted.table.estimates, reference.weighted.estimate).allSatisfy { agrees($0, $1) })
    #expect(zip(weighted.table.standardErrors, reference.weighted.stdError).allSatisfy { agrees($0, $1) })
    #expect(agrees(weighted.logLikelihood, reference.weighted.logLikelihood?[0]))
    #expect(agrees(weighted.rSquared, reference.weighted.rSquared?[0]))
    let counts = try DesignMatrix(
      Formula("count ~ x + z"), table: withCounts())
    let poisson = try FormulaFit(counts, family: .poisson)
    #expect(zip(poisson.table.estimates, reference.poisson.estimate).allSatisfy { agrees($0, $1, 1e-9) })
    #expect(zip(poisson.table.standardErrors, reference.poisson.stdError).allSatisfy { agrees($0, $1, 1e-9) })
    #expect(agrees(poisson.deviance, reference.poisson.deviance?[0], 1e-9))
    #expect(agrees(poisson.logLikelihood, reference.poisson.logLikelihood?[0], 1e-9))
    let effect = try PartialEffect(FormulaFit(design("y ~ x + z")), of: "x", steps: 2)
    #expect(effect.points.map(\.number) == [1, 12])
    for (index, point) in effect.points.enumerated() {
      #expect(agrees(point.prediction, reference.prediction.prediction[index]))
      #expect(agrees(point.lower, reference.prediction.lower[index]))
      #expect(agrees(point.upper, reference.prediction.upper[index]))
    }
  }

  /// The outcome rounded as R does it (no value ends in .5).
  private func withCounts() throws -> FormulaTable {
    var columns = table.columns
    guard case .numbers(let y) = columns["y"] else { throw DesignError.noColumn("y") }
    columns["count"] = .numbers(y.map { $0.rounded() })
    return try FormulaTable(columns)
  }

  @Test(arguments: [FormulaFit.Family.linear, .poisson])
  func fixedEffectsEqualDummies(_ family: FormulaFit.Family) throws {
    for (absorbed, spelt) in [
      ("y ~ x + z | g", "y ~ x + z + g"), ("y ~ x + z | g + h", "y ~ x + z + g + h"),
      ("y ~ x:h + z | g", "y ~ x:h + z + g"),
    ] {
      let one = try FormulaFit(design(absorbed), family: family)
      let other = try FormulaFit(design(spelt), family: family)
      #expect(one.rank == other.rank && one.degreesOfFreedom == other.degreesOfFreedom)
      #expect(agrees(one.logLikelihood, other.logLikelihood, 1e-9))
      for row in one.coefficients {
        let same = try #require(other.table[row.name], "\(row.name)")
        #expect(agrees(row.coefficient, same.coefficient, 1e-8))
        #expect(agrees(row.standardError, same.standardError, 1e-8))
      }
      #expect(zip(one.fitted, other.fitted).allSatisfy { agrees($0, $1, 1e-8) })
    }
    let within = try FormulaFit(design("y ~ x | g"))
    #expect((within.withinRSquared ?? 0) > 0.5 && (within.withinRSquared ?? 1) < (within.rSquared ?? 0))
  }

  @Test func aliasedColumnsSayWhatTheyAre() throws {
    let fit = try FormulaFit(design("y ~ x + I(2 * x + 3) + z"))
    #expect(fit.aliased.map(\.name) == ["I(2 * x + 3)"])
    let parts = try #require(fit.aliased.first).combination
    #expect(parts.map(\.name) == ["(Intercept)", "x"] && parts.map(\.factor) == [3, 2])
    let absorbed = try FormulaFit(design("y ~ x + g | g"))
    #expect(absorbed.aliased.map(\.name) == ["gnorth", "gsouth"])
    #expect(absorbed.aliased.allSatisfy { $0.combination.isEmpty })
  }

  @Test func missingRowsAndLostLagsAreCounted() throws {
    let plain = try design("y ~ z")
    #expect(plain.missingRowCount == 1 && plain.lagRowCount == 0 && plain.outcome.count == 11)
    #expect(plain.rows == [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11])
    let changed = try design("y ~ diff(z)")
    #expect(changed.missingRowCount == 1 && changed.lagRowCount == 2 && changed.outcome.count == 9)
  }

  @Test func lagsStayWithinUnitsAndRespectGaps() throws {
    let data: [String: FormulaTable.Column] = [
      "y": .numbers([1, 2, 3, 4, 5, 7]), "x": .numbers([10, 20, 30, 40, 50, 60]),
      "u": .categories(.init(["a", "b", "a", "b", "a", "b"])), "t": .numbers([2001, 2003, 2000, 2001, 2003, 2000]),
    ]
    let table = try FormulaTable(data)
    let formula = try Formula("y ~ lag(x, 1)")
    let rows = try DesignMatrix(formula, table: table)
    #expect(rows.columns[0].values == [10, 20, 30, 40, 50])
    let units = try DesignMatrix(formula, table: table, unit: "u")
    #expect(units.rows == [2, 3, 4, 5] && units.columns[0].values == [10, 20, 30, 40])
    // By time: 2001 follows 2000; 2003 has no 2002.
    let times = try DesignMatrix(formula, table: table, unit: "u", time: "t")
    #expect(times.rows == [0, 3] && times.columns[0].values == [30, 60] && times.lagRowCount == 4)
    let two = try DesignMatrix(Formula("y ~ lag(x, 2)"), table: table, unit: "u", time: "t")
    #expect(two.rows == [1, 4] && two.columns[0].values == [40, 10])
    #expect(throws: DesignError.duplicateTime(unit: nil, time: "2000", firstRow: 2, secondRow: 5)) {
      try DesignMatrix(formula, table: table, time: "t")
    }
  }

  @Test func levelsThatAreNumbersSortBySize() throws {
    let table = try FormulaTable([
      "y": .numbers([1, 2, 3, 5, 4, 6]), "f": .categories(.init(["10", "9", "1.0", "1", nil, "9"])),
    ])
    let design = try DesignMatrix(Formula("y ~ 0 + f"), table: table)
    #expect(design.columns.map(\.name) == ["f1", "f9", "f10"])
    #expect(design.columns[0].values == [0, 0, 1, 1, 0])
  }

  @Test func whatCannotBeFittedIsSaid() throws {
    #expect(throws: DesignError.needsNumbers(column: "g")) { try design("y ~ I(g + 1)") }
    #expect(throws: DesignError.undefined(expression: "log(x - 3)", row: 0, reason: "log of -2")) {
      try design("y ~ log(x - 3)")
    }
    #expect(throws: DesignError.undefined(expression: "1/(x - 2)", row: 1, reason: "division by zero")) {
      try design("y ~ I(1/(x - 2))")
    }
    #expect(throws: DesignError.constantOutcome(name: "I(0 * y)", value: 0)) { try design("I(0 * y) ~ x") }
    #expect(throws: DesignError.noCompleteRows(rows: 12)) { try design("y ~ lag(x, 12)") }
    #expect(throws: DesignError.tooManyColumns(columns: 16, rows: 12, largest: "g:factor(year)")) {
      try design("y ~ g * factor(year) + x")
    }
    #expect(throws: ForecastError.self) { try FormulaFit(design("y ~ x"), standardErrors: .hac, lags: -1) }
    #expect(throws: ForecastError.self) { try FormulaFit(design("y ~ x", weights: "x")).diagnosticTests() }
    #expect(throws: ForecastError.self) { try FormulaFit(design("y ~ 0")) }
    #expect(throws: ForecastError.self) { try FormulaFit(design("I(x - 5) ~ z"), family: .poisson) }
    #expect(throws: ForecastError.self) { try PartialEffect(FormulaFit(design("y ~ x")), of: "z") }
  }

  @Test func quantilesInvertTheTails() {
    #expect(agrees(ReferenceDistribution.normal.quantile(twoSided: 0.05), 1.9599639845400545, 1e-14))
    #expect(
      agrees(ReferenceDistribution.studentT(degreesOfFreedom: 3).quantile(twoSided: 0.05), 3.1824463052837078, 1e-12))
  }
}
