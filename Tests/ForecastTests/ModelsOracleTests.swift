import Forecast
import NumericKernels
import ReferenceValues
import Testing

/// Against R's package forecast: `Tests/Fixtures/models.json` says which calls.
@Suite struct ModelsOracleTests {
  let series: [ReferenceTree.Node]

  init() throws {
    series = try ReferenceTree("models").root["series"].list
    #expect(series.count == 10)
  }

  private static let z = (inner: VectorMath.normalQuantile(0.9), outer: VectorMath.normalQuantile(0.975))

  /// Compares means and bands with R's, relative to the size of the values.
  private func expectAgreement(
    _ forecast: LinearForecast, _ reference: ReferenceTree.Node, tolerance: Double, _ id: String
  ) {
    let mean = reference["mean"].numbers
    let size = mean.map(abs).max() ?? 0
    #expect(largestDistance(forecast.mean, mean, floor: size) < tolerance, "\(id) mean")
    let deviations = forecast.standardDeviations
    for (key, z) in [
      ("lower80", -Self.z.inner), ("upper80", Self.z.inner), ("lower95", -Self.z.outer), ("upper95", Self.z.outer),
    ] {
      let bound = zip(forecast.mean, deviations).map { $0 + z * $1 }
      #expect(largestDistance(bound, reference[key].numbers, floor: size) < tolerance, "\(id) \(key)")
    }
  }

  @Test func randomWalkIsRsNaive() throws {
    for one in series {
      let model = try RandomWalk(fitting: one["y"].numbers)
      let sigma = try #require(one["naive"]["sigma"].number)
      #expect(relativeDistance(model.innovationVariance.squareRoot(), sigma) < 1e-12, "\(one["id"].text)")
      expectAgreement(try model.linearForecast(horizon: 6), one["naive"], tolerance: 1e-12, one["id"].text)
    }
  }

