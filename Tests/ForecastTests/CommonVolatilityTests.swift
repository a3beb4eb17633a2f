import Forecast
import NumericKernels
import Testing

@Suite struct CommonVolatilityTests {
  /// 60 series of 14 periods, twice as turbulent in the second half, some values missing.
  private func panel(scale: Double = 1, turbulence: (Int) -> Double = { $0 < 7 ? -0.35 : 0.35 }) -> [[Double]] {
    let stream = RandomStream(seed: 5, id: "volatility-panel", purpose: .innovation)
    return (0..<60).map { series in
      func normal(_ item: Int) -> Double { stream.normal(item: item, substream: series, draw: 0) }
      let level = 2 * normal(-1)
      var shock = normal(-2) / (1 - 0.49).squareRoot()
      return (0..<14).map { t in
        let factor = VectorMath.exp(turbulence(t))
        if t > 0 { shock = 0.7 * shock + factor * normal(t) }
        let missing = (series + t) % 13 == 0
        return missing ? .nan : scale * (level + shock + 0.6 * factor * normal(1000 + t))
      }
    }
  }

  /// The filter with scales beside the density of the whole series as one normal vector.
  @Test func scaledVariancesGiveTheDensityOfTheVector() throws {
    let (m, tau2, phi, q, r) = (0.3, 1.7, 0.6, 0.9, 0.4)
    let scales = [0.5, 2, 1.3, 3, 0.2]
    let y = [0.5, -1.25, .nan, 2, 0.75]
    let model = try AR1PlusNoise(
      mean: m, levelVariance: tau2, persistence: phi, innovationVariance: q, noiseVariance: r)
    var shock = [q * scales[0] / (1 - phi * phi)]
    for t in 1..<5 { shock.append(phi * phi * shock[t - 1] + q * scales[t]) }
    let seen = [0, 1, 3, 4]
    var covariance = Matrix.identity(4)
    for (a, s) in seen.enumerated() {
      for (b, t) in seen.enumerated() {
        let early = min(s, t)
        var value = tau2 + shock[early]
        for _ in 0..<abs(s - t) { value = tau2 + (value - tau2) * phi }
        covariance[a, b] = value + (s == t ? r * scales[s] : 0)
      }
    }
    let factor = try covariance.cholesky()
    let errors = seen.map { y[$0] - m }
    let solved = try factor.solve(errors)
    let logDeterminant: Double = (0..<4).reduce(0.0) { $0 + 2 * VectorMath.log(factor.lower[$1, $1]) }
    let squares: Double = zip(errors, solved).reduce(0.0) { $0 + $1.0 * $1.1 }
    let expected = -0.5 * (4 * 1.837877066409345484 + logDeterminant + squares)
    let end = try model.filtered(y, scales: scales)
    #expect(abs(end.logLikelihood - expected) < 1e-12)
    // Scales of one, and none, are the same model to the last bit.
    #expect(try model.filtered(y, scales: [1, 1, 1, 1, 1]) == model.filtered(y))
    #expect(throws: ForecastError.self) { try model.filtered(y, scales: [1, -1]) }
    #expect(throws: ForecastError.self) { try model.filtered(y, scales: [.nan]) }
  }

  @Test func aPanelRecoversItsTurbulence() throws {
    let fit = try AR1PlusNoise.fitPanelWithCommonVolatility(series: panel())
    // The first period says where series started, not how turbulent it was.
    for (t, v) in fit.volatility.path.enumerated().dropFirst() {
      #expect(abs(v - (t < 7 ? -0.35 : 0.35)) < 0.27, "\(t): \(v)")
    }
    #expect(abs(fit.volatility.path.dropFirst().reduce(0, +)) < 1e-9)
    #expect(abs(fit.model.persistence - 0.7) < 0.15)
    #expect(abs(fit.model.levelVariance.squareRoot() - 2) < 0.6)
    let observation = (fit.model.innovationVariance + fit.model.noiseVariance).squareRoot()
    #expect(abs(observation - (1.36).squareRoot()) < 0.2)
    let calm = try AR1PlusNoise.fitPanelWithCommonVolatility(series: panel { _ in 0 })
    // About 55 values leave a factor's logarithm uncertain by a tenth.
    let square = calm.volatility.path.dropFirst().reduce(0.0) { $0 + $1 * $1 } / 13
    #expect(square.squareRoot() < 0.17, "\(calm.volatility.path)")
    #expect(calm.volatility.disturbance < fit.volatility.disturbance)
    let constant = try AR1PlusNoise.fitPanel(series: panel())
    #expect(fit.logLikelihood > constant.logLikelihood + 10)
  }

