import Forecast
import NumericKernels
import ReferenceValues
import Testing

struct BayesianReference: Decodable {
  struct Case: Decodable, ReferenceData {
    var y: [Double]
    var names: [String]
    var columns: [[Double]]
    var priorMean: [Double]
    var priorPrecision: [[Double]]
    var shape, rate, posteriorShape, posteriorRate: Double
    var mean, lower, upper, ols: [Double]
    var covariance: [[Double]]
    var logMarginal, logMarginalT, logMarginalQuadrature: Double
    var r2, g, gLogMarginal, unitLogMarginal: Double
    // The snake-case strategy turns "ridge1_log_marginal" into this.
    var ridge1LogMarginal, ridgePenalty, ridgeLogMarginal: Double
  }
  var datasets: [String: Case]
}

@Suite struct RegressionBayesianTests {
  private func cases() throws -> [String: BayesianReference.Case] {
    try ReferenceFile.decode(BayesianReference.self, from: "bayesian.json").datasets
  }

  @Test func conjugatePosteriorAgreesWithClosedFormAndQuadrature() throws {
    for (name, data) in try cases() {
      let prior = BayesianRegression.Prior.conjugate(
        mean: data.priorMean, precision: Matrix(rows: data.priorPrecision), shape: data.shape, rate: data.rate)
      let fit = try BayesianRegression(outcome: data.y, regressors: data.regressors, prior: prior)
      #expect(worstError(fit.mean, data.mean) < 1e-9, "\(name)")
      #expect(fit.shape == data.posteriorShape)
      #expect(relativeError(fit.rate, data.posteriorRate) < 1e-10, "\(name)")
      #expect(worstError(fit.covariance.storage, Matrix(rows: data.covariance).storage) < 1e-9, "\(name)")
      #expect(abs(fit.logMarginalLikelihood - data.logMarginal) < 1e-9, "\(name)")
      #expect(abs(fit.logMarginalLikelihood - data.logMarginalT) < 1e-8, "\(name)")
      #expect(abs(fit.logMarginalLikelihood - data.logMarginalQuadrature) < 1e-7, "\(name)")
      let bands = fit.intervals(level: 0.9)
      #expect(worstError(bands.map(\.lower), data.lower) < 1e-9, "\(name)")
      #expect(worstError(bands.map(\.upper), data.upper) < 1e-9, "\(name)")
    }
  }

  @Test func shrinkagePriorsAgreeWithClosedForm() throws {
    for (name, data) in try cases() {
      let zellner = try BayesianRegression(outcome: data.y, regressors: data.regressors, prior: .zellner(g: nil))
      #expect(relativeError(zellner.shrinkage, data.g) < 1e-9, "\(name)")
      #expect(abs(zellner.logMarginalLikelihood - data.gLogMarginal) < 1e-9, "\(name)")
      let share = data.g / (1 + data.g)
      #expect(worstError(Array(zellner.mean.dropFirst()), data.ols.dropFirst().map { share * $0 }) < 1e-9)
      let unit = try BayesianRegression(
        outcome: data.y, regressors: data.regressors, prior: .zellner(g: Double(data.y.count)))
      #expect(abs(unit.logMarginalLikelihood - data.unitLogMarginal) < 1e-9, "\(name)")
      #expect(zellner.logMarginalLikelihood >= unit.logMarginalLikelihood)

      let one = try BayesianRegression(outcome: data.y, regressors: data.regressors, prior: .ridge(penalty: 1))
      #expect(abs(one.logMarginalLikelihood - data.ridge1LogMarginal) < 1e-9, "\(name)")
      let best = try BayesianRegression(outcome: data.y, regressors: data.regressors, prior: .ridge(penalty: nil))
      #expect(abs(best.logMarginalLikelihood - data.ridgeLogMarginal) < 1e-10, "\(name)")
      #expect(relativeError(best.shrinkage, data.ridgePenalty) < 1e-5, "\(name)")
      let ridge = try RidgeRegression(outcome: data.y, regressors: data.regressors).fit(penalty: best.shrinkage)
      #expect(worstError(best.mean, [ridge.intercept] + ridge.coefficients) < 1e-10, "\(name)")
    }
  }

  private let x = RegressionColumn(name: "x", values: [1, 2, 3, 4, 5, 6, 7, 8])
  private let z = RegressionColumn(name: "z", values: [2, 1, 4, 3, 7, 5, 9, 4])
  private let y = [2.0, 4, 5, 4, 5, 9, 7, 8]

