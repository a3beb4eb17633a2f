import Forecast
import Foundation
import ReferenceValues
import Testing

@Suite struct RegressionPanelTests {
  let provinces: ProvinceSample
  let reference: PanelReference

  init() throws {
    provinces = try ProvinceSample()
    reference = try ReferenceFile.decode(PanelReference.self, from: "panel_regression.json")
  }

  private func sample(_ fit: PanelReference.Fit) throws -> PanelSample {
    var rows = provinces.rows.filter { fit.years[0] <= $0.year && $0.year <= fit.years[1] }
    if fit.sample.contains("without mega") { rows = rows.filter { ($0.values["fdi_new"] ?? 0) <= 1000 } }
    let outcome = rows.map { row in row.values[fit.outcome] ?? .nan }
    return try PanelSample(
      outcome: fit.estimator == "ols_log1p" ? outcome.map { log1p($0) } : outcome,
      regressors: fit.regressors.map { name in
        RegressionColumn(name: name, values: rows.map { $0.values[name] ?? .nan })
      },
      units: rows.map(\.province), periods: rows.map(\.year))
  }

  private func check(_ table: CoefficientTable, _ expected: [Double], _ label: String) {
    for (found, wanted) in zip(table.standardErrors, expected) {
      #expect(relativeError(found, wanted) < 1e-7, "\(label): \(found) for \(wanted)")
    }
  }