  @Test func randomWalkWithDriftIsRsRwf() throws {
    for one in series {
      let model = try RandomWalkWithDrift(fitting: one["y"].numbers)
      let reference = one["drift"]
      // The deviations of an exact line are rounding noise in both programs.
      #expect(relativeDistance(model.drift, try #require(reference["drift"].number), floor: 1e-14) < 1e-12)
      #expect(
        relativeDistance(model.driftStandardError, try #require(reference["drift_se"].number), floor: 1e-3) < 1e-11)
      expectAgreement(try model.linearForecast(horizon: 6), reference, tolerance: 1e-12, one["id"].text)
    }
  }

  @Test func likelihoodOfDampedTrendAtGivenParametersIsRs() throws {
    var compared = 0
    for one in series {
      let y = one["y"].numbers
      for key in ["likelihood_at_fit", "likelihood_at_given"] {
        let reference = one["ets_aadn"][key]
        guard let expected = reference["loglik"].number else { continue }
        let at = key == "likelihood_at_fit" ? one["ets_aadn"] : reference
        let model = try DampedTrend(
          fitting: y,
          parameters: .init(
            smoothingLevel: try #require(at["alpha"].number), smoothingTrend: try #require(at["beta"].number),
            damping: try #require(at["phi"].number)), initialLevel: try #require(at["l0"].number),
          initialTrend: try #require(at["b0"].number))
        // On an exact line the errors themselves are rounding.
        #expect(relativeDistance(model.logLikelihood, expected) < 1e-9, "\(one["id"].text) \(key)")
        if key == "likelihood_at_fit" {
          let scale = try #require(one["ets_aadn"]["sigma2"].number)
          #expect(relativeDistance(model.innovationVariance, scale) < 1e-8, "\(one["id"].text) sigma2")
          let size = one["ets_aadn"]["forecast"]["mean"].numbers.map(abs).max() ?? 0
          #expect(
            largestDistance(model.residuals, one["ets_aadn"]["residuals"].numbers, floor: size) < 1e-9,
            "\(one["id"].text) residuals")
          expectAgreement(
            try model.linearForecast(horizon: 6), one["ets_aadn"]["forecast"], tolerance: 1e-9, one["id"].text)
        }
        compared += 1
      }
    }
    #expect(compared >= 14)
  }

  @Test func likelihoodOfSmoothingAtGivenParametersIsRs() throws {
    var compared = 0
    for one in series {
      for key in ["likelihood_at_fit", "likelihood_at_given"] {
        let reference = one["ets_ann"][key]
        guard let expected = reference["loglik"].number else { continue }
        let at = key == "likelihood_at_fit" ? one["ets_ann"] : reference
        let model = try SimpleExponentialSmoothing(
          fitting: one["y"].numbers, smoothingLevel: try #require(at["alpha"].number),
          initialLevel: try #require(at["l0"].number))
        #expect(relativeDistance(model.logLikelihood, expected) < 1e-9, "\(one["id"].text) \(key)")
        if key == "likelihood_at_fit" {
          expectAgreement(
            try model.linearForecast(horizon: 6), one["ets_ann"]["forecast"], tolerance: 1e-9, one["id"].text)
        }
        compared += 1
      }
    }
    #expect(compared >= 14)
  }

  /// R stops at a local optimum on several of these series; the second mark is the best of a wide search in Python.
  @Test func optimumIsNoWorse() throws {
    var compared = 0
    for one in series {
      let y = one["y"].numbers
      if let best = one["ets_aadn"]["best_known"]["loglik"].number {
        let found = try DampedTrend(fitting: y).logLikelihood
        #expect(found > best - 1e-4, "\(one["id"].text) damped: \(found) against \(best)")
        compared += 1
      }
      if let theirs = one["ets_aadn"]["loglik"].number {
        #expect(try DampedTrend(fitting: y).logLikelihood > theirs - 1e-6, "\(one["id"].text) damped against R")
      }
      if let best = one["ets_ann"]["best_known"]["loglik"].number {
        let found = try SimpleExponentialSmoothing(fitting: y).logLikelihood
        #expect(found > best - 1e-6, "\(one["id"].text) smoothing: \(found) against \(best)")
        compared += 1
      }
      if let theirs = one["ets_ann"]["loglik"].number {
        #expect(try SimpleExponentialSmoothing(fitting: y).logLikelihood > theirs - 1e-6, "\(one["id"].text) against R")
      }
    }
    #expect(compared >= 12)
  }

  /// The mean needs the last level and alpha only, so it agrees wherever R's smoothing has found the same alpha.
  @Test func thetaIsRsThetaf() throws {
    var compared = 0
    for one in series {
      let model = try Theta(fitting: one["y"].numbers)
      let reference = one["theta"]
      let size = reference["mean"].numbers.map(abs).max() ?? 0
      #expect(relativeDistance(model.drift, try #require(reference["drift"].number), floor: 1e-3 * size) < 1e-9)
      guard let alpha = reference["ses_alpha"].number, abs(model.smoothing.smoothingLevel - alpha) < 1e-3 else {
        continue
      }
      let forecast = try model.linearForecast(horizon: 6)
      #expect(largestDistance(forecast.mean, reference["mean"].numbers, floor: size) < 1e-4, "\(one["id"].text)")
      compared += 1
    }
    #expect(compared >= 6)
  }

  /// With R's alpha and level put in, the rest of theta is exact.
  @Test func stepsOfThetaAreRs() throws {
    for one in series {
      let y = one["y"].numbers
      let reference = one["theta"]
      guard let alpha = reference["ses_alpha"].number, let level = reference["ses_last_level"].number else { continue }
      let slope = try #require(reference["drift"].number)
      let lag = (1 - power(1 - alpha, y.count)) / max(alpha, 1e-10)
      let expected = (0..<6).map { level + slope * (Double($0) + lag) }
      let size = expected.map(abs).max() ?? 0
      #expect(largestDistance(expected, reference["mean"].numbers, floor: size) < 1e-9, "\(one["id"].text)")
      let model = try Theta(fitting: y)
      let ours = model.smoothing.smoothingLevel
      #expect(
        relativeDistance(
          model.firstStep, model.drift * (1 - power(1 - ours, y.count)) / ours, floor: 1e-9 * size) < 1e-9)
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }
}
