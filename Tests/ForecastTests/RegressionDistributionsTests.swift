import Forecast
import Foundation
import NumericKernels
import ReferenceValues
import Testing

/// Reference values: mpmath 1.3.0 at 40 digits, arguments taken as the exact doubles.
@Suite struct RegressionDistributionsTests {
  private struct VectorMathReference: Decodable {
    struct Table: Decodable {
      var x: [Double]
      var y: [Double]
    }
    var normalCdf: Table
  }

  @Test func normalTailsAreRelativelyAccurate() throws {
    let table = try ReferenceFile.decode(VectorMathReference.self, from: "vector_math.json").normalCdf
    #expect(table.x.count > 200)
    for (x, y) in zip(table.x, table.y) where y > 1e-307 {
      #expect(relativeError(Distributions.normalCDF(x), y) < 1e-15 * max(4, x * x))
    }
    #expect(Distributions.normalTwoSided(0) == 1)
    #expect(Distributions.normalTwoSided(-1.959963984540054) == Distributions.normalTwoSided(1.959963984540054))
    #expect(abs(Distributions.normalTwoSided(1.959963984540054) - 0.05) < 1e-16)
  }

  @Test func studentTailsAgreeWithMpmath() {
    let reference: [(Double, Double, Double)] = [
      (1.0, 0.5, 0.7048327646991335),
      (1.0, 1000000.0, 6.366197723673691e-07),
      (2.0, -3.25, 0.08305069938382226),
      (3.0, 0.001, 0.9992648949694609),
      (4.5, 12.0, 0.0001378319765327304),
      (8.0, 2.306, 0.05000032276128422),
      (30.0, -0.75, 0.45909654567432995),
      (62.0, 1.669, 0.10015996446597147),
      (62.0, 9.0, 7.431760460794767e-13),
      (495.0, 2.5, 0.012741815885944606),
      (10000.0, 4.0, 6.379866882313963e-05),
      (1000000.0, -1.5, 0.13361471823679277),
      (1000000.0, 6.0, 1.9738498123544347e-09),
    ]
    for (degrees, t, expected) in reference {
      let found = Distributions.studentTTwoSided(t, degreesOfFreedom: degrees)
      #expect(relativeError(found, expected) < 2e-13, "t \(t), \(degrees) degrees: \(found) for \(expected)")
      let half = expected / 2
      let cdf = Distributions.studentTCDF(t, degreesOfFreedom: degrees)
      #expect(abs(cdf - (t > 0 ? 1 - half : half)) < 1e-13)
    }
  }

