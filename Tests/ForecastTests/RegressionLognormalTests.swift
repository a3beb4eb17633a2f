import Forecast
import NumericKernels
import ReferenceValues
import Testing

@Suite struct RegressionLognormalTests {
  private struct Reference: Decodable {
    struct Total: Decodable {
      var n: Int
      var sigma: Double
      var mean: Double
      var meanSe: Double
      var median: Double
      var medianSe: Double
      var sd: Double
      var sdSe: Double
    }
    var totals: [Total]
  }

  @Test func momentsAgreeWithSimulation() throws {
    let totals = try ReferenceFile.decode(Reference.self, from: "lognormal_totals.json").totals
    #expect(totals.count == 24)
    for row in totals {
      var law = try LognormalSum(sigma: row.sigma)
      let moments = try law.moments(count: row.n)
      let label = "n \(row.n), sigma \(row.sigma)"
      #expect(abs(moments.mean - row.mean) < 4 * row.meanSe, "\(label)")
      #expect(abs(moments.standardDeviation - row.sd) < 4 * row.sdSe, "\(label)")
      #expect(abs(try law.quantile(count: row.n, 0.5) - row.median) < 4 * row.medianSe, "\(label)")
    }
  }

  @Test func oneTermIsNormal() throws {
    for sigma in [0.3, 1.0, 2.6] {
      var law = try LognormalSum(sigma: sigma)
      for z in [-12.0, -6.03, -1.7, 0, 0.004, 2.2, 7.77, 15] {
        let expected = -0.5 * z * z - VectorMath.log(sigma) - 0.918938533204672742
        #expect(abs(try law.logDensity(count: 1, at: sigma * z) - expected) < 1e-9 * max(1, z * z))
      }
      #expect(abs(try law.quantile(count: 1, 0.975) - 1.959963984540054 * sigma) < 1e-4 * sigma)
    }
  }

  /// The density of two terms by direct quadrature: x = log S, t = the share of the first term on the logit scale.
  @Test func twoTermsByQuadrature() throws {
    for sigma in [0.6, 1.4, 2.6] {
      var law = try LognormalSum(sigma: sigma)
      for z in [-2.5, -1.0, 0.3, 1.5, 3.0] {
        let value = 0.69 + sigma * z
        var sum = 0.0
        let step = 0.01
        for k in -6000...6000 {
          let t = Double(k) * step
          // The logs of the two terms: value - log(1 + e^-t) and value - log(1 + e^t).
          let a = value - (t > 0 ? softplus(-t) : softplus(t) - t)
          let b = value - (t > 0 ? t + softplus(-t) : softplus(t))
          sum += VectorMath.exp(-0.5 * (a * a + b * b) / (sigma * sigma))
        }
        let density = sum * step / (2 * Double.pi * sigma * sigma)
        let found = VectorMath.exp(try law.logDensity(count: 2, at: value))
        #expect(relativeError(found, density) < 2e-5, "sigma \(sigma), z \(z): \(found) for \(density)")
      }
    }
  }

  private func softplus(_ x: Double) -> Double { VectorMath.log(1 + VectorMath.exp(x)) }

  /// E S = n exp(sigma²/2) and Var S exactly, from the tables.
  @Test func arithmeticMomentsAreExact() throws {
    for (sigma, count) in [(0.6, 7), (0.6, 60), (0.8, 500), (0.4, 33)] {
      var law = try LognormalSum(sigma: sigma)
      let moments = try law.moments(count: count)
      let step = moments.standardDeviation / 40
      var first = 0.0
      var second = 0.0
      for k in -600...900 {
        let value = moments.mean + Double(k) * step
        let density = VectorMath.exp(try law.logDensity(count: count, at: value))
        first += density * VectorMath.exp(value) * step
        second += density * VectorMath.exp(2 * value) * step
      }
      let n = Double(count)
      let mean = n * VectorMath.exp(0.5 * sigma * sigma)
      let variance = n * VectorMath.exp(sigma * sigma) * (VectorMath.exp(sigma * sigma) - 1)
      #expect(relativeError(first, mean) < 1e-5, "n \(count), sigma \(sigma)")
      #expect(relativeError(second - first * first, variance) < 2e-3, "n \(count), sigma \(sigma)")
    }
  }

