import Forecast
import NumericKernels
import Testing

@Suite struct RegressionLinearTests {
  // Five points with whole-number sums: slope 0.6, intercept 2.2, RSS 2.4, TSS 6.
  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5])
  private let y = [2.0, 4, 5, 4, 5]

  @Test func aLineByHand() throws {
    let fit = try LinearRegression(outcome: y, regressors: [x])
    #expect(fit.names == ["(Intercept)", "x"] && fit.rank == 2 && fit.degreesOfFreedom == 3)
    #expect(abs(fit.coefficients[0] - 2.2) < 1e-14 && abs(fit.coefficients[1] - 0.6) < 1e-14)
    #expect(abs(fit.residualSumOfSquares - 2.4) < 1e-14 && abs(fit.rSquared - 0.6) < 1e-14)
    let table = try fit.table()
    let slope = try #require(table["x"])
    #expect(abs(slope.standardError - 0.08.squareRoot()) < 1e-14)
    // t = 0.6 / sqrt(0.08) = sqrt(4.5) with three degrees of freedom; p in closed form.
    #expect(abs(slope.statistic - 4.5.squareRoot()) < 1e-13)
    #expect(abs(slope.pValue - Distributions.studentTTwoSided(4.5.squareRoot(), degreesOfFreedom: 3)) < 1e-15)
    #expect(abs(slope.pValue - 0.12402706265755466) < 1e-12)
    #expect(zip(fit.residuals, [-0.8, 0.6, 1, -0.6, -0.2]).allSatisfy { abs($0 - $1) < 1e-14 })
  }

  @Test func weightsCountAsRepeatedRows() throws {
    let weighted = try LinearRegression(outcome: y, regressors: [x], weights: [1, 2, 1, 3, 0])
    let repeated = try LinearRegression(
      outcome: [2, 4, 4, 5, 4, 4, 4], regressors: [RegressionColumn(name: "x", values: [1, 2, 2, 3, 4, 4, 4])])
    for (a, b) in zip(weighted.coefficients, repeated.coefficients) { #expect(abs(a - b) < 1e-13) }
    #expect(abs(weighted.residualSumOfSquares - repeated.residualSumOfSquares) < 1e-13)
    #expect(abs(weighted.rSquared - repeated.rSquared) < 1e-13)
    #expect(weighted.observationCount == 4)
    #expect(abs(weighted.residuals[4] - (5 - weighted.coefficients[0] - 5 * weighted.coefficients[1])) < 1e-13)
  }

  @Test func scalingAllWeightsChangesNoError() throws {
    let clusters = Factor(["a", "a", "b", "b", "c"])
    let one = try LinearRegression(outcome: y, regressors: [x], weights: [1, 2, 1, 3, 2])
    let ten = try LinearRegression(outcome: y, regressors: [x], weights: [10, 20, 10, 30, 20])
    for estimator in [CovarianceEstimator.classical, .clustered(by: clusters, correction: .groupsAndParameters)] {
      let a = try one.table(estimator).standardErrors
      let b = try ten.table(estimator).standardErrors
      for k in a.indices { #expect(relativeError(b[k], a[k]) < 1e-13) }
    }
  }

  @Test func everyRowItsOwnClusterIsTheRobustCovariance() throws {
    let fit = try LinearRegression(outcome: y, regressors: [x])
    let table = try fit.table(.clustered(by: Factor([1, 2, 3, 4, 5]), correction: .none))
    // By hand: sum of (x - 3)² e² / (sum of (x - 3)²)² = (4 * .64 + .36 + 0 + .36 + 4 * .04) / 100.
    #expect(abs(try #require(table["x"]).standardError - 0.0344.squareRoot()) < 1e-14)
    #expect(table.reference == .studentT(degreesOfFreedom: 4))
  }

  @Test func theLaterOfTwoEqualColumnsIsNamed() throws {
    let copy = RegressionColumn(name: "copy", values: x.values.map { 1000 * $0 - 7 })
    let fit = try LinearRegression(outcome: y, regressors: [x, copy])
    #expect(fit.names == ["(Intercept)", "x"] && fit.aliased == ["copy"] && fit.rank == 2)
    let reversed = try LinearRegression(outcome: y, regressors: [copy, x])
    #expect(reversed.names == ["(Intercept)", "copy"] && reversed.aliased == ["x"])
    #expect(abs(reversed.residualSumOfSquares - 2.4) < 1e-12)
    let zero = try LinearRegression(outcome: y, regressors: [RegressionColumn(name: "none", values: [0, 0, 0, 0, 0])])
    #expect(zero.aliased == ["none"] && abs(zero.coefficients[0] - 4) < 1e-14)
  }

  @Test func columnOrderDoesNotMatter() throws {
    let square = RegressionColumn(name: "square", values: [1, 4, 9, 16, 25])
    let a = try LinearRegression(outcome: y, regressors: [x, square]).table()
    let b = try LinearRegression(outcome: y, regressors: [square, x]).table()
    for name in ["(Intercept)", "x", "square"] {
      let (first, second) = (try #require(a[name]), try #require(b[name]))
      #expect(abs(first.coefficient - second.coefficient) < 1e-12)
      #expect(relativeError(first.standardError, second.standardError) < 1e-11)
    }
  }

  @Test func anExactFitHasNoError() throws {
    let fit = try LinearRegression(outcome: [1, 3], regressors: [RegressionColumn(name: "x", values: [0, 1])])
    #expect(fit.residualStandardDeviation.isNaN && abs(fit.coefficients[1] - 2) < 1e-14)
    #expect(throws: ForecastError.tooFewObservations(model: "least squares", needed: 3, found: 2)) { try fit.table() }
    let single = try LinearRegression(outcome: [4], regressors: [RegressionColumn(name: "x", values: [2])])
    #expect(single.names == ["(Intercept)"] && single.aliased == ["x"] && single.coefficients == [4])
  }

  @Test func withoutInterceptTheTotalIsAboutZero() throws {
    let fit = try LinearRegression(outcome: y, regressors: [x], intercept: false)
    #expect(abs(fit.coefficients[0] - 66.0 / 55) < 1e-14 && fit.rank == 1)
    #expect(abs(fit.rSquared - 66.0 * 66 / 55 / 86) < 1e-14)
  }

  @Test func badInputIsRefused() throws {
    #expect(throws: ForecastError.tooFewObservations(model: "least squares", needed: 1, found: 0)) {
      try LinearRegression(outcome: [], regressors: [])
    }
    #expect(throws: ForecastError.nonFinite(model: "least squares", position: 2)) {
      try LinearRegression(outcome: [1, 2, .nan], regressors: [])
    }
    #expect(throws: ForecastError.nonFinite(model: "least squares, column x", position: 0)) {
      try LinearRegression(outcome: [1, 2], regressors: [RegressionColumn(name: "x", values: [.nan, 1])])
    }
    #expect(throws: ForecastError.self) { try LinearRegression(outcome: [1], regressors: [x]) }
    #expect(throws: ForecastError.self) {
      try LinearRegression(outcome: y, regressors: [x], weights: [1, 1, 1, 1, -1])
    }
    #expect(throws: ForecastError.self) { try LinearRegression(outcome: y, regressors: [x], weights: [1]) }
    #expect(throws: ForecastError.self) { try LinearRegression(outcome: y, regressors: [x], weights: [0, 0, 0, 0, 0]) }
    let fit = try LinearRegression(outcome: y, regressors: [x])
    #expect(throws: ForecastError.self) { try fit.table(.clustered(by: Factor([1]), correction: .none)) }
  }
}