  /// The mode: no change of a factor or a parameter raises the penalised likelihood.
  @Test func theEstimateIsAMaximum() throws {
    let series = panel()
    let prior = CommonVolatility.Prior()
    let fit = try AR1PlusNoise.fitPanelWithCommonVolatility(series: series, prior: prior)
    func value(_ model: AR1PlusNoise, _ path: [Double]) throws -> Double {
      let scales = path.map { VectorMath.exp(2 * $0) }
      var total = 0.0
      for values in series { total += try model.filtered(values, scales: scales).logLikelihood }
      let variance = prior.disturbance * prior.disturbance
      var squares = path[0] * path[0] + path[1] * path[1] * (1 - prior.persistence * prior.persistence) / variance
      for t in 2..<path.count {
        let u = path[t] - prior.persistence * path[t - 1]
        squares += u * u / variance
      }
      return total - 0.5 * squares
    }
    let best = try value(fit.model, fit.volatility.path)
    #expect(abs(fit.states.reduce(0) { $0 + $1.logLikelihood } - fit.logLikelihood) < 1e-9)
    for t in fit.volatility.path.indices {
      for step in [-0.05, 0.05] {
        // The mean stays where it is pinned.
        var path = fit.volatility.path
        path[t] += step
        if t > 0 { path[t == 5 ? 6 : 5] -= step }
        #expect(try value(fit.model, path) < best, "\(t)")
      }
    }
    let m = fit.model
    for factor in [0.95, 1.05] {
      for which in 0..<4 {
        let moved = try AR1PlusNoise(
          mean: 0, levelVariance: m.levelVariance * (which == 0 ? factor : 1),
          persistence: m.persistence * (which == 1 ? factor : 1),
          innovationVariance: m.innovationVariance * (which == 2 ? factor : 1),
          noiseVariance: m.noiseVariance * (which == 3 ? factor : 1))
        #expect(try value(moved, fit.volatility.path) < best, "\(which)")
      }
    }
  }