  @Test func leastSquaresAgreesWithStatsmodelsAndR() throws {
    let fits = reference.fits.filter { $0.estimator == "ols_log1p" }
    #expect(fits.count >= 20)
    for expected in fits {
      let sample = try sample(expected)
      let fit = try LinearRegression(sample)
      let label = "\(expected.sample) \(expected.outcome) \(expected.regressors)"
      #expect(fit.observationCount == expected.n && fit.rank == expected.parameters, "\(label)")
      #expect(fit.names == expected.regressors)
      for (found, wanted) in zip(fit.coefficients, expected.coefficients) {
        #expect(abs(found - wanted) < 1e-11, "\(label)")
      }
      check(try fit.table(.clustered(by: sample.units, correction: .none)), expected.seClusterUncorrected, label)
      check(try fit.table(.clustered(by: sample.units, correction: .groups)), expected.seClusterG, label)
      check(
        try fit.table(.clustered(by: sample.units, correction: .groupsAndParameters)), expected.seClusterGNk, label)
      check(try fit.table(), try #require(expected.seClassical), label)
      #expect(abs(fit.logLikelihood - expected.loglik) < 1e-8, "\(label)")
      #expect(relativeError(fit.residualSumOfSquares, try #require(expected.residualSumOfSquares)) < 1e-12)
      #expect(relativeError(fit.residualStandardDeviation, try #require(expected.residualSd)) < 1e-12)
      #expect(relativeError(fit.rSquared, try #require(expected.rSquared)) < 1e-12)
      if let names = expected.allNames, let values = expected.allCoefficients {
        let wanted = Dictionary(uniqueKeysWithValues: zip(names, values))
        let base = try #require(wanted["(Intercept)"])
        for (level, effect) in zip(sample.units.levels, fit.unitEffects) {
          #expect(abs(effect - base - (wanted["province:\(level)"] ?? 0)) < 1e-10)
        }
        for (level, effect) in zip(sample.periods.levels, fit.periodEffects) {
          #expect(abs(effect - (wanted["year:\(level)"] ?? 0)) < 1e-10)
        }
      }
    }
  }

  @Test func poissonAgreesWithStatsmodelsAndR() throws {
    let fits = reference.fits.filter { $0.estimator == "poisson_pml" }
    #expect(fits.count >= 20)
    for expected in fits {
      let sample = try sample(expected)
      let fit = try PoissonPanelRegression(sample)
      let label = "\(expected.sample) \(expected.outcome) \(expected.regressors)"
      #expect(fit.observationCount == expected.n && fit.rank == expected.parameters, "\(label)")
      #expect(fit.droppedUnits == expected.droppedProvinces)
      for (found, wanted) in zip(fit.coefficients, expected.coefficients) {
        #expect(abs(found - wanted) < 1e-10, "\(label)")
      }
      check(try fit.table(.clustered(by: sample.units, correction: .none)), expected.seClusterUncorrected, label)
      check(try fit.table(.clustered(by: sample.units, correction: .groups)), expected.seClusterG, label)
      check(
        try fit.table(.clustered(by: sample.units, correction: .groupsAndParameters)), expected.seClusterGNk, label)
      check(try fit.table(.classical), try #require(expected.seModel), label)
      #expect(relativeError(fit.logLikelihood, expected.loglik) < 1e-13, "\(label)")
      #expect(relativeError(fit.deviance, try #require(expected.deviance)) < 1e-12, "\(label)")
      #expect(fit.iterations < 20)
    }
  }

  @Test func rowOrderDoesNotMatter() throws {
    let shuffled = provinces.rows.sorted { ($0.year, $0.province) > ($1.year, $1.province) }
    var coefficients: [[Double]] = []
    var errors: [[Double]] = []
    for (rows, order) in [(provinces.rows, ["a", "b"]), (shuffled, ["b", "a"])] {
      let columns = [
        "a": RegressionColumn(name: "a", values: rows.map { $0.values["pci_published_lag"] ?? .nan }),
        "b": RegressionColumn(name: "b", values: rows.map { $0.values["pci_fixed_lag"] ?? .nan }),
      ]
      let sample = try PanelSample(
        outcome: rows.map { $0.values["fdi_new"] ?? .nan }, regressors: try order.map { try #require(columns[$0]) },
        units: rows.map(\.province), periods: rows.map(\.year))
      let fit = try PoissonPanelRegression(sample)
      let table = try fit.table(.clustered(by: sample.units, correction: .groups))
      coefficients.append(try ["a", "b"].map { try #require(table[$0]).coefficient })
      errors.append(try ["a", "b"].map { try #require(table[$0]).standardError })
      #expect(fit.names == order)
    }
    for k in 0..<2 {
      #expect(abs(coefficients[0][k] - coefficients[1][k]) < 1e-11)
      #expect(relativeError(errors[0][k], errors[1][k]) < 1e-9)
    }
  }

  @Test func scalingARegressorScalesItsCoefficient() throws {
    let rows = provinces.rows
    func fit(_ factor: Double) throws -> (CoefficientEstimate, CoefficientEstimate) {
      let sample = try PanelSample(
        outcome: rows.map { $0.values["fdi_count"] ?? .nan },
        regressors: [
          RegressionColumn(name: "x", values: rows.map { factor * ($0.values["pci_fixed_lag"] ?? .nan) })
        ],
        units: rows.map(\.province), periods: rows.map(\.year))
      let clustered = CovarianceEstimator.clustered(by: sample.units, correction: .groups)
      return (
        try #require(try PoissonPanelRegression(sample).table(clustered)["x"]),
        try #require(try LinearRegression(sample).table(clustered)["x"])
      )
    }
    let one = try fit(1)
    for factor in [1e-6, 1e6] {
      let other = try fit(factor)
      for (a, b) in [(one.0, other.0), (one.1, other.1)] {
        #expect(relativeError(b.coefficient * factor, a.coefficient) < 1e-9)
        #expect(relativeError(b.standardError * factor, a.standardError) < 1e-9)
        #expect(relativeError(b.pValue, a.pValue) < 1e-8)
      }
    }
  }

  @Test func columnsThatTheEffectsExplainAreNamed() throws {
    let rows = provinces.rows
    let x = rows.map { $0.values["pci_fixed_lag"] ?? .nan }
    let area = Dictionary(uniqueKeysWithValues: Set(rows.map(\.province)).sorted().enumerated().map { ($1, $0) })
    let sample = try PanelSample(
      outcome: rows.map { $0.values["fdi_new"] ?? .nan },
      regressors: [
        RegressionColumn(name: "area", values: rows.map { 3.7 + Double(area[$0.province] ?? 0) }),
        RegressionColumn(name: "x", values: x),
        RegressionColumn(name: "trend", values: rows.map { Double($0.year) }),
        RegressionColumn(name: "copy", values: x.map { 2 * $0 }),
      ], units: rows.map(\.province), periods: rows.map(\.year))
    let poisson = try PoissonPanelRegression(sample)
    #expect(poisson.names == ["x"] && poisson.aliased == ["area", "trend", "copy"])
    #expect(poisson.rank == 71)
    let linear = try LinearRegression(sample)
    #expect(linear.names == ["x"] && linear.aliased == ["area", "trend", "copy"] && linear.rank == 72)
    let table = try linear.table()
    #expect(table["copy"] == nil && table.aliased == ["area", "trend", "copy"])
  }

  @Test func disconnectedPanelsCountTheirEffects() throws {
    // Two groups of units that never meet in a period: units + periods - 2 independent effects.
    let sample = try PanelSample(
      outcome: [1, 2, 4, 3, 7, 8, 5, 9], regressors: [RegressionColumn(name: "x", values: [1, 3, 2, 5, 1, 4, 4, 2])],
      units: ["a", "a", "b", "b", "c", "c", "d", "d"], periods: [1, 2, 1, 2, 3, 4, 3, 4])
    #expect(try LinearRegression(sample).rank == 7)
    // Differences in differences by hand: of x -1 and 5, of y 2 and -3, in the two squares.
    let fit = try LinearRegression(sample)
    #expect(abs(fit.coefficients[0] + 17.0 / 26) < 1e-13)
  }

  @Test func effectsByUnitOrPeriodAloneEqualDummies() throws {
    let y = [1.0, 2.5, 4, 3, 7, 8.25]
    let x = [1.0, 3, 2, 5, 1, 4]
    let units = ["a", "a", "a", "b", "b", "c"]
    let sample = try PanelSample(
      outcome: y, regressors: [RegressionColumn(name: "x", values: x)], units: units, periods: [1, 2, 3, 1, 2, 3])
    let dummies = ["a", "b", "c"].map { level in
      RegressionColumn(name: level, values: units.map { $0 == level ? 1 : 0 })
    }
    let direct = try LinearRegression(
      outcome: y, regressors: [RegressionColumn(name: "x", values: x)] + dummies, intercept: false)
    let projected = try LinearRegression(sample, effects: .unit)
    #expect(projected.rank == direct.rank)
    #expect(abs(projected.coefficients[0] - direct.coefficients[0]) < 1e-13)
    for (a, b) in zip(projected.unitEffects, direct.coefficients.dropFirst()) { #expect(abs(a - b) < 1e-12) }
    let pooled = try LinearRegression(sample, effects: [])
    let plain = try LinearRegression(outcome: y, regressors: sample.regressors)
    #expect(pooled.rank == 2 && abs(pooled.coefficients[0] - plain.coefficients[1]) < 1e-13)
    #expect(abs(pooled.rSquared - plain.rSquared) < 1e-13)
  }

  @Test func oneClusterIsAnError() throws {
    let sample = try PanelSample(
      outcome: [1, 2, 4], regressors: [RegressionColumn(name: "x", values: [1, 3, 2])], units: ["a", "a", "a"],
      periods: [1, 2, 3])
    let fit = try LinearRegression(sample, effects: .unit)
    let error = ForecastError.badDesign(
      model: "least squares", reason: "a cluster-robust covariance needs at least two clusters, found 1")
    #expect(throws: error) { try fit.table(.clustered(by: sample.units, correction: .groups)) }
    let poisson = try PoissonPanelRegression(sample, effects: .unit)
    #expect(throws: ForecastError.self) { try poisson.table(.clustered(by: sample.units, correction: .none)) }
    #expect(throws: ForecastError.self) {
      try poisson.table(.clustered(by: Factor(["a", "b"]), correction: .none))
    }
  }

  @Test func badSamplesAreRefused() throws {
    let none: [String] = []
    #expect(throws: ForecastError.tooFewObservations(model: "panel sample", needed: 1, found: 0)) {
      try PanelSample(outcome: [], regressors: [], units: none, periods: none)
    }
    #expect(throws: ForecastError.nonFinite(model: "panel sample", position: 1)) {
      try PanelSample(outcome: [1, .infinity], regressors: [], units: ["a", "b"], periods: [1, 1])
    }
    #expect(throws: ForecastError.self) {
      try PanelSample(outcome: [1, 2], regressors: [], units: ["a"], periods: [1, 1])
    }
    let twice = RegressionColumn(name: "x", values: [1, 2])
    #expect(throws: ForecastError.badDesign(model: "panel sample", reason: "two columns are named x; rename one")) {
      try PanelSample(outcome: [1, 2], regressors: [twice, twice], units: ["a", "b"], periods: [1, 1])
    }
    let gaps = try PanelSample(
      outcome: [1, .nan, 3], regressors: [RegressionColumn(name: "x", values: [1, 2, .nan])], units: [7, 7, 8],
      periods: [1, 2, 1])
    #expect(gaps.count == 1 && gaps.droppedRows == [1, 2] && gaps.units.levels == ["7"])
  }

  @Test func integerLevelsSortBySize() {
    #expect(Factor([10, 9, 2]).levels == ["2", "9", "10"])
    #expect(Factor([10, 9, 2]).codes == [2, 1, 0])
  }

  @Test func poissonRefusesWhatItCannotEstimate() throws {
    func sample(_ outcome: [Double], _ x: [Double]) throws -> PanelSample {
      try PanelSample(
        outcome: outcome, regressors: [RegressionColumn(name: "x", values: x)],
        units: ["a", "a", "b", "b", "c", "c"], periods: [1, 2, 1, 2, 1, 2])
    }
    #expect(
      throws: ForecastError.badDesign(
        model: "Poisson regression", reason: "the outcome of row 3 (b, 2) is -1.0; it must not be negative")
    ) { try PoissonPanelRegression(try sample([1, 2, 3, -1, 2, 2], [1, 2, 3, 4, 5, 6])) }
    #expect(throws: ForecastError.self) {
      try PoissonPanelRegression(try sample([0, 0, 0, 0, 0, 0], [1, 2, 3, 4, 5, 6]))
    }
    // x = 1 only where the outcome is zero: its coefficient would be minus infinity.
    do {
      _ = try PoissonPanelRegression(try sample([4, 0, 3, 5, 2, 3], [0, 1, 0, 0, 0, 0]))
      Issue.record("separation was not noticed")
    } catch let error as ForecastError {
      #expect(error.description.contains("separation") && error.description.contains("a 2"))
    }
  }

  @Test func unitsWithoutAnyOutcomeAreDroppedAndNamed() throws {
    let sample = try PanelSample(
      outcome: [0, 0, 0, 3, 5, 0, 2, 1, 0],
      regressors: [RegressionColumn(name: "x", values: [1, 2, 3, 1, 2, 1, 4, 1, 0])],
      units: ["z", "z", "z", "a", "a", "a", "b", "b", "b"], periods: [1, 2, 3, 1, 2, 3, 1, 2, 3])
    let fit = try PoissonPanelRegression(sample)
    // Once z is gone, year 3 is all zero as well.
    #expect(fit.droppedUnits == ["z"] && fit.droppedPeriods == ["3"])
    #expect(fit.usedRows == [3, 4, 6, 7] && fit.observationCount == 4 && fit.rank == 4)
    // With four cells and four parameters the fit is exact.
    for (fitted, row) in zip(fit.fitted, fit.usedRows) { #expect(abs(fitted - sample.outcome[row]) < 1e-9) }
    #expect(abs(fit.deviance) < 1e-12)
  }

  @Test func poissonMarginsAreReproduced() throws {
    // The estimating equations of the effects: fitted totals equal observed totals by unit and by period, also without
    // regressors.
    let rows = provinces.rows.filter { $0.province != "lai-chau" }
    let x = RegressionColumn(name: "x", values: rows.map { $0.values["pci_published_lag"] ?? .nan })
    for regressors in [[], [x]] {
      let sample = try PanelSample(
        outcome: rows.map { $0.values["fdi_new"] ?? .nan }, regressors: regressors, units: rows.map(\.province),
        periods: rows.map(\.year))
      let fit = try PoissonPanelRegression(sample)
      #expect(fit.rank == 70 + regressors.count)
      for factor in [sample.units, sample.periods] {
        var gap = [Double](repeating: 0, count: factor.levels.count)
        var total = gap
        for (row, code) in factor.codes.enumerated() {
          gap[code] += fit.fitted[row] - sample.outcome[row]
          total[code] += sample.outcome[row]
        }
        for (difference, sum) in zip(gap, total) { #expect(abs(difference) < 1e-9 * sum) }
      }
    }
  }

  @Test func levelsWithoutWeightHaveNoEffect() throws {
    let sample = try PanelSample(
      outcome: [1, 2, 4, 3, 7, 9], regressors: [RegressionColumn(name: "x", values: [1, 3, 2, 5, 1, 4])],
      units: ["a", "a", "b", "b", "c", "c"], periods: [1, 2, 1, 2, 1, 2])
    let fit = try LinearRegression(sample, weights: [0, 0, 1, 1, 1, 1])
    #expect(fit.unitEffects[0].isNaN && fit.unitEffects[1].isFinite && fit.observationCount == 4)
    #expect(fit.residuals[0].isNaN && fit.residuals[5].isFinite)
    let kept = try PanelSample(
      outcome: [4, 3, 7, 9], regressors: [RegressionColumn(name: "x", values: [2, 5, 1, 4])],
      units: ["b", "b", "c", "c"], periods: [1, 2, 1, 2])
    let other = try LinearRegression(kept)
    #expect(fit.coefficients == other.coefficients && fit.names == other.names)
  }

  @Test func aConstantOutcomeGivesZero() throws {
    let sample = try PanelSample(
      outcome: [Double](repeating: 3, count: 9),
      regressors: [RegressionColumn(name: "x", values: [1, 2, 3, 1, 2, 1, 4, 1, 0])],
      units: ["z", "z", "z", "a", "a", "a", "b", "b", "b"], periods: [1, 2, 3, 1, 2, 3, 1, 2, 3])
    let poisson = try PoissonPanelRegression(sample)
    #expect(abs(poisson.coefficients[0]) < 1e-12 && abs(poisson.deviance) < 1e-12)
    let linear = try LinearRegression(sample)
    #expect(abs(linear.coefficients[0]) < 1e-12 && linear.rSquared.isNaN)
  }
}