  @Test func studentEdgeCases() {
    #expect(Distributions.studentTCDF(0, degreesOfFreedom: 5) == 0.5)
    #expect(Distributions.studentTCDF(.infinity, degreesOfFreedom: 5) == 1)
    #expect(Distributions.studentTTwoSided(1e200, degreesOfFreedom: 5) == 0)
    #expect(Distributions.studentTTwoSided(1, degreesOfFreedom: 0).isNaN)
    #expect(Distributions.studentTTwoSided(.nan, degreesOfFreedom: 3).isNaN)
    #expect(
      Distributions.studentTTwoSided(1.25, degreesOfFreedom: .infinity) == Distributions.normalTwoSided(1.25))
    // Cauchy: closed form.
    #expect(abs(Distributions.studentTCDF(1, degreesOfFreedom: 1) - 0.75) < 1e-15)
  }

  @Test func incompleteBetaAgreesWithMpmath() {
    let reference: [(Double, Double, Double, Double)] = [
      (2.0, 3.0, 0.25, 0.26171875),
      (0.5, 0.5, 0.01, 0.06376856085851985),
      (10.0, 0.1, 0.875, 0.015737019405128734),
      (40.0, 60.0, 0.5, 0.9780623532064924),
      (1.0, 1.0, 0.3125, 0.3125),
    ]
    for (a, b, x, expected) in reference {
      #expect(relativeError(Distributions.regularizedBeta(x, a, b), expected) < 1e-13)
    }
    #expect(Distributions.regularizedBeta(-0.1, 1, 1).isNaN)
  }

  @Test func logGammaAgreesWithMpmath() {
    let reference: [(Double, Double)] = [
      (1e-08, 18.42068073818021), (0.125, 2.0194183575537963), (0.5, 0.5723649429247001), (1.0, 0.0),
      (1.5, -0.12078223763524522), (2.0, 0.0), (2.75, 0.47521466691493713), (7.0, 6.579251212010101),
      (11.5, 16.292000476567242), (12.0, 17.502307845873887), (40.25, 107.55163153760464), (171.0, 706.5730622457874),
      (1000.0, 5905.220423209181), (123456.5, 1323898.630662737), (10000000000.0, 220258509288.81058),
    ]
    for (x, expected) in reference {
      let found = Distributions.logGamma(x)
      #expect(abs(found - expected) <= max(1e-14, 1e-15 * abs(expected)), "log gamma of \(x): \(found) for \(expected)")
    }
    #expect(Distributions.logGamma(0) == .infinity && Distributions.logGamma(-1).isNaN)
  }

  @Test func gammaQuantilesAgreeWithMpmath() {
    let reference: [(Double, Double, Double)] = [
      (0.05, 0.5, 5.573878440746248e-07),
      (0.05, 0.01, 5.844632057286532e-41),
      (0.5, 0.1, 0.007895387046715613),
      (0.5, 0.999, 5.4137830853313655),
      (1.0, 0.25, 0.2876820724517809),
      (1.0, 0.9999999999990905, 27.725887222397812),
      (2.5, 1e-10, 0.00016167785731248467),
      (2.5, 0.5, 2.1757300955477636),
      (2.5, 0.975, 6.416250997015013),
      (11.75, 0.025, 6.02204044685878),
      (11.75, 0.9, 16.301044228025116),
      (12.5, 0.5, 12.16829334894215),
      (100.0, 0.3, 94.52429935888071),
      (100.0, 1e-06, 59.43632069812289),
      (10000.0, 0.99, 10234.104379158054),
      (1000000.0, 0.2, 999158.2816889615),
      (0.3, 0.9999999, 13.169215760216439),
    ]
    for (shape, uniform, expected) in reference {
      let found = Distributions.gammaQuantile(shape: shape, uniform: uniform)
      #expect(relativeError(found, expected) < 1e-12, "shape \(shape) at \(uniform): \(found) for \(expected)")
    }
    #expect(Distributions.gammaQuantile(shape: 2, uniform: 0) == 0)
    #expect(Distributions.gammaQuantile(shape: 2, uniform: 1) == .infinity)
    #expect(Distributions.gammaQuantile(shape: -2, uniform: 0.5).isNaN)
    #expect(Distributions.gammaQuantile(shape: 2, uniform: .nan).isNaN)
    #expect(Distributions.gammaQuantile(shape: 1e-5, uniform: 0.01) == 0)
  }

  @Test func gammaQuantileInvertsTheTails() {
    let stream = RandomStream(seed: 5, id: "gamma-quantile", purpose: .model)
    for draw in 0..<400 {
      let shape = VectorMath.exp(-3 + 10 * stream.uniform(item: 0, draw: draw))
      let uniform = stream.uniform(item: 1, draw: draw)
      let tails = Distributions.gammaTails(
        shape: shape, Distributions.gammaQuantile(shape: shape, uniform: uniform))
      #expect(abs(tails.lower - uniform) < 1e-11, "shape \(shape) at \(uniform)")
    }
  }

  @Test func poissonQuantilesAreTheSmallestReachingCount() {
    let stream = RandomStream(seed: 6, id: "poisson-quantile", purpose: .model)
    for mean in [0.03, 0.5, 3, 11.5, 15.9, 16, 40, 250, 3000] {
      // The distribution function by direct summation of logarithms.
      var cumulated = 0.0
      var steps: [Double] = []
      for k in 0...Int(mean + 12 * mean.squareRoot() + 30) {
        cumulated += VectorMath.exp(Double(k) * VectorMath.log(mean) - mean - Distributions.logGamma(Double(k) + 1))
        steps.append(cumulated)
      }
      for draw in 0..<200 {
        let uniform = stream.uniform(item: 0, draw: draw)
        let expected = steps.firstIndex { $0 >= uniform } ?? -1
        #expect(Distributions.poissonQuantile(mean: mean, uniform: uniform) == Double(expected))
      }
    }
  }

  @Test func poissonQuantileEdgesAndTails() {
    #expect(Distributions.poissonQuantile(mean: 0, uniform: 0.9) == 0)
    #expect(Distributions.poissonQuantile(mean: 5, uniform: 0) == 0)
    #expect(Distributions.poissonQuantile(mean: 5, uniform: 1) == .infinity)
    #expect(Distributions.poissonQuantile(mean: -1, uniform: 0.5).isNaN)
    #expect(Distributions.poissonQuantile(mean: .nan, uniform: 0.5).isNaN)
    #expect(Distributions.poissonQuantile(mean: 5, uniform: .nan).isNaN)
    // 1 - 2^-53 at mean 0.001: P(N > 4) = 8e-18 < 1.1e-16 < P(N > 3) = 4e-14 (leading terms mean^5/120 and mean^4/24).
    #expect(Distributions.poissonQuantile(mean: 0.001, uniform: 1 - 0x1p-53) == 4)
    // Just above the whole probability of zero, a mean of 1e-3 gives one.
    #expect(Distributions.poissonQuantile(mean: 0.001, uniform: 0.9995) == 1)
    var previous = 0.0
    for step in 1..<2000 {
      let value = Distributions.poissonQuantile(mean: 0.02 * Double(step), uniform: 0.73)
      #expect(value >= previous)
      previous = value
    }
    let large = Distributions.poissonQuantile(mean: 1e9, uniform: 0.5)
    #expect(abs(large - 1e9) <= 1)
  }
}

