import Forecast
import NumericKernels
import ReferenceValues
import Testing

@Suite struct RegressionAR1PlusNoiseTests {
  private struct Reference: Decodable {
    struct Parameters: Decodable {
      var mu: Double
      var phi: Double
      var varInnovation: Double
      var varNoise: Double
    }
    struct Case: Decodable {
      var name: String
      var parameters: Parameters
      var y: [Double?]
      var nObserved: Int
      var loglik: Double
      var filteredStateMean: [Double]
      var filteredStateVariance: [Double]
      var filteredMeanEnd: Double
      var filteredVarianceEnd: Double
      var predictedMean: [Double]
      var predictedStateVariance: [Double]
      var predictedObservationVariance: [Double]
    }
    var cases: [Case]
  }

  @Test func agreesWithExactConditioning() throws {
    let cases = try ReferenceFile.decode(Reference.self, from: "state_space.json").cases
    #expect(cases.count >= 6)
    for reference in cases {
      let p = reference.parameters
      let model = try AR1PlusNoise(
        mean: p.mu, persistence: p.phi, innovationVariance: p.varInnovation, noiseVariance: p.varNoise)
      let y = reference.y.map { $0 ?? .nan }
      var state = model.start
      for (t, value) in y.enumerated() {
        state = try state.continued(with: [value])
        #expect(abs(state.shockMean - reference.filteredStateMean[t]) < 1e-12, "\(reference.name) \(t)")
        #expect(abs(state.shockVariance - reference.filteredStateVariance[t]) < 1e-12, "\(reference.name) \(t)")
      }
      let end = try model.filtered(y)
      #expect(end == state)
      #expect(abs(end.logLikelihood - reference.loglik) < 1e-12, "\(reference.name)")
      #expect(end.observationCount == reference.nObserved)
      #expect(abs(end.signalMean - reference.filteredMeanEnd) < 1e-12)
      #expect(abs(end.signalVariance - reference.filteredVarianceEnd) < 1e-12)
      let ahead = end.predictions(steps: 3)
      for h in 0..<3 {
        #expect(abs(ahead[h].mean - reference.predictedMean[h]) < 1e-12)
        #expect(abs(ahead[h].signalVariance - reference.predictedStateVariance[h]) < 1e-12)
        #expect(abs(ahead[h].observationVariance - reference.predictedObservationVariance[h]) < 1e-12)
      }
    }
  }

  /// Level, shock and observations as one normal vector, conditioned by Cholesky.
  @Test func anUnknownLevelAgreesWithTheJointNormal() throws {
    let y = [1.5, .nan, -0.5, 2.25, 0.75, .nan, 3, 1]
    let (m, tau2, phi, q, r) = (0.4, 1.7, 0.8, 0.6, 0.3)
    let model = try AR1PlusNoise(
      mean: m, levelVariance: tau2, persistence: phi, innovationVariance: q, noiseVariance: r)
    let seen = y.indices.filter { !y[$0].isNaN }
    func power(_ k: Int) -> Double { (0..<abs(k)).reduce(1.0) { value, _ in value * phi } }
    let stationary = q / (1 - phi * phi)
    let covariance = Matrix(
      rows: seen.map { i in seen.map { j in tau2 + stationary * power(i - j) + (i == j ? r : 0) } })
    let factor = try covariance.cholesky()
    let errors = seen.map { y[$0] - m }
    let solved = try factor.solve(errors)
    let quadratic = zip(errors, solved).reduce(0) { $0 + $1.0 * $1.1 }
    let logTwoPi = VectorMath.log(2 * Double.pi)
    let expected = -0.5 * (Double(seen.count) * logTwoPi + factor.logDeterminant + quadratic)
    let end = try model.filtered(y)
    #expect(abs(end.logLikelihood - expected) < 1e-12)

    // At the end (t = 7): Cov(level, y) = tau2, Cov(shock, y[i]) = stationary phi^(7 - i).
    let level = seen.map { _ in tau2 }
    let shock = seen.map { stationary * power(7 - $0) }
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    let levelSolved = try factor.solve(level)
    let shockSolved = try factor.solve(shock)
    #expect(abs(end.levelMean - (m + dot(level, solved))) < 1e-12)
    #expect(abs(end.shockMean - dot(shock, solved)) < 1e-12)
    #expect(abs(end.levelVariance - (tau2 - dot(level, levelSolved))) < 1e-12)
    #expect(abs(end.shockVariance - (stationary - dot(shock, shockSolved))) < 1e-12)
    #expect(abs(end.covariance + dot(level, shockSolved)) < 1e-12)

    // Two steps ahead from the same joint normal.
    let ahead = seen.map { tau2 + stationary * power(9 - $0) }
    let prediction = end.predictions(steps: 2)[1]
    #expect(abs(prediction.mean - (m + dot(ahead, solved))) < 1e-12)
    let variance = tau2 + stationary - dot(ahead, try factor.solve(ahead))
    #expect(abs(prediction.signalVariance - variance) < 1e-12)
  }