  @Test func rescalingThePanelLeavesItsTurbulence() throws {
    let one = try AR1PlusNoise.fitPanelWithCommonVolatility(series: panel())
    let other = try AR1PlusNoise.fitPanelWithCommonVolatility(series: panel(scale: 1e4))
    for (a, b) in zip(one.volatility.path, other.volatility.path) { #expect(abs(a - b) < 1e-3) }
    #expect(abs(other.model.innovationVariance / one.model.innovationVariance / 1e8 - 1) < 0.01)
  }

  private func volatility(_ path: [Double], _ disturbance: Double = 0.3) throws -> CommonVolatility {
    try CommonVolatility(
      path: path, prior: .init(persistence: 0.8, disturbance: disturbance, periods: 1e6), observations: 60)
  }

  /// Hardly any disturbance and many series: the law is the normal one of the filter.
  @Test func withoutDisturbanceTheQuantilesAreNormal() throws {
    let model = try AR1PlusNoise(
      mean: 0, levelVariance: 2, persistence: 0.6, innovationVariance: 1, noiseVariance: 0.5)
    let state = try model.filtered([0.5, 1.5, .nan, -1])
    let calm = try CommonVolatility(
      path: [0, 0, 0], prior: .init(persistence: 0.8, disturbance: 1e-9, periods: 10), observations: 1_000_000_000)
    let quantiles = calm.forecastQuantiles([0.025, 0.5, 0.9, 0.975], of: state, steps: 3)
    for (step, prediction) in state.predictions(steps: 3).enumerated() {
      let deviation = prediction.observationVariance.squareRoot()
      for (found, z) in zip(quantiles[step], [-1.959963984540054, 0, 1.2815515655446004, 1.959963984540054]) {
        #expect(abs(found - z * deviation) < 1e-4 * deviation)
      }
    }
  }

  /// Beside paths drawn here with numbers of their own.
  @Test func quantilesAreThoseOfTheMixture() throws {
    let model = try AR1PlusNoise(
      mean: 0, levelVariance: 0.5, persistence: 0.7, innovationVariance: 1, noiseVariance: 0.8)
    let state = try model.filtered([0.5, 1.5, -1])
    let volatility = try volatility([0, 0.2, 0.4], 0.4)
    let probabilities = [0.005, 0.025, 0.1, 0.25, 0.75, 0.9, 0.975, 0.995]
    let quantiles = volatility.forecastQuantiles(probabilities, of: state, steps: 3)
    let stream = RandomStream(seed: 77, id: "reference", purpose: .model)
    let draws = 60_000
    var errors = [[Double]](repeating: [], count: 3)
    for d in 0..<draws {
      func normal(_ item: Int) -> Double { stream.normal(item: item, draw: d) }
      let first = normal(0)
      let level = state.levelVariance.squareRoot() * first
      let slope = state.covariance / state.levelVariance.squareRoot()
      var shock = slope * first + (state.shockVariance - slope * slope).squareRoot() * normal(1)
      var v = 0.4 + volatility.lastError * normal(2)
      for step in 0..<3 {
        v = 0.8 * v + volatility.disturbance * normal(10 + step)
        let factor = VectorMath.exp(v)
        shock = 0.7 * shock + factor * normal(20 + step)
        errors[step].append(level + shock + (0.8).squareRoot() * factor * normal(30 + step))
      }
    }
    for step in 0..<3 {
      for (p, q) in zip(probabilities, quantiles[step]) {
        let share = Double(errors[step].count { $0 <= q }) / Double(draws)
        // Four standard errors of the share, and what the finite number of futures leaves.
        #expect(abs(share - p) < 4 * (p * (1 - p) / Double(draws)).squareRoot() + 0.03 * min(p, 1 - p), "\(step) \(p)")
      }
      // Symmetric, increasing, and with heavier tails than a normal law.
      for (a, b) in zip(quantiles[step], quantiles[step].reversed()) { #expect(abs(a + b) < 1e-9) }
      for (a, b) in zip(quantiles[step], quantiles[step].dropFirst()) { #expect(a < b) }
      #expect(quantiles[step][7] / quantiles[step][4] > 1.1 * 2.5758293 / 0.6744898)
    }
  }

  @Test func turbulenceFadesToItsMean() throws {
    let volatility = try volatility([0, 0.2, 1])
    #expect(zip(volatility.medianScales(steps: 2), [1.6, 1.28]).allSatisfy { abs($0 - VectorMath.exp($1)) < 1e-12 })
    #expect(volatility.medianScales(steps: 0).isEmpty)
    #expect(try volatility.known(periods: 2).path == [0, 0.2])
    #expect(try volatility.known(periods: 2).disturbance == volatility.disturbance)
    #expect(throws: ForecastError.self) { try volatility.known(periods: 4) }
    #expect(throws: ForecastError.self) { try volatility.known(periods: 0) }
    // Sums of squares of prior and path, over their degrees of freedom less two.
    let own = try CommonVolatility(
      path: [9, 0.1, 0.48, 0.084], prior: .init(persistence: 0.8, disturbance: 0.3, periods: 4), observations: 50)
    #expect(abs(own.disturbance - ((4 * 0.09 + 0.4 * 0.4 + 0.3 * 0.3) / 4).squareRoot()) < 1e-12)
    #expect(abs(own.lastError - 0.1) < 1e-12)
  }

  @Test(arguments: [
    CommonVolatility.Prior(persistence: 1), .init(persistence: -0.1), .init(disturbance: 0),
    .init(disturbance: .infinity), .init(periods: 2), .init(persistence: .nan),
  ])
  func badPriorsAreRefused(prior: CommonVolatility.Prior) {
    #expect(throws: ForecastError.self) { try CommonVolatility(path: [0, 0, 0], prior: prior, observations: 9) }
    #expect(throws: ForecastError.self) {
      try AR1PlusNoise.fitPanelWithCommonVolatility(series: panel(), prior: prior)
    }
  }

  @Test func badPanelsAreRefused() {
    #expect(throws: ForecastError.tooFewObservations(model: "AR1PlusNoise", needed: 6, found: 0)) {
      try AR1PlusNoise.fitPanelWithCommonVolatility(series: [])
    }
    #expect(throws: ForecastError.self) {
      try AR1PlusNoise.fitPanelWithCommonVolatility(series: [[1, 1, 1, 1], [1, 1, 1]])
    }
    #expect(throws: ForecastError.nonFinite(model: "AR1PlusNoise", position: 1)) {
      try AR1PlusNoise.fitPanelWithCommonVolatility(series: [[0, .infinity, 1], [1, 2, 4]])
    }
    #expect(throws: ForecastError.self) { try CommonVolatility(path: [0, 0], prior: .init(), observations: 9) }
  }
}