@Suite struct RegressionGammaPoissonTests {
  @Test func withoutDiscountItIsTheConjugateUpdate() throws {
    var level = try GammaPoisson(discount: 1, priorShape: 2, priorRate: 0.5)
    for count in [3, 0, 5] { try level.observe(count) }
    #expect(level.shape == 10 && level.rate == 3.5)
    #expect(abs(level.predictiveMean - 10 / 3.5) < 1e-15)
    let expected = 10 / 3.5 * (1 + 1 / 3.5)
    #expect(abs(level.predictiveVariance() - expected) < 1e-14)
  }

  @Test func discountingForgetsAndWidens() throws {
    var level = try GammaPoisson(discount: 0.5, priorShape: 2, priorRate: 1)
    try level.observe(4)
    #expect(level.shape == 5 && level.rate == 1.5)
    try level.observe(nil)
    #expect(level.shape == 2.5 && level.rate == 0.75)
    let next = level.level(steps: 2)
    #expect(next.shape == 0.625 && next.rate == 0.1875)
    #expect(level.predictiveVariance(steps: 2) > level.predictiveVariance(steps: 1))
    #expect(level.drawLevel(uniform: 0.9) > level.drawLevel(uniform: 0.1))
  }

  @Test func theLogPredictiveIsTheNegativeBinomial() throws {
    // Shape 2, rate 1: P(N = k) = (k + 1) / 2^(k + 2).
    for k in 0..<30 {
      let expected = Double(k + 1) * pow(0.5, Double(k + 2))
      let found = VectorMath.exp(GammaPoisson.logProbability(Double(k), shape: 2, rate: 1))
      #expect(relativeError(found, expected) < 1e-13)
    }
    var level = try GammaPoisson(discount: 1, priorShape: 2, priorRate: 1)
    try level.observe(3)
    #expect(abs(level.logPredictive - log(4.0 / 32)) < 1e-14)
  }

  @Test func badInputIsRefused() throws {
    #expect(throws: ForecastError.self) { try GammaPoisson(discount: 0) }
    #expect(throws: ForecastError.self) { try GammaPoisson(discount: 1.1) }
    #expect(throws: ForecastError.self) { try GammaPoisson(discount: 0.9, priorShape: .nan) }
    var level = try GammaPoisson(discount: 0.9)
    #expect(throws: ForecastError.badDesign(model: "GammaPoisson", reason: "a count is -2, below zero")) {
      try level.observe(-2)
    }
  }
}