@Suite struct RegressionSpecificationAverageTests {
  @Test func withinAndBetween() throws {
    let average = try SpecificationAverage([
      .init(name: "a", coefficient: 1, standardError: 3), .init(name: "b", coefficient: 5, standardError: 1),
    ])
    #expect(average.average == 3 && average.withinVariance == 5 && average.betweenVariance == 4)
    #expect(average.standardDeviation == 3)
    let posterior = average.shrunk(priorStandardDeviation: 3)
    #expect(posterior.mean == 1.5 && abs(posterior.standardDeviation - 4.5.squareRoot()) < 1e-15)
    #expect(average.shrunk(priorStandardDeviation: .infinity) == (3, 3))
    #expect(average.shrunk(priorStandardDeviation: 0) == (0, 0))
    let weighted = try SpecificationAverage([
      .init(name: "a", coefficient: 1, standardError: 3, weight: 3),
      .init(name: "b", coefficient: 5, standardError: 1, weight: 1),
    ])
    #expect(weighted.average == 2 && weighted.withinVariance == 7 && weighted.betweenVariance == 3)
  }

  @Test func repeatingASpecificationAddsNoPrecision() throws {
    let one = SpecificationAverage.Estimate(name: "a", coefficient: 0.2, standardError: 0.1)
    let single = try SpecificationAverage([one])
    let triple = try SpecificationAverage([one, one, one])
    #expect(abs(single.standardDeviation - triple.standardDeviation) < 1e-16)
  }

  @Test func badInputIsRefused() {
    #expect(throws: ForecastError.self) { try SpecificationAverage([]) }
    #expect(throws: ForecastError.self) {
      try SpecificationAverage([.init(name: "a", coefficient: .nan, standardError: 1)])
    }
    #expect(throws: ForecastError.self) {
      try SpecificationAverage([.init(name: "a", coefficient: 1, standardError: -1)])
    }
    #expect(throws: ForecastError.self) {
      try SpecificationAverage([.init(name: "a", coefficient: 1, standardError: 1, weight: 0)])
    }
  }
}
