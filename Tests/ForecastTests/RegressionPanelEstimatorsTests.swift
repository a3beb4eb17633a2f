import Forecast
import NumericKernels
import ReferenceValues
import Testing

private struct EstimatorsReference: Decodable {
  struct Fit: Decodable {
    var coefficients: [Double]
    var covariance: [Double]
    var df: Int?
    var sigma2Idios: Double?
    var sigma2Id: Double?
  }
  struct Hausman: Decodable {
    var statistic: Double
    var df: Int
    var p: Double
    /// Whether the difference of the covariances is positive definite.
    var definite: Bool
  }
  struct Panel: Decodable {
    var random: Fit
    var hausman: Hausman
    var within: Fit
    var withinPeriod: Fit
    var withinTwo: Fit
    var pooled: Fit
    var firstDifferences: Fit
    var firstDifferencesNoIntercept: Fit
    var withinNw0: [Double]
    var withinNw2: [Double]
    var withinArellano: [Double]
  }
  struct Prais: Decodable {
    var rho: Double
    var coefficients: [Double]
    var covariance: [Double]
    var rss: Double
    var dwBefore: Double
    var dwAfter: Double
  }
  var balanced: Panel
  var unbalanced: Panel
  var praisSeries: Prais
  var praisPanel: Prais
  var praisUnbalanced: Prais
}

@Suite struct RegressionPanelEstimatorsTests {
  private let reference: EstimatorsReference
  private let full: EstimatorSample
  private let part: EstimatorSample

  init() throws {
    reference = try ReferenceFile.decode(EstimatorsReference.self, from: "panel_estimators.json")
    full = try EstimatorSample()
    part = try EstimatorSample(unbalanced: true)
  }