  @Test func continuingEqualsFilteringTheWhole() throws {
    let model = try AR1PlusNoise(
      mean: 0, levelVariance: 2, persistence: 0.6, innovationVariance: 1, noiseVariance: 0.2)
    let y = [0.5, 1.5, .nan, -1, 2]
    let whole = try model.filtered(y)
    let parts = try model.filtered(Array(y[..<2])).continued(with: Array(y[2...]))
    #expect(whole == parts)
    #expect(try model.start.continued(with: []) == model.start)
  }

  private func panel(scale: Double = 1) -> [[Double]] {
    let stream = RandomStream(seed: 21, id: "ar1-panel", purpose: .innovation)
    return (0..<60).map { series in
      let level = 2 * stream.normal(item: -1, substream: series, draw: 0)
      var shock = stream.normal(item: -2, substream: series, draw: 0) / (1 - 0.49).squareRoot()
      return (0..<18).map { t in
        if t > 0 { shock = 0.7 * shock + stream.normal(item: t, substream: series, draw: 0) }
        let noise = 0.5 * stream.normal(item: 1000 + t, substream: series, draw: 0)
        let missing = (series + t) % 11 == 0
        return missing ? .nan : scale * (level + shock + noise)
      }
    }
  }

  @Test func aPanelRecoversItsParameters() throws {
    let fit = try AR1PlusNoise.fitPanel(series: panel())
    #expect(abs(fit.model.persistence - 0.7) < 0.12)
    #expect(abs(fit.model.innovationVariance.squareRoot() - 1) < 0.2)
    #expect(abs(fit.model.noiseVariance.squareRoot() - 0.5) < 0.3)
    #expect(abs(fit.model.levelVariance.squareRoot() - 2) < 0.6)
    #expect(fit.states.count == 60)
    let sum = fit.states.reduce(0) { $0 + $1.logLikelihood }
    #expect(abs(sum - fit.logLikelihood) < 1e-9)
    // A maximum: moving any parameter lowers the likelihood.
    let best = fit.model
    for factor in [0.97, 1.03] {
      for which in 0..<4 {
        let moved = try AR1PlusNoise(
          mean: 0, levelVariance: best.levelVariance * (which == 0 ? factor : 1),
          persistence: min(0.994, best.persistence * (which == 1 ? factor : 1)),
          innovationVariance: best.innovationVariance * (which == 2 ? factor : 1),
          noiseVariance: best.noiseVariance * (which == 3 ? factor : 1))
        var total = 0.0
        for series in panel() { total += try moved.logLikelihood(series) }
        #expect(total < fit.logLikelihood)
      }
    }
  }

  @Test func rescalingAPanelRescalesItsDeviations() throws {
    let one = try AR1PlusNoise.fitPanel(series: panel())
    let other = try AR1PlusNoise.fitPanel(series: panel(scale: 1e4))
    #expect(abs(one.model.persistence - other.model.persistence) < 1e-3)
    #expect(relativeError(other.model.levelVariance, 1e8 * one.model.levelVariance) < 1e-2)
    #expect(relativeError(other.model.innovationVariance, 1e8 * one.model.innovationVariance) < 1e-2)
  }

  @Test func badInputIsRefused() throws {
    #expect(throws: ForecastError.self) {
      try AR1PlusNoise(mean: 0, persistence: 1, innovationVariance: 1, noiseVariance: 1)
    }
    #expect(throws: ForecastError.self) {
      try AR1PlusNoise(mean: 0, persistence: 0.5, innovationVariance: 0, noiseVariance: 0)
    }
    #expect(throws: ForecastError.self) {
      try AR1PlusNoise(mean: .nan, persistence: 0.5, innovationVariance: 1, noiseVariance: 1)
    }
    let model = try AR1PlusNoise(mean: 0, persistence: 0.5, innovationVariance: 1, noiseVariance: 1)
    #expect(throws: ForecastError.nonFinite(model: "AR1PlusNoise", position: 1)) {
      try model.filtered([1, .infinity])
    }
    #expect(model.start.predictions(steps: 0).isEmpty)
    #expect(throws: ForecastError.tooFewObservations(model: "AR1PlusNoise", needed: 6, found: 0)) {
      try AR1PlusNoise.fitPanel(series: [])
    }
    #expect(throws: ForecastError.self) { try AR1PlusNoise.fitPanel(series: [[1, 1, 1, 1], [1, 1, 1]]) }
    #expect(throws: ForecastError.self) { try AR1PlusNoise.fitPanel(series: [[1, 2], [3, 1], [2, 5]]) }
  }
}
