import Forecast
import NumericKernels
import ReferenceValues
import Testing

struct RobustReference: Decodable {
  struct Fit: Decodable {
    var loss: String
    var coefficients, se, weights: [Double]
    var scale, stddev: Double
  }
  struct Case: Decodable, ReferenceData {
    var y: [Double]
    var names: [String]
    var columns: [[Double]]
    var fits: [Fit]
  }
  var datasets: [String: Case]
}

@Suite struct RegressionRobustTests {
  @Test func estimatesAgreeWithMASS() throws {
    for (name, data) in try ReferenceFile.decode(RobustReference.self, from: "robust.json").datasets {
      for expected in data.fits {
        let loss: RobustRegression.Loss = expected.loss == "huber" ? .huber() : .bisquare()
        let fit = try RobustRegression(outcome: data.y, regressors: data.regressors, loss: loss)
        #expect(worstError(fit.coefficients, expected.coefficients) < 1e-7, "\(name) \(expected.loss)")
        #expect(worstError(fit.table.standardErrors, expected.se) < 1e-7, "\(name) \(expected.loss)")
        #expect(relativeError(fit.scale, expected.scale) < 1e-7, "\(name) \(expected.loss)")
        #expect(relativeError(fit.standardDeviation, expected.stddev) < 1e-7, "\(name) \(expected.loss)")
        #expect(zip(fit.weights, expected.weights).allSatisfy { abs($0 - $1) < 1e-7 }, "\(name) \(expected.loss)")
      }
    }
  }

  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
  private let y = [2.1, 2.9, 4.2, 4.8, 6.1, 7.2, 7.9, 9.1, 30, 10.8]

  @Test func anOutlierLosesItsWeight() throws {
    let bisquare = try RobustRegression(outcome: y, regressors: [x], loss: .bisquare())
    #expect(bisquare.weights[8] == 0)
    // The zero weight is as if the row were not there, but for the scale.
    #expect(abs(bisquare.coefficients[1] - 1) < 0.05)
    let huber = try RobustRegression(outcome: y, regressors: [x])
    #expect(huber.weights[8] < 0.1 && huber.weights.filter { $0 == 1 }.count >= 6)
    let squares = try LinearRegression(outcome: y, regressors: [x])
    #expect(squares.coefficients[1] > 1.5 && huber.coefficients[1] < 1.2)
  }

  @Test func estimatingEquationsHold() throws {
    let fit = try RobustRegression(outcome: y, regressors: [x])
    for column in [[Double](repeating: 1, count: 10), x.values] {
      let sum = zip(zip(fit.residuals, fit.weights), column).reduce(0) { $0 + $1.0.0 * $1.0.1 * $1.1 }
      #expect(abs(sum) < 1e-9)
    }
    #expect(abs(fit.scale - Quantiles.median(fit.residuals.map { abs($0) }) / 0.6745) < 1e-15)
  }

  @Test func aLargeConstantIsLeastSquares() throws {
    let fit = try RobustRegression(outcome: y, regressors: [x], loss: .huber(k: 1e6))
    let squares = try LinearRegression(outcome: y, regressors: [x])
    #expect(worstError(fit.coefficients, squares.coefficients) < 1e-12)
    #expect(worstError(fit.table.standardErrors, try squares.table().standardErrors) < 1e-12)
  }

  @Test func scalesShiftsAndRowOrderDoNotMatter() throws {
    for loss in [RobustRegression.Loss.huber(), .bisquare()] {
      let one = try RobustRegression(outcome: y, regressors: [x], loss: loss)
      let other = try RobustRegression(
        outcome: y.map { 1e5 * $0 + 2e5 }, regressors: [RegressionColumn(name: "x", values: x.values.map { 10 * $0 })],
        loss: loss)
      #expect(relativeError(other.coefficients[1], 1e4 * one.coefficients[1]) < 1e-9)
      #expect(relativeError(other.coefficients[0], 1e5 * one.coefficients[0] + 2e5) < 1e-9)
      #expect(relativeError(other.scale, 1e5 * one.scale) < 1e-9)
      let back = try RobustRegression(
        outcome: y.reversed(), regressors: [RegressionColumn(name: "x", values: x.values.reversed())], loss: loss)
      #expect(worstError(back.coefficients, one.coefficients) < 1e-9)
      let twice = try RobustRegression(
        outcome: y + y, regressors: [RegressionColumn(name: "x", values: x.values + x.values)], loss: loss)
      #expect(worstError(twice.coefficients, one.coefficients) < 1e-8)
    }
  }

  @Test func exactAndConstantOutcomes() throws {
    let exact = try RobustRegression(outcome: x.values.map { 2 * $0 + 1 }, regressors: [x], loss: .bisquare())
    #expect(exact.scale == 0 && exact.weights.allSatisfy { $0 == 1 })
    #expect(worstError(exact.coefficients, [1, 2]) < 1e-12 && exact.table.standardErrors == [0, 0])
    let constant = try RobustRegression(outcome: [Double](repeating: 3, count: 10), regressors: [x])
    #expect(abs(constant.coefficients[0] - 3) < 1e-13 && abs(constant.coefficients[1]) < 1e-13)
    let five = RegressionColumn(name: "five", values: [Double](repeating: 5, count: 10))
    #expect(try RobustRegression(outcome: y, regressors: [five, x]).aliased == ["five"])
  }

  @Test func badInputIsRefused() throws {
    #expect(throws: ForecastError.tooFewObservations(model: "robust regression", needed: 3, found: 2)) {
      try RobustRegression(outcome: [1, 2], regressors: [RegressionColumn(name: "x", values: [0, 1])])
    }
    #expect(throws: ForecastError.self) { try RobustRegression(outcome: y, regressors: [x], loss: .huber(k: 0)) }
    #expect(throws: ForecastError.self) { try RobustRegression(outcome: y, regressors: [x], loss: .bisquare(c: .nan)) }
    #expect(throws: ForecastError.self) { try RobustRegression(outcome: [1, .infinity, 2], regressors: []) }
    #expect(throws: ForecastError.noConvergence(model: "robust regression", iterations: 1)) {
      try RobustRegression(outcome: y, regressors: [x], maximumIterations: 1)
    }
  }
}
