import Forecast
import NumericKernels
import Testing

@Suite struct RegressionCovarianceTests {
  let reference: CovarianceReference

  init() throws { reference = try CovarianceReference.load() }

  private func estimators(_ sample: EstimatorSample) -> [(String, CovarianceEstimator)] {
    let (unit, period) = (Factor(sample.units), Factor(sample.periods))
    func lags(_ count: Int) -> CovarianceEstimator { .neweyWest(NeweyWestOptions(bandwidth: .lags(count))) }
    return [
      ("classical", .classical), ("hc0", .heteroskedastic(.hc0)), ("hc1", .heteroskedastic(.hc1)),
      ("hc2", .heteroskedastic(.hc2)), ("hc3", .heteroskedastic(.hc3)), ("nw0", lags(0)), ("nw1", lags(1)),
      ("nw3", lags(3)), ("nw_automatic", .neweyWest), ("nw_adjusted", .neweyWest(NeweyWestOptions(adjusted: true))),
      ("nw_prewhite", .neweyWest(NeweyWestOptions(prewhitened: true))),
      ("cl_unit_none", .clustered(by: unit, correction: .none)),
      ("cl_unit_groups", .clustered(by: unit, correction: .groups)),
      ("cl_unit_full", .clustered(by: unit, correction: .groupsAndParameters)),
      ("two_none", .twoWayClustered(by: unit, and: period, correction: .none)),
      ("two_groups", .twoWayClustered(by: unit, and: period, correction: .groups)),
      ("two_full", .twoWayClustered(by: period, and: unit, correction: .groupsAndParameters)),
      (
        "two_smallest",
        .twoWayClustered(by: unit, and: period, correction: .groupsAndParameters, groupFactor: .smallestGroups)
      ),
    ]
  }

