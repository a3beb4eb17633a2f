import Forecast
import NumericKernels
import ReferenceValues
import Testing

@Suite struct RollingOriginTests {
  static let series = ModelsPropertyTests.samples[1]

  @Test func anyModelAndItsFigures() throws {
    let series: [Double] = [1, 2, 4, 7, 11, 8]
    let record = try RollingOrigin.record(of: series, horizon: 2, firstOrigin: 3) { past throws(ForecastError) in
      try SeasonalNaive(fitting: past, seasonalPeriod: 2)
    }
    #expect(record.origins == [3, 4, 5] && record.failures.isEmpty)
    #expect(record.errors[0] == [5, 7] && record.errors[1] == [7, 1] && record.errors[2][0] == 1)
    // First origin: one difference of 3, so deviations 3, 3: 5 / 3 and 7 / 3.
    #expect(largestDistance(record.standardizedErrors[0], [5.0 / 3, 7.0 / 3]) < 1e-14)
    #expect(record.hits[0][0] == [false, false] && record.hits[1][0] == [true, false])
    #expect(record.hits[0][2][1] == nil)
    let crps = DistributionScores.gaussianCRPS(actual: 7, mean: 2, deviation: 3)
    #expect(relativeDistance(record.scores[0][0], crps) < 1e-14 && record.scores[2][1].isNaN)
    #expect(relativeDistance(record.transforms[0][0], StandardNormal.cumulative(5.0 / 3)) < 1e-13)
    let steps = record.steps
    #expect(steps.map(\.step) == [1, 2] && steps.map(\.count) == [3, 2])
    #expect(relativeDistance(steps[0].meanError, 13.0 / 3) < 1e-15 && steps[1].meanAbsoluteError == 4)
    #expect(relativeDistance(steps[0].rootMeanSquaredError, (75.0 / 3).squareRoot()) < 1e-15)
    #expect(steps[1].coverage == [0.5, 0.5])
    #expect(relativeDistance(steps[1].meanScore, (record.scores[0][1] + record.scores[1][1]) / 2) < 1e-15)
  }

  /// A window is the same as a series that begins there.
  @Test func slidingWindow() throws {
    let fit: @Sendable ([Double]) throws(ForecastError) -> any ForecastModel = { past throws(ForecastError) in
      try MeanModel(fitting: past)
    }
    let record = try RollingOrigin.record(of: Self.series, horizon: 2, firstOrigin: 6, stride: 3, window: 4, fit: fit)
    #expect(record.origins == [6, 9, 12])
    for (i, origin) in record.origins.enumerated() {
      let window = Array(Self.series[origin - 4..<origin])
      #expect(record.errors[i][0] == Self.series[origin] - (try MeanModel(fitting: window).mean))
    }
    let wide = try RollingOrigin.record(of: Self.series, horizon: 2, firstOrigin: 6, stride: 3, window: 99, fit: fit)
    let whole = try RollingOrigin.record(of: Self.series, horizon: 2, firstOrigin: 6, stride: 3, fit: fit)
    #expect(wide.errors.dropLast() == whole.errors.dropLast() && wide.errors[0] != record.errors[0])
    let none = try RollingOrigin.record(of: Self.series, horizon: 1, firstOrigin: 6, window: 1, fit: fit)
    #expect(none.origins.isEmpty && none.failures.count == 9 && none.steps[0].meanAbsoluteError.isNaN)
    let far = try RollingOrigin.record(of: Self.series, horizon: 1, firstOrigin: 6, stride: .max, fit: fit)
    #expect(far.origins == [6])
  }

  /// On its own process a model is calibrated: coverage at its level and uniform transforms.
  @Test func calibratedOnItsOwnProcess() throws {
    let stream = RandomStream(seed: 11, id: "rolling", purpose: .innovation)
    var walk = [Double](repeating: 0, count: 1200)
    for t in 1..<walk.count { walk[t] = walk[t - 1] + stream.normal(item: 1, draw: t) }
    let record = try RollingOrigin.errors(of: RandomWalk.self, on: walk, horizon: 2, firstOrigin: 200)
    let steps = record.steps
    #expect(abs(steps[0].coverage[0] - 0.8) < 0.04 && abs(steps[0].coverage[1] - 0.95) < 0.02)
    // The expected score of the true Gaussian is sigma / sqrt(pi).
    #expect(abs(steps[0].meanScore - 0.5641895835477563) < 0.04)
    let test = try #require(PITHistogram(record.transforms.map { $0[0] }).uniformity)
    #expect(test.pValue > 0.01)
    let narrow = PITHistogram(record.standardizedErrors.map { StandardNormal.cumulative(2 * $0[0]) })
    #expect(try #require(narrow.uniformity).pValue < 1e-6)
  }
}