  private func flat(_ size: Int) -> BayesianRegression.Prior {
    .conjugate(
      mean: [Double](repeating: 0, count: size), precision: Matrix(rowCount: size, columnCount: size),
      shape: 0, rate: 0)
  }

  @Test func withoutInformationTheMeanIsLeastSquares() throws {
    let fit = try BayesianRegression(outcome: y, regressors: [x, z], prior: flat(3))
    let squares = try LinearRegression(outcome: y, regressors: [x, z])
    #expect(worstError(fit.mean, squares.coefficients) < 1e-12 && fit.logMarginalLikelihood.isNaN)
    #expect(relativeError(fit.rate, 0.5 * squares.residualSumOfSquares) < 1e-12)
    let weak = try BayesianRegression(outcome: y, regressors: [x, z], prior: .zellner(g: 1e12))
    #expect(worstError(weak.mean, squares.coefficients) < 1e-11)
    let none = try BayesianRegression(outcome: y, regressors: [x, z], prior: .zellner(g: 0))
    #expect(none.mean == [5.5, 0, 0] && none.intervals(level: 0.9)[1] == (0, 0))
    // With n - 1 degrees of freedom, a weak g prior's band is the classical one on another error variance.
    let quantile = none.intervals(level: 0.9)[0].upper - 5.5
    let scale = (none.rate / none.shape / 8).squareRoot()
    // qt(0.95, 7)
    #expect(abs(quantile / scale - 1.894578605061305) < 1e-9)
  }

  @Test func todaysPosteriorIsTomorrowsPrior() throws {
    let prior = BayesianRegression.Prior.conjugate(
      mean: [1, 0], precision: Matrix(rows: [[1, 0.2], [0.2, 0.5]]), shape: 2, rate: 1.5)
    let all = try BayesianRegression(outcome: y, regressors: [x], prior: prior)
    func part(_ range: Range<Int>, _ prior: BayesianRegression.Prior) throws -> BayesianRegression {
      try BayesianRegression(
        outcome: Array(y[range]), regressors: [RegressionColumn(name: "x", values: Array(x.values[range]))],
        prior: prior)
    }
    let first = try part(0..<3, prior)
    let precision = try first.unscaledCovariance.cholesky().inverse()
    let second = try part(
      3..<8, .conjugate(mean: first.mean, precision: precision, shape: first.shape, rate: first.rate))
    #expect(worstError(second.mean, all.mean) < 1e-11 && relativeError(second.rate, all.rate) < 1e-11)
    let joint = first.logMarginalLikelihood + second.logMarginalLikelihood
    #expect(abs(joint - all.logMarginalLikelihood) < 1e-10)
  }

  @Test func scalesShiftsAndColumnOrderDoNotMatter() throws {
    for prior in [BayesianRegression.Prior.zellner(g: 5), .ridge(penalty: 2), .ridge(penalty: nil)] {
      let one = try BayesianRegression(outcome: y, regressors: [x, z], prior: prior)
      let other = try BayesianRegression(
        outcome: y.map { 10 * $0 + 3 },
        regressors: [
          RegressionColumn(name: "z", values: z.values.map { 1e4 * $0 }),
          RegressionColumn(name: "x", values: x.values.map { $0 + 50 }),
        ], prior: prior)
      // The evidence of the last prior is flat at its peak: the penalty is found to the root of the precision, which the kernel decides.
      #expect(relativeError(other.mean[1] * 1e3, one.mean[2]) < 1e-5)
      #expect(relativeError(other.mean[2] / 10, one.mean[1]) < 1e-5)
      #expect(relativeError(other.rate, 100 * one.rate) < 1e-5)
    }
  }

