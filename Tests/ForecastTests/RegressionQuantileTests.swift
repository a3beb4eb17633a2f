import Forecast
import NumericKernels
import ReferenceValues
import Testing

struct QuantileReference: Decodable {
  struct Fit: Decodable {
    var tau, rho: Double
    var coefficients, nid, kernel: [Double]
  }
  struct Case: Decodable, ReferenceData {
    var y: [Double]
    var names: [String]
    var columns: [[Double]]
    var fits: [Fit]
  }
  var datasets: [String: Case]
}

@Suite struct RegressionQuantileTests {
  @Test func coefficientsAgreeWithQuantreg() throws {
    for (name, data) in try ReferenceFile.decode(QuantileReference.self, from: "quantile_regression.json").datasets {
      for expected in data.fits {
        let fit = try QuantileRegression(outcome: data.y, regressors: data.regressors, probability: expected.tau)
        #expect(relativeError(fit.objective, expected.rho) < 1e-9, "\(name) \(expected.tau)")
        // Some coefficients of stackloss are zero to rounding.
        for (found, value) in zip(fit.coefficients, expected.coefficients) {
          #expect(abs(found - value) <= 1e-8 * abs(value) + 1e-12, "\(name) \(expected.tau)")
        }
        #expect(fit.interpolatedRows.count == data.names.count + 1)
      }
    }
  }