  @Test func countsBetweenTheConvolvedOnesAgreeWithSimulation() throws {
    // 45 lies between 44 and 48; the heavy tail is the hard case.
    var law = try LognormalSum(sigma: 2.3)
    let moments = try law.moments(count: 45)
    let stream = RandomStream(seed: 8, id: "sum-of-45", purpose: .size)
    let draws = 40_000
    var sums = [Double](repeating: 0, count: draws)
    var normals = [Double](repeating: 0, count: draws)
    for term in 0..<45 {
      normals.withUnsafeMutableBufferPointer { stream.normals(item: term, firstDraw: 0, into: $0) }
      for draw in 0..<draws { sums[draw] += VectorMath.exp(2.3 * normals[draw]) }
    }
    let logs = VectorMath.log(sums)
    let deviation = Reductions.standardDeviation(logs)
    #expect(abs(moments.mean - Reductions.mean(logs)) < 4 * deviation / 200)
    #expect(abs(moments.standardDeviation / deviation - 1) < 0.025)
    let median = try law.quantile(count: 45, 0.5)
    let share = Double(logs.count { $0 < median }) / Double(draws)
    #expect(abs(share - 0.5) < 4 * 0.5 / 200)
  }

  /// Thirty units with nine years each, drawn from known parameters.
  private func simulated(scale: Double = 1) -> [LognormalTotals.Observation] {
    let stream = RandomStream(seed: 11, id: "lognormal-totals", purpose: .size)
    var result: [LognormalTotals.Observation] = []
    for unit in 0..<30 {
      let location = 1.5 + 0.8 * stream.normal(item: unit, substream: 1, draw: 0)
      for year in 0..<9 {
        let count = Int(
          Distributions.poissonQuantile(
            mean: 1 + Double(unit % 7), uniform: stream.uniform(item: unit, substream: 2, draw: year)))
        var total = 0.0
        for project in 0..<count {
          let z = stream.normal(item: unit * 100 + year, substream: 3, draw: project)
          total += VectorMath.exp(location + 1.6 * z)
        }
        result.append(.init(unit: "u\(unit)", count: count, total: scale * total))
      }
    }
    return result
  }

  @Test func knownParametersAreRecovered() throws {
    let observations = simulated()
    let fit = try LognormalTotals(fitting: observations)
    #expect(fit.sigmaStandardError > 0.03 && fit.sigmaStandardError < 0.2)
    #expect(abs(fit.sigma - 1.6) < 3 * fit.sigmaStandardError)
    #expect(abs(fit.mean - 1.5) < 3 * fit.meanStandardError)
    #expect(fit.betweenDeviation > 0.4 && fit.betweenDeviation < 1.3)
    let stream = RandomStream(seed: 11, id: "lognormal-totals", purpose: .size)
    var inside = 0
    for unit in 0..<30 {
      let own = fit.location(of: "u\(unit)")
      let truth = 1.5 + 0.8 * stream.normal(item: unit, substream: 1, draw: 0)
      if abs(own.mean - truth) < 2 * own.standardError { inside += 1 }
    }
    #expect(inside >= 25)
    let stranger = fit.location(of: "elsewhere")
    #expect(stranger.mean == fit.mean && stranger.standardError > fit.betweenDeviation)
  }

  @Test func rescalingTotalsShiftsLocationsOnly() throws {
    let one = try LognormalTotals(fitting: simulated())
    let other = try LognormalTotals(fitting: simulated(scale: 1000).reversed())
    #expect(abs(one.sigma - other.sigma) < 2e-4)
    #expect(abs(other.mean - one.mean - VectorMath.log(1000)) < 1e-3)
    #expect(abs(one.betweenDeviation - other.betweenDeviation) < 1e-3)
    let (a, b) = (one.location(of: "u3"), other.location(of: "u3"))
    #expect(abs(b.mean - a.mean - VectorMath.log(1000)) < 1e-3 && abs(a.standardError - b.standardError) < 1e-3)
  }