  @Test func everyCovarianceAgreesWithSandwich() throws {
    let full = try EstimatorSample()
    let part = try EstimatorSample(unbalanced: true)
    let cases: [(EstimatorSample, [Double]?, CovarianceReference.Values, String)] = [
      (full, nil, reference.ols, "ols"), (full, full.weights, reference.wls, "wls"),
      (part, nil, reference.unbalanced, "part"),
    ]
    for (sample, weights, expected, label) in cases {
      let fit = try LinearRegression(
        outcome: sample.outcome, regressors: ["x1", "x2", "z"].map(sample.column), weights: weights)
      #expect(listError(fit.coefficients, try #require(expected["coefficients"]).list) < 1e-13, "\(label)")
      #expect(listError(try fit.leverages(), try #require(expected["leverages"]).list) < 1e-13, "\(label)")
      for (name, estimator) in estimators(sample) {
        let table = try fit.table(estimator)
        #expect(!table.isRepaired || name.hasPrefix("two"))
        let error = listError(lowerTriangle(table), try #require(expected[name]).list)
        #expect(error < 1e-12, "\(label) \(name): \(error)")
      }
    }
  }

  @Test func absorbedEffectsCountInLeverages() throws {
    let sample = try EstimatorSample(unbalanced: true)
    let panel = try sample.panel(["x1", "x2"])
    for (weights, expected) in [(nil, reference.absorbed), (sample.weights, reference.absorbedWeighted)] {
      let fit = try LinearRegression(panel, weights: weights)
      #expect(listError(try fit.leverages(), try #require(expected["leverages"]).list) < 1e-12)
      for correction in HeteroskedasticityCorrection.allCases {
        let table = try fit.table(.heteroskedastic(correction))
        #expect(listError(lowerTriangle(table), try #require(expected[correction.rawValue]).list) < 1e-12)
      }
    }
  }

  @Test func negativeEigenvaluesAreSetToZero() throws {
    let sample = try EstimatorSample()
    let rows = 0..<12
    let columns = ["x1", "x2", "w"].map { RegressionColumn(name: $0, values: Array(sample.column($0).values[rows])) }
    let fit = try LinearRegression(outcome: Array(sample.outcome[rows]), regressors: columns)
    let table = try fit.table(
      .twoWayClustered(
        by: Factor(reference.notPsd.a.map { Int($0) }), and: Factor(reference.notPsd.b.map { Int($0) }),
        correction: .none))
    #expect(table.isRepaired)
    #expect(listError(lowerTriangle(table), reference.notPsd.fixed) < 1e-11)
    #expect(try #require(table.covariance.symmetricEigen().values.first) > -1e-15)
  }

  @Test func jointTestsAndIntervals() throws {
    let sample = try EstimatorSample()
    let fit = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2", "z"].map(sample.column))
    let restrictions = [["x1": 1.0, "x2": 1], ["z": 1]]
    let test = try fit.table().test(restrictions, equal: [-0.2, 0.3])
    #expect(relativeError(test.waldStatistic, reference.wald.classical) < 1e-11)
    #expect(relativeError(test.fStatistic, reference.wald.classicalF) < 1e-11)
    #expect(relativeError(test.pValue, reference.wald.classicalP) < 1e-9)
    #expect(relativeError(test.chiSquaredPValue, reference.wald.classicalChiP) < 1e-9)
    let robust = try fit.table(.heteroskedastic(.hc1)).test(restrictions, equal: [-0.2, 0.3])
    #expect(relativeError(robust.waldStatistic, reference.wald.hc1) < 1e-11)
    #expect(relativeError(robust.pValue, reference.wald.hc1P) < 1e-9)
    let intervals = try fit.table().intervals(level: 0.99)
    #expect(listError(intervals.map(\.lower), reference.wald.interval99[0]) < 1e-12)
    #expect(listError(intervals.map(\.upper), reference.wald.interval99[1]) < 1e-12)
    // One restriction is the square of its t.
    let table = try fit.table()
    let single = try table.test(zero: ["x2"])
    let row = try #require(table["x2"])
    #expect(relativeError(single.fStatistic, row.statistic * row.statistic) < 1e-13)
    #expect(relativeError(single.pValue, row.pValue) < 1e-9)
    #expect(throws: ForecastError.self) { try table.test(zero: ["x2", "x2"]) }
    #expect(throws: ForecastError.self) { try table.test(zero: []) }
    #expect(throws: ForecastError.self) { try table.test(zero: ["none"]) }
    #expect(throws: ForecastError.self) { try table.intervals(level: 1) }
  }

  @Test func studentQuantilesUndoTheTail() throws {
    for degrees in [0.5, 1, 2, 3.7, 10, 92, 1e4, 1e7, 1e9] {
      for probability in [1e-12, 1e-3, 0.05, 0.5, 0.99] {
        let t = Distributions.studentTTwoSidedQuantile(probability, degreesOfFreedom: degrees)
        let back = Distributions.studentTTwoSided(t, degreesOfFreedom: degrees)
        #expect(relativeError(back, probability) < (degrees > 1e5 ? 1e-9 : 1e-11), "\(degrees) \(probability)")
      }
    }
    // One degree of freedom is Cauchy: P(|T| >= 1) = 1/2.
    #expect(abs(Distributions.studentTTwoSidedQuantile(0.5, degreesOfFreedom: 1) - 1) < 1e-13)
    #expect(Distributions.studentTTwoSidedQuantile(1, degreesOfFreedom: 3) == 0)
    #expect(Distributions.studentTTwoSidedQuantile(0, degreesOfFreedom: 3) == .infinity)
    #expect(Distributions.studentTTwoSidedQuantile(-1, degreesOfFreedom: 3).isNaN)
  }

  @Test func predictionsIncludeTheLeverage() throws {
    let sample = try EstimatorSample()
    let columns = ["x1", "x2", "z"]
    let fit = try LinearRegression(outcome: sample.outcome, regressors: columns.map(sample.column))
    let new = columns.indices.map { j in
      RegressionColumn(name: columns[j], values: reference.prediction.rows.map { $0[j] })
    }
    let found = try fit.predictions(at: new.reversed(), level: 0.9)
    #expect(listError(found.map(\.mean), reference.prediction.fit) < 1e-13)
    #expect(listError(found.map(\.standardError), reference.prediction.se) < 1e-12)
    #expect(listError(found.map(\.meanInterval.lower), reference.prediction.meanLower) < 1e-12)
    #expect(listError(found.map(\.meanInterval.upper), reference.prediction.meanUpper) < 1e-12)
    #expect(listError(found.map(\.interval.lower), reference.prediction.lower) < 1e-12)
    #expect(listError(found.map(\.interval.upper), reference.prediction.upper) < 1e-12)
    let weighted = try LinearRegression(
      outcome: sample.outcome, regressors: columns.map(sample.column), weights: sample.weights)
    let bands = try weighted.predictions(at: new, weights: [1, 2, 0.5])
    #expect(listError(bands.map(\.interval.lower), reference.prediction.weightedLower) < 1e-12)
    #expect(listError(bands.map(\.interval.upper), reference.prediction.weightedUpper) < 1e-12)
    #expect(throws: ForecastError.self) { try fit.predictions(at: Array(new.dropLast())) }
    #expect(throws: ForecastError.self) { try fit.predictions(at: new, weights: [1]) }
    let absorbed = try LinearRegression(try sample.panel(["x1"]))
    #expect(throws: ForecastError.self) { try absorbed.predictions(at: new) }
  }

  @Test func scalingScalesTheCovariance() throws {
    let sample = try EstimatorSample()
    let columns = ["x1", "x2", "z"].map(sample.column)
    let scaled = columns.map { RegressionColumn(name: $0.name, values: $0.values.map { 1024 * $0 }) }
    let one = try LinearRegression(outcome: sample.outcome, regressors: columns)
    let many = try LinearRegression(outcome: sample.outcome, regressors: scaled)
    // The automatic bandwidth and the repair of two-way clusters depend on the columns' units.
    let dependent = ["nw_automatic", "nw_adjusted", "nw_prewhite"]
    for (name, estimator) in estimators(sample) where !dependent.contains(name) {
      if try one.table(estimator).isRepaired { continue }
      let (a, b) = (try one.table(estimator).standardErrors, try many.table(estimator).standardErrors)
      for k in 1..<4 { #expect(relativeError(1024 * b[k], a[k]) < 1e-12, "\(name)") }
    }
  }

  @Test func orderOfRowsAndColumnsDoesNotMatter() throws {
    let sample = try EstimatorSample()
    let order = sample.units.indices.sorted { ($0 * 37) % 97 < ($1 * 37) % 97 }
    func pick<T>(_ values: [T]) -> [T] { order.map { values[$0] } }
    let one = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2", "z"].map(sample.column))
    let other = try LinearRegression(
      outcome: pick(sample.outcome),
      regressors: ["z", "x2", "x1"].map { RegressionColumn(name: $0, values: pick(sample.column($0).values)) })
    var shuffled = sample
    shuffled.units = pick(sample.units)
    shuffled.periods = pick(sample.periods)
    for (first, second) in zip(estimators(sample), estimators(shuffled)) where !first.0.hasPrefix("nw") {
      let (a, b) = (try one.table(first.1), try other.table(second.1))
      for name in a.names {
        let (x, y) = (try #require(a[name]), try #require(b[name]))
        #expect(relativeError(x.standardError, y.standardError) < 1e-12, "\(first.0) \(name)")
      }
    }
    // Newey-West on a panel orders the rows by itself.
    let panel = try LinearRegression(try sample.panel(["x1", "x2"]), effects: .unit)
    let mixed = try PanelSample(
      outcome: pick(sample.outcome),
      regressors: ["x1", "x2"].map { RegressionColumn(name: $0, values: pick(sample.column($0).values)) },
      units: pick(sample.units), periods: pick(sample.periods))
    let lagged = CovarianceEstimator.neweyWest(NeweyWestOptions(bandwidth: .lags(2)))
    let (a, b) = (try panel.table(lagged), try LinearRegression(mixed, effects: .unit).table(lagged))
    #expect(listError(lowerTriangle(a), lowerTriangle(b)) < 1e-12)
  }

  @Test func duplicatedRowsInOneClusterChangeNothing() throws {
    let sample = try EstimatorSample()
    func twice<T>(_ values: [T]) -> [T] { values + values }
    let one = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2"].map(sample.column))
    let two = try LinearRegression(
      outcome: twice(sample.outcome),
      regressors: ["x1", "x2"].map { RegressionColumn(name: $0, values: twice(sample.column($0).values)) })
    let a = try one.table(.clustered(by: Factor(sample.units), correction: .groups))
    let b = try two.table(.clustered(by: Factor(twice(sample.units)), correction: .groups))
    #expect(listError(lowerTriangle(b), lowerTriangle(a)) < 1e-12)
    let c = try two.table(.heteroskedastic(.hc0))
    let d = try one.table(.heteroskedastic(.hc0))
    for k in 0..<3 { #expect(relativeError(c.covariance[k, k] * 2, d.covariance[k, k]) < 1e-12) }
  }

  @Test func twiceTheSameGroupingIsOneWay() throws {
    let sample = try EstimatorSample()
    let fit = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2"].map(sample.column))
    let unit = Factor(sample.units)
    let one = try fit.table(.clustered(by: unit, correction: .groupsAndParameters))
    let two = try fit.table(.twoWayClustered(by: unit, and: unit, correction: .groupsAndParameters))
    #expect(listError(lowerTriangle(two), lowerTriangle(one)) < 1e-12 && two.reference == one.reference)
  }

  @Test func edgeCases() throws {
    let sample = try EstimatorSample()
    let fit = try LinearRegression(outcome: sample.outcome, regressors: ["x1", "x2"].map(sample.column))
    let unit = Factor(sample.units)
    let single = Factor(sample.units.map { _ in 1 })
    #expect(throws: ForecastError.self) { try fit.table(.clustered(by: single, correction: .none)) }
    #expect(throws: ForecastError.self) {
      try fit.table(.twoWayClustered(by: unit, and: single, correction: .none))
    }
    #expect(throws: ForecastError.self) { try fit.table(.neweyWest(NeweyWestOptions(bandwidth: .lags(-1)))) }
    // More lags than rows are no error: the missing ones add nothing.
    _ = try fit.table(.neweyWest(NeweyWestOptions(bandwidth: .lags(500))))
    // n = p
    let exact = try LinearRegression(
      outcome: [1, 3], regressors: [RegressionColumn(name: "x", values: [0, 1])])
    for correction in HeteroskedasticityCorrection.allCases {
      #expect(throws: ForecastError.tooFewObservations(model: "least squares", needed: 3, found: 2)) {
        try exact.table(.heteroskedastic(correction))
      }
    }
    #expect(throws: ForecastError.self) { try exact.table(.neweyWest) }
    #expect(try exact.leverages().allSatisfy { abs($0 - 1) < 1e-14 })
    // A constant column is the intercept again.
    let constant = RegressionColumn(name: "five", values: sample.units.map { _ in 5 })
    let doubled = try LinearRegression(outcome: sample.outcome, regressors: [sample.column("x1"), constant])
    #expect(doubled.aliased == ["five"])
    #expect(try doubled.table(.heteroskedastic(.hc3)).names == ["(Intercept)", "x1"])
    // A column that one row alone decides has no HC2; HC1 stands.
    let lone = RegressionColumn(name: "lone", values: sample.units.indices.map { $0 == 4 ? 1 : 0 })
    let alone = try LinearRegression(outcome: sample.outcome, regressors: [sample.column("x1"), lone])
    #expect(throws: ForecastError.self) { try alone.table(.heteroskedastic(.hc3)) }
    _ = try alone.table(.heteroskedastic(.hc1))
    // A panel needs its number of lags.
    let panel = try LinearRegression(try sample.panel(["x1"]))
    #expect(throws: ForecastError.self) { try panel.table(.neweyWest) }
  }

  @Test func aRowWithAnEffectToItselfAddsNothing() throws {
    let sample = try EstimatorSample()
    let base = try sample.panel(["x1", "x2"])
    let more = try PanelSample(
      outcome: sample.outcome + [100],
      regressors: ["x1", "x2"].map { RegressionColumn(name: $0, values: sample.column($0).values + [7]) },
      units: sample.units + [99], periods: sample.periods + [2003])
    for effects in [PanelEffects.unit, .twoWay] {
      let one = try LinearRegression(base, effects: effects)
      let two = try LinearRegression(more, effects: effects)
      #expect(two.rank == one.rank + 1)
      #expect(listError(two.coefficients, one.coefficients) < 1e-12)
      #expect(abs(try #require(two.leverages().last) - 1) < 1e-12)
      for correction in [HeteroskedasticityCorrection.hc0, .hc2, .hc3] {
        let (a, b) = (try one.table(.heteroskedastic(correction)), try two.table(.heteroskedastic(correction)))
        #expect(listError(lowerTriangle(b), lowerTriangle(a)) < 1e-11)
      }
    }
  }

  @Test func poissonTakesTheNewEstimators() throws {
    let sample = try EstimatorSample()
    let panel = try PanelSample(
      outcome: sample.outcome.map { ($0 + 30).rounded() }, regressors: [sample.column("x1")], units: sample.units,
      periods: sample.periods)
    let fit = try PoissonPanelRegression(panel)
    let rows = Factor(Array(sample.units.indices))
    let each = try fit.table(.clustered(by: rows, correction: .none))
    #expect(listError(lowerTriangle(try fit.table(.heteroskedastic(.hc0))), lowerTriangle(each)) < 1e-13)
    _ = try fit.table(.twoWayClustered(by: panel.units, and: panel.periods, correction: .groups))
    #expect(throws: ForecastError.self) { try fit.table(.heteroskedastic(.hc3)) }
    #expect(throws: ForecastError.self) { try fit.table(.neweyWest) }
  }
}
