import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// One data set of the estimators' fixtures.
protocol ReferenceData {
  var y: [Double] { get }
  var names: [String] { get }
  var columns: [[Double]] { get }
}

extension ReferenceData {
  var regressors: [RegressionColumn] { zip(names, columns).map { RegressionColumn(name: $0, values: $1) } }
}

/// The largest relative error over a pair of lists, infinite if their lengths differ.
func worstError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  return zip(found, expected).reduce(0) { worst, pair in
    let error = pair.0 == pair.1 ? 0 : relativeError(pair.0, pair.1)
    return error.isNaN ? .infinity : max(worst, error)
  }
}

struct DiagnosticsReference: Decodable {
  struct Test: Decodable {
    var statistic: Double
    var df: [Double]
    var p: Double

    enum CodingKeys: String, CodingKey { case statistic, df, p }

    init(from decoder: Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      statistic = try container.decode(Double.self, forKey: .statistic)
      p = try container.decode(Double.self, forKey: .p)
      if let single = try? container.decode(Double.self, forKey: .df) {
        df = [single]
      } else {
        df = try container.decode([Double].self, forKey: .df)
      }
    }
  }
  struct Case: Decodable, ReferenceData {
    var y: [Double]
    var names: [String]
    var columns: [[Double]]
    var r2, adj, aic, bic, aicc, condition, dwNormal: Double
    var hat, cook, rstandard, rstudent, vif: [Double]
    var dw, bg1, bg3, bp, bpOriginal, jb, reset, reset2, chow: Test
  }
  var datasets: [String: Case]
}

@Suite struct RegressionDiagnosticsTests {
  @Test func fitAndInfluenceAgreeWithR() throws {
    for (name, data) in try ReferenceFile.decode(DiagnosticsReference.self, from: "diagnostics.json").datasets {
      let found = try RegressionDiagnostics(outcome: data.y, regressors: data.regressors)
      #expect(worstError([found.rSquared, found.adjustedRSquared], [data.r2, data.adj]) < 1e-12, "\(name)")
      #expect(worstError([found.aic, found.bic, found.aicc], [data.aic, data.bic, data.aicc]) < 1e-11, "\(name)")
      #expect(worstError(found.leverages, data.hat) < 1e-9, "\(name)")
      #expect(worstError(found.cooksDistances, data.cook) < 1e-8, "\(name)")
      #expect(worstError(found.standardizedResiduals, data.rstandard) < 1e-8, "\(name)")
      #expect(worstError(found.studentizedResiduals, data.rstudent) < 1e-8, "\(name)")
      #expect(worstError(try found.varianceInflationFactors().map(\.factor), data.vif) < 1e-8, "\(name)")
      #expect(relativeError(found.conditionNumber, data.condition) < 1e-8, "\(name)")
    }
  }

  @Test func specificationTestsAgreeWithR() throws {
    for (name, data) in try ReferenceFile.decode(DiagnosticsReference.self, from: "diagnostics.json").datasets {
      let found = try RegressionDiagnostics(outcome: data.y, regressors: data.regressors)
      var pairs = [
        (try found.breuschGodfrey(order: 1), data.bg1), (try found.breuschGodfrey(order: 3), data.bg3),
        (try found.breuschPagan(), data.bp), (try found.breuschPagan(studentized: false), data.bpOriginal),
        (found.jarqueBera(), data.jb), (try found.reset(), data.reset), (try found.reset(highestPower: 2), data.reset2),
      ]
      if !data.chow.df.isEmpty { pairs.append((try found.chow(split: data.y.count / 2), data.chow)) }
      for (test, expected) in pairs {
        #expect(relativeError(test.statistic, expected.statistic) < 1e-7, "\(name) \(test.kind)")
        #expect(test.degreesOfFreedom == expected.df, "\(name) \(test.kind)")
        // R takes some tails as 1 - p, which leaves an absolute error.
        #expect(abs(test.pValue - expected.p) <= 1e-7 * expected.p + 1e-15, "\(name) \(test.kind)")
      }
      let durbinWatson = try found.durbinWatson()
      #expect(relativeError(durbinWatson.statistic, data.dw.statistic) < 1e-9, "\(name)")
      // Pan's procedure in R is itself a quadrature.
      #expect(abs(durbinWatson.pValue - data.dw.p) < 1e-7, "\(name)")
      #expect(relativeError(try found.durbinWatson(exact: false).pValue, data.dwNormal) < 1e-7, "\(name)")
    }
  }