  @Test func drawsAreDeterministicAndHaveTheMoments() throws {
    let stream = RandomStream(seed: 11, id: "growth", purpose: .effect)
    for prior in [BayesianRegression.Prior.zellner(g: 8), .ridge(penalty: 3)] {
      let fit = try BayesianRegression(outcome: y, regressors: [x, z], prior: prior)
      let draws = fit.draws(count: 20_000, stream: stream)
      #expect(Array(draws.prefix(5)) == fit.draws(count: 5, stream: stream))
      #expect(fit.draws(count: 0, stream: stream).isEmpty && fit.draws(count: -1, stream: stream).isEmpty)
      let variance = Reductions.mean(draws.map(\.errorVariance))
      #expect(abs(variance / fit.errorVarianceMean - 1) < 0.03)
      for j in 0..<3 {
        let deviation = fit.covariance[j, j].squareRoot()
        let values = draws.map { $0.coefficients[j] }
        #expect(abs(Reductions.mean(values) - fit.mean[j]) < 0.04 * deviation)
        #expect(abs(Reductions.standardDeviation(values) / deviation - 1) < 0.04)
        let band = fit.intervals(level: 0.8)[j]
        let inside = values.filter { $0 > band.lower && $0 < band.upper }.count
        #expect(abs(Double(inside) / 20_000 - 0.8) < 0.015)
        for k in 0..<j {
          let other = draws.map { $0.coefficients[k] }
          let products = zip(values, other).map { ($0 - fit.mean[j]) * ($1 - fit.mean[k]) }
          let size = deviation * fit.covariance[k, k].squareRoot()
          #expect(abs(Reductions.mean(products) - fit.covariance[j, k]) < 0.05 * size)
        }
      }
    }
  }

  @Test func moreColumnsThanRows() throws {
    let columns = [x, z].map { RegressionColumn(name: $0.name, values: Array($0.values.prefix(2))) }
    let prior = BayesianRegression.Prior.conjugate(
      mean: [0, 0, 0], precision: Matrix.identity(3), shape: 1, rate: 1)
    let fit = try BayesianRegression(outcome: [1, 2], regressors: columns, prior: prior)
    #expect(fit.mean.allSatisfy(\.isFinite) && fit.logMarginalLikelihood.isFinite)
    let ridge = try BayesianRegression(outcome: [1, 2], regressors: columns, prior: .ridge(penalty: 1))
    #expect(ridge.mean.allSatisfy(\.isFinite) && ridge.covariance.storage.allSatisfy(\.isNaN))
    #expect(throws: ForecastError.self) {
      try BayesianRegression(outcome: [1, 2], regressors: columns, prior: .zellner(g: 1))
    }
    #expect(throws: ForecastError.self) {
      try BayesianRegression(outcome: [1, 2], regressors: columns, prior: flat(3))
    }
  }

  @Test func constantsAreNamed() throws {
    let five = RegressionColumn(name: "five", values: [Double](repeating: 5, count: 8))
    for prior in [BayesianRegression.Prior.zellner(g: nil), .ridge(penalty: 1)] {
      #expect(throws: ForecastError.notIdentified(model: "Bayesian regression", term: "five")) {
        try BayesianRegression(outcome: y, regressors: [x, five], prior: prior)
      }
    }
    let still = try BayesianRegression(
      outcome: [Double](repeating: 2, count: 8), regressors: [x], prior: .ridge(penalty: nil))
    #expect(abs(still.mean[0] - 2) < 1e-14 && still.mean[1] == 0 && still.rate == 0)
  }

  @Test func badPriorsAreRefused() throws {
    let identity = Matrix.identity(2)
    let bad: [BayesianRegression.Prior] = [
      .conjugate(mean: [0], precision: identity, shape: 1, rate: 1),
      .conjugate(mean: [0, 0], precision: Matrix.identity(3), shape: 1, rate: 1),
      .conjugate(mean: [0, .nan], precision: identity, shape: 1, rate: 1),
      .conjugate(mean: [0, 0], precision: identity, shape: -1, rate: 1),
      .conjugate(mean: [0, 0], precision: identity, shape: 1, rate: .infinity),
      .conjugate(mean: [0, 0], precision: Matrix(rows: [[1, 2], [0, 1]]), shape: 1, rate: 1),
      .conjugate(mean: [0, 0], precision: Matrix(rows: [[1, 2], [2, 1]]), shape: 1, rate: 1),
      .zellner(g: -1), .zellner(g: .nan), .ridge(penalty: 0), .ridge(penalty: .infinity),
    ]
    for prior in bad {
      #expect(throws: ForecastError.self, "\(prior)") {
        try BayesianRegression(outcome: y, regressors: [x], prior: prior)
      }
    }
    #expect(throws: ForecastError.self) {
      try BayesianRegression(outcome: y, regressors: [x], prior: .ridge(penalty: 1), intercept: false)
    }
    #expect(throws: ForecastError.self) { try BayesianRegression(outcome: [], regressors: [x], prior: flat(2)) }
    let fit = try BayesianRegression(outcome: y, regressors: [x], prior: flat(2))
    #expect(fit.intervals(level: 1.5)[0].lower.isNaN)
  }
}
