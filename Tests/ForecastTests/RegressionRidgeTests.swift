import Forecast
import NumericKernels
import ReferenceValues
import Testing

struct RidgeReference: Decodable {
  struct Fit: Decodable {
    var penalty, gcvMass, rss, df, loo: Double
    var coefficients: [Double]
  }
  struct Glmnet: Decodable {
    var lambda: Double
    var coefficients: [Double]
  }
  struct Case: Decodable, ReferenceData {
    var y: [Double]
    var names: [String]
    var columns: [[Double]]
    var fits: [Fit]
    var glmnet: [Glmnet]
  }
  var datasets: [String: Case]
}

@Suite struct RegressionRidgeTests {
  @Test func pathAgreesWithMASS() throws {
    for (name, data) in try ReferenceFile.decode(RidgeReference.self, from: "ridge.json").datasets {
      let ridge = try RidgeRegression(outcome: data.y, regressors: data.regressors)
      for (fit, expected) in zip(try ridge.path(data.fits.map(\.penalty)), data.fits) {
        let n = Double(data.y.count)
        #expect(worstError([fit.intercept] + fit.coefficients, expected.coefficients) < 1e-8, "\(name)")
        #expect(relativeError(fit.residualSumOfSquares, expected.rss) < 1e-9, "\(name) \(fit.penalty)")
        #expect(relativeError(fit.effectiveDegreesOfFreedom, expected.df) < 1e-10, "\(name)")
        #expect(relativeError(fit.leaveOneOutError, expected.loo) < 1e-9, "\(name)")
        // MASS leaves the intercept out of the degrees, and a factor n.
        let slopes = n - (fit.effectiveDegreesOfFreedom - 1)
        #expect(relativeError(fit.residualSumOfSquares / (slopes * slopes), expected.gcvMass) < 1e-9, "\(name)")
        let left = 1 - expected.df / n
        #expect(relativeError(fit.generalizedCrossValidation, expected.rss / n / (left * left)) < 1e-9)
      }
    }
  }