  @Test func imhofIsExactForTwoWeights() throws {
    // Durbin-Watson of three rows about their mean has two eigenvalues, 1 and 3; the ratio of the two squares is F(1, 1),
    // whose law is an arc tangent: P((1 - d) z1² + (3 - d) z2² < 0) = 2/π atan sqrt((d - 1) / (3 - d)).
    for y in [[1.0, 2, 4], [1, -2, 4], [0, 1, 0.5]] {
      let test = try RegressionDiagnostics(outcome: y, regressors: []).durbinWatson()
      let ratio = (test.statistic - 1) / (3 - test.statistic)
      let t = ratio.squareRoot()
      // The distribution function of t with one degree of freedom is 1/2 + atan(t) / π.
      let expected = 2 * Distributions.studentTCDF(t, degreesOfFreedom: 1) - 1
      #expect(abs(test.pValue - expected) < 1e-13)
    }
  }

  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5, 6, 7, 8])
  private let z = RegressionColumn(name: "z", values: [2, 1, 4, 3, 7, 5, 9, 4])
  private let y = [2.0, 4, 5, 4, 5, 9, 7, 8]

  @Test func scalesShiftsAndColumnOrderDoNotMatter() throws {
    let one = try RegressionDiagnostics(outcome: y, regressors: [x, z])
    let other = try RegressionDiagnostics(
      outcome: y.map { 1e6 * $0 - 3e6 },
      regressors: [
        RegressionColumn(name: "z", values: z.values.map { 1e-3 * $0 }),
        RegressionColumn(name: "x", values: x.values.map { $0 + 40 }),
      ])
    #expect(worstError(one.leverages, other.leverages) < 1e-9)
    #expect(worstError(one.cooksDistances, other.cooksDistances) < 1e-8)
    let factors = try one.varianceInflationFactors().map(\.factor)
    #expect(worstError(factors, try other.varianceInflationFactors().map(\.factor).reversed()) < 1e-9)
    for (a, b) in zip(try one.tests(), try other.tests()) {
      #expect(a.kind == b.kind && relativeError(a.pValue, b.pValue) < 1e-7, "\(a.kind)")
    }
    #expect(abs(one.leverages.reduce(0, +) - 3) < 1e-13)
  }

  @Test func repeatedRowsShareTheirLeverage() throws {
    let once = try RegressionDiagnostics(outcome: y, regressors: [x])
    let twice = try RegressionDiagnostics(
      outcome: y + y, regressors: [RegressionColumn(name: "x", values: x.values + x.values)])
    #expect(worstError(twice.leverages, (once.leverages + once.leverages).map { $0 / 2 }) < 1e-13)
    #expect(abs(once.rSquared - twice.rSquared) < 1e-14)
  }

  @Test func exactAndConstantFitsHaveNoTests() throws {
    let line = try RegressionDiagnostics(outcome: x.values.map { 3 * $0 - 1 }, regressors: [x])
    for test in try line.tests() {
      #expect(test.pValue.isNaN && test.statistic.isNaN && !test.rejects())
      #expect(test.sentence.en.hasPrefix("This test cannot be computed"))
    }
    let constant = try RegressionDiagnostics(outcome: [4, 4, 4, 4, 4], regressors: [])
    #expect(constant.rSquared.isNaN && constant.jarqueBera().pValue.isNaN)
    let saturated = try RegressionDiagnostics(
      outcome: [1, 3], regressors: [RegressionColumn(name: "x", values: [0, 1])])
    #expect(saturated.leverages.allSatisfy { abs($0 - 1) < 1e-14 })
    #expect(saturated.studentizedResiduals.allSatisfy(\.isNaN) && saturated.adjustedRSquared.isNaN)
    #expect(throws: ForecastError.self) { try saturated.durbinWatson() }
    #expect(throws: ForecastError.self) { try saturated.tests() }
  }

  @Test func aliasedColumnsAreDropped() throws {
    let copy = RegressionColumn(name: "copy", values: x.values.map { 2 * $0 + 1 })
    let five = RegressionColumn(name: "five", values: [Double](repeating: 5, count: 8))
    let found = try RegressionDiagnostics(outcome: y, regressors: [x, copy, five])
    #expect(found.fit.aliased == ["copy", "five"])
    #expect(try found.varianceInflationFactors().map(\.name) == ["x"])
    #expect(abs(try found.varianceInflationFactors()[0].factor - 1) < 1e-12)
    #expect(throws: ForecastError.self) {
      try RegressionDiagnostics(
        outcome: y, regressors: [RegressionColumn(name: "zero", values: [Double](repeating: 0, count: 8))],
        intercept: false)
    }
  }

  @Test func moreColumnsThanRows() throws {
    let rows: [[Double]] = [[0, 0, 1], [1, 1, 0.5], [2, 4, 0.25], [3, 9, 0.75]]
    let columns = rows.enumerated().map { RegressionColumn(name: "c\($0)", values: $1) }
    let found = try RegressionDiagnostics(outcome: [1, 2, 5], regressors: columns)
    #expect(found.fit.rank == 3 && found.aicc == .infinity)
    #expect(throws: ForecastError.self) { try found.breuschGodfrey() }
  }

  @Test func outOfRangeRequestsAreRefused() throws {
    let found = try RegressionDiagnostics(outcome: y, regressors: [x])
    #expect(throws: ForecastError.self) { try found.breuschGodfrey(order: 0) }
    #expect(throws: ForecastError.self) { try found.breuschGodfrey(order: 6) }
    #expect(throws: ForecastError.self) { try found.reset(highestPower: 1) }
    #expect(throws: ForecastError.self) { try found.reset(highestPower: 7) }
    #expect(throws: ForecastError.tooFewObservations(model: "Chow test", needed: 3, found: 2)) {
      try found.chow(split: 2)
    }
    #expect(throws: ForecastError.self) { try found.chow(split: -5) }
    #expect(throws: ForecastError.self) { try found.chow(split: 100) }
  }

  @Test func sentencesSayWhatItMeans() throws {
    let time = (0..<40).map { Double($0) / 8 }
    let trend = try RegressionDiagnostics(
      outcome: time.map { $0 * $0 }, regressors: [RegressionColumn(name: "t", values: time)])
    let godfrey = try trend.breuschGodfrey()
    #expect(godfrey.rejects())
    #expect(
      godfrey.sentence.vi
        == "Sai số có tự tương quan (trong 1 kỳ): sai số chuẩn thường đang quá nhỏ; nên dùng Newey-West.")
    #expect(
      godfrey.sentence.en
        == "Errors are correlated over one period: standard errors are usually too small; use Newey-West.")
    for test in try trend.tests() {
      let (rejected, accepted) = (test.sentence(at: 1.1), test.sentence(at: 0))
      #expect(rejected != accepted && !rejected.vi.isEmpty && !accepted.en.isEmpty)
    }
    let near = try RegressionDiagnostics(
      outcome: y, regressors: [x, RegressionColumn(name: "w", values: [1.01, 2, 3, 4.02, 5, 6, 7.01, 8])])
    #expect(try near.collinearitySentence().en.contains("almost determined"))
  }

  @Test func withinShareByDummies() throws {
    let units = ["a", "a", "a", "a", "b", "b", "b", "b"]
    let sample = try PanelSample(outcome: y, regressors: [x], units: units, periods: [1, 2, 3, 4, 1, 2, 3, 4])
    let dummy = RegressionColumn(name: "b", values: [0, 0, 0, 0, 1, 1, 1, 1])
    let full = try LinearRegression(outcome: y, regressors: [dummy, x])
    let bare = try LinearRegression(outcome: y, regressors: [dummy])
    let within = try RegressionDiagnostics.withinRSquared(sample, effects: .unit)
    #expect(abs(within - (1 - full.residualSumOfSquares / bare.residualSumOfSquares)) < 1e-13)
    let flat = try PanelSample(
      outcome: [1, 1, 1, 1, 5, 5, 5, 5], regressors: [x], units: units, periods: [1, 2, 3, 4, 1, 2, 3, 4])
    #expect(try RegressionDiagnostics.withinRSquared(flat, effects: .unit).isNaN)
  }
}