  @Test func singleProjectsGiveTheNormalEstimates() throws {
    // Counts of one show sizes directly: maximum likelihood is the mean and the standard deviation with divisor n.
    let logs = [0.5, 1.25, -0.75, 2, 1.5, -0.25]
    let fit = try LognormalTotals(
      fitting: logs.map { .init(unit: "a", count: 1, total: VectorMath.exp($0)) })
    let mean = logs.reduce(0, +) / 6
    let variance = logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 6
    #expect(abs(fit.sigma - variance.squareRoot()) < 1e-4)
    #expect(abs(fit.mean - mean) < 1e-6 && fit.betweenDeviation == 0)
    #expect(abs(fit.meanStandardError - (variance / 6).squareRoot()) < 1e-4)
    #expect(abs(fit.sigmaStandardError - (variance / 12).squareRoot()) < 0.01)
  }

  @Test func shrinkageWithKnownSigmaIsTheNormalRule() throws {
    // All counts one: unit means are normal with variance sigma²/n, so the posterior is known in closed form.
    let stream = RandomStream(seed: 3, id: "shrinkage", purpose: .size)
    var observations: [LognormalTotals.Observation] = []
    for unit in 0..<20 {
      for year in 0..<(2 + unit % 4) {
        let log = 2 + stream.normal(item: unit, draw: 0) + stream.normal(item: unit, substream: 1, draw: year)
        observations.append(.init(unit: "\(unit)", count: 1, total: VectorMath.exp(log)))
      }
    }
    let fit = try LognormalTotals(fitting: observations, sigma: 1)
    #expect(fit.sigma == 1 && fit.sigmaStandardError == 0)
    let tau2 = fit.betweenDeviation * fit.betweenDeviation
    for unit in 0..<20 {
      let logs = observations.filter { $0.unit == "\(unit)" }.map { VectorMath.log($0.total) }
      let precision = Double(logs.count) + 1 / tau2
      let expected = (logs.reduce(0, +) + fit.mean / tau2) / precision
      let own = fit.location(of: "\(unit)")
      #expect(abs(own.mean - expected) < 1e-6 && abs(own.standardError - (1 / precision).squareRoot()) < 1e-6)
    }
  }

  @Test func unusableYearsAreCounted() throws {
    var observations = [1.0, 3, 2, 9].map { LognormalTotals.Observation(unit: "a", count: 1, total: $0) }
    observations.append(.init(unit: "a", count: 2, total: 0))
    observations.append(.init(unit: "a", count: 1, total: -4))
    observations.append(.init(unit: "a", count: 0, total: 5))
    observations.append(.init(unit: "a", count: 0, total: 0))
    let fit = try LognormalTotals(fitting: observations)
    #expect(fit.usedCount == 4 && fit.droppedCount == 3)
    let single = [LognormalTotals.Observation(unit: "a", count: 1, total: 5)]
    #expect(throws: ForecastError.self) { try LognormalTotals(fitting: single) }
    let known = try LognormalTotals(fitting: single, sigma: 1.5)
    #expect(abs(known.mean - VectorMath.log(5)) < 1e-6 && abs(known.meanStandardError - 1.5) < 1e-4)
    #expect(throws: ForecastError.self) { try LognormalTotals(fitting: []) }
    #expect(throws: ForecastError.self) { try LognormalTotals(fitting: single, sigma: 9) }
    #expect(throws: ForecastError.self) {
      try LognormalTotals(fitting: [.init(unit: "a", count: 1, total: .nan)])
    }
    #expect(throws: ForecastError.self) { try LognormalSum(sigma: .nan) }
    var law = try LognormalSum(sigma: 1)
    #expect(throws: ForecastError.self) { try law.logDensity(count: 0, at: 1) }
  }

  @Test func provincesOfThePanel() throws {
    let rows = try ProvinceSample().rows
    let observations = rows.map { row in
      LognormalTotals.Observation(
        unit: row.province, count: Int(row.values["fdi_count"] ?? 0), total: row.values["fdi_new"] ?? 0)
    }
    let fit = try LognormalTotals(fitting: observations)
    let own = fit.location(of: "thanh-hoa")
    #expect(fit.sigma > 1 && fit.sigma < 3 && fit.sigmaStandardError < 0.1)
    #expect(own.standardError < fit.betweenDeviation && own.observationCount == 9)
  }
}