  @Test func glmnetAfterTheChangeOfUnits() throws {
    for (name, data) in try ReferenceFile.decode(RidgeReference.self, from: "ridge.json").datasets {
      let ridge = try RidgeRegression(outcome: data.y, regressors: data.regressors)
      for expected in data.glmnet {
        let fit = try ridge.fit(penalty: ridge.penalty(glmnet: expected.lambda))
        #expect(worstError([fit.intercept] + fit.coefficients, expected.coefficients) < 1e-7, "\(name)")
      }
    }
  }

  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5, 6, 7, 8])
  private let z = RegressionColumn(name: "z", values: [2, 1, 4, 3, 7, 5, 9, 4])
  private let y = [2.0, 4, 5, 4, 5, 9, 7, 8]

  @Test func oneColumnByHand() throws {
    // x has mean 4.5 and variance 5.25; least squares slope b, ridge slope b n / (n + penalty).
    let ridge = try RidgeRegression(outcome: y, regressors: [x])
    let free = try ridge.fit(penalty: 0)
    let half = try ridge.fit(penalty: 8)
    #expect(abs(half.coefficients[0] - free.coefficients[0] / 2) < 1e-14)
    #expect(abs(half.effectiveDegreesOfFreedom - 1.5) < 1e-14)
    let line = try LinearRegression(outcome: y, regressors: [x])
    #expect(worstError([free.intercept, free.coefficients[0]], line.coefficients) < 1e-13)
  }

  @Test func asManyFoldsAsRowsIsLeaveOneOut() throws {
    let ridge = try RidgeRegression(outcome: y, regressors: [x, z])
    for penalty in [0, 0.5, 10] {
      let loo = try ridge.criterion(.leaveOneOut, penalty: penalty)
      #expect(relativeError(try ridge.criterion(.folds(count: 8), penalty: penalty), loo) < 1e-12)
    }
    let best = try ridge.selected(from: ridge.defaultPenalties, by: .leaveOneOut)
    let byFolds = try ridge.selected(from: ridge.defaultPenalties, by: .folds(count: 8))
    #expect(best == byFolds)
    let again = try ridge.selected(from: ridge.defaultPenalties, by: .folds(count: 3))
    #expect(again == (try ridge.selected(from: ridge.defaultPenalties.reversed(), by: .folds(count: 3))))
    let gcv = try ridge.selected(from: ridge.defaultPenalties, by: .generalizedCrossValidation)
    for fit in try ridge.path(ridge.defaultPenalties) {
      #expect(fit.generalizedCrossValidation >= gcv.generalizedCrossValidation)
    }
  }

  @Test func scalesShiftsAndColumnOrderDoNotMatter() throws {
    let one = try RidgeRegression(outcome: y, regressors: [x, z]).fit(penalty: 3)
    let other = try RidgeRegression(
      outcome: y.map { 100 * $0 + 7 },
      regressors: [
        RegressionColumn(name: "z", values: z.values.map { 1e9 * $0 }),
        RegressionColumn(name: "x", values: x.values.map { $0 - 1000 }),
      ]
    ).fit(penalty: 3)
    #expect(relativeError(other.coefficients[0] * 1e7, one.coefficients[1]) < 1e-11)
    #expect(relativeError(other.coefficients[1] / 100, one.coefficients[0]) < 1e-11)
    #expect(relativeError(other.effectiveDegreesOfFreedom, one.effectiveDegreesOfFreedom) < 1e-12)
    let order = [3, 7, 0, 1, 6, 2, 5, 4]
    let shuffled = try RidgeRegression(
      outcome: order.map { y[$0] },
      regressors: [x, z].map { column in
        RegressionColumn(name: column.name, values: order.map { column.values[$0] })
      }
    ).fit(penalty: 3)
    #expect(worstError(shuffled.coefficients, one.coefficients) < 1e-13)
  }

  @Test func repeatedRowsWithDoubledPenalty() throws {
    let one = try RidgeRegression(outcome: y, regressors: [x, z]).fit(penalty: 2)
    let twice = try RidgeRegression(
      outcome: y + y,
      regressors: [x, z].map { RegressionColumn(name: $0.name, values: $0.values + $0.values) }
    ).fit(penalty: 4)
    #expect(worstError(twice.coefficients, one.coefficients) < 1e-13)
  }

  @Test func constantAndWideDesigns() throws {
    let five = RegressionColumn(name: "five", values: [Double](repeating: 0.1, count: 8))
    let ridge = try RidgeRegression(outcome: y, regressors: [five, x])
    #expect(ridge.constantColumns == ["five"])
    let fit = try ridge.fit(penalty: 1)
    #expect(fit.coefficients[0] == 0)
    let alone = try RidgeRegression(outcome: y, regressors: [x]).fit(penalty: 1)
    #expect(relativeError(fit.coefficients[1], alone.coefficients[0]) < 1e-13)
    // More columns than rows: a copied column shares the slope.
    let columns = [x, z, RegressionColumn(name: "x copy", values: x.values)].map {
      RegressionColumn(name: $0.name, values: Array($0.values.prefix(3)))
    }
    let wide = try RidgeRegression(outcome: [1, 3, 2], regressors: columns)
    let penalized = try wide.fit(penalty: 0.5)
    #expect(abs(penalized.coefficients[0] - penalized.coefficients[2]) < 1e-14)
    let interpolating = try wide.fit(penalty: 0)
    #expect(interpolating.residualSumOfSquares < 1e-24)
    #expect(interpolating.generalizedCrossValidation == .infinity && interpolating.leaveOneOutError == .infinity)
    let flat = try RidgeRegression(outcome: [2, 2, 2], regressors: columns)
    #expect(try flat.fit(penalty: 1).coefficients == [0, 0, 0])
    #expect(flat.penalty(glmnet: 1).isNaN)
  }

  @Test func badInputIsRefused() throws {
    #expect(throws: ForecastError.tooFewObservations(model: "ridge regression", needed: 2, found: 1)) {
      try RidgeRegression(outcome: [1], regressors: [RegressionColumn(name: "x", values: [1])])
    }
    #expect(throws: ForecastError.self) { try RidgeRegression(outcome: y, regressors: []) }
    #expect(throws: ForecastError.self) { try RidgeRegression(outcome: [1, .nan], regressors: []) }
    #expect(throws: ForecastError.self) {
      try RidgeRegression(outcome: [1, 2], regressors: [RegressionColumn(name: "x", values: [1, .nan])])
    }
    let ridge = try RidgeRegression(outcome: y, regressors: [x])
    #expect(throws: ForecastError.self) { try ridge.fit(penalty: -1) }
    #expect(throws: ForecastError.self) { try ridge.fit(penalty: .infinity) }
    #expect(throws: ForecastError.self) { try ridge.fit(penalty: .nan) }
    #expect(throws: ForecastError.self) { try ridge.criterion(.folds(count: 1), penalty: 1) }
    #expect(throws: ForecastError.self) { try ridge.criterion(.folds(count: 9), penalty: 1) }
    #expect(throws: ForecastError.self) { try ridge.selected(from: [], by: .leaveOneOut) }
  }
}
