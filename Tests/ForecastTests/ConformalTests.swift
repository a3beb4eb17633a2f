import Forecast
import NumericKernels
import ReferenceValues
import Testing

@Suite struct ConformalTests {
  private func bounds(_ outcome: ConformalIntervals.Outcome) -> ConformalIntervals.Bounds? {
    if case .interval(let bounds) = outcome { return bounds }
    return nil
  }

  private func draws(_ count: Int, item: Int) -> [Double] {
    let stream = RandomStream(seed: 4, id: "conformal", purpose: .innovation)
    return (0..<count).map { stream.normal(item: item, draw: $0) }
  }

  @Test func ranksByHand() throws {
    // Nine scores at 80%: ranks 1 and 9 of 10 parts are the smallest and the largest.
    let conformal = ConformalIntervals(own: [[-4, 2, 3, 0, 1, .nan, -1, 6, -2, 1.5]])
    let found = try #require(bounds(conformal.interval(mean: [10], scale: 2, level: 0.8)))
    #expect(found.lower == [2] && found.upper == [22] && found.ownScores == [9] && found.poolScores == [0])
    #expect(
      conformal.interval(mean: [10], scale: 2, level: 0.95)
        == .notTestable(.tooFewScores(step: 1, needed: 39, found: 9)))
    #expect([0.5, 0.8, 0.9, 0.95, 0.99].map { ConformalIntervals.requiredScores(level: $0) } == [3, 9, 19, 39, 199])
    #expect(conformal.interval(mean: [10], scale: 2, level: 1) == .notTestable(.badLevel))
    #expect(conformal.interval(mean: [.nan], scale: 2, level: 0.8) == .notTestable(.nonFinite(step: 1)))
    #expect(conformal.interval(mean: [1], scale: -1, level: 0.8) == .notTestable(.nonFinite(step: 1)))
    #expect(conformal.interval(mean: [1e308], scale: 1e308, level: 0.8) == .notTestable(.nonFinite(step: 1)))
    #expect(
      conformal.interval(mean: [1, 2], scale: 1, level: 0.8)
        == .notTestable(.tooFewScores(step: 2, needed: 9, found: 0)))
    let broken = ConformalIntervals(own: [[Double](repeating: .infinity, count: 20)])
    #expect(broken.interval(mean: [1], scale: 1, level: 0.8) == .notTestable(.nonFinite(step: 1)))
    #expect("\(ConformalIntervals.Reason.tooFewScores(step: 2, needed: 39, found: 9))".contains("39"))
  }

  /// The share of new exchangeable scores inside is the level, not more than 2 / (n + 1) above it, for a skewed law too.
  @Test func coverageOfExchangeableScores() throws {
    for (count, level) in [(9, 0.8), (39, 0.95), (60, 0.8)] {
      var inside = 0
      let trials = 3000
      for trial in 0..<trials {
        let all = draws(count + 1, item: trial).map { VectorMath.exp($0) - 1 }
        let conformal = ConformalIntervals(own: [Array(all.dropLast())])
        let found = try #require(bounds(conformal.interval(mean: [0], scale: 1, level: level)))
        if all[count] >= found.lower[0] && all[count] <= found.upper[0] { inside += 1 }
      }
      let share = Double(inside) / Double(trials)
      #expect(abs(share - level) < 0.02, "\(count) \(level) \(share)")
    }
  }

  @Test func neverCrossedAndMonotone() throws {
    for trial in 0..<200 {
      let bias = Double(trial % 7) - 3
      let own = (0..<6).map { h in draws(12 + trial % 5, item: 100 * trial + h).map { $0 * (1 + Double(h % 3)) + bias }
      }
      let mean = draws(6, item: trial)
      let found = try #require(bounds(ConformalIntervals(own: own).interval(mean: mean, scale: 3, level: 0.8)))
      for h in 0..<6 { #expect(found.lower[h] <= mean[h] && mean[h] <= found.upper[h]) }
      for h in 1..<6 {
        #expect(found.upper[h] - mean[h] >= found.upper[h - 1] - mean[h - 1] - 1e-12)
        #expect(mean[h] - found.lower[h] >= mean[h - 1] - found.lower[h - 1] - 1e-12)
      }
    }
  }

  /// A short series leans on the pool, a long one on itself.
  @Test func shrinkageToThePool() throws {
    let scores = [draws(2000, item: 1)]
    let pool = ConformalPool([scores])
    let wide = draws(400, item: 2).map { 5 * $0 }
    func upper(_ count: Int, strength: Double = 30) throws -> Double {
      let conformal = ConformalIntervals(own: [Array(wide.prefix(count))], pool: pool, strength: strength)
      return try #require(bounds(conformal.interval(mean: [0], scale: 1, level: 0.8))).upper[0]
    }
    let alone = try #require(bounds(ConformalIntervals(own: scores).interval(mean: [0], scale: 1, level: 0.8))).upper[0]
    #expect(try upper(0) == alone && abs(alone - 1.2816) < 0.1)
    let own = try #require(bounds(ConformalIntervals(own: [wide]).interval(mean: [0], scale: 1, level: 0.8))).upper[0]
    #expect(relativeDistance(try upper(400), (400 * own + 30 * alone) / 430) < 1e-12)
    #expect(try upper(400, strength: 0) == own)
    #expect(try upper(10) > alone && upper(10) < own)
  }

  @Test func scoresOfRecords() throws {
    let record = try RollingOrigin.errors(of: RandomWalk.self, on: [1, 2, 4, 7, 11], horizon: 2, firstOrigin: 2)
    #expect(ConformalIntervals.scores(of: record, scale: 2) == [[1, 1.5, 2], [2.5, 3.5]])
    #expect(ConformalIntervals.standardizedScores(of: record)[0].count == 3)
    #expect(ConformalPool([[[2, 1], [3]], [[4, .nan]], []]).steps == [[1, 2, 4], [3]])
    // Series in other units, scaled by themselves, give the same scores.
    let other = try RollingOrigin.errors(
      of: RandomWalk.self, on: [1, 2, 4, 7, 11].map { $0 * 1e6 }, horizon: 2, firstOrigin: 2)
    #expect(ConformalIntervals.scores(of: other, scale: 2e6) == ConformalIntervals.scores(of: record, scale: 2))
  }

  @Test func isotonicRegression() {
    #expect(IsotonicRegression.fit([1, 3, 2, 4]) == [1, 2.5, 2.5, 4])
    #expect(IsotonicRegression.fit([3, 2, 1]) == [2, 2, 2])
    #expect(IsotonicRegression.fit([4, 1], weights: [1, 3]) == [1.75, 1.75])
    #expect(IsotonicRegression.fit([]) == [] && IsotonicRegression.fit([5]) == [5])
    #expect(IsotonicRegression.fit([1, 2, 2, 7]) == [1, 2, 2, 7])
  }

  // Bootstrap.

  @Test func bootstrappedPathsHaveTheModelsMoments() throws {
    let stream = RandomStream(seed: 2, id: "bootstrap", purpose: .model)
    let model = try RandomWalkWithDrift(fitting: ModelsPropertyTests.samples[1])
    let paths = try BootstrapPaths.paths(of: model, horizon: 4, paths: 20_000, stream: stream)
    let forecast = try model.forecast(horizon: 4)
    for h in 0..<4 {
      let values = Array(paths.step(h))
      #expect(abs(Reductions.mean(values) - forecast.mean[h]) < 0.03 * forecast.deviations[h])
      #expect(relativeDistance(Reductions.standardDeviation(values), forecast.deviations[h]) < 0.03)
    }
    #expect(paths == (try BootstrapPaths.paths(of: model, horizon: 4, paths: 20_000, stream: stream)))
  }

  /// Without parameter error the shocks are residuals, and taking them in one by one is the same as the linear form.
  @Test func refittedPathsAreTheLinearOnes() throws {
    let stream = RandomStream(seed: 2, id: "bootstrap", purpose: .model)
    let series = ModelsPropertyTests.samples[2]
    func expectAgreement(_ model: some LinearForecastModel, _ tolerance: Double) throws {
      var linear = try model.linearForecast(horizon: 4)
      let usable = model.residuals.filter { !$0.isNaN }
      let mean = Reductions.mean(usable)
      let deviation = (usable.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(usable.count)).squareRoot()
      let sigma = linear.shockResponses[0]
      linear.shockResponses = linear.shockResponses.map { $0 / sigma * deviation }
      linear.parameterDeviations = [0, 0, 0, 0]
      let a = try BootstrapPaths.paths(of: linear, residuals: model.residuals, paths: 40, stream: stream)
      let b = try BootstrapPaths.refittedPaths(of: model, series: series, horizon: 4, paths: 40, stream: stream)
      #expect(largestDistance(b.values, a.values, floor: 1) < tolerance, "\(model.name)")
    }
    try expectAgreement(try RandomWalkWithDrift(fitting: series), 1e-12)
    // A refit of the smoothing solves for its first level again, which 22 steps later hardly matters.
    try expectAgreement(try SimpleExponentialSmoothing(fitting: series, smoothingLevel: 0.4, initialLevel: 4), 1e-4)
    let seasonal = try SeasonalNaive(fitting: series, seasonalPeriod: 4)
    let paths = try BootstrapPaths.refittedPaths(of: seasonal, series: series, horizon: 6, paths: 5, stream: stream)
    #expect(paths.values.allSatisfy { $0.isFinite })
  }

  @Test func bootstrapAtItsEdges() throws {
    let stream = RandomStream(seed: 2, id: "bootstrap", purpose: .model)
    let flat = try RandomWalk(fitting: [3, 3, 3, 3])
    #expect(
      try BootstrapPaths.paths(of: flat, horizon: 2, paths: 4, stream: stream).values
        == [Double](repeating: 3, count: 8))
    let short = try RandomWalk(fitting: [3, 4])
    #expect(throws: ForecastError.tooFewObservations(model: RandomWalk.name, needed: 2, found: 1)) {
      try BootstrapPaths.paths(of: short, horizon: 2, paths: 4, stream: stream)
    }
    let huge = try RandomWalk(fitting: [1e300, -1e300, 5e299, 0])
    #expect(try BootstrapPaths.paths(of: huge, horizon: 3, paths: 50, stream: stream).values.allSatisfy(\.isFinite))
    #expect(throws: ForecastError.badHorizon(0)) {
      try BootstrapPaths.refittedPaths(of: flat, series: [3, 3, 3, 3], horizon: 0, paths: 1, stream: stream)
    }
  }
}