  private func check(_ fit: LinearRegression, _ expected: EstimatorsReference.Fit, _ label: String) throws {
    #expect(listError(fit.coefficients, expected.coefficients) < 1e-11, "\(label)")
    let error = listError(lowerTriangle(try fit.table()), expected.covariance)
    #expect(error < 1e-11, "\(label) \(error)")
    if let df = expected.df { #expect(fit.degreesOfFreedom == df, "\(label)") }
  }

  @Test func estimatorsAgreeWithPlm() throws {
    for (sample, expected, label) in [
      (full, reference.balanced, "balanced"), (part, reference.unbalanced, "unbalanced"),
    ] {
      let panel = try sample.panel(["x1", "x2"])
      let within = try LinearRegression(panel, effects: .unit)
      try check(within, expected.within, "\(label) within")
      try check(try LinearRegression(panel, effects: .period), expected.withinPeriod, "\(label) period")
      try check(try LinearRegression(panel), expected.withinTwo, "\(label) two-way")
      let pooled = try LinearRegression(
        outcome: sample.outcome, regressors: ["x1", "x2", "z"].map(sample.column))
      try check(pooled, expected.pooled, "\(label) pooled")
      try check(
        try FirstDifferenceRegression(panel, bridgesGaps: true).regression, expected.firstDifferences,
        "\(label) differences")
      try check(
        try FirstDifferenceRegression(panel, intercept: false, bridgesGaps: true).regression,
        expected.firstDifferencesNoIntercept, "\(label) differences without intercept")
      for (lags, wanted) in [(0, expected.withinNw0), (2, expected.withinNw2)] {
        let table = try within.table(.neweyWest(NeweyWestOptions(bandwidth: .lags(lags))))
        #expect(listError(lowerTriangle(table), wanted) < 1e-11, "\(label) Newey-West \(lags)")
      }
      let clustered = try within.table(.clustered(by: panel.units, correction: .none))
      #expect(listError(lowerTriangle(clustered), expected.withinArellano) < 1e-11, "\(label) Arellano")
    }
  }

  @Test func randomEffectsAgreeWithPlm() throws {
    for (sample, expected) in [(full, reference.balanced), (part, reference.unbalanced)] {
      let fit = try RandomEffectsRegression(try sample.panel(["x1", "x2", "z"]))
      #expect(relativeError(fit.errorVariance, try #require(expected.random.sigma2Idios)) < 1e-11)
      #expect(relativeError(fit.unitVariance, try #require(expected.random.sigma2Id)) < 1e-11)
      try check(fit.regression, expected.random, "random")
      #expect(fit.regression.names == ["(Intercept)", "x1", "x2", "z"] && !fit.isUnitVarianceTruncated)
      let panel = try sample.panel(["x1", "x2"])
      let within = try LinearRegression(panel, effects: .unit).table()
      let random = try RandomEffectsRegression(panel).regression.table()
      guard expected.hausman.definite else {
        // plm reports an absolute value here; a quadratic form that may be negative is no test.
        #expect(throws: ForecastError.self) { try HausmanTest(consistent: within, efficient: random) }
        continue
      }
      let test = try HausmanTest(consistent: within, efficient: random)
      #expect(relativeError(test.statistic, expected.hausman.statistic) < 1e-8)
      #expect(test.degreesOfFreedom == expected.hausman.df)
      #expect(relativeError(test.pValue, expected.hausman.p) < 1e-7)
    }
  }

  @Test func hausmanAgreesWithPlmWhereDefinite() throws {
    // plm 2.6-2, phtest of w on x1 and x2, within against random (swar).
    for (sample, statistic, p) in [
      (full, 3.5885859621060119, 0.1662449491345912), (part, 3.2470482843412403, 0.19720250339948586),
    ] {
      let panel = try PanelSample(
        outcome: sample.weights, regressors: ["x1", "x2"].map(sample.column), units: sample.units,
        periods: sample.periods)
      let test = try HausmanTest(
        consistent: try LinearRegression(panel, effects: .unit).table(),
        efficient: try RandomEffectsRegression(panel).regression.table())
      #expect(relativeError(test.statistic, statistic) < 1e-7 && test.degreesOfFreedom == 2)
      #expect(relativeError(test.pValue, p) < 1e-7)
    }
  }

  @Test func praisWinstenAgreesWithItsFormula() throws {
    let rows = 0..<40
    let series = try PraisWinstenRegression(
      outcome: Array(full.outcome[rows]),
      regressors: ["x1", "x2"].map { RegressionColumn(name: $0, values: Array(full.column($0).values[rows])) })
    let panel = try PraisWinstenRegression(try full.panel(["x1", "x2", "z"]))
    let gaps = try PraisWinstenRegression(try part.panel(["x1", "x2", "z"]))
    for (fit, expected) in [
      (series, reference.praisSeries), (panel, reference.praisPanel), (gaps, reference.praisUnbalanced),
    ] {
      #expect(abs(fit.autocorrelation - expected.rho) < 1e-12)
      #expect(listError(fit.regression.coefficients, expected.coefficients) < 1e-11)
      let error = listError(lowerTriangle(try fit.regression.table()), expected.covariance)
      #expect(error < 1e-10, "\(error)")
      #expect(relativeError(fit.regression.residualSumOfSquares, expected.rss) < 1e-11)
      #expect(relativeError(fit.durbinWatsonBefore, expected.dwBefore) < 1e-12)
      #expect(relativeError(fit.durbinWatsonAfter, expected.dwAfter) < 1e-11)
      #expect(fit.iterations < 100)
    }
    let ols = try LinearRegression(outcome: full.outcome, regressors: ["x1", "x2", "z"].map(full.column))
    #expect(ols.rank == 4)
  }

  @Test func praisWinstenEdgeCases() throws {
    let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5, 6])
    let exact = try PraisWinstenRegression(outcome: x.values.map { 2 * $0 + 1 }, regressors: [x])
    #expect(exact.autocorrelation == 0 && abs(exact.regression.coefficients[1] - 2) < 1e-12)
    #expect(throws: ForecastError.self) {
      try PraisWinstenRegression(
        try PanelSample(outcome: [1, 2, 4], regressors: [], units: [1, 1, 1], periods: [1, 1, 2]))
    }
    let intercepts = try PraisWinstenRegression(try full.panel(["x1", "x2"]), unitIntercepts: true)
    #expect(intercepts.regression.rank == 14 && abs(intercepts.autocorrelation) < 1)
    // Scaling the outcome changes no autocorrelation.
    let scaled = try PraisWinstenRegression(
      try PanelSample(
        outcome: full.outcome.map { $0 * 256 }, regressors: [full.column("x1"), full.column("x2")], units: full.units,
        periods: full.periods), unitIntercepts: true)
    #expect(abs(scaled.autocorrelation - intercepts.autocorrelation) < 1e-11)
  }

  @Test func differencesSkipGaps() throws {
    let sample = try PanelSample(
      outcome: [1, 3, 10, 2, 4, 7], regressors: [], units: ["a", "a", "a", "b", "b", "b"],
      periods: [1, 2, 4, 1, 2, 3])
    let near = try FirstDifferenceRegression(sample)
    #expect(near.rows == [1, 4, 5] && near.regression.coefficients.count == 1)
    #expect(abs(near.regression.coefficients[0] - 7.0 / 3) < 1e-14 && near.units.levels == ["a", "b"])
    let bridged = try FirstDifferenceRegression(sample, bridgesGaps: true)
    #expect(bridged.rows == [1, 2, 4, 5])
    #expect(throws: ForecastError.self) {
      try FirstDifferenceRegression(
        try PanelSample(outcome: [1, 2], regressors: [], units: ["a", "b"], periods: [1, 2]))
    }
  }

  @Test func noUnitVarianceIsPooledLeastSquares() throws {
    // Every unit has the same mean error, so nothing is left between units.
    let values: [Double] = [1, -1, 2, -2, -1, 1, -2, 2, 1, -1, -2, 2]
    let units = [1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3]
    let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 2, 3, 4, 6, 3, 5, 7, 7])
    let sample = try PanelSample(
      outcome: zip(values, x.values).map { $0 + $1 }, regressors: [x], units: units,
      periods: [1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4])
    let fit = try RandomEffectsRegression(sample)
    #expect(fit.isUnitVarianceTruncated && fit.unitVariance == 0 && fit.shrinkage == [0, 0, 0])
    let pooled = try LinearRegression(outcome: sample.outcome, regressors: [x])
    #expect(listError(fit.regression.coefficients, pooled.coefficients) < 1e-13)
    #expect(throws: ForecastError.self) {
      try RandomEffectsRegression(
        try PanelSample(outcome: [1, 2, 4, 3], regressors: [], units: [1, 1, 1, 1], periods: [1, 2, 3, 4]))
    }
  }

  @Test func manyEffectsByConjugateGradientsEqualDummies() throws {
    // 400 x 300 levels are absorbed without forming their equations; columns of dummies are solved by QR.
    let stream = RandomStream(seed: 3, id: "absorb", purpose: .model)
    func uniform(_ item: Int, _ row: Int) -> Double { stream.uniform(item: item, draw: row) }
    let count = 3000
    let units = (0..<count).map { Int(400 * uniform(1, $0)) }
    let periods = (0..<count).map { (row: Int) -> Int in row % 3 == 0 ? units[row] / 2 : Int(300 * uniform(2, row)) }
    let x = (0..<count).map { (row: Int) -> Double in uniform(3, row) + 0.01 * Double(units[row] % 17) }
    let z = (0..<count).map { (row: Int) -> Double in uniform(4, row) * (1 + 0.02 * Double(periods[row] % 7)) }
    let y = (0..<count).map { (row: Int) -> Double in
      let effects = 0.1 * Double(units[row]) - Double(periods[row])
      return 2 * x[row] - z[row] + effects + uniform(5, row)
    }
    let weights = (0..<count).map { 0.2 + uniform(6, $0) }
    let columns = [RegressionColumn(name: "x", values: x), RegressionColumn(name: "z", values: z)]
    let sample = try PanelSample(outcome: y, regressors: columns, units: units, periods: periods)
    #expect(sample.units.levels.count > 256 && sample.periods.levels.count > 256)
    let absorbed = try LinearRegression(sample, weights: weights)
    var dummies = columns
    for (level, name) in sample.units.levels.enumerated() {
      dummies.append(
        RegressionColumn(name: "unit \(name)", values: sample.units.codes.map { $0 == level ? 1 : 0 }))
    }
    for (level, name) in sample.periods.levels.enumerated().dropFirst() {
      dummies.append(
        RegressionColumn(name: "period \(name)", values: sample.periods.codes.map { $0 == level ? 1 : 0 }))
    }
    let direct = try LinearRegression(outcome: y, regressors: dummies, weights: weights, intercept: false)
    #expect(absorbed.rank == direct.rank && direct.aliased.isEmpty)
    #expect(listError(absorbed.coefficients, Array(direct.coefficients.prefix(2))) < 1e-11)
    for (fit, label) in [(absorbed, "absorbed"), (direct, "dummies")] {
      for factor in [sample.units, sample.periods] {
        var sums = [Double](repeating: 0, count: factor.levels.count)
        for (row, code) in factor.codes.enumerated() { sums[code] += weights[row] * fit.residuals[row] }
        let largest = sums.map { abs($0) }.max() ?? 0
        #expect(largest < 1e-10, "\(label) \(largest)")
      }
    }
    let effects = Array(direct.coefficients.dropFirst(2))
    #expect(listError(absorbed.unitEffects, Array(effects.prefix(sample.units.levels.count))) < 1e-10)
    #expect(
      listError(Array(absorbed.periodEffects.dropFirst()), Array(effects.dropFirst(sample.units.levels.count))) < 1e-10)
    let (a, b) = (try absorbed.table().standardErrors, try direct.table().standardErrors)
    for k in 0..<2 { #expect(relativeError(a[k], b[k]) < 1e-11) }
    #expect(throws: ForecastError.self) { try absorbed.table(.heteroskedastic(.hc3)) }
  }

  @Test func manyEffectsInTwoPartsHaveABaseEach() throws {
    // Two halves that share neither unit nor period: one effect fewer can be told.
    let count = 2400
    let units = (0..<count).map { ($0 % 2) * 1000 + ($0 / 2 * 7) % 300 }
    let periods = (0..<count).map { ($0 % 2) * 1000 + ($0 / 2 * 11 + $0 / 600) % 290 }
    let y = (0..<count).map { Double(units[$0] % 13) + Double(periods[$0] % 5) }
    let sample = try PanelSample(outcome: y, regressors: [], units: units, periods: periods)
    let fit = try LinearRegression(sample)
    #expect(fit.rank <= sample.units.levels.count + sample.periods.levels.count - 2)
    #expect(fit.residualSumOfSquares < 1e-18)
    for row in stride(from: 0, to: count, by: 7) {
      let fitted = fit.unitEffects[sample.units.codes[row]] + fit.periodEffects[sample.periods.codes[row]]
      #expect(abs(fitted - y[row]) < 1e-9)
    }
    #expect(fit.periodEffects[0] == 0)
  }
}
