import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against closed forms in numpy and scipy, and statsmodels' least squares: `Tests/Fixtures/bayesian_var.json`, made by
/// `origin/bayesian_var.py`; and what must hold for any numbers.
@Suite struct BayesianVARTests {
  let cases: [ReferenceTree.Node]
  let stream = RandomStream(seed: 3, id: "bvar", purpose: .innovation)

  init() throws {
    cases = try ReferenceTree("bayesian_var").root["cases"].list
    #expect(cases.count == 5)
  }

  private func data(_ one: ReferenceTree.Node) -> Matrix { Matrix(rows: one["data"].list.map(\.numbers)) }

  private func model(_ one: ReferenceTree.Node) throws -> BayesianVAR {
    let prior = MinnesotaPrior(
      tightness: one["tightness"].number, decay: try #require(one["decay"].number),
      ownLagMean: try #require(one["own"].number), constantTightness: try #require(one["constant"].number),
      sumOfCoefficientsTightness: one["sums"].number)
    return try BayesianVAR(fitting: data(one), lags: Int(try #require(one["lags"].number)), prior: prior)
  }

  private func constraints(_ one: ReferenceTree.Node) -> [BayesianVAR.Constraint] {
    one["constraints"].list.map(\.numbers).map { .init(variable: Int($0[0]), step: Int($0[1]), value: $0[2]) }
  }

  private func distance(_ matrix: Matrix, _ reference: ReferenceTree.Node, floor: Double = 0) -> Double {
    largestDistance(matrix.storage, Matrix(rows: reference.list.map(\.numbers)).storage, floor: floor)
  }

  @Test func posteriorIsAugmentedLeastSquares() throws {
    for one in cases {
      let model = try model(one)
      for lag in 1...model.lags {
        let reference = one["coefficients"].list[lag - 1]
        #expect(distance(model.coefficients(lag: lag), reference, floor: 1e-2) < 1e-8, "\(one["name"].text)")
      }
      #expect(largestDistance(model.constants, one["constants"].numbers, floor: 1) < 1e-8, "\(one["name"].text)")
      #expect(distance(model.covariance, one["covariance"], floor: 1e-3) < 1e-9, "\(one["name"].text)")
    }
  }

  @Test func marginalLikelihoodIsTheProductOfPredictiveDensities() throws {
    for one in cases {
      let reference = try #require(one["log_marginal_likelihood"].number)
      #expect(abs(try model(one).logMarginalLikelihood - reference) < 1e-7 * abs(reference), "\(one["name"].text)")
    }
  }

  @Test func tightnessMaximizesTheMarginalLikelihood() throws {
    for one in cases {
      let lags = Int(try #require(one["lags"].number))
      let chosen = try BayesianVAR(fitting: data(one), lags: lags)
      #expect(chosen.logMarginalLikelihoods.count == MinnesotaPrior.grid.count)
      let best = try #require(chosen.logMarginalLikelihoods.max { $0.value < $1.value })
      #expect(best.tightness == chosen.tightness && best.value == chosen.logMarginalLikelihood)
      let given = try BayesianVAR(fitting: data(one), lags: lags, prior: MinnesotaPrior(tightness: chosen.tightness))
      #expect(given.logMarginalLikelihood == chosen.logMarginalLikelihood)
    }
  }

  @Test func flatPriorIsLeastSquares() throws {
    var compared = 0
    for one in cases where !one["least_squares"]["constants"].list.isEmpty {
      let lags = Int(try #require(one["lags"].number))
      let model = try BayesianVAR(
        fitting: data(one), lags: lags, prior: MinnesotaPrior(tightness: 1e6, constantTightness: 1e8))
      for lag in 1...lags {
        let reference = one["least_squares"]["coefficients"].list[lag - 1]
        #expect(distance(model.coefficients(lag: lag), reference, floor: 1e-2) < 1e-6, "\(one["name"].text)")
      }
      let ahead = try model.pluginForecast(horizon: 5)
      #expect(distance(ahead.means, one["least_squares"]["forecast"], floor: 1) < 1e-7, "\(one["name"].text)")
      compared += 1
    }
    #expect(compared == 2)
  }

  @Test func pluginForecastsAreDenseConditioning() throws {
    for one in cases {
      let model = try model(one)
      let free = try model.pluginForecast(horizon: 5)
      #expect(distance(free.means, one["mean"], floor: 1) < 1e-8, "\(one["name"].text)")
      #expect(distance(free.deviations, one["deviations"]) < 1e-8, "\(one["name"].text)")
      let given = try model.pluginForecast(horizon: 5, constraints: constraints(one))
      #expect(distance(given.means, one["given_mean"], floor: 1) < 1e-8, "\(one["name"].text)")
      #expect(distance(given.deviations, one["given_deviations"], floor: 1e-3) < 1e-6, "\(one["name"].text)")
      let responses = try model.impulseResponses(steps: 4)
      for (s, reference) in one["responses"].list.enumerated() {
        #expect(distance(responses.values[s], reference, floor: 1e-2) < 1e-8, "\(one["name"].text) \(s)")
      }
    }
  }

  @Test func simulatedMomentsAreTheClosedFormsOfStepOne() throws {
    for one in cases {
      let model = try model(one)
      let draws = 4000
      let ahead = try model.forecast(horizon: 3, draws: draws, stream: stream)
      let exact = try model.pluginForecast(horizon: 1)
      let reference = one["one_step_deviations"].numbers
      for j in 0..<model.variableCount {
        let error = 5 * reference[j] / Double(draws).squareRoot()
        #expect(abs(ahead.means[0, j] - exact.means[0, j]) < error, "\(one["name"].text)")
        #expect(relativeDistance(ahead.deviations[0, j], reference[j]) < 0.06, "\(one["name"].text)")
        let step = Array(ahead.paths[j].step(0))
        #expect(abs(step.reduce(0, +) / Double(draws) - exact.means[0, j]) < error, "\(one["name"].text)")
      }
    }
  }

  @Test func conditionsHoldInEveryPathAndNoneChangeNothing() throws {
    for one in cases {
      let model = try model(one)
      let conditions = constraints(one)
      let given = try model.conditionalForecast(horizon: 5, constraints: conditions, draws: 200, stream: stream)
      for condition in conditions {
        let (s, j) = (condition.step - 1, condition.variable)
        #expect(given.means[s, j] == condition.value && given.deviations[s, j] == 0)
        #expect(Array(given.paths[j].step(s)) == Array(repeating: condition.value, count: 200))
      }
      let free = try model.forecast(horizon: 5, draws: 200, stream: stream)
      #expect(try model.conditionalForecast(horizon: 5, constraints: [], draws: 200, stream: stream) == free)
      // A condition matters for other steps and variables.
      #expect(given.means[1, 0] != free.means[1, 0])
      // Draws do not depend on their number.
      let fewer = try model.forecast(horizon: 5, draws: 20, stream: stream)
      #expect(Array(free.paths[0].step(4).prefix(20)) == Array(fewer.paths[0].step(4)))
      #expect(free.prediction(of: 1).paths == free.paths[1])
    }
  }

  @Test func bandsOfResponsesHoldTheMedian() throws {
    let model = try model(cases[0])
    let drawn = try model.impulseResponses(steps: 3, draws: 500, level: 0.9, stream: stream)
    let plain = try model.impulseResponses(steps: 3)
    for s in 0...3 {
      for i in 0..<9 {
        let (low, middle, high) = (drawn.lower[s].storage[i], drawn.values[s].storage[i], drawn.upper[s].storage[i])
        #expect(low <= middle && middle <= high)
        #expect(plain.values[s].storage[i] >= low && plain.values[s].storage[i] <= high)
      }
    }
    // The last shock moves none of the others at once.
    #expect(drawn.upper[0][0, 2] == 0 && drawn.lower[0][1, 2] == 0)
  }

  @Test func unitsAndOriginsChangeNothing() throws {
    let data = data(cases[1])
    let plain = try BayesianVAR(fitting: data, lags: 2)
    let free = try plain.forecast(horizon: 4, draws: 100, stream: stream)
    for (factor, shift) in [(1e6, 0.0), (1e-6, 0), (1, 1000), (1e100, 0)] {
      var other = data
      for i in other.storage.indices { other.storage[i] = other.storage[i] * factor + shift }
      let model = try BayesianVAR(fitting: other, lags: 2)
      #expect(model.tightness == plain.tightness)
      let ahead = try model.forecast(horizon: 4, draws: 100, stream: stream)
      #expect(largestDistance(ahead.means.storage.map { ($0 - shift) / factor }, free.means.storage, floor: 1) < 1e-6)
      #expect(largestDistance(ahead.deviations.storage.map { $0 / factor }, free.deviations.storage) < 1e-6)
    }
  }

  @Test func shortSamplesWorkAndBadOnesAreErrors() throws {
    let all = data(cases[1])
    for n in 0...10 {
      for lags in 1...3 {
        let rows = (0..<n).map { all.row(all.rowCount - n + $0) }
        let short = n == 0 ? Matrix(rowCount: 0, columnCount: 4) : Matrix(rows: rows)
        let needed = max(lags + 2, 5)
        if n < needed {
          #expect(throws: ForecastError.tooFewObservations(model: "BayesianVAR", needed: needed, found: n)) {
            try BayesianVAR(fitting: short, lags: lags)
          }
        } else {
          let ahead = try BayesianVAR(fitting: short, lags: lags).forecast(horizon: 4, draws: 50, stream: stream)
          let isFinite = (ahead.means.storage + ahead.deviations.storage).allSatisfy(\.isFinite)
          #expect(isFinite, "\(n) \(lags)")
        }
      }
    }
    let model = try BayesianVAR(fitting: all, lags: 1)
    #expect(throws: ForecastError.badHorizon(0)) { try model.forecast(horizon: 0, draws: 10, stream: stream) }
    let twice = [
      BayesianVAR.Constraint(variable: 0, step: 1, value: 1), BayesianVAR.Constraint(variable: 0, step: 1, value: 2),
    ]
    #expect(throws: ForecastError.self) { try model.pluginForecast(horizon: 2, constraints: twice) }
    #expect(throws: ForecastError.self) {
      try model.pluginForecast(horizon: 2, constraints: [.init(variable: 9, step: 1, value: 1)])
    }
    #expect(throws: ForecastError.self) {
      try model.pluginForecast(horizon: 2, constraints: [.init(variable: 0, step: 3, value: 1)])
    }
    var constant = all
    for t in 0..<all.rowCount { constant[t, 1] = 3 }
    #expect(throws: ForecastError.badDesign(model: "BayesianVAR", reason: "variable 2 does not vary")) {
      try BayesianVAR(fitting: constant, lags: 1)
    }
    constant[2, 0] = .nan
    #expect(throws: ForecastError.nonFinite(model: "BayesianVAR", position: 3)) {
      try BayesianVAR(fitting: constant, lags: 1)
    }
    #expect(throws: ForecastError.self) {
      try BayesianVAR(fitting: all, lags: 1, prior: MinnesotaPrior(tightness: 0))
    }
    // An exact line is no reason to fail.
    var line = all
    for t in 0..<all.rowCount { line[t, 0] = Double(t) }
    let continued = try BayesianVAR(fitting: line, lags: 1).pluginForecast(horizon: 3).means.column(0)
    #expect(largestDistance(continued, (0..<3).map { Double(all.rowCount + $0) }) < 0.05)
  }
}