  @Test func standardErrorsAgreeWithQuantreg() throws {
    for (name, data) in try ReferenceFile.decode(QuantileReference.self, from: "quantile_regression.json").datasets {
      for expected in data.fits {
        let fit = try QuantileRegression(outcome: data.y, regressors: data.regressors, probability: expected.tau)
        if !expected.nid.isEmpty {
          #expect(
            worstError(try fit.table(.sparsity).standardErrors, expected.nid) < 1e-6, "\(name) \(expected.tau)")
        }
        if !expected.kernel.isEmpty {
          #expect(
            worstError(try fit.table(.kernel).standardErrors, expected.kernel) < 1e-7, "\(name) \(expected.tau)")
        }
      }
    }
  }

  @Test func withoutColumnsItIsAQuantile() throws {
    let values = [5.0, 1, 9, 3, 7]
    #expect(abs(try QuantileRegression(outcome: values, regressors: []).coefficients[0] - 5) < 1e-14)
    let low = try QuantileRegression(outcome: values, regressors: [], probability: 0.25)
    #expect(abs(low.coefficients[0] - 3) < 1e-14 && low.interpolatedRows == [3])
    // Between two middle values every median is as good; one of the ends is given.
    let even = try QuantileRegression(outcome: [1, 2, 4, 8], regressors: [])
    #expect(abs(even.objective - 4.5) < 1e-13 && [2.0, 4].contains { abs($0 - even.coefficients[0]) < 1e-13 })
  }

  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5, 6, 7, 8, 9])
  private let y = [2.0, 4.5, 5, 4, 5.5, 9, 7, 8.2, 12]

  /// Every pair of points, as the optimum passes through one.
  private func bestPair(_ probability: Double) -> Double {
    var best = Double.infinity
    for i in 0..<9 {
      for j in 0..<i {
        let slope = (y[i] - y[j]) / (x.values[i] - x.values[j])
        let loss = (0..<9).reduce(0.0) { sum, k in
          let r = y[k] - y[i] - slope * (x.values[k] - x.values[i])
          return sum + r * (r < 0 ? probability - 1 : probability)
        }
        best = min(best, loss)
      }
    }
    return best
  }

  @Test func noPairOfPointsIsBetter() throws {
    for probability in [0.05, 0.1, 1.0 / 3, 0.5, 0.7, 0.95] {
      let fit = try QuantileRegression(outcome: y, regressors: [x], probability: probability)
      #expect(abs(fit.objective - bestPair(probability)) < 1e-12, "\(probability)")
    }
  }

  @Test func scalesShiftsOrderAndRepeatedRows() throws {
    for probability in [0.3, 0.55] {
      let one = try QuantileRegression(outcome: y, regressors: [x], probability: probability)
      let scaled = try QuantileRegression(
        outcome: y.map { 1e6 * $0 + 5e6 },
        regressors: [RegressionColumn(name: "x", values: x.values.map { $0 / 1e3 })], probability: probability)
      #expect(relativeError(scaled.coefficients[1], 1e9 * one.coefficients[1]) < 1e-10)
      #expect(relativeError(scaled.coefficients[0], 1e6 * one.coefficients[0] + 5e6) < 1e-10)
      let back = try QuantileRegression(
        outcome: y.reversed(), regressors: [RegressionColumn(name: "x", values: x.values.reversed())],
        probability: probability)
      #expect(worstError(back.coefficients, one.coefficients) < 1e-10)
      let twice = try QuantileRegression(
        outcome: y + y, regressors: [RegressionColumn(name: "x", values: x.values + x.values)],
        probability: probability)
      #expect(relativeError(twice.objective, 2 * one.objective) < 1e-12)
      // The mirror image: the quantile of -y is minus the opposite quantile.
      let mirror = try QuantileRegression(outcome: y.map { -$0 }, regressors: [x], probability: 1 - probability)
      #expect(worstError(mirror.coefficients.map { -$0 }, one.coefficients) < 1e-10)
    }
  }

  @Test func exactConstantAndSaturatedFits() throws {
    let exact = try QuantileRegression(outcome: x.values.map { 3 - 2 * $0 }, regressors: [x], probability: 0.2)
    #expect(worstError(exact.coefficients, [3, -2]) < 1e-12 && exact.objective < 1e-12)
    let constant = try QuantileRegression(outcome: [Double](repeating: 7, count: 9), regressors: [x])
    #expect(abs(constant.coefficients[0] - 7) < 1e-12 && abs(constant.coefficients[1]) < 1e-12)
    let saturated = try QuantileRegression(
      outcome: [1, 3], regressors: [RegressionColumn(name: "x", values: [0, 1])], probability: 0.9)
    #expect(worstError(saturated.coefficients, [1, 2]) < 1e-13)
    #expect(throws: ForecastError.tooFewObservations(model: "quantile regression", needed: 3, found: 2)) {
      try saturated.table()
    }
    let five = RegressionColumn(name: "five", values: [Double](repeating: 5, count: 9))
    #expect(try QuantileRegression(outcome: y, regressors: [five, x]).aliased == ["five"])
    let wide = try QuantileRegression(
      outcome: [1, 3],
      regressors: [RegressionColumn(name: "a", values: [0, 1]), RegressionColumn(name: "b", values: [2, 9])])
    #expect(wide.aliased == ["b"] && wide.objective < 1e-13)
  }

  @Test func crossingLinesAreReported() throws {
    let ordered = try QuantileProcess(outcome: y, regressors: [], probabilities: [0.9, 0.1, 0.5, 0.5])
    #expect(ordered.isMonotone && ordered.fits.map(\.probability) == [0.1, 0.5, 0.9])
    // Bounds -9 + 3 x and 9 - 3 x, met by all groups but crossed at the lone row x = 12, 27 against -27.
    var groups: [Double] = []
    var values: [Double] = []
    for i in 0..<180 {
      let group = Double(i % 9 / 3)
      groups.append(group)
      values.append(Double(i % 3 - 1) * (9 - 3 * group))
    }
    let crossed = try QuantileProcess(
      outcome: values + [0], regressors: [RegressionColumn(name: "x", values: groups + [12])],
      probabilities: [0.8, 0.2])
    let crossing = try #require(crossed.crossings.first)
    #expect(!crossed.isMonotone && crossed.crossings.count == 1 && crossing.row == 180)
    #expect(crossing.lowerProbability == 0.2 && crossing.upperProbability == 0.8)
    #expect(abs(crossing.excess - 54) < 1e-11)
  }

  @Test func manyRowsWithTies() throws {
    // Whole-number outcomes and regressors: most vertices are degenerate.
    let stream = RandomStream(seed: 4, id: "ties", purpose: .innovation)
    let count = 600
    let columns = (0..<3).map { j in
      RegressionColumn(
        name: "c\(j)", values: (0..<count).map { (5 * stream.uniform(item: j, draw: $0)).rounded(.down) })
    }
    let outcome = (0..<count).map { i in
      columns[0].values[i] + (4 * stream.uniform(item: 9, draw: i)).rounded(.down)
    }
    for probability in [0.2, 0.5, 0.8] {
      let fit = try QuantileRegression(outcome: outcome, regressors: columns, probability: probability)
      // No more rows lie strictly below than the probability allows, and no more strictly above.
      let below = fit.residuals.filter { $0 < -1e-9 }.count
      let above = fit.residuals.filter { $0 > 1e-9 }.count
      #expect(Double(below) <= probability * Double(count) + 1e-9)
      #expect(Double(above) <= (1 - probability) * Double(count) + 1e-9)
    }
  }

  @Test func badInputIsRefused() throws {
    for probability in [0, 1, -0.5, 2, Double.nan] {
      #expect(throws: ForecastError.self) {
        try QuantileRegression(outcome: y, regressors: [x], probability: probability)
      }
      #expect(QuantileRegression.bandwidth(probability: probability, count: 10).isNaN)
    }
    #expect(throws: ForecastError.self) { try QuantileRegression(outcome: [1, .nan], regressors: []) }
    #expect(throws: ForecastError.self) { try QuantileRegression(outcome: [], regressors: []) }
    #expect(throws: ForecastError.self) {
      try QuantileProcess(outcome: y, regressors: [x], probabilities: [])
    }
    let tied = try QuantileRegression(outcome: [1, 1, 1, 1, 1, 2], regressors: [])
    #expect(throws: ForecastError.self) { try tied.table(.kernel) }
  }
}
